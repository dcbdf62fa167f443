#!/bin/bash
# tests/bench/compile.sh CHRONUS [RUNS]: how long `chronus check` takes for a script of 100 kB, beside an empty one.
# SPDX-License-Identifier: MIT
set -euo pipefail
. "$(dirname -- "$0")/clock.sh" # sets work, a folder
chronus=${1:?use: tests/bench/compile.sh CHRONUS [RUNS]} runs=${2:-21}

# What a session is made of, again and again under new names, until there are 100,000 bytes.
awk 'BEGIN {
    for (i = 1; n < 100000; i++) {
        text = sprintf("# Part %d: a bass line, its drum, and a pad behind both.\n", i)
        text = text sprintf("let wob%d = lfo(%.2f) > range 300 2kHz\n", i, 0.1 + i % 17 / 10)
        text = text sprintf("patch bass%d: saw freq + 0.5*square(freq/2) > lpf cutoff=wob%d res=0.4 > env 5ms 200ms 0.5 100ms\n", i, i)
        text = text sprintf("  > drive 1.5 > gain -%ddB > out\n", 12 + i % 9)
        text = text sprintf("melody bass%d step=1/8: C2 C2 . G2 [Eb2 F2] _ Bb1 C3\n", i)
        text = text sprintf("patch drum%d: sine 50+120*perc(40ms) > perc 300ms > gain 0.2 > out\n", i)
        text = text sprintf("sequence drum%d: x...x...x..xx...\n", i)
        text = text sprintf("patch pad%d voices=4: saw freq + saw freq*1.005 > lpf 900+400*lfo(0.2) > env 0.5 1 0.7 1 > mix 0.1 > chorus > out\n", i)
        text = text sprintf("melody pad%d step=1 bar: Cm7 Abmaj7 Fm7 G7\n\n", i)
        n += length(text)
        printf "%s", text
    }
}' >"$work/long.chr"
: >"$work/empty.chr"
printf '%s bytes, %s patches: ' "$(wc -c <"$work/long.chr")" "$(grep -c '^patch' "$work/long.chr")"
measure "$runs" "$chronus" check "$work/long.chr"
printf 'an empty script:          '
measure "$runs" "$chronus" check "$work/empty.chr"
