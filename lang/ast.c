/* lang/ast.c: prints trees and tokens, for `--dump ast` and `--dump tokens`.
 * SPDX-License-Identifier: MIT */
#include "lang/ast.h"
#include "lang/token.h"
#include "lang/visible.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[CHR_AST_COUNT] = {
#define CHR_AST_NAME_OF(kind, name) name,
    CHR_AST_KINDS(CHR_AST_NAME_OF)
#undef CHR_AST_NAME_OF
};

static const char *const units[CHR_UNIT_COUNT] = {
    [CHR_UNIT_NONE] = "",          [CHR_UNIT_HZ] = " Hz",       [CHR_UNIT_S] = " s",
    [CHR_UNIT_RATIO] = " ratio",   [CHR_UNIT_DB] = " dB",       [CHR_UNIT_PERCENT] = " %",
    [CHR_UNIT_ST] = " st",         [CHR_UNIT_CENT] = " ct",     [CHR_UNIT_BPM] = " bpm",
    [CHR_UNIT_DEG] = " deg",       [CHR_UNIT_BEATS] = " beats", [CHR_UNIT_BARS] = " bars",
    [CHR_UNIT_WHOLES] = " wholes", [CHR_UNIT_NOTE] = "",
};

const char *chr_ast_name(chr_ast_kind kind) {
    return names[kind];
}

/* Does the number of this kind say something? */
static bool has_number(const chr_ast *a) {
    switch (a->kind) {
    case CHR_AST_NUMBER:
    case CHR_AST_NOTE:
    case CHR_AST_POSITION:
        return true;
    case CHR_AST_MOD:
        return strchr("*!@?", *a->text) != NULL && *a->text != 0;
    default:
        return a->number != 0;
    }
}

static void print_level(const chr_ast *a, FILE *to, int level) {
    for (; a != NULL; a = a->next) {
        for (int i = 0; i < level; i++)
            fputs("  ", to);
        fputs(names[a->kind], to);
        if (*a->text != 0 || a->kind == CHR_AST_STRING) {
            fputc(' ', to);
            chr_print_json(to, a->text, strlen(a->text));
        }
        if (has_number(a))
            fprintf(to, " %.10g%s", a->number, units[a->unit]);
        fputc('\n', to);
        print_level(a->child, to, level + 1);
    }
}

void chr_ast_print(const chr_ast *tree, FILE *to) {
    print_level(tree, to, 0);
}

void chr_tokens_print(const chr_source *source, FILE *to) {
    chr_arena *arena = chr_arena_new(0);
    chr_lexer *lexer = calloc(1, sizeof *lexer);
    chr_diags diags;
    if (arena != NULL && lexer != NULL) {
        chr_diags_init(&diags, arena);
        chr_place_cursor cursor = {0};
        bool readable = chr_lexer_init(lexer, source, &diags);
        while (readable) {
            chr_token t = chr_lexer_next(lexer);
            if (t.type == 0)
                break;
            chr_place place = chr_span_place_after(&cursor, (chr_span){source, t.from, t.to});
            fprintf(to, "%d:%d %s", place.line, place.column, chr_token_name(t.type));
            if (t.from < t.to &&
                (t.type == CHR_T_NAME || t.type == CHR_T_PATH || t.type == CHR_T_NOTE ||
                 t.type == CHR_T_NUMBER || t.type == CHR_T_FRACTION || t.type == CHR_T_STRING ||
                 t.type == CHR_T_STEP || t.type == CHR_T_MOD || t.type == CHR_T_SIGN)) {
                fputc(' ', to);
                chr_print_json(to, source->text + t.from, t.to - t.from);
            }
            if (t.type == CHR_T_NUMBER || t.type == CHR_T_FRACTION || t.type == CHR_T_NOTE)
                fprintf(to, " %.10g%s", t.number, units[t.unit]);
            fputc('\n', to);
        }
        chr_lexer_free(lexer);
        chr_diags_print(&diags, to, false, 0);
    }
    free(lexer);
    chr_arena_free(arena);
}
