#!/bin/sh
# queries.sh BENCH_QUERIES: instructions for each note that a score is asked for: the difference of two runs, counted by
# valgrind, so that starting up does not count. SPDX-License-Identifier: MIT
count() { # SCORE ROUNDS: instructions, notes
    out=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$1" "$2" 2>&1)
    echo "$out" | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
    echo "$out" | grep '^[0-9]*$'
}
program=$1
for score in flat deep chain; do
    set -- $(count $score 200) $(count $score 1200)
    echo "$score: $((($3 - $1) / ($4 - $2))) instructions a note"
done
