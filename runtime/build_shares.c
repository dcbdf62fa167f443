/* runtime/build_shares.c: equal work is done once. Instances of one module with the same choices,
 * which read the same and began together, give the same samples for ever: one of them works for
 * all, and the others have its seat. Whose sound that is does not matter.
 *
 * Instances are compared sixteen at a time, as they stand in lanes, so that who reads them finds
 * them in the lanes that it would have found them in. What a voice moves is left alone, for it
 * sleeps with its voice; so is chance, a long history and a feedback cycle. When a change makes
 * such instances differ, each goes on by itself from the state that they had together.
 * SPDX-License-Identifier: MIT */
#include "runtime/build.h"

#include <stdlib.h>
#include <string.h>

enum { UNIT = 16 }; /* instances that share or do not share as one */

typedef struct sharer {
    chr_builder *b;
    const bool *alone;
    bool *voiced; /* by seat: a voice moves it, directly or not */
    uint64_t *key;
    chr_member *table; /* by hash: the first instance of a unit; node UINT32_MAX: none */
    uint32_t size;
} sharer;

static uint64_t mix(uint64_t h, uint64_t x) {
    h = (h ^ x) + 0x9e3779b97f4a7c15u;
    h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
    return h ^ (h >> 31);
}

static uint32_t n_args(const chr_module *m) {
    return (uint32_t)(m->n_inputs + m->n_params);
}

static uint32_t seat_of(const chr_builder *b, chr_strand s) {
    return b->first_seat[s.node] + s.index;
}

/* The strand of the instance that works for this one. */
static chr_strand worker(const chr_builder *b, chr_strand s) {
    if (s.kind == CHR_STRAND_NODE) {
        chr_member m = b->shares[seat_of(b, s)];
        s.node = m.node;
        s.index = m.index;
    }
    return s;
}

static bool same_strand(const chr_builder *b, chr_strand x, chr_strand y) {
    x = worker(b, x);
    y = worker(b, y);
    return x.kind == y.kind && x.index == y.index && /* a number: bit for bit */
           (x.kind == CHR_STRAND_CONST || (x.port == y.port && x.node == y.node));
}

static bool is_voiced(const sharer *s, chr_strand x) {
    return x.kind == CHR_STRAND_VOICE || (x.kind == CHR_STRAND_NODE && s->voiced[seat_of(s->b, x)]);
}

/* Nothing changes by this version, or a number alone: then a ramp works for all as well. */
static bool is_settled(const sharer *s, chr_change c) {
    if (!c.has_fresh || !c.has_past || chr_strand_equal(c.fresh, c.past))
        return c.has_fresh;
    return c.fresh.kind == CHR_STRAND_CONST && c.past.kind == CHR_STRAND_CONST &&
           !s->b->version.fresh->n_glides;
}

/* True if no seed counts: all that the module does follows from what it reads. */
static bool without_chance(const chr_unode *n) {
    const chr_ir_node *node = n->fresh;
    const chr_module *m = node->module;
    if (!m->init || !m->chance)
        return !m->init;
    uint32_t k = (m->chance - 1) / 256, choice = (m->chance - 1) % 256;
    return (uint32_t)node->params[k * node->n_instances].value != choice;
}

static bool may_share(const sharer *s, uint32_t u) {
    const chr_unode *n = &s->b->version.nodes[u];
    const chr_module *m = chr_unode_module(n);
    return !s->b->options->apart && n->fresh && m->shape != CHR_SUM && !n->cycle && !s->alone[u] &&
           without_chance(n) && !m->ring_rows && !m->emit;
}

/* Looks at what an instance reads: whether a voice moves it and, if it may share, its key. */
static bool look_at(sharer *s, uint32_t u, uint32_t i, bool may) {
    const chr_builder *b = s->b;
    const chr_unode *n = &b->version.nodes[u];
    const chr_module *m = chr_unode_module(n);
    uint32_t at = b->first_seat[u] + i;
    const chr_seat *old = chr_build_old_seat(b, u, i);
    uint64_t h = old ? mix(old->group + 1u, old->lane) : 0;
    for (const char *p = m->name; *p; p++)
        h = mix(h, (uint8_t)*p);
    for (uint32_t k = 0; k < n_args(m); k++) {
        chr_change c = chr_version_arg(&b->version, n, k, i);
        s->voiced[at] |=
            (c.has_fresh && is_voiced(s, c.fresh)) || (c.has_past && is_voiced(s, c.past));
        may = may && !s->voiced[at] && is_settled(s, c);
        chr_strand x = worker(b, c.fresh);
        if (may && x.kind == CHR_STRAND_NODE)
            h = mix(h, (uint64_t)x.node << 16 | x.port);
        h = may ? mix(h, x.index) : h;
    }
    s->key[at] = h;
    return may && !chr_build_returning(b, (chr_member){u, i});
}

static bool same_change(const chr_builder *b, chr_change x, chr_change y) {
    return x.has_past == y.has_past && same_strand(b, x.fresh, y.fresh) &&
           (!x.has_past || same_strand(b, x.past, y.past));
}

/* What keys cannot promise. */
static bool same_instance(const chr_builder *b, chr_member x, chr_member y) {
    const chr_unode *n = &b->version.nodes[x.node], *o = &b->version.nodes[y.node];
    const chr_module *m = chr_unode_module(n);
    const chr_seat *was = chr_build_old_seat(b, x.node, x.index),
                   *its = chr_build_old_seat(b, y.node, y.index);
    if (strcmp(m->name, chr_unode_module(o)->name) != 0 || !was != !its ||
        (was && (was->group != its->group || was->lane != its->lane)))
        return false;
    for (uint32_t k = 0; k < n_args(m); k++)
        if (!same_change(b, chr_version_arg(&b->version, n, k, x.index),
                         chr_version_arg(&b->version, o, k, y.index)))
            return false;
    return true;
}

static uint32_t unit_end(const chr_builder *b, chr_member first) {
    uint32_t n = b->version.nodes[first.node].n_instances;
    return n - first.index < UNIT ? n : first.index + UNIT;
}

static bool same_unit(const chr_builder *b, chr_member x, chr_member y) {
    uint32_t n = unit_end(b, x) - x.index;
    if (unit_end(b, y) - y.index != n)
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (!same_instance(b, (chr_member){x.node, x.index + i}, (chr_member){y.node, y.index + i}))
            return false;
    return true;
}

/* The unit before that does the same work; it stands in the table from now on if there is none. */
static chr_member find(sharer *s, chr_member unit) {
    const chr_builder *b = s->b;
    uint64_t h = 0;
    for (uint32_t i = unit.index; i < unit_end(b, unit); i++)
        h = mix(h, s->key[b->first_seat[unit.node] + i]);
    uint32_t at = (uint32_t)h & (s->size - 1);
    while (s->table[at].node != UINT32_MAX && !same_unit(b, s->table[at], unit))
        at = (at + 1) & (s->size - 1);
    if (s->table[at].node == UINT32_MAX)
        s->table[at] = unit;
    return s->table[at];
}

static void share_node(sharer *s, uint32_t u) {
    chr_builder *b = s->b;
    const chr_unode *n = &b->version.nodes[u];
    bool may = may_share(s, u);
    if (chr_unode_module(n)->shape == CHR_SUM) { /* one instance that reads many strands */
        for (uint32_t i = 0; i < n->n_sources; i++) {
            chr_change c = chr_version_arg(&b->version, n, 0, i);
            s->voiced[b->first_seat[u]] |=
                (c.has_fresh && is_voiced(s, c.fresh)) || (c.has_past && is_voiced(s, c.past));
        }
        return;
    }
    for (chr_member unit = {u, 0}; unit.index < n->n_instances;) {
        uint32_t end = unit_end(b, unit);
        bool whole = may;
        for (uint32_t i = unit.index; i < end; i++)
            whole &= look_at(s, u, i, may);
        chr_member other = whole ? find(s, unit) : unit;
        for (uint32_t i = 0; unit.index + i < end; i++)
            b->shares[b->first_seat[u] + unit.index + i] =
                (chr_member){other.node, other.index + i};
        unit.index = end;
    }
}

void chr_build_shares(chr_builder *b, const bool *alone) {
    uint32_t n = b->version.n_nodes, seats = b->first_seat[n];
    sharer s = {.b = b, .alone = alone, .size = 16};
    while (s.size < 2 * seats)
        s.size *= 2;
    free(b->shares);
    b->shares = malloc((seats + 1) * sizeof *b->shares);
    s.voiced = calloc(seats + 1, sizeof *s.voiced);
    s.key = calloc(seats + 1, sizeof *s.key);
    s.table = malloc(s.size * sizeof *s.table);
    if (b->shares && s.voiced && s.key && s.table) {
        memset(s.table, 0xff, s.size * sizeof *s.table);
        for (uint32_t u = 0; u < n; u++) /* also those that are read before they are made */
            for (uint32_t i = 0; i < b->version.nodes[u].n_instances; i++)
                b->shares[b->first_seat[u] + i] = (chr_member){u, i};
        for (uint32_t u = 0; u < n; u++)
            share_node(&s, u);
    } else {
        b->failed = true;
    }
    free(s.voiced);
    free(s.key);
    free(s.table);
}

bool chr_build_is_shared(const chr_builder *b, chr_member m) {
    chr_member by = b->shares[b->first_seat[m.node] + m.index];
    return by.node != m.node || by.index != m.index;
}

void chr_build_seat_shared(chr_builder *b) {
    for (uint32_t i = 0; i < b->first_seat[b->version.n_nodes]; i++)
        b->seats[i] = b->seats[b->first_seat[b->shares[i].node] + b->shares[i].index];
}
