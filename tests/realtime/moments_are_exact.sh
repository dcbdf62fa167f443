# What waits for a moment, typed at the prompt and recorded from the virtual sound card, acts at the exact sample: `next beat:`
# `next bar:` `in 2 bars:` `in 3 beats:` `after 2 bars:` `at bar 8:` `every 4 bars:`, a pattern, `stop`, a tempo. Each has a
# channel of the card to itself, on which a constant stands until the moment comes; a click on every beat shows the clock.
# SPDX-License-Identifier: MIT
needs="jackd jack_capture"
. "$(dirname "$0")/card.sh"
hear=$3

answers=0
answered() { [ "$(grep -c '"kind": "evaluation"' out)" -ge "$answers" ]; }
# enter N: from standard input, N evaluations; waits until all are answered. What is said goes to a file beside.
enter() {
    answers=$((answers + $1))
    cat >&3
    wait_for 60 answered >&2
}
# A change before and one after it, both at once, show when it was typed.
try() { # NUMBER LINE
    printf 'now: set before gain=%ddB\n%s\nnow: set after gain=%ddB\n' "-$1" "$2" "-$1" | enter 3
    sleep "${3:-0.3}"
}
# played N: so many seconds of sound have been made.
played() { [ "$(tail -n 1 stats | sed -n 's/.*"seconds": *\([0-9]*\).*/\1/p')" -ge "$1" ]; }
session() {
    local constants
    constants=$(for channel in $(seq 4 11); do echo "patch c$channel: 0.1 > out $channel"; done)
    rm -f typed out
    mkfifo typed
    "$chronus" --json --rate 48000 --channels 12 --no-ceiling --seconds 0.3 --stats-json stats <typed >out 2>err &
    local pid=$!
    exec 3>typed
    enter 1 <<END
:{
tempo 480
patch clock: 0.2*gate > out 1
sequence clock: x...x...x...x...
patch before: 0.1 > out 2
patch after: 0.1 > out 3
$constants
patch pulse: 0.2*gate > out 12
sequence pulse: ................
every 4 bars: set c10 gain=-6dB
every 3 bars: set c10 gain=0dB
at bar 8: mute c11
at bar 9 beat 2.5: unmute c11
at bar 12: tempo 360
play
:}
END
    sleep 0.7
    try 1 'next beat: set c4 gain=-6dB'
    try 2 'next bar: mute c5' 0.4
    try 3 'in 2 bars: set c6 gain=-6dB'
    try 4 'in 3 beats: patch c7: 0.05 > out 7'
    try 5 'after 2 bars: remove c8'
    try 6 'stop c9'
    try 7 'sequence pulse: x...............'
    wait_for 60 played 11 # bar 19 begins 10.2 s after the first
    try 8 'stop' 1
    exec 3>&-
    wait $pid
}
export -f answered enter try played session wait_for fail
export chronus failures answers

code=0
# 60 s for a block of a sanitizer build: the server waits, so the recording has no gap.
"$here/virtual-sound-card.sh" run -o capture.wav -c 12 -r 48000 -p 256 -t 60000 -R report -- bash -c session >card 2>&1 || code=$?
[ "$code" = 0 ] || { fail "the session on the virtual card: exit code $code"; cat card; finish; }
"$hear" capture.wav >heard || { fail "a moment is not exact"; cat heard report; }
cat heard
finish
