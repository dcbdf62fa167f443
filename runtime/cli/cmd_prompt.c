/* runtime/cli/cmd_prompt.c: `chronus` alone: statements from the keyboard or a pipe, played as they
 * come. SPDX-License-Identifier: MIT */
#include "lang/lines.h"
#include "runtime/cli/json.h"
#include "runtime/cli/live.h"
#include "runtime/cli/live_journal.h"
#include "runtime/cli/meter.h"
#include "runtime/cli/typing.h"
#include "runtime/files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECONDS, PLAIN, JSON, COLOUR, NO_STATUS, NO_HINTS, RESUME };
#define SILENCE 1e-5f /* -100 dB: nothing is heard any more */

static const chr_option options[] = {
    [SECONDS] = {"--seconds",   NULL, "N",  "plays on for so long after the last line of a pipe"},
    [PLAIN] = {"--plain",     NULL, NULL,
                 "whole lines alone: no prompt, no cursor movement, no colour; so too in a pipe"},
    [JSON] = {"--json",      NULL, NULL,
                 "one JSON object a line for each thing that happens, for programs"             },
    [COLOUR] = {"--colour",    NULL, NULL,
                 "errors in colour also where --plain or a pipe would leave it out"             },
    [NO_STATUS] = {"--no-status", NULL, NULL, "no status line at the bottom of the terminal"      },
    [NO_HINTS] = {"--no-hints",  NULL, NULL, "no explanation of what the cursor is on above it"  },
    [RESUME] = {"--resume",    NULL, NULL,
                 "the last session comes back: what was said, and whether it played"            },
};
enum { N_OPTIONS = sizeof options / sizeof *options };
static const chr_command_line the_line = {
    .command = "",
    .use = "chronus [options]",
    .about = "Reads statements from the keyboard or a pipe, and plays them as they come.\n",
    .options = options,
    .n_options = N_OPTIONS,
    .shared = chr_live_option_table,
    .n_shared = CHR_LIVE_OPTIONS,
};

typedef struct prompt {
    chr_live live;
    chr_typing typing;
    chr_helper helper;
    chr_lines block; /* lines of an evaluation that is not whole yet */
    bool plain, json, colour, no_status, no_hints, resume;
    chr_journal_text former; /* with --resume: the session that comes back */
    double seconds;
    int exit_code;
    bool ended;
} prompt;

bool chr_prompt_knows(const char *word) {
    return chr_args_find(&the_line, word) >= 0;
}

const char *chr_prompt_option(int i) {
    return i < N_OPTIONS                      ? options[i].name
           : i < N_OPTIONS + CHR_LIVE_OPTIONS ? chr_live_option_table[i - N_OPTIONS].name
                                              : NULL;
}

static void stop(prompt *p, int code) {
    p->ended = p->typing.stopped = true;
    if (code)
        p->exit_code = code;
}

/* Is the block one line, and a pattern that nothing plays, since the clock stands? */
static bool is_pattern_in_vain(prompt *p) {
    static const char *const words[] = {"sequence ", "melody "};
    const chr_lines *b = &p->block;
    bool pattern = false;
    for (int i = 0; i < 2 && b->len > 0 && !memchr(b->text, '\n', b->len - 1); i++)
        pattern |= b->len > strlen(words[i]) && memcmp(b->text, words[i], strlen(words[i])) == 0;
    return pattern && !chr_player_look(p->live.player).running;
}

/* For a program the object that ends an evaluation comes in any case, and in order. */
static void answer_program(prompt *p, const chr_evaluation *e, bool later) {
    chr_json_result result = {.n_errors = e->n_errors,
                              .n_warnings = p->live.show.n_warnings,
                              .applied = e->status == CHR_OK && e->applied};
    if (p->json && !later)
        chr_json_evaluation(p->live.show.evaluation, &result);
}

/* Nothing but comments: nothing to be answered. */
static bool says_nothing(const chr_lines *block) {
    const char *p = block->text, *end = p + block->len;
    while (p < end) {
        while (p < end && strchr(" \t\r\n", *p) && *p)
            p++;
        if (p < end && *p != '#')
            return false;
        while (p < end && *p != '\n')
            p++;
    }
    return true;
}

static void evaluate(prompt *p) {
    bool waits = is_pattern_in_vain(p);
    if (p->json)
        chr_answer_flush(&p->live.answer);
    p->live.show.evaluation++;
    p->live.show.n_warnings = p->live.show.n_said = 0;
    chr_evaluation e =
        chr_player_evaluate(p->live.player, p->block.text, p->block.len, "typed", NULL);
    if (e.status != CHR_OK) {
        chr_show_event(&p->live.show, "trouble", true, "%s",
                       e.status == CHR_NO_MEMORY ? "memory is out" : "the engine cannot play this");
        answer_program(p, &e, false);
        if (!p->typing.terminal)
            stop(p, CHR_EXIT_INTERNAL);
        return;
    }
    if (e.n_errors > 0 && !p->typing.terminal)
        p->exit_code = CHR_EXIT_SCRIPT;
    if (e.trouble && !p->typing.terminal && !p->exit_code)
        p->exit_code = CHR_EXIT_IO;
    if (e.quit)
        stop(p, 0);
    const chr_offer_report *r = &e.report;
    bool changes = e.applied && (r->changed + r->added + r->gone > 0 || r->patterns_wait);
    if (p->json)
        chr_live_look(&p->live); /* what was asked is answered before the end */
    if (changes)
        chr_answer_expect(&p->live.answer, &e, p->live.player);
    answer_program(p, &e, changes);
    /* Answers come in order, unless more lines wait already: then the next one need not wait for
     * this one's fade. */
    if (!p->ended && !chr_typing_has_line(&p->typing))
        chr_live_settle(&p->live);
    chr_live_look(&p->live);
    /* No answer at all would leave one in doubt. */
    if (e.applied && p->typing.terminal && waits)
        chr_show_note(&p->live.show, "the clock stands: play starts it");
    else if (e.applied && !e.quit && !e.told_later && !changes && p->typing.terminal &&
             p->live.show.n_said == 0 && !says_nothing(&p->block))
        chr_show_note(&p->live.show, "nothing that is heard changes");
}

static void evaluate_block(prompt *p) {
    if (!chr_lines_are_blank(&p->block))
        evaluate(p);
    chr_lines_clear(&p->block);
}

static void take_line(prompt *p, const char *line, size_t len) {
    chr_lines_state state = chr_lines_add(&p->block, line, len);
    if (state == CHR_LINES_ENDED) {
        evaluate_block(p);
        if (p->ended)
            return;
        state = chr_lines_add(&p->block, line, len);
    }
    if (state == CHR_LINES_WHOLE)
        evaluate_block(p);
    if (state != CHR_LINES_NO_MEMORY)
        return;
    chr_show_error("memory is out");
    stop(p, CHR_EXIT_INTERNAL);
}

static void on_line(void *context, const char *line, size_t len) {
    prompt *p = context;
    if (line) {
        take_line(p, line, len);
    } else {
        evaluate_block(p); /* the end of the input ends it too */
        p->typing.ended = true;
    }
    p->helper.before = p->block.text;
    p->helper.before_len = p->block.len;
    if (line)
        chr_typing_prompt(&p->typing, chr_lines_are_open(&p->block));
}

static void before_print(void *context) {
    prompt *p = context;
    chr_typing_clear(&p->typing);
}

static void on_status(void *context, const char *text) {
    prompt *p = context;
    chr_typing_status(&p->typing, text);
}

/* After a pipe has ended: as long as was asked for; else, on a device, until nothing is heard any
 * more. */
static void play_on(prompt *p, bool heard) {
    double now_s = chr_now_s(), until_s = now_s + p->seconds, quiet_since_s = now_s;
    while (!chr_interrupted()) {
        chr_live_step(&p->live);
        now_s = chr_now_s();
        chr_engine_counters c = chr_player_read(p->live.player);
        if (c.running || c.peak[0] > SILENCE || c.peak[1] > SILENCE)
            quiet_since_s = now_s;
        if (p->seconds > 0 ? now_s >= until_s : !heard || now_s - quiet_since_s > 1.0)
            return;
    }
}

static void converse(prompt *p, bool heard) {
    while (!p->ended && !p->typing.ended) {
        if (!chr_typing_wait(&p->typing, 4)) {
            chr_show_error("memory is out");
            stop(p, CHR_EXIT_INTERNAL);
        }
        chr_live_tend(&p->live);
        if (chr_player_has_quit(p->live.player))
            stop(p, 0);
        if (!chr_interrupted())
            continue;
        /* Ctrl-C throws away what is being typed; where nothing is, it ends. So does whoever asks
         * the program to end. */
        bool something = p->typing.terminal && !chr_interrupt_is_final() &&
                         (chr_typing_discard(&p->typing) || chr_lines_are_open(&p->block));
        if (!something)
            return;
        chr_interrupt_forget();
        chr_lines_clear(&p->block);
        p->helper.before_len = 0;
        chr_typing_prompt(&p->typing, false);
    }
    if (!p->ended && !p->typing.terminal)
        play_on(p, heard);
}

static int parse(chr_command_line *line, chr_live_options *live, prompt *p) {
    for (;;) {
        int option = chr_args_next(line);
        if (option == CHR_ARG_END)
            return CHR_EXIT_OK;
        if (option == CHR_ARG_BAD)
            return CHR_EXIT_USAGE;
        if (option == CHR_ARG_HELP)
            return -1;
        if (option == CHR_ARG_FILE)
            return chr_usage(line, "what is to be done with %s? chronus run %s plays it",
                             line->values[0], line->values[0]);
        int code;
        if (chr_live_take_option(line, option, live, &code)) {
            if (code)
                return code;
            continue;
        }
        switch (option) {
        case SECONDS:
            if (!chr_arg_double(line, options[option].name, line->values[0], 0.001, 864000,
                                &p->seconds))
                return CHR_EXIT_USAGE;
            break;
        case PLAIN:
            p->plain = live->plain = true;
            break;
        case JSON:
            p->json = p->plain = live->plain = true;
            break;
        case COLOUR:
            p->colour = true;
            break;
        case NO_STATUS:
            p->no_status = true;
            break;
        case NO_HINTS:
            p->no_hints = true;
            break;
        case RESUME:
            p->resume = true;
            break;
        }
    }
}

static int open_live(prompt *p, chr_live_options *want, bool *heard) {
    chr_status status;
    int code = chr_live_open(&p->live, want, &status);
    *heard = !want->null;
    if (!code && status == CHR_NO_DEVICE) {
        fprintf(stderr,
                "chronus: %s: statements are taken, but nothing is heard until there is one\n",
                p->live.why);
        want->silent = true;
        *heard = false;
        code = chr_live_open(&p->live, want, &status);
    }
    p->live.wants_status = false; /* the terminal's line is the typist's */
    p->live.show.json = p->json;
    p->live.show.plain = p->plain;
    p->live.show.coloured = p->colour;
    p->live.on_status = on_status;
    p->live.status_context = p;
    p->live.show.before = before_print;
    p->live.show.context = p;
    return code;
}

/* The session that is to come back; its seed and its folder. Where there is none, a new one begins.
 */
static void find_former(prompt *p, chr_live_options *want) {
    char why[CHR_JOURNAL_TEXT];
    if (!p->resume)
        return;
    if (chr_journal_last(&p->former, NULL, why))
        chr_live_resume_options(&p->former, want);
    else
        chr_show_error("%s", why);
}

static void bring_back(prompt *p) {
    if (p->former.n > 0)
        chr_live_resume(&p->live, &p->former);
    else if (!p->resume)
        chr_live_tell_died(&p->live);
}

static int talk(prompt *p, bool heard) {
    chr_interrupt_catch();
    bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    if (terminal && !p->json)
        chr_show_lines(&p->live.show, "Chronus " CHRONUS_VERSION
                                      ". help explains, quit or Ctrl-D ends, hush silences.");
    fflush(stdout);
    p->helper =
        (chr_helper){.session = chr_player_session(p->live.player), .files = chr_files_new(NULL)};
    if (!p->helper.files) {
        chr_show_error("memory is out");
        return CHR_EXIT_INTERNAL;
    }
    char ready[CHR_HOST_TEXT + 80];
    snprintf(ready, sizeof ready, "Chronus " CHRONUS_VERSION " on %s, %g Hz",
             chr_steady_facts(p->live.host)->device, p->live.rate_hz);
    if (p->json)
        chr_json_event("ready", ready);
    bring_back(p);
    chr_typing_options about = {
        .on_line = on_line,
        .context = p,
        .plain = p->plain || !chr_rows_possible(),
        .status = !p->no_status,
        .hints = !p->no_hints,
        .helper = &p->helper,
    };
    chr_typing_begin(&p->typing, &about);
    converse(p, heard);
    chr_typing_end(&p->typing);
    chr_files_free(p->helper.files);
    chr_live_end(&p->live);
    chr_answer_flush(&p->live.answer);
    if (p->json)
        chr_json_event("end", "Chronus has ended");
    return p->exit_code;
}

int chr_cmd_prompt(int argc, char **argv) {
    chr_command_line line = the_line;
    line.argc = argc;
    line.argv = argv;
    prompt p = {.former.lock = -1};
    chr_live_options want = {.want.n_channels = 2};
    int code = parse(&line, &want, &p);
    if (code)
        return code < 0 ? CHR_EXIT_OK : code;
    bool heard;
    find_former(&p, &want);
    code = open_live(&p, &want, &heard);
    if (!code)
        code = chr_live_start(&p.live);
    if (!code)
        code = talk(&p, heard);
    chr_live_close(&p.live);
    chr_journal_text_clear(&p.former);
    chr_lines_free(&p.block);
    return code;
}
