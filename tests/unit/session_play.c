/* tests/unit/session_play.c: who plays, undo and redo.
 * SPDX-License-Identifier: MIT */
#include "tests/support/session_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool plays(const char *pattern) {
    char *ir = kit_meaning(&k);
    char name[80];
    snprintf(name, sizeof name, "pattern %s ", pattern);
    const char *at = strstr(ir, name);
    assert_non_null(at);
    const char *silent = strstr(at, ", silent\n");
    bool on = !silent || silent > at + strcspn(at, "\n");
    free(ir);
    return on;
}

static bool level_is_off(const char *owner) {
    char *ir = kit_meaning(&k);
    char name[80];
    snprintf(name, sizeof name, " %s.level: level\n", owner);
    char *at = strstr(ir, name);
    assert_non_null(at);
    char *next = strstr(at, "\n#");
    if (next)
        *next = '\0';
    bool off = strstr(at, "on = 0") != NULL;
    free(ir);
    return off;
}

static void a_script_that_never_says_play_plays_by_itself(void **state) {
    (void)state;
    run("create kick\nsequence kick: x...\n");
    assert_true(k.plays_by_itself);
    run("create kick\nsequence kick: x...\nplay\n");
    assert_false(k.plays_by_itself);
    assert_string_equal(k.asked, "play\n");
}

static void stop_and_hush_ask_for_themselves(void **state) {
    (void)state;
    type("sequence kick: x...\nplay");
    type("stop");
    assert_string_equal(k.asked, "stop\n");
    type("hush");
    assert_string_equal(k.asked, "hush\n");
    type("stop kick");
    assert_string_equal(k.asked, "");
}

static void play_with_names_chooses_a_set(void **state) {
    (void)state;
    type("sequence kick: x...\nmelody bass: C2\nplay");
    assert_true(plays("kick") && plays("bass"));
    type("play bass");
    assert_true(!plays("kick") && plays("bass"));
    type("sequence synth: x...");
    assert_false(plays("synth"));
    type("play synth");
    assert_true(!plays("kick") && plays("bass") && plays("synth"));
    type("play all");
    assert_true(plays("kick") && plays("bass") && plays("synth"));
}

static void stop_with_a_name_is_taken_back_by_play(void **state) {
    (void)state;
    type("sequence kick: x...\nmelody bass: C2\nplay");
    type("stop bass");
    assert_true(plays("kick") && !plays("bass"));
    type("play bass");
    assert_true(plays("kick") && plays("bass"));
}

static void after_stop_everything_is_off_until_play(void **state) {
    (void)state;
    type("sequence kick: x...\nplay");
    type("stop");
    assert_false(plays("kick"));
    type("play");
    assert_true(plays("kick"));
}

static void stop_fades_drones_and_lets_instruments_ring(void **state) {
    (void)state;
    type("patch drone: vco > lpf 900 > out\ncreate bass\nmelody bass: C2\nplay");
    assert_true(!level_is_off("drone") && !level_is_off("bass"));
    type("stop");
    assert_true(level_is_off("drone") && !level_is_off("bass"));
    type("patch later: saw 220 > out");
    assert_true(level_is_off("drone") && !level_is_off("later"));
    type("play");
    assert_true(!level_is_off("drone") && !level_is_off("bass"));
    type("stop drone bass");
    assert_true(level_is_off("drone") && !level_is_off("bass") && !plays("bass"));
}

static void mute_silences_and_lets_the_pattern_go_on(void **state) {
    (void)state;
    type("create bass\nmelody bass: C2\nplay\nmute bass");
    assert_true(level_is_off("bass") && plays("bass"));
    type("unmute bass");
    assert_true(!level_is_off("bass") && plays("bass"));
}

static void what_plays_is_saved_with_the_session(void **state) {
    (void)state;
    type("sequence kick: x...\nmelody bass: C2\nplay");
    type("stop bass");
    holds("sequence kick: x...\nmelody bass: C2\nplay\nstop bass\n");
    type("play kick bass");
    holds("sequence kick: x...\nmelody bass: C2\nplay bass kick\n");
    type("stop");
    holds("sequence kick: x...\nmelody bass: C2\n");
}

static void solo_silences_the_others(void **state) {
    (void)state;
    type("patch a: saw 220 > out\npatch b: saw 330 > out");
    char *both = kit_meaning(&k);
    type("solo a");
    assert_string_not_equal(both, k.ir);
    type("unsolo");
    assert_string_equal(both, k.ir);
    free(both);
}

static void undo_and_redo_go_back_and_forth(void **state) {
    (void)state;
    type("patch a: saw 220 > out");
    type("patch a: saw 330 > out");
    type("help lpf");
    type("undo");
    holds("patch a: saw 220 > out\n");
    type("undo");
    holds("");
    type("undo");
    assert_non_null(strstr(k.said, "N384"));
    type("redo\nredo");
    holds("patch a: saw 330 > out\n");
    type("redo");
    assert_non_null(strstr(k.said, "N384"));
}

static void what_is_said_after_undo_ends_what_was_undone(void **state) {
    (void)state;
    type("patch a: saw 220 > out");
    type("patch a: saw 330 > out");
    type("undo\npatch b: saw 440 > out");
    holds("patch a: saw 220 > out\npatch b: saw 440 > out\n");
    type("redo");
    assert_non_null(strstr(k.said, "N384"));
    type("undo");
    holds("patch a: saw 220 > out\n");
}

static void thirty_two_evaluations_can_be_undone(void **state) {
    (void)state;
    char text[60];
    for (int i = 0; i < 40; i++) {
        snprintf(text, sizeof text, "tempo %d", 100 + i);
        type(text);
    }
    for (int i = 0; i < 32; i++)
        type("undo");
    assert_string_equal(k.said, "");
    holds("tempo 107\n");
    type("undo");
    assert_non_null(strstr(k.said, "N384"));
}

static void undo_leaves_the_clock_alone(void **state) {
    (void)state;
    type("sequence kick: x...");
    type("play");
    type("tempo 99");
    type("undo");
    assert_string_equal(k.asked, "");
    holds("sequence kick: x...\nplay\n");
}

static void history_shows_the_last_evaluations(void **state) {
    (void)state;
    type("create kick\nsequence kick: x...");
    type("tempo 99");
    type("undo");
    type("history");
    assert_string_equal(k.answer, "  > create kick …\n  - tempo 99\n\n");
    type("patch lead: saw [110 110.4 220.7] > lpf cutoff=900 res=0.3 > out");
    type("history");
    assert_non_null(
        strstr(k.answer, "> patch lead: saw [110 110.4 220.7] > lpf cutoff=900 res=0.3 > …\n"));
}

static void undo_in_a_file_is_passed_over(void **state) {
    (void)state;
    run("tempo 99\nundo\n");
    assert_non_null(strstr(k.said, "N386"));
    holds("tempo 99\n");
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_kit, close_kit)
    const struct CMUnitTest tests[] = {
        TEST(a_script_that_never_says_play_plays_by_itself),
        TEST(stop_and_hush_ask_for_themselves),
        TEST(play_with_names_chooses_a_set),
        TEST(stop_with_a_name_is_taken_back_by_play),
        TEST(after_stop_everything_is_off_until_play),
        TEST(stop_fades_drones_and_lets_instruments_ring),
        TEST(mute_silences_and_lets_the_pattern_go_on),
        TEST(what_plays_is_saved_with_the_session),
        TEST(solo_silences_the_others),
        TEST(undo_and_redo_go_back_and_forth),
        TEST(what_is_said_after_undo_ends_what_was_undone),
        TEST(thirty_two_evaluations_can_be_undone),
        TEST(undo_leaves_the_clock_alone),
        TEST(history_shows_the_last_evaluations),
        TEST(undo_in_a_file_is_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
