/* runtime/tapping.h: a tempo from beats that somebody taps. Pure. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_TAPPING_H
#define CHR_RUNTIME_TAPPING_H

enum { CHR_TAPS_NEEDED = 4, CHR_TAPS_KEPT = 9 };

typedef struct chr_tapping {
    double at_s[CHR_TAPS_KEPT]; /* oldest first */
    int n;
} chr_tapping;

/* A beat at a time in seconds (of any clock that goes evenly). A pause of more than three seconds,
 * or of more than twice the beats before, begins anew. Returns how many more are needed; 0: *bpm is
 * the tempo, to a tenth. */
int chr_tapping_beat(chr_tapping *t, double now_s, double *bpm);

#endif
