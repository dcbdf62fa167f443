/* runtime/graph.c: IR -> immutable graph.
 * SPDX-License-Identifier: MIT */
#include "runtime/graph.h"

#include "runtime/build.h"
#include "runtime/parts.h"

#include <stdlib.h>
#include <string.h>

static void clear_builder(chr_builder *b, bool drop_shares) {
    for (uint32_t i = 0; drop_shares && i < b->slots.n; i++)
        chr_node_state_drop(b->slots.items[i].state);
    for (uint32_t i = 0; drop_shares && i < b->moves.n; i++)
        chr_node_state_drop(b->moves.items[i].from);
    for (uint32_t i = 0; drop_shares && i < b->returns.n; i++)
        chr_voices_drop(b->returns.items[i].from);
    for (uint32_t i = 0; drop_shares && i < b->voices.n; i++)
        chr_voices_drop(b->voices.items[i]);
    if (drop_shares)
        chr_parked_drop(b->leaving);
    for (uint32_t i = 0; drop_shares && i < b->tracks.n; i++) {
        chr_track_drop(b->tracks.items[i].track);
        chr_pattern_drop(b->tracks.items[i].pattern);
        for (int k = 0; k < CHR_KEEPS; k++)
            chr_pattern_drop(b->tracks.items[i].keep[k]);
    }
    void *lists[] = {b->instrs.items,
                     b->slots.items,
                     b->args.items,
                     b->outs.items,
                     b->voice_args.items,
                     b->voice_rows.items,
                     b->terms.items,
                     b->ramps.items,
                     b->ramp_sources.items,
                     b->ramp_homes.items,
                     b->fades.items,
                     b->moves.items,
                     b->returns.items,
                     b->tracks.items,
                     b->voices.items,
                     b->n_voices.items,
                     b->keyings.items,
                     b->levels.items,
                     b->sleepers.items,
                     b->term_sleepers.items,
                     b->beds,
                     b->levels_first,
                     b->envelopes.items,
                     b->envelopes_first,
                     b->stems.items,
                     b->maps.items,
                     b->names.items,
                     b->constants.items,
                     b->text.items,
                     b->buffers.items,
                     b->groups.items,
                     b->first_seat,
                     b->seats,
                     b->shares,
                     b->running,
                     b->seeds.items,
                     b->gathers,
                     b->reads_first,
                     b->reads.items,
                     b->spots_first.items,
                     b->spots.items,
                     b->faded.items,
                     b->outputs.items};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        free(lists[i]);
    chr_version_clear(&b->version);
    chr_carry_clear(&b->carry);
}

/* True if something of a graph that is heard fades at a clock that may come. */
static bool fades_then(const chr_graph *g, uint64_t clock) {
    const chr_heard *heard = g->plan->heard;
    return heard && (clock < heard->until ||
                     clock < atomic_load_explicit(&g->live->ends, memory_order_relaxed));
}

/* Lays the session over what is heard. What is carried along cannot leave and arrive, for it has
 * its fade to end: where it would be part of a loop without a delay, the nodes of the session that
 * close the loop leave and arrive instead. */
static bool carry_fades(chr_builder *b) {
    const chr_graph *before = b->before;
    const chr_carry_times times = {
        .began = atomic_load_explicit(&before->live->began, memory_order_relaxed),
        .ends = atomic_load_explicit(&before->live->ends, memory_order_relaxed),
        .now = b->options->at,
        .rate_hz = b->options->rate_hz};
    bool *apart = calloc(b->session->n_nodes + 1, sizeof *apart), ok = apart != NULL;
    for (bool again = true; ok && again;) {
        again = false;
        ok = chr_carry_make(&b->carry, b->session, before->plan->heard, before->plan->ir, &times,
                            apart);
        uint32_t n = ok ? b->carry.fresh->n_nodes : 0;
        bool *now = calloc(n + 1, sizeof *now), parted = false;
        ok = ok && now &&
             chr_version_lay(&b->version, b->carry.fresh, b->carry.past, b->carry.match,
                             b->carry.dead, now, &parted);
        for (uint32_t i = 0; ok && parted && n > b->carry.n_session && i < b->carry.n_session; i++)
            if (now[i] && !apart[i])
                again = apart[i] = true;
        free(now);
        if (again) {
            chr_version_clear(&b->version);
            chr_carry_clear(&b->carry);
        }
    }
    free(apart);
    return ok;
}

static bool start_builder(chr_builder *b, const chr_ir *ir, const chr_graph *before,
                          const chr_build_options *options) {
    *b = (chr_builder){.options = options, .before = before, .session = ir};
    static const int widths[] = {1, 4, 8, 16}, places[] = {0, 2, 3, 4};
    for (int i = 0; i < 4; i++)
        b->builds[places[i]] = chr_registry_build(options->isa, widths[i]);
    if (before && fades_then(before, options->at)
            ? !carry_fades(b)
            : !chr_version_make(&b->version, ir, before ? before->plan->ir : NULL))
        return false;
    b->gathers = calloc(4096, sizeof *b->gathers);
    return b->gathers != NULL;
}

chr_graph *chr_graph_build(chr_ir *ir, const chr_graph *before, const chr_build_options *options) {
    chr_builder b;
    chr_graph *g = NULL;
    if (!start_builder(&b, ir, before, options)) {
        clear_builder(&b, true);
        return NULL;
    }
    static void (*const steps[])(chr_builder *) = {
        chr_build_voices,  chr_build_groups, chr_build_sleep,   chr_build_nodes,
        chr_build_outputs, chr_build_chains, chr_build_tracks,  chr_build_reads,
        chr_build_levels,  chr_build_colour, chr_build_leaving,
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && !b.failed; i++)
        steps[i](&b);
    if (!b.failed)
        g = chr_build_finish(&b, ir);
    clear_builder(&b, !g);
    return g;
}

void chr_graph_free(chr_graph *g) {
    if (!g)
        return;
    for (uint32_t i = 0; i < g->n_slots; i++)
        chr_node_state_drop(g->slots[i].state);
    for (uint32_t i = 0; i < g->n_moves; i++)
        chr_node_state_drop(g->moves[i].from);
    for (uint32_t i = 0; i < g->n_returns; i++)
        chr_voices_drop(g->returns[i].from);
    for (uint32_t i = 0; i < g->n_voices_all; i++)
        chr_voices_drop(g->voices[i]);
    for (uint32_t i = 0; i < g->n_tracks; i++) {
        chr_track_drop(g->tracks[i].track);
        chr_pattern_drop(g->tracks[i].pattern);
        for (int k = 0; k < CHR_KEEPS; k++)
            chr_pattern_drop(g->tracks[i].keep[k]);
    }
    chr_parked_drop(g->plan->leaving);
    if (!--*g->plan->ir_uses) {
        chr_ir_free(g->plan->ir);
        free(g->plan->ir_uses);
    }
    chr_heard_free(g->plan->heard);
    free(g->plan->first_seat);
    free(g->plan->seats);
    free(g->plan->groups);
    free(g->plan->born);
    free(g->plan->arg_ramp);
    free(g->plan);
    chr_parts_free(g->parts);
    free(g->live);
    free(g);
}

chr_ir *chr_graph_unbuild(chr_graph *g) {
    chr_ir *ir = g->plan->ir;
    int *uses = g->plan->ir_uses;
    ++*uses;
    chr_graph_free(g);
    if (!--*uses)
        free(uses);
    return ir;
}

static bool is_long(const chr_move *m) {
    return m->from && !m->resumes && m->from->ring_rows >= CHR_LONG_HISTORY &&
           m->to->ring_rows >= CHR_LONG_HISTORY;
}

/* Where the history is that a move will find: behind graphs that are not heard yet it may still
 * have to be moved itself. */
typedef struct history {
    const chr_node_state *from;
    uint32_t lane;
    uint64_t until; /* clock up to which it is written there */
    uint64_t lost;  /* and from which on it is not too old to be moved */
} history;

/* False: it cannot be told. */
static bool trace(const chr_move *m, const chr_build_options *o, history *h) {
    *h = (history){m->from, m->from_lane, UINT64_MAX, 0};
    for (uint32_t k = o->n_unheard; k-- > 0;) {
        const chr_graph *g = o->unheard[k];
        if (g->resumes)
            return false; /* the time of what comes back is not known yet */
        for (uint32_t i = 0; i < g->n_moves; i++) {
            const chr_move *before = &g->moves[i];
            if (before->to != h->from || before->to_lane != h->lane)
                continue;
            if (!before->from || before->from->ring_rows > h->from->ring_rows)
                return false;
            const uint64_t rows = before->from->ring_rows, at = g->good_from;
            *h = (history){before->from, before->from_lane, at,
                           at > rows && at - rows > h->lost ? at - rows : h->lost};
            break;
        }
    }
    return true;
}

void chr_graph_copy_ahead(chr_graph *g, const chr_build_options *options,
                          const _Atomic uint64_t *clock) {
    enum { LEFT = 16 * CHR_AHEAD_ROOM, LEAST = 256, PASSES = 8 };
    chr_move *moves = (chr_move *)(uintptr_t)g->moves; /* nobody else has the graph yet */
    uint32_t n = 0;
    for (uint32_t i = 0; i < g->n_moves; i++)
        n += is_long(&moves[i]);
    uint32_t room = n > LEFT / LEAST ? LEAST : n > 16 ? LEFT / n : CHR_AHEAD_ROOM;
    /* Each pass copies what was written in the one before, which is less each time. */
    for (uint64_t pass = 0, last = 0, now; n && pass < PASSES; pass++, last = now) {
        now = atomic_load_explicit(clock, memory_order_acquire);
        if (pass && now - last < room / 2)
            return;
        for (uint32_t i = 0; i < g->n_moves; i++) {
            history h;
            chr_ahead *ahead = &moves[i].ahead;
            if (!is_long(&moves[i]) || !trace(&moves[i], options, &h))
                continue;
            chr_node_state_ahead(moves[i].to, moves[i].to_lane, h.from, h.lane, room, clock,
                                 h.until, ahead);
            ahead->from = ahead->from > h.lost ? ahead->from : h.lost;
        }
    }
}

chr_ir *chr_graph_ir(const chr_graph *g) {
    return g->plan->ir;
}

void chr_graph_park(chr_graph *g, chr_parked *parked) {
    chr_parked_node *leaving = g->plan->leaving;
    g->plan->leaving = NULL;
    chr_parked_keep(parked, leaving, g->plan->ir->version);
}

void chr_graph_leave_nothing(chr_graph *g) {
    chr_parked_drop(g->plan->leaving);
    g->plan->leaving = NULL;
}

bool chr_graph_has_leftovers(const chr_graph *g) {
    return g->plan->heard != NULL;
}

bool chr_graph_settled(const chr_graph *g, uint64_t now) {
    return !g->plan->heard || (atomic_load_explicit(&g->live->settled, memory_order_acquire) &&
                               now >= g->plan->heard->until);
}
