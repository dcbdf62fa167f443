# tests/bench/clock.sh: what compile.sh and start.sh share. SPDX-License-Identifier: MIT
# shellcheck shell=bash
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# measure RUNS COMMAND...: prints how long the command takes: by the clock on the wall, which also shows what else the
# machine had to do, and in CPU time, its own work.
measure() {
    local runs=$1 TIMEFORMAT='%3U %3S' begin cpu
    shift
    cpu=$({
        time for ((i = 0; i < runs; i++)); do
            begin=$EPOCHREALTIME
            "$@" >"$work/said" 2>&1 || {
                cat "$work/said" >&2
                exit 1
            }
            printf '%s %s\n' "$begin" "$EPOCHREALTIME" >&3
        done
    } 3>"$work/times" 2>&1) || {
        printf 'failed: %s\n%s\n' "$*" "$cpu" >&2
        exit 1
    }
    awk '{ printf "%.3f\n", ($2 - $1) * 1000 }' "$work/times" | sort -n | awk -v cpu="$cpu" '
        { t[NR] = $1 }
        END {
            split(cpu, own, " ")
            printf "least %.1f ms, median %.1f ms, most %.1f ms; CPU %.1f ms on average; %d runs\n", t[1],
                NR % 2 ? t[(NR + 1) / 2] : (t[NR / 2] + t[NR / 2 + 1]) / 2, t[NR], (own[1] + own[2]) * 1000 / NR, NR
        }'
}
