/* dsp/time_map.h: where beats fall in time, and bars among the beats, over the whole of a piece.
 *
 * A beat is a quarter note, counted from 0 where the piece begins. A map is a list of tempi, each
 * from a beat on, and a list of meters, each from a bar on. It is a pure function and is never
 * changed once made: the control thread and the audio thread read the same one.
 *
 * A ramp is even over the beats: half way through the bars the tempo is half way. That is what the
 * tempo line of a sequencer shows when it is drawn over bars; as a function of time it is an
 * exponential (J. Rivaud, "A natural definition for tempo ramping", doc/tempo.tex of Ardour).
 * SPDX-License-Identifier: MIT */
#ifndef CHR_DSP_TIME_MAP_H
#define CHR_DSP_TIME_MAP_H

#include "dsp/nonblocking.h"

#include <stdbool.h>
#include <stdint.h>

enum { CHR_TIME_POINTS = 4096 }; /* tempi of a map, and meters of a map: at most so many */

/* As it is said: from `beat` on the tempo is `bpm`, and over `length` beats (0: at once) it goes to
 * `to_bpm`, where it stays. */
typedef struct chr_tempo_point {
    double beat, length;
    double bpm, to_bpm; /* more than 0; `to_bpm` counts where there is a length */
} chr_tempo_point;

/* From bar `bar` (from 0, whole) on. */
typedef struct chr_meter_point {
    double bar;
    double beats; /* of a bar: 3.5 in 7/8 */
    double unit;  /* what is counted, in beats: 0.5 in 7/8 */
} chr_meter_point;

typedef struct chr_tempo_part {
    double beat;       /* where it begins */
    double bpm, slope; /* there; and how much more of it a beat later. 0: it stays */
    double s, s_rest;  /* seconds from the map's first beat to its beginning: the sum of both */
} chr_tempo_part;

typedef struct chr_meter_part {
    double beat, bar;   /* where it begins, from 0 */
    double beats, unit; /* as of the point */
} chr_meter_part;

typedef struct chr_time_map {
    uint32_t n_tempi, n_meters; /* 1 or more each; the first ones begin at beat 0, a tempo that was
                                   on its way when a session came back before it */
    uint32_t uses;              /* [control] 0: it is not counted */
    double loop_from, loop_to;  /* beats: at `loop_to` the clock goes back to `loop_from`; equal: it
                                   does not */
    double end;                 /* beat at which the piece ends and the clock stops; 0: nowhere */
    bool goes_on; /* its tempi are in beats that were played: a jump takes nothing of them back */
    const chr_tempo_part *tempi;
    const chr_meter_part *meters;
} chr_time_map;

/* How long is waited for: a number of bars or of beats; 0: not at all. */
typedef struct chr_quantum {
    double n;
    bool bars;
} chr_quantum;

/* 120 beats a minute, four a bar. Not counted. */
extern const chr_time_map chr_time_usual;

/* [control] The map of these points, which come in order, each at another beat or bar: the first at
 * 0, or a tempo before it, and none in the middle of a ramp. It is used once; NULL when memory is
 * out. */
chr_time_map *chr_time_map_new(const chr_tempo_point *tempi, uint32_t n_tempi,
                               const chr_meter_point *meters, uint32_t n_meters);
/* [control] One use more, and one less: with the last it is freed. NULL is fine. */
const chr_time_map *chr_time_map_share(const chr_time_map *map);
void chr_time_map_drop(const chr_time_map *map);
/* True if both say the same, loops and all. */
bool chr_time_map_same(const chr_time_map *a, const chr_time_map *b);

/* The part of the map in which a beat lies. `near`: where it is looked for first, any part; then
 * few steps lead there. The same for all that take one: 0 will do. */
uint32_t chr_time_map_part(const chr_time_map *map, double beat, uint32_t near) CHR_NONBLOCKING;
/* Samples from one beat to another (which may lie before it): the distance itself, not rounded. Its
 * error is below 4e-15 of the time from beat 0 to the later one: in ten minutes a ten-millionth of
 * a sample. */
double chr_time_map_samples(const chr_time_map *map, double from_beat, double to_beat,
                            double rate_hz, uint32_t from_near, uint32_t to_near) CHR_NONBLOCKING;
/* The beat that lies so many samples behind another: the inverse, with the same error. */
double chr_time_map_beat(const chr_time_map *map, double from_beat, double samples, double rate_hz,
                         uint32_t from_near) CHR_NONBLOCKING;
/* Beats a minute at a beat; of two tempi that meet there, the second. */
double chr_time_map_bpm(const chr_time_map *map, double beat) CHR_NONBLOCKING;

/* The bar (from 0) in which a beat lies; one that is a hair's breadth before its end lies in the
 * next. */
double chr_time_map_bar(const chr_time_map *map, double beat) CHR_NONBLOCKING;
/* The beat at which a bar begins; with a fraction, so much of the bar later. */
double chr_time_map_bar_beat(const chr_time_map *map, double bar) CHR_NONBLOCKING;
/* The inverse of that: 3.5 is the middle of the fourth bar. */
double chr_time_map_bars(const chr_time_map *map, double beat) CHR_NONBLOCKING;
/* How many beats so many bars last from a beat on. */
double chr_time_map_bars_long(const chr_time_map *map, double beat, double bars) CHR_NONBLOCKING;
/* The meter of a bar. */
const chr_meter_part *chr_time_map_meter(const chr_time_map *map, double bar) CHR_NONBLOCKING;

/* How many multiples of a quantum (more than 0), counted from bar 1, there are up to a beat, with
 * what there is of the next; and the beat at which one is. */
double chr_time_map_multiples(const chr_time_map *map, chr_quantum quantum,
                              double beat) CHR_NONBLOCKING;
double chr_time_map_multiple(const chr_time_map *map, chr_quantum quantum,
                             double n) CHR_NONBLOCKING;
/* The first multiple of a quantum at or after a beat, and the
 * one after it: one that a hair's breadth is missing to is that one. */
double chr_time_map_next(const chr_time_map *map, chr_quantum quantum, double beat) CHR_NONBLOCKING;
double chr_time_map_after(const chr_time_map *map, chr_quantum quantum,
                          double beat) CHR_NONBLOCKING;

#endif
