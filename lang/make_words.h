/* lang/make_words.h: the vocabulary of `make` and of plain sentences: make_words.def as tables, and
 * what a word is. SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_MAKE_WORDS_H
#define CHR_LANG_MAKE_WORDS_H

#include "dsp/module.h"

/* Something that a sound has more or less of. */
typedef enum chr_axis {
#define CHR_AXIS(id, ...) CHR_AXIS_##id,
#define CHR_WORD(...)
#define CHR_NOUN(...)
#define CHR_AMOUNT(...)
#define CHR_SMALL_WORD(...)
#define CHR_GROUP(...)
#define CHR_MORE(...)
#define CHR_BY(...)
#include "lang/make_words.def"
#undef CHR_AXIS
#undef CHR_WORD
#undef CHR_NOUN
#undef CHR_AMOUNT
#undef CHR_SMALL_WORD
#undef CHR_GROUP
#undef CHR_MORE
#undef CHR_BY
    CHR_AXES
} chr_axis;

/* Moves that are no distance: to the least value, and to where the knob rests by itself. */
#define CHR_ALL_THE_WAY_DOWN (-1000.0)
#define CHR_BACK_TO_REST 1000.0

/* What is done where no knob is there to turn. */
typedef struct chr_axis_end {
    const char *effect; /* "reverb amount=?": added; NULL: nothing */
    chr_unit unit;      /* of the `?`, which is a knob that begins at `begin` and goes */
    double least, greatest;
    chr_curve curve;
    double begin, way;    /* up (1) or down (-1) */
    const char *has_none; /* "is dry already": there is nothing to take away; NULL */
} chr_axis_end;

typedef struct chr_axis_info {
    chr_axis part_of; /* itself: of none */
    const char *name; /* "brightness" */
    chr_context context;
    bool all;            /* the knobs of every name in the list; else those of the first found */
    double ratio, share; /* percent */
    double least;
    const char *knobs;
    chr_axis_end up, down;
    const char *never, *instead; /* why it cannot be done, and what would do; or NULL */
} chr_axis_info;
extern const chr_axis_info chr_axes[CHR_AXES];

enum { CHR_MOVES_MAX = 3 };
typedef struct chr_move {
    chr_axis axis;
    double factor; /* of what the axis goes by itself; 0: no move, the list ends */
    bool optional; /* done where there is a knob for it, and nothing is added */
} chr_move;

typedef struct chr_music_word {
    const char *word, *forms, *opposite, *doc;
    chr_move moves[CHR_MOVES_MAX + 1];
} chr_music_word;
extern const chr_music_word chr_music_words[];
extern const int chr_music_words_count;

/* How a word of a sentence is meant. */
typedef enum chr_vocable_kind {
    CHR_VOCABLE_NONE, /* it is not in the vocabulary */
    CHR_VOCABLE_MUSIC,
    CHR_VOCABLE_NOUN,
    CHR_VOCABLE_MORE, /* more, less, no: `factor` */
    CHR_VOCABLE_AMOUNT,
    CHR_VOCABLE_BY,
    CHR_VOCABLE_SMALL,
    CHR_VOCABLE_GROUP
} chr_vocable_kind;

typedef struct chr_vocable {
    chr_vocable_kind kind;
    const char *text;
    const chr_music_word *word; /* MUSIC */
    chr_axis axis;              /* NOUN */
    double factor;              /* MORE, AMOUNT */
    bool whole;                 /* AMOUNT: by itself; "half the reverb" */
} chr_vocable;

/* What the n characters are; capital letters are the same as small ones. */
chr_vocable chr_vocable_of(const char *text, size_t n);
/* True if a line with this word in it, made of words alone, is a sentence: `darker`, `more`, `bit`.
 */
bool chr_vocable_tells(const chr_vocable *v);
/* True if a musical word is nearly that: `darkr`. */
bool chr_vocable_is_near(const char *text);
/* The i-th word of the vocabulary, for completion and advice, forms of words included; NULL behind
 * the last. `text` has room for CHR_VOCABLE_BYTES. */
enum { CHR_VOCABLE_BYTES = 24, CHR_VOCABULARY_MAX = 400 };
const char *chr_vocable_at(int i, chr_vocable_kind *kind, char *text);

#endif
