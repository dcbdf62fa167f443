#!/bin/bash
# tests/bench/start.sh CHRONUS [RUNS]: how long the whole process takes, from nothing, to make 0.1 s of a sine; Pd, where it
# is installed, beside it; and how long `run` takes to the first block of sound. The files lie in memory, so that no disk is
# measured. SPDX-License-Identifier: MIT
set -euo pipefail
[ -d /dev/shm ] && [ -w /dev/shm ] && export TMPDIR=/dev/shm
. "$(dirname -- "$0")/clock.sh" # sets work, a folder
chronus=${1:?use: tests/bench/start.sh CHRONUS [RUNS]} runs=${2:-21}
echo 'patch sine 440 > gain 0.3 > out' >"$work/sine.chr"
printf '0.1 s of a sine into a file, whole process: '
measure "$runs" "$chronus" render "$work/sine.chr" -o "$work/sine.wav" --seconds 0.1 --tail 0 -q

if command -v pd >/dev/null; then
    cat >"$work/sine.pd" <<END
#N canvas 0 0 450 300 12;
#X obj 50 120 osc~ 440;
#X obj 50 150 *~ 0.3;
#X obj 50 200 writesf~ 1;
#X obj 200 50 loadbang;
#X msg 200 80 open -bytes 3 $work/pd.wav \\, start;
#X obj 300 50 delay 100;
#X msg 300 100 stop;
#X obj 350 120 delay 1;
#X msg 350 140 \\; pd quit;
#X msg 280 20 \\; pd dsp 1;
#X connect 0 0 1 0;
#X connect 1 0 2 0;
#X connect 3 0 4 0;
#X connect 3 0 5 0;
#X connect 3 0 9 0;
#X connect 4 0 2 0;
#X connect 5 0 6 0;
#X connect 6 0 2 0;
#X connect 5 0 7 0;
#X connect 7 0 8 0;
END
    printf 'the same by Pd:                             '
    measure "$runs" pd -nogui -batch -noprefs -r 48000 "$work/sine.pd"
fi

# The thread of the sound sleeps for the first time when it has made a block.
if command -v strace >/dev/null; then
    printf 'run, to the first block (watched by strace): '
    HOME=$work strace -f -ttt -e trace=execve,clock_nanosleep "$chronus" run "$work/sine.chr" --null --seconds 0.2 2>&1 >/dev/null |
        awk '{ t = $1 == "[pid" ? $3 : $1 } /execve/ && !from { from = t }
             /ABSTIME/ && !told { told = 1; printf "%.1f ms\n", (t - from) * 1000 }'
fi
