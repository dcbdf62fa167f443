# What a session at the prompt plays on a sound card is what its journal renders to, bit for bit: with 200 edits, undo and
# redo among them, one after the other and several at once; with a patch that hears what is played (the card's third input); and
# with a patch that is too much for any computer, so that its voices are thinned. The sound card is jackd's dummy driver.
#   take_equals_capture.sh CHRONUS SOUNDTOOL [untimed]: untimed: a build that thins no voices
# SPDX-License-Identifier: MIT
needs="jackd jack_capture"
. "$(dirname "$0")/card.sh"
# Where the sound's thread cannot go before other programs, it may be their fault that it is late, and then nothing is thinned.
overloads=true
[ "${3-}" != untimed ] && chrt -f 70 true 2>/dev/null || overloads=false

# Sixteen thousand oscillators and filters, until voices go.
overload() {
    echo 'force: patch heap voices=256: [for i in 1..64: saw freq*i > ladder 900] > mix > env > mix > gain -40dB > out'
    echo 'melody heap: C2 [E2,G2]'
    wait_for 60 grep -q 'late: heap plays' out >&2
    sleep 0.7
    echo 'remove heap'
}
# Two hundred edits: numbers, structure, patterns, patches that come and go, the clock, mistakes.
edits() {
    printf 'tempo 140\npatch pad: saw [110 110.7 165] > spread > lpf 900 > chorus > gain -16dB > out\n'
    printf 'create kick\nsequence kick: x...x...x...x...\ncreate bass cutoff=500\nmelody bass: C2 C2 G2 Eb2\nplay\n'
    echo 'patch echoes: input 3 > delay 0.21 > gain -9dB > out'
    sleep 0.5
    for i in $(seq 200); do
        [ "$i" != 100 ] || ! $overloads || overload
        case $((i % 10)) in
        0) echo "set bass cutoff=$((300 + i * 5))" ;;
        1) echo "patch pad: saw [110 110.7 165] > spread > lpf $((500 + i * 3)) > delay 0.$((i % 7 + 1)) > gain -16dB > out" ;;
        2) echo "undo" ;;
        3) echo "create hihat decay=0.0$((i % 8 + 1))" ;;
        4) echo "sequence hihat: x.xxx$((i % 9 + 1))x." ;;
        5) echo "undo" ;;
        6) echo "redo" ;;
        7) echo "tempo $((120 + i % 50))" ;;
        8) echo "this is a mistake $i" ;;
        9) case $((i % 40)) in 9) echo stop ;; 19) echo play ;; 29) echo "remove pad" ;; *) echo undo ;; esac ;;
        esac
        [ $((i % 3)) = 0 ] || sleep 0.02
    done
    echo play
    sleep 0.5
}
session() {
    edits | "$chronus" --rate 48000 --inputs 4 --seconds 1 >out 2>err
    local code=$?
    [ "$code" = 1 ] # for its mistakes
}
export -f edits overload session wait_for fail
export chronus overloads failures

code=0
# 60 s for a block of a sanitizer build: the server waits, so the recording has no gap.
"$here/virtual-sound-card.sh" run -o capture.wav -r 48000 -p 256 -t 60000 -R report -- bash -c session >card 2>&1 || code=$?
[ "$code" = 0 ] || { fail "the session on the virtual card: exit code $code"; cat card; }
take=$(ls "$XDG_STATE_HOME"/chronus/journals/*.chrlog)
n=$(grep -c '"eval"' "$take")
[ "$n" -ge 180 ] || fail "only $n evaluations are in the journal"
! $overloads || grep -q '"thin":"heap"' "$take" || fail "the journal knows of no voice that was thinned"
grep -q '"input":' "$take" || fail "the journal knows of no input"
expect 0 render "$take" -o take.wav --bits f32 -q
[ ! -s err ] || fail "something is to be said of the take"
# What was heard is part of it.
is "the echoes are not silent" test "$("$soundtool" info "${take%.chrlog}.input.wav" | sed 's/.*peak=0\.\(..\).*/\1/')" -gt 10
# All of it but the last fade, which the card may have cut.
frames=$(($(frames take.wav) - 8000))
if ! "$soundtool" within take.wav capture.wav $frames >told; then
    fail "the take is not what the card was given: $(cat told)"
    cat report
fi
echo "$n evaluations, $(grep -c '"took"' "$take") of them heard, voices thinned $(grep -c '"thin"' "$take") times: $(cat told)"
finish
