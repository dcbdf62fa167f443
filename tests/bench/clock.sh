# tests/bench/clock.sh: what compile.sh and start.sh share. SPDX-License-Identifier: MIT
# shellcheck shell=bash
export LC_ALL=C

# wall_ms COMMAND...: milliseconds that it took, by the clock on the wall.
wall_ms() {
    local begin=$EPOCHREALTIME
    "$@" >/dev/null 2>&1 || {
        printf 'failed: %s\n' "$*" >&2
        exit 1
    }
    awk -v a="$begin" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.2f\n", (b - a) * 1000 }'
}

# spread: least, median and most of the numbers that come in, one a line.
spread() {
    sort -n | awk '{ t[NR] = $1 }
        END { printf "least %.1f ms, median %.1f ms, most %.1f ms, of %d runs\n", t[1],
              NR % 2 ? t[(NR + 1) / 2] : (t[NR / 2] + t[NR / 2 + 1]) / 2, t[NR], NR }'
}
