/* lang/lex_lines.c: where statements end: brackets that are open, line ends, and bodies, which a
 * brace or what follows closes. SPDX-License-Identifier: MIT */
#include "lang/lex.h"

#include <string.h>

/* ---- brackets ---- */

bool chr_lex_push(chr_lexer *l, int kind, const char *at) {
    if (l->n_open == CHR_NESTING_MAX) {
        if (l->n_extra++ == 0 && chr_lex_once(l, CHR_ONCE_NESTING))
            chr_report(l->diags, CHR_E114, chr_lex_span(l, at, at + 1), CHR_NESTING_MAX);
        return false;
    }
    l->open[l->n_open++] = (chr_open_bracket){chr_lex_offset(l, at), (uint8_t)kind,
                                              (uint8_t)l->mode, (uint8_t)l->first_word, l->column};
    return true;
}

int chr_lex_innermost(const chr_lexer *l) {
    return l->n_open > l->base ? l->open[l->n_open - 1].kind : -1;
}

int chr_lex_bodies(const chr_lexer *l) {
    int n = 0;
    for (int i = 0; i < l->n_open; i++)
        n += l->open[i].kind == CHR_BRACKET_BODY;
    return n;
}

static void report_unclosed(chr_lexer *l, const chr_open_bracket *b, const char *advice) {
    l->n_errors++;
    char bracket[2] = {l->text[b->from], 0};
    chr_report(l->diags, CHR_E131, (chr_span){l->source, b->from, b->from + 1}, bracket);
    chr_suggest(l->diags, "%s", advice);
}

/* Brackets of the statement at hand that are still open: the one opened last is told, the others
 * follow from it. */
static void drop_open(chr_lexer *l) {
    if (l->n_open > l->base) {
        static const char *const closers[] = {")", "]", "}", "}", "}", ")", "]", ">"};
        char advice[100];
        const chr_open_bracket *b = &l->open[l->n_open - 1];
        snprintf(advice, sizeof advice, "add the `%s`; the statement ends before it%s",
                 closers[b->kind],
                 b->kind == CHR_BRACKET_P_ANGLE ? ", since `< >` stands on one line" : "");
        report_unclosed(l, b, advice);
        l->mode = l->open[l->base].mode;
        l->n_open = l->base;
    }
    l->n_extra = 0;
}

void chr_lex_begin_statement(chr_lexer *l) {
    l->base = l->n_open;
    l->mode = CHR_MODE_PLAIN;
    l->first_word = CHR_FIRST_OTHER;
    l->at_first = true;
    l->colon_seen = false;
}

chr_token chr_lex_end_statement(chr_lexer *l) {
    drop_open(l);
    chr_lex_begin_statement(l);
    chr_token t = {
        .type = CHR_T_END, .from = l->last.to, .to = l->last.to, .number = chr_lex_bodies(l)};
    l->blank = true;
    return t;
}

/* The brace that closes the innermost body. */
chr_token chr_lex_close_body(chr_lexer *l, const char *from, const char *to) {
    chr_open_bracket *body = &l->open[--l->n_open];
    l->mode = CHR_MODE_PLAIN;
    l->column = body->column;
    l->base = l->n_open;
    while (l->base > 0 && l->open[l->base - 1].kind != CHR_BRACKET_BODY)
        l->base--;
    l->first_word = CHR_FIRST_OTHER;
    l->at_first = false;
    return chr_lex_token(l, CHR_T_RBRACE, from, to);
}

/* ---- line ends ---- */

/* What comes after a line end. */
typedef struct outlook {
    const char *at; /* the first character of the next line that is no comment, or the text's end */
    uint32_t indent; /* blanks before it */
    bool empty_line; /* passed on the way */
    bool text_end;
    bool statement; /* a statement word at the left margin */
} outlook;

bool chr_lex_is_word(const char *at, const char *limit, char c) {
    while (at < limit && (*at == ' ' || *at == '\t'))
        at++;
    return at < limit && *at == c && !(c == '=' && at + 1 < limit && at[1] == '=');
}

bool chr_lex_begins_statement(const char *at, const char *limit) {
    const char *end = at;
    if (chr_scan_plain(&end, limit) != CHR_SCAN_NAME)
        return false;
    return chr_first_word_of(at, (size_t)(end - at)) != CHR_FIRST_OTHER &&
           !chr_lex_is_word(end, limit, '=') && !(end < limit && *end == '(');
}

static outlook look_ahead(const chr_lexer *l, const char *at) {
    outlook o = {0};
    bool degrees = l->mode == CHR_MODE_MELODY && l->n_open > l->base;
    for (;;) { /* a line each time */
        const char *start = at;
        while (at < l->limit && (*at == ' ' || *at == '\t'))
            at++;
        o.at = at;
        o.indent = (uint32_t)(at - start);
        if (at == l->limit) {
            o.text_end = true;
            return o;
        }
        bool comment = *at == '#' && !(degrees && o.indent > 0 && at[1] >= '0' && at[1] <= '9');
        bool empty = *at == '\n' || (*at == '\r' && at[1] == '\n');
        if (!comment && !empty) {
            o.statement = o.indent == 0 && chr_lex_begins_statement(at, l->limit);
            return o;
        }
        o.empty_line = o.empty_line || empty;
        if (empty) {
            at += *at == '\r' ? 2 : 1;
            continue;
        }
        const char *end = memchr(at, '\n', (size_t)(l->limit - at));
        if (end == NULL) {
            o.at = at;
            o.text_end = true;
            return o;
        }
        at = end + 1;
    }
}

/* Is something missing after the last token, so that a line end does not count? */
bool chr_lex_wants_more(const chr_lexer *l) {
    int type = l->last.type;
    return chr_token_is_operator(type) || type == CHR_T_EQUAL || type == CHR_T_GT ||
           type == CHR_T_COMMA;
}

static bool spans_lines(const chr_lexer *l) {
    if (l->n_extra > 0)
        return true;
    for (int i = l->base; i < l->n_open; i++)
        if (l->open[i].kind != CHR_BRACKET_P_ANGLE)
            return true;
    return false;
}

static bool colon_goes_on(const chr_lexer *l) {
    return l->last.type == CHR_T_COLON && l->n_open == l->base && l->first_word == CHR_FIRST_CHAIN;
}

/* Steps go on in lines that are further in than their statement. One that begins like a statement,
 * or sets a knob, is one all the same: no step reads so. */
static bool steps_go_on(const chr_lexer *l, const outlook *o) {
    if (l->mode == CHR_MODE_PLAIN || o->indent <= l->column ||
        chr_lex_begins_statement(o->at, l->limit))
        return false;
    const char *end = o->at;
    chr_scan first = chr_scan_plain(&end, l->limit);
    return !((first == CHR_SCAN_NAME || first == CHR_SCAN_PATH) &&
             chr_lex_is_word(end, l->limit, '='));
}

static bool goes_on(const chr_lexer *l, const outlook *o) {
    if (o->text_end || o->empty_line || o->statement)
        return false;
    if (spans_lines(l) || chr_lex_wants_more(l) || *o->at == '>' ||
        (l->mode != CHR_MODE_PLAIN && *o->at == '|') || steps_go_on(l, o))
        return true;
    return colon_goes_on(l) && o->indent > (chr_lex_bodies(l) > 0 ? l->column : 0);
}

/* At a line end or the text's end. True if there is a token; otherwise the lexer goes on behind the
 * line end. */
bool chr_lex_line_end(chr_lexer *l, const char *next, chr_token *t) {
    outlook o = look_ahead(l, next);
    /* A line of nothing but a mistake is a statement too: it is told, and the next has its own. */
    bool emit = l->last.type != CHR_T_END || l->n_errors != l->n_errors_before;
    if (l->last.type != CHR_T_END && goes_on(l, &o)) {
        chr_lex_check_comments(l, next, o.at);
        l->at = o.at;
        l->blank = true;
        return false;
    }
    if (o.text_end && !o.empty_line)
        l->incomplete =
            l->incomplete || spans_lines(l) || chr_lex_wants_more(l) || colon_goes_on(l);
    if (emit)
        *t = chr_lex_end_statement(l);
    chr_lex_check_comments(l, next, o.at);
    l->at = o.at;
    l->column = o.indent;
    l->blank = true;
    int bodies = chr_lex_bodies(l);
    if (bodies > 0 && (o.statement || o.text_end)) {
        l->incomplete = l->incomplete || o.text_end;
        l->stray_brace = o.statement;
        l->unclosed_told = false;
        l->closing = bodies;
    }
    return emit;
}

/* Bodies that were left open are closed one after the other: a brace, an END. */
chr_token chr_lex_force_closed(chr_lexer *l) {
    if (l->closing_end) {
        l->closing_end = false;
        if (--l->closing == 0)
            l->closing = -1;
        return chr_lex_end_statement(l);
    }
    l->closing_end = true;
    if (!l->unclosed_told) /* the innermost; the others follow from it */
        report_unclosed(l, &l->open[l->n_open - 1],
                        l->stray_brace ? "close it with `}`; the lines inside are indented"
                                       : "close it with `}`");
    l->unclosed_told = true;
    const char *here = l->text + l->last.to;
    return chr_lex_close_body(l, here, here);
}
