/* runtime/cli/cmd_run.c: `chronus run`: plays a script, and plays it anew whenever it is saved.
 * SPDX-License-Identifier: MIT */
#include "runtime/cli/live.h"
#include "runtime/cli/meter.h"
#include "runtime/cli/render.h"
#include "runtime/cli/watch.h"
#include "runtime/files.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WATCH, SECONDS, QUIET };

static const chr_option options[] = {
    {"--watch",   "-w", NULL, "evaluates the script again whenever it is saved"},
    {"--seconds", NULL, "N",  "ends by itself after so long"                   },
    {"--quiet",   "-q", NULL, "says nothing but errors and warnings"           },
};

typedef struct run_plan {
    chr_live_options live;
    const char *script;
    double seconds; /* 0: until Ctrl-C */
    bool watch;
} run_plan;

static int take_option(const chr_command_line *line, run_plan *plan, int option) {
    int code;
    if (chr_live_take_option(line, option, &plan->live, &code))
        return code;
    if (option == WATCH)
        plan->watch = true;
    if (option == QUIET)
        plan->live.quiet = true;
    if (option == SECONDS &&
        !chr_arg_double(line, options[option].name, line->values[0], 0.001, 864000, &plan->seconds))
        return CHR_EXIT_USAGE;
    return CHR_EXIT_OK;
}

static int parse(chr_command_line *line, run_plan *plan) {
    int option, code;
    while ((option = chr_args_next_but_script(line, &plan->script, &code)) != CHR_ARG_END) {
        code = take_option(line, plan, option);
        if (code)
            return code;
    }
    if (code)
        return code;
    if (!plan->script)
        return chr_usage(line, "which script is to be played?");
    if (plan->watch && strcmp(plan->script, "-") == 0)
        return chr_usage(line, "--watch needs a file: standard input is never saved again");
    return CHR_EXIT_OK;
}

/* A name beside the script that is free, or holds an earlier rendering of ours: acid.wav,
 * acid-2.wav ... */
static char *free_name_beside(const char *script) {
    bool standard = strcmp(script, "-") == 0;
    const char *base = standard ? "chronus" : script;
    size_t n = strlen(base);
    if (n > 4 && strcmp(base + n - 4, ".chr") == 0)
        n -= 4;
    char *out = malloc(n + 16);
    for (int i = 1; out && i < 100; i++) {
        memcpy(out, base, n);
        if (i == 1)
            strcpy(out + n, ".wav");
        else
            snprintf(out + n, 16, "-%d.wav", i);
        if (chr_soundfile_is_ours(out))
            return out;
    }
    free(out);
    return NULL;
}

/* No sound card: a file instead. */
static int render_instead(const run_plan *plan, const char *why, const char *text, size_t len) {
    char *out = free_name_beside(plan->script);
    if (!out) {
        chr_show_error("%s, and no file name beside %s is free", why, plan->script);
        return CHR_EXIT_IO;
    }
    printf("%s: rendering to %s instead\n", why, out);
    fflush(stdout);
    chr_render_plan render = {
        .script = plan->script,
        .text = text,
        .len = len,
        .out = out,
        .seconds = plan->seconds,
        .tail_s = -1,
        .rate_hz = plan->live.want.rate_hz > 0 ? plan->live.want.rate_hz : 48000,
        .n_channels = plan->live.want.n_channels,
        .block = 512,
        .bits = CHR_BITS_24,
        .seed = plan->live.seed,
        .quiet = plan->live.quiet,
    };
    int code = chr_render(&render);
    free(out);
    return code;
}

/* One evaluation of the whole script. False: memory is out. */
static bool evaluate(chr_live *l, const run_plan *plan, const char *text, size_t len,
                     bool *playing) {
    chr_evaluation e =
        chr_player_evaluate(l->player, text, len, chr_script_name(plan->script), plan->script);
    if (e.status != CHR_OK) {
        chr_live_clear(l);
        chr_show_error("%s",
                       e.status == CHR_NO_MEMORY ? "memory is out" : "the engine cannot play this");
        return false;
    }
    if (!e.applied)
        return true;
    if (!*playing && e.plays_by_itself)
        chr_player_play(l->player);
    *playing = true;
    if (e.offered)
        chr_answer_expect(&l->answer, &e, l->player);
    return true;
}

static void tell_host(const chr_live *l, const run_plan *plan) {
    if (plan->live.quiet)
        return;
    const chr_host_facts *facts = chr_steady_facts(l->host);
    printf("playing %s on %s, %g Hz", chr_script_name(plan->script), facts->device, facts->rate_hz);
    if (facts->latency_s > 0)
        printf(", %.0f ms behind", facts->latency_s * 1000);
    printf("; %sCtrl-C ends\n", plan->watch ? "save the script to hear the change, " : "");
}

/* The file is the truth, as long as there is one. False: memory is out. */
static bool follow(chr_live *l, const run_plan *plan, chr_watch *watch, bool *playing) {
    switch (chr_watch_look(watch, chr_now_s())) {
    case CHR_WATCH_CHANGED:
        return evaluate(l, plan, watch->text, watch->len, playing);
    case CHR_WATCH_GONE:
        chr_show_event(&l->show, "file", true,
                       "%s is gone: the music goes on, and follows it again once it is back",
                       plan->script);
        return true;
    case CHR_WATCH_EMPTY:
        chr_show_event(&l->show, "file", true,
                       "%s is empty: the music goes on as it was; a line that says hush ends it",
                       plan->script);
        return true;
    case CHR_WATCH_BACK:
        chr_show_event(&l->show, "file", false, "%s is back, as it was", plan->script);
        return true;
    case CHR_WATCH_SAME:
        break;
    }
    return true;
}

static int play(chr_live *l, const run_plan *plan, char *text, size_t len) {
    chr_watch watch;
    chr_watch_begin(&watch, plan->script, text, len);
    bool playing = false;
    int code = evaluate(l, plan, text, len, &playing) ? CHR_EXIT_OK : CHR_EXIT_INTERNAL;
    if (!code && !playing && !plan->watch)
        code = CHR_EXIT_SCRIPT;
    if (!code) {
        tell_host(l, plan);
        if (!playing)
            printf("nothing plays yet: mend the script and save it\n");
        fflush(stdout);
        code = chr_live_start(l);
    }
    const uint64_t end = plan->seconds > 0 ? (uint64_t)(plan->seconds * l->rate_hz) : UINT64_MAX;
    while (!code && !chr_interrupted() && chr_player_look(l->player).clock < end) {
        chr_live_step(l);
        if (plan->watch && !chr_player_waits(l->player) && !follow(l, plan, &watch, &playing)) {
            code = CHR_EXIT_INTERNAL;
        }
    }
    chr_live_end(l);
    chr_watch_end(&watch);
    return code;
}

static int run(const run_plan *plan) {
    chr_given given;
    int code = chr_given_read(&given, plan->script);
    if (code)
        return code;
    chr_live_options about = plan->live;
    about.folder = given.folder;
    chr_live l;
    chr_status status;
    code = chr_live_open(&l, &about, &status);
    if (!code && status == CHR_NO_DEVICE) {
        code = render_instead(plan, l.why, given.text, given.len);
        chr_given_clear(&given);
        return code;
    }
    if (!code) {
        double asked = plan->live.want.rate_hz;
        if (asked > 0 && fabs(l.rate_hz - asked) > 0.5)
            printf("%s does not run at %g Hz: playing at %g Hz\n", chr_steady_facts(l.host)->device,
                   asked, l.rate_hz);
        chr_interrupt_catch();
        code = play(&l, plan, given.text, given.len);
        given.text = NULL; /* the watch had it */
    }
    chr_live_close(&l);
    chr_given_clear(&given);
    return code;
}

int chr_cmd_run(int argc, char **argv) {
    chr_command_line line = {
        .command = "run",
        .use = "chronus run FILE [--watch] [options]",
        .about =
            "Plays a script on the sound device. With --watch, save the script while it plays: "
            "what changed is\n"
            "heard at once and without a click; a script with an error leaves the sound as it is. "
            "Ctrl-C fades\n"
            "out. Where there is no usable device, the script is rendered to a file beside it.\n",
        .options = options,
        .n_options = (int)(sizeof options / sizeof *options),
        .shared = chr_live_option_table,
        .n_shared = CHR_LIVE_OPTIONS,
        .argc = argc,
        .argv = argv,
    };
    run_plan plan = {.live.want.n_channels = 2};
    int code = parse(&line, &plan);
    if (code)
        return code < 0 ? CHR_EXIT_OK : code;
    return run(&plan);
}
