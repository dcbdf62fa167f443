/* tests/unit/front.h: what the tests of the front end share: text in, printed text out.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_UNIT_FRONT_H
#define CHR_TESTS_UNIT_FRONT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lang/ast.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct front {
    chr_arena *arena;
    chr_diags diags;
    chr_source source;
    chr_ast *tree;
    char *printed;
} front;

static inline front front_parse(const char *text, size_t len) {
    front f = {
        .arena = chr_arena_new(0), .source = {"test.chr", text, len, 1}
    };
    assert_non_null(f.arena);
    return f;
}

static inline void front_free(front *f) {
    free(f->printed);
    chr_arena_free(f->arena);
}

/* The tree on one line, as `(patch "a" (chain (name "b")))`, without the script around it. */
static inline void front_write(const chr_ast *a, FILE *to) {
    for (; a != NULL; a = a->next) {
        fprintf(to, "(%s", chr_ast_name(a->kind));
        if (*a->text != 0)
            fprintf(to, " %s", a->text);
        if (a->kind == CHR_AST_NUMBER || a->number != 0)
            fprintf(to, " %g", a->number);
        if (a->child != NULL)
            fputc(' ', to);
        front_write(a->child, to);
        fputs(a->next != NULL ? ") " : ")", to);
    }
}

static inline front front_read(const char *text) {
    front f = front_parse(text, strlen(text));
    chr_source *kept = CHR_NEW(f.arena, chr_source); /* spans point to it, and f is copied */
    assert_non_null(kept);
    *kept = f.source;
    chr_diags_init(&f.diags, f.arena);
    f.tree = chr_parse(kept, f.arena, &f.diags);
    assert_non_null(f.tree);
    size_t n;
    FILE *to = open_memstream(&f.printed, &n);
    assert_non_null(to);
    front_write(f.tree->child, to);
    fclose(to);
    return f;
}

/* The text is read without an error, as this tree. */
static inline void reads_as(const char *text, const char *tree) {
    front f = front_read(text);
    if (f.diags.n_errors != 0)
        chr_diags_print(&f.diags, stderr, false, 0);
    assert_int_equal(f.diags.n_errors, 0);
    assert_string_equal(f.printed, tree);
    front_free(&f);
}

/* As reads_as, for what stands behind `let x = `. */
static inline void value_reads_as(const char *value, const char *tree) {
    char text[500], wrapped[500];
    snprintf(text, sizeof text, "let x = %s", value);
    snprintf(wrapped, sizeof wrapped, "(let x (chain %s))", tree);
    reads_as(text, wrapped);
}

/* The text has these errors, in the order of their places: "E201 E105". */
static inline void has_errors(const char *text, const char *codes) {
    front f = front_read(text);
    char *json;
    size_t n;
    FILE *to = open_memstream(&json, &n);
    assert_non_null(to);
    chr_diags_print_json(&f.diags, to, false);
    fclose(to);
    char found[200] = "";
    size_t used = 0;
    for (const char *at = json;
         (at = strstr(at, "\"code\": \"")) != NULL && used + 6 < sizeof found; at += 9)
        used += (size_t)snprintf(found + used, sizeof found - used, "%s%.4s", used > 0 ? " " : "",
                                 at + 9);
    if (strcmp(found, codes) != 0)
        chr_diags_print(&f.diags, stderr, false, 0);
    assert_string_equal(found, codes);
    free(json);
    front_free(&f);
}

#endif
