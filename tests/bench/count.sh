#!/bin/bash
# tests/bench/count.sh CHRONUS [INSTRUCTION-SET]: instructions for each second of sound of the workloads, counted by
# valgrind: the same number on every machine and at every load, so that two versions can be compared. The difference of
# two renderings: starting up does not count. SPDX-License-Identifier: MIT
set -euo pipefail
export LC_ALL=C
chronus=${1:?use: tests/bench/count.sh CHRONUS [INSTRUCTION-SET]} isa=${2:-x86-64-v3} # valgrind knows no AVX-512
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
command -v valgrind >/dev/null || {
    echo "count.sh: valgrind is missing: it is the Debian package of that name" >&2
    exit 3
}
instructions() { # WORKLOAD SECONDS
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$chronus" render "$here/w$1.chr" -o /dev/null --seconds "$2" \
        --tail 0 --no-ceiling --no-meter --isa "$isa" -q 2>&1 | sed -n 's/.*Collected : //p'
}
for w in 1 2 3 4 5 6 7 1_chains 2_chains 3_chains; do
    awk -v w="$w" -v a="$(instructions "$w" 1)" -v b="$(instructions "$w" 2)" -v isa="$isa" \
        'BEGIN { printf "W%s %s: %.1f million instructions for each second of sound\n", w, isa, (b - a) / 1e6 }'
done
