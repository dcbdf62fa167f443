/* lang/check/weave_given.c: what is given to a transform: numbers with their units, words, other
 * transforms and patterns in quotes, each matched with the argument that it can be.
 * SPDX-License-Identifier: MIT */
#include "lang/check/weave.h"

static place place_in(checker *c, const formals *own) {
    return (place){.owner = c->owners[0], .prefix = "", .scope = own != NULL ? own->scope : NULL};
}

/* ---- which argument it can be ---- */

static bool in_choices(const char *choices, const char *text) {
    return choice_find(choices, text) >= 0;
}

/* What stands there, in a player's words. */
static const char *words_for(checker *c, const chr_ast *e, const formals *own) {
    return names_transform(c, e, own)  ? "a transform"
           : e->kind == CHR_AST_STRING ? "a text in quotes"
           : e->kind == CHR_AST_NAME   ? "a word"
           : e->kind == CHR_AST_NUMBER ? "a number"
           : e->kind == CHR_AST_NOTE   ? "a note"
           : e->kind == CHR_AST_LIST   ? "a list"
                                       : "no such thing";
}

static bool can_be(checker *c, const chr_given_info *info, const chr_ast *e, const formals *own) {
    e = looked_through(e, &own);
    switch (info->kind) {
    case CHR_GIVEN_TRANSFORM:
        return names_transform(c, e, own) ||
               ((e->kind == CHR_AST_NAME || e->kind == CHR_AST_NODE) &&
                find_binding(c, &(place){.owner = c->owners[0], .prefix = ""}, e->text) == NULL);
    case CHR_GIVEN_PATTERN:
        return e->kind == CHR_AST_STRING;
    case CHR_GIVEN_CHOICE:
        return e->kind == CHR_AST_NAME &&
               (in_choices(info->choices, e->text) || !names_transform(c, e, own));
    default:
        return e->kind != CHR_AST_STRING && e->kind != CHR_AST_LIST &&
               !names_transform(c, e, own) &&
               (e->kind != CHR_AST_NAME ||
                find_binding(c, &(place){.owner = c->owners[0], .prefix = ""}, e->text) != NULL ||
                (own != NULL && own->scope != NULL &&
                 table_find(&own->scope->names, e->text) != NULL));
    }
}

/* ---- numbers ---- */

static bool number_of(checker *c, const chr_ast *e, const formals *own, const char *what, value *v,
                      double *x) {
    place p = place_in(c, own);
    *v = eval(c, &p, e);
    return one_number(c, v, e->span, what, x);
}

static bool read_count(checker *c, const char *name, const chr_given_info *info, given *g,
                       const formals *own) {
    value v;
    double x;
    if (!number_of(c, g->e, own, info->word, &v, &x))
        return false;
    bool plain = v.unit == CHR_UNIT_NONE || v.unit == CHR_UNIT_WHOLES;
    if (plain && x >= info->least && x <= info->greatest && x == (double)(int64_t)x) {
        g->x = x;
        return true;
    }
    REPORT(c, E410, g->e->span, join(c, name, ": ", info->word), (int)info->least,
           (int)info->greatest);
    return false;
}

/* In the argument's unit, drawn into its range with the usual warning. */
static bool read_amount(checker *c, const char *name, const chr_given_info *info, given *g,
                        const formals *own) {
    static const chr_unit units[] = {
        [CHR_GIVEN_AMOUNT] = CHR_UNIT_NONE, [CHR_GIVEN_SHARE] = CHR_UNIT_RATIO,
        [CHR_GIVEN_SPEED] = CHR_UNIT_RATIO, [CHR_GIVEN_SPOT] = CHR_UNIT_RATIO,
        [CHR_GIVEN_TIME] = CHR_UNIT_S,      [CHR_GIVEN_PITCH] = CHR_UNIT_ST};
    place p = place_in(c, own);
    value v = eval(c, &p, g->e);
    double x;
    if (!one_number(c, &v, g->e->span, info->word, &x))
        return false;
    if (v.unit == CHR_UNIT_WHOLES && info->kind != CHR_GIVEN_TIME)
        v.unit = CHR_UNIT_NONE; /* where no time is asked for, 1/4 is the plain share */
    g->musical = info->kind == CHR_GIVEN_TIME &&
                 (v.unit == CHR_UNIT_WHOLES || v.unit == CHR_UNIT_BEATS || v.unit == CHR_UNIT_BARS);
    chr_param_info param = {.word = info->word,
                            .display = info->word,
                            .unit = units[info->kind],
                            .min = (float)info->least,
                            .max = (float)info->greatest,
                            .dflt = (float)info->dflt};
    value fitted = fit_param(c, name, &param, v, g->e->span, NULL);
    if (!one_number(c, &fitted, g->e->span, info->word, &g->x))
        return false;
    if (g->musical)
        return read_length(c, &p, g->e, info->word, &g->r);
    /* What is counted exactly is not rounded to the parameter's precision. */
    double exact = v.unit == CHR_UNIT_NONE ? x : v.unit == CHR_UNIT_PERCENT ? x / 100 : g->x;
    bool inside = exact >= info->least && exact <= info->greatest;
    g->x = inside ? exact : g->x;
    if (info->kind != CHR_GIVEN_SPEED && info->kind != CHR_GIVEN_SPOT)
        return true;
    g->r = rational_near(g->x);
    if (rational_ok(g->r) && (g->r.over > 0 || info->least <= 0))
        return true;
    REPORT(c, E412, g->e->span, text_of(c, g->e->span), "is no number that time can be counted in");
    return false;
}

static bool read_word(checker *c, const chr_given_info *info, given *g) {
    int i = g->e->kind == CHR_AST_NAME ? choice_find(info->choices, g->e->text) : -1;
    if (i >= 0) {
        g->x = i;
        return true;
    }
    if (!REPORT(c, E408, g->e->span, text_of(c, g->e->span)))
        return false;
    const char *names[64];
    int n = choice_count(info->choices) < 64 ? choice_count(info->choices) : 64;
    for (int k = 0; k < n; k++)
        names[k] = choice_at(c, info->choices, k);
    const char *near = chr_nearest(g->e->text, names, n);
    if (near != NULL)
        chr_suggest(c->diags, "did you mean `%s`?", near);
    else
        chr_suggest(c->diags, "%s is one of %s", info->what, info->choices);
    return false;
}

static bool refuse(checker *c, bool told, const chr_transform_info *t) {
    char usage[160];
    chr_transform_usage(t, usage, sizeof usage);
    if (told)
        chr_suggest(c->diags, "it goes: %s", usage);
    return false;
}

static bool read_one(woven *w, const chr_transform_info *t, const chr_given_info *info, given *g) {
    checker *c = w->l->c;
    const formals *own = g->own;
    const chr_ast *said = g->e;
    g->e = looked_through(g->e, &own);
    if (info->kind == CHR_GIVEN_TRANSFORM || info->kind == CHR_GIVEN_PATTERN)
        g->own = own;
    if (!can_be(c, info, g->e, own)) {
        return refuse(c,
                      REPORT(c, E494, said->span, text_of(c, said->span), words_for(c, g->e, own),
                             t->name, info->what),
                      t);
    }
    switch (info->kind) {
    case CHR_GIVEN_TRANSFORM:
    case CHR_GIVEN_PATTERN:
        return true;
    case CHR_GIVEN_CHOICE:
        return read_word(c, info, g);
    case CHR_GIVEN_COUNT:
        return read_count(c, t->name, info, g, own);
    case CHR_GIVEN_VALUE: {
        const knob *k = w->l->knob;
        place p = place_in(c, own);
        if (k == NULL)
            return true; /* there is none: the transform says so */
        value v = eval_param(c, &p, k->module, k->info, g->e, NULL);
        return one_number(c, &v, said->span, info->word, &g->x);
    }
    case CHR_GIVEN_LENGTH: {
        place p = place_in(c, own);
        if (!read_length(c, &p, g->e, info->word, &g->r))
            return false;
        double beats = (double)g->r.over / (double)g->r.under;
        if (beats >= info->least && beats <= info->greatest)
            return true;
        REPORT(c, E412, said->span, text_of(c, said->span), "is too long, or shorter than nothing");
        return false;
    }
    default:
        return read_amount(c, t->name, info, g, own);
    }
}

/* ---- all of them ---- */

static int find_keyed(const chr_transform_info *t, const char *key) {
    for (int i = 0; t->given[i].kind != CHR_GIVEN_NONE; i++)
        if (strcmp(t->given[i].word, key) == 0 && !t->given[i].further)
            return i;
    return -1;
}

static bool report_key(checker *c, const chr_transform_info *t, const chr_ast *key) {
    if (!REPORT(c, E495, name_span(key), t->name, key->text))
        return false;
    const char *names[MOST_GIVEN];
    int n = 0;
    for (; t->given[n].kind != CHR_GIVEN_NONE; n++)
        names[n] = t->given[n].word;
    const char *near = chr_nearest(key->text, names, n);
    if (near == NULL)
        return refuse(c, true, t);
    chr_suggest(c->diags, "did you mean `%s`?", near);
    return false;
}

/* The argument that stands at its place: one that may be left out is passed over if this cannot be
 * it. -1: there is none. */
static int find_place(checker *c, const chr_transform_info *t, int n, int next, const chr_ast *e,
                      const formals *own) {
    int first = -1;
    if (next >= n && n > 0 && t->given[n - 1].further)
        return next < MOST_GIVEN ? next : -1;
    for (int i = next; i < n; i++) {
        if (t->given[i].keyed)
            continue;
        first = first < 0 ? i : first;
        if (can_be(c, &t->given[i], e, own))
            return i;
        if (!t->given[i].optional)
            break;
    }
    return first;
}

bool read_given(woven *w, const chr_transform_info *t, const chr_ast *stage,
                given out[MOST_GIVEN]) {
    checker *c = w->l->c;
    bool ok = true;
    int n = 0, next = 0;
    memset(out, 0, MOST_GIVEN * sizeof *out);
    for (; t->given[n].kind != CHR_GIVEN_NONE; n++)
        out[n] = (given){.x = t->given[n].dflt, .r = rational_near(t->given[n].dflt)};
    for (const chr_ast *a = stage->kind == CHR_AST_NODE ? stage->child : NULL; a != NULL;
         a = a->next) {
        bool keyed = a->kind == CHR_AST_KEY;
        int i = keyed ? find_keyed(t, a->text) : find_place(c, t, n, next, a, w->own);
        if (i < 0 && keyed) {
            ok = report_key(c, t, a);
            continue;
        }
        if (i < 0)
            return refuse(c, REPORT(c, E493, a->span, t->name, text_of(c, a->span)), t);
        const chr_given_info *info = &t->given[i < n ? i : n - 1];
        if (out[i].is) {
            REPORT(c, E305, a->span, info->word);
            ok = false;
            continue;
        }
        out[i].is = true;
        out[i].e = keyed ? a->child : a;
        out[i].own = w->own;
        ok = read_one(w, t, info, &out[i]) && ok;
        next = keyed ? next : i + 1;
    }
    for (int i = 0; i < n && ok; i++)
        if (!out[i].is && !t->given[i].optional)
            return refuse(c, REPORT(c, E492, stage->span, t->name, t->given[i].what), t);
    return ok;
}
