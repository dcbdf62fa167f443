/* runtime/costs.c: from the time of instructions to that of patches.
 * SPDX-License-Identifier: MIT */
#include "runtime/costs.h"

#include "runtime/engine_inner.h"
#include "runtime/names.h"

#include <stdlib.h>
#include <string.h>

typedef struct kind {
    char key[CHR_TRIAL_NAME + 16]; /* number of the owner, a point, its name */
    uint32_t owner;
    double ns;
} kind;

typedef struct gathering {
    const chr_graph *graph;
    const chr_ir *ir;
    chr_costs *costs;
    kind *kinds; /* [n_names] have room */
    uint32_t n_kinds;
    chr_names known;
} gathering;

static void add(gathering *g, uint32_t lane, double ns) {
    const char *label, *name = g->graph->text + g->graph->names[lane];
    uint32_t owner = chr_trial_owner(g->ir, name, &label);
    kind *next = &g->kinds[g->n_kinds];
    int length = (int)chr_trial_kind(label), most = CHR_TRIAL_NAME - 1;
    g->costs->items[owner].share += ns;
    snprintf(next->key, sizeof next->key, "%u.%.*s", owner, length < most ? length : most, label);
    uint32_t k = chr_names_find(&g->known, next->key);
    if (k == UINT32_MAX) {
        k = g->n_kinds++;
        next->owner = owner;
        chr_names_add(&g->known, next->key, k);
    }
    g->kinds[k].ns += ns;
}

/* The lanes of instructions from..to-1 share what they took together. */
static void share(gathering *g, uint32_t from, uint32_t to, double ns) {
    uint32_t n = 0;
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = from; i < to; i++) {
            const chr_instr *in = &g->graph->instrs[i];
            for (uint32_t l = 0; in->op != CHR_OP_GATHER && in->op != CHR_OP_FADE &&
                                 l < in->lanes && in->names + l < g->graph->n_names;
                 l++) {
                if (g->graph->names[in->names + l] == UINT32_MAX)
                    continue;
                if (pass == 0)
                    n++;
                else
                    add(g, in->names + l, ns / n);
            }
        }
}

/* What gathers and fades belongs to the instruction that reads it. False: not all was timed yet. */
static bool gather(gathering *g) {
    double carried = 0;
    for (uint32_t i = 0; i < g->graph->n_instrs; i++) {
        const chr_instr *in = &g->graph->instrs[i];
        uint32_t ns = atomic_load_explicit(&g->graph->live->spent_ns[i], memory_order_relaxed);
        if (!ns)
            return false;
        carried += ns - 1;
        if (in->op == CHR_OP_GATHER || in->op == CHR_OP_FADE)
            continue;
        uint32_t end = in->op == CHR_OP_LOOP ? i + 1 + in->count : i + 1;
        share(g, in->op == CHR_OP_LOOP ? i + 1 : i, end, carried);
        carried = 0;
        i = end - 1;
    }
    return true;
}

static void conclude(gathering *g, double chunk_ns) {
    for (uint32_t o = 0; o < g->costs->n; o++)
        g->costs->items[o].share /= chunk_ns;
    for (uint32_t k = 0; k < g->n_kinds; k++) {
        chr_patch_cost *c = &g->costs->items[g->kinds[k].owner];
        if (g->kinds[k].ns / chunk_ns <= c->dearest_share)
            continue;
        c->dearest_share = g->kinds[k].ns / chunk_ns;
        snprintf(c->dearest, sizeof c->dearest, "%s", strchr(g->kinds[k].key, '.') + 1);
    }
}

bool chr_costs_take(chr_costs *c, const chr_engine *e) {
    *c = (chr_costs){0};
    gathering g = {.graph = e->current, .costs = c};
    if (!g.graph || !e->options.now_ns)
        return false;
    g.ir = chr_graph_ir(g.graph);
    c->n = g.ir->n_owners;
    c->items = calloc(c->n + 1, sizeof *c->items);
    g.kinds = calloc(g.graph->n_names + 2, sizeof *g.kinds);
    bool good = c->items && g.kinds && chr_names_make(&g.known, g.graph->n_names + 1);
    for (uint32_t o = 0; good && o < c->n; o++)
        c->items[o].owner = g.ir->owners[o].name;
    good = good && gather(&g);
    if (good)
        conclude(&g, CHR_CHUNK * 1e9 / (double)e->options.rate_hz);
    chr_names_clear(&g.known);
    free(g.kinds);
    return good;
}

void chr_costs_clear(chr_costs *c) {
    free(c->items);
    *c = (chr_costs){0};
}

const chr_patch_cost *chr_costs_of(const chr_costs *c, const char *owner) {
    for (uint32_t i = 0; i < c->n; i++)
        if (strcmp(c->items[i].owner, owner) == 0)
            return &c->items[i];
    return NULL;
}
