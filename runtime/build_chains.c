/* runtime/build_chains.c: products, sums and differences that nobody but the next of them reads
 * become one instruction: what lies between them needs no buffer and no call.
 *
 * What one of them gives cannot be too great (or it has to be looked at where it is made); only the
 * last of a chain may. While an argument glides or follows a voice its node stays by itself.
 * SPDX-License-Identifier: MIT */
#include "runtime/build.h"

#include <stdlib.h>
#include <string.h>

static const uint32_t NOBODY = UINT32_MAX, SEVERAL = UINT32_MAX - 1;

/* The instruction that reads each buffer, if it is one alone and reads it once. */
static void find_readers(const chr_builder *b, uint32_t *reader) {
    for (uint32_t k = 0; k < b->buffers.n; k++)
        reader[k] = b->buffers.items[k].last == UINT32_MAX ? SEVERAL : NOBODY; /* heard outside */
    for (uint32_t j = 0; j < b->instrs.n; j++)
        for (uint32_t k = 0; k < chr_instr_args(&b->instrs.items[j]); k++) {
            const chr_arg_place *p = &b->args.items[b->instrs.items[j].args + k];
            if (p->kind == CHR_AT_BUFFER)
                reader[p->index] = reader[p->index] == NOBODY ? j : SEVERAL;
        }
}

/* True if all that an instruction does is arithmetic on numbers and on whole rows. */
static bool is_arithmetic(const chr_builder *b, const chr_instr *i) {
    if (i->op != CHR_OP_CHAIN && (!i->plain || !i->operation))
        return false;
    for (uint32_t k = 0; k < chr_instr_args(i); k++) {
        const chr_arg_place *p = &b->args.items[i->args + k];
        bool row = p->kind == CHR_AT_BUFFER && p->step == 1 &&
                   b->buffers.items[p->index].lanes == i->lanes;
        if (!row && p->kind != CHR_AT_CONSTANT)
            return false;
    }
    return true;
}

static chr_step step_of(char operation, bool second) {
    return operation == '*'   ? CHR_STEP_TIMES
           : operation == '+' ? CHR_STEP_PLUS
           : second           ? CHR_STEP_FROM
                              : CHR_STEP_MINUS;
}

/* What comes before, and then `i`, which reads it as its argument `which`: as one. A chain that
 * begins with a number and a row begins with the row. */
static void join(chr_builder *b, const chr_instr *before, chr_instr *i, uint32_t which) {
    bool longer = before->op == CHR_OP_CHAIN;
    uint32_t n = chr_instr_args(before), first = b->args.n;
    bool turned = !longer && b->args.items[before->args].kind == CHR_AT_CONSTANT;
    uint32_t steps = longer ? before->weights : (uint32_t)step_of(before->operation, turned);
    for (uint32_t k = 0; k < n && !b->failed; k++)
        chr_build_place(b, b->args.items[before->args + (turned ? n - 1 - k : k)]);
    if (!b->failed)
        chr_build_place(b, b->args.items[i->args + 1 - which]);
    i->weights = steps | (uint32_t)step_of(i->operation, which == 1) << 2 * (n - 1);
    i->op = CHR_OP_CHAIN;
    i->args = first;
    i->count = n + 1;
    i->plain = false;
}

void chr_build_chains(chr_builder *b) {
    uint32_t n = b->instrs.n, left = 0;
    uint32_t *reader = malloc((b->buffers.n + 1) * sizeof *reader);
    uint32_t *writer = malloc((b->buffers.n + 1) * sizeof *writer);
    bool *joined = calloc(n + 1, sizeof *joined);
    if (!reader || !writer || !joined)
        b->failed = true;
    else {
        find_readers(b, reader);
        memset(writer, 0xff, (b->buffers.n + 1) * sizeof *writer);
    }
    for (uint32_t j = 0; j < n && !b->failed; j++) {
        chr_instr *i = &b->instrs.items[j];
        if (i->op == CHR_OP_LOOP) { /* its instructions take turns */
            j += i->count;
            continue;
        }
        if (!is_arithmetic(b, i))
            continue;
        for (uint32_t k = 0; k < 2 && i->op != CHR_OP_CHAIN; k++) {
            const chr_arg_place *p = &b->args.items[i->args + k];
            if (p->kind != CHR_AT_BUFFER || reader[p->index] != j)
                continue;
            uint32_t w = writer[p->index];
            const chr_instr *before = w < j ? &b->instrs.items[w] : NULL;
            if (!before || before->look == CHR_LOOK_ALL || before->lanes != i->lanes ||
                chr_instr_args(before) == CHR_CHAIN_MOST)
                continue;
            joined[w] = true;
            join(b, before, i, k);
        }
        writer[b->outs.items[i->outs]] = j;
    }
    for (uint32_t j = 0; j < n && !b->failed; j++)
        if (!joined[j])
            b->instrs.items[left++] = b->instrs.items[j];
    if (!b->failed)
        b->instrs.n = left;
    free(reader);
    free(writer);
    free(joined);
}
