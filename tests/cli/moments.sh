# Statements that wait, in a rendered script: what `at`, `every`, `in` and `after` do is what is typed at that moment, to the
# bit, whatever the block; and so are `quantize` and the bar that `stop` waits for.
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/lib.sh"
cat >groove.chr <<'END'
tempo 125
create kick
sequence kick: x...x...x...x...
create bass cutoff=500
melody bass: C2 C2 G2 Eb2
bus space: reverb size=0.8 > out
send bass to space 0.3
END
render() { # OUT ARGS...
    local out=$1
    shift
    expect 0 render "$@" -o "$out" --bars 8 --tail 0.5 --bits f32 -q
}

# One moment of each kind, against the same line typed there.
try() { # "STATEMENT THAT WAITS" "MOMENT" "STATEMENT"
    { cat groove.chr; echo "$1"; } >waits.chr
    render a.wav waits.chr
    render b.wav groove.chr --type-at "$2" "now: $3"
    is "$1" "$soundtool" same a.wav b.wav
    for block in 33 8192; do
        render a.wav waits.chr --block $block
        is "$1, blocks of $block" "$soundtool" same a.wav b.wav
    done
}
try 'at bar 3: mute kick' 'bar 3' 'mute kick'
try 'at bar 4: melody bass: C3 Eb3' 'bar 4' 'melody bass: C3 Eb3'
try 'after 2 bars: send bass to space 0.9' 'bar 3' 'send bass to space 0.9'
try 'in 5 bars: patch pad: saw [110 165] > lpf 700 > space' 'bar 6' 'patch pad: saw [110 165] > lpf 700 > space'
try 'at bar 5: { remove space
  tempo 90 }' 'bar 5' '{ remove space
  tempo 90 }'
try 'every 6 bars: solo bass' 'bar 7' 'solo bass'
try 'at bar 2: set bass cutoff=3kHz over 2 bars' 'bar 2' 'set bass cutoff=3kHz over 2 bars'

# Typed while it plays: at the bar, at the beat, at the quantum.
render a.wav groove.chr --type-at 'bar 2 beat 3' 'next bar: mute bass'
render b.wav groove.chr --type-at 'bar 3' 'mute bass'
is "next bar" "$soundtool" same a.wav b.wav
render a.wav groove.chr --type-at 'bar 2 beat 3.5' 'in 2 bars: sequence kick: x.x.'
render b.wav groove.chr --type-at 'bar 4' 'now: sequence kick: x.x.'
is "in 2 bars" "$soundtool" same a.wav b.wav
render a.wav groove.chr --type-at 'bar 2 beat 3.5' 'stop kick'
render b.wav groove.chr --type-at 'bar 3' 'now: stop kick'
is "stop waits for the bar" "$soundtool" same a.wav b.wav
{ cat groove.chr; echo 'quantize 4 bars'; } >slow.chr
render a.wav slow.chr --type-at 'bar 2 beat 3.5' 'sequence kick: x.x.'
render b.wav groove.chr --type-at 'bar 5' 'now: sequence kick: x.x.'
is "quantize 4 bars" "$soundtool" same a.wav b.wav

# What is told.
expect 0 render groove.chr -o a.wav --bars 5 --tail 0 --type-at 'bar 2 beat 3' 'in 2 bars: patch pad: saw 110 > out'
out_says "new 1, gone 0 — at bar 4"
expect 0 render groove.chr -o a.wav --bars 5 --tail 0 --type-at 'bar 2 beat 3' 'stop'
out_says "stops at bar 3"
expect 0 render groove.chr -o a.wav --bars 3 --tail 0 --type-at 'bar 2 beat 3' 'sequence kick: x.'
out_says "patterns change at bar 3"
expect 0 render groove.chr -o a.wav --bars 3 --tail 0 --type-at 'bar 2' 'diff: remove bass'
out_says "  gone     pattern bass"
out_says "  gone     bass"
grep -q "bass\." out && fail "diff names what nobody wrote"
expect 0 render groove.chr -o a.wav --bars 3 --tail 0 --type-at 'bar 2' 'diff: volume -6dB'
out_says "  changed  volume"
expect 0 render groove.chr -o a.wav --bars 3 --tail 0 --type-at 'bar 2' 'diff: list'
out_says "  nothing that is heard changes"
expect 1 render groove.chr -o a.wav --bars 3 --tail 0 --type-at 'bar 2' 'at bar 9: mute nobody'
err_says "E308"

# A tempo that changes in the piece changes its length; a jump back makes it no longer.
{ cat groove.chr; echo 'at bar 5: tempo 250'; } >fast.chr
expect 0 render fast.chr -o a.wav --bars 8 --tail 0 -q
[ "$(frames a.wav)" = $((4 * 92160 + 4 * 46080)) ] || fail "$(frames a.wav) frames"
{ cat groove.chr; echo 'at bar 3: play from bar 1'; } >round.chr
expect 0 render round.chr -o a.wav --bars 8 --tail 0 -q
[ "$(frames a.wav)" = $((8 * 92160)) ] || fail "$(frames a.wav) frames with a jump"
finish
