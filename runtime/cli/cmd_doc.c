/* runtime/cli/cmd_doc.c: `help`, `list`, `graph` and `doc`: what is known about modules, statements
 * and scripts. SPDX-License-Identifier: MIT */
#include "lang/answers.h"
#include "runtime/cli/cli.h"
#include "runtime/files.h"
#include "runtime/wrap.h"

#include <stdlib.h>
#include <string.h>

/* The one word that `help` and `list` may be given; "" for none, NULL with *code set. */
static const char *one_word(chr_command_line *line, int *code) {
    const char *word = "";
    *code = CHR_EXIT_OK;
    for (;;) {
        int option = chr_args_next(line);
        if (option == CHR_ARG_END)
            return word;
        if (option == CHR_ARG_HELP)
            return NULL;
        *code = CHR_EXIT_USAGE;
        if (option == CHR_ARG_BAD)
            return NULL;
        if (*word) {
            chr_usage(line, "\"%s\" is one word too many", line->values[0]);
            return NULL;
        }
        *code = CHR_EXIT_OK;
        word = line->values[0];
    }
}

/* Prints an answer; one that found nothing goes to standard error. */
static int print_answer(char *text, bool found) {
    if (!text) {
        chr_show_error("memory is out");
        return CHR_EXIT_INTERNAL;
    }
    FILE *to = found ? stdout : stderr;
    chr_wrap(text, chr_terminal_columns(to), to);
    free(text);
    return found ? CHR_EXIT_OK : CHR_EXIT_SCRIPT;
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
    int code;
    chr_reading reading;
    const char *word = one_word(&line, &code);
    if (!word)
        return code;
    if (!chr_reading_open(&reading, NULL))
        return CHR_EXIT_INTERNAL;
    bool found = true;
    char *text = chr_answer_help(reading.session, word, &found);
    chr_reading_close(&reading);
    return print_answer(text, found);
}

int chr_cmd_list(int argc, char **argv) {
    chr_command_line line = {
        .command = "list",
        .use = "chronus list [modules|instruments|words]",
        .about = "Lists what there is.\n",
        .argc = argc,
        .argv = argv,
    };
    int code;
    chr_reading reading;
    const char *word = one_word(&line, &code);
    if (!word)
        return code;
    if (!chr_reading_open(&reading, NULL))
        return CHR_EXIT_INTERNAL;
    bool found = true;
    char *text = chr_answer_list(reading.session, word, &found);
    chr_reading_close(&reading);
    return print_answer(text, found);
}

enum { FORMAT };

static const chr_option graph_options[] = {
    {"--format", NULL, "text|dot", "a drawing in text, or one for Graphviz; text"},
};

typedef struct graph_plan {
    const char *script, *patch;
    bool dot;
} graph_plan;

static int draw(const graph_plan *plan, const chr_candidate *c, chr_ir *ir) {
    const chr_diags *diags = chr_candidate_diags(c);
    if (diags->first)
        chr_show_diagnostics(diags, stderr);
    if (!ir)
        return diags->n_errors ? CHR_EXIT_SCRIPT : CHR_EXIT_INTERNAL;
    bool known = !plan->patch;
    for (uint32_t i = 0; i < ir->n_owners && !known; i++)
        known = strcmp(ir->owners[i].name, plan->patch) == 0;
    if (!known) {
        chr_show_error("%s has no patch called %s", chr_script_name(plan->script), plan->patch);
        return CHR_EXIT_SCRIPT;
    }
    if (plan->dot)
        chr_graph_dot(ir, plan->patch, stdout);
    else
        chr_graph_text(ir, plan->patch, stdout);
    return CHR_EXIT_OK;
}

static int graph(const graph_plan *plan) {
    chr_given given;
    int code = chr_given_read(&given, plan->script);
    if (code)
        return code;
    chr_reading reading;
    code = CHR_EXIT_INTERNAL;
    if (chr_reading_open(&reading, given.folder)) {
        chr_candidate *c = chr_session_evaluate(reading.session, given.text, given.len,
                                                chr_script_name(plan->script), plan->script);
        if (c) {
            chr_ir *ir = chr_candidate_diags(c)->n_errors ? NULL : chr_candidate_take_ir(c);
            code = draw(plan, c, ir);
            if (ir)
                chr_ir_free(ir);
            chr_candidate_free(c);
        }
        chr_reading_close(&reading);
    }
    chr_given_clear(&given);
    return code;
}

int chr_cmd_graph(int argc, char **argv) {
    chr_command_line line = {
        .command = "graph",
        .use = "chronus graph FILE [PATCH] [--format text|dot]",
        .about =
            "Draws how the sound of each patch of a script comes about, or that of one patch.\n",
        .options = graph_options,
        .n_options = 1,
        .argc = argc,
        .argv = argv,
    };
    graph_plan plan = {0};
    for (;;) {
        int option = chr_args_next(&line);
        const char *value = line.values[0];
        if (option == CHR_ARG_END)
            break;
        if (option == CHR_ARG_HELP)
            return CHR_EXIT_OK;
        if (option == CHR_ARG_BAD)
            return CHR_EXIT_USAGE;
        if (option == FORMAT) {
            plan.dot = strcmp(value, "dot") == 0;
            if (!plan.dot && strcmp(value, "text") != 0)
                return chr_usage(&line, "--format is text or dot, and \"%s\" is neither", value);
        } else if (!plan.script) {
            plan.script = value;
        } else if (!plan.patch) {
            plan.patch = value;
        } else {
            return chr_usage(&line, "\"%s\" is one word too many", value);
        }
    }
    return plan.script ? graph(&plan) : chr_usage(&line, "which script is to be drawn?");
}

static const chr_option doc_options[] = {
    {"modules",    NULL, NULL, "docs/modules.md"      },
    {"transforms", NULL, NULL, "docs/transforms.md"   },
    {"errors",     NULL, NULL, "docs/errors.md"       },
    {"--json",     NULL, NULL, "all of it for editors"},
};

int chr_cmd_doc(int argc, char **argv) {
    chr_command_line line = {
        .command = "doc",
        .use = "chronus doc modules|transforms|errors|--json",
        .about = "Prints the reference, made from the same descriptions as the program.\n",
        .options = doc_options,
        .n_options = 4,
        .argc = argc,
        .argv = argv,
    };
    int option = chr_args_next(&line);
    if (option == CHR_ARG_HELP)
        return CHR_EXIT_OK;
    if (option == CHR_ARG_BAD)
        return CHR_EXIT_USAGE;
    const char *what = option == CHR_ARG_END    ? ""
                       : option == CHR_ARG_FILE ? line.values[0]
                                                : "--json"; /* the only option */
    bool json = strcmp(what, "--json") == 0, modules = strcmp(what, "modules") == 0,
         transforms = strcmp(what, "transforms") == 0;
    if (!json && !modules && !transforms && strcmp(what, "errors") != 0)
        return chr_usage(&line, "modules, transforms, errors or --json?");
    if (chr_args_next(&line) != CHR_ARG_END)
        return chr_usage(&line, "one at a time");
    chr_reading reading;
    if (!chr_reading_open(&reading, NULL))
        return CHR_EXIT_INTERNAL;
    if (json)
        chr_doc_json(reading.session, stdout);
    else if (modules)
        chr_doc_modules(reading.session, stdout);
    else if (transforms)
        chr_doc_transforms(stdout);
    else
        chr_doc_errors(stdout);
    chr_reading_close(&reading);
    return CHR_EXIT_OK;
}
