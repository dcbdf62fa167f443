/* lang/lines.c: when lines are a whole evaluation.
 * SPDX-License-Identifier: MIT */
#include "lang/lines.h"

#include "lang/ast.h"

#include <stdlib.h>
#include <string.h>

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool all_blank(const char *text, size_t len) {
    while (len > 0 && is_blank(text[len - 1]))
        len--;
    return len == 0;
}

static bool add(chr_lines *b, const char *line, size_t len) {
    if (b->len + len + 2 > b->room) {
        size_t room = (b->len + len + 2) * 2;
        char *more = realloc(b->text, room);
        if (!more)
            return false;
        b->text = more;
        b->room = room;
    }
    if (len > 0)
        memcpy(b->text + b->len, line, len);
    b->len += len;
    b->text[b->len++] = '\n';
    return true;
}

/* Does its one line end in a colon that waits for an indented block? */
static bool opens_indented(const chr_lines *b) {
    size_t n = b->len;
    while (n > 0 && is_blank(b->text[n - 1]))
        n--;
    return n > 0 && b->text[n - 1] == ':' && !memchr(b->text, '\n', n) &&
           !chr_source_is_complete(b->text, b->len);
}

/* `:{` at the beginning and `:}` at the end of a line: takes the sign away. */
static bool takes_opening(const char **line, size_t *len) {
    size_t n = 0;
    while (n < *len && is_blank((*line)[n]))
        n++;
    if (*len < n + 2 || (*line)[n] != ':' || (*line)[n + 1] != '{')
        return false;
    *line += n + 2;
    *len -= n + 2;
    return true;
}

static bool takes_closing(const char *line, size_t *len) {
    size_t n = *len;
    while (n > 0 && is_blank(line[n - 1]))
        n--;
    if (n < 2 || line[n - 2] != ':' || line[n - 1] != '}')
        return false;
    *len = n - 2;
    return true;
}

chr_lines_state chr_lines_add(chr_lines *b, const char *line, size_t len) {
    bool blank = all_blank(line, len);
    if (b->indented && !blank && !is_blank(*line))
        return CHR_LINES_ENDED;
    bool opening = b->len == 0 && !b->enclosed && takes_opening(&line, &len);
    b->enclosed = b->enclosed || opening;
    bool closing = b->enclosed && takes_closing(line, &len);
    bool sign_alone = (opening || closing) && all_blank(line, len);
    if (!sign_alone && !add(b, line, len))
        return CHR_LINES_NO_MEMORY;
    if (b->len > CHR_LINES_MAX)
        return CHR_LINES_WHOLE;
    if (b->enclosed)
        return closing ? CHR_LINES_WHOLE : CHR_LINES_OPEN;
    b->indented = b->indented || opens_indented(b);
    if (blank)
        return CHR_LINES_WHOLE;
    return !b->indented && chr_source_is_complete(b->text, b->len) ? CHR_LINES_WHOLE
                                                                   : CHR_LINES_OPEN;
}

bool chr_lines_are_blank(const chr_lines *b) {
    return all_blank(b->text, b->len);
}

bool chr_lines_are_open(const chr_lines *b) {
    return b->len > 0 || b->enclosed;
}

void chr_lines_clear(chr_lines *b) {
    b->len = 0;
    b->indented = b->enclosed = false;
}

void chr_lines_free(chr_lines *b) {
    free(b->text);
    *b = (chr_lines){0};
}
