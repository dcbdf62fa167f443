/* runtime/wrap.c: long lines broken between words.
 * SPDX-License-Identifier: MIT */
#include "runtime/wrap.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { PROSE = 100 }; /* columns that an eye finds the next line in */

/* A sequence of the terminal (colour) takes no column. */
static size_t skip_colour(const char *text, size_t len) {
    size_t n = 2;
    if (len < 3 || text[0] != '\x1b' || text[1] != '[')
        return 0;
    while (n < len && (unsigned char)text[n] < 0x40)
        n++;
    return n < len ? n + 1 : 0;
}

static int columns_of(const char *text, size_t len) {
    int n = 0;
    for (size_t i = 0; i < len; i++) {
        size_t skip = skip_colour(text + i, len - i);
        if (skip)
            i += skip - 1;
        else
            n += (text[i] & 0xc0) != 0x80;
    }
    return n;
}

/* Lines of boxes and braille signs (U+2500 to U+28FF), and the `|` of a marked place. */
static bool is_drawn(const char *text, size_t len) {
    for (size_t i = 0; i + 1 < len; i++)
        if ((unsigned char)text[i] == 0xe2 && (unsigned char)text[i + 1] >= 0x94 &&
            (unsigned char)text[i + 1] <= 0xa3)
            return true;
    size_t n = 0;
    while (n < len && strchr(" 0123456789", text[n]))
        n++;
    return n > 0 && n < len && text[n] == '|';
}

/* Sentences end with a sign; statements and tables hardly do. */
static bool is_prose(const char *text, size_t len) {
    return len > 0 && strchr(".:!?", text[len - 1]) != NULL;
}

/* Where a line goes on: below the last column of a table that leaves room for text, below what
 * stands behind "- ", or under its own beginning. */
static int hanging(const char *text, size_t len, int columns) {
    size_t first = 0;
    while (first < len && text[first] == ' ')
        first++;
    int hang = is_prose(text, len) || (first > 0 && first < 4) ? (int)first : (int)first + 2;
    if (first + 1 < len && text[first] == '-' && text[first + 1] == ' ')
        hang = (int)first + 2;
    const char *colon = memchr(text, ':', len), *blank = memchr(text, ' ', len);
    if (first == 0 && colon && blank == colon + 1)
        hang = 2; /* "word: what it is" */
    for (size_t i = first; i + 2 < len; i++)
        if (text[i] != ' ' && text[i + 1] == ' ' && text[i + 2] == ' ') {
            size_t next = i + 1;
            while (next < len && text[next] == ' ')
                next++;
            int column = columns_of(text, next);
            if (next < len)
                hang = column * 5 <= columns * 3 ? column
                       : hang > (int)first       ? hang
                                                 : (int)first + 4;
        }
    return hang * 2 > columns ? 2 : hang;
}

/* Up to the next blank, or behind a `|`: choices are broken between them. */
static size_t word_length(const char *text, size_t len) {
    size_t n = 0;
    while (n < len && text[n] != ' ' && !(n > 0 && text[n - 1] == '|'))
        n++;
    return n;
}

static void print_line(const char *text, size_t len, int columns, FILE *to) {
    int column = 0;
    size_t margin = strspn(text, " ");
    if ((int)margin * 2 > columns) { /* a table that is wider than the terminal */
        column = fprintf(to, "%*s", columns / 3, "");
        text += margin;
        len -= margin;
    }
    int hang = column > 0 ? column : hanging(text, len, columns);
    bool fresh = true; /* nothing but blanks stands in this line */
    for (size_t i = 0; i < len;) {
        size_t blanks = 0;
        while (i + blanks < len && text[i + blanks] == ' ')
            blanks++;
        size_t word = word_length(text + i + blanks, len - i - blanks);
        int width = columns_of(text + i + blanks, word);
        if (!fresh && column + (int)blanks + width > columns) {
            fprintf(to, "\n%*s", hang, "");
            column = hang;
            blanks = 0;
            while (text[i] == ' ')
                i++;
        }
        fwrite(text + i, 1, blanks + word, to);
        column += (int)blanks + width;
        fresh = fresh && word == 0;
        i += blanks + word;
    }
}

void chr_wrap(const char *text, int columns, FILE *to) {
    while (*text) {
        size_t len = strcspn(text, "\n");
        int wide = columns_of(text, len);
        int most = columns > PROSE && is_prose(text, len) ? PROSE : columns;
        if (columns <= 0 || wide <= most || is_drawn(text, len))
            fwrite(text, 1, len, to);
        else
            print_line(text, len, most, to);
        fputc('\n', to);
        text += len + (text[len] == '\n');
    }
}
