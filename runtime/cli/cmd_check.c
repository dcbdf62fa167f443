/* runtime/cli/cmd_check.c: `chronus check`: finds every mistake and plays nothing; prints each
 * stage on request. SPDX-License-Identifier: MIT */
#include "lang/ast.h"
#include "runtime/cli/cli.h"
#include "runtime/files.h"
#include "runtime/look.h"

#include <stdlib.h>
#include <string.h>

enum { JSON, DUMP, QUIET };

static const chr_option options[] = {
    {"--json",  NULL, NULL,    "errors and warnings as JSON, with places for editors"},
    {"--dump",  NULL, "STAGE",
     "prints tokens, ast, ir or graph: what becomes of the script on its way; events or events=8: "
     "the notes of so many bars"                                                     },
    {"--quiet", "-q", NULL,    "says nothing where nothing is wrong"                 },
};

typedef enum stage { NONE, TOKENS, AST, IR, GRAPH, EVENTS } stage;

/* "4": whole bars. */
static bool read_bars(const char *text, double *bars) {
    char *end;
    *bars = strtod(text, &end);
    return end != text && !*end && *bars >= 1 && *bars <= 10000;
}

static bool read_stage(const chr_command_line *line, const char *text, stage *to, double *bars) {
    static const char *const names[] = {"", "tokens", "ast", "ir", "graph", "events"};
    if (strncmp(text, "events=", 7) == 0 && read_bars(text + 7, bars))
        text = names[EVENTS];
    for (int i = TOKENS; i <= EVENTS; i++)
        if (strcmp(text, names[i]) == 0) {
            *to = (stage)i;
            return true;
        }
    const char *near = chr_nearest(text, names + 1, 5);
    if (near)
        chr_usage(line, "there is no stage called %s; did you mean %s?", text, near);
    else
        chr_usage(line, "there is no stage called %s; there are tokens, ast, ir, graph and events",
                  text);
    return false;
}

static int out_of_memory(void) {
    chr_show_error("memory is out");
    return CHR_EXIT_INTERNAL;
}

static int dump_ast(const char *text, size_t len, const char *name) {
    chr_arena *arena = chr_arena_new(0);
    if (!arena)
        return out_of_memory();
    chr_diags diags;
    chr_diags_init(&diags, arena);
    chr_source source = {name, text, len, 1};
    const chr_ast *tree = chr_parse(&source, arena, &diags);
    if (tree)
        chr_ast_print(tree, stdout);
    fflush(stdout);
    if (diags.first)
        chr_show_diagnostics(&diags, stderr);
    int code = !tree ? CHR_EXIT_INTERNAL : diags.n_errors ? CHR_EXIT_SCRIPT : CHR_EXIT_OK;
    chr_arena_free(arena);
    return code;
}

typedef struct check_plan {
    const char *script;
    bool json, quiet;
    stage dump;
    double bars; /* of events */
} check_plan;

static void show_diagnostics(void *context, const chr_diags *diags) {
    const check_plan *plan = context;
    if (plan->json)
        chr_diags_print_json(diags, stdout, false);
    else if (plan->dump)
        chr_show_diagnostics(diags, stderr);
    else
        chr_show_diagnostics(diags, stdout);
}

/* The graph needs an engine; its rate changes no node. */
static int dump_graph(check_plan *plan, const char *text, size_t len, const char *folder) {
    chr_player_options about = {
        .engine = {.rate_hz = 48000, .ceiling = true, .n_channels = 2},
        .folder = folder,
        .listener = {.context = plan,                .diagnostics = show_diagnostics                },
    };
    chr_player *p = chr_player_new(&about);
    if (!p)
        return chr_explain_engine(&about.engine);
    chr_evaluation e =
        chr_player_evaluate(p, text, len, chr_script_name(plan->script), plan->script);
    if (e.applied) {
        float chunk[2 * CHR_CHUNK]; /* a graph plays once the audio thread has taken it */
        chr_player_tend(p);
        chr_engine_render(chr_player_engine(p), chunk, CHR_CHUNK);
        chr_engine_print_graph(chr_player_engine(p), stdout);
    }
    chr_player_free(p);
    return e.status != CHR_OK ? out_of_memory() : e.n_errors ? CHR_EXIT_SCRIPT : CHR_EXIT_OK;
}

static int check(check_plan *plan, const char *text, size_t len, const char *folder) {
    const char *name = chr_script_name(plan->script);
    chr_reading reading;
    if (!chr_reading_open(&reading, folder))
        return CHR_EXIT_INTERNAL;
    chr_candidate *c = chr_session_evaluate(reading.session, text, len, name, plan->script);
    int code = CHR_EXIT_INTERNAL;
    if (c) {
        const chr_diags *diags = chr_candidate_diags(c);
        chr_ir *ir = diags->n_errors ? NULL : chr_candidate_take_ir(c);
        bool events = plan->dump == EVENTS && ir;
        if ((plan->json && !events) || diags->first)
            show_diagnostics(plan, diags);
        else if (!plan->quiet && !plan->dump)
            printf("%s: nothing wrong\n", name);
        if (plan->dump == IR && ir)
            chr_ir_print(ir, stdout);
        if (events)
            chr_look_events(ir, NULL, plan->bars, plan->json ? CHR_EVENTS_JSON : CHR_EVENTS_TEXT,
                            stdout);
        code = diags->n_errors ? CHR_EXIT_SCRIPT : ir ? CHR_EXIT_OK : CHR_EXIT_INTERNAL;
        if (ir)
            chr_ir_free(ir);
        chr_candidate_free(c);
    }
    chr_reading_close(&reading);
    return code == CHR_EXIT_INTERNAL ? out_of_memory() : code;
}

static int parse(chr_command_line *line, check_plan *plan) {
    int option, code;
    while ((option = chr_args_next_but_script(line, &plan->script, &code)) != CHR_ARG_END) {
        if (option == JSON)
            plan->json = true;
        else if (option == QUIET)
            plan->quiet = true;
        else if (!read_stage(line, line->values[0], &plan->dump, &plan->bars))
            return CHR_EXIT_USAGE;
    }
    if (code)
        return code;
    if (!plan->script)
        return chr_usage(line, "which script is to be checked?");
    if (plan->json && plan->dump && plan->dump != EVENTS)
        return chr_usage(line, "--json or --dump, not both");
    return CHR_EXIT_OK;
}

int chr_cmd_check(int argc, char **argv) {
    chr_command_line line = {
        .command = "check",
        .use = "chronus check FILE [--json] [--dump tokens|ast|ir|graph|events[=BARS]]",
        .about = "Finds every mistake of a script and plays nothing. FILE is - for standard input. "
                 "The exit code is 1\n"
                 "where there is an error; warnings alone are 0.\n",
        .options = options,
        .n_options = (int)(sizeof options / sizeof *options),
        .argc = argc,
        .argv = argv,
    };
    check_plan plan = {.dump = NONE, .bars = 2};
    int code = parse(&line, &plan);
    if (code)
        return code < 0 ? CHR_EXIT_OK : code;
    chr_given given;
    code = chr_given_read(&given, plan.script);
    if (code)
        return code;
    if (plan.dump == TOKENS) {
        chr_source source = {chr_script_name(plan.script), given.text, given.len, 1};
        chr_tokens_print(&source, stdout);
    } else if (plan.dump == AST) {
        code = dump_ast(given.text, given.len, chr_script_name(plan.script));
    } else if (plan.dump == GRAPH) {
        code = dump_graph(&plan, given.text, given.len, given.folder);
    } else {
        code = check(&plan, given.text, given.len, given.folder);
    }
    chr_given_clear(&given);
    return code;
}
