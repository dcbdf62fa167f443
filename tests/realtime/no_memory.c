/* tests/realtime/no_memory.c: memory runs out at every allocation of an offer in turn. The offer
 * fails as a whole, the old sound goes on bit for bit, nothing leaks (the leak checker of the
 * sanitizer build sees to that). SPDX-License-Identifier: MIT */
#include "runtime/engine.h"
#include "tests/support/ir_maker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static long until = -1; /* allocations that still succeed; -1: all */

static bool refused(void) {
    if (until < 0)
        return false;
    return until-- == 0;
}

/* The wrapped functions and their real ones have the names that the linker gives them. */
void *__real_malloc(size_t n);
void *__wrap_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_realloc(void *p, size_t n);
void *__real_aligned_alloc(size_t alignment, size_t n);
void *__wrap_aligned_alloc(size_t alignment, size_t n);
char *__real_strdup(const char *s);
char *__wrap_strdup(const char *s);

void *__wrap_malloc(size_t n) {
    return refused() ? NULL : __real_malloc(n);
}
void *__wrap_calloc(size_t n, size_t size) {
    return refused() ? NULL : __real_calloc(n, size);
}
void *__wrap_realloc(void *p, size_t n) {
    return refused() ? NULL : __real_realloc(p, n);
}
void *__wrap_aligned_alloc(size_t alignment, size_t n) {
    return refused() ? NULL : __real_aligned_alloc(alignment, n);
}
char *__wrap_strdup(const char *s) {
    return refused() ? NULL : __real_strdup(s);
}

static chr_ir *version(bool changed) {
    ir_maker m = ir_begin();
    uint32_t voices = changed ? 5 : 3;
    uint32_t o = ir_owner(&m, "keys", voices), saw = ir_node(&m, o, "saw", "saw", voices);
    ir_voice(&m, saw, "freq", CHR_VOICE_FREQ);
    uint32_t env = ir_node(&m, o, "env", "env", voices);
    ir_wire(&m, env, "in", saw, 0);
    ir_voice(&m, env, "gate", CHR_VOICE_GATE);
    uint32_t last = ir_sum(&m, o, "mix", "mix", env);
    if (changed) {
        uint32_t echo = ir_node(&m, o, "delay", "delay", 1), add = ir_node(&m, o, "add", "add", 1);
        ir_wire(&m, add, "a", last, 0);
        ir_wire(&m, add, "b", echo, 0);
        ir_wire(&m, echo, "in", add, 0);
        last = add;
    }
    uint32_t level = ir_node(&m, o, "level", "level", 1);
    ir_wire(&m, level, "left", last, 0);
    ir_wire(&m, level, "right", last, 0);
    ir_out(&m, o, level, 1);
    static const float notes[] = {48, 52, 55, 60};
    ir_pattern(&m, o, "keys", notes, changed ? 4 : 3, 1, 8);
    if (changed)
        ir_pattern(&m, o, "keys/more", notes, 2, 1, 3);
    return ir_end(&m);
}

static chr_engine *playing(void) {
    chr_engine_options options = {.rate_hz = 48000, .ceiling = true, .n_channels = 2};
    chr_engine *e = chr_engine_new(&options);
    assert_non_null(e);
    assert_int_equal(chr_engine_offer(e, version(false), NULL), CHR_OK);
    chr_engine_play(e);
    return e;
}

static void go_on(chr_engine *e, float *out) {
    for (int i = 0; i < 8; i++) {
        chr_engine_tend(e);
        chr_engine_render(e, out + 2 * 512 * i, 512);
    }
}

static void an_offer_fails_whole_or_not_at_all(void **state) {
    (void)state;
    static float expected[2 * 4096], heard[2 * 4096];
    chr_engine *quiet = playing();
    go_on(quiet, expected);
    go_on(quiet, expected);
    chr_engine_free(quiet);
    int failures = 0;
    for (long n = 0;; n++) {
        chr_engine *e = playing();
        go_on(e, heard);
        chr_ir *ir = version(true);
        until = n;
        chr_status status = chr_engine_offer(e, ir, NULL);
        bool reached = until < 0;
        until = -1;
        if (status == CHR_OK) {
            go_on(e, heard);
            chr_engine_free(e);
            if (!reached)
                break;
            continue;
        }
        assert_int_equal(status, CHR_NO_MEMORY);
        go_on(e, heard);
        assert_memory_equal(heard, expected, sizeof heard);
        chr_engine_free(e);
        failures++;
    }
    assert_true(failures > 50);
}

static void a_start_without_memory_says_so(void **state) {
    (void)state;
    chr_engine_options options = {.rate_hz = 48000, .ceiling = true, .n_channels = 2};
    for (long n = 0;; n++) {
        until = n;
        chr_engine *e = chr_engine_new(&options);
        bool reached = until < 0;
        until = -1;
        chr_engine_free(e);
        if (e && !reached)
            break;
        assert_true(!e || !reached);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_offer_fails_whole_or_not_at_all),
        cmocka_unit_test(a_start_without_memory_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
