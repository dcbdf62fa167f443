/* runtime/cli/rows.h: rows at the bottom of the terminal that do not scroll with the rest: for the
 * status line and the hint. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_ROWS_H
#define CHR_RUNTIME_ROWS_H

#include <stdbool.h>

enum { CHR_ROWS_MAX = 2, CHR_ROW_TEXT = 512 };

/* What scrolls is kept out of the rows by the terminal's own scroll region, so nothing that is
 * printed or typed needs to know of them. */
typedef struct chr_rows {
    int n;             /* rows kept; 0: none, every call does nothing */
    int height, width; /* of the terminal */
    bool colour;
    char text[CHR_ROWS_MAX][CHR_ROW_TEXT]; /* what each shows */
} chr_rows;

/* True where the terminal on standard output can move its cursor (TERM is not dumb or unknown). */
bool chr_rows_possible(void);
/* Takes the last `n` rows; none where the terminal is too small for them. */
void chr_rows_begin(chr_rows *r, int n);
/* Shows a text in a row, 0 the upper one; what is too long for the terminal is cut. Nothing is
 * written where it stands there already. */
void chr_rows_show(chr_rows *r, int row, const char *text);
/* The terminal has another size: to be called before anything else is written. */
void chr_rows_resize(chr_rows *r);
/* Writes everything anew: after the screen was cleared. */
void chr_rows_redraw(chr_rows *r);
/* Gives the rows back, empty. */
void chr_rows_end(chr_rows *r);

/* What gives the whole screen back, for a signal handler that ends the program: bytes to be written
 * as they are. */
extern const char chr_rows_farewell[];

#endif
