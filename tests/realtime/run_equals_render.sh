# What `run` plays on a sound card is what `render` writes, bit for bit, with the script saved anew in the middle.
# The sound card is jackd's dummy driver; `run` says at which sample the swap took place, and `render` repeats it there.
# SPDX-License-Identifier: MIT
needs="jackd jack_capture"
. "$(dirname "$0")/card.sh"

cat >before.chr <<'END'
tempo 140
patch pad: saw [110 110.7 165] > spread > lpf 900 > chorus > gain -14dB > out
create kick
sequence kick: x...x...x...x...
create bass cutoff=500
melody bass: C2 C2 G2 Eb2
END
# A number, a structure, a pattern, and a patch that goes.
cat >after.chr <<'END'
tempo 140
patch pad: saw [110 110.7 165] > spread > lpf 1400 > delay 0.2 > gain -14dB > out
create kick
sequence kick: x..x..x...x.x...
END

play() { # what runs while the card is there: plays, saves the script anew after two seconds
    cp before.chr live.chr
    forget
    "$chronus" run live.chr --watch --seconds 7 --rate "$1" >out 2>err &
    local pid=$!
    wait_for 20 grep -q "new " out
    sleep 2
    cp after.chr live.chr
    wait $pid
}

trial() { # RATE PERIOD
    local rate=$1 period=$2 code=0 sample same
    rm -f capture.wav
    export -f play wait_for forget fail
    export chronus failures
    # 60 s for a block of a sanitizer build: the server waits, so the recording has no gap.
    "$here/virtual-sound-card.sh" run -o capture.wav -r "$rate" -p "$period" -t 60000 -R report -- \
        bash -c "play $rate" >card 2>&1 || code=$?
    [ "$code" = 0 ] || { fail "run on the virtual card: exit code $code"; cat card; return; }
    out_says "$rate Hz"
    sample=$(sed -n 's/.*sample \([0-9]*\).*/\1/p' out | tail -n 1)
    [ "${sample:-0}" -gt $((rate / 2)) ] || { fail "the edit's sample was not told"; return; }
    expect 0 render before.chr -o whole.wav --seconds 6 --tail 0 --bits f32 --rate "$rate" -q \
        --eval-at "${sample}smp" after.chr
    if ! "$soundtool" within whole.wav capture.wav $((rate * 5)) >told; then
        fail "the card at $rate Hz, blocks of $period, edit at $sample: $(cat told)"
        cat report
    fi
    same=$(cat told)
    is "the end is a fade" "$soundtool" faded capture.wav
    echo "$rate Hz, blocks of $period, edit at sample $sample: $same"
}

trial 48000 256
trial 44100 1024
finish
