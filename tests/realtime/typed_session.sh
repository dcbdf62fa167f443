# The session of the language's description, typed into the prompt in a terminal (tmux) and recorded from the virtual sound
# card: every onset on its sample, pitches, levels, no click. What is typed waits for the music, as a player would.
# SPDX-License-Identifier: MIT
needs="jackd jack_capture tmux"
. "$(dirname "$0")/card.sh"
unset TMUX
hear=$3
export TMUX_TMPDIR=$work TERM=xterm
mux() { tmux -L typed -f /dev/null "$@"; }
mux new-session -d -s first 'sleep 1000' 2>/dev/null || {
    echo "skipped: tmux can make no terminal here"
    exit 77
}
mux kill-server

screen() { mux capture-pane -p -J -S - -t run; }
more_prompts() { [ "$(screen | grep -c '^chronus>')" -gt "$1" ] && screen | grep '^chronus>' | tail -n 1 | grep -q '> *$'; }
enter() {
    local before
    before=$(screen | grep -c '^chronus>')
    mux send-keys -t run -l -- "$1"
    mux send-keys -t run Enter
    wait_for 60 more_prompts "$before"
}
# The bar that the status line shows.
now() { mux capture-pane -p -t run | tail -n 1 | sed -n 's/^bar \([0-9]*\)\..*/\1/p'; }
reached() { [ "$(now)" -ge "$1" ]; }
play_on() { # N: until N bars later
    local bar
    bar=$(now)
    wait_for 60 reached $((bar + $1))
}

session() {
    mux new-session -d -s run -x 100 -y 40 "exec '$chronus' --rate 48000"
    mux set-option -t run status off
    wait_for 60 more_prompts 0
    enter 'create kick freq=60 decay=0.5'
    enter 'create hihat noise=white decay=0.05'
    enter 'sequence kick: x...x...x...x...'
    enter 'sequence hihat: ..x...x...x...x.'
    enter 'play'
    wait_for 60 reached 4
    echo "rhythm=$(($(now) - 1))" >bars
    enter 'create bass osc=saw filter=lowpass cutoff=500'
    enter 'melody bass: C2 C2 G2 Eb2'
    enter 'play all'
    echo "bass0=$(($(now) + 2))" >>bars
    play_on 5
    echo "bass1=$(($(now) - 1))" >>bars
    enter 'add reverb to bass amount=0.3'
    enter 'save patch "deep_groove"'
    enter 'patch vco > filter > out'
    echo "drone0=$(($(now) + 1))" >>bars
    play_on 3
    echo "drone1=$(($(now) - 1))" >>bars
    enter 'generate_module reverb'
    enter 'reload reverb'
    enter 'patch vco > reverb > out'
    play_on 2
    screen >seen
    mux send-keys -t run -l quit
    mux send-keys -t run Enter
    gone() { ! mux has-session -t run 2>/dev/null; }
    wait_for 60 gone
    return "$failures"
}

export -f mux screen more_prompts enter now reached play_on session wait_for fail
export chronus failures
code=0
"$here/virtual-sound-card.sh" run -o capture.wav -r 48000 -p 256 -t 60000 -R report -- bash -c session >card 2>&1 || code=$?
mux kill-server 2>/dev/null
[ "$code" = 0 ] || { fail "the session on the virtual card: exit code $code"; cat card seen 2>/dev/null; finish; }
grep -q 'error' seen && { fail "something that was typed is wrong"; cat seen; }
for said in 'saved as patches/deep_groove.chr' 'saved as modules/reverb.chr'; do
    grep -qF "$said" seen || { fail "not said: $said"; cat seen; }
done
[ -s patches/deep_groove.chr ] && [ -s modules/reverb.chr ] || fail "a file is missing"

# What it is compared with: the same statements, rendered.
head -n 4 <<'END' >drums.chr
create kick freq=60 decay=0.5
create hihat noise=white decay=0.05
sequence kick: x...x...x...x...
sequence hihat: ..x...x...x...x.
END
cp drums.chr both.chr
printf 'create bass osc=saw filter=lowpass cutoff=500\nmelody bass: C2 C2 G2 Eb2\n' >>both.chr
expect 0 render drums.chr -o drums.wav --bars 4 --bits f32 -q
expect 0 render both.chr -o both.wav --bars 4 --bits f32 -q
. ./bars
# shellcheck disable=SC2154
"$hear" capture.wav drums.wav both.wav "$rhythm" "$bass0" "$bass1" "$drone0" "$drone1" >heard || {
    fail "what was heard"
    cat heard bars report
}
cat heard
is "the end is a fade" "$soundtool" faded capture.wav
finish
