/* lang/check/voices.c: the notes of a patch: how many sound together, in how many copies, and how
 * one follows another. SPDX-License-Identifier: MIT */
#include "lang/check/patch_keys.h"

#include "dsp/kernel/scalar.h"

/* ---- how many ---- */

/* A computer that was late gives fewer. */
static uint32_t allowed(const checker *c, const owner *o, uint32_t n) {
    const chr_program *p = c->program;
    return p->voices != NULL ? p->voices(p->context, o->name, n) : n;
}

/* A whole number from 1 on. False: reported. */
static bool whole(checker *c, const place *p, const chr_ast *e, const char *word, double *n) {
    value v = eval(c, p, e);
    if (!one_number(c, &v, e->span, word, n))
        return false;
    int most = strcmp(word, "voices") == 0 ? (int)MAX_VOICES : (int)MAX_UNISON;
    if (*n > most && most == MAX_VOICES) {
        REPORT(c, E501, e->span, text_of(c, e->span), most);
        return false;
    }
    if (!(*n >= 1 && *n <= most && *n == (double)(int)*n)) {
        REPORT(c, E410, e->span, word, 1, most);
        return false;
    }
    return true;
}

void set_voices(checker *c, owner *o, const place *p, const patch_keys *k) {
    double n;
    const chr_ast *voices = k->given[KEY_VOICES], *unison = k->given[KEY_UNISON];
    if (voices != NULL && whole(c, p, voices, "voices", &n))
        o->n_voices = allowed(c, o, (uint32_t)n);
    if (unison != NULL && whole(c, p, unison, "unison", &n))
        o->unison = (uint32_t)n;
}

void instrument_voices(checker *c, owner *o, const place *p, const maker *m, const chr_ast *given) {
    for (int i = 0; i < m->n_params; i++) {
        const parameter *q = &m->params[i];
        if (strcmp(q->name, "voices") != 0 || q->info == NULL)
            continue;
        const chr_ast *key = override_of(c, p, m->name, "voices"), *moves = automation_of(key);
        if (moves != NULL) {
            REPORT(c, E479, moves->child->span, moves->child->text);
            return;
        }
        value v = key != NULL || given != NULL
                      ? eval_param(c, p, m->name, q->info, key != NULL ? key->child : given, NULL)
                      : number((double)q->info->dflt, CHR_UNIT_NONE);
        double n;
        chr_span span = given != NULL ? given->span : o->statement->span;
        if (one_number(c, &v, span, "voices", &n) && n >= 1 && n <= MAX_VOICES)
            o->n_voices = allowed(c, o, (uint32_t)n);
    }
}

/* ---- how one note follows another ---- */

/* One of the words of a key; the first one where it is not given or none of them. */
static int choice(checker *c, const place *p, const chr_ast *e, const char *word,
                  const char *choices) {
    if (e == NULL)
        return 0;
    const chr_param_info info = {.word = word, .choices = choices};
    value v = eval_param(c, p, "patch", &info, e, NULL);
    return v.kind == VALUE_CHOICE ? (int)v.number : 0;
}

/* A value of the voices, one for each copy of each. */
static value of_voices(checker *c, const owner *o, chr_voice_value which) {
    return voice_strands(c, o, which, o->n_voices * o->unison);
}

static void set_pitch(owner *o, value v) {
    o->pitch = v;
    o->pitch.unit = CHR_UNIT_HZ;
    o->pitch.sound = false;
    o->pitch.is_control = true;
}

static void set_glide(checker *c, owner *o, const place *p, const chr_ast *e) {
    const chr_module *slew = built_in(c, "slew");
    if (slew == NULL || slew->n_params == 0 || c->dry)
        return;
    value time = eval_param(c, p, "glide", &slew->params[0], e, NULL);
    if (time.kind == VALUE_POISON)
        return;
    time.unit = time.kind == VALUE_NUMBER ? CHR_UNIT_NONE : time.unit;
    time = as_signal(c, time);
    value freq = of_voices(c, o, CHR_VOICE_FREQ);
    shape s = freq.shape;
    if (!shape_widen(&s, time.shape)) {
        REPORT(c, E405, e->span, (int)freq.shape.copies, (int)time.shape.copies);
        return;
    }
    node *n = add_node(c, p, slew, new_label(c, p, NULL, "glide"), s, 0, e->span);
    uint32_t index = (uint32_t)(n - c->nodes);
    n->hidden = n->settable = true;
    value slide = of_voices(c, o, CHR_VOICE_SLIDE);
    for (uint32_t i = 0; i < n->n_instances; i++) {
        n->inputs[i] = freq.strands[spread_index(freq.shape, s, i)];
        n->params[i] = time.strands[spread_index(time.shape, s, i)];
        for (int k = 1; k < slew->n_params; k++) /* a note that does not glide jumps */
            n->params[(uint32_t)k * n->n_instances + i] =
                slide.strands[spread_index(slide.shape, s, i)];
    }
    set_pitch(o, node_output(c, index));
}

/* The share of the spread at which copy k stands, from -1 to 1. */
static double place_of(const owner *o, uint32_t k) {
    return 2.0 * (double)k / (double)(o->unison - 1) - 1.0;
}

/* Copies lie evenly between so much below the note and so much above it. */
static void set_detune(checker *c, owner *o, const place *p, const chr_ast *e) {
    static const chr_param_info detune = {
        .word = "detune", .unit = CHR_UNIT_ST, .min = 0, .max = 12, .dflt = 0.12f};
    double semitones = (double)detune.dflt;
    if (e != NULL) {
        value v = eval(c, p, e);
        if (v.kind == VALUE_NUMBER && v.unit == CHR_UNIT_NONE)
            v.unit = CHR_UNIT_CENT;
        v = fit_param(c, "patch", &detune, v, e->span, NULL);
        if (!one_number(c, &v, e->span, "detune", &semitones))
            return;
    }
    if (o->unison == 1 || c->dry)
        return;
    value freq = o->pitch.kind == VALUE_SIGNAL ? o->pitch : of_voices(c, o, CHR_VOICE_FREQ);
    double *ratios = TAKE_N(c, double, shape_size(freq.shape));
    for (uint32_t i = 0; i < shape_size(freq.shape); i++)
        ratios[i] = chr_exp2(semitones * place_of(o, i % o->unison) / 12.0);
    value ratio = number(ratios[0], CHR_UNIT_NONE);
    ratio.numbers = ratios;
    ratio.shape = freq.shape;
    place here = *p;
    here.label = "detune";
    set_pitch(o, operate(c, &here, "mul", freq, ratio, o->statement->span));
}

static void set_spread(checker *c, owner *o, const place *p, const chr_ast *e) {
    static const chr_param_info spread = {
        .word = "spread", .unit = CHR_UNIT_RATIO, .min = 0, .max = 1, .dflt = 0.6f};
    o->spread = (double)spread.dflt;
    if (e == NULL)
        return;
    value v = eval_param(c, p, "patch", &spread, e, NULL);
    one_number(c, &v, e->span, "spread", &o->spread);
}

void set_playing(checker *c, owner *o, const place *p, const patch_keys *k) {
    o->keying = (chr_keying){
        .priority = (uint8_t)choice(c, p, k->given[KEY_PRIORITY], "priority", "last|high|low"),
        .legato = choice(c, p, k->given[KEY_LEGATO], "legato", "off|on") == 1,
        .glide_legato = choice(c, p, k->given[KEY_GLIDE_WHEN], "glide_when", "always|legato") == 1};
    if (k->given[KEY_GLIDE] != NULL)
        set_glide(c, o, p, k->given[KEY_GLIDE]);
    set_detune(c, o, p, k->given[KEY_DETUNE]);
    set_spread(c, o, p, k->given[KEY_SPREAD]);
}

/* ---- changes ---- */

void set_fade(checker *c, owner *o, const place *p, const patch_keys *k) {
    const chr_ast *e = k->given[KEY_FADE];
    if (e == NULL)
        return;
    static const chr_param_info fade = {
        .word = "fade", .unit = CHR_UNIT_S, .min = 0, .max = 600, .dflt = 0.01f};
    value v = eval_param(c, p, "patch", &fade, e, NULL);
    double x;
    if (one_number(c, &v, e->span, "fade", &x))
        o->fade_s = x;
}
