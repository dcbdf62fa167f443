#!/usr/bin/env bash
# Renders every example in every way that must not matter, and compares the files bit for bit: instruction sets that this
# CPU has, numbers of lanes, block sizes, numbers of threads, the C library without FMA, and other builds of the program (another compiler,
# another optimisation).
#   every_way.sh CHRONUS [OTHER_CHRONUS...]       SECONDS_EACH=4 for the length
set -u
chronus=$1
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
seconds=${SECONDS_EACH:-4}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ways=0
bad=0

render() { # file out args...
    local file=$1 out=$2
    shift 2
    "$chronus" render "$file" -o "$out" -q --seconds "$seconds" --tail 0.5 --bits f32 "$@" >"$work/log" 2>&1 || {
        echo "$file: rendering failed ($*)"
        cat "$work/log"
        bad=$((bad + 1))
    }
}
compare() { # name of the way
    ways=$((ways + 1))
    if ! cmp -s "$work/reference.wav" "$work/out.wav"; then
        echo "$(basename "$file"): other bits with $1"
        bad=$((bad + 1))
    fi
    rm -f "$work/out.wav"
}

sets=""
for isa in x86-64 x86-64-v3 x86-64-v4 aarch64; do
    if "$chronus" render "$root/examples/deep_groove.chr" -o "$work/try.wav" -q --seconds 0.01 --tail 0 --isa $isa >/dev/null 2>&1; then
        sets="$sets $isa"
    fi
    rm -f "$work/try.wav"
done
[ -n "$sets" ] || { echo "no instruction set can be asked for"; exit 1; }

for file in "$root"/examples/*.chr; do
    rm -f "$work/reference.wav"
    render "$file" "$work/reference.wav"
    for isa in $sets; do
        for lanes in 1 4 8 16; do
            render "$file" "$work/out.wav" --isa $isa --lanes $lanes
            compare "$isa in $lanes lanes"
        done
    done
    for block in 1 7 64 4096; do
        render "$file" "$work/out.wav" --block $block
        compare "blocks of $block"
    done
    for threads in 2 8; do
        render "$file" "$work/out.wav" -j $threads
        compare "$threads threads"
    done
    GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2_Usable,-FMA_Usable,-FMA4_Usable,-AVX2,-FMA,-FMA4 render "$file" "$work/out.wav"
    compare "a C library without FMA"
    for other in "$@"; do
        [ -x "$other" ] || continue
        (chronus=$other && render "$file" "$work/out.wav")
        compare "$other"
    done
done
echo "$ways comparisons over:$sets; $bad differ"
[ $bad = 0 ] && [ $ways -gt 50 ]
