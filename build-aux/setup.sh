# shellcheck shell=bash disable=SC2034
# setup.sh - sourced by ./quickstart and ./check: gets what is missing from Debian's packages.

BUILD_PACKAGES="autoconf automake make gcc libc6-dev pkg-config libglpk-dev libevent-dev libhiredis-dev
    libjansson-dev libsodium-dev libarchive-dev libbsd-dev redis-server"
QUICKSTART_PACKAGES="curl jq"
CHECK_PACKAGES="curl jq libcunit1-dev valgrind clang-format mandoc shellcheck git"

say() {
    printf '== %s\n' "$*"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "this needs root, or sudo, for: $*" >&2
        return 1
    fi
}

missing_packages() {
    local package
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Abbrev}\n' "$package" 2>/dev/null | grep -q '^ii' ||
            printf '%s ' "$package"
    done
}

# No package may start a service of its own here: redis-server is a program to us, not a service.
hold_services() {
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null
        as_root chmod 755 /usr/sbin/policy-rc.d
        HELD_SERVICES=1
    fi
}

release_services() {
    [ -z "${HELD_SERVICES:-}" ] || as_root rm -f /usr/sbin/policy-rc.d
    HELD_SERVICES=
}

install_packages() {
    local missing status=0
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    say "installing with apt: $missing"
    hold_services
    # shellcheck disable=SC2086
    { as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing; } \
        >"$SETUP_LOG" 2>&1 || status=$?
    release_services
    if [ $status -ne 0 ]; then
        tail -n 20 "$SETUP_LOG" >&2
        echo "apt could not install: $missing" >&2
    fi
    return $status
}

# Debian's fixed revisions of the two servers' libraries (libevent: nine security fixes).
require_revision() {
    local have
    have=$(dpkg-query -W -f '${Version}' "$1")
    if dpkg --compare-versions "$have" lt "$2"; then
        say "upgrading $1 $have to at least $2"
        hold_services
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$1" >"$SETUP_LOG" 2>&1 || true
        release_services
        have=$(dpkg-query -W -f '${Version}' "$1")
        if dpkg --compare-versions "$have" lt "$2"; then
            echo "$1 is $have; Almoner wants $2 or later (security fixes)" >&2
            return 1
        fi
    fi
}

require_revisions() {
    require_revision libevent-dev 2.1.12-stable-8+deb12u1 &&
        require_revision redis-server 5:7.0.15-1~deb12u10
}

# configure_and_build SOURCE BUILD LOG [configure option...]
configure_and_build() {
    local source=$1 build=$2 log=$3
    shift 3
    mkdir -p "$build"
    if [ ! -x "$source/configure" ] || [ "$source/configure.ac" -nt "$source/configure" ]; then
        (cd "$source" && autoreconf -fi) >"$log" 2>&1 || { tail -n 20 "$log" >&2; return 1; }
    fi
    if ! (cd "$build" && { [ -f config.status ] || "$source/configure" -q "$@"; } &&
        make -s -j"$(nproc)") >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        echo "the build failed; all of it is in $log" >&2
        return 1
    fi
}
