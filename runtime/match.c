/* runtime/match.c: identity of nodes from one version to the next.
 * SPDX-License-Identifier: MIT */
#include "runtime/match.h"

#include "lang/hash.h"
#include "runtime/names.h"

#include <stdlib.h>
#include <string.h>

enum {
    WIDEST_TABLE = 1024 * 1024
}; /* cells of one comparison, a few milliseconds; longer lists are compared by their labels */

/* Length of the path before the last part: nodes inside different instances of a module never mix.
 */
static size_t prefix_length(const char *label) {
    const char *dot = strrchr(label, '.');
    return dot ? (size_t)(dot - label) + 1 : 0;
}

static bool same_prefix(const chr_ir_node *a, const chr_ir_node *b) {
    size_t n = prefix_length(a->label);
    return n == prefix_length(b->label) && !memcmp(a->label, b->label, n);
}

/* A choice cannot be turned like a knob: another choice is another node. */
static bool same_choices(const chr_ir_node *a, const chr_ir_node *b) {
    for (int k = 0; k < a->module->n_params; k++)
        if (a->module->params[k].choices && a->params[(uint32_t)k * a->n_instances].value !=
                                                b->params[(uint32_t)k * b->n_instances].value)
            return false;
    return true;
}

static bool can_match(const chr_ir_node *a, const chr_ir_node *b) {
    return !strcmp(a->module->name, b->module->name) && a->labelled == b->labelled &&
           same_prefix(a, b) && same_choices(a, b) && (!a->labelled || !strcmp(a->label, b->label));
}

/* What is compared of a node, hashed once, for a table has many more cells than nodes. Who is
 * matched in the end is compared in full. */
typedef struct key {
    uint64_t kind, label, numbers;
} key;

static uint64_t hash_number(uint64_t h, float x) {
    x = x == 0.0f ? 0.0f : x; /* -0 is 0 */
    return chr_hash_bytes(h, &x, sizeof x);
}

static key key_of(const chr_ir_node *n) {
    key k = {.kind = chr_hash_bytes(chr_hash_start, n->module->name, strlen(n->module->name) + 1),
             .label = chr_hash_bytes(chr_hash_start, n->label, strlen(n->label)),
             .numbers = chr_hash_bytes(chr_hash_start, &n->n_instances, sizeof n->n_instances)};
    k.kind =
        chr_hash_bytes(k.kind, n->label, n->labelled ? strlen(n->label) : prefix_length(n->label));
    k.kind = chr_hash_bytes(k.kind, &n->labelled, sizeof n->labelled);
    for (int p = 0; p < n->module->n_params; p++) {
        chr_strand s = n->params[(uint32_t)p * n->n_instances];
        if (n->module->params[p].choices)
            k.kind = hash_number(k.kind, s.value);
        k.numbers = chr_hash_bytes(k.numbers, &s.kind, sizeof s.kind);
        if (s.kind == CHR_STRAND_CONST)
            k.numbers = hash_number(k.numbers, s.value);
    }
    return k;
}

/* One version: its nodes by owner, those without a given label before those with one. */
typedef struct side {
    const chr_ir *ir;
    key *keys;
    uint32_t *list, *first; /* first[2 * owner + labelled] in list */
} side;

static void clear_side(side *s) {
    free(s->keys);
    free(s->list);
    free(s->first);
}

static bool make_side(side *s, const chr_ir *ir) {
    uint32_t n = ir->n_nodes, drawers = 2 * ir->n_owners;
    *s = (side){.ir = ir,
                .keys = malloc((n + 1) * sizeof *s->keys),
                .list = malloc((n + 1) * sizeof *s->list),
                .first = calloc(drawers + 2, sizeof *s->first)};
    if (!s->keys || !s->list || !s->first)
        return false;
    for (uint32_t i = 0; i < n; i++) {
        s->keys[i] = key_of(&ir->nodes[i]);
        s->first[2 * ir->nodes[i].owner + ir->nodes[i].labelled + 2]++;
    }
    for (uint32_t d = 0; d < drawers; d++)
        s->first[d + 1] += s->first[d];
    for (uint32_t i = 0; i < n; i++)
        s->list[s->first[2 * ir->nodes[i].owner + ir->nodes[i].labelled + 1]++] = i;
    return true;
}

/* How good a match is: the same numbers beat the same name, the same name beats the module alone.
 */
static uint32_t score(key a, key b) {
    if (a.kind != b.kind)
        return 0;
    return 4u + (a.label == b.label ? 1u : 0u) + (a.numbers == b.numbers ? 2u : 0u);
}

static void accept(const side *fresh, const side *past, uint32_t f, uint32_t p, uint32_t *match) {
    if (can_match(&fresh->ir->nodes[f], &past->ir->nodes[p]))
        match[f] = p;
}

/* Longest common sequence by total score, of f[0..n) and p[0..m) (numbers of nodes). */
static bool match_table(const side *fresh, const side *past, const uint32_t *f, uint32_t n,
                        const uint32_t *p, uint32_t m, uint32_t *match) {
    uint32_t *best = calloc((size_t)(n + 1) * (m + 1), sizeof *best);
    if (!best)
        return false;
#define BEST(i, j) best[(size_t)(i) * (m + 1) + (j)]
    for (uint32_t i = n; i-- > 0;) {
        key k = fresh->keys[f[i]];
        for (uint32_t j = m; j-- > 0;) {
            uint32_t s = score(k, past->keys[p[j]]);
            uint32_t skip = BEST(i + 1, j) > BEST(i, j + 1) ? BEST(i + 1, j) : BEST(i, j + 1);
            BEST(i, j) = s && s + BEST(i + 1, j + 1) >= skip ? s + BEST(i + 1, j + 1) : skip;
        }
    }
    for (uint32_t i = 0, j = 0; i < n && j < m;) {
        uint32_t s = score(fresh->keys[f[i]], past->keys[p[j]]);
        if (s && BEST(i, j) == s + BEST(i + 1, j + 1))
            accept(fresh, past, f[i++], p[j++], match);
        else if (BEST(i + 1, j) >= BEST(i, j + 1))
            i++;
        else
            j++;
    }
#undef BEST
    free(best);
    return true;
}

static int compare_labels(const void *a, const void *b, void *ir) {
    const chr_ir_node *nodes = ((const chr_ir *)ir)->nodes;
    return strcmp(nodes[*(const uint32_t *)a].label, nodes[*(const uint32_t *)b].label);
}

static void match_labels(const side *fresh, const side *past, uint32_t *f, uint32_t n, uint32_t *p,
                         uint32_t m, uint32_t *match) {
    qsort_r(f, n, sizeof *f, compare_labels, (void *)(uintptr_t)fresh->ir);
    qsort_r(p, m, sizeof *p, compare_labels, (void *)(uintptr_t)past->ir);
    for (uint32_t i = 0, j = 0; i < n && j < m;) {
        int order = strcmp(fresh->ir->nodes[f[i]].label, past->ir->nodes[p[j]].label);
        if (!order)
            accept(fresh, past, f[i], p[j], match);
        if (order <= 0)
            i++;
        if (order >= 0)
            j++;
    }
}

static bool match_sequences(const side *fresh, const side *past, uint32_t *f, uint32_t n,
                            uint32_t *p, uint32_t m, uint32_t *match) {
    /* What is the same at both ends, which is nearly all of it after most edits, needs no table. */
    while (n && m && score(fresh->keys[f[0]], past->keys[p[0]]) == 7) {
        accept(fresh, past, *f++, *p++, match);
        n--, m--;
    }
    while (n && m && score(fresh->keys[f[n - 1]], past->keys[p[m - 1]]) == 7) {
        accept(fresh, past, f[n - 1], p[m - 1], match);
        n--, m--;
    }
    if (!n || !m)
        return true;
    if ((uint64_t)(n + 1) * (m + 1) <= WIDEST_TABLE)
        return match_table(fresh, past, f, n, p, m, match);
    match_labels(fresh, past, f, n, p, m, match);
    return true;
}

static bool match_owner(const side *fresh, const side *past, uint32_t a, uint32_t b,
                        uint32_t *match) {
    uint32_t *f = fresh->list, *p = past->list;
    const uint32_t *ff = fresh->first + 2 * a, *pf = past->first + 2 * b;
    match_labels(fresh, past, f + ff[1], ff[2] - ff[1], p + pf[1], pf[2] - pf[1], match);
    return match_sequences(fresh, past, f + ff[0], ff[1] - ff[0], p + pf[0], pf[1] - pf[0], match);
}

bool chr_match_nodes(const chr_ir *fresh, const chr_ir *past, uint32_t *match) {
    for (uint32_t i = 0; i < fresh->n_nodes; i++)
        match[i] = UINT32_MAX;
    side f = {.ir = NULL}, p = {.ir = NULL};
    chr_names owners = {.names = NULL};
    bool ok =
        make_side(&f, fresh) && make_side(&p, past) && chr_names_make(&owners, past->n_owners);
    for (uint32_t b = 0; ok && b < past->n_owners; b++)
        chr_names_add(&owners, past->owners[b].name, b);
    for (uint32_t a = 0; ok && a < fresh->n_owners; a++) {
        uint32_t b = chr_names_find(&owners, fresh->owners[a].name);
        if (b != UINT32_MAX)
            ok = match_owner(&f, &p, a, b, match);
    }
    clear_side(&f);
    clear_side(&p);
    chr_names_clear(&owners);
    return ok;
}
