/* lang/tuning.h: scales and key maps as Scala writes them (.scl, .kbm), and the pitch of each of
 * the 128 MIDI notes that they make.
 *
 * After: Manuel Op de Coul, "Scala scale file format" and "Scala keyboard mapping file format",
 * huygens-fokker.org/scala. A line that begins with `!` is a comment. SPDX-License-Identifier: MIT
 */
#ifndef CHR_LANG_TUNING_H
#define CHR_LANG_TUNING_H

#include "lang/arena.h"
#include "lang/diag.h"

#include <stdbool.h>

enum {
    CHR_NOTES = 128,
    CHR_SCL_MOST = 1024, /* notes of a scale, keys of a map */
    CHR_UNMAPPED = -1000000
};

typedef struct chr_scl {
    const char *description;
    double *octaves; /* of degrees 1 to n above 1/1; the last is where it repeats */
    int n;           /* 0: nothing but 1/1 */
} chr_scl;

typedef struct chr_keymap {
    int first, last; /* notes outside keep their usual pitch */
    int middle;      /* the note of degree 0 */
    int reference;   /* the note that sounds at `hz` */
    double hz;
    int octave;   /* the degree at which the map repeats; 0: where the scale does */
    int *degrees; /* of the keys from `middle` on, or CHR_UNMAPPED */
    int n;        /* 0: each key is the next degree */
} chr_keymap;

/* Of a key map, in the order of its fields above and of the file, `n` aside. */
enum { CHR_KEYMAP_FIELDS = 6 };

/* False, reported at the line in the file, where it is no such text. What they make lives in
 * `arena`. */
bool chr_scl_read(const chr_source *source, chr_arena *arena, chr_diags *diags, chr_scl *scl);
bool chr_keymap_read(const chr_source *source, chr_arena *arena, chr_diags *diags, chr_keymap *map);
/* Degree 0 at `middle`, which sounds as it usually does. */
chr_keymap chr_keymap_usual(int middle);
/* The pitch of each note in Hz, from 0.01 to 100000; 0: the map has no key for it. `scl` NULL:
 * twelve equal steps. False: the reference note is one of those without a key. Same bits on every
 * machine.
 */
bool chr_tuning_make(const chr_scl *scl, const chr_keymap *map, double hz[CHR_NOTES]);

#endif
