/* tests/support/rounds.h: what a pattern plays, round by round, as one line.
 *
 * Each note is AT+LENGTH:PITCH with what is special about it: `@0.5` its level, where that is not
 * the usual 0.8, `~` reached by a slide, `g0.5` its gate, `|-1` its place, `^0.01` how many seconds
 * later it comes, `{3}` how many values it brings along. AT counts from the round's beginning.
 * Times are in units: sixteenths for a sequence, beats for a melody; a length of one unit is not
 * written. Of a pattern of values it is AT=VALUE, in beats. Notes are parted by blanks, rounds by `
 * / `; `-` is a round without notes. SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_SUPPORT_ROUNDS_H
#define CHR_TESTS_SUPPORT_ROUNDS_H

#include "lang/ir.h"

/* Rounds first..first+n-1; to be freed. */
char *rounds_of(const chr_ir_pattern *p, bool grid, int64_t first, int n);
/* The last pattern of an IR. NULL where there is none. */
const chr_ir_pattern *last_pattern(const chr_ir *ir);
/* A pattern's statement in a text: does it write a grid? */
bool writes_grid(const char *text);
/* How many rounds a line has. */
int rounds_in(const char *line);

#endif
