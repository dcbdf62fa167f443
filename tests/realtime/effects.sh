# What the audio thread runs calls nothing that may wait: the compiler finds it out from the attribute `nonblocking`
# (dsp/nonblocking.h), through every function and every pointer to a kernel. Called with the root of the tree.
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/compiler.sh"
cd "$1" || exit 1
failures=0
flags=(-std=gnu17 -D_GNU_SOURCE -I. -DCHR_LANES=4 -DCHR_ISA_NAME=base -DCHR_ISA_TEXT=\"base\" -Wno-psabi
    -Wfunction-effects -Werror=function-effects -fsyntax-only)
pkg-config --exists portaudio-2.0 && flags+=(-DCHRONUS_HAS_PORTAUDIO)
for file in dsp/modules/*.c dsp/ops.c runtime/audio/*.c runtime/state.c runtime/engine.c runtime/host/*.c runtime/cli/live.c; do
    "$clang" "${flags[@]}" "$file" || failures=$((failures + 1))
done

# The test itself sees a violation, of each kind.
sees() { # WHAT TEXT
    printf '%s\n' "$2" | "$clang" "${flags[@]}" -x c - 2>/dev/null || return 0
    echo "not seen: $1"
    failures=$((failures + 1))
}
sees "an allocation where a host asks for sound" '#include "runtime/host/host.h"
#include <stdlib.h>
static chr_host_fill fill;
static void fill(void *context, const float *in, float *out, int n) { *(void **)context = malloc(4); out[n - 1] = in[0]; }
chr_host_fill *const it = fill;'
sees "a lock in a kernel" '#include "dsp/module.h"
#include <pthread.h>
static void process(void *state, const chr_block *b) { (void)b; pthread_mutex_lock(state); }
const chr_module it = {.process = process};'
sees "an engine that waits" '#include "runtime/audio/audio.h"
#include <unistd.h>
void chr_audio_run(chr_audio *a, int from, int to) { usleep((unsigned)(to - from) + (unsigned)a->clock); }'
[ $failures = 0 ] || { echo "$failures failures"; exit 1; }
echo "checked by $("$clang" --version | head -n 1)"
