#!/usr/bin/env bash
# main_job.sh - the main job of ./quickstart, small: on the shipped city and, where ../shared/data is there, on real homes of Taipei
# and of four US states, defects included. Looks at the summary's figures, and that nothing is left running. The jobs run
# side by side: mostly they wait for offers to lapse.
set -u
top=${top_srcdir:-$(cd "$(dirname "$0")/.." && pwd)}
build=${top_builddir:-$top/build}
data=$top/../shared/data
passed=0 failed=0 skipped=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

expect() { # NAME CONDITION...
    local name=$1
    shift
    "$@" || { echo "FAIL: $job: $name" && return 1; }
}

# The figures of the summary agree with each other and with the daemon's own.
check_summary() {
    local offers admitted sum left
    offers=$(wc -l <"$folder/offers-all.jsonl")
    admitted=$(wc -l <"$folder/admitted.jsonl")
    sum=$(jq -s '[.[0].total.beds_occupied, .[1].total.beds_occupied] | .[1] - .[0]' "$folder/occupancy-before.json" "$folder/occupancy-after.json")
    left=$(jq -s '.[0].waiting - .[1].waiting' "$folder/waiting-before.json" "$folder/waiting-after.json")
    expect "somebody moved in" [ "$admitted" -gt 0 ] &&
        expect "everybody who moved in occupies one bed more ($admitted, $sum)" [ "$admitted" -eq "$sum" ] &&
        expect "everybody who moved in waits no longer ($admitted, $left)" [ "$admitted" -eq "$left" ] &&
        expect "somebody declined" grep -q '"declined"' "$folder/offers-all.jsonl" &&
        expect "somebody let the offer lapse" grep -q '"lapsed"' "$folder/offers-all.jsonl" &&
        expect "offers of both rounds" [ "$(jq -r .round "$folder/offers-all.jsonl" | sort -u | wc -l)" -eq 2 ] &&
        expect "nobody was admitted twice" [ "$(jq -r .applicant_id "$folder/admitted.jsonl" | sort | uniq -d | wc -l)" -eq 0 ] &&
        expect "both rounds proved and verified" [ "$(grep -c 'verify says: optimal' "$folder.out")" -eq 2 ] &&
        expect "no objective is unproved" [ "$(grep -c '(bound' "$folder.out")" -eq 0 ] &&
        expect "the words of the summary ($offers offers)" [ "$(grep -cE '^  (waiting|vacancies|offers|admitted|distance|occupancy) ' "$folder.out")" -eq 7 ]
}

# running TEXT: ids of the processes that have TEXT in their command line
running() {
    local folder
    for folder in /proc/[0-9]*; do
        [[ $(tr '\0' ' ' 2>/dev/null <"$folder/cmdline") != *"$1"* ]] || echo "${folder#/proc/}"
    done 2>/dev/null
}

# A check that cannot fail is none.
check_running() {
    local job=control left
    coproc bash -c 'read -r _' "$work/control"
    left=$!
    until [[ $(tr '\0' ' ' <"/proc/$left/cmdline") == *read* ]]; do sleep 0.05; done
    expect "a process left running is found" [ -n "$(running "$work/control")" ] || failed=$((failed + 1))
    kill "$left"
    wait "$left" 2>/dev/null
}

job_holds() { # FOLDER NAME [option of main-job.sh...]
    local folder=$1 job=$2
    shift 2
    if ! "$top/scenarios/main-job.sh" --build "$build" --work "$folder" --answer-seconds 20 "$@" >"$folder.out" 2>"$folder.err"; then
        echo "FAIL: $job: main-job.sh ended with an error"
        tail -n 15 "$folder.err" "$folder/almonerd.log"
        return 1
    fi
    check_summary && expect "nothing is left running" [ -z "$(running "$folder")" ]
}

started=()
start_job() { # NAME [option of main-job.sh...]
    local folder=$work/job-${#started[@]}
    job_holds "$folder" "$@" >"$folder.said" 2>&1 &
    started+=($!)
}

end_jobs() {
    local n
    for n in "${!started[@]}"; do
        if wait "${started[n]}"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
        cat "$work/job-$n.said"
    done
}

start_real() { # NAME FOLDER MAP APPLICANTS
    if [ -n "${ALMONER_QUICK:-}" ]; then
        echo "    SKIP: $1: a quick run"
        skipped=$((skipped + 1))
    elif [ -d "$data/$2" ]; then
        start_job "$1" --source "$data/$2" --source-map "$top/scenarios/sources/$3.json" --applicants "$4"
    else
        echo "    SKIP: $1: there is no $data/$2"
        skipped=$((skipped + 1))
    fi
}

check_running
start_job "shipped city" --applicants 900
start_real "real Taipei" taipei_ltc taipei-ltc 1500
start_real "four US states" us_homes us-homes 600
end_jobs
echo "tests: $passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
