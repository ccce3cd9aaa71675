# shellcheck shell=bash disable=SC2154,SC2034,SC2317 # the names are bench.sh's
# agree.sh - thousands of small rounds, each with other figures, solved by Almoner and by the peers that can: networks by
# LEMON's two algorithms, rounds with coupled rows by CBC on the full model. Every objective must have the same value.
# Part of bench.sh, whose functions it calls.

# A number from A to B into NAME; the same numbers for the same round.
roll() { # NAME A B
    dice=$((dice * 48271 % 2147483647))
    printf -v "$1" '%d' $(($2 + dice / 7 % ($3 - $2 + 1)))
}

draw_round() { # network|coupled NUMBER: into $world
    local objectives=('need;travel' need 'guarantee;need;placements;preference;travel' 'need;transfers;travel' 'placements;travel'
        'seniority;placements;preference') layouts=(spread clustered point) n pools beds layout which more=() transfers reserves
    local households staff rooms
    dice=$((($2 * 1103515245 + 12345) % 2147483647))
    roll n 4 150 && roll pools 1 24 && roll beds 50 1500 && roll layout 0 2 && roll which 0 5
    roll transfers 0 20 && roll reserves 0 30 && roll households 0 40 && roll staff 0 60 && roll rooms 0 60
    more=("transfers=$((transfers > 10 ? transfers : 0))" "reserves=$reserves" "seed=$2" "wide=$((n % 5 == 0))" "alike=$((n % 7 == 0))")
    if [ "$1" = coupled ]; then
        n=$((n > 60 ? n / 2 : n)) # CBC ends
        more+=("households=$households" "staff=$staff" "rooms=$rooms")
    fi
    shape="$1 round $2"
    mkdir -p "$world" && rm -f "$world"/*
    draw "$n" "$pools" "$beds" "${layouts[layout]}" "${objectives[which]}" "${more[@]}"
}

# What LEMON need not be asked for, since greatest need places the most (draw.awk).
packed_names() {
    local names=() name
    mapfile -t names < <(objectives_of "$world/auto" | cut -d' ' -f1)
    for name in "${names[@]}"; do
        [ "$name" = placements ] && [[ " ${names[*]} " == *" need "* ]] || echo "$name"
    done
}

ask_peers() {
    local names=() algorithm
    mapfile -t names < <(packed_names)
    if export_all dimacs "${names[@]}"; then
        declare -gA lemon_s=([simplex]='' [scaling]='') lemon_mb=()
        [ -x "$work/lemon" ] || return
        for algorithm in simplex scaling; do
            run_lemon $algorithm 1 "${names[@]}"
        done
        report_lemon "${names[@]}"
    elif has cbc; then
        coupled=1
        mapfile -t names < <(objectives_of "$world/auto" | cut -d' ' -f1)
        export_all mps "${names[@]}" && run_stages cbc 'CBC, gap 0' "${names[@]}"
    fi
}

# CBC's preprocessing now and then loses the best plan (2.10.8 did so once in 1,500 rounds, and found it without): where
# it says another value than Almoner it is asked again without, and what it says then counts.
ask_cbc_again() { # DIFFERENCES-BEFORE
    local names=() had=${answers[CBC]:-0}
    [ "$coupled" -eq 1 ] && [ "$differences" -gt "$1" ] || return
    mapfile -t names < <(objectives_of "$world/auto" | cut -d' ' -f1)
    differences=$1 answers[CBC]=$((had - 1))
    cbc_other='-preprocess off'
    run_stages cbc 'CBC, gap 0, no preprocessing' "${names[@]}"
    cbc_other=''
    if [ "${answers[CBC]}" -lt "$had" ]; then # no answer this time
        differences=$(($1 + 1)) answers[CBC]=$had
    fi
    [ "$differences" -gt "$1" ] || taken_back=$((taken_back + 1))
}

# agree FIRST N: so many of each sort, from that number on; 1 when a value differs, and the round is left in bench/.
agree() {
    local sort number before coupled pairs=- almoner_s=0 solved=0 taken_back=0
    table=$work/agree.md
    : >"$table"
    say() { :; }
    for sort in ${BENCH_SORTS:-network coupled}; do
        for ((number = $1; number < $1 + $2; number++)); do
            world=$work/agree coupled=0 before=$differences
            draw_round "$sort" "$number"
            run_almoner "$world/auto" auto
            [ -s "$world/auto.json" ] || { echo "bench: $shape: no plan: $(tail -n 1 "$world/auto.log")" >&2 && differences=$((differences + 1)) && continue; }
            solved=$((solved + 1))
            objectives_of "$world/auto" >"$world/objectives"
            ask_peers
            ask_cbc_again "$before"
            [ "$differences" -eq "$before" ] || { echo "bench: $(tail -n 1 "$table")" >&2 && cp -r "$world" "$world-$sort-$number"; }
        done
    done
    echo "$solved rounds solved; compared with$(for peer in "${!answers[@]}"; do echo " $peer ${answers[$peer]},"; done | sort | tr -d '\n') $differences differ, $(grep -c 'in the gap of Almoner' "$table") in a gap that Almoner left; CBC took back $taken_back"
    [ "$differences" -eq 0 ]
}
