/* runtime/audio/swap.c: hands finished graphs to the audio thread and brings the old ones home.
 * Wait-free on both sides. SPDX-License-Identifier: MIT */
#include "dsp/kernel/scalar.h"
#include "runtime/audio/audio.h"

#include <string.h>

void chr_swap_offer(chr_swap *s, chr_graph *g) {
    chr_offered *o = &s->offers[s->in++ % CHR_OFFERS];
    atomic_store_explicit(&o->graph, g, memory_order_relaxed);
    atomic_store_explicit(&o->at, g->good_from, memory_order_relaxed);
    atomic_store_explicit(&o->until, g->good_until, memory_order_relaxed);
    atomic_store_explicit(&o->after, g->after, memory_order_relaxed);
    atomic_store_explicit(&o->empties, g->empties, memory_order_relaxed);
    atomic_store_explicit(&o->number, ++s->n_offers, memory_order_release);
}

chr_graph *chr_swap_take_back(chr_swap *s) {
    chr_offered *o = &s->offers[(s->in - 1) % CHR_OFFERS];
    if (!atomic_exchange_explicit(&o->number, 0, memory_order_acq_rel))
        return NULL;
    s->in--;
    return atomic_load_explicit(&o->graph, memory_order_relaxed);
}

uint32_t chr_swap_waiting(const chr_swap *s) {
    uint32_t n = 0;
    while (n < CHR_OFFERS && atomic_load_explicit(&s->offers[(s->in - 1 - n) % CHR_OFFERS].number,
                                                  memory_order_acquire))
        n++;
    return n;
}

/* Where in this chunk an offered graph takes over. One that comes too late, for a fade has ended
 * that it carries along, is left: it is built again; and so is one that was built to come after
 * another that came at some other sample. */
static uint64_t moment(const chr_audio *a, const chr_offered *o, uint64_t from, bool begins) {
    uint64_t at = atomic_load_explicit(&o->at, memory_order_relaxed),
             after = atomic_load_explicit(&o->after, memory_order_relaxed);
    if (begins)
        at = at < a->clock ? a->clock : at;
    else if (at < from || at == a->clock) /* the chunk has begun: in the next one */
        return UINT64_MAX;
    bool good =
        at < atomic_load_explicit(&o->until, memory_order_relaxed) &&
        atomic_load_explicit(&o->empties, memory_order_relaxed) ==
            atomic_load_explicit(&a->empties, memory_order_relaxed) &&
        (after == UINT64_MAX ||
         (a->graph && after == atomic_load_explicit(&a->graph->live->began, memory_order_relaxed)));
    return good && at < a->clock + CHR_CHUNK ? at : UINT64_MAX;
}

chr_graph *chr_swap_reclaim(chr_swap *s) {
    unsigned out = atomic_load_explicit(&s->retired_out, memory_order_relaxed);
    if (out == atomic_load_explicit(&s->retired_in, memory_order_acquire))
        return NULL;
    chr_graph *g = atomic_load_explicit(&s->retired[out % CHR_RETIRED], memory_order_relaxed);
    atomic_store_explicit(&s->retired_out, out + 1, memory_order_release);
    return g;
}

void chr_audio_tell(chr_audio *a, chr_command command, uint64_t number, uint64_t at) {
    chr_event_ring *r = &a->told;
    unsigned in = atomic_load_explicit(&r->in, memory_order_relaxed), k = in % CHR_EVENTS;
    if (in - atomic_load_explicit(&r->out, memory_order_acquire) >= CHR_EVENTS) {
        atomic_fetch_add_explicit(&r->lost, 1, memory_order_relaxed);
        return;
    }
    atomic_store_explicit(&r->command[k], (uint8_t)command, memory_order_relaxed);
    atomic_store_explicit(&r->number[k], number, memory_order_relaxed);
    atomic_store_explicit(&r->at[k], at, memory_order_relaxed);
    atomic_store_explicit(&r->in, in + 1, memory_order_release);
}

static bool can_retire(const chr_audio *a) {
    const chr_swap *s = &a->swap;
    unsigned in = atomic_load_explicit(&s->retired_in, memory_order_relaxed) + a->n_leaving;
    return a->n_leaving < CHR_OFFERS &&
           in - atomic_load_explicit(&s->retired_out, memory_order_acquire) < CHR_RETIRED;
}

void chr_audio_let_go(chr_audio *a) {
    chr_swap *s = &a->swap;
    unsigned in = atomic_load_explicit(&s->retired_in, memory_order_relaxed);
    for (uint32_t i = 0; i < a->n_leaving; i++)
        atomic_store_explicit(&s->retired[in++ % CHR_RETIRED], a->leaving[i], memory_order_relaxed);
    atomic_store_explicit(&s->retired_in, in, memory_order_release);
    a->n_leaving = 0;
}

/* Samples of history that were written. */
static uint32_t move(const chr_audio *a, const chr_move *m, uint64_t at) {
    if (m->resumes)
        return chr_node_state_resume(m->to, m->to_lane, m->from, m->from_lane);
    if (m->from) {
        uint64_t empty = atomic_load_explicit(&a->emptied, memory_order_relaxed);
        return chr_node_state_move(m->to, m->to_lane, m->from, m->from_lane, at, m->ahead, empty);
    }
    chr_node_state_reset(m->to, m->to_lane);
    if (m->init)
        m->init(m->to->data, (int)m->to_lane, m->seed, a->rate_hz);
    return 0;
}

/* The pitch and force of each voice's last note. */
static void ring_out(const chr_voices_return *r) {
    for (uint32_t i = 0; i < CHR_MAX_VOICES; i++) {
        const chr_voice *from = &r->from->voice[i];
        chr_voice *to = &r->to->voice[i];
        for (int value = 0; value < CHR_VOICE_VALUES; value++)
            if (value != CHR_VOICE_GATE)
                to->value[value] = from->value[value];
        to->now = from->now;
        to->now.id = 0;
    }
}

/* What one lane of a ramp does from a sample on: it goes on where it was, or starts from what was
 * heard last. False if it stands. */
static bool take_ramp_lane(const chr_audio *a, uint64_t at, const chr_graph *g,
                           const chr_graph *old, uint32_t index, uint32_t l) {
    const chr_ramp *r = &g->ramps[index];
    const chr_ramp_source *source = &g->ramp_sources[r->sources + l];
    const chr_ramp_live *before = source->ramp != CHR_NONE ? &old->live->ramps[source->ramp] : NULL;
    bool moving = before && before->running, fresh = r->fresh & 1u << l;
    chr_ramp_lane *lane = &g->live->ramps[index].lane[l];
    if (moving && !fresh) {
        *lane = before->lane[source->lane];
        return true;
    }
    float goal = g->constants[r->to + l];
    *lane = (chr_ramp_lane){.begin = at, .from = fresh ? g->constants[r->start + l] : goal};
    if (!fresh)
        return false;
    if (moving) { /* the sample before */
        const chr_ramp_lane *was = &before->lane[source->lane];
        lane->from =
            chr_audio_on_the_way(was, old->constants[old->ramps[source->ramp].to + source->lane],
                                 (int64_t)(at - was->begin));
    }
    double length = source->beats > 0.0 ? chr_clock_length(&a->transport, source->beats, at)
                                        : source->seconds * (double)a->rate_hz;
    lane->length = (uint64_t)(length + 1e-6) + 1;
    lane->shape = source->shape;
    if (lane->shape == CHR_RAMP_OCTAVES && lane->from > 0.0f && goal > 0.0f)
        lane->octaves = chr_log2((double)goal / (double)lane->from);
    else if (lane->shape == CHR_RAMP_OCTAVES)
        lane->shape = CHR_RAMP_EVEN;
    return true;
}

static void take_ramp(const chr_audio *a, uint64_t at, const chr_graph *g, const chr_graph *old,
                      uint32_t index) {
    const chr_ramp *r = &g->ramps[index];
    chr_ramp_live *live = &g->live->ramps[index];
    for (uint32_t l = 0; l < r->lanes; l++)
        live->running |= take_ramp_lane(a, at, g, old, index, l);
    if (!live->running) {
        atomic_store_explicit(&live->ended, true, memory_order_relaxed);
        return;
    }
    chr_ramp_read(g->live->args, r, g->live->ramp_rows + r->buffer, 1);
}

/* The samples of this chunk that the old graph made, for who reads the stems of whole chunks. */
static void keep_stems(const chr_graph *g, const chr_graph *old, uint32_t n) {
    for (uint32_t i = 0; n && i < g->n_stems; i++)
        for (uint32_t side = 0; side < 2; side++) {
            float *to = g->live->outs[g->stems[i].out + side];
            if (old && g->stems[i].before != CHR_NONE)
                memcpy(to, old->live->outs[old->stems[g->stems[i].before].out + side],
                       n * sizeof *to);
            else
                memset(to, 0, n * sizeof *to);
        }
}

static void act_on_clock(chr_audio *a, const chr_offer_when *when, uint64_t at) {
    switch (when->clock) {
    case CHR_CLOCK_GOES_ON:
        break;
    case CHR_CLOCK_START:
        chr_audio_resume(a, at);
        break;
    case CHR_CLOCK_STOP:
        chr_audio_halt(a, at);
        break;
    case CHR_CLOCK_HUSH:
        chr_audio_hush(a, CHR_HUSH_S, at);
        break;
    case CHR_CLOCK_PANIC:
        chr_audio_hush(a, CHR_PANIC_S, at);
        break;
    case CHR_CLOCK_JUMP:
        chr_audio_jump(a, when->beat, when->moment, at);
        break;
    }
}

uint64_t chr_audio_swap_due(const chr_audio *a, uint64_t from, bool begins) {
    const chr_offered *o = &a->swap.offers[a->swap.out % CHR_OFFERS];
    if (!atomic_load_explicit(&o->number, memory_order_acquire) || !can_retire(a))
        return UINT64_MAX; /* late, never wrong */
    return moment(a, o, from, begins);
}

void chr_audio_swap(chr_audio *a, uint64_t at, bool begins) {
    chr_offered *o = &a->swap.offers[a->swap.out % CHR_OFFERS];
    uint64_t number = atomic_load_explicit(&o->number, memory_order_acquire);
    chr_graph *g = atomic_load_explicit(&o->graph, memory_order_relaxed);
    /* By now it may have been taken back, or another offered for another moment. */
    if (!number || moment(a, o, at, begins) != at ||
        !atomic_compare_exchange_strong_explicit(&o->number, &number, 0, memory_order_acq_rel,
                                                 memory_order_relaxed))
        return;
    a->swap.out++;
    chr_graph *old = a->graph;
    chr_clock_follow(&a->transport, g->time, at);
    for (uint32_t i = 0; g->resumes && i < g->n_slots; i++)
        chr_node_state_begin(g->slots[i].state, at);
    uint64_t rows = 0;
    for (uint32_t i = 0; i < g->n_moves; i++)
        rows += move(a, &g->moves[i], at);
    if (rows > atomic_load_explicit(&a->seen_rows, memory_order_relaxed))
        atomic_store_explicit(&a->seen_rows, rows, memory_order_relaxed);
    for (uint32_t i = 0; i < g->n_ramps; i++)
        take_ramp(a, at, g, old, i);
    for (uint32_t i = 0; i < g->n_returns; i++)
        ring_out(&g->returns[i]);
    g->live->fade_begin = at;
    atomic_store_explicit(&g->live->began, at, memory_order_relaxed);
    atomic_store_explicit(&g->live->ends, g->n_fades ? at + g->live->fade_longest : 0,
                          memory_order_relaxed);
    g->live->fading = g->n_fades > 0 || at < g->carried_until;
    atomic_store_explicit(&g->live->settled, !g->live->fading, memory_order_release);
    chr_audio_turn(a, g->volume, at);
    keep_stems(g, old, (uint32_t)(at - a->clock));
    a->graph = g;
    chr_audio_take_tracks(a, at);
    chr_audio_rows_reset(a);
    chr_audio_wake_changed(a, at);
    act_on_clock(a, &g->when, at);
    if (g->number)
        chr_audio_tell(a, CHR_COMMAND_NONE, g->number, at);
    if (old)
        a->leaving[a->n_leaving++] = old;
    atomic_store_explicit(&a->seen_last_swap, at, memory_order_relaxed);
    atomic_store_explicit(&a->seen_graph, g, memory_order_release);
    atomic_fetch_add_explicit(&a->seen_swaps, 1, memory_order_release);
}
