/* tests/render/automation.c: what `automate` says is what is heard, sample by sample, wherever the
 * song is. SPDX-License-Identifier: MIT */
#include "tests/support/room.h"

#include <math.h>

#define STEADY "patch a: 0.5 > out\n"

/* The value that a sample should have, by what is said in the language: linear in beats. */
static double line(double from, double to, uint64_t at, uint64_t begin, uint64_t end) {
    return from + (to - from) * (double)(at - begin) / (double)(end - begin);
}

static void each_curve_is_heard_from_point_to_point(void **state) {
    (void)state;
    static const uint64_t blocks[] = {32, 480, 4096};
    for (size_t k = 0; k < 3; k++) {
        room r;
        open_room(&r, blocks[k]);
        type(&r, STEADY "automate a.gain: 1 at bar 1, 0.5 at bar 2, 0.125 at bar 3 exp, "
                        "0.75 at bar 4 beat 2.5 step, 0.25 at bar 5 smooth \"the end\"\nplay");
        advance(&r, 6 * BAR);
        uint64_t step = 3 * BAR + BEAT + BEAT / 2, smooth = 4 * BAR - step;
        near(&r, 0, 0.5);
        near(&r, BAR / 3, 0.5 * line(1, 0.5, BAR / 3, 0, BAR));
        near(&r, BAR, 0.25);
        near(&r, BAR + BAR / 4, 0.25 * exp2(-2.0 / 4));
        near(&r, BAR + BAR / 2, 0.125);
        near(&r, 2 * BAR, 0.0625);
        near(&r, step - 1, 0.0625);
        near(&r, step, 0.375);
        near(&r, step + smooth / 2, 0.25);
        near(&r, step + smooth / 4, 0.5 * (0.75 - 0.5 * (0.0625 * 3 - 2 * 0.015625)));
        near(&r, 4 * BAR, 0.125);
        near(&r, 6 * BAR - 1, 0.125);
        close_room(&r);
    }
}

static void it_follows_the_song_and_not_the_time(void **state) {
    (void)state;
    room r;
    open_room(&r, 256);
    type(&r, STEADY "automate a.gain: 0 at bar 1, 1 at bar 9");
    advance(&r, BAR);
    near(&r, BAR - 1, 0); /* the clock stands at bar 1 */
    type(&r, "play from bar 5");
    advance(&r, BAR + BAR);
    near(&r, BAR + 3200, 0.5 * line(0, 1, 4 * BAR + 3200, 0, 8 * BAR));
    type(&r, "now: tempo 60");
    uint64_t at = r.n;
    advance(&r, at + 2 * BAR); /* one bar of the song */
    near(&r, at + 2 * BAR - 1, 0.5 * line(0, 1, 4 * BAR + (at - BAR) + BAR, 0, 8 * BAR));
    type(&r, "now: stop");
    at = r.n;
    advance(&r, at + BAR);
    near(&r, at + 8000, (double)r.left[at + BAR - 1]);
    type(&r, "play from bar 20");
    advance(&r, at + 2 * BAR);
    near(&r, at + 2 * BAR - 1, 0.5);
    close_room(&r);
}

static void it_moves_the_base_and_what_modulates_is_added(void **state) {
    (void)state;
    room r;
    open_room(&r, 480);
    type(&r, "patch a: 1 > gain 0.25+gate*0.5 > out\nautomate a.gain.level: 0.5 at bar 1, 0.25 at "
             "bar 3\n"
             "sequence a: x_______........\nplay");
    advance(&r, 2 * BAR);
    near(&r, 2 * BEAT - 2, 0.5 + line(0.5, 0.25, 2 * BEAT - 2, 0, 2 * BAR));
    near(&r, 3 * BEAT, line(0.5, 0.25, 3 * BEAT, 0, 2 * BAR));
    close_room(&r);
}

static void an_edit_while_it_plays_moves_smoothly(void **state) {
    (void)state;
    room r;
    open_room(&r, 64);
    type(&r, STEADY "automate a.gain: 1 at bar 1, 0 at bar 3\nplay");
    advance(&r, BAR);
    type(&r, "automate a.gain: 1 at bar 1, 0.8 at bar 2 beat 3, 0.25 at bar 3");
    advance(&r, 2 * BAR);
    for (uint64_t i = 1; i < r.n; i++)
        if (fabsf(r.left[i] - r.left[i - 1]) > 0.002f)
            fail_msg("a step of %g at %llu", (double)(r.left[i] - r.left[i - 1]),
                     (unsigned long long)i);
    near(&r, 2 * BAR - 1, 0.125);
    type(&r, "automate a.gain:");
    advance(&r, 2 * BAR + 4800);
    near(&r, r.n - 1, 0.5); /* as if it had never been */
    type(&r, "undo");
    advance(&r, 2 * BAR + 9600);
    near(&r, r.n - 1, 0.125);
    close_room(&r);
}

static void what_is_set_besides_is_not_heard_and_said(void **state) {
    (void)state;
    room r;
    open_room(&r, 512);
    type(&r, STEADY "set a gain=0.75\nautomate a.gain: 0.25 at bar 1, 0.5 at bar 2");
    assert_non_null(strstr(r.said, "W471"));
    advance(&r, 4800);
    near(&r, 4799, 0.125);
    type(&r, "a.gain = 1");
    assert_non_null(strstr(r.said, "W471"));
    type(&r, "patch b: 0.125 > out");
    assert_null(strstr(r.said, "W471")); /* said once, with what it is about */
    type(&r, "automate a.gain:");
    advance(&r, 9600);
    near(&r, 9599, 0.625);
    close_room(&r);
}

static void it_goes_with_its_stage_and_ends_with_it(void **state) {
    (void)state;
    room r;
    open_room(&r, 512);
    type(&r, "patch a: 1 > gain 1 > mix > gain 0.5 > out\nautomate a.gain2.level: 0.25 at bar 1");
    advance(&r, 4800);
    near(&r, 4799, 0.25);
    type(&r, "patch a: 1 > gain 0.5 > gain 1 > mix > gain 0.5 > out");
    assert_non_null(strstr(r.said, "a.gain2.level goes on as that of a.gain3.level"));
    advance(&r, 9600);
    near(&r, 9599, 0.125);
    type(&r, "patch a: 1 > gain 0.5 > out");
    assert_non_null(strstr(r.said, "a.gain3.level is gone, and its automation with it"));
    advance(&r, 14400);
    near(&r, 14399, 0.5);
    type(&r, "undo\nundo");
    advance(&r, 19200);
    near(&r, 19199, 0.25);
    close_room(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_curve_is_heard_from_point_to_point),
        cmocka_unit_test(it_follows_the_song_and_not_the_time),
        cmocka_unit_test(it_moves_the_base_and_what_modulates_is_added),
        cmocka_unit_test(an_edit_while_it_plays_moves_smoothly),
        cmocka_unit_test(it_goes_with_its_stage_and_ends_with_it),
        cmocka_unit_test(what_is_set_besides_is_not_heard_and_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
