/* lang/check/patch.c: a patch: its settings, its chain, what sums its voices, and its level.
 * SPDX-License-Identifier: MIT */
#include "lang/check/inner.h"

/* What stands before the colon of a patch, or among the keys of `create`. */
typedef struct patch_keys {
    const chr_ast *voices, *glide, *fade, *gain, *pan, *width;
} patch_keys;

static const char *const key_words[] = {"voices", "glide", "fade", "gain", "pan", "width"};
enum { N_KEYS = sizeof key_words / sizeof *key_words };

static const chr_ast **key_slot(patch_keys *k, const char *name) {
    const chr_ast **slots[] = {&k->voices, &k->glide, &k->fade, &k->gain, &k->pan, &k->width};
    for (int i = 0; i < N_KEYS; i++)
        if (strcmp(name, key_words[i]) == 0)
            return slots[i];
    return NULL;
}

static bool take_key(checker *c, patch_keys *k, const chr_ast *key) {
    const chr_ast **slot = key_slot(k, key->text);
    if (slot == NULL)
        return false;
    if (*slot != NULL)
        REPORT(c, E305, name_span(key), key->text);
    *slot = key->child;
    return true;
}

static void read_patch_keys(checker *c, const chr_ast *statement, patch_keys *k) {
    bool bus = statement->kind == CHR_AST_BUS;
    for (const chr_ast *e = statement->child; e != NULL; e = e->next) {
        if (e->kind != CHR_AST_KEY)
            continue;
        bool of_notes = strcmp(e->text, "voices") == 0 || strcmp(e->text, "glide") == 0;
        if (!(bus && of_notes) && take_key(c, k, e))
            continue;
        bool told =
            bus ? REPORT(c, E327, name_span(e), e->text) : REPORT(c, E321, name_span(e), e->text);
        if (told && !of_notes)
            suggest_knob(c, e->text, key_words, N_KEYS);
    }
}

/* A computer that was late gives fewer. */
static uint32_t allowed(const checker *c, const owner *o, uint32_t n) {
    const chr_program *p = c->program;
    return p->voices != NULL ? p->voices(p->context, o->name, n) : n;
}

static void set_voices(checker *c, owner *o, const place *p, const chr_ast *e) {
    value v = eval(c, p, e);
    double n;
    if (!one_number(c, &v, e->span, "voices", &n))
        return;
    if (n > MAX_VOICES) {
        REPORT(c, E501, e->span, text_of(c, e->span), MAX_VOICES);
        return;
    }
    if (!(n >= 1 && n == (double)(int)n)) {
        REPORT(c, E410, e->span, "voices", 1, MAX_VOICES);
        return;
    }
    o->n_voices = allowed(c, o, (uint32_t)n);
}

static void set_fade(checker *c, owner *o, const place *p, const chr_ast *e) {
    static const chr_param_info fade = {
        .word = "fade", .unit = CHR_UNIT_S, .min = 0, .max = 600, .dflt = 0.01f};
    value v = eval_param(c, p, "patch", &fade, e, NULL);
    double x;
    if (one_number(c, &v, e->span, "fade", &x))
        o->fade_s = x;
}

static void set_glide(checker *c, owner *o, const place *p, const chr_ast *e) {
    const chr_module *slew = built_in(c, "slew");
    if (slew == NULL || slew->n_params == 0)
        return;
    value time = eval_param(c, p, "glide", &slew->params[0], e, NULL);
    if (time.kind == VALUE_POISON)
        return;
    time.unit = time.kind == VALUE_NUMBER ? CHR_UNIT_NONE : time.unit;
    time = as_signal(c, time);
    value freq = voice_input(c, p, CHR_VOICE_FREQ);
    shape s = freq.shape;
    if (!shape_widen(&s, time.shape)) {
        REPORT(c, E405, e->span, (int)freq.shape.copies, (int)time.shape.copies);
        return;
    }
    node *n = add_node(c, p, slew, new_label(c, p, NULL, "glide"), s, 0, e->span);
    uint32_t index = (uint32_t)(n - c->nodes);
    n->hidden = n->settable = true;
    for (uint32_t i = 0; i < n->n_instances; i++) {
        n->inputs[i] = freq.strands[spread_index(freq.shape, s, i)];
        n->params[i] = time.strands[spread_index(time.shape, s, i)];
    }
    o->freq_slew = node_output(c, index);
    o->freq_slew.unit = CHR_UNIT_HZ;
    o->freq_slew.sound = false;
    o->freq_slew.is_control = true;
}

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

/* An instrument whose module has a parameter `voices` plays that many notes at once, unless told
 * otherwise. */
static void instrument_voices(checker *c, owner *o, const place *p, const maker *m,
                              const chr_ast *given) {
    for (int i = 0; i < m->n_params; i++) {
        const parameter *q = &m->params[i];
        if (strcmp(q->name, "voices") != 0 || q->info == NULL)
            continue;
        const chr_ast *key = override_of(c, p, m->name, "voices");
        value v = key != NULL || given != NULL
                      ? eval_param(c, p, m->name, q->info, key != NULL ? key->child : given, NULL)
                      : number((double)q->info->dflt, CHR_UNIT_NONE);
        double n;
        chr_span span = given != NULL ? given->span : o->statement->span;
        if (one_number(c, &v, span, "voices", &n) && n >= 1 && n <= MAX_VOICES)
            o->n_voices = allowed(c, o, (uint32_t)n);
    }
}

/* Beside what the instrument has, it takes what every patch does. */
static void report_instrument_key(checker *c, const maker *m, const chr_ast *key) {
    const char **words = TAKE_N(c, const char *, m->n_slots + N_KEYS);
    int n = 0;
    for (int i = 0; i < m->n_slots; i++)
        if (strcmp(m->slots[i], "in") != 0)
            words[n++] = m->slots[i];
    for (int i = 0; i < N_KEYS; i++)
        if (!has_slot(m, key_words[i]))
            words[n++] = key_words[i];
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
        if (!own && take_key(c, keys, e))
            continue;
        if (!own) {
            report_instrument_key(c, m, e);
            good = false;
            continue;
        }
        args = grown(c, args, n, &room, sizeof *args);
        args[n++] = e;
    }
    if (keys->voices != NULL)
        set_voices(c, o, p, keys->voices);
    instrument_voices(c, o, p, m, voices);
    if (keys->glide != NULL)
        set_glide(c, o, p, keys->glide);
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
    if (e == NULL)
        return;
    place own = override_place(c, p, "level", info->word);
    uint32_t index = (uint32_t)(n - c->nodes);
    value v = automation_of(key) != NULL
                  ? eval_automated(c, &own, p, p->owner->name, info, e, NULL, NULL)
                  : eval_param(c, &own, p->owner->name, info, e, NULL);
    if (v.kind == VALUE_POISON)
        return;
    v.unit = v.kind == VALUE_NUMBER ? CHR_UNIT_NONE : v.unit;
    v = to_mono(c, &own, sum_up(c, &own, as_signal(c, v), e->span), e->span);
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
        const chr_ast *e = strcmp(word, "gain") == 0    ? keys->gain
                           : strcmp(word, "pan") == 0   ? keys->pan
                           : strcmp(word, "width") == 0 ? keys->width
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
        if (keys.voices != NULL)
            set_voices(c, o, &p, keys.voices);
        if (keys.glide != NULL)
            set_glide(c, o, &p, keys.glide);
        v = patch_chain(c, &p, s);
    } else if (o->instrument != NULL) {
        v = instrument_chain(c, &p, o, &keys);
    } else {
        return poison();
    }
    if (keys.fade != NULL)
        set_fade(c, o, &p, keys.fade);
    if (v.kind == VALUE_TEXT || v.kind == VALUE_CHOICE) {
        const chr_ast *chain = s->child;
        while (chain->next != NULL)
            chain = chain->next;
        report_no_number(c, chain->span, &v);
        return poison();
    }
    if (v.kind == VALUE_POISON)
        return v;
    v = sum_up(c, &p, as_signal(c, v), s->span);
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
    o->n_voices = 1;
    o->fade_s = 0;
    o->freq_slew = poison();
    o->has_out = false;
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
