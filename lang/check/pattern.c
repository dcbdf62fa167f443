/* lang/check/pattern.c: patterns: their settings, swing, and scores in whole ticks.
 * SPDX-License-Identifier: MIT */
#include "lang/check/pattern.h"

/* ---- settings of a pattern ---- */

typedef struct pattern_keys {
    rational step, bars;
    double swing;
    bool own_swing;
} pattern_keys;

static bool length_in_beats(checker *c, const value *v, chr_span span, double *beats) {
    double x;
    if (!one_number(c, v, span, "a length", &x))
        return false;
    if (v->unit == CHR_UNIT_NONE) {
        *beats = x;
        return true;
    }
    if (chr_unit_convert(x, v->unit, CHR_UNIT_BEATS, &c->tempo, beats))
        return true;
    REPORT(c, E401, span, "step", "a length", text_of(c, span), chr_unit_kind(v->unit));
    return false;
}

static bool read_pattern_key(layout *l, const chr_ast *key, pattern_keys *k) {
    checker *c = l->c;
    place p = {.owner = c->owners[0], .prefix = ""};
    const chr_ast *e = key->child;
    double x;
    if (strcmp(key->text, "swing") == 0) {
        k->own_swing = true;
        return read_swing(c, &p, e, &k->swing);
    }
    if (strcmp(key->text, "key") == 0 && !l->grid) {
        if (e->kind == CHR_AST_STRING)
            return read_key(c, e->text, e->span, &l->key);
        REPORT(c, E432, e->span, text_of(c, e->span));
        return false;
    }
    value v;
    if (strcmp(key->text, "step") == 0) {
        v = eval(c, &p, e);
        if (!length_in_beats(c, &v, e->span, &x))
            return false;
        k->step = rational_near(x);
        if (rational_ok(k->step) && k->step.over > 0)
            return true;
        REPORT(c, E434, e->span, text_of(c, e->span));
        return false;
    }
    if (strcmp(key->text, "bars") == 0) {
        v = eval(c, &p, e);
        if (!one_number(c, &v, e->span, "bars", &x))
            return false;
        k->bars = rational_near(x * c->tempo.beats_per_bar);
        if (rational_ok(k->bars) && k->bars.over > 0)
            return true;
        REPORT(c, E434, e->span, text_of(c, e->span));
        return false;
    }
    if (strcmp(key->text, "octave") == 0 && !l->grid) {
        v = eval(c, &p, e);
        if (!one_number(c, &v, e->span, "octave", &x))
            return false;
        if (!(x >= -1 && x <= 9 && x == (double)(int)x)) {
            REPORT(c, E410, e->span, "octave", -1, 9);
            return false;
        }
        l->octave = (int)x;
        return true;
    }
    if (strcmp(key->text, "voicing") == 0 && !l->grid)
        return read_voicing(c, e, &l->key);
    if (strcmp(key->text, "inversion") == 0 && !l->grid)
        return read_inversion(c, &p, e, &l->key);
    static const char *const words[] = {"step",   "bars",    "swing",    "key",
                                        "octave", "voicing", "inversion"};
    if (REPORT(c, E436, name_span(key), l->grid ? "sequence" : "melody", key->text)) {
        const char *near = chr_nearest(key->text, words, l->grid ? 3 : 7);
        if (near != NULL)
            chr_suggest(c->diags, "did you mean `%s`?", near);
    }
    return false;
}

/* ---- swing ---- */

static rational swung(rational t, rational pair, rational share) {
    rational turns = rational_div(t, pair), half = {1, 2}, one = {1, 1};
    if (!rational_ok(turns))
        return turns;
    rational base = {turns.over / turns.under, 1}, r = rational_sub(turns, base), moved;
    if (rational_compare(r, half) < 0)
        moved = rational_mul(r, rational_mul((rational){2, 1}, share));
    else
        moved = rational_add(
            share, rational_mul(rational_sub(r, half),
                                rational_mul((rational){2, 1}, rational_sub(one, share))));
    return rational_mul(rational_add(base, moved), pair);
}

static void swing_all(layout *l, const pattern_keys *k, rational step) {
    if (k->swing <= 0.5)
        return;
    rational pair = k->own_swing ? rational_mul(step, (rational){2, 1}) : (rational){1, 2};
    rational share = rational_near((double)(int64_t)(k->swing * 1000.0 + 0.5) / 1000.0);
    for (uint32_t i = 0; i < l->n; i++) {
        l->slots[i].at = swung(l->slots[i].at, pair, share);
        l->slots[i].end = swung(l->slots[i].end, pair, share);
    }
}

/* ---- whole ticks ---- */

static int by_time(const void *a, const void *b) {
    const chr_score_event *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->note < y->note || y->note < x->note)
        return x->note < y->note ? -1 : 1;
    return x->level < y->level ? 1 : y->level < x->level ? -1 : 0;
}

static bool common_ticks(int64_t *ticks, rational t) {
    if (!rational_ok(t))
        return false;
    int64_t more = t.under / common_divisor(*ticks, t.under);
    if (more > RATIONAL_MOST / *ticks)
        return false;
    *ticks *= more;
    return true;
}

static int64_t in_ticks(rational t, int64_t ticks) {
    return t.over * (ticks / t.under);
}

static bool write_pattern(layout *l, const owner *o, const char *name, rational length) {
    checker *c = l->c;
    int64_t ticks = 1;
    bool fits = common_ticks(&ticks, length);
    for (uint32_t i = 0; i < l->n && fits; i++)
        fits = common_ticks(&ticks, l->slots[i].at) && common_ticks(&ticks, l->slots[i].end);
    if (!fits || length.over > INT64_MAX / ticks / 4) {
        REPORT(c, E509, l->statement->span, RATIONAL_MOST);
        return false;
    }
    chr_score_event *events = TAKE_N(c, chr_score_event, l->n);
    int64_t whole_length = in_ticks(length, ticks);
    for (uint32_t i = 0; i < l->n; i++) {
        int64_t at = in_ticks(l->slots[i].at, ticks), end = in_ticks(l->slots[i].end, ticks);
        events[i] = (chr_score_event){.at = at,
                                      .length = end > at ? end - at : 1,
                                      .note = l->slots[i].note,
                                      .level = l->slots[i].level,
                                      .slide = l->slots[i].slide};
    }
    qsort(events, l->n, sizeof *events, by_time);
    chr_score score;
    if (!chr_score_flat(c->scratch, events, l->n, whole_length > 0 ? whole_length : 1, ticks,
                        &score))
        give_up(c);
    const chr_program *p = c->program;
    c->patterns = grown(c, c->patterns, c->n_patterns, &c->patterns_room, sizeof *c->patterns);
    c->patterns[c->n_patterns++] =
        (chr_ir_pattern){.name = name,
                         .owner = o->index,
                         .score = score,
                         .playing = p->plays == NULL || p->plays(p->context, name)};
    return true;
}

static void warn_of_doubtful(layout *l) {
    checker *c = l->c;
    if (l->n_chords > 0 || l->n_notes == 0)
        return;
    for (uint32_t i = 0; i < l->n_doubtful; i++) {
        const chr_ast *e = l->doubtful[i];
        size_t n = strlen(e->text);
        char root[8] = {0};
        memcpy(root, e->text, n - 1 < sizeof root ? n - 1 : sizeof root - 1);
        if (WARN(c, W403, e->span, e->text))
            chr_suggest(c->diags, "the note is %s%c'", root, e->text[n - 1] - 1);
    }
}

static void read_pattern(checker *c, const chr_ast *s) {
    const chr_ast *target = s->child, *pattern = NULL;
    layout l = {.c = c,
                .statement = s,
                .grid = s->kind == CHR_AST_SEQUENCE,
                .octave = 3,
                .first_hold = nothing};
    pattern_keys k = {.swing = c->swing};
    bool ok = true;
    if (c->key == NULL || !read_key(c, c->key->text, c->key->span, &l.key))
        read_key(c, "C major", s->span, &l.key);
    for (const chr_ast *e = target; e != NULL; e = e->next) {
        if (e->kind == CHR_AST_KEY && e->child != NULL)
            ok = read_pattern_key(&l, e, &k) && ok;
        else if (e->kind == CHR_AST_PATTERN)
            pattern = e;
    }
    if (pattern == NULL)
        return;
    const chr_ast *steps = pattern->child;
    if (steps == NULL || steps->kind != CHR_AST_STEPS)
        return;
    if (steps->next != NULL) {
        not_yet(c, steps->next->span, "transforming a pattern (`>`)");
        ok = false;
    }
    rational total = total_weight(&l, steps);
    rational step = k.step.over > 0 ? k.step : l.grid ? (rational){1, 4} : (rational){1, 1};
    if (k.bars.over > 0 && k.step.over > 0) {
        REPORT(c, E435, s->span, "step");
        ok = false;
    } else if (k.bars.over > 0 && total.over > 0) {
        step = rational_div(k.bars, total);
    }
    rational length = rational_mul(step, total);
    if (!rational_ok(step) || !rational_ok(length)) {
        REPORT(c, E509, s->span, RATIONAL_MOST);
        return;
    }
    settle_voicings(c, steps, &l.key, l.octave);
    lay_steps(&l, steps, nothing, length, step);
    const char *name = target->text;
    size_t n = strcspn(name, "/");
    char *head = take(c, n + 1);
    memcpy(head, name, n);
    owner *o = find_owner(c, head);
    warn_of_doubtful(&l);
    if (o == NULL) {
        const binding *b = table_find(&c->things, head);
        if (b != NULL && b->kind == BIND_LET)
            if (REPORT(c, E314, target->span, head))
                chr_suggest(c->diags,
                            "a `let` has no notes of its own; as a patch it can be played: patch "
                            "%s: ... > out",
                            head);
        return;
    }
    if (!ok || l.failed)
        return;
    if (l.first_hold.over > 0 && l.n_last > 0 && rational_compare(l.last_end, length) == 0)
        hold(&l, length,
             rational_add(length, l.first_hold)); /* held over the end into the beginning */
    swing_all(&l, &k, step);
    write_pattern(&l, o, name, length);
}

void read_patterns(checker *c) {
    for (int i = 0; i < c->program->n; i++) {
        const chr_ast *s = c->program->statements[i];
        if ((s->kind == CHR_AST_SEQUENCE || s->kind == CHR_AST_MELODY) && s->child != NULL)
            read_pattern(c, s);
    }
}
