#!/usr/bin/env bash
# bench.sh - Almoner and its peers on the same rounds in the same run, as a table.
#
#   BENCH=small|medium|full    1,000 applicants (a minute or two) | 2,000 and 20,000 | 100,000 as well
#   BENCH=agree                values alone, on thousands of small rounds drawn at random (agree.sh); BENCH_WORLDS=N of each sort, from
#                              number BENCH_FIRST on, BENCH_SORTS='network coupled'
#   BENCH_SHAPES=REGEX         only the shapes (tests/bench/shapes) whose name fits
#   BENCH_LIMIT=S              seconds that each solver gets for a round
#   BENCH_RUNS=N               runs of Almoner and LEMON in turn; the best of each counts
#
# Peers that are not installed are named and left out. Values are compared objective by objective; the exit code is 1
# when a peer proved another value than Almoner did. The table is also in bench/table.md of the build folder, with
# worlds, models and logs beside it.
set -u
top=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${top_builddir:-$top/build}
here=$top/tests/bench
work=$build/bench
almoner=$build/almoner
now=2025-03-01
size=${BENCH:-medium}
case $size in
small) letters=s limit=10 runs=3 ;;
medium) letters='m l' limit=300 runs=2 ;;
full) letters='m l x' limit=900 runs=1 ;;
agree) letters='' limit=20 runs=1 ;;
*) echo "bench: BENCH=$size is not small, medium, full or agree" >&2 && exit 2 ;;
esac
limit=${BENCH_LIMIT:-$limit}
runs=${BENCH_RUNS:-$runs}
short_runs=9 # of a solve that takes less than 10 ms
declare -A applicants_of=([s]=1000 [m]=2000 [l]=20000 [x]=100000) pools_of=([s]=80 [m]=160 [l]=1600 [x]=3200)
# Sizes beyond which a peer is not asked: it would only reach the limit.
glpk_most=2000 lp_most=20000
mkdir -p "$work" || exit 1
table=$work/table.md
differences=0
declare -A answers=() # by peer: how often it had values to compare

say() { echo "bench: $*" >&2; }

# -- measuring --

# measure LOG COMMAND...: output; whole seconds and peak memory in KB (LOG.use) of a command that may take the limit and a bit
measure() {
    local log=$1
    shift
    rm -f "$log.use"
    if [ -x /usr/bin/time ]; then
        /usr/bin/time -o "$log.use" -f "%e %M" timeout -k 5 $((limit + 10)) "$@" >"$log" 2>&1
    else
        timeout -k 5 $((limit + 10)) "$@" >"$log" 2>&1
    fi
}

# The last line: others are time's own remarks on exit codes.
megabytes() {
    [ -s "$1.use" ] && tail -n 1 "$1.use" | awk '{ printf "%.0f", $2 / 1024 }' || echo -
}

whole_seconds() { [ -s "$1.use" ] && tail -n 1 "$1.use" | cut -d" " -f1 || echo -; }

least() { awk -v a="$1" -v b="$2" 'BEGIN { print (a == "" || b + 0 < a + 0 ? b : a) }'; }

add() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a + b }'; }

# row SOLVER SECONDS MEGABYTES PIVOTS VERDICT
row() {
    local ratio=- seconds=$2
    if [ "$2" != - ]; then
        ratio=$(awk -v a="$almoner_s" -v b="$2" 'BEGIN { printf "%.2f", (a + 0 ? b / a : 0) }')
        seconds=$(printf "%.4g" "$2")
    fi
    echo "| $shape | $pairs | $1 | $seconds | $ratio | $3 | $4 | $5 |" >>"$table"
    say "$shape: $1: $seconds s, $5"
}

# -- Almoner and plain GLPK --

# run_almoner NAME ENGINE MORE...: leaves NAME.json
run_almoner() {
    rm -f "$1.json"
    measure "$1.log" "$almoner" solve --world "$world" --now $now --engine "$2" --time-limit "$limit" --out "$1.json" "${@:3}"
}

stat_of() { sed -n "s/.*\"$2\": \([0-9.]*\).*/\1/p" "$1.json" | tail -n 1; }
word_of() { sed -n "s/^ \"$2\": \"\(.*\)\",/\1/p" "$1.json"; }

# objectives_of NAME: one "name value bound" a line
objectives_of() {
    sed -n 's/.*{"name": "\([a-z]*\)", "value": \(-\{0,1\}[0-9]*\), "bound": \(-\{0,1\}[0-9]*\)}.*/\1 \2 \3/p' "$1.json"
}

# How far from proved: "optimal", the gap of each objective that has one, or only the ties are not settled.
verdict_of() {
    objectives_of "$1" | awk -v status="$(word_of "$1" status)" '{
            gap = $3 > $2 ? $3 - $2 : $2 - $3; size = $2 < 0 ? -$2 : $2
            if (gap) text = text sprintf("%s %s %.4f %%", text == "" ? "" : ",", $1, 100 * gap / (size ? size : 1)) }
        END { print (NR == 0 ? "no plan in time" : text != "" ? "gap:" text : status == "optimal" ? status : "values proved, ties not") }'
}

# -- comparing --

# agrees FILE-WITH-"name value"-LINES: the verdict on a peer that says that it is optimal. What Almoner proved must be
# equal; where it left a gap, the peer's optimum must lie in it, and what comes later is not comparable.
agrees() {
    awk 'NR == FNR { value[$1] = $2; bound[$1] = $3; next }
        { low = value[$1] + 0; high = bound[$1] + 0 }
        low > high { low = bound[$1] + 0; high = value[$1] + 0 }
        $2 + 0 < low || $2 + 0 > high { verdict = "DIFFERS: " $1 " " $2 ", Almoner " value[$1]; exit }
        low < high { verdict = "optimal: " $1 " " $2 ", in the gap of Almoner"; exit }
        END { print verdict == "" ? "agrees" : verdict }' "$world/objectives" "$1"
}

conclude() { # SOLVER SECONDS MEGABYTES PIVOTS FILE
    local verdict
    verdict=$(agrees "$5")
    case $verdict in DIFFERS*) differences=$((differences + 1)) ;; esac
    answers[${1%%,*}]=$((${answers[${1%%,*}]:-0} + 1))
    row "$1" "$2" "$3" "$4" "$verdict"
}

# A sum as it is in the plan: what exports minimise has its sign turned where the objective is maximised.
turned() {
    case $1 in
    preference | travel | moves) echo "$2" ;;
    *) echo $((-$2)) ;;
    esac
}

# -- LEMON --

# export_all FORMAT OBJECTIVE...: leaves NAME.FORMAT per objective
export_all() {
    local format=$1 name
    shift
    for name in "$@"; do
        "$almoner" export --world "$world" --now $now --objective "$name" --format "$format" --out "$world/$name.$format" \
            2>"$world/export.log" || return 1
    done
}

# lemon_values LOG NAME...: its totals with the names of the objectives
lemon_values() {
    local log=$1 name total
    shift
    sed -n 's/^total //p' "$log" | while read -r total; do
        name=$1
        shift
        echo "$name $(turned "$name" "$total")"
    done
    grep -q '^placements ' "$world/objectives" && sed -n 's/^placed /placements /p' "$log"
}

run_lemon() { # simplex|scaling RUN NAME...
    local log=$world/lemon-$1.log seconds
    local algorithm=$1 files=("${@:3}")
    files=("${files[@]/#/$world/}")
    measure "$log" "$work/lemon" "$algorithm" "${files[@]/%/.dimacs}" || return
    seconds=$(sed -n 's/^seconds //p' "$log")
    lemon_s[$algorithm]=$(least "${lemon_s[$algorithm]}" "$seconds")
    lemon_mb[$algorithm]=$(megabytes "$log")
}

report_lemon() { # NAME...
    local algorithm log
    for algorithm in simplex scaling; do
        log=$world/lemon-$algorithm.log
        if [ -n "${lemon_s[$algorithm]}" ]; then
            lemon_values "$log" "$@" >"$log.values"
            conclude "LEMON $algorithm, $(sed -n 's/^width //p' "$log") bits" "${lemon_s[$algorithm]}" \
                "${lemon_mb[$algorithm]}" - "$log.values"
        else
            row "LEMON $algorithm" - - - "$(sed -n 's/^lemon: //p' "$log" | grep . || echo "no answer in $limit s")"
        fi
    done
}

# -- solvers of MPS files: one stage an objective --

# Each prints "state seconds pivots value" from its log; state = optimal or anything else. CPU seconds: all run on one core.
read_clp() {
    sed -n 's/^Optimal objective \(.*\) - \([0-9]*\) iterations time \([0-9.]*\).*/optimal \3 \2 \1/p' "$1"
}
read_cbc() {
    awk '/^Result - Optimal solution found/ { state = "optimal" } /^Objective value:/ { value = $3 }
        /^Total iterations:/ { pivots = $3 } /^Time \(CPU seconds\):/ { seconds = $4 }
        END { if (value != "") print state == "" ? "stopped" : state, seconds, pivots, value }' "$1"
}
read_highs() {
    awk '/^ *(Model status|Status) .*[Oo]ptimal/ { state = "optimal" } /^ *(Objective value|Primal bound) / { value = $NF }
        /^ *(Simplex +iterations|LP iterations|IPM +iterations)/ { pivots += $NF } /^ *HiGHS run time|^ *Timing / { seconds = $NF }
        END { if (value != "") print state == "" ? "stopped" : state, seconds, pivots + 0, value }' "$1"
}

call_clp() { measure "$1" clp "$2" -seconds "$3" -primalsimplex; }
cbc_other='' # settings for a second opinion
# shellcheck disable=SC2086
call_cbc() { measure "$1" cbc "$2" $cbc_other -seconds "$3" -ratioGap 0 -allowableGap 0 -solve; }
# A network's optimum is whole by itself: told so, HiGHS leaves out what it does for integers, which took it 100 times longer.
call_highs() {
    printf 'mip_rel_gap = 0\nmip_abs_gap = 0\nthreads = 1\nsolve_relaxation = %s\n' "$([ "$coupled" -eq 1 ] && echo false || echo true)" \
        >"$work/highs.options"
    measure "$1" highs --time_limit "$3" --options_file "$work/highs.options" "$2"
}

# run_stages PROGRAM SAID NAME...: a row of the table
run_stages() {
    local program=$1 said=$2 log=$world/$1.log total=0 pivots=0 state seconds more value values='' files=() name mb=0
    shift 2
    : >"$log.values"
    for name in "$@"; do
        files+=("$world/$name.mps")
        awk -v values="$values" -f "$here/stage.awk" "${files[@]}" >"$world/stage.mps"
        "call_$program" "$log" "$world/stage.mps" "$(awk -v l="$limit" -v t="$total" 'BEGIN { printf "%d", l - t + 1 }')"
        state='' value=''
        read -r state seconds more value < <("read_$program" "$log")
        if [ "$state" != optimal ]; then
            row "$said" - "$(megabytes "$log")" - "no optimum of stage $name in $limit s"
            return
        fi
        total=$(add "$total" "$seconds") pivots=$((pivots + more))
        value=$(awk -v v="$value" 'BEGIN { printf "%.0f", v }')
        values+=" $value"
        mb=$(awk -v a="$mb" -v b="$(megabytes "$log")" 'BEGIN { print (b == "-" || b + 0 > a + 0 ? b : a) }')
        echo "$name $(turned "$name" "$value")" >>"$log.values"
    done
    conclude "$said" "$total" "$mb" "$pivots" "$log.values"
}

# -- one world --

draw() { # APPLICANTS POOLS BEDS LAYOUT OBJECTIVES MORE...
    local options=(-v "applicants=$1" -v "pools=$2" -v "beds=$3" -v "layout=$4" -v "objectives=$5") more
    for more in "${@:6}"; do
        options+=(-v "$more")
    done
    awk -v out="$world" "${options[@]}" -f "$here/draw.awk"
}

# How many runs each has: more where a solve takes milliseconds.
runs_here() { awk -v s="$almoner_s" -v n="$runs" -v m=$short_runs 'BEGIN { print (s < 0.01 && n < m ? m : n) }'; }

# Almoner first, LEMON in between, so that a busy moment of the machine does not meet one of them alone.
run_network() { # APPLICANTS NAME...
    local run algorithm n
    n=$(runs_here)
    declare -gA lemon_s=([simplex]='' [scaling]='') lemon_mb=()
    for ((run = 1; run <= n; run++)); do
        [ $run -eq 1 ] || run_almoner "$world/auto" auto
        almoner_s=$(least "$almoner_s" "$(stat_of "$world/auto" solve)")
        whole_s=$(least "$whole_s" "$(whole_seconds "$world/auto.log")")
        [ -x "$work/lemon" ] || continue
        for algorithm in simplex scaling; do
            run_lemon $algorithm "$run" "${@:2}"
        done
    done
}

report_almoner() {
    row "**Almoner** ($(word_of "$world/auto" engine)), whole command $whole_s s" "$almoner_s" \
        "$(megabytes "$world/auto.log")" - "$(verdict_of "$world/auto")"
}

# The round after 1 % of changes, from nothing and from where this one ended: a row for the latter.
report_warm() {
    local changed=$world/changed cold='' warm='' verdict kept=$world run n
    n=$(runs_here)
    mkdir -p "$changed"
    awk -v out="$changed" -f "$here/change.awk" "$world"/{institutions.csv,policy.json,pools.csv,applicants.csv}
    run_almoner "$world/last" auto --no-stats --certificate "$world/last.proof"
    world=$changed
    for ((run = 1; run <= n; run++)); do
        run_almoner "$changed/cold" auto --certificate "$changed/cold.proof"
        run_almoner "$changed/warm" auto --certificate "$changed/warm.proof" --last-plan "$kept/last.json" \
            --last-certificate "$kept/last.proof"
        cold=$(least "$cold" "$(stat_of "$changed/cold" solve)")
        warm=$(least "$warm" "$(stat_of "$changed/warm" solve)")
    done
    world=$kept
    # the proof holds the hash of the plan
    verdict='same bytes'
    cmp -s "$changed/cold.proof" "$changed/warm.proof" || { verdict='OTHER BYTES' && differences=$((differences + 1)); }
    row "Almoner, 1 % later, from the last round" "$warm" "$(megabytes "$changed/warm.log")" - \
        "$verdict; $(awk -v w="$warm" -v c="$cold" 'BEGIN { printf "%.3f", c ? w / c : 0 }') of $(printf '%.4g' "$cold") s from nothing"
}

report_glpk() {
    run_almoner "$world/glpk" glpk
    objectives_of "$world/glpk" | awk '{ print $1, $2 }' >"$world/glpk.values"
    if [ "$(verdict_of "$world/glpk")" = optimal ]; then
        conclude "GLPK (\`--engine glpk\`)" "$(stat_of "$world/glpk" solve)" "$(megabytes "$world/glpk.log")" - "$world/glpk.values"
    else
        row "GLPK (\`--engine glpk\`)" - "$(megabytes "$world/glpk.log")" - "no optimum in $limit s: $(verdict_of "$world/glpk")"
    fi
}

run_peers() { # APPLICANTS
    local names=() packed=() name
    mapfile -t names < <(objectives_of "$world/auto" | cut -d' ' -f1)
    for name in "${names[@]}"; do
        # greatest need places the most here (draw.awk), so a network solver need not be asked for that too
        [ "$name" = placements ] && [[ " ${packed[*]} " == *" need "* ]] || packed+=("$name")
    done
    if export_all dimacs "${packed[@]}"; then
        run_network "$1" "${packed[@]}"
        report_almoner
        [ "$(word_of "$world/auto" status)" = optimal ] && report_warm
        [ -x "$work/lemon" ] && report_lemon "${packed[@]}"
        names=("${packed[@]}")
    else
        report_almoner
        coupled=1
    fi
    [ "$1" -gt $glpk_most ] || report_glpk
    [ "$1" -le $lp_most ] && export_all mps "${names[@]}" || return
    has clp && [ $coupled -eq 0 ] && run_stages clp 'CLP, primal simplex' "${names[@]}"
    has cbc && [ $coupled -eq 1 ] && run_stages cbc 'CBC, gap 0' "${names[@]}"
    has highs && run_stages highs "HiGHS, $([ "$coupled" -eq 1 ] && echo 'gap 0' || echo 'as an LP')" "${names[@]}"
}

run_shape() { # LETTER NAME POOLS BEDS LAYOUT OBJECTIVES MORE...
    local n=${applicants_of[$1]} pools=${pools_of[$1]} coupled=0
    [ "$3" = 0 ] || pools=$3
    [ "$3" != half ] || pools=$((n / 2))
    shape="$2, $n"
    world=$work/$2-$n
    pairs=- almoner_s='' whole_s=-
    mkdir -p "$world" && draw "$n" "$pools" "${@:4}" || exit 1
    run_almoner "$world/auto" auto
    if [ ! -s "$world/auto.json" ]; then
        almoner_s=0
        row '**Almoner**' - - - "no plan in $limit s: $(tail -n 1 "$world/auto.log")"
        return
    fi
    pairs=$(stat_of "$world/auto" pairs) almoner_s=$(stat_of "$world/auto" solve)
    whole_s=$(whole_seconds "$world/auto.log")
    objectives_of "$world/auto" >"$world/objectives"
    run_peers "$n"
    rm -f "$world"/*.dimacs "$world"/*.mps
}

# -- all --

has() { command -v "$1" >/dev/null; }

build_lemon() {
    rm -f "$work/lemon"
    if ! has "${CXX:-g++}"; then
        say "no C++ compiler: LEMON is left out"
    elif ! "${CXX:-g++}" -std=gnu++17 -O3 -DNDEBUG -o "$work/lemon" "$here/lemon.cc" >"$work/lemon.log" 2>&1; then
        say "LEMON is left out: $here/lemon.cc does not build (Debian: liblemon-dev); see $work/lemon.log"
    fi
}

print_head() {
    local missing=''
    [ -x "$work/lemon" ] || missing+=' LEMON'
    for peer in clp cbc highs; do
        has $peer || missing+=" $peer"
    done
    cat <<HEAD
$(date -u +%Y-%m-%d), commit $(git -C "$top" rev-parse --short HEAD 2>/dev/null || echo unknown), $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1),
$(nproc) cores, load average $(cut -d' ' -f1-3 /proc/loadavg) at the start; limit $limit s a solver; best of $runs.
Missing peers:${missing:- none}.

| shape, applicants | pairs | solver | seconds | ratio to Almoner | MB | pivots | values |
|---|---|---|---|---|---|---|---|
HEAD
}

[ -x "$almoner" ] || { say "there is no $almoner" && exit 1; }
build_lemon
if [ "$size" = agree ]; then
    # shellcheck source=tests/bench/agree.sh
    . "$here/agree.sh"
    agree "${BENCH_FIRST:-1}" "${BENCH_WORLDS:-1000}"
    exit
fi
print_head >"$table"
for letter in $letters; do
    while read -r name sizes rest; do
        [[ $name == '#'* || $sizes != *$letter* || ! $name =~ ${BENCH_SHAPES:-.} ]] && continue
        # shellcheck disable=SC2086
        run_shape "$letter" "$name" $rest
    done <"$here/shapes"
done
cat "$table"
echo
echo "$differences values differ; table: $table"
[ $differences -eq 0 ]
