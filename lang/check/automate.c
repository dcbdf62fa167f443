/* lang/check/automate.c: a parameter that moves from point to point of the song. Each point after
 * the first is a hidden node that goes from what stands before it to its own value, so a point that
 * is edited while it plays moves like any number, and what is not edited is kept.
 * SPDX-License-Identifier: MIT */
#include "lang/check/inner.h"

enum { MAX_POINTS = 1000 }; /* of one parameter */

static const char *const curves[] = {"lin", "exp", "step", "smooth"};

const chr_ast *automation_of(const chr_ast *key) {
    const chr_ast *s = key != NULL ? key->child : NULL;
    return s != NULL && (s->kind == CHR_AST_AUTOMATE || s->kind == CHR_AST_VALUES) ? s : NULL;
}

/* ---- points ---- */

static bool read_position(checker *c, const chr_ast *e, double *beat) {
    double within = e->child != NULL ? e->child->number : 1;
    if (!(e->number >= 1 && within >= 1 && e->number < 1e6 && within < 1e6)) {
        REPORT(c, E476, e->span, text_of(c, e->span));
        return false;
    }
    *beat = chr_time_map_bar_beat(c->time, e->number - 1) + within - 1;
    return true;
}

static bool read_curve(checker *c, const chr_ast *e, int *curve) {
    for (int i = 0; i < 4; i++)
        if (strcmp(e->text, curves[i]) == 0) {
            *curve = i;
            return true;
        }
    if (REPORT(c, E472, e->span, e->text)) {
        const char *near = chr_nearest(e->text, curves, 4);
        if (near != NULL)
            chr_suggest(c->diags, "did you mean `%s`?", near);
    }
    return false;
}

static bool read_point(checker *c, const place *p, const char *module, const chr_param_info *info,
                       const chr_ast *e, moment *out) {
    const chr_ast *said = e->child;
    value v = eval_param(c, p, module, info, said, NULL);
    bool ok = one_number(c, &v, said->span, "a point of an automation", &out->value);
    out->span = e->span;
    out->curve = 0;
    for (const chr_ast *k = said->next; k != NULL; k = k->next) {
        if (k->kind == CHR_AST_POSITION)
            ok = read_position(c, k, &out->beat) && ok;
        else if (k->kind == CHR_AST_NAME)
            ok = read_curve(c, k, &out->curve) && ok;
    }
    return ok;
}

static uint32_t read_points(checker *c, const place *p, const char *module,
                            const chr_param_info *info, const chr_ast *statement, moment **out) {
    uint32_t n = 0, room = 0;
    bool ok = true;
    *out = NULL;
    for (const chr_ast *e = statement->child; e != NULL; e = e->next) {
        if (e->kind != CHR_AST_POINT)
            continue;
        if (n == MAX_POINTS) {
            REPORT(c, E473, e->span, MAX_POINTS);
            return 0;
        }
        *out = grown(c, *out, n, &room, sizeof **out);
        moment *now = &(*out)[n];
        if (!read_point(c, p, module, info, e, now)) {
            ok = false;
            continue;
        }
        if (n > 0 && now->beat <= now[-1].beat) {
            REPORT(c, E471, e->span, text_of(c, e->span));
            ok = false;
        }
        if (n > 0 && now->curve == 1 && (now->value <= 0 || now[-1].value <= 0))
            WARN(c, W472, e->span, text_of(c, e->span));
        n++;
    }
    return ok ? n : 0;
}

/* ---- nodes ---- */

static void set_param(node *n, int k, double x) {
    n->params[k] = strand_const((float)x);
}

static void set_beat(node *n, int k, double beat) {
    double whole = (double)(int64_t)beat;
    set_param(n, k, whole);
    set_param(n, k + 1, beat - whole);
}

value lay_moments(checker *c, const place *p, chr_unit unit, const moment *points, uint32_t n) {
    const chr_module *m = built_in(c, "automation");
    value v = number(points[0].value, unit);
    if (m == NULL || n == 1)
        return n == 1 ? v : poison();
    chr_strand before = strand_const((float)points[0].value);
    for (uint32_t i = 1; i < n; i++) {
        place here = *p;
        here.label = NULL;
        node *made =
            add_node(c, &here, m, new_label(c, &here, NULL, m->name), shape_one, 0, points[i].span);
        made->inputs[0] = before;
        set_beat(made, 0, points[i - 1].beat);
        set_beat(made, 2, points[i].beat);
        set_param(made, 4, points[i].value);
        set_param(made, 5, points[i].curve);
        v = node_output(c, (uint32_t)(made - c->nodes));
        before = v.strands[0];
    }
    v.is_control = true;
    v.unit = unit == CHR_UNIT_HZ ? CHR_UNIT_HZ : CHR_UNIT_NONE;
    return v;
}

/* The number that the rest of an expression moves about: 400 in `400 + lfo(0.2) * 300`. NULL where
 * there is none: then all of it is replaced. */
static const chr_ast *base_of(const chr_ast *e) {
    if (e == NULL || e->kind == CHR_AST_NUMBER)
        return e;
    if (e->kind == CHR_AST_CHAIN && e->child->next == NULL)
        return base_of(e->child);
    if (e->kind != CHR_AST_BINARY || (e->text[0] != '+' && e->text[0] != '-'))
        return NULL;
    const chr_ast *base = base_of(e->child);
    return base == NULL && e->text[0] == '+' ? base_of(e->child->next) : base;
}

/* What the points make of it. POISON, reported, where they cannot. */
static value eval_points(checker *c, const place *p, const char *module, const chr_param_info *info,
                         const chr_ast *statement, asked *asked_for) {
    moment *points;
    uint32_t n = read_points(c, p, module, info, statement, &points);
    if (n == 0)
        return poison();
    for (uint32_t i = 0; asked_for != NULL && i < n; i++)
        if ((float)points[i].value > asked_for->greatest)
            asked_for->greatest = (float)points[i].value;
    return lay_moments(c, p, info->unit, points, n);
}

value eval_automated(checker *c, const place *p, const place *written_at, const char *module,
                     const chr_param_info *info, const chr_ast *statement, const chr_ast *written,
                     asked *asked_for) {
    const chr_ast *base = base_of(written);
    value v;
    if (info->choices != NULL && statement->kind == CHR_AST_AUTOMATE) {
        REPORT(c, E474, statement->child->span, statement->child->text);
        return poison();
    }
    if (statement->kind == CHR_AST_AUTOMATE) {
        v = eval_points(c, p, module, info, statement, asked_for);
    } else {
        value own = base != NULL && info->choices == NULL
                        ? eval_param(c, written_at, module, info, base, asked_for)
                        : number((double)info->dflt, info->unit);
        double at_first = own.kind == VALUE_NUMBER ? own.number : (double)info->dflt;
        v = eval_turned(c, p, module, info, statement, at_first, asked_for);
    }
    if (base == NULL || base == written || v.kind != VALUE_SIGNAL)
        return v;
    substitute before = c->substitute;
    c->substitute = (substitute){base, v};
    v = eval_param(c, written_at, module, info, written, asked_for);
    c->substitute = before;
    return v;
}
