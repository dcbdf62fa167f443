/* dsp/kernel/saturation.h: a hyperbolic tangent that aliases little. SPDX-License-Identifier: MIT
 */
#ifndef CHR_KERNEL_SATURATION_H
#define CHR_KERNEL_SATURATION_H

#include "dsp/kernel/math.h"

/* atanh(z)/z for |z| < 0.4; relative error 1e-6. */
static inline chr_vec chr_atanh_ratio(chr_vec z) {
    chr_vec t = z * z, q = chr_set(1.0f / 13.0f);
    q = q * t + 1.0f / 11.0f;
    q = q * t + 1.0f / 9.0f;
    q = q * t + 1.0f / 7.0f;
    q = q * t + 1.0f / 5.0f;
    q = q * t + 1.0f / 3.0f;
    return q * t + 1.0f;
}

/* Mean of tanh between a and b. */
static inline chr_vec chr_mean_tanh(chr_vec a, chr_vec b) {
    chr_vec middle = chr_vtanh(0.5f * (a + b)), half = 0.5f * (b - a);
    chr_vec length = chr_max(
        chr_abs(half), chr_set(1e-6f)); /* tanh(h)/h and ln(…)/2h are even in h, so near 0 too */
    chr_vec ratio = chr_vtanh(length) / length, slope = middle * ratio, z = slope * half;
    /* Half a step past 1, cosh is written as e^|x| (1 + e^-2|x|) / 2; up to there as (1 + z) / (1 -
     * z). */
    chr_ivec far = length > 1.0f;
    chr_vec ea = chr_vexp(-2.0f * chr_abs(a)), eb = chr_vexp(-2.0f * chr_abs(b));
    chr_vec quotient = chr_select(far, 1.0f + eb, 1.0f + z) / chr_select(far, 1.0f + ea, 1.0f - z);
    chr_vec rise = chr_vlog(quotient) + chr_from_bits(far & chr_bits(chr_abs(b) - chr_abs(a)));
    chr_vec signed_length = chr_select(half < 0.0f, -length, length);
    return chr_select(far | (chr_abs(z) >= 0.4f), 0.5f * rise / signed_length,
                      slope * chr_atanh_ratio(z));
}

#endif
