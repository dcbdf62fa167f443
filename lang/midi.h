/* lang/midi.h: Standard MIDI Files, as far as notes, tempo and meter go: bytes to notes, notes to
 * pattern text. Follows "Standard MIDI Files 1.0" (MIDI Manufacturers Association, 1988).
 * SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_MIDI_H
#define CHR_LANG_MIDI_H

#include "lang/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum { CHR_MIDI_MOST_NOTES = 100000, CHR_MIDI_MOST_TRACKS = 1024 };

typedef struct chr_midi_note {
    int64_t at, end;  /* ticks from the beginning; end > at */
    uint8_t key;      /* MIDI number */
    uint8_t velocity; /* 1..127 */
    uint16_t track;   /* from 0 */
} chr_midi_note;

typedef struct chr_midi_track {
    const char *name; /* printable ASCII; "" where the file gives none */
    uint32_t n_notes;
} chr_midi_track;

typedef struct chr_midi {
    int ticks_per_beat;   /* of a quarter note */
    chr_midi_note *notes; /* by track, then time, then key */
    uint32_t n_notes;
    chr_midi_track *tracks;
    uint32_t n_tracks;
    double bpm;      /* at the beginning */
    int over, under; /* the meter at the beginning: 4, 4 */
} chr_midi;

/* Reads a file. Everything lies in the arena. NULL, or what is wrong with it, in words to stand
 * after its name: "is cut off". */
const char *chr_midi_read(const uint8_t *bytes, size_t n, chr_arena *arena, chr_midi *out);

/* The notes of one track as `melody` statements for `name`, as many patterns as notes overlap in
 * ("lead", "lead/2"), all of the same whole number of bars. `grid_beats` more than 0: onsets and
 * ends go to the nearest multiple of it. NULL when memory is out. */
const char *chr_midi_text(const chr_midi *midi, uint32_t track, const char *name, double grid_beats,
                          chr_arena *arena);

#endif
