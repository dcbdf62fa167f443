/* dsp/units.h: units and kinds of quantities, their conversion and their formatting.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_DSP_UNITS_H
#define CHR_DSP_UNITS_H

#include "dsp/nonblocking.h"

#include <stdbool.h>
#include <stddef.h>

/* A literal's unit (what the text says), and a parameter's unit (what the kernel reads; only those
 * marked *). The lexer has already applied k and m: 2.5kHz is 2500 CHR_UNIT_HZ, 10ms is 0.01
 * CHR_UNIT_S. */
typedef enum chr_unit {
    CHR_UNIT_NONE,    /* * a bare number */
    CHR_UNIT_HZ,      /* * frequency */
    CHR_UNIT_S,       /* * time in seconds */
    CHR_UNIT_RATIO,   /* * level or share as a factor: 1 is unity; takes dB and percent */
    CHR_UNIT_DB,      /* * decibels, where the knob itself is marked in them */
    CHR_UNIT_PERCENT, /*   50% is 50 CHR_UNIT_PERCENT */
    CHR_UNIT_ST,      /* * semitones; takes cents */
    CHR_UNIT_CENT,    /*   cents */
    CHR_UNIT_BPM,     /* * beats a minute */
    CHR_UNIT_DEG,     /* * degrees */
    CHR_UNIT_BEATS,   /*   musical length in beats */
    CHR_UNIT_BARS,    /*   musical length in bars */
    CHR_UNIT_WHOLES,  /*   a fraction of a whole note: 1/16 is 0.0625 */
    CHR_UNIT_NOTE,    /*   a note name, as its MIDI number */
    CHR_UNIT_COUNT
} chr_unit;

/* What musical lengths and notes are converted with. */
typedef struct chr_tempo {
    double bpm;            /* quarter notes a minute */
    double beats_per_bar;  /* 4 in 4/4 */
    const double *note_hz; /* as of chr_tuned_hz; NULL: twelve equal steps */
} chr_tempo;

/* The kind of a unit in a player's words: "a frequency", "a time", "a level". */
const char *chr_unit_kind(chr_unit unit);

/* Converts a literal to the unit of a parameter: notes and note lengths to Hz, dB and percent to a
 * ratio, and so on. False, with *out untouched, where the kinds do not fit (10ms to Hz). Same bits
 * on every machine. */
bool chr_unit_convert(double value, chr_unit from, chr_unit to, const chr_tempo *tempo,
                      double *out);

/* Writes a value as a player would: "1 kHz", "40 ms", "-6 dB". Truncates at n, always terminates.
 */
void chr_unit_format(char *text, size_t n, double value, chr_unit unit);

/* 440 Hz at MIDI 69, twelve equal steps to the octave. Same bits on every machine. */
double chr_note_hz(double midi) CHR_NONBLOCKING;
/* The same in a tuning: `note_hz` has the pitch of each of the MIDI notes 0 to 127 in Hz, 0 for one
 * that does not sound. Between two notes pitch moves evenly in cents; beyond the ends it goes on in
 * equal steps. 0: a note that does not sound. NULL is twelve equal steps, as above. Same bits on
 * every machine. */
double chr_tuned_hz(const double *note_hz, double midi) CHR_NONBLOCKING;
/* A note name that stands for a frequency: one that the tuning has no key for keeps its usual
 * pitch.
 */
double chr_named_note_hz(const double *note_hz, double midi);

#endif
