/* dsp/kernel/pan.h: the equal-power law: left^2 + right^2 = 1 wherever the sound stands.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_DSP_KERNEL_PAN_H
#define CHR_DSP_KERNEL_PAN_H

#include "dsp/vec.h"

/* cos(pi/4 (1 + p)), the left gain at position p in -1..1; the right gain is that of -p. The factor
 * 1 - p makes it exactly 0 at the far side. Least-maximum fit of the rest; absolute error 2e-7.
 */
static inline chr_vec chr_pan_left(chr_vec p) {
    chr_vec q = chr_set(-2.55008044e-05f);
    q = q * p + 0.000199891445f;
    q = q * p + 0.00196068404f;
    q = q * p - 0.00924678371f;
    q = q * p - 0.0663424515f;
    q = q * p + 0.151746395f;
    q = q * p + 0.70710676f;
    return q * (1.0f - p);
}

/* The left gain of what stands on both sides as it is: 1 in the middle, exactly, and +3 dB at the
 * left, where the right side is silent. */
static inline chr_vec chr_place_left(chr_vec p) {
    return chr_select(p == 0.0f, chr_set(1.0f), 1.41421356f * chr_pan_left(p));
}

#endif
