/* lang/lex.h: what the parts of the lexer share. Inside the lexer only; its face is token.h.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_LEX_H
#define CHR_LANG_LEX_H

#include "lang/token.h"

enum { CHR_MODE_PLAIN, CHR_MODE_GRID, CHR_MODE_MELODY, CHR_MODE_VALUES };

/* Mistakes that are told once in a statement, however often they are made. */
enum {
    CHR_ONCE_UTF8,
    CHR_ONCE_CONTROL,
    CHR_ONCE_QUOTE,
    CHR_ONCE_DASH,
    CHR_ONCE_SPACE,
    CHR_ONCE_SYMBOL,
    CHR_ONCE_OTHER,
    CHR_ONCE_SEMICOLON,
    CHR_ONCE_HASH,
    CHR_ONCE_NESTING,
    CHR_ONCE_STEP,
    CHR_ONCE_COMMA,
    CHR_ONCE_COLON
};

/* Counts an error; true if it is the first of its kind in this statement. */
bool chr_lex_once(chr_lexer *l, int kind);
uint32_t chr_lex_offset(const chr_lexer *l, const char *p);
chr_span chr_lex_span(const chr_lexer *l, const char *from, const char *to);
chr_token chr_lex_token(chr_lexer *l, int type, const char *from, const char *to);

/* ---- lex.c ---- */

void chr_lex_wrong_closer(chr_lexer *l, const char *from);
/* The functions that return bool give true if *t is a token, false if the lexer has only moved on.
 */
bool chr_lex_close_brace(chr_lexer *l, const char *from, chr_token *t);

/* ---- lex_lines.c ---- */

/* False, with an error, beyond the nesting limit. */
bool chr_lex_push(chr_lexer *l, int kind, const char *at);
/* The kind of the bracket opened last in this statement, or -1. */
int chr_lex_innermost(const chr_lexer *l);
int chr_lex_bodies(const chr_lexer *l);
void chr_lex_begin_statement(chr_lexer *l);
/* Ends the statement at hand; brackets that are still open are told. */
chr_token chr_lex_end_statement(chr_lexer *l);
/* The brace that closes the innermost body, written from..to. */
chr_token chr_lex_close_body(chr_lexer *l, const char *from, const char *to);
/* Bodies that were left open are closed one after the other: a brace, an END. */
chr_token chr_lex_force_closed(chr_lexer *l);
/* A line has ended, and the next begins at `next`. */
bool chr_lex_line_end(chr_lexer *l, const char *next, chr_token *t);
/* True if what was read last wants something after it. */
bool chr_lex_wants_more(const chr_lexer *l);
/* Does the name at `at` begin a statement? */
bool chr_lex_begins_statement(const char *at, const char *limit);
/* Is `c` the next character after blanks? (`==` is no `=`.) */
bool chr_lex_is_word(const char *at, const char *limit, char c);

/* ---- lex_text.c ---- */

/* A note, number, fraction, string or stray character that begins at `from`; l->at is behind what
 * the scanner took. */
bool chr_lex_text(chr_lexer *l, chr_scan found, const char *from, chr_token *t);
/* A stray byte that is no part of the language anywhere: control characters, bytes that are no
 * UTF-8, typographic characters. False if it is none of these. */
bool chr_lex_stray(chr_lexer *l, const char *from, chr_token *t, bool *found);
/* Passes over the comment that begins before l->at. */
void chr_lex_comment(chr_lexer *l);
/* Reports what cannot stand in the comments between two places. */
void chr_lex_check_comments(chr_lexer *l, const char *from, const char *to);
/* The number written from..to. */
double chr_lex_value(chr_lexer *l, const char *from, const char *to);

/* ---- lex_pattern.c ---- */

bool chr_lex_pattern(chr_lexer *l, chr_token *t);

#endif
