/* dsp/kernel/arg.h: arguments held in locals. A kernel's stores may alias anything, so reading
 * through the block would fetch the pointers again for every sample; a copied chr_arg stays in
 * registers.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_DSP_KERNEL_ARG_H
#define CHR_DSP_KERNEL_ARG_H

#include "dsp/module.h"

/* Sample i of an argument; step 0 reads the one row of a constant. */
static inline chr_vec chr_read(chr_arg a, int i) {
    return ((const chr_vec *)(const void *)a.v)[(uint32_t)i * a.step];
}

/* The rows of output k. */
static inline chr_vec *chr_rows(const chr_block *b, int k) {
    return (chr_vec *)(void *)b->outputs[k];
}

#endif
