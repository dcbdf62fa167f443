# `tuning`: pitches that are heard, files of the script's folder and of the library, and mistakes in them.
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/lib.sh"

# tune LINES: a melody with a drone, in a file.
tune() { # FILE HEAD MELODY DRONE
    printf '%bpatch lead: saw > gain -12dB > out\nmelody lead: %s\npatch drone: saw %s > gain -24dB > out\n' "$2" "$3" "$4" >"$1"
}
render() { # SCRIPT WAV
    expect 0 render "$1" -o "$2" --seconds 4 --tail 0 --bits f32 -q
}

# An octave higher as a tuning is an octave higher as a melody, bit for bit; notes in chains go along.
tune plain.chr '' 'A4 E4 . A4' A3
tune tuned.chr 'tuning A4=880Hz\n' 'A3 E3 . A3' A2
tune usual.chr 'tuning A4=440Hz\n' 'A4 E4 . A4' A3
tune off.chr 'tuning off\n' 'A4 E4 . A4' A3
render plain.chr plain.wav
for other in tuned usual off; do
    render $other.chr other.wav
    is "$other sounds like plain" "$soundtool" same plain.wav other.wav
done
tune just.chr 'tuning "just"\n' 'A4 E4 . A4' A3
render just.chr just.wav
is_not "just intonation sounds like equal steps" "$soundtool" same plain.wav just.wav

# A change in the course of a piece is one of the pitches from then on.
tune moved.chr 'at bar 2: tuning A4=880Hz\n' 'A3 E3 . A3' 110Hz
tune written.chr "at bar 2: melody lead: A4 E4 . A4\n" 'A3 E3 . A3' 110Hz
render moved.chr moved.wav
render written.chr written.wav
is "a tuning at bar 2 is a melody at bar 2" "$soundtool" same moved.wav written.wav
for block in 1 33; do
    expect 0 render moved.chr -o cut.wav --seconds 4 --tail 0 --bits f32 -q --block $block
    is "the same with blocks of $block" "$soundtool" same moved.wav cut.wav
done

# The script's own file comes before the library's; what it says is what is heard.
mkdir home outside
printf 'x\n 12\n 100.\n 200.\n 300.\n 400.\n 500.\n 600.\n 700.\n 800.\n 900.\n 1000.\n 1100.\n 2/1\n' >home/just.scl
tune home/own.chr 'tuning "just.scl" A4=440Hz\n' 'A4 A3 . A4' A3
tune octaves.chr '' 'A4 A3 . A4' A3
render home/own.chr own.wav
render octaves.chr plain.wav
is "the script's own scale is heard" "$soundtool" same plain.wav own.wav

# Files that may not be read, and mistakes in files, are told at their place.
cp home/just.scl outside/out.scl
ln -s ../outside/out.scl home/out.scl
mkfifo home/pipe.scl
head -c 2000000 /dev/zero | tr '\0' '!' >home/large.scl
printf '! mine\nMine\n 2\n 3/2\n an octave\n' >home/wrong.scl
printf '3\n0\n127\n60\n60\n440\n3\n0\n1\nz\n' >home/wrong.kbm
try() { # STATEMENT TEXT
    printf '%s\n' "$1" >home/main.chr
    expect 1 check home/main.chr
    says "$2"
}
try 'tuning "out"' E702
try 'tuning "pipe"' E702
try 'tuning "../outside/out"' E702
try 'tuning "large"' E703
try 'tuning "jsut"' 'did you mean "just"?'
try 'tuning "wrong"' 'wrong.scl:5:2: error[E711]: `an octave` is no pitch'
try 'tuning "just" map="wrong"' 'wrong.kbm:10:1: error[E713]: `z` stands where a degree'

# What is there is listed, and found again.
expect 0 help tunings
cp out listed
for name in just meantone werckmeister3 equal31 partch; do
    is "$name is listed" grep -q "^  $name " listed
    tune one.chr "tuning \"$name\"\\n" 'A4 E4' A3
    expect 0 check one.chr
done
finish
