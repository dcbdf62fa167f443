/* runtime/build_pack.c: who sits in which lane of which group.
 *
 * What holds state stays where it was in the version before: newcomers take free lanes of the
 * groups of their class, or form groups of their own. Only where that leaves clearly more groups
 * than there need be does a class move together, a few hundred lanes with one change at most; and
 * what has a long history never moves. What holds no state sits beside what it reads, lane by lane,
 * so that it reads whole groups. SPDX-License-Identifier: MIT */
#include "runtime/build.h"

#include <stdlib.h>
#include <string.h>

enum {
    MOST_MOVES =
        256, /* lanes that move together with one change: some microseconds of audio time */
    WORTH_GATHERING = 5 /* instances of what costs little that are collected from anywhere */
};

typedef struct packer {
    chr_builder *b;
    const bool *alone;
    uint32_t *taken;   /* by old group: lanes of those who are still there */
    uint32_t *staying; /* by old group: those of them who do not leave, nor come back, */
    uint32_t *back;    /* and those who come back */
    uint32_t *revived; /* by old group: its number in the new graph + 1, or 0 */
    uint32_t *noted;   /* by old group: the number of the last look back that met it */
    uint32_t *mirror;  /* by group; zeros but within mirror_sources */
    uint32_t *read;    /* groups that a class reads */
    uint32_t n_read;
    uint64_t *place; /* by node: where what its first instance reads is */
    chr_member *waiting;
    uint32_t n_waiting;
    uint32_t *olds; /* old groups that members of the class sit in */
    uint32_t n_olds;
    uint32_t moves; /* lanes that may yet move together */
    uint32_t looks; /* counts them, for `noted` */
} packer;

/* The nodes of one class, in the order of what they read. */
typedef struct crowd {
    const uint32_t *nodes;
    uint32_t n_nodes;
    uint32_t n; /* instances; not those whose work another one does */
    bool history, cycle;
    bool leaving; /* all of them */
    bool apart;   /* so few that each is worked out over time, in a group of its own */
} crowd;

static uint32_t open_group(chr_builder *b, uint32_t node, uint32_t lanes) {
    chr_group *g = CHR_GROW(&b->groups, 1);
    if (!g) {
        b->failed = true;
        return 0;
    }
    *g = (chr_group){.lanes = lanes, .old = CHR_NONE, .slot = CHR_NONE};
    int index = chr_registry_find(chr_unode_module(&b->version.nodes[node])->name);
    for (int i = 0; i < 5; i++)
        if (b->builds[i] && (uint32_t)b->builds[i]->lanes == lanes)
            g->module = b->builds[i]->modules[index];
    return b->groups.n++;
}

static void seat(chr_builder *b, chr_member m, uint32_t group, uint32_t lane) {
    if (b->failed)
        return;
    chr_group *g = &b->groups.items[group];
    g->members[lane] = m;
    g->used |= 1u << lane;
    b->seats[b->first_seat[m.node] + m.index] = (chr_seat){group, lane};
}

/* Lanes of a new group for some of n instances. */
static uint32_t lanes_for(const chr_builder *b, const crowd *c, uint32_t n) {
    return c->apart ? chr_build_lanes(b, 1) : chr_build_lanes(b, n);
}

/* Groups of their own for those who wait, one after the other. */
static void seat_waiting(packer *p, const crowd *c, uint32_t from, uint32_t to) {
    chr_builder *b = p->b;
    while (from < to && !b->failed) {
        uint32_t lanes = lanes_for(b, c, to - from);
        uint32_t g = open_group(b, p->waiting[from].node, lanes);
        for (uint32_t l = 0; l < lanes && from < to; l++)
            seat(b, p->waiting[from++], g, l);
    }
}

static void wait_all(packer *p, const crowd *c) {
    p->n_waiting = 0;
    for (uint32_t k = 0; k < c->n_nodes; k++)
        for (uint32_t i = 0; i < p->b->version.nodes[c->nodes[k]].n_instances; i++)
            if (!chr_build_is_shared(p->b, (chr_member){c->nodes[k], i}))
                p->waiting[p->n_waiting++] = (chr_member){c->nodes[k], i};
}

/* Groups, or lanes, that n instances need. */
static uint32_t fewest(const chr_builder *b, const crowd *c, uint32_t n, bool lanes) {
    uint32_t sum = 0;
    for (uint32_t left = n, l; left; left -= left < l ? left : l) {
        l = lanes_for(b, c, left);
        sum += lanes ? l : 1;
    }
    return sum;
}

/* ---- what holds state ---- */

/* It was on its way out, and is part of the session again. */
static bool comes_back(const chr_builder *b, uint32_t node) {
    const chr_unode *n = &b->version.nodes[node];
    return b->carry.arena && n->past && n->past_index >= b->before->plan->heard->n_session &&
           chr_build_stays(b, n);
}

/* An old group can go on as it is unless a node that must be alone shares it. What leaves parts
 * from those who stay, so that its state can be kept as it was in the end; but for a long history.
 */
static bool can_stay(const packer *p, const crowd *c, uint32_t node, uint32_t index,
                     const chr_seat *old) {
    bool parts = chr_build_goes(p->b, (chr_member){node, index});
    if (!old || (parts && !c->history && p->staying[old->group]))
        return false;
    /* Who comes back parts from those who have left with it: their state is kept where it is. */
    if (!c->history && comes_back(p->b, node) && p->taken[old->group] & ~p->back[old->group])
        return false;
    if (!p->alone[node])
        return true;
    uint32_t own = 0;
    for (uint32_t i = 0; i < p->b->version.nodes[node].n_instances; i++) {
        const chr_seat *s = chr_build_old_seat(p->b, node, i);
        if (s && s->group == old->group)
            own |= 1u << s->lane;
    }
    return own == p->taken[old->group];
}

/* The old groups of a class in which somebody stays, and how many of it are in none. */
static uint32_t look_back(packer *p, const crowd *c) {
    uint32_t newcomers = 0;
    p->n_olds = 0;
    p->looks++;
    for (uint32_t k = 0; k < c->n_nodes; k++)
        for (uint32_t i = 0; i < p->b->version.nodes[c->nodes[k]].n_instances; i++) {
            const chr_seat *old = chr_build_old_seat(p->b, c->nodes[k], i);
            if (chr_build_is_shared(p->b, (chr_member){c->nodes[k], i}))
                continue;
            if (!can_stay(p, c, c->nodes[k], i, old)) {
                newcomers++;
            } else if (p->noted[old->group] != p->looks &&
                       (c->leaving || p->staying[old->group] || p->back[old->group])) {
                p->noted[old->group] = p->looks;
                p->olds[p->n_olds++] = old->group;
            }
        }
    return newcomers;
}

/* Nodes that go on with fewer instances: who leaves sits apart, and the next version can move. */
static bool shrinks(const packer *p, const crowd *c) {
    for (uint32_t k = 0; p->b->parts && k < c->n_nodes; k++) {
        const chr_unode *n = &p->b->version.nodes[c->nodes[k]];
        if (n->fresh && n->n_instances > n->fresh->n_instances)
            return true;
    }
    return false;
}

/* True if the class is so scattered, or its groups so empty, that it moves together. */
static bool should_gather(packer *p, const crowd *c, uint32_t newcomers) {
    const chr_builder *b = p->b;
    if (c->history || c->leaving || shrinks(p, c) || !p->n_olds || c->n > p->moves)
        return false;
    uint32_t lanes = 0, there = 0;
    for (uint32_t k = 0; k < p->n_olds; k++) {
        lanes += b->before->plan->groups[p->olds[k]].lanes;
        there += (uint32_t)__builtin_popcount(p->taken[p->olds[k]]);
    }
    uint32_t room = lanes - there, rest = newcomers > room ? newcomers - room : 0;
    uint32_t groups = p->n_olds + fewest(b, c, rest, false), needed = fewest(b, c, c->n, false);
    lanes += fewest(b, c, rest, true);
    return groups > needed + needed / 4 ||
           (lanes >= 4 * (there + newcomers) && lanes > fewest(b, c, c->n, true));
}

static void stay(packer *p, chr_member m, const chr_seat *old) {
    uint32_t *revived = &p->revived[old->group];
    if (!*revived) {
        *revived = open_group(p->b, m.node, p->b->before->plan->groups[old->group].lanes) + 1;
        if (!p->b->failed)
            p->b->groups.items[*revived - 1].old = (int32_t)old->group;
    }
    seat(p->b, m, *revived - 1, old->lane);
}

/* True if somebody sits there already: two that had one seat part. */
static bool is_seated(const packer *p, const chr_seat *old) {
    uint32_t revived = p->revived[old->group];
    return revived && p->b->groups.items[revived - 1].used & 1u << old->lane;
}

/* Newcomers take what is free in the old groups. A free lane of long history would have to be
 * emptied first. */
static void take_free_lanes(packer *p, const crowd *c) {
    uint32_t left = 0, k = 0, l = 0;
    if (c->history)
        return;
    for (uint32_t w = 0; w < p->n_waiting; w++) {
        const chr_member m = p->waiting[w];
        bool is_new = !chr_build_old_seat(p->b, m.node, m.index) && !p->alone[m.node];
        while (is_new && k < p->n_olds && p->taken[p->olds[k]] & 1u << l)
            if (++l == p->b->before->plan->groups[p->olds[k]].lanes)
                l = 0, k++;
        if (!is_new || k == p->n_olds) {
            p->waiting[left++] = m;
            continue;
        }
        p->taken[p->olds[k]] |= 1u << l;
        seat(p->b, m, p->revived[p->olds[k]] - 1, l);
    }
    p->n_waiting = left;
}

/* Those who wait and leave come last, in groups of their own; how many come before. */
static uint32_t leavers_last(packer *p) {
    uint32_t first = 0;
    for (uint32_t k = 0; k < p->n_waiting; k++)
        if (!chr_build_goes(p->b, p->waiting[k])) {
            chr_member m = p->waiting[k];
            memmove(p->waiting + first + 1, p->waiting + first, (k - first) * sizeof m);
            p->waiting[first++] = m;
        }
    return first;
}

static void pack_state(packer *p, const crowd *c) {
    uint32_t newcomers = look_back(p, c);
    if (should_gather(p, c, newcomers)) {
        p->moves -= c->n;
        wait_all(p, c);
        seat_waiting(p, c, 0, p->n_waiting);
        return;
    }
    p->n_waiting = 0;
    for (uint32_t k = 0; k < c->n_nodes; k++)
        for (uint32_t i = 0; i < p->b->version.nodes[c->nodes[k]].n_instances && !p->b->failed;
             i++) {
            chr_member m = {c->nodes[k], i};
            const chr_seat *old = chr_build_old_seat(p->b, m.node, i);
            if (chr_build_is_shared(p->b, m))
                continue;
            if (can_stay(p, c, m.node, i, old) && !is_seated(p, old))
                stay(p, m, old);
            else
                p->waiting[p->n_waiting++] = m;
        }
    take_free_lanes(p, c);
    uint32_t staying = leavers_last(p);
    seat_waiting(p, c, 0, staying);
    seat_waiting(p, c, staying, p->n_waiting);
}

/* ---- what holds none ---- */

/* The seat of the first strand that an instance reads from a group of several lanes. */
static bool source_of(const chr_builder *b, chr_member m, chr_seat *at) {
    const chr_unode *n = &b->version.nodes[m.node];
    const chr_module *d = chr_unode_module(n);
    for (uint32_t k = 0; k < (uint32_t)(d->n_inputs + d->n_params); k++) {
        chr_change c = chr_version_arg(&b->version, n, k, m.index);
        chr_strand s = c.has_fresh ? c.fresh : c.past;
        if (s.kind != CHR_STRAND_NODE)
            continue;
        chr_member by = b->shares[b->first_seat[s.node] + s.index];
        *at = b->seats[b->first_seat[by.node] + by.index];
        if (at->group != UINT32_MAX && b->groups.items[at->group].lanes > 1)
            return true;
    }
    return false;
}

/* Which lanes of which groups those who wait read: by group in p->mirror, the groups in p->read. */
static void find_sources(packer *p) {
    p->n_read = 0;
    for (uint32_t k = 0; k < p->n_waiting; k++) {
        chr_seat s;
        if (!source_of(p->b, p->waiting[k], &s))
            continue;
        if (!p->mirror[s.group])
            p->read[p->n_read++] = s.group;
        p->mirror[s.group] |= 1u << s.lane;
    }
}

/* Seats those who read much of one group in the same lanes of a group beside it, whose number then
 * stands in p->mirror; the others wait on. */
static void mirror_sources(packer *p) {
    chr_builder *b = p->b;
    uint32_t groups = b->groups.n, left = 0;
    find_sources(p);
    for (uint32_t k = 0; k < p->n_read; k++) {
        uint32_t *lanes = &p->mirror[p->read[k]];
        bool much = 4 * (uint32_t)__builtin_popcount(*lanes) > b->groups.items[p->read[k]].lanes;
        *lanes = much ? UINT32_MAX : 0;
    }
    for (uint32_t k = 0; k < p->n_waiting && !b->failed; k++) {
        const chr_member m = p->waiting[k];
        chr_seat s;
        if (!source_of(b, m, &s) || s.group >= groups || !p->mirror[s.group]) {
            p->waiting[left++] = m;
            continue;
        }
        if (p->mirror[s.group] == UINT32_MAX)
            p->mirror[s.group] = open_group(b, m.node, b->groups.items[s.group].lanes);
        if (!b->failed && !(b->groups.items[p->mirror[s.group]].used & 1u << s.lane))
            seat(b, m, p->mirror[s.group], s.lane);
        else
            p->waiting[left++] = m;
    }
    p->n_waiting = left;
    for (uint32_t k = 0; k < p->n_read; k++)
        p->mirror[p->read[k]] = 0;
}

static void pack_work(packer *p, crowd *c, bool over_time) {
    wait_all(p, c);
    if (c->n > 1)
        mirror_sources(p);
    if (p->n_waiting >= WORTH_GATHERING || c->cycle) {
        seat_waiting(p, c, 0, p->n_waiting);
        return;
    }
    c->apart = over_time;
    for (uint32_t from = 0, to; from < p->n_waiting; from = to) {
        for (to = from + 1; to < p->n_waiting && p->waiting[to].node == p->waiting[from].node;)
            to++;
        seat_waiting(p, c, from, to);
    }
}

/* ---- classes ---- */

static int by_place(const void *a, const void *b, void *places) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    uint64_t p = ((const uint64_t *)places)[x], q = ((const uint64_t *)places)[y];
    return p < q ? -1 : p > q ? 1 : x < y ? -1 : x > y;
}

/* Instances of a node that work themselves. */
static uint32_t workers(const chr_builder *b, uint32_t node) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < b->version.nodes[node].n_instances; i++)
        n += !chr_build_is_shared(b, (chr_member){node, i});
    return n;
}

static void pack_class(packer *p, uint32_t *nodes, uint32_t n_nodes) {
    chr_builder *b = p->b;
    const chr_module *m = chr_unode_module(&b->version.nodes[nodes[0]]);
    if (m->shape == CHR_SUM) {
        seat(b, (chr_member){nodes[0], 0}, open_group(b, nodes[0], 1), 0);
        return;
    }
    crowd c = {.nodes = nodes,
               .n_nodes = n_nodes,
               .history = m->ring_rows,
               .leaving = chr_build_node_goes(b, &b->version.nodes[nodes[0]])};
    for (uint32_t k = 0; k < n_nodes; k++) {
        chr_seat at;
        c.n += workers(b, nodes[k]);
        p->place[nodes[k]] = source_of(b, (chr_member){nodes[k], 0}, &at)
                                 ? (uint64_t)at.group * 16 + at.lane
                                 : UINT64_MAX;
    }
    if (n_nodes > 1)
        qsort_r(nodes, n_nodes, sizeof *nodes, by_place, p->place);
    c.cycle = b->version.nodes[nodes[0]].cycle;
    if (!m->state_bytes && !m->ring_rows)
        pack_work(p, &c, m->over_time);
    else if (!m->over_time || c.n >= WORTH_GATHERING || c.cycle)
        pack_state(p, &c);
    else
        for (uint32_t k = 0; k < n_nodes; k++) {
            crowd one = {.nodes = nodes + k,
                         .n_nodes = 1,
                         .history = c.history,
                         .leaving = c.leaving,
                         .apart = true};
            one.n = workers(b, nodes[k]);
            pack_state(p, &one);
        }
}

/* Voices that a patch gives up part from those that it keeps, as long as they are not too many for
 * one change to move, and no fade that is under way reads them. */
static bool can_part(const chr_builder *b) {
    uint32_t n = 0;
    if (b->carry.arena)
        return false;
    for (uint32_t u = 0; u < b->version.n_nodes; u++) {
        const chr_unode *node = &b->version.nodes[u];
        if (node->fresh && chr_unode_module(node)->shape != CHR_SUM)
            n += node->n_instances - node->fresh->n_instances;
    }
    return n <= MOST_MOVES;
}

/* Who of the version before is still there. */
static void find_taken(packer *p) {
    for (uint32_t u = 0; u < p->b->version.n_nodes; u++)
        for (uint32_t i = 0; i < p->b->version.nodes[u].n_instances; i++) {
            const chr_seat *old = chr_build_old_seat(p->b, u, i);
            if (!old)
                continue;
            p->taken[old->group] |= 1u << old->lane;
            if (comes_back(p->b, u))
                p->back[old->group] |= 1u << old->lane;
            else if (!chr_build_goes(p->b, (chr_member){u, i}))
                p->staying[old->group] |= 1u << old->lane;
        }
}

static void pack_classes(packer *p, const uint32_t *class_of, uint32_t classes, uint32_t *first,
                         uint32_t *nodes) {
    chr_builder *b = p->b;
    for (uint32_t u = 0; u < b->version.n_nodes; u++)
        first[class_of[u] + 2]++;
    for (uint32_t c = 0; c < classes; c++)
        first[c + 1] += first[c];
    for (uint32_t u = 0; u < b->version.n_nodes; u++)
        nodes[first[class_of[u] + 1]++] = u;
    find_taken(p);
    for (uint32_t c = 0; c < classes && !b->failed; c++)
        pack_class(p, nodes + first[c], first[c + 1] - first[c]);
}

void chr_build_pack(chr_builder *b, const bool *alone) {
    uint32_t n = b->version.n_nodes, seats = b->first_seat[n];
    uint32_t olds = b->before ? b->before->plan->n_groups : 0;
    uint32_t *class_of = calloc(n + 1, sizeof *class_of), *nodes = calloc(n + 1, sizeof *nodes);
    uint32_t *first = calloc(n + 3, sizeof *first);
    packer p = {.b = b,
                .alone = alone,
                .taken = calloc(olds + 1, sizeof *p.taken),
                .staying = calloc(olds + 1, sizeof *p.staying),
                .back = calloc(olds + 1, sizeof *p.back),
                .revived = calloc(olds + 1, sizeof *p.revived),
                .noted = calloc(olds + 1, sizeof *p.noted),
                .olds = calloc(olds + 1, sizeof *p.olds),
                .mirror = calloc(seats + 1, sizeof *p.mirror),
                .read = calloc(seats + 1, sizeof *p.read),
                .place = calloc(n + 1, sizeof *p.place),
                .waiting = calloc(seats + 1, sizeof *p.waiting),
                .moves = MOST_MOVES};
    if (class_of && nodes && first && p.taken && p.staying && p.back && p.revived && p.noted &&
        p.olds && p.mirror && p.read && p.place && p.waiting) {
        b->parts = can_part(b);
        uint32_t classes = chr_build_classes(b, alone, class_of);
        if (!b->failed)
            pack_classes(&p, class_of, classes, first, nodes);
    } else {
        b->failed = true;
    }
    free(class_of);
    free(nodes);
    free(first);
    free(p.taken);
    free(p.staying);
    free(p.back);
    free(p.revived);
    free(p.noted);
    free(p.olds);
    free(p.mirror);
    free(p.read);
    free(p.place);
    free(p.waiting);
}
