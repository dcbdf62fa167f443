/* lang/check/pattern.h: what the files about patterns share.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_CHECK_PATTERN_H
#define CHR_CHECK_PATTERN_H

#include "lang/check/inner.h"
#include "lang/check/rational.h"

enum { MOST_TONES = 12 }; /* notes of one word */

/* The key that degrees are counted in. */
typedef struct scale {
    int tonic;    /* pitch class, C is 0 */
    int steps[12];
    int n;
} scale;

/* What one word or character of a pattern says. */
typedef struct word {
    enum { WORD_REST, WORD_HOLD, WORD_HIT, WORD_TONES } kind;
    double level;
    int tones[MOST_TONES]; /* MIDI numbers, lowest first */
    int n;
    bool chord;            /* named as a chord */
    bool could_be_note;    /* `G7`: a letter with 7 or 9 */
} word;

word read_grid(const chr_ast *step);
/* False, reported, where the text is no word of a melody. */
bool read_melody_word(checker *c, const chr_ast *step, const scale *key, int octave, word *out);
/* Intervals above the root of a chord's suffix ("m7"), or 0. */
int chord_tones(const char *suffix, int *tones);
const char *nearest_chord(const char *suffix);
bool read_key(checker *c, const char *text, chr_span span, scale *out);
/* Hits of a Euclidean rhythm, hits[0..n-1]. */
void euclid(checker *c, int k, int n, int turn, bool *hits);

#endif
