/* runtime/build_groups.c: the groups of lanes that a version is packed into, and the order in which
 * they run. Any packing is right as long as no group has to run both before and after another;
 * where one is not, the nodes concerned get groups of their own. SPDX-License-Identifier: MIT */
#include "runtime/build.h"
#include "runtime/order.h"

#include <stdlib.h>
#include <string.h>

static uint32_t log2_of(uint32_t lanes) {
    return lanes >= 16 ? 4 : lanes >= 8 ? 3 : lanes >= 4 ? 2 : 0;
}

uint32_t chr_build_lanes(const chr_builder *b, uint32_t n) {
    if (b->options->lanes)
        return (uint32_t)b->options->lanes;
    uint32_t lanes = n >= 9 ? 16 : n >= 5 ? 8 : n >= 2 ? 4 : 1;
    while (lanes > 1 && !(b->builds[log2_of(lanes)] && b->builds[log2_of(lanes)]->native))
        lanes = lanes == 4 ? 1 : lanes / 2;
    return lanes;
}

const chr_seat *chr_build_old_seat(const chr_builder *b, uint32_t node, uint32_t index) {
    const chr_unode *n = &b->version.nodes[node];
    if (!b->before || !n->past || index >= n->past->n_instances)
        return NULL;
    const chr_plan *p = b->before->plan;
    const chr_seat *at = &p->seats[p->first_seat[n->past_index] + index];
    return at->group == UINT32_MAX ? NULL : at; /* a fade of that graph was no node yet */
}

bool chr_build_goes(const chr_builder *b, chr_member m) {
    const chr_unode *n = &b->version.nodes[m.node];
    return chr_build_node_goes(b, n) || (b->parts && m.index >= n->fresh->n_instances);
}

bool chr_build_leaves(const chr_builder *b, const chr_group *g) {
    for (uint32_t l = 0; l < g->lanes; l++)
        if (!chr_build_goes(b, g->members[l]))
            return false;
    return true;
}

/* ---- the order ---- */

static bool add_edges(const chr_builder *b, chr_edges *e, uint32_t first, chr_change c) {
    const chr_strand *sides[2] = {c.has_fresh ? &c.fresh : NULL, c.has_past ? &c.past : NULL};
    for (int s = 0; s < 2; s++)
        if (sides[s] && sides[s]->kind == CHR_STRAND_NODE &&
            !chr_edges_add(e, first,
                           b->seats[b->first_seat[sides[s]->node] + sides[s]->index].group))
            return false;
    return true;
}

/* Which group reads which. `broken`: without what a delay breaks. */
static bool collect(const chr_builder *b, chr_edges *e, bool broken) {
    e->n = 0;
    for (uint32_t g = 0; g < b->groups.n; g++) {
        const chr_group *group = &b->groups.items[g];
        const chr_module *m = group->module;
        uint32_t first = e->n;
        e->first[g] = first;
        for (uint32_t k = broken && m->emit ? 1 : 0; k < (uint32_t)(m->n_inputs + m->n_params); k++)
            for (uint32_t l = 0; l < group->lanes; l++) {
                if (!(group->used & 1u << l))
                    continue;
                const chr_unode *n = &b->version.nodes[group->members[l].node];
                uint32_t from = group->members[l].index, to = from + 1;
                if (m->shape == CHR_SUM)
                    to = chr_unode_width(n, k);
                for (uint32_t i = from; i < to; i++)
                    if (!add_edges(b, e, first, chr_version_arg(&b->version, n, k, i)))
                        return false;
            }
    }
    e->first[b->groups.n] = e->n;
    return true;
}

/* Groups that nobody reads come first: what runs is looked for from there, so that each chain runs
 * from its beginning to its end before the next one, and few buffers are in use at a time. */
static void find_roots(const chr_edges *e, uint32_t n, uint32_t *roots) {
    uint32_t read = n, unread = 0;
    memset(roots, 0, n * sizeof *roots);
    for (uint32_t i = 0; i < e->n; i++)
        roots[e->to[i]] = 1;
    for (uint32_t g = 0; g < n; g++)
        read -= roots[g];
    /* Sorted in place: `read` is where the others begin. */
    uint32_t *list = roots + n;
    for (uint32_t g = 0; g < n; g++)
        list[roots[g] ? read++ : unread++] = g;
}

/* Nodes of groups that wait for one another are parted. False if there are none. */
static bool part_knots(const chr_builder *b, const chr_edges *e, const chr_components *c,
                       bool *alone) {
    bool parted = false;
    for (uint32_t i = 0; i < b->groups.n;) {
        uint32_t end = chr_component_end(c, i, b->groups.n);
        if (chr_component_is_cycle(c, e, i, end))
            for (uint32_t k = i; k < end; k++) {
                const chr_group *g = &b->groups.items[c->order[k]];
                for (uint32_t l = 0; l < g->lanes; l++)
                    if (g->used & 1u << l && !alone[g->members[l].node])
                        alone[g->members[l].node] = parted = true;
            }
        i = end;
    }
    return parted;
}

static bool sort_groups(chr_builder *b, const chr_edges *all, const chr_components *whole,
                        const chr_components *broken) {
    uint32_t n = b->groups.n, *cycle = malloc((n + 1) * sizeof *cycle);
    b->running = malloc((n + 1) * sizeof *b->running);
    bool ok = cycle && b->running && chr_order_sort(all, whole, broken, n, b->running, cycle);
    for (uint32_t k = 0; ok && k < n; k++)
        b->groups.items[b->running[k]].cycle = cycle[k];
    free(cycle);
    return ok;
}

/* Puts the groups in order. True in *again if some nodes had to be parted: they have to be packed
 * once more. */
static bool arrange(chr_builder *b, bool *alone, bool *again) {
    uint32_t n = b->groups.n, *roots = malloc((2 * n + 1) * sizeof *roots);
    chr_edges all, broken;
    chr_components whole, parts;
    bool ok = chr_edges_make(&all, n);
    ok &= chr_edges_make(&broken, n);
    ok &= chr_components_make(&whole, n);
    ok &= chr_components_make(&parts, n);
    ok = ok && roots && collect(b, &all, false) && collect(b, &broken, true);
    if (ok)
        find_roots(&all, n, roots);
    ok = ok && chr_components_find(&parts, &broken, n, roots + n);
    *again = ok && part_knots(b, &broken, &parts, alone);
    if (ok && !*again)
        ok =
            chr_components_find(&whole, &all, n, roots + n) && sort_groups(b, &all, &whole, &parts);
    chr_edges_clear(&all);
    chr_edges_clear(&broken);
    chr_components_clear(&whole);
    chr_components_clear(&parts);
    free(roots);
    return ok;
}

/* ---- the groups ---- */

static bool number_seats(chr_builder *b) {
    uint32_t n = b->version.n_nodes, seats = 0;
    b->first_seat = malloc((n + 1) * sizeof *b->first_seat);
    if (!b->first_seat)
        return false;
    for (uint32_t u = 0; u < n; u++) {
        b->first_seat[u] = seats;
        seats += b->version.nodes[u].n_instances;
    }
    b->first_seat[n] = seats;
    b->seats = malloc((seats + 1) * sizeof *b->seats);
    return b->seats != NULL;
}

/* Lanes with nobody in them work as the lane before, and the buffers. */
static void finish_groups(chr_builder *b) {
    for (uint32_t i = 0; i < b->groups.n && !b->failed; i++) {
        chr_group *g = &b->groups.items[i];
        chr_member last = g->members[__builtin_ctz(g->used)];
        for (uint32_t l = 0; l < g->lanes; l++)
            if (g->used & 1u << l)
                last = g->members[l];
            else
                g->members[l] = last;
        for (int k = 0; k < g->module->n_outputs && k < CHR_MAX_OUTPUTS; k++)
            g->out[k] = chr_build_buffer(b, g->lanes);
    }
}

void chr_build_groups(chr_builder *b) {
    bool *alone = calloc(b->version.n_nodes + 1, sizeof *alone), again = true;
    b->failed |= !alone || !number_seats(b);
    while (again && !b->failed) {
        b->groups.n = 0;
        memset(b->seats, 0xff, b->first_seat[b->version.n_nodes] * sizeof *b->seats);
        chr_build_shares(b, alone);
        if (!b->failed)
            chr_build_pack(b, alone);
        if (!b->failed)
            chr_build_seat_shared(b);
        b->failed = b->failed || !arrange(b, alone, &again);
    }
    free(alone);
    finish_groups(b);
    if (!b->failed)
        chr_build_states(b);
}
