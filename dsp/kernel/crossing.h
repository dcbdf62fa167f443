/* dsp/kernel/crossing.h: the moment at which a sampled signal rises through zero. Between the two
 * samples about it the signal is taken as the polynomial through eight samples, four on each side
 * (Lagrange), so the moment is known three samples after it passed. Straight lines between samples
 * would put it up to a thousandth of a sample wrong for a sine of 2.5 kHz, and that is heard as an
 * alias at -60 dB of whatever is started by it.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_KERNEL_CROSSING_H
#define CHR_KERNEL_CROSSING_H

#include "dsp/kernel/lanes.h"

enum { CHR_CROSSING_SAMPLES = 8 };

typedef struct chr_crossing {
    chr_vec y[CHR_CROSSING_SAMPLES]; /* the last samples, newest first; zeros at the start */
} chr_crossing;

/* Takes the next sample. Lanes in which the signal rose through zero between y[4] and y[3]: from 0
 * or below to above. */
static inline chr_ivec chr_crossing_next(chr_crossing *c, chr_vec x) {
    for (int k = CHR_CROSSING_SAMPLES - 1; k > 0; k--)
        c->y[k] = c->y[k - 1];
    c->y[0] = x;
    return (c->y[4] <= 0.0f) & (c->y[3] > 0.0f);
}

/* Zero bits where the signal has been x for so long that nothing can come of it. */
static inline chr_uvec chr_crossing_unrest(const chr_crossing *c, chr_vec x) {
    chr_uvec unlike = chr_uset(0);
    for (int k = 0; k < CHR_CROSSING_SAMPLES; k++)
        unlike |= (chr_uvec)c->y[k] ^ (chr_uvec)x;
    return unlike;
}

/* Coefficients for the sums (even powers) and differences (odd powers) of the samples
 * 0.5, 1.5, 2.5 and 3.5 to either side of the middle; from the Lagrange basis, exactly rounded.
 */
static const float chr_crossing_even[4][4] = {
    {0.598144531f,    -0.119628906f, 0.0239257812f,   -0.00244140625f},
    {-0.410373264f,   0.507421875f,  -0.108289931f,   0.0112413194f  },
    {0.0720486111f,   -0.1171875f,   0.0512152778f,   -0.00607638889f},
    {-0.00347222222f, 0.00625f,      -0.00347222222f, 0.000694444444f}
};
static const float chr_crossing_odd[4][4] = {
    {1.19628906f,     -0.0797526042f, 0.0095703125f,   -0.000697544643f},
    {-0.820746528f,   0.33828125f,    -0.0433159722f,  0.00321180556f  },
    {0.144097222f,    -0.078125f,     0.0204861111f,   -0.00173611111f },
    {-0.00694444444f, 0.00416666667f, -0.00138888889f, 0.000198412698f }
};

/* For the lanes that chr_crossing_next names: how long before the sample y[3] that was, 0..1
 * samples. */
static inline chr_vec chr_crossing_ago(const chr_crossing *c) {
    chr_vec a[8];
    for (int power = 0; power < 4; power++) {
        a[2 * power] = a[2 * power + 1] = chr_set(0.0f);
        for (int k = 0; k < 4; k++) {
            a[2 * power] += (c->y[3 - k] + c->y[4 + k]) * chr_crossing_even[power][k];
            a[2 * power + 1] += (c->y[3 - k] - c->y[4 + k]) * chr_crossing_odd[power][k];
        }
    }
    /* Newton's method from the straight line's answer; its slope is the least that is believed. */
    chr_vec rise = c->y[3] - c->y[4], least = rise * 0.25f, half = chr_set(0.5f);
    least =
        chr_select(least > 0.0f, least, chr_set(1.0f)); /* other lanes: any finite number will do */
    chr_vec u = -0.5f * (c->y[3] + c->y[4]) / (least * 4.0f);
    for (int round = 0; round < 4; round++) {
        u = chr_clamp(u, -half, half);
        chr_vec value = a[7], slope = chr_set(0.0f);
        for (int power = 6; power >= 0; power--) {
            slope = slope * u + value;
            value = value * u + a[power];
        }
        u -= value / chr_max(slope, least);
    }
    return 0.5f - chr_clamp(u, -half, half);
}

#endif
