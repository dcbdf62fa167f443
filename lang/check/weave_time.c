/* lang/check/weave_time.c: transforms of time: what is played when.
 * SPDX-License-Identifier: MIT */
#include "lang/check/weave.h"

/* a/b times as fast. */
static bool faster(woven *w, int64_t a, int64_t b) {
    over(w, (score_part){.kind = CHR_SCORE_FAST, .a = a, .b = b});
    w->step = rational_mul(w->step, rational_make(b, a));
    return true;
}

bool weave_fast(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    return faster(w, g[0].r.over, g[0].r.under);
}

bool weave_slow(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    return faster(w, g[0].r.under, g[0].r.over);
}

bool weave_rev(woven *w, const given *g, const chr_ast *stage) {
    (void)g;
    (void)stage;
    over(w, (score_part){.kind = CHR_SCORE_REV});
    return true;
}

bool weave_palindrome(woven *w, const given *g, const chr_ast *stage) {
    (void)g;
    (void)stage;
    uint32_t back = add_over(w->l->b, (score_part){.kind = CHR_SCORE_REV}, w->part);
    w->part =
        add_over_two(w->l->b, (score_part){.kind = CHR_SCORE_EVERY, .a = 2, .b = 1}, w->part, back);
    return true;
}

static void scale_time(rational *t, rational by) {
    *t = rational_mul(*t, by);
}

void stretch_all(woven *w, rational by) {
    score_build *b = w->l->b;
    scale_time(&b->round, by);
    scale_time(&w->step, by);
    b->too_fine = b->too_fine || !rational_ok(b->round);
    for (uint32_t i = b->kept_parts; i < b->n_parts; i++) {
        score_part *p = &b->parts[i];
        scale_time(&p->length, by);
        scale_time(&p->t, by);
        scale_time(&p->u, by);
        b->too_fine =
            b->too_fine || !rational_ok(p->length) || !rational_ok(p->t) || !rational_ok(p->u);
    }
    for (uint32_t i = b->kept_branches; i < b->n_branches; i++) {
        scale_time(&b->branches[i].at, by);
        b->too_fine = b->too_fine || !rational_ok(b->branches[i].at);
    }
}

/* The pattern itself gets another round: everything in it is stretched. In a copy that a transform
 * makes the rounds stay as they are, and time runs faster or slower. */
bool weave_stretch(woven *w, const given *g, const chr_ast *stage) {
    checker *c = w->l->c;
    score_build *b = w->l->b;
    if (g[0].r.over == 0) {
        REPORT(c, E434, g[0].e->span, text_of(c, g[0].e->span));
        return false;
    }
    rational by = rational_div(g[0].r, b->round);
    (void)stage;
    if (!rational_ok(by)) {
        b->too_fine = true;
        return true;
    }
    if (!w->top)
        return faster(w, by.under, by.over);
    stretch_all(w, by);
    return true;
}

static bool later(woven *w, rational t) {
    over(w, (score_part){.kind = CHR_SCORE_LATER, .t = t});
    return true;
}

static rational minus(rational a) {
    return (rational){-a.over, a.under};
}

bool weave_late(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    return later(w, g[0].r);
}

bool weave_early(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    return later(w, minus(g[0].r));
}

bool weave_rotate(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    return later(w, minus(rational_mul(w->step, (rational){(int64_t)g[0].x, 1})));
}

/* A number of parts that may not be 0; below 0 it counts the other way. */
static bool parts_of(woven *w, const given *g, int64_t *n, bool *backwards) {
    checker *c = w->l->c;
    *backwards = g[0].x < 0;
    *n = (int64_t)(g[0].x < 0 ? -g[0].x : g[0].x);
    if (*n != 0)
        return true;
    REPORT(c, E412, g[0].e->span, text_of(c, g[0].e->span), "is no number of parts");
    return false;
}

bool weave_iter(woven *w, const given *g, const chr_ast *stage) {
    int64_t n;
    bool backwards;
    (void)stage;
    if (!parts_of(w, g, &n, &backwards))
        return false;
    over(w, (score_part){.kind = CHR_SCORE_ITER, .a = n, .b = backwards ? -1 : 0});
    return true;
}

bool weave_shuffle(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    over(w, (score_part){.kind = CHR_SCORE_PARTS, .a = (int64_t)g[0].x, .b = 0});
    return true;
}

bool weave_scramble(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    over(w, (score_part){.kind = CHR_SCORE_PARTS, .a = (int64_t)g[0].x, .b = 1});
    return true;
}

bool weave_linger(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    over(w, (score_part){.kind = CHR_SCORE_LINGER, .a = g[0].r.over, .b = g[0].r.under});
    return true;
}

bool weave_inside(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    uint32_t slow =
        add_over(w->l->b, (score_part){.kind = CHR_SCORE_FAST, .a = g[0].r.under, .b = g[0].r.over},
                 w->part);
    woven slowed = *w;
    slowed.step = rational_mul(w->step, g[0].r);
    if (!weave_given(&slowed, &g[1], slow, &w->part))
        return false;
    over(w, (score_part){.kind = CHR_SCORE_FAST, .a = g[0].r.over, .b = g[0].r.under});
    return true;
}

bool weave_squeeze(woven *w, const given *g, const chr_ast *stage) {
    uint32_t steps;
    (void)stage;
    if (!weave_quoted(w, &g[0], &steps))
        return false;
    w->part = add_over_two(w->l->b, (score_part){.kind = CHR_SCORE_SQUEEZE}, w->part, steps);
    return true;
}
