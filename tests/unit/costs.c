/* tests/unit/costs.c: what each patch takes is measured while it plays, cycles too, and not a bit
 * of the sound is another for it. SPDX-License-Identifier: MIT */
#include "runtime/costs.h"
#include "runtime/player.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { RATE = 48000, LENGTH = RATE / 4 / CHR_CHUNK * CHR_CHUNK };

static chr_now_fn now_ns;
static uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static const char session[] =
    "patch light: saw 110 > gain -30dB > out\n"
    "patch heavy: saw 55 > [for i in 1..64: ladder 100*i] > mix > gain -40dB > out\n"
    "patch loop: (saw 220 > gain -30dB) > (in + tap*0.5) > delay 0.01 as tap > out\n"
    "create kick\nsequence kick: x.x.\nplay";

static chr_player *begin(chr_now_fn *clock) {
    chr_player_options options = {
        .engine = {.rate_hz = RATE, .n_channels = 2, .now_ns = clock}
    };
    chr_player *p = chr_player_new(&options);
    assert_non_null(p);
    assert_true(chr_player_evaluate(p, session, sizeof session - 1, "typed", NULL).applied);
    return p;
}

static void play(chr_player *p, float *out) {
    for (int at = 0; at < LENGTH; at += CHR_CHUNK) {
        chr_player_tend(p);
        chr_engine_render(chr_player_engine(p), out + 2 * at, CHR_CHUNK);
    }
    chr_player_tend(p);
}

static void each_patch_is_measured(void **state) {
    (void)state;
    static float out[2 * LENGTH];
    chr_player *p = begin(now_ns);
    chr_costs costs;
    assert_false(chr_costs_take(&costs, chr_player_engine(p))); /* nothing has played */
    chr_costs_clear(&costs);
    play(p, out);
    assert_true(chr_costs_take(&costs, chr_player_engine(p)));
    const chr_patch_cost *light = chr_costs_of(&costs, "light"),
                         *heavy = chr_costs_of(&costs, "heavy"),
                         *loop = chr_costs_of(&costs, "loop");
    assert_true(light && heavy && loop && chr_costs_of(&costs, "kick"));
    assert_null(chr_costs_of(&costs, "nobody"));
    assert_true(light->share > 0 && heavy->share > 5 * light->share);
    assert_true(loop->share > light->share); /* sample by sample */
    assert_string_equal(heavy->dearest, "ladder");
    assert_true(heavy->dearest_share <= heavy->share);
    chr_costs_clear(&costs);
    chr_player_free(p);
}

static void nobody_hears_it(void **state) {
    (void)state;
    static float timed[2 * LENGTH], alone[2 * LENGTH];
    chr_player *p = begin(now_ns);
    play(p, timed);
    chr_player_free(p);
    p = begin(NULL);
    play(p, alone);
    chr_costs costs;
    assert_false(chr_costs_take(&costs, chr_player_engine(p))); /* it has no clock */
    chr_costs_clear(&costs);
    chr_player_free(p);
    assert_memory_equal(timed, alone, sizeof timed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_patch_is_measured),
        cmocka_unit_test(nobody_hears_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
