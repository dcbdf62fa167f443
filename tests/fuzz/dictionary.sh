#!/bin/bash
# tests/fuzz/dictionary.sh: prints the dictionary of the fuzzer, made from the keywords of
# lang/words.c, the modules of dsp/modules.def and the signs of the language.
# SPDX-License-Identifier: MIT
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
{
    sed -n 's/^ *{"\([a-z_]*\)", *CHR_T_.*/\1/p' "$root/lang/words.c"
    sed -n 's/^CHR_LISTED(\([a-z0-9_]*\),.*/\1/p' "$root/dsp/modules.def"
    printf '%s\n' in out freq gate vel note all cutoff res freq attack decay voices step bars swing \
        octave key amount time size mix exp lin log rev fast slow rotate transpose
    printf '%s\n' Hz kHz ms s dB % st ct bpm deg k ' beats' ' bars' 1/16 1e9 0 -6dB 440Hz .5 ..
    printf '%s\n' C4 F#3 Bb-1 Cm7 G7/B "5'" b3 '#4' m60 'x(3,8)' 'x*3' 'x!2' 'x@2' 'x?30%' 'x~' 'x^' \
        'x{cutoff=2kHz}' '[x,x]' '<1 2>' '(1|2)' ' > ' ' as ' '==' ' - ' ' -' ' : ' ' { ' ' }'
} | sort -u | while IFS= read -r word; do
    word=${word//\\/\\\\}
    printf '"%s"\n' "${word//\"/\\\"}"
done
printf '"\\x0a"\n"\\x0a  "\n"\\x0a\\x0a"\n"\\x0d\\x0a"\n"\\xe2\\x80\\x9c"\n"\\xff"\n"\\x00"\n'
