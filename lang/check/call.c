/* lang/check/call.c: the use of a module or function, and the nodes that a built-in module becomes.
 * SPDX-License-Identifier: MIT */
#include "lang/check/inner.h"

#include "dsp/kernel/scalar.h"

/* ---- what a built-in module takes ---- */

static void describe_built_in(checker *c, maker *m) {
    const chr_module *b = m->module;
    const char **slots = TAKE_N(c, const char *, b->n_params + b->n_inputs + 1);
    int n = 0;
    bool has_in = false;
    for (int i = 0; i < b->n_params; i++)
        slots[n++] = b->params[i].word;
    for (int i = 0; i < b->n_inputs; i++) {
        slots[n++] = b->inputs[i].name;
        has_in = has_in || strcmp(b->inputs[i].name, "in") == 0;
    }
    /* A module with a left and a right input is given both sides at once by `in=`. */
    if (b->shape == CHR_STEREO && !has_in)
        slots[n++] = "in";
    m->slots = slots;
    m->n_slots = n;
    m->n_positional = b->n_params > 0 ? b->n_params : b->n_inputs; /* prev(y) */
}

/* ---- arguments of one node ---- */

enum { MOST_ARGS = CHR_MAX_PARAMS + CHR_MAX_INPUTS };

typedef struct use {
    const chr_module *m;
    const char *label;
    value params[CHR_MAX_PARAMS], inputs[CHR_MAX_INPUTS];
    asked asked[CHR_MAX_PARAMS];     /* of a module that holds memory */
    bool free_phase[CHR_MAX_PARAMS]; /* nobody said where in its wave it begins */
} use;

static bool fed(const place *p) {
    return p->feeds && p->has_in;
}

static value taken_in(const place *p) {
    if (p->in_used != NULL)
        *p->in_used = true;
    return p->in;
}

static value normal_value(checker *c, const place *p, chr_normal normal, double dflt,
                          chr_unit unit) {
    switch (normal) {
    case CHR_NORMAL_NONE:
        break;
    case CHR_NORMAL_IN:
        if (fed(p))
            return taken_in(p);
        break;
    case CHR_NORMAL_FREQ:
    case CHR_NORMAL_GATE:
    case CHR_NORMAL_VEL:
    case CHR_NORMAL_NOTE:
        if (has_voice(c, p))
            return voice_input(c, p, (chr_voice_value)(normal - CHR_NORMAL_FREQ));
        break;
    }
    return number(dflt, unit);
}

static value eval_input(checker *c, const place *p, const chr_ast *e) {
    value v = eval(c, p, e);
    if (v.kind == VALUE_TEXT || v.kind == VALUE_CHOICE) {
        report_no_number(c, e->span, &v);
        return poison();
    }
    return v;
}

static void eval_params(checker *c, const place *p, const place *args, use *u,
                        const chr_ast **given, bool *folded, value *result) {
    const chr_module *m = u->m;
    bool is_if = strcmp(m->name, "if") == 0 && m->n_params == 3;
    for (int i = 0; i < m->n_params; i++) {
        const chr_param_info *info = &m->params[i];
        const chr_ast *key = override_of(c, p, u->label, info->word);
        const chr_ast *e = key != NULL ? key->child : given[i];
        u->asked[i] = (asked){.greatest = info->dflt};
        u->free_phase[i] =
            e == NULL && info->unit == CHR_UNIT_DEG && m->outputs[0].kind == CHR_AUDIO;
        asked *asked_for = m->ring_rows != NULL ? &u->asked[i] : NULL;
        if (e != NULL) {
            place own = key != NULL ? override_place(c, p, u->label, info->word) : *args;
            int quiet = c->quiet;
            c->quiet = key != NULL ? 0 : quiet;
            u->params[i] =
                automation_of(key) != NULL
                    ? eval_automated(c, &own, args, m->name, info, e, given[i], asked_for)
                    : eval_param(c, &own, m->name, info, e, asked_for);
            c->quiet = quiet;
        } else {
            value v = normal_value(c, p, info->normal, (double)info->dflt, info->unit);
            u->params[i] = v.kind == VALUE_SIGNAL || v.kind == VALUE_POISON
                               ? v
                               : fit_param(c, m->name, info, v, (chr_span){0}, asked_for);
        }
        u->params[i] = locked_value(c, p, u->label, info->word, info, u->params[i],
                                    e != NULL ? e->span : (chr_span){0});
        if (u->params[i].kind == VALUE_SIGNAL && info->max > u->asked[i].greatest)
            u->asked[i].greatest = info->max;
        /* `if` with a condition that is known chooses between expressions: the other one is not
         * made. */
        if (is_if && i == 0 && u->params[0].kind == VALUE_NUMBER && u->params[0].numbers == NULL) {
            bool yes = u->params[0].number > 0.0;
            value both[2] = {poison(), poison()};
            for (int k = 0; k < 2; k++) {
                bool chosen = yes == (k == 0);
                if (given[1 + k] == NULL)
                    both[k] = normal_value(c, p, m->params[1 + k].normal,
                                           (double)m->params[1 + k].dflt, CHR_UNIT_NONE);
                else if (chosen || c->dry)
                    both[k] = eval(c, args, given[1 + k]);
            }
            *folded = true;
            *result = both[yes ? 0 : 1];
            return;
        }
    }
}

static void eval_inputs(checker *c, const place *p, const place *args, use *u,
                        const chr_ast **given) {
    const chr_module *m = u->m;
    const chr_ast *both = m->shape == CHR_STEREO ? given[m->n_params + m->n_inputs] : NULL;
    value pair = both != NULL ? eval_input(c, args, both) : poison();
    value entering = poison();
    for (int i = 0; i < m->n_inputs; i++) {
        const chr_ast *e = given[m->n_params + i];
        bool side = m->shape == CHR_STEREO && i < 2;
        value v;
        if (e != NULL)
            v = eval_input(c, args, e);
        else if (side && both != NULL)
            v = pair;
        else if (side && i == 1 && given[m->n_params] == NULL)
            v = entering;
        else
            v = normal_value(c, p, m->inputs[i].normal, (double)m->inputs[i].dflt, CHR_UNIT_NONE);
        entering = i == 0 ? v : entering;
        u->inputs[i] = v;
    }
}

/* ---- constants through mathematics ---- */

static bool fold_maths(const use *u, value *out) {
    const chr_module *m = u->m;
    for (int i = 0; i < m->n_params; i++)
        if (u->params[i].kind != VALUE_NUMBER || u->params[i].numbers != NULL)
            return false;
    if (m->n_inputs != 0)
        return false;
    double a = m->n_params > 0 ? u->params[0].number : 0,
           b = m->n_params > 1 ? u->params[1].number : 0;
    if (strcmp(m->name, "abs") == 0)
        *out = number(a < 0.0 ? -a : a, CHR_UNIT_NONE);
    else if (strcmp(m->name, "min") == 0)
        *out = number(a < b ? a : b, CHR_UNIT_NONE);
    else if (strcmp(m->name, "max") == 0)
        *out = number(a > b ? a : b, CHR_UNIT_NONE);
    else if (strcmp(m->name, "sqrt") == 0)
        *out = number(a > 0.0 ? __builtin_sqrt(a) : 0.0, CHR_UNIT_NONE);
    else if (strcmp(m->name, "floor") == 0)
        *out = number(chr_floor_d(a), CHR_UNIT_NONE);
    else
        return false;
    return true;
}

/* ---- shapes ---- */

static bool join_shape(checker *c, shape *s, const value *v, chr_span span) {
    if (v->kind == VALUE_CHOICE || v->kind == VALUE_POISON)
        return true;
    shape before = *s;
    if (shape_widen(s, v->shape))
        return true;
    REPORT(c, E405, span, (int)before.copies, (int)v->shape.copies);
    return false;
}

static void fill_row(chr_strand *row, const value *v, shape s, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        row[i] = v->strands[spread_index(v->shape, s, i)];
}

static value as_argument(checker *c, value v) {
    if (v.kind == VALUE_CHOICE) {
        chr_strand *s = TAKE(c, chr_strand);
        *s = strand_const((float)v.number);
        return signal_of(s, shape_one);
    }
    v = as_signal(c, v);
    return v;
}

/* Numbers given to a parameter are in its unit already: only their width is left. */
static value as_param(checker *c, value v) {
    if (v.kind == VALUE_NUMBER)
        v.unit = CHR_UNIT_NONE;
    return as_argument(c, v);
}

/* False, reported, if all delays together would hold too much. */
static bool count_delay(checker *c, const use *u, const node *n, chr_span span) {
    if (u->m->ring_rows == NULL)
        return true;
    float greatest[CHR_MAX_PARAMS];
    for (int i = 0; i < u->m->n_params; i++)
        greatest[i] = u->asked[i].greatest > 1e9f ? 1e9f : u->asked[i].greatest;
    double wanted = (double)u->m->ring_rows(192000.0f, greatest), rows = 64;
    while (rows < wanted) /* as the graph rounds them */
        rows *= 2;
    rows *= u->m->ring_columns > 0 ? u->m->ring_columns : 1;
    rows *= n->n_instances;
    if (c->delay_rows + rows > 192000.0 * MAX_DELAY_SECONDS) {
        if (!c->delay_told)
            REPORT(c, E505, span, MAX_DELAY_SECONDS / 60);
        c->delay_told = true;
        return false;
    }
    c->delay_rows += rows;
    int quiet = c->quiet; /* what is kept here was asked for by the player */
    c->quiet = 0;
    for (int i = 0; i < u->m->n_params; i++)
        if (u->asked[i].clamped)
            warn_of_clamping(c, u->m->name, &u->m->params[i], u->asked[i].span, u->asked[i].held);
    c->quiet = quiet;
    return true;
}

/* ---- nodes ---- */

static value make_sum(checker *c, const place *p, use *u, chr_span span) {
    const chr_module *m = u->m;
    chr_strand params[CHR_MAX_PARAMS];
    for (int i = 0; i < m->n_params; i++) {
        value v = as_param(c, u->params[i]);
        if (shape_size(v.shape) != 1 || v.strands[0].kind != CHR_STRAND_CONST) {
            REPORT(c, E407, span, join(c, m->name, ".", m->params[i].word));
            return poison();
        }
        params[i] = v.strands[0];
    }
    value in = as_signal(c, u->inputs[0]);
    /* In the chain of the patch `mix` sums the voices too; `spread` leaves them apart where there
     * are copies to place and a later stage still follows the notes. */
    bool voices_too = in.shape.voices == 1 || p->top_stage;
    if (p->top_stage && m->n_outputs == 2 && in.shape.copies > 1 && p->later_notes)
        voices_too = in.shape.voices == 1;
    place here = *p;
    if (voices_too && p->top_stage) {
        value placed = place_notes(c, p, in, span);
        here.sides_apart = placed.strands != in.strands;
        in = placed;
    }
    return sum_node(c, &here, m, params, in, voices_too, u->label, span);
}

/* The copies of a voice begin apart: as far from one another as the golden section makes them. */
static void part_phases(const owner *o, chr_strand *row, const shape *s) {
    if (o->unison == 1 || s->voices != o->n_voices * o->unison)
        return;
    uint32_t within = s->copies * s->sides;
    for (uint32_t i = 0; i < s->voices * within; i++) {
        double turns = (double)(i / within % o->unison) * 0.61803398874989485;
        row[i] = strand_const((float)(360.0 * (turns - chr_floor_d(turns))));
    }
}

static value make_node(checker *c, const place *p, use *u, chr_span span) {
    const chr_module *m = u->m;
    value params[CHR_MAX_PARAMS], inputs[CHR_MAX_INPUTS];
    shape s = shape_one;
    bool sound = false, fits = true;
    for (int i = 0; i < m->n_params; i++) {
        params[i] = as_param(c, u->params[i]);
        sound = sound || params[i].sound;
        if (m->shape == CHR_STEREO || (m->shape == CHR_STEREO_OUT && params[i].shape.sides == 2))
            params[i] = to_mono(c, p, params[i], span);
        fits = fits && join_shape(c, &s, &params[i], span);
    }
    for (int i = 0; i < m->n_inputs; i++) {
        inputs[i] = as_signal(c, u->inputs[i]);
        sound = sound || (m->inputs[i].kind == CHR_AUDIO && inputs[i].sound);
        if (m->shape == CHR_STEREO && i > 1)
            inputs[i] = to_mono(c, p, inputs[i], span);
        value counted = inputs[i];
        if (m->shape == CHR_STEREO && i < 2)
            counted.shape.sides = 1;
        fits = fits && join_shape(c, &s, &counted, span);
    }
    if (!fits)
        return poison();
    if (m->shape == CHR_STEREO)
        s.sides = 1;
    node *n = add_node(c, p, m, u->label, s, 0, span);
    uint32_t index = (uint32_t)(n - c->nodes), count = n->n_instances;
    for (int i = 0; i < m->n_params; i++)
        fill_row(n->params + (uint32_t)i * count, &params[i], s, count);
    for (int i = 0; i < m->n_params; i++)
        if (u->free_phase[i])
            part_phases(p->owner, n->params + (uint32_t)i * count, &s);
    for (int i = 0; i < m->n_inputs; i++) {
        value v = inputs[i];
        chr_strand *row = n->inputs + (uint32_t)i * count;
        if (m->shape == CHR_STEREO && i < 2 && v.shape.sides == 2) {
            shape two = {s.voices, s.copies, 2};
            for (uint32_t k = 0; k < count; k++)
                row[k] = v.strands[spread_index(v.shape, two, 2 * k + (uint32_t)i)];
        } else {
            fill_row(row, &v, s, count);
        }
    }
    if (!count_delay(c, u, n, span))
        return poison();
    value out = node_output(c, index);
    bool maths = m->n_inputs == 0 && m->n_params > 0 && m->params[0].unit == CHR_UNIT_NONE;
    out.sound = maths ? sound : out.sound || sound;
    out.is_control = !out.sound;
    return out;
}

value use_built_in(checker *c, const place *p, maker *mk, const chr_ast **given, chr_span span) {
    const chr_module *m = mk->module;
    use here, *u = &here;
    u->m = m;
    /* The label is settled before the arguments, so that it does not depend on what stands in them.
     */
    u->label = c->dry ? "" : new_label(c, p, p->label, m->name);
    place args = argument_place(p);
    bool folded = false;
    value result = poison();
    eval_params(c, p, &args, u, given, &folded, &result);
    if (folded)
        return result;
    eval_inputs(c, p, &args, u, given);
    for (int i = 0; i < m->n_params; i++)
        if (u->params[i].kind == VALUE_POISON)
            return poison();
    for (int i = 0; i < m->n_inputs; i++)
        if (u->inputs[i].kind == VALUE_POISON)
            return poison();
    if (fold_maths(u, &result))
        return result;
    if (c->dry)
        return poison();
    return m->shape == CHR_SUM ? make_sum(c, p, u, span) : make_node(c, p, u, span);
}

/* ---- any use ---- */

value eval_maker(checker *c, const place *p, maker *m, const chr_ast *const *args, uint32_t n_args,
                 chr_span span) {
    if (m->module != NULL && m->slots == NULL)
        describe_built_in(c, m);
    else if (m->module == NULL)
        describe(c, m);
    const chr_ast **given = TAKE_N(c, const chr_ast *, m->n_slots + 1);
    bool ok = bind_args(c, m, args, n_args, given);
    value v =
        m->module != NULL ? use_built_in(c, p, m, given, span) : use_written(c, p, m, given, span);
    return ok ? v : poison();
}

/* The parameter that has `word` among its choices, or NULL: `vco saw` for `vco wave=saw`. */
static const char *param_with_choice(const maker *m, const char *word) {
    int n = m->module != NULL ? m->module->n_params : m->n_params;
    for (int i = 0; i < n; i++) {
        const chr_param_info *info = m->module != NULL ? &m->module->params[i] : m->params[i].info;
        const char *choices = info != NULL ? info->choices : NULL;
        for (size_t len; choices != NULL && *choices != 0; choices += len + (choices[len] == '|')) {
            len = strcspn(choices, "|");
            if (strlen(word) == len && strncmp(choices, word, len) == 0)
                return info->word;
        }
    }
    return NULL;
}

/* A module's name alone is no argument: in `saw 220 lpf 900` a `>` is missing before `lpf`. */
static bool misses_arrow(checker *c, const place *p, const maker *m, const chr_ast *e) {
    int slot = 0;
    for (const chr_ast *a = e->child; a != NULL; a = a->next) {
        if (a->kind == CHR_AST_KEY)
            continue;
        const chr_param_info *info = NULL;
        if (m->module != NULL && slot < m->module->n_params)
            info = &m->module->params[slot];
        else if (m->module == NULL && slot < m->n_params)
            info = m->params[slot].info;
        slot++;
        bool choice = info != NULL && info->choices != NULL;
        if (a->kind != CHR_AST_NAME || choice || find_binding(c, p, a->text) != NULL)
            continue;
        const char *param = param_with_choice(m, a->text);
        bool is_module = find_maker(c, p, a->text) != NULL;
        if (!is_module && param == NULL)
            continue;
        if (is_module ? REPORT(c, E207, a->span, join(c, "`", a->text, "`"))
                      : REPORT(c, E301, a->span, a->text)) {
            if (param != NULL)
                chr_suggest(c->diags, "as a choice: %.60s %.60s=%.60s", e->text, param, a->text);
            else
                chr_suggest(c->diags, "%.60s … > %.60s …; as an argument: %.60s()", e->text,
                            a->text, a->text);
        }
        return true;
    }
    return false;
}

value eval_use(checker *c, const place *p, const chr_ast *e) {
    maker *m = find_maker(c, p, e->text);
    const chr_ast **args = NULL;
    uint32_t n = 0;
    if (e->kind != CHR_AST_NAME) {
        for (const chr_ast *a = e->child; a != NULL; a = a->next)
            n++;
        args = TAKE_N(c, const chr_ast *, n);
        n = 0;
        for (const chr_ast *a = e->child; a != NULL; a = a->next)
            args[n++] = a;
    }
    if (m != NULL && m->module == NULL)
        describe(c, m);
    if (m != NULL && e->kind == CHR_AST_NODE && misses_arrow(c, p, m, e))
        return poison();
    if (m != NULL)
        return eval_maker(c, p, m, args, n, e->span);
    if (is_tap(e->text))
        return eval_tap(c, p, e);
    if (strcmp(e->text, "out") == 0) {
        REPORT(c, E312, name_span(e), e->text);
    } else {
        const binding *b = find_binding(c, p, e->text);
        if (b != NULL && b->kind == BIND_OWNER && is_bus(b->owner)) {
            if (REPORT(c, E326, e->span, e->text))
                chr_suggest(c->diags, "send %s to %s 0.3", p->owner->name, e->text);
        } else if (b == NULL || (b->kind != BIND_BAD && b->kind != BIND_WAITING))
            report_unknown(c, p, e->text, name_span(e), true);
    }
    place part = argument_place(p);
    for (uint32_t i = 0; i < n; i++) /* mistakes in the arguments are reported as well */
        if (args[i]->kind != CHR_AST_KEY && args[i]->kind != CHR_AST_NAME)
            eval(c, &part, args[i]);
    return poison();
}
