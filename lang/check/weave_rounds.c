/* lang/check/weave_rounds.c: transforms that choose which rounds, notes and copies are transformed.
 * SPDX-License-Identifier: MIT */
#include "lang/check/weave.h"

/* The pattern as it is, and transformed, under a node that chooses between them. */
static bool choose(woven *w, const given *transform, score_part part) {
    uint32_t changed;
    if (!weave_given(w, transform, w->part, &changed))
        return false;
    w->part = add_over_two(w->l->b, part, w->part, changed);
    return true;
}

bool weave_every(woven *w, const given *g, const chr_ast *stage) {
    checker *c = w->l->c;
    (void)stage;
    if (g[2].x > g[0].x) {
        REPORT(c, E410, g[2].e->span, "every: on", 1, (int)g[0].x);
        return false;
    }
    return choose(
        w, &g[1],
        (score_part){.kind = CHR_SCORE_EVERY, .a = (int64_t)g[0].x, .b = (int64_t)g[2].x - 1});
}

bool weave_somerounds(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    return choose(w, &g[1], (score_part){.kind = CHR_SCORE_SOMEROUNDS, .x = g[0].x});
}

bool weave_sometimes(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    score_build *b = w->l->b;
    int64_t number = b->n_parts; /* both ask the same chance */
    score_part sift = {.kind = CHR_SCORE_SIFT, .x = g[0].x, .a = number};
    uint32_t chosen = add_over(b, sift, w->part), changed;
    sift.b = 1;
    uint32_t left = add_over(b, sift, w->part);
    if (!weave_given(w, &g[1], chosen, &changed))
        return false;
    w->part = add_over_two(b, (score_part){.kind = CHR_SCORE_STACK}, left, changed);
    return true;
}

bool weave_within(woven *w, const given *g, const chr_ast *stage) {
    checker *c = w->l->c;
    rational round = w->l->b->round;
    (void)stage;
    if (rational_compare(g[0].r, g[1].r) >= 0) {
        REPORT(c, E412, g[1].e->span, text_of(c, g[1].e->span),
               "does not lie behind the beginning");
        return false;
    }
    return choose(w, &g[2],
                  (score_part){.kind = CHR_SCORE_WITHIN,
                               .t = rational_mul(round, g[0].r),
                               .u = rational_mul(round, g[1].r)});
}

bool weave_chunk(woven *w, const given *g, const chr_ast *stage) {
    checker *c = w->l->c;
    (void)stage;
    if (g[0].x == 0) {
        REPORT(c, E412, g[0].e->span, text_of(c, g[0].e->span), "is no number of parts");
        return false;
    }
    return choose(w, &g[1],
                  (score_part){.kind = CHR_SCORE_CHUNK,
                               .a = (int64_t)(g[0].x < 0 ? -g[0].x : g[0].x),
                               .b = g[0].x < 0 ? -1 : 0});
}

bool weave_mask(woven *w, const given *g, const chr_ast *stage) {
    uint32_t steps;
    (void)stage;
    if (!weave_quoted(w, &g[0], &steps))
        return false;
    w->part = add_over_two(w->l->b, (score_part){.kind = CHR_SCORE_MASK}, w->part, steps);
    return true;
}

bool weave_struct(woven *w, const given *g, const chr_ast *stage) {
    uint32_t steps;
    (void)stage;
    if (!weave_quoted(w, &g[0], &steps))
        return false;
    w->part = add_over_two(w->l->b, (score_part){.kind = CHR_SCORE_STRUCT}, w->part, steps);
    return true;
}

bool weave_euclid(woven *w, const given *g, const chr_ast *stage) {
    checker *c = w->l->c;
    int hits = (int)g[0].x, steps = (int)g[1].x, turn = (int)g[2].x % steps;
    if (hits > steps) {
        REPORT(c, E438, stage->span, text_of(c, stage->span));
        return false;
    }
    uint32_t rhythm = lay_euclid(w->l, hits, steps, turn < 0 ? turn + steps : turn, stage->span);
    w->part =
        add_over_two(w->l->b, (score_part){.kind = CHR_SCORE_STRUCT, .b = 1}, w->part, rhythm);
    w->step = rational_div(w->l->b->round, (rational){steps, 1});
    return true;
}

bool weave_silence(woven *w, const given *g, const chr_ast *stage) {
    (void)g;
    (void)stage;
    w->part = add_part(w->l->b, (score_part){.kind = CHR_SCORE_SILENCE}, NULL, 0);
    return true;
}

/* ---- several at once ---- */

static void stack(woven *w, uint32_t one, uint32_t two) {
    w->part = add_over_two(w->l->b, (score_part){.kind = CHR_SCORE_STACK}, one, two);
}

bool weave_off(woven *w, const given *g, const chr_ast *stage) {
    uint32_t moved = add_over(w->l->b, (score_part){.kind = CHR_SCORE_LATER, .t = g[0].r}, w->part);
    uint32_t copy;
    (void)stage;
    if (!weave_given(w, &g[1], moved, &copy))
        return false;
    stack(w, w->part, copy);
    return true;
}

bool weave_superimpose(woven *w, const given *g, const chr_ast *stage) {
    (void)stage;
    return choose(w, &g[0], (score_part){.kind = CHR_SCORE_STACK});
}

bool weave_layer(woven *w, const given *g, const chr_ast *stage) {
    score_branch all[MOST_GIVEN];
    uint32_t n = 0;
    (void)stage;
    for (int i = 0; i < MOST_GIVEN && g[i].is; i++) {
        all[n].at = nothing;
        if (!weave_given(w, &g[i], w->part, &all[n++].part))
            return false;
    }
    w->part = add_part(w->l->b, (score_part){.kind = CHR_SCORE_STACK}, all, n);
    return true;
}

bool weave_jux(woven *w, const given *g, const chr_ast *stage) {
    uint32_t right;
    (void)stage;
    if (!weave_given(w, &g[0], w->part, &right))
        return false;
    score_build *b = w->l->b;
    uint32_t left = add_over(b, (score_part){.kind = CHR_SCORE_PAN, .x = -g[1].x}, w->part);
    right = add_over(b, (score_part){.kind = CHR_SCORE_PAN, .x = g[1].x}, right);
    stack(w, left, right);
    return true;
}

bool weave_echo(woven *w, const given *g, const chr_ast *stage) {
    score_branch all[64]; /* the most that the table allows */
    uint32_t n = (uint32_t)g[0].x;
    double level = 1;
    (void)stage;
    for (uint32_t i = 0; i < n; i++, level *= g[2].x) {
        uint32_t part = w->part;
        if (i > 0) {
            part = add_over(w->l->b, (score_part){.kind = CHR_SCORE_LEVEL, .x = level}, part);
            part = add_over(
                w->l->b,
                (score_part){.kind = CHR_SCORE_LATER, .t = rational_mul(g[1].r, (rational){i, 1})},
                part);
        }
        all[i] = (score_branch){nothing, part};
    }
    w->part = add_part(w->l->b, (score_part){.kind = CHR_SCORE_STACK}, all, n);
    return true;
}
