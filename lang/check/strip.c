/* lang/check/strip.c: the insert strip of a patch: what `add` puts behind it and `remove` takes
 * out. SPDX-License-Identifier: MIT */
#include "lang/check/inner.h"

static bool has_param(const maker *m, const char *word) {
    for (int i = 0; i < m->n_slots; i++)
        if (strcmp(m->slots[i], word) == 0)
            return true;
    return false;
}

static const chr_param_info amount_info = {.word = "amount",
                                           .display = "Amount",
                                           .unit = CHR_UNIT_RATIO,
                                           .min = 0,
                                           .max = 1,
                                           .dflt = 1,
                                           .context = CHR_SPACE,
                                           .doc = "Share of the effect in what comes out",
                                           .hint = "0.2 to 0.4 for a room behind the sound"};

/* The share of the effect as a parameter that `set` finds: bass.reverb.amount. */
static void note_amount(checker *c, owner *o, const char *label, const value *amount) {
    maker *m = TAKE(c, maker);
    parameter *q = TAKE(c, parameter);
    *q = (parameter){"amount", NULL, &amount_info};
    *m = (maker){.name = "amount", .params = q, .n_params = 1};
    note_instance(c, o, label, m, amount);
}

/* dry * (1 - amount) + wet * amount */
static value blend(checker *c, const place *p, const char *label, value dry, value wet,
                   value amount, chr_span span) {
    place here = *p;
    here.prefix = join(c, label, ".", "");
    here.label = NULL;
    value one = number(1, CHR_UNIT_NONE), rest;
    if (amount.kind == VALUE_NUMBER)
        rest = number(1.0 - amount.number, CHR_UNIT_NONE);
    else
        rest = operate(c, &here, "sub", one, amount, span);
    here.label = "dry";
    value a = operate(c, &here, "mul", dry, rest, span);
    here.label = "wet";
    value b = operate(c, &here, "mul", wet, amount, span);
    here.label = NULL;
    value sum = operate(c, &here, "add", a, b, span);
    sum.sound = dry.sound || wet.sound;
    return sum;
}

/* `add delay to bass`: a module whose own mix is all of it by itself would put the sound away;
 * behind a patch it is an effect, and has a share. */
static const chr_ast *usual_share(checker *c, const insert *in, const maker *m,
                                  const chr_ast *const *args, uint32_t n) {
    int n_params = m->module != NULL ? m->module->n_params : 0, slot = 0, positional = 0;
    while (slot < n_params && strcmp(m->module->params[slot].word, "mix") != 0)
        slot++;
    if (slot == n_params || m->module->params[slot].dflt < m->module->params[slot].max)
        return NULL;
    for (uint32_t i = 0; i < n; i++) {
        bool key = args[i] != NULL && args[i]->kind == CHR_AST_KEY;
        if (key && strcmp(args[i]->text, "mix") == 0)
            return NULL;
        positional += !key;
    }
    if (positional > slot)
        return NULL;
    chr_ast *mix = TAKE(c, chr_ast), *share = TAKE(c, chr_ast);
    *share = (chr_ast){.kind = CHR_AST_NUMBER, .span = in->span, .text = "0.3", .number = 0.3};
    *mix = (chr_ast){.kind = CHR_AST_KEY, .span = in->span, .text = "mix", .child = share};
    return mix;
}

static value apply_insert(checker *c, const place *p, const insert *in, value v) {
    place here = *p;
    here.in = v;
    here.has_in = here.feeds = true;
    here.label = in->labelled ? in->label : NULL;
    bool used = false;
    here.in_used = &used;
    maker *m = find_maker(c, p, in->effect);
    if (m == NULL) {
        const binding *b = find_binding(c, p, in->effect);
        if (b == NULL || b->kind != BIND_BAD)
            report_unknown(c, p, in->effect, in->span, true);
        return poison();
    }
    if (m->module == NULL)
        describe(c, m);
    /* The share of the effect: its own `mix` where it has one, else a path beside it. */
    const chr_ast **args = TAKE_N(c, const chr_ast *, in->n_args + 1), *amount = NULL;
    bool built_in_mix = false;
    for (int i = 0; m->module != NULL && i < m->module->n_params; i++)
        built_in_mix = built_in_mix || strcmp(m->module->params[i].word, "mix") == 0;
    bool own_mix = built_in_mix || (m->module == NULL && has_param(m, "mix"));
    bool own_amount = m->module == NULL && has_param(m, "amount");
    for (int i = 0; m->module != NULL && i < m->module->n_params; i++)
        own_amount = own_amount || strcmp(m->module->params[i].word, "amount") == 0;
    uint32_t n = 0;
    for (uint32_t i = 0; i < in->n_args; i++) {
        const chr_ast *e = in->args[i];
        if (e != NULL && e->kind == CHR_AST_KEY && strcmp(e->text, "amount") == 0 && !own_amount) {
            if (!own_mix) {
                amount = e->child;
                continue;
            }
            chr_ast *mix = TAKE(c, chr_ast);
            *mix = *e;
            mix->text = "mix";
            e = mix;
        }
        args[n++] = e;
    }
    const chr_ast *share_of_mix = usual_share(c, in, m, args, n);
    if (share_of_mix != NULL)
        args[n++] = share_of_mix;
    uint32_t instances = p->owner->n_instances;
    value wet = eval_maker(c, &here, m, args, n, in->span);
    if (!used && wet.kind != VALUE_POISON)
        WARN(c, W301, in->span, in->effect);
    if (own_mix || own_amount || wet.kind == VALUE_POISON)
        return wet;
    const char *label = in->label; /* with an ordinal where the patch has a stage of that name */
    if (m->module == NULL && p->owner->n_instances > instances)
        label = p->owner->instances[instances].label;
    else if (m->module != NULL && wet.kind == VALUE_SIGNAL &&
             wet.strands[0].kind == CHR_STRAND_NODE)
        label = c->nodes[wet.strands[0].node].label;
    const chr_ast *key = override_of(c, p, label, "amount");
    amount = key != NULL ? key->child : amount;
    value *share = TAKE(c, value);
    *share = number(1, CHR_UNIT_RATIO);
    note_amount(c, p->owner, label, share);
    if (amount == NULL)
        return wet;
    place own = override_place(c, p, label, "amount");
    *share = eval_param(c, &own, in->effect, &amount_info, amount, NULL);
    if (share->kind == VALUE_POISON)
        return poison();
    return blend(c, p, label, v, wet, *share, in->span);
}

value apply_inserts(checker *c, const place *p, value v) {
    const owner *o = p->owner;
    for (uint32_t i = 0; i < o->n_inserts; i++) {
        v = apply_insert(c, p, o->inserts[i], v);
        if (v.kind == VALUE_POISON)
            break;
        if (v.kind != VALUE_SIGNAL)
            v = as_signal(c, v);
    }
    return v;
}

const chr_ast *removed_here(const owner *o, const chr_ast *stage) {
    const char *label = stage->kind == CHR_AST_AS ? stage->text : NULL;
    while (stage->kind == CHR_AST_AS)
        stage = stage->child;
    bool use =
        stage->kind == CHR_AST_NAME || stage->kind == CHR_AST_NODE || stage->kind == CHR_AST_CALL;
    for (uint32_t i = 0; i < o->n_removed; i++) {
        const char *name = o->removed[i]->text;
        if ((use && strcmp(stage->text, name) == 0) ||
            (label != NULL && strcmp(label, name) == 0)) {
            o->removed_found[i] = true;
            return o->removed[i];
        }
    }
    return NULL;
}
