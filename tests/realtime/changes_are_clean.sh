# Every kind of change, typed at the prompt and recorded from the virtual sound card: on a sine and on low-passed drones nothing
# is heard above 10 kHz beyond -80 dB re the signal in any millisecond of the whole recording; of a busy set nothing is left
# when the ideal fade between two renderings is taken away from it.
# SPDX-License-Identifier: MIT
needs="jackd jack_capture"
. "$(dirname "$0")/card.sh"
hear=$3
journals=$XDG_STATE_HOME/chronus/journals

# A line at a time, so that each change is over, or in the middle, when the next one comes.
type_slowly() {
    local line
    while IFS= read -r line; do
        case $line in
        wait\ *) sleep "${line#wait }" ;;
        *) printf '%s\n' "$line" ;;
        esac
    done
}
on_the_card() { # CHANNELS FILE: what is in the file is typed
    type_slowly <"$2" | "$chronus" --rate 48000 --channels "$1" --no-ceiling --seconds 0.2 >out 2>err
}
export -f type_slowly on_the_card
export chronus
play() { # CHANNELS FILE
    local code=0
    rm -rf "$journals" capture.wav
    # 60 s for a block of a sanitizer build: the server waits, so the recording has no gap.
    "$here/virtual-sound-card.sh" run -o capture.wav -c "$1" -r 48000 -p 256 -t 60000 -R report -- \
        bash -c "on_the_card $1 $2" >card 2>&1 || code=$?
    [ "$code" = 0 ] || { fail "the session on the virtual card: exit code $code"; cat card; finish; }
    took >changes
}
# What the journal says of each change: the sample at which it took effect, and what was typed.
took() {
    sed -n -e 's/.*"text":"\(.*\)\\n","place".*"offer":\([0-9]*\).*/offer \2 \1/p' \
        -e 's/.*"fired".*"offer":\([0-9]*\).*/offer \1 at its moment/p' \
        -e 's/{"took":\([0-9]*\),"at":\([0-9]*\).*/took \1 \2/p' -e 's/{"do":"\([^"]*\)","at":\([0-9]*\).*/do \2 \1/p' \
        "$journals"/*.chrlog |
        awk '{ rest = substr($0, index($0, $3), 100) }
            $1 == "offer" { text[$2] = rest } $1 == "took" { print $3, text[$2] } $1 == "do" { print $2, rest }'
}

# ---- sines and low-passed drones, each on a channel of its own ----

low='lpf 400 > lpf 400 > lpf 400'
cat >quiet <<END
:{
tempo 240
patch pure: sine 220 > gain -6dB > out 1
patch drone: saw 55 > $low > out 2
patch keys: saw freq > env attack=5ms release=1s > $low > out 3
melody keys step=1/8: A2 C3 E3 A3
play
:}
wait 0.8
mute pure drone
wait 0.12
unmute
wait 0.12
mute drone
wait 0.12
unmute drone
wait 0.12
solo drone
wait 0.12
unsolo
wait 0.12
patch pure: sine 220 > bpf 300 > gain -6dB > out 1
wait 0.12
undo
wait 0.12
redo
wait 0.12
undo
wait 0.12
patch drone fade=400ms: saw 55 > $low > bpf 300 > out 2
wait 0.1
undo
wait 0.5
patch drone fade=400ms: saw 55 > $low > bpf 300 > out 2
wait 0.1
mute drone
wait 0.5
unmute drone
wait 0.12
set pure gain=-20dB
wait 0.12
set drone.saw.freq=110 over 1/8
wait 0.4
patch more: sine 110 > gain -12dB > out 2
wait 0.12
remove more
wait 0.12
next beat: mute pure
wait 0.7
unmute pure
wait 0.12
stop
wait 1.1
play
wait 0.4
hush
wait 0.2
play
wait 0.5
panic
wait 0.2
play
wait 0.4
END
play 3 quiet
"$hear" quiet capture.wav changes >heard || { fail "a change is heard above 10 kHz"; cat changes report; }
cat heard

# ---- a busy set: what is left beside the ideal fade between two renderings ----

pad='saw [110 165.3] > mix > lpf 900'
cat >before.chr <<END
tempo 140
patch pad: $pad > gain -20dB > out 1
patch hiss: noise > gain -34dB > out 1
patch keys voices=4: saw freq > env > mix > gain -20dB > out 1
melody keys step=1/8: C3 E3 G3 C4 E4 G4 C5
create kick
sequence kick: x...x...x...x...
END
filtered="$pad > bpf 500 > gain -20dB > out 1"
{ head -n 1 before.chr; echo "patch pad fade=0.01ms: $filtered"; tail -n +3 before.chr; } >filter.chr
for what in 'mute pad' 'mute hiss keys' 'solo pad'; do
    { cat before.chr; echo "$what"; } >"${what%% *}_${what##* }.chr"
done
{ echo ':{'; cat before.chr; echo play; echo ':}'; } >busy
cat >>busy <<END
wait 1
mute pad
wait 0.2
unmute pad
wait 0.2
mute hiss keys
wait 0.2
unmute
wait 0.2
solo pad
wait 0.2
unsolo
wait 0.2
patch pad: $filtered
wait 0.2
undo
wait 0.2
hush
wait 0.2
END
play 2 busy
# What each change goes from and to: the rendering of a set that was always so; of a structure, one that changes at once there.
at=$(sed -n 's/^\([0-9]*\) patch pad.*/\1/p' changes)
began=$(sed -n '1s/ .*//p' changes)
length=(--seconds 8 --tail 0 --channels 2 --no-ceiling --bits f32 -q)
for set in before mute_pad mute_keys solo_pad; do
    expect 0 render $set.chr -o $set.wav "${length[@]}"
done
expect 0 render before.chr -o filter.wav "${length[@]}" --eval-at "$((at - began))smp" filter.chr
at=$(sed -n 's/^\([0-9]*\) hush$/\1/p' changes | head -n 1)
expect 0 render before.chr -o stop.wav "${length[@]}" --type-at "$((at - began))smp" 'now: stop'
"$hear" busy capture.wav changes before.wav mute_pad.wav mute_keys.wav solo_pad.wav filter.wav stop.wav >heard || {
    fail "a change of a busy set is more than its fade"
    cat changes report
}
cat heard
finish
