#!/bin/bash
# tests/bench/smoke.sh CHRONUS: the scripts of the benchmarks are right and sound: half a second of each is rendered. Looks
# at no clock. SPDX-License-Identifier: MIT
set -euo pipefail
export LC_ALL=C
chronus=$1
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
for w in 1 2 3 4 5 6 7; do
    told=$("$chronus" render "$here/w$w.chr" -o "$work/w$w.wav" --seconds 0.5 --tail 0)
    peak=$(sed -n 's/^peak \(-\{0,1\}[0-9.]*\) dBFS.*/\1/p' <<<"$told")
    if [ -z "$peak" ] || awk "BEGIN { exit $peak > -30 && $peak <= 0 }"; then
        failures=$((failures + 1))
        printf 'FAILED: w%s.chr: its peak should lie between -30 and 0 dBFS\n%s\n' "$w" "$told"
    fi
done
# The same work written as a list of chains.
for w in 1 2 3; do
    "$chronus" render "$here/w${w}_chains.chr" -o "$work/chains.wav" --seconds 0.5 --tail 0 -q
    if ! cmp -s "$work/w$w.wav" "$work/chains.wav"; then
        failures=$((failures + 1))
        echo "FAILED: w${w}_chains.chr: it should sound as w$w.chr does, bit for bit"
    fi
done
exit $((failures > 0))
