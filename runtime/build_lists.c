/* runtime/build_lists.c: the small pieces that a graph is put together from.
 * SPDX-License-Identifier: MIT */
#include "runtime/build.h"

#include <stdlib.h>
#include <string.h>

void *chr_list_grow(void **items, uint32_t *n, uint32_t *room, uint32_t more, size_t size) {
    if (*n + more > *room) {
        uint32_t wanted = *room ? *room * 2 : 64;
        while (wanted < *n + more)
            wanted *= 2;
        void *grown = realloc(*items, wanted * size);
        if (!grown)
            return NULL;
        *items = grown;
        *room = wanted;
    }
    return (char *)*items + *n * size;
}

/* A failed list still gives index 0, and `failed` ends the build; so one check at the end of each
 * step will do. */
uint32_t chr_build_buffer(chr_builder *b, uint32_t lanes) {
    chr_buffer *f = CHR_GROW(&b->buffers, 1);
    if (!f) {
        b->failed = true;
        return 0;
    }
    *f = (chr_buffer){.lanes = lanes, .first = UINT32_MAX};
    return b->buffers.n++;
}

uint32_t chr_build_out(chr_builder *b, uint32_t buffer) {
    uint32_t *o = CHR_GROW(&b->outs, 1);
    if (!o) {
        b->failed = true;
        return 0;
    }
    *o = buffer;
    return b->outs.n++;
}

uint32_t chr_build_emit(chr_builder *b, chr_instr instr) {
    chr_instr *i = CHR_GROW(&b->instrs, 1);
    if (!i) {
        b->failed = true;
        return 0;
    }
    *i = instr;
    i->plain = instr.op == CHR_OP_PROCESS && instr.voices == CHR_NONE && !instr.sleeper &&
               instr.fade == CHR_NONE;
    return b->instrs.n++;
}

uint32_t chr_build_text(chr_builder *b, const char *text) {
    size_t n = strlen(text) + 1;
    char *at = CHR_GROW(&b->text, (uint32_t)n);
    if (!at) {
        b->failed = true;
        return 0;
    }
    memcpy(at, text, n);
    b->text.n += (uint32_t)n;
    return b->text.n - (uint32_t)n;
}

uint32_t chr_build_place(chr_builder *b, chr_arg_place place) {
    chr_arg_place *p = CHR_GROW(&b->args, 1);
    if (!p) {
        b->failed = true;
        return 0;
    }
    *p = place;
    return b->args.n++;
}

uint32_t chr_build_constant(chr_builder *b, const float *values, uint32_t n) {
    /* Rows are read as vectors: each starts where a vector of its width may start. */
    uint32_t align = n >= 16  ? 16
                     : n >= 8 ? 8
                     : n >= 4 ? 4
                              : 1,
             pad = (align - b->constants.n % align) % align;
    float *at = CHR_GROW(&b->constants, n + pad);
    if (!at) {
        b->failed = true;
        return 0;
    }
    memset(at, 0, pad * sizeof *at);
    memcpy(at + pad, values, n * sizeof *at);
    b->constants.n += n + pad;
    return b->constants.n - n;
}
