/* runtime/build_parked.c: what a version takes out of the sound is noted with its state, and what
 * an `undo` brings back gets it again.
 * SPDX-License-Identifier: MIT */
#include "runtime/build.h"

#include <stdlib.h>
#include <string.h>

/* The node as it left, or some instances of it, if the new version is one that they were part of.
 */
static const chr_parked_node *parked_of(const chr_builder *b, const chr_unode *n) {
    const chr_ir *ir = b->version.fresh;
    if (!b->options->parked || !ir->version || !n->fresh)
        return NULL;
    return chr_parked_find(b->options->parked, ir->owners[n->fresh->owner].name, n->fresh->label,
                           n->fresh->module->name, ir->version);
}

/* While fades are under way a state that was kept may still be run. */
static bool still_runs(const chr_builder *b, const chr_node_state *s) {
    for (uint32_t i = 0; b->carry.arena && i < b->before->n_slots; i++)
        if (b->before->slots[i].state == s)
            return true;
    return false;
}

const chr_parked_seat *chr_build_returning(const chr_builder *b, chr_member m) {
    const chr_unode *n = &b->version.nodes[m.node];
    if (n->past && m.index < n->past->n_instances)
        return NULL; /* it was there all the time */
    for (const chr_parked_node *p = parked_of(b, n); p;
         p = chr_parked_next(p, b->version.fresh->version))
        if (m.index < p->n && p->seats[m.index].state)
            return still_runs(b, p->seats[m.index].state) ? NULL : &p->seats[m.index];
    return NULL;
}

bool chr_build_left_rests(const chr_builder *b) {
    return !b->before || (!b->options->n_unheard && chr_graph_settled(b->before, b->options->now));
}

void chr_build_return_voices(chr_builder *b, chr_voices *to) {
    const chr_ir *ir = b->version.fresh;
    chr_voices *from = b->options->parked && ir->version
                           ? chr_parked_voices(b->options->parked, to->name, ir->version)
                           : NULL;
    chr_voices_return *at = from ? CHR_GROW(&b->returns, 1) : NULL;
    b->failed |= from && !at;
    if (!at)
        return;
    chr_voices_use(from);
    *at = (chr_voices_return){.from = from, .to = to};
    b->returns.n++;
}

/* All instances of a node that leave, with a share in their state and in their owner's voices. */
static chr_parked_node *note(const chr_builder *b, uint32_t u) {
    const chr_unode *n = &b->version.nodes[u];
    const chr_ir *past = b->version.past, *fresh = b->version.fresh;
    chr_parked_node *p = chr_parked_node_new(past->owners[n->past->owner].name, n->past->label,
                                             n->past->module->name, n->past->n_instances);
    if (!p)
        return NULL;
    p->born = b->before->plan->born[n->past_index];
    p->last = fresh->version > past->version ? fresh->version - 1 : past->version;
    chr_voices_use(p->voices = b->voices.items[chr_unode_owner(b, n)]);
    for (uint32_t i = n->fresh ? n->fresh->n_instances : 0; i < n->past->n_instances; i++) {
        const chr_seat *at = &b->seats[b->first_seat[u] + i];
        const chr_group *g = &b->groups.items[at->group];
        if (g->slot == CHR_NONE || !chr_build_leaves(b, g))
            continue;
        p->seats[i] = (chr_parked_seat){b->slots.items[g->slot].state, at->lane};
        chr_node_state_use(p->seats[i].state);
    }
    return p;
}

static bool has_state(const chr_builder *b, uint32_t u) {
    return b->groups.items[b->seats[b->first_seat[u]].group].slot != CHR_NONE;
}

/* A node that goes on leaves some of its instances, but for a long history. */
static bool gives_up(const chr_builder *b, const chr_unode *n) {
    return b->parts && n->past->n_instances > n->fresh->n_instances &&
           !chr_unode_module(n)->ring_rows;
}

void chr_build_leaving(chr_builder *b) {
    const chr_version *v = &b->version;
    if (!b->options->parked || !v->fresh->version || !v->past || !v->past->version)
        return;
    for (uint32_t u = 0; u < v->n_nodes && !b->failed; u++) {
        const chr_unode *n = &v->nodes[u];
        if (!n->past || !has_state(b, u) || (n->fresh && !gives_up(b, n)))
            continue;
        if (b->carry.arena && n->past_index >= b->before->plan->heard->n_session)
            continue; /* it was noted when it began to leave */
        chr_parked_node *p = note(b, u);
        b->failed |= !p;
        if (p) {
            p->next = b->leaving;
            b->leaving = p;
        }
    }
}

/* The first version of the session that the node was part of, as far as is known. */
uint64_t chr_build_born(const chr_builder *b, const chr_unode *n) {
    if (n->past)
        return b->before->plan->born[n->past_index];
    const chr_parked_node *p = parked_of(b, n);
    const chr_ir *past = b->version.past, *fresh = b->version.fresh;
    if (p)
        return p->born;
    /* Versions between the two were said and never heard. */
    return past && fresh->version > past->version ? past->version + 1 : fresh->version;
}
