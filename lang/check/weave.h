/* lang/check/weave.h: what the files share that pass a pattern through its transforms.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_CHECK_WEAVE_H
#define CHR_CHECK_WEAVE_H

#include "lang/check/pattern.h"
#include "lang/transforms.h"

enum { MOST_GIVEN = 16 };

/* An argument of a transform as it was given, or its default. */
typedef struct given {
    bool is;          /* it was given */
    double x;         /* COUNT AMOUNT SHARE TIME PITCH; CHOICE: its place */
    rational r;       /* SPEED SPOT LENGTH */
    bool musical;     /* TIME: r is a length in beats */
    const chr_ast *e; /* as it stands in the text; TRANSFORM: what it is */
    const formals *own;
} given;

/* The arguments of a function of the player's while it is written out. */
struct formals {
    const maker *fn;
    const char *pattern; /* the one that means the pattern itself, or NULL */
    int n;
    const char *const *names;
    const chr_ast **args;        /* NULL where none is given */
    const formals *const *homes; /* of the arguments */
    scope *scope;                /* those that are numbers */
};

/* What an argument stands for: arguments of functions and bare parentheses are looked through. */
const chr_ast *looked_through(const chr_ast *e, const formals **own);
/* Is it a transform, or a chain of them? */
bool names_transform(checker *c, const chr_ast *e, const formals *own);

int formal_index(const formals *own, const char *name);
bool is_transform(checker *c, const char *name);
void report_no_transform(checker *c, const chr_ast *stage);
/* weave_fn.c: writes a function of transforms out. */
bool weave_written(woven *w, const maker *m, const chr_ast *stage);

/* weave_given.c: reads what is given to a transform. False, reported. */
bool read_given(woven *w, const chr_transform_info *info, const chr_ast *stage,
                given out[MOST_GIVEN]);

/* Applies a transform that was given as an argument to a node: what comes of it. */
bool weave_given(const woven *w, const given *transform, uint32_t part, uint32_t *out);
/* A pattern in quotes, as long as a round. */
bool weave_quoted(woven *w, const given *pattern, uint32_t *out);

/* One for each transform: weave_time.c, weave_rounds.c, weave_notes.c. */
typedef bool weaver(woven *w, const given *g, const chr_ast *stage);
#define CHR_TRANSFORM(name, ...) weaver weave_##name;
#include "lang/transforms.def"
#undef CHR_TRANSFORM

static inline uint32_t over(woven *w, score_part part) {
    return w->part = add_over(w->l->b, part, w->part);
}

/* weave_time.c: everything so much longer, the round with it. */
void stretch_all(woven *w, rational by);
/* weave_notes.c: for the keys of a pattern, too. A share of one half is straight. */
void add_swing(woven *w, rational pair, double share);
void add_groove(woven *w, int groove, double amount);

#endif
