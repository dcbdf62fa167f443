/* tests/support/stimulus.h: what contract tests feed a module with: for each of 16 instances
 * something else, for each parameter values from all of its range.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_STIMULUS_H
#define CHR_TESTS_STIMULUS_H

#include "tests/support/module_rig.h"

typedef enum stimulus_kind {
    STIMULUS_DEFAULTS, /* parameters at their defaults, inputs fed */
    STIMULUS_STILL,    /* each parameter a constant, another one in each lane */
    STIMULUS_MOVING,   /* each parameter a signal that ramps and jumps over its range */
    STIMULUS_KINDS
} stimulus_kind;

typedef struct stimulus {
    const chr_module *module;
    stimulus_kind kind;
    int choice_param,
        choice; /* that parameter takes that choice, others their default; -1: none has choices */
    size_t n;   /* samples */
    float *input[CHR_MAX_INPUTS][RIG_LANES];
    float *param[CHR_MAX_PARAMS][RIG_LANES]; /* NULL where constant */
    float value[CHR_MAX_PARAMS][RIG_LANES];
} stimulus;

/* The number of different stimuli of a module: kinds times choices. */
int stimulus_count(const chr_module *module);
stimulus *stimulus_new(const chr_module *module, int number, size_t n);
void stimulus_free(stimulus *s);
/* "saw, moving" or "filter, type=notch, still": for messages. Valid until the next call. */
const char *stimulus_name(const stimulus *s);

/* Connects instances first..first+lanes-1 to the lanes of a rig. */
void stimulus_connect(const stimulus *s, rig *r, int first);
/* Connects one instance to one lane. */
void stimulus_connect_lane(const stimulus *s, int instance, rig *r, int lane);

/* Calls test for every module that has a kernel, in its plainest build. */
void for_every_module(void (*test)(const chr_module *module));

#endif
