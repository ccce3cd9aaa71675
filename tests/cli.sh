#!/usr/bin/env bash
# cli.sh - the commands as their users type them: each folder of tests/cli/ has a script `cmd` (run by bash in a copy of
# the folder, with a function almoner) and what it must print: `out`, `err`, and the exit code in `code`.
#
#   tests/cli.sh [CASE...]           run all cases, or some
#   tests/cli.sh --update [CASE...]  record what they print now
#
# ALMONER_WRAP is put before the program (valgrind ...); a case with a file `long` is then left out: a second becomes a minute,
# and the sanitized build runs it too.
set -u
top=${top_srcdir:-$(cd "$(dirname "$0")/.." && pwd)}
bin=${top_builddir:-$top/build}/almoner
update=
[ "${1:-}" = --update ] && update=1 && shift
passed=0 failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

[ -x "$bin" ] || { echo "there is no $bin" >&2 && exit 99; }

run_case() { # FOLDER: prints into $work/got
    rm -rf "$work/case" "$work/got"
    mkdir -p "$work/got"
    cp -r "$1" "$work/case"
    [ -d "$work/case/world" ] || cp -r "$top/tests/cli/world" "$work/case/world"
    (
        cd "$work/case" || exit 98
        # shellcheck disable=SC2317,SC2086
        almoner() { ${ALMONER_WRAP:-} "$bin" "$@"; }
        export -f almoner
        export bin
        bash -e -o pipefail cmd >"$work/got/out" 2>"$work/got/err"
        echo $? >"$work/got/code"
    )
    # times differ from run to run, and are no business of these tests
    sed -i -E 's/solved in [0-9.]+ s/solved in T s/' "$work/got/err"
}

check_case() { # FOLDER
    local part
    for part in out err code; do
        if ! diff -u "$1/$part" "$work/got/$part" >"$work/diff" 2>&1; then
            echo "FAIL: $(basename "$1"): $part differs"
            head -n 30 "$work/diff"
            return 1
        fi
    done
}

for folder in "$top"/tests/cli/*/; do
    folder=${folder%/}
    name=$(basename "$folder")
    [ -f "$folder/cmd" ] || continue
    [ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
    if [ -n "${ALMONER_WRAP:-}" ] && [ -f "$folder/long" ]; then continue; fi
    run_case "$folder"
    if [ -n "$update" ]; then
        cp "$work"/got/* "$folder/"
    elif check_case "$folder"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
done
echo "tests: $passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
