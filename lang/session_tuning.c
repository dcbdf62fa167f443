/* lang/session_tuning.c: `tuning "just.scl" map="just.kbm"`: its files are read when it is said,
 * and what they say becomes part of the statement that holds: undo brings it back, a file that has
 * changed is a changed statement, and the check needs no file.
 *
 * A scale becomes a LIST of text "scale": the octaves of its degrees. A key map becomes one of text
 * "map": its fields in the order of the file, then its degrees. SPDX-License-Identifier: MIT */
#include "lang/session_state.h"
#include "lang/stdlib.h"
#include "lang/tuning.h"

#include <stdlib.h>
#include <string.h>

typedef struct reading {
    chr_candidate *c;
    chr_arena *arena; /* of the statement */
    chr_ast *statement, *last;
} reading;

static chr_ast *add_child(reading *r, chr_ast *parent, chr_ast_kind kind, chr_span span) {
    chr_ast *one = CHR_NEW(r->arena, chr_ast);
    if (!one) {
        r->c->failed = true;
        return NULL;
    }
    *one = (chr_ast){.kind = kind, .span = span, .text = ""};
    if (parent->child && r->last)
        r->last->next = one;
    else
        parent->child = one;
    r->last = one;
    return one;
}

/* A copy that children can be added to. */
static bool copy_statement(reading *r, const chr_ast *statement) {
    r->statement = CHR_NEW(r->arena, chr_ast);
    if (!r->statement) {
        r->c->failed = true;
        return false;
    }
    *r->statement = *statement;
    r->statement->child = r->last = NULL;
    for (const chr_ast *part = statement->child; part; part = part->next) {
        chr_ast *one = add_child(r, r->statement, part->kind, part->span);
        if (!one)
            return false;
        *one = *part;
        one->next = NULL;
    }
    return true;
}

static void add_list(reading *r, const char *text, chr_span span, const double *numbers, int n) {
    chr_ast *list = add_child(r, r->statement, CHR_AST_LIST, span);
    chr_ast *end = r->last;
    if (!list)
        return;
    list->text = text;
    r->last = NULL;
    for (int i = 0; i < n; i++) {
        chr_ast *number = add_child(r, list, CHR_AST_NUMBER, span);
        if (!number)
            return;
        number->number = numbers[i];
    }
    r->last = end;
}

/* After E701: one of the library that is spelled like it. */
static void suggest_tuning(chr_candidate *c, const char *name, const char *ending) {
    if (!c->diags.newest || c->diags.newest->code != CHR_E701)
        return;
    const char **names = CHR_NEW_N(c->arena, const char *, chr_tunings_count);
    int n = 0;
    for (int i = 0; names && i < chr_tunings_count; i++)
        if (strstr(chr_tunings[i].name, ending))
            names[n++] = chr_tunings[i].name;
    const char *near = names ? chr_nearest(name, names, n) : NULL;
    if (near)
        chr_suggest(&c->diags, "did you mean \"%.*s\"?", (int)strcspn(near, "."), near);
    else
        chr_suggest(&c->diags,
                    "it is looked for in the script's own folder and in the library: `help "
                    "tunings` lists what is there");
}

/* A file of that name, with its ending where none is given. NULL: reported. */
static chr_script *read_file(reading *r, const chr_ast *string, const char *ending) {
    size_t n = strlen(string->text), k = strlen(ending);
    bool whole = n > k && strcmp(string->text + n - k, ending) == 0;
    const char *name =
        whole ? string->text : chr_arena_printf(r->c->arena, "%s%s", string->text, ending);
    char *text;
    size_t len;
    if (!name)
        return NULL;
    if (!chr_read_foreign(r->c, "tuning", name, string->span, &text, &len)) {
        suggest_tuning(r->c, name, ending);
        return NULL;
    }
    chr_script *script = chr_candidate_keep(r->c, text, len, name);
    free(text);
    return script;
}

static bool read_scale(reading *r, const chr_ast *string) {
    chr_script *file = read_file(r, string, ".scl");
    chr_scl scl;
    if (!file || !chr_scl_read(&file->source, r->c->arena, &r->c->diags, &scl))
        return false;
    add_list(r, "scale", string->span, scl.octaves, scl.n);
    return true;
}

static bool read_map(reading *r, const chr_ast *key) {
    const chr_ast *string = key->child;
    chr_keymap map;
    if (!string || string->kind != CHR_AST_STRING) {
        chr_span span = string ? string->span : key->span;
        const char *text =
            chr_arena_copy(r->c->arena, span.source->text + span.from, span.to - span.from);
        chr_report(&r->c->diags, CHR_E713, span, text ? text : "",
                   "the name of a key map in quotes");
        return false;
    }
    chr_script *file = read_file(r, string, ".kbm");
    if (!file || !chr_keymap_read(&file->source, r->c->arena, &r->c->diags, &map))
        return false;
    int n = CHR_KEYMAP_FIELDS + map.n;
    double *numbers = CHR_NEW_N(r->c->arena, double, n);
    if (!numbers) {
        r->c->failed = true;
        return false;
    }
    double fields[CHR_KEYMAP_FIELDS] = {map.first,     map.last, map.middle,
                                        map.reference, map.hz,   map.octave};
    memcpy(numbers, fields, sizeof fields);
    for (int i = 0; i < map.n; i++)
        numbers[CHR_KEYMAP_FIELDS + i] = map.degrees[i];
    add_list(r, "map", string->span, numbers, n);
    return true;
}

const chr_ast *chr_read_tuning(chr_candidate *c, const chr_ast *statement,
                               const chr_setting *setting) {
    enum { WORK = 100000 }; /* that reading files is worth: a script may ask for some hundreds */
    reading r = {.c = c, .arena = setting->script->arena};
    if (!chr_candidate_spend(c, statement->span, WORK) || !copy_statement(&r, statement))
        return NULL;
    bool good = true;
    for (const chr_ast *part = statement->child; part; part = part->next) {
        if (part->kind == CHR_AST_STRING)
            good = read_scale(&r, part) && good;
        else if (part->kind == CHR_AST_KEY && strcmp(part->text, "map") == 0)
            good = read_map(&r, part) && good;
    }
    return good && !c->failed ? r.statement : NULL;
}
