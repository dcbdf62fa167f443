/* lang/lex.c: tokens of plain text, and where statements end. Pattern text is in lex_pattern.c,
 * what single characters and numbers mean in lex_text.c. SPDX-License-Identifier: MIT */
#include "lang/lex.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

bool chr_lexer_init(chr_lexer *l, const chr_source *source, chr_diags *diags) {
    memset(l, 0, sizeof *l);
    l->source = source;
    l->diags = diags;
    l->closing = -1;
    if (source->len > CHR_TEXT_MAX) {
        chr_report(diags, CHR_E112, (chr_span){source, 0, 0}, (double)source->len / (1 << 20),
                   CHR_TEXT_MAX >> 20);
        return false;
    }
    l->text = malloc(source->len + 1);
    l->locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (l->text == NULL || l->locale == NULL)
        return false;
    if (source->len != 0)
        memcpy(l->text, source->text, source->len);
    l->text[source->len] = 0;
    l->at = l->text;
    l->limit = l->text + source->len;
    if (source->len >= 3 && memcmp(l->text, "\xef\xbb\xbf", 3) == 0)
        l->at += 3;
    l->last = (chr_token){.type = CHR_T_END};
    l->at_first = true;
    l->blank = true;
    return true;
}

void chr_lexer_free(chr_lexer *l) {
    free(l->text);
    if (l->locale != NULL)
        freelocale((locale_t)l->locale);
    l->text = NULL;
    l->locale = NULL;
}

uint32_t chr_lex_offset(const chr_lexer *l, const char *p) {
    return (uint32_t)(p - l->text);
}

chr_span chr_lex_span(const chr_lexer *l, const char *from, const char *to) {
    return (chr_span){l->source, chr_lex_offset(l, from), chr_lex_offset(l, to)};
}

chr_token chr_lex_token(chr_lexer *l, int type, const char *from, const char *to) {
    chr_token t = {.type = (uint8_t)type,
                   .from = chr_lex_offset(l, from),
                   .to = chr_lex_offset(l, to),
                   .blank_before = l->blank};
    l->blank = false;
    return t;
}

bool chr_lex_once(chr_lexer *l, int kind) {
    l->n_errors++;
    uint32_t bit = 1u << kind;
    bool first = (l->reported & bit) == 0;
    l->reported |= bit;
    return first;
}

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

static void begin_statement(chr_lexer *l) {
    l->base = l->n_open;
    l->mode = CHR_MODE_PLAIN;
    l->first_word = CHR_FIRST_OTHER;
    l->at_first = true;
    l->colon_seen = false;
}

static chr_token end_statement(chr_lexer *l) {
    drop_open(l);
    begin_statement(l);
    chr_token t = {
        .type = CHR_T_END, .from = l->last.to, .to = l->last.to, .number = chr_lex_bodies(l)};
    l->blank = true;
    return t;
}

/* The brace that closes the innermost body. */
static chr_token close_body(chr_lexer *l, const char *from, const char *to) {
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

static bool begins_statement(const char *at, const char *limit) {
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
            o.statement = o.indent == 0 && begins_statement(at, l->limit);
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
static bool wants_more(const chr_lexer *l) {
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

static bool goes_on(const chr_lexer *l, const outlook *o) {
    if (o->text_end || o->empty_line || o->statement)
        return false;
    if (spans_lines(l) || wants_more(l) || *o->at == '>' ||
        (l->mode != CHR_MODE_PLAIN && *o->at == '|'))
        return true;
    return colon_goes_on(l) && o->indent > (chr_lex_bodies(l) > 0 ? l->column : 0);
}

/* At a line end or the text's end. True if there is a token; otherwise the lexer goes on behind the
 * line end. */
static bool line_end(chr_lexer *l, const char *next, chr_token *t) {
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
        l->incomplete = l->incomplete || spans_lines(l) || wants_more(l) || colon_goes_on(l);
    if (emit)
        *t = end_statement(l);
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
static chr_token force_closed(chr_lexer *l) {
    if (l->closing_end) {
        l->closing_end = false;
        if (--l->closing == 0)
            l->closing = -1;
        return end_statement(l);
    }
    l->closing_end = true;
    if (!l->unclosed_told) /* the innermost; the others follow from it */
        report_unclosed(l, &l->open[l->n_open - 1],
                        l->stray_brace ? "close it with `}`; the lines inside are indented"
                                       : "close it with `}`");
    l->unclosed_told = true;
    const char *here = l->text + l->last.to;
    return close_body(l, here, here);
}

/* ---- plain text ---- */

/* True where a number or an opening bracket must follow, so that `-` is a sign. */
static bool sign_place(const chr_lexer *l) {
    switch (l->last.type) {
    case CHR_T_COLON:
    case CHR_T_LPAREN:
    case CHR_T_CALL:
    case CHR_T_LSQUARE:
    case CHR_T_LBRACE:
    case CHR_T_LLOCK:
    case CHR_T_DOTS:
    case CHR_T_SIGN:
    case CHR_T_END:
        return true;
    default:
        return wants_more(l);
    }
}

static bool blank_at(const chr_lexer *l, const char *p) {
    return p >= l->limit || *p == ' ' || *p == '\t' || *p == '\n' || *p == '\r';
}

static chr_token operator_token(chr_lexer *l, const char *from, int tight, int loose) {
    if ((*from == '-' || *from == '+') && (sign_place(l) || (l->blank && !blank_at(l, l->at))))
        return chr_lex_token(l, CHR_T_SIGN, from, l->at);
    return chr_lex_token(l, l->blank || blank_at(l, l->at) ? loose : tight, from, l->at);
}

static void take_colon(chr_lexer *l) {
    if (l->n_open > l->base)
        return;
    if (l->first_word == CHR_FIRST_WHEN) {
        l->at_first = true;
        l->first_word = CHR_FIRST_OTHER;
    } else if ((l->first_word == CHR_FIRST_SEQUENCE || l->first_word == CHR_FIRST_MELODY) &&
               !l->colon_seen) {
        l->colon_seen = true;
        l->mode = l->first_word == CHR_FIRST_SEQUENCE ? CHR_MODE_GRID : CHR_MODE_MELODY;
    }
}

static bool open_token(chr_lexer *l, const char *from, int type, int kind, chr_token *t) {
    if (!chr_lex_push(l, kind, from))
        return false;
    *t = chr_lex_token(l, type, from, l->at);
    return true;
}

static bool open_brace(chr_lexer *l, const char *from, chr_token *t) {
    bool body = l->n_open == l->base &&
                (l->first_word == CHR_FIRST_MODULE || (l->last.type == CHR_T_COLON && l->at_first));
    /* A brace where none can stand looks like a lock's, which plain text never has. */
    if (!open_token(l, from, body ? CHR_T_LBRACE : CHR_T_LLOCK,
                    body ? CHR_BRACKET_BODY : CHR_BRACKET_CURLY, t))
        return false;
    if (body)
        begin_statement(l);
    return true;
}

/* `)`, `]`, and `}` that is no body's. */
static bool close_token(chr_lexer *l, const char *from, int type, int kind, chr_token *t) {
    if (l->n_extra > 0) {
        l->n_extra--;
        return false;
    }
    int innermost = chr_lex_innermost(l);
    if (innermost == kind || (kind == CHR_BRACKET_CURLY && innermost == CHR_BRACKET_LOCK)) {
        l->mode = l->open[--l->n_open].mode;
        *t = chr_lex_token(l, type, from, l->at);
        return true;
    }
    chr_lex_wrong_closer(l, from);
    return false;
}

void chr_lex_wrong_closer(chr_lexer *l, const char *from) {
    l->n_errors++;
    char closer[2] = {*from, 0};
    if (chr_lex_innermost(l) < 0) {
        chr_report(l->diags, CHR_E132, chr_lex_span(l, from, from + 1), closer);
        return;
    }
    /* It is taken for the one that belongs there: more likely a slip than a bracket too many. */
    static const char *const right[] = {")", "]", "}", "}", "}", ")", "]", ">"};
    const chr_open_bracket *b = &l->open[--l->n_open];
    l->mode = b->mode;
    char opener[2] = {l->text[b->from], 0};
    chr_report(l->diags, CHR_E133, chr_lex_span(l, from, from + 1), closer, opener);
    chr_suggest(l->diags, "`%s` is closed by `%s`", opener, right[b->kind]);
}

bool chr_lex_close_brace(chr_lexer *l, const char *from, chr_token *t) {
    int bodies = chr_lex_bodies(l);
    int innermost = chr_lex_innermost(l);
    if (innermost == CHR_BRACKET_CURLY || innermost == CHR_BRACKET_LOCK || l->n_extra > 0)
        return close_token(l, from, CHR_T_RLOCK, CHR_BRACKET_CURLY, t);
    if (bodies == 0) {
        bool stray = l->stray_brace && l->last.type == CHR_T_END;
        if (stray)
            l->stray_brace = false;
        else
            chr_lex_wrong_closer(l, from);
        return false;
    }
    if (l->last.type !=
        CHR_T_END) { /* the brace ends the statement before it, and then comes once more */
        l->at = from;
        *t = end_statement(l);
        return true;
    }
    *t = close_body(l, from, l->at);
    return true;
}

static bool sign_token(chr_lexer *l, const char *from, chr_token *t) {
    switch (*from) {
    case '(':
        if (l->last.type == CHR_T_NAME && !l->blank)
            return open_token(l, from, CHR_T_CALL, CHR_BRACKET_ROUND, t);
        return open_token(l, from, CHR_T_LPAREN, CHR_BRACKET_ROUND, t);
    case '[':
        return open_token(l, from, CHR_T_LSQUARE, CHR_BRACKET_SQUARE, t);
    case '{':
        return open_brace(l, from, t);
    case ')':
        return close_token(l, from, CHR_T_RPAREN, CHR_BRACKET_ROUND, t);
    case ']':
        return close_token(l, from, CHR_T_RSQUARE, CHR_BRACKET_SQUARE, t);
    case '}':
        return chr_lex_close_brace(l, from, t);
    case ';':
        if (chr_lex_once(l, CHR_ONCE_SEMICOLON))
            chr_report(l->diags, CHR_E104, chr_lex_span(l, from, l->at));
        return false;
    case '>':
        *t = chr_lex_token(l, CHR_T_GT, from, l->at);
        return true;
    case ',':
        *t = chr_lex_token(l, CHR_T_COMMA, from, l->at);
        return true;
    case '|':
        *t = chr_lex_token(l, CHR_T_PIPE, from, l->at);
        return true;
    case ':':
        *t = chr_lex_token(l, CHR_T_COLON, from, l->at);
        take_colon(l);
        return true;
    case '+':
        *t = operator_token(l, from, CHR_T_TPLUS, CHR_T_LPLUS);
        return true;
    case '-':
        *t = operator_token(l, from, CHR_T_TMINUS, CHR_T_LMINUS);
        return true;
    case '*':
        *t = operator_token(l, from, CHR_T_TSTAR, CHR_T_LSTAR);
        return true;
    case '/':
        *t = operator_token(l, from, CHR_T_TSLASH, CHR_T_LSLASH);
        return true;
    case '%':
        *t = operator_token(l, from, CHR_T_TPERCENT, CHR_T_LPERCENT);
        return true;
    default:
        *t = operator_token(l, from, CHR_T_TPOWER, CHR_T_LPOWER);
        return true;
    }
}

/* The first word of a statement says how the rest is read. */
static void take_first(chr_lexer *l, const char *from, bool name) {
    if (!l->at_first)
        return;
    l->at_first = false;
    l->first_word = CHR_FIRST_OTHER;
    if (name && begins_statement(from, l->limit))
        l->first_word = (int)chr_first_word_of(from, (size_t)(l->at - from));
}

static bool plain_token(chr_lexer *l, chr_token *t) {
    const char *from = l->at;
    chr_scan found = chr_scan_plain(&l->at, l->limit);
    switch (found) {
    case CHR_SCAN_TEXT_END:
        if (line_end(l, l->at, t))
            return true;
        if (l->closing > 0)
            return false;
        *t = (chr_token){.type = 0, .from = l->last.to, .to = l->last.to};
        return true;
    case CHR_SCAN_BLANK:
        l->blank = true;
        return false;
    case CHR_SCAN_LINE_END:
        return line_end(l, l->at, t);
    case CHR_SCAN_HASH:
        if (l->blank) {
            chr_lex_comment(l);
            l->blank = true;
        } else if (chr_lex_once(l, CHR_ONCE_HASH)) {
            chr_report(l->diags, CHR_E116, chr_lex_span(l, from, l->at));
            char before = l->text[l->last.from];
            if (l->last.to - l->last.from == 1 && before >= 'A' && before <= 'G')
                chr_suggest(l->diags, "a note needs its octave: %c#4", before);
        }
        return false;
    case CHR_SCAN_NAME:
    case CHR_SCAN_PATH:
        take_first(l, from, found == CHR_SCAN_NAME);
        *t = chr_lex_token(l, found == CHR_SCAN_NAME ? CHR_T_NAME : CHR_T_PATH, from, l->at);
        return true;
    case CHR_SCAN_SIGN: {
        bool first = l->at_first && *from != '{' && *from != '}';
        if (first)
            take_first(l, from, false);
        return sign_token(l, from, t);
    }
    case CHR_SCAN_EQUAL:
        *t = chr_lex_token(l, CHR_T_EQUAL, from, l->at);
        return true;
    case CHR_SCAN_SAME:
        *t = operator_token(l, from, CHR_T_TSAME, CHR_T_LSAME);
        return true;
    case CHR_SCAN_DOTS:
        *t = chr_lex_token(l, CHR_T_DOTS, from, l->at);
        return true;
    default:
        if (found != CHR_SCAN_OTHER)
            take_first(l, from, false);
        return chr_lex_text(l, found, from, t);
    }
}

chr_token chr_lexer_next(chr_lexer *l) {
    for (;;) {
        chr_token t;
        bool found;
        if (l->closing > 0) {
            t = force_closed(l);
            found = true;
        } else if (l->mode == CHR_MODE_PLAIN) {
            found = plain_token(l, &t);
        } else {
            found = chr_lex_pattern(l, &t);
        }
        if (!found)
            continue;
        if (l->n_extra > 0 && t.type != CHR_T_END && t.type != 0)
            continue; /* too deep: the grammar is spared */
        if (t.type == CHR_T_END) {
            l->reported = 0;
            l->n_errors_before = l->n_errors;
        }
        l->last = t;
        return t;
    }
}

bool chr_lex_line_end(chr_lexer *l, const char *next, chr_token *t) {
    return line_end(l, next, t);
}
