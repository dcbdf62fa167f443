/* runtime/cli/rows.c: rows at the bottom of the terminal that do not scroll.
 * SPDX-License-Identifier: MIT */
#include "runtime/cli/rows.h"

#include "lang/source.h"
#include "runtime/cli/cli.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { LEAST_HEIGHT = 6, LEAST_WIDTH = 20 };

/* The region is all rows again; the cursor, which that moves home, goes to the last row. */
const char chr_rows_farewell[] = "\x1b[r\x1b[999;1H\x1b[K\n";

/* Everything that belongs together is one write, so that no other output comes between. */
typedef struct script {
    char text[2 * CHR_ROW_TEXT + 256];
    size_t n;
} script;

static void put(script *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(script *s, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int n = vsnprintf(s->text + s->n, sizeof s->text - s->n, format, args);
    va_end(args);
    if (n > 0 && s->n + (size_t)n < sizeof s->text)
        s->n += (size_t)n;
}

static void send(const script *s) {
    fflush(stdout); /* what was printed before comes before */
    for (size_t sent = 0; sent < s->n;) {
        ssize_t n = write(STDOUT_FILENO, s->text + sent, s->n - sent);
        if (n <= 0)
            return;
        sent += (size_t)n;
    }
}

bool chr_rows_possible(void) {
    static const char *const dumb[] = {"", "dumb", "emacs", "unknown", "network"};
    const char *term = getenv("TERM");
    if (!term || !isatty(STDOUT_FILENO))
        return false;
    for (size_t i = 0; i < sizeof dumb / sizeof dumb[0]; i++)
        if (strcmp(term, dumb[i]) == 0)
            return false;
    return true;
}

static void measure(chr_rows *r) {
    struct winsize size = {0};
    bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
    r->height = known && size.ws_row > 0 ? size.ws_row : 24;
    r->width = known && size.ws_col > 0 ? size.ws_col : 80;
}

static bool fits(const chr_rows *r) {
    return r->n > 0 && r->height >= LEAST_HEIGHT && r->width >= LEAST_WIDTH;
}

/* Makes sure that the cursor is above the rows, by scrolling if need be, and closes the region.
 * ESC D goes down a row and scrolls at the last one; ESC 7 and ESC 8 keep and restore the cursor,
 * which setting a region moves. */
static void take_rows(chr_rows *r, script *s) {
    if (!fits(r))
        return;
    for (int i = 0; i < r->n; i++)
        put(s, "\x1b\x44");
    put(s, "\x1b[%dA\x1b\x37\x1b[1;%dr\x1b\x38", r->n, r->height - r->n);
}

/* Bytes of `text` that fill at most `columns`. */
static int cut(const char *text, int columns) {
    const char *end = text + strlen(text), *p = text;
    for (; p < end && columns > 0; columns--) {
        int n = chr_utf8_length(p, end, NULL);
        p += n > 0 ? n : 1;
    }
    return (int)(p - text);
}

/* Counted from the bottom, wherever that is: tmux tells of a new size only a quarter of a second
 * after it has it. For the same reason nothing is wrapped (ESC [?7l). */
static void put_row(const chr_rows *r, int row, script *s) {
    const char *text = r->text[row];
    bool bright = r->colour && row == r->n - 1 && *text;
    put(s, "\x1b[?7l\x1b[9999;1H");
    for (int i = row; i < r->n - 1; i++)
        put(s, "\x1b[A");
    put(s, "%s%.*s%s\x1b[K\x1b[?7h", bright ? "\x1b[7m" : "", cut(text, r->width - 1), text,
        bright ? "\x1b[0m" : "");
}

void chr_rows_begin(chr_rows *r, int n) {
    *r = (chr_rows){.n = n < CHR_ROWS_MAX ? n : CHR_ROWS_MAX, .colour = chr_show_colour(stdout)};
    measure(r);
    script s = {.n = 0};
    take_rows(r, &s);
    send(&s);
}

void chr_rows_redraw(chr_rows *r) {
    if (!fits(r))
        return;
    script s = {.n = 0};
    put(&s, "\x1b\x37");
    for (int i = 0; i < r->n; i++)
        put_row(r, i, &s);
    put(&s, "\x1b\x38");
    send(&s);
}

void chr_rows_show(chr_rows *r, int row, const char *text) {
    if (row >= r->n || strncmp(r->text[row], text, CHR_ROW_TEXT - 1) == 0)
        return;
    snprintf(r->text[row], CHR_ROW_TEXT, "%s", text);
    if (!fits(r))
        return;
    script s = {.n = 0};
    put(&s, "\x1b\x37");
    put_row(r, row, &s);
    put(&s, "\x1b\x38");
    send(&s);
}

void chr_rows_resize(chr_rows *r) {
    if (r->n == 0)
        return;
    /* The old rows are somewhere below the cursor, wherever the terminal has moved both. */
    script s = {.n = 0};
    put(&s, "\x1b\x37\x1b[r\x1b\x38\x1b[J");
    measure(r);
    take_rows(r, &s);
    send(&s);
}

void chr_rows_end(chr_rows *r) {
    if (r->n == 0)
        return;
    script s = {.n = 0};
    put(&s, "\x1b\x37\x1b[r\x1b\x38\x1b[J");
    send(&s);
    r->n = 0;
}
