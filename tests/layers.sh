#!/usr/bin/env bash
# layers.sh - who includes whom: an arrow goes down only (docs/architecture.md); inside a layer, who calls
# whom; and who asks what time it is. With planted breaks as controls: a check that cannot fail is none.
set -u
top=${top_srcdir:-$(cd "$(dirname "$0")/.." && pwd)}
build=${top_builddir:-$top/build}
bad=0

# files => the project's own headers that they may include; the first line that fits decides
rules='
^models/ => ^models/
^solver/ => ^(models|solver)/
^store/ => ^(models|store)/
^scheduler/usecases/ => ^(models|scheduler/usecases)/|^solver/eligibility\.h
^scheduler/(main|demo)\.c => ^(models|solver|store|scheduler|api|scenarios)/
^scheduler/ => ^(models|solver|store|scheduler)/
^api/ => ^(models|solver|store|scheduler|api)/
^scenarios/(draw|city|random|source) => ^(models|scenarios)/
^scenarios/ => ^(models|solver|store|scenarios|scheduler/usecases)/|^scheduler/clock\.h'

# header regex | files that alone may include it
owners='
<glpk\.h>|^solver/glpk_[a-z_]+\.c|^solver/glpk_mip_inside\.h
<hiredis/|^store/redis_[a-z_]+\.[ch]
<event2/http|^api/http(_stream)?\.c
<event2/|^(scheduler/[a-z_]+|api/[a-z_]+|store/redis_[a-z_]+)\.[ch]
<jansson\.h>|^([a-z]+/[a-z_]*json\.[ch]|api/[a-z_]+\.[ch]|scheduler/config\.c|scenarios/cmd_[a-z]+\.c|store/token\.c)
<evhttp\.h>|^none$'

# who asks what time it is: everybody else is given a function or a number
clocks='^(scheduler/clock|solver/budget)\.c:'

asks_the_time() { # TREE
    (cd "$1" && grep -rnE '\<(time|gettimeofday|clock_gettime)\((NULL|0|&|CLOCK_)' models solver store \
        scheduler api scenarios --include='*.c' | grep -vE "$clocks")
}

includes() { # FILE:HEADER, one a line
    (cd "$1" && grep -rnoE '^#include ["<][^">]+[">]' models solver store scheduler api scenarios \
        --include='*.[ch]' | sed -E 's/^([^:]+):[0-9]+:#include (.*)$/\1:\2/')
}

allowed() { # FILE HEADER: by the first rule that names the file
    local line
    while IFS= read -r line; do
        [ -n "$line" ] || continue
        [[ $1 =~ ${line%% => *} ]] || continue
        [[ $2 =~ ${line##* => } ]]
        return
    done <<<"$rules"
    return 1
}

owned() { # FILE <HEADER>
    local line
    while IFS= read -r line; do
        [ -n "$line" ] || continue
        local header=${line%%|*} files=${line#*|}
        [[ $2 =~ $header ]] || continue
        [[ $1 =~ $files ]] && return 0
        return 1
    done <<<"$owners"
    return 0
}

check() { # TREE
    local wrong=0 file header
    while IFS=: read -r file header; do
        case $header in
        \"config.h\") continue ;;
        \"*) allowed "$file" "${header//\"/}" && continue ;;
        *) owned "$file" "$header" && continue ;;
        esac
        echo "FAIL: $file must not include $header"
        wrong=1
    done < <(includes "$1")
    asks_the_time "$1" && wrong=1
    return $wrong
}

# libraries in which no files call each other in a circle
one_way='libsolver.a libusecases.a libshell.a libstore_redis.a'

calls() { # of `nm -A`: "FILE FILE" a line, a caller and whom it calls in the same library
    awk '{ sub(/\.o:.*/, "", $1); sub(/.*:/, "", $1); kind = $(NF - 1) }
        kind == "U" { who[++n] = $1; what[n] = $NF }
        kind ~ /^[TRDB]$/ { home[$NF] = $1 }
        END { for (i = 1; i <= n; i++) if (what[i] in home && home[what[i]] != who[i]) print who[i], home[what[i]] }' | sort -u
}

no_circle() { # CALLS
    local circle
    circle=$(tsort 2>&1 >/dev/null <<<"$1") && return 0
    echo "FAIL: files that call each other in a circle:${circle//tsort:/}"
    return 1
}

for library in $one_way; do
    who=$(nm -A "$build/$library" 2>/dev/null | calls)
    [ -n "$who" ] || { echo "FAIL: nobody calls anybody in $build/$library" && bad=1; }
    no_circle "$who" || bad=1
done
no_circle "$(printf 'x.a:%s.o:%s\n' one '0 T one_do' one ' U two_do' two '0 T two_do' two ' U one_do' | calls)" >/dev/null &&
    echo "FAIL: a planted circle was not found" && bad=1

check "$top" || bad=1

control=$(mktemp -d)
trap 'rm -rf "$control"' EXIT
for plant in 'models/err.c:#include "store/store.h"' 'solver/solver.c:#include <hiredis/hiredis.h>' \
    'api/routes.c:#include <event2/http.h>' 'scheduler/rounds.c:int64_t now = time(NULL);'; do
    rm -rf "${control:?}"/*
    for folder in models solver store scheduler api scenarios; do
        mkdir -p "$control/$folder"
    done
    echo "${plant#*:}" >"$control/${plant%%:*}"
    if check "$control" >/dev/null; then
        echo "FAIL: the control $plant was not found"
        bad=1
    fi
done
[ $bad -eq 0 ] && echo "tests: 10 passed, 0 failed, 0 skipped"
exit $bad
