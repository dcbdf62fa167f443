# Nothing is lost: a session's journal, rendered again; a session that was killed, brought back.
# SPDX-License-Identifier: MIT
tests=$(cd "$(dirname "$0")" && pwd)
. "$tests/lib.sh"
journals=$XDG_STATE_HOME/chronus/journals
the_journal() { ls "$journals"/*.chrlog | tail -n 1; }
count() { ls "$journals" 2>/dev/null | wc -l; }

# A session without an evaluation, and one that nobody wants written down, leave nothing.
printf 'list\nnonsense\n' | expect 1 --null
[ "$(count)" = 0 ] || fail "a session of questions left a journal"
printf 'patch saw 110 > out\n' | expect 0 --null --no-journal
expect 0 run drone.chr --null --seconds 0.1 --no-journal -q
[ "$(count)" = 0 ] || fail "--no-journal left a journal"
# What `run` plays can be rendered, too, and so can what came back of it.
expect 0 run drone.chr --null --seconds 0.3
expect 0 render "$(the_journal)" -o run.wav -q
[ ! -s err ] && [ "$(frames run.wav)" -gt 10000 ] || fail "what was run is not rendered"
rm "$journals"/*

# Each ends with its last fade, is for its owner's eyes alone, and renders.
converse --null
tell 'patch pad: saw 110 > lpf 500 > out\ntempo 150\ncreate kick\nsequence kick: x...x...x...x...\nplay\n'
wait_for 20 grep -q "gone 0" out
tell 'mute kick\n'
sleep 0.6
hang_up
wait $pid
[ "$(stat -c %a "$journals" "$(the_journal)" | tr '\n' ' ')" = "700 600 " ] || fail "others may read the journal"
is "the journal has an end" grep -qE '^\{"end":[0-9]+,"running":true,"position":[0-9.e-]+,"fade":[0-9]+,"sum":"[0-9a-f]*"\}$' "$(the_journal)"
expect 0 render "$(the_journal)" -o take.wav --bits f32
out_says "of a take, 48000 Hz, 2 channels"
[ ! -s err ] || fail "something is to be said of a whole take"
is "the end is a fade" "$soundtool" faded take.wav
# Neither lanes nor blocks nor the folder make a difference, and twice is the same.
mkdir elsewhere
(cd elsewhere && "$chronus" render "$(the_journal)" -o ../again.wav --bits f32 --lanes 1 --block 37 -q)
cmp take.wav again.wav || fail "the take is another the second time"
# By its name alone, beside no option that would make it another.
cp "$(the_journal)" my_take.chrlog
expect 0 render my_take.chrlog -q
[ -s my_take.wav ] || fail "a take has no name of its own"
expect 2 render my_take.chrlog -o x.wav --seconds 3
err_says "a take is rendered as it was played"
# A file that begins as a journal is one, whatever its name.
cp my_take.chrlog take.txt
expect 0 render take.txt -o renamed.wav --bits f32 -q
cmp take.wav renamed.wav || fail "another name, another take"

# The take among the examples.
expect 0 render "$tests/../../examples/takes/evening.chrlog" -o evening.wav
out_says "43.11 s of a take"
[ ! -s err ] || fail "something is to be said of the example"

# What is damaged is said, and what comes before it is rendered.
head -c $(($(stat -c %s my_take.chrlog) - 9)) my_take.chrlog >cut.chrlog
expect 0 render cut.chrlog -o cut.wav -q
err_says "is cut off; all before it is good"
line=$(grep -n '"took"' my_take.chrlog | head -n 1 | cut -d: -f1)
sed "${line}s/\"at\"/\"in\"/" my_take.chrlog >changed.chrlog
expect 0 render changed.chrlog -o changed.wav -q
err_says "line $line is damaged; what follows it is left out"
printf 'patch saw 220 > out\n' >foreign.chrlog
expect 1 render foreign.chrlog -o x.wav
err_says "foreign.chrlog is no journal of Chronus"
: >empty.chrlog
expect 1 render empty.chrlog -o x.wav
err_says "empty.chrlog is empty"
expect 1 render missing.chrlog -o x.wav
err_says "missing.chrlog cannot be read"
[ ! -e x.wav ] || fail "a file was written of no take"

# Killed: the next session says how to get it back, and --resume does, with what its files said then.
printf 'fn double(x) = x * 2\n' >kit.chr
converse --null --seed 5
tell 'import "kit.chr"\npatch pad: saw double(55) > lpf 500 > out\ntempo 133\n'
wait_for 20 grep -q "new 2" out
tell 'create kick\nsequence kick: x.x.\nplay\nmute pad\nunmute\n'
wait_for 20 grep -q '"do":"play"' "$(the_journal)"
wait_for 20 test "$(grep -c '"eval"' "$(the_journal)")" = 8
sleep 0.4
# Two sessions do not share one; a running one cannot be brought back.
printf 'list\n' | expect 0 --null --resume
grep -qE "the session of (today|yesterday) [0-2][0-9]:[0-5][0-9] is back" out || fail "not told when the session was"
if grep -q 133 out; then fail "a running session was brought back"; fi
kill -9 $pid
wait $pid 2>/dev/null
hang_up
rm "$(ls "$journals"/*.chrlog | tail -n 1)" # the one that was just resumed
printf 'list\n' | expect 0 --null
err_says "the last session did not end by itself: chronus --resume brings it back"
mkdir -p far
(cd far && printf 'list\nsave patch "back"\nundo\nundo\nlist\n' | "$chronus" --null --resume >../out 2>../err) || fail "--resume failed"
out_says "8 evaluations, and it plays"
out_says "saw double(55)"
is "the folder is the same one" grep -q "tempo 133" patches/back.chr
is "the import is there" grep -q "double" patches/back.chr
is "the seed is the same" grep -q '"seed":5' "$(the_journal)"
is "it plays" grep -q '"do":"play"' "$(the_journal)"
is_not "it was muted" grep -q "mute pad" patches/back.chr
# The one that came back stands on its own.
expect 0 render "$(the_journal)" -o back.wav -q
[ "$(frames back.wav)" -gt 1000 ] || fail "the take of the session that came back is empty"
[ ! -s err ] || fail "something is wrong with it"
printf 'list\n' | expect 0 --null
if grep -q resume err; then fail "a session that came back and ended is called lost"; fi

# What the program died in is left out, and said.
converse --null
tell 'patch pad: saw 110 > lpf 500 > out\n'
wait_for 20 grep -q "new 2" out
sleep 0.4
kill -STOP $pid
log=$(the_journal)
kill -9 $pid
wait $pid 2>/dev/null
hang_up
printf 'patch deadly: saw 1 > out\n' >"${log%.chrlog}.doing"
printf 'list\n' | expect 0 --null --resume
err_says "left out is what it died in:"
err_says "patch deadly: saw 1 > out"
out_says "saw 110"
if grep -q deadly out; then fail "what it died in came back"; fi

# With no former session a new one begins.
rm -r "$journals"
printf 'patch saw 110 > out\nlist\n' | expect 0 --null --resume
err_says "there is no session to go on with"
out_says "saw 110"

# A disk that is full: one sentence, and the music goes on.
for i in $(seq 60); do echo "patch pad: saw $((i + 100)) > lpf 500 > delay 0.1 > gain -6dB > out"; done >edits
echo list >>edits
(ulimit -f 1 && exec "$chronus" --null <edits 2>&1) | cat >err
cp err out
err_says "so what is played is written down no more"
out_says "saw 160"
finish
