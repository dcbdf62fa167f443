/* lang/token.h: the words of the language and where they are cut: text -> tokens.
 *
 * lexer.re (re2c) knows what a number, a name or a step looks like; lex.c knows where a statement
 * ends, what stands in brackets and where pattern text begins. The lexer alone decides what `>`,
 * `|`, `,`, `(`, `-` are, so the grammar needs one token of lookahead. Keywords leave the lexer as
 * names: whether one can stand at its place, the grammar knows. SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_TOKEN_H
#define CHR_LANG_TOKEN_H

#include "lang/ast.h"
#include "lang/grammar.h" /* by Lemon: CHR_T_NAME, CHR_T_END, … */

#include <stdbool.h>
#include <stdint.h>

typedef struct chr_token {
    double
        number; /* NUMBER, FRACTION, MOD (-1: none); NOTE: MIDI number; END: bodies that are open */
    uint32_t from, to; /* bytes of the source */
    uint8_t type;      /* CHR_T_…; 0 is the end of the text */
    uint8_t unit;      /* chr_unit of a NUMBER */
    bool blank_before;
} chr_token;

/* ---- lexer.re: what stands at a place, without regard to what is around it ---- */

typedef enum chr_scan {
    CHR_SCAN_TEXT_END,
    CHR_SCAN_BLANK,
    CHR_SCAN_LINE_END,
    CHR_SCAN_HASH,
    CHR_SCAN_NAME,
    CHR_SCAN_PATH,
    CHR_SCAN_NOTE,
    CHR_SCAN_NUMBER, /* digits, point, exponent; a unit is not part of it */
    CHR_SCAN_FRACTION,
    CHR_SCAN_QUOTE, /* the opening quote alone */
    CHR_SCAN_DOTS,
    CHR_SCAN_EQUAL,
    CHR_SCAN_SAME,       /* == */
    CHR_SCAN_SIGN,       /* one of the characters ( ) [ ] { } > , : | + - * / % ^ ; */
    CHR_SCAN_STEP,       /* pattern text: a character of a grid or a word of a melody */
    CHR_SCAN_MOD,        /* * ! @ ? ~ ^ with the number that belongs to it */
    CHR_SCAN_EUCLID,     /* (3,8) or (3,8,2) */
    CHR_SCAN_EUCLID_BAD, /* ( and something like a number and a comma */
    CHR_SCAN_OTHER       /* one byte of anything else */
} chr_scan;

/* The scanners read from `*at` to `limit`, where a NUL byte must follow, and move `*at` behind what
 * they found. */
chr_scan chr_scan_plain(const char **at, const char *limit);
chr_scan chr_scan_grid(const char **at, const char *limit);
chr_scan chr_scan_values(const char **at, const char *limit);
chr_scan chr_scan_melody(const char **at, const char *limit);

/* ---- words.c ---- */

/* What a word at the beginning of a statement is. */
typedef enum chr_first_word {
    CHR_FIRST_OTHER, /* not the first word of any statement */
    CHR_FIRST_STATEMENT,
    CHR_FIRST_WHEN,  /* at every after in now next force diff */
    CHR_FIRST_CHAIN, /* patch bus automate section: the text may go on, indented, after the colon */
    CHR_FIRST_SEQUENCE,
    CHR_FIRST_MELODY,
    CHR_FIRST_VALUES,
    CHR_FIRST_MODULE
} chr_first_word;
chr_first_word chr_first_word_of(const char *text, size_t n);
/* Of a statement that ends in the steps of a pattern. */
static inline bool chr_first_of_steps(int first) {
    return first == CHR_FIRST_SEQUENCE || first == CHR_FIRST_MELODY || first == CHR_FIRST_VALUES;
}

/* ---- lex.c: the tokens of a source, one after the other ---- */

typedef enum chr_bracket {
    CHR_BRACKET_ROUND,
    CHR_BRACKET_SQUARE,
    CHR_BRACKET_CURLY,   /* one that cannot stand where it does */
    CHR_BRACKET_BODY,    /* { } of a module or block: lines inside are statements */
    CHR_BRACKET_LOCK,    /* { } after a step */
    CHR_BRACKET_P_ROUND, /* in pattern text */
    CHR_BRACKET_P_SQUARE,
    CHR_BRACKET_P_ANGLE
} chr_bracket;

typedef struct chr_open_bracket {
    uint32_t from;      /* of the opening bracket */
    uint8_t kind;       /* chr_bracket */
    uint8_t mode;       /* outside it */
    uint8_t first_word; /* of the statement that a body belongs to */
    uint32_t column;    /* where that statement's line begins */
} chr_open_bracket;

typedef struct chr_lexer {
    const chr_source *source;
    chr_diags *diags;
    char *text; /* the source's own copy with a NUL byte behind it */
    const char *at, *limit;
    void *locale;        /* numbers are read with a decimal point everywhere */
    int mode;            /* plain, grid, melody or values */
    int first_word;      /* kind of the first word of the statement */
    bool at_first;       /* the next token is the first of a statement */
    bool colon_seen;     /* of a sequence, melody or values */
    uint32_t column;     /* blanks before the line that the statement began on */
    bool blank;          /* a blank was passed before the token to come */
    bool incomplete;     /* the text ended where more must follow */
    int closing;         /* bodies still to be closed by force, -1: none are */
    bool unclosed_told;  /* the first of them has been reported */
    bool closing_end;    /* an END comes first */
    bool stray_brace;    /* a body was closed by force: its brace may still follow */
    int n_errors_before; /* n_errors at the last END */
    int n_errors;        /* reported so far */
    uint32_t reported;   /* kinds of error already reported in this statement */
    int n_open, n_extra; /* brackets; and those beyond the limit */
    int base;            /* brackets open where the statement began */
    chr_open_bracket open[CHR_NESTING_MAX];
    chr_token last; /* the token delivered last */
} chr_lexer;

/* False when memory is out or the text is too long (reported). chr_lexer_free either way. */
bool chr_lexer_init(chr_lexer *l, const chr_source *source, chr_diags *diags);
void chr_lexer_free(chr_lexer *l);
/* Every statement, also an empty text, ends in END; after the last one the type is 0. */
chr_token chr_lexer_next(chr_lexer *l);

/* The name of a type in dumps and in sentences: "NAME", and "a name" or "`>`". */
const char *chr_token_name(int type);
const char *chr_token_words(int type);
/* An operator between two values, with or without blanks round it. */
bool chr_token_is_operator(int type);
/* After E201, for `kick: x...`: what a name with a colon may have been meant for. */
void chr_suggest_statements(chr_diags *d, const char *name);

#endif
