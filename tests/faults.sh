#!/usr/bin/env bash
# faults.sh - everything that can go wrong from outside, at more places than `make check` has time for: hostile.sh with calls of
# GLPK, limits of memory and work, refused blocks, full disks and signals without gaps, on worlds of other seeds; a Redis and daemons
# that die, hang and come back, at any command, again and again. `make faults` (HACKING.md).
#
#   FAULTS_WORLDS  how many worlds, and rounds of Redis's failures (3)
#   FAULTS_SEED    of the first (drawn from the clock); it is printed, and brings the same ones again
set -u
top=${top_srcdir:-$(cd "$(dirname "$0")/.." && pwd)}
build=${top_builddir:-$top/build}
worlds=${FAULTS_WORLDS:-3}
seed=${FAULTS_SEED:-$(($(date +%s) % 1000000))}
export top_srcdir=$top top_builddir=$build ALMONER_FAULTS=1 ALMONER_SEED
passed=0 failed=0
cd "$build" || exit 1

run() { # COMMAND...
    "$@" >faults.log 2>&1
    case $? in
    0 | 77) passed=$((passed + 1)) ;;
    *)
        failed=$((failed + 1))
        echo "FAIL: ALMONER_FAULTS=1 ALMONER_SEED=$ALMONER_SEED $*"
        grep -hvE 'passed$|^ *$|SKIP' faults.log | tail -n 30
        ;;
    esac
}

echo "faults: $worlds worlds; FAULTS_SEED=$seed makes the same ones again"
for ((n = 0; n < worlds; n++)); do
    ALMONER_SEED=$((seed + n))
    run "$top/tests/hostile.sh"
    run "$top/tests/refused.sh"
    run tests/test_store suite_redis_recovery
    run tests/test_daemon suite_daemon
    run tests/test_scheduler suite_writer
    run tests/test_scheduler suite_worker
    run tests/test_races "killed in the middle of accepts"
    run tests/test_races suite_each_command
    echo "  world $((n + 1)), seed $ALMONER_SEED: $passed passed, $failed failed so far"
done
echo "tests: $passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
