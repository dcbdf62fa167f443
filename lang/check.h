/* lang/check.h: statements that hold -> IR. Knows names, kinds, units, ranges, limits and feedback;
 * reads no file. SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_CHECK_H
#define CHR_LANG_CHECK_H

#include "lang/arena.h"
#include "lang/ast.h"
#include "lang/session.h"

/* A knob of a patch or bus: what `set OWNER LABEL.WORD=…` turns. */
typedef struct chr_knob {
    const char *owner;
    const char *label;  /* of the stage: "lpf2"; of its instrument: "bass"; "level" */
    const char *word;   /* "cutoff" */
    const char *module; /* "lpf"; of the instrument "bass" */
    bool written;       /* that module is written in Chronus */
    bool added;         /* by `add`; the patch's own go before it where a word alone is said */
    bool placed;        /* its line, or its descriptor, says what it is about: */
    chr_context context;
    chr_unit unit; /* of what follows */
    chr_curve curve;
    double least, greatest, dflt;
    bool known; /* it stands at `value`; otherwise something moves it */
    double value;
    bool mute; /* turning it is not heard: the width of a sound with one side */
} chr_knob;

/* What a bus takes in. */
typedef struct chr_sent {
    const char *owner, *bus;
    bool ends_there; /* its chain ends in the bus; else it is sent there beside: */
    bool known;      /* its share is `share`; otherwise something moves it */
    double share;    /* a factor */
} chr_sent;

/* The knobs of all patches and buses, of one owner in a row, in the order of its chain; and who
 * feeds which bus, bus by bus. */
typedef struct chr_knobs {
    chr_arena *arena; /* the caller's: they live in it */
    chr_knob *list;
    int n;
    chr_sent *sent;
    int n_sent;
} chr_knobs;

/* The statements of a session, each already the last word on what it is about. In session order.
 * Besides definitions (PATCH BUS CREATE LET FN MODULE SEQUENCE MELODY) these are what acts on them:
 * ADD, REMOVE_FROM, SET, MUTE, SOLO, SEND, TEMPO, METER, SEED, SWING, KEY_STATEMENT. */
typedef struct chr_program {
    const chr_ast *const *statements;
    int n;
    const chr_ast *const
        *library; /* MODULE statements of the standard library that the session refers to */
    int n_library;
    chr_module_table modules;
    uint64_t seed;
    double beat;   /* where the clock is: lengths of music last as long as they do there */
    double played; /* beats that loops and jumps have taken back */
    /* Pattern by pattern ("kick", "kick/fill"): is it in the set that plays? From play NAME, stop
     * NAME, stop, hush. An instrument whose pattern stops rings on; a patch that reads no gate
     * sounds without notes, so when its own name is out of the set its level is switched off. NULL:
     * all play. */
    bool (*plays)(void *context, const char *name);
    /* How many of the voices that a patch asks for it gets; NULL: all of them. */
    uint32_t (*voices)(void *context, const char *owner, uint32_t asked);
    void *context;
    chr_knobs *knobs; /* filled in where the check finds no error; NULL: nobody asks */
} chr_program;

/* What every patch can be given beside its chain, one after the other: "voices", "gain"; NULL
 * behind the last. */
const char *chr_patch_key(int i);

/* Checks the whole program and returns its IR in an arena of its own, or NULL if there was an error
 * (all of them are in `diags`; spans point into the sources of the statements). */
chr_ir *chr_check(const chr_program *program, chr_diags *diags);

#endif
