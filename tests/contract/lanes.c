/* tests/contract/lanes.c: no module is scalar code in a loop over instances. Eight lanes must cost
 * hardly more than four, counted in instructions by callgrind on x86-64-v3, where both are one
 * register. (Not one against eight: a plain loop of one lane is vectorised over time by the
 * compiler, and rightly so.)
 *
 * The program runs itself under valgrind with `--count`. Where there is no valgrind, no such CPU or
 * no optimisation it says so and skips.
 *
 * SPDX-License-Identifier: MIT */
#include "tests/support/module_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#if defined __has_include
#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#define CAN_COUNT
#endif
#endif

#if !defined __OPTIMIZE__ || defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#undef CAN_COUNT
#endif
#if defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#undef CAN_COUNT
#endif
#endif

static const char isa[] = "x86-64-v3";
static const double LIMIT = 1.5;

/* What the test is for: a module that goes through its instances one by one. */
__attribute__((noinline)) static float one_sample(float y, float x) {
    return x > y ? y + 0.25f * (x - y) : y * 0.999f;
}
static inline void scalar_process(float *y, const chr_block *b, int lanes) {
    for (int i = b->from; i < b->to; i++)
        for (int lane = 0; lane < lanes; lane++) {
            y[lane] = one_sample(
                y[lane],
                b->inputs[0].v[(uint32_t)i * b->inputs[0].step * (uint32_t)lanes + (uint32_t)lane]);
            b->outputs[0][i * lanes + lane] = y[lane];
        }
}
static void scalar_process_4(void *state, const chr_block *b) {
    scalar_process(state, b, 4);
}
static void scalar_process_8(void *state, const chr_block *b) {
    scalar_process(state, b, 8);
}

static const chr_port port[] = {
    {.name = "in", .kind = CHR_AUDIO, .doc = "signal"}
};
static const chr_module scalar_module[] = {
    {.name = "scalar",
     .inputs = port,
     .n_inputs = 1,
     .outputs = port,
     .n_outputs = 1,
     .state_bytes = 16,
     .process = scalar_process_4},
    {.name = "scalar",
     .inputs = port,
     .n_inputs = 1,
     .outputs = port,
     .n_outputs = 1,
     .state_bytes = 32,
     .process = scalar_process_8},
};

#ifdef CAN_COUNT
static void watch(bool running) {
    (void)running;
    CALLGRIND_TOGGLE_COLLECT;
}

/* Defaults, a steady input, and oscillators at 20 Hz: what happens once in a while in one lane is
 * not meant here. */
static void count(const chr_module *m, int lanes) {
    enum { SAMPLES = 50 * CHR_CHUNK };
    static float input[SAMPLES];
    for (int i = 0; i < SAMPLES; i++)
        input[i] = (float)(i * 37 % 200) * 0.001f;
    rig *r = rig_open(m, lanes, 48000.0f, 1);
    for (int k = 0; k < m->n_inputs; k++)
        for (int lane = 0;
             lane < lanes && m->inputs[k].kind == CHR_AUDIO && strcmp(m->inputs[k].name, "sync");
             lane++)
            r->input[k][lane].signal = input;
    for (int k = 0; k < m->n_params; k++)
        if (!strcmp(m->params[k].word, "freq"))
            rig_set(r, "freq", 20.0f);
    r->watch = watch;
    rig_run(r, SAMPLES);
    char name[64];
    snprintf(name, sizeof name, "%s/%d", m->name, lanes);
    CALLGRIND_DUMP_STATS_AT(name);
    rig_close(r);
}

static int count_all(void) {
    static const int lanes[] = {4, 8};
    for (int w = 0; w < 2; w++) {
        const chr_build *build = chr_registry_build(isa, lanes[w]);
        for (int i = 0; build && i < chr_registry_count(); i++)
            if (build->modules[i]->process)
                count(build->modules[i], lanes[w]);
        count(&scalar_module[w], lanes[w]);
    }
    return 0;
}

/* Instructions of one module, from the dumps; 0 where it is missing. */
static double counted(FILE *dumps, const char *name, int lanes) {
    char line[512], wanted[128];
    bool found = false;
    double total = 0.0;
    snprintf(wanted, sizeof wanted, "desc: Trigger: Client Request: %s/%d\n", name, lanes);
    rewind(dumps);
    while (fgets(line, sizeof line, dumps)) {
        if (!strcmp(line, wanted))
            found = true;
        if (found && sscanf(line, "totals: %lf", &total) == 1)
            return total;
    }
    return 0.0;
}

static FILE *run_valgrind(void) {
    char self[4096], path[] = "/tmp/chronus-lanes-XXXXXX", command[9000];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    int file = mkstemp(path);
    if (length <= 0 || file < 0)
        return NULL;
    self[length] = '\0';
    close(file);
    snprintf(command, sizeof command,
             "valgrind --tool=callgrind --combine-dumps=yes --collect-atstart=no "
             "--callgrind-out-file=%s '%s' --count "
             ">/dev/null 2>&1",
             path, self);
    FILE *dumps = system(command) == 0 ? fopen(path, "r") : NULL;
    unlink(path);
    return dumps;
}
#endif

static void eight_lanes_cost_hardly_more_than_four(void **state) {
    (void)state;
#ifdef CAN_COUNT
    if (system("valgrind --version >/dev/null 2>&1") != 0) {
        print_message("skipped: valgrind is not installed\n");
        skip();
    }
    if (!chr_registry_build(isa, 8)) {
        print_message("skipped: this CPU does not run %s\n", isa);
        skip();
    }
    FILE *dumps = run_valgrind();
    assert_non_null(dumps);
    int bad = 0;
    for (int i = 0; i < chr_registry_count(); i++) {
        const chr_module *m = chr_registry_modules()[i];
        if (!m->process)
            continue;
        double four = counted(dumps, m->name, 4), eight = counted(dumps, m->name, 8);
        print_message("%-12s %8.1f instructions a sample in 4 lanes, %8.1f in 8: %.2f\n", m->name,
                      four / 1600.0, eight / 1600.0, eight / four);
        bad += !(four > 0.0 && eight < LIMIT * four);
    }
    double scalar = counted(dumps, "scalar", 8) / counted(dumps, "scalar", 4);
    print_message("a scalar module, for comparison: %.2f; the limit is %.2f\n", scalar, LIMIT);
    fclose(dumps);
    assert_true(scalar > LIMIT + 0.2); /* the test does tell them apart */
    assert_int_equal(bad, 0);
#else
    (void)scalar_module;
    print_message("skipped: this build is not optimised, or has no callgrind.h\n");
    skip();
#endif
}

int main(int argc, char **argv) {
#ifdef CAN_COUNT
    if (argc > 1 && !strcmp(argv[1], "--count"))
        return count_all();
#endif
    (void)argc;
    (void)argv;
    const struct CMUnitTest tests[] = {cmocka_unit_test(eight_lanes_cost_hardly_more_than_four)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
