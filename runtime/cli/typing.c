/* runtime/cli/typing.c: a terminal or a pipe, as lines. Readline's callbacks are used, so that the
 * engine is tended while somebody thinks. SPDX-License-Identifier: MIT */
#include "runtime/cli/typing.h"

#include "runtime/state_folder.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef CHRONUS_HAS_READLINE
#include <locale.h>
#include <readline/history.h>
#include <readline/readline.h>
#endif

#define PROMPT "chronus> "
#define PROMPT_MORE "     ... "

enum { HISTORY_MAX = 1000 };

#ifdef CHRONUS_HAS_READLINE

static chr_typing *typist; /* readline's handler takes no context */

static void on_readline(char *line) {
    chr_typing *t = typist;
    t->in_line = true;
    if (!line) {
        t->ended = true;
        putchar('\n');
        t->on_line(t->context, NULL, 0);
    } else {
        if (*line)
            add_history(line);
        t->on_line(t->context, line, strlen(line));
        free(line);
    }
    t->in_line = false;
}

static void begin_editing(chr_typing *t) {
    setlocale(LC_CTYPE, "");
    typist = t;
    t->editing = true;
    rl_readline_name = "chronus";
    rl_catch_signals = 0;
    char file[CHR_STATE_PATH];
    using_history();
    stifle_history(HISTORY_MAX);
    if (chr_state_folder("history", file))
        read_history(file);
    rl_callback_handler_install(PROMPT, on_readline);
}

static void end_editing(void) {
    rl_callback_handler_remove();
    char file[CHR_STATE_PATH];
    if (chr_state_folder("history", file))
        write_history(file);
    clear_history();
}

#endif

void chr_typing_begin(chr_typing *t, chr_typing_line *on_line, void *context) {
    *t = (chr_typing){.on_line = on_line, .context = context};
    t->terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
#ifdef CHRONUS_HAS_READLINE
    if (t->terminal) {
        begin_editing(t);
        return;
    }
#endif
    chr_typing_prompt(t, false);
}

void chr_typing_prompt(chr_typing *t, bool more) {
    const char *prompt = more ? PROMPT_MORE : PROMPT;
#ifdef CHRONUS_HAS_READLINE
    if (t->editing) {
        rl_set_prompt(prompt);
        return;
    }
#endif
    if (!t->terminal)
        return;
    fputs(prompt, stdout);
    fflush(stdout);
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
        t->on_line(t->context, line, len);
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
#ifdef CHRONUS_HAS_READLINE
    if (t->editing && t->dirty) {
        rl_on_new_line();
        rl_redisplay();
        t->dirty = false;
    }
#endif
    struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
    if (poll(&p, t->ended ? 0 : 1, ms) <= 0 || t->ended)
        return true;
#ifdef CHRONUS_HAS_READLINE
    if (t->editing) {
        rl_callback_read_char();
        return true;
    }
#endif
    if (!read_some(t))
        return false;
    hand_on(t);
    if (t->ended)
        t->on_line(t->context, NULL, 0);
    return true;
}

void chr_typing_clear(chr_typing *t) {
#ifdef CHRONUS_HAS_READLINE
    if (t->editing && !t->in_line && !t->dirty) {
        rl_clear_visible_line();
        t->dirty = true;
    }
#else
    (void)t;
#endif
}

bool chr_typing_discard(chr_typing *t) {
#ifdef CHRONUS_HAS_READLINE
    if (t->editing) {
        bool some = rl_end > 0;
        rl_replace_line("", 0);
        rl_crlf();
        rl_on_new_line();
        rl_redisplay();
        return some;
    }
#endif
    t->n = 0;
    return false;
}

void chr_typing_end(chr_typing *t) {
#ifdef CHRONUS_HAS_READLINE
    if (t->editing)
        end_editing();
#endif
    free(t->buffer);
    t->buffer = NULL;
}
