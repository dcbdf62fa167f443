/* runtime/look.h: what is to be said and drawn about a stretch of sound: levels, a wave, its
 * spectrum. Pure functions. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_LOOK_H
#define CHR_RUNTIME_LOOK_H

#include "lang/ir.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct chr_look_sound {
    uint64_t id;
    char *name;
    float *left, *right; /* [n] */
} chr_look_sound;

#define CHR_LOOK_SILENCE_DB (-400.0)
double chr_look_peak_db(const chr_look_sound *s, size_t n);
double chr_look_rms_db(const chr_look_sound *s, size_t n);

/* Peak and RMS of each sound in dBFS, and the loudness of the first, which is the whole, in LUFS
 * (EBU R128, momentary: over 0.4 s). Here and below, `columns` is how wide the lines with a
 * drawing may be; 0, or too few for one: figures alone. */
void chr_look_meters(const chr_look_sound *sounds, int n_sounds, size_t n, double rate_hz,
                     int columns, FILE *to);
/* The wave from where it rises through its middle, over two or more periods where it has one;
 * greatest and least value, and its period. */
void chr_look_scope(const chr_look_sound *s, size_t n, double rate_hz, int columns, FILE *to);
/* Level over frequency, 20 Hz to 20 kHz, and the strongest partials with their notes. */
void chr_look_spectrum(const chr_look_sound *s, size_t n, double rate_hz, int columns, FILE *to);

/* The notes of one patch's patterns (NULL: of all). False: there are none. */
bool chr_look_roll(const chr_ir *ir, const char *name, int columns, FILE *to);

/* The notes of the first bars of one patch's patterns (NULL: of all), a line each or as JSON: bar
 * and beat exact, pitch, length in beats, level and what else it has, and its line and column in
 * the text. False: there are none. */
typedef enum chr_event_style { CHR_EVENTS_TEXT, CHR_EVENTS_JSON } chr_event_style;
bool chr_look_events(const chr_ir *ir, const char *name, double bars, chr_event_style style,
                     FILE *to);

/* The frequency of a periodic wave, or 0 where it has none that is plain. */
double chr_look_pitch_hz(const float *x, size_t n, double rate_hz);
/* "A2 +3 ct", in `text`. */
const char *chr_look_note(double hz, char text[32]);

#endif
