/* lang/check/pattern.h: what the files about patterns share.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_CHECK_PATTERN_H
#define CHR_CHECK_PATTERN_H

#include "lang/check/inner.h"
#include "lang/check/rational.h"

enum { MOST_TONES = 12 }; /* notes of one word */

/* The key that degrees are counted in. */
typedef struct scale {
    int tonic; /* pitch class, C is 0 */
    int steps[12];
    int n;
} scale;

/* What one word or character of a pattern says. */
typedef struct word {
    enum { WORD_REST, WORD_HOLD, WORD_HIT, WORD_TONES } kind;
    double level;
    int tones[MOST_TONES]; /* MIDI numbers, lowest first */
    int n;
    bool chord;         /* named as a chord */
    bool could_be_note; /* `G7`: a letter with 7 or 9 */
} word;

typedef struct slot {
    rational at, end;
    float note, level;
    bool tie;
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
/* Intervals above the root of a chord's suffix ("m7"), or 0. */
int chord_tones(const char *suffix, int *tones);
const char *nearest_chord(const char *suffix);
bool read_key(checker *c, const char *text, chr_span span, scale *out);
/* Hits of a Euclidean rhythm, hits[0..n-1]. */
void euclid(checker *c, int k, int n, int turn, bool *hits);

#endif
