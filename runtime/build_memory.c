/* runtime/build_memory.c: lays a finished graph out in one allocation, and its live part in
 * another. SPDX-License-Identifier: MIT */
#include "runtime/build.h"
#include "runtime/parts.h"

#include <stdlib.h>
#include <string.h>

static size_t aligned(size_t n) {
    return (n + 63) & ~(size_t)63;
}

/* Copies a list to its place; with base NULL only measures. */
static const void *place(char *base, size_t *at, const void *items, size_t bytes) {
    char *to = base ? base + *at : NULL;
    if (to && bytes)
        memcpy(to, items, bytes);
    *at += aligned(bytes);
    return to;
}

static size_t lay_out(const chr_builder *b, chr_graph *g, char *base) {
    size_t at = aligned(sizeof *g);
#define PLACE(list, count)                                                                         \
    g->list = place(base, &at, b->list.items, b->list.n * sizeof *b->list.items),                  \
    g->count = b->list.n
    PLACE(instrs, n_instrs);
    PLACE(slots, n_slots);
    PLACE(voice_args, n_voice_args);
    PLACE(voice_rows, n_voice_rows);
    PLACE(terms, n_terms);
    PLACE(ramps, n_ramps);
    PLACE(ramp_sources, n_ramp_sources);
    PLACE(fades, n_fades);
    PLACE(moves, n_moves);
    PLACE(returns, n_returns);
    PLACE(tracks, n_tracks);
    PLACE(voices, n_voices_all);
    PLACE(stems, n_stems);
    PLACE(maps, n_maps);
    PLACE(seeds, n_seeds);
    PLACE(names, n_names);
    PLACE(constants, n_constants);
    PLACE(text, n_text);
    PLACE(levels, n_levels);
    PLACE(sleepers, n_sleepers);
    PLACE(envelopes, n_envelopes);
    PLACE(reads, n_reads);
    PLACE(spots_first, n_spots_first);
    PLACE(spots, n_spots);
#undef PLACE
    g->n_voices = place(base, &at, b->n_voices.items, b->n_voices.n * sizeof *b->n_voices.items);
    g->keyings = place(base, &at, b->keyings.items, b->keyings.n * sizeof *b->keyings.items);
    g->reads_first = place(base, &at, b->reads_first, (b->voices.n + 1) * sizeof *b->reads_first);
    g->envelopes_first =
        place(base, &at, b->envelopes_first, (b->voices.n + 1) * sizeof *b->envelopes_first);
    g->levels_first =
        place(base, &at, b->levels_first, (b->voices.n + 1) * sizeof *b->levels_first);
    g->term_sleepers =
        place(base, &at, b->term_sleepers.items, b->terms.n * sizeof *b->term_sleepers.items);
    return at;
}

static chr_live *make_live(const chr_builder *b, const chr_graph *g) {
    size_t args = aligned(b->args.n * sizeof(chr_arg)), outs = aligned(b->outs.n * sizeof(float *));
    size_t ramps = aligned(b->ramps.n * sizeof(chr_ramp_live));
    size_t scratch = aligned(b->scratch_floats * sizeof(float)),
           rows = aligned(b->rows_floats * sizeof(float));
    size_t ramp_rows = aligned(b->ramp_floats * sizeof(float));
    size_t spent = aligned(b->instrs.n * sizeof(uint32_t));
    size_t faulty = b->options->threads > 1 ? spent : 0;
    size_t sleep = aligned(b->sleepers.n * sizeof(chr_sleep_live));
    size_t cuts = aligned(b->voice_rows.n * sizeof(uint64_t));
    size_t touched = aligned(b->voice_rows.n * sizeof(uint32_t));
    size_t bytes = aligned(sizeof(chr_live)) + args + outs + ramps + sleep + scratch + rows +
                   ramp_rows + cuts + touched + spent + faulty;
    char *base = aligned_alloc(64, bytes);
    if (!base)
        return NULL;
    memset(base, 0, bytes); /* touched before the audio thread sees it */
    chr_live *v = (chr_live *)(void *)base;
    v->bytes = bytes;
    base += aligned(sizeof(chr_live));
    v->args = (chr_arg *)(void *)base;
    v->outs = (float **)(void *)(base += args);
    v->ramps = (chr_ramp_live *)(void *)(base += outs);
    v->sleep = (chr_sleep_live *)(void *)(base += ramps);
    v->scratch = (float *)(void *)(base += sleep);
    v->rows = (float *)(void *)(base += scratch);
    v->ramp_rows = (float *)(void *)(base += rows);
    v->cuts = (uint64_t *)(void *)(base += ramp_rows);
    v->touched = (uint32_t *)(void *)(base += cuts);
    v->spent_ns = (_Atomic uint32_t *)(void *)(base += touched);
    v->faulty = faulty ? (uint32_t *)(void *)(base += spent) : NULL;
    for (uint32_t i = 0; i < b->fades.n; i++)
        v->fade_longest =
            b->fades.items[i].length > v->fade_longest ? b->fades.items[i].length : v->fade_longest;
    /* The control thread may look, and build on it, before the audio thread has begun the fades. */
    const uint64_t at = b->options->at;
    atomic_init(&v->settled, b->fades.n == 0 && !b->carry.arena);
    atomic_init(&v->began, at);
    atomic_init(&v->ends, b->fades.n == 0 ? 0 : at + v->fade_longest);
    for (uint32_t i = 0; i < b->args.n; i++) {
        const chr_arg_place *p = &b->args.items[i];
        switch ((chr_place_kind)p->kind) {
        case CHR_AT_CONSTANT:
            v->args[i] = (chr_arg){g->constants + p->index, 0};
            break;
        case CHR_AT_BUFFER:
            v->args[i] =
                (chr_arg){v->scratch + b->buffers.items[p->index].offset + p->lane, p->step};
            break;
        case CHR_AT_ROW:
            v->args[i] = (chr_arg){v->rows + b->voice_rows.items[p->index].rows, 0};
            break;
        case CHR_AT_RAMP:
            v->args[i] = (chr_arg){g->constants + b->ramps.items[p->index].to + p->lane, 0};
            break;
        }
    }
    for (uint32_t i = 0; i < b->outs.n; i++)
        v->outs[i] = v->scratch + b->buffers.items[b->outs.items[i]].offset;
    return v;
}

static bool has_leftovers(const chr_builder *b) {
    bool some = b->fades.n > 0;
    for (uint32_t u = 0; u < b->version.n_nodes; u++) {
        const chr_unode *n = &b->version.nodes[u];
        some |= !n->fresh || n->n_instances > n->fresh->n_instances;
    }
    return some || (b->carry.arena && b->version.fresh->n_nodes > b->carry.n_session);
}

static void free_plan(chr_plan *p) {
    chr_heard_free(p->heard);
    free(p->ir_uses);
    free(p->first_seat);
    free(p->seats);
    free(p->groups);
    free(p->arg_ramp);
    free(p->born);
    free(p);
}

/* Where the instances of each node sit; `node_of` tells which nodes of the union they are. */
static void note_seats(const chr_builder *b, chr_plan *p, const uint32_t *node_of, uint32_t n) {
    uint32_t seats = 0;
    for (uint32_t i = 0; i < n; i++) {
        p->first_seat[i] = seats;
        if (node_of[i] == UINT32_MAX) {
            p->seats[seats++] = (chr_seat){UINT32_MAX, 0};
            continue;
        }
        const chr_unode *u = &b->version.nodes[node_of[i]];
        p->born[i] = chr_build_born(b, u);
        for (uint32_t k = 0; k < u->n_instances; k++)
            p->seats[seats++] = b->seats[b->first_seat[node_of[i]] + k];
    }
    p->first_seat[n] = seats;
}

static void note_groups(const chr_builder *b, chr_plan *p) {
    for (uint32_t g = 0; g < b->groups.n; g++) {
        const chr_group *from = &b->groups.items[g];
        p->groups[p->n_groups++] = (chr_plan_group){
            .lanes = from->lanes,
            .state = from->slot == CHR_NONE ? NULL : b->slots.items[from->slot].state,
            .args = from->args};
    }
    for (uint32_t i = 0; i < b->ramps.n; i++) {
        const chr_ramp_home *home = &b->ramp_homes.items[i];
        if (home->group != UINT32_MAX)
            p->arg_ramp[b->groups.items[home->group].args + home->k] = i + 1;
    }
}

/* Keeps what the next version is compared with. */
static chr_plan *make_plan(chr_builder *b, chr_ir *ir) {
    chr_plan *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    uint32_t *heard_of = NULL;
    if (has_leftovers(b))
        p->heard = chr_build_heard(b, &heard_of);
    const uint32_t *node_of = p->heard ? heard_of : b->version.fresh_to;
    uint32_t n = p->heard ? p->heard->ir->n_nodes : b->version.fresh->n_nodes;
    p->first_seat = calloc(n + 1, sizeof *p->first_seat);
    p->seats = calloc(b->first_seat[b->version.n_nodes] + b->faded.n + 1, sizeof *p->seats);
    p->groups = calloc(b->groups.n + 1, sizeof *p->groups);
    p->arg_ramp = calloc(b->args.n + 1, sizeof *p->arg_ramp);
    p->ir_uses = calloc(1, sizeof *p->ir_uses);
    p->born = calloc(n + 1, sizeof *p->born);
    if (b->failed || !p->first_seat || !p->seats || !p->groups || !p->arg_ramp || !p->ir_uses ||
        !p->born) {
        free(heard_of);
        free_plan(p);
        return NULL;
    }
    note_seats(b, p, node_of, n);
    note_groups(b, p);
    free(heard_of);
    p->ir = ir;
    p->leaving = b->leaving;
    return p;
}

/* A graph that is built again to drop what has left reads the same IR as the one before. */
static void share_ir(chr_plan *p, const chr_graph *before) {
    if (before && before->plan->ir == p->ir) {
        free(p->ir_uses);
        p->ir_uses = before->plan->ir_uses;
    }
    ++*p->ir_uses;
}

chr_graph *chr_build_finish(chr_builder *b, chr_ir *ir) {
    chr_graph header = {.bytes = 0};
    header.bytes = lay_out(b, &header, NULL);
    chr_graph *g = aligned_alloc(64, header.bytes);
    if (!g)
        return NULL;
    *g = (chr_graph){.bytes = header.bytes,
                     .master = b->master,
                     .n_channels = b->options->n_channels,
                     .volume = (float)ir->volume,
                     .follows_song = b->follows_song,
                     .resumes = b->resumes,
                     .time = ir->time,
                     .quantum = ir->quantum};
    lay_out(b, g, (char *)g);
    g->live = make_live(b, g);
    g->plan = g->live ? make_plan(b, ir) : NULL;
    g->parts = b->options->threads > 1 ? chr_parts_new(b) : NULL; /* without it one thread plays */
    if (g->plan) {
        g->carried_until = g->plan->heard ? g->plan->heard->until : 0;
        g->n_stay = b->session->n_owners;
        g->good_from = b->options->at;
        g->good_until = b->carry.arena ? b->carry.until : UINT64_MAX;
        g->after = b->options->n_unheard ? b->before->good_from : UINT64_MAX;
        g->empties = b->options->empties;
        share_ir(g->plan, b->before);
        return g;
    }
    chr_parts_free(g->parts);
    free(g->live);
    free(g);
    return NULL;
}
