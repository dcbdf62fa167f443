/* lang/check/pattern.h: what the files about patterns share.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_CHECK_PATTERN_H
#define CHR_CHECK_PATTERN_H

#include "lang/check/inner.h"
#include "lang/check/rational.h"
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

/* What one word or character of a pattern says. */
typedef struct word {
    enum { WORD_REST, WORD_HOLD, WORD_HIT, WORD_TONES } kind;
    double level;
    int tones[MOST_TONES]; /* MIDI numbers, lowest first */
    int n;
    bool chord;         /* named as a chord */
    bool on_bass;       /* tones[0] is a bass that the name asks for: it stays below */
    int inversion;      /* that the name asks for, or -1 */
    int up;             /* octaves, by its ' */
    bool could_be_note; /* `G7`: a letter with 7 or 9 */
} word;

typedef struct slot {
    rational at, end;
    float note, level;
    bool slide;
} slot;

/* One pattern while it is laid out. Times are beats. */
typedef struct layout {
    checker *c;
    const chr_ast *statement;
    bool grid;
    scale key;
    int octave;
    slot *slots;
    uint32_t n, room;
    uint32_t last, n_last; /* events of the last step that sounded: what `_` holds */
    rational last_end;
    bool slide; /* the last step slides into the next */
    bool failed;
    rational first_hold; /* length of the holds that the pattern begins with */
    bool sounded;
    uint32_t n_notes, n_chords;
    const chr_ast **doubtful; /* words such as G7 */
    uint32_t n_doubtful, doubtful_room;
} layout;

static const rational nothing = {0, 1};

/* Steps one after the other: each a `unit`, or all of them in `length` where unit is 0. */
void lay_steps(layout *l, const chr_ast *steps, rational at, rational length, rational unit);
/* The time of steps, in units. */
rational total_weight(layout *l, const chr_ast *steps);
/* Lets the last step go on, if it reaches to `at`. */
void hold(layout *l, rational at, rational end);

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

/* Hits of a Euclidean rhythm, hits[0..n-1]. */
void euclid(checker *c, int k, int n, int turn, bool *hits);

#endif
