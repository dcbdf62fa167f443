/* runtime/build_bounds.c: which outputs have to be looked at for values that are not finite. How
 * great a sample can be is followed through the instructions: an oscillator gives no more than it
 * says, what was looked at no more than a number can be, and a product no more than its factors
 * make. What cannot come to be too great need not be looked at.
 * SPDX-License-Identifier: MIT */
#include "runtime/build.h"

#include <float.h>
#include <math.h>

/* The greatest of some constants; what is looked at is compared with what fits. */
static float most_of_constants(const chr_builder *b, uint32_t at, uint32_t n) {
    float most = 0.0f;
    for (uint32_t k = 0; k < n; k++)
        most = fmaxf(most, fabsf(b->constants.items[at + k]));
    return most;
}

/* Of what an argument reads. All that is read is finite: it has been looked at, or cannot be
 * otherwise. */
static float most_of_place(const chr_builder *b, uint32_t arg, uint32_t lanes) {
    const chr_arg_place *p = &b->args.items[arg];
    if (p->kind == CHR_AT_CONSTANT)
        return most_of_constants(b, p->index, lanes);
    if (p->kind == CHR_AT_BUFFER && b->buffers.items[p->index].bounded)
        return b->buffers.items[p->index].most;
    return FLT_MAX;
}

static float most_of_process(const chr_builder *b, const chr_instr *i, const chr_module *m) {
    float most[CHR_MAX_INPUTS + CHR_MAX_PARAMS];
    if (!m->most)
        return m->bounded ? FLT_MAX : INFINITY;
    for (uint32_t k = 0; k < chr_instr_args(i); k++)
        most[k] = most_of_place(b, i->args + k, i->lanes);
    return m->most(most);
}

/* In whatever order they are added; so a hundredth for what rounding may do. */
static float most_of_sum(const chr_builder *b, const chr_instr *i) {
    double most = 0.0;
    for (uint32_t k = 0; k < i->count; k++) { /* a constant is a term of one strand */
        const chr_term *t = &b->terms.items[i->weights + k];
        double x = (double)most_of_place(b, i->args + k, 1), left = 0.0, right = 0.0;
        for (uint32_t l = 0; l < t->n; l++) {
            left += x * fabs((double)b->constants.items[t->left + l]);
            right += x * fabs((double)b->constants.items[t->right + l]);
        }
        most += fmax(left, right);
    }
    most *= 1.01;
    return most <= (double)FLT_MAX ? (float)most : INFINITY;
}

static float most_of_gather(const chr_builder *b, const chr_instr *i) {
    float most = 0.0f;
    for (uint32_t l = 0; l < i->lanes; l++)
        most = fmaxf(most, most_of_place(b, i->args + l, 1));
    return most;
}

static float most_of(const chr_builder *b, const chr_instr *i, const chr_module *m) {
    switch ((chr_op)i->op) {
    case CHR_OP_PROCESS:
        return most_of_process(b, i, m);
    case CHR_OP_GATHER:
        return most_of_gather(b, i);
    case CHR_OP_SUM:
        return most_of_sum(b, i);
    case CHR_OP_FADE:
    case CHR_OP_CHAIN: /* which is made of what has been followed already */
    case CHR_OP_LOOP:
        break;
    }
    return FLT_MAX;
}

bool chr_build_bounds(chr_builder *b, const chr_instr *i, const chr_module *m) {
    if (b->failed)
        return false;
    float most = most_of(b, i, m);
    bool fits = most <= FLT_MAX;
    /* Where a group sleeps as a whole, there is what others have left there, unless it is silent.
     */
    bool stale = i->op == CHR_OP_PROCESS && i->sleeper && !b->sleepers.items[i->sleeper - 1].silent;
    for (uint32_t k = 0; k < i->n_outputs; k++) {
        chr_buffer *to = &b->buffers.items[b->outs.items[i->outs + k]];
        to->bounded = fits && !stale;
        to->most = most;
    }
    return fits;
}
