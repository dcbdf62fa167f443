/* dsp/kernel/ceiling.h: what the engine must know of the ceiling: how late it is.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_DSP_KERNEL_CEILING_H
#define CHR_DSP_KERNEL_CEILING_H

/* Samples between input and output of the module `ceiling`: 1.5 ms, rounded down. 72 at 48 kHz. */
static inline int chr_ceiling_latency(float rate_hz) {
    int samples = (int)(rate_hz * 0.0015f);
    return samples < 12 ? 12 : samples > 288 ? 288 : samples; /* 8 kHz to 192 kHz */
}

#endif
