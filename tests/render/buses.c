/* tests/render/buses.c: what is sent is heard at its share, and solo, mute and changes of buses end
 * in the right sum. Constants stand for sounds, so that the sum tells who is heard.
 * SPDX-License-Identifier: MIT */
#include "runtime/player.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static chr_player *player;
static float last;     /* the newest sample */
static float greatest; /* step between two samples since the last evaluation */

static int open_player(void **state) {
    (void)state;
    const chr_player_options options = {
        .engine = {.rate_hz = 48000, .n_channels = 2}
    };
    player = chr_player_new(&options);
    last = greatest = 0;
    return player ? 0 : -1;
}

static int close_player(void **state) {
    (void)state;
    chr_player_free(player);
    return 0;
}

static void play(int chunks) {
    float out[64];
    for (int i = 0; i < chunks; i++) {
        chr_player_tend(player);
        chr_engine_render(chr_player_engine(player), out, 32);
        for (int k = 0; k < 32; k++) {
            float step = fabsf(out[2 * k] - last);
            greatest = step > greatest ? step : greatest;
            last = out[2 * k];
        }
    }
}

/* After the text the sum goes to `expected`, without a step. */
static void then(const char *text, double expected) {
    chr_evaluation e = chr_player_evaluate(player, text, strlen(text), "typed", NULL);
    if (e.status != CHR_OK || e.n_errors > 0)
        fail_msg("%s", text);
    greatest = 0;
    play(100);
    double is = (double)last;
    if (!(is > expected - 1e-6 && is < expected + 1e-6))
        fail_msg("%s: %g, not %g", text, is, expected);
    if (greatest > 0.02f)
        fail_msg("%s: a step of %g", text, (double)greatest);
}

#define PIECE "patch nothing: 0 > out\npatch a: 0 > b\npatch c: 0 > out\nbus b: in*0.5 > out\n"

static void sounds_meet_in_a_bus(void **state) {
    (void)state;
    then(PIECE, 0);
    then("patch a: 0.5 > b", 0.25);
    then("patch c: 0.25 > out", 0.5);
    then("send c to b", 0.625);
    then("send c to b 50%", 0.5625);
    then("set b gain=0.5", 0.25 + 0.15625);
    then("set c gain=0", 0.125);
    then("patch a: 0.5 > out", 0.5);
    then("remove b", 0.5);
}

static void buses_lead_on(void **state) {
    (void)state;
    then(PIECE "bus d: in > b\nbus e: in > out\npatch f: 0 > d\n", 0);
    then("patch f: 0.5 > d", 0.25);
    then("send d to e 0.5", 0.5);
    then("mute d", 0);
    then("unmute", 0.5);
    then("mute e", 0.25);
    then("unmute\nsolo e", 0.25);
    then("unsolo", 0.5);
}

static void solo_follows_the_sound(void **state) {
    (void)state;
    then(PIECE, 0);
    then("patch a: 0.5 > b\npatch c: 0.25 > out\nsend c to b 0.5", 0.25 + 0.25 + 0.0625);
    then("solo a", 0.25);
    then("unsolo\nsolo c", 0.25 + 0.0625);
    then("unsolo\nsolo b", 0.25 + 0.0625);
    then("mute a", 0.0625);
    then("unsolo", 0.25 + 0.0625);
    then("unmute", 0.25 + 0.25 + 0.0625);
}

static void undo_takes_a_bus_back(void **state) {
    (void)state;
    then(PIECE, 0);
    then("patch a: 0.5 > b", 0.25);
    then("bus b: in*0.25 > out", 0.125);
    then("undo", 0.25);
    then("undo", 0);
    then("redo", 0.25);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_player, close_player)
    const struct CMUnitTest tests[] = {
        TEST(sounds_meet_in_a_bus),
        TEST(buses_lead_on),
        TEST(solo_follows_the_sound),
        TEST(undo_takes_a_bus_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
