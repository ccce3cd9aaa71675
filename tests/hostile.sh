#!/usr/bin/env bash
# hostile.sh - what a machine can do to a round: GLPK fails at any call, or aborts; memory runs out at any moment, or any one block is
# refused, or work runs out; the disk is full when the plan is written; a signal ends it. There is a plan that verify accepts, or a sentence and no plan;
# what is called optimal is.
#
#   ALMONER_FAULTS=1  at far more places (faults.sh)
#   ALMONER_SEED      of the worlds (0)
set -u
top=${top_srcdir:-$(cd "$(dirname "$0")/.." && pwd)}
build=${top_builddir:-$top/build}
almoner=$build/almoner
passed=0 failed=0 skipped=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
now=2025-03-01
ulimit -c 0
[ -x "$almoner" ] || { echo "there is no $almoner" >&2 && exit 99; }

complain() { echo "FAIL: $job: $*" && bad=1; }

draw() { # NAME APPLICANTS POOLS MORE...
    local more=()
    mkdir -p "$work/$1"
    for option in "${@:4}"; do more+=(-v "$option"); done
    awk -v out="$work/$1" -v "seed=${ALMONER_SEED:-0}" -v "applicants=$2" -v "pools=$3" -v beds=500 -v layout=spread "${more[@]}" -f "$top/tests/bench/draw.awk"
}

solve() { # WORLD NAME [WORK]: leaves NAME.json, .proof, .out, .err, .code
    LD_PRELOAD='' rm -f "$work/$2".*
    (exec "$almoner" solve --world "$work/$1" --now $now --no-stats --work-limit "${3:-20000}" --out "$work/$2.json" \
        --certificate "$work/$2.proof" >"$work/$2.out" 2>"$work/$2.err")
    echo $? >"$work/$2.code"
}

values() { sed -n 's/.*{"name": "\([a-z]*\)", "value": \(-\{0,1\}[0-9]*\), "bound": .*/\1 \2/p' "$1"; }

# A plan that holds, and is the best where it says so; or none, and words.
judge() { # WORLD NAME
    local code
    code=$(cat "$work/$2.code")
    case $code in
    0 | 3)
        "$almoner" verify --world "$work/$1" --plan "$work/$2.json" --certificate "$work/$2.proof" >"$work/verdict" 2>&1 ||
            complain "refused: $(tail -n 1 "$work/verdict")"
        [ "$code" -eq 3 ] || [ "$(values "$work/$2.json")" = "$(values "$work/$1.json")" ] || complain "not the best, but optimal it says"
        ;;
    1)
        grep -q . "$work/$2.err" || complain "no words"
        [ ! -e "$work/$2.json" ] || complain "a plan of a failed round"
        [ ! -s "$work/$2.out" ] || complain "on standard output: $(head -n 1 "$work/$2.out")"
        ;;
    *) complain "exit code $code: $(head -n 1 "$work/$2.err")" ;;
    esac
}

finish() {
    if [ "$bad" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

skip() {
    echo "  SKIP: $1"
    skipped=$((skipped + 1))
}

# -- GLPK fails --

# glpk_fails goes before libglpk, so GLPK has to be a library of its own.
shim() { # glpk_fails|malloc_fails
    local cc
    cc=$(sed -n 's/^CC = //p' "$build/Makefile")
    # shellcheck disable=SC2086
    ${cc:-cc} -D_GNU_SOURCE -shared -fPIC -o "$work/$1.so" "$top/tests/$1.c" -ldl 2>"$work/cc.log"
}

# Calls of FUNCTION in an undisturbed solve; nothing when there is none.
calls_of() { # WORLD FUNCTION
    : >"$work/count"
    LD_PRELOAD=$work/glpk_fails.so GLPK_FAILS_IN=$2 GLPK_FAILS_COUNT=$work/count solve "$1" failed
    wc -c <"$work/count"
}

# Numbers from 1 on: some, or each up to a hundred and then ever fewer.
places() { # LAST
    local at=1
    if [ -z "${ALMONER_FAULTS:-}" ]; then
        echo 1 2 3 4 5 6 8 11 15 20 30 50
        return
    fi
    while [ $at -le "$1" ]; do
        echo $at
        at=$((at < 100 ? at + 1 : at + at / 20))
    done
}

fail_in() { # WORLD FUNCTION: at the first calls and some later ones
    local at
    for at in $(places "$([ -z "${ALMONER_FAULTS:-}" ] || calls_of "$1" "$2")"); do
        job="$1: $2 fails at call $at"
        LD_PRELOAD=$work/glpk_fails.so GLPK_FAILS_IN=$2 GLPK_FAILS_AT=$at solve "$1" failed
        judge "$1" failed
        # what solves can do without the rest; what builds cannot
        case $2 in
        glp_simplex | glp_intopt)
            [ "$(cat "$work/failed.code")" != 1 ] || complain "no plan: $(head -n 1 "$work/failed.err")"
            ;;
        esac
        # a network needs no GLPK: the same plan, whose engine says who proved it
        [ "$1" != network ] || [ "$(cat "$work/failed.code")" -eq 1 ] ||
            diff <(grep -v '"engine"' "$work/network.json") <(grep -v '"engine"' "$work/failed.json") >"$work/diff" ||
            complain "another plan"
    done
}

abort_in() { # WORLD FUNCTION: nothing can be saved, and nothing is left behind
    job="$1: abort() in $2"
    LD_PRELOAD=$work/glpk_fails.so GLPK_FAILS_HOW=abort GLPK_FAILS_IN=$2 GLPK_FAILS_AT=1 solve "$1" failed 2>/dev/null
    [ "$(cat "$work/failed.code")" -eq 134 ] || complain "it was to abort, and ended with $(cat "$work/failed.code")"
    [ ! -e "$work/failed.json" ] || complain "a plan of an aborted round"
}

test_glpk() {
    local world function
    bad=0
    for world in network coupled rooms; do
        for function in glp_simplex glp_intopt glp_add_cols \
            ${ALMONER_FAULTS:+glp_add_rows glp_create_prob glp_set_mat_col glp_set_mat_row glp_btran}; do
            fail_in $world "$function"
        done
        abort_in $world glp_simplex
    done
    finish
}

# -- memory runs out --

limited() { # WORLD KB
    job="$1 in $2 KB"
    (ulimit -v "$2" && solve "$1" little)
    # before the program begins the loader has words of its own
    [ "$(cat "$work/little.code")" -ne 127 ] || return 1
    judge "$1" little
}

# From what it takes to start the program in steps of half a megabyte to what it takes to end it.
test_memory() { # WORLD
    local kb=8000 least=0
    bad=0
    while [ $kb -lt 400000 ]; do
        if limited "$1" $kb; then
            [ $least -ne 0 ] || least=$kb
            [ "$(cat "$work/little.code")" -eq 1 ] || [ $kb -lt $((least + 6000)) ] || break
            kb=$((kb + ${ALMONER_FAULTS:+-436} + 500))
        else
            kb=$((kb + 2000))
        fi
    done
    [ $least -ne 0 ] || complain "it never began"
    finish
}

# -- a block is refused --

# Of a check of the plan.
refused_verify() { # WORLD BLOCK
    job="$1: block $2 of a check is refused"
    LD_PRELOAD=$work/malloc_fails.so MALLOC_FAILS_AT=$2 "$almoner" verify --world "$work/$1" --plan "$work/$1.json" \
        --certificate "$work/$1.proof" >"$work/verdict" 2>"$work/verdict.err"
    case $? in
    0) ;;
    1) grep -q 'out of memory' "$work/verdict.err" || complain "refused: $(head -n 1 "$work/verdict.err")" ;;
    *) complain "it ended with $?: $(head -n 1 "$work/verdict.err")" ;;
    esac
}

# A result that is good, or words; never a crash, never an input that is called wrong.
test_blocks() { # WORLD
    local at last
    bad=0
    : >"$work/count"
    LD_PRELOAD=$work/malloc_fails.so MALLOC_FAILS_COUNT=$work/count solve "$1" refused
    last=$(cat "$work/count")
    for ((at = 1; at <= last; at += last / ${ALMONER_FAULTS:+10}60 + 1)); do
        job="$1: block $at of $last is refused"
        LD_PRELOAD=$work/malloc_fails.so MALLOC_FAILS_AT=$at solve "$1" refused
        # words beside a whole plan: it failed at the very end
        { [ "$(cat "$work/refused.code")" -eq 1 ] && cmp -s "$work/refused.json" "$work/$1.json"; } || judge "$1" refused
        refused_verify "$1" $at
    done
    finish
}

# Of those that reading a tar takes, all: libarchive has its own.
test_tar_blocks() { # WORLD
    local at
    bad=0
    tar -czf "$work/$1.tar" -C "$work/$1" .
    for ((at = 1; at <= 80; at++)); do
        job="$1.tar: block $at is refused"
        LD_PRELOAD=$work/malloc_fails.so MALLOC_FAILS_AT=$at "$almoner" solve --world "$work/$1.tar" --now $now --no-stats --out "$work/tar.json" \
            2>"$work/tar.err"
        case $? in
        0) cmp -s "$work/tar.json" "$work/$1.json" || complain "another plan" ;;
        1) grep -qi memory "$work/tar.err" || complain "refused: $(head -n 1 "$work/tar.err")" ;;
        *) complain "it ended with $?: $(head -n 1 "$work/tar.err")" ;;
        esac
    done
    finish
}

# -- work runs out --

# The same limit, the same plan; never worse words than those of a plan.
test_work() { # WORLD
    local limit
    bad=0
    for limit in $(places 20000); do
        job="$1: $limit units of work"
        solve "$1" short "$limit"
        judge "$1" short
        [ "$(cat "$work/short.code")" -ne 1 ] || complain "no plan: $(head -n 1 "$work/short.err")"
    done
    finish
}

# -- the disk is full --

# A file that cannot be written whole is not there, and neither is what stood in its place damaged.
full_at() { # WORLD BLOCKS: of 1,024 bytes that a file may have
    job="$1: files of $2 KB at most"
    rm -f "$work"/full.*
    echo old >"$work/full.json"
    (
        trap '' XFSZ
        ulimit -f "$2"
        exec "$almoner" solve --world "$work/$1" --now $now --no-stats --work-limit 20000 --out "$work/full.json" \
            --certificate "$work/full.proof" >"$work/full.out" 2>"$work/full.err"
    )
    case $? in
    0)
        cmp -s "$work/full.json" "$work/$1.json" || complain "another plan"
        cmp -s "$work/full.proof" "$work/$1.proof" || complain "another certificate"
        ;;
    *)
        grep -q . "$work/full.err" || [ "$2" -eq 0 ] || complain "no words"
        [ "$(cat "$work/full.json")" = old ] || cmp -s "$work/full.json" "$work/$1.json" || complain "half a plan"
        [ ! -e "$work/full.proof" ] || cmp -s "$work/full.proof" "$work/$1.proof" || complain "half a certificate"
        ;;
    esac
}

test_disk() { # WORLD
    local kb last
    bad=0
    last=$(($(cat "$work/$1.json" "$work/$1.proof" | wc -c) / 1024 + 2))
    for ((kb = 0; kb <= last; kb += ${ALMONER_FAULTS:+-6} + 7)); do full_at "$1" $kb; done
    job="$1: a device that is full"
    "$almoner" solve --world "$work/$1" --now $now --out /dev/full >"$work/full.out" 2>"$work/full.err"
    [ $? -eq 4 ] || complain "it was to fail"
    grep -q 'No space left' "$work/full.err" || complain "no words: $(head -n 1 "$work/full.err")"
    finish
}

# -- signals --

# Whatever ends it, whenever: a whole plan or none. By timeout: a child of this shell that a signal meets before it has become
# almoner runs this shell's EXIT trap, which takes $work away, and one in the background would ignore SIGINT.
signal_at() { # WORLD SIGNAL MILLISECONDS
    job="$1: SIG$2 after $3 ms"
    rm -f "$work"/ended.*
    (timeout -s "$2" "$(printf '0.%03d' "$3")" "$almoner" solve --world "$work/$1" --now $now --no-stats --work-limit 20000 \
        --out "$work/ended.json" --certificate "$work/ended.proof"; true) >/dev/null 2>&1
    [ ! -e "$work/ended.json" ] || cmp -s "$work/ended.json" "$work/$1.json" || complain "half a plan"
    [ ! -e "$work/ended.proof" ] || cmp -s "$work/ended.proof" "$work/$1.proof" || complain "half a certificate"
}

test_signals() { # WORLD
    local ms signal
    bad=0
    for ((ms = 1; ms <= 121; ms += ${ALMONER_FAULTS:+-28} + 30)); do
        for signal in TERM INT KILL; do signal_at "$1" $signal $ms; done
    done
    finish
}

# -- all --

draw network 300 30 'objectives=need;travel' transfers=10
draw coupled 80 10 'objectives=need;travel' households=20 staff=50 rooms=30
draw rooms 60 8 'objectives=need;travel' rooms=60
for world in network coupled rooms; do
    solve $world $world
    job=$world bad=0
    judge $world $world
    finish
done
if grep -q '^#define ALMONER_SANITIZED' "$build/config.h"; then
    skip "a sanitizer wants to be the first library, and all of the address space"
else
    if shim glpk_fails; then test_glpk; else skip "no shim before GLPK: $(head -n 1 "$work/cc.log")"; fi
    if shim malloc_fails; then
        for world in network coupled; do test_blocks $world; done
        test_tar_blocks network
    else
        skip "no shim before the C library: $(head -n 1 "$work/cc.log")"
    fi
    test_memory network
    test_memory coupled
fi
for world in network coupled; do
    test_work $world
    test_disk $world
    test_signals $world
done
echo "tests: $passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
