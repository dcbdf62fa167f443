/* lang/source.c: places in a text, as people and editors count them.
 * SPDX-License-Identifier: MIT */
#include "lang/source.h"

int chr_utf8_length(const char *p, const char *end, uint32_t *code) {
    const unsigned char *u = (const unsigned char *)p;
    uint32_t c = u[0];
    int n;
    uint32_t least;
    if (c < 0x80) {
        n = 1;
        least = 0;
    } else if (c >= 0xc2 && c < 0xe0) {
        n = 2;
        c &= 0x1f;
        least = 0x80;
    } else if (c >= 0xe0 && c < 0xf0) {
        n = 3;
        c &= 0x0f;
        least = 0x800;
    } else if (c >= 0xf0 && c < 0xf5) {
        n = 4;
        c &= 0x07;
        least = 0x10000;
    } else {
        return 0;
    }
    if (end - p < n)
        return 0;
    for (int i = 1; i < n; i++) {
        if ((u[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (u[i] & 0x3fu);
    }
    if (c < least || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        return 0;
    if (code != NULL)
        *code = c;
    return n;
}

/* One character on; a byte that is no UTF-8 counts as one character of its own. Returns its bytes.
 */
static uint32_t step(const chr_source *s, uint32_t at, int *utf16) {
    uint32_t code = 0;
    int n = chr_utf8_length(s->text + at, s->text + s->len, &code);
    *utf16 += n == 4 ? 2 : 1;
    return n > 0 ? (uint32_t)n : 1;
}

static int is_line_end(const chr_source *s, uint32_t at) {
    return s->text[at] == '\n' ||
           (s->text[at] == '\r' && at + 1 < s->len && s->text[at + 1] == '\n');
}

chr_place chr_span_place_after(chr_place_cursor *c, chr_span span) {
    const chr_source *s = span.source;
    uint32_t end = (uint32_t)s->len;
    uint32_t from = span.from < end ? span.from : end;
    uint32_t to = span.to < end ? span.to : end;
    if (c->source != s || from < c->at) {
        *c = (chr_place_cursor){s, 0, 0, s->first_line > 0 ? s->first_line : 1, 1, 0};
        /* A byte-order mark is no column of the first line. */
        if (end >= 3 && s->text[0] == '\xef' && s->text[1] == '\xbb' && s->text[2] == '\xbf' &&
            from >= 3)
            c->at = c->line_start = 3;
    }
    while (c->at < from) {
        if (s->text[c->at] == '\n') {
            c->at++;
            c->line++;
            c->line_start = c->at;
            c->column = 1;
            c->utf16 = 0;
            continue;
        }
        uint32_t n = step(s, c->at, &c->utf16);
        c->at += n;
        c->column++;
    }
    chr_place place = {.line = c->line,
                       .column = c->column,
                       .byte = from,
                       .byte_end = to > from ? to : from,
                       .utf16 = c->utf16};
    int utf16_end = c->utf16;
    for (uint32_t at = from; at < to && !is_line_end(s, at);) {
        at += step(s, at, &utf16_end);
        place.length++;
    }
    if (place.length == 0)
        place.length = 1;
    place.utf16_end = utf16_end > place.utf16 ? utf16_end : place.utf16;
    return place;
}

chr_place chr_span_place(chr_span span) {
    chr_place_cursor cursor = {0};
    return chr_span_place_after(&cursor, span);
}
