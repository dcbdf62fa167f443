# `make` and plain sentences: shown as statements before they act, and the same samples as these.
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/lib.sh"
journals=$XDG_STATE_HOME/chronus/journals

cat >band.chr <<'X'
create kick
create hihat
create bass
create lead
sequence kick: x...x...x...x...
sequence hihat: ..x...x.
melody bass step=1/8: C2 . C2 G2
melody lead step=1/4: C4 Eb4 . G4
play
X
cat band.chr - >words.chr <<'X'
make bass a bit darker and squelchier
make lead wider by 30%
make drums punchier
more reverb on the lead, less sub on the bass
at bar 2: make everything quieter over 1 bar
X
expect 0 render words.chr -o words.wav --bars 3 --bits f32
out_says "add chorus to lead"
grep '^set \|^add ' out >told
# What came at its bar was told last, one line for each of the four.
{ cat band.chr; head -n -4 told; echo 'at bar 2: {'; tail -n 4 told | sed 's/^/  /'; echo '}'; } >statements.chr
expect 0 render statements.chr -o statements.wav --bars 3 --bits f32
cmp words.wav statements.wav || fail "the statements sound otherwise than the words"
expect 0 render band.chr -o band.wav --bars 3 --bits f32
is_not "the words are not heard" cmp -s words.wav band.wav

# Typed: the statements come first, then what they did; a diff only shows them; `undo` takes all of it back.
mkfifo typed
forget
"$chronus" --null --no-journal <typed >out 2>err &
pid=$!
exec 3>typed
lines() { [ "$(wc -l <out)" -ge "$1" ]; }
type() { # LINE N: types it and waits for so many lines in all
    printf '%s\n' "$1" >&3
    wait_for 20 lines "$2"
}
type 'create bass' 1
type 'make the bass a bit louder and darker' 4
type 'diff: more reverb on the bass' 8
type 'undo' 10
printf 'show bass.cutoff\n' >&3
wait_for 20 grep -q "500 Hz" out
exec 3>&-
wait $pid
[ "$(sed -n 2p out)" = "set bass gain=1.6dB" ] || fail "the first statement is not shown first"
[ "$(sed -n 3p out)" = "set bass cutoff=400Hz" ] || fail "the second statement is not shown"
sed -n 4p out | grep -q "changed 2" || fail "what they did is not shown after them"
[ "$(sed -n 5p out)" = "add reverb to bass amount=0.25" ] || fail "a diff does not show its statement"
sed -n 6p out | grep -q "would have" || fail "a diff did something"
out_says "500 Hz"
# What is not understood is said, and nothing happens.
printf 'create bass\nbass darkr\nmake bass darker and brighter\nshow bass\n' | expect 1 --null
err_says 'did you mean `dark`?'
err_says "pull against each other"
out_says "cutoff     = 500 Hz"
# For a program each is told as an object.
printf 'create bass\nmake bass darker\n' | expect 0 --null --json
out_says "set bass cutoff=333Hz"

# A journal holds the words, and does the same again.
mkfifo in
forget
"$chronus" --null <in >out 2>err &
pid=$!
exec 3>in
cat band.chr >&3
wait_for 20 grep -q "plays from" out
printf 'make bass darker over 1 beat\nnext beat: more reverb on the drums\n' >&3
wait_for 20 grep -q "add reverb to hihat" out
sleep 1
exec 3>&-
wait $pid
take=$(ls "$journals"/*.chrlog | tail -n 1)
is "the journal holds the words" grep -q 'make bass darker over 1 beat' "$take"
expect 0 render "$take" -o take.wav --bits f32
[ ! -s err ] || fail "something is to be said of the take"
expect 0 render "$take" -o again.wav --bits f32 --block 37 --lanes 1 -q
cmp take.wav again.wav || fail "the take is another the second time"
finish
