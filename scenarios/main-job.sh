#!/usr/bin/env bash
# main-job.sh - the main job over HTTP: institutions publish vacancies, district offices send applicants, rounds run, people
# answer, some move in; then a summary. Called by ./quickstart and by the tests, on any world that almoner generate can draw.
#
#   main-job.sh --build DIR --work DIR [--applicants N] [--seed S] [--rounds N] [--answer-seconds N] [--serve]
#               [--source DIR --source-map F]       (default: the shipped city)
#
# Uses curl and jq as an office's own software would use its tools. Leaves nothing running, unless --serve.
set -eu
export LC_ALL=C.UTF-8
build='' work='' applicants=3000 seed=1 rounds=2 answer_seconds=20 serve='' source='' map=''
while [ $# -gt 0 ]; do
    case $1 in
    --serve) serve=1 ;;
    --build | --work | --applicants | --seed | --rounds | --answer-seconds | --source | --source-map)
        [ $# -gt 1 ] || { echo "main-job: $1 needs a value" >&2 && exit 2; }
        name=${1#--}
        name=${name//-/_}
        printf -v "${name/source_map/map}" %s "$2"
        shift
        ;;
    *) echo "main-job: what is \"$1\" for?" >&2 && exit 2 ;;
    esac
    shift
done

daemon='' url='' data=$work/data
finish() {
    local status=$?
    if [ -n "$daemon" ]; then
        kill "$daemon" 2>/dev/null || true
        wait "$daemon" 2>/dev/null || true
    fi
    [ "$data" = "$work/data" ] || rm -rf "$data"
    case $status in
    0) ;;
    130) echo "main-job: ended by a signal" >&2 ;;
    *) echo "main-job: failed; the daemon's log is $work/almonerd.log" >&2 ;;
    esac
}
trap finish EXIT
trap 'exit 130' HUP INT TERM

say() { printf '== %s\n' "$*"; }
almoner() { "$build/almoner" "$@"; }

# jq functions that all steps share: a CSV line to cells; the token of an office.
# shellcheck disable=SC2016
jq_lib='
    def cells: [scan("(?:^|,)(?:\"((?:[^\"]|\"\")*)\"|([^,]*))") | if .[0] != null then .[0] | gsub("\"\""; "\"") else .[1] // "" end];
    def number: IN("lat", "lon", "star", "suspended", "care_minutes", "beds_usable", "beds_occupied", "beds_approved",
        "beds_staffed", "min_level", "max_level", "monthly_fee", "level", "max_distance_m", "max_fee", "min_star");
    def list: IN("capabilities", "serves", "rooms", "reserved_for", "kinds", "flags", "needs", "preferences", "declined");
    def rows: (split("\n") | map(select(. != ""))) as $lines | ($lines[0] | cells) as $names
        | $lines[1:][] | [$names, cells] | transpose
        | map(select(.[1] != "" and (.[0] | IN("beds_committed", "state") | not))
            | {key: .[0], value: (if .[0] | number then .[1] | tonumber elif .[0] | list then .[1] | split(";") else .[1] end)})
        | from_entries;
    def office($role; $scope): $tokens[$role + " " + ($scope // "")];'

# with_tokens JQ-ARGUMENT...: jq with the library and $tokens, an object "role scope" -> token
with_tokens() {
    local program=$1
    shift
    jq --slurpfile all "$work/tokens-of.json" "\$all[0] as \$tokens | $program" "$@"
}

make_tokens() {
    local role scope
    {
        echo "admin"
        echo "planner"
        jq -Rrs "$jq_lib rows | \"institution \(.institution_id)\"" "$work/city/institutions.csv"
        jq -Rrs "$jq_lib [rows | .district // \"\"] | unique[] | \"district \(.)\"" "$work/city/applicants.csv"
    } 2>/dev/null >"$work/offices.txt" || true
    while read -r role scope; do
        printf '%s\t%s\n' "$role $scope" "$(almoner token --role "$role" ${scope:+--scope "$scope"} --tokens "$work/tokens.json")"
    done <"$work/offices.txt" |
        jq -Rn '[inputs | split("\t") | {key: .[0], value: .[1]}] | from_entries' >"$work/tokens-of.json"
}

token() { jq -r --arg office "$1 ${2:-}" '.[$office]' "$work/tokens-of.json"; }

# ask TOKEN METHOD PATH [curl option...]: one request; the body on stdout, an error ends the script
ask() {
    local bearer=$1 method=$2 path=$3 out
    shift 3
    out=$(curl -sS --max-time 120 -X "$method" -H "Authorization: Bearer $bearer" -w '\n%{http_code}' "$@" "$url$path")
    case ${out##*$'\n'} in
    2*) printf '%s\n' "${out%$'\n'*}" ;;
    *) echo "main-job: $method $path: $out" >&2 && return 1 ;;
    esac
}

# ask_all FILE [STATUS]: many requests, side by side, one JSON object a line {token, method, path, body, new}; prints how many answers of
# each status. Anything but success (or STATUS) ends the script.
ask_all() {
    [ -s "$1" ] || return 0
    jq -rs --arg url "$url" '
        map(["url = " + ($url + .path | tojson), "request = " + .method, "header = " + ("Authorization: Bearer " + .token | tojson),
             "output = /dev/null", "write-out = \"%{http_code}\\n\""]
            + (if .body then ["header = \"Content-Type: application/json\"", "data-binary = " + (.body | tojson | tojson)] else [] end)
            + (if .new then ["header = \"If-None-Match: *\""] else [] end) | join("\n"))
        | join("\nnext\n")' "$1" >"$1.curl"
    curl -sS --no-progress-meter --parallel --parallel-max 8 -K "$1.curl" >"$1.status"
    sort "$1.status" | uniq -c | awk '{printf "%s%d x %s", sep, $1, $2; sep = ", "} END {print ""}' | sed 's/^/   answers: /'
    ! grep -qvE "^(2|${2:-2})" "$1.status" || { echo "main-job: some requests of $1 failed" >&2 && return 1; }
}

draw() {
    rm -rf "$work"
    mkdir -p "$work"
    say "drawing the world: nobody in it exists"
    if [ -n "$source" ]; then
        almoner generate --source "$source" --source-map "$map" --applicants "$applicants" --seed "$seed" --now "$(date -u +%F)" --out "$work/city"
    else
        almoner generate --city taipei --applicants "$applicants" --seed "$seed" --now "$(date -u +%F)" --out "$work/city"
    fi
    jq ".offer.answer_seconds = $answer_seconds" "$work/city/policy.json" >"$work/policy.json"
    make_tokens
}

start_daemon() {
    local tries=0
    if [ "$(printf %s "$(realpath "$work")/data/redis.sock" | wc -c)" -gt 107 ]; then
        data=$(mktemp -d) # what a unix socket's path may have
    fi
    say "starting almonerd with its private Redis"
    "$build/almonerd" --listen 127.0.0.1:0 --region main-job --data "$data" --policy "$work/policy.json" \
        --tokens "$work/tokens.json" --round-seconds 0 >"$work/almonerd.out" 2>"$work/almonerd.log" &
    daemon=$!
    while :; do
        url=$(grep -ohE 'http://127\.0\.0\.1:[0-9]+' "$work/almonerd.out" "$work/almonerd.log" | head -n 1 || true)
        [ -n "$url" ] && curl -sf "$url/readyz" >/dev/null && break
        kill -0 "$daemon" 2>/dev/null || { tail -n 5 "$work/almonerd.log" >&2 && return 1; }
        tries=$((tries + 1))
        [ $tries -lt 150 ] || { echo "almonerd did not become ready" >&2 && return 1; }
        sleep 0.2
    done
    say "almonerd answers at $url"
}

institutions_send() {
    say "institutions publish themselves, their pools and their vacancies"
    jq -Rs "$jq_lib rows" "$work/city/institutions.csv" | with_tokens "$jq_lib
        {token: office(\"institution\"; .institution_id), method: \"PUT\", path: \"/v1/institutions/\(.institution_id)\", body: ., new: true}" -c >"$work/homes.ask"
    ask_all "$work/homes.ask"
    jq -Rs "$jq_lib rows" "$work/city/pools.csv" | with_tokens "$jq_lib
        {token: office(\"institution\"; .institution_id), method: \"PUT\", path: \"/v1/pools/\(.pool_id)\", body: ., new: true}" -c >"$work/pools.ask"
    ask_all "$work/pools.ask"
    jq -Rs "$jq_lib rows" "$work/city/pools.csv" | with_tokens "$jq_lib
        {token: office(\"institution\"; .institution_id), method: \"PUT\", path: \"/v1/pools/\(.pool_id)/vacancy\", body: {beds_usable, beds_occupied}}" -c >"$work/vacancies.ask"
    ask_all "$work/vacancies.ask"
}

districts_send() {
    local district number=0
    say "district offices send in their applicants (batch import)"
    jq -Rcs "$jq_lib rows" "$work/city/applicants.csv" >"$work/applicants.jsonl"
    jq -r '.district // ""' "$work/applicants.jsonl" | sort -u >"$work/districts.txt"
    while read -r district; do
        number=$((number + 1))
        jq -c --arg d "$district" 'select(.district == $d)' "$work/applicants.jsonl" >"$work/import-$number.jsonl"
        ask "$(token district "$district")" POST '/v1/applicants:batch' -H 'Content-Type: application/x-ndjson' \
            -H "Idempotency-Key: import-$number" --data-binary "@$work/import-$number.jsonl" >"$work/import-$number.json"
    done <"$work/districts.txt"
    say "$(wc -l <"$work/applicants.jsonl") applicants from $number districts"
    ask "$(token planner)" GET /v1/occupancy >"$work/occupancy-before.json"
    ask "$(token planner)" GET /v1/waiting >"$work/waiting-before.json"
}

run_round() {
    local number status
    number=$(ask "$(token planner)" POST /v1/rounds | jq -r .number)
    for _ in $(seq 600); do
        status=$(curl -s -o "$work/round-$number.json" -w '%{http_code}' -H "Authorization: Bearer $(token planner)" "$url/v1/rounds/$number")
        [ "$status" = 200 ] && jq -e .finished_at "$work/round-$number.json" >/dev/null && break
        sleep 0.2
    done
    jq -e '.ok == 1 or .ok == true' "$work/round-$number.json" >/dev/null ||
        { echo "round $number failed: $(cat "$work/round-$number.json")" >&2 && return 1; }
    for part in plan certificate snapshot; do
        curl -sSf -o "$work/$part-$number" -H "Authorization: Bearer $(token planner)" "$url/v1/rounds/$number/$part"
    done
}

# every_offer FILTER: all offers, page after page, as JSON lines
every_offer() {
    local cursor='' page
    while :; do
        page=$(ask "$(token admin)" GET "/v1/offers?limit=1000${1:+&$1}${cursor:+&cursor=$cursor}")
        jq -c '.items[]' <<<"$page"
        cursor=$(jq -r '.next // empty' <<<"$page")
        [ -n "$cursor" ] || return 0
    done
}

# Two in ten decline, one in ten never answers, the others accept: by the digits of the ticket, so it can be repeated.
play_answers() {
    local number=$1 play
    every_offer "state=sent" >"$work/offers-$number.jsonl"
    jq -s 'map({key: .applicant_id, value: (.district // "")}) | from_entries' "$work/applicants.jsonl" >"$work/district-of.json"
    play='(.applicant_id | ltrimstr("A") | tonumber | (. / 10 | floor) + . * 7 * '"$number"') % 10'
    with_tokens "$jq_lib \$home[0] as \$district | ($play) as \$n | select(\$n != 3)
        | {token: office(\"district\"; \$district[.applicant_id]), method: \"POST\"}
          + if \$n == 0 or \$n == 5 then {path: \"/v1/offers/\(.offer_id):decline\", body: {reason: \"too_far\"}} else {path: \"/v1/offers/\(.offer_id):accept\"} end" \
        -c --slurpfile home "$work/district-of.json" "$work/offers-$number.jsonl" >"$work/answers-$number.ask"
    say "$(wc -l <"$work/offers-$number.jsonl") offers: $(grep -c ':accept' "$work/answers-$number.ask") accept, $(grep -c ':decline' "$work/answers-$number.ask") decline, the rest stay silent"
    ask_all "$work/answers-$number.ask" 409 # an answer may come too late
    every_offer "state=accepted" | with_tokens "$jq_lib
        {token: office(\"institution\"; .institution_id), method: \"POST\", path: \"/v1/offers/\(.offer_id):admit\"}" -c >"$work/admit-$number.ask"
    say "moving in: $(wc -l <"$work/admit-$number.ask") people"
    ask_all "$work/admit-$number.ask"
}

wait_for_lapses() {
    local left=
    say "waiting until the offers without an answer lapse (answer_seconds = $answer_seconds)"
    for _ in $(seq $((answer_seconds * 3 + 30))); do
        left=$(every_offer "state=sent" | wc -l)
        [ "$left" -eq 0 ] && return 0
        sleep 1
    done
    echo "main-job: $left offers did not lapse" >&2
    return 1
}

# occupancy_table KEY: beds before and after, by kind or district
occupancy_table() {
    jq -rn --arg key "$1" --slurpfile before "$work/occupancy-before.json" --slurpfile after "$work/occupancy-after.json" '
        def sums: reduce .rows[] as $row ({}; .[$row[$key]] |= {beds: (.beds + $row.beds_usable), occupied: (.occupied + $row.beds_occupied)});
        def percent: if .beds > 0 then .occupied * 100 / .beds else "-" end;
        ($before[0] | sums) as $b | ($after[0] | sums) as $a
        | ($a | keys[]) | "\(.)\t\($a[.].beds)\t\($b[.] | percent)\t\($a[.] | percent)"' |
        awk -F'\t' 'function shown(percent) { return percent == "-" ? "-" : sprintf("%.1f %%", percent) }
            {printf "    %-14s %6d beds   %8s -> %8s\n", $1, $2, shown($3), shown($4)}'
}

objectives_of() {
    jq -r --arg n "$1" --slurpfile round "$work/round-$1.json" '"  objectives of round \($n) (\(.status); solve time \($round[0].solve_ms / 1000) s):",
        (.objectives[] | "    \(.name) = \(.value)\(if .value == .bound then ", proved optimal" else " (bound \(.bound))" end)")' "$work/plan-$1"
    echo "    checked without any solver, almoner verify says: $(almoner verify --world "$work/snapshot-$1" --plan "$work/plan-$1" --certificate "$work/certificate-$1")"
}

explain_one() {
    local who
    who=$(jq -r '[.unplaced[] | select(.reason == "outranked")][0].applicant // .unplaced[0].applicant // .placements[0].applicant' "$work/plan-$1")
    echo "  why not her? - one person's explanation, ticket $who:"
    ask "$(token district "$(jq -r --arg w "$who" '.[$w]' "$work/district-of.json")")" GET "/v1/applicants/$who/explanation" |
        jq -r '.sentences[:12][]' | fold -s -w 110 | sed 's/^/    /'
}

summary() {
    local last=$1 offers admitted
    ask "$(token planner)" GET /v1/occupancy >"$work/occupancy-after.json"
    ask "$(token planner)" GET /v1/waiting >"$work/waiting-after.json"
    every_offer "" >"$work/offers-all.jsonl"
    jq -c 'select(.state == "admitted")' "$work/offers-all.jsonl" >"$work/admitted.jsonl"
    offers=$(wc -l <"$work/offers-all.jsonl")
    admitted=$(wc -l <"$work/admitted.jsonl")
    echo
    echo "Summary (drawn, not observed)"
    echo "  waiting    $(jq .waiting "$work/waiting-before.json") people at the start, $(jq .waiting "$work/waiting-after.json") at the end"
    echo "  vacancies  $(jq .total.beds_offerable "$work/occupancy-before.json") at the start, $(jq .total.beds_offerable "$work/occupancy-after.json") at the end"
    echo "  offers     $offers in $rounds rounds: $(jq -r .state "$work/offers-all.jsonl" | sort | uniq -c | awk '{printf "%s%d %s", sep, $1, $2; sep = ", "}')"
    echo "  admitted   $admitted"
    jq -rs 'map(.metres) | sort | if length == 0 then "-" else "\(add / length / 1000) \(.[(length * 9 / 10 | floor)] / 1000)" end' "$work/admitted.jsonl" |
        awk '{printf $1 == "-" ? "  distance   -\n" : "  distance   mean %.1f km, nine in ten at most %.1f km\n", $1, $2}'
    echo "  occupancy before -> after, by kind"
    occupancy_table kind
    echo "  occupancy before -> after, by district"
    occupancy_table district
    for number in $(seq "$rounds"); do
        objectives_of "$number"
    done
    echo "  reasons of those unplaced in round $last"
    jq -r '.unplaced[].reason' "$work/plan-$last" | sort | uniq -c | sort -rn | sed 's/^/  /'
    explain_one "$last"
}

serve() {
    local district home
    district=$(head -n 1 "$work/districts.txt")
    home=$(jq -r 'keys[] | select(startswith("institution ")) | ltrimstr("institution ")' "$work/tokens-of.json" | head -n 1)
    echo
    echo "almonerd keeps running at $url (Ctrl-C ends it). Links and tokens:"
    echo "  planner      $(token planner)    curl -H 'Authorization: Bearer ...' $url/v1/occupancy"
    echo "  admin        $(token admin)    $url/v1/offers?limit=5"
    echo "  district     $(token district "$district")    $url/v1/applicants?limit=5   ($district)"
    echo "  institution  $(token institution "$home")    $url/v1/institutions/$home"
    echo "  open: $url/openapi.json  $url/metrics"
    trap 'exit 0' HUP INT TERM
    wait "$daemon"
}

draw
start_daemon
institutions_send
districts_send
for number in $(seq "$rounds"); do
    say "round $number"
    run_round
    play_answers "$number"
    wait_for_lapses
done
summary "$rounds"
[ -z "$serve" ] || serve
