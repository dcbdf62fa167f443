/* runtime/wrap.h: text that fits into a terminal. Pure. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_WRAP_H
#define CHR_RUNTIME_WRAP_H

#include <stdio.h>

/* Writes whole lines; what is longer than `columns` (0: nothing is) goes on in the next line at a
 * blank, below the text that it belongs to. Prose is never wider than is good to read. Drawings,
 * excerpts of a script with a marked place, and words that are too long by themselves are left as
 * they are. */
void chr_wrap(const char *text, int columns, FILE *to);

#endif
