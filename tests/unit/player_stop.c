/* tests/unit/player_stop.c: `stop` as it is typed: at the next bar, drones and all.
 * SPDX-License-Identifier: MIT */
#include "runtime/player.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { RATE = 48000, BAR = 2 * RATE };

static void type(chr_player *p, const char *text) {
    chr_evaluation e = chr_player_evaluate(p, text, strlen(text), "typed", NULL);
    assert_int_equal(e.status, CHR_OK);
    assert_int_equal(e.n_errors, 0);
}

/* Greatest value of the next frames. */
static float peak(chr_player *p, int frames) {
    float out[2 * 32], most = 0.0f;
    for (int at = 0; at < frames; at += 32) {
        chr_player_tend(p);
        chr_engine_render(chr_player_engine(p), out, frames - at < 32 ? frames - at : 32);
        for (int i = 0; i < 2 * (frames - at < 32 ? frames - at : 32); i++)
            most = fmaxf(most, fabsf(out[i]));
    }
    return most;
}

static void a_drone_goes_on_to_the_bar_that_stops_it(void **state) {
    (void)state;
    chr_player_options o = {
        .engine = {.rate_hz = RATE, .n_channels = 2}
    };
    chr_player *p = chr_player_new(&o);
    assert_non_null(p);
    type(p, "patch hum: sine 220 > out\nplay");
    peak(p, RATE);
    type(p, "stop");
    assert_true(peak(p, BAR - RATE) > 0.4f);
    peak(p, RATE / 50);
    assert_true(peak(p, RATE / 10) == 0.0f);
    assert_false(chr_player_look(p).running);
    type(p, "play");
    peak(p, RATE / 50);
    assert_true(peak(p, RATE / 10) > 0.4f);
    chr_player_free(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_drone_goes_on_to_the_bar_that_stops_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
