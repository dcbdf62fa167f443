/* lang/lines.h: lines that come one by one, as evaluations: when is one whole?
 * [control] throughout. SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_LINES_H
#define CHR_LANG_LINES_H

#include <stdbool.h>
#include <stddef.h>

enum { CHR_LINES_MAX = 1 << 20 }; /* bytes; what is longer has a bracket that was never closed */

/* All zeros: empty. */
typedef struct chr_lines {
    char *text; /* the lines so far, each with its end; malloc'd */
    size_t len, room;
    bool indented; /* indented lines go on with it, as its first one ended in a colon */
    bool enclosed; /* it began with `:{` and ends with `:}` */
} chr_lines;

typedef enum chr_lines_state {
    CHR_LINES_OPEN,  /* more must come */
    CHR_LINES_WHOLE, /* evaluate it, then clear it */
    CHR_LINES_ENDED, /* the line was not taken, since it begins something new: evaluate, clear, and
                        add it again */
    CHR_LINES_NO_MEMORY
} chr_lines_state;

/* A line without its end, which may have others inside. A block is open while a bracket is, after a
 * `>` or an operator at the end, and from `:{` to `:}`; an empty line ends it, save the last kind.
 * After a line that ends in a colon it goes on while lines are indented. */
chr_lines_state chr_lines_add(chr_lines *b, const char *line, size_t len);
/* Is there nothing in it but blanks? */
bool chr_lines_are_blank(const chr_lines *b);
/* Has something begun that is not whole yet? */
bool chr_lines_are_open(const chr_lines *b);
void chr_lines_clear(chr_lines *b);
void chr_lines_free(chr_lines *b);

#endif
