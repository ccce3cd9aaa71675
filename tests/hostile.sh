#!/usr/bin/env bash
# hostile.sh - what a machine can do to a round: GLPK fails at any call, or aborts; memory runs out at any moment. There
# is a plan that verify accepts, or a sentence and no plan; what is called optimal is.
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

complain() { echo "$job: $*" && bad=1; }

draw() { # NAME APPLICANTS POOLS MORE...
    local more=()
    mkdir -p "$work/$1"
    for option in "${@:4}"; do more+=(-v "$option"); done
    awk -v out="$work/$1" -v "applicants=$2" -v "pools=$3" -v beds=500 -v layout=spread "${more[@]}" -f "$top/tests/bench/draw.awk"
}

solve() { # WORLD NAME: leaves NAME.json, .proof, .out, .err, .code
    rm -f "$work/$2".*
    (exec "$almoner" solve --world "$work/$1" --now $now --no-stats --work-limit 20000 --out "$work/$2.json" \
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

# The shim goes before libglpk, so GLPK has to be a library of its own.
shim() {
    local cc
    cc=$(sed -n 's/^CC = //p' "$build/Makefile")
    # shellcheck disable=SC2086
    ${cc:-cc} -D_GNU_SOURCE -shared -fPIC -o "$work/glpk_fails.so" "$top/tests/glpk_fails.c" -ldl 2>"$work/cc.log"
}

fail_in() { # WORLD FUNCTION: at the first calls and some later ones
    local at
    for at in 1 2 3 4 5 6 8 11 15 20 30 50; do
        job="$1: $2 fails at call $at"
        LD_PRELOAD=$work/glpk_fails.so GLPK_FAILS_IN=$2 GLPK_FAILS_AT=$at solve "$1" failed
        judge "$1" failed
        [ "$2" = glp_add_cols ] || [ "$(cat "$work/failed.code")" != 1 ] || complain "no plan: $(head -n 1 "$work/failed.err")"
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
    local world
    bad=0
    for world in network coupled rooms; do
        fail_in $world glp_simplex
        fail_in $world glp_intopt
        fail_in $world glp_add_cols
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
            kb=$((kb + 500))
        else
            kb=$((kb + 2000))
        fi
    done
    [ $least -ne 0 ] || complain "it never began"
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
    if shim; then test_glpk; else skip "no shim before GLPK: $(head -n 1 "$work/cc.log")"; fi
    test_memory network
    test_memory coupled
fi
echo "tests: $passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
