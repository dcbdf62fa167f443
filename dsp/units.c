/* dsp/units.c: what units mean: kinds, conversions, and how a value is written for a player.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/units.h"

#include "dsp/kernel/scalar.h"

#include <inttypes.h>
#include <stdio.h>

const char *chr_unit_kind(chr_unit unit) {
    switch (unit) {
    case CHR_UNIT_NONE:
        return "a number";
    case CHR_UNIT_HZ:
        return "a frequency";
    case CHR_UNIT_S:
        return "a time";
    case CHR_UNIT_RATIO:
        return "a level";
    case CHR_UNIT_DB:
        return "a level";
    case CHR_UNIT_PERCENT:
        return "a percentage";
    case CHR_UNIT_ST:
        return "an interval";
    case CHR_UNIT_CENT:
        return "an interval";
    case CHR_UNIT_BPM:
        return "a tempo";
    case CHR_UNIT_DEG:
        return "an angle";
    case CHR_UNIT_BEATS:
        return "a musical length";
    case CHR_UNIT_BARS:
        return "a musical length";
    case CHR_UNIT_WHOLES:
        return "a musical length";
    case CHR_UNIT_NOTE:
        return "a note";
    case CHR_UNIT_COUNT:
        break;
    }
    return "a number";
}

double chr_note_hz(double midi) {
    return 440.0 * chr_exp2((midi - 69.0) / 12.0);
}

double chr_tuned_hz(const double *note_hz, double midi) {
    if (!note_hz)
        return chr_note_hz(midi);
    if (!(midi > 0.0))
        return note_hz[0] * chr_exp2(midi / 12.0);
    if (midi >= 127.0)
        return note_hz[127] * chr_exp2((midi - 127.0) / 12.0);
    int below = (int)midi;
    double part = midi - below, low = note_hz[below], high = note_hz[below + 1];
    if (part == 0.0)
        return low;
    return low > 0.0 && high > 0.0 ? low * chr_exp2(part * chr_log2(high / low)) : 0.0;
}

double chr_named_note_hz(const double *note_hz, double midi) {
    double hz = chr_tuned_hz(note_hz, midi);
    return hz > 0.0 ? hz : chr_note_hz(midi);
}

/* The number of beats (quarter notes) in a length of time or music; false for what is neither. */
static bool in_beats(double value, chr_unit from, const chr_tempo *tempo, double *beats) {
    switch (from) {
    case CHR_UNIT_BEATS:
        *beats = value;
        return true;
    case CHR_UNIT_BARS:
        *beats = value * tempo->beats_per_bar;
        return true;
    case CHR_UNIT_WHOLES:
        *beats = value * 4.0;
        return true;
    case CHR_UNIT_S:
        *beats = value * tempo->bpm / 60.0;
        return true;
    default:
        return false;
    }
}

static double ratio_of_db(double db) {
    return chr_exp2(db * (CHR_LOG2_10 / 20.0));
}
static double db_of_ratio(double ratio) {
    return chr_log2(ratio) * (20.0 / CHR_LOG2_10);
}

static bool to_hz(double value, chr_unit from, const chr_tempo *tempo, double *out) {
    double beats;
    if (from == CHR_UNIT_NOTE)
        *out = chr_named_note_hz(tempo->note_hz, value);
    else if (from == CHR_UNIT_BPM)
        *out = value / 60.0;
    else if (from != CHR_UNIT_S && in_beats(value, from, tempo, &beats))
        *out = tempo->bpm / (60.0 * beats); /* once in that time */
    else
        return false;
    return true;
}

static bool to_level(double value, chr_unit from, chr_unit to, double *out) {
    double ratio;
    if (from == CHR_UNIT_PERCENT)
        ratio = value / 100.0;
    else if (from == CHR_UNIT_RATIO)
        ratio = value;
    else if (from == CHR_UNIT_WHOLES && to != CHR_UNIT_DB)
        ratio = value; /* 1/4 where no length is asked for is a quarter */
    else if (from == CHR_UNIT_DB && to != CHR_UNIT_NONE)
        ratio = ratio_of_db(value);
    else
        return false;
    if (to == CHR_UNIT_DB && !(ratio > 0.0))
        return false; /* silence has no decibels */
    *out = to == CHR_UNIT_DB ? db_of_ratio(ratio) : to == CHR_UNIT_PERCENT ? ratio * 100.0 : ratio;
    return true;
}

bool chr_unit_convert(double value, chr_unit from, chr_unit to, const chr_tempo *tempo,
                      double *out) {
    static const chr_tempo usual = {120.0, 4.0, NULL};
    double beats;
    if (!tempo)
        tempo = &usual;
    if (from == to || from == CHR_UNIT_NONE) {
        *out = value;
        return true;
    }
    switch (to) {
    case CHR_UNIT_HZ:
        return to_hz(value, from, tempo, out);
    case CHR_UNIT_S:
        if (!in_beats(value, from, tempo, &beats))
            return false;
        *out = beats * 60.0 / tempo->bpm;
        return true;
    case CHR_UNIT_BEATS:
    case CHR_UNIT_BARS:
    case CHR_UNIT_WHOLES:
        if (!in_beats(value, from, tempo, &beats))
            return false;
        *out = to == CHR_UNIT_BEATS  ? beats
               : to == CHR_UNIT_BARS ? beats / tempo->beats_per_bar
                                     : beats / 4.0;
        return true;
    case CHR_UNIT_NONE:
    case CHR_UNIT_RATIO:
    case CHR_UNIT_DB:
    case CHR_UNIT_PERCENT:
        return to_level(value, from, to, out);
    case CHR_UNIT_ST:
        if (from != CHR_UNIT_CENT)
            return false;
        *out = value / 100.0;
        return true;
    case CHR_UNIT_CENT:
        if (from != CHR_UNIT_ST)
            return false;
        *out = value * 100.0;
        return true;
    case CHR_UNIT_BPM:
        if (from != CHR_UNIT_HZ)
            return false;
        *out = value * 60.0;
        return true;
    case CHR_UNIT_NOTE:
        if (from != CHR_UNIT_HZ || !(value > 0.0))
            return false;
        *out = 69.0 + 12.0 * chr_log2(value / 440.0);
        return true;
    case CHR_UNIT_DEG:
    case CHR_UNIT_COUNT:
        break;
    }
    return false;
}

/* Writes a number with four significant digits and no more zeros than it needs. Not by printf: the
 * point must not become a comma where the player's locale has one. */
static void format_number(char *text, size_t n, double value) {
    const char *sign = value < 0.0 ? "-" : "";
    double x = value < 0.0 ? -value : value;
    if (x != x) {
        snprintf(text, n, "not a number");
        return;
    }
    if (x >= 1e15) {
        snprintf(text, n, "%s%s", sign, x > 1e300 ? "infinite" : "huge");
        return;
    }
    int decimals = 3;
    double scale = 1000.0;
    for (; decimals > 0 && x * scale >= 9999.5; decimals--)
        scale /= 10.0;
    while (decimals < 9 && x > 0.0 && x * scale < 999.5) {
        scale *= 10.0;
        decimals++;
    }
    uint64_t whole = (uint64_t)(x * scale + 0.5);
    while (decimals > 0 && whole % 10 == 0) {
        whole /= 10;
        decimals--;
    }
    uint64_t unit = 1;
    for (int i = 0; i < decimals; i++)
        unit *= 10;
    if (whole == 0)
        snprintf(text, n, "0");
    else if (decimals == 0)
        snprintf(text, n, "%s%" PRIu64, sign, whole);
    else
        snprintf(text, n, "%s%" PRIu64 ".%0*" PRIu64, sign, whole / unit, decimals, whole % unit);
}

/* 0.1875 as 3/16: the note lengths that are written so. False for any other number. */
static bool format_fraction(char *text, size_t n, double wholes) {
    static const int bottoms[] = {1, 2, 4, 8, 16, 32, 64, 128, 3, 6, 12, 24, 48, 96};
    for (size_t i = 0; i < sizeof bottoms / sizeof bottoms[0]; i++) {
        double top = wholes * bottoms[i], nearest = chr_floor_d(top + 0.5);
        if (nearest >= 1.0 && nearest <= 4096.0 && top - nearest < 1e-9 && nearest - top < 1e-9) {
            snprintf(text, n, "%d/%d", (int)nearest, bottoms[i]);
            return true;
        }
    }
    return false;
}

static void format_note(char *text, size_t n, double midi) {
    static const char *const names[] = {"C",  "C#", "D",  "D#", "E",  "F",
                                        "F#", "G",  "G#", "A",  "A#", "B"};
    char cents[32];
    double nearest = chr_floor_d(midi + 0.5);
    if (!(nearest >= 0.0 && nearest <= 131.0)) { /* C-1 to B9 have names */
        format_number(text, n, midi);
        return;
    }
    int key = (int)nearest;
    double off = (midi - nearest) * 100.0;
    if (off > -0.05 && off < 0.05) {
        snprintf(text, n, "%s%d", names[key % 12], key / 12 - 1);
    } else {
        format_number(cents, sizeof cents, off);
        snprintf(text, n, "%s%d %s%s ct", names[key % 12], key / 12 - 1, off > 0.0 ? "+" : "",
                 cents);
    }
}

void chr_unit_format(char *text, size_t n, double value, chr_unit unit) {
    char number[32];
    const char *suffix = "";
    double size = value < 0.0 ? -value : value, shown = value;
    switch (unit) {
    case CHR_UNIT_HZ:
        suffix = size >= 999.95 ? " kHz" : " Hz"; /* what would be written 1000 Hz is 1 kHz */
        shown = size >= 999.95 ? value / 1000.0 : value;
        break;
    case CHR_UNIT_S:
        suffix = size < 0.99995 && size > 0.0 ? " ms" : " s";
        shown = size < 0.99995 && size > 0.0 ? value * 1000.0 : value;
        break;
    case CHR_UNIT_DB:
        suffix = " dB";
        break;
    case CHR_UNIT_PERCENT:
        suffix = "%";
        break;
    case CHR_UNIT_ST:
        suffix = " st";
        break;
    case CHR_UNIT_CENT:
        suffix = " ct";
        break;
    case CHR_UNIT_BPM:
        suffix = " bpm";
        break;
    case CHR_UNIT_DEG:
        suffix = " deg";
        break;
    case CHR_UNIT_BEATS:
        suffix = value == 1.0 ? " beat" : " beats";
        break;
    case CHR_UNIT_BARS:
        suffix = value == 1.0 ? " bar" : " bars";
        break;
    case CHR_UNIT_WHOLES:
        if (format_fraction(text, n, value))
            return;
        suffix = " of a whole note";
        break;
    case CHR_UNIT_NOTE:
        format_note(text, n, value);
        return;
    case CHR_UNIT_NONE:
    case CHR_UNIT_RATIO:
    case CHR_UNIT_COUNT:
        break;
    }
    format_number(number, sizeof number, shown);
    snprintf(text, n, "%s%s", number, suffix);
}
