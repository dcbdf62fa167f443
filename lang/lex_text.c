/* lang/lex_text.c: notes, numbers with their units, strings, comments, and characters that belong
 * to nothing. SPDX-License-Identifier: MIT */
#include "lang/lex.h"
#include "lang/parse.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 400 }; /* a longer number is no number of music */
static const double greatest = 1e15;

static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static const char *copy(chr_lexer *l, const char *from, const char *to) {
    const char *text = chr_arena_copy(l->diags->arena, from, (size_t)(to - from));
    return text != NULL ? text : "";
}

/* ---- bytes that cannot stand in a script at all ---- */

static void report_bytes(chr_lexer *l, const char *from, const char *to) {
    if (!chr_lex_once(l, CHR_ONCE_UTF8))
        return;
    static const char hex[] = "0123456789abcdef";
    unsigned char byte = (unsigned char)*from;
    char text[] = {'0', 'x', hex[byte >> 4], hex[byte & 15], 0};
    chr_report(l->diags, CHR_E101, chr_lex_span(l, from, to), text);
}

/* Bytes of a control character at `p`, 0 for others. */
static int control(const char *p, const char *limit) {
    unsigned char c = (unsigned char)*p;
    if ((c < 0x20 && c != '\t' && c != '\n' && !(c == '\r' && p + 1 < limit && p[1] == '\n')) ||
        c == 0x7f)
        return 1;
    return c == 0xc2 && p + 1 < limit && (unsigned char)p[1] < 0xa0 && (unsigned char)p[1] >= 0x80
               ? 2
               : 0;
}

static void report_control(chr_lexer *l, const char *from, int n) {
    if (!chr_lex_once(l, CHR_ONCE_CONTROL))
        return;
    const char *name = n == 1 && *from == 0      ? "NUL"
                       : n == 1 && *from == 27   ? "escape"
                       : n == 1 && *from == '\r' ? "a carriage return without a line feed"
                                                 : copy(l, from, from + n);
    chr_report(l->diags, CHR_E102, chr_lex_span(l, from, from + n), name);
}

/* Reports the first bad byte and the first control character between two places. */
static void check_bytes(chr_lexer *l, const char *from, const char *to) {
    while (from < to) {
        int n = control(from, l->limit);
        if (n > 0) {
            report_control(l, from, n);
        } else {
            n = chr_utf8_length(from, l->limit, NULL);
            if (n == 0) {
                report_bytes(l, from, from + 1);
                n = 1;
            }
        }
        from += n;
    }
}

void chr_lex_check_comments(chr_lexer *l, const char *from, const char *to) {
    int n = l->n_errors; /* a comment harms no statement */
    check_bytes(l, from, to);
    l->n_errors = n;
}

void chr_lex_comment(chr_lexer *l) {
    const char *end = memchr(l->at, '\n', (size_t)(l->limit - l->at));
    if (end == NULL)
        end = l->limit;
    else if (end > l->at && end[-1] == '\r')
        end--;
    chr_lex_check_comments(l, l->at, end);
    l->at = end;
}

/* ---- typographic characters ---- */

typedef struct look_alike {
    uint32_t first, last; /* code points */
    int once;
    const char *what, *plain;
} look_alike;

static const look_alike look_alikes[] = {
    {0x00a0, 0x00a0, CHR_ONCE_SPACE,  "a no-break blank",            "blank"},
    {0x00ab, 0x00ab, CHR_ONCE_QUOTE,  "a typographic quote",         "\""   },
    {0x00bb, 0x00bb, CHR_ONCE_QUOTE,  "a typographic quote",         "\""   },
    {0x00b4, 0x00b4, CHR_ONCE_SYMBOL, "an accent",                   "'"    },
    {0x00d7, 0x00d7, CHR_ONCE_SYMBOL, "a multiplication sign",       "*"    },
    {0x00f7, 0x00f7, CHR_ONCE_SYMBOL, "a division sign",             "/"    },
    {0x2000, 0x200a, CHR_ONCE_SPACE,  "a blank of special width",    "blank"},
    {0x2010, 0x2015, CHR_ONCE_DASH,   "a typographic dash",          "-"    },
    {0x2018, 0x201b, CHR_ONCE_SYMBOL, "a typographic quote",         "'"    },
    {0x201c, 0x201f, CHR_ONCE_QUOTE,  "a typographic quote",         "\""   },
    {0x2026, 0x2026, CHR_ONCE_SYMBOL, "a typographic ellipsis",      ".."   },
    {0x202f, 0x202f, CHR_ONCE_SPACE,  "a no-break blank",            "blank"},
    {0x2032, 0x2032, CHR_ONCE_SYMBOL, "a prime",                     "'"    },
    {0x2033, 0x2033, CHR_ONCE_QUOTE,  "a double prime",              "\""   },
    {0x205f, 0x205f, CHR_ONCE_SPACE,  "a blank of special width",    "blank"},
    {0x2190, 0x2190, CHR_ONCE_SYMBOL, "an arrow",                    "<"    },
    {0x2192, 0x2192, CHR_ONCE_SYMBOL, "an arrow",                    ">"    },
    {0x2212, 0x2212, CHR_ONCE_DASH,   "a minus sign of mathematics", "-"    },
    {0x266d, 0x266d, CHR_ONCE_SYMBOL, "a flat sign",                 "b"    },
    {0x266f, 0x266f, CHR_ONCE_SYMBOL, "a sharp sign",                "#"    },
    {0x3000, 0x3000, CHR_ONCE_SPACE,  "a blank of special width",    "blank"},
    {0xff01, 0xff5e, CHR_ONCE_SYMBOL, "a full-width character",      NULL   }, /* ASCII, moved by 0xfee0 */
};

static const look_alike *find_look_alike(uint32_t code) {
    for (size_t i = 0; i < sizeof look_alikes / sizeof look_alikes[0]; i++)
        if (code >= look_alikes[i].first && code <= look_alikes[i].last)
            return &look_alikes[i];
    return NULL;
}

/* The end of a text that began with a typographic quote: behind the next quote of any kind, or the
 * line's end. */
static const char *end_of_quoted(const chr_lexer *l, const char *at) {
    while (at < l->limit && *at != '\n') {
        uint32_t code = 0;
        int n = chr_utf8_length(at, l->limit, &code);
        const look_alike *a = n > 1 ? find_look_alike(code) : NULL;
        at += n > 0 ? n : 1;
        if (code == '"' || (a != NULL && a->once == CHR_ONCE_QUOTE))
            return at;
    }
    return at;
}

bool chr_lex_stray(chr_lexer *l, const char *from, chr_token *t, bool *found) {
    *found = false;
    int n = control(from, l->limit);
    if (n > 0) {
        report_control(l, from, n);
        l->at = from + n;
        l->blank = true;
        return true;
    }
    uint32_t code = 0;
    n = chr_utf8_length(from, l->limit, &code);
    if (n == 0) {
        const char *end = from + 1;
        while (end < l->limit && (unsigned char)*end >= 0x80 &&
               chr_utf8_length(end, l->limit, NULL) == 0)
            end++;
        report_bytes(l, from, end);
        l->at = end;
        l->blank = true;
        return true;
    }
    l->at = from + n;
    const look_alike *a = n > 1 ? find_look_alike(code) : NULL;
    if (a == NULL)
        return false;
    char plain[2] = {(char)(code - 0xfee0), 0};
    const char *wanted = a->plain != NULL ? a->plain : plain;
    if (chr_lex_once(l, a->once)) {
        const char *shown = a->once == CHR_ONCE_SPACE
                                ? "this"
                                : chr_arena_printf(l->diags->arena, "`%.*s`", n, from);
        const char *needed =
            a->once == CHR_ONCE_SPACE ? wanted : chr_arena_printf(l->diags->arena, "`%s`", wanted);
        chr_report(l->diags, CHR_E103, chr_lex_span(l, from, l->at), shown, a->what, needed);
    }
    if (a->once == CHR_ONCE_QUOTE && l->mode == CHR_MODE_PLAIN) {
        l->at = end_of_quoted(l, l->at);
        *t = chr_lex_token(l, CHR_T_STRING, from, l->at);
        *found = true;
    } else {
        l->blank = true;
    }
    return true;
}

/* The name of a line `kick: x...x...`, whose word in front was forgotten, or NULL. */
static const char *name_of_line(const chr_lexer *l, const char *from, const char **end) {
    const char *line = from;
    while (line > l->text && line[-1] != '\n' && line[-1] != '\r')
        line--;
    while (line < from && (*line == ' ' || *line == '\t'))
        line++;
    const char *to = line;
    while (is_word(*to))
        to++;
    *end = to;
    return to > line && *to == ':' && l->first_word == CHR_FIRST_OTHER ? line : NULL;
}

/* In `melodi bass: C2 . C2` the word in front is misspelt, and so the steps are read as anything
 * else: reports the word instead of the first step. */
static bool report_misspelt(chr_lexer *l, const char *from) {
    const char *line = from;
    while (line > l->text && line[-1] != '\n' && line[-1] != '\r')
        line--;
    while (line < from && (*line == ' ' || *line == '\t'))
        line++;
    const char *end = line;
    while (is_word(*end))
        end++;
    if (end == line || l->first_word != CHR_FIRST_OTHER ||
        !memchr(end, ':', (size_t)(from > end ? from - end : 0)))
        return false;
    const char *word = copy(l, line, end), *near = chr_nearest_statement(word);
    if (near == NULL || (strcmp(near, "sequence") != 0 && strcmp(near, "melody") != 0))
        return false;
    chr_report(l->diags, CHR_E201, chr_lex_span(l, line, end), word);
    chr_suggest(l->diags, "did you mean `%s`?", near);
    return true;
}

static bool take_other(chr_lexer *l, const char *from, chr_token *t) {
    bool found;
    if (chr_lex_stray(l, from, t, &found))
        return found;
    bool pattern = chr_first_of_steps(l->first_word) && !l->colon_seen;
    if (pattern) { /* steps where the colon should have been: one mistake, told once */
        if (chr_lex_once(l, CHR_ONCE_COLON)) {
            const char *shown = chr_arena_printf(l->diags->arena, "`%s`", copy(l, from, l->at));
            chr_report(l->diags, CHR_E212, chr_lex_span(l, from, l->at), shown);
            chr_suggest(l->diags, "the steps follow a colon: sequence kick: x...x...");
        }
        return false;
    }
    if (!chr_lex_once(l, CHR_ONCE_OTHER))
        return false;
    const char *end, *name = name_of_line(l, from, &end);
    if (name != NULL) {
        chr_report(l->diags, CHR_E201, chr_lex_span(l, name, end), copy(l, name, end));
        chr_suggest_statements(l->diags, copy(l, name, end));
        return false;
    }
    if (report_misspelt(l, from))
        return false;
    chr_report(l->diags, CHR_E105, chr_lex_span(l, from, l->at), copy(l, from, l->at));
    if (*from == '?' && l->n_open == 0)
        chr_suggest(l->diags, "`help` explains");
    else if (*from == '\'')
        chr_suggest(l->diags, "a text stands in double quotes: \"deep\"");
    else if (*from == '<')
        chr_suggest(l->diags, "`< >` belongs in the steps of a sequence or melody");
    else if (*from == '&' || *from == '!' || *from == '~')
        chr_suggest(l->diags, "sounds are joined by `>` and combined by + - * / ^ %%");
    return false;
}

/* ---- numbers ---- */

double chr_lex_value(chr_lexer *l, const char *from, const char *to) {
    if (to - from > DIGITS_MAX)
        return 2 * greatest;
    char digits[DIGITS_MAX + 1];
    memcpy(digits, from, (size_t)(to - from));
    digits[to - from] = 0;
    return strtod_l(digits, NULL, (locale_t)l->locale);
}

static double checked_value(chr_lexer *l, const char *from, const char *to) {
    double value = chr_lex_value(l, from, to);
    if (value <= greatest)
        return value;
    l->n_errors++;
    chr_report(l->diags, CHR_E109, chr_lex_span(l, from, to),
               copy(l, from, to - from > 40 ? from + 40 : to));
    return 1;
}

static const struct {
    const char *name;
    chr_unit unit;
    double times, parts;
} units[] = {
    {"hz",  CHR_UNIT_HZ,   1,    1   },
    {"khz", CHR_UNIT_HZ,   1000, 1   },
    {"s",   CHR_UNIT_S,    1,    1   },
    {"ms",  CHR_UNIT_S,    1,    1000},
    {"db",  CHR_UNIT_DB,   1,    1   },
    {"st",  CHR_UNIT_ST,   1,    1   },
    {"ct",  CHR_UNIT_CENT, 1,    1   },
    {"bpm", CHR_UNIT_BPM,  1,    1   },
    {"deg", CHR_UNIT_DEG,  1,    1   },
    {"k",   CHR_UNIT_NONE, 1000, 1   },
};

static bool same_word(const char *text, size_t n, const char *word) {
    if (strlen(word) != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if ((text[i] | 0x20) != word[i])
            return false;
    return true;
}

static void report_unit(chr_lexer *l, const char *from, const char *suffix) {
    l->n_errors++;
    const char *word = copy(l, suffix, l->at), *digits = copy(l, from, suffix);
    chr_report(l->diags, CHR_E108, chr_lex_span(l, suffix, l->at), word, copy(l, from, l->at));
    static const char *const lengths[] = {"beat", "beats", "bar", "bars"};
    for (size_t i = 0; i < 4; i++) {
        if (same_word(word, strlen(word), lengths[i])) {
            chr_suggest(l->diags, "with a blank: %.40s %.10s", digits, word);
            return;
        }
    }
    static const char *const names[] = {"Hz", "kHz", "ms", "dB", "bpm", "deg"};
    const char *near = same_word(word, strlen(word), "sec") ? "s" : chr_nearest(word, names, 6);
    if (near != NULL)
        chr_suggest(l->diags, "did you mean %.40s%s?", digits, near);
}

static bool take_number(chr_lexer *l, const char *from, chr_token *t) {
    const char *suffix = l->at;
    double value = checked_value(l, from, suffix);
    chr_unit unit = CHR_UNIT_NONE;
    if (*suffix == '.' && is_digit(suffix[1])) {
        while (l->at < l->limit && (is_word(*l->at) || (*l->at == '.' && l->at[1] != '.')))
            l->at++;
        l->n_errors++;
        chr_report(l->diags, CHR_E110, chr_lex_span(l, from, l->at), copy(l, from, l->at));
    } else if (*suffix == '%') {
        l->at++;
        unit = CHR_UNIT_PERCENT;
    } else if (is_word(*suffix)) {
        while (l->at < l->limit && is_word(*l->at))
            l->at++;
        size_t n = (size_t)(l->at - suffix), i = 0;
        while (i < sizeof units / sizeof units[0] && !same_word(suffix, n, units[i].name))
            i++;
        if (i < sizeof units / sizeof units[0]) {
            unit = units[i].unit;
            value = value * units[i].times / units[i].parts;
        } else {
            report_unit(l, from, suffix);
        }
    }
    *t = chr_lex_token(l, CHR_T_NUMBER, from, l->at);
    t->number = value;
    t->unit = (uint8_t)unit;
    return true;
}

/* Two whole numbers and a stroke are a fraction where a value begins; behind a value they divide.
 */
static bool take_fraction(chr_lexer *l, const char *from, chr_token *t) {
    int before = l->last.type;
    bool begins = l->blank || before == CHR_T_EQUAL || before == CHR_T_LPAREN ||
                  before == CHR_T_CALL || before == CHR_T_LSQUARE || before == CHR_T_COMMA ||
                  before == CHR_T_COLON || before == CHR_T_DOTS;
    const char *stroke = memchr(from, '/', (size_t)(l->at - from));
    char next = *l->at;
    if (!begins || next == '^' || next == '%' || is_word(next) ||
        (next == '.' && is_digit(l->at[1]))) {
        l->at = stroke;
        return take_number(l, from, t);
    }
    double above = checked_value(l, from, stroke), below = checked_value(l, stroke + 1, l->at);
    if (below == 0) {
        l->n_errors++;
        chr_report(l->diags, CHR_E111, chr_lex_span(l, from, l->at), copy(l, from, l->at));
        below = 1;
    }
    *t = chr_lex_token(l, CHR_T_FRACTION, from, l->at);
    t->number = above / below;
    t->unit = CHR_UNIT_WHOLES;
    return true;
}

/* ---- notes and strings ---- */

static bool take_note(chr_lexer *l, const char *from, chr_token *t) {
    static const int semitones[] = {9, 11, 0, 2, 4, 5, 7}; /* of A to G above C */
    const char *octave = from + 1;
    int note = semitones[*from - 'A'];
    if (*octave == '#' || *octave == 'b') {
        note += *octave == '#' ? 1 : -1;
        octave++;
    }
    bool goes_on = is_word(*l->at) || (*l->at == '.' && is_digit(l->at[1]));
    if (goes_on && *octave == '-' && from[1] != '#') { /* C-12 subtracts */
        l->at = octave;
        *t = chr_lex_token(l, CHR_T_NAME, from, l->at);
        return true;
    }
    if (goes_on) {
        while (l->at < l->limit && is_word(*l->at))
            l->at++;
        l->n_errors++;
        chr_report(l->diags, CHR_E115, chr_lex_span(l, from, l->at), copy(l, from, l->at));
    }
    *t = chr_lex_token(l, CHR_T_NOTE, from, l->at);
    t->number = note + 12 * (*octave == '-' ? 0 : *octave - '0' + 1);
    return true;
}

static bool take_string(chr_lexer *l, const char *from, chr_token *t) {
    bool escape_told = false;
    while (l->at < l->limit && *l->at != '"' && *l->at != '\n') {
        if (*l->at == '\\' && l->at + 1 < l->limit && l->at[1] != '\n') {
            const char *escape = l->at++;
            if (strchr("\"\\nt", *l->at) == NULL || *l->at == 0) {
                int n = chr_utf8_length(l->at, l->limit, NULL);
                l->n_errors++;
                if (!escape_told && n > 0)
                    chr_report(l->diags, CHR_E107, chr_lex_span(l, escape, l->at + n),
                               copy(l, l->at, l->at + n));
                escape_told = true;
            }
        }
        l->at++;
    }
    check_bytes(l, from + 1, l->at);
    if (l->at < l->limit && *l->at == '"') {
        l->at++;
    } else {
        l->n_errors++;
        chr_report(l->diags, CHR_E106, chr_lex_span(l, from, from + 1));
    }
    *t = chr_lex_token(l, CHR_T_STRING, from, l->at);
    return true;
}

bool chr_lex_text(chr_lexer *l, chr_scan found, const char *from, chr_token *t) {
    switch (found) {
    case CHR_SCAN_NOTE:
        return take_note(l, from, t);
    case CHR_SCAN_NUMBER:
        return take_number(l, from, t);
    case CHR_SCAN_FRACTION:
        return take_fraction(l, from, t);
    case CHR_SCAN_QUOTE:
        return take_string(l, from, t);
    default:
        return take_other(l, from, t);
    }
}
