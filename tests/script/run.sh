#!/bin/bash
# tests/script/run.sh: provokes every message of the program and compares the whole text.
# SPDX-License-Identifier: MIT
#
#   run.sh CHRONUS                 runs everything
#   run.sh CHRONUS --rewrite [NAME…]  writes the expectations anew (all, or those named); read the difference before you keep it
#
# bad/NAME.chr, or bad/NAME.gen (a shell script that prints the text, where it is too large or too strange to be kept):
#   where files are needed beside it, it makes them; what `chronus check NAME.chr` says is bad/NAME.txt. With bad/NAME.json beside it, --json is compared as well.
# golden/NAME.chr: NAME.tokens, NAME.ast, NAME.ir, NAME.graph are what `chronus check --dump` prints; those that are there are compared.
# Every code of lang/diag.def is in some bad/*.txt, or in the file `elsewhere` with the test that provokes it.
set -u
chronus=$(realpath "${1:?the program}")
shift
rewrite=no
if [ "${1:-}" = --rewrite ]; then
    rewrite=yes
    shift
fi
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export NO_COLOR="" LC_ALL=C.UTF-8
failures=0
count=0

chosen() {
    [ $# -eq 1 ] && return 0
    local name=$1
    shift
    local one
    for one in "$@"; do [ "$one" = "$name" ] && return 0; done
    return 1
}

# compare WHAT EXPECTED: with the text in $work/said.
compare() {
    count=$((count + 1))
    if [ "$rewrite" = yes ]; then
        cp "$work/said" "$2"
    elif ! diff -u --label "expected $1" --label "said now" "$2" "$work/said"; then
        failures=$((failures + 1))
    fi
}

# A message is there even if the program crashes after it, so the exit code is looked at too: 0 for warnings, 1 for errors.
check_one() {
    local script=$1 name=$2 code=0
    (cd "$(dirname "$script")" && timeout 20 "$chronus" check "$name.chr") >"$work/said" 2>&1 </dev/null || code=$?
    if [ $code -gt 1 ]; then
        printf 'FAILED: check %s: exit code %d\n' "$name" $code
        failures=$((failures + 1))
    fi
    if grep -q 'syntax error' "$work/said"; then
        printf 'FAILED: %s: no message says "syntax error"\n' "$name"
        failures=$((failures + 1))
    fi
    compare "$name.txt" "$here/bad/$name.txt"
    if [ -e "$here/bad/$name.json" ]; then
        (cd "$(dirname "$script")" && timeout 20 "$chronus" check "$name.chr" --json) >"$work/said" 2>&1 </dev/null
        compare "$name.json" "$here/bad/$name.json"
    fi
}

for script in "$here"/bad/*.chr; do
    name=$(basename "$script" .chr)
    chosen "$name" "$@" || continue
    check_one "$script" "$name"
done
for script in "$here"/bad/*.gen; do
    [ -e "$script" ] || continue
    name=$(basename "$script" .gen)
    chosen "$name" "$@" || continue
    (cd "$work" && bash "$script") >"$work/$name.chr"
    check_one "$work/$name.chr" "$name"
done

for script in "$here"/golden/*.chr; do
    [ -e "$script" ] || continue
    name=$(basename "$script" .chr)
    chosen "$name" "$@" || continue
    for stage in tokens ast ir graph; do
        [ -e "$here/golden/$name.$stage" ] || continue
        # The lanes of a graph are those of an instruction set: the text kept is of the least one of x86-64.
        [ "$stage" = graph ] && [ "$(uname -m)" != x86_64 ] && continue
        (cd "$here/golden" && CHRONUS_ISA=x86-64 timeout 20 "$chronus" check "$name.chr" --dump "$stage") >"$work/said" 2>&1 </dev/null
        compare "$name.$stage" "$here/golden/$name.$stage"
    done
done

# Nothing undescribed, nothing untried.
if [ $# -eq 0 ]; then
    for code in $(sed -n 's/^ *CHR_DIAG(\([EWN][0-9]*\),.*/\1/p' "$root/lang/diag.def"); do
        grep -q "\[$code\]" "$here"/bad/*.txt && continue
        grep -q "^$code " "$here/elsewhere" && continue
        printf 'FAILED: no script in tests/script/bad provokes %s\n' "$code"
        failures=$((failures + 1))
    done
    for text in "$here"/bad/*.txt; do
        name=$(basename "$text" .txt)
        [ -e "$here/bad/$name.chr" ] || [ -e "$here/bad/$name.gen" ] && continue
        printf 'FAILED: bad/%s.txt has no script\n' "$name"
        failures=$((failures + 1))
    done
fi
printf '%d texts, %d failures\n' "$count" "$failures"
[ "$failures" -eq 0 ]
