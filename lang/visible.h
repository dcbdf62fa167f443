/* lang/visible.h: text as a terminal may see it: control characters, invisible ones and bytes that
 * are no UTF-8 are written out (\x1b, \u202e, \xff), so that no script can move the cursor or
 * reverse a line. SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_VISIBLE_H
#define CHR_LANG_VISIBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Writes into a buffer of fixed size; what does not fit is dropped in whole characters. The text
 * always ends in NUL. */
typedef struct chr_visible {
    char *text;
    size_t size, used;
} chr_visible;

void chr_visible_init(chr_visible *v, char *buffer, size_t size);
/* Text of our own, taken as it is. */
void chr_visible_plain(chr_visible *v, const char *text, size_t n);
/* Foreign text; after `most` characters it is cut, and an ellipsis says so. */
void chr_visible_text(chr_visible *v, const char *text, size_t n, size_t most);

enum { CHR_VISIBLE_MAX = 12 }; /* bytes that one character becomes at most, with the NUL */

/* Writes the character at `p` (before `end`) as it is shown. Returns the bytes read, *columns its
 * width. A tab is a blank. */
int chr_visible_character(const char *p, const char *end, char out[CHR_VISIBLE_MAX], int *columns);

/* A string as the language and Graphviz write it: in quotes, with \" and \\. */
void chr_print_quoted(FILE *to, const char *text);

/* A JSON string of `n` bytes, in quotes. Line ends and tabs are kept; what else a terminal may not
 * see is written out as above, so that the result is plain UTF-8. */
void chr_print_json(FILE *to, const char *text, size_t n);

#endif
