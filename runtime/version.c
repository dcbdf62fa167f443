/* runtime/version.c: the union of two versions, and an order in which it can run.
 * SPDX-License-Identifier: MIT */
#include "runtime/version.h"

#include "runtime/match.h"
#include "runtime/names.h"
#include "runtime/order.h"

#include <stdlib.h>
#include <string.h>

bool chr_strand_equal(chr_strand a, chr_strand b) {
    if (a.kind != b.kind)
        return false;
    if (a.kind == CHR_STRAND_CONST)
        return a.value == b.value;
    return a.node == b.node && a.port == b.port && a.index == b.index;
}

static chr_strand translate(chr_strand s, const uint32_t *nodes, const uint32_t *owners) {
    if (s.kind == CHR_STRAND_NODE)
        s.node = nodes[s.node];
    else if (s.kind == CHR_STRAND_VOICE)
        s.node = owners[s.node];
    return s;
}

chr_strand chr_version_fresh(const chr_version *v, chr_strand s) {
    return translate(s, v->fresh_to, v->fresh_owner_to);
}

chr_strand chr_version_past(const chr_version *v, chr_strand s) {
    return translate(s, v->past_to, v->past_owner_to);
}

static const chr_module *module_of(const chr_unode *n) {
    return (n->fresh ? n->fresh : n->past)->module;
}

static uint32_t width_of(const chr_ir_node *n, uint32_t k) {
    return k < (uint32_t)n->module->n_inputs ? n->n_sources : n->n_instances;
}

uint32_t chr_unode_width(const chr_unode *n, uint32_t k) {
    return k < (uint32_t)module_of(n)->n_inputs ? n->n_sources : n->n_instances;
}

static chr_strand strand_of(const chr_ir_node *n, uint32_t k, uint32_t i) {
    uint32_t inputs = (uint32_t)n->module->n_inputs;
    return k < inputs ? n->inputs[k * n->n_sources + i]
                      : n->params[(k - inputs) * n->n_instances + i];
}

chr_change chr_version_arg(const chr_version *v, const chr_unode *n, uint32_t k, uint32_t i) {
    chr_change c = {.has_fresh = false};
    if (n->fresh && i < width_of(n->fresh, k)) {
        c.fresh = chr_version_fresh(v, strand_of(n->fresh, k, i));
        c.has_fresh = true;
    }
    if (n->past && i < width_of(n->past, k)) {
        c.past = chr_version_past(v, strand_of(n->past, k, i));
        c.has_past = true;
    }
    return c;
}

/* ---- which sums are the same: they hold no state, so one whose sources differ leaves whole and
 * arrives whole ---- */

static bool same_source(const chr_ir *fresh, const chr_ir *past, const uint32_t *match,
                        chr_strand f, chr_strand p) {
    if (f.kind != p.kind)
        return false;
    if (f.kind == CHR_STRAND_CONST)
        return f.value == p.value;
    if (f.port != p.port || f.index != p.index)
        return false;
    return f.kind == CHR_STRAND_NODE
               ? match[f.node] == p.node
               : !strcmp(fresh->owners[f.node].name, past->owners[p.node].name);
}

void chr_version_part_sums(const chr_ir *fresh, const chr_ir *past, uint32_t *match) {
    for (uint32_t i = 0; i < fresh->n_nodes; i++) {
        const chr_ir_node *f = &fresh->nodes[i];
        if (f->module->shape != CHR_SUM || match[i] == UINT32_MAX)
            continue;
        const chr_ir_node *p = &past->nodes[match[i]];
        bool same = f->n_sources == p->n_sources && f->n_instances == p->n_instances;
        for (uint32_t s = 0; same && s < f->n_sources * (uint32_t)f->module->n_inputs; s++)
            same = same_source(fresh, past, match, f->inputs[s], p->inputs[s]);
        for (uint32_t s = 0; same && s < f->n_instances * (uint32_t)f->module->n_params; s++)
            same = same_source(fresh, past, match, f->params[s], p->params[s]);
        if (!same)
            match[i] = UINT32_MAX;
    }
}

/* ---- the union ---- */

bool chr_version_is_knob(const chr_version *v, uint32_t owner) {
    if (owner < v->fresh->n_owners)
        return v->fresh->owners[owner].is_knob;
    for (uint32_t i = 0; v->past && i < v->past->n_owners; i++)
        if (v->past_owner_to[i] == owner)
            return v->past->owners[i].is_knob;
    return false;
}

static bool join_owners(chr_version *v) {
    chr_names known;
    bool ok = chr_names_make(&known, v->fresh->n_owners);
    for (uint32_t i = 0; ok && i < v->fresh->n_owners; i++) {
        v->owners[i] = v->fresh->owners[i].name;
        v->fresh_owner_to[i] = i;
        chr_names_add(&known, v->owners[i], i);
    }
    v->n_owners = v->fresh->n_owners;
    for (uint32_t i = 0; ok && v->past && i < v->past->n_owners; i++) {
        uint32_t k = chr_names_find(&known, v->past->owners[i].name);
        if (k == UINT32_MAX) {
            k = v->n_owners++;
            v->owners[k] = v->past->owners[i].name;
        }
        v->past_owner_to[i] = k;
    }
    chr_names_clear(&known);
    return ok;
}

static void join_nodes(chr_version *v, const uint32_t *match) {
    const chr_ir *fresh = v->fresh, *past = v->past;
    v->n_nodes = 0;
    for (uint32_t i = 0; past && i < past->n_nodes; i++)
        v->past_to[i] = UINT32_MAX;
    for (uint32_t i = 0; i < fresh->n_nodes; i++) {
        chr_unode *n = &v->nodes[v->n_nodes];
        *n = (chr_unode){.fresh = &fresh->nodes[i], .fresh_index = i, .past_index = UINT32_MAX};
        n->n_instances = n->fresh->n_instances;
        n->n_sources = n->fresh->n_sources;
        if (match[i] != UINT32_MAX) {
            n->past = &past->nodes[match[i]];
            n->past_index = match[i];
            if (n->past->n_instances > n->n_instances)
                n->n_instances = n->past->n_instances;
            if (n->past->n_sources > n->n_sources)
                n->n_sources = n->past->n_sources;
            v->past_to[match[i]] = v->n_nodes;
        }
        v->fresh_to[i] = v->n_nodes++;
    }
    for (uint32_t i = 0; past && i < past->n_nodes; i++) {
        if (v->past_to[i] != UINT32_MAX || (v->dead && v->dead[i]))
            continue;
        v->nodes[v->n_nodes] = (chr_unode){.past = &past->nodes[i],
                                           .fresh_index = UINT32_MAX,
                                           .past_index = i,
                                           .n_instances = past->nodes[i].n_instances,
                                           .n_sources = past->nodes[i].n_sources};
        v->past_to[i] = v->n_nodes++;
    }
}

/* ---- what reads what ---- */

/* `broken`: without the edges into the first input of a module that breaks cycles. */
static bool collect(const chr_version *v, chr_edges *e, bool broken) {
    e->n = 0;
    for (uint32_t u = 0; u < v->n_nodes; u++) {
        const chr_unode *n = &v->nodes[u];
        const chr_module *m = module_of(n);
        uint32_t first = e->n, n_args = (uint32_t)(m->n_inputs + m->n_params);
        e->first[u] = first;
        for (uint32_t k = broken && m->emit ? 1 : 0; k < n_args; k++)
            for (uint32_t i = 0; i < chr_unode_width(n, k); i++) {
                chr_change c = chr_version_arg(v, n, k, i);
                if (c.has_fresh && c.fresh.kind == CHR_STRAND_NODE &&
                    !chr_edges_add(e, first, c.fresh.node))
                    return false;
                if (c.has_past && c.past.kind == CHR_STRAND_NODE &&
                    !chr_edges_add(e, first, c.past.node))
                    return false;
            }
    }
    e->first[v->n_nodes] = e->n;
    return true;
}

/* Two kept nodes that changed places would form a loop with no delay in it while both orders sound.
 * They cannot both go on: what is in such a loop leaves and arrives instead. True if something was
 * parted. */
static bool part_impossible(const chr_version *v, const chr_edges *broken, const chr_components *c,
                            uint32_t *match, bool *apart) {
    bool parted = false;
    for (uint32_t i = 0; i < v->n_nodes;) {
        uint32_t end = chr_component_end(c, i, v->n_nodes);
        if (chr_component_is_cycle(c, broken, i, end))
            for (uint32_t k = i; k < end; k++) {
                const chr_unode *n = &v->nodes[c->order[k]];
                if (n->fresh && n->past) {
                    match[n->fresh_index] = UINT32_MAX;
                    parted = true;
                    if (apart)
                        apart[n->fresh_index] = true;
                }
            }
        i = end;
    }
    return parted;
}

/* Puts the nodes in an order in which they can run. */
static bool sort_nodes(chr_version *v, const chr_edges *all, const chr_components *whole,
                       const chr_components *broken) {
    uint32_t n = v->n_nodes;
    uint32_t *list = malloc((n + 1) * sizeof *list), *cycle = malloc((n + 1) * sizeof *cycle);
    uint32_t *to = malloc((n + 1) * sizeof *to);
    chr_unode *sorted = malloc((n + 1) * sizeof *sorted);
    bool ok = list && cycle && to && sorted && chr_order_sort(all, whole, broken, n, list, cycle);
    for (uint32_t k = 0; ok && k < n; k++) {
        sorted[k] = v->nodes[list[k]];
        sorted[k].cycle = cycle[k];
        to[list[k]] = k;
    }
    if (ok) {
        memcpy(v->nodes, sorted, n * sizeof *sorted);
        for (uint32_t i = 0; i < v->fresh->n_nodes; i++)
            v->fresh_to[i] = to[v->fresh_to[i]];
        for (uint32_t i = 0; v->past && i < v->past->n_nodes; i++)
            if (v->past_to[i] != UINT32_MAX)
                v->past_to[i] = to[v->past_to[i]];
    }
    free(list);
    free(cycle);
    free(to);
    free(sorted);
    return ok;
}

static bool arrange(chr_version *v, uint32_t *match, bool *apart, bool *parted) {
    uint32_t most = v->fresh->n_nodes + (v->past ? v->past->n_nodes : 0) + 1;
    chr_edges broken, all;
    chr_components b, w;
    bool ok = chr_edges_make(&broken, most);
    ok &= chr_edges_make(&all, most);
    ok &= chr_components_make(&b, most);
    ok &= chr_components_make(&w, most);
    for (bool again = true; ok && again;) {
        if (v->past)
            chr_version_part_sums(v->fresh, v->past, match);
        join_nodes(v, match);
        ok = collect(v, &broken, true) && chr_components_find(&b, &broken, v->n_nodes, NULL);
        again = ok && part_impossible(v, &broken, &b, match, apart);
        *parted |= again;
    }
    ok = ok && collect(v, &all, false) && chr_components_find(&w, &all, v->n_nodes, NULL) &&
         sort_nodes(v, &all, &w, &b);
    chr_edges_clear(&broken);
    chr_edges_clear(&all);
    chr_components_clear(&b);
    chr_components_clear(&w);
    return ok;
}

static bool lay_over(chr_version *v, const chr_ir *fresh, const chr_ir *past, const uint32_t *known,
                     const bool *dead, bool *apart, bool *parted) {
    *v = (chr_version){.fresh = fresh, .past = past, .dead = dead};
    uint32_t past_nodes = past ? past->n_nodes : 0, past_owners = past ? past->n_owners : 0;
    v->nodes = malloc((fresh->n_nodes + past_nodes + 1) * sizeof *v->nodes);
    v->fresh_to = malloc((fresh->n_nodes + 1) * sizeof(uint32_t));
    v->past_to = malloc((past_nodes + 1) * sizeof(uint32_t));
    v->fresh_owner_to = malloc((fresh->n_owners + 1) * sizeof(uint32_t));
    v->past_owner_to = malloc((past_owners + 1) * sizeof(uint32_t));
    v->owners = malloc((fresh->n_owners + past_owners + 1) * sizeof *v->owners);
    uint32_t *match = malloc((fresh->n_nodes + 1) * sizeof *match);
    bool ok = v->nodes && v->fresh_to && v->past_to && v->fresh_owner_to && v->past_owner_to &&
              v->owners && match;
    ok = ok && join_owners(v);
    if (ok) {
        if (known)
            memcpy(match, known, fresh->n_nodes * sizeof *match);
        else if (past)
            ok = chr_match_nodes(fresh, past, match);
        else
            for (uint32_t i = 0; i < fresh->n_nodes; i++)
                match[i] = UINT32_MAX;
        ok = ok && arrange(v, match, apart, parted);
    }
    free(match);
    return ok;
}

bool chr_version_make(chr_version *v, const chr_ir *fresh, const chr_ir *past) {
    bool parted = false; /* what changed places leaves and arrives */
    return lay_over(v, fresh, past, NULL, NULL, NULL, &parted);
}

bool chr_version_lay(chr_version *v, const chr_ir *fresh, const chr_ir *past, const uint32_t *match,
                     const bool *dead, bool *apart, bool *parted) {
    *parted = false;
    return lay_over(v, fresh, past, match, dead, apart, parted);
}

void chr_version_clear(chr_version *v) {
    free(v->nodes);
    free(v->fresh_to);
    free(v->past_to);
    free(v->fresh_owner_to);
    free(v->past_owner_to);
    free(v->owners);
    *v = (chr_version){.fresh = NULL};
}
