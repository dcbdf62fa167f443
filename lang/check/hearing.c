/* lang/check/hearing.c: who is heard: mute, solo, and drones out of the set that plays. It switches
 * levels, and with solo cuts the ways by which the others would be heard. SPDX-License-Identifier:
 * MIT */
#include "lang/check/inner.h"

/* One patch reads another: as what feeds it, if it is a bus, or otherwise. */
typedef struct reading {
    uint32_t reader, read;
    bool feeds;
} reading;

typedef struct hearing {
    reading *readings;
    uint32_t n, room;
    bool *gated;  /* by owner: reads a gate */
    bool *heard;  /* by owner: with solo, by its own ways out */
    bool *needed; /* with solo, by those alone that are heard */
} hearing;

static void add_reading(checker *c, hearing *h, reading r) {
    for (uint32_t i = h->n; i > 0 && h->n - i < 8; i--) { /* lanes mostly read the same */
        const reading *old = &h->readings[i - 1];
        if (old->reader == r.reader && old->read == r.read && old->feeds == r.feeds)
            return;
    }
    h->readings = grown(c, h->readings, h->n, &h->room, sizeof *h->readings);
    h->readings[h->n++] = r;
}

static void find_readings(checker *c, hearing *h) {
    bool *feeding = TAKE_N(c, bool, c->n_nodes + 1);
    for (uint32_t i = 1; i < c->n_owners; i++)
        for (uint32_t k = 0; k < c->owners[i]->n_feeds; k++)
            if (c->owners[i]->feeds[k]->node != NO_NODE)
                feeding[c->owners[i]->feeds[k]->node] = true;
    for (uint32_t i = 0; i < c->n_nodes; i++) {
        const node *n = &c->nodes[i];
        uint64_t n_inputs = n->module != NULL ? (uint64_t)n->module->n_inputs * n->n_sources : 0;
        uint64_t n_params = n->module != NULL ? (uint64_t)n->module->n_params * n->n_instances : 0;
        for (uint64_t k = 0; k < n_inputs + n_params; k++) {
            const chr_strand *s = k < n_inputs ? &n->inputs[k] : &n->params[k - n_inputs];
            if (s->kind == CHR_STRAND_VOICE && s->port == CHR_VOICE_GATE)
                h->gated[s->node] = true;
            if (s->kind == CHR_STRAND_NODE && c->nodes[s->node].owner != n->owner)
                add_reading(c, h, (reading){n->owner, c->nodes[s->node].owner, feeding[i]});
        }
    }
}

/* What is soloed is heard through the buses that it feeds, and, if it has no way out of its own,
 * through whatever uses it. What these need to sound as they do (a key, a patch that is mixed) goes
 * on, unheard by itself; and to a soloed bus everything that feeds it. */
static void follow_solo(checker *c, hearing *h) {
    for (uint32_t i = 1; i < c->n_owners; i++)
        h->heard[i] = h->needed[i] = c->owners[i]->soloed;
    for (bool more = true; more;) {
        more = false;
        for (uint32_t i = 0; i < h->n; i++) {
            const reading *r = &h->readings[i];
            bool way_out = r->feeds || c->owners[r->read]->n_outs == 0;
            if (r->reader != 0 && way_out && h->heard[r->read] && !h->heard[r->reader])
                more = h->heard[r->reader] = true;
        }
    }
    for (bool more = true; more;) {
        more = false;
        for (uint32_t i = 0; i < h->n; i++) {
            const reading *r = &h->readings[i];
            bool key = h->heard[r->reader] && is_bus(c->owners[r->reader]) && !r->feeds;
            if ((h->needed[r->reader] || key) && !h->needed[r->read])
                more = h->needed[r->read] = true;
        }
    }
}

/* A constant for parameter `k` of all instances of a node. */
static void hold(node *n, int k, float x) {
    for (uint32_t i = 0; i < n->n_instances; i++)
        n->params[(uint32_t)k * n->n_instances + i] = strand_const(x);
}

static void switch_off(checker *c, const owner *o) {
    node *level = &c->nodes[o->level_node];
    for (int k = 0; k < level->module->n_params; k++)
        if (strcmp(level->module->params[k].word, "on") == 0)
            hold(level, k, 0);
}

/* A patch that reads no gate sounds without notes. A bus rings on. */
static bool is_drone(const hearing *h, const owner *o) {
    return !is_bus(o) && !h->gated[o->index];
}

/* Out of the set that plays a drone is switched off. */
static bool rests(const checker *c, const hearing *h, const owner *o) {
    const chr_program *p = c->program;
    return p->plays != NULL && is_drone(h, o) && !p->plays(p->context, o->name);
}

/* In an arrangement a drone comes and goes with its sections. */
static void arrange_drone(checker *c, owner *o) {
    place p = {.owner = o, .prefix = "level.on."};
    value v = arranged_presence(c, &p, o->name, o->statement->span);
    node *level = &c->nodes[o->level_node];
    for (int k = 0; k < level->module->n_params; k++)
        if (v.kind == VALUE_SIGNAL && strcmp(level->module->params[k].word, "on") == 0)
            level->params[k] = v.strands[0];
}

void settle_hearing(checker *c) {
    hearing h = {.gated = TAKE_N(c, bool, c->n_owners),
                 .heard = TAKE_N(c, bool, c->n_owners),
                 .needed = TAKE_N(c, bool, c->n_owners)};
    bool any_solo = false;
    for (uint32_t i = 1; i < c->n_owners; i++)
        any_solo = any_solo || c->owners[i]->soloed;
    find_readings(c, &h);
    if (any_solo)
        follow_solo(c, &h);
    for (uint32_t i = 1; i < c->n_owners; i++) {
        owner *o = c->owners[i];
        if (o->level_node == NO_NODE)
            continue;
        if (o->muted || rests(c, &h, o) || (any_solo && !h.heard[i] && !h.needed[i]))
            switch_off(c, o);
        else if (any_solo && !h.heard[i])
            o->n_outs = 0;
        else if (is_drone(&h, o) && c->n_parts > 0)
            arrange_drone(c, o);
        for (uint32_t k = 0; k < o->n_feeds; k++) {
            const feed *f = o->feeds[k];
            if (any_solo && f->node != NO_NODE && !h.heard[f->from->index] && !h.needed[i])
                hold(&c->nodes[f->node], 1, 0);
        }
    }
}
