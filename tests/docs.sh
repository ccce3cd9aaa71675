#!/usr/bin/env bash
# docs.sh - the documents against the program: every column, word, event, error code, member, setting, route with its roles and
# query, and every option is described where a reader looks for it; files that documents name exist, and every source file has
# its room in docs/architecture.md. With planted names as a control: a check that cannot fail is none.
set -u
top=${top_srcdir:-$(cd "$(dirname "$0")/.." && pwd)}
build=${top_builddir:-$top/build}
for program in almoner almonerd; do
    [ -x "$build/$program" ] || { echo "there is no $build/$program" >&2 && exit 99; }
done

# describes TEXT NAME: NAME stands in it as `NAME...` or "NAME..."
describes() {
    local pattern="[\`\"]${2//./\\.}([^a-z_0-9]|$)"
    [[ $1 =~ $pattern ]]
}

# names_of FILE...: the names that tables in C give to columns, words, members and settings
names_of() {
    sed -nE -e 's/^ +X\([A-Z_0-9]+, "([^"]+)".*/\1/p' \
        -e 's/^ +\{"([a-z_]+)",? ?(KEY|TEXT|LATITUDE|LONGITUDE|INTEGER|WORD|MOMENT|DAY|FIELD_|read_|"|NULL|set_).*/\1/p' \
        -e 's/^ +X\("([a-z_]+)", DECLINE_.*/\1/p' \
        -e 's/^ +\{"(x_)\*?", .*/\1/p' \
        -e 's/^ +\{?\.name = "([a-z_0-9]+)".*/\1/p' \
        -e 's/.*COLUMN\("([a-z_]+)".*/\1/p' "$@"
}

check_names() { # TREE
    local text file name
    text=$(<"$1/docs/formats.md")
    for file in models/fields_table.c models/words.h models/decline.h models/change.h models/err.h models/policy_json.c models/policy_rules_json.c \
        models/policy_examples_json.c models/plan_json.c models/plan_prices_json.c scenarios/source_json.c scheduler/config.c; do
        [ -n "$(names_of "$1/$file")" ] || echo "$file: no names found in it"
        while read -r name; do
            describes "$text" "$name" || echo "docs/formats.md: $name of $file is missing"
        done < <(names_of "$1/$file" | sort -u)
    done
}

# routes_of FILE: METHOD PATH|roles|query, one route a line
routes_of() {
    { sed -n '/^const struct route routes/,/^};/p' "$1" | tr -d '\n' && echo; } | sed 's/{GATE_/\n/g' |
        sed -nE 's/^([A-Z]+), "([^"]*)", "([^"]*)", ([A-Z| ]+), [A-Z_]+, ([A-Z_|0 ]+), *"([^"]*)".*/\1 \2:\3|\4|\5|\6/p' |
        sed -E 's/:\|/|/; s/EVERYONE\|[^|]*ROUTE_OPEN[^|]*\|/OPEN|0|/'
}

check_routes() { # TREE
    local text path roles flags query row shown word n=0
    text=$(<"$1/docs/http.md")
    while IFS='|' read -r path roles flags query; do
        n=$((n + 1))
        shown=$path
        [[ $flags =~ IF_MATCH|CREATES ]] && shown=${path/ /* }
        row=$(grep -F "| \`$shown\` |" <<<"$text")
        [ -n "$row" ] || { echo "docs/http.md: the route $shown is missing" && continue; }
        shown=$(cut -d'|' -f3 <<<"$row" | tr -d ' ' | tr ',' '\n' | sort | tr '\n' ' ')
        word=$(tr '[:upper:]' '[:lower:]' <<<"$roles" | sed 's/everyone/all/' | tr ' ' '\n' | sed '/^$/d' | sort | tr '\n' ' ')
        [ "$shown" = "$word" ] || echo "docs/http.md: $path is for $word, not for $shown"
        for word in $query; do
            describes "$row" "$word" || echo "docs/http.md: $path takes ?$word"
        done
    done < <(routes_of "$1/api/routes.c" | sed 's/ | / /g')
    [ $n -ge 42 ] || echo "api/routes.c: only $n routes could be read"
}

# compare WHERE PROGRAM-OPTIONS MANUAL-OPTIONS
compare() {
    local line
    while read -r line; do
        echo "$1: ${line/#+/not described: }" | sed 's/: -\(--\)/: not in the program: \1/'
    done < <(diff <(printf '%s\n' "$2" | sort -u) <(printf '%s\n' "$3" | sort -u) | sed -n 's/^< /+/p; s/^> /-/p')
}

options() { grep -oE '^ +--[a-z-]+' | tr -d ' ' | grep -vE '^--(help|version)$'; }
flags() { grep -oE 'Fl -[a-z-]+' | sed 's/Fl /-/' | grep -vE '^--(help|version)$'; }

check_options() { # TREE BUILD
    local command
    for command in $("$2/almoner" --help | sed -nE 's/^  ([a-z]+)  +.*/\1/p'); do
        compare "docs/almoner.1: $command" "$("$2/almoner" "$command" --help | options)" "$(
            sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/p' "$1/docs/almoner.1" | sed -n "/^\.Cm $command\$/,/^\.Nm/p" | flags)"
    done
    compare docs/almonerd.8 "$("$2/almonerd" --help | options)" "$(
        sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/p' "$1/docs/almonerd.8" | flags)"
    compare "docs/almonerd.8: text" "$("$2/almonerd" --help | options)" "$(grep '^\.It Fl' "$1/docs/almonerd.8" | flags)"
}

check_files() { # TREE: links, and paths of this project that stand in the documents
    local page path
    for page in README.md HACKING.md docs/architecture.md docs/formats.md docs/http.md docs/operating.md docs/planning.md docs/store.md docs/city.md; do
        while read -r path; do
            [ -e "$1/${path%#*}" ] || [ -e "$1/docs/${path%#*}" ] || echo "$page: there is no $path"
        done < <(sed -nE 's/\]\(([^):]+)\)/\n@\1\n/gp' "$1/$page" | sed -n 's/^@//p'
            grep -oE '\b(models|solver|store|scheduler|api|scenarios|tests|docs)/[a-z_/-]+\.(c|h|md|sh|json|[158])\b' "$1/$page")
    done
}

check_rooms() { # TREE: each source file is one of those that docs/architecture.md has in its folder
    local folder file name room rooms
    # shellcheck disable=SC2016 # the backquotes are the page's
    while read -r folder name; do
        read -ra rooms <<<"$name"
        for file in "$1/$folder"*.[ch]; do
            name=$(basename "${file%.*}")
            for room in "${rooms[@]}"; do
                # shellcheck disable=SC2254
                case $name in $room) continue 2 ;; esac
            done
            echo "docs/architecture.md: $folder${file##*/} has no room"
        done
    done < <(sed -n "/^## Every file's room/,/^## Decisions/p" "$1/docs/architecture.md" | tr '\n' ' ' | sed -E 's/\*\*`([a-z/]+)`\*\*/\n@\1/g' |
        sed -n 's/^@//p' | while read -r folder text; do
        echo "$folder $(grep -oE '`[a-z_*]+`' <<<"$text" | tr -d '`' | tr '\n' ' ')"
    done)
}

check() { # TREE BUILD
    check_names "$1"
    check_routes "$1"
    check_options "$1" "$2"
    check_files "$1"
    check_rooms "$1"
}

# A copy of what is read, with a name in each table that no document knows.
plant() { # FOLDER
    local file
    mkdir -p "$1/build"
    for file in models solver store scheduler api scenarios tests README.md HACKING.md; do
        ln -s "$top/$file" "$1/$file"
    done
    for file in models api scheduler scenarios; do
        rm "$1/$file"
        cp -rL "$top/$file" "$1/$file"
        chmod -R u+w "$1/$file"
    done
    cp -r "$top/docs" "$1/docs"
    chmod -R u+w "$1/docs"
    sed -i 's/^static const struct field pool_fields.*/&\n    {"planted_column", TEXT, AT(pool, x)},/' "$1/models/fields_table.c"
    sed -i 's/^#define SIDES.*/&\n    X(PLANTED, "planted_word") \\/' "$1/models/words.h"
    sed -i 's/^#define EVENTS.*/&\n    X(PLANTED, "planted.event") \\/' "$1/models/change.h"
    sed -i 's/^#define ERR_CODES.*/&\n    X(PLANTED, "planted_code", 500, 1) \\/' "$1/models/err.h"
    sed -i 's/^static const struct read_json_member offer_members.*/&\n    {"planted_member", read_json_int, 0},/' "$1/models/policy_json.c"
    sed -i 's/^static const struct setting settings.*/&\n    {"planted_setting", "N", set_number},/' "$1/scheduler/config.c"
    sed -i 's/^const struct route routes.*/&\n    {GATE_GET, "\/v1\/planted", "", ADMIN, ROUTE_NOTHING, 0, "", 200, x, "y"},/
        s/"kind district",/"kind district planted_query",/' "$1/api/routes.c"
    echo 'See [this](planted.md).' >>"$1/docs/http.md"
    : >"$1/models/planted_room.c"
    # shellcheck disable=SC2016
    printf '#!/bin/sh\n"%s/almoner" "$@"\n[ "$1" != token ] || echo "  --planted-option X"\n' "$build" >"$1/build/almoner"
    printf '#!/bin/sh\n"%s/almonerd" "$@"\n' "$build" >"$1/build/almonerd"
    chmod +x "$1/build/almoner" "$1/build/almonerd"
}

bad=0
found=$(check "$top" "$build")
[ -z "$found" ] || { echo "FAIL: ${found//$'\n'/$'\n'FAIL: }" && bad=1; }

control=$(mktemp -d)
trap 'rm -rf "$control"' EXIT
plant "$control"
found=$(check "$control" "$control/build")
for name in planted_column planted_word planted.event planted_code planted_member planted_setting /v1/planted planted_query \
    planted-option planted.md planted_room.c; do
    grep -qF -- "$name" <<<"$found" || { echo "FAIL: the control $name was not found" && bad=1; }
done
[ $bad -eq 0 ] && echo "tests: 16 passed, 0 failed, 0 skipped"
exit $bad
