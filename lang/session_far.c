/* lang/session_far.c: how far a word of `make` turns a knob.
 *
 * What has a logarithmic travel, and frequencies, times and levels, is multiplied or divided; other
 * knobs travel a share of their range. A knob stops at the end of its range. No function of the C
 * library has a hand in the numbers: they are the same on every machine.
 * SPDX-License-Identifier: MIT */
#include "lang/session_make.h"

#include <string.h>

chr_distance chr_distance_of(const chr_axis_info *axis, const chr_move *move, const chr_wish *w) {
    double factor = move->factor * w->factor, size = factor < 0 ? -factor : factor;
    double own = move->factor < 0 ? -move->factor : move->factor;
    chr_distance d = {.way = factor < 0 ? -1 : 1};
    d.to_end = move->factor == CHR_ALL_THE_WAY_DOWN || w->factor == CHR_ALL_THE_WAY_DOWN;
    d.to_rest = move->factor == CHR_BACK_TO_REST;
    d.whole = w->whole;
    double ratio = axis->ratio * size, share = axis->share * size;
    if (w->whole)
        ratio = share = 100;
    else if (w->percent > 0)
        ratio = share = w->percent * (own < 1 ? own : 1);
    d.ratio = 1 + ratio / 100;
    d.share = share / 100;
    return d;
}

/* A range as wide as this was given by nobody, and a share of it would be beyond all measure. */
#define CHR_NO_RANGE 1e6

static bool is_multiplied(const chr_knob *k) {
    return k->curve == CHR_LOG || k->unit == CHR_UNIT_HZ || k->unit == CHR_UNIT_S ||
           (k->unit == CHR_UNIT_RATIO && k->greatest > 1) || k->greatest - k->least > CHR_NO_RANGE;
}

bool chr_is_level(const chr_knob *k) {
    return strcmp(k->label, "level") == 0;
}

/* Three digits are enough for who reads it. */
static double rounded(double x) {
    double size = x < 0 ? -x : x, unit = 1;
    if (!(size > 1e-9 && size < 1e9))
        return x;
    while (size >= 1000 * unit)
        unit *= 10;
    while (size < 100 * unit && unit > 1e-12)
        unit /= 10;
    double n = (double)(long long)(size / unit + 0.5);
    /* Divided by whole powers of ten: 0.35 is the number that is written so. */
    double whole = unit >= 1 ? n * unit : n / (double)(long long)(1 / unit + 0.5);
    return x < 0 ? -whole : whole;
}

double chr_moved(const chr_knob *k, const chr_distance *d, double least) {
    double x = k->value, db = 0;
    if (d->to_rest)
        return k->dflt;
    if (d->to_end)
        return k->least;
    if (k->unit == CHR_UNIT_DB &&
        chr_unit_convert(d->ratio, CHR_UNIT_RATIO, CHR_UNIT_DB, NULL, &db)) {
        x += d->way * db;
    } else if (is_multiplied(k) || (d->whole && x > 0)) {
        if (d->way > 0 && x >= 0 && x < least)
            x = least;
        if (d->way > 0 && x == 0)
            x = k->greatest > CHR_NO_RANGE ? 1 : k->greatest / 100;
        x = (d->way > 0) == (x > 0) ? x * d->ratio : x / d->ratio;
    } else {
        x += d->way * d->share * (k->greatest - k->least);
    }
    bool gain = chr_is_level(k) && strcmp(k->word, "gain") == 0;
    double near = gain ? x : rounded(x); /* a level is rounded in decibels */
    x = near == rounded(k->value) ? x : near;
    double hair = 1e-6 * (k->greatest - k->least); /* the knob holds a float */
    return x < k->least + hair ? k->least : x > k->greatest - hair ? k->greatest : x;
}

bool chr_same_value(double a, double b) {
    double off = a - b, size = a < 0 ? -a : a;
    return (off < 0 ? -off : off) <= 1e-5 * size + 1e-9;
}

const char *chr_value_text(chr_arena *arena, double x, chr_unit unit, bool level) {
    char text[64];
    double db;
    if (unit == CHR_UNIT_ST) {
        x *= 100;
        unit = CHR_UNIT_CENT;
    } else if (level && chr_unit_convert(x, CHR_UNIT_RATIO, CHR_UNIT_DB, NULL, &db)) {
        x = (double)(long long)(db * 10 + (db < 0 ? -0.5 : 0.5)) / 10;
        unit = CHR_UNIT_DB;
    }
    chr_unit_format(text, sizeof text, x, unit);
    char *to = text;
    for (const char *from = text; *from; from++)
        if (*from != ' ')
            *to++ = *from;
    return chr_arena_copy(arena, text, (size_t)(to - text));
}
