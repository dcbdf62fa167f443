/* runtime/build_groups.c: packs the instances of a node into groups of lanes, and finds their
 * state. SPDX-License-Identifier: MIT */
#include "runtime/build.h"

#include <string.h>

static uint32_t log2_of(uint32_t lanes) {
    return lanes >= 16 ? 4 : lanes >= 8 ? 3 : lanes >= 4 ? 2 : 0;
}

/* Lanes for the next group of `left` instances: the fewest that hold them, as far as this build
 * makes good code. */
static uint32_t choose_lanes(const chr_builder *b, uint32_t left) {
    if (b->options->lanes)
        return (uint32_t)b->options->lanes;
    uint32_t lanes = left >= 9 ? 16 : left >= 5 ? 8 : left >= 2 ? 4 : 1;
    while (lanes > 1 && !(b->builds[log2_of(lanes)] && b->builds[log2_of(lanes)]->native))
        lanes = lanes == 4 ? 1 : lanes / 2;
    return lanes;
}

/* FNV-1a over the identity of a node: the same in every run. */
static uint64_t identity(uint64_t seed, const char *owner, const char *label) {
    uint64_t h = 1469598103934665603u ^ seed;
    for (const char *p = owner; *p; p++)
        h = (h ^ (uint8_t)*p) * 1099511628211u;
    h = (h ^ 0xff) * 1099511628211u;
    for (const char *p = label; *p; p++)
        h = (h ^ (uint8_t)*p) * 1099511628211u;
    return h << 20; /* instances count in the low bits */
}

/* The greatest value that each parameter can take, for the length of the history. */
static void greatest_params(const chr_builder *b, const chr_unode *n, float *greatest) {
    const chr_module *m = chr_unode_module(n);
    for (uint32_t k = 0; k < (uint32_t)m->n_params; k++) {
        greatest[k] = m->params[k].min;
        for (uint32_t i = 0; i < n->n_instances; i++) {
            chr_change c = chr_version_arg(&b->version, n, (uint32_t)m->n_inputs + k, i);
            const chr_strand *sides[2] = {c.has_fresh ? &c.fresh : NULL,
                                          c.has_past ? &c.past : NULL};
            for (int s = 0; s < 2; s++) {
                if (!sides[s])
                    continue;
                float v = sides[s]->kind == CHR_STRAND_CONST ? sides[s]->value : m->params[k].max;
                greatest[k] = v > greatest[k] ? v : greatest[k];
            }
        }
    }
}

const chr_plan_group *chr_build_old_group(const chr_builder *b, const chr_unode *n,
                                          uint32_t instance) {
    const chr_plan *p = b->before->plan;
    /* As in chr_build_group_of. */
    uint32_t first = p->first_group[n->past_index], lanes = p->groups[first].lanes;
    for (uint32_t g = first + instance / lanes; g < p->first_group[n->past_index + 1]; g++)
        if (instance >= p->groups[g].first && instance < p->groups[g].first + p->groups[g].used)
            return &p->groups[g];
    return NULL;
}

/* New state for what is new, the old state as it is where the same instances sit in the same lanes,
 * else a move. */
static void find_state(chr_builder *b, const chr_unode *n, chr_group *g) {
    const chr_module *m = g->module;
    g->slot = CHR_NONE;
    if (m->shape == CHR_SUM || (!m->state_bytes && !m->ring_rows))
        return;
    size_t rows = 0;
    if (m->ring_rows) {
        float greatest[CHR_MAX_PARAMS] = {0};
        greatest_params(b, n, greatest);
        rows = m->ring_rows(b->options->rate_hz, greatest);
    }
    const chr_ir *ir = n->fresh ? b->version.fresh : b->version.past;
    const chr_ir_node *node = n->fresh ? n->fresh : n->past;
    chr_slot *slot = CHR_GROW(&b->slots, 1);
    if (!slot) {
        b->failed = true;
        return;
    }
    slot->module = m;
    slot->used = g->used;
    slot->seed = identity(ir->seed, ir->owners[node->owner].name, node->label) + g->first;
    g->slot = (int32_t)b->slots.n++;

    const chr_plan_group *old = n->past && b->before ? chr_build_old_group(b, n, g->first) : NULL;
    bool same_place =
        old && old->first == g->first && old->lanes == g->lanes && old->used >= g->used;
    if (same_place && (!rows || old->state->ring_rows >= rows)) {
        chr_node_state_use(slot->state = old->state);
        return;
    }
    slot->state = chr_node_state_new(g->lanes, m->state_bytes, rows, (uint32_t)m->ring_columns);
    if (!slot->state) {
        b->failed = true;
        return;
    }
    if (m->init)
        for (uint32_t l = 0; l < g->lanes; l++)
            m->init(slot->state->data, (int)l, slot->seed + l, b->options->rate_hz);
    for (uint32_t l = 0; l < g->used; l++)
        chr_build_return(b, n, g->first + l, slot->state, l);
    for (uint32_t l = 0; n->past && b->before && l < g->used; l++) {
        const chr_plan_group *from = chr_build_old_group(b, n, g->first + l);
        chr_move *move = from && from->state ? CHR_GROW(&b->moves, 1) : NULL;
        if (!move)
            continue;
        *move = (chr_move){.from = from->state,
                           .to = slot->state,
                           .from_lane = g->first + l - from->first,
                           .to_lane = l};
        chr_node_state_use(from->state); /* alive until the moves have been made */
        b->moves.n++;
    }
}

static void add_group(chr_builder *b, uint32_t node, uint32_t first, uint32_t lanes,
                      uint32_t used) {
    const chr_unode *n = &b->version.nodes[node];
    chr_group g = {.node = node, .first = first, .lanes = lanes, .used = used};
    int index = chr_registry_find(chr_unode_module(n)->name);
    g.module = b->builds[log2_of(lanes)]->modules[index];
    find_state(b, n, &g);
    uint32_t n_out =
        g.module->n_outputs > CHR_MAX_OUTPUTS ? CHR_MAX_OUTPUTS : (uint32_t)g.module->n_outputs;
    for (uint32_t k = 0; k < n_out; k++)
        g.out[k] = chr_build_buffer(b, lanes);
    chr_group *at = CHR_GROW(&b->groups, 1);
    if (!at) {
        b->failed = true;
        return;
    }
    *at = g;
    b->groups.n++;
}

void chr_build_groups(chr_builder *b) {
    for (uint32_t u = 0; u < b->version.n_nodes && !b->failed; u++) {
        const chr_unode *n = &b->version.nodes[u];
        b->first_group[u] = b->groups.n;
        if (chr_unode_module(n)->shape == CHR_SUM) {
            add_group(b, u, 0, 1, 1);
            continue;
        }
        for (uint32_t first = 0; first < n->n_instances && !b->failed;) {
            uint32_t left = n->n_instances - first, lanes = choose_lanes(b, left);
            uint32_t used = left < lanes ? left : lanes;
            add_group(b, u, first, lanes, used);
            first += used;
        }
    }
    b->first_group[b->version.n_nodes] = b->groups.n;
}
