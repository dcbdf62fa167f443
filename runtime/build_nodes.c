/* runtime/build_nodes.c: from nodes in order to instructions.
 * SPDX-License-Identifier: MIT */
#include "runtime/build.h"

#include <string.h>

/* "bass.lpf2", for reports of faults. */
static void name_group(chr_builder *b, const chr_unode *n) {
    uint32_t *name = CHR_GROW(&b->names, 1);
    const chr_ir_node *node = n->fresh ? n->fresh : n->past;
    const char *owner = b->version.owners[chr_unode_owner(b, n)];
    if (!name) {
        b->failed = true;
        return;
    }
    *name = chr_build_text(b, owner);
    b->names.n++;
    if (b->failed)
        return;
    if (*owner)
        b->text.items[b->text.n - 1] = '.';
    else
        b->text.n--;
    chr_build_text(b, node->label);
}

static chr_instr process_instr(const chr_builder *b, uint32_t g, chr_process_fn *fn) {
    const chr_group *group = &b->groups.items[g];
    const chr_module *m = group->module;
    return (chr_instr){.op = CHR_OP_PROCESS,
                       .fn = fn,
                       .lanes = (uint8_t)group->lanes,
                       .n_inputs = (uint8_t)m->n_inputs,
                       .n_params = (uint8_t)m->n_params,
                       .node = g,
                       .slot = group->slot,
                       .voices = CHR_NONE,
                       .fade = b->version.nodes[group->node].fresh ? CHR_NONE : 0};
}

static void give_outputs(chr_builder *b, uint32_t g, chr_instr *i) {
    chr_group group = b->groups.items[g];
    i->n_outputs = (uint8_t)group.module->n_outputs;
    i->checked = 1;
    for (uint32_t k = 0; k < i->n_outputs; k++) {
        uint32_t at = chr_build_out(b, group.out[k]);
        if (!k)
            i->outs = at;
    }
}

static void emit_node(chr_builder *b, uint32_t u) {
    const chr_unode *n = &b->version.nodes[u];
    for (uint32_t g = b->first_group[u]; g < b->first_group[u + 1] && !b->failed; g++) {
        const chr_module *m = b->groups.items[g].module;
        if (m->shape == CHR_SUM) {
            chr_build_sum(b, n, g);
            continue;
        }
        bool breaks = n->cycle && m->emit;
        chr_instr i = process_instr(b, g, breaks ? m->emit : m->process);
        if (breaks)
            chr_build_args_emit(b, g, &i);
        else
            chr_build_args(b, g, &i);
        give_outputs(b, g, &i);
        chr_build_emit(b, i);
    }
}

static void emit_accepts(chr_builder *b, uint32_t u) {
    for (uint32_t g = b->first_group[u]; g < b->first_group[u + 1] && !b->failed; g++) {
        const chr_module *m = b->groups.items[g].module;
        if (!m->emit || m->shape == CHR_SUM)
            continue;
        chr_instr i = process_instr(b, g, m->accept);
        chr_build_args_accept(b, g, &i);
        give_outputs(b, g, &i);
        i.checked = 0; /* what it stores was looked at where it was made */
        chr_build_emit(b, i);
    }
}

/* Behind the names of the groups. */
static void name_master(chr_builder *b) {
    uint32_t *name = CHR_GROW(&b->names, 1);
    if (!name) {
        b->failed = true;
        return;
    }
    *name = chr_build_text(b, "master");
    b->names.n++;
}

void chr_build_nodes(chr_builder *b) {
    for (uint32_t g = 0; g < b->groups.n && !b->failed; g++)
        name_group(b, &b->version.nodes[b->groups.items[g].node]);
    if (!b->failed)
        name_master(b);
    chr_version *v = &b->version;
    for (uint32_t u = 0; u < v->n_nodes && !b->failed;) {
        if (!v->nodes[u].cycle) {
            emit_node(b, u++);
            continue;
        }
        uint32_t end = u;
        while (end < v->n_nodes && v->nodes[end].cycle == v->nodes[u].cycle)
            end++;
        uint32_t loop = chr_build_emit(
            b,
            (chr_instr){.op = CHR_OP_LOOP, .slot = CHR_NONE, .voices = CHR_NONE, .fade = CHR_NONE});
        for (uint32_t k = u; k < end && !b->failed; k++)
            emit_node(b, k);
        for (uint32_t k = u; k < end && !b->failed; k++)
            emit_accepts(b, k);
        if (!b->failed)
            b->instrs.items[loop].count = b->instrs.n - loop - 1;
        u = end;
    }
}
