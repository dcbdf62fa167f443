/* runtime/plot.c: braille signs, eight dots each (Unicode block 2800).
 * SPDX-License-Identifier: MIT */
#include "runtime/plot.h"

#include <string.h>

enum { LEAST = 12 };

int chr_plot_signs(int columns, int margin) {
    int signs = columns - margin;
    return signs < LEAST ? 0 : signs > CHR_PLOT_COLUMNS ? CHR_PLOT_COLUMNS : signs;
}

void chr_plot_clear(chr_plot *p, int columns, int rows) {
    columns = columns > CHR_PLOT_COLUMNS ? CHR_PLOT_COLUMNS : columns;
    rows = rows > CHR_PLOT_ROWS ? CHR_PLOT_ROWS : rows;
    *p = (chr_plot){.width = 2 * columns, .height = 4 * rows};
}

void chr_plot_dot(chr_plot *p, int x, int y) {
    /* The numbering of the dots: three down on the left, three down on the right, then the lowest
     * two. */
    static const unsigned char bits[4][2] = {
        {0x01, 0x08},
        {0x02, 0x10},
        {0x04, 0x20},
        {0x40, 0x80}
    };
    if (x >= 0 && x < p->width && y >= 0 && y < p->height)
        p->cells[y / 4][x / 2] |= bits[y % 4][x % 2];
}

void chr_plot_rise(chr_plot *p, int x, int y0, int y1) {
    int from = y0 < y1 ? y0 : y1, to = y0 < y1 ? y1 : y0;
    for (int y = from < 0 ? 0 : from; y <= to && y < p->height; y++)
        chr_plot_dot(p, x, y);
}

void chr_plot_print_row(const chr_plot *p, int row, FILE *to) {
    int n = p->width / 2;
    while (n > 0 && p->cells[row][n - 1] == 0)
        n--;
    for (int i = 0; i < n; i++) {
        unsigned code = 0x2800u + p->cells[row][i];
        const char sign[3] = {(char)(0xe0 | (code >> 12)), (char)(0x80 | ((code >> 6) & 0x3f)),
                              (char)(0x80 | (code & 0x3f))};
        fwrite(sign, 1, sizeof sign, to);
    }
}
