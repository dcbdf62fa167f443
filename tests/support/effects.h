/* tests/support/effects.h: what the tests of the effects share: test sounds, and the bench with
 * every build.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_EFFECTS_H
#define CHR_TESTS_EFFECTS_H

#include "tests/support/module_rig.h"

#include <math.h>
#include <stdlib.h>

/* Memory for n samples of silence; ends the program when there is none. */
static inline float *fx_silence(size_t n) {
    float *x = calloc(n, sizeof *x);
    if (!x)
        abort();
    return x;
}

/* -1..1, the same in every run. */
static inline float fx_random(uint32_t *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return (float)(int32_t)*seed * 0x1p-31f;
}
static inline void fx_noise(float *x, size_t n, float level, uint32_t seed) {
    for (size_t i = 0; i < n; i++)
        x[i] = level * fx_random(&seed);
}
static inline void fx_sine(float *x, size_t n, double level, double hz, double rate_hz) {
    for (size_t i = 0; i < n; i++)
        x[i] = (float)(level * sin(2.0 * acos(-1.0) * hz * (double)i / rate_hz));
}

/* A bench with the plain build of a module: one lane. */
static inline rig *fx_open(const char *name, float rate_hz) {
    return rig_open(rig_module(name, NULL, 1), 1, rate_hz, 1);
}

#endif
