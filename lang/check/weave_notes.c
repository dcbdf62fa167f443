/* lang/check/weave_notes.c: transforms of the notes themselves: pitch, level, length, place, feel.
 * SPDX-License-Identifier: MIT */
#include "lang/check/weave.h"

bool weave_ply(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    over(w, (score_part){.kind = CHR_SCORE_PLY, .a = (int64_t)g[0].x});
    return true;
}

bool weave_degrade(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    over(w, (score_part){.kind = CHR_SCORE_DEGRADE, .x = g[0].x});
    return true;
}

bool weave_invert(woven *w, const given *g, const chr_ast *stage) {
    layout *l = w->l;
    (void)g;
    if (!l->grid) {
        if (l->sounded)
            over(w, (score_part){.kind = CHR_SCORE_MIRROR, .x = w->first_note});
        return true;
    }
    uint32_t hit = add_part(l->b,
                            (score_part){.kind = CHR_SCORE_NOTES,
                                         .flags = CHR_SCORE_PITCHLESS,
                                         .length = w->step,
                                         .b = 1,
                                         .x = 0.8,
                                         .lock = CHR_SCORE_NO_LOCK,
                                         .place = add_place(l->b, stage->span)},
                            NULL, 0);
    over(w, (score_part){.kind = CHR_SCORE_FILL_GAPS, .t = w->step, .b = hit});
    return true;
}

static bool move_by(woven *w, double semitones) {
    over(w, (score_part){.kind = CHR_SCORE_TRANSPOSE, .x = semitones});
    w->first_note += semitones;
    return true;
}

static bool move_degrees(woven *w, int64_t n) {
    score_build *b = w->l->b;
    const scale *key = &w->l->key;
    w->l->uses_key = true;
    chr_score_scale own = {.tonic = key->tonic, .n = key->n};
    for (int i = 0; i < key->n; i++)
        own.steps[i] = key->steps[i];
    b->scales = grown(b->c, b->scales, b->n_scales, &b->scales_room, sizeof *b->scales);
    b->scales[b->n_scales] = own;
    over(w, (score_part){.kind = CHR_SCORE_DEGREES, .a = n, .b = b->n_scales++});
    return true;
}

bool weave_degrees(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    return move_degrees(w, (int64_t)g[0].x);
}

bool weave_transpose(woven *w, const given *g, const chr_ast *stage) {
    checker *c = w->l->c;
    bool degrees = g[1].x > 0;
    (void)stage;
    if (degrees && g[0].x != (double)(int64_t)g[0].x) {
        REPORT(c, E410, g[0].e->span, "degrees", -127, 127);
        return false;
    }
    return degrees ? move_degrees(w, (int64_t)g[0].x) : move_by(w, g[0].x);
}

bool weave_octave(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    return move_by(w, 12 * g[0].x);
}

bool weave_arp(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    over(w, (score_part){.kind = CHR_SCORE_ARP, .a = (int64_t)g[0].x, .b = (int64_t)g[1].x});
    return true;
}

bool weave_strum(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    over(w, (score_part){.kind = CHR_SCORE_STRUM, .x = g[0].x});
    return true;
}

bool weave_level(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    over(w, (score_part){.kind = CHR_SCORE_LEVEL, .x = g[0].x});
    return true;
}

bool weave_gate(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    over(w, (score_part){.kind = CHR_SCORE_GATE, .x = g[0].x});
    return true;
}

bool weave_pan(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    over(w, (score_part){.kind = CHR_SCORE_PAN, .x = g[0].x});
    return true;
}

/* The words of the text, which are numbers by now, become values: none of them is anything else
 * later, so this need not wait for its turn. */
bool weave_range(woven *w, const given *g, const chr_ast *stage) {
    layout *l = w->l;
    checker *c = l->c;
    if (l->knob == NULL) {
        REPORT(c, E499, stage->span, "range");
        return false;
    }
    if (!w->top || l->knob->ranged) {
        REPORT(c, E412, stage->span, "range",
               w->top ? "stands here a second time"
                      : "is for all values: it stands behind a > of its own");
        return false;
    }
    l->knob->ranged = true;
    for (uint32_t i = l->knob->first_tone; i < l->b->n_tones; i++)
        l->b->tones[i] = (float)(g[0].x + (double)l->b->tones[i] * (g[1].x - g[0].x));
    return true;
}

/* ---- feel ---- */

void add_swing(woven *w, rational pair, double share) {
    int64_t per_mille = (int64_t)(share * 1000.0 + 0.5);
    if (per_mille > 500)
        over(w, (score_part){.kind = CHR_SCORE_SWING, .t = pair, .b = per_mille});
}

bool weave_swing(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    rational step = g[1].is && g[1].r.over > 0 ? g[1].r : w->step;
    add_swing(w, rational_mul(step, (rational){2, 1}), g[0].x);
    return true;
}

void add_groove(woven *w, int groove, double amount) {
    score_build *b = w->l->b;
    checker *c = b->c;
    const chr_groove_info *info = &chr_grooves[groove];
    double sixteenth_s = 15.0 / c->tempo.bpm;
    uint32_t first = b->n_grooves;
    for (int i = 0; i < info->n; i++) {
        b->grooves = grown(c, b->grooves, b->n_grooves, &b->grooves_room, sizeof *b->grooves);
        b->grooves[b->n_grooves++] =
            (chr_score_groove){(float)(info->steps[i].later * amount * sixteenth_s),
                               (float)(1 + (info->steps[i].level - 1) * amount)};
    }
    over(w, (score_part){
                .kind = CHR_SCORE_GROOVE, .a = info->n, .t = {1, 4},
                        .lock = first
    });
}

bool weave_groove(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    add_groove(w, (int)g[0].x, g[1].x);
    return true;
}

bool weave_humanize(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    over(w, (score_part){.kind = CHR_SCORE_HUMANIZE, .x = g[0].x, .y = g[1].x});
    return true;
}

bool weave_shift(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    if (g[0].musical)
        over(w, (score_part){.kind = CHR_SCORE_LATER, .t = g[0].r});
    else
        over(w, (score_part){.kind = CHR_SCORE_NUDGE, .x = g[0].x});
    return true;
}
