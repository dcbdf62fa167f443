/* dsp/kernel/compression.h: how far a loud sound is turned down. SPDX-License-Identifier: MIT */
#ifndef CHR_KERNEL_COMPRESSION_H
#define CHR_KERNEL_COMPRESSION_H

#include "dsp/vec.h"

/* 385 dB is silence. Without an end to it, one bad number of a threshold or a key that somebody
 * patched would be minutes of it, or all that follows. */
#define CHR_DEEPEST_COMPRESSION 64.0f

/* Reduction in octaves for a sound `over` octaves above the threshold: nothing below the knee, a
 * parabola within, and an end to it. */
static inline chr_vec chr_compression(chr_vec over, chr_vec ratio, chr_vec knee) {
    chr_vec slope = 1.0f - 1.0f / ratio, half = knee * 0.5f, above = over + half;
    chr_vec bend = slope * above * above / (2.0f * chr_max(knee, chr_set(1e-6f)));
    chr_vec gain = chr_select(over >= half, slope * over, bend);
    gain = chr_select(above > 0.0f, gain, chr_set(0.0f));
    return chr_min(gain, chr_set(CHR_DEEPEST_COMPRESSION));
}

#endif
