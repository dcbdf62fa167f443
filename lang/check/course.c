/* lang/check/course.c: what all patterns share and what may change in the course of the piece:
 * swing, key, and how human they play. The statements become ages: each begins at a beat, and all
 * three hold until the next one.
 * SPDX-License-Identifier: MIT */
#include "lang/check/pattern.h"

enum { MOST_AGES = 64 };

static const chr_ast *place_of(const chr_ast *s) {
    const chr_ast *child = s->child;
    while (child != NULL && child->kind != CHR_AST_POSITION)
        child = child->next;
    return child;
}

static bool is_of_course(const chr_ast *s) {
    return s->kind == CHR_AST_SWING || s->kind == CHR_AST_KEY_STATEMENT ||
           s->kind == CHR_AST_HUMANIZE;
}

static rational beat_of(checker *c, const chr_ast *s) {
    const chr_ast *at = place_of(s);
    if (at == NULL)
        return nothing;
    double within = at->child != NULL ? at->child->number - 1 : 0;
    return rational_near(chr_time_map_bar_beat(c->time, at->number - 1) + within);
}

bool read_human(checker *c, const place *p, const chr_ast *time, double *seconds, double *level) {
    static const chr_param_info early = {.word = "humanize",
                                         .unit = CHR_UNIT_S,
                                         .min = 0,
                                         .max = 0.5f,
                                         .hint = "5ms to 20ms"},
                                how_loud = {.word = "humanize",
                                            .unit = CHR_UNIT_RATIO,
                                            .min = 0,
                                            .max = 1,
                                            .hint = "10% to 30%"};
    const chr_ast *share = time->next;
    if (share != NULL && share->kind == CHR_AST_POSITION)
        share = NULL;
    value v = eval_param(c, p, "", &early, time, NULL);
    *level = 0.1;
    if (!one_number(c, &v, time->span, "humanize", seconds))
        return false;
    if (share == NULL)
        return true;
    v = eval_param(c, p, "", &how_loud, share, NULL);
    return one_number(c, &v, share->span, "humanize", level);
}

/* What a statement changes. */
static void hear_statement(checker *c, const place *p, const chr_ast *s, age *now) {
    const chr_ast *first = s->child != place_of(s) ? s->child : NULL;
    if (s->kind == CHR_AST_HUMANIZE) {
        now->human_s = 0;
        if (first != NULL)
            read_human(c, p, first, &now->human_s, &now->human_level);
    } else if (first != NULL && s->kind == CHR_AST_SWING) {
        read_swing(c, p, first, &now->swing);
    } else if (first != NULL) {
        scale known;
        if (read_key(c, first->text, first->span, &known))
            now->key = first;
    }
}

/* One statement, by the beat at which it begins to hold; of two at one place the later counts. */
typedef struct said {
    rational beat;
    const chr_ast *statement;
    uint32_t order;
} said;

static int by_beat(const void *a, const void *b) {
    const said *x = a, *y = b;
    int order = rational_compare(x->beat, y->beat);
    return order != 0 ? order : x->order < y->order ? -1 : 1;
}

void read_course(checker *c, const place *p) {
    said *all = TAKE_N(c, said, c->program->n + 1);
    uint32_t n = 0;
    for (int i = 0; i < c->program->n; i++) {
        const chr_ast *s = c->program->statements[i];
        if (!is_of_course(s))
            continue;
        rational beat = beat_of(c, s);
        if (!rational_ok(beat)) {
            REPORT(c, E476, place_of(s)->span, text_of(c, place_of(s)->span));
        } else if (n == MOST_AGES) {
            REPORT(c, E452, s->span, (int)MOST_AGES, "swing, key and humanize");
            break;
        } else {
            all[n] = (said){beat, s, n};
            n++;
        }
    }
    qsort(all, n, sizeof *all, by_beat);
    c->ages = TAKE_N(c, age, n + 1);
    c->ages[0] = (age){.from = nothing, .swing = 0.5, .human_level = 0.1};
    c->n_ages = 1;
    for (uint32_t i = 0; i < n; i++) {
        age *now = &c->ages[c->n_ages - 1];
        if (rational_compare(now->from, all[i].beat) != 0) {
            now[1] = *now;
            now++;
            now->from = all[i].beat;
            c->n_ages++;
        }
        hear_statement(c, p, all[i].statement, now);
    }
}

/* ---- a pattern through the ages ---- */

uint32_t join_ages(score_build *b, const rational *from, const uint32_t *parts, uint32_t n) {
    if (n == 1)
        return parts[0];
    uint32_t half = n / 2, before = join_ages(b, from, parts, half),
             after = join_ages(b, from + half, parts + half, n - half);
    return add_over_two(b, (score_part){.kind = CHR_SCORE_UNTIL, .t = from[half]}, before, after);
}
