/* dsp/kernel/between.h: values between others. SPDX-License-Identifier: MIT */
#ifndef CHR_KERNEL_BETWEEN_H
#define CHR_KERNEL_BETWEEN_H

#include "dsp/vec.h"

/* The value at position t between x1 (t = 0) and x2 (t = 1) of the cubic through four samples in a
 * row. As a filter its gain is never above 1, so a feedback loop that is stable without it is
 * stable with it. */
static inline chr_vec chr_cubic(chr_vec t, chr_vec x0, chr_vec x1, chr_vec x2, chr_vec x3) {
    chr_vec past = t + 1.0f, left = t - 1.0f, far = t - 2.0f;
    chr_vec outer = t * left * (1.0f / 6.0f), inner = past * far * 0.5f;
    return (outer * (past * x3 - far * x0)) + (inner * (left * x1 - t * x2));
}

/* Dry and wet sound by the share of the wet one: exactly the one at 0, the other at 1. */
static inline chr_vec chr_dry_wet(chr_vec mix, chr_vec dry, chr_vec wet) {
    return (1.0f - mix) * dry + mix * wet;
}

#endif
