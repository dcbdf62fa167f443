# MIDI files become melodies; what is wrong with one is said in words.
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/lib.sh"

# A chord of a beat and an end; then two tracks with names.
notes='\0\220\074\144\0\220\100\144\140\200\074\0\0\200\100\0\0\377\057\0'
{
    printf 'MThd\0\0\0\006\0\001\0\001\0\140MTrk\0\0\0\024'
    printf "$notes"
} >one.mid
{
    printf 'MThd\0\0\0\006\0\001\0\002\0\140MTrk\0\0\0\035\0\377\003\005Piano'
    printf "$notes"
    printf 'MTrk\0\0\0\034\0\377\003\004Bass'
    printf "$notes"
} >two.mid
printf 'MThd\0\0\0\006\0\001\0\001\0\140MTrk\0\0\0\004\0\377\057\0' >none.mid
head -c 30 one.mid >cut.mid
printf 'patch a: saw > out\n' >text.mid

refused() { # SCRIPT CODE WORDS
    printf '%s\n' "$1" >song.chr
    expect 1 check song.chr
    grep -q "error\[$2\]" out err || fail "$1 is not $2: $(cat out err)"
    grep -qF "$3" out err || fail "$1 does not say $3: $(cat out err)"
}
refused 'import "cut.mid" as lead' E722 '"cut.mid" is cut off'
refused 'import "text.mid" as lead' E722 'is no MIDI file'
refused 'import "one.mid"' E723 'import "one.mid" as lead'
refused 'import "two.mid" as lead' E724 'track=1 Piano (2 notes), track=2 Bass (2 notes)'
refused 'import "two.mid" as lead track=3' E724 'which track'
refused 'import "none.mid" as lead' E725 'there are no notes'
refused 'import "one.mid" as lead tracks=1' E726 'track=2 chooses'
refused 'import "one.mid" as lead step=2s' E727 'step=1/16'
refused 'import "gone.mid" as lead' E701 'there is no file'

# What a script plays as notes: the same file each time, which reads back as the same notes.
printf 'tempo 100\nmeter 3/4\ncreate kick\ncreate lead\nsequence kick: x...\nmelody lead step=1/2: C4 E4 G4\n' >song.chr
expect 0 render song.chr --bars 2 -o out.mid
out_says "out.mid: 2 patterns, 9 notes, 6 beats"
expect 0 render song.chr --bars 2 -o again.mid --block 333 -q
is "the same notes whatever the block" cmp out.mid again.mid
[ "$(head -c 14 out.mid | od -An -tx1 | tr -d ' \n')" = 4d54686400000006000100031a40 ] || fail "the head is another"
grep -q lead out.mid || fail "tracks have no names"
expect 3 render song.chr --bars 1 -o nowhere/out.mid
# A pattern of values is no note.
{ cat song.chr; printf 'values lead.gain step=1/8: 0.5 1\n'; } >turned.chr
expect 0 render turned.chr --bars 2 -o turned.mid -q
is "the same notes where a knob is turned" cmp out.mid turned.mid

# A loop and a jump go on where the song was, to the tick: what repeats itself cannot be told from them.
printf 'tempo 97.3\ncreate lead voices=2\nmelody lead bars=1: C4 [E4,G4] G4@0.5 B4 .\n' >plain.chr
{ cat plain.chr; printf 'loop bars 1..2\n'; } >loop.chr
{ cat plain.chr; printf 'at bar 4: play from bar 2\nat bar 3 beat 1: play from bar 6\n'; } >jump.chr
expect 0 render plain.chr --bars 8 -o plain.mid -q
for way in loop jump; do
    expect 0 render $way.chr --bars 8 -o $way.mid -q --block 1000
    is "the same notes with a $way" cmp plain.mid $way.mid
done

# What is written reads back as the same notes.
printf 'tempo 100\nmeter 3/4\ncreate lead voices=4\n' >head.chr
{ cat head.chr; printf 'melody lead step=1/2: C4^ [E4,G4] G4@0.5 _ B4 .\n'; } >there.chr
{ cat head.chr; printf 'import "there.mid" as lead\n'; } >back.chr
expect 0 render there.chr --bars 4 -o there.mid -q
expect 0 render back.chr --bars 4 -o back.mid
out_says "6 notes"
is "the same notes, there and back" cmp there.mid back.mid
finish
