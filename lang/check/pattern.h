/* lang/check/pattern.h: what the files about patterns share.
 *
 * The road: pattern.c reads a statement, steps.c lays its steps out as nodes of a score, weave.c
 * passes them through the transforms, score_build.c finishes the score.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_CHECK_PATTERN_H
#define CHR_CHECK_PATTERN_H

#include "lang/check/inner.h"
#include "lang/check/rational.h"
#include "lang/check/score_build.h"
#include "lang/harmony.h"

enum { MOST_TONES = 12 }; /* notes of one word */

/* The key that degrees are counted in, and whatever else the words of a melody are read by. */
typedef struct scale {
    int tonic; /* pitch class, C is 0 */
    int steps[12];
    int n;
    const char *name; /* "C minor" */
    chr_voicing voicing;
    int inversion;                 /* of chords that do not say theirs */
    const struct voicings *smooth; /* of the pattern's chords; NULL: not settled */
} scale;

/* What the patterns of the session share from a beat of the piece on (course.c). */
typedef struct age {
    rational from;
    double swing;                /* share of the first of two steps: 0.5 is straight */
    double human_s, human_level; /* as of HUMANIZE; 0 s: not at all */
    const chr_ast *key;          /* STRING; NULL: C major */
} age;

/* A time and, behind it, it may be a share: `10ms 20%`. False, reported. */
bool read_human(checker *c, const place *p, const chr_ast *time, double *seconds, double *level);
/* What is parts[0] before from[1], then parts[1] before from[2], and so on; n is 1 or more. */
uint32_t join_ages(score_build *b, const rational *from, const uint32_t *parts, uint32_t n);

/* The knob that a pattern of values turns. */
typedef struct knob {
    const char *module;
    const chr_param_info *info;
    bool shares;         /* the words are shares of what `range` says */
    bool ranged;         /* it has said so */
    uint32_t first_tone; /* of the build: from here on they are this text's values */
    const chr_ast *glide;
} knob;

/* One that takes any quantity. */
extern const knob any_knob;

/* One that is turned: a hidden player whose one voice has the value for its note. */
typedef struct turned {
    const chr_ast *statement;
    const char *name; /* "bass.cutoff" */
    value value;
    chr_ir_pattern pattern; /* of no use where the value is POISON */
} turned;
turned *find_turned(checker *c, const chr_ast *statement);

/* What one word or character of a pattern says. */
typedef struct word {
    enum { WORD_REST, WORD_HOLD, WORD_HIT, WORD_TONES, WORD_VALUE } kind;
    double level, value;
    int tones[MOST_TONES]; /* MIDI numbers, lowest first */
    int n;
    bool chord;         /* named as a chord */
    bool on_bass;       /* tones[0] is a bass that the name asks for: it stays below */
    int inversion;      /* that the name asks for, or -1 */
    int up;             /* octaves, by its ' */
    bool could_be_note; /* `G7`: a letter with 7 or 9 */
    bool in_key;        /* a degree or a roman numeral */
} word;

/* One pattern while its steps are laid out. Times are beats. */
typedef struct layout {
    checker *c;
    score_build *b;
    bool grid;
    bool quoted;         /* it stands in quotes, given to a transform */
    const owner *player; /* NULL: nobody */
    knob *knob;          /* NULL: it plays notes */
    scale key;
    bool own_key;  /* it says its key itself */
    bool uses_key; /* in another key it is another pattern */
    int octave;
    bool failed;
    bool sounded;
    double first_note; /* of the text, its lowest tone; of use where something sounded */
    uint32_t n_notes, n_chords;
    const chr_ast **doubtful; /* words such as G7 */
    uint32_t n_doubtful, doubtful_room;
} layout;

static const rational nothing = {0, 1};

/* Steps one after the other as a node that lasts `length`: each takes a `unit` of time, or where
 * that is 0 its share of the length. NO_PART where all of them rest. */
uint32_t lay_steps(layout *l, const chr_ast *steps, rational length, rational unit);
/* The same as a node of rounds. */
uint32_t lay_round(layout *l, const chr_ast *steps, rational unit);
/* The time of steps, in units. */
rational total_weight(layout *l, const chr_ast *steps);
/* The hits of a Euclidean rhythm as a node of rounds. */
uint32_t lay_euclid(layout *l, int hits, int over, int turn, chr_span span);

/* locks.c: what a `{ }` gives to its steps: *out is the lock that holds in it, beside what `outer`
 * does; *level is changed where it sets `vel`, *pan where it sets `pan`. False, reported. */
bool read_lock(layout *l, const chr_ast *mod, uint32_t outer, uint32_t *out, double *level,
               double *pan);

word read_grid(const chr_ast *step);
/* False, reported, where the text is no word of a melody. */
bool read_melody_word(checker *c, const chr_ast *step, const scale *key, int octave, word *out);
bool read_key(checker *c, const char *text, chr_span span, scale *out);
/* A letter with # or b, as a pitch class. Returns its length, 0 where there is none. */
int pitch_class(const char *text, int *pitch);
/* The digits that a text begins with, at most four: their number; 0: there are none, or more. */
int digits(const char *text, int *number);
/* "b", "#": how far they move; *n their number, at most two. */
int sign_of(const char *text, int *n);
int degree_pitch(const scale *key, int degree);
/* Chords by their names (Cm7, G7/B, C/1) and roman numerals (ii7, V7/V). They read a word without
 * its octave marks; false: it is none. */
bool read_chord(const char *text, int octave, word *out);
bool read_roman(const char *text, const scale *key, int octave, word *out);
/* Says of a word that is none what is wrong with it, where, and what may have been meant. `bare` is
 * without octave marks, `skip` how many stand before it. */
void report_word(checker *c, const chr_ast *step, const char *bare, size_t skip, const scale *key);

/* ---- voicing.c ---- */

/* `voicing=` and `inversion=` of a melody. False, reported. */
bool read_voicing(checker *c, const chr_ast *e, scale *key);
bool read_inversion(checker *c, const place *p, const chr_ast *e, scale *key);
/* Before the words are laid out: how each chord of the pattern, in the order of the text, follows
 * the one before it. */
void settle_voicings(checker *c, const chr_ast *steps, scale *key, int octave);
/* Places the tones of a chord as the key says. */
void voice_chord(const chr_ast *step, const scale *key, word *w);
/* The word as its name spells it, without a report; false: it is none. */
bool spell_word(checker *c, const chr_ast *step, const scale *key, int octave, word *out);

/* values.c: a word of a pattern of values. False, reported. */
bool read_value_word(layout *l, const chr_ast *step, word *out);
/* Is there a `range` among the transforms? */
bool asks_for_range(checker *c, const chr_ast *chain);
/* pattern.c: the pattern of a VALUES statement for a knob. False, reported. */
bool read_values(checker *c, const chr_ast *s, knob *k, chr_ir_pattern *out);

/* Hits of a Euclidean rhythm, hits[0..n-1]. */
void euclid(checker *c, int k, int n, int turn, bool *hits);

/* The PATTERN of a statement, or NULL; and the statement that it is taken from, or NULL. */
const chr_ast *pattern_text(const chr_ast *s);
const chr_ast *pattern_source(checker *c, const chr_ast *s);

/* A musical length, exact; may be negative. `what`: "step". */
bool read_length(checker *c, const place *p, const chr_ast *e, const char *what, rational *out);

/* ---- weave.c: transforms ---- */

typedef struct formals formals;

/* A pattern on its way through the transforms. */
typedef struct woven {
    layout *l;
    uint32_t part;      /* what it is by now */
    rational step;      /* how long one of its steps is by now, beats */
    double first_note;  /* about which `invert` mirrors */
    bool top;           /* the pattern itself, not what a transform does to a copy of it */
    const formals *own; /* the arguments of the function that is written out, or NULL */
} woven;

/* Passes it through a CHAIN. False, reported, where that cannot be. */
bool weave_chain(woven *w, const chr_ast *chain);

#endif
