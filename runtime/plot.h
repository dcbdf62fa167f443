/* runtime/plot.h: drawings made of braille signs, for a terminal. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_PLOT_H
#define CHR_RUNTIME_PLOT_H

#include <stdbool.h>
#include <stdio.h>

enum { CHR_PLOT_COLUMNS = 160, CHR_PLOT_ROWS = 24 }; /* the largest, in signs */

/* A sheet of dots: a sign holds two across and four down. Dot 0, 0 is at the top left. */
typedef struct chr_plot {
    int width, height; /* dots */
    unsigned char cells[CHR_PLOT_ROWS][CHR_PLOT_COLUMNS];
} chr_plot;

/* How many signs a drawing has that stands right of a margin, in lines of so many columns; 0: too
 * few to see anything. */
int chr_plot_signs(int columns, int margin);
/* An empty sheet of so many signs; sizes beyond the largest are cut down to it. */
void chr_plot_clear(chr_plot *p, int columns, int rows);
/* Outside the sheet: nothing happens. */
void chr_plot_dot(chr_plot *p, int x, int y);
/* All dots of a column between two heights, both counted. */
void chr_plot_rise(chr_plot *p, int x, int y0, int y1);
/* One row of signs as UTF-8, without a line end; blank signs at its end are left out. */
void chr_plot_print_row(const chr_plot *p, int row, FILE *to);

#endif
