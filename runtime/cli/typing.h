/* runtime/cli/typing.h: lines as they are typed, on a terminal (with readline where it was built
 * in) or into a pipe. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_TYPING_H
#define CHR_RUNTIME_TYPING_H

#include "runtime/cli/complete.h"
#include "runtime/cli/rows.h"

#include <stdbool.h>
#include <stddef.h>

/* Called with each line, without its line end; what was pasted in one piece is one line, with line
 * ends inside. NULL: there are no more. */
typedef void chr_typing_line(void *context, const char *line, size_t len);

typedef struct chr_typing_options {
    chr_typing_line *on_line;
    void *context;
    bool plain;               /* whole lines: no prompt, no editing, no cursor movement */
    bool status, hints;       /* a row at the bottom of the terminal for each, where it can */
    const chr_helper *helper; /* completion and hints; it may change meanwhile */
} chr_typing_options;

typedef struct chr_typing {
    chr_typing_options options;
    bool terminal; /* somebody types */
    bool editing;  /* by readline */
    bool ended;    /* no more lines */
    bool in_line;  /* within on_line: the terminal is ours */
    bool dirty;    /* something was printed over the prompt */
    bool stopped;  /* set by the owner: lines that were read already are not handed on */
    char *buffer;  /* bytes from..n-1 were read and are no whole line yet */
    size_t from, n, room;
    chr_rows rows;
} chr_typing;

void chr_typing_begin(chr_typing *t, const chr_typing_options *options);
/* Waits up to `ms` for something typed, and hands on what are whole lines. False: memory is out. */
bool chr_typing_wait(chr_typing *t, int ms);
/* True if another whole line has been read already. */
bool chr_typing_has_line(const chr_typing *t);
/* Shows the prompt; `more`: the statement goes on. */
void chr_typing_prompt(chr_typing *t, bool more);
/* Before something is printed: takes the line that is being typed away; the next wait brings it
 * back. */
void chr_typing_clear(chr_typing *t);
/* Ctrl-C: throws away what has been typed of this line. True if there was something. */
bool chr_typing_discard(chr_typing *t);
/* Shows the status line, where there is a row for it. */
void chr_typing_status(chr_typing *t, const char *text);
void chr_typing_end(chr_typing *t);

#endif
