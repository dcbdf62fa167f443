# `chronus render -j`: several threads give the file of one; so do stems, edits and takes.
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/lib.sh"

# A song with effects, whose patches are changed while it sounds.
{
    echo 'tempo 140'
    for i in 1 2 3 4 5 6; do
        echo "patch p$i voices=3: saw > lpf $((400 * i)) > env 2ms 80ms 0.3 0.2 > chorus > delay 0.$i > reverb > gain -20dB > out"
        echo "melody p$i: C$i E$i G$i [C$i,G$i]"
    done
} >song.chr
expect 0 render song.chr -o one.wav --seconds 3 --bits f32 -q --stems one --type-at "1s" "p2.lpf.cutoff = 300" \
    --type-at "1.2s" "patch p7: noise * 0.1 > reverb > out" --type-at "2s" "undo"
for threads in 1 2 3 8; do
    expect 0 render song.chr -o several.wav --seconds 3 --bits f32 -q --stems several -j $threads --type-at "1s" "p2.lpf.cutoff = 300" \
        --type-at "1.2s" "patch p7: noise * 0.1 > reverb > out" --type-at "2s" "undo"
    is "the same by $threads threads" cmp one.wav several.wav
    is "the same stems by $threads threads" diff -r one several
    rm -rf several several.wav
done
[ "$(ls one | wc -l)" = 7 ] || fail "there are other stems than seven: $(ls one)"

# Those that are asked for.
expect 2 render song.chr -o a.wav -j 9
err_says "--threads is a whole number from 1 to 8"
expect 2 render song.chr -o a.wav -j 0
expect 2 render song.chr -o a.wav --threads two
expect 0 render --help
out_says "--threads"
out_says "-j"

finish
