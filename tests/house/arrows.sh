# Rooms include in one direction: cli -> host, runtime -> lang -> dsp/{module,units}.h; dsp includes dsp alone; what runs on
# the audio thread never includes lang's parser, checker or session.
# SPDX-License-Identifier: MIT
cd "$1" || exit 1
bad=0
forbid() { # ROOM PATTERN WHY
    found=$(find "$1" -name '*.[chy]' -o -name '*.re' | xargs grep -HnE "^#include \"($2)" 2>/dev/null)
    [ -z "$found" ] && return
    printf '%s\n%s\n' "$3:" "$found"
    bad=1
}
forbid dsp 'lang/|runtime/|tests/' "dsp knows nothing of text, threads or files"
forbid lang 'runtime/|tests/' "lang knows nothing of the runtime"
forbid runtime/audio 'lang/(session|check|ast|parse|diag|stdlib)|runtime/(host|cli|player|files)' "the audio thread's room"
forbid runtime/host 'lang/|dsp/(module|ops|registry|units|vec|kernel)|runtime/(engine|player|graph|audio|cli|files)' "a host knows nothing of what it plays"
found=$(grep -HnE '^#include "runtime/(cli|host)/' runtime/*.[ch])
[ -z "$found" ] || { printf 'the runtime knows no terminal and no device:\n%s\n' "$found"; bad=1; }
found=$(grep -rlE '\b(printf|puts|putchar|fputs)\(' dsp lang runtime/*.c runtime/audio runtime/host --include='*.c' |
    xargs -r grep -nE '(^|[^fnsv_a-z])(printf|puts|putchar)\(' /dev/null)
[ -z "$found" ] || { printf 'only the command line prints:\n%s\n' "$found"; bad=1; }
exit $bad
