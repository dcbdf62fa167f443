/* runtime/build_voice_lists.c: what of a graph belongs to the voices of each owner.
 * SPDX-License-Identifier: MIT */
#include "runtime/build.h"

#include <stdlib.h>

void chr_build_rows_by_owner(chr_builder *b) {
    b->rows_first = calloc(b->voices.n + 2, sizeof *b->rows_first);
    b->rows_of = calloc(b->voice_rows.n + 1, sizeof *b->rows_of);
    if (!b->rows_first || !b->rows_of) {
        b->failed = true;
        return;
    }
    for (uint32_t r = 0; r < b->voice_rows.n; r++)
        b->rows_first[b->voice_rows.items[r].voices + 2]++;
    for (uint32_t o = 0; o < b->voices.n; o++)
        b->rows_first[o + 1] += b->rows_first[o];
    for (uint32_t r = 0; r < b->voice_rows.n; r++)
        b->rows_of[b->rows_first[b->voice_rows.items[r].voices + 1]++] = r;
}

/* The voice whose gate an instance of the session follows, whatever fades meanwhile. False: that of
 * none. */
static bool follows(const chr_builder *b, chr_member m, chr_strand *gate) {
    const chr_unode *n = &b->version.nodes[m.node];
    if (!chr_build_stays(b, n) || m.index >= n->fresh->n_instances)
        return false;
    const chr_ir_node *node = &b->session->nodes[n->fresh_index];
    for (uint32_t k = 0; k < (uint32_t)node->module->n_inputs; k++) {
        if (node->module->inputs[k].normal != CHR_NORMAL_GATE)
            continue;
        *gate = chr_version_fresh(&b->version, node->inputs[k * node->n_sources + m.index]);
        return gate->kind == CHR_STRAND_VOICE && gate->port == CHR_VOICE_GATE;
    }
    return false;
}

static int by_owner(const void *a, const void *b) {
    const chr_voice_level *x = a, *y = b;
    return x->voices != y->voices ? (x->voices < y->voices ? -1 : 1)
           : x->voice != y->voice ? (x->voice < y->voice ? -1 : 1)
                                  : 0;
}

void chr_build_levels(chr_builder *b) {
    for (uint32_t g = 0; g < b->groups.n; g++) {
        const chr_group *group = &b->groups.items[g];
        for (uint32_t l = 0; l < group->lanes && group->module->level; l++) {
            chr_strand gate;
            if (!(group->used & 1u << l) || !follows(b, group->members[l], &gate))
                continue;
            chr_voice_level *level = CHR_GROW(&b->levels, 1);
            if (!level) {
                b->failed = true;
                return;
            }
            *level = (chr_voice_level){gate.node, gate.index, (uint32_t)group->slot, l};
            b->levels.n++;
        }
    }
    if (b->levels.n)
        qsort(b->levels.items, b->levels.n, sizeof *b->levels.items, by_owner);
    b->levels_first = calloc(b->voices.n + 1, sizeof *b->levels_first);
    if (!b->levels_first) {
        b->failed = true;
        return;
    }
    for (uint32_t o = 0, i = 0; o <= b->voices.n; o++) {
        while (i < b->levels.n && b->levels.items[i].voices < o)
            i++;
        b->levels_first[o] = i;
    }
}
