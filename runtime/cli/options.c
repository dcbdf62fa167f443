/* runtime/cli/options.c: the command line's options, and a kind word where one is wrong.
 * SPDX-License-Identifier: MIT */
#include "runtime/cli/cli.h"
#include "runtime/wrap.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

int chr_usage(const chr_command_line *line, const char *format, ...) {
    va_list args;
    va_start(args, format);
    fprintf(stderr, "chronus%s%s: ", *line->command ? " " : "", line->command);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\n  use: %s\n  chronus%s%s --help says more\n", line->use,
            *line->command ? " " : "", line->command);
    return CHR_EXIT_USAGE;
}

/* Its own options, then the shared ones. */
static const chr_option *numbered(const chr_command_line *line, int i) {
    return i < line->n_options ? &line->options[i] : &line->shared[i - line->n_options];
}

static void print_help(const chr_command_line *line) {
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    if (!to)
        return;
    fprintf(to, "use: %s\n\n%s\n", line->use, line->about);
    for (int i = 0; i < line->n_options + line->n_shared; i++) {
        const chr_option *o = numbered(line, i);
        char left[80];
        snprintf(left, sizeof left, "%s%s%s%s%s", o->letter ? o->letter : "", o->letter ? ", " : "",
                 o->name, o->values ? " " : "", o->values ? o->values : "");
        if (strlen(left) > 24)
            fprintf(to, "  %s\n  %-24s  %s\n", left, "", o->doc);
        else
            fprintf(to, "  %-24s  %s\n", left, o->doc);
    }
    fprintf(to, "  %-24s  %s\n", "-h, --help", "this text");
    if (fclose(to) == 0)
        chr_wrap(text, chr_terminal_columns(stdout), stdout);
    free(text);
}

/* The option nearest to what was typed, for the message. */
static const char *nearest_option(const chr_command_line *line, const char *typed) {
    const char *names[64];
    int n = 0;
    for (int i = 0; i < line->n_options + line->n_shared && n < 62; i++)
        if (numbered(line, i)->name[0] == '-')
            names[n++] = numbered(line, i)->name;
    names[n++] = "--help";
    char word[64];
    snprintf(word, sizeof word, "%.*s", (int)strcspn(typed, "="), typed);
    if (word[1] != '-' && word[2]) { /* -seconds for --seconds */
        char longer[66];
        snprintf(longer, sizeof longer, "-%s", word);
        return chr_nearest(longer, names, n);
    }
    return chr_nearest(word, names, n);
}

int chr_args_find(const chr_command_line *line, const char *arg) {
    size_t n = strcspn(arg, "=");
    for (int i = 0; i < line->n_options + line->n_shared; i++) {
        const chr_option *o = numbered(line, i);
        bool named = strlen(o->name) == n && strncmp(o->name, arg, n) == 0;
        if (o->name[0] == '-' && (named || (o->letter && strcmp(o->letter, arg) == 0)))
            return i < line->n_options ? i : CHR_ARG_SHARED + i - line->n_options;
    }
    return -1;
}

static int n_values(const chr_option *o) {
    return !o->values ? 0 : strchr(o->values, ' ') ? 2 : 1;
}

static int take_values(chr_command_line *line, const chr_option *o, const char *attached) {
    int n = n_values(o);
    for (int v = 0; v < n; v++) {
        if (v == 0 && attached) {
            line->values[v] = attached;
            continue;
        }
        if (line->at >= line->argc) {
            chr_usage(line, "%s needs %s", o->name, o->values);
            return CHR_ARG_BAD;
        }
        line->values[v] = line->argv[line->at++];
        if (n == 2 && v == 0 && strcmp(line->values[0], "bar") == 0 && line->at < line->argc) {
            snprintf(line->joined, sizeof line->joined, "bar %s", line->argv[line->at++]);
            line->values[0] = line->joined;
        }
    }
    return 0;
}

int chr_args_next(chr_command_line *line) {
    if (line->at >= line->argc)
        return CHR_ARG_END;
    const char *arg = line->argv[line->at++];
    line->values[0] = line->values[1] = NULL;
    if (line->only_files || arg[0] != '-' || !arg[1]) {
        line->values[0] = arg;
        return CHR_ARG_FILE;
    }
    if (strcmp(arg, "--") == 0) {
        line->only_files = true;
        return chr_args_next(line);
    }
    if (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0) {
        print_help(line);
        return CHR_ARG_HELP;
    }
    int i = chr_args_find(line, arg);
    if (i < 0) {
        const char *near = nearest_option(line, arg);
        if (near)
            chr_usage(line, "there is no option %s; did you mean %s?", arg, near);
        else
            chr_usage(line, "there is no option %s", arg);
        return CHR_ARG_BAD;
    }
    const chr_option *o =
        i < CHR_ARG_SHARED ? &line->options[i] : &line->shared[i - CHR_ARG_SHARED];
    const char *attached = strchr(arg, '=');
    if (attached && n_values(o) == 0) {
        chr_usage(line, "%s takes no value", o->name);
        return CHR_ARG_BAD;
    }
    int bad = take_values(line, o, attached ? attached + 1 : NULL);
    return bad ? bad : i;
}

int chr_args_next_but_script(chr_command_line *line, const char **script, int *code) {
    int option;
    while ((option = chr_args_next(line)) == CHR_ARG_FILE) {
        if (*script) {
            *code = chr_usage(line, "one script at a time: %s or %s?", *script, line->values[0]);
            return CHR_ARG_END;
        }
        *script = line->values[0];
    }
    *code = option == CHR_ARG_BAD ? CHR_EXIT_USAGE : option == CHR_ARG_HELP ? -1 : CHR_EXIT_OK;
    return option < 0 ? CHR_ARG_END : option;
}

bool chr_arg_double(const chr_command_line *line, const char *option, const char *text,
                    double least, double most, double *value) {
    char *end;
    errno = 0;
    *value = strtod(text, &end);
    if (end != text && !*end && !errno && isfinite(*value) && *value >= least && *value <= most)
        return true;
    chr_usage(line, "%s is a number from %g to %g, and \"%s\" is not", option, least, most, text);
    return false;
}

bool chr_arg_int(const chr_command_line *line, const char *option, const char *text, long least,
                 long most, long *value) {
    char *end;
    errno = 0;
    *value = strtol(text, &end, 10);
    if (end != text && !*end && !errno && *value >= least && *value <= most)
        return true;
    chr_usage(line, "%s is a whole number from %ld to %ld, and \"%s\" is not", option, least, most,
              text);
    return false;
}
