/* runtime/cli/editing.h: a line on a terminal, edited by GNU readline. Where the program was built
 * without it, chr_editing_begin answers false and nothing else is called.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_EDITING_H
#define CHR_RUNTIME_EDITING_H

#include "runtime/cli/typing.h"

/* One at a time: readline has one line. */
bool chr_editing_begin(chr_typing *t, const char *prompt);
void chr_editing_prompt(const char *prompt);
/* Reads what was typed within `ms`. */
void chr_editing_wait(chr_typing *t, int ms);
void chr_editing_clear(void);
bool chr_editing_discard(chr_typing *t);
void chr_editing_end(chr_typing *t);

#endif
