/* runtime/audio/tap.c: copies the chunk that was just made to everybody who listens.
 * SPDX-License-Identifier: MIT */
#include "runtime/audio/tap.h"

#include "runtime/audio/audio.h"

#include <string.h>

/* Writes floats behind one another, round the ring's end. */
static uint64_t put(const chr_tap *t, uint64_t at, const void *words, uint64_t n) CHR_NONBLOCKING {
    uint64_t begin = at & (t->size - 1), first = t->size - begin < n ? t->size - begin : n;
    memcpy(t->ring + begin, words, first * sizeof(float));
    memcpy(t->ring, (const float *)words + first, (n - first) * sizeof(float));
    return at + n;
}

enum { HEAD_WORDS = sizeof(chr_tap_head) / 4, NAME_WORDS = sizeof(chr_tap_name) / 4 };

static void copy(const chr_audio *a, chr_tap *t) CHR_NONBLOCKING {
    const chr_graph *g = t->stems ? a->graph : NULL;
    uint32_t n_stems = g ? g->n_stems : 0;
    uint64_t at = atomic_load_explicit(&t->in, memory_order_relaxed);
    uint64_t used = at - atomic_load_explicit(&t->out, memory_order_acquire);
    uint32_t n_channels = t->inputs ? a->n_inputs : a->n_channels;
    uint64_t need = HEAD_WORDS + (uint64_t)n_channels * CHR_CHUNK +
                    (uint64_t)n_stems * (NAME_WORDS + 2 * CHR_CHUNK);
    if (need > t->size - used) {
        atomic_fetch_add_explicit(&t->lost, 1, memory_order_relaxed);
        return;
    }
    chr_tap_head head = {.clock = a->clock, .n_channels = n_channels, .n_stems = n_stems};
    at = put(t, at, &head, HEAD_WORDS);
    at = put(t, at, t->inputs ? a->heard : a->mixed, (uint64_t)n_channels * CHR_CHUNK);
    for (uint32_t i = 0; i < n_stems; i++) {
        chr_tap_name name = {g->stems[i].id};
        at = put(t, at, &name, NAME_WORDS);
        for (uint32_t side = 0; side < 2; side++)
            at = put(t, at, g->live->outs[g->stems[i].out + side], CHR_CHUNK);
    }
    atomic_store_explicit(&t->in, at, memory_order_release);
}

bool chr_audio_tap(chr_audio *a) {
    bool any = false;
    for (int i = 0; i < CHR_TAPS; i++) {
        chr_tap *t = atomic_load_explicit(&a->taps[i], memory_order_acquire);
        if (!t)
            continue;
        copy(a, t);
        any = true;
    }
    return any;
}
