/* runtime/trial.h: a part of a session rendered off to the side, before anybody hears it: what it
 * would sound like, and what it costs. [control] throughout; no other engine is touched.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_TRIAL_H
#define CHR_RUNTIME_TRIAL_H

#include "runtime/audio/load.h"
#include "runtime/engine.h"

enum { CHR_TRIAL_NAME = 96 };

typedef struct chr_trial_options {
    chr_engine_options engine; /* rate, lanes and channels of the one that plays */
    chr_now_fn *now_ns;
    double length_s; /* of sound */
    double budget_s; /* of the clock: then it ends early */
} chr_trial_options;

/* What one owner would sound like. */
typedef struct chr_trial_sound {
    float peak;   /* greatest amount, before the master */
    float offset; /* mean, without its first moments; the greater of both sides */
} chr_trial_sound;

/* What the nodes of one kind take in a patch: `saw` and `saw2`, and all that a module of the
 * library consists of. */
typedef struct chr_trial_node {
    const char *name;  /* "hat.reverb", in chr_trial.names: of "hat.reverb2.comb" too */
    uint32_t owner;    /* of the IR; 0: what the session's `let`s share, and the master */
    const char *label; /* "reverb" */
    double cost_ns;    /* of a chunk */
} chr_trial_node;

typedef struct chr_trial {
    double rendered_s;          /* how much was made */
    char fault[CHR_TRIAL_NAME]; /* the first node of a chosen owner that made a value which is not
                                   finite; "": none */
    chr_trial_sound *sounds;    /* [n_owners] of the IR */
    chr_trial_node *nodes;
    uint32_t n_nodes;
    char *names;
} chr_trial;

/* Renders the chosen owners (runtime/excerpt.h). CHR_NO_MEMORY: nothing is to be cleared. */
CHR_MUST_USE chr_status chr_trial_run(chr_trial *t, const chr_ir *ir, const bool *chosen,
                                      const chr_trial_options *options);
void chr_trial_clear(chr_trial *t);
/* How much of a label tells its kind: 6 of "reverb2.comb". */
size_t chr_trial_kind(const char *label);
/* The owner that a node's name begins with, and its label ("reverb" of "hat.reverb"); owner 0 and
 * the whole name for what the session's `let`s share. */
uint32_t chr_trial_owner(const chr_ir *ir, const char *node, const char **label);

#endif
