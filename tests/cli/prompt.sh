# `chronus` alone: statements from a pipe and from a terminal.
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/lib.sh"

# From a pipe.
printf 'patch saw 220 > out\nlist patches\nquit\nnonsense after the end\n' | expect 0 --null
out_says "new "
printf 'list modules\n' | expect 0 --null
out_says "lpf"
printf '' | expect 0 --null
silent
printf 'patch saw 220 > out' | expect 0 --null # no line end
out_says "new "
# A statement over several lines; an empty line ends one that was left open.
printf 'patch saw [220\n 221] >\n lpf 900 >\n out\n' | expect 0 --null
out_says "new "
printf 'patch saw (220\n\npatch saw 220 > out\n' | expect 1 --null
out_says "new "
# An error is shown, what follows is heard, and the exit code tells.
printf 'patch vco > nosuchmodule > out\npatch saw 220 > out\n' | expect 1 --null
err_says "nosuchmodule"
out_says "new "
# Saved patches, templates: in the current folder, never over a module that is there.
printf 'patch saw 220 > out\nsave patch "one"\ngenerate_module wobble\ngenerate_module wobble\n' | expect 0 --null
[ -s patches/one.chr ] || fail "the patch was not saved"
[ -s modules/wobble.chr ] || fail "the template was not written"
out_says "modules/wobble.chr is there already"
printf 'save patch "../out"\n' | expect 1 --null
[ ! -e ../out.chr ] || fail "a saved patch left its folder"
printf 'load patch "one"\n' | expect 0 --null
out_says "new "
# It plays on after the end of the pipe for as long as asked, and Ctrl-C ends it.
printf 'patch saw 220 > out\n' | expect 0 --null --seconds 0.3
converse --null
tell 'patch saw 220 > out\n'
wait_for 20 grep -q "new " out
kill -TERM $pid
wait $pid || fail "exit code $?"
hang_up
# 300 lines, and one of a megabyte.
for i in $(seq 300); do echo "patch p: saw $((100 + i)) > out"; done | expect 0 --null
head -c 1500000 /dev/zero | tr '\0' '(' | expect 1 --null

# On a terminal: the prompt, Ctrl-C for a line and for the end, lines kept for the next day.
has_terminal || finish
prompts() { [ "$(grep -o 'chronus> ' out | wc -l)" -ge "$1" ]; }
types() { # TEXT CONDITION...: types it, and waits until the condition holds
    # shellcheck disable=SC2059
    printf "$1"
    shift
    wait_for 40 "$@"
}
forget
# Ctrl-C reaches every program of the terminal: the shell that tells the exit code must outlive it.
(
    wait_for 40 prompts 1
    types 'patch nonsense' grep -q 'patch nonsense' out
    types '\003' prompts 2
    types 'patch saw 220 > out\n' grep -q 'new 1' out
    types 'patch two: (saw 220 +\n' grep -qF '     ... ' out
    types 'saw 221) > out\n' grep -q 'new 2' out
    types 'bad thing\n' grep -q 'does not begin' out
    types '\003' grep -q 'exit code' out
) | TERM=xterm timeout 200 script -qefc "trap : INT; '$chronus' --null; echo exit code \$?" /dev/null >out 2>err
out_says "chronus> "
out_says "     ... "
out_says "quit or Ctrl-D ends"
[ "$(grep -c 'new [12],' out)" = 2 ] || fail "not both patches were played"
grep -q "gone 0.*sample" out && fail "an answer to a player counts samples"
out_says "does not begin a statement"
out_says "exit code 0"
if grep -q "GNU readline" <("$chronus" --version); then
    grep -q "saw 221" state/chronus/history || fail "the history was not kept"
    grep -q nonsense state/chronus/history && fail "a line that was thrown away was kept"
fi
# So it is without an editor of lines: half a line is thrown away, on an empty one Ctrl-C ends.
forget
(
    sleep 0.5
    types 'patch saw 110 > out\n' grep -q 'new 1' out
    types 'create nonsen' grep -q 'create nonsen' out
    types '\003' grep -qF '^C' out
    sleep 0.3
    types 'patch two: saw 220 > out\n' grep -q 'kept 1.*new 1' out
    types '\003' grep -q 'exit code' out
) | TERM=xterm timeout 100 script -qefc "trap : INT; '$chronus' --null --plain; echo exit code \$?" /dev/null >out 2>err
out_says "exit code 0"
is_not "half a line was evaluated" grep -q "error" out
# Who ends the program ends it, whatever is being typed.
forget
(
    wait_for 40 prompts 1
    types 'patch half' grep -q 'patch half' out
    kill -TERM "$(cat pid)"
    wait_for 40 grep -q 'exit code' out
) | TERM=xterm timeout 200 script -qefc "sh -c 'echo \$\$ >pid; exec \"$chronus\" --null'; echo exit code \$?" /dev/null >out 2>err
out_says "exit code 0"
# A pattern while the clock stands is answered with what starts it; while it runs, with when it is heard.
forget
(
    wait_for 40 prompts 1
    types 'create kick\n' prompts 2
    types 'sequence kick: x...\n' prompts 3
    types 'play\n' prompts 4
    sleep 0.5 # the clock starts with the next chunk
    types 'sequence kick: x.x.\n' prompts 5
    printf 'quit\n'
    sleep 1
) | TERM=xterm timeout 200 script -qefc "'$chronus' --null" /dev/null >out 2>err
[ "$(grep -c 'play starts it' out)" = 1 ] || fail "the hint to play is there $(grep -c 'play starts it' out) times"
[ "$(grep -c 'patterns change at bar 2' out)" = 1 ] || fail "not told when the pattern changes"
printf 'quit\n' | TERM=dumb script -qec "'$chronus' --null" /dev/null >out 2>err || fail "exit code $?"
finish
