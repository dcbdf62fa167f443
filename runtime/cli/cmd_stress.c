/* runtime/cli/cmd_stress.c: `chronus stress`: plays what a plan asks for and measures how the
 * computer bears it. SPDX-License-Identifier: MIT */
#include "runtime/cli/cli.h"

#ifdef CHRONUS_HAS_JANSSON

#include "runtime/cli/live.h"
#include "runtime/cli/meter.h"
#include "runtime/cli/stress_report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { JSON, CSV, BASELINE, QUIET };

static const chr_option options[] = {
    {"--json",     NULL, "FILE", "writes the figures as JSON; -: to standard output"       },
    {"--csv",      NULL, "FILE", "writes them as a table; -: to standard output"           },
    {"--baseline", NULL, "FILE",
     "names what is worse than in this report of an earlier run (--json), with exit code 4"},
    {"--quiet",    "-q", NULL,   "says only what is worse"                                 },
};

typedef struct stress {
    const char *plan, *json, *csv, *baseline;
    bool quiet;
    chr_live_options live;
} stress;

/* The audio thread is held up: it works for nothing, as a busy computer makes it. */
typedef struct held_up {
    uint64_t ns, every, n; /* n: blocks so far */
} held_up;

CHR_TRUSTED_BEGIN
static chr_host_fill hold_up;
static void hold_up(void *context, const float *in, float *out, int n_frames) {
    (void)in, (void)out, (void)n_frames;
    held_up *h = context;
    if (h->ns == 0 || ++h->n % h->every != 0)
        return;
    double until_s = chr_host_clock_s() + (double)h->ns * 1e-9;
    while (chr_host_clock_s() < until_s)
        continue;
}
CHR_TRUSTED_END

static int evaluate(chr_live *l, const char *text, const char *place) {
    chr_evaluation e = chr_player_evaluate(l->player, text, strlen(text), place, NULL);
    return e.status == CHR_OK ? CHR_EXIT_OK : CHR_EXIT_INTERNAL;
}

static int begin_stage(chr_live *l, const chr_stress_stage *s) {
    char *text = chr_stress_script(s);
    size_t len;
    if (!text) {
        chr_show_error("memory is out");
        return CHR_EXIT_INTERNAL;
    }
    int code = evaluate(l, text, s->name);
    free(text);
    if (code || !s->script)
        return code;
    code = chr_read_script(s->script, &text, &len);
    if (code)
        return code;
    chr_evaluation e = chr_player_evaluate(l->player, text, len, s->script, s->script);
    free(text);
    return e.applied ? CHR_EXIT_OK : CHR_EXIT_SCRIPT;
}

/* Plays the stage to its end. */
static int play_stage(chr_live *l, const chr_stress_stage *s, int *most_voices) {
    double from_s = chr_now_s(), now_s;
    uint64_t n = 0;
    int code = CHR_EXIT_OK;
    while (!code && (now_s = chr_now_s() - from_s) < s->seconds && !chr_interrupted()) {
        if (now_s * s->swaps >= (double)(n + 1))
            code = evaluate(l, chr_stress_change(n++), s->name);
        chr_live_step(l);
        int voices = chr_player_look(l->player).voices;
        *most_voices = voices > *most_voices ? voices : *most_voices;
    }
    return chr_interrupted() ? CHR_EXIT_INTERRUPTED : code;
}

static bool add_figures(chr_stress_report *report, chr_live *l, const chr_stress_stage *s,
                        int most_voices) {
    char *stats = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&stats, &size);
    if (!to)
        return false;
    chr_stats_print_json(l, to);
    bool good = ferror(to) == 0;
    good = fclose(to) == 0 && good && chr_stress_report_add(report, s, stats, most_voices);
    free(stats);
    return good;
}

/* Each stage has a session and an engine of its own, so that none depends on those before it. */
static int run_stage(const stress *o, const chr_stress_stage *s, chr_stress_report *report) {
    chr_live l;
    chr_status status;
    held_up delay = {.ns = (uint64_t)(s->delay_ms * 1e6), .every = (uint64_t)s->delay_every};
    int code = chr_live_open(&l, &o->live, &status), most_voices = 0;
    if (!code && status == CHR_NO_DEVICE) {
        chr_show_error("%s", l.why);
        code = CHR_EXIT_IO;
    }
    if (!code) {
        l.also = hold_up;
        l.also_context = &delay;
        code = begin_stage(&l, s);
    }
    if (!code)
        code = chr_live_start(&l);
    if (!code)
        code = play_stage(&l, s, &most_voices);
    if (!code && !add_figures(report, &l, s, most_voices)) {
        chr_show_error("memory is out");
        code = CHR_EXIT_INTERNAL;
    }
    chr_live_close(&l);
    return code;
}

static int export(const char *path, const chr_stress_report *report,
                  bool (*write)(const chr_stress_report *, FILE *)) {
    if (!path)
        return CHR_EXIT_OK;
    FILE *to = strcmp(path, "-") == 0 ? stdout : fopen(path, "we");
    bool good = to && write(report, to);
    int why = errno;
    if (to && to != stdout)
        good = fclose(to) == 0 && good;
    if (!good)
        chr_show_error("%s cannot be written: %s", path, strerror(why));
    return good ? CHR_EXIT_OK : CHR_EXIT_IO;
}

static int run(const stress *o, const chr_stress_plan *plan, chr_stress_report *report) {
    FILE *to = (o->json && strcmp(o->json, "-") == 0) || (o->csv && strcmp(o->csv, "-") == 0)
                   ? stderr
                   : stdout;
    chr_interrupt_catch();
    for (int i = 0; i < plan->n_stages; i++) {
        int code = run_stage(o, &plan->stages[i], report);
        if (code)
            return code;
        if (!o->quiet)
            chr_stress_report_tell(report, to);
        fflush(to);
    }
    int code = export(o->json, report, chr_stress_report_json);
    if (!code)
        code = export(o->csv, report, chr_stress_report_csv);
    if (!code && o->baseline)
        code = chr_stress_report_compare(report, o->baseline, plan->tolerance, to);
    return code;
}

static void take_option(stress *o, int option, const char *text) {
    switch (option) {
    case JSON:
        o->json = text;
        break;
    case CSV:
        o->csv = text;
        break;
    case BASELINE:
        o->baseline = text;
        break;
    default:
        o->quiet = true;
    }
}

int chr_cmd_stress(int argc, char **argv) {
    chr_command_line line = {
        .command = "stress",
        .use = "chronus stress PLAN.json [options]",
        .about = "Finds out what this computer can bear: plays the stages of a plan, in real time "
                 "and to no device, and\n"
                 "measures them. A stage may ask for held voices, short notes, changes, a script "
                 "of yours, and for an audio\n"
                 "thread that is held up. docs/live.md describes plans and figures.\n",
        .options = options,
        .n_options = (int)(sizeof options / sizeof *options),
        .shared = chr_live_option_table,
        .n_shared = CHR_LIVE_DEVICE_OPTIONS,
        .argc = argc,
        .argv = argv,
    };
    stress o = {
        .live = {.null = true, .quiet = true, .no_journal = true, .want.n_channels = 2}
    };
    int option, code;
    while ((option = chr_args_next_but_script(&line, &o.plan, &code)) != CHR_ARG_END) {
        if (!chr_live_take_option(&line, option, &o.live, &code))
            take_option(&o, option, line.values[0]);
        else if (code)
            return code;
    }
    if (code)
        return code < 0 ? CHR_EXIT_OK : code;
    if (!o.plan)
        return chr_usage(&line, "which plan is to be played?");
    chr_stress_plan plan;
    code = chr_stress_read(o.plan, &plan);
    if (code)
        return code;
    o.live.null = !o.live.want.device;
    if (o.live.want.rate_hz <= 0)
        o.live.want.rate_hz = plan.rate_hz;
    if (o.live.want.block <= 0)
        o.live.want.block = (int)plan.block;
    chr_stress_report *report = chr_stress_report_new(&plan);
    code = report ? run(&o, &plan, report) : CHR_EXIT_INTERNAL;
    chr_stress_report_free(report);
    chr_stress_free(&plan);
    return code;
}

#else

int chr_cmd_stress(int argc, char **argv) {
    (void)argc, (void)argv;
    chr_show_error("this program was built without jansson, which stress reads its plans with: "
                   "install libjansson-dev and build it again");
    return CHR_EXIT_IO;
}

#endif
