/* lang/check/patch.c: a patch: its settings, its chain, what sums its voices, and its level.
 * SPDX-License-Identifier: MIT */
#include "lang/check/patch_keys.h"

/* ---- the chain ---- */

static value patch_chain(checker *c, const place *p, const chr_ast *statement) {
    const chr_ast *chain = NULL;
    for (const chr_ast *e = statement->child; e != NULL; e = e->next)
        if (e->kind != CHR_AST_KEY)
            chain = e;
    if (chain == NULL)
        return poison();
    labels l = {0};
    collect_labels(c, chain, &l);
    body b = {.labels = &l, .chain = chain};
    place here = *p;
    here.top = here.may_end = true;
    bool used = true;
    if (statement->kind == CHR_AST_BUS) {
        used = false;
        here.in = bus_input(c, p);
        here.has_in = here.feeds = here.after_mix = true;
        here.in_used = &used;
    }
    value v = eval_body(c, &here, &b);
    if (!used && v.kind != VALUE_POISON) {
        WARN(c, W303, defined_span(statement), statement->text);
    }
    return v;
}

static bool has_slot(const maker *m, const char *name) {
    for (int i = 0; i < m->n_slots; i++)
        if (strcmp(m->slots[i], name) == 0)
            return true;
    return false;
}

/* Beside what the instrument has, it takes what every patch does. */
static void report_instrument_key(checker *c, const maker *m, const chr_ast *key) {
    const char **words = TAKE_N(c, const char *, m->n_slots + N_PATCH_KEYS);
    int n = 0;
    for (int i = 0; i < m->n_slots; i++)
        if (strcmp(m->slots[i], "in") != 0)
            words[n++] = m->slots[i];
    for (int i = 0; i < N_PATCH_KEYS; i++)
        if (!has_slot(m, patch_key_words[i]))
            words[n++] = patch_key_words[i];
    report_no_knob(c, m, words, n, key);
}

static value instrument_chain(checker *c, const place *p, owner *o, patch_keys *keys) {
    maker *m = table_find(&c->makers, o->instrument);
    describe(c, m);
    const chr_ast **args = NULL, *voices = NULL;
    uint32_t n = 0, room = 0;
    bool created = o->statement->kind == CHR_AST_CREATE, good = true;
    for (const chr_ast *e = created ? o->statement->child : NULL; e != NULL; e = e->next) {
        if (e->kind != CHR_AST_KEY)
            continue;
        bool own = has_slot(m, e->text) && strcmp(e->text, "in") != 0;
        if (own && strcmp(e->text, "voices") == 0)
            voices = e->child;
        if (!own && take_patch_key(c, keys, e))
            continue;
        if (!own) {
            report_instrument_key(c, m, e);
            good = false;
            continue;
        }
        args = grown(c, args, n, &room, sizeof *args);
        args[n++] = e;
    }
    set_voices(c, o, p, keys);
    instrument_voices(c, o, p, m, voices);
    set_playing(c, o, p, keys);
    place here = *p;
    here.top = true;
    value v = eval_maker(c, &here, m, args, n, o->statement->span);
    o->has_out = true;
    return good ? v : poison();
}

/* ---- voices, strip, level ---- */

value sum_up(checker *c, const place *p, value v, chr_span span) {
    const chr_module *mix = built_in(c, "mix");
    if (mix == NULL || (v.shape.voices == 1 && v.shape.copies == 1))
        return v;
    chr_strand params[CHR_MAX_PARAMS];
    for (int i = 0; i < mix->n_params; i++)
        params[i] = strand_const(mix->params[i].dflt);
    uint32_t first = c->n_nodes;
    v = sum_node(c, p, mix, params, v, true, new_label(c, p, NULL, "sum"), span);
    for (uint32_t i = first; i < c->n_nodes; i++)
        c->nodes[i].hidden = true;
    return v;
}

static void level_param(checker *c, const place *p, node *n, const chr_param_info *info, int i,
                        const chr_ast *e) {
    const chr_ast *key = override_of(c, p, "level", info->word);
    e = key != NULL ? key->child : e;
    if (e == NULL && p->owner->locked.n == 0)
        return;
    place own = override_place(c, p, "level", info->word);
    uint32_t index = (uint32_t)(n - c->nodes);
    value v = e == NULL ? number((double)info->dflt, info->unit)
              : automation_of(key) != NULL
                  ? eval_automated(c, &own, p, p->owner->name, info, e, NULL, NULL)
                  : eval_param(c, &own, p->owner->name, info, e, NULL);
    if (v.kind == VALUE_POISON)
        return;
    chr_span span = e != NULL ? e->span : c->nodes[index].span;
    v.unit = v.kind == VALUE_NUMBER ? CHR_UNIT_NONE : v.unit;
    v = locked_value(c, p, "level", info->word, info, v, span);
    v = to_mono(c, &own, sum_up(c, &own, as_signal(c, v), span), span);
    c->nodes[index].params[i] =
        v.strands[0]; /* the array may have moved while the value was made */
}

static value add_level(checker *c, const place *p, value v, const patch_keys *keys, chr_span span) {
    owner *o = p->owner;
    const chr_module *level = built_in(c, "level");
    if (level == NULL)
        return v;
    node *n = add_node(c, p, level, "level", shape_one, 0, span);
    o->level_node = (uint32_t)(n - c->nodes);
    n->hidden = n->settable = true;
    n->inputs[0] = v.strands[0];
    n->inputs[1] = v.strands[v.shape.sides == 2 ? 1 : 0];
    for (int i = 0; i < level->n_params; i++) {
        const char *word = level->params[i].word;
        const chr_ast *e = strcmp(word, "gain") == 0    ? keys->given[KEY_GAIN]
                           : strcmp(word, "pan") == 0   ? keys->given[KEY_PAN]
                           : strcmp(word, "width") == 0 ? keys->given[KEY_WIDTH]
                                                        : NULL;
        if (strcmp(word, "on") != 0) /* that is settle_hearing's */
            level_param(c, p, &c->nodes[o->level_node], &level->params[i], i, e);
    }
    value both = node_output(c, o->level_node);
    both.sound = v.sound;
    both.is_control = v.is_control;
    return both;
}

static void add_outs(checker *c, const place *p, value level, chr_span span) {
    owner *o = p->owner;
    o->n_outs = o->channel > 0 ? 1 : 2;
    o->outs = TAKE_N(c, chr_ir_out, o->n_outs);
    if (o->channel > 0) {
        value mono = to_mono(c, p, level, span);
        o->outs[0] = (chr_ir_out){(uint32_t)o->channel - 1, mono.strands[0]};
        return;
    }
    for (uint32_t side = 0; side < 2; side++)
        o->outs[side] = (chr_ir_out){side, level.strands[level.shape.sides == 2 ? side : 0]};
}

/* Its sound has two sides: it ends in `out` or in a bus. */
static bool is_stereo(const owner *o) {
    if ((o->statement->kind != CHR_AST_PATCH && !is_bus(o)) || o->bus_name != NULL)
        return true;
    const chr_ast *chain = o->statement->child, *last;
    while (chain != NULL && chain->kind == CHR_AST_KEY)
        chain = chain->next;
    if (chain == NULL || chain->kind != CHR_AST_CHAIN)
        return false;
    for (last = chain->child; last->next != NULL;)
        last = last->next;
    return last->kind != CHR_AST_BINARY && strcmp(last->text, "out") == 0;
}

value owner_value(checker *c, const place *p, owner *o, chr_span span) {
    if (o->state == DONE)
        return o->output;
    if (c->dry)
        return poison();
    if (o->stand_in == NO_NODE) { /* part of a feedback path between patches */
        place here = *p;
        here.prefix = "";
        keep_for_undo(c, &o->stand_in, sizeof o->stand_in);
        o->stand_in =
            add_stand_in(c, &here, o->name, is_stereo(o) ? (shape){1, 1, 2} : shape_one, span);
    }
    return node_output(c, o->stand_in);
}

static value build(checker *c, owner *o) {
    const chr_ast *s = o->statement;
    patch_keys keys = {0};
    place p = {.owner = o, .prefix = ""};
    value v;
    if (s->kind == CHR_AST_PATCH || s->kind == CHR_AST_BUS) {
        read_patch_keys(c, s, &keys);
        set_voices(c, o, &p, &keys);
        set_playing(c, o, &p, &keys);
        v = patch_chain(c, &p, s);
    } else if (o->instrument != NULL) {
        v = instrument_chain(c, &p, o, &keys);
    } else {
        return poison();
    }
    set_fade(c, o, &p, &keys);
    if (v.kind == VALUE_TEXT || v.kind == VALUE_CHOICE) {
        const chr_ast *chain = s->child;
        while (chain->next != NULL)
            chain = chain->next;
        report_no_number(c, chain->span, &v);
        return poison();
    }
    if (v.kind == VALUE_POISON)
        return v;
    v = sum_up(c, &p, place_notes(c, &p, as_signal(c, v), s->span), s->span);
    p.after_mix = true;
    bool mono = v.shape.sides == 1;
    o->strip_node = c->n_nodes;
    o->strip_instance = o->n_instances;
    v = apply_inserts(c, &p, v);
    if (v.kind == VALUE_POISON)
        return v;
    mono = mono && v.shape.sides == 1;
    v = add_level(c, &p, v, &keys, s->span);
    if (o->has_out)
        add_outs(c, &p, v, s->span);
    else if (mono && o->bus == NULL) /* a modulator: what it gives is not widened to two sides */
        v.shape = shape_one;
    return v;
}

static void begin(checker *c, owner *o) {
    int *one = TAKE(c, int);
    *one = 1;
    o->labels = (table){0};
    table_put(c, &o->labels, "level", one, false);
    o->n_voices = o->unison = 1;
    o->spread = 0;
    o->keying = (chr_keying){0};
    o->fade_s = 0;
    o->pitch = poison();
    o->has_out = o->placed = false;
    o->channel = 0;
    o->bus = NULL;
    o->n_instances = 0;
    o->strip_node = o->strip_instance = NO_NODE;
    o->level_node = NO_NODE;
    o->n_outs = 0;
    o->taps = NULL;
    o->n_taps = 0;
}

static void settle_stand_in(checker *c, owner *o) {
    if (o->stand_in == NO_NODE)
        return;
    node *n = &c->nodes[o->stand_in];
    value v = o->output.kind == VALUE_POISON ? number(0, CHR_UNIT_NONE) : o->output;
    place p = {.owner = o, .prefix = ""};
    v = as_signal(c, n->shape.sides == 1 ? to_mono(c, &p, v, n->span) : v);
    chr_strand *target = TAKE_N(c, chr_strand, c->nodes[o->stand_in].n_instances);
    for (uint32_t i = 0; i < c->nodes[o->stand_in].n_instances; i++)
        target[i] = v.strands[v.shape.sides == 1 ? 0 : i];
    c->nodes[o->stand_in].target = target;
}

void evaluate_owner(checker *c, owner *o) {
    if (o->state != NOT_YET)
        return;
    o->state = BUSY;
    o->first_node = c->n_nodes;
    for (int i = 0; i < MAX_TRIES; i++) {
        mark before = take_mark(c);
        begin(c, o);
        o->output = build(c, o);
        if (o->output.kind == VALUE_POISON)
            break;
        if (!resolve_settings(c, o, "", before.n_nodes, false)) {
            resolve_settings(c, o, "", before.n_nodes, true);
            break;
        }
        roll_back(c, &before);
    }
    o->end_node = c->n_nodes;
    for (uint32_t i = 0; i < o->n_removed && o->output.kind != VALUE_POISON; i++)
        if (!o->removed_found[i])
            REPORT(c, E324, o->removed[i]->span, o->removed[i]->text, o->name);
    o->state = DONE;
    settle_stand_in(c, o);
}
