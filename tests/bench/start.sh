#!/bin/bash
# tests/bench/start.sh CHRONUS [RUNS]: how long the whole process takes, from nothing, to make 0.1 s of a sine.
# SPDX-License-Identifier: MIT
set -euo pipefail
. "$(dirname -- "$0")/clock.sh" # sets work, a folder
chronus=${1:?use: tests/bench/start.sh CHRONUS [RUNS]} runs=${2:-21}
echo 'patch sine 440 > gain 0.3 > out' >"$work/sine.chr"
printf '0.1 s of a sine into a file, whole process: '
measure "$runs" "$chronus" render "$work/sine.chr" -o "$work/sine.wav" --seconds 0.1 --tail 0 -q
