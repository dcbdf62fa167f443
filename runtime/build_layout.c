/* runtime/build_layout.c: gives every scratch buffer its place; buffers whose lives do not meet
 * share one. SPDX-License-Identifier: MIT */
#include "runtime/build.h"

#include <stdlib.h>

/* First write and last use. All that is touched in a feedback loop lives from its first to its last
 * instruction. */
static void find_lives(chr_builder *b) {
    uint32_t loop_end = 0, loop_begin = 0;
    for (uint32_t j = 0; j < b->instrs.n; j++) {
        const chr_instr *i = &b->instrs.items[j];
        if (i->op == CHR_OP_LOOP) {
            loop_begin = j;
            loop_end = j + i->count;
        }
        bool inside = loop_end && j <= loop_end;
        uint32_t from = inside ? loop_begin : j, to = inside ? loop_end : j;
        for (uint32_t k = 0; k < i->n_outputs; k++) {
            chr_buffer *out = &b->buffers.items[b->outs.items[i->outs + k]];
            out->first = from < out->first ? from : out->first;
            out->last = to > out->last ? to : out->last;
        }
        for (uint32_t k = 0; k < chr_instr_args(i); k++) {
            const chr_arg_place *p = &b->args.items[i->args + k];
            if (p->kind != CHR_AT_BUFFER)
                continue;
            chr_buffer *in = &b->buffers.items[p->index];
            in->last = to > in->last ? to : in->last;
        }
    }
}

static uint32_t width_class(uint32_t lanes) {
    return lanes >= 16 ? 3 : lanes >= 8 ? 2 : lanes >= 4 ? 1 : 0;
}

typedef CHR_LIST_OF(uint32_t) offset_list;

static void release(chr_builder *b, offset_list *list, uint32_t offset) {
    uint32_t *at = CHR_GROW(list, 1);
    if (!at) {
        b->failed = true;
        return;
    }
    *at = offset;
    list->n++;
}

/* Every buffer has a place of its own: what one thread writes, another may read meanwhile. */
static void lay_apart(chr_builder *b) {
    for (uint32_t k = 0; k < b->buffers.n; k++) {
        b->buffers.items[k].offset = b->scratch_floats;
        b->scratch_floats += (b->buffers.items[k].lanes * (uint32_t)CHR_CHUNK + 15u) & ~15u;
    }
}

void chr_build_colour(chr_builder *b) {
    if (b->options->threads > 1) {
        lay_apart(b);
        return;
    }
    find_lives(b);
    uint32_t n = b->instrs.n, buffers = b->buffers.n;
    /* Lists of the buffers that begin, and that have ended, at each instruction. */
    uint32_t *begins = malloc((n + 2) * sizeof *begins), *ends = malloc((n + 2) * sizeof *ends);
    uint32_t *next_begin = malloc((buffers + 1) * sizeof *next_begin),
             *next_end = malloc((buffers + 1) * sizeof *next_end);
    offset_list free_lists[4] = {
        {NULL, 0, 0},
        {NULL, 0, 0},
        {NULL, 0, 0},
        {NULL, 0, 0}
    };
    if (!begins || !ends || !next_begin || !next_end) {
        b->failed = true;
    } else {
        for (uint32_t j = 0; j < n + 2; j++)
            begins[j] = ends[j] = UINT32_MAX;
        for (uint32_t k = buffers; k-- > 0;) {
            chr_buffer *f = &b->buffers.items[k];
            if (f->first == UINT32_MAX) {
                f->offset = 0; /* nothing writes it, so nothing reads it */
                continue;
            }
            next_begin[k] = begins[f->first];
            begins[f->first] = k;
            if (f->last < n) {
                next_end[k] = ends[f->last + 1];
                ends[f->last + 1] = k;
            }
        }
    }
    for (uint32_t j = 0; j < n && !b->failed; j++) {
        for (uint32_t k = ends[j]; k != UINT32_MAX; k = next_end[k])
            release(b, &free_lists[width_class(b->buffers.items[k].lanes)],
                    b->buffers.items[k].offset);
        for (uint32_t k = begins[j]; k != UINT32_MAX; k = next_begin[k]) {
            chr_buffer *f = &b->buffers.items[k];
            offset_list *list = &free_lists[width_class(f->lanes)];
            if (list->n) {
                f->offset = list->items[--list->n];
            } else {
                f->offset = b->scratch_floats;
                b->scratch_floats += f->lanes * (uint32_t)CHR_CHUNK;
            }
        }
    }
    for (int k = 0; k < 4; k++)
        free(free_lists[k].items);
    free(begins);
    free(ends);
    free(next_begin);
    free(next_end);
}
