#!/usr/bin/env bash
# refused.sh - a daemon that is refused one block of memory, whichever: while it starts, takes in a home, beds and an applicant with
# personal data, runs a round and records an answer. It ends with words, or serves on, and never crashes (but where hiredis 0.14 does,
# which goes on with what it was refused: the buffer of a command, the note whose answer it is); nothing half done is in Redis: a
# daemon started after it takes the same requests again, with the same keys, and there is one application, offer and bed.
#
#   ALMONER_FAULTS=1  at far more blocks (faults.sh)
#   ALMONER_SEED      from which block on (0)
set -u
top=${top_srcdir:-$(cd "$(dirname "$0")/.." && pwd)}
build=${top_builddir:-$top/build}
passed=0 failed=0 bad=0 redis='' daemon=''
tmpdir=${TMPDIR:-/tmp}
[ ${#tmpdir} -le 60 ] || export TMPDIR=/tmp # a socket's path has 107 bytes
work=$(mktemp -d)
trap '[ -z "$daemon" ] || kill -KILL $daemon; [ -z "$redis" ] || kill $redis; wait; rm -rf "$work"' EXIT
ulimit -c 0
[ -x "$build/almonerd" ] || { echo "there is no $build/almonerd" >&2 && exit 99; }
if grep -q '^#define ALMONER_SANITIZED' "$build/config.h"; then
    echo "  SKIP: a sanitizer wants to be the first library"
    echo "tests: 0 passed, 0 failed, 1 skipped" && exit 77
fi

complain() { echo "FAIL: block $block: $*" && bad=1; }

prepare() {
    local cc
    cc=$(sed -n 's/^CC = //p' "$build/Makefile")
    # shellcheck disable=SC2086
    ${cc:-cc} -D_GNU_SOURCE -shared -fPIC -o "$work/malloc_fails.so" "$top/tests/malloc_fails.c" -ldl || exit 99
    admin=$("$build/almoner" token --role admin --tokens "$work/tokens.json" | tail -n 1)
    district=$("$build/almoner" token --role district --scope North --tokens "$work/tokens.json" | tail -n 1)
    echo '{"name":"p","version":1,"objectives":["need","travel"],"points":[{"name":"level","type":"table","field":"level","points":{"3":30}}]}' \
        >"$work/policy.json"
    redis-server --port 0 --unixsocket "$work/redis.sock" --dir "$work" --save '' --appendonly yes --appendfsync always \
        --maxmemory-policy noeviction >"$work/redis.log" 2>&1 &
    redis=$!
    until [ -S "$work/redis.sock" ]; do
        kill -0 $redis 2>/dev/null || { echo "redis-server does not start: $(tail -n 1 "$work/redis.log")" && exit 99; }
        sleep 0.02
    done
}

# Into $daemon and $url; 1 = it ended before it was ready, or was not in two minutes.
start() { # VARIABLE=VALUE...: of its environment
    local tries=0
    rm -f "$work/log" "$work/out"
    env "$@" "$build/almonerd" --redis "unix:$work/redis.sock" --region "r$block" --tokens "$work/tokens.json" --policy "$work/policy.json" \
        --listen 127.0.0.1:0 --data "$work/data-$block" >"$work/out" 2>"$work/log" &
    daemon=$!
    until grep -qs ' ready: ' "$work/log"; do
        kill -0 $daemon 2>/dev/null || return 1
        [ $((tries += 1)) -lt 6000 ] || { complain "neither ready nor ended: $(tail -n 1 "$work/log")" && kill -KILL $daemon && return 1; }
        sleep 0.02
    done
    url=$(sed -n 's/.*\(http:[0-9.:/]*\).*/\1/p' "$work/out")
}

# Its exit code: in order, or with words.
end() {
    local code
    kill -TERM $daemon 2>/dev/null
    wait $daemon
    code=$?
    daemon=''
    case $code in
    0) ;;
    1 | 4) grep -qi memory "$work/log" || complain "no words: $(tail -n 1 "$work/log")" ;;
    134 | 139) grep -qs libhiredis "$work/whose" || complain "it crashed ($code): $(tail -n 1 "$work/log")" ;;
    *) complain "it ended with $code: $(tail -n 1 "$work/log")" ;;
    esac
    return $code
}

ask() { # TOKEN METHOD PATH [HEADER [BODY]]: the status; the answer is in $work/body
    curl -s --max-time 60 -o "$work/body" -w '%{http_code}\n' -X "$2" -H "Authorization: Bearer $1" ${4:+-H "$4"} \
        -H 'Content-Type: application/json' ${5:+-d "$5"} "$url$3"
}

# The life of one offer; statuses into $said. Each part is done once, however often it is asked for.
live() { # KEY: of the round
    local offer='' tries
    : >"$work/body"
    said=$(
        ask "$admin" PUT /v1/institutions/H1 'If-None-Match: *' '{"name":"H","lat":25,"lon":121.5}'
        ask "$admin" PUT /v1/pools/P1 'If-None-Match: *' '{"institution_id":"H1","kind":"nursing","beds_usable":2,"beds_occupied":0}'
        ask "$district" POST /v1/applicants 'Idempotency-Key: person' '{"applicant_id":"A1","applied_at":"2025-01-01","lat":25,
            "lon":121.5,"level":3,"kinds":["nursing"],"district":"North","person":{"name":"Demo Person"}}'
        ask "$admin" POST /v1/rounds "Idempotency-Key: round-$1" '{}'
    )
    for ((tries = 0; tries < 200 && ${#offer} == 0; tries++)); do
        [ "$(ask "$admin" GET '/v1/offers?applicant=A1')" = 200 ] || return
        offer=$(jq -r '.items[0].offer_id // empty' "$work/body")
        ! grep -q ' failed: ' "$work/log" || return
        [ -n "$offer" ] || sleep 0.05
    done
    said="$said $(ask "$district" POST "/v1/offers/$offer:accept" 'Idempotency-Key: answer' '{}')"
}

see() { # PATH JQ WANTED
    ask "$admin" GET "$1" >/dev/null
    [ "$(jq -c "$2" "$work/body")" = "$3" ] || complain "after it: $1 $2 is $(jq -c "$2" "$work/body"), not $3"
}

refuse() { # BLOCK; 1 = there are not so many
    local code=0
    block=$1 bad=0
    if start LD_PRELOAD="$work/malloc_fails.so" MALLOC_FAILS_AT="$block" MALLOC_FAILS_COUNT="$work/count" \
        MALLOC_FAILS_WHOSE="$work/whose"; then live first; fi
    end || code=$?
    rm -f "$work/whose"
    if start -u LD_PRELOAD; then live again; else complain "no daemon can be started after it"; fi
    see /v1/pools/P1 '[.beds_committed,.beds_accepted]' '[1,1]'
    see /v1/applicants/A1 .state '"accepted"'
    see '/v1/offers?applicant=A1' '[.items[].state]' '["accepted"]'
    end
    if [ "$bad" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
    [ $code -ne 0 ] || [ "$(cat "$work/count")" -ge "$block" ]
}

prepare
# of some 6,000 blocks the first 1,400 are the start's
step=${ALMONER_FAULTS:+97}
for ((at = 400 + ${ALMONER_SEED:-0} % 97; at < 8000; at += ${step:-1250})); do
    refuse $at || break
done
echo "tests: $passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
