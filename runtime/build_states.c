/* runtime/build_states.c: the state that each group works on: the old one where the same instances
 * sit in the same lanes, else a new one into which they are moved. SPDX-License-Identifier: MIT */
#include "lang/hash.h"
#include "runtime/build.h"

/* Who a node is: the same in every run. */
static uint64_t identity(uint64_t seed, const char *owner, const char *label) {
    uint64_t h = chr_hash_more(chr_hash_text(1469598103934665603u ^ seed, owner), 0xff);
    return chr_hash_text(h, label) << 20; /* instances count in the low bits */
}

static uint64_t seed_of(const chr_builder *b, chr_member m) {
    const chr_unode *n = &b->version.nodes[m.node];
    const chr_carry *c = &b->carry;
    uint32_t length = !c->arena  ? 0
                      : n->fresh ? c->length[n->fresh_index]
                                 : c->past_length[n->past_index];
    if (length) /* a fade under way: where it is */
        return (n->fresh ? c->begin[n->fresh_index] : c->past_begin[n->past_index]) << 32 | length;
    const chr_ir *ir = n->fresh ? b->version.fresh : b->version.past;
    const chr_ir_node *node = n->fresh ? n->fresh : n->past;
    return identity(ir->seed, ir->owners[node->owner].name, node->label) + m.index;
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

size_t chr_build_ring_rows(const chr_builder *b, uint32_t node) {
    const chr_unode *n = &b->version.nodes[node];
    const chr_module *m = chr_unode_module(n);
    float greatest[CHR_MAX_PARAMS] = {0};
    if (!m->ring_rows)
        return 0;
    greatest_params(b, n, greatest);
    return m->ring_rows(b->options->rate_hz, greatest);
}

static size_t rows_of(const chr_builder *b, const chr_group *g) {
    size_t most = 0;
    uint32_t last = UINT32_MAX;
    for (uint32_t l = 0; l < g->lanes; l++) {
        if (!(g->used & 1u << l) || g->members[l].node == last)
            continue;
        last = g->members[l].node;
        size_t rows = chr_build_ring_rows(b, last);
        most = rows > most ? rows : most;
    }
    return most;
}

static chr_move *add_move(chr_builder *b, chr_node_state *to, uint32_t lane) {
    chr_move *move = CHR_GROW(&b->moves, 1);
    if (!move) {
        b->failed = true;
        return NULL;
    }
    *move = (chr_move){.to = to, .to_lane = lane};
    b->moves.n++;
    return move;
}

/* Who comes into the new state from an old one, or comes back. */
static void move_in(chr_builder *b, const chr_group *g, const chr_slot *slot) {
    for (uint32_t l = 0; l < g->lanes && !b->failed; l++) {
        const chr_seat *old = chr_build_old_seat(b, g->members[l].node, g->members[l].index);
        const chr_parked_seat *left =
            g->used & 1u << l ? chr_build_returning(b, g->members[l]) : NULL;
        if (left && chr_build_left_rests(b)) {
            chr_node_state_return(slot->state, l, left->state, left->lane);
            b->resumes = true;
            continue;
        }
        chr_node_state *from = left  ? left->state
                               : old ? b->before->plan->groups[old->group].state
                                     : NULL;
        chr_move *move = g->used & 1u << l && from ? add_move(b, slot->state, l) : NULL;
        if (!move)
            continue;
        move->from = from;
        move->from_lane = left ? left->lane : old->lane;
        chr_node_state_use(from); /* alive until the moves have been made */
        move->resumes = left;
        slot->state->resumes |= left != NULL;
        b->resumes |= left != NULL;
    }
}

/* Who takes a free lane of a state that goes on finds it as new, or as it was left. */
static void make_room(chr_builder *b, const chr_group *g, const chr_slot *slot) {
    for (uint32_t l = 0; l < g->lanes && !b->failed; l++) {
        chr_member m = g->members[l];
        if (!(g->used & 1u << l) || chr_build_old_seat(b, m.node, m.index))
            continue;
        const chr_parked_seat *left = chr_build_returning(b, m);
        chr_move *move = add_move(b, slot->state, l);
        if (!move)
            continue;
        if (left) {
            chr_node_state_use(move->from = left->state);
            move->from_lane = left->lane;
        }
        move->init = slot->module->init;
        move->seed = b->seeds.items[slot->seeds + l];
    }
}

static void find_state(chr_builder *b, chr_group *g) {
    const chr_module *m = g->module;
    if (m->shape == CHR_SUM || (!m->state_bytes && !m->ring_rows))
        return;
    chr_slot *slot = CHR_GROW(&b->slots, 1);
    uint64_t *seeds = CHR_GROW(&b->seeds, g->lanes);
    if (!slot || !seeds) {
        b->failed = true;
        return;
    }
    *slot = (chr_slot){.module = m, .seeds = b->seeds.n};
    g->slot = (int32_t)b->slots.n++;
    b->seeds.n += g->lanes;
    for (uint32_t l = 0; l < g->lanes; l++)
        seeds[l] = seed_of(b, g->members[l]);
    size_t rows = rows_of(b, g);
    chr_node_state *old = g->old == CHR_NONE ? NULL : b->before->plan->groups[g->old].state;
    if (old && old->ring_rows >= rows) {
        chr_node_state_use(slot->state = old);
        make_room(b, g, slot);
        return;
    }
    slot->state = chr_node_state_new(g->lanes, m->state_bytes, rows, (uint32_t)m->ring_columns);
    if (!slot->state) {
        b->failed = true;
        return;
    }
    if (m->init)
        for (uint32_t l = 0; l < g->lanes; l++)
            m->init(slot->state->data, (int)l, seeds[l], b->options->rate_hz);
    move_in(b, g, slot);
}

void chr_build_states(chr_builder *b) {
    for (uint32_t g = 0; g < b->groups.n && !b->failed; g++)
        find_state(b, &b->groups.items[g]);
}
