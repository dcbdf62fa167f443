#!/bin/bash
# tests/everyway/everywhere.sh CORPUS BITS [BITS...]: every script sounds the same to the bit however it is played: the examples,
# each module's example, and as many generated patches as PATCHES says (200). BITS are builds of tests/everyway/bits.c; the
# first is played in every way (instruction sets, lanes, blocks, each chunk cut at every sample, threads, the C library
# without FMA), the others, of other compilers and optimisations, in their own way. CORPUS is tests/everyway/corpus.c.
#
# With BUILD=FOLDER it is the whole job: it builds five more there first, gcc and clang without optimisation and with -O2 and
# the release of gcc with its whole program (BUILDS names others), plays each of them with all instruction sets and lanes,
# and ends with an emulated aarch64. SECONDS_EACH (0.5) is the length, JOBS how many ways are played at a time.
# SPDX-License-Identifier: MIT
set -euo pipefail
export LC_ALL=C
unset CHRONUS_ISA
corpus=${1:?use: tests/everyway/everywhere.sh CORPUS BITS [BITS...]} bits=${2:?which build?}
shift 2
others=("$@")
root=$(cd "$(dirname "$0")/../.." && pwd)
seconds=${SECONDS_EACH:-0.5}
jobs=${JOBS:-$(nproc)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# ---- builds ----

# build NAME TARGET...: NAME is COMPILER-O0, COMPILER-O2 or COMPILER-release
build() {
    local name=$1 folder=$BUILD/$1 kind=None flags=-${1#*-}
    shift
    case $name in *-release) kind=Release flags= ;; esac
    CC=${name%%-*} cmake -G Ninja -S "$root" -B "$folder" -DCMAKE_BUILD_TYPE=$kind -DCMAKE_C_FLAGS="$flags" >"$work/said" 2>&1 &&
        cmake --build "$folder" --target everyway_bits "$@" >"$work/said" 2>&1 || {
        tail -n 20 "$work/said"
        echo "$folder does not build"
        exit 1
    }
    others+=("$folder/everyway_bits")
}
if [ -n "${BUILD:-}" ]; then
    for name in ${BUILDS:-gcc-O0 clang-O0 gcc-O2 clang-O2 gcc-release}; do
        case $name in
        *-release) build "$name" chronus render_modules_everywhere ;;
        *) build "$name" ;;
        esac
    done
    echo "built in $SECONDS s"
fi

# ---- what is played ----

mkdir "$work/scripts"
"$corpus" "$work/scripts" "${PATCHES:-200}"
cp "$root"/examples/*.chr "$work/scripts"
for folder in "$root"/examples/*/; do # what they load
    [ -d "$folder" ] && cp -r "$folder" "$work/scripts"
done
scripts=("$work"/scripts/*.chr)

# ---- ways ----

# Each is a program with its options; their words hold no blanks.
ways=()
way() { # PROGRAM OPTIONS...
    ways+=("$*")
}
sets=
for isa in x86-64 x86-64-v3 x86-64-v4 aarch64; do
    "$bits" --seconds 0.01 --isa $isa "${scripts[0]}" >/dev/null 2>&1 && sets="$sets $isa"
done
every_set() { # PROGRAM
    local isa lanes
    for isa in $sets; do
        for lanes in 1 4 8 16; do way "$1" --isa "$isa" --lanes $lanes; done
        way "$1" --isa "$isa"
    done
}
every_set "$bits"
for block in 1 7 33 64 1000 4096; do way "$bits" --block $block; done
for ((cut = 1; cut < 64; cut++)); do way "$bits" --cut $cut; done
way "$bits" --cut 13 --lanes 1 --block 5
way "$bits" --restless 1 # voices that sleep are worked out too, and equal work as often as it is there
way env GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2_Usable,-FMA_Usable,-FMA4_Usable,-AVX2,-FMA,-FMA4 "$bits"
for other in "${others[@]}"; do
    [ -x "$other" ] || continue
    way "$other"
    [ -z "${BUILD:-}" ] || every_set "$other"
done
alone=${#ways[@]} # what has threads of its own is played by itself, one after the other
for threads in 2 3 4 5 6 7 8; do way "$bits" --threads $threads; done
way "$bits" --threads 3 --cut 9

# ---- played and compared ----

play() { # TO PROGRAM OPTIONS...
    local to=$1
    shift
    # shellcheck disable=SC2068
    $@ --seconds "$seconds" "${scripts[@]}" >"$to" 2>"$to.said" || echo "it failed: $(head -n 5 "$to.said")" >>"$to"
}
play "$work/reference" "$bits"
[ "$(wc -l <"$work/reference")" -eq ${#scripts[@]} ] && ! grep -q '^it failed' "$work/reference" || {
    tail -n 1 "$work/reference"
    exit 1
}
for ((i = 0; i < alone; i++)); do
    [ $i -lt "$jobs" ] || wait -n
    play "$work/way.$i" ${ways[$i]} &
done
wait
for (( ; i < ${#ways[@]}; i++)); do play "$work/way.$i" ${ways[$i]}; done
bad=0
for ((i = 0; i < ${#ways[@]}; i++)); do
    cmp -s "$work/reference" "$work/way.$i" && continue
    bad=$((bad + 1))
    echo "FAILED: other bits with ${ways[$i]}:"
    diff "$work/reference" "$work/way.$i" | sed -n 's/^> \([0-9a-f]* \)\{0,1\}/    /p' | head -n 8
done
echo "${#scripts[@]} scripts, ${#ways[@]} ways; $bad differ ($SECONDS s)"
[ $bad = 0 ] && [ ${#ways[@]} -gt 40 ] || exit 1

# ---- another machine ----

native=${BUILD:-}/gcc-release
if [ -n "${BUILD:-}" ] && [ -x "$native/render_modules_everywhere" ]; then
    code=0
    PATCHES=${PATCHES:-200} SECONDS_EACH=$seconds bash "$root/tests/everyway/aarch64.sh" "$root" "$native/render_modules_everywhere" \
        "$native/generated" "$corpus" "$bits" || code=$?
    [ $code = 0 ] || [ $code = 77 ] || exit $code
    echo "all of it in $SECONDS s"
fi
