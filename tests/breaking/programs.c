/* tests/breaking/programs.c: programs by chance, each evaluated, played, changed while it plays,
 * taken back. Nothing crashes, nothing leaks (the sanitizers see to that), no evaluation and no
 * chunk takes a second, no sample is not finite; most of them pass the check and sound; and every
 * production of the grammar comes. million.sh runs many.
 *
 *     programs [FROM COUNT]     those of so many seeds
 *     programs SEED             one, shown
 *
 * A seed is the same program in every build of one compiler; the order in which arguments roll is
 * the compiler's own.
 * SPDX-License-Identifier: MIT */
#include "runtime/player.h"
#include "tests/breaking/grammar.h"
#include "tests/breaking/program.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* A peak from which on a program sounds: -100 dB. */
static const float AUDIBLE = 1e-5f;

static uint64_t seed_now;
static bool shown;
static long n_passed, n_sounded, n_edits, n_edits_passed, wrong;
static double longest_s;

/* ---- what ends it is named ---- */

void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

/* What a program frees is kept from use for some programs more, not for thousands: fresh pages for
 * each allocation take longer than the programs. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) {
    return "quarantine_size_mb=16:malloc_context_size=8";
}

static void tell_seed(void) {
    char text[64];
    int n = snprintf(text, sizeof text, "\nseed %llu\n", (unsigned long long)seed_now);
    (void)!write(2, text, (size_t)n);
}

static void on_signal(int number) {
    tell_seed();
    signal(number, SIG_DFL);
    raise(number);
}

static void complain(const char *what) {
    wrong++;
    printf("seed %llu: %s\n", (unsigned long long)seed_now, what);
    fflush(stdout);
}

static double processor_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Half a second from `began` on is long; a whole one hangs. */
static void expect_quick(double began_s, const char *what) {
    double took_s = processor_s() - began_s;
    longest_s = took_s > longest_s ? took_s : longest_s;
    if (took_s > 1)
        complain(what);
}

/* ---- a program ---- */

static void on_diagnostics(void *context, const chr_diags *diags) {
    (void)context;
    if (shown)
        chr_diags_print(diags, stdout, false, 0);
}

static bool evaluate(chr_player *p, const program *text, const char *file) {
    if (shown)
        printf("---- %s\n%s----\n", file ? file : "typed", text->text);
    double began_s = processor_s();
    chr_evaluation e = chr_player_evaluate(p, text->text, text->n, "program", file);
    expect_quick(began_s, "an evaluation took over a second");
    if (e.status != CHR_OK)
        complain("memory is out");
    return e.applied;
}

/* A signal ends what a step hangs in, so that its seed is told. */
static void watch_out(void) {
    enum { HANGS_S = 20 }; /* of processor time, for all of one seed */
    const struct itimerval from_now = {.it_value = {.tv_sec = HANGS_S}};
    setitimer(ITIMER_PROF, &from_now, NULL);
}

/* Plays so many samples, fewer if it has sounded for so many of them. Returns the peak. */
static float play(chr_player *p, long n, long enough) {
    static float out[2 * 256];
    float peak = 0;
    for (; n > 0 && enough > 0; n -= 256) {
        double began_s = processor_s();
        chr_player_tend(p);
        chr_engine_render(chr_player_engine(p), out, 256);
        expect_quick(began_s, "a block took over a second");
        for (int i = 0; i < 2 * 256; i++) {
            if (!isfinite(out[i])) {
                complain("a sample is not finite");
                return peak;
            }
            peak = fmaxf(peak, fabsf(out[i]));
        }
        enough -= peak > AUDIBLE ? 256 : 0;
    }
    return peak;
}

static void write_program(program *p, bool edit) {
    uint32_t kind = program_roll(p, 100);
    if (kind < 74) {
        int statements = 1 + (int)program_roll(p, 10);
        edit ? program_edit(p, statements) : program_music(p, statements);
    } else if (kind < 84) {
        edit ? program_edit(p, 4) : program_music(p, 4);
        program_break(p);
    } else {
        for (uint32_t k = 1 + program_roll(p, 12); k > 0; k--)
            program_wild(p);
    }
}

static void try_seed(uint64_t seed) {
    static const float rates[] = {8000, 8000, 8000, 8000, 8000, 8000, 22050, 48000};
    static const int lanes[] = {0, 0, 4, 16};
    /* Most are left as soon as they have sounded for a while: making sound is what takes long, and
     * what breaks there does so in the first chunks. One in so many is played for a second. */
    enum { LONG_ONE = 128, A_WHILE = 1024 };
    seed_now = seed;
    watch_out();
    program text;
    program_begin(&text, seed);
    float rate_hz = rates[program_roll(&text, 8)];
    bool whole = program_roll(&text, LONG_ONE) == 0;
    long second = whole ? (long)rate_hz : 8000, enough = whole ? second : A_WHILE;
    chr_player_options options = {
        .engine = {.rate_hz = rate_hz,
                   .lanes = lanes[program_roll(&text, 4)],
                   .ceiling = whole || program_roll(&text, 4) == 0,
                   .n_channels = 2,
                   .stems = program_roll(&text, 2)},
        .seed = seed,
        .folder = "/nonexistent",
        .listener = {.diagnostics = on_diagnostics              }
    };
    chr_player *p = chr_player_new(&options);
    if (!p)
        abort();
    write_program(&text, false);
    bool passed = evaluate(p, &text, "program.chr");
    float peak = play(p, passed ? second : 512, enough);
    n_passed += passed;
    n_sounded += passed && peak > AUDIBLE;
    for (uint32_t edits = program_roll(&text, 4); edits > 0; edits--) {
        bool file =
            program_roll(&text, 4) == 0; /* the file is saved anew, with more in it or broken */
        if (!file)
            text.n = 0;
        write_program(&text, true);
        n_edits++;
        n_edits_passed += evaluate(p, &text, file ? "program.chr" : NULL);
        play(p, 160 + second * (long)program_roll(&text, 20) / 100, enough / 2);
    }
    text.n = 0;
    program_add(&text, "%s\n", program_roll(&text, 2) ? "undo" : "hush");
    evaluate(p, &text, NULL);
    play(p, second / 10, second / 10);
    chr_player_free(p);
    program_free(&text);
}

/* What has not come so far is wanted until it has. */
static void reach_all(void) {
    enum { TRIES = 400 };
    chr_player_options options = {
        .engine = {.rate_hz = 8000, .n_channels = 2}
    };
    chr_player *p = chr_player_new(&options);
    if (!p)
        abort();
    for (int k = 0; k < grammar_rules(); k++)
        for (int i = 0; i < TRIES && grammar_reduces(k) && grammar_seen(k) == 0; i++) {
            program text;
            program_begin(&text, (uint64_t)(k * TRIES + i));
            program_wild_for(&text, k);
            evaluate(p, &text, NULL);
            program_free(&text);
        }
    chr_player_free(p);
}

static int tell_grammar(bool all) {
    int n = 0, hit = 0;
    for (int k = 0; k < grammar_rules(); k++) {
        if (!grammar_reduces(k))
            continue;
        n++;
        hit += grammar_seen(k) > 0;
        if (all && grammar_seen(k) == 0)
            printf("never: %s\n", grammar_rule(k));
    }
    printf("%d of %d productions of the grammar\n", hit, n);
    return n - hit;
}

int main(int argc, char **argv) {
    shown = argc == 2;
    uint64_t from = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : shown ? 1 : 200;
    if (__sanitizer_set_death_callback)
        __sanitizer_set_death_callback(tell_seed);
    else
        signal(SIGSEGV, on_signal);
    signal(SIGABRT, on_signal);
    signal(SIGPROF, on_signal);
    grammar_count();
    for (uint64_t k = 0; k < count; k++) {
        try_seed(from + k);
        if ((k + 1) % 1000 == 0) {
            printf("%llu programs, %ld pass, %ld sound\n", (unsigned long long)(k + 1), n_passed,
                   n_sounded);
            fflush(stdout);
        }
    }
    printf("seeds %llu to %llu: %ld of %llu programs pass the check, %ld sound; %ld of %ld edits "
           "pass; the longest step "
           "took %.2f s\n",
           (unsigned long long)from, (unsigned long long)(from + count - 1), n_passed,
           (unsigned long long)count, n_sounded, n_edits_passed, n_edits, longest_s);
    if (!shown)
        reach_all();
    int missing = tell_grammar(!shown);
    return wrong > 0 || (!shown && count >= 100 && (n_sounded * 2 < (long)count || missing > 0));
}
