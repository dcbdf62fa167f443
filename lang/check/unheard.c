/* lang/check/unheard.c: a patch that neither ends in `out` nor is used by another is not heard,
 * which is seldom meant. SPDX-License-Identifier: MIT */
#include "lang/check/inner.h"

/* Marks the owners of what the nodes of others read. */
static void mark_used(checker *c, bool *used) {
    for (uint32_t i = 0; i < c->n_nodes; i++) {
        const node *n = &c->nodes[i];
        if (n->module == NULL)
            continue;
        uint64_t n_inputs = (uint64_t)n->module->n_inputs * n->n_sources;
        uint64_t n_params = (uint64_t)n->module->n_params * n->n_instances;
        for (uint64_t k = 0; k < n_inputs + n_params; k++) {
            const chr_strand *s = k < n_inputs ? &n->inputs[k] : &n->params[k - n_inputs];
            if (s->kind == CHR_STRAND_NODE && c->nodes[s->node].owner != n->owner)
                used[c->nodes[s->node].owner] = true;
        }
    }
}

void warn_unheard(checker *c) {
    bool *used = TAKE_N(c, bool, c->n_owners + 1);
    mark_used(c, used);
    for (uint32_t i = 1; i < c->n_owners; i++) {
        const owner *o = c->owners[i];
        if ((o->statement->kind == CHR_AST_PATCH || is_bus(o)) && o->n_outs == 0 &&
            o->stand_in == NO_NODE && !used[i] && o->output.kind != VALUE_POISON)
            WARN(c, W302, defined_span(o->statement), o->name);
    }
}
