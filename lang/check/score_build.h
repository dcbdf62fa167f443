/* lang/check/score_build.h: a score while it is written. Its times are beats, exact; ticks are
 * chosen when it is finished (score_measure.c), once all of them are known.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_CHECK_SCORE_BUILD_H
#define CHR_CHECK_SCORE_BUILD_H

#include "lang/check/inner.h"
#include "lang/check/rational.h"
#include "lang/score.h"

#define NO_PART UINT32_MAX

/* A node to be. Of its fields a and b those that are times stand in t and u until ticks are known:
 * a of LATER, SWING, WITHIN, UNTIL, FILL_GAPS; b of WITHIN (u) and GROOVE (t). */
typedef struct score_part {
    uint8_t kind, flags;
    uint32_t first, n;    /* of the branches */
    uint32_t lock, place; /* as in chr_score_node */
    rational length;      /* steps */
    rational t, u;
    int64_t a, b;
    double x, y;
} score_part;

typedef struct score_branch {
    rational at;
    uint32_t part;
} score_branch;

typedef struct score_build {
    checker *c;
    chr_span span; /* of the statement: where it is told that the whole is too much */
    rational round;
    uint64_t seed;
    uint32_t kept_parts, kept_branches; /* those before are finished: nothing stretches them */
    bool too_fine; /* a time could not be held: told when the score is finished */
    score_part *parts;
    score_branch *branches;
    float *tones;
    chr_score_lock *locks;
    chr_score_value *values;
    chr_score_groove *grooves;
    chr_score_scale *scales;
    chr_span *places;
    uint32_t n_parts, parts_room, n_branches, branches_room, n_tones, tones_room, n_locks,
        locks_room, n_values, values_room, n_grooves, grooves_room, n_scales, scales_room, n_places,
        places_room;
} score_build;

/* Adds a node; below it the n branches. Gives the check up, with a report, where all patterns
 * together have too many nodes. */
uint32_t add_part(score_build *b, score_part part, const score_branch *below, uint32_t n);
/* The same with one node below, or two. */
uint32_t add_over(score_build *b, score_part part, uint32_t below);
uint32_t add_over_two(score_build *b, score_part part, uint32_t first, uint32_t second);
uint32_t add_place(score_build *b, chr_span span);
uint32_t add_tone(score_build *b, float tone);

/* score_measure.c: the ticks of a beat. False, reported, where the score is too fine, too deep, or
 * more than can be done in time. */
bool measure_score(score_build *b, uint32_t root, int64_t *ticks);

/* The finished score in the check's memory; false, reported, where there is none. */
bool finish_score(score_build *b, uint32_t root, chr_score *out);

#endif
