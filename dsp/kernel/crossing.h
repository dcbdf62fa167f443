/* dsp/kernel/crossing.h: the moment at which a sampled signal rises through zero.
 *
 * The edge of a clean square is not where two samples have different signs: its ringing and what
 * folds just below half the rate move the straight line between them by some hundredths of a
 * sample, other ones at each edge, and that is heard as an alias at -40 dB of whatever is started
 * by it. So the signal first goes through a low-pass of binomial weights, which leaves nothing
 * that could fold, adds no crossing, and is late by exactly half its length. Between the two
 * samples about the crossing, what comes out is taken as the polynomial through eight samples, four
 * on each side (Lagrange). All in all the moment is known CHR_CROSSING_LATE samples after it
 * passed.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_KERNEL_CROSSING_H
#define CHR_KERNEL_CROSSING_H

#include "dsp/kernel/lanes.h"

enum {
    CHR_CROSSING_SAMPLES = 8,
    CHR_CROSSING_TAPS = 17, /* of the low-pass; -104 dB at 16.5 kHz of 48, -1.9 dB at 2.5 kHz */
    CHR_CROSSING_LATE = CHR_CROSSING_TAPS / 2 + 3,
    CHR_CROSSING_REST = CHR_CROSSING_TAPS + CHR_CROSSING_SAMPLES - 1 /* samples that still count */
};

typedef struct chr_crossing {
    chr_vec x[CHR_CROSSING_TAPS];    /* the last samples, newest first; zeros at the start */
    chr_vec y[CHR_CROSSING_SAMPLES]; /* the same of what the low-pass makes of them */
    chr_ivec unrest;                 /* samples until all of these are the same, if nothing comes */
} chr_crossing;

/* Binomial coefficients over 2^16: no step makes them overshoot, so no crossing is added. */
static const float chr_crossing_weight[] = {12870.0f, 11440.0f, 8008.0f, 4368.0f, 1820.0f,
                                            560.0f,   120.0f,   16.0f,   1.0f};

/* Takes the next sample. Lanes in which the signal rose through zero between y[4] and y[3]: from 0
 * or below to above. */
static inline chr_ivec chr_crossing_next(chr_crossing *c, chr_vec x) {
    chr_ivec moved = chr_bits(x) != chr_bits(c->x[0]), left = c->unrest - 1;
    c->unrest = chr_iselect(moved, chr_iset(CHR_CROSSING_REST), left & ~(left >> 31));
    for (int k = CHR_CROSSING_TAPS - 1; k > 0; k--)
        c->x[k] = c->x[k - 1];
    c->x[0] = x;
    for (int k = CHR_CROSSING_SAMPLES - 1; k > 0; k--)
        c->y[k] = c->y[k - 1];
    const int middle = CHR_CROSSING_TAPS / 2;
    chr_vec sum = c->x[middle] * chr_crossing_weight[0];
    for (int k = 1; k <= middle; k++)
        sum += (c->x[middle - k] + c->x[middle + k]) * chr_crossing_weight[k];
    c->y[0] = sum * 0x1p-16f;
    return (c->y[4] <= 0.0f) & (c->y[3] > 0.0f);
}

/* Zero bits where the signal has been x for so long that nothing can come of it. */
static inline chr_uvec chr_crossing_unrest(const chr_crossing *c, chr_vec x) {
    return (chr_uvec)c->unrest | ((chr_uvec)c->x[0] ^ (chr_uvec)x);
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
