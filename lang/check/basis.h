/* lang/check/basis.h: what every file of the check stands on: limits, memory, values.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_CHECK_BASIS_H
#define CHR_CHECK_BASIS_H

#include "lang/check.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- limits (language.md 12): what a stranger's script can ask for ---- */

enum {
    MAX_VOICES = 256,
    MAX_UNISON = 16, /* copies of a voice */
    MAX_LIST = 4096, /* elements of a list: parallel copies */
    MAX_NODES = 20000,
    MAX_STRANDS = 1000000, /* arguments of all instances of all nodes */
    MAX_STEPS = 1000000,   /* expressions evaluated: what `fn` and lists multiply */
    MAX_PARAMETERS = 256,  /* of one module or function of the player's */
    MAX_ON_STRIP = 256,    /* effects that `add` puts on a patch, stages that `remove` takes out */
    MAX_NESTING = 64,      /* modules and functions in one another */
    MAX_DEPTH = 400,       /* expressions in one another, through modules too */
    MAX_DELAY_SECONDS = 600, /* of one signal, all delays together, at 192 kHz */
    MAX_TAPS = 16,           /* `> scope` and `> meter` in one patch */
    MAX_EVENTS = 200000,     /* notes of all patterns */
    MAX_TRIES = 5, /* evaluations of one body until the shapes of its feedback are known */
};

typedef struct checker checker;

/* ---- memory: everything of a check lies in arenas; a check that runs out of memory is given up
 * (memory.c) ---- */

void *take(checker *c, size_t bytes);
#define TAKE(c, type) ((type *)take((c), sizeof(type)))
#define TAKE_N(c, type, n) ((type *)take((c), sizeof(type) * (size_t)(n)))
const char *join(checker *c, const char *a, const char *b, const char *d);
/* Gives the check up, after the caller has reported why. */
_Noreturn void give_up(checker *c);
/* Grows an array of `size`-byte elements so that one more fits. */
void *grown(checker *c, void *array, uint32_t n, uint32_t *room, size_t size);

/* A table of pointers by name; names are not copied. Entries are never removed, save by rolling
 * back. */
typedef struct table_entry {
    const char *name;
    void *value;
} table_entry;
typedef struct table {
    table_entry *slots;
    uint32_t n, room;
} table;
void *table_find(const table *t, const char *name);
/* Adds or replaces. With `logged` the change is undone by roll_back. */
void table_put(checker *c, table *t, const char *name, void *item, bool logged);

/* ---- values ---- */

typedef enum value_kind {
    VALUE_POISON, /* of an expression with an error: takes part in everything and causes no further
                     message */
    VALUE_NUMBER, /* constants: kept in double precision, with the unit of their text */
    VALUE_SIGNAL,
    VALUE_TEXT,
    VALUE_CHOICE /* one of the choices of a parameter */
} value_kind;

typedef struct shape {
    uint32_t voices, copies, sides;
} shape;

/* Element (v, k, s) stands at (v * copies + k) * sides + s. */
typedef struct value {
    value_kind kind;
    chr_unit unit;   /* NUMBER: of the text; SIGNAL: Hz where it is a pitch */
    bool sound;      /* SIGNAL: heard, not a control */
    bool is_control; /* SIGNAL: from a control output */
    shape shape;
    double number;             /* NUMBER with one element; CHOICE: its place in the list */
    const double *numbers;     /* NUMBER with several; else NULL */
    const chr_strand *strands; /* SIGNAL */
    const char *text;          /* TEXT; CHOICE: the list, "a|b" */
} value;

static inline uint32_t shape_size(shape s) {
    return s.voices * s.copies * s.sides;
}
static inline bool shape_same(shape a, shape b) {
    return a.voices == b.voices && a.copies == b.copies && a.sides == b.sides;
}
static const shape shape_one = {1, 1, 1};

value poison(void);
value number(double x, chr_unit unit);
value signal_of(const chr_strand *strands, shape s);
double number_at(const value *v, uint32_t i);
chr_strand strand_const(float x);
/* The element of `v` that instance i of a node of shape `s` reads. */
uint32_t spread_index(shape own, shape s, uint32_t i);
/* Widens *s to hold `own` as well: each side 1 or the same. False if they do not fit. */
bool shape_widen(shape *s, shape own);
/* As a signal: numbers become constant strands, their units what a signal of that kind carries. */
value as_signal(checker *c, value v);
/* A plain number from any unit: notes in Hz, dB and percent as ratios, lengths in seconds. */
double neutral(checker *c, double x, chr_unit unit);
/* A note name's frequency in the session's tuning. */
double note_in_hz(const checker *c, double midi);
/* A text or a choice stands where numbers and sounds belong. */
void report_no_number(checker *c, chr_span span, const value *v);
/* One number, or an error that names `what`. */
bool one_number(checker *c, const value *v, chr_span span, const char *what, double *out);

#endif
