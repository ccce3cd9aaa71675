#!/usr/bin/env bash
# soak.sh - the tests again and again, each time on other worlds, lives and races: agreement with brute force and peers, random
# lives of the use cases, stores and daemons on a real Redis, the fuzzers where they are built. `make soak` (HACKING.md).
#
#   SOAK_MINUTES  ends after the round of programs in which they are over (30)
#   SOAK_SEED     of the first round (drawn from the clock); it is printed, and brings the same rounds again
#   SOAK_RACES    tries for the last bed in each round (3,000)
#   SOAK_STREAM   batches of random requests in each round (40)
set -u
top=${top_srcdir:-$(cd "$(dirname "$0")/.." && pwd)}
build=${top_builddir:-$top/build}
minutes=${SOAK_MINUTES:-30}
seed=${SOAK_SEED:-$(date +%s)}
export top_srcdir=$top top_builddir=$build ALMONER_RACES=${SOAK_RACES:-3000} ALMONER_STREAM=${SOAK_STREAM:-40} ALMONER_SEED
logs=$build/soak
passed=0 failed=0
mkdir -p "$logs" || exit 1
cd "$build" || exit 1

# The log of what failed is kept; to see it again: ALMONER_SEED=... PROGRAM [SUITE]
run() { # PROGRAM [SUITE...]
    local log=$logs/$ALMONER_SEED-${1##*/}-${2:-all}.log code
    [ -x "$1" ] || { echo "there is no $build/$1" >&2 && failed=$((failed + 1)) && return; }
    "$@" >"$log" 2>&1
    code=$?
    case $code in
    0 | 77) passed=$((passed + 1)) && rm -f "$log" ;;
    *)
        failed=$((failed + 1))
        echo "FAIL ($code): ALMONER_SEED=$ALMONER_SEED $* ; see $log"
        grep -hE 'FAILED|^ +[0-9]+\. |seed [0-9]+:|ERROR: |runtime error' "$log" | head -n 10
        ;;
    esac
}

# Finds go to soak/, and what was new to the program to soak/corpus-NAME/, from where the next one begins.
fuzz() {
    local fuzzer name
    for fuzzer in tests/fuzz_*; do
        if [ ! -x "$fuzzer" ] || [ ! -f "$fuzzer" ]; then continue; fi
        name=${fuzzer##*/}
        mkdir -p "$logs/corpus-$name"
        run "$fuzzer" -max_total_time=30 -seed=$((ALMONER_SEED % 2147483647)) -artifact_prefix="$logs/$name-" "$logs/corpus-$name"
    done
}

echo "soak: $minutes minutes; SOAK_SEED=$seed makes the same rounds again"
rounds=0
while [ $SECONDS -lt $((minutes * 60)) ]; do
    ALMONER_SEED=$((seed + rounds * 100003))
    run tests/test_solver
    run tests/test_usecases
    run tests/test_store
    run tests/test_scheduler
    run tests/test_daemon
    run tests/test_races
    fuzz
    rounds=$((rounds + 1))
    echo "  round $rounds, seed $ALMONER_SEED: $passed passed, $failed failed so far"
done
echo "tests: $passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
