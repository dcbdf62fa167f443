/* dsp/kernel/arg.h: arguments held in locals. A kernel's stores may alias anything, so reading
 * through the block would fetch the pointers again for every sample; a copied chr_arg stays in
 * registers.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_DSP_KERNEL_ARG_H
#define CHR_DSP_KERNEL_ARG_H

#include "dsp/kernel/lanes.h"
#include "dsp/module.h"

/* Sample i of an argument; step 0 reads the one row of a constant. */
static inline chr_vec chr_read(chr_arg a, int i) {
    return ((const chr_vec *)(const void *)a.v)[(uint32_t)i * a.step];
}

/* True of a constant and of a signal that stands still: arithmetic on a played note is one. */
static inline bool chr_stands_still(chr_arg a, int from, int to) {
    if (!a.step)
        return true;
    const chr_uvec *row = (const chr_uvec *)(const void *)a.v;
    chr_uvec moved = row[to - 1] ^ row[from]; /* what moves has mostly moved by the end */
    if (chr_mask_bits((chr_ivec)(moved != 0)))
        return false;
#if CHR_LANES == 1 /* as plain numbers, which compilers take many of at once */
    typedef uint32_t bits __attribute__((may_alias));
    const bits *number = (const bits *)(const void *)row, first = number[from];
    uint32_t any = 0;
    for (int i = from + 1; i < to; i++)
        any |= number[i] ^ first;
    moved[0] = any;
#else
    for (int i = from + 1; i < to; i++)
        moved |= row[i] ^ row[from];
#endif
    return !chr_mask_bits((chr_ivec)(moved != 0));
}

/* Of two samples, as kernels call it. */
typedef chr_vec chr_of_two(chr_vec a, chr_vec b) CHR_NONBLOCKING;

/* Samples from..to-1 of a function of two arguments, which is known when this is compiled. What is
 * constant is read once. */
static inline __attribute__((always_inline)) void chr_map_two(chr_vec *out, chr_arg a, chr_arg b,
                                                              int from, int to, chr_of_two *of) {
    const chr_vec *x = (const chr_vec *)(const void *)a.v, *y = (const chr_vec *)(const void *)b.v;
    if (a.step && b.step) {
        for (int i = from; i < to; i++)
            out[i] = of(x[i], y[i]);
    } else if (a.step) {
        const chr_vec all = y[0];
        for (int i = from; i < to; i++)
            out[i] = of(x[i], all);
    } else {
        const chr_vec all = x[0];
        for (int i = from; i < to; i++)
            out[i] = of(all, chr_read(b, i));
    }
}

/* The rows of output k. */
static inline chr_vec *chr_rows(const chr_block *b, int k) {
    return (chr_vec *)(void *)b->outputs[k];
}

#endif
