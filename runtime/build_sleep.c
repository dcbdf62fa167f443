/* runtime/build_sleep.c: what may sleep with a voice: everything that works for that voice alone
 * and that nobody hears while its envelopes have ended, for what they give is exactly zero then.
 *
 * It is decided by the session itself, by nothing of the lanes or of the fades, so that every graph
 * of a session decides alike. What fades away may still read it: then it waits for the end of the
 * fades.
 * SPDX-License-Identifier: MIT */
#include "runtime/build.h"

#include <stdlib.h>

/* Of an instance. */
typedef struct chr_bed {
    uint32_t owner, voice; /* whose it is, of the session; then of the union */
    uint8_t voices;        /* it works for: 0, 1, or 2 for several */
    bool able;             /* it can be left out: no history, no part of a cycle */
    bool zero;             /* what it gives is zero while the voice rests */
    bool heard;            /* by what does not sleep */
    bool differs;          /* while fades are under way: it does what the session does not say */
    bool sleeps, waits;
} chr_bed;

typedef struct beds {
    chr_builder *b;
    const chr_ir *ir;
    uint32_t *first; /* [n_nodes + 1] by node of the session */
    chr_bed *of;     /* by instance */
} beds;

static uint32_t n_args(const chr_ir_node *n) {
    return (uint32_t)(n->module->n_inputs + n->module->n_params);
}

static const chr_strand *arg(const chr_ir_node *n, uint32_t k, uint32_t i) {
    uint32_t n_inputs = (uint32_t)n->module->n_inputs;
    return k < n_inputs ? &n->inputs[k * n->n_sources + i]
                        : &n->params[(k - n_inputs) * n->n_instances + i];
}

static chr_bed *bed_of(const beds *x, const chr_strand *s) {
    return s->kind == CHR_STRAND_NODE ? &x->of[x->first[s->node] + s->index] : NULL;
}

/* ---- forwards: whose it is, and whether it is zero ---- */

static void join(chr_bed *to, uint8_t voices, uint32_t owner, uint32_t voice) {
    if (voices == 1 && to->voices == 1 && (to->owner != owner || to->voice != voice))
        voices = 2;
    if (voices && !to->voices) {
        to->owner = owner;
        to->voice = voice;
    }
    to->voices = voices > to->voices ? voices : to->voices;
}

/* An envelope that follows the gate of the voice. */
static bool closes(const chr_ir_node *n, uint32_t i) {
    for (uint32_t k = 0; n->module->rests && k < (uint32_t)n->module->n_inputs; k++)
        if (n->module->inputs[k].normal == CHR_NORMAL_GATE)
            return arg(n, k, i)->kind == CHR_STRAND_VOICE && arg(n, k, i)->port == CHR_VOICE_GATE;
    return false;
}

static void look_back(const beds *x, uint32_t node, uint32_t i) {
    const chr_ir_node *n = &x->ir->nodes[node];
    chr_bed *bed = &x->of[x->first[node] + i];
    bed->able = !n->cycle && !n->module->ring_rows && !n->module->emit && !n->module->follows_song;
    bed->zero = closes(n, i);
    for (uint32_t k = 0; k < n_args(n); k++) {
        const chr_strand *s = arg(n, k, i);
        const chr_bed *from = bed_of(x, s);
        if (s->kind == CHR_STRAND_VOICE && !x->ir->owners[s->node].is_knob)
            join(bed, 1, s->node, s->index);
        if (!from)
            continue;
        if (n->cycle)
            join(bed, 2, 0, 0); /* what it reads may not be known yet */
        join(bed, from->voices, from->owner, from->voice);
        bed->zero |= n->module->zero_with & 1u << k && from->zero;
    }
    bed->able &= bed->voices == 1;
}

static void look_at_sum(const beds *x, uint32_t node) {
    chr_bed *bed = &x->of[x->first[node]];
    for (uint32_t i = 0; i < x->ir->nodes[node].n_sources; i++) {
        const chr_strand *s = arg(&x->ir->nodes[node], 0, i);
        const chr_bed *from = bed_of(x, s);
        if (s->kind == CHR_STRAND_VOICE || (from && from->voices))
            bed->voices = 2;
    }
}

/* ---- backwards: who hears it ---- */

static void hear(const beds *x, const chr_strand *s) {
    chr_bed *bed = bed_of(x, s);
    if (bed)
        bed->heard = true;
}

static void hear_args(const beds *x, uint32_t node, uint32_t i) {
    const chr_ir_node *n = &x->ir->nodes[node];
    for (uint32_t k = 0; k < n_args(n); k++)
        hear(x, arg(n, k, i));
}

static void look_forward(const beds *x) {
    for (uint32_t o = 0; o < x->ir->n_owners; o++)
        for (uint32_t k = 0; k < x->ir->owners[o].n_outs; k++)
            hear(x, &x->ir->owners[o].outs[k].strand);
    for (uint32_t n = 0; n < x->ir->n_nodes; n++) /* also what is read before it is made */
        for (uint32_t i = 0; x->ir->nodes[n].cycle && i < x->ir->nodes[n].n_instances; i++)
            hear_args(x, n, i);
    for (uint32_t n = x->ir->n_nodes; n-- > 0;) {
        const chr_ir_node *node = &x->ir->nodes[n];
        for (uint32_t i = 0; i < node->n_sources && node->module->shape == CHR_SUM; i++)
            hear(x, arg(node, 0, i));
        for (uint32_t i = 0; i < node->n_instances && node->module->shape != CHR_SUM; i++) {
            chr_bed *bed = &x->of[x->first[n] + i];
            bed->sleeps = bed->able && (bed->zero || !bed->heard);
            if (!bed->sleeps)
                hear_args(x, n, i);
        }
    }
}

/* ---- what reads it in the union beside the session ---- */

/* The bed of an instance of the union, or NULL. */
static chr_bed *bed_in_union(const beds *x, chr_strand s) {
    if (s.kind != CHR_STRAND_NODE)
        return NULL;
    const chr_unode *n = &x->b->version.nodes[s.node];
    return chr_build_stays(x->b, n) && s.index < n->fresh->n_instances
               ? &x->of[x->first[n->fresh_index] + s.index]
               : NULL;
}

/* Instances or sources of argument k that the session's node has. */
static uint32_t own_width(const chr_unode *n, uint32_t k) {
    return k < (uint32_t)n->fresh->module->n_inputs ? n->fresh->n_sources : n->fresh->n_instances;
}

static void wait_for(const beds *x, chr_strand s) {
    chr_bed *bed = bed_in_union(x, s);
    if (bed && !bed->zero)
        bed->waits = true;
}

static bool is_number(const chr_strand *s) {
    return s->kind == CHR_STRAND_CONST;
}

/* What an argument of the union reads is what the session says; or all that it reads waits, and the
 * instance itself, save where a number changes: it may do what the session does not say. */
static void compare(const beds *x, const chr_unode *n, uint32_t k, uint32_t i) {
    chr_change c = chr_version_arg(&x->b->version, n, k, i);
    const chr_strand *sides[] = {c.has_fresh ? &c.fresh : NULL, c.has_past ? &c.past : NULL};
    bool stays = chr_build_stays(x->b, n) && i < own_width(n, k);
    chr_strand says = {.kind = CHR_STRAND_CONST};
    if (stays)
        says = chr_version_fresh(&x->b->version, *arg(&x->ir->nodes[n->fresh_index], k, i));
    for (int s = 0; s < 2; s++) {
        if (!sides[s] || (stays && chr_strand_equal(*sides[s], says)))
            continue;
        wait_for(x, *sides[s]);
        if (stays && chr_unode_module(n)->shape != CHR_SUM &&
            !(is_number(sides[s]) && is_number(&says)))
            x->of[x->first[n->fresh_index] + i].differs = true;
    }
}

/* What reads what differs does so too; and what waits needs all that it reads. */
static void spread(const beds *x) {
    for (uint32_t n = 0; n < x->ir->n_nodes; n++)
        for (uint32_t i = 0; i < x->ir->nodes[n].n_instances; i++) {
            chr_bed *bed = &x->of[x->first[n] + i];
            for (uint32_t k = 0; bed->sleeps && k < n_args(&x->ir->nodes[n]); k++) {
                const chr_bed *from = bed_of(x, arg(&x->ir->nodes[n], k, i));
                bed->differs |= from && from->differs;
            }
            bed->waits |= bed->differs;
        }
    for (uint32_t n = x->ir->n_nodes; n-- > 0;)
        for (uint32_t i = 0; i < x->ir->nodes[n].n_instances; i++)
            for (uint32_t k = 0; x->of[x->first[n] + i].waits && k < n_args(&x->ir->nodes[n]);
                 k++) {
                chr_bed *from = bed_of(x, arg(&x->ir->nodes[n], k, i));
                if (from)
                    from->waits = true;
            }
}

static void look_at_union(const beds *x) {
    const chr_version *v = &x->b->version;
    for (uint32_t u = 0; u < v->n_nodes; u++) {
        const chr_unode *n = &v->nodes[u];
        for (uint32_t k = 0; k < n_args(n->fresh ? n->fresh : n->past); k++)
            for (uint32_t i = 0; i < chr_unode_width(n, k); i++)
                compare(x, n, k, i);
    }
    for (uint32_t o = 0; v->past && o < v->past->n_owners; o++)
        for (uint32_t k = 0; k < v->past->owners[o].n_outs; k++)
            wait_for(x, chr_version_past(v, v->past->owners[o].outs[k].strand));
    for (uint32_t o = 0; o < v->fresh->n_owners; o++)
        for (uint32_t k = 0; k < v->fresh->owners[o].n_outs; k++)
            wait_for(x, chr_version_fresh(v, v->fresh->owners[o].outs[k].strand));
    spread(x);
}

void chr_build_sleep(chr_builder *b) {
    const chr_ir *ir = b->session;
    beds x = {.b = b, .ir = ir, .first = calloc(ir->n_nodes + 1, sizeof *x.first)};
    uint32_t n = 0;
    for (uint32_t i = 0; x.first && i <= ir->n_nodes; i++) {
        x.first[i] = n;
        n += i < ir->n_nodes ? ir->nodes[i].n_instances : 0;
    }
    x.of = calloc(n + 1, sizeof *x.of);
    b->beds = calloc(b->first_seat[b->version.n_nodes] + 1, sizeof *b->beds);
    b->failed |= !x.first || !x.of || !b->beds;
    for (uint32_t k = 0; k < ir->n_nodes && !b->failed; k++) {
        if (ir->nodes[k].module->shape == CHR_SUM)
            look_at_sum(&x, k);
        for (uint32_t i = 0; ir->nodes[k].module->shape != CHR_SUM && i < ir->nodes[k].n_instances;
             i++)
            look_back(&x, k, i);
    }
    if (!b->failed) {
        look_forward(&x);
        look_at_union(&x);
    }
    for (uint32_t u = 0; u < b->version.n_nodes && !b->failed; u++) {
        const chr_unode *node = &b->version.nodes[u];
        for (uint32_t i = 0; chr_build_stays(b, node) && i < node->fresh->n_instances; i++) {
            chr_bed *to = &b->beds[b->first_seat[u] + i];
            *to = x.of[x.first[node->fresh_index] + i];
            if (to->sleeps)
                to->owner = b->version.fresh_owner_to[to->owner];
        }
    }
    free(x.first);
    free(x.of);
}

uint32_t chr_build_sleeper(chr_builder *b, uint32_t group) {
    const chr_group *g = &b->groups.items[group];
    chr_sleeper s = {.used = g->used, .map = b->maps.n};
    for (uint32_t l = 0; l < g->lanes; l++) {
        const chr_bed *bed = &b->beds[b->first_seat[g->members[l].node] + g->members[l].index];
        if (!(g->used & 1u << l) || !bed->sleeps || g->cycle)
            continue;
        s.sleeps |= 1u << l;
        s.waits |= bed->waits ? 1u << l : 0;
        s.silent |= bed->zero;
    }
    if (!s.sleeps)
        return 0;
    if (g->slot != CHR_NONE && !chr_node_state_lets_sleep(b->slots.items[g->slot].state)) {
        b->failed = true;
        return 0;
    }
    uint32_t *map = CHR_GROW(&b->maps, 2 * g->lanes);
    chr_sleeper *at = CHR_GROW(&b->sleepers, 1);
    if (!map || !at) {
        b->failed = true;
        return 0;
    }
    for (uint32_t l = 0; l < g->lanes; l++) {
        const chr_bed *bed = &b->beds[b->first_seat[g->members[l].node] + g->members[l].index];
        map[2 * l] = s.sleeps & 1u << l ? bed->owner : 0;
        map[2 * l + 1] = s.sleeps & 1u << l ? bed->voice : 0;
    }
    b->maps.n += 2 * g->lanes;
    *at = s;
    return ++b->sleepers.n;
}
