#!/bin/bash
# tests/bench/modules.sh BENCH_MODULES [SOURCE]: what each module costs, in instructions for each sample, alone and for each of
# sixteen that share their work, counted by valgrind for AVX2: the same on every machine. Prints the table; with SOURCE, the
# tree, it renews dsp/costs.def and the table in docs/performance.md. SPDX-License-Identifier: MIT
set -euo pipefail
export LC_ALL=C
program=${1:?use: tests/bench/modules.sh BENCH_MODULES [SOURCE]} source=${2:-}
command -v valgrind >/dev/null || {
    echo "modules.sh: valgrind is missing: it is the Debian package of that name" >&2
    exit 3
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
code=0
valgrind --tool=callgrind --collect-atstart=no --callgrind-out-file="$work/c" "$program" >"$work/said" 2>&1 || code=$?
if [ $code != 0 ]; then
    cat "$work/said" >&2
    exit $code
fi
# Two digits tell enough, and do not change with every change of a kernel.
for part in $(ls "$work" | sed -n 's/^c\.\([0-9]*\)$/\1/p' | sort -n); do
    cat "$work/c.$part"
done | awk '
    function digits(x,  unit) {
        for (unit = 1; x / unit >= 100; unit *= 10) { }
        return x < 10 ? sprintf("%.1f", x) : int(x / unit + 0.5) * unit
    }
    /^desc: Trigger: Client Request: module / { name = $6; lanes = $7; samples = $8 }
    /^summary: / && name {
        if (lanes == 1)
            alone = $2 / samples
        else
            printf "CHR_COST(%s, %s, %s)\n", name, digits(alone), digits($2 / samples / lanes)
        name = ""
    }' >"$work/table"
if [ -z "$source" ]; then
    cat "$work/table"
    exit
fi
{
    echo '/* What each module costs, in instructions for each sample: CHR_COST(name, alone, each of sixteen that share their work).'
    echo ' * Counted for AVX2 and written by tests/bench/modules.sh. */'
    cat "$work/table"
} >"$source/dsp/costs.def"
awk -v table="$work/table" '
    /^\| module \| alone \| in 16 lanes \| \|$/ {
        print; getline; print
        while ((getline line < table) > 0) {
            split(line, part, /[(), ]+/)
            word = part[3] < CHEAP ? "cheap" : part[3] < COSTLY ? "moderate" : "costly"
            print "| `" part[2] "` | " part[3] " | " part[4] " | " word " |"
        }
        skips = 1
        next
    }
    skips && /^\|/ { next }
    { skips = 0; print }
' CHEAP="$(sed -n 's/.*CHR_COST_CHEAP = \([0-9]*\).*/\1/p' "$source/dsp/costs.h")" \
    COSTLY="$(sed -n 's/.*CHR_COST_COSTLY = \([0-9]*\).*/\1/p' "$source/dsp/costs.h")" "$source/docs/performance.md" >"$work/page"
cat "$work/page" >"$source/docs/performance.md"
