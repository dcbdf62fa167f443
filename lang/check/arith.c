/* lang/check/arith.c: arithmetic: on constants in double precision with their units, on signals as
 * operator nodes. SPDX-License-Identifier: MIT */
#include "lang/check/inner.h"

#include "dsp/kernel/scalar.h"

typedef struct quantity {
    double x;
    chr_unit unit;
} quantity;

static bool is_level(chr_unit u) {
    return u == CHR_UNIT_DB || u == CHR_UNIT_PERCENT || u == CHR_UNIT_RATIO;
}
static bool is_interval(chr_unit u) {
    return u == CHR_UNIT_ST || u == CHR_UNIT_CENT;
}
static bool is_pitch(chr_unit u) {
    return u == CHR_UNIT_HZ || u == CHR_UNIT_NOTE;
}
static bool is_length(chr_unit u) {
    return u == CHR_UNIT_S || u == CHR_UNIT_BEATS || u == CHR_UNIT_BARS || u == CHR_UNIT_WHOLES;
}

/* Brings two numbers to one unit for + - and ==. False where their kinds do not fit. */
static bool same_unit(checker *c, quantity *a, quantity *b) {
    if (a->unit == b->unit)
        return true;
    if (a->unit == CHR_UNIT_NONE || b->unit == CHR_UNIT_NONE) {
        quantity *bare = a->unit == CHR_UNIT_NONE ? a : b, *other = bare == a ? b : a;
        if (is_level(other->unit) || other->unit == CHR_UNIT_WHOLES) { /* 1 - 50%, 1 + 1/4 */
            other->x = neutral(c, other->x, other->unit);
            other->unit = CHR_UNIT_NONE;
        } else if (other->unit == CHR_UNIT_NOTE) {
            other->x = neutral(c, other->x, other->unit);
            other->unit = bare->unit = CHR_UNIT_HZ;
        } else {
            bare->unit = other->unit;
        }
        return true;
    }
    chr_unit shared = CHR_UNIT_NONE;
    if (is_pitch(a->unit) && is_pitch(b->unit))
        shared = CHR_UNIT_HZ;
    else if (is_length(a->unit) && is_length(b->unit))
        shared = CHR_UNIT_S;
    else if (is_interval(a->unit) && is_interval(b->unit))
        shared = CHR_UNIT_ST;
    else if (is_level(a->unit) && is_level(b->unit))
        shared = CHR_UNIT_RATIO;
    else
        return false;
    bool fits =
        convert(c, a->x, a->unit, shared, &a->x) && convert(c, b->x, b->unit, shared, &b->x);
    a->unit = b->unit = shared;
    return fits;
}

static bool sum(checker *c, char op, quantity a, quantity b, quantity *out) {
    double sign = op == '-' ? -1.0 : 1.0;
    if (is_interval(b.unit) && is_pitch(a.unit)) { /* C2 + 7st is a note, 440Hz + 7st a frequency */
        double semitones = b.unit == CHR_UNIT_CENT ? b.x / 100.0 : b.x;
        *out = a.unit == CHR_UNIT_NOTE
                   ? (quantity){a.x + sign * semitones, CHR_UNIT_NOTE}
                   : (quantity){a.x * chr_exp2(sign * semitones / 12.0), CHR_UNIT_HZ};
        return true;
    }
    if (!same_unit(c, &a, &b))
        return false;
    chr_unit unit = a.unit;
    if (unit == CHR_UNIT_NOTE) { /* a sum of notes is one of frequencies; so is their difference */
        a.x = note_in_hz(c, a.x);
        b.x = note_in_hz(c, b.x);
        unit = CHR_UNIT_HZ;
    }
    *out = (quantity){a.x + sign * b.x, unit};
    return true;
}

/* What a number carries into a product: a level becomes a factor, a note its frequency. */
static quantity factor(checker *c, quantity q, chr_unit other) {
    if (is_level(q.unit))
        return (quantity){neutral(c, q.x, q.unit), CHR_UNIT_NONE};
    if (q.unit == CHR_UNIT_NOTE)
        return (quantity){note_in_hz(c, q.x), CHR_UNIT_HZ};
    if (is_interval(q.unit) && is_pitch(other))
        return (quantity){neutral(c, q.x, q.unit), CHR_UNIT_NONE};
    return q;
}

static double floored_rest(double a, double b) {
    if (b == 0.0)
        return 0.0;
    double rest = a - b * chr_floor_d(a / b);
    return (rest < 0.0 ? -rest : rest) < (b < 0.0 ? -b : b) ? rest : 0.0;
}

/* a^b as the `pow` node has it: whole exponents up to 15 are products, a negative base bends as a
 * positive one. */
static double power(double a, double b) {
    double whole = chr_floor_d(b), size = a < 0.0 ? -a : a, result;
    if (whole == b && b > -16.0 && b < 16.0) {
        double product = 1.0;
        for (int i = 0; i < (int)(b < 0.0 ? -b : b); i++)
            product *= size;
        result = b < 0.0 ? (product > 0.0 ? 1.0 / product : 0.0) : product;
    } else {
        result = size > 0.0 ? chr_exp2(b * chr_log2(size)) : 0.0;
    }
    bool odd = whole != b || floored_rest(whole, 2.0) != 0.0;
    return a < 0.0 && odd ? -result : result;
}

static bool product(checker *c, char op, quantity a, quantity b, quantity *out) {
    quantity x = factor(c, a, b.unit), y = factor(c, b, a.unit);
    chr_unit unit = CHR_UNIT_NONE;
    switch (op) {
    case '*':
        unit = x.unit == CHR_UNIT_NONE ? y.unit : y.unit == CHR_UNIT_NONE ? x.unit : CHR_UNIT_NONE;
        *out = (quantity){x.x * y.x, unit};
        return true;
    case '/':
        if (y.x == 0.0)
            return false;
        if (y.unit == CHR_UNIT_NONE) {
            unit = x.unit;
        } else if (is_length(x.unit) && is_length(y.unit)) {
            same_unit(c, &x, &y);
        } else if (x.unit == CHR_UNIT_NONE && y.unit == CHR_UNIT_S) {
            unit = CHR_UNIT_HZ;
        } else if (x.unit == CHR_UNIT_NONE && y.unit == CHR_UNIT_HZ) {
            unit = CHR_UNIT_S;
        }
        *out = (quantity){x.x / y.x, unit};
        return true;
    case '%':
        if (y.x == 0.0)
            return false;
        *out = (quantity){floored_rest(x.x, y.x), x.unit};
        return true;
    default:
        *out = (quantity){power(neutral(c, a.x, a.unit), neutral(c, b.x, b.unit)), CHR_UNIT_NONE};
        return true;
    }
}

static const char *done_word(char op) {
    return op == '+' ? "be added" : op == '-' ? "be subtracted" : "be compared";
}

/* One pair of constants. False, reported, where it has no result. */
static bool fold_one(checker *c, char op, quantity a, quantity b, chr_span span, quantity *out) {
    if (op == '+' || op == '-' || op == '=') {
        quantity x = a, y = b;
        bool fits = op == '=' ? same_unit(c, &x, &y) : sum(c, op, a, b, out);
        if (!fits) {
            REPORT(c, E404, span, chr_unit_kind(a.unit), chr_unit_kind(b.unit), done_word(op));
            return false;
        }
        if (op == '=')
            *out = (quantity){x.x == y.x ? 1.0 : 0.0, CHR_UNIT_NONE};
    } else if (!product(c, op, a, b, out)) {
        REPORT(c, E411, span, "dividing by zero");
        return false;
    }
    if (!(out->x >= -1e30 && out->x <= 1e30)) {
        REPORT(c, E411, span, "the result is too large");
        return false;
    }
    return true;
}

static value fold(checker *c, char op, const value *a, const value *b, chr_span span) {
    shape s = a->shape;
    if (!shape_widen(&s, b->shape)) {
        REPORT(c, E405, span, (int)a->shape.copies, (int)b->shape.copies);
        return poison();
    }
    uint32_t n = shape_size(s);
    quantity q = {0};
    if (n == 1)
        return fold_one(c, op, (quantity){a->number, a->unit}, (quantity){b->number, b->unit}, span,
                        &q)
                   ? number(q.x, q.unit)
                   : poison();
    double *numbers = TAKE_N(c, double, n);
    for (uint32_t i = 0; i < n; i++) {
        quantity x = {number_at(a, spread_index(a->shape, s, i)), a->unit};
        quantity y = {number_at(b, spread_index(b->shape, s, i)), b->unit};
        if (!fold_one(c, op, x, y, span, &q))
            return poison();
        numbers[i] = q.x;
    }
    value v = number(numbers[0], q.unit);
    v.numbers = numbers;
    v.shape = s;
    return v;
}

static const char *node_for(char op) {
    switch (op) {
    case '+':
        return "add";
    case '-':
        return "sub";
    case '*':
        return "mul";
    case '/':
        return "div";
    case '%':
        return "mod";
    case '^':
        return "pow";
    default:
        return "eq";
    }
}

/* ---- intervals beside signals ---- */

static bool is_pitch_value(const value *v) {
    return (v->kind == VALUE_SIGNAL && v->unit == CHR_UNIT_HZ) ||
           (v->kind == VALUE_NUMBER && is_pitch(v->unit));
}

/* An interval as a plain number: the factor that it is to a pitch, or else its semitones. */
/* A quantity with each of its numbers changed. */
static value with_each(checker *c, value v, chr_unit unit,
                       double (*change)(checker *c, double x, chr_unit unit)) {
    uint32_t n = shape_size(v.shape);
    double *numbers = v.numbers != NULL ? TAKE_N(c, double, n) : NULL;
    value out = v;
    out.unit = unit;
    for (uint32_t i = 0; i < n; i++) {
        double x = change(c, number_at(&v, i), v.unit);
        if (numbers != NULL)
            numbers[i] = x;
        else
            out.number = x;
    }
    out.numbers = numbers;
    return out;
}

static double in_semitones(checker *c, double x, chr_unit unit) {
    (void)c;
    return unit == CHR_UNIT_CENT ? x / 100.0 : x;
}

static value plain_interval(checker *c, value v, bool to_a_pitch) {
    return with_each(c, v, CHR_UNIT_NONE, to_a_pitch ? neutral : in_semitones);
}

/* How an interval in a product is read does not depend on the order of the factors: where one of
 * them is a pitch it is a factor too (freq*0.5*7st), beside other signals its number of semitones
 * (0.0578*depth*lfo(5)), among numbers it stays an interval (2*7st). */
static void read_intervals(checker *c, value *factors, uint32_t n) {
    bool pitch = false, signal = false;
    for (uint32_t i = 0; i < n; i++) {
        pitch = pitch || is_pitch_value(&factors[i]);
        signal = signal || factors[i].kind == VALUE_SIGNAL;
    }
    for (uint32_t i = 0; i < n && (pitch || signal); i++)
        if (factors[i].kind == VALUE_NUMBER && is_interval(factors[i].unit))
            factors[i] = plain_interval(c, factors[i], pitch);
}

/* An interval added to a pitch is a factor: freq + 7st. */
static value apply_signals(checker *c, const place *p, char op, value a, value b, chr_span span) {
    chr_unit unit = CHR_UNIT_NONE;
    bool pitch = a.kind == VALUE_SIGNAL && a.unit == CHR_UNIT_HZ;
    if ((op == '+' || op == '-') && b.kind == VALUE_NUMBER && is_interval(b.unit)) {
        if (pitch) {
            value r = operate(c, p, op == '+' ? "mul" : "div", a, b, span);
            r.unit = CHR_UNIT_HZ;
            return r;
        }
        b = plain_interval(c, b, false);
    }
    if (op == '*' || op == '/') {
        bool other = b.kind == VALUE_SIGNAL ? b.unit != CHR_UNIT_HZ
                                            : b.unit == CHR_UNIT_NONE || is_level(b.unit);
        unit = pitch && other ? CHR_UNIT_HZ : CHR_UNIT_NONE;
        if (op == '*' && b.kind == VALUE_SIGNAL && b.unit == CHR_UNIT_HZ && !pitch &&
            (a.kind == VALUE_SIGNAL || a.unit == CHR_UNIT_NONE || is_level(a.unit)))
            unit = CHR_UNIT_HZ;
    } else if (op == '+' || op == '-') {
        bool both =
            pitch && ((b.kind == VALUE_SIGNAL && b.unit == CHR_UNIT_HZ) ||
                      (b.kind == VALUE_NUMBER && (b.unit == CHR_UNIT_NONE || is_pitch(b.unit))));
        unit = both ? CHR_UNIT_HZ : CHR_UNIT_NONE;
    }
    if (op == '/' && b.kind == VALUE_NUMBER && b.numbers == NULL && b.number == 0.0) {
        REPORT(c, E411, span, "dividing by zero");
        return poison();
    }
    value r = operate(c, p, node_for(op), a, b, span);
    if (r.kind == VALUE_SIGNAL && !r.sound)
        r.unit = unit;
    return r;
}

/* ---- comparing choices ---- */

static value compare_choice(checker *c, const value *choice, const value *other,
                            const chr_ast *word) {
    if (choice->kind == VALUE_POISON)
        return poison();
    if (word != NULL) {
        int i = choice_find(choice->text, word->text);
        if (i < 0) {
            if (REPORT(c, E408, word->span, word->text))
                chr_suggest(c->diags, "choices: %s", choice->text);
            return poison();
        }
        return number(i == (int)choice->number ? 1 : 0, CHR_UNIT_NONE);
    }
    if (other->kind == VALUE_CHOICE) {
        const char *a = choice_at(c, choice->text, (int)choice->number);
        const char *b = choice_at(c, other->text, (int)other->number);
        return number(strcmp(a, b) == 0 ? 1 : 0, CHR_UNIT_NONE);
    }
    return poison();
}

/* ---- a warning: `lpf 8kHz - damp*6000` ---- */

/* The node that the end of an operand is, if what follows an operator could have been meant for its
 * argument. */
static const chr_ast *open_ended(const chr_ast *e) {
    while (e != NULL && e->kind == CHR_AST_BINARY)
        e = e->child->next;
    if (e == NULL || e->kind == CHR_AST_NAME)
        return e;
    if (e->kind != CHR_AST_NODE)
        return NULL;
    const chr_ast *last = e->child;
    while (last->next != NULL)
        last = last->next;
    return last->kind == CHR_AST_KEY ? NULL : e;
}

static void without_blanks(char *text) {
    char *to = text;
    for (const char *s = text; *s != 0; s++)
        if (*s != ' ' && *s != '\t')
            *to++ = *s;
    *to = 0;
}

static void warn_of_blanks(checker *c, const place *p, const chr_ast *e, const chr_ast *left,
                           const value *a, const value *b) {
    const chr_ast *use = open_ended(left);
    char op = e->text[0];
    if ((op != '+' && op != '-') || use == NULL || a->kind != VALUE_SIGNAL || !a->sound)
        return;
    const char *what = b->kind == VALUE_NUMBER && is_pitch(b->unit)          ? "a frequency"
                       : b->kind == VALUE_NUMBER && b->unit == CHR_UNIT_NONE ? "a bare number"
                       : b->kind == VALUE_NUMBER                           ? chr_unit_kind(b->unit)
                       : b->kind == VALUE_SIGNAL && b->unit == CHR_UNIT_HZ ? "a frequency"
                       : b->kind == VALUE_SIGNAL && b->is_control          ? "a control"
                                                                           : NULL;
    if (what == NULL || e->number != 1.0)
        return;
    /* `gain - 6dB`; a patch or a label takes no arguments, and a name of a module is seldom alone
     */
    bool alone = use->kind == CHR_AST_NAME;
    if (alone && (find_binding(c, p, use->text) != NULL || find_maker(c, p, use->text) == NULL))
        return;
    const char *right = text_of(c, e->child->next->span), *node_text = text_of(c, use->span);
    if (WARN(c, W402, e->span, what, op == '+' ? "added to" : "taken from", use->text)) {
        char *tight = take(c, strlen(right) + 1);
        memcpy(tight, right, strlen(right) + 1);
        without_blanks(tight);
        chr_suggest(c->diags,
                    alone ? "it reads as (%s) %c %s; for the argument write %s %c%s"
                          : "it reads as (%s) %c %s; for the argument write %s%c%s, with no blanks",
                    node_text, op, right, node_text, op, tight);
    }
}

/* ---- entry points ---- */

static value apply(checker *c, const place *p, const chr_ast *e, const chr_ast *left, value a,
                   value b) {
    char op = e->text[0];
    const chr_ast *right = e->child->next;
    if (a.kind == VALUE_POISON || b.kind == VALUE_POISON)
        return poison();
    if (a.kind == VALUE_TEXT || b.kind == VALUE_TEXT) {
        report_no_number(c, (a.kind == VALUE_TEXT ? left : right)->span,
                         a.kind == VALUE_TEXT ? &a : &b);
        return poison();
    }
    if (a.kind == VALUE_CHOICE || b.kind == VALUE_CHOICE) {
        if (op == '=' && a.kind == VALUE_CHOICE && b.kind == VALUE_CHOICE)
            return compare_choice(c, &a, &b, NULL);
        report_no_number(c, (a.kind == VALUE_CHOICE ? left : right)->span,
                         a.kind == VALUE_CHOICE ? &a : &b);
        return poison();
    }
    warn_of_blanks(c, p, e, left, &a, &b);
    if (a.kind == VALUE_NUMBER && b.kind == VALUE_NUMBER)
        return fold(c, op, &a, &b, e->span);
    return apply_signals(c, p, op, a, b, e->span);
}

/* True for the name of a parameter with choices, and for one that is not known while a body is
 * tried. */
static bool is_choice(const checker *c, const place *p, const chr_ast *e) {
    const binding *b = e->kind == CHR_AST_NAME ? find_binding(c, p, e->text) : NULL;
    return b != NULL && b->kind == BIND_VALUE &&
           (b->value.kind == VALUE_CHOICE || b->value.kind == VALUE_POISON);
}

static bool is_product(const chr_ast *op) {
    return op->text[0] == '*' || op->text[0] == '/';
}

/* The products and quotients that follow one another from spine[0] on: `a` is the first factor. */
static value eval_product(checker *c, const place *part, const place *last,
                          const chr_ast *const *spine, uint32_t n, value a) {
    value *factors = TAKE_N(c, value, n + 1);
    factors[0] = a;
    for (uint32_t i = 0; i < n; i++)
        factors[i + 1] = eval(c, part, spine[i]->child->next);
    read_intervals(c, factors, n + 1);
    a = factors[0];
    for (uint32_t i = 0; i < n; i++)
        a = apply(c, i + 1 == n ? last : part, spine[i], spine[i]->child, a, factors[i + 1]);
    return a;
}

/* Sums of hundreds of terms lean to the left: the left side is walked, not recursed into. */
value eval_binary(checker *c, const place *p, const chr_ast *e) {
    uint32_t n = 0;
    const chr_ast *leaf = e;
    for (; leaf->kind == CHR_AST_BINARY; leaf = leaf->child)
        n++;
    const chr_ast **spine = TAKE_N(c, const chr_ast *, n);
    leaf = e;
    for (uint32_t i = n; i-- > 0; leaf = leaf->child)
        spine[i] = leaf;
    place part = *p;
    part.label = NULL;
    part.top_stage = false;
    value a = poison();
    for (uint32_t i = 0; i < n; i++) {
        const chr_ast *op = spine[i], *left = op->child, *right = left->next;
        bool compares = op->text[0] == '=';
        if (compares && i == 0 && left->kind == CHR_AST_NAME && !is_choice(c, p, left) &&
            is_choice(c, p, right)) {
            value choice = eval(c, &part, right);
            a = compare_choice(c, &choice, NULL, left);
            continue;
        }
        if (i == 0)
            a = eval(c, &part, left);
        uint32_t factors = 0;
        while (i + factors < n && is_product(spine[i + factors]))
            factors++;
        if (factors > 0) {
            i += factors - 1;
            a = eval_product(c, &part, i + 1 == n ? p : &part, &spine[i + 1 - factors], factors, a);
            continue;
        }
        if (compares && right->kind == CHR_AST_NAME && a.kind == VALUE_POISON)
            continue;
        if (compares && right->kind == CHR_AST_NAME && a.kind == VALUE_CHOICE &&
            !is_choice(c, p, right)) {
            a = compare_choice(c, &a, NULL, right);
            continue;
        }
        value b = eval(c, &part, right);
        a = apply(c, i + 1 == n ? p : &part, op, left, a, b);
    }
    return a;
}

static double negative(checker *c, double x, chr_unit unit) {
    return -(unit == CHR_UNIT_NOTE ? note_in_hz(c, x) : x);
}

value eval_sign(checker *c, const place *p, const chr_ast *e) {
    place part = *p;
    part.label = NULL;
    part.top_stage = false;
    value v = eval(c, &part, e->child);
    if (v.kind == VALUE_TEXT || v.kind == VALUE_CHOICE) {
        report_no_number(c, e->child->span, &v);
        return poison();
    }
    if (e->text[0] == '+' || v.kind == VALUE_POISON)
        return v;
    if (v.kind == VALUE_SIGNAL)
        return operate(c, p, "neg", v, v, e->span);
    return with_each(c, v, v.unit == CHR_UNIT_NOTE ? CHR_UNIT_HZ : v.unit, negative);
}
