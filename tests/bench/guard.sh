#!/bin/bash
# tests/bench/guard.sh CHRONUS COMPILER [--renew REASON]: the engine has not become slower: millions of instructions for each
# second of sound of seven scripts, counted by valgrind, within 5 % of guard/figures. So it is the same on every machine and
# at every load. What has become less is to be written down too: --renew does that, and keeps the reason.
#
# COMPILER is a word like clang-14; where guard/figures was written by another one, nothing is compared (exit code 77).
# SPDX-License-Identifier: MIT
set -euo pipefail
export LC_ALL=C
chronus=${1:?use: tests/bench/guard.sh CHRONUS COMPILER [--renew REASON]} compiler=${2:?which compiler?}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
figures=$here/guard/figures
renew='' reason=''
if [ "${3:-}" = --renew ]; then
    renew=1 reason=${4:-}
    [ -n "$reason" ] || {
        echo "guard.sh: a figure is changed for a reason only: --renew 'filters are worked out four at a time'" >&2
        exit 2
    }
elif [ "$(sed -n 's/^compiler //p' "$figures")" != "$compiler" ]; then
    echo "skipped: the figures are those of $(sed -n 's/^compiler //p' "$figures"), and this was built by $compiler"
    exit 77
fi
unset CHRONUS_ISA
isa=x86-64-v3 # valgrind knows no AVX-512
# The function in which the sound is made counts, with all that it calls, and nothing else.
count() { # SCRIPT SECONDS: millions for each second
    valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect=chr_engine_render "$chronus" render "$here/$1" \
        -o /dev/null --seconds "$2" --tail 0 --no-ceiling --no-meter --isa "$isa" -q 2>&1 |
        awk -v seconds="$2" '/Collected : / { n = $NF } END { if (n > 0) printf "%.1f", n / seconds / 1e6 }'
}
if ! command -v valgrind >/dev/null || ! valgrind --tool=none /bin/true >/dev/null 2>&1; then
    echo "skipped: valgrind is missing, or cannot run here"
    exit 77
fi
if ! "$chronus" render "$here/w1.chr" -o /dev/null --seconds 0.01 --tail 0 --isa $isa -q >/dev/null 2>&1; then
    echo "skipped: this processor has no AVX2"
    exit 77
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
while read -r script seconds before; do
    now=$(count "$script" "$seconds")
    if [ -z "$now" ]; then
        echo "FAILED: $script could not be counted"
        exit 1
    fi
    echo "$script $seconds $now" >>"$work/figures"
    awk -v script="$script" -v was="$before" -v is="$now" 'BEGIN {
        change = was > 0 ? (is / was - 1) * 100 : 0
        printf "%-20s %8.1f million a second of sound, %+.1f %%\n", script, is, change
        if (change > 5) { print "FAILED: that is more than 5 % more than before"; exit 1 }
        if (change < -5) { print "FAILED: that is more than 5 % less than before: a figure that is true is to be written down"; exit 1 }
    }' || failures=$((failures + 1))
done < <(sed -n '/\.chr /p' "$figures")
if [ -n "$renew" ]; then
    { sed '/^compiler /,$d' "$figures"; echo "compiler $compiler"; cat "$work/figures"; sed -n '/^reason: /p' "$figures"; echo "reason: $reason"; } >"$work/new"
    cat "$work/new" >"$figures"
    echo "written to $figures"
    exit 0
fi
[ $failures = 0 ] || {
    echo "$failures of them differ; if that is meant: tests/bench/guard.sh CHRONUS $compiler --renew 'why it is so'"
    exit 1
}
