/* tests/support/module_rig.h: one build of one module on the bench: constants or signals in,
 * samples out.
 *
 *     rig *r = rig_open(rig_module("saw", "x86-64-v3", 8), 8, 48000, 1);
 *     rig_set(r, "freq", 110);                 all lanes
 *     r->param[0][3].value = 220;              lane 3 alone
 *     r->input[0][0].signal = x;               lane 0 reads x[clock], clock from 0 on
 *     rig_run(r, 48000);
 *     const float *y = rig_output(r, 0, 0);    output 0 of lane 0: 48000 samples
 *     rig_close(r);
 *
 * A parameter or input that some lane reads a signal for is passed as a signal. All failures abort
 * the test program.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_MODULE_RIG_H
#define CHR_TESTS_MODULE_RIG_H

#include "dsp/registry.h"

enum { RIG_LANES = 16 };

typedef struct rig_source {
    float value;         /* used where signal is NULL */
    const float *signal; /* [samples of the whole run], owned by the caller */
} rig_source;

/* How a chunk is cut into calls of `process`. */
typedef enum rig_cut {
    RIG_WHOLE,  /* one call */
    RIG_AT,     /* two calls, cut at cut_at */
    RIG_SINGLE, /* sample by sample */
    RIG_RANDOM, /* pieces of 1 to 31, other ones in each chunk */
    RIG_EMIT    /* sample by sample through emit and accept */
} rig_cut;

typedef struct rig {
    const chr_module *module;
    int lanes;
    float rate_hz;
    uint64_t clock;                              /* samples made so far */
    rig_source input[CHR_MAX_INPUTS][RIG_LANES]; /* defaults: the port's */
    rig_source param[CHR_MAX_PARAMS][RIG_LANES]; /* defaults: the parameter's */
    bool as_signals; /* constants are passed as signals too (choices never) */
    rig_cut cut;
    int cut_at;
    char *state; /* the group's state; NULL where the module has none */
    float *ring;
    uint32_t ring_mask;
    float *made[CHR_MAX_OUTPUTS][RIG_LANES]; /* output of the last run */
    size_t made_samples;
    void (*watch)(bool running); /* if set: called before and after each call of the kernel */
} rig;

/* The module of one build; NULL where this CPU cannot run it. An isa of NULL is the best one. */
const chr_module *rig_module(const char *name, const char *isa, int lanes);

/* Fresh state, seeded for each lane with seed + lane. `lanes` is that of the build. */
rig *rig_open(const chr_module *module, int lanes, float rate_hz, uint64_t seed);
void rig_close(rig *r);

/* Sets a parameter, or the input of that name, in every lane. A choice is set by its number. */
void rig_set(rig *r, const char *word, float value);
void rig_set_signal(rig *r, const char *word, const float *signal);

/* Makes n more samples. They need not end at a chunk's end. */
void rig_run(rig *r, size_t n);
const float *rig_output(const rig *r, int output, int lane);

/* Moves one lane's state and ring column to a lane of another rig of the same module, at the same
 * clock. */
void rig_move_lane(const rig *from, int from_lane, rig *to, int to_lane);

#endif
