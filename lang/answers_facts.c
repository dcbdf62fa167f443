/* lang/answers_facts.c: the statements that an answer to `list` or `show` is about, for programs.
 * SPDX-License-Identifier: MIT */
#include "lang/answers_page.h"
#include "lang/visible.h"

#include <stdlib.h>
#include <string.h>

/* A pattern of notes, or of values of a knob. */
static bool is_pattern(const chr_entry *e) {
    return strncmp(e->key, "pattern ", 8) == 0 || strncmp(e->key, "values ", 7) == 0;
}

/* What an entry is about: the pattern, else the patch or bus, else what else it defines. */
static const char *name_of(const chr_entry *e) {
    const char *blank = strchr(e->key, ' ');
    if (is_pattern(e) || !e->owner)
        return blank ? blank + 1 : "";
    return e->owner;
}

bool chr_entry_is_about(const chr_entry *e, const char *name) {
    const char *blank = strchr(e->key, ' ');
    bool definition = !e->owner && blank && strcmp(blank + 1, name) == 0;
    bool pattern = strncmp(e->key, "pattern ", 8) == 0 && strcmp(e->key + 8, name) == 0;
    return definition || pattern || (e->owner && strcmp(e->owner, name) == 0);
}

static bool is_listed(const chr_entry *e, const char *what) {
    bool patch = strncmp(e->key, "owner ", 6) == 0, pattern = is_pattern(e);
    if (!*what)
        return patch || pattern;
    return strcmp(what, "patches") == 0 ? patch : strcmp(what, "patterns") == 0 && pattern;
}

static void print_entry(const chr_entry *e, chr_place_cursor *cursor, FILE *to) {
    const char *text, *name = name_of(e), *word = chr_ast_name(e->statement->kind);
    size_t len;
    chr_entry_text(e, &text, &len);
    chr_place place = chr_span_place_after(cursor, e->statement->span);
    const char *file = e->statement->span.source->name;
    fputs("{\"name\": ", to);
    chr_print_json(to, name, strlen(name));
    fprintf(to, ", \"kind\": \"%s\", \"text\": ", word);
    chr_print_json(to, text, len);
    fputs(", \"file\": ", to);
    chr_print_json(to, file, strlen(file));
    fprintf(to, ", \"line\": %d, \"column\": %d}", place.line, place.column);
}

bool chr_print_facts(const chr_state *state, const chr_ast *question, FILE *to) {
    bool list = question->kind == CHR_AST_LIST_STATEMENT;
    const chr_ast *target = chr_ast_part(question, CHR_AST_TARGET);
    if (!list && (question->kind != CHR_AST_SHOW || !target))
        return false;
    char *owner = list ? NULL : strndup(target->text, strcspn(target->text, "."));
    chr_place_cursor cursor = {0};
    const char *before = "";
    fputs("\"statements\": [", to);
    for (int i = 0; i < state->n; i++) {
        const chr_entry *e = &state->entries[i];
        if (!e->statement ||
            !(list ? is_listed(e, question->text) : owner && chr_entry_is_about(e, owner)))
            continue;
        fputs(before, to);
        print_entry(e, &cursor, to);
        before = ", ";
    }
    fputc(']', to);
    free(owner);
    return true;
}
