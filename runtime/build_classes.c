/* runtime/build_classes.c: which nodes do the same work. A class is found by what lies above a node
 * (its module, its choices, the shape of its inputs, theirs, and so on up) and by what lies below
 * it (who reads it, and so on down to the outputs): parallel chains fall into the same classes node
 * by node, so they are packed whole and their lanes stay aligned. Numbers and owners do not count.
 *
 * Nothing but speed depends on a class: any instances of the same module with the same choices may
 * share a group. SPDX-License-Identifier: MIT */
#include "runtime/build.h"

#include <stdlib.h>
#include <string.h>

static uint64_t mix(uint64_t h, uint64_t x) {
    h = (h ^ x) + 0x9e3779b97f4a7c15u;
    h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
    h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
    return h ^ (h >> 31);
}

enum { FEW = 5 }; /* nodes in a class of their own from here on */
enum { NUMBER = 1, VOICE, NODE, LATE, HEARD, LEAVES, KNOB };

typedef struct shapes {
    const chr_builder *b;
    uint64_t *work;  /* module and choices */
    uint64_t *above; /* and all that is read */
    uint64_t *below; /* all that reads it */
} shapes;

static uint64_t work_of(const chr_unode *n) {
    const chr_ir_node *node = n->fresh ? n->fresh : n->past;
    const chr_module *m = node->module;
    uint64_t h = n->n_instances;
    for (const char *p = m->name; *p; p++)
        h = mix(h, (uint8_t)*p);
    for (int k = 0; k < m->n_params; k++)
        if (m->params[k].choices)
            h = mix(h, (uint64_t)node->params[(uint32_t)k * node->n_instances].value);
    return h;
}

/* What argument k of an instance reads in this version; what leaves reads what it read. */
static chr_strand strand_of(const chr_builder *b, const chr_unode *n, uint32_t k, uint32_t i) {
    chr_change c = chr_version_arg(&b->version, n, k, i);
    return c.has_fresh ? c.fresh : c.past;
}

/* Histories are powers of two long; a lane with a fault is silent for as long as its own takes to
 * be emptied, so only like ones share. */
static uint32_t length_class(size_t rows) {
    uint32_t n = 0;
    while (rows > (size_t)64 << n)
        n++;
    return n;
}

static void look_up(shapes *s, uint32_t u, uint32_t cycle_size) {
    const chr_unode *n = &s->b->version.nodes[u];
    const chr_module *m = chr_unode_module(n);
    uint64_t h = mix(s->work[u], n->cycle ? cycle_size : 0);
    for (uint32_t k = 0; k < (uint32_t)(m->n_inputs + m->n_params); k++) {
        chr_strand x = strand_of(s->b, n, k, 0);
        if (x.kind == CHR_STRAND_CONST)
            h = mix(h, NUMBER);
        else if (x.kind == CHR_STRAND_VOICE) /* the events of one patch cut a group; what a knob is
                                                told is copied first */
            h = mix(mix(mix(h, VOICE), x.port),
                    chr_version_is_knob(&s->b->version, x.node) ? KNOB : x.node);
        else if (x.node < u)
            h = mix(mix(mix(h, NODE), x.port), s->above[x.node]);
        else
            h = mix(mix(mix(h, LATE), x.port), s->work[x.node]);
    }
    /* What runs sample by sample is as dear for one lane as for sixteen: cycles are packed whole,
     * with the delay in them. */
    if (n->cycle)
        h = mix(h, chr_unode_owner(s->b, n));
    /* A long history can neither be moved nor emptied in an instant: the patch that it belongs to
     * comes and goes with it as a whole, mostly. */
    if (m->ring_rows)
        h = mix(mix(h, chr_unode_owner(s->b, n)), length_class(chr_build_ring_rows(s->b, u)));
    s->above[u] = chr_build_node_goes(s->b, n) ? mix(h, LEAVES) : h;
}

/* Tells what a node reads who reads it. Terms of a sum are alike, however deep in it they stand. */
static void look_down(shapes *s, uint32_t u) {
    const chr_unode *n = &s->b->version.nodes[u];
    const chr_module *m = chr_unode_module(n);
    bool addition = !strcmp(m->name, "add") && n->n_instances == 1;
    for (uint32_t k = 0; k < (uint32_t)(m->n_inputs + m->n_params); k++) {
        uint32_t last = UINT32_MAX;
        for (uint32_t i = 0; i < chr_unode_width(n, k); i++) {
            chr_strand x = strand_of(s->b, n, k, i);
            if (x.kind != CHR_STRAND_NODE || x.node == last)
                continue;
            last = x.node;
            if (!n->fresh && s->b->version.nodes[x.node].fresh)
                continue;
            if (x.node < u)
                s->below[x.node] +=
                    addition ? s->below[u] : mix(mix(mix(s->work[u], k), x.port), s->below[u]);
        }
    }
}

static void look_out(shapes *s, const chr_ir *ir, bool fresh) {
    const chr_version *v = &s->b->version;
    for (uint32_t o = 0; ir && o < ir->n_owners; o++)
        for (uint32_t k = 0; k < ir->owners[o].n_outs; k++) {
            chr_strand x = ir->owners[o].outs[k].strand;
            x = fresh ? chr_version_fresh(v, x) : chr_version_past(v, x);
            if (x.kind == CHR_STRAND_NODE && (fresh || !v->nodes[x.node].fresh))
                s->below[x.node] += mix(mix(HEARD, ir->owners[o].outs[k].channel), x.port);
        }
}

static void look(shapes *s) {
    const chr_version *v = &s->b->version;
    for (uint32_t u = 0; u < v->n_nodes; u++)
        s->work[u] = work_of(&v->nodes[u]);
    for (uint32_t u = 0; u < v->n_nodes;) {
        uint32_t end = u + 1;
        while (v->nodes[u].cycle && end < v->n_nodes && v->nodes[end].cycle == v->nodes[u].cycle)
            end++;
        for (uint32_t size = end - u; u < end; u++)
            look_up(s, u, size);
    }
    look_out(s, v->fresh, true);
    look_out(s, v->past, false);
    for (uint32_t u = v->n_nodes; u-- > 0;)
        look_down(s, u);
}

/* What two hashes cannot promise. */
static bool same_work(const chr_unode *a, const chr_unode *b) {
    const chr_ir_node *x = a->fresh ? a->fresh : a->past, *y = b->fresh ? b->fresh : b->past;
    const chr_module *m = x->module;
    if (strcmp(m->name, y->module->name) != 0)
        return false;
    for (int k = 0; k < m->n_params; k++)
        if (m->params[k].choices && x->params[(uint32_t)k * x->n_instances].value !=
                                        y->params[(uint32_t)k * y->n_instances].value)
            return false;
    return true;
}

/* Numbers for keys, as they come; how many nodes have each number. */
static uint32_t number(chr_builder *b, const uint64_t *key_of, uint32_t *class_of,
                       uint32_t *members) {
    uint32_t n = b->version.n_nodes, size = 16, classes = 0;
    while (size < 2 * n)
        size *= 2;
    uint64_t *keys = malloc(size * sizeof *keys);
    uint32_t *numbers = malloc(size * sizeof *numbers), *first = malloc((n + 1) * sizeof *first);
    if (keys && numbers && first)
        memset(numbers, 0xff, size * sizeof *numbers);
    else
        b->failed = true;
    for (uint32_t u = 0; u < n && !b->failed; u++) {
        uint64_t key = key_of[u];
        uint32_t at = (uint32_t)key & (size - 1);
        while (numbers[at] != UINT32_MAX &&
               (keys[at] != key ||
                !same_work(&b->version.nodes[first[numbers[at]]], &b->version.nodes[u])))
            at = (at + 1) & (size - 1);
        if (numbers[at] == UINT32_MAX) {
            keys[at] = key;
            first[classes] = u;
            members[classes] = 0;
            numbers[at] = classes++;
        }
        class_of[u] = numbers[at];
        members[numbers[at]]++;
    }
    free(keys);
    free(numbers);
    free(first);
    return classes;
}

/* Where few other chains are like a node's, what it does may still be worth sharing: each reader
 * then picks its lane. */
static bool worth_sharing(const chr_unode *n) {
    const chr_module *m = chr_unode_module(n);
    return m->state_bytes && !m->ring_rows && !m->over_time && n->n_instances == 1 && !n->cycle;
}

static uint32_t number_all(chr_builder *b, const shapes *s, const bool *alone, uint32_t *class_of) {
    uint32_t n = b->version.n_nodes, classes = 0;
    uint64_t *keys = malloc((n + 1) * sizeof *keys);
    uint32_t *members = malloc((n + 1) * sizeof *members);
    if (!keys || !members)
        b->failed = true;
    for (uint32_t u = 0; u < n && !b->failed; u++) {
        bool sum = chr_unode_module(&b->version.nodes[u])->shape == CHR_SUM;
        keys[u] = mix(mix(s->above[u], s->below[u]), sum || alone[u] ? u + 1 : 0);
    }
    if (!b->failed)
        number(b, keys, class_of, members);
    for (uint32_t u = 0; u < n && !b->failed; u++)
        if (members[class_of[u]] < FEW && !alone[u] && worth_sharing(&b->version.nodes[u]))
            keys[u] = s->above[u];
    if (!b->failed)
        classes = number(b, keys, class_of, members);
    free(keys);
    free(members);
    return classes;
}

uint32_t chr_build_classes(chr_builder *b, const bool *alone, uint32_t *class_of) {
    uint32_t n = b->version.n_nodes + 1, classes = 0;
    shapes s = {.b = b,
                .work = calloc(n, sizeof *s.work),
                .above = calloc(n, sizeof *s.above),
                .below = calloc(n, sizeof *s.below)};
    if (s.work && s.above && s.below) {
        look(&s);
        classes = number_all(b, &s, alone, class_of);
    } else {
        b->failed = true;
    }
    free(s.work);
    free(s.above);
    free(s.below);
    return classes;
}
