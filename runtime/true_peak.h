/* runtime/true_peak.h: how high a sound rises between its samples.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_TRUE_PEAK_H
#define CHR_RUNTIME_TRUE_PEAK_H

enum {
    CHR_TRUE_PEAK_TAPS = 24,   /* at most, of each of the curves between two samples */
    CHR_TRUE_PEAK_POINTS = 3,  /* at most, between two samples */
    CHR_TRUE_PEAK_PIECE = 1024 /* samples that are looked at together */
};

/* The greatest magnitude of one channel at and between its samples, as ITU-R BS.1770-4 (annex 2)
 * measures it: by interpolation to four times the rate below 96 kHz, twice below 192 kHz. The
 * interpolator is that of libebur128, 49 points of a sinc under a Hann window, so the figures are
 * the same but for rounding; a peak is seen some samples after it has passed. */
typedef struct chr_true_peak {
    int points; /* looked at between two samples */
    int taps;   /* of each: 12, or 24 where there is one point */
    float weight[CHR_TRUE_PEAK_POINTS][CHR_TRUE_PEAK_TAPS];
    float x[CHR_TRUE_PEAK_TAPS - 1 + CHR_TRUE_PEAK_PIECE]; /* the last samples of before, then some
                                                              of these */
    float peak;                                            /* so far, 1 is full scale */
} chr_true_peak;

void chr_true_peak_begin(chr_true_peak *p, double rate_hz);
/* Takes in n samples, `step` floats apart: one channel of frames. */
void chr_true_peak_add(chr_true_peak *p, const float *x, int step, int n);

#endif
