# `chronus render`: files, lengths, and the same samples however they are made.
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/lib.sh"

expect 0 render drone.chr -o a.wav --seconds 1 --tail 0
out_says "a.wav: 1.00 s, 48000 Hz, 24 bits, 2 channels"
out_says "LUFS"
out_says "true peak"
out_says "times real time"
[ "$("$soundtool" info a.wav | cut -d' ' -f1-4)" = "frames=48000 rate=48000 channels=2 bits=24" ] || fail "the file is another"
[ ! -s err ] || fail "something on standard error"
[ ! -e .a.wav.new ] || fail "a temporary file is left"

# On a terminal a bar shows how far it is, how fast, and how long it will take; elsewhere it does not.
if has_terminal; then
    TERM=xterm timeout 120 script -qec "'$chronus' render beat.chr -o bar.wav --seconds 240" /dev/null >out 2>err </dev/null
    out_says "x real time"
    out_says "s left"
fi

# Quiet is quiet, and standard input is a script.
expect 0 render drone.chr -o q.wav --seconds 1 --tail 0 -q
silent
expect 0 render - -o stdin.wav --seconds 1 --tail 0 -q <drone.chr
is "the same from standard input" cmp q.wav stdin.wav

# The same again is the same file, byte for byte, the 16-bit dither too.
for bits in 16 24 f32; do
    expect 0 render beat.chr -o one.wav --bars 1 --bits $bits -q
    sleep 1.1 # a time of day in the file would show
    expect 0 render beat.chr -o two.wav --bars 1 --bits $bits -q
    is "the same file again, $bits" cmp one.wav two.wav
    "$soundtool" info one.wav | grep -q "bits=$bits" || fail "$bits were not written"
done
expect 0 render beat.chr -o one.flac --bars 1 -q
expect 0 render beat.chr -o one.wav --bars 1 -q
is "flac holds what wav holds" "$soundtool" same one.flac one.wav

# However it is cut, and whatever computes it.
expect 0 render beat.chr -o ref.wav --bars 2 --bits f32 -q
for block in 1 7 33 4096; do
    expect 0 render beat.chr -o cut.wav --bars 2 --bits f32 -q --block $block
    is "the same with blocks of $block" "$soundtool" same ref.wav cut.wav
done
for lanes in 1 4 8 16; do
    expect 0 render beat.chr -o cut.wav --bars 2 --bits f32 -q --lanes $lanes
    is "the same in $lanes lanes" "$soundtool" same ref.wav cut.wav
done

# Lengths.
expect 0 render drone.chr --tail 0
out_says "no length was asked for: 8 bars, 16.00 s"
[ "$(frames drone.wav)" = 768000 ] || fail "8 bars at 120 are not 16 s"
printf 'tempo 60\n' | cat - drone.chr >slow.chr
printf 'tempo 240\ncreate kick\nsequence kick: x...x...x...x...\nsection a 2 bars: kick\narrange a*2\n' >song.chr
expect 0 render song.chr --tail 0 -o a.wav -q
[ "$(frames a.wav)" = 192000 ] || fail "an arrangement ends by itself: $(frames a.wav)"
expect 0 render song.chr -o a.wav
out_says "(4.00 s and a tail of"
expect 0 render song.chr --bars 1 --tail 0 -o a.wav -q
[ "$(frames a.wav)" = 48000 ] || fail "a bar of an arrangement: $(frames a.wav)"
expect 0 render slow.chr --bars 1 --tail 0 -o a.wav -q
[ "$(frames a.wav)" = 192000 ] || fail "a bar at 60 is not 4 s"
expect 0 render drone.chr --seconds 0.5 --tail 0.25 -o a.wav -q
[ "$(frames a.wav)" = 36000 ] || fail "half a second and a tail of a quarter: $(frames a.wav)"
expect 0 render drone.chr --seconds 1 -o a.wav
n=$(frames a.wav)
[ "$n" -ge 48000 ] && [ "$n" -lt 72000 ] || fail "a drone's tail is its fade: $n"
expect 0 render drone.chr --seconds 1 --tail 0 -o a.wav -q --rate 44100
[ "$(frames a.wav)" = 44100 ] || fail "44.1 kHz"
expect 0 render drone.chr --seconds 1 --tail 0 -o /dev/null
out_says "nothing written"
[ -c /dev/null ] || fail "/dev/null was replaced"

# A channel that is not open is told, once.
printf 'patch a: saw 220 > out 3\npatch b: saw 330 > out 3\n' >third.chr
expect 0 render third.chr --seconds 0.1 --tail 0 -o third.wav
out_says "a goes to channel 3, and 2 are open: --channels 3 opens it"
[ "$(grep -c "channel 3" out)" = 1 ] || fail "told twice"
expect 0 render third.chr --seconds 0.1 --tail 0 -o third.wav --channels 3
grep -q "goes to channel" out && fail "an open channel is complained of"

# A longer rendering begins like a shorter one.
expect 0 render beat.chr -o short.wav --seconds 1 --tail 0 --bits f32 -q
expect 0 render beat.chr -o long.wav --seconds 2 --tail 0 --bits f32 -q
is "a longer one begins the same" "$soundtool" within short.wav long.wav 30000

# An error in the script: nothing is written, all errors are shown.
expect 1 render bad.chr -o bad.wav
err_says "nosuchmodule"
err_says "10ms"
[ ! -e bad.wav ] || fail "a bad script left a file"

# No overwriting of what is not a file; a missing folder is told.
mkdir folder.wav
expect 3 render drone.chr -o folder.wav --seconds 1
err_says "is a folder"
expect 3 render drone.chr -o missing/a.wav --seconds 1
err_says "No such file or directory"

# A rendered script writes nothing but its sound, unless that is allowed.
printf 'save patch "kept"\n' | cat drone.chr - >saver.chr
expect 0 render saver.chr -o a.wav --seconds 0.1 --tail 0
[ ! -e patches ] || fail "a rendered script saved a patch"
expect 0 render saver.chr -o a.wav --seconds 0.1 --tail 0 --allow-save
out_says "saved as patches/kept.chr"
[ -s patches/kept.chr ] || fail "--allow-save saved nothing"
finish
