/* lang/check/expr.c: expressions: what a name, a path, a list or a number is worth at its place.
 * SPDX-License-Identifier: MIT */
#include "lang/check/inner.h"

place argument_place(const place *p) {
    place a = *p;
    a.feeds = a.top = a.top_stage = false;
    a.label = NULL;
    return a;
}

/* ---- what a patch gives by itself ---- */

bool has_voice(const checker *c, const place *p) {
    return c->dry || (p->owner != NULL && p->owner->index != 0 && !is_bus(p->owner));
}

/* After the voices are summed there is still one gate: open while any voice is held. */
static value any_gate(checker *c, const place *p) {
    owner *o = p->owner;
    place here = *p;
    here.label = NULL;
    chr_span span = o->statement != NULL ? o->statement->span : (chr_span){0};
    value open = poison();
    for (uint32_t i = 0; i < o->n_voices; i++) {
        chr_strand *s = TAKE(c, chr_strand);
        *s = (chr_strand){
            .kind = CHR_STRAND_VOICE, .port = CHR_VOICE_GATE, .node = o->index, .index = i};
        value gate = signal_of(s, shape_one);
        open = i == 0 ? gate : operate(c, &here, "max", open, gate, span);
    }
    return open;
}

value voice_strands(checker *c, const owner *o, chr_voice_value which, uint32_t n) {
    chr_strand *strands = TAKE_N(c, chr_strand, n);
    for (uint32_t i = 0; i < n; i++)
        strands[i] = (chr_strand){.kind = CHR_STRAND_VOICE,
                                  .port = (uint8_t)which,
                                  .node = o->index,
                                  .index = i / o->unison};
    value v = signal_of(strands, (shape){n, 1, 1});
    v.is_control = true;
    return v;
}

value voice_input(checker *c, const place *p, chr_voice_value which) {
    if (c->dry)
        return poison();
    owner *o = p->owner;
    if (which == CHR_VOICE_FREQ && o->pitch.kind == VALUE_SIGNAL && !p->after_mix)
        return o->pitch;
    if (which == CHR_VOICE_GATE && p->after_mix && o->n_voices > 1)
        return any_gate(c, p);
    uint32_t n = p->after_mix ? 1 : o->n_voices * o->unison;
    value v = voice_strands(c, o, which, n);
    v.unit = which == CHR_VOICE_FREQ ? CHR_UNIT_HZ : CHR_UNIT_NONE;
    return v;
}

int voice_word(const char *name) {
    for (int i = 0; i < CHR_VOICE_VALUES; i++)
        if (chr_voice_words[i] != NULL && strcmp(name, chr_voice_words[i]) == 0)
            return i;
    return -1;
}

/* ---- names ---- */

binding *find_binding(const checker *c, const place *p, const char *name) {
    for (const scope *s = p->scope; s != NULL; s = s->parent) {
        binding *b = table_find(&s->names, name);
        if (b != NULL)
            return b;
    }
    binding *b = table_find(&c->things, name);
    int voice = voice_word(name);
    if (voice >= 0 && voice <= CHR_VOICE_NOTE) /* the others may be names of the player's */
        return NULL;
    /* A patch's own name means the module in its own text. */
    return b != NULL && b->kind == BIND_OWNER && b->owner == p->owner ? NULL : b;
}

enum { MOST_WORDS = 2000 };

static void add_words(const table *t, const char **words, int *n) {
    for (uint32_t i = 0; i < t->room && *n < MOST_WORDS; i++)
        if (t->slots[i].name != NULL)
            words[(*n)++] = t->slots[i].name;
}

int compare_words(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void report_unknown(checker *c, const place *p, const char *name, chr_span span,
                    bool maker_wanted) {
    bool first = maker_wanted ? REPORT(c, E302, span, name) : REPORT(c, E301, span, name);
    if (!first)
        return;
    const char **words =
        TAKE_N(c, const char *, MOST_WORDS + 2 + CHR_VOICE_VALUES + c->program->modules.n);
    int n = 0;
    for (const scope *s = p->scope; s != NULL; s = s->parent)
        add_words(&s->names, words, &n);
    if (!maker_wanted) {
        words[n++] = "in";
        words[n++] = "out";
        for (int i = 0; i < CHR_VOICE_VALUES; i++)
            if (chr_voice_words[i] != NULL)
                words[n++] = chr_voice_words[i];
        add_words(&c->things, words, &n);
    }
    add_words(&c->makers, words, &n);
    for (int i = 0; i < c->program->modules.n; i++)
        if (!c->program->modules.modules[i]->hidden)
            words[n++] = c->program->modules.modules[i]->name;
    qsort(words, (size_t)n, sizeof *words,
          compare_words); /* so that the advice does not depend on a table's order */
    const char *meant = chr_word_meant(name); /* `echo` for `delay` */
    bool known = meant != NULL && bsearch(&meant, words, (size_t)n, sizeof *words, compare_words);
    const char *near = known ? meant : chr_nearest(name, words, n);
    if (near != NULL)
        chr_suggest(c->diags, "did you mean `%s`?", near);
}

value eval_name(checker *c, const place *p, const chr_ast *e) {
    const char *name = e->text;
    binding *b = find_binding(c, p, name);
    if (b != NULL && b->kind != BIND_MAKER)
        return binding_value(c, p, b, e->span);
    if (strcmp(name, "in") == 0) {
        if (!p->has_in) {
            REPORT(c, E316, e->span, name);
            return poison();
        }
        if (p->in_used != NULL)
            *p->in_used = true;
        return p->in;
    }
    int voice = voice_word(name);
    if (voice >= 0) {
        if (has_voice(c, p))
            return voice_input(c, p, (chr_voice_value)voice);
        if (p->owner != NULL && is_bus(p->owner))
            REPORT(c, E328, e->span, name);
        else
            REPORT(c, E317, e->span, name);
        return poison();
    }
    if (strcmp(name, "out") == 0) {
        REPORT(c, E312, e->span, name);
        return poison();
    }
    if (find_maker(c, p, name) != NULL)
        return eval_use(c, p, e);
    if (is_tap(name))
        return eval_tap(c, p, e);
    report_unknown(c, p, name, e->span, false);
    return poison();
}

/* ---- lists ---- */

value eval_list(checker *c, const place *p, const chr_ast *e) {
    uint32_t n = 0;
    for (const chr_ast *item = e->child; item != NULL; item = item->next)
        n++;
    if (n == 0) {
        REPORT(c, E409, e->span, "an empty list");
        return poison();
    }
    if (n > MAX_LIST) {
        REPORT(c, E502, e->span, MAX_LIST);
        return poison();
    }
    place part = *p;
    part.label = NULL;
    part.top_stage = false;
    value *values = TAKE_N(c, value, n);
    uint32_t k = 0;
    for (const chr_ast *item = e->child; item != NULL; item = item->next)
        values[k++] = eval(c, &part, item);
    return concatenate(c, values, n, e->span);
}

/* Both ends of a `for` count in one unit: the first one's. */
static bool one_unit(checker *c, const chr_ast *e, const value *from, const value *to,
                     double *end) {
    if (from->unit == to->unit || from->unit == CHR_UNIT_NONE || to->unit == CHR_UNIT_NONE ||
        convert(c, *end, to->unit, from->unit, end))
        return true;
    REPORT(c, E404, e->span, chr_unit_kind(from->unit), chr_unit_kind(to->unit),
           "be the ends of one `for`");
    return false;
}

value eval_for(checker *c, const place *p, const chr_ast *e) {
    const chr_ast *first = e->child, *chain = first, *last = NULL;
    while (chain->next != NULL) {
        last = chain;
        chain = chain->next;
    }
    if (last == first)
        last = NULL;
    place bounds = argument_place(p);
    value from = eval(c, &bounds, first);
    value to = last != NULL ? eval(c, &bounds, last) : from;
    if (from.kind == VALUE_POISON || to.kind == VALUE_POISON)
        return poison();
    uint32_t n;
    double start = 0, step = 1;
    if (last != NULL) {
        double end;
        if (!one_number(c, &from, first->span, "the first value of `for`", &start) ||
            !one_number(c, &to, last->span, "the last value of `for`", &end) ||
            !one_unit(c, e, &from, &to, &end))
            return poison();
        step = end < start ? -1 : 1;
        double count = (end - start) * step + 1.0 + 1e-9;
        if (!(count < MAX_LIST + 1)) {
            REPORT(c, E502, e->span, MAX_LIST);
            return poison();
        }
        n = (uint32_t)count;
    } else if (from.kind == VALUE_TEXT || from.kind == VALUE_CHOICE) {
        report_no_number(c, first->span, &from);
        return poison();
    } else {
        n = from.shape.copies;
    }
    binding *b = TAKE(c, binding);
    *b = (binding){.kind = BIND_VALUE, .state = DONE, .name = e->text, .stand_in = NO_NODE};
    scope inner = {.parent = p->scope};
    table_put(c, &inner.names, e->text, b, false);
    place each = *p;
    each.scope = &inner;
    each.label = NULL;
    each.top = each.top_stage = false;
    value *values = TAKE_N(c, value, n);
    for (uint32_t i = 0; i < n; i++) {
        if (last != NULL) {
            b->value = number(start + step * i, from.unit == CHR_UNIT_NONE ? to.unit : from.unit);
        } else if (from.kind == VALUE_NUMBER) {
            b->value = number(number_at(&from, i), from.unit);
        } else {
            shape s = {from.shape.voices, 1, from.shape.sides};
            chr_strand *strands = TAKE_N(c, chr_strand, shape_size(s));
            for (uint32_t k = 0; k < shape_size(s); k++)
                strands[k] = from.strands[(k / s.sides * n + i) * s.sides + k % s.sides];
            b->value = from;
            b->value.shape = s;
            b->value.strands = strands;
        }
        values[i] = eval(c, &each, chain);
        if (values[i].kind == VALUE_POISON)
            return poison(); /* the others would only repeat it */
    }
    return concatenate(c, values, n, e->span);
}

/* ---- everything ---- */

static value eval_as(checker *c, const place *p, const chr_ast *e) {
    place part = *p;
    part.label = e->text;
    return label_reached(c, p, e, eval(c, &part, e->child));
}

static value eval_kind(checker *c, const place *p, const chr_ast *e) {
    switch (e->kind) {
    case CHR_AST_NUMBER:
        return number(e->number, e->unit);
    case CHR_AST_NOTE:
        return number(e->number, CHR_UNIT_NOTE);
    case CHR_AST_STRING:
        return (value){.kind = VALUE_TEXT, .shape = shape_one, .text = e->text};
    case CHR_AST_NAME:
        return eval_name(c, p, e);
    case CHR_AST_PATH:
        return eval_path(c, p, e);
    case CHR_AST_LIST:
        return eval_list(c, p, e);
    case CHR_AST_FOR:
        return eval_for(c, p, e);
    case CHR_AST_NODE:
    case CHR_AST_CALL:
        return eval_use(c, p, e);
    case CHR_AST_CHAIN:
        return eval_chain(c, p, e);
    case CHR_AST_AS:
        return eval_as(c, p, e);
    case CHR_AST_BINARY:
        return eval_binary(c, p, e);
    case CHR_AST_SIGN:
        return eval_sign(c, p, e);
    default:
        return poison(); /* BAD: reported by the parser */
    }
}

value eval(checker *c, const place *p, const chr_ast *e) {
    if (e == NULL)
        return poison();
    if (++c->n_steps > MAX_STEPS) {
        REPORT(c, E506, e->span, MAX_STEPS);
        give_up(c);
    }
    if (e == c->substitute.expression)
        return c->substitute.value;
    if (c->depth >= MAX_DEPTH) {
        if (!c->depth_told)
            REPORT(c, E510, e->span, MAX_DEPTH);
        c->depth_told = true;
        return poison();
    }
    c->depth++;
    value v = eval_kind(c, p, e);
    c->depth--;
    return v;
}
