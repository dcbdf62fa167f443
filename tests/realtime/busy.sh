# A busy set on the virtual card, with one core of the machine loaded: how much processor time the thread of the sound takes for
# a block (p99.9 at most half of what a block lasts, at 256 and at 64 frames), whether the frames keep up with the server's
# clock, and how many blocks are lost where the server waits for nobody. For a few seconds; the figures of docs/live.md are from
#
#     tests/realtime/busy.sh BUILD/chronus BUILD/cli_soundtool BUILD/libshipped_calls.so 60
# SPDX-License-Identifier: MIT
needs="jackd"
. "$(dirname "$0")/card.sh"
timer=$3 seconds=${4:-3}
# 64 voices of saw, filter and envelope, four effects in a row, drums and a bass.
{
    sed 's/^patch w2/patch many/' "$here/../bench/w2.chr"
    sed 's/^patch w4/patch deep/' "$here/../bench/w4.chr"
    printf 'tempo 128\ncreate kick\nsequence kick: x...x...x...x...\ncreate hat\nsequence hat: ..x...x...x...x.\n'
    printf 'create bass cutoff=500\nmelody bass: C2 . C2 Eb2 G2 . C2 .\nplay\n'
} >busy.chr

measure() { # PERIOD
    local period=$1 code=0 load
    rm -f times report
    sh -c 'while :; do :; done' &
    load=$!
    command -v taskset >/dev/null && taskset -p -c 0 $load >/dev/null
    CALLS_TIMES=$work/times "$here/virtual-sound-card.sh" run -A -p "$period" -R report -- \
        env LD_PRELOAD="$timer" "$chronus" run busy.chr --seconds "$seconds" >out 2>err || code=$?
    kill $load
    wait $load 2>/dev/null
    [ $code = 0 ] && [ -s times ] || { fail "blocks of $period: exit code $code"; return; }
    grep -v seconds times | sort -n >sorted
    awk -v period="$period" '
        { t[NR] = $1 / 1000 }
        function at(share) { i = int(share * NR); return t[i < 1 ? 1 : i] }
        END {
            lasts = period / 0.048
            printf "blocks of %d: %d, each lasts %.0f us; processor time p50 %.0f us, p99 %.0f us, p99.9 %.0f us (%.0f %%), longest %.0f us\n",
                period, NR, lasts, at(0.5), at(0.99), at(0.999), 100 * at(0.999) / lasts, t[NR]
            exit at(0.999) > lasts / 2
        }' sorted || fail "blocks of $period: p99.9 is more than half of what a block lasts"
    # The server's periods come at its own clock's pace, and each was asked of us once.
    awk -v period="$period" -v lost="$(grep -o 'late_cycles=[0-9]* lost_blocks=[0-9]*' report)" '
        /seconds/ { seconds = $2 }
        END {
            ratio = (NR - 2) * period / seconds / 48000
            printf "%d frames, %.4f of what the clock of the server counted; %s\n", (NR - 1) * period, ratio, lost
            exit ratio < 0.98 || ratio > 1.02
        }' times || fail "blocks of $period: the frames do not keep up"
}
measure 256
measure 64
finish
