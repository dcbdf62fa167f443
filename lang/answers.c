/* lang/answers.c: a question of an evaluation, to the text that answers it.
 * SPDX-License-Identifier: MIT */
#include "lang/answers_page.h"

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
    default:
        print_history(s, to);
        break;
    }
}

/* Closes a memory stream; NULL, with everything freed, if something went wrong. */
static char *finish(FILE *to, char **text) {
    bool bad = ferror(to) != 0;
    if (fclose(to) != 0 || bad) {
        free(*text);
        return NULL;
    }
    return *text;
}

char *chr_answer(const chr_session *session, const chr_state *state, const chr_ir *ir,
                 const chr_ast *question) {
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    if (!to)
        return NULL;
    print_answer(session, state, ir, question, to);
    return finish(to, &text);
}

char *chr_answer_help(const chr_session *s, const char *topic, bool *found) {
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    if (!to)
        return NULL;
    bool is_known = chr_print_help(s, chr_session_state(s), topic, to);
    if (found)
        *found = is_known;
    return finish(to, &text);
}

char *chr_answer_list(const chr_session *s, const char *what, bool *found) {
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    if (!to)
        return NULL;
    bool is_known = chr_print_list(s, chr_session_state(s), what, to);
    if (found)
        *found = is_known;
    return finish(to, &text);
}
