#!/bin/bash
# tests/bench/enter.sh CHRONUS [EDITS [BLOCK]]: from Enter until the block of sound is made in which a change is first heard,
# in a session of 50 patches, with `quantize off`, on a device that is none: half of the edits are numbers, a quarter another
# structure, a quarter another instrument. SPDX-License-Identifier: MIT
set -euo pipefail
. "$(dirname -- "$0")/clock.sh" # sets work, a folder
chronus=${1:?use: tests/bench/enter.sh CHRONUS [EDITS [BLOCK]]} edits=${2:-400} block=${3:-256}

session() {
    local i
    echo 'quantize off'
    for ((i = 0; i < 50; i++)); do
        case $((i % 3)) in
        0) echo "patch p$i: saw $((55 + i * 7)) > lpf $((300 + i * 20)) > gain 0.01 > out" ;;
        1) echo "patch p$i voices=4: square freq > lpf 900 > vca env(release=200ms) > mix > gain 0.01 > out" ;;
        2) echo "create p$i bass cutoff=$((300 + i * 10))" ;;
        esac
        [ $((i % 3)) -eq 0 ] || echo "melody p$i: C2 . G2 Eb2"
    done
    echo play
}

edit() { # NUMBER
    local patch=$(($1 * 7 % 17 * 3))
    case $(($1 % 4)) in
    0 | 2) echo "patch p$patch: saw $((55 + $1 % 50)) > lpf $((300 + $1)) > gain 0.01 > out" ;;
    1) echo "patch p$patch: saw 110 > lpf 800 > chorus > gain 0.0$((1 + $1 % 8)) > out" ;;
    3) echo "patch p$((patch + 1)) voices=4: saw freq > hpf 200 > lpf $((500 + $1)) > vca env(release=200ms) > mix > gain 0.01 > out" ;;
    esac
}

mkfifo "$work/lines"
"$chronus" --null --block "$block" --stats-json "$work/figures" <"$work/lines" >"$work/said" 2>&1 &
exec 9>"$work/lines"
session >"$work/session"
{
    cat "$work/session"
    sleep 1
} >&9
for ((i = 0; i < edits; i++)); do
    edit "$i" >&9
    sleep 0.05 # a fade takes 10 ms: nothing waits for another's end
done
echo quit >&9
exec 9>&-
wait $! || {
    tail -n 20 "$work/said"
    exit 1
}
tail -n 1 "$work/figures" | sed -n '
    s/.*"applied": \([0-9]*\), "refused": \([0-9]*\).*/\1 evaluations applied, \2 refused/p'
for part in compile_ms wait_ms swap_ms enter_to_sound_ms cpu_percent; do
    tail -n 1 "$work/figures" | sed -n "s/.*\"$part\": {\([^}]*\)}.*/$part: \1/p"
done
awk -v block="$block" 'BEGIN { printf "one block is %.2f ms\n", block / 48 }'
