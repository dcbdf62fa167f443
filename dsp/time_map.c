/* dsp/time_map.c: a tempo map's integral and its inverse, and bars among beats.
 *
 * Seconds from the beginning of a part to x beats later, where the tempo is bpm + slope x:
 *
 *     s(x) = 60 / slope * ln(1 + slope x / bpm) = 60 x / bpm * ln(1 + u) / u,   u = slope x / bpm
 *     x(s) = bpm / slope * (e^v - 1)            = bpm s / 60 * (e^v - 1) / v,   v = slope s / 60
 *
 * The quotients tend to 1 where the ramp is flat, so nothing is divided by a small slope.
 * SPDX-License-Identifier: MIT */
#include "dsp/time_map.h"

#include "dsp/kernel/scalar.h"

#include <stdlib.h>
#include <string.h>

#define HAIR 1e-9 /* of a bar, or of a multiple: more than what arithmetic can be off by */

static const chr_tempo_part usual_tempo = {.bpm = 120.0};
static const chr_meter_part usual_meter = {.beats = 4.0, .unit = 1.0};
const chr_time_map chr_time_usual = {
    .n_tempi = 1, .n_meters = 1, .tempi = &usual_tempo, .meters = &usual_meter};

/* ---- inside one part ---- */

/* ln(1 + u) / u for u > -1. Relative error 1e-15. */
static double log1p_share(double u) {
    double s = u / (2.0 + u);
    if (s > 0.1716 || s < -0.1716)
        return chr_log(1.0 + u) / u;
    /* 2 artanh(s) = ln(1 + u), and u = 2 s / (1 - s) */
    double t = s * s, p = 1.0 / 23.0;
    for (int k = 21; k >= 3; k -= 2)
        p = p * t + 1.0 / k;
    return (1.0 - s) * (1.0 + p * t);
}

/* (e^v - 1) / v. Relative error 1e-15 * (1 + |v|). */
static double expm1_share(double v) {
    if (v > 0.34 || v < -0.34)
        return (chr_exp(v) - 1.0) / v;
    return v == 0.0 ? 1.0 : chr_small_expm1(v) / v;
}

/* Before the piece begins, the first tempo holds. */
static double seconds_in(const chr_tempo_part *p, double beats) {
    double s = beats * 60.0 / p->bpm;
    return p->slope == 0.0 || beats <= 0.0 ? s : s * log1p_share(p->slope * beats / p->bpm);
}

static double beats_in(const chr_tempo_part *p, double s) {
    double beats = s * p->bpm / 60.0;
    return p->slope == 0.0 || s <= 0.0 ? beats : beats * expm1_share(p->slope * s / 60.0);
}

/* ---- making one ---- */

/* *s + *rest becomes the sum with x, exact but for 2^-106 of it (D. E. Knuth's two-sum). */
static void add_exactly(double *s, double *rest, double x) {
    double sum = *s + x, part = sum - *s;
    double lost = (*s - (sum - part)) + (x - part) + *rest;
    *s = sum + lost;
    *rest = lost - (*s - sum);
}

static uint32_t begin_part(chr_tempo_part *parts, uint32_t n, double beat, double bpm,
                           double slope) {
    chr_tempo_part *p = &parts[n];
    *p = (chr_tempo_part){.beat = beat, .bpm = bpm, .slope = slope};
    if (n > 0) {
        const chr_tempo_part *last = &parts[n - 1];
        p->s = last->s;
        p->s_rest = last->s_rest;
        add_exactly(&p->s, &p->s_rest, seconds_in(last, beat - last->beat));
    }
    return n + 1;
}

chr_time_map *chr_time_map_new(const chr_tempo_point *tempi, uint32_t n_tempi,
                               const chr_meter_point *meters, uint32_t n_meters) {
    /* A ramp is two parts: it, and the tempo that it leads to. */
    chr_time_map *map = malloc(sizeof *map + 2 * n_tempi * sizeof(chr_tempo_part) +
                               n_meters * sizeof(chr_meter_part));
    if (!map)
        return NULL;
    chr_tempo_part *parts = (chr_tempo_part *)(map + 1);
    chr_meter_part *bars = (chr_meter_part *)(parts + 2 * n_tempi);
    uint32_t n = 0;
    for (uint32_t i = 0; i < n_tempi; i++) {
        const chr_tempo_point *t = &tempi[i];
        bool ramp = t->length > 0.0;
        double end = t->beat + t->length;
        n = begin_part(parts, n, t->beat, t->bpm, ramp ? (t->to_bpm - t->bpm) / t->length : 0.0);
        if (ramp && (i + 1 == n_tempi || tempi[i + 1].beat > end))
            n = begin_part(parts, n, end, t->to_bpm, 0.0);
    }
    for (uint32_t i = 0; i < n_meters; i++) {
        bars[i] = (chr_meter_part){
            .bar = meters[i].bar, .beats = meters[i].beats, .unit = meters[i].unit};
        if (i > 0)
            bars[i].beat = bars[i - 1].beat + (bars[i].bar - bars[i - 1].bar) * bars[i - 1].beats;
    }
    *map = (chr_time_map){
        .n_tempi = n, .n_meters = n_meters, .uses = 1, .tempi = parts, .meters = bars};
    return map;
}

static chr_time_map *counted(const chr_time_map *map) {
    return map && map->uses ? (chr_time_map *)(uintptr_t)map : NULL;
}

const chr_time_map *chr_time_map_share(const chr_time_map *map) {
    chr_time_map *own = counted(map);
    if (own)
        own->uses++;
    return map;
}

void chr_time_map_drop(const chr_time_map *map) {
    chr_time_map *own = counted(map);
    if (own && --own->uses == 0) /* from now on it would pass for one that nobody counts */
        free(own);
}

bool chr_time_map_same(const chr_time_map *a, const chr_time_map *b) {
    return a == b || (a->n_tempi == b->n_tempi && a->n_meters == b->n_meters &&
                      a->loop_from == b->loop_from && a->loop_to == b->loop_to &&
                      a->end == b->end && a->goes_on == b->goes_on &&
                      memcmp(a->tempi, b->tempi, a->n_tempi * sizeof *a->tempi) == 0 &&
                      memcmp(a->meters, b->meters, a->n_meters * sizeof *a->meters) == 0);
}

/* ---- finding a part ---- */

/* Of parts that begin one after the other, the last one that begins at `at` or before: the one from
 * `low` on, before `high`. `first` is where the first part's beginning stands, and the next one's
 * is `apart` bytes on. */
static uint32_t last_begun(const double *first, size_t apart, uint32_t low, uint32_t high,
                           double at) {
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        const void *begins = (const char *)first + middle * apart;
        if (*(const double *)begins <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* ---- tempo ---- */

uint32_t chr_time_map_part(const chr_time_map *map, double beat, uint32_t near) {
    uint32_t low = 0, high = map->n_tempi; /* it is low or later, and before high */
    if (near < high && map->tempi[near].beat <= beat) {
        low = near;
        for (uint32_t i = near; i < near + 2; i++) /* mostly it is this one or the next */
            if (i + 1 == high || map->tempi[i + 1].beat > beat)
                return i;
    }
    return last_begun(&map->tempi[0].beat, sizeof map->tempi[0], low, high, beat);
}

double chr_time_map_samples(const chr_time_map *map, double from_beat, double to_beat,
                            double rate_hz, uint32_t from_near, uint32_t to_near) {
    uint32_t i = chr_time_map_part(map, from_beat, from_near);
    uint32_t k = chr_time_map_part(map, to_beat, to_near);
    const chr_tempo_part *from = &map->tempi[i], *to = &map->tempi[k];
    if (i == k && from->slope == 0.0)
        return (to_beat - from_beat) * 60.0 * rate_hz / from->bpm;
    double inside = seconds_in(to, to_beat - to->beat) - seconds_in(from, from_beat - from->beat);
    return ((to->s - from->s) + ((to->s_rest - from->s_rest) + inside)) * rate_hz;
}

/* The part in which a moment lies, in seconds from beat 0. */
static uint32_t part_at(const chr_time_map *map, double s) {
    return last_begun(&map->tempi[0].s, sizeof map->tempi[0], 0, map->n_tempi, s);
}

double chr_time_map_beat(const chr_time_map *map, double from_beat, double samples, double rate_hz,
                         uint32_t from_near) {
    uint32_t i = chr_time_map_part(map, from_beat, from_near);
    const chr_tempo_part *p = &map->tempi[i];
    if (p->slope == 0.0) {
        double beat = from_beat + samples * p->bpm / (60.0 * rate_hz);
        if ((i == 0 || beat >= p->beat) && (i + 1 == map->n_tempi || beat < p[1].beat))
            return beat;
    }
    double inside = seconds_in(p, from_beat - p->beat) + p->s_rest + samples / rate_hz;
    uint32_t k = part_at(map, p->s + inside);
    const chr_tempo_part *to = &map->tempi[k];
    double beats = beats_in(to, (p->s - to->s) + (inside - to->s_rest));
    double beat = to->beat + (k == 0 || beats > 0.0 ? beats : 0.0);
    return k + 1 < map->n_tempi && beat > to[1].beat ? to[1].beat : beat;
}

double chr_time_map_bpm(const chr_time_map *map, double beat) {
    const chr_tempo_part *p = &map->tempi[chr_time_map_part(map, beat, 0)];
    return beat > p->beat ? p->bpm + p->slope * (beat - p->beat) : p->bpm;
}

/* ---- bars ---- */

const chr_meter_part *chr_time_map_meter(const chr_time_map *map, double bar) {
    const chr_meter_part *all = map->meters;
    return &all[last_begun(&all->bar, sizeof *all, 0, map->n_meters, bar)];
}

/* The meter that holds at a beat. */
static const chr_meter_part *meter_at(const chr_time_map *map, double beat) {
    const chr_meter_part *all = map->meters;
    return &all[last_begun(&all->beat, sizeof *all, 0, map->n_meters, beat + HAIR)];
}

double chr_time_map_bar(const chr_time_map *map, double beat) {
    const chr_meter_part *m = meter_at(map, beat);
    return m->bar + chr_floor_d((beat - m->beat) / m->beats + HAIR);
}

double chr_time_map_bar_beat(const chr_time_map *map, double bar) {
    const chr_meter_part *m = chr_time_map_meter(map, bar);
    return m->beat + (bar - m->bar) * m->beats;
}

double chr_time_map_bars(const chr_time_map *map, double beat) {
    const chr_meter_part *m = meter_at(map, beat);
    return m->bar + (beat - m->beat) / m->beats;
}

double chr_time_map_bars_long(const chr_time_map *map, double beat, double bars) {
    const chr_meter_part *m = meter_at(map, beat);
    double beats = bars * m->beats;
    if (m + 1 == map->meters + map->n_meters || beat + beats <= m[1].beat)
        return beats;
    return chr_time_map_bar_beat(map, chr_time_map_bars(map, beat) + bars) - beat;
}

double chr_time_map_multiple(const chr_time_map *map, chr_quantum quantum, double n) {
    return quantum.bars ? chr_time_map_bar_beat(map, n * quantum.n) : n * quantum.n;
}

double chr_time_map_multiples(const chr_time_map *map, chr_quantum quantum, double beat) {
    return (quantum.bars ? chr_time_map_bars(map, beat) : beat) / quantum.n;
}

double chr_time_map_next(const chr_time_map *map, chr_quantum quantum, double beat) {
    double n = chr_time_map_multiples(map, quantum, beat);
    return chr_time_map_multiple(map, quantum, 0.0 - chr_floor_d(HAIR - n));
}

double chr_time_map_after(const chr_time_map *map, chr_quantum quantum, double beat) {
    double n = chr_time_map_multiples(map, quantum, beat);
    return chr_time_map_multiple(map, quantum, chr_floor_d(n + HAIR) + 1.0);
}
