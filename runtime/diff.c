/* runtime/diff.c: what one version does to another, in numbers that a player is told.
 * SPDX-License-Identifier: MIT */
#include "runtime/build.h"

#include <string.h>

static bool args_differ(const chr_version *v, const chr_unode *n) {
    uint32_t n_args = (uint32_t)(n->fresh->module->n_inputs + n->fresh->module->n_params);
    for (uint32_t k = 0; k < n_args; k++)
        for (uint32_t i = 0; i < chr_unode_width(n, k); i++) {
            chr_change c = chr_version_arg(v, n, k, i);
            if (!c.has_fresh || !c.has_past || !chr_strand_equal(c.fresh, c.past))
                return true;
        }
    return n->fresh->n_instances != n->past->n_instances;
}

chr_fate chr_unode_fate(const chr_version *v, const chr_unode *n) {
    return !n->past            ? CHR_FATE_NEW
           : !n->fresh         ? CHR_FATE_GONE
           : args_differ(v, n) ? CHR_FATE_CHANGED
                               : CHR_FATE_KEPT;
}

static void count_nodes(const chr_version *v, chr_diff *diff) {
    for (uint32_t u = 0; u < v->n_nodes; u++) {
        const chr_unode *n = &v->nodes[u];
        int *const counters[] = {&diff->kept, &diff->changed, &diff->added, &diff->gone};
        int *counter = counters[chr_unode_fate(v, n)];
        if (counter != &diff->kept)
            diff->same = false;
        /* A formula is no part that a player knows, but a number that changed in one is heard. */
        if (!chr_unode_hidden(n) || counter == &diff->changed)
            ++*counter;
    }
}

static bool outs_equal(const chr_version *v, const chr_ir_owner *a, const chr_ir_owner *b) {
    if (a->n_outs != b->n_outs || a->n_voices != b->n_voices ||
        memcmp(&a->keying, &b->keying, sizeof a->keying) != 0)
        return false;
    for (uint32_t i = 0; i < a->n_outs; i++)
        if (a->outs[i].channel != b->outs[i].channel ||
            !chr_strand_equal(chr_version_fresh(v, a->outs[i].strand),
                              chr_version_past(v, b->outs[i].strand)))
            return false;
    return true;
}

static bool owners_equal(const chr_version *v) {
    if (v->fresh->n_owners != v->past->n_owners)
        return false;
    for (uint32_t i = 0; i < v->fresh->n_owners; i++) {
        const chr_ir_owner *a = &v->fresh->owners[i], *b = &v->past->owners[i];
        if (strcmp(a->name, b->name) != 0 || !outs_equal(v, a, b))
            return false;
    }
    return true;
}

bool chr_ir_pattern_equal(const chr_ir_pattern *a, const chr_ir_pattern *b) {
    return strcmp(a->name, b->name) == 0 && a->values == b->values &&
           memcmp(&a->base, &b->base, sizeof a->base) == 0 && chr_score_equal(&a->score, &b->score);
}

bool chr_ir_tuning_equal(const chr_ir *a, const chr_ir *b) {
    if (!a->note_hz || !b->note_hz)
        return a->note_hz == b->note_hz;
    return memcmp(a->note_hz, b->note_hz, 128 * sizeof *a->note_hz) == 0;
}

static bool patterns_equal(const chr_ir *a, const chr_ir *b) {
    if (a->n_patterns > 0 && !chr_ir_tuning_equal(a, b))
        return false;
    if (a->n_patterns != b->n_patterns)
        return false;
    for (uint32_t i = 0; i < a->n_patterns; i++)
        if (!chr_ir_pattern_equal(&a->patterns[i], &b->patterns[i]))
            return false;
    return true;
}

static bool has_owner(const chr_ir *ir, const char *name) {
    for (uint32_t i = 0; i < ir->n_owners; i++)
        if (strcmp(ir->owners[i].name, name) == 0)
            return true;
    return false;
}

/* Is there a pattern that changes, comes or goes where its patch stays? What goes with its patch,
 * or with the knob that it turned, goes at once. */
static bool patterns_wait(const chr_ir *fresh, const chr_ir *past) {
    if (fresh->n_patterns > 0 && !chr_ir_tuning_equal(fresh, past))
        return true;
    uint32_t i = 0;
    for (uint32_t k = 0; k < past->n_patterns; k++) {
        const chr_ir_pattern *old = &past->patterns[k];
        if (i < fresh->n_patterns && chr_ir_pattern_equal(&fresh->patterns[i], old))
            i++;
        else if (has_owner(fresh, past->owners[old->owner].name))
            return true;
    }
    return i < fresh->n_patterns;
}

static bool windows_equal(const chr_ir_pattern *a, const chr_ir_pattern *b) {
    if (a->arranged != b->arranged || a->n_windows != b->n_windows)
        return false;
    for (uint32_t i = 0; i < a->n_windows; i++)
        if (a->windows[i].from != b->windows[i].from || a->windows[i].to != b->windows[i].to)
            return false;
    return true;
}

/* Which patterns play, and in which sections: that changes at once, and waits for no bar. */
static bool players_equal(const chr_ir *a, const chr_ir *b) {
    for (uint32_t i = 0; i < a->n_patterns; i++)
        if (a->patterns[i].playing != b->patterns[i].playing ||
            !windows_equal(&a->patterns[i], &b->patterns[i]))
            return false;
    return true;
}

bool chr_graph_compare(const chr_ir *ir, const chr_graph *before, chr_diff *diff) {
    *diff = (chr_diff){.same = before != NULL};
    chr_version v;
    bool ok = chr_version_make(&v, ir, before ? before->plan->ir : NULL);
    if (ok) {
        count_nodes(&v, diff);
        if (before) {
            bool patterns_differ = !patterns_equal(ir, v.past);
            diff->patterns_wait = patterns_differ && patterns_wait(ir, v.past);
            diff->same = diff->same && !patterns_differ && players_equal(ir, v.past) &&
                         owners_equal(&v) && ir->volume == v.past->volume &&
                         chr_time_map_same(ir->time, v.past->time) && ir->seed == v.past->seed;
        }
    }
    chr_version_clear(&v);
    return ok;
}
