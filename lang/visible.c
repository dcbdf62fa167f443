/* lang/visible.c: text as a terminal may see it.
 * SPDX-License-Identifier: MIT */
#include "lang/visible.h"
#include "lang/source.h"

#include <stdio.h>
#include <string.h>

void chr_visible_init(chr_visible *v, char *buffer, size_t size) {
    *v = (chr_visible){buffer, size, 0};
    buffer[0] = 0;
}

void chr_visible_plain(chr_visible *v, const char *text, size_t n) {
    if (n >= v->size - v->used)
        return;
    memcpy(v->text + v->used, text, n);
    v->used += n;
    v->text[v->used] = 0;
}

/* Characters that change how others are shown: C1 controls, zero widths, line and paragraph
 * separators, directions. */
static bool is_hidden(uint32_t c) {
    return (c >= 0x80 && c < 0xa0) || c == 0xad || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           (c >= 0xfff9 && c <= 0xfffb) || c >= 0xe0000;
}

int chr_visible_character(const char *p, const char *end, char out[CHR_VISIBLE_MAX], int *columns) {
    uint32_t code = 0;
    int n = chr_utf8_length(p, end, &code);
    if (n == 0) {
        *columns = snprintf(out, CHR_VISIBLE_MAX, "\\x%02x", (unsigned char)*p);
        return 1;
    }
    if (code == '\t') {
        out[0] = ' ';
        out[1] = 0;
        *columns = 1;
    } else if (code < 0x20 || code == 0x7f) {
        *columns = snprintf(out, CHR_VISIBLE_MAX, "\\x%02x", code);
    } else if (is_hidden(code)) {
        *columns = snprintf(out, CHR_VISIBLE_MAX, "\\u%04x", code);
    } else {
        memcpy(out, p, (size_t)n);
        out[n] = 0;
        *columns = 1;
    }
    return n;
}

void chr_visible_text(chr_visible *v, const char *text, size_t n, size_t most) {
    const char *end = text + n;
    size_t shown = 0;
    for (const char *p = text; p < end; shown++) {
        if (shown == most) {
            chr_visible_plain(v, "\xe2\x80\xa6", 3);
            return;
        }
        char out[CHR_VISIBLE_MAX];
        int columns;
        p += chr_visible_character(p, end, out, &columns);
        chr_visible_plain(v, out, strlen(out));
    }
}

void chr_print_quoted(FILE *to, const char *text) {
    fputc('"', to);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', to);
        fputc(*text, to);
    }
    fputc('"', to);
}

void chr_print_json(FILE *to, const char *text, size_t n) {
    const char *end = text + n;
    fputc('"', to);
    while (text < end) {
        char out[CHR_VISIBLE_MAX];
        int columns;
        if (*text == '\n' || *text == '\t') {
            fputs(*text++ == '\n' ? "\\n" : "\\t", to);
            continue;
        }
        text += chr_visible_character(text, end, out, &columns);
        for (const char *o = out; *o; o++) {
            if (*o == '"' || *o == '\\')
                fputc('\\', to);
            fputc(*o, to);
        }
    }
    fputc('"', to);
}
