# What `input` hears is played again at once: the way from the microphone to the loudspeaker is the device's periods and the
# ceiling's look-ahead, and without the ceiling not a sample more. The virtual card's third input hears what its first output
# plays, one period later; a real card adds one period of its own.
# SPDX-License-Identifier: MIT
needs="jackd jack_capture"
. "$(dirname "$0")/card.sh"
printf 'patch talk: noise > gain -30dB > out 1\npatch back: input 3 > out 2\n' >echo.chr

measure() { # PERIOD OPTIONS...: prints the lag in frames
    local period=$1 code=0
    shift
    "$here/virtual-sound-card.sh" run -o echo.wav -p "$period" -t 60000 -- \
        timeout 60 "$chronus" run echo.chr --inputs 4 --seconds 1.5 "$@" >out 2>err || code=$?
    [ $code = 0 ] || fail "blocks of $period $*: exit code $code"
    "$soundtool" lag echo.wav || echo none
}
for period in 64 256; do
    bare=$(measure $period --no-ceiling)
    with=$(measure $period)
    [ "$bare" = $period ] || fail "blocks of $period: $bare frames without the ceiling"
    echo "blocks of $period: $bare frames, with the ceiling $with"
    ahead=${ahead:-$((${with/none/0} - ${bare/none/0}))}
    [ "$with" = $((period + ahead)) ] || fail "blocks of $period: $with frames with the ceiling, not $period and $ahead"
done
{ [ "$ahead" -gt 0 ] && [ "$ahead" -le 96 ]; } || fail "the ceiling looks $ahead frames ahead, which is more than 2 ms"
finish
