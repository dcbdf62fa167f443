/* lang/diag_print.c: shows diagnostics as a caret report or as JSON.
 * SPDX-License-Identifier: MIT */
#include "lang/diag.h"
#include "lang/visible.h"

#include <stdlib.h>
#include <string.h>

enum {
    SHOWN_MAX = 160,  /* characters of a source line that are shown */
    SHOWN_LEAST = 12, /* also in a very narrow terminal */
    GUTTER = 10       /* columns for the number of the line, and for signs that it goes on */
};

/* ---- in the order of their places ---- */

typedef struct ranked {
    const chr_diag *diag;
    int file;   /* by first appearance of its name; without a place: last */
    int number; /* in the order of reports */
} ranked;

static int sign(int64_t a, int64_t b) {
    return a < b ? -1 : a > b;
}

/* By file, then by line of the piece of it that is the source (a session keeps statements as
 * sources of their own), then by place in it. */
static int compare(const void *a, const void *b) {
    const ranked *x = a, *y = b;
    int order = sign(x->file, y->file);
    const chr_source *s = x->diag->span.source, *t = y->diag->span.source;
    if (order == 0 && s != NULL && t != NULL)
        order = sign(s->first_line, t->first_line);
    if (order == 0)
        order = sign(x->diag->span.from, y->diag->span.from);
    return order != 0 ? order : sign(x->number, y->number);
}

static ranked *sorted(const chr_diags *d, int *n) {
    *n = 0;
    ranked *list = calloc((size_t)d->n_kept + 1, sizeof *list);
    if (list == NULL)
        return NULL;
    for (const chr_diag *diag = d->first; diag != NULL; diag = diag->next) {
        ranked *r = &list[*n];
        const chr_source *s = diag->span.source;
        *r = (ranked){diag, s != NULL ? *n : INT32_MAX, *n};
        for (int i = *n - 1; i >= 0 && s != NULL; i--) {
            const chr_source *t = list[i].diag->span.source;
            if (t == s || (t != NULL && strcmp(t->name, s->name) == 0)) {
                r->file = list[i].file;
                break;
            }
        }
        ++*n;
    }
    qsort(list, (size_t)*n, sizeof *list, compare);
    return list;
}

/* ---- text ---- */

typedef struct colours {
    const char *bold, *severity[3], *place, *off;
} colours;

static const colours plain = {
    "", {"", "", ""},
     "", ""
};
static const colours ansi = {
    "\x1b[1m", {"\x1b[1;31m", "\x1b[1;33m", "\x1b[1;36m"},
     "\x1b[1;32m", "\x1b[0m"
};
static const char *const severities[] = {"error", "warning", "note"};

static void print_foreign(FILE *to, const char *text) {
    const char *end = text + strlen(text);
    while (text < end) {
        char out[CHR_VISIBLE_MAX];
        int columns;
        text += chr_visible_character(text, end, out, &columns);
        fputs(out, to);
    }
}

/* The character before `p`. */
static const char *back(const char *p, const char *start) {
    const char *q = p - 1;
    for (int i = 0; i < 3 && q > start && ((unsigned char)*q & 0xc0) == 0x80; i++)
        q--;
    return chr_utf8_length(q, p, NULL) == p - q ? q : p - 1;
}

static int fill(FILE *to, char c, int n) {
    for (int i = 0; i < n; i++)
        fputc(c, to);
    return n;
}

/* The source line with the place underlined. */
static void print_line(FILE *to, const chr_source *s, const chr_place *place,
                       const chr_place_cursor *at, const colours *c, chr_severity severity,
                       int wide) {
    int most = wide <= 0 || wide > SHOWN_MAX + GUTTER ? SHOWN_MAX : wide - GUTTER;
    most = most < SHOWN_LEAST ? SHOWN_LEAST : most;
    int before = most * 3 / 8; /* of the place, where a line is cut */
    const char *start = s->text + at->line_start, *end = s->text + s->len;
    const char *from = s->text + place->byte, *to_end = s->text + place->byte_end;
    const char *shown = start;
    if (place->column > most - before) { /* the place is far to the right: cut what is before it */
        shown = from;
        for (int i = 0; i < before && shown > start; i++)
            shown = back(shown, start);
    }
    int gutter = fprintf(to, "  %d | ", place->line) - 2;
    int indent = 0, underline = 0, n = 0;
    if (shown > start) {
        fputs("\xe2\x80\xa6", to);
        indent++;
    }
    const char *p = shown;
    for (; p < end && *p != '\n' && n < most; n++) {
        if (*p == '\r' && p + 1 < end && p[1] == '\n')
            break;
        char out[CHR_VISIBLE_MAX];
        int columns;
        bool inside = p >= from && p < to_end;
        if (p < from)
            indent += chr_visible_character(p, end, out, &columns) > 0 ? columns : 0;
        else if (chr_visible_character(p, end, out, &columns) > 0 && inside)
            underline += columns;
        fputs(out, to);
        int bytes = chr_utf8_length(p, end, NULL);
        p += bytes > 0 ? bytes : 1;
    }
    if (n == most && p < end && *p != '\n')
        fputs("\xe2\x80\xa6", to);
    fputs("\n  ", to);
    fill(to, ' ', gutter - 2);
    fputs("| ", to);
    fill(to, ' ', indent);
    fputs(c->severity[severity], to);
    fill(to, '^', underline > 0 ? underline : 1);
    fputs(c->off, to);
    fputc('\n', to);
}

static void print_one(FILE *to, const chr_diag *diag, chr_place_cursor *cursor, const colours *c,
                      int columns) {
    const chr_source *s = diag->span.source;
    chr_place place = {0};
    if (s != NULL) {
        place = chr_span_place_after(cursor, diag->span);
        fputs(c->bold, to);
        print_foreign(to, s->name);
        fprintf(to, ":%d:%d:%s ", place.line, place.column, c->off);
    }
    fprintf(to, "%s%s[%s]:%s %s%s%s\n", c->severity[diag->severity], severities[diag->severity],
            chr_code_name(diag->code), c->off, c->bold, diag->message, c->off);
    if (s != NULL)
        print_line(to, s, &place, cursor, c, diag->severity, columns);
    if (diag->suggestion != NULL)
        fprintf(to, "  %s\n", diag->suggestion);
}

void chr_diags_print(const chr_diags *d, FILE *to, bool colour, int columns) {
    const colours *c = colour ? &ansi : &plain;
    chr_place_cursor cursor = {0};
    int n;
    ranked *list = sorted(d, &n);
    for (int i = 0; i < n; i++) {
        if (i > 0)
            fputc('\n', to);
        print_one(to, list[i].diag, &cursor, c, columns);
    }
    free(list);
    int left = d->n_kept - n + d->n_dropped;
    if (left > 0)
        fprintf(to, "%sand %d more\n", n > 0 ? "\n" : "", left);
}

/* ---- JSON ---- */

static void print_string(FILE *to, const char *name, const char *text, const char *after) {
    fprintf(to, "\"%s\": ", name);
    if (text != NULL)
        chr_print_json(to, text, strlen(text));
    else
        fputs("null", to);
    fputs(after, to);
}

/* `gap`: between groups of fields. */
static void print_json_one(FILE *to, const chr_diag *diag, chr_place_cursor *cursor,
                           const char *gap) {
    fputc('{', to);
    print_string(to, "code", chr_code_name(diag->code), ", ");
    print_string(to, "severity", severities[diag->severity], ", ");
    print_string(to, "message", diag->message, gap);
    print_string(to, "suggestion", diag->suggestion, gap);
    const chr_source *s = diag->span.source;
    if (s == NULL) {
        fputs("\"file\": null}", to);
        return;
    }
    chr_place p = chr_span_place_after(cursor, diag->span);
    print_string(to, "file", s->name, ", ");
    fprintf(to, "\"line\": %d, \"column\": %d, \"length\": %d%s", p.line, p.column, p.length, gap);
    fprintf(to, "\"byte\": %u, \"byte_end\": %u, \"utf16\": %d, \"utf16_end\": %d}", p.byte,
            p.byte_end, p.utf16, p.utf16_end);
}

void chr_diags_print_json(const chr_diags *d, FILE *to, bool one_line) {
    chr_place_cursor cursor = {0};
    int n;
    ranked *list = sorted(d, &n);
    const char *first = one_line ? "" : "\n  ", *later = one_line ? ", " : ",\n  ";
    fputc('[', to);
    for (int i = 0; i < n; i++) {
        fputs(i > 0 ? later : first, to);
        print_json_one(to, list[i].diag, &cursor, one_line ? ", " : ",\n   ");
    }
    free(list);
    fputs(one_line ? "]" : n > 0 ? "\n]\n" : "]\n", to);
}
