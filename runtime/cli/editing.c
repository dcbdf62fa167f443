/* runtime/cli/editing.c: a line on a terminal, edited by GNU readline. Its callbacks are used, so
 * that the engine is tended while somebody thinks. SPDX-License-Identifier: MIT */
#include "runtime/cli/editing.h"

#ifndef CHRONUS_HAS_READLINE

bool chr_editing_begin(chr_typing *t, const char *prompt) {
    (void)t, (void)prompt;
    return false;
}

void chr_editing_prompt(const char *prompt) {
    (void)prompt;
}

void chr_editing_wait(chr_typing *t, int ms) {
    (void)t, (void)ms;
}

void chr_editing_clear(void) {}

bool chr_editing_discard(chr_typing *t) {
    (void)t;
    return false;
}

void chr_editing_end(chr_typing *t) {
    (void)t;
}

#else

#include "runtime/cli/cli.h"

#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* after stdio */
#include <readline/history.h>
#include <readline/readline.h>

enum {
    HISTORY_MAX = 1000,
    KEYS_AT_ONCE = 512 /* between two looks at the engine */
};

static chr_typing *typist; /* readline's handlers take no context */
static volatile sig_atomic_t resized;

/* ---- the history ---- */

/* Where the lines of former days are kept; NULL: nowhere. */
static const char *history_file(void) {
    static char path[512];
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (state && *state == '/') {
        mkdir(state, 0700);
        snprintf(path, sizeof path, "%s/chronus", state);
    } else if (home && *home == '/') {
        const char *const parts[] = {"/.local", "/.local/state"};
        for (int i = 0; i < 2; i++) {
            snprintf(path, sizeof path, "%s%s", home, parts[i]);
            mkdir(path, 0700);
        }
        snprintf(path, sizeof path, "%s/.local/state/chronus", home);
    } else {
        return NULL;
    }
    mkdir(path, 0700);
    size_t n = strlen(path);
    snprintf(path + n, sizeof path - n, "/history");
    return path;
}

/* ---- the terminal ---- */

/* Readline would give the terminal back to the shell's manners while a line is evaluated, and what
 * is typed meanwhile would be shown twice. It keeps its own until the end. */
static bool prepared, leaving;

static void prepare(int meta) {
    if (!prepared)
        rl_prep_terminal(meta);
    prepared = true;
}

static void unprepare(void) {
    if (prepared && leaving) {
        rl_deprep_terminal();
        prepared = false;
    }
}

static void on_resize(int number) {
    (void)number;
    resized = 1;
}

static bool more_waits(void) {
    struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&p, 1, 0) > 0;
}

/* ---- keys ---- */

/* A tab before any word, with more behind it already, is no key: indented text is being sent. */
static int on_tab(int count, int key) {
    bool indents = strspn(rl_line_buffer, " \t") >= (size_t)rl_point;
    if (indents && more_waits())
        return rl_insert(count, key);
    return rl_complete(count, key);
}

static int on_clear_screen(int count, int key) {
    int result = rl_clear_screen(count, key);
    chr_rows_redraw(&typist->rows);
    return result;
}

/* ---- completion ---- */

/* Readline wants to know where the word begins; what the words are follows in `complete`. */
static char *break_words(void) {
    static char breaks[] = " \t\n=:>.(){}[]+-*/%^,|\"<";
    static char quote[] = "\"";
    size_t quotes = 0;
    for (int i = 0; i < rl_point; i++)
        quotes += rl_line_buffer[i] == '"';
    return quotes % 2 ? quote : breaks;
}

static char **complete(const char *text, int start, int end) {
    (void)text;
    rl_attempted_completion_over = 1; /* no file names where there is nothing to offer */
    char closing = ' ';
    const chr_helper *helper = typist->options.helper;
    char **words =
        helper ? chr_helper_words(helper, rl_line_buffer, (size_t)start, (size_t)end, &closing)
               : NULL;
    rl_completion_append_character = closing;
    rl_completion_suppress_append = closing == '\0';
    return words;
}

/* ---- a line ---- */

static void on_readline(char *line) {
    chr_typing *t = typist;
    t->in_line = true;
    if (!line) {
        t->ended = true;
        t->options.on_line(t->options.context, NULL, 0);
    } else {
        if (*line)
            add_history(line);
        t->options.on_line(t->options.context, line, strlen(line));
        free(line);
    }
    t->in_line = false;
}

static void show_hint(const chr_typing *t) {
    char hint[CHR_ROW_TEXT] = "";
    if (!t->options.hints || t->rows.n == 0)
        return;
    if (t->options.helper && !t->ended)
        chr_helper_hint(t->options.helper, rl_line_buffer, (size_t)rl_point, hint, sizeof hint);
    chr_rows_show(&typist->rows, 0, hint);
}

bool chr_editing_begin(chr_typing *t, const char *prompt) {
    setlocale(LC_CTYPE, "");
    typist = t;
    leaving = prepared = false;
    rl_readline_name = "chronus";
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_prep_term_function = prepare;
    rl_deprep_term_function = unprepare;
    rl_attempted_completion_function = complete;
    rl_completion_word_break_hook = break_words;
    rl_completer_quote_characters = "";
    rl_completion_query_items = 0; /* a question would keep the engine waiting */
    rl_variable_bind("page-completions", "off");
    rl_variable_bind("show-all-if-ambiguous", "on");
    rl_variable_bind("enable-bracketed-paste", "on");
    const char *file = history_file();
    using_history();
    stifle_history(HISTORY_MAX);
    /* Pasted pieces have several lines: a time before each entry keeps them apart. */
    history_comment_char = '#';
    history_write_timestamps = 1;
    if (file)
        read_history(file);
    struct sigaction action = {.sa_handler = on_resize};
    sigemptyset(&action.sa_mask);
    sigaction(SIGWINCH, &action, NULL);
    signal(SIGTSTP, SIG_IGN); /* Ctrl-Z would stop the music */
    int rows = t->options.status + t->options.hints;
    chr_interrupt_farewell(chr_rows_farewell);
    if (chr_rows_possible())
        chr_rows_begin(&t->rows, rows);
    rl_callback_handler_install(prompt, on_readline);
    rl_bind_key('\t', on_tab);
    rl_bind_keyseq("\\C-l", on_clear_screen);
    return true;
}

void chr_editing_prompt(const char *prompt) {
    rl_set_prompt(prompt);
    if (!typist->in_line)
        rl_redisplay();
}

void chr_editing_clear(void) {
    if (typist->in_line || typist->dirty)
        return;
    rl_clear_visible_line();
    typist->dirty = true;
}

void chr_editing_wait(chr_typing *t, int ms) {
    if (resized) {
        resized = 0;
        chr_rows_resize(&t->rows);
        rl_resize_terminal();
        chr_rows_redraw(&t->rows);
    }
    if (t->dirty) {
        rl_on_new_line();
        rl_redisplay();
        t->dirty = false;
    }
    struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
    if (poll(&p, 1, ms) <= 0)
        return;
    for (int i = 0; i < KEYS_AT_ONCE && !t->ended && !t->stopped; i++) {
        rl_callback_read_char();
        if (t->dirty || !more_waits())
            break;
    }
    show_hint(t);
}

bool chr_editing_discard(chr_typing *t) {
    bool some = rl_end > 0;
    rl_point = rl_end; /* what was typed stays on the screen, and the new line stands below it */
    rl_redisplay();
    rl_replace_line("", 0);
    rl_crlf();
    rl_on_new_line();
    rl_redisplay();
    show_hint(t);
    return some;
}

void chr_editing_end(chr_typing *t) {
    leaving = true;
    chr_rows_end(&t->rows);
    rl_callback_handler_remove();
    const char *file = history_file();
    if (file)
        write_history(file);
    clear_history();
    chr_interrupt_farewell(NULL);
    signal(SIGWINCH, SIG_DFL);
    signal(SIGTSTP, SIG_DFL);
}

#endif
