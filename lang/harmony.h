/* lang/harmony.h: the scales that a key may name, and the kinds of chords: one table each
 * (lang/scales.def, lang/chords.def), from which reading, help, completion and errors come.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_HARMONY_H
#define CHR_LANG_HARMONY_H

#include "lang/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum { CHR_SCALE_MOST = 12, CHR_CHORD_MOST = 8 };

typedef struct chr_scale {
    const char *name;
    const char *aliases;       /* "ionian|maj", or "" */
    const char *doc;           /* what it sounds like */
    int steps[CHR_SCALE_MOST]; /* semitones above the root, ascending from 0, below 12 */
    int n;
} chr_scale;

typedef struct chr_chord {
    const char *suffix;        /* what follows the root: "m7"; "" is the major triad */
    const char *aliases;       /* "min7|-7", or "" */
    const char *name;          /* "minor seventh" */
    int tones[CHR_CHORD_MOST]; /* semitones above the root, ascending from 0 */
    int n;
} chr_chord;

extern const chr_scale chr_scales[];
extern const int chr_scales_count;
extern const chr_chord chr_chords[];
extern const int chr_chords_count;

/* How the notes of a chord are placed: what `voicing=` may be told. */
typedef enum chr_voicing {
    CHR_VOICING_CLOSE,  /* upwards from the root, as the chord is spelled */
    CHR_VOICING_OPEN,   /* the second note from below an octave up */
    CHR_VOICING_SPREAD, /* every second note from below an octave up */
    CHR_VOICING_DROP2,  /* the second note from above an octave down */
    CHR_VOICING_DROP3,  /* the third */
    CHR_VOICING_SMOOTH  /* inverted so that it moves little from the chord before it in the text */
} chr_voicing;
enum { CHR_VOICINGS = CHR_VOICING_SMOOTH + 1 };
extern const char *const chr_voicing_words[CHR_VOICINGS];

/* By name or another name, capital letters or not; NULL: there is none. */
const chr_scale *chr_scale_find(const char *name);
/* A word with the signs of a lead sheet as it is typed: Δ and ^ are `maj` or `maj7`, ø `h`, ° `o`,
 * ♭ `b`, ♯ `#`. False: it has no room. */
bool chr_plain_signs(const char *word, char *to, size_t size);
/* By suffix or another spelling ("min7", "Min7", "mi7", "^7"); NULL: there is none. */
const chr_chord *chr_chord_find(const char *suffix);
/* All names, and behind them all other names (spellings). In `arena`;
 * NULL when memory is out. */
const char **chr_scale_words(chr_arena *arena, int *n);
const char **chr_chord_words(chr_arena *arena, int *n);

#endif
