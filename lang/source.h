/* lang/source.h: a text and places in it.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_SOURCE_H
#define CHR_LANG_SOURCE_H

#include <stddef.h>
#include <stdint.h>

/* A piece of text: a script, a typed line, or one statement of either that the session remembers.
 * Immutable. */
typedef struct chr_source {
    const char *name; /* shown before the place: "acid.chr", "typed", "library:kick" */
    const char *text; /* not necessarily NUL-terminated; may hold any bytes */
    size_t len;       /* bytes */
    int first_line;   /* number of its first line in the file that it is part of; 1 for a whole file
                       */
} chr_source;

/* Bytes from..to-1 of a source. */
typedef struct chr_span {
    const chr_source *source;
    uint32_t from, to;
} chr_span;

/* A place as people and editors count it. */
typedef struct chr_place {
    int line;                /* from 1 */
    int column;              /* code points from 1 */
    int length;              /* code points, at least 1, within the line */
    uint32_t byte, byte_end; /* offsets in the source */
    int utf16, utf16_end;    /* UTF-16 units from 0 in the line, for editors */
} chr_place;

chr_place chr_span_place(chr_span span);

/* For many places of one source in ascending order: a cursor goes on from the place before, so that
 * a long text is walked once. Starts as all zeros; a span of another source, or one further back,
 * begins anew. */
typedef struct chr_place_cursor {
    const chr_source *source;
    uint32_t at;         /* bytes walked */
    uint32_t line_start; /* offset of the line that `at` is in */
    int line, column, utf16;
} chr_place_cursor;

chr_place chr_span_place_after(chr_place_cursor *cursor, chr_span span);

/* Bytes of the UTF-8 character at `p`, 1 to 4, before `end`; 0 where it is none (a stray, overlong
 * or cut sequence, a surrogate, beyond U+10FFFF). *code, unless NULL, receives the code point. */
int chr_utf8_length(const char *p, const char *end, uint32_t *code);

#endif
