/* tests/realtime/no_calls.c: while the audio thread renders it does not allocate, lock, write or
 * wait. The linker puts the functions of this file in place of the C library's (--wrap), so the
 * first such call is seen, whoever makes it. SPDX-License-Identifier: MIT */
#include "runtime/engine.h"
#include "tests/support/ir_maker.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

#include <cmocka.h>

static bool rendering;
static int calls;
static const char *first;

static void seen(const char *name) {
    if (!rendering)
        return;
    if (!calls++)
        first = name;
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
void __real_free(void *p);
void __wrap_free(void *p);
int __real_pthread_mutex_lock(pthread_mutex_t *m);
int __wrap_pthread_mutex_lock(pthread_mutex_t *m);
ssize_t __real_write(int fd, const void *p, size_t n);
ssize_t __wrap_write(int fd, const void *p, size_t n);

void *__wrap_malloc(size_t n) {
    seen("malloc");
    return __real_malloc(n);
}
void *__wrap_calloc(size_t n, size_t size) {
    seen("calloc");
    return __real_calloc(n, size);
}
void *__wrap_realloc(void *p, size_t n) {
    seen("realloc");
    return __real_realloc(p, n);
}
void *__wrap_aligned_alloc(size_t alignment, size_t n) {
    seen("aligned_alloc");
    return __real_aligned_alloc(alignment, n);
}
void __wrap_free(void *p) {
    seen("free");
    __real_free(p);
}
int __wrap_pthread_mutex_lock(pthread_mutex_t *m) {
    seen("pthread_mutex_lock");
    return __real_pthread_mutex_lock(m);
}
ssize_t __wrap_write(int fd, const void *p, size_t n) {
    seen("write");
    return __real_write(fd, p, n);
}

static chr_ir *version(int n) {
    ir_maker m = ir_begin();
    uint32_t o = ir_owner(&m, "keys", 6);
    uint32_t saw = ir_node(&m, o, "saw", "saw", 6);
    ir_voice(&m, saw, "freq", CHR_VOICE_FREQ);
    uint32_t env = ir_node(&m, o, "env", "env", 6);
    ir_wire(&m, env, "in", saw, 0);
    ir_voice(&m, env, "gate", CHR_VOICE_GATE);
    uint32_t mix = ir_sum(&m, o, "mix", "mix", env), last = mix;
    if (n % 2) {
        last = ir_node(&m, o, "reverb", "reverb", 1);
        ir_wire(&m, last, "left", mix, 0);
        ir_wire(&m, last, "right", mix, 0);
    }
    uint32_t bad = ir_node(&m, o, "mul", "bad", 1); /* a fault is handled on this thread too */
    ir_set(&m, bad, "a", 1e30);
    ir_set(&m, bad, "b", n % 3 ? 1.0 : 1e30);
    uint32_t level = ir_node(&m, o, "level", "level", 1);
    ir_wire(&m, level, "left", last, 0);
    ir_wire(&m, level, "right", last, n % 2 ? 1 : 0);
    ir_set(&m, level, "gain", 0.5 + 0.1 * (n % 4));
    ir_out(&m, o, level, 1);
    static const float notes[] = {48, 52, 55, 60};
    ir_pattern(&m, o, "keys", notes, 4, 1, 8);
    return ir_end(&m);
}

static void play(bool deliberate) {
    chr_engine_options options = {.rate_hz = 48000, .ceiling = true, .n_channels = 2};
    chr_engine *e = chr_engine_new(&options);
    assert_non_null(e);
    static float out[2 * 256];
    for (int n = 0; n < 200; n++) {
        assert_int_equal(chr_engine_offer(e, version(n), NULL), CHR_OK);
        chr_engine_play(e);
        for (int k = 0; k < 4; k++) {
            chr_engine_tend(e);
            rendering = true;
            chr_engine_render(e, out, 256);
            if (deliberate) {
                void *volatile piece = malloc(1);
                free(piece);
            }
            rendering = false;
        }
        if (n == 120)
            chr_engine_hush(e);
        if (n == 160)
            chr_engine_panic(e);
    }
    chr_engine_free(e);
}

static void rendering_calls_nothing_that_can_wait(void **state) {
    (void)state;
    calls = 0;
    play(false);
    if (calls)
        print_message("first call: %s\n", first);
    assert_int_equal(calls, 0);
}

static void the_test_itself_sees_a_call(void **state) {
    (void)state;
    calls = 0;
    play(true);
    assert_true(calls >= 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rendering_calls_nothing_that_can_wait),
        cmocka_unit_test(the_test_itself_sees_a_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
