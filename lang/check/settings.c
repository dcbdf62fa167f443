/* lang/check/settings.c: volume, tuning, seed and quantum of the session, and how swing is read.
 * SPDX-License-Identifier: MIT */
#include "lang/check/inner.h"

static void read_volume(checker *c, const place *p, const chr_ast *s) {
    static const chr_param_info info = {.word = "the volume",
                                        .unit = CHR_UNIT_RATIO,
                                        .min = 0,
                                        .max = 4,
                                        .dflt = 1,
                                        .context = CHR_DYNAMICS,
                                        .hint = "-20dB to 0dB"};
    if (s->child == NULL)
        return;
    value v = eval_param(c, p, "", &info, s->child, NULL);
    one_number(c, &v, s->child->span, "the volume", &c->volume);
}

bool read_swing(checker *c, const place *p, const chr_ast *e, double *out) {
    static const chr_param_info info = {.word = "swing",
                                        .unit = CHR_UNIT_PERCENT,
                                        .min = 50,
                                        .max = 80,
                                        .dflt = 50,
                                        .hint =
                                            "50% is straight, 54% to 62% a groove, 67% triplets"};
    /* The knob is marked in percent: `swing 58` is 58 of them, and so is 0.58. */
    chr_ast percent = *e;
    if (e->kind == CHR_AST_NUMBER && e->unit == CHR_UNIT_NONE && e->number <= 1.0)
        percent.unit = CHR_UNIT_RATIO;
    value v = eval_param(c, p, "", &info, &percent, NULL);
    double x;
    if (!one_number(c, &v, e->span, "swing", &x))
        return false;
    *out = x / 100;
    return true;
}

static void read_seed(checker *c, const place *p, const chr_ast *s) {
    value v = s->child != NULL ? eval(c, p, s->child) : poison();
    double x;
    if (s->child == NULL || !one_number(c, &v, s->child->span, "the seed", &x))
        return;
    if (!(x >= 0 && x <= 9007199254740992.0 && x == (double)(uint64_t)x)) {
        REPORT(c, E426, s->child->span, "seed");
        return;
    }
    c->seed = (uint64_t)x;
}

static void read_quantum(checker *c, const chr_ast *s) {
    c->quantum = (chr_quantum){.n = s == NULL, .bars = true};
    if (s == NULL || s->child == NULL)
        return;
    chr_quantum quantum = {s->child->number, s->child->unit == CHR_UNIT_BARS};
    double beats = 0;
    chr_unit_convert(s->child->number, s->child->unit, CHR_UNIT_BEATS, &c->tempo, &beats);
    if (!quantum.bars)
        quantum.n = beats;
    if (beats >= 0.0625 && beats <= 65536)
        c->quantum = quantum;
    else
        REPORT(c, E427, s->child->span, text_of(c, s->child->span));
}

void read_settings(checker *c) {
    place p = {.owner = c->owners[0], .prefix = ""};
    const chr_ast *quantize = NULL;
    read_time(c, &p);
    read_course(c, &p);
    for (int i = 0; i < c->program->n; i++) {
        const chr_ast *s = c->program->statements[i];
        switch (s->kind) {
        case CHR_AST_VOLUME:
            read_volume(c, &p, s);
            break;
        case CHR_AST_SEED:
            read_seed(c, &p, s);
            break;
        case CHR_AST_TUNING:
            read_tuning(c, &p, s);
            break;
        case CHR_AST_QUANTIZE:
            quantize = s;
            break;
        default:
            break;
        }
    }
    read_quantum(c, quantize);
}
