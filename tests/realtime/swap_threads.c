/* tests/realtime/swap_threads.c: one thread renders, the other offers thousands of versions. Under
 * the thread sanitizer this is the proof that the hand-over is sound; everywhere it checks that
 * nothing is lost and nothing is left over. SPDX-License-Identifier: MIT */
#include "runtime/engine.h"
#include "tests/support/ir_maker.h"

#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

enum { RATE = 48000, VERSIONS = 2000 };

typedef struct room {
    chr_engine *engine;
    atomic_bool over;
    bool finite;
} room;

static void *audience(void *argument) {
    room *r = argument;
    static float out[2 * 64];
    r->finite = true;
    while (!atomic_load(&r->over)) {
        chr_engine_render(r->engine, out, 64);
        for (int i = 0; i < 128; i++)
            r->finite = r->finite && isfinite(out[i]);
    }
    return NULL;
}

/* Versions that differ in a number, in structure, in voices and in a pattern. */
static chr_ir *version(int n) {
    ir_maker m = ir_begin();
    uint32_t voices = 1 + (uint32_t)(n / 7) % 9;
    uint32_t o = ir_owner(&m, "keys", voices);
    uint32_t saw = ir_node(&m, o, "saw", "saw", voices);
    ir_voice(&m, saw, "freq", CHR_VOICE_FREQ);
    uint32_t last = saw;
    if (n % 3) {
        last = ir_node(&m, o, "lpf", "lpf", voices);
        ir_wire(&m, last, "in", saw, 0);
        ir_set(&m, last, "cutoff", 200.0 + 100.0 * (n % 11));
    }
    uint32_t env = ir_node(&m, o, "env", "env", voices);
    ir_wire(&m, env, "in", last, 0);
    ir_voice(&m, env, "gate", CHR_VOICE_GATE);
    uint32_t mix = ir_sum(&m, o, "mix", "mix", env);
    uint32_t level = ir_node(&m, o, "level", "level", 1);
    ir_wire(&m, level, "left", mix, 0);
    ir_wire(&m, level, "right", mix, 0);
    ir_out(&m, o, level, 1);
    static const float notes[] = {48, 52, 55, 60};
    ir_pattern(&m, o, "keys", notes, 1 + (uint32_t)n % 4, 1, 8);
    return ir_end(&m);
}

static bool more_than_one_graph(chr_engine *e) {
    return chr_engine_read(e).graphs_alive > 1;
}

static bool is_unheard(chr_engine *e) {
    return chr_engine_waits(e);
}

/* Gives the audio thread time, 20 s at most. */
static void wait_while(chr_engine *e, bool (*is_so)(chr_engine *)) {
    for (int ms = 0; ms < 20000 && is_so(e); ms++) {
        chr_engine_tend(e);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
}

static void nothing_is_lost_between_the_threads(void **state) {
    (void)state;
    chr_engine_options options = {.rate_hz = RATE, .ceiling = true, .n_channels = 2};
    room r = {.engine = chr_engine_new(&options)};
    assert_non_null(r.engine);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, audience, &r), 0);
    chr_engine_play(r.engine);
    for (int n = 0; n < VERSIONS; n++) {
        assert_int_equal(chr_engine_offer(r.engine, version(n), NULL), CHR_OK);
        chr_engine_tend(r.engine);
        if (n % 10 == 0) /* most offers are overtaken unheard; these are heard */
            wait_while(r.engine, is_unheard);
        if (n % 100 == 99)
            assert_true(chr_engine_read(r.engine).graphs_alive < 24);
    }
    /* Once the fades are over and the old graphs are home, one is left. */
    wait_while(r.engine, more_than_one_graph);
    chr_engine_counters c = chr_engine_read(r.engine);
    assert_int_equal(c.graphs_alive, 1);
    assert_true(c.swaps > VERSIONS / 10);
    assert_int_equal(c.faults, 0);
    atomic_store(&r.over, true);
    pthread_join(thread, NULL);
    assert_true(r.finite);
    chr_engine_free(r.engine);
}

/* ---- long histories ---- */

enum { ECHOES = 4, FAST = 192000 };

/* Like a device: a block when its time has come. */
static void *patient_audience(void *argument) {
    room *r = argument;
    static float out[2 * 64];
    struct timespec due;
    clock_gettime(CLOCK_MONOTONIC, &due);
    while (!atomic_load(&r->over)) {
        due.tv_nsec += 64 * (1000000000 / FAST);
        due.tv_sec += due.tv_nsec / 1000000000;
        due.tv_nsec %= 1000000000;
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
        chr_engine_render(r->engine, out, 64);
    }
    return NULL;
}

static chr_ir *echoes(double seconds) {
    ir_maker m = ir_begin();
    uint32_t o = ir_owner(&m, "echo", ECHOES), noise = ir_node(&m, o, "noise", "noise", ECHOES);
    uint32_t delay = ir_node(&m, o, "delay", "delay", ECHOES);
    ir_wire(&m, delay, "in", noise, 0);
    ir_set(&m, delay, "time", seconds);
    uint32_t mix = ir_sum(&m, o, "mix", "mix", delay), level = ir_node(&m, o, "level", "level", 1);
    ir_wire(&m, level, "left", mix, 0);
    ir_wire(&m, level, "right", mix, 0);
    ir_out(&m, o, level, 1);
    return ir_end(&m);
}

/* Each time its ring is moved to one of twice the length. The control thread copies it ahead while
 * the other writes to it. */
static void a_delay_grows_longer_while_it_plays(void **state) {
    (void)state;
    chr_engine_options options = {.rate_hz = FAST, .n_channels = 2};
    room r = {.engine = chr_engine_new(&options)};
    assert_non_null(r.engine);
    pthread_t thread;
    assert_int_equal(chr_engine_offer(r.engine, echoes(0.1), NULL), CHR_OK);
    assert_int_equal(pthread_create(&thread, NULL, patient_audience, &r), 0);
    for (double seconds = 0.2; seconds < 1.0; seconds *= 2) {
        wait_while(r.engine, is_unheard);
        uint64_t full = chr_engine_read(r.engine).clock + (uint64_t)(seconds * FAST);
        while (chr_engine_read(r.engine).clock < full)
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        assert_int_equal(chr_engine_offer(r.engine, echoes(seconds), NULL), CHR_OK);
    }
    wait_while(r.engine, is_unheard);
    assert_true(chr_engine_read(r.engine).copied > 0);
    atomic_store(&r.over, true);
    pthread_join(thread, NULL);
    chr_engine_free(r.engine);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_lost_between_the_threads),
        cmocka_unit_test(a_delay_grows_longer_while_it_plays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
