/* tests/render/arrangement.c: sections and their order: who is heard when, to the sample.
 * SPDX-License-Identifier: MIT */
#include "tests/support/room.h"

/* A gate tells each note of k, a constant that d drones, and another one that is not arranged. */
#define SONG                                                                                       \
    "patch k: gate > out\nsequence k step=1/4: xxxx\npatch d: 0.25 > out\n"                        \
    "section a 1 bar: k\nsection b 2 bars: k d\nsection c 1 bar: d\narrange a b c\n"

static void each_plays_in_its_sections_and_then_the_clock_stops(void **state) {
    (void)state;
    static const uint64_t blocks[] = {32, 333, 4096};
    for (size_t i = 0; i < 3; i++) {
        room r;
        open_room(&r, blocks[i]);
        type(&r, SONG "play");
        advance(&r, 6 * BAR);
        for (uint64_t beat = 0; beat < 24; beat++) {
            double k = beat < 12 ? 1 : 0, d = beat >= 4 && beat < 16 ? 0.25 : 0;
            near(&r, beat * BEAT + BEAT / 2, k + d);
        }
        near(&r, BAR - 1, 0); /* the gate closes before the next note */
        near(&r, 3 * BAR - 1, 0.25);
        assert_false(chr_player_look(r.player).running);
        type(&r, "play"); /* from the beginning */
        advance(&r, 8 * BAR);
        near(&r, 6 * BAR + BEAT / 2, 1);
        near(&r, 7 * BAR + BEAT / 2, 1.25);
        close_room(&r);
    }
}

static void a_note_ends_with_its_section(void **state) {
    (void)state;
    room r;
    open_room(&r, 480);
    type(&r, "patch k: gate > out\nsequence k step=2 bars: x\n"
             "section a 1 bar: k\nsection b 2 bars:  d\npatch d: 0.25 > out\narrange a b a\nplay");
    advance(&r, 5 * BAR);
    near(&r, BAR - 2, 1);
    near(&r, BAR + 600, 0.25);
    near(&r, 3 * BAR + BEAT, 0); /* the pattern's next round begins in the bar that is d's */
    close_room(&r);
}

static void what_no_section_names_plays_on(void **state) {
    (void)state;
    room r;
    open_room(&r, 480);
    type(&r, SONG "patch free: gate*0.5 > out\nsequence free step=1/2: x\nplay");
    advance(&r, 4 * BAR);
    near(&r, BEAT / 2, 1.5);
    near(&r, 3 * BAR + BEAT / 2, 0.75);
    type(&r, "arrange off");
    advance(&r, 8 * BAR);
    near(&r, 7 * BAR + BEAT / 2, 1.75);
    close_room(&r);
}

static void one_that_the_clock_is_past_says_so(void **state) {
    (void)state;
    room r;
    open_room(&r, 480);
    type(&r, "patch k: gate > out\nsequence k step=1/4: xxxx\npatch d: 0.25 > out\n"
             "section a 1 bar: k\nsection b 2 bars: k d\nplay");
    advance(&r, 2 * BAR);
    type(&r, "arrange a b");
    assert_string_equal(r.said, "");
    type(&r, "arrange off");
    advance(&r, 4 * BAR + BEAT);
    type(&r, "arrange a b");
    assert_string_equal(r.said, "the song ends with bar 3; it is past that: play from bar 1\n");
    advance(&r, 5 * BAR);
    near(&r, 5 * BAR - BEAT / 2, 0);
    type(&r, "now: play from bar 1");
    advance(&r, 5 * BAR + BEAT);
    near(&r, 5 * BAR + BEAT / 2, 1);
    type(&r, "now: stop");
    type(&r, "arrange a");
    assert_string_equal(r.said, "");
    close_room(&r);
}

static void it_is_entered_anywhere(void **state) {
    (void)state;
    room r;
    open_room(&r, 256);
    type(&r, SONG "play from bar 4");
    advance(&r, 3 * BAR);
    near(&r, BEAT / 2, 0.25);
    near(&r, BAR + BEAT / 2, 0);
    type(&r, "play from bar 9"); /* behind the end only what is not arranged plays */
    advance(&r, 4 * BAR);
    near(&r, 3 * BAR + BEAT / 2, 0);
    assert_true(chr_player_look(r.player).running);
    close_room(&r);
}

static void sections_can_change_while_they_play(void **state) {
    (void)state;
    room r;
    open_room(&r, 64);
    type(&r, SONG "play");
    advance(&r, BAR / 2);
    type(&r, "section a 2 bars: k d");
    advance(&r, 8 * BAR);
    near(&r, BAR + BEAT / 2, 1.25);
    near(&r, 3 * BAR + BEAT / 2, 1.25);
    near(&r, 4 * BAR + BEAT / 2, 0.25);
    near(&r, 5 * BAR + BEAT / 2, 0);
    close_room(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_plays_in_its_sections_and_then_the_clock_stops),
        cmocka_unit_test(a_note_ends_with_its_section),
        cmocka_unit_test(what_no_section_names_plays_on),
        cmocka_unit_test(one_that_the_clock_is_past_says_so),
        cmocka_unit_test(it_is_entered_anywhere),
        cmocka_unit_test(sections_can_change_while_they_play),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
