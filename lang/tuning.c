/* lang/tuning.c: Scala's files are read, and notes get their pitches.
 * SPDX-License-Identifier: MIT */
#include "lang/tuning.h"

#include "dsp/kernel/scalar.h"
#include "dsp/units.h"

#include <string.h>

/* ---- lines ---- */

typedef struct lines {
    const chr_source *source;
    chr_arena *arena;
    chr_diags *diags;
    size_t at;
    size_t from, to; /* the line at hand, without blanks at its ends */
} lines;

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

/* The next line that is no comment; false: there is none. */
static bool next_line(lines *l) {
    const char *text = l->source->text;
    while (l->at < l->source->len) {
        size_t from = l->at, to = from;
        while (to < l->source->len && text[to] != '\n' && text[to] != '\r')
            to++;
        l->at = to + 1;
        if (to + 1 < l->source->len && text[to] == '\r' && text[to + 1] == '\n')
            l->at++;
        if (from == 0 && to >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
            from = 3; /* a byte order mark */
        if (from < to && text[from] == '!')
            continue;
        while (from < to && is_blank(text[from]))
            from++;
        while (to > from && is_blank(text[to - 1]))
            to--;
        l->from = from;
        l->to = to;
        return true;
    }
    l->from = l->to = l->source->len;
    return false;
}

static bool next_filled_line(lines *l) {
    while (next_line(l))
        if (l->from < l->to)
            return true;
    return false;
}

static chr_span span_of(const lines *l) {
    return (chr_span){l->source, (uint32_t)l->from, (uint32_t)l->to};
}

/* The line, or the first of it, to be shown. */
static const char *line_text(const lines *l) {
    enum { SHOWN = 40 };
    size_t n = l->to - l->from;
    const char *text = chr_arena_copy(l->arena, l->source->text + l->from, n > SHOWN ? SHOWN : n);
    return text ? text : "";
}

/* ---- numbers ---- */

/* A number at the beginning of the line; what stands behind it is of no account. */
typedef struct numeral {
    bool negative, point, slash;
    double whole; /* the digits without a point: 701955 of 701.955 */
    int decimals;
    double under; /* behind the slash */
} numeral;

static double read_digits(const char *text, size_t *at, size_t to, double so_far, int *n) {
    for (; *at < to && text[*at] >= '0' && text[*at] <= '9'; ++*at) {
        if (*n < 18 || so_far == 0)
            so_far = so_far * 10 + (text[*at] - '0');
        ++*n;
    }
    return so_far;
}

static bool read_numeral(const lines *l, numeral *x) {
    const char *text = l->source->text;
    size_t at = l->from;
    *x = (numeral){.under = 1};
    if (at < l->to && (text[at] == '-' || text[at] == '+'))
        x->negative = text[at++] == '-';
    int n = 0, before;
    x->whole = read_digits(text, &at, l->to, 0, &n);
    before = n;
    if (at < l->to && text[at] == '.') {
        x->point = true;
        at++;
        while (at < l->to && text[at] >= '0' && text[at] <= '9') {
            if (n < 15) {
                x->whole = x->whole * 10 + (text[at] - '0');
                x->decimals++;
            }
            n++;
            at++;
        }
    } else if (before > 0 && at < l->to && text[at] == '/') {
        x->slash = true;
        at++;
        int digits = 0;
        x->under = read_digits(text, &at, l->to, 0, &digits);
        if (digits == 0 || digits > 18)
            return false;
    }
    return n > 0 && before <= 18 && (at == l->to || text[at] != '/');
}

static double value_of(const numeral *x) {
    double scale = 1;
    for (int i = 0; i < x->decimals; i++)
        scale *= 10;
    return (x->negative ? -x->whole : x->whole) / scale;
}

/* A whole number on the next line. `what`: "the number of notes". */
static bool read_whole(lines *l, const char *what, int least, int most, int *number) {
    numeral x;
    if (!next_filled_line(l)) {
        chr_report(l->diags, CHR_E712, span_of(l), what);
        return false;
    }
    if (!read_numeral(l, &x) || x.slash || x.point) {
        chr_report(l->diags, CHR_E713, span_of(l), line_text(l), what);
        return false;
    }
    double value = value_of(&x);
    if (value < least || value > most) {
        chr_report(l->diags, CHR_E410, span_of(l), what, least, most);
        return false;
    }
    *number = (int)value;
    return true;
}

/* ---- scales ---- */

/* With a point it is in cents, otherwise a ratio. */
static bool pitch_of(const lines *l, double *octaves) {
    numeral x;
    if (!read_numeral(l, &x))
        return false;
    if (x.point) {
        *octaves = value_of(&x) / 1200.0;
        return *octaves > -100 && *octaves < 100;
    }
    if (x.negative || !(x.whole > 0) || !(x.under > 0))
        return false;
    *octaves = chr_log2(x.whole / x.under);
    return true;
}

bool chr_scl_read(const chr_source *source, chr_arena *arena, chr_diags *diags, chr_scl *scl) {
    lines l = {.source = source, .arena = arena, .diags = diags};
    *scl = (chr_scl){.description = ""};
    if (next_line(&l))
        scl->description = line_text(&l);
    if (!read_whole(&l, "the number of notes", 0, CHR_SCL_MOST, &scl->n))
        return false;
    chr_span count = span_of(&l);
    scl->octaves = CHR_NEW_N(arena, double, scl->n + 1);
    if (!scl->octaves)
        return false;
    double more;
    for (int i = 0; i < scl->n; i++) {
        if (!next_filled_line(&l)) {
            chr_report(diags, CHR_E714, count, scl->n, i);
            return false;
        }
        if (!pitch_of(&l, &scl->octaves[i])) {
            chr_report(diags, CHR_E711, span_of(&l), line_text(&l));
            return false;
        }
    }
    int n = scl->n;
    chr_span behind = {0};
    while (next_filled_line(&l) && pitch_of(&l, &more)) {
        behind = n == scl->n ? span_of(&l) : behind;
        n++;
    }
    if (n > scl->n)
        chr_report(diags, CHR_E714, behind, scl->n, n);
    return n == scl->n;
}

/* ---- key maps ---- */

chr_keymap chr_keymap_usual(int middle) {
    return (chr_keymap){
        .last = CHR_NOTES - 1, .middle = middle, .reference = middle, .hz = chr_note_hz(middle)};
}

static bool read_frequency(lines *l, double *hz) {
    static const char what[] = "the frequency of the reference note";
    numeral x;
    if (!next_filled_line(l)) {
        chr_report(l->diags, CHR_E712, span_of(l), what);
        return false;
    }
    *hz = read_numeral(l, &x) && !x.slash ? value_of(&x) : 0;
    if (*hz >= 0.01 && *hz <= 100000)
        return true;
    chr_report(l->diags, CHR_E713, span_of(l), line_text(l), what);
    return false;
}

static bool read_degree(lines *l, int *degree) {
    const char *text = l->source->text + l->from;
    numeral x;
    if ((*text == 'x' || *text == 'X') && (l->to == l->from + 1 || is_blank(text[1]))) {
        *degree = CHR_UNMAPPED;
        return true;
    }
    if (read_numeral(l, &x) && !x.point && !x.slash && x.whole <= 100000) {
        *degree = (int)value_of(&x);
        return true;
    }
    chr_report(l->diags, CHR_E713, span_of(l), line_text(l), "a degree of the scale, or x,");
    return false;
}

bool chr_keymap_read(const chr_source *source, chr_arena *arena, chr_diags *diags,
                     chr_keymap *map) {
    lines l = {.source = source, .arena = arena, .diags = diags};
    const int top = CHR_NOTES - 1;
    *map = (chr_keymap){0};
    if (!read_whole(&l, "the size of the map", 0, CHR_SCL_MOST, &map->n) ||
        !read_whole(&l, "the first note of the map", 0, top, &map->first) ||
        !read_whole(&l, "the last note of the map", 0, top, &map->last) ||
        !read_whole(&l, "the middle note", 0, top, &map->middle) ||
        !read_whole(&l, "the reference note", 0, top, &map->reference))
        return false;
    chr_span reference = span_of(&l);
    if (!read_frequency(&l, &map->hz) ||
        !read_whole(&l, "the degree of the octave", 0, 100000, &map->octave))
        return false;
    map->degrees = CHR_NEW_N(arena, int, map->n + 1);
    if (!map->degrees)
        return false;
    for (int i = 0; i < map->n; i++)
        map->degrees[i] = CHR_UNMAPPED; /* the last ones may be left out */
    for (int i = 0; i < map->n && next_filled_line(&l); i++)
        if (!read_degree(&l, &map->degrees[i]))
            return false;
    double hz[CHR_NOTES];
    if (chr_tuning_make(NULL, map, hz))
        return true;
    chr_report(diags, CHR_E715, reference, map->reference);
    return false;
}

/* ---- pitches ---- */

static int divided(int a, int b, int *rest) {
    int q = a / b;
    *rest = a - q * b;
    if (*rest < 0) {
        *rest += b;
        q--;
    }
    return q;
}

/* A degree of the scale in octaves above 1/1. */
static double octaves_of(const chr_scl *scl, int degree) {
    if (!scl)
        return degree / 12.0;
    if (scl->n == 0)
        return 0;
    int rest, turns = divided(degree, scl->n, &rest);
    return turns * scl->octaves[scl->n - 1] + (rest ? scl->octaves[rest - 1] : 0);
}

/* False: the map has no key for the note. */
static bool note_octaves(const chr_scl *scl, const chr_keymap *map, int note, double *octaves) {
    int key = note - map->middle, rest;
    *octaves = octaves_of(scl, key);
    if (map->n == 0)
        return true;
    int turns = divided(key, map->n, &rest), repeats = map->octave;
    if (map->degrees[rest] == CHR_UNMAPPED)
        return false;
    if (repeats == 0)
        repeats = scl ? scl->n : 12;
    *octaves = turns * octaves_of(scl, repeats) + octaves_of(scl, map->degrees[rest]);
    return true;
}

bool chr_tuning_make(const chr_scl *scl, const chr_keymap *map, double hz[CHR_NOTES]) {
    double reference, octaves;
    if (!note_octaves(scl, map, map->reference, &reference))
        return false;
    for (int note = 0; note < CHR_NOTES; note++) {
        if (note < map->first || note > map->last) {
            hz[note] = chr_note_hz(note);
            continue;
        }
        hz[note] = 0;
        if (!note_octaves(scl, map, note, &octaves))
            continue;
        /* Equal steps are counted as chr_note_hz counts them, so that A4=440Hz changes no bit. */
        bool equal = !scl && map->n == 0;
        double way = equal ? (note - map->reference) / 12.0 : octaves - reference;
        way = way < -40 ? -40 : way > 40 ? 40 : way;
        double pitch = map->hz * chr_exp2(way);
        hz[note] = pitch < 0.01 ? 0.01 : pitch > 100000 ? 100000 : pitch;
    }
    return true;
}
