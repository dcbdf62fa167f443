/* runtime/cli/typing.c: a terminal or a pipe, as lines. What readline does is in editing.c.
 * SPDX-License-Identifier: MIT */
#include "runtime/cli/typing.h"

#include "runtime/cli/editing.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define PROMPT "chronus> "
#define PROMPT_MORE "     ... "

/* The terminal's own editing. On Ctrl-C it would throw away what was typed before anybody can see
 * whether there was something. */
static void keep_on_interrupt(bool keep) {
    struct termios about;
    if (tcgetattr(STDIN_FILENO, &about) != 0)
        return;
    about.c_lflag = keep ? about.c_lflag | NOFLSH : about.c_lflag & ~(tcflag_t)NOFLSH;
    tcsetattr(STDIN_FILENO, TCSANOW, &about);
}

/* Throws away what stands in the terminal's line, which only one without lines gives out. True if
 * there was something. */
static bool flush_line(void) {
    struct termios about, bare;
    int n = 0;
    if (tcgetattr(STDIN_FILENO, &about) != 0)
        return false;
    bare = about;
    bare.c_lflag &= ~(tcflag_t)ICANON;
    tcsetattr(STDIN_FILENO, TCSANOW, &bare);
    ioctl(STDIN_FILENO, FIONREAD, &n);
    tcflush(STDIN_FILENO, TCIFLUSH);
    tcsetattr(STDIN_FILENO, TCSANOW, &about);
    return n > 0;
}

void chr_typing_begin(chr_typing *t, const chr_typing_options *options) {
    *t = (chr_typing){.options = *options};
    t->terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    t->editing = t->terminal && !options->plain && chr_editing_begin(t, PROMPT);
    if (!t->editing)
        chr_typing_prompt(t, false);
    if (t->terminal && !t->editing)
        keep_on_interrupt(true);
}

void chr_typing_prompt(chr_typing *t, bool more) {
    const char *prompt = more ? PROMPT_MORE : PROMPT;
    if (t->editing) {
        chr_editing_prompt(prompt);
    } else if (t->terminal && !t->options.plain) {
        fputs(prompt, stdout);
        fflush(stdout);
    }
}

bool chr_typing_has_line(const chr_typing *t) {
    return t->n > t->from && memchr(t->buffer + t->from, '\n', t->n - t->from);
}

/* Hands on the whole lines of the buffer; at the end of the input also what follows the last line
 * end. */
static void hand_on(chr_typing *t) {
    while (!t->stopped && t->from < t->n) {
        const char *line = t->buffer + t->from;
        const char *end = memchr(line, '\n', t->n - t->from);
        if (!end && !t->ended)
            break;
        size_t len = end ? (size_t)(end - line) : t->n - t->from;
        t->from += end ? len + 1 : len;
        t->options.on_line(t->options.context, line, len);
    }
    if (t->from > 0) {
        t->n -= t->from;
        memmove(t->buffer, t->buffer + t->from, t->n);
        t->from = 0;
    }
}

static bool read_some(chr_typing *t) {
    if (t->n + 4096 > t->room) {
        size_t room = t->room ? t->room * 2 : 65536;
        char *more = realloc(t->buffer, room);
        if (!more)
            return false;
        t->buffer = more;
        t->room = room;
    }
    ssize_t got = read(STDIN_FILENO, t->buffer + t->n, t->room - t->n);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return true;
    if (got <= 0)
        t->ended = true;
    else
        t->n += (size_t)got;
    return true;
}

bool chr_typing_wait(chr_typing *t, int ms) {
    if (t->editing && !t->ended) {
        chr_editing_wait(t, ms);
        return true;
    }
    struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
    if (poll(&p, t->ended ? 0 : 1, ms) <= 0 || t->ended)
        return true;
    if (!read_some(t))
        return false;
    hand_on(t);
    if (t->ended)
        t->options.on_line(t->options.context, NULL, 0);
    return true;
}

void chr_typing_clear(chr_typing *t) {
    if (t->editing)
        chr_editing_clear();
}

bool chr_typing_discard(chr_typing *t) {
    if (t->editing)
        return chr_editing_discard(t);
    bool something = flush_line() || t->n > 0;
    t->n = 0;
    putchar('\n');
    return something;
}

void chr_typing_status(chr_typing *t, const char *text) {
    if (t->options.status && t->rows.n > 0)
        chr_rows_show(&t->rows, t->rows.n - 1, text);
}

void chr_typing_end(chr_typing *t) {
    if (t->editing)
        chr_editing_end(t);
    else if (t->terminal)
        keep_on_interrupt(false);
    free(t->buffer);
    t->buffer = NULL;
}
