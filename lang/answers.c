/* lang/answers.c: a question of an evaluation, to the text that answers it.
 * SPDX-License-Identifier: MIT */
#include "lang/answers_learn.h"
#include "lang/answers_page.h"
#include "lang/visible.h"

#include <stdlib.h>
#include <string.h>

static void print_history(const chr_session *s, FILE *to) {
    if (s->n_past == 1)
        fputs("Nothing has been said yet.\n", to);
    for (int i = 1; i < s->n_past; i++)
        fprintf(to, "  %s %s\n", i == s->now ? ">" : i > s->now ? "-" : " ", s->past[i]->label);
    if (s->now == 0 && s->n_past > 1)
        fputs("  All of it is undone.\n", to);
}

static chr_position clock_now(const chr_session *s) {
    const chr_session_options *o = &s->options;
    return o->position ? o->position(o->clock) : (chr_position){.running = false};
}

static void print_answer(const chr_session *s, const chr_state *state, const chr_ir *ir,
                         const chr_ast *question, FILE *to) {
    const chr_ast *target = chr_ast_part(question, CHR_AST_TARGET);
    switch (question->kind) {
    case CHR_AST_LIST_STATEMENT:
        chr_print_list(s, state, question->text, to);
        break;
    case CHR_AST_HELP:
        chr_print_help(s, state, question->text, to);
        break;
    case CHR_AST_SHOW:
        chr_print_show(s, state, ir, target ? target->text : "", to);
        break;
    case CHR_AST_GRAPH:
        chr_graph_text(ir, target ? target->text : "", to);
        break;
    case CHR_AST_SETTING:
        chr_print_setting(state, ir, question->text, clock_now(s), to);
        fputc('\n', to);
        break;
    case CHR_AST_LEARN:
        chr_print_lesson(chr_lesson_meant(question, s->lesson), to);
        break;
    default:
        print_history(s, to);
        break;
    }
}

/* An answer quotes scripts, and a script may be a stranger's: nothing in it may move the cursor or
 * turn a line round. */
static void print_visibly(const char *text, size_t size, FILE *to) {
    const char *end = text + size;
    for (const char *p = text; p < end;) {
        char shown[CHR_VISIBLE_MAX];
        int columns;
        if (*p == '\n' || *p == '\r') {
            if (*p++ == '\n')
                fputc('\n', to);
            continue;
        }
        p += chr_visible_character(p, end, shown, &columns);
        fputs(shown, to);
    }
}

typedef struct answer {
    FILE *to;
    char *text;
    size_t size;
} answer;

static bool begin(answer *a) {
    *a = (answer){0};
    a->to = open_memstream(&a->text, &a->size);
    return a->to != NULL;
}

/* The whole text; NULL, with everything freed, if something went wrong. */
static char *finish(answer *a) {
    bool bad = ferror(a->to) != 0;
    bad |= fclose(a->to) != 0;
    answer shown;
    if (bad || !begin(&shown)) {
        free(a->text);
        return NULL;
    }
    print_visibly(a->text, a->size, shown.to);
    free(a->text);
    bad = ferror(shown.to) != 0;
    bad |= fclose(shown.to) != 0;
    if (!bad)
        return shown.text;
    free(shown.text);
    return NULL;
}

void chr_answer_end(chr_arena *arena, FILE *to) {
    if (!arena || chr_arena_failed(arena))
        fputs("memory is out\n", to);
    chr_arena_free(arena);
}

char *chr_answer(const chr_session *session, const chr_state *state, const chr_ir *ir,
                 const chr_ast *question) {
    answer a;
    if (!begin(&a))
        return NULL;
    print_answer(session, state, ir, question, a.to);
    return finish(&a);
}

char *chr_answer_facts(const chr_state *state, const chr_ast *question) {
    answer a;
    if (!begin(&a))
        return NULL;
    bool is_known = chr_print_facts(state, question, a.to);
    char *text = finish(&a);
    if (is_known)
        return text;
    free(text);
    return NULL;
}

char *chr_answer_help(const chr_session *s, const char *topic, bool *found) {
    answer a;
    if (!begin(&a))
        return NULL;
    bool is_known = chr_print_help(s, chr_session_state(s), topic, a.to);
    if (found)
        *found = is_known;
    return finish(&a);
}

char *chr_answer_list(const chr_session *s, const char *what, bool *found) {
    answer a;
    if (!begin(&a))
        return NULL;
    bool is_known = chr_print_list(s, chr_session_state(s), what, a.to);
    if (found)
        *found = is_known;
    return finish(&a);
}
