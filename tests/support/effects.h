/* tests/support/effects.h: what the tests of the effects share: test sounds, and the bench with
 * every build.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_EFFECTS_H
#define CHR_TESTS_EFFECTS_H

#include "tests/support/module_rig.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

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

/* One instance with a sound and, where `knob` is not NULL, a moving knob, in the last lane of every
 * build, beside other instances, and with every cut of a chunk. */
typedef struct fx_sweep {
    const char *module, *in, *knob;
    const float *x, *movement; /* [n] */
    size_t n;
    float others;   /* lane k beside it has k times this as its first parameter, */
    bool others_in; /* or as its first input */
    rig_cut last;   /* cuts up to this one */
    int cut_at;     /* of RIG_AT */
} fx_sweep;

/* True if all give the bits of one lane alone. */
static inline bool fx_same_every_way(const fx_sweep *s) {
    static const int lanes[] = {1, 4, 8, 16};
    rig *plain = NULL;
    bool same = true;
    for (int k = 0; k < 4; k++)
        for (int way = 0; way < 2 * ((int)s->last + 1); way++) {
            const chr_module *m = rig_module(s->module, NULL, lanes[k]);
            rig *r = rig_open(m, lanes[k], 48000, 1);
            r->cut = (rig_cut)(way / 2);
            r->cut_at = s->cut_at;
            r->as_signals = way % 2;
            rig_set_signal(r, s->in, s->x);
            if (s->knob)
                rig_set_signal(r, s->knob, s->movement);
            for (int lane = 0; lane < lanes[k] - 1; lane++) {
                rig_source *other = s->others_in ? &r->input[0][lane] : &r->param[0][lane];
                *other = (rig_source){.value = s->others * (float)lane};
            }
            rig_run(r, s->n);
            for (int o = 0; plain && o < m->n_outputs; o++)
                same = same && !memcmp(rig_output(r, o, lanes[k] - 1), rig_output(plain, o, 0),
                                       s->n * sizeof *s->x);
            if (plain)
                rig_close(r);
            else
                plain = r;
        }
    rig_close(plain);
    return same;
}

#endif
