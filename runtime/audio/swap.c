/* runtime/audio/swap.c: hands finished graphs to the audio thread and brings the old ones home.
 * Wait-free on both sides. SPDX-License-Identifier: MIT */
#include "runtime/audio/audio.h"

#include <string.h>

chr_graph *chr_swap_offer(chr_swap *s, chr_graph *g) {
    return atomic_exchange_explicit(&s->offered, g, memory_order_acq_rel);
}

chr_graph *chr_swap_reclaim(chr_swap *s) {
    unsigned out = atomic_load_explicit(&s->retired_out, memory_order_relaxed);
    if (out == atomic_load_explicit(&s->retired_in, memory_order_acquire))
        return NULL;
    chr_graph *g = atomic_load_explicit(&s->retired[out % CHR_RETIRED], memory_order_relaxed);
    atomic_store_explicit(&s->retired_out, out + 1, memory_order_release);
    return g;
}

static bool can_retire(chr_swap *s) {
    unsigned in = atomic_load_explicit(&s->retired_in, memory_order_relaxed);
    return in - atomic_load_explicit(&s->retired_out, memory_order_acquire) < CHR_RETIRED;
}

static void retire(chr_swap *s, chr_graph *g) {
    unsigned in = atomic_load_explicit(&s->retired_in, memory_order_relaxed);
    atomic_store_explicit(&s->retired[in % CHR_RETIRED], g, memory_order_relaxed);
    atomic_store_explicit(&s->retired_in, in + 1, memory_order_release);
}

/* A ramp starts from what was heard last; one that has the same goal as before goes on. */
static void take_ramp(const chr_audio *a, const chr_graph *g, const chr_graph *old,
                      uint32_t index) {
    const chr_ramp *r = &g->ramps[index];
    chr_ramp_live *live = &g->live->ramps[index];
    const chr_ramp_live *before =
        old && r->old_ramp != CHR_NONE ? &old->live->ramps[r->old_ramp] : NULL;
    bool moving = before && before->running;
    if (r->continues && !moving)
        return;
    live->running = true;
    live->begin = a->clock;
    memcpy(live->from, g->constants + r->start, r->lanes * sizeof(float));
    if (moving && r->continues) {
        *live = *before;
    } else if (moving) {
        const float *heard =
            old->live->ramp_rows + old->ramps[r->old_ramp].buffer + (CHR_CHUNK - 1) * r->lanes;
        memcpy(live->from, heard, r->lanes * sizeof(float));
    }
    g->live->args[r->arg] = (chr_arg){g->live->ramp_rows + r->buffer, 1};
    if (r->again != UINT32_MAX)
        g->live->args[r->again] = g->live->args[r->arg];
}

void chr_audio_swap(chr_audio *a) {
    if (!atomic_load_explicit(&a->swap.offered, memory_order_relaxed) || !can_retire(&a->swap))
        return; /* late, never wrong */
    chr_graph *g = atomic_exchange_explicit(&a->swap.offered, NULL, memory_order_acq_rel);
    if (!g)
        return;
    chr_graph *old = a->graph;
    for (uint32_t i = 0; i < g->n_moves; i++)
        chr_node_state_move(g->moves[i].to, g->moves[i].to_lane, g->moves[i].from,
                            g->moves[i].from_lane, a->clock);
    for (uint32_t i = 0; i < g->n_ramps; i++)
        take_ramp(a, g, old, i);
    g->live->fade_begin = a->clock;
    g->live->fading = g->n_fades > 0;
    atomic_store_explicit(&g->live->settled, !g->live->fading, memory_order_release);
    a->graph = g;
    chr_clock_set_tempo(&a->transport, g->bpm, g->beats_per_bar, a->clock);
    chr_audio_take_tracks(a);
    chr_audio_rows_reset(g);
    if (old)
        retire(&a->swap, old);
    atomic_fetch_add_explicit(&a->seen_swaps, 1, memory_order_relaxed);
    atomic_store_explicit(&a->seen_last_swap, a->clock, memory_order_relaxed);
    atomic_store_explicit(&a->seen_graph, g, memory_order_release);
}
