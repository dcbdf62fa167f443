# `render --eval-at` and `--type-at`: the session changes while it is rendered.
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/lib.sh"
printf 'patch saw 220 > lpf 2000 > gain -12dB > out\n' >next.chr

expect 0 render drone.chr -o plain.wav --seconds 2 --tail 0 --bits f32 -q
# The same text again changes nothing, not one bit.
expect 0 render drone.chr -o same.wav --seconds 2 --tail 0 --bits f32 --eval-at 1s drone.chr
is "the same text again is heard by nobody" "$soundtool" same plain.wav same.wav

# A changed one does, from its moment on: up to there not a bit differs.
expect 0 render drone.chr -o edit.wav --seconds 2 --tail 0 --bits f32 --eval-at 1s next.chr
out_says "changed 1"
out_says "sample 48000"
is_not "an edit is heard" "$soundtool" same plain.wav edit.wav
expect 0 render drone.chr -o head.wav --seconds 1 --tail 0 --bits f32 -q
is "before the edit nothing changed" "$soundtool" within head.wav edit.wav 40000

# Seconds, bars and samples name the same moment; so do the two ways to write a bar, and any block.
expect 0 render drone.chr -o b.wav --seconds 5 --tail 0 --bits f32 -q --eval-at 4s next.chr
expect 0 render drone.chr -o c.wav --seconds 5 --tail 0 --bits f32 -q --eval-at "bar 3" next.chr
is "bar 3 at 120 is 4 s" "$soundtool" same b.wav c.wav
expect 0 render drone.chr -o c.wav --seconds 5 --tail 0 --bits f32 -q --eval-at bar 3 next.chr
is "bar 3 in two words" "$soundtool" same b.wav c.wav
expect 0 render drone.chr -o c.wav --seconds 5 --tail 0 --bits f32 -q --eval-at 192000smp next.chr
is "192000 samples are 4 s" "$soundtool" same b.wav c.wav
expect 0 render drone.chr -o c.wav --seconds 5 --tail 0 --bits f32 -q --eval-at 192017smp next.chr
is "a moment is the beginning of its chunk" "$soundtool" same b.wav c.wav
for block in 1 100 4096; do
    expect 0 render drone.chr -o c.wav --seconds 5 --tail 0 --bits f32 -q --eval-at 4s next.chr --block $block
    is "the edit falls on the same sample with blocks of $block" "$soundtool" same b.wav c.wav
done

# What is typed adds to the session.
expect 0 render beat.chr -o d.wav --seconds 2 --tail 0 --bits f32 --type-at 1s 'mute kick'
out_says "sample 48000"
expect 0 render beat.chr -o e.wav --seconds 2 --tail 0 --bits f32 -q
is_not "a typed line is heard" "$soundtool" same d.wav e.wav

# An error in an edit: shown, nothing changes, the rest is rendered; the exit code tells.
expect 1 render drone.chr -o f.wav --seconds 2 --tail 0 --bits f32 --eval-at 1s bad.chr
err_says "nosuchmodule"
is "an edit with an error changes nothing" "$soundtool" same plain.wav f.wav
expect 0 render drone.chr -o g.wav --seconds 1 --tail 0 --eval-at 9s next.chr
says "after the end"

# Stems: one file for each owner, all as long as the whole, and their sum is the whole.
printf 'patch one: saw 110 > gain -20dB > out\npatch two: sine 333 > gain -20dB > out\n' >two.chr
printf 'patch one: saw 110 > gain -20dB > out\npatch three: sine 555 > gain -20dB > out\n' >three.chr
expect 0 render two.chr -o mix.wav --seconds 1 --bits f32 --stems stems --no-ceiling
out_says "2 stems"
for name in one two; do
    [ "$(frames stems/$name.wav)" = "$(frames mix.wav)" ] || fail "stem $name has another length"
done
is "the stems are the mix" "$soundtool" sum mix.wav stems/one.wav stems/two.wav
expect 0 render two.chr -o mix.wav --seconds 1 --tail 0 --bits f32 --stems more --no-ceiling --eval-at 0.5s three.chr -q
is "stems that begin and end later are the mix" "$soundtool" sum mix.wav more/one.wav more/two.wav more/three.wav
expect 0 render two.chr -o mix.wav --seconds 1 --tail 0 --bits f32 --stems never --no-ceiling -q
is "a patch beside the edit is untouched" "$soundtool" same more/one.wav never/one.wav
finish
