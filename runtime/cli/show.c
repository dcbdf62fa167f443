/* runtime/cli/show.c: how answers, errors and reports look.
 * SPDX-License-Identifier: MIT */
#include "runtime/cli/cli.h"

#include "dsp/registry.h"
#include "runtime/cli/json.h"
#include "runtime/files.h"
#include "runtime/wrap.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool chr_show_colour(FILE *to) {
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
    return !(no && *no) && !(term && strcmp(term, "dumb") == 0) && isatty(fileno(to));
}

int chr_terminal_columns(FILE *to) {
    enum { USUAL = 80, LEAST = 20 };
    struct winsize size;
    if (!isatty(fileno(to)))
        return 0;
    if (ioctl(fileno(to), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return USUAL;
    return size.ws_col < LEAST ? LEAST : size.ws_col;
}

/* A sentence that is longer than the terminal is wide, or a whole text. */
static void print_lines(const char *text, bool plain, FILE *to) {
    chr_wrap(text, plain ? 0 : chr_terminal_columns(to), to);
    fflush(to);
}

void chr_show_lines(const chr_show *show, const char *text) {
    print_lines(text, show->plain, stdout);
}

static void print_error(bool plain, const char *format, va_list args) {
    char text[2048];
    int n = snprintf(text, sizeof text, "chronus: ");
    vsnprintf(text + n, sizeof text - (size_t)n, format, args);
    print_lines(text, plain, stderr);
}

void chr_show_error(const char *format, ...) {
    va_list args;
    va_start(args, format);
    print_error(false, format, args);
    va_end(args);
}

static void __attribute__((format(printf, 2, 3)))
tell_error(const chr_show *s, const char *format, ...) {
    va_list args;
    va_start(args, format);
    print_error(s->plain, format, args);
    va_end(args);
}

static void clear(const chr_show *s) {
    if (s->before)
        s->before(s->context);
}

static void print_diagnostics(const chr_diags *diags, FILE *to, bool colour, bool plain) {
    int columns = plain ? 0 : chr_terminal_columns(to);
    char *text = NULL;
    size_t size = 0;
    FILE *lines = open_memstream(&text, &size);
    if (lines)
        chr_diags_print(diags, lines, colour, columns);
    if (lines && fclose(lines) == 0)
        print_lines(text, plain, to);
    free(text);
}

void chr_show_diagnostics(const chr_diags *diags, FILE *to) {
    print_diagnostics(diags, to, chr_show_colour(to), false);
}

static void on_diagnostics(void *context, const chr_diags *diags) {
    chr_show *s = context;
    s->n_warnings += diags->n_warnings;
    s->n_said++;
    if (s->silent)
        return;
    if (s->json) {
        chr_json_diagnostics(s->evaluation, diags);
        return;
    }
    clear(s);
    fflush(stdout); /* so that both streams read in order where they meet */
    print_diagnostics(diags, s->diagnostics,
                      s->coloured || (!s->plain && chr_show_colour(s->diagnostics)), s->plain);
}

static void on_answer(void *context, const char *text) {
    chr_show *s = context;
    s->n_said++;
    if (s->silent)
        return;
    if (s->json) {
        chr_json_text(s->evaluation, "answer", text);
        return;
    }
    clear(s);
    chr_show_lines(s, text);
}

static void on_answer_facts(void *context, const char *text, const char *facts) {
    chr_show *s = context;
    if (!s->json || s->silent) {
        on_answer(context, text);
        return;
    }
    s->n_said++;
    chr_json_answer(s->evaluation, text, facts);
}

void chr_show_note(const chr_show *s, const char *text) {
    if (s->quiet || s->silent)
        return;
    if (s->json) {
        chr_json_text(s->evaluation, "note", text);
        return;
    }
    clear(s);
    chr_show_lines(s, text);
}

static void on_note(void *context, const char *text) {
    chr_show *s = context;
    s->n_said++;
    chr_show_note(s, text);
}

static void on_trouble(void *context, const char *text) {
    chr_show *s = context;
    s->n_said++;
    if (s->json) {
        chr_json_text(s->evaluation, "trouble", text);
        return;
    }
    clear(s);
    fflush(stdout);
    tell_error(s, "%s", text);
}

void chr_show_event(const chr_show *s, const char *event, bool error, const char *format, ...) {
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (s->json) {
        chr_json_event(event, text);
        return;
    }
    clear(s);
    if (error)
        tell_error(s, "%s", text);
    else if (!s->quiet && !s->silent)
        chr_show_lines(s, text);
}

chr_listener chr_show_listener(chr_show *show) {
    if (!show->diagnostics)
        show->diagnostics = stderr;
    return (chr_listener){show, on_diagnostics, on_answer, on_answer_facts, on_note, on_trouble};
}

void chr_show_report(FILE *to, const chr_offer_report *r) {
    fprintf(to, "kept %d, changed %d, new %d, gone %d", r->kept, r->changed, r->added, r->gone);
}

const char *chr_script_name(const char *path) {
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

int chr_read_script(const char *path, char **text, size_t *len) {
    chr_status status = chr_files_slurp(path, text, len);
    if (status == CHR_OK)
        return CHR_EXIT_OK;
    if (status == CHR_NO_MEMORY) {
        chr_show_error("memory is out");
        return CHR_EXIT_INTERNAL;
    }
    const char *name = chr_script_name(path);
    if (errno == EISDIR)
        chr_show_error("%s is a folder, not a script", name);
    else if (errno == EFBIG)
        chr_show_error("%s is too large for a script", name);
    else
        chr_show_error("%s cannot be read: %s", name, strerror(errno));
    return CHR_EXIT_IO;
}

char *chr_script_folder(const char *path) {
    return strcmp(path, "-") == 0 ? NULL : chr_files_folder_of(path);
}

int chr_given_read(chr_given *given, const char *path) {
    int code = chr_read_script(path, &given->text, &given->len);
    if (code == CHR_EXIT_OK)
        given->folder = chr_script_folder(path);
    return code;
}

void chr_given_clear(chr_given *given) {
    free(given->text);
    free(given->folder);
}

int chr_explain_engine(const chr_engine_options *options) {
    const char *isa = options->isa ? options->isa : chr_registry_best_isa();
    int lanes = options->lanes ? options->lanes : 4;
    if (chr_registry_build(isa, lanes)) {
        chr_show_error("the engine could not be started: memory is out");
        return CHR_EXIT_INTERNAL;
    }
    fprintf(stderr,
            "chronus: this program or this processor has no build for %s with %d lanes; it has:",
            isa, lanes);
    for (const char *const *name = chr_registry_isas(); *name; name++)
        fprintf(stderr, " %s", *name);
    fprintf(stderr, ", each with 1, 4, 8 or 16 lanes\n");
    return CHR_EXIT_USAGE;
}
