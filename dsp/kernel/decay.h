/* dsp/kernel/decay.h: the share by which an exponential movement comes nearer to its end in one
 * sample.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_DSP_KERNEL_DECAY_H
#define CHR_DSP_KERNEL_DECAY_H

#include "dsp/vec.h"

/* 1 - e^-u for 0 <= u <= 8, with a relative error of 1e-6 however small u is (a slow movement's
 * share is near 1e-6, and the time that it takes is as exact as the share). A short series for
 * u/16, then e^2x - 1 = e (2 + e) four times. */
static inline chr_vec chr_decay_share(chr_vec u) {
    chr_vec x = u * -0.0625f, e = chr_set(1.0f / 5040.0f);
    e = e * x + 1.0f / 720.0f;
    e = e * x + 1.0f / 120.0f;
    e = e * x + 1.0f / 24.0f;
    e = e * x + 1.0f / 6.0f;
    e = e * x + 0.5f;
    e = e * x + 1.0f;
    e = e * x;
    e = e * (e + 2.0f);
    e = e * (e + 2.0f);
    e = e * (e + 2.0f);
    e = e * (e + 2.0f);
    return -e;
}

#endif
