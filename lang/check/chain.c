/* lang/check/chain.c: chains, their labels, and bodies whose feedback is known only once they are
 * evaluated. SPDX-License-Identifier: MIT */
#include "lang/check/inner.h"

/* ---- walking a tree ---- */

uint32_t flatten(checker *c, const chr_ast *root, const chr_ast ***out) {
    const chr_ast **list = NULL, **stack = NULL;
    uint32_t n = 0, room = 0, depth = 0, stack_room = 0;
    stack = grown(c, stack, depth, &stack_room, sizeof *stack);
    stack[depth++] = root;
    while (depth > 0) {
        const chr_ast *e = stack[--depth];
        list = grown(c, list, n, &room, sizeof *list);
        list[n++] = e;
        uint32_t first = depth;
        for (const chr_ast *child = e->child; child != NULL; child = child->next) {
            stack = grown(c, stack, depth, &stack_room, sizeof *stack);
            stack[depth++] = child;
        }
        for (uint32_t i = first, k = depth; i + 1 < k; i++) { /* the first child is popped first */
            const chr_ast *other = stack[--k];
            stack[k] = stack[i];
            stack[i] = other;
        }
    }
    *out = list;
    return n;
}

void collect_labels(checker *c, const chr_ast *e, labels *l) {
    const chr_ast **all;
    uint32_t count = flatten(c, e, &all);
    for (uint32_t i = 0; i < count; i++) {
        if (all[i]->kind != CHR_AST_AS)
            continue;
        if (table_find(&l->known, all[i]->text) != NULL) {
            chr_span span = all[i]->span; /* the label ends it */
            if (span.to - span.from > strlen(all[i]->text))
                span.from = span.to - (uint32_t)strlen(all[i]->text);
            REPORT(c, E306, span, all[i]->text);
            continue;
        }
        table_put(c, &l->known, all[i]->text, l, false);
        l->asts = grown(c, l->asts, l->n, &l->room, sizeof *l->asts);
        l->asts[l->n++] = all[i];
    }
}

/* ---- stand-ins: what is named before it is known ---- */

static value stand_in(checker *c, const place *p, binding *b, chr_span span) {
    if (c->dry)
        return poison();
    if (b->stand_in == NO_NODE) {
        keep_for_undo(c, b, sizeof *b);
        b->stand_in = add_stand_in(c, p, b->name, b->assumed, span);
    }
    value v = node_output(c, b->stand_in);
    v.sound = true;
    v.is_control = false;
    return v;
}

/* What a stand-in stood for is there. False if it has another shape. */
static bool settle(checker *c, binding *b, value v) {
    if (b->stand_in == NO_NODE || v.kind == VALUE_POISON)
        return true;
    v = as_signal(c, v);
    if (!shape_same(v.shape, c->nodes[b->stand_in].shape)) {
        b->assumed = v.shape;
        return false;
    }
    c->nodes[b->stand_in].target = v.strands;
    return true;
}

value label_reached(checker *c, const place *p, const chr_ast *as, value v) {
    for (scope *s = p->scope; s != NULL; s = s->parent) {
        binding *b = table_find(&s->names, as->text);
        if (b == NULL || b->kind != BIND_LABEL || b->ast != as)
            continue;
        if (v.kind == VALUE_TEXT || v.kind == VALUE_CHOICE)
            v = poison();
        keep_for_undo(c, b, sizeof *b);
        b->state = DONE;
        b->value = v;
        if (!settle(c, b, v))
            s->wrong_shape = true;
        break;
    }
    return v;
}

value eval_let(checker *c, binding *b) {
    keep_for_undo(c, b, sizeof *b);
    b->state = BUSY;
    place here = *b->home;
    here.prefix = join(c, here.prefix, b->name, ".");
    here.feeds = here.top = here.may_end = here.top_stage = false;
    here.label = NULL;
    value v = poison();
    for (int i = 0; i < MAX_TRIES; i++) {
        mark before = take_mark(c);
        v = eval_chain(c, &here, b->ast);
        if (settle(c, b, v))
            break;
        shape found = b->assumed; /* as settle left it; what else the try did is taken back */
        roll_back(c, &before);
        b->assumed = found;
    }
    b->state = DONE;
    b->value = v;
    return v;
}

/* A `let` of the session that a body is the first to use. Its nodes are made even while the body is
 * only tried. */
static value eval_shared(checker *c, binding *b) {
    int dry = c->dry, quiet = c->quiet;
    c->dry = c->quiet = 0;
    value v = evaluate_let(c, b);
    c->dry = dry;
    c->quiet = quiet;
    return v;
}

value binding_value(checker *c, const place *p, binding *b, chr_span span) {
    switch (b->kind) {
    case BIND_VALUE:
        return b->value;
    case BIND_LABEL:
        return b->state == DONE ? b->value : stand_in(c, p, b, span);
    case BIND_LET:
        if (b->state == BUSY)
            return stand_in(c, p, b, span);
        return b->state == DONE         ? b->value
               : b->home->scope == NULL ? eval_shared(c, b)
                                        : eval_let(c, b);
    case BIND_OWNER:
        return owner_value(c, p, b->owner, span);
    case BIND_WAITING:
        not_yet(c, span, "a sample");
        return poison();
    case BIND_MAKER:
    case BIND_BAD:
        break;
    }
    return poison();
}

/* ---- bodies ---- */

value eval_body(checker *c, const place *p, const body *b) {
    const uint32_t n = b->labels->n;
    shape *assumed = TAKE_N(c, shape, n);
    for (uint32_t i = 0; i < n; i++)
        assumed[i] = shape_one;
    value v = poison();
    for (int try = 0; try < MAX_TRIES; try++) {
        mark before = take_mark(c);
        scope *s = TAKE(c, scope);
        s->parent = b->parent;
        binding *bound = TAKE_N(c, binding, n);
        for (uint32_t i = 0; i < n; i++) {
            bound[i] = (binding){.kind = BIND_LABEL,
                                 .name = b->labels->asts[i]->text,
                                 .ast = b->labels->asts[i],
                                 .stand_in = NO_NODE,
                                 .assumed = assumed[i]};
            table_put(c, &s->names, bound[i].name, &bound[i], false);
        }
        place *here = TAKE(c, place);
        *here = *p;
        here->scope = s;
        if (b->fill != NULL)
            b->fill(c, here, b->context);
        v = eval_chain(c, here, b->chain);
        if (!s->wrong_shape)
            break;
        for (uint32_t i = 0; i < n; i++)
            assumed[i] = bound[i].assumed;
        roll_back(c, &before);
    }
    return v;
}

/* ---- chains ---- */

static const chr_ast *core_of(const chr_ast *stage) {
    while (stage->kind == CHR_AST_AS)
        stage = stage->child;
    return stage;
}

static bool is_use(const chr_ast *e) {
    return e->kind == CHR_AST_NAME || e->kind == CHR_AST_NODE || e->kind == CHR_AST_CALL;
}

static bool is_sum(checker *c, const place *p, const chr_ast *stage) {
    if (!is_use(stage) || (stage->kind == CHR_AST_NAME && find_binding(c, p, stage->text) != NULL))
        return false;
    const maker *m = find_maker(c, p, stage->text);
    return m != NULL && m->module != NULL && m->module->shape == CHR_SUM;
}

/* `> out` and `> out 3`. */
static void end_chain(checker *c, const place *p, const chr_ast *out) {
    owner *o = p->owner;
    o->has_out = true;
    o->channel = 0;
    const chr_ast *argument = out->child;
    if (argument == NULL)
        return;
    place part = argument_place(p);
    value v = argument->kind == CHR_AST_KEY ? poison() : eval(c, &part, argument);
    if (argument->kind == CHR_AST_KEY || argument->next != NULL) {
        report_too_many(c, (argument->next != NULL ? argument->next : argument)->span, "out", 1);
        if (argument->kind == CHR_AST_KEY && chr_wants_advice(c->diags) && argument->child != NULL)
            chr_suggest(c->diags, "a stage of its own stands before it: > %s %s > out",
                        argument->text, text_of(c, argument->child->span));
        return;
    }
    double channel;
    if (!one_number(c, &v, argument->span, "the channel of `out`", &channel))
        return;
    if (!(channel >= 1 && channel <= 64 && channel == (double)(int)channel)) {
        REPORT(c, E410, argument->span, "the channel of `out`", 1, 64);
        return;
    }
    o->channel = channel;
}

/* `> space`, where space is a bus. */
static bool ends_in_bus(checker *c, const place *p, const chr_ast *core) {
    const binding *b = core->kind == CHR_AST_NAME ? find_binding(c, p, core->text) : NULL;
    if (b == NULL || b->kind != BIND_OWNER || !is_bus(b->owner))
        return false;
    p->owner->bus = b->owner;
    return true;
}

static bool notes_follow(checker *c, const place *p, const chr_ast *stage) {
    for (const chr_ast *s = stage->next; s != NULL; s = s->next)
        if (uses_notes(c, p, s))
            return true;
    return false;
}

value eval_chain(checker *c, const place *p, const chr_ast *chain) {
    if (chain == NULL)
        return poison();
    if (chain->kind != CHR_AST_CHAIN)
        return eval(c, p, chain);
    place here = *p;
    here.top = here.may_end = false;
    value v = poison();
    bool first = true;
    for (const chr_ast *stage = chain->child; stage != NULL; stage = stage->next) {
        const chr_ast *core = core_of(stage);
        if (p->may_end && !first && stage->next == NULL) {
            if (is_use(core) && strcmp(core->text, "out") == 0) {
                end_chain(c, &here, core);
                break;
            }
            if (ends_in_bus(c, &here, core))
                break;
        }
        const chr_ast *removed = p->top ? removed_here(p->owner, stage) : NULL;
        if (removed != NULL) {
            if (first) {
                REPORT(c, E315, removed->span, removed->text, p->owner->name);
                return poison();
            }
            continue;
        }
        bool used = false;
        here.in_used = first ? p->in_used : &used;
        here.label = first && chain->child->next == NULL ? p->label : NULL;
        here.top_stage = p->top && is_use(core);
        bool sums = here.top_stage && p->owner->n_voices * p->owner->unison > 1 &&
                    !here.after_mix && is_sum(c, &here, core);
        here.later_notes = sums && notes_follow(c, &here, stage);
        v = eval(c, &here, stage);
        if (!first && !used && v.kind != VALUE_POISON && here.in.kind != VALUE_POISON) {
            const char *name = is_use(core) ? core->text : text_of(c, core->span);
            WARN(c, W301, stage->span, name);
        }
        if (sums && v.kind == VALUE_SIGNAL && v.shape.voices == 1)
            here.after_mix = true;
        if (stage->next != NULL && (v.kind == VALUE_TEXT || v.kind == VALUE_CHOICE)) {
            report_no_number(c, stage->span, &v);
            v = poison();
        }
        here.in = v;
        here.has_in = here.feeds = true;
        first = false;
    }
    return v;
}
