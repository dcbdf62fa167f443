/* tests/unit/session_file.c: a file is the truth about what it defined, and only about that.
 * SPDX-License-Identifier: MIT */
#include "tests/support/session_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_line_that_is_gone_takes_what_it_defined(void **state) {
    (void)state;
    run("create kick\nsequence kick: x...\npatch a: saw 220 > out\n");
    run("create kick\nsequence kick: x...\n");
    holds("create kick\nsequence kick: x...\n");
    run("");
    holds("");
}

static void what_was_typed_is_not_the_files_to_take(void **state) {
    (void)state;
    run("create kick\npatch a: saw 220 > out\n");
    type("patch b: saw 330 > out");
    run("create kick\n");
    holds("create kick\npatch b: saw 330 > out\n");
}

static void what_another_file_says_is_not_touched(void **state) {
    (void)state;
    run("patch a: saw 220 > out\n");
    assert_true(kit_run(&k, "other.chr", "patch b: saw 330 > out\n"));
    run("patch c: saw 440 > out\n");
    holds("patch b: saw 330 > out\npatch c: saw 440 > out\n");
}

static void a_knob_turned_by_hand_stays_until_its_own_line_changes(void **state) {
    (void)state;
    run("create bass cutoff=500\nmelody bass: C2\n");
    type("set bass cutoff=900");
    run("create bass cutoff=500\nmelody bass: C2 G2\n");
    holds("create bass cutoff=500\nmelody bass: C2 G2\nset bass cutoff=900\n");
    run("create bass cutoff=600\nmelody bass: C2 G2\n");
    holds("create bass cutoff=600\nmelody bass: C2 G2\n");
}

static void the_files_own_setting_comes_back_with_its_patch(void **state) {
    (void)state;
    run("create bass\nset bass cutoff=300\n");
    type("set bass cutoff=900");
    run("create bass\nset bass cutoff=300\n# a comment\n");
    assert_false(k.changes);
    run("create bass res=0.1\nset bass cutoff=300\n");
    holds("create bass res=0.1\nset bass cutoff=300\n");
}

static void what_was_typed_over_a_line_stays_while_the_line_does(void **state) {
    (void)state;
    run("patch a: saw 220 > out\npatch b: saw 110 > out\n");
    type("patch a: saw 440 > out");
    run("patch a: saw 220 > out\npatch b: saw 111 > out\n");
    holds("patch a: saw 440 > out\npatch b: saw 111 > out\n");
    run("patch a: saw 221 > out\npatch b: saw 111 > out\n");
    holds("patch a: saw 221 > out\npatch b: saw 111 > out\n");
}

static void what_was_removed_by_hand_stays_away_while_its_line_does(void **state) {
    (void)state;
    run("patch a: saw 220 > out\npatch b: saw 110 > out\n");
    type("remove a");
    run("patch a: saw 220 > out\npatch b: saw 111 > out\n");
    holds("patch b: saw 111 > out\n");
    run("patch a: saw 222 > out\npatch b: saw 111 > out\n");
    holds("patch a: saw 222 > out\npatch b: saw 111 > out\n");
}

static void layout_and_comments_are_no_change(void **state) {
    (void)state;
    run("patch a: saw 220 > lpf 900 > out\n");
    type("set a cutoff=500");
    run("# louder?\n\npatch a: saw 220\n  > lpf 900   # dark\n  > out\n");
    assert_false(k.changes);
    assert_string_equal(k.said, "");
}

static void effects_stand_in_the_order_of_the_file(void **state) {
    (void)state;
    run("create bass\nadd reverb to bass\n");
    type("add drive to bass");
    run("create bass\nadd chorus to bass\nadd reverb to bass\n");
    holds("create bass\nadd chorus to bass\nadd reverb to bass\nadd drive to bass\n");
    run("create bass\nadd reverb to bass\nadd chorus to bass\n");
    holds("create bass\nadd reverb to bass\nadd drive to bass\nadd chorus to bass\n");
}

static void a_name_said_twice_counts_the_later_with_a_warning(void **state) {
    (void)state;
    run("create bass cutoff=300\ncreate kick\ncreate bass cutoff=400\n");
    assert_string_equal(
        k.said, "W381 groove.chr:3:1 `bass` is said twice in this file; only this one counts\n");
    holds("create bass cutoff=400\ncreate kick\n");
    run("patch saw 220 > out\npatch saw 330 > out\n");
    assert_string_equal(k.said, "");
    holds("patch saw 330 > out\n");
}

static void a_file_that_takes_its_own_word_back_says_nothing(void **state) {
    (void)state;
    run("create bass\nadd reverb to bass\nmute bass\nremove reverb from bass\nunmute bass\ncreate "
        "kick\nremove kick\n");
    assert_string_equal(k.said, "");
    holds("create bass\n");
    run("create bass\nadd reverb to bass\nmute bass\nremove reverb from bass\nunmute bass\ncreate "
        "kick\nremove kick\n\n");
    assert_false(k.changes);
}

static void what_acts_once_acts_when_its_line_is_new(void **state) {
    (void)state;
    run("create kick\nsequence kick: x...\nplay\n");
    assert_string_equal(k.asked, "play\n");
    run("create kick\nsequence kick: x.x.\nplay\n");
    assert_string_equal(k.asked, "");
    run("create kick\nsequence kick: x.x.\nplay\nplay\n");
    assert_string_equal(k.asked, "play\n");
    run("create kick\nsequence kick: x.x.\nhush\nplay\n");
    assert_string_equal(k.asked, "hush\n");
}

static void a_removal_in_a_file_acts_once_on_what_was_typed(void **state) {
    (void)state;
    type("create bass");
    run("remove bass\ncreate kick\n");
    holds("create kick\n");
    type("create bass");
    run("remove bass\ncreate kick freq=60\n");
    holds("create kick freq=60\ncreate bass\n");
    assert_false(kit_run(&k, "groove.chr", "remove nobody\n"));
}

static void an_error_in_a_file_leaves_its_last_good_text_in_force(void **state) {
    (void)state;
    run("patch a: saw 220 > out\n");
    assert_false(kit_run(&k, "groove.chr", "patch a: saw 220 > out\npatch b: saw > > out\n"));
    holds("patch a: saw 220 > out\n");
    run("patch b: saw 330 > out\n");
    holds("patch b: saw 330 > out\n");
}

static void places_follow_the_lines_of_the_newest_text(void **state) {
    (void)state;
    run("patch a: saw 220 > lpf 900 > out\n");
    assert_false(
        kit_run(&k, "groove.chr", "\n\n\npatch a: saw 220 > lpf 900 > out\nset a nosuch=3\n"));
    assert_non_null(strstr(k.said, "groove.chr:5:"));
}

static void a_patch_that_is_gone_takes_what_was_typed_about_it(void **state) {
    (void)state;
    run("patch a: saw 220 > lpf 900 > out\npatch b: saw 330 > out\n");
    type("set a cutoff=500\nadd reverb to a\nmute a");
    run("patch b: saw 330 > out\n");
    holds("patch b: saw 330 > out\n");
}

static void the_session_as_text_means_the_same(void **state) {
    (void)state;
    run("tempo 100\nset bass cutoff=300\ncreate bass\nadd drive to bass\npatch a: saw 220 > lpf "
        "900 > out\n"
        "melody bass: C2 G2\nsequence kick: x...\nplay\n");
    type("set a cutoff=500\nadd reverb to bass\nremove lpf from a\nmute kick\nplay bass a\nstop a");
    char *meaning = kit_meaning(&k), *text = kit_text(&k);
    kit other;
    kit_open(&other, true);
    if (!kit_type(&other, text))
        fail_msg("%s\n%s", text, other.said);
    char *again = kit_text(&other), *same = kit_meaning(&other);
    assert_string_equal(text, again);
    assert_string_equal(meaning, same);
    free(meaning);
    free(text);
    free(again);
    free(same);
    kit_close(&other);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_kit, close_kit)
    const struct CMUnitTest tests[] = {
        TEST(a_line_that_is_gone_takes_what_it_defined),
        TEST(what_was_typed_is_not_the_files_to_take),
        TEST(what_another_file_says_is_not_touched),
        TEST(a_knob_turned_by_hand_stays_until_its_own_line_changes),
        TEST(the_files_own_setting_comes_back_with_its_patch),
        TEST(what_was_typed_over_a_line_stays_while_the_line_does),
        TEST(what_was_removed_by_hand_stays_away_while_its_line_does),
        TEST(layout_and_comments_are_no_change),
        TEST(effects_stand_in_the_order_of_the_file),
        TEST(a_name_said_twice_counts_the_later_with_a_warning),
        TEST(a_file_that_takes_its_own_word_back_says_nothing),
        TEST(what_acts_once_acts_when_its_line_is_new),
        TEST(a_removal_in_a_file_acts_once_on_what_was_typed),
        TEST(an_error_in_a_file_leaves_its_last_good_text_in_force),
        TEST(places_follow_the_lines_of_the_newest_text),
        TEST(a_patch_that_is_gone_takes_what_was_typed_about_it),
        TEST(the_session_as_text_means_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
