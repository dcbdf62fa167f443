/* lang/check/bind.c: arguments meet parameters: names, units, ranges, choices.
 * SPDX-License-Identifier: MIT */
#include "lang/check/inner.h"

/* ---- choices: "saw|square" ---- */

int choice_count(const char *choices) {
    int n = 1;
    for (const char *s = choices; *s != 0; s++)
        n += *s == '|';
    return n;
}

const char *choice_at(checker *c, const char *choices, int i) {
    const char *from = choices;
    while (i-- > 0) {
        const char *bar = strchr(from, '|');
        if (bar == NULL)
            return "";
        from = bar + 1;
    }
    size_t n = strcspn(from, "|");
    char *word = take(c, n + 1);
    memcpy(word, from, n);
    return word;
}

int choice_find(const char *choices, const char *word) {
    size_t length = strlen(word);
    const char *from = choices;
    for (int i = 0;; i++) {
        size_t n = strcspn(from, "|");
        if (n == length && memcmp(from, word, n) == 0)
            return i;
        if (from[n] == 0)
            return -1;
        from += n + 1;
    }
}

static const char *nearest_choice(checker *c, const char *choices, const char *word) {
    int n = choice_count(choices);
    const char **words = TAKE_N(c, const char *, n);
    for (int i = 0; i < n; i++)
        words[i] = choice_at(c, choices, i);
    return chr_nearest(word, words, n);
}

static const char *choices_in_words(checker *c, const char *choices) {
    const char *text = choice_at(c, choices, 0);
    for (int i = 1, n = choice_count(choices); i < n; i++)
        text = join(c, text, i + 1 == n ? " or " : ", ", choice_at(c, choices, i));
    return text;
}

static value eval_choice(checker *c, const place *p, const char *module, const chr_param_info *info,
                         const chr_ast *e) {
    while (e->kind == CHR_AST_CHAIN && e->child->next == NULL)
        e = e->child;
    value v = {.kind = VALUE_CHOICE, .shape = shape_one, .text = info->choices};
    if (e->kind == CHR_AST_NAME) {
        int i = choice_find(info->choices, e->text);
        if (i >= 0) {
            v.number = i;
            return v;
        }
        binding *b = find_binding(c, p, e->text);
        if (b != NULL && b->kind == BIND_VALUE && b->value.kind == VALUE_POISON)
            return poison();
        if (b != NULL && b->kind == BIND_VALUE && b->value.kind == VALUE_CHOICE) {
            const char *word = choice_at(c, b->value.text, (int)b->value.number);
            i = choice_find(info->choices, word);
            if (i >= 0) {
                v.number = i;
                return v;
            }
            if (REPORT(c, E402, e->span, module, info->word, word))
                chr_suggest(c->diags, "choices: %s", choices_in_words(c, info->choices));
            return poison();
        }
        if (REPORT(c, E402, e->span, module, info->word, e->text)) {
            const char *near = nearest_choice(c, info->choices, e->text),
                       *all = choices_in_words(c, info->choices);
            if (near != NULL)
                chr_suggest(c->diags, "did you mean `%s`? choices: %s", near, all);
            else
                chr_suggest(c->diags, "choices: %s", all);
        }
        return poison();
    }
    if (e->kind != CHR_AST_BAD && REPORT(c, E403, e->span, module, info->word))
        chr_suggest(c->diags, "choices: %s", choices_in_words(c, info->choices));
    return poison();
}

/* ---- units and ranges ---- */

/* "range: 20 Hz to 20 kHz, default 1 kHz; 300 to 900 for a warm pad" */
static const char *range_text(checker *c, const chr_param_info *info) {
    char lo[64], hi[64], dflt[64];
    chr_unit_format(lo, sizeof lo, (double)info->min, info->unit);
    chr_unit_format(hi, sizeof hi, (double)info->max, info->unit);
    chr_unit_format(dflt, sizeof dflt, (double)info->dflt, info->unit);
    const char *text = join(c, "range: ", lo, " to ");
    text = join(c, text, hi, ", default ");
    text = join(c, text, dflt, "");
    return info->hint != NULL && info->hint[0] != 0 ? join(c, text, "; ", info->hint) : text;
}

/* A parameter that takes any quantity: the ends of `range`, the operands of `max`. */
static bool is_open(const chr_param_info *info) {
    return info->unit == CHR_UNIT_NONE && info->min <= -1e5f && info->max >= 1e5f;
}

static const char *kind_of(chr_unit unit) {
    return unit == CHR_UNIT_NONE ? "a plain number" : chr_unit_kind(unit);
}

/* "lpf.cutoff"; settings of the session have no module. */
static const char *param_name(checker *c, const char *module, const chr_param_info *info) {
    return module[0] != 0 ? join(c, module, ".", info->word) : info->word;
}

static void report_unit(checker *c, const char *module, const chr_param_info *info, chr_span span,
                        chr_unit unit) {
    const char *name = param_name(c, module, info);
    if (REPORT(c, E401, span, name, kind_of(info->unit), text_of(c, span), chr_unit_kind(unit)))
        chr_suggest(c->diags, "%s", range_text(c, info));
}

/* A loudness, which takes dB: its factor is never meant to be below 0. */
static bool is_level(const chr_param_info *info) {
    return info->unit == CHR_UNIT_RATIO && info->min <= 0.0f &&
           (info->context == CHR_DYNAMICS || strcmp(info->word, "mix") == 0 ||
            strcmp(info->word, "amount") == 0);
}

/* "-6dB" for "-6", "[-6dB -12dB]" for "[-6 -12]"; NULL where more than plain numbers stands there.
 */
static const char *in_decibels(checker *c, const char *said) {
    const char *all = "";
    while (*said != 0) {
        size_t between = strspn(said, "[], \t-"), digits = strspn(said + between, "0123456789.");
        if (between + digits == 0)
            return NULL;
        char part[64];
        if (between + digits >= sizeof part || (*all != 0 && *said == '-'))
            return NULL; /* `1-3` calculates */
        snprintf(part, sizeof part, "%.*s", (int)(between + digits), said);
        all = join(c, all, part, digits ? "dB" : "");
        said += between + digits;
    }
    return all;
}

/* `gain -6` would be silence, and `vca -6` six times too loud: whoever says so means decibels. */
static bool is_meant_in_decibels(checker *c, const char *module, const chr_param_info *info,
                                 const value *v, double x, chr_span span) {
    const double most = info->min < 0.0f ? -1.0 : 0.0; /* `vca -1` turns the wave upside down */
    if (!is_level(info) || v->unit != CHR_UNIT_NONE || !(x < most))
        return false;
    const char *decibels = in_decibels(c, text_of(c, span));
    if (decibels == NULL)
        return false;
    char number[64];
    snprintf(number, sizeof number, "%g", x);
    if (REPORT(c, E414, span, param_name(c, module, info), number))
        chr_suggest(c->diags, "in decibels: %s", decibels);
    return true;
}

void warn_of_clamping(checker *c, const char *module, const chr_param_info *info, chr_span span,
                      double held) {
    char lo[64], hi[64], to[64];
    chr_unit_format(lo, sizeof lo, (double)info->min, info->unit);
    chr_unit_format(hi, sizeof hi, (double)info->max, info->unit);
    chr_unit_format(to, sizeof to, held, info->unit);
    const char *said = text_of(c, span);
    if (!WARN(c, W401, span, param_name(c, module, info), lo, hi, said, to))
        return;
    chr_suggest(c->diags, "%s", range_text(c, info));
}

static value fit_numbers(checker *c, const char *module, const chr_param_info *info, value v,
                         chr_span span, asked *asked_for) {
    uint32_t n = shape_size(v.shape);
    double *numbers = n > 1 ? TAKE_N(c, double, n) : NULL;
    double lo = (double)info->min, hi = (double)info->max;
    value out = v;
    out.unit = info->unit;
    for (uint32_t i = 0; i < n; i++) {
        double x = number_at(&v, i), y = x;
        if (is_meant_in_decibels(c, module, info, &v, x, span))
            return poison();
        if (is_open(info)) {
            y = neutral(c, x, v.unit);
        } else if (!convert(c, x, v.unit, info->unit, &y)) {
            if (info->unit == CHR_UNIT_DB && x <= 0.0 &&
                (v.unit == CHR_UNIT_PERCENT || v.unit == CHR_UNIT_RATIO)) {
                y = -1e3; /* 0% has no decibels: as low as the parameter goes */
            } else {
                report_unit(c, module, info, span, v.unit);
                return poison();
            }
        }
        if (asked_for != NULL && (float)y > asked_for->greatest)
            asked_for->greatest = (float)y;
        if (!(y >= lo && y <= hi)) {
            y = y > hi ? hi : lo;
            if (asked_for == NULL)
                warn_of_clamping(c, module, info, span, y);
            else if (!c->quiet)
                *asked_for = (asked){asked_for->greatest, true, y, span};
        }
        if (numbers != NULL)
            numbers[i] = y;
        out.number = i == 0 ? y : out.number;
    }
    out.numbers = numbers;
    return out;
}

value fit_param(checker *c, const char *module, const chr_param_info *info, value v, chr_span span,
                asked *asked_for) {
    switch (v.kind) {
    case VALUE_NUMBER:
        return fit_numbers(c, module, info, v, span, asked_for);
    case VALUE_SIGNAL:
        if (asked_for != NULL && info->max > asked_for->greatest)
            asked_for->greatest = info->max;
        if (v.unit == CHR_UNIT_HZ && (info->unit == CHR_UNIT_S || info->unit == CHR_UNIT_ST ||
                                      info->unit == CHR_UNIT_DB || info->unit == CHR_UNIT_DEG)) {
            report_unit(c, module, info, span, CHR_UNIT_HZ);
            return poison();
        }
        return v;
    case VALUE_TEXT:
    case VALUE_CHOICE:
        report_no_number(c, span, &v);
        return poison();
    case VALUE_POISON:
        break;
    }
    return poison();
}

value eval_param(checker *c, const place *p, const char *module, const chr_param_info *info,
                 const chr_ast *e, asked *asked_for) {
    if (info->choices != NULL)
        return eval_choice(c, p, module, info, e);
    return fit_param(c, module, info, eval(c, p, e), e->span, asked_for);
}

/* ---- arguments ---- */

static int slot_named(const maker *m, const char *name) {
    for (int i = 0; i < m->n_slots; i++)
        if (strcmp(m->slots[i], name) == 0)
            return i;
    return -1;
}

/* What a knob is called on other instruments, and here. */
static const char *knob_from_elsewhere(const char *word, const char *const *words, int n) {
    static const char *const knobs[][2] = {
        {"level",      "gain"  },
        {"volume",     "gain"  },
        {"vol",        "gain"  },
        {"amp",        "gain"  },
        {"loudness",   "gain"  },
        {"velocity",   "gain"  },
        {"panning",    "pan"   },
        {"balance",    "pan"   },
        {"frequency",  "freq"  },
        {"pitch",      "freq"  },
        {"tune",       "freq"  },
        {"resonance",  "res"   },
        {"reso",       "res"   },
        {"q",          "res"   },
        {"speed",      "rate"  },
        {"wet",        "amount"},
        {"wet",        "mix"   },
        {"length",     "decay" },
        {"waveform",   "wave"  },
        {"waveform",   "osc"   },
        {"wave",       "osc"   },
        {"polyphony",  "voices"},
        {"portamento", "glide" },
    };
    for (size_t k = 0; k < sizeof knobs / sizeof knobs[0]; k++)
        for (int i = 0; i < n && strcmp(knobs[k][0], word) == 0; i++)
            if (strcmp(words[i], knobs[k][1]) == 0)
                return knobs[k][1];
    return NULL;
}

bool suggest_knob(checker *c, const char *word, const char *const *words, int n) {
    const char *known = knob_from_elsewhere(word, words, n);
    const char *near = known != NULL ? known : chr_nearest(word, words, n);
    if (near != NULL)
        chr_suggest(c->diags, "did you mean `%s`?", near);
    return near != NULL;
}

void report_no_knob(checker *c, const maker *m, const char *const *words, int n,
                    const chr_ast *key) {
    if (!REPORT(c, E303, name_span(key), m->name, key->text) ||
        suggest_knob(c, key->text, words, n))
        return;
    if (n > 0) {
        const char *all = words[0];
        for (int i = 1; i < n && i < 24; i++)
            all = join(c, all, ", ", words[i]);
        chr_suggest(c->diags, "%s has %s", m->name, all);
    } else {
        chr_suggest(c->diags, "%s has nothing to set", m->name);
    }
}

void report_too_many(checker *c, chr_span span, const char *name, int n) {
    char count[32];
    snprintf(count, sizeof count, "%d", n);
    REPORT(c, E304, span, name, n == 0 ? "none" : n == 1 ? "one" : join(c, count, "", ""));
}

bool bind_args(checker *c, maker *m, const chr_ast *const *args, uint32_t n,
               const chr_ast **given) {
    bool ok = true;
    int next = 0;
    /* A NULL begins the arguments of a later statement, which may give what is given already. */
    uint32_t statement = 1, *given_by = TAKE_N(c, uint32_t, m->n_slots + 1);
    for (uint32_t i = 0; i < n; i++) {
        if (args[i] == NULL) {
            statement++;
            next = 0;
            continue;
        }
        int slot;
        if (args[i]->kind == CHR_AST_KEY) {
            slot = slot_named(m, args[i]->text);
            if (slot < 0) {
                report_no_knob(c, m, m->slots, m->n_slots, args[i]);
                ok = false;
                continue;
            }
        } else {
            slot = next++;
            if (slot >= m->n_positional) {
                if (slot == m->n_positional)
                    report_too_many(c, args[i]->span, m->name, m->n_positional);
                ok = false;
                continue;
            }
        }
        bool key = args[i]->kind == CHR_AST_KEY;
        if (given_by[slot] == statement) {
            REPORT(c, E305, key ? name_span(args[i]) : args[i]->span, m->slots[slot]);
            ok = false;
        }
        given_by[slot] = statement;
        given[slot] = key ? args[i]->child : args[i];
    }
    return ok;
}
