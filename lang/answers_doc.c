/* lang/answers_doc.c: docs/modules.md and docs/errors.md, printed from the descriptors and from
 * diag.def. SPDX-License-Identifier: MIT */
#include "lang/answers_page.h"

#include <string.h>

/* Text for a cell of a table. */
static void print_cell(FILE *to, const char *text) {
    for (; *text; text++) {
        if (*text == '|')
            fputs("\\|", to);
        else if (*text == '<')
            fputs("&lt;", to);
        else
            fputc(*text == '\n' ? ' ' : *text, to);
    }
}

static void print_params(FILE *to, const chr_page *page) {
    fputs("| parameter | range | default | about | what it does |\n|---|---|---|---|---|\n", to);
    for (int i = 0; i < page->n_params; i++) {
        const chr_page_param *p = &page->params[i];
        fprintf(to, "| `%s` | ", p->word);
        print_cell(to, p->range);
        fputs(" | ", to);
        print_cell(to, p->dflt);
        fputs(" | ", to);
        print_cell(to, p->context);
        fputs(" | ", to);
        print_cell(to, p->doc);
        if (p->hint[0]) {
            fputs(". *", to);
            print_cell(to, p->hint);
            fputc('*', to);
        }
        fputs(" |\n", to);
    }
    fputc('\n', to);
}

static void print_module(FILE *to, const chr_page *page) {
    fprintf(to, "### %s\n\n%s\n\n", page->name, page->doc);
    for (int i = 0; i < page->n_inputs; i++)
        fprintf(to, "- input `%s`: %s\n", page->inputs[i].name,
                page->inputs[i].doc ? page->inputs[i].doc : "");
    if (page->n_inputs > 0)
        fputc('\n', to);
    if (page->n_params > 0)
        print_params(to, page);
    if (page->example[0])
        fprintf(to, "```\n%s\n```\n\n", page->example);
    if (page->source[0])
        fprintf(to, "After: %s\n\n", page->source);
}

void chr_doc_modules(const chr_session *s, FILE *to) {
    fputs("# Modules\n\n"
          "Printed by `chronus doc modules` from the modules themselves; a test compares. What "
          "stands after a module's\n"
          "name without a key goes to its parameters in the order of the table.\n\n",
          to);
    chr_arena *arena = chr_arena_new(0);
    const chr_state *state = chr_session_state(s);
    int n = 0;
    const char **names = arena ? chr_page_names(s, state, arena, &n) : NULL;
    const char *group = "";
    /* Instruments and effects of the library stand mixed in the folder: one heading after the
     * other. */
    static const char *const last_groups[] = {NULL, "Effects of the library", "Instruments"};
    for (int round = 0; round < 3 && names; round++)
        for (int i = 0; i < n; i++) {
            chr_page page;
            if (!chr_page_find(s, state, names[i], arena, &page))
                continue;
            bool library = strcmp(page.origin, "built-in") != 0;
            if (library != (round > 0) || (library && strcmp(page.group, last_groups[round]) != 0))
                continue;
            if (strcmp(group, page.group) != 0) {
                group = page.group;
                fprintf(to, "## %s\n\n", group);
            }
            print_module(to, &page);
        }
    chr_arena_free(arena);
}

/* A format of diag.def as a sentence: what is filled in becomes "…". */
static void print_format(FILE *to, const char *format) {
    for (; *format; format++) {
        if (*format == '%' && format[1] == '%') {
            fputc('%', to);
            format++;
        } else if (*format == '%' && format[1]) {
            fputs("…", to);
            format++;
        } else {
            char one[2] = {*format, '\0'};
            print_cell(to, one);
        }
    }
}

void chr_doc_errors(FILE *to) {
    static const struct {
        chr_code code;
        const char *format, *advice;
    } all[] = {
#define CHR_DIAG(code, severity, format, advice) {CHR_##code, format, advice},
#include "lang/diag.def"
#undef CHR_DIAG
    };
    static const char *const headings[] = {['1'] = "Signs, words, numbers, brackets",
                                           ['2'] = "Sentences",
                                           ['3'] = "Names and connections",
                                           ['4'] = "Kinds, units and ranges",
                                           ['5'] = "Limits",
                                           ['6'] = "Not available yet",
                                           ['7'] = "Files",
                                           ['8'] = "Tried out before it is heard"};
    fputs("# Errors, warnings and notes\n\n"
          "Printed by `chronus doc errors` from the program's own table; a test compares. `E` is "
          "an error: nothing of the\n"
          "evaluation applies and the music goes on. `W` is a warning, `N` a note: the evaluation "
          "applies.\n",
          to);
    for (char hundred = '1'; hundred <= '8'; hundred++) {
        fprintf(to, "\n## %s\n\n| code | message | advice |\n|---|---|---|\n",
                headings[(int)hundred]);
        for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
            if (chr_code_name(all[i].code)[1] != hundred)
                continue;
            fprintf(to, "| %s | ", chr_code_name(all[i].code));
            print_format(to, all[i].format);
            fputs(" | ", to);
            print_cell(to, all[i].advice ? all[i].advice : "");
            fputs(" |\n", to);
        }
    }
}
