# `chronus run`: plays, watches, ends well, and finds its way without a sound card.
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/lib.sh"
printf 'patch saw 220 > lpf 2000 > gain -12dB > out\n' >next.chr

expect 0 run drone.chr --null --seconds 0.3
out_says "playing drone.chr on no device, in real time, 48000 Hz"
out_says "new "
[ ! -s err ] || fail "something on standard error"
expect 0 run drone.chr --null --seconds 0.3 -q
silent
expect 0 run - --null --seconds 0.3 --rate 44100 <drone.chr
out_says "44100 Hz"
expect 1 run bad.chr --null --seconds 1
err_says "nosuchmodule"
expect 3 run missing.chr --null

# On a terminal a line shows position, level and load.
if has_terminal; then
    TERM=xterm timeout 60 script -qec "'$chronus' run beat.chr --null --seconds 1" /dev/null >out 2>err </dev/null
    out_says "bar 1."
    out_says " dB  CPU "
fi

# The script is saved while it plays: once changed, once with an error, once the same again, once renamed into place.
cp drone.chr live.chr
forget
"$chronus" run live.chr --null --watch >out 2>err &
pid=$!
wait_for 20 grep -q "new " out
cp next.chr live.chr
wait_for 20 grep -q "changed 1" out
grep -q "changed 1.* sample [0-9]*" out || fail "the answer does not name the sample"
cp bad.chr live.chr
wait_for 20 grep -q nosuchmodule err
kill -0 $pid 2>/dev/null || fail "an error ended the sound"
cp drone.chr new.chr && mv new.chr live.chr
wait_for 20 sh -c 'test "$(grep -c "changed 1" out)" = 2'
touch live.chr
sleep 0.4
[ "$(grep -c kept out)" = 3 ] || fail "a save that changed nothing was told"
# A file that is taken away is told once, and so is its return; the music goes on meanwhile.
mv live.chr away.chr
wait_for 20 grep -q "live.chr is gone: the music goes on" err
mv away.chr live.chr
wait_for 20 grep -q "live.chr is back, as it was" out
rm live.chr
wait_for 20 sh -c 'test "$(grep -c "live.chr is gone" err)" = 2'
cp next.chr live.chr
wait_for 20 sh -c 'test "$(grep -c "changed 1" out)" = 3'
# A file that an editor has emptied, or left with blank lines, takes nothing away.
: >live.chr
wait_for 20 grep -q "live.chr is empty: the music goes on" err
printf '\n \n' >live.chr
sleep 0.8
[ "$(grep -c "live.chr is empty" err)" = 1 ] || fail "that it is empty was told twice"
cp next.chr live.chr
wait_for 20 sh -c 'test "$(grep -c "live.chr is back, as it was" out)" = 2'
: >live.chr
wait_for 20 sh -c 'test "$(grep -c "live.chr is empty" err)" = 2'
cp drone.chr live.chr
wait_for 20 sh -c 'test "$(grep -c "changed 1" out)" = 4'
grep -q "gone [1-9]" out && fail "the empty file took something away"
kill -TERM $pid
code=0
wait $pid || code=$?
[ "$code" = 0 ] || fail "ended by hand: exit code $code"

# A script that is wrong at first is waited for.
cp bad.chr live.chr
forget
"$chronus" run live.chr --null --watch >out 2>err &
pid=$!
wait_for 20 grep -q "nothing plays yet" out
cp drone.chr live.chr
wait_for 20 grep -q "new " out
kill -TERM $pid
wait $pid || fail "exit code $?"

# No usable device: one line, and a file beside the script. PortAudio itself would abort with this configuration.
: >no-devices.conf
mkdir scripts
cp drone.chr scripts/
ALSA_CONFIG_PATH=$work/no-devices.conf JACK_DEFAULT_SERVER=none_$$ expect 0 run scripts/drone.chr --seconds 1
out_says "rendering to scripts/drone.wav instead"
[ "$(grep -c instead out)" = 1 ] || fail "more than one line"
[ ! -s err ] || fail "something on standard error"
[ "$(frames scripts/drone.wav)" -ge 48000 ] || fail "the file is too short"
# Its own file is replaced, another's is not.
ALSA_CONFIG_PATH=$work/no-devices.conf JACK_DEFAULT_SERVER=none_$$ expect 0 run scripts/drone.chr --seconds 0.5
out_says "scripts/drone.wav"
echo precious >scripts/drone.wav
ALSA_CONFIG_PATH=$work/no-devices.conf JACK_DEFAULT_SERVER=none_$$ expect 0 run scripts/drone.chr --seconds 0.5
out_says "scripts/drone-2.wav"
[ "$(cat scripts/drone.wav)" = precious ] || fail "another's file was replaced"
ALSA_CONFIG_PATH=$work/no-devices.conf JACK_DEFAULT_SERVER=none_$$ expect 0 devices
out_says "run renders to a file instead"
finish
