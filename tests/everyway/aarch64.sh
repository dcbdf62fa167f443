#!/usr/bin/env bash
# tests/everyway/aarch64.sh: the same bits on another machine: modules, engine and
# tests/render/modules_everywhere.c are built for aarch64 and run under an emulator, and every
# module's hash is compared with this machine's; then the language too, and the examples, each module's example and some
# generated patches (tests/everyway/bits.c). Usage: aarch64.sh SOURCE NATIVE-PROGRAM GENERATED CORPUS BITS
# Skipped (77) where gcc-aarch64-linux-gnu, libc6-dev-arm64-cross or qemu-user-static is absent.
# SPDX-License-Identifier: MIT
set -euo pipefail
source=$1
native=$2
generated=$3 # what re2c and lemon wrote
corpus=$4
bits=$5
compiler=aarch64-linux-gnu-gcc
for tool in "$compiler" qemu-aarch64-static; do
    if ! command -v "$tool" >/dev/null; then
        echo "skipped: $tool is not installed"
        exit 77
    fi
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! echo 'int main(void) { return 0; }' | "$compiler" -static -x c - -o "$work/probe" 2>/dev/null; then
    echo "skipped: the C library for aarch64 is not installed"
    exit 77
fi
cd "$source"
flags="-std=gnu17 -I. -D_GNU_SOURCE -ffp-contract=off -fno-math-errno -fno-trapping-math -O2 -Wno-psabi -pthread"
modules=$(sed -n 's/^CHR_LISTED([a-z0-9_]*, \([a-z0-9_]*\)).*/dsp\/modules\/\1.c/p' dsp/modules.def | sort -u)

# One line a compilation.
jobs() {
    local file lanes
    for file in $modules dsp/build.c dsp/ops.c; do
        for lanes in 1 4 8 16; do
            echo "$flags -DCHR_LANES=$lanes -DCHR_ISA_NAME=aarch64 -DCHR_ISA_TEXT='\"aarch64\"' -c $file -o $work/$(basename "$file" .c)_$lanes.o"
        done
    done
    # What needs a library that the emulated machine has not got is none of the engine's.
    for file in dsp/registry.c dsp/costs.c dsp/units.c dsp/time_map.c $(grep -LE '^#include <(sndfile|ebur128|kiss_fftr)' runtime/*.c) runtime/audio/*.c \
        lang/arena.c lang/score.c lang/score_copy.c tests/support/ir_maker.c; do
        echo "$flags -c $file -o $work/${file//\//_}.o"
    done
    # Of the language's IR the engine needs one function.
    sed -n '/^void chr_ir_free/,/^}/p' lang/ir.c | sed '1i #include "lang/ir.h"' >"$work/ir_free.c"
    echo "$flags -c $work/ir_free.c -o $work/ir_free.o"
    echo "$flags -c tests/render/modules_everywhere.c -o $work/main.o"
}
jobs | xargs -P "$(nproc)" -d '\n' -I{} sh -c "$compiler {}"
# Of the runtime's files those are linked that the engine asks for.
aarch64-linux-gnu-ar rcs "$work/runtime.a" "$work"/runtime_*.o
rm "$work"/runtime_*.o
"$compiler" -static -pthread "$work"/*.o "$work/runtime.a" -o "$work/everywhere" -lm

# The language, and a program that plays scripts. What needs a sound library is not there, and not called.
scripts=$work/scripts
mkdir "$scripts" "$work/lang"
printf '%s\n' lang/*.c lang/*/*.c "$generated"/lang/*.c tests/everyway/bits.c |
    xargs -P "$(nproc)" -I{} sh -c "$compiler $flags -w -I$generated -c {} -o $work/lang/\$(echo {} | tr / -).o"
rm "$work/main.o" "$work/ir_free.o" "$work"/lang_*.o "$work"/tests_*.o
aarch64-linux-gnu-ar rcs "$work/dsp.a" "$work"/*.o
"$compiler" -static -pthread -Wl,--unresolved-symbols=ignore-in-object-files "$work"/lang/*.o -Wl,--start-group "$work/runtime.a" \
    "$work/dsp.a" -Wl,--end-group -o "$work/bits" -lm
"$corpus" "$scripts" "${PATCHES:-20}"
cp examples/*.chr "$scripts"

differ=0
seconds=${SECONDS_EACH:-0.1}
"$bits" --seconds "$seconds" "$scripts"/*.chr >"$work/native"
qemu-aarch64-static "$work/bits" --seconds "$seconds" "$scripts"/*.chr >"$work/emulated"
if ! diff "$work/native" "$work/emulated"; then
    echo "scripts sound different on aarch64 (< this machine, > aarch64)"
    differ=1
fi
echo "$(wc -l <"$work/native") scripts compared"
for lanes in 0 1 4 16; do
    "$native" hashes "$lanes" >"$work/native"
    qemu-aarch64-static "$work/everywhere" hashes "$lanes" >"$work/emulated"
    if ! diff "$work/native" "$work/emulated"; then
        echo "with $lanes lanes aarch64 differs (< this machine, > aarch64)"
        differ=1
    fi
done
echo "$(wc -l <"$work/native") modules compared"
exit $differ
