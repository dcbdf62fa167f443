/* runtime/guard.c: which patches are put together otherwise than before, what their trial says, and
 * what the whole would cost. SPDX-License-Identifier: MIT */
#include "runtime/guard.h"

#include "dsp/vec.h"
#include "lang/hash.h"
#include "runtime/names.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is known of a patch. */
typedef struct known {
    char *name;
    uint64_t shape; /* how it is put together, all numbers aside */
    double cost_ns; /* of a chunk */
    char dearest[CHR_TRIAL_NAME];
    double dearest_ns;
    uint32_t n_voices;
} known;

typedef struct table {
    known *items;
    uint32_t n;
} table;

struct chr_guard {
    chr_guard_options options;
    table plays; /* the session that was adopted last */
    table next;  /* the one looked at last */
};

static void clear_table(table *t) {
    for (uint32_t i = 0; i < t->n; i++)
        free(t->items[i].name);
    free(t->items);
    *t = (table){0};
}

chr_guard *chr_guard_new(const chr_guard_options *options) {
    chr_guard *g = calloc(1, sizeof *g);
    if (!g)
        return NULL;
    g->options = *options;
    g->options.engine.now_ns = NULL; /* a trial times itself */
    return g;
}

void chr_guard_free(chr_guard *g) {
    if (!g)
        return;
    clear_table(&g->plays);
    clear_table(&g->next);
    free(g);
}

void chr_guard_adopt(chr_guard *g) {
    if (!g->next.items)
        return;
    clear_table(&g->plays);
    g->plays = g->next;
    g->next = (table){0};
}

/* ---- how a patch is put together ---- */

static uint64_t fold(uint64_t h, uint64_t x) {
    h = chr_hash_more(h, x);
    return h ^ h >> 29;
}

/* Who is heard in a bus does not make it another bus: what leads there does not count. */
static bool is_way_in(const chr_ir_node *n) {
    return n->hidden && strncmp(n->label, "in.", 3) == 0;
}

/* `labels`: a number for the label of each node; 0: a way into a bus. */
static uint64_t fold_strands(const uint64_t *labels, uint64_t h, const chr_strand *s, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        if (s[i].kind == CHR_STRAND_CONST)
            h = fold(h, CHR_STRAND_CONST);
        else if (s[i].kind == CHR_STRAND_VOICE)
            h = fold(fold(h, s[i].port + 100u), s[i].index);
        else if (labels[s[i].node])
            h = fold(fold(fold(h, labels[s[i].node]), s[i].index), s[i].port);
        else
            h = fold(h, CHR_STRAND_NODE);
    }
    return h;
}

static bool shapes(const chr_ir *ir, table *t) {
    uint64_t *labels = malloc(((size_t)ir->n_nodes + 1) * sizeof *labels);
    if (!labels)
        return false;
    for (uint32_t i = 0; i < ir->n_nodes; i++)
        labels[i] = is_way_in(&ir->nodes[i]) ? 0 : chr_names_id(ir->nodes[i].label) | 1;
    for (uint32_t o = 0; o < ir->n_owners; o++) {
        t->items[o].shape = fold(ir->owners[o].n_voices, ir->owners[o].n_outs);
        t->items[o].n_voices = ir->owners[o].n_voices;
    }
    for (uint32_t i = 0; i < ir->n_nodes; i++) {
        const chr_ir_node *n = &ir->nodes[i];
        uint64_t *h = &t->items[n->owner].shape;
        if (!labels[i])
            continue;
        *h = fold(fold(*h, chr_names_id(n->module->name)), labels[i]);
        *h = fold(*h, n->n_instances);
        *h = fold_strands(labels, *h, n->inputs, (uint32_t)n->module->n_inputs * n->n_sources);
        *h = fold_strands(labels, *h, n->params, (uint32_t)n->module->n_params * n->n_instances);
    }
    free(labels);
    return true;
}

/* The session's patches, with what is known of those that are as they were; `fresh` are the others.
 */
static bool make_next(chr_guard *g, const chr_ir *ir, bool *fresh, bool *any) {
    chr_names before = {.names = NULL};
    clear_table(&g->next);
    g->next.items = calloc(ir->n_owners + 1, sizeof *g->next.items);
    bool good = g->next.items && chr_names_make(&before, g->plays.n + 1);
    *any = false;
    good = good && shapes(ir, &g->next);
    for (uint32_t i = 0; good && i < g->plays.n; i++)
        chr_names_add(&before, g->plays.items[i].name, i);
    for (uint32_t o = 0; good && o < ir->n_owners; o++) {
        known *k = &g->next.items[o];
        uint32_t old = chr_names_find(&before, ir->owners[o].name);
        uint64_t shape = k->shape;
        fresh[o] = old == UINT32_MAX || g->plays.items[old].shape != shape;
        *any |= fresh[o];
        if (!fresh[o])
            *k = g->plays.items[old];
        k->name = strdup(ir->owners[o].name);
        good = k->name != NULL;
        g->next.n += good;
    }
    chr_names_clear(&before);
    return good;
}

/* ---- what it costs ---- */

static void take_costs(chr_guard *g, const chr_trial *trial, const bool *fresh) {
    for (uint32_t i = 0; i < trial->n_nodes; i++) {
        const chr_trial_node *n = &trial->nodes[i];
        uint32_t o = n->owner;
        if (!fresh[o])
            continue;
        known *k = &g->next.items[o];
        k->cost_ns += n->cost_ns;
        if (n->cost_ns <= k->dearest_ns)
            continue;
        k->dearest_ns = n->cost_ns;
        snprintf(k->dearest, sizeof k->dearest, "%s", n->label);
    }
}

static double sum_ns(const table *t) {
    double ns = 0;
    for (uint32_t i = 0; i < t->n; i++)
        ns += t->items[i].cost_ns;
    return ns;
}

static double chunk_ns(const chr_guard *g) {
    return CHR_CHUNK * 1e9 / (double)g->options.engine.rate_hz;
}

/* What plays takes more than its parts did in their trials, where they had the caches for
 * themselves, or less, where patches share lanes: as the audio thread measures, between half and
 * twice. */
static double dearer(const chr_guard *g) {
    double tried = sum_ns(&g->plays) / chunk_ns(g);
    if (!g->options.load || tried < 0.01 || atomic_load(&g->options.load->blocks) < 50)
        return 1.0;
    double heard = atomic_load_explicit(&g->options.load->recent, memory_order_relaxed) /
                   (double)CHR_LOAD_WHOLE;
    double x = heard / tried;
    return x < 0.5 ? 0.5 : x > 2.0 ? 2.0 : x;
}

/* ---- refusals ---- */

/* By its label, or by its kind. */
static bool is_of(const char *label, const char *node) {
    size_t kind = chr_trial_kind(label);
    return strcmp(label, node) == 0 || (strlen(node) == kind && !strncmp(label, node, kind));
}

/* Where a patch, or a node of it, is written. */
static chr_span place_of(const chr_ir *ir, uint32_t owner, const char *node) {
    chr_span span = {0};
    for (uint32_t i = 0; i < ir->n_nodes; i++) {
        const chr_ir_node *n = &ir->nodes[i];
        if (n->owner == owner && n->span.source && (!span.source || !n->hidden))
            span = n->span;
        if (n->owner == owner && node && n->span.source && is_of(n->label, node))
            return n->span;
    }
    return span;
}

/* In a bus, it is who is new that makes it too loud. */
static uint32_t culprit(const chr_ir *ir, const bool *fresh, uint32_t owner) {
    for (uint32_t o = 1; o < ir->n_owners && !fresh[owner]; o++)
        if (fresh[o])
            return o;
    return owner;
}

static void judge_sounds(const chr_ir *ir, const chr_trial *t, const bool *fresh,
                         chr_diags *diags) {
    for (uint32_t o = 0; o < ir->n_owners; o++) {
        const chr_trial_sound *s = &t->sounds[o];
        float aside = fabsf(s->offset);
        uint32_t who = culprit(ir, fresh, o);
        const char *name = ir->owners[who].name;
        if (s->peak > CHR_GUARD_PEAK)
            chr_report(diags, CHR_E803, place_of(ir, who, NULL), name,
                       (int)(20 * log10((double)s->peak)));
        else if (aside > CHR_GUARD_OFFSET && aside > 0.3f * s->peak && t->rendered_s > 0.1)
            chr_report(diags, CHR_E802, place_of(ir, who, NULL), name,
                       (int)((double)aside * 100 + 0.5));
    }
}

static int percent(double share) {
    return share < 1e6 ? (int)(share * 100 + 0.5) : 100000000;
}

/* Refused is what makes the sound dearer than the limit, never what makes it cheaper. */
static void judge_cost(const chr_guard *g, const chr_ir *ir, const bool *fresh, chr_diags *diags) {
    double worth = dearer(g) / chunk_ns(g);
    double before = sum_ns(&g->plays) * worth, after = sum_ns(&g->next) * worth;
    if (after <= CHR_GUARD_LIMIT || after <= before || g->options.untimed)
        return;
    uint32_t dearest = 0;
    for (uint32_t o = 0; o < g->next.n; o++)
        if (fresh[o] &&
            (!fresh[dearest] || g->next.items[o].cost_ns > g->next.items[dearest].cost_ns))
            dearest = o;
    const known *k = &g->next.items[dearest];
    char what[2 * CHR_TRIAL_NAME + 8];
    bool module = k->dearest_ns > k->cost_ns / 2;
    if (module && *k->name && strcmp(k->name, k->dearest) != 0)
        snprintf(what, sizeof what, "%s on %s", k->dearest, k->name);
    else
        snprintf(what, sizeof what, "%s", *k->name ? k->name : k->dearest);
    chr_report(diags, CHR_E804, place_of(ir, dearest, module ? k->dearest : NULL), percent(after),
               what, percent((module ? k->dearest_ns : k->cost_ns) * worth));
}

chr_status chr_guard_look(chr_guard *g, const chr_ir *ir, bool force, chr_diags *diags) {
    bool any, *fresh = calloc(ir->n_owners + 1, sizeof *fresh);
    if (!fresh || !make_next(g, ir, fresh, &any)) {
        free(fresh);
        clear_table(&g->next);
        return CHR_NO_MEMORY;
    }
    if (!any) {
        free(fresh);
        return CHR_OK;
    }
    chr_trial_options o = {.engine = g->options.engine,
                           .now_ns = g->options.now_ns,
                           .length_s = CHR_TRIAL_S,
                           .budget_s = CHR_TRIAL_BUDGET_S};
    chr_trial trial;
    chr_status status = chr_trial_run(&trial, ir, fresh, &o);
    if (status == CHR_OK) {
        const char *label;
        take_costs(g, &trial, fresh);
        if (diags && *trial.fault) {
            uint32_t owner = chr_trial_owner(ir, trial.fault, &label);
            char part[CHR_PART_TEXT];
            chr_report(diags, CHR_E801, place_of(ir, owner, label),
                       chr_ir_part(ir, trial.fault, part));
        } else if (diags && !force) {
            judge_sounds(ir, &trial, fresh, diags);
            judge_cost(g, ir, fresh, diags);
        }
        chr_trial_clear(&trial);
    }
    free(fresh);
    return status;
}

bool chr_guard_cost_of(const chr_guard *g, uint32_t i, chr_guard_cost *cost) {
    if (!g || i >= g->plays.n)
        return false;
    const known *k = &g->plays.items[i];
    double worth = dearer(g) / chunk_ns(g);
    *cost = (chr_guard_cost){.owner = k->name,
                             .dearest = k->dearest,
                             .share = k->cost_ns * worth,
                             .dearest_share = k->dearest_ns * worth,
                             .n_voices = k->n_voices};
    return true;
}
