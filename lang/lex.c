/* lang/lex.c: tokens of plain text. Where statements end is in lex_lines.c, pattern text in
 * lex_pattern.c, what single characters and numbers mean in lex_text.c. SPDX-License-Identifier:
 * MIT */
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
        return chr_lex_wants_more(l);
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
    } else if (chr_first_of_steps(l->first_word) && !l->colon_seen) {
        l->colon_seen = true;
        l->mode = l->first_word == CHR_FIRST_SEQUENCE ? CHR_MODE_GRID
                  : l->first_word == CHR_FIRST_MELODY ? CHR_MODE_MELODY
                                                      : CHR_MODE_VALUES;
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
        chr_lex_begin_statement(l);
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
        *t = chr_lex_end_statement(l);
        return true;
    }
    *t = chr_lex_close_body(l, from, l->at);
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
    if (name && chr_lex_begins_statement(from, l->limit))
        l->first_word = (int)chr_first_word_of(from, (size_t)(l->at - from));
}

static bool plain_token(chr_lexer *l, chr_token *t) {
    const char *from = l->at;
    chr_scan found = chr_scan_plain(&l->at, l->limit);
    switch (found) {
    case CHR_SCAN_TEXT_END:
        if (chr_lex_line_end(l, l->at, t))
            return true;
        if (l->closing > 0)
            return false;
        *t = (chr_token){.type = 0, .from = l->last.to, .to = l->last.to};
        return true;
    case CHR_SCAN_BLANK:
        l->blank = true;
        return false;
    case CHR_SCAN_LINE_END:
        return chr_lex_line_end(l, l->at, t);
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
            t = chr_lex_force_closed(l);
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
