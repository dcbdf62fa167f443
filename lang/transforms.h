/* lang/transforms.h: the transforms of patterns and the grooves, as tables: what they are called,
 * what they take, what they do. The check, help, completion and documents read them.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_TRANSFORMS_H
#define CHR_LANG_TRANSFORMS_H

#include "lang/diag.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef enum chr_given_kind {
    CHR_GIVEN_NONE, /* ends a list */
    CHR_GIVEN_COUNT,
    CHR_GIVEN_AMOUNT,
    CHR_GIVEN_SHARE,
    CHR_GIVEN_SPEED,
    CHR_GIVEN_SPOT,
    CHR_GIVEN_LENGTH,
    CHR_GIVEN_TIME,
    CHR_GIVEN_PITCH,
    CHR_GIVEN_VALUE, /* of the knob that is turned, in its unit */
    CHR_GIVEN_TRANSFORM,
    CHR_GIVEN_PATTERN,
    CHR_GIVEN_CHOICE
} chr_given_kind;

/* One argument. Numbers are in beats, seconds, semitones or shares, by the kind. */
typedef struct chr_given_info {
    const char *word;
    chr_given_kind kind;
    bool optional;
    bool keyed;   /* only as word=value */
    bool further; /* any number of them */
    const char *what;
    double least, greatest, dflt;
    const char *choices; /* "up|down", or NULL */
} chr_given_info;

typedef struct chr_transform_info {
    const char *name, *group, *doc, *example;
    const chr_given_info *given; /* up to one of kind NONE */
} chr_transform_info;

extern const chr_transform_info chr_transforms[];
extern const int chr_transforms_count;

typedef enum chr_transform {
#define CHR_TRANSFORM(name, ...) CHR_TRANSFORM_##name,
#include "lang/transforms.def"
#undef CHR_TRANSFORM
    CHR_TRANSFORM_COUNT
} chr_transform;

/* Its place in the table, or -1. */
int chr_transform_find(const char *name);
/* Advice after an error, where the name of a transform stands by itself; false if it is not one. */
bool chr_suggest_transform(chr_diags *d, const char *name);
/* "every ROUNDS TRANSFORM [on=ROUND]" */
void chr_transform_usage(const chr_transform_info *info, char *text, size_t n);

/* A feel: in a row of sixteenths, each comes so much later (a share of a sixteenth) and so much
 * louder. */
typedef struct chr_groove_step {
    double later, level;
} chr_groove_step;
typedef struct chr_groove_info {
    const char *name, *doc;
    int n;
    chr_groove_step steps[16];
} chr_groove_info;
extern const chr_groove_info chr_grooves[];
extern const int chr_grooves_count;

#endif
