# What a session at the prompt plays on a sound card is what its journal renders to, bit for bit: with 200 edits, undo and
# redo among them, one after the other and several at once. The sound card is jackd's dummy driver.
# SPDX-License-Identifier: MIT
command -v jackd >/dev/null && command -v jack_capture >/dev/null || {
    echo "skipped: there is no jackd or no jack_capture here (both are in the test section of packages)"
    exit 77
}
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../cli/lib.sh"
unset JACK_NO_START_SERVER

# Two hundred edits: numbers, structure, patterns, patches that come and go, the clock, mistakes.
edits() {
    printf 'tempo 140\npatch pad: saw [110 110.7 165] > spread > lpf 900 > chorus > gain -16dB > out\n'
    printf 'create kick\nsequence kick: x...x...x...x...\ncreate bass cutoff=500\nmelody bass: C2 C2 G2 Eb2\nplay\n'
    sleep 0.5
    for i in $(seq 200); do
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
    edits | "$chronus" --rate 48000 --seconds 1 >out 2>err
    local code=$?
    [ "$code" = 1 ] # for its mistakes
}
export -f edits session
export chronus

code=0
# 60 s for a block of a sanitizer build: the server waits, so the recording has no gap.
"$here/virtual-sound-card.sh" run -o capture.wav -r 48000 -p 256 -t 60000 -R report -- bash -c session >card 2>&1 || code=$?
[ "$code" = 0 ] || { fail "the session on the virtual card: exit code $code"; cat card; }
take=$(ls "$XDG_STATE_HOME"/chronus/journals/*.chrlog)
n=$(grep -c '"eval"' "$take")
[ "$n" -ge 180 ] || fail "only $n evaluations are in the journal"
expect 0 render "$take" -o take.wav --bits f32 -q
[ ! -s err ] || fail "something is to be said of the take"
# All of it but the last fade, which the card may have cut.
frames=$(($(frames take.wav) - 8000))
if ! "$soundtool" within take.wav capture.wav $frames >told; then
    fail "the take is not what the card was given: $(cat told)"
    cat report
fi
echo "$n evaluations, $(grep -c '"took"' "$take") of them heard: $(cat told)"
finish
