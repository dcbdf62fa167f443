/* lang/session_foresee.c: what waits is tried when it is said, on top of the session as it will be
 * then, so that a mistake is told at once. SPDX-License-Identifier: MIT */
#include "lang/session_state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct coming {
    int entry;
    double beat;
} coming;

static int compare(const void *a, const void *b) {
    const coming *x = a, *y = b;
    if (x->beat != y->beat)
        return x->beat < y->beat ? -1 : 1;
    return x->entry - y->entry;
}

/* All that waits, in the order in which it will come; and how many of them are new. */
static coming *all_that_comes(const chr_state *state, double now, double looped, int *n,
                              int *n_fresh) {
    *n = *n_fresh = 0;
    for (int i = 0; i < state->n; i++)
        *n += state->entries[i].statement &&
              (state->entries[i].once || state->entries[i].statement->kind == CHR_AST_WHEN);
    coming *list = calloc((size_t)*n + 1, sizeof *list);
    *n = 0;
    for (int i = 0; list && i < state->n; i++) {
        const chr_entry *e = &state->entries[i];
        if (!e->statement || (!e->once && e->statement->kind != CHR_AST_WHEN))
            continue;
        double beat = chr_entry_due(state, e, now, looped);
        list[(*n)++] = (coming){i, beat};
        *n_fresh += e->fresh;
    }
    if (list)
        qsort(list, (size_t)*n, sizeof *list, compare);
    return list;
}

static bool is_told(const chr_diags *diags, const chr_diag *d) {
    for (const chr_diag *old = diags->first; old; old = old->next)
        if (old->code == d->code && old->span.source == d->span.source &&
            old->span.from == d->span.from)
            return true;
    return false;
}

/* Tells what is wrong with a statement that waits, once. */
static void tell(chr_candidate *c, const chr_candidate *tried, const chr_span *span) {
    for (const chr_diag *d = tried->diags.first; d; d = d->next) {
        bool own =
            d->span.source == span->source && d->span.from >= span->from && d->span.to <= span->to;
        if ((!own && d->severity != CHR_ERROR) || is_told(&c->diags, d))
            continue;
        chr_diag *copy = CHR_NEW(c->arena, chr_diag);
        if (!copy) {
            c->failed = true;
            return;
        }
        *copy = *d;
        copy->next = NULL;
        copy->message = chr_arena_copy(c->arena, d->message, strlen(d->message));
        copy->suggestion =
            d->suggestion ? chr_arena_copy(c->arena, d->suggestion, strlen(d->suggestion)) : NULL;
        *c->diags.last = copy;
        c->diags.last = &copy->next;
        c->diags.n_kept++;
        c->diags.n_errors += d->severity == CHR_ERROR;
        c->diags.n_warnings += d->severity == CHR_WARNING;
    }
}

/* Applies it; with `check`, checks the result too. */
static void try_statement(chr_candidate *tried, const chr_ast *statement, chr_script *script,
                          bool check) {
    const chr_setting setting = {.script = script};
    chr_diags_init(&tried->diags, tried->arena);
    tried->at_moment = true;
    tried->first_request = NULL;
    tried->last_request = &tried->first_request;
    chr_ir_free(tried->ir);
    tried->ir = NULL;
    bool waits = statement->kind == CHR_AST_WHEN;
    for (const chr_ast *s = waits ? chr_moment_first(statement) : statement; s && !tried->failed;
         s = waits ? s->next : NULL)
        chr_apply_typed(tried, s, &setting);
    tried->failed |= tried->state->failed;
    if (check && !tried->failed)
        chr_candidate_check(tried);
}

/* ---- what is told about it ---- */

/* The IR of what was tried, kept as long as the evaluation. */
static const chr_ir *keep(chr_candidate *c, chr_candidate *tried) {
    chr_kept_ir *kept = CHR_NEW(c->arena, chr_kept_ir);
    if (!kept) {
        c->failed = true;
        return NULL;
    }
    *kept = (chr_kept_ir){tried->ir, c->kept};
    c->kept = kept;
    tried->ir = NULL;
    return kept->ir;
}

static void ask_to_foresee(chr_candidate *c, const chr_ir *before, const chr_ir *after,
                           const char *place) {
    chr_asked *asked = chr_candidate_ask(c, CHR_REQUEST_FORESEE, NULL, place);
    if (!asked)
        return;
    asked->request.before = before;
    asked->request.after = after;
}

/* What a `make` in it stands for; `place` NULL: for a `diff`. */
static void tell_made(chr_candidate *c, const chr_candidate *tried, const char *place) {
    for (const chr_request *r = tried->first_request; r; r = r->next) {
        if (r->kind != CHR_REQUEST_STANDS_FOR)
            continue;
        const char *text = place ? chr_arena_printf(c->arena, "%s: %s", place, r->text) : r->text;
        chr_candidate_ask(c, CHR_REQUEST_STANDS_FOR, NULL, text ? text : "");
    }
}

/* `kick stops at bar 9`; `alone`: all played, and those that are not named will not any more. */
static void tell_turn(chr_candidate *c, const chr_entry *e, bool alone) {
    const chr_ast *s = e->statement;
    const chr_time_map *time = c->state->time;
    double to;
    const chr_position now = chr_candidate_position(c);
    const double beat = chr_beat_in_loop(time, now, e->beat - now.looped);
    const char *place = chr_place_text(c->arena, beat, time), *names = "", *text;
    int n = 0;
    for (const chr_ast *t = chr_ast_part(s, CHR_AST_TARGET); t; t = t->next) {
        const char *more = chr_arena_printf(c->arena, "%s%s ", names, t->text);
        names = more ? more : "";
        n++;
    }
    if (strcmp(names, "all ") == 0)
        names = "";
    if (s->kind == CHR_AST_PLAY_FROM && chr_beat_of(c, s->child, &to))
        text = chr_arena_printf(c->arena, "jumps to %s at %s", chr_place_text(c->arena, to, time),
                                place);
    else
        text = chr_arena_printf(c->arena, "%s%s%s%s %s", alone ? "only " : "", names,
                                s->kind == CHR_AST_PLAY ? "play" : "stop", n > 1 ? "" : "s",
                                s->kind == CHR_AST_PLAY ? "from" : "at");
    if (s->kind != CHR_AST_PLAY_FROM && text)
        text = chr_arena_printf(c->arena, "%s %s", text, place);
    chr_candidate_ask(c, CHR_REQUEST_TELL, NULL, text ? text : "");
}

/* ---- all of it ---- */

typedef struct trial {
    chr_candidate *c, *tried;
    const chr_ir *known; /* the meaning of what is tried so far, or NULL */
    double done;
    bool typed;
} trial;

static const chr_ir *known_before(trial *t) {
    if (t->known)
        return t->known;
    chr_diags_init(&t->tried->diags, t->tried->arena);
    chr_candidate_check(t->tried);
    return t->tried->ir ? keep(t->c, t->tried) : NULL;
}

static void foresee_one(trial *t, const chr_entry *e, double beat) {
    chr_candidate *c = t->c;
    const bool turn = e->statement->kind != CHR_AST_WHEN;
    const bool counted = e->fresh && !turn && t->typed && beat < HUGE_VAL;
    const chr_ir *before = counted ? known_before(t) : NULL;
    const bool all_played = t->tried->state->play.running && !t->tried->state->play.chosen;
    try_statement(t->tried, e->statement, e->script, e->fresh && !turn);
    t->known = NULL;
    if (e->fresh && beat == HUGE_VAL)
        chr_report(
            &c->diags, CHR_W382, e->statement->child->span,
            chr_place_text(c->arena, chr_entry_due(c->state, e, -HUGE_VAL, 0), c->state->time));
    if (!e->fresh)
        return;
    if (turn && t->typed)
        tell_turn(c, e, all_played && t->tried->state->play.chosen);
    if (turn)
        return;
    tell(c, t->tried, &e->statement->span);
    if (t->tried->ir)
        t->known = keep(c, t->tried);
    if (!before || !t->known)
        return;
    const double then = chr_beat_in_loop(c->state->time, chr_candidate_position(c), beat);
    const char *place = chr_place_text(c->arena, then, c->state->time);
    tell_made(c, t->tried, place);
    ask_to_foresee(c, before, t->known, place);
}

/* A candidate to try things on; it lives as long as the evaluation, for the places in its messages.
 */
static chr_candidate *new_trial(chr_candidate *c) {
    chr_candidate *tried = chr_candidate_new(c->session, c->state);
    if (!tried) {
        c->failed = true;
        return NULL;
    }
    tried->next_tried = c->tried;
    c->tried = tried;
    return tried;
}

static void foresee_diffs(chr_candidate *c) {
    for (const chr_diff_wanted *d = c->diffs; d && !c->failed; d = d->next) {
        chr_candidate *tried = new_trial(c);
        if (!tried || !chr_candidate_spend(c, d->when->span, 50 + 2 * (int64_t)c->state->n))
            return;
        try_statement(tried, d->when, d->script, true);
        tell(c, tried, &d->when->span);
        if (tried->ir)
            tell_made(c, tried, NULL);
        if (tried->ir)
            ask_to_foresee(c, c->ir, keep(c, tried), NULL);
        c->failed |= tried->failed;
    }
}

void chr_foresee(chr_candidate *c, bool typed) {
    foresee_diffs(c);
    chr_position now = chr_candidate_position(c);
    trial t = {.c = c, .known = c->ir, .typed = typed};
    t.done = now.running ? now.beat : now.beat - 1e-6;
    int n, n_fresh;
    coming *list = all_that_comes(c->state, t.done, now.looped, &n, &n_fresh);
    c->failed |= !list;
    if (list && n_fresh > 0 && !c->failed)
        t.tried = new_trial(c);
    for (int k = 0; t.tried && !c->failed && k < n; k++) {
        const chr_entry *e = &c->state->entries[list[k].entry];
        if (n > CHR_MAX_WAITING) {
            chr_report(&c->diags, CHR_E387, e->statement->span, (int)CHR_MAX_WAITING);
            break;
        }
        if (!chr_candidate_spend(c, e->statement->span, 50 + 2 * (int64_t)t.tried->state->n))
            break;
        foresee_one(&t, e, list[k].beat);
        c->failed |= t.tried->failed;
    }
    free(list);
}

void chr_foresee_diff(chr_candidate *c, const chr_ast *when, const chr_setting *setting) {
    chr_diff_wanted *wanted = CHR_NEW(c->arena, chr_diff_wanted);
    if (!wanted) {
        c->failed = true;
        return;
    }
    *wanted = (chr_diff_wanted){.when = when, .script = setting->script};
    chr_diff_wanted **last = &c->diffs;
    while (*last)
        last = &(*last)->next;
    *last = wanted;
}
