/* runtime/tapping.c: the straight line through the beats, by least squares.
 * SPDX-License-Identifier: MIT */
#include "runtime/tapping.h"

#include <math.h>
#include <string.h>

#define PAUSE_S 3.0

int chr_tapping_beat(chr_tapping *t, double now_s, double *bpm) {
    if (t->n > 0) {
        double step = now_s - t->at_s[t->n - 1];
        double usual = t->n > 1 ? (t->at_s[t->n - 1] - t->at_s[0]) / (t->n - 1) : PAUSE_S;
        if (step > PAUSE_S || step > 2.0 * usual || step <= 0.0)
            t->n = 0;
    }
    if (t->n == CHR_TAPS_KEPT) {
        memmove(t->at_s, t->at_s + 1, (CHR_TAPS_KEPT - 1) * sizeof t->at_s[0]);
        t->n--;
    }
    t->at_s[t->n++] = now_s;
    if (t->n < CHR_TAPS_NEEDED)
        return CHR_TAPS_NEEDED - t->n;
    double middle = (t->n - 1) / 2.0, slope = 0.0, weight = 0.0;
    for (int i = 0; i < t->n; i++) {
        slope += (i - middle) * t->at_s[i];
        weight += (i - middle) * (i - middle);
    }
    *bpm = round(600.0 * weight / slope) / 10.0;
    return 0;
}
