/* runtime/audio/hush.c: everything fades and every tail is gone.
 * SPDX-License-Identifier: MIT */
#include "runtime/audio/audio.h"

#include <string.h>

/* Histories are emptied over this long, for long delays are too much for one chunk. However much
 * there is it takes the same time, so that no result depends on how lanes are packed. */
#define EMPTYING_S 0.050

static float gain_at(const chr_hush *h, uint64_t at) {
    float x = (float)(at + 1 - h->begin) / (float)(h->end - h->begin);
    return h->from * (1.0f - chr_smoothstep(x));
}

void chr_audio_hush(chr_audio *a, double seconds, uint64_t at) {
    chr_hush *h = &a->hush;
    chr_audio_halt(a, at);
    uint64_t end = at + (uint64_t)(seconds * (double)a->rate_hz) + 1;
    if (h->fading && h->end <= end)
        return; /* it is fading already: no step back to full level */
    h->from = h->fading ? gain_at(h, at) : 1.0f;
    h->fading = true;
    h->begin = at;
    h->end = end;
}

static void restart(const chr_graph *g, const chr_slot *slot, float rate_hz) {
    chr_node_state *s = slot->state;
    s->sick = s->kept_lanes = 0;
    memset(s->data, 0, s->bytes);
    for (uint32_t l = 0; slot->module->init && l < s->lanes; l++)
        slot->module->init(s->data, (int)l, g->seeds[slot->seeds + l], rate_hz);
}

static size_t history(const chr_node_state *s) {
    return s->ring ? (size_t)s->ring_rows * s->columns * s->lanes : 0;
}

static size_t floats(const chr_graph *g) {
    size_t sum = 0;
    for (uint32_t i = 0; i < g->n_slots; i++)
        sum += history(g->slots[i].state);
    return sum;
}

/* True when all is empty. */
static bool empty_some(chr_audio *a) {
    const chr_graph *g = a->graph;
    size_t left = a->hush.piece;
    for (; a->hush.slot < g->n_slots; a->hush.slot++, a->hush.row = 0) {
        const chr_slot *slot = &g->slots[a->hush.slot];
        const chr_node_state *s = slot->state;
        if (!a->hush.row)
            restart(g, slot, a->rate_hz);
        size_t all = history(s);
        size_t n = all - a->hush.row < left ? all - a->hush.row : left;
        if (n)
            memset(s->ring + a->hush.row, 0, n * sizeof(float));
        left -= n;
        a->hush.row += n;
        if (a->hush.row < all)
            return false;
    }
    return true;
}

/* What was on its way has arrived when the sound begins again. */
static void arrive(chr_audio *a) {
    const chr_graph *g = a->graph;
    for (uint32_t i = 0; i < g->n_ramps; i++)
        for (uint32_t l = 0; l < g->ramps[i].lanes; l++)
            g->live->ramps[i].lane[l].begin -= g->live->ramps[i].lane[l].length;
    g->live->fade_begin -= g->live->fade_longest;
    if (atomic_load_explicit(&g->live->ends, memory_order_relaxed) > a->clock)
        atomic_store_explicit(&g->live->ends, a->clock, memory_order_relaxed);
    uint64_t end = (a->hush.end + CHR_CHUNK - 1) / CHR_CHUNK * CHR_CHUNK;
    atomic_store_explicit(&a->emptied, end, memory_order_relaxed);
    /* What was built against fades that were under way is right no more. */
    atomic_fetch_add_explicit(&a->empties, 1, memory_order_release);
}

bool chr_audio_is_emptying(chr_audio *a) {
    chr_hush *h = &a->hush;
    if (h->fading && a->clock >= h->end) {
        h->fading = false;
        h->emptying = true;
        h->end = a->clock + (uint64_t)(EMPTYING_S * (double)a->rate_hz);
        h->slot = 0;
        h->row = 0;
        h->piece = floats(a->graph) / (size_t)((h->end - a->clock) / CHR_CHUNK) + 1;
        arrive(a);
    }
    if (!h->emptying)
        return false;
    bool empty = empty_some(a);
    h->emptying = !empty || a->clock + CHR_CHUNK < h->end;
    if (!h->emptying)
        atomic_store_explicit(&a->emptied, a->clock + CHR_CHUNK, memory_order_release);
    const chr_graph *g = a->graph;
    for (uint32_t i = 0; i < g->n_stems; i++)
        for (uint32_t side = 0; side < 2; side++)
            memset(g->live->outs[g->stems[i].out + side], 0, sizeof(float) * CHR_CHUNK);
    memset(a->dry, 0, sizeof(float) * CHR_CHUNK * a->n_channels);
    return true;
}

void chr_audio_fade_out(chr_audio *a, uint64_t from, uint64_t to) {
    for (uint64_t at = from; a->hush.fading && at < to; at++) {
        float gain = at < a->hush.end ? gain_at(&a->hush, at) : 0.0f;
        for (uint32_t c = 0; c < a->n_channels; c++)
            a->dry[c * CHR_CHUNK + (uint32_t)(at - a->clock)] *= gain;
    }
}
