#!/bin/bash
# tests/bench/events.sh CHRONUS [RUNS]: what 10,000 notes a second cost: sixteen small instruments render 10 s with 625 notes
# a second each, and without; the difference is what playing the notes takes. Beside ChucK and SuperCollider where they
# are installed, in one run. SPDX-License-Identifier: MIT
set -euo pipefail
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/clock.sh" # sets work, a folder
chronus=${1:?use: tests/bench/events.sh CHRONUS [RUNS]} runs=${2:-5} seconds=10

for i in $(seq 16); do
    echo "patch k$i: sine $((110 * i)) > vca perc(decay=20ms) > gain 0.05 > out"
done >"$work/rest.chr"
cp "$work/rest.chr" "$work/notes.chr"
for i in $(seq 16); do # at 120 bpm a whole note is two seconds
    echo "sequence k$i step=1/1250: xxxxxxxxxxxxxxxx"
done >>"$work/notes.chr"

cpu_ms() {
    local TIMEFORMAT='%3U %3S' spent
    spent=$({ time "$@" >"$work/log" 2>&1; } 2>&1) || {
        tail -n 5 "$work/log" >&2
        exit 1
    }
    awk '{ printf "%.0f", ($1 + $2) * 1000 }' <<<"$spent"
}
run_chronus() {
    "$chronus" render "$work/$1.chr" -o /dev/null --seconds $seconds --tail 0 --bits f32 --no-ceiling --no-meter -q
}
run_chuck() {
    local rate=0
    [ "$1" = rest ] || rate=625
    chuck --silent --caution-to-the-wind "$here/events.ck:$rate:$seconds"
}
run_scsynth() {
    scsynth -N "$work/$1.osc" _ /dev/null 48000 RAW float -o 1 -z 64
}

programs=chronus
if command -v chuck >/dev/null; then programs+=' chuck'; else echo 'chuck is not installed, and is left out'; fi
if command -v scsynth >/dev/null && command -v sclang >/dev/null; then
    HOME=$work BENCH_FOLDER=$work BENCH_SECONDS=$seconds QT_QPA_PLATFORM=offscreen QTWEBENGINE_DISABLE_SANDBOX=1 \
        timeout 120 sclang "$here/supercollider/events.scd" >"$work/log" 2>&1 </dev/null
    programs+=' scsynth'
else
    echo 'scsynth or sclang is not installed, and is left out'
fi

for _ in $(seq "$runs"); do
    for program in $programs; do
        echo "$program $(cpu_ms "run_$program" rest) $(cpu_ms "run_$program" notes)" >>"$work/times"
    done
done
printf '%-9s %12s %12s %22s\n' 'least of' 'without' 'with notes' 'notes, share of a core'
for program in $programs; do
    awk -v name="$program" -v seconds=$seconds '
        $1 == name { rest = !n || $2 < rest ? $2 : rest; notes = !n++ || $3 < notes ? $3 : notes }
        END { printf "%-9s %9.1f ms %9.1f ms %20.2f %%\n", name, rest, notes, (notes - rest) / seconds / 10 }' "$work/times"
done
