/* runtime/build_nodes.c: from nodes in order to instructions.
 * SPDX-License-Identifier: MIT */
#include "runtime/build.h"

#include <string.h>

/* "bass.lpf2", for reports of faults. */
static uint32_t name_node(chr_builder *b, const chr_unode *n) {
    const chr_ir_node *node = n->fresh ? n->fresh : n->past;
    const char *owner = b->version.owners[chr_unode_owner(b, n)];
    uint32_t name = chr_build_text(b, owner);
    if (b->failed)
        return 0;
    if (*owner)
        b->text.items[b->text.n - 1] = '.';
    else
        b->text.n--;
    chr_build_text(b, node->label);
    return name;
}

static uint32_t add_name(chr_builder *b, uint32_t name) {
    uint32_t *at = CHR_GROW(&b->names, 1);
    if (!at) {
        b->failed = true;
        return 0;
    }
    *at = name;
    return b->names.n++;
}

/* The name of each lane; neighbours are mostly of one node. */
static void name_group(chr_builder *b, chr_group *g) {
    uint32_t name = 0;
    for (uint32_t l = 0; l < g->lanes && !b->failed; l++) {
        if (!l || g->members[l].node != g->members[l - 1].node)
            name = name_node(b, &b->version.nodes[g->members[l].node]);
        uint32_t at = add_name(b, g->used & 1u << l ? name : UINT32_MAX);
        if (!l)
            g->names = at;
    }
}

static chr_instr process_instr(chr_builder *b, uint32_t g, chr_process_fn *fn) {
    uint32_t sleeper = b->groups.items[g].sleeper = chr_build_sleeper(b, g);
    const chr_group *group = &b->groups.items[g];
    const chr_module *m = group->module;
    b->follows_song |= m->follows_song;
    return (chr_instr){.op = CHR_OP_PROCESS,
                       .fn = fn,
                       .operation = m->operation,
                       .sleeper = sleeper,
                       .lanes = (uint8_t)group->lanes,
                       .n_inputs = (uint8_t)m->n_inputs,
                       .n_params = (uint8_t)m->n_params,
                       .names = group->names,
                       .slot = group->slot,
                       .voices = CHR_NONE,
                       .fade = chr_build_leaves(b, group) ? 0 : CHR_NONE};
}

static void give_outputs(chr_builder *b, uint32_t g, chr_instr *i) {
    chr_group group = b->groups.items[g];
    i->n_outputs = (uint8_t)group.module->n_outputs;
    for (uint32_t k = 0; k < i->n_outputs; k++) {
        uint32_t at = chr_build_out(b, group.out[k]);
        if (!k)
            i->outs = at;
    }
    i->look = chr_build_bounds(b, i, group.module) ? CHR_LOOK_HEALS : CHR_LOOK_ALL;
}

static void emit_group(chr_builder *b, uint32_t g) {
    const chr_module *m = b->groups.items[g].module;
    if (m->shape == CHR_SUM) {
        chr_build_sum(b, g);
        return;
    }
    bool breaks = b->groups.items[g].cycle && m->emit;
    chr_instr i = process_instr(b, g, breaks ? m->emit : m->process);
    if (breaks)
        chr_build_args_emit(b, g, &i);
    else
        chr_build_args(b, g, &i);
    give_outputs(b, g, &i);
    chr_build_emit(b, i);
}

static void emit_accept(chr_builder *b, uint32_t g) {
    const chr_module *m = b->groups.items[g].module;
    if (!m->emit || m->shape == CHR_SUM)
        return;
    chr_instr i = process_instr(b, g, m->accept);
    chr_build_args_accept(b, g, &i);
    give_outputs(b, g, &i);
    i.look = CHR_LOOK_NEVER; /* what it stores was looked at where it was made */
    chr_build_emit(b, i);
}

void chr_build_nodes(chr_builder *b) {
    for (uint32_t g = 0; g < b->groups.n && !b->failed; g++)
        name_group(b, &b->groups.items[g]);
    if (!b->failed)
        b->master_name = add_name(b, chr_build_text(b, "master"));
    const uint32_t *running = b->running;
    for (uint32_t i = 0; i < b->groups.n && !b->failed;) {
        uint32_t cycle = b->groups.items[running[i]].cycle, end = i;
        if (!cycle) {
            emit_group(b, running[i++]);
            continue;
        }
        while (end < b->groups.n && b->groups.items[running[end]].cycle == cycle)
            end++;
        uint32_t loop = chr_build_emit(
            b,
            (chr_instr){.op = CHR_OP_LOOP, .slot = CHR_NONE, .voices = CHR_NONE, .fade = CHR_NONE});
        for (uint32_t k = i; k < end && !b->failed; k++)
            emit_group(b, running[k]);
        for (uint32_t k = i; k < end && !b->failed; k++)
            emit_accept(b, running[k]);
        if (!b->failed)
            b->instrs.items[loop].count = b->instrs.n - loop - 1;
        i = end;
    }
}
