/* tests/unit/volume.c: `volume` is a factor before the ceiling that glides, holds in the session,
 * and leaves every sample alone where it is 0 dB. SPDX-License-Identifier: MIT */
#include "runtime/player.h"
#include "tests/support/analysis.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RATE_HZ = 48000, BLOCK = 480, N = 2 * RATE_HZ };

static char said[4096];

static void on_answer(void *context, const char *text) {
    (void)context;
    snprintf(said, sizeof said, "%s", text);
}

static chr_player *open_player(void) {
    chr_player_options options = {
        .engine = {.rate_hz = RATE_HZ, .n_channels = 2, .ceiling = false},
        .listener = {.answer = on_answer,                  .note = on_answer              },
    };
    chr_player *p = chr_player_new(&options);
    assert_non_null(p);
    return p;
}

static int say(chr_player *p, const char *text) {
    return chr_player_evaluate(p, text, strlen(text), "test", NULL).n_errors;
}

/* Two seconds of the left channel; `text` is said after the first. */
static void hear(const char *first, const char *text, float *left) {
    chr_player *p = open_player();
    assert_int_equal(say(p, first), 0);
    static float out[BLOCK * 2];
    for (int n = 0; n < N; n += BLOCK) {
        if (n == N / 2 && text)
            assert_int_equal(say(p, text), 0);
        chr_player_tend(p);
        chr_engine_render(chr_player_engine(p), out, BLOCK);
        for (int i = 0; i < BLOCK; i++)
            left[n + i] = out[2 * i];
    }
    chr_player_free(p);
}

static float plain[N], other[N];

static void a_volume_is_a_factor(void **state) {
    (void)state;
    hear("patch saw 220 > lpf 900 > out", NULL, plain);
    hear("patch saw 220 > lpf 900 > out\nvolume 0.5", NULL, other);
    for (int i = 0; i < N; i++)
        assert_true(other[i] == plain[i] * 0.5f);
    hear("patch saw 220 > lpf 900 > out\nvolume 0dB", NULL, other);
    assert_memory_equal(plain, other, sizeof plain);
}

static void a_change_glides(void **state) {
    (void)state;
    hear("patch sine 220 > gain 0.7 > out", "volume -20dB", other);
    assert_true(an_click_db(other + N / 4, N / 2, RATE_HZ, NULL) < -80.0);
    hear("patch sine 220 > gain 0.7 > out", NULL, plain);
    assert_memory_equal(plain, other, sizeof plain / 2);
    for (int i = N / 2 + RATE_HZ / 50; i < N; i++)
        assert_true(other[i] == plain[i] * (float)0.1);
}

static void it_holds_and_is_told(void **state) {
    (void)state;
    chr_player *p = open_player();
    assert_int_equal(say(p, "volume"), 0);
    assert_string_equal(said, "volume 0 dB\n");
    assert_int_equal(say(p, "volume -6dB"), 0);
    assert_int_equal(say(p, "volume"), 0);
    assert_string_equal(said, "volume -6 dB\n");
    assert_int_equal(say(p, "undo"), 0);
    assert_int_equal(say(p, "volume"), 0);
    assert_string_equal(said, "volume 0 dB\n");
    assert_int_equal(say(p, "volume 300Hz"), 1);
    assert_int_equal(say(p, "volume 40dB"), 0); /* held at its limit, with a warning */
    assert_string_equal(said, "volume 12 dB");
    assert_int_equal(say(p, "volume 0"), 0);
    assert_string_equal(said, "volume 0: silence");
    chr_player_free(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_volume_is_a_factor),
        cmocka_unit_test(a_change_glides),
        cmocka_unit_test(it_holds_and_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
