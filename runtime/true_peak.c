/* runtime/true_peak.c: how high a sound rises between its samples.
 * SPDX-License-Identifier: MIT */
#include "runtime/true_peak.h"

#include <math.h>
#include <string.h>

enum {
    LAST = 48,                       /* of the taps of all curves, from 0 */
    BEFORE = CHR_TRUE_PEAK_TAPS - 1, /* samples that still count */
};
static const double PI = 3.14159265358979323846;

void chr_true_peak_begin(chr_true_peak *p, double rate_hz) {
    int factor = rate_hz < 96000.0 ? 4 : rate_hz < 192000.0 ? 2 : 1;
    memset(p, 0, sizeof *p);
    p->points = factor - 1;
    p->taps = LAST / factor;
    for (int at = 0; at < p->points; at++)
        for (int k = 0; k < p->taps; k++) {
            int tap = at + 1 + k * factor;
            double x = PI * (tap - LAST / 2.0) / factor;
            double window = 0.5 * (1.0 - cos(2.0 * PI * tap / LAST));
            p->weight[at][p->taps - 1 - k] = (float)(window * sin(x) / x);
        }
}

static inline float greater(float a, float b) {
    return a > b ? a : b;
}

/* Sample by sample, without a branch, so that several are worked out at once. */
static inline __attribute__((always_inline)) void look_at(chr_true_peak *p, const int taps, int n) {
    const float *x = p->x + CHR_TRUE_PEAK_TAPS - taps;
    float peak[CHR_TRUE_PEAK_PIECE];
    for (int i = 0; i < n; i++)
        peak[i] = fabsf(p->x[BEFORE + i]);
    for (int at = 0; at < p->points; at++) {
        const float *weight = p->weight[at];
        for (int i = 0; i < n; i++) {
            float y = 0.0f;
            for (int k = 0; k < taps; k++)
                y += weight[k] * x[i + k];
            peak[i] = greater(peak[i], fabsf(y));
        }
    }
    for (int i = 0; i < n; i++)
        p->peak = greater(p->peak, peak[i]);
}

void chr_true_peak_add(chr_true_peak *p, const float *x, int step, int n) {
    while (n > 0) {
        int m = n < CHR_TRUE_PEAK_PIECE ? n : CHR_TRUE_PEAK_PIECE;
        for (int i = 0; i < m; i++)
            p->x[BEFORE + i] = x[(long)i * step];
        if (p->taps == LAST / 4)
            look_at(p, LAST / 4, m);
        else
            look_at(p, LAST / 2, m);
        memmove(p->x, p->x + m, BEFORE * sizeof *p->x);
        x += (long)m * step;
        n -= m;
    }
}
