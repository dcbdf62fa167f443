# The program as it is shipped plays, changes and makes mistakes, and in no block of sound does it allocate, lock, wait or call
# the system (shipped/interposer.c counts). For some seconds; tests/realtime/shipped_calls.sh CHRONUS SOUNDTOOL INTERPOSER 60
# does it for a minute.
# SPDX-License-Identifier: MIT
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../cli/lib.sh"
interposer=$3 seconds=${4:-5}

# An evening in short: numbers, structure, new patches, patterns, tempo, faults, mistakes, mute, hush.
evening() {
    local end=$(($(date +%s) + seconds)) n=0
    echo 'patch pad: saw [110 110.7] > spread > lpf 900 as tone > gain -14dB > out'
    printf 'create kick\nsequence kick: x...x...x...x...\ncreate bass cutoff=500\nmelody bass: C2 C2 G2 Eb2\nplay\n'
    while [ "$(date +%s)" -lt $end ]; do
        n=$((n + 1))
        echo "pad.cutoff = $((400 + n * 37 % 2000))"
        [ $((n % 2)) = 0 ] && echo "patch lead: saw $((200 + n % 9 * 10)) > lpf 1200 > delay 0.2 > gain -20dB > out"
        [ $((n % 3)) = 0 ] && echo "patch wide: saw [220 220.5 331] > spread > reverb > gain -24dB > out"
        [ $((n % 4)) = 0 ] && printf 'sequence kick: x..x..x...x.x...\ntempo %d\n' $((100 + n % 40))
        [ $((n % 5)) = 0 ] && printf 'patch bad: (saw 220) * 1e15 * 1e15 * 1e15 > out\n'
        [ $((n % 5)) = 1 ] && printf 'patch vco > nosuchmodule > out\nnonsense\n'
        [ $((n % 7)) = 0 ] && printf 'mute kick\nremove lead\n'
        [ $((n % 7)) = 1 ] && printf 'unmute kick\n'
        [ $((n % 11)) = 0 ] && printf 'undo\n'
        [ $((n % 23)) = 0 ] && printf 'hush\nplay\n'
        sleep 0.06
    done
    echo quit
}

# counts NAME=VALUE... of the report, and its words.
has() { grep -q "$1" report; }
quiet() { # WHAT
    [ -s report ] || { fail "$1: no report"; return; }
    echo "$1: $(cat report); $(grep -c 'kept' out) swaps told, $(grep -c . err) lines of errors"
    has 'calls=0 .*system_calls=0 ' || fail "$1: $(cat report)"
    [ "$(sed 's/fills=\([0-9]*\).*/\1/' report)" -gt $((seconds * 50)) ] || fail "$1: too few blocks"
    [ "$(grep -c 'kept' out)" -gt "$seconds" ] || fail "$1: no swaps"
    grep -q "nosuchmodule" err && grep -q "is not a number" err || fail "$1: no mistakes, or no faults"
}

export CALLS_REPORT=$work/report
evening | LD_PRELOAD=$interposer "$chronus" --null >out 2>err
quiet "without a card"

# It would have been seen.
for deed in allocates locks "calls the system"; do
    rm -f report
    printf 'patch saw 220 > out\n' | CALLS_DEED=$deed LD_PRELOAD=$interposer "$chronus" --null --seconds 1 >out 2>err
    [ "$deed" = "calls the system" ] && has kernel=unwatched && continue
    if has ' calls=0 .*system_calls=0 '; then fail "a fill that $deed was not seen"; fi
done
has kernel=watched || echo "system calls that do not go through the C library were not watched: this kernel cannot"

# On a card, where its library stands between.
if command -v jackd >/dev/null; then
    unset JACK_NO_START_SERVER
    rm -f report
    export -f evening
    export seconds chronus interposer
    "$here/virtual-sound-card.sh" run -t 60000 -- \
        bash -c 'evening | LD_PRELOAD=$interposer "$chronus" --block 256 >out 2>err' >card 2>&1 || true
    quiet "on the virtual card"
else
    echo "there is no jackd here: on a card this was not tried"
fi
finish
