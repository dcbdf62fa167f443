/* lang/check/user.c: modules and functions written in Chronus: their parameters, and writing them
 * out. SPDX-License-Identifier: MIT */
#include "lang/check/inner.h"

/* ---- parameters ---- */

static const char *const context_words[] = {"pitch", "dynamics", "brightness", "space",
                                            "time",  "movement", "grit",       "rhythm"};

typedef struct constant_value {
    double x;
    chr_unit unit;
} constant_value;

static place session_place(checker *c) {
    return (place){.owner = c->owners[0], .prefix = ""};
}

/* A constant of a parameter's line; the unit that a signal of that kind is held in. */
static bool constant(checker *c, const chr_ast *e, const char *what, constant_value *out) {
    int errors = c->diags->n_errors;
    place p = session_place(c);
    c->dry++;
    value v = eval(c, &p, e);
    c->dry--;
    if (v.kind == VALUE_POISON && c->diags->n_errors == errors && e->kind != CHR_AST_BAD)
        REPORT(c, E407, e->span, what);
    if (v.kind == VALUE_POISON || !one_number(c, &v, e->span, what, &out->x))
        return false;
    out->unit = v.unit;
    return true;
}

static chr_unit held_unit(chr_unit unit) {
    switch (unit) {
    case CHR_UNIT_NOTE:
        return CHR_UNIT_HZ;
    case CHR_UNIT_DB:
    case CHR_UNIT_PERCENT:
        return CHR_UNIT_RATIO;
    case CHR_UNIT_CENT:
        return CHR_UNIT_ST;
    case CHR_UNIT_BEATS:
    case CHR_UNIT_BARS:
    case CHR_UNIT_WHOLES:
        return CHR_UNIT_S;
    default:
        return unit;
    }
}

static void read_word(checker *c, const chr_ast *word, chr_param_info *info) {
    if (strcmp(word->text, "lin") == 0 || strcmp(word->text, "log") == 0) {
        info->curve = word->text[1] == 'o' ? CHR_LOG : CHR_LIN;
        return;
    }
    for (int i = 0; i < 8; i++)
        if (strcmp(word->text, context_words[i]) == 0) {
            info->context = (chr_context)i;
            return;
        }
    if (REPORT(c, E413, word->span, word->text)) {
        const char *near = chr_nearest(word->text, context_words, 8);
        if (near != NULL)
            chr_suggest(c->diags, "did you mean `%s`?", near);
    }
}

static void read_choices(checker *c, const maker *m, const chr_ast *dflt, const chr_ast *choices,
                         chr_param_info *info) {
    const char *all = "";
    int n = 0;
    for (const chr_ast *name = choices->child; name != NULL; name = name->next, n++)
        all = join(c, all, n == 0 ? "" : "|", name->text);
    info->choices = all;
    info->min = 0;
    info->max = (float)(n - 1);
    int i = dflt->kind == CHR_AST_NAME ? choice_find(all, dflt->text) : -1;
    if (i < 0) {
        if (dflt->kind != CHR_AST_BAD &&
            REPORT(c, E402, dflt->span, m->name, info->word, text_of(c, dflt->span)))
            chr_suggest(c->diags, "the value after = is one of %s", all);
        i = 0;
    }
    info->dflt = (float)i;
}

static void read_quantity(checker *c, const chr_ast *dflt, const chr_ast *range,
                          chr_param_info *info) {
    constant_value value_of = {0}, lo = {0}, hi = {0};
    bool known = constant(c, dflt, "the value of a param", &value_of), bounded = false;
    if (range != NULL)
        bounded = constant(c, range->child, "the least value of a param", &lo);
    if (range != NULL && !constant(c, range->child->next, "the greatest value of a param", &hi))
        bounded = false;
    chr_unit unit = value_of.unit != CHR_UNIT_NONE ? value_of.unit
                    : hi.unit != CHR_UNIT_NONE     ? hi.unit
                                                   : lo.unit;
    info->unit = held_unit(unit);
    info->min = -1e9f;
    info->max = 1e9f;
    double dflt_x = 0, lo_x = -1e9, hi_x = 1e9;
    if (known && !convert(c, value_of.x, value_of.unit, info->unit, &dflt_x))
        known = false;
    if (bounded) {
        if (!convert(c, lo.x, lo.unit, info->unit, &lo_x)) {
            REPORT(c, E404, range->span, chr_unit_kind(lo.unit), chr_unit_kind(info->unit),
                   "make one range");
            return;
        }
        if (!convert(c, hi.x, hi.unit, info->unit, &hi_x)) {
            REPORT(c, E404, range->span, chr_unit_kind(hi.unit), chr_unit_kind(info->unit),
                   "make one range");
            return;
        }
        if (!(lo_x < hi_x))
            REPORT(c, E412, range->span, text_of(c, range->span),
                   "does not go from a smaller number to a greater one");
        else if (known && !(dflt_x >= lo_x && dflt_x <= hi_x))
            REPORT(c, E412, dflt->span, text_of(c, dflt->span),
                   "lies outside the range that follows it");
        else if (info->curve == CHR_LOG && lo_x <= 0)
            REPORT(c, E412, range->child->span, text_of(c, range->child->span),
                   "cannot begin a log range, which stays above zero");
        info->min = (float)lo_x;
        info->max = (float)hi_x;
    }
    info->dflt = (float)dflt_x;
}

static const chr_param_info *read_param(checker *c, const maker *m, const chr_ast *ast) {
    chr_param_info *info = TAKE(c, chr_param_info);
    const chr_ast *dflt = ast->child, *range = NULL, *choices = NULL;
    *info = (chr_param_info){
        .word = ast->text, .display = ast->text, .context = CHR_MOVEMENT, .doc = "", .hint = NULL};
    if (dflt == NULL)
        return info;
    for (const chr_ast *e = dflt->next; e != NULL; e = e->next) {
        if (e->kind == CHR_AST_RANGE)
            range = e;
        else if (e->kind == CHR_AST_CHOICES)
            choices = e;
        else if (e->kind == CHR_AST_NAME)
            read_word(c, e, info);
        else if (e->kind == CHR_AST_STRING)
            info->doc = e->text;
    }
    if (choices != NULL)
        read_choices(c, m, dflt, choices, info);
    else
        read_quantity(c, dflt, range, info);
    return info;
}

static void add_parameter(checker *c, maker *m, const chr_ast *ast, const chr_param_info *info) {
    if (m->n_params == MAX_PARAMETERS) {
        REPORT(c, E512, defined_span(m->ast), m->name, MAX_PARAMETERS, "parameters");
        return;
    }
    for (int i = 0; i < m->n_params; i++)
        if (strcmp(m->params[i].name, ast->text) == 0) {
            REPORT(c, E322, ast->kind == CHR_AST_PARAM ? defined_span(ast) : name_span(ast),
                   ast->text);
            return;
        }
    m->params[m->n_params++] = (parameter){ast->text, ast, info};
}

void describe(checker *c, maker *m) {
    if (m->described)
        return;
    m->described = true;
    int n = 0;
    for (const chr_ast *e = m->ast->child; e != NULL; e = e->next)
        n += e->kind == CHR_AST_FORMAL || e->kind == CHR_AST_PARAM;
    m->params = TAKE_N(c, parameter, n < MAX_PARAMETERS ? n : MAX_PARAMETERS);
    c->quiet += m->library;
    for (const chr_ast *e = m->ast->child; e != NULL; e = e->next) {
        if (e->kind == CHR_AST_FORMAL)
            add_parameter(c, m, e, NULL);
        else if (e->kind == CHR_AST_PARAM)
            add_parameter(c, m, e, read_param(c, m, e));
        else if (e->kind == CHR_AST_LET || e->kind == CHR_AST_CHAIN)
            collect_labels(c, e, &m->labels);
    }
    c->quiet -= m->library;
    const char **slots = TAKE_N(c, const char *, m->n_params + 1);
    for (int i = 0; i < m->n_params; i++)
        slots[i] = m->params[i].name;
    m->n_positional = m->n_params;
    m->n_slots = m->n_params;
    if (m->ast->kind == CHR_AST_MODULE)
        slots[m->n_slots++] = "in";
    m->slots = slots;
}

/* ---- writing out ---- */

typedef struct contents {
    const maker *m;
    const value *values; /* of the parameters */
} contents;

static void fill(checker *c, const place *p, void *context) {
    const contents *k = context;
    const maker *m = k->m;
    binding *params = TAKE_N(c, binding, m->n_params);
    for (int i = 0; i < m->n_params; i++) {
        params[i] = (binding){.kind = BIND_VALUE,
                              .state = DONE,
                              .name = m->params[i].name,
                              .value = k->values[i],
                              .stand_in = NO_NODE};
        table_put(c, &p->scope->names, m->params[i].name, &params[i], false);
    }
    for (const chr_ast *e = m->ast->child; e != NULL; e = e->next) {
        if (e->kind != CHR_AST_LET && e->kind != CHR_AST_FN)
            continue;
        const binding *other = table_find(&p->scope->names, e->text);
        if (other != NULL) {
            REPORT(c, E319, defined_span(e), e->text);
            continue;
        }
        binding *b = TAKE(c, binding);
        *b = (binding){.kind = BIND_LET,
                       .name = e->text,
                       .stand_in = NO_NODE,
                       .assumed = shape_one,
                       .home = p};
        if (e->kind == CHR_AST_LET) {
            b->ast = e->child;
        } else {
            maker *inner = TAKE(c, maker);
            *inner = (maker){.name = e->text,
                             .ast = e,
                             .home = p->scope,
                             .library = m->library,
                             .uses_notes = -1};
            b->kind = BIND_MAKER;
            b->maker = inner;
        }
        table_put(c, &p->scope->names, e->text, b, false);
    }
    if (c->dry) /* when a body is tried, what it does not use is looked at as well */
        for (const chr_ast *e = m->ast->child; e != NULL; e = e->next) {
            binding *b = e->kind == CHR_AST_LET ? table_find(&p->scope->names, e->text) : NULL;
            if (b != NULL && b->kind == BIND_LET && b->state == NOT_YET)
                eval_let(c, b);
        }
}

static const chr_ast *chain_of(const maker *m) {
    const chr_ast *chain = NULL;
    for (const chr_ast *e = m->ast->child; e != NULL; e = e->next)
        if (e->kind == CHR_AST_CHAIN)
            chain = e;
    return chain;
}

static const chr_ast *default_of(const parameter *q) {
    return q->info == NULL ? q->ast->child : NULL;
}

/* True, reported, where a body would have to be written out inside itself. */
static bool is_loop(checker *c, const maker *m) {
    for (const expansion *x = c->expanding; x != NULL; x = x->outer) {
        if (x->ast != m->ast)
            continue;
        const char *loop = m->name;
        for (const expansion *y = c->expanding; y != NULL; y = y->outer) {
            loop = join(c, y->name, " > ", loop);
            if (y->ast == m->ast)
                break;
        }
        if (REPORT(c, E311, defined_span(m->ast), m->name))
            chr_suggest(c->diags, "the loop is %s; take one of them out of it", loop);
        return true;
    }
    return false;
}

/* True if it may be written out here; else the reason is reported. */
static bool may_expand(checker *c, const maker *m, chr_span span) {
    if (is_loop(c, m))
        return false;
    if (c->expanding != NULL && c->expanding->depth >= MAX_NESTING) {
        if (!c->depth_told)
            REPORT(c, E507, span, MAX_NESTING);
        c->depth_told = true;
        return false;
    }
    return true;
}

static value expand(checker *c, const place *p, const maker *m, const value *values) {
    expansion here = {m->ast, m->name, c->expanding,
                      c->expanding != NULL ? c->expanding->depth + 1 : 1};
    contents k = {m, values};
    body b = {
        .labels = &m->labels, .chain = chain_of(m), .fill = fill, .context = &k, .parent = m->home};
    c->expanding = &here;
    c->quiet += m->library;
    value v = eval_body(c, p, &b);
    c->quiet -= m->library;
    c->expanding = here.outer;
    return v;
}

static value param_default(const parameter *q) {
    value v = number((double)q->info->dflt, q->info->unit);
    if (q->info->choices != NULL) {
        v.kind = VALUE_CHOICE;
        v.text = q->info->choices;
        v.unit = CHR_UNIT_NONE;
    }
    return v;
}

/* Checks a body by itself, with its defaults and anything for what has none, so that each mistake
 * in it is reported once, whether it is used or not. No nodes are made. */
void try_maker(checker *c, maker *m) {
    describe(c, m);
    if (m->library || is_loop(c, m) || m->tried)
        return;
    if (c->expanding != NULL && c->expanding->depth >= MAX_NESTING)
        return; /* it will be tried by itself */
    m->tried = true;
    value *values = TAKE_N(c, value, m->n_params);
    for (int i = 0; i < m->n_params; i++)
        values[i] = m->params[i].info != NULL ? param_default(&m->params[i]) : poison();
    int errors = c->diags->n_errors;
    place p = session_place(c);
    p.in = poison();
    p.has_in = p.feeds = true;
    c->dry++;
    expand(c, &p, m, values);
    c->dry--;
    m->bad = c->diags->n_errors != errors;
}

void note_instance(checker *c, owner *o, const char *label, const maker *m, const value *values) {
    keep_for_undo(c, &o->n_instances, sizeof o->n_instances);
    o->instances = grown(c, o->instances, o->n_instances, &o->instances_room, sizeof *o->instances);
    o->instances[o->n_instances++] = (instance){label, m, values, ++c->births};
}

value use_written(checker *c, const place *p, maker *m, const chr_ast **given, chr_span span) {
    bool is_module = m->ast->kind == CHR_AST_MODULE, ok = true;
    const char *label = "";
    value *values = TAKE_N(c, value, m->n_params);
    if (is_module && !c->dry) {
        label = new_label(c, p, p->label, m->name);
        note_instance(c, p->owner, label, m, values);
    }
    place args = argument_place(p);
    for (int i = 0; i < m->n_params; i++) {
        const parameter *q = &m->params[i];
        const chr_ast *key = is_module && !c->dry ? override_of(c, p, label, q->name) : NULL;
        const chr_ast *e = key != NULL ? key->child : given[i];
        place own = key != NULL ? override_place(c, p, label, q->name) : args;
        int quiet = c->quiet;
        c->quiet = key != NULL ? 0 : quiet;
        if (automation_of(key) != NULL && q->info != NULL) {
            values[i] = eval_automated(c, &own, &args, m->name, q->info, e, given[i], NULL);
        } else if (e != NULL && q->info != NULL) {
            values[i] = eval_param(c, &own, m->name, q->info, e, NULL);
        } else if (e != NULL) {
            values[i] = eval(c, &own, e);
        } else if (q->info != NULL) {
            values[i] = param_default(q);
        } else if (default_of(q) != NULL) {
            own.scope = m->home;
            values[i] = eval(c, &own, default_of(q));
        } else if (p->has_in) {
            values[i] = p->in;
            if (p->in_used != NULL)
                *p->in_used = true;
        } else {
            REPORT(c, E318, span, m->name, q->name);
            values[i] = poison();
            ok = false;
        }
        c->quiet = quiet;
        if (is_module)
            values[i] = locked_value(c, p, label, q->name, q->info, values[i], span);
    }
    place inner = *p;
    inner.label = NULL;
    inner.top_stage = false;
    bool in_taken = false;
    if (is_module) {
        const chr_ast *in = given[m->n_params];
        inner.prefix = join(c, label, ".", "");
        inner.in_used = &in_taken;
        inner.has_in = in != NULL || (p->feeds && p->has_in);
        inner.in = in != NULL ? eval(c, &args, in) : p->in;
        inner.feeds = inner.has_in;
        if (!inner.has_in) { /* used as a source: nothing comes in */
            inner.in = number(0, CHR_UNIT_NONE);
            inner.has_in = true;
        }
    }
    if (c->dry) {
        try_maker(c, m);
        return poison();
    }
    if (m->bad || !ok || !may_expand(c, m, span))
        return poison();
    value v = expand(c, &inner, m, values);
    if (in_taken && p->in_used != NULL && given[m->n_params] == NULL)
        *p->in_used = true;
    return v;
}

/* ---- does it follow the notes? ---- */

static bool built_in_uses_notes(const chr_module *m) {
    for (int i = 0; i < m->n_params; i++)
        if (m->params[i].normal >= CHR_NORMAL_FREQ)
            return true;
    for (int i = 0; i < m->n_inputs; i++)
        if (m->inputs[i].normal >= CHR_NORMAL_FREQ)
            return true;
    return false;
}

bool uses_notes(checker *c, const place *p, const chr_ast *e) {
    const chr_ast **all;
    uint32_t n = flatten(c, e, &all);
    for (uint32_t i = 0; i < n; i++) {
        chr_ast_kind k = all[i]->kind;
        if (k != CHR_AST_NAME && k != CHR_AST_NODE && k != CHR_AST_CALL)
            continue;
        const char *name = all[i]->text;
        if (k == CHR_AST_NAME) {
            if (find_binding(c, p, name) != NULL)
                continue;
            if (voice_word(name) >= 0)
                return true;
        }
        maker *m = find_maker(c, p, name);
        if (m == NULL)
            continue;
        if (m->uses_notes < 0) {
            m->uses_notes = 0; /* against loops; what stands too deep is reported elsewhere */
            if (m->module != NULL)
                m->uses_notes = built_in_uses_notes(m->module);
            else if (++c->depth <= MAX_DEPTH)
                m->uses_notes = uses_notes(c, p, m->ast);
            c->depth -= m->module == NULL;
        }
        if (m->uses_notes > 0)
            return true;
    }
    return false;
}
