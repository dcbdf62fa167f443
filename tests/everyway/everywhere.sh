#!/bin/bash
# tests/everyway/everywhere.sh CORPUS BITS [BITS...]: every script sounds the same to the bit however it is played: the examples,
# each module's example, and as many generated patches as PATCHES says (200). BITS are builds of tests/everyway/bits.c; the
# first is played in every way (instruction sets, lanes, blocks, each chunk cut at every sample, threads, the C library
# without FMA), the others, of other compilers and optimisations, in their own way. CORPUS is tests/everyway/corpus.c.
#
# With BUILD=FOLDER it builds four more there first: gcc and clang, -O0 and -O2. SECONDS_EACH (0.5) is the length.
# SPDX-License-Identifier: MIT
set -euo pipefail
export LC_ALL=C
unset CHRONUS_ISA
corpus=${1:?use: tests/everyway/everywhere.sh CORPUS BITS [BITS...]} bits=${2:?which build?}
shift 2
others=("$@")
root=$(cd "$(dirname "$0")/../.." && pwd)
seconds=${SECONDS_EACH:-0.5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -n "${BUILD:-}" ]; then
    for compiler in gcc clang; do
        for level in 0 2; do
            folder=$BUILD/$compiler-O$level
            CC=$compiler cmake -G Ninja -S "$root" -B "$folder" -DCMAKE_BUILD_TYPE=None -DCMAKE_C_FLAGS="-O$level" >"$work/said" 2>&1 &&
                cmake --build "$folder" --target everyway_bits >"$work/said" 2>&1 || {
                tail -n 20 "$work/said"
                echo "$folder does not build"
                exit 1
            }
            others+=("$folder/everyway_bits")
        done
    done
fi

mkdir "$work/scripts"
"$corpus" "$work/scripts" "${PATCHES:-200}"
cp "$root"/examples/*.chr "$work/scripts"
for folder in "$root"/examples/*/; do # what they load
    [ -d "$folder" ] && cp -r "$folder" "$work/scripts"
done
scripts=("$work"/scripts/*.chr)

# play FILE PROGRAM OPTIONS...
play() {
    local to=$1 program=$2
    shift 2
    "$program" --seconds "$seconds" "$@" "${scripts[@]}" >"$to" 2>"$work/said" || {
        head -n 5 "$work/said"
        echo "FAILED: $program $*"
        exit 1
    }
}
ways=0 bad=0
compare() { # NAME OF THE WAY
    ways=$((ways + 1))
    cmp -s "$work/reference" "$work/other" && return
    bad=$((bad + 1))
    echo "FAILED: other bits with $1:"
    diff "$work/reference" "$work/other" | sed -n 's/^> [0-9a-f]* /    /p' | head -n 8
}
way() {
    play "$work/other" "$bits" "$@"
    compare "$*"
}

play "$work/reference" "$bits"
for isa in x86-64 x86-64-v3 x86-64-v4 aarch64; do
    "$bits" --seconds 0.01 --isa $isa "${scripts[0]}" >/dev/null 2>&1 || continue
    for lanes in 1 4 8 16; do way --isa $isa --lanes $lanes; done
    way --isa $isa
done
for block in 1 7 33 64 1000 4096; do way --block $block; done
for ((cut = 1; cut < 64; cut++)); do way --cut $cut; done
way --cut 13 --lanes 1 --block 5
for threads in 2 3 4 5 6 7 8; do way --threads $threads; done
way --threads 3 --cut 9
way --restless 1 # voices that sleep are worked out too, and equal work as often as it is there
export GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2_Usable,-FMA_Usable,-FMA4_Usable,-AVX2,-FMA,-FMA4
play "$work/other" "$bits"
compare "a C library without FMA"
unset GLIBC_TUNABLES
for other in "${others[@]}"; do
    [ -x "$other" ] || continue
    play "$work/other" "$other"
    compare "$other"
done
echo "${#scripts[@]} scripts, $ways ways; $bad differ"
[ $bad = 0 ] && [ $ways -gt 40 ]
