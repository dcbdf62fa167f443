/* lang/session_make.h: what the words of `make` and of a sentence come to: who is meant, and what
 * is wanted of them. Inside the session only. SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_SESSION_MAKE_H
#define CHR_LANG_SESSION_MAKE_H

#include "lang/make_words.h"
#include "lang/session_state.h"

/* One wish: a musical word, a noun behind more or less, or a knob of the patch's own behind them.
 */
typedef struct chr_wish {
    const chr_ast *at;
    const chr_music_word *word; /* or NULL: */
    bool is_axis;
    chr_axis axis;      /* of a noun; else `at->text` is the word of a knob */
    double factor;      /* of what the word does by itself; negative: the other way */
    double percent;     /* "by 30%"; 0: not said */
    bool of_level;      /* it was said in dB */
    const chr_ast *far; /* where it was said how far, or NULL */
    bool whole;         /* "twice the reverb": by itself */
    int clause;         /* it is for those of the same clause */
    struct chr_wish *next;
} chr_wish;

typedef struct chr_who {
    const char *name; /* of a patch or a bus; of a group where `group` says so */
    const chr_ast *at;
    bool group;
    int clause;
    struct chr_who *next;
} chr_who;

typedef struct chr_phrase {
    chr_who *who;
    chr_wish *wishes;
    const chr_ast *over; /* OVER, or NULL */
} chr_phrase;

enum { CHR_PHRASE_MAX = 200 }; /* words of one sentence */

/* Reads the words; what is not understood is reported, and then there is nothing to do. */
bool chr_read_phrase(chr_candidate *c, const chr_ast *make, chr_phrase *phrase);
/* Says that this word means nothing, with the nearest that does. */
void chr_report_vocable(chr_candidate *c, const chr_ast *at);
/* What a wish turns: up to CHR_MOVES_MAX moves, the list ends with a factor of 0. For a knob's
 * word: none. */
void chr_moves_of(const chr_wish *wish, chr_move *moves);
/* True if how loud it is, first of all, is what a wish turns. */
bool chr_wish_is_level(const chr_wish *wish);
/* False, reported, where two wishes for one sound pull against each other, or a distance does not
 * fit. */
bool chr_phrase_is_good(chr_candidate *c, const chr_phrase *phrase);
/* As it is written. */
const char *chr_text_of(const chr_candidate *c, const chr_ast *a);
/* True if they would be the same knobs, or one's are among the other's. */
bool chr_axes_meet(chr_axis a, chr_axis b);

/* How far a knob is turned. */
typedef struct chr_distance {
    double way;   /* 1 up, -1 down */
    double ratio; /* 1 or more */
    double share; /* of the range, 0..1 */
    bool whole;   /* multiplied, whatever it is */
    bool to_end, to_rest;
} chr_distance;
chr_distance chr_distance_of(const chr_axis_info *axis, const chr_move *move, const chr_wish *w);
/* Where the knob comes to stand. `least`: where one that is multiplied upwards begins at the least.
 */
double chr_moved(const chr_knob *k, const chr_distance *d, double least);
/* As far as anybody could tell. */
bool chr_same_value(double a, double b);
/* What every patch has: gain, pan, width. */
bool chr_is_level(const chr_knob *k);
/* The value as a player writes it: 420Hz, 12.5ms, 0.35; a level in decibels. */
const char *chr_value_text(chr_arena *arena, double x, chr_unit unit, bool level);

/* Which statements bring a wish about for one patch. */
typedef struct chr_making {
    chr_candidate *c;
    const chr_knobs *all;  /* of the session */
    const chr_knob *knobs; /* of this patch */
    int n_knobs;
    const char *owner;
    bool plays_notes;
    const chr_wish *wish;
    const char *over;            /* " over 2 bars", or "" */
    const char *text;            /* the statements so far, a line each */
    const char *remark;          /* what there was not to do, or NULL */
    const char *never, *instead; /* why it cannot be done, or NULL */
    bool unknown;                /* the patch has no knob of that name */
    const chr_knob *turned[16];
    int n_turned;
    bool acts;
} chr_making;
void chr_make_wish(chr_making *m);
/* Adds a statement; NULL: memory is out. */
void chr_add_statement(chr_making *m, const char *statement);
/* One name of an axis's list of knobs. */
typedef struct chr_sought {
    const char *text;
    size_t n;
    bool backwards;
} chr_sought;
bool chr_next_sought(const char **list, chr_sought *s);
bool chr_is_sought(const chr_knob *k, const chr_sought *s, chr_context context);
/* True if it is this word of the list: ANY, SEND, BUS. */
bool chr_sought_is(const chr_sought *s, const char *word);
/* session_send.c: what the patch sends to buses that have a knob of this axis. True if it sends
 * something; *moves: something else moves that. */
bool chr_turn_sends(chr_making *m, const chr_axis_info *axis, chr_distance d, bool *moves);
/* A bus with such a knob that it does not feed yet, or NULL. */
const char *chr_bus_to_send_to(const chr_making *m, const chr_axis_info *axis);
/* A bus with such a knob that it is sent to, or NULL. */
const char *chr_bus_sent_to(const chr_making *m, const chr_axis_info *axis);
/* session_swing.c: the swing of its patterns. */
void chr_make_swing(chr_making *m, const chr_distance *d);

#endif
