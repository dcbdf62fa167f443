# The sound server ends while `run` plays, and starts again: one line says that the device has gone, edits are taken meanwhile,
# no beat is lost, and one line says that it is back. And a server that begins after the prompt. The sound card is jackd's dummy driver.
# SPDX-License-Identifier: MIT
needs="jackd"
. "$(dirname "$0")/card.sh"
printf 'tempo 120\npatch pad: saw [110 110.7] > spread > lpf 900 > gain -14dB > out\n' >before.chr
printf 'tempo 120\npatch pad: saw [110 110.7] > spread > lpf 1400 > gain -14dB > out\n' >after.chr

now_ms() { echo $(($(date +%s%N) / 1000000)); }
server() { # a new one of the same name
    jackd -n "$JACK_DEFAULT_SERVER" -r -S -t 60000 -d dummy -r 48000 -p 256 >jackd.log 2>&1 &
    server=$!
    jack_wait -s "$JACK_DEFAULT_SERVER" -w -t 20 >/dev/null 2>&1 || fail "no server"
}
said_times() { [ "$(grep -c "$1" err)" = "$2" ]; }
is_heard() { jack_lsp -c 2>/dev/null | grep -A 1 '^system:playback_1' | grep -qi '^ .*out'; }

# The prompt is begun without a device, and one appears while it plays.
comes_later() {
    local said=0
    rm -f err typed
    mkfifo typed
    "$chronus" <typed >out 2>err &
    local pid=$!
    exec 8>typed
    echo 'patch saw 110 > gain -20dB > out' >&8
    wait_for 30 grep -q "nothing is heard until there is one" err
    wait_for 30 grep -q "sample" out
    server
    wait_for 30 grep -q "there is a sound device now, .*: the music is heard" err && said=1
    wait_for 10 is_heard
    echo 'stats' >&8
    wait_for 10 grep -q 'device .*Hz' out
    echo quit >&8
    exec 8>&-
    wait $pid || fail "the prompt's exit code: $?"
    kill "$server"
    [ $said = 0 ] || echo "server begun after the prompt: heard; $(sed -n 's/^ *device *//p' out)"
}

play() { # SIGNAL...: what ends the server, each time
    cp before.chr live.chr
    forget
    "$chronus" run live.chr --watch >out 2>err &
    local pid=$! began away=0 back edit sample told jack
    wait_for 30 grep -q "new " out
    began=$(now_ms)
    jack=$(pgrep -x -P "$PPID" jackd)
    for signal in "$@"; do
        away=$((away + 1))
        kill "-$signal" "$jack"
        wait_for 30 said_times "the sound device has gone; the music goes on silently" $away
        sleep 0.5
        if [ $((away % 2)) = 1 ]; then cp after.chr live.chr; else cp before.chr live.chr; fi
        edit=$(now_ms)
        wait_for 30 eval "[ \"\$(grep -c 'changed 1.* sample' out)\" = $away ]"
        # The clock that stands in keeps time: the edit's sample is the moment it was made.
        sample=$(sed -n 's/.*sample \([0-9]*\).*/\1/p' out | tail -n 1)
        told=$((${sample:-0} / 48 - (edit - began)))
        { [ "$told" -gt -2500 ] && [ "$told" -lt 4000 ]; } || fail "the clock is $told ms from the time of day"
        server
        jack=$server
        back=$(now_ms)
        wait_for 30 said_times "the sound device is back" $away
        echo "server ended by $signal: back after $(($(now_ms) - back)) ms; the clock was $told ms from the edit's time"
        wait_for 10 is_heard
    done
    kill -TERM $pid
    wait $pid
    code=$?
    kill "$jack"
    [ $code = 0 ] || fail "ended by hand: exit code $code"
    comes_later
    [ $failures = 0 ] || exit 1
}
export -f play comes_later now_ms server said_times is_heard wait_for forget fail
export chronus failures here
code=0
"$here/virtual-sound-card.sh" run -t 60000 -- bash -c 'play TERM KILL' >card 2>&1 || code=$?
grep -h "^server" card
[ "$code" = 0 ] || { fail "exit code $code"; cat card; }
[ "$(wc -l <err)" -le 5 ] || fail "more than one line each time" # the last one's
finish
