#!/usr/bin/env bash
# cli.sh - the commands as their users type them: each folder of tests/cli/ has a script `cmd` (run by bash in a copy of
# the folder, with a function almoner) and what it must print: `out`, `err`, and the exit code in `code`.
#
#   tests/cli.sh [CASE...]           run all cases, or some
#   tests/cli.sh --update [CASE...]  record what they print now, and say what is new in it
#
# ALMONER_WRAP is put before the program (valgrind ...); a case with a file `long` is then left out: a second becomes a minute,
# and the sanitized build runs it too.
set -u
top=${top_srcdir:-$(cd "$(dirname "$0")/.." && pwd)}
bin=${top_builddir:-$top/build}/almoner
update=
[ "${1:-}" = --update ] && update=1 && shift
passed=0 failed=0 recorded=0
stale=()
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

# What the case printed beside what is recorded of it; 1 = not the same.
compare_case() { # FOLDER
    local part same=0
    for part in out err code; do
        diff -u --label "recorded $part" --label "$part now" "$1/$part" "$work/got/$part" >"$work/diff" 2>&1 && continue
        echo "$name: $part differs"
        head -n 30 "$work/diff"
        same=1
    done
    return $same
}

check_case() { # FOLDER
    if compare_case "$1" >"$work/differences"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        stale+=("$name")
        sed '/: [a-z]* differs$/s/^/FAIL: /' "$work/differences"
    fi
}

update_case() { # FOLDER
    compare_case "$1" && return
    cp "$work"/got/* "$1/"
    recorded=$((recorded + 1))
}

# For whoever changed an answer, and does not know this script.
tell_what_to_do() {
    echo "A crash, or a report of a sanitizer or of valgrind, is a defect. If the new answer is as good as the recorded one - of a plan:"
    echo "all values as good, all bounds as near, and almoner verify accepts it -, record it, and commit it with what changed it:"
    echo "    top_srcdir='$top' top_builddir='${bin%/almoner}' '$top/tests/cli.sh' --update ${stale[*]}"
}

for name in "$@"; do
    [ -f "$top/tests/cli/$name/cmd" ] || { echo "there is no case $name in $top/tests/cli" >&2 && exit 2; }
done
for folder in "$top"/tests/cli/*/; do
    folder=${folder%/}
    name=$(basename "$folder")
    [ -f "$folder/cmd" ] || continue
    [ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
    if [ -n "${ALMONER_WRAP:-}" ] && [ -f "$folder/long" ]; then continue; fi
    run_case "$folder"
    if [ -n "$update" ]; then update_case "$folder"; else check_case "$folder"; fi
done
if [ -n "$update" ]; then
    echo "recorded anew: $recorded"
    exit 0
fi
[ $failed -eq 0 ] || tell_what_to_do
echo "tests: $passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
