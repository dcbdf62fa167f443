/* lang/check/value.c: values: constants and signals of voices x copies x sides, and how they widen
 * to one another. SPDX-License-Identifier: MIT */
#include "lang/check/inner.h"

#include "dsp/kernel/scalar.h"

value poison(void) {
    return (value){.kind = VALUE_POISON, .shape = shape_one};
}

value number(double x, chr_unit unit) {
    return (value){.kind = VALUE_NUMBER, .unit = unit, .shape = shape_one, .number = x};
}

value signal_of(const chr_strand *strands, shape s) {
    return (value){.kind = VALUE_SIGNAL, .shape = s, .strands = strands};
}

double number_at(const value *v, uint32_t i) {
    return v->numbers != NULL ? v->numbers[i] : v->number;
}

chr_strand strand_const(float x) {
    return (chr_strand){.kind = CHR_STRAND_CONST, .value = x};
}

uint32_t spread_index(shape own, shape s, uint32_t i) {
    uint32_t side = i % s.sides, copy = i / s.sides % s.copies, voice = i / s.sides / s.copies;
    side = own.sides == 1 ? 0 : side;
    copy = own.copies == 1 ? 0 : copy;
    voice = own.voices == 1 ? 0 : voice;
    return (voice * own.copies + copy) * own.sides + side;
}

static bool widen(uint32_t *a, uint32_t b) {
    if (b != 1 && *a != 1 && *a != b)
        return false;
    *a = b > *a ? b : *a;
    return true;
}

bool shape_widen(shape *s, shape own) {
    return widen(&s->voices, own.voices) && widen(&s->copies, own.copies) &&
           widen(&s->sides, own.sides);
}

double neutral(checker *c, double x, chr_unit unit) {
    double y = x;
    switch (unit) {
    case CHR_UNIT_NOTE:
        return note_in_hz(c, x);
    case CHR_UNIT_DB:
        return chr_exp2(x * (CHR_LOG2_10 / 20.0));
    case CHR_UNIT_PERCENT:
        return x / 100.0;
    case CHR_UNIT_ST:
        return chr_exp2(x / 12.0);
    case CHR_UNIT_CENT:
        return chr_exp2(x / 1200.0);
    case CHR_UNIT_BEATS:
    case CHR_UNIT_BARS:
        convert(c, x, unit, CHR_UNIT_S, &y);
        return y;
    default:
        return x;
    }
}

value as_signal(checker *c, value v) {
    if (v.kind != VALUE_NUMBER)
        return v;
    uint32_t n = shape_size(v.shape);
    chr_strand *strands = TAKE_N(c, chr_strand, n);
    for (uint32_t i = 0; i < n; i++)
        strands[i] = strand_const((float)neutral(c, number_at(&v, i), v.unit));
    value s = signal_of(strands, v.shape);
    if (v.unit == CHR_UNIT_HZ || v.unit == CHR_UNIT_NOTE)
        s.unit = CHR_UNIT_HZ;
    return s;
}

void report_no_number(checker *c, chr_span span, const value *v) {
    REPORT(c, E406, span, v->kind == VALUE_TEXT ? "a text in quotes" : "the name of a choice");
}

bool one_number(checker *c, const value *v, chr_span span, const char *what, double *out) {
    if (v->kind == VALUE_POISON)
        return false;
    if (v->kind != VALUE_NUMBER || shape_size(v->shape) != 1) {
        REPORT(c, E407, span, what);
        return false;
    }
    *out = v->number;
    return true;
}

static bool is_music(chr_unit unit) {
    return unit == CHR_UNIT_BEATS || unit == CHR_UNIT_BARS || unit == CHR_UNIT_WHOLES;
}

static bool is_time(chr_unit unit) {
    return unit == CHR_UNIT_S || unit == CHR_UNIT_HZ;
}

bool convert(checker *c, double x, chr_unit from, chr_unit to, double *out) {
    c->follows |= (is_music(from) && is_time(to)) || (is_time(from) && is_music(to));
    chr_tempo here = c->tempo;
    here.bpm = c->bpm_here;
    return chr_unit_convert(x, from, to, &here, out);
}

/* ---- lists ---- */

/* The unit that numbers of two units can share in a list, or false. */
static bool shared_unit(checker *c, chr_unit a, chr_unit b, chr_unit *out) {
    double x;
    if (a == b || b == CHR_UNIT_NONE)
        *out = a;
    else if (a == CHR_UNIT_NONE)
        *out = b;
    else if ((a == CHR_UNIT_NOTE && b == CHR_UNIT_HZ) || (a == CHR_UNIT_HZ && b == CHR_UNIT_NOTE))
        *out = CHR_UNIT_HZ;
    else if (chr_unit_convert(1, b, CHR_UNIT_S, &c->tempo, &x) &&
             chr_unit_convert(1, a, CHR_UNIT_S, &c->tempo, &x))
        *out = CHR_UNIT_S;
    else if ((a == CHR_UNIT_ST && b == CHR_UNIT_CENT) || (a == CHR_UNIT_CENT && b == CHR_UNIT_ST))
        *out = CHR_UNIT_ST;
    else if (chr_unit_convert(1, b, CHR_UNIT_RATIO, &c->tempo, &x) &&
             chr_unit_convert(1, a, CHR_UNIT_RATIO, &c->tempo, &x))
        *out = CHR_UNIT_RATIO;
    else
        return false;
    return true;
}

value concatenate(checker *c, const value *values, uint32_t n, chr_span span) {
    shape s = {1, 0, 1};
    bool all_numbers = true, sound = false, is_control = n > 0, poisoned = false;
    chr_unit unit = n > 0 ? values[0].unit : CHR_UNIT_NONE;
    for (uint32_t i = 0; i < n; i++) {
        const value *v = &values[i];
        if (v->kind == VALUE_POISON) {
            poisoned = true;
            continue;
        }
        if (v->kind == VALUE_TEXT || v->kind == VALUE_CHOICE) {
            report_no_number(c, span, v);
            return poison();
        }
        shape one = {v->shape.voices, 1, v->shape.sides};
        s.copies += v->shape.copies;
        if (!shape_widen(&s, (shape){one.voices, 1, one.sides}))
            poisoned = true; /* voices of two patches cannot meet here */
        all_numbers = all_numbers && v->kind == VALUE_NUMBER;
        sound = sound || v->sound;
        is_control = is_control && v->is_control;
        if (i > 0 && v->kind == VALUE_NUMBER && all_numbers &&
            !shared_unit(c, unit, v->unit, &unit)) {
            REPORT(c, E404, span, chr_unit_kind(unit), chr_unit_kind(v->unit), "stand in one list");
            return poison();
        }
        if (s.copies > MAX_LIST) {
            REPORT(c, E502, span, MAX_LIST);
            return poison();
        }
    }
    if (poisoned)
        return poison();
    uint32_t total = shape_size(s), base = 0;
    double *numbers = all_numbers ? TAKE_N(c, double, total) : NULL;
    chr_strand *strands = all_numbers ? NULL : TAKE_N(c, chr_strand, total);
    for (uint32_t i = 0; i < n; i++) {
        value v = all_numbers ? values[i] : as_signal(c, values[i]);
        shape own = v.shape, here = {s.voices, own.copies, s.sides};
        for (uint32_t k = 0; k < shape_size(here); k++) {
            uint32_t side = k % s.sides, copy = k / s.sides % own.copies,
                     voice = k / s.sides / own.copies;
            uint32_t to = (voice * s.copies + base + copy) * s.sides + side,
                     from = spread_index(own, here, k);
            if (strands != NULL)
                strands[to] = v.strands[from];
            else if (v.unit == unit || v.unit == CHR_UNIT_NONE)
                numbers[to] = number_at(&v, from);
            else
                convert(c, number_at(&v, from), v.unit, unit, &numbers[to]);
        }
        base += own.copies;
    }
    if (strands != NULL) {
        value out = signal_of(strands, s);
        out.sound = sound;
        out.is_control = is_control;
        out.unit = unit == CHR_UNIT_HZ ? CHR_UNIT_HZ : CHR_UNIT_NONE;
        return out;
    }
    value out = number(numbers[0], unit);
    out.shape = s;
    out.numbers = total > 1 ? numbers : NULL;
    return out;
}
