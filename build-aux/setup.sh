# shellcheck shell=bash disable=SC2034
# setup.sh - sourced by ./quickstart and ./check: gets what is missing from Debian's packages.
# Always holds afterwards: no service was started, and none that came with a package starts with the machine later.

export LC_ALL=C.UTF-8 # every Debian has it; messages, order and decimal points do not depend on who calls
export PATH=$PATH:/usr/sbin:/sbin # where update-rc.d is; plain su does not bring it

BUILD_PACKAGES="autoconf automake make gcc libc6-dev pkg-config libglpk-dev libevent-dev libhiredis-dev
    libjansson-dev libsodium-dev libarchive-dev libbsd-dev redis-server"
QUICKSTART_PACKAGES="curl jq"
CHECK_PACKAGES="curl jq libcunit1-dev valgrind clang-format mandoc shellcheck"

say() {
    printf '== %s\n' "$*"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "installing packages needs root, or sudo; you are $(id -un), and there is no sudo" >&2
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
    trap 'release_services; exit 130' HUP INT TERM
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        HELD_SERVICES=1
        printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null
        as_root chmod 755 /usr/sbin/policy-rc.d
    fi
}

release_services() {
    [ -z "${HELD_SERVICES:-}" ] || as_root rm -f /usr/sbin/policy-rc.d
    HELD_SERVICES=
    trap - HUP INT TERM
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" >>"$SETUP_LOG" 2>&1
}

# apt_install PACKAGE...: with fresh lists; new services are held back now, and redis-server's at the next start of the machine
apt_install() {
    local status=0
    : >"$SETUP_LOG"
    hold_services
    { apt_get update && apt_get install -y --no-install-recommends "$@"; } || status=$?
    if [ $status -eq 0 ] && [[ " $* " == *" redis-server "* ]]; then
        as_root update-rc.d redis-server disable >>"$SETUP_LOG" 2>&1 || status=$?
    fi
    release_services
    return $status
}

install_packages() {
    local missing
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    if ! as_root true; then
        echo "these packages are missing: $missing" >&2
        return 1
    fi
    say "installing with apt: $missing(log: $SETUP_LOG)"
    # shellcheck disable=SC2086
    apt_install $missing && return 0
    tail -n 6 "$SETUP_LOG" >&2
    echo "apt could not install: $missing(is there a network, and a Debian 12 mirror in /etc/apt?)" >&2
    return 1
}

# Debian's fixed revisions of the two servers' libraries (libevent: nine security fixes).
require_revision() {
    local have
    have=$(dpkg-query -W -f '${Version}' "$1")
    dpkg --compare-versions "$have" lt "$2" || return 0
    say "upgrading $1 $have to at least $2"
    hold_services
    { apt_get update && apt_get install -y --no-install-recommends "$1"; } || true
    release_services
    have=$(dpkg-query -W -f '${Version}' "$1")
    dpkg --compare-versions "$have" lt "$2" || return 0
    echo "$1 is $have; Almoner wants $2 or later (security fixes); apt's log: $SETUP_LOG" >&2
    return 1
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
    local configure
    configure=$(realpath --relative-to="$build" "$source")/configure # absolute, a space in it would be refused
    if [ ! -x "$source/configure" ] || [ "$source/configure.ac" -nt "$source/configure" ]; then
        (cd "$source" && autoreconf -fi) >"$log" 2>&1 || { tail -n 20 "$log" >&2; return 1; }
    fi
    if ! (cd "$build" && { [ -f config.status ] || "$configure" -q "$@"; } &&
        make -s -j"$(nproc)") >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        echo "the build failed; all of it is in $log" >&2
        return 1
    fi
}
