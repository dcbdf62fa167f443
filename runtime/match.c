/* runtime/match.c: identity of nodes from one version to the next.
 * SPDX-License-Identifier: MIT */
#include "runtime/match.h"

#include <stdlib.h>
#include <string.h>

enum {
    WIDEST_TABLE = 4 * 1024 * 1024
}; /* cells of one comparison; above it, owners are compared from both ends only */

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

/* How good a match is: the same numbers beat the same name, the same name beats the module alone.
 */
static uint32_t score(const chr_ir_node *a, const chr_ir_node *b) {
    if (!can_match(a, b))
        return 0;
    uint32_t s = 4;
    if (!strcmp(a->label, b->label))
        s += 1;
    bool same = a->n_instances == b->n_instances;
    for (int k = 0; same && k < a->module->n_params; k++) {
        chr_strand x = a->params[(uint32_t)k * a->n_instances],
                   y = b->params[(uint32_t)k * b->n_instances];
        same = x.kind == y.kind && (x.kind != CHR_STRAND_CONST || x.value == y.value);
    }
    return s + (same ? 2 : 0);
}

/* Longest common sequence by total score, of fresh[0..n) and past[0..m) (indices into the IRs). */
static bool match_table(const chr_ir *fresh, const chr_ir *past, const uint32_t *f, uint32_t n,
                        const uint32_t *p, uint32_t m, uint32_t *match) {
    uint32_t *best = calloc((size_t)(n + 1) * (m + 1), sizeof *best);
    if (!best)
        return false;
#define BEST(i, j) best[(size_t)(i) * (m + 1) + (j)]
    for (uint32_t i = n; i-- > 0;)
        for (uint32_t j = m; j-- > 0;) {
            uint32_t s = score(&fresh->nodes[f[i]], &past->nodes[p[j]]);
            uint32_t skip = BEST(i + 1, j) > BEST(i, j + 1) ? BEST(i + 1, j) : BEST(i, j + 1);
            BEST(i, j) = s && s + BEST(i + 1, j + 1) >= skip ? s + BEST(i + 1, j + 1) : skip;
        }
    for (uint32_t i = 0, j = 0; i < n && j < m;) {
        uint32_t s = score(&fresh->nodes[f[i]], &past->nodes[p[j]]);
        if (s && BEST(i, j) == s + BEST(i + 1, j + 1))
            match[f[i++]] = p[j++];
        else if (BEST(i + 1, j) >= BEST(i, j + 1))
            i++;
        else
            j++;
    }
#undef BEST
    free(best);
    return true;
}

static bool match_sequences(const chr_ir *fresh, const chr_ir *past, const uint32_t *f, uint32_t n,
                            const uint32_t *p, uint32_t m, uint32_t *match) {
    /* What is the same at both ends, which is nearly all of it after most edits, needs no table. */
    while (n && m && score(&fresh->nodes[f[0]], &past->nodes[p[0]]) == 7) {
        match[*f++] = *p++;
        n--, m--;
    }
    while (n && m && score(&fresh->nodes[f[n - 1]], &past->nodes[p[m - 1]]) == 7) {
        match[f[n - 1]] = p[m - 1];
        n--, m--;
    }
    if (!n || !m)
        return true;
    if ((uint64_t)(n + 1) * (m + 1) <= WIDEST_TABLE)
        return match_table(fresh, past, f, n, p, m, match);
    for (uint32_t i = 0; i < n && i < m && can_match(&fresh->nodes[f[i]], &past->nodes[p[i]]); i++)
        match[f[i]] = p[i];
    return true;
}

/* Nodes of an owner, split into labelled and not; returns how many. */
static uint32_t nodes_of(const chr_ir *ir, uint32_t owner, bool labelled, uint32_t *list) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < ir->n_nodes; i++)
        if (ir->nodes[i].owner == owner && ir->nodes[i].labelled == labelled)
            list[n++] = i;
    return n;
}

static int compare_labels(const void *a, const void *b, void *ir) {
    const chr_ir_node *nodes = ((const chr_ir *)ir)->nodes;
    return strcmp(nodes[*(const uint32_t *)a].label, nodes[*(const uint32_t *)b].label);
}

static void match_labels(const chr_ir *fresh, const chr_ir *past, uint32_t *f, uint32_t n,
                         uint32_t *p, uint32_t m, uint32_t *match) {
    qsort_r(f, n, sizeof *f, compare_labels, (void *)(uintptr_t)fresh);
    qsort_r(p, m, sizeof *p, compare_labels, (void *)(uintptr_t)past);
    for (uint32_t i = 0, j = 0; i < n && j < m;) {
        int order = strcmp(fresh->nodes[f[i]].label, past->nodes[p[j]].label);
        if (!order && can_match(&fresh->nodes[f[i]], &past->nodes[p[j]]))
            match[f[i]] = p[j];
        if (order <= 0)
            i++;
        if (order >= 0)
            j++;
    }
}

bool chr_match_nodes(const chr_ir *fresh, const chr_ir *past, uint32_t *match) {
    for (uint32_t i = 0; i < fresh->n_nodes; i++)
        match[i] = UINT32_MAX;
    uint32_t *f = malloc((fresh->n_nodes + 1) * sizeof *f),
             *p = malloc((past->n_nodes + 1) * sizeof *p);
    bool ok = f && p;
    for (uint32_t a = 0; ok && a < fresh->n_owners; a++)
        for (uint32_t b = 0; ok && b < past->n_owners; b++) {
            if (strcmp(fresh->owners[a].name, past->owners[b].name))
                continue;
            uint32_t n = nodes_of(fresh, a, false, f), m = nodes_of(past, b, false, p);
            ok = match_sequences(fresh, past, f, n, p, m, match);
            n = nodes_of(fresh, a, true, f);
            m = nodes_of(past, b, true, p);
            match_labels(fresh, past, f, n, p, m, match);
            break;
        }
    free(f);
    free(p);
    return ok;
}
