/* tests/support/random_line.h: statements such as somebody types who plays, from a seed: patches
 * that change their sound, their shape, their voices and their notes, come and go.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_RANDOM_LINE_H
#define CHR_TESTS_RANDOM_LINE_H

#include <stdint.h>

typedef struct random_lines {
    uint32_t chance;
} random_lines;

enum { RANDOM_LINE = 200 };

/* 0..n-1 */
uint32_t random_of(random_lines *r, uint32_t n);
/* The session to begin with: several lines, the last of them `play`. */
void random_beginning(random_lines *r, char *text, uint32_t room);
/* One statement that changes the session, without a line end: it may stand behind `in 2 beats:`. It
 * may be in vain, and say so, where what it names is not there. */
void random_line(random_lines *r, char text[RANDOM_LINE]);

#endif
