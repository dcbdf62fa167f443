/* lang/answers_waiting.c: what waits for its moment, and when that comes: for `list` and `show`.
 * SPDX-License-Identifier: MIT */
#include "lang/answers_page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct waiting {
    const chr_entry *entry;
    double beat;
} waiting;

static int compare(const void *a, const void *b) {
    const waiting *x = a, *y = b;
    return x->beat < y->beat ? -1 : x->beat > y->beat;
}

static bool waits(const chr_entry *e) {
    return e->statement && (e->once || e->statement->kind == CHR_AST_WHEN);
}

/* A patch, a pattern or a bus is mentioned by its name, and by the paths that begin with it. */
static bool is_about(const chr_ast *statement, const char *name) {
    chr_ast_visit visit;
    size_t len = strlen(name);
    bool found = false;
    chr_visit_begin(&visit, statement);
    for (const chr_ast *a; !found && (a = chr_visit_next(&visit)) != NULL;)
        found = a->kind != CHR_AST_KEY && a->kind != CHR_AST_WHEN &&
                strncmp(a->text, name, len) == 0 && (!a->text[len] || strchr("./", a->text[len]));
    chr_visit_end(&visit);
    return found;
}

/* What is done, without its moment: the first line of it. */
static void print_deed(const chr_ast *statement, FILE *to) {
    const chr_ast *first =
        statement->kind == CHR_AST_WHEN ? chr_moment_first(statement) : statement;
    if (!first)
        return;
    const char *text = first->span.source->text + first->span.from;
    size_t len = strcspn(text, "\r\n"), most = first->span.to - first->span.from;
    bool more = len < most || (statement->kind == CHR_AST_WHEN && first->next);
    fprintf(to, "%.*s%s", (int)(len < most ? len : most), text, more ? " …" : "");
}

static void print_moment(const chr_state *state, const waiting *w, FILE *to) {
    const chr_ast *statement = w->entry->statement;
    chr_arena *arena = chr_arena_new(0);
    bool every = !w->entry->once && chr_is_moment(statement, "every");
    bool passed = w->beat == HUGE_VAL;
    double beat = passed ? chr_entry_due(state, w->entry, -HUGE_VAL, 0) : w->beat;
    const char *place = arena ? chr_place_text(arena, beat, state->time) : "";
    fprintf(to, "  %-14s ", place);
    print_deed(statement, to);
    if (every) {
        chr_span span = statement->child->span;
        fprintf(to, "  (every %.*s)", (int)(span.to - span.from), span.source->text + span.from);
    }
    if (passed)
        fputs("  (when the clock comes there again)", to);
    fputc('\n', to);
    chr_answer_end(arena, to);
}

void chr_print_waiting(const chr_session *s, const chr_state *state, const char *about, FILE *to) {
    const chr_session_options *o = &s->options;
    chr_position now = o->position ? o->position(o->clock) : (chr_position){.running = false};
    waiting *list = calloc((size_t)state->n + 1, sizeof *list);
    int n = 0;
    if (!list)
        fputs("memory is out\n", to);
    for (int i = 0; list && i < state->n; i++) {
        const chr_entry *e = &state->entries[i];
        if (waits(e) && (!about || is_about(e->statement, about)))
            list[n++] = (waiting){
                e,
                chr_beat_in_loop(
                    state->time, now,
                    chr_entry_due(state, e, now.running ? now.beat : now.beat - 1e-6, now.looped))};
    }
    if (n > 0) {
        qsort(list, (size_t)n, sizeof *list, compare);
        fputs("waiting\n", to);
    }
    for (int i = 0; i < n; i++)
        print_moment(state, &list[i], to);
    free(list);
}
