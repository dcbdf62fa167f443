/* runtime/audio/noted.h: a ring into which the audio thread writes each note that it plays, for who
 * renders notes in place of sound. Where it is full, a note is left out and counted.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_NOTED_H
#define CHR_RUNTIME_NOTED_H

#include <stdatomic.h>
#include <stdint.h>

enum { CHR_NOTED_NAME = 64, CHR_NOTED = 1 << 15 };

typedef struct chr_noted {
    char pattern[CHR_NOTED_NAME]; /* whose note it is, cut where it is longer */
    uint64_t at;                  /* sample */
    double beat, end_beat;        /* of the song */
    double taken_back;            /* beats that loops and jumps had taken the song back */
    float note;                   /* MIDI number; negative: it has no pitch of its own */
    float level;                  /* 0..1 */
} chr_noted;

typedef struct chr_noted_ring {
    chr_noted notes[CHR_NOTED];
    atomic_uint in, out, lost;
} chr_noted_ring;

#endif
