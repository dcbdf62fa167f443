/* runtime/cli/cmd_bench.c: `chronus bench`: where the time of a script goes.
 * SPDX-License-Identifier: MIT */
#include "runtime/bench.h"

#include "lang/visible.h"
#include "runtime/cli/cli.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SECONDS, RATE, ISA, JSON };
#define BUDGET_S 60.0 /* of the clock: a script that is too much for this machine ends too */
#define SHOWN 0.0005  /* of all: less than this is not shown by itself */

static const chr_option options[] = {
    {"--seconds", NULL, "N",    "how much of the script is played, from its beginning; 10"},
    {"--rate",    NULL, "HZ",   "samples a second, 8000 to 192000; 48000"                 },
    {"--isa",     NULL, "NAME", "instruction set of the kernels"                          },
    {"--json",    NULL, NULL,   "the same for programs"                                   },
};

typedef struct bench_plan {
    const char *script, *isa;
    double seconds;
    long rate_hz;
    bool json;
} bench_plan;

static uint64_t read_ns(clockid_t which) {
    struct timespec now;
    clock_gettime(which, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
static uint64_t clock_ns(void) {
    return read_ns(CLOCK_MONOTONIC);
}
static uint64_t cpu_ns(void) {
    return read_ns(CLOCK_THREAD_CPUTIME_ID);
}

static const char *shown_patch(const char *patch) {
    return *patch ? patch : "(shared)";
}

/* An instrument of the library is one thing, whose inside is its own business. */
static bool is_whole(const chr_bench_item *i) {
    return !strcmp(i->patch, i->kind);
}

/* The patches, dearest first: the first item of a patch that no item before it belongs to, then the
 * greatest that is less. */
static const char *next_patch(const chr_bench *b, const char *after) {
    const char *best = NULL;
    double most = -1, limit = after ? chr_bench_patch(b, after) : 2;
    bool passed = !after;
    for (uint32_t i = 0; i < b->n; i++) {
        const char *patch = b->items[i].patch;
        double share = chr_bench_patch(b, patch);
        if (after && !strcmp(patch, after)) {
            passed = true;
            continue;
        }
        /* Of equals those that come later in the list. */
        if ((share < limit || (share == limit && passed)) && share > most) {
            best = patch;
            most = share;
        }
    }
    return best;
}

static int name_width(const chr_bench *b) {
    size_t most = strlen("all else");
    for (uint32_t i = 0; i < b->n; i++) {
        size_t n = strlen(shown_patch(b->items[i].patch));
        most = n > most ? n : most;
    }
    return (int)(most < 24 ? most : 24);
}

static void print_modules(const chr_bench *b, const char *patch) {
    int n = 0;
    for (uint32_t i = 0; i < b->n; i++) {
        const chr_bench_item *it = &b->items[i];
        if (strcmp(it->patch, patch) == 0 && it->share >= SHOWN)
            printf("%s%s %.1f %%", n++ ? ", " : "   ", is_whole(it) ? "itself" : it->kind,
                   it->share * 100);
    }
    putchar('\n');
}

static void print_text(const bench_plan *p, const chr_bench *b) {
    printf("%s: %.1f %% of one core, %.0f times real time (%.1f s were played)\n",
           chr_script_name(p->script), b->load * 100, 1 / b->load, b->seconds);
    if (b->n && b->items[0].share >= SHOWN) {
        const chr_bench_item *first = &b->items[0];
        if (is_whole(first))
            printf("dearest: %s %.0f %%\n", first->kind, first->share * 100);
        else
            printf("dearest: %s on %s %.0f %%\n", first->kind, shown_patch(first->patch),
                   first->share * 100);
    }
    int width = name_width(b);
    for (const char *patch = NULL; (patch = next_patch(b, patch));) {
        double share = chr_bench_patch(b, patch);
        if (share < SHOWN)
            break;
        printf("  %-*s %5.1f %%", width, shown_patch(patch), share * 100);
        print_modules(b, patch);
    }
    printf("  %-*s %5.1f %%   adding up what is heard\n", width, "mix", b->sums * 100);
    printf("  %-*s %5.1f %%   notes, ceiling\n", width, "all else", b->rest * 100);
}

static void print_json(const bench_plan *p, const chr_bench *b) {
    printf("{\"script\": ");
    chr_print_quoted(stdout, chr_script_name(p->script));
    printf(", \"seconds\": %.3f, \"rate_hz\": %ld, \"core_percent\": %.4g, "
           "\"times_real_time\": %.4g, \"patches\": [",
           b->seconds, p->rate_hz, b->load * 100, 1 / b->load);
    int n = 0;
    for (const char *patch = NULL; (patch = next_patch(b, patch)); n++) {
        printf(n ? ", {\"name\": " : "{\"name\": ");
        chr_print_quoted(stdout, patch);
        printf(", \"percent\": %.4g, \"modules\": [", chr_bench_patch(b, patch) * 100);
        int m = 0;
        for (uint32_t i = 0; i < b->n; i++) {
            if (strcmp(b->items[i].patch, patch) != 0)
                continue;
            printf(m++ ? ", {\"name\": " : "{\"name\": ");
            chr_print_quoted(stdout, b->items[i].kind);
            printf(", \"percent\": %.4g}", b->items[i].share * 100);
        }
        printf("]}");
    }
    printf("], \"mix_percent\": %.4g, \"else_percent\": %.4g}\n", b->sums * 100, b->rest * 100);
}

static int measure(const bench_plan *plan, chr_player *p, chr_show *show, const chr_given *given) {
    chr_evaluation e = chr_player_evaluate(p, given->text, given->len,
                                           chr_script_name(plan->script), plan->script);
    if (e.status == CHR_OK && !e.applied)
        return CHR_EXIT_SCRIPT;
    chr_bench b = {.seconds = 0};
    if (e.status == CHR_OK) {
        if (e.plays_by_itself)
            chr_player_play(p);
        show->silent = true; /* what comes later in the piece says nothing here */
        const chr_bench_options about = {.rate_hz = (double)plan->rate_hz,
                                         .n_channels = 2,
                                         .seconds = plan->seconds,
                                         .budget_s = BUDGET_S,
                                         .now_ns = clock_ns,
                                         .cpu_ns = cpu_ns};
        e.status = chr_bench_run(&b, p, &about);
    }
    if (e.status != CHR_OK) {
        chr_show_error("memory is out");
        return CHR_EXIT_INTERNAL;
    }
    (plan->json ? print_json : print_text)(plan, &b);
    chr_bench_clear(&b);
    return CHR_EXIT_OK;
}

static int bench(const bench_plan *plan) {
    chr_given given;
    int code = chr_given_read(&given, plan->script);
    if (code)
        return code;
    chr_show show = {.quiet = true};
    chr_player_options about = {
        .engine = {.rate_hz = (float)plan->rate_hz,
                   .isa = plan->isa,
                   .ceiling = true,
                   .n_channels = 2},
        .folder = given.folder,
        .listener = chr_show_listener(&show),
    };
    chr_player *p = chr_player_new(&about);
    code = p ? measure(plan, p, &show, &given) : chr_explain_engine(&about.engine);
    chr_player_free(p);
    chr_given_clear(&given);
    return code;
}

static int parse(chr_command_line *line, bench_plan *plan) {
    int option, code;
    while ((option = chr_args_next_but_script(line, &plan->script, &code)) != CHR_ARG_END) {
        const char *value = line->values[0];
        bool good = true;
        if (option == SECONDS)
            good = chr_arg_double(line, "--seconds", value, 0.1, 3600, &plan->seconds);
        else if (option == RATE)
            good = chr_arg_int(line, "--rate", value, 8000, 192000, &plan->rate_hz);
        else if (option == ISA)
            plan->isa = value;
        else
            plan->json = true;
        if (!good)
            return CHR_EXIT_USAGE;
    }
    if (code)
        return code;
    return plan->script ? CHR_EXIT_OK : chr_usage(line, "which script is to be measured?");
}

int chr_cmd_bench(int argc, char **argv) {
    chr_command_line line = {
        .command = "bench",
        .use = "chronus bench FILE [options]",
        .about = "Shows where the time of a script goes: what each patch takes, and its modules, "
                 "dearest first. It is\n"
                 "played for nobody, as fast as this machine can; voices that are silent cost "
                 "nothing. FILE is - for\nstandard input. Live, `stats` shows the same of what "
                 "plays.\n",
        .options = options,
        .n_options = (int)(sizeof options / sizeof *options),
        .argc = argc,
        .argv = argv,
    };
    bench_plan plan = {.seconds = 10, .rate_hz = 48000};
    int code = parse(&line, &plan);
    if (code == CHR_EXIT_OK)
        code = bench(&plan);
    return code < 0 ? CHR_EXIT_OK : code;
}
