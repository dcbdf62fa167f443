/* lang/lex_pattern.c: the steps of a sequence or melody, which have rules of their own.
 * SPDX-License-Identifier: MIT */
#include "lang/lex.h"
#include "lang/transforms.h"

#include <string.h>

static const double greatest = 1e9;

static const char *copy(chr_lexer *l, const char *from, const char *to) {
    const char *text = chr_arena_copy(l->diags->arena, from, (size_t)(to - from));
    return text != NULL ? text : "";
}

/* Does the next character touch a step, or what already belongs to one? */
static bool touches(const chr_lexer *l) {
    if (l->blank)
        return false;
    switch (l->last.type) {
    case CHR_T_STEP:
    case CHR_T_MOD:
    case CHR_T_RLOCK:
    case CHR_T_PRSQUARE:
    case CHR_T_PRANGLE:
    case CHR_T_PRROUND:
        return true;
    default:
        return false;
    }
}

static bool open_token(chr_lexer *l, const char *from, int type, int kind, chr_token *t) {
    if (!chr_lex_push(l, kind, from))
        return false;
    *t = chr_lex_token(l, type, from, l->at);
    return true;
}

static bool close_token(chr_lexer *l, const char *from, int type, int kind, chr_token *t) {
    if (l->n_extra > 0) {
        l->n_extra--;
        return false;
    }
    if (chr_lex_innermost(l) != kind) {
        chr_lex_wrong_closer(l, from);
        return false;
    }
    l->n_open--;
    *t = chr_lex_token(l, type, from, l->at);
    return true;
}

static bool take_angle(chr_lexer *l, const char *from, chr_token *t) {
    int innermost = chr_lex_innermost(l);
    if (innermost == CHR_BRACKET_P_ANGLE || l->n_extra > 0)
        return close_token(l, from, CHR_T_PRANGLE, CHR_BRACKET_P_ANGLE, t);
    if (innermost < 0) { /* the transforms begin */
        l->mode = CHR_MODE_PLAIN;
        *t = chr_lex_token(l, CHR_T_GT, from, l->at);
        return true;
    }
    l->n_errors++;
    bool square = innermost == CHR_BRACKET_P_SQUARE;
    chr_report(l->diags, CHR_E125, chr_lex_span(l, from, l->at), square ? "[" : "(",
               square ? "]" : ")");
    /* Most likely the transforms begin here: what follows is not read as steps, and the bracket is
     * not told again. */
    l->n_open = l->base;
    while (l->at < l->limit && *l->at != '\n')
        l->at++;
    l->blank = true;
    return false;
}

static bool take_sign(chr_lexer *l, const char *from, chr_token *t) {
    switch (*from) {
    case '(':
        return open_token(l, from, CHR_T_PLROUND, CHR_BRACKET_P_ROUND, t);
    case '[':
        return open_token(l, from, CHR_T_PLSQUARE, CHR_BRACKET_P_SQUARE, t);
    case '<':
        return open_token(l, from, CHR_T_PLANGLE, CHR_BRACKET_P_ANGLE, t);
    case ')':
        return close_token(l, from, CHR_T_PRROUND, CHR_BRACKET_P_ROUND, t);
    case ']':
        return close_token(l, from, CHR_T_PRSQUARE, CHR_BRACKET_P_SQUARE, t);
    case '>':
        return take_angle(l, from, t);
    case '{':
        if (!touches(l)) {
            l->n_errors++;
            chr_report(l->diags, CHR_E122, chr_lex_span(l, from, l->at), "{");
            chr_suggest(l->diags, "it touches its step, without a blank: x{cutoff=2kHz}");
        }
        if (!open_token(l, from, CHR_T_LLOCK, CHR_BRACKET_LOCK, t))
            return false;
        l->mode = CHR_MODE_PLAIN;
        return true;
    case '}':
        return chr_lex_close_brace(l, from, t);
    case ',':
        if (chr_lex_innermost(l) == CHR_BRACKET_P_SQUARE) {
            *t = chr_lex_token(l, CHR_T_PCOMMA, from, l->at);
            return true;
        }
        if (chr_lex_once(l, CHR_ONCE_COMMA))
            chr_report(l->diags, CHR_E124, chr_lex_span(l, from, l->at));
        l->blank = true;
        return false;
    case ';':
        if (chr_lex_once(l, CHR_ONCE_SEMICOLON))
            chr_report(l->diags, CHR_E104, chr_lex_span(l, from, l->at));
        l->blank = true;
        return false;
    default: /* `|` parts choices; everywhere else it is a bar line, which only helps the eye */
        if (chr_lex_innermost(l) == CHR_BRACKET_P_ROUND && l->n_extra == 0) {
            *t = chr_lex_token(l, CHR_T_PBAR, from, l->at);
            return true;
        }
        l->blank = true;
        return false;
    }
}

/* False, with an error, for a number that no pattern can have. */
static bool small_enough(chr_lexer *l, double value, const char *from, const char *to) {
    if (value <= greatest)
        return true;
    l->n_errors++;
    chr_report(l->diags, CHR_E129, chr_lex_span(l, from, to),
               copy(l, from, to - from > 40 ? from + 40 : to));
    return false;
}

static bool take_mod(chr_lexer *l, const char *from, chr_token *t) {
    double value = *from == '?' ? -1 : 0;
    const char *digits = from + 1, *to = l->at;
    if (to > digits && to[-1] == '%')
        to--;
    if (to > digits)
        value = chr_lex_value(l, digits, to);
    bool lacks_number = to == digits && (*from == '*' || *from == '!' || *from == '@');
    if (!touches(l)) {
        l->n_errors++;
        chr_report(l->diags, CHR_E122, chr_lex_span(l, from, l->at), copy(l, from, l->at));
    } else if (lacks_number) {
        l->n_errors++;
        chr_report(l->diags, CHR_E123, chr_lex_span(l, from, l->at), *from);
    } else if (!small_enough(l, value, digits, to)) {
        value = 1;
    }
    *t = chr_lex_token(l, CHR_T_MOD, from, l->at);
    t->number = value;
    l->blank = lacks_number; /* it is told once, not again at what follows */
    return true;
}

static bool take_euclid(chr_lexer *l, const char *from, chr_token *t) {
    for (const char *p = from + 1; p < l->at; p++) {
        const char *digits = p;
        while (*p >= '0' && *p <= '9')
            p++;
        if (!small_enough(l, chr_lex_value(l, digits, p), digits, p))
            break;
    }
    *t = chr_lex_token(l, CHR_T_MOD, from, l->at);
    return true;
}

/* `x(3.5,8)`, or `x(3,8` without its end. */
static void take_bad_euclid(chr_lexer *l, const char *from) {
    while (l->at < l->limit && *l->at != ')' && *l->at != '\n')
        l->at++;
    bool closed = l->at < l->limit && *l->at == ')';
    l->at += closed;
    l->n_errors++;
    if (closed) {
        chr_report(l->diags, CHR_E126, chr_lex_span(l, from, l->at));
        return;
    }
    chr_report(l->diags, CHR_E131, chr_lex_span(l, from, from + 1), "(");
    chr_suggest(l->diags, "add the `)`: x(3,8) spreads 3 hits over 8 steps");
}

/* The end of what a player would call a word, to show and to pass over it. */
static const char *word_end(const chr_lexer *l, const char *at) {
    while (at < l->limit && (unsigned char)*at > ' ' && (unsigned char)*at < 0x7f &&
           strchr("[](){}<>,|;*!@?~^:", *at) == NULL)
        at++;
    return at;
}

static bool take_other(chr_lexer *l, const char *from, chr_token *t) {
    bool found;
    if (chr_lex_stray(l, from, t, &found))
        return found;
    const char *end = word_end(l, from);
    if (end > l->at)
        l->at = end;
    if (chr_lex_once(l, CHR_ONCE_STEP)) {
        const char *word = copy(l, from, l->at);
        chr_report(l->diags,
                   l->mode == CHR_MODE_GRID     ? CHR_E121
                   : l->mode == CHR_MODE_MELODY ? CHR_E128
                                                : CHR_E130,
                   chr_lex_span(l, from, l->at), word);
        chr_suggest_transform(l->diags, word);
    }
    l->blank = true;
    return false;
}

/* `#4` and `#ivo7` are degrees; `#I think` is a comment. A NUL byte follows the text. */
static bool is_raised_degree(const char *text) {
    if (text[1] >= '0' && text[1] <= '9')
        return true;
    bool small = text[1] == 'i' || text[1] == 'v';
    size_t n = strspn(text + 1, small ? "iv" : "IV");
    const char *rest = text + 1 + n;
    if (n == 0 || n > 3)
        return false;
    if (*rest != '\0' && strchr("0123456789o", *rest) != NULL)
        return true;
    return n > 1 && (*rest == '\0' || strchr(" \t\r\n'/~^*!@?()[]{}<>,|+-mdsah", *rest) != NULL);
}

bool chr_lex_pattern(chr_lexer *l, chr_token *t) {
    const char *from = l->at;
    bool line_start = from == l->text || from[-1] == '\n';
    bool degree =
        l->mode == CHR_MODE_MELODY && !line_start && from + 1 < l->limit && is_raised_degree(from);
    if (from < l->limit && *from == '#' && l->blank && !degree) {
        chr_lex_comment(l);
        l->blank = true;
        return false;
    }
    chr_scan found = l->mode == CHR_MODE_GRID     ? chr_scan_grid(&l->at, l->limit)
                     : l->mode == CHR_MODE_MELODY ? chr_scan_melody(&l->at, l->limit)
                                                  : chr_scan_values(&l->at, l->limit);
    switch (found) {
    case CHR_SCAN_TEXT_END:
    case CHR_SCAN_LINE_END:
        return chr_lex_line_end(l, l->at, t);
    case CHR_SCAN_BLANK:
        l->blank = true;
        return false;
    case CHR_SCAN_STEP:
        if (l->mode != CHR_MODE_GRID && touches(l) &&
            (l->last.type == CHR_T_MOD || l->last.type == CHR_T_RLOCK)) {
            l->n_errors++;
            chr_report(l->diags, CHR_E127, chr_lex_span(l, from, l->at), copy(l, from, l->at));
        }
        *t = chr_lex_token(l, CHR_T_STEP, from, l->at);
        return true;
    case CHR_SCAN_MOD:
        return take_mod(l, from, t);
    case CHR_SCAN_EUCLID:
        if (touches(l))
            return take_euclid(l, from, t);
        l->at = from + 1;
        return take_sign(l, from, t);
    case CHR_SCAN_EUCLID_BAD:
        if (!touches(l)) {
            l->at = from + 1;
            return take_sign(l, from, t);
        }
        take_bad_euclid(l, from);
        return false;
    case CHR_SCAN_SIGN:
        return take_sign(l, from, t);
    default:
        return take_other(l, from, t);
    }
}
