/* tests/unit/session_typed.c: what is typed adds to the session or redefines what it names, all or
 * nothing. SPDX-License-Identifier: MIT */
#include "tests/support/session_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void refuse(const char *text, const char *code) {
    char *before = kit_text(&k);
    if (kit_type(&k, text) || !strstr(k.said, code))
        fail_msg("expected %s for %s, not: %s", code, text, k.said);
    assert_string_equal(k.ir, "");
    assert_string_equal(k.asked, "");
    char *after = kit_text(&k);
    assert_string_equal(before, after);
    free(before);
    free(after);
}

static void statements_are_kept_as_they_were_typed(void **state) {
    (void)state;
    type("patch lead: saw 220  >  lpf 900 > out   # bright");
    type("tempo 128");
    holds("patch lead: saw 220  >  lpf 900 > out\ntempo 128\n");
}

static void a_name_is_redefined_in_its_place(void **state) {
    (void)state;
    type("patch a: saw 220 > out");
    type("patch b: saw 330 > out");
    type("patch a: saw 440 > out");
    type("create b bass");
    holds("patch a: saw 440 > out\ncreate b bass\n");
}

static void the_patch_without_a_name_is_replaced_by_the_next(void **state) {
    (void)state;
    type("patch saw 220 > out");
    type("patch saw 330 > out");
    type("patch patch: saw 440 > out");
    holds("patch patch: saw 440 > out\n");
}

static void the_last_word_on_a_parameter_counts(void **state) {
    (void)state;
    type("create bass");
    type("set bass cutoff=800 res=0.3");
    type("bass.cutoff = 900");
    holds("create bass\nset bass res=0.3\nbass.cutoff = 900\n");
    type("set bass cutoff=1kHz");
    holds("create bass\nset bass res=0.3\nset bass cutoff=1kHz\n");
}

static void a_patch_written_anew_forgets_what_was_set_by_hand(void **state) {
    (void)state;
    type("create bass");
    type("add reverb to bass as room");
    type("set bass room.size=0.9 res=0.5");
    type("set bass.room mix=0.1");
    type("create bass res=0.4");
    holds("create bass res=0.4\nadd reverb to bass as room\nset bass room.size=0.9\n"
          "set bass.room mix=0.1\n");
}

static void what_is_set_in_the_same_evaluation_stays(void **state) {
    (void)state;
    type("set bass res=0.5\ncreate bass\nset bass cutoff=300");
    holds("set bass res=0.5\ncreate bass\nset bass cutoff=300\n");
}

static void removing_a_patch_takes_all_with_it(void **state) {
    (void)state;
    type("create bass\ncreate kick\nadd reverb to bass amount=0.3\nset bass cutoff=900\nmute bass\n"
         "melody bass: C2 G2\nsequence bass/fill: x...\nsequence kick: x...");
    type("remove bass");
    holds("create kick\nsequence kick: x...\n");
}

static void removing_an_effect_takes_its_settings_with_it(void **state) {
    (void)state;
    type("create bass\nadd reverb to bass amount=0.3\nset bass reverb.size=0.9\nset bass "
         "amount=0.4");
    type("set bass cutoff=900");
    type("remove reverb from bass");
    holds("create bass\nset bass cutoff=900\n");
}

static void a_written_stage_can_be_removed_too(void **state) {
    (void)state;
    type("patch lead: saw 220 > lpf 900 > out");
    char *whole = kit_meaning(&k);
    type("remove lpf from lead");
    holds("patch lead: saw 220 > lpf 900 > out\nremove lpf from lead\n");
    assert_string_not_equal(whole, k.ir);
    type("patch lead: saw 220 > lpf 900 > out");
    assert_string_equal(whole, k.ir);
    free(whole);
}

static void removing_a_bus_takes_what_is_sent_along(void **state) {
    (void)state;
    type("bus space: reverb > out\nbus hall: reverb > out\ncreate bass");
    type("send bass to space 0.3\nsend bass to hall\nsend space to hall 0.1");
    type("send bass to space 0.2");
    holds("bus space: reverb > out\nbus hall: reverb > out\ncreate bass\n"
          "send bass to space 0.2\nsend bass to hall\nsend space to hall 0.1\n");
    type("remove space");
    holds("bus hall: reverb > out\ncreate bass\nsend bass to hall\n");
    type("patch lead: saw 110 > hall");
    refuse("remove hall", "E301");
    run("bus room: reverb > out\n");
    type("send bass to room 0.1");
    run("# nothing\n");
    holds("bus hall: reverb > out\ncreate bass\nsend bass to hall\npatch lead: saw 110 > hall\n");
}

static void an_effect_is_named_by_its_label(void **state) {
    (void)state;
    type("create bass\nadd delay 0.1 to bass as near\nadd delay 0.4 to bass as far");
    refuse("remove delay from bass", "E382");
    type("remove near from bass");
    holds("create bass\nadd delay 0.4 to bass as far\n");
}

static void mute_and_unmute_come_one_by_one(void **state) {
    (void)state;
    type("create bass\ncreate kick");
    type("mute bass kick");
    type("mute bass");
    type("unmute bass");
    holds("create bass\ncreate kick\nmute kick\n");
    type("unmute");
    holds("create bass\ncreate kick\n");
    refuse("unmute nobody", "E381");
}

static void an_empty_pattern_removes_it(void **state) {
    (void)state;
    type("create kick\nsequence kick: x...\nsequence kick/fill: xx..");
    type("sequence kick/fill:");
    holds("create kick\nsequence kick: x...\n");
    type("melody kick:");
    holds("create kick\n");
}

static void a_pattern_for_nobody_makes_the_instrument_of_that_name(void **state) {
    (void)state;
    type("sequence kick: x...");
    assert_non_null(strstr(k.ir, "kick"));
    type("add reverb to kick amount=0.2");
    type("sequence kick:");
    holds("");
}

static void names_that_are_not_there_are_refused_with_the_nearest(void **state) {
    (void)state;
    type("create bass");
    refuse("remove bas", "E381");
    refuse("play bas", "E381");
    refuse("stop bas", "E381");
    refuse("show bas", "E381");
    refuse("graph bas", "E381");
    refuse("remove bass/fill", "E381");
}

static void an_evaluation_with_one_error_changes_nothing(void **state) {
    (void)state;
    type("patch a: saw 220 > out");
    refuse("patch a: saw 330 > out\nplay\npatch b: saw 110 > nosuch > out", "E");
    refuse("patch a: saw 330 > > out", "E");
    holds("patch a: saw 220 > out\n");
}

static void errors_of_parsing_and_checking_come_together(void **state) {
    (void)state;
    assert_false(
        kit_type(&k, "patch a: saw 330 > > out\npatch b: saw 110 > nosuch > out\nsync link"));
    assert_non_null(strstr(k.said, "typed:1:"));
    assert_non_null(strstr(k.said, "typed:2:"));
    assert_non_null(strstr(k.said, "E601 typed:3:1"));
}

static void a_definition_with_an_error_is_not_missed_elsewhere(void **state) {
    (void)state;
    assert_false(kit_type(&k, "patch a: saw 330 > > out\nplay a"));
    assert_null(strstr(k.said, "E381"));
}

static void what_is_not_there_yet_says_so(void **state) {
    (void)state;
    static const char *const later[][2] = {
        {"play bass from midi ch=1",           "E601"},
        {"sample amen \"amen.wav\"",           "E601"},
        {"sync link",                          "E601"},
        {"map cc 74 to bass.cutoff 100..8kHz", "E601"},
        {"generate_module mine in c",          "E605"},
    };
    type("create bass");
    for (size_t i = 0; i < sizeof later / sizeof later[0]; i++)
        refuse(later[i][0], later[i][1]);
}

static void the_same_text_again_is_no_change(void **state) {
    (void)state;
    type("create bass cutoff=500\nmelody bass: C2 G2");
    assert_true(k.changes);
    type("create bass cutoff=500");
    assert_false(k.changes);
    type("help lpf");
    assert_false(k.changes);
    type("set bass cutoff=500");
    assert_true(k.changes);
}

static void warnings_are_shown_once(void **state) {
    (void)state;
    type("patch a: saw 220 > lpf 1e9 > out");
    assert_non_null(strstr(k.said, "W"));
    type("tempo 100");
    assert_string_equal(k.said, "");
}

static void a_thousand_evaluations_leave_no_trace(void **state) {
    (void)state;
    for (int i = 0; i < 1000; i++) {
        char text[200];
        snprintf(text, sizeof text,
                 "patch p%d: saw %d > lpf 900 > out\nset p%d cutoff=%d\nplay p%d", i % 7, 100 + i,
                 i % 7, 200 + i, i % 7);
        type(text);
        if (i % 5 == 4)
            type("undo");
        if (i % 3 == 2)
            kit_type(&k, "patch broken: saw >");
        if (i % 11 == 10) {
            snprintf(text, sizeof text, "remove p%d", i % 7);
            kit_type(&k, text);
        }
    }
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_kit, close_kit)
    const struct CMUnitTest tests[] = {
        TEST(statements_are_kept_as_they_were_typed),
        TEST(a_name_is_redefined_in_its_place),
        TEST(the_patch_without_a_name_is_replaced_by_the_next),
        TEST(the_last_word_on_a_parameter_counts),
        TEST(a_patch_written_anew_forgets_what_was_set_by_hand),
        TEST(what_is_set_in_the_same_evaluation_stays),
        TEST(removing_a_patch_takes_all_with_it),
        TEST(removing_an_effect_takes_its_settings_with_it),
        TEST(a_written_stage_can_be_removed_too),
        TEST(removing_a_bus_takes_what_is_sent_along),
        TEST(an_effect_is_named_by_its_label),
        TEST(mute_and_unmute_come_one_by_one),
        TEST(an_empty_pattern_removes_it),
        TEST(a_pattern_for_nobody_makes_the_instrument_of_that_name),
        TEST(names_that_are_not_there_are_refused_with_the_nearest),
        TEST(an_evaluation_with_one_error_changes_nothing),
        TEST(errors_of_parsing_and_checking_come_together),
        TEST(a_definition_with_an_error_is_not_missed_elsewhere),
        TEST(what_is_not_there_yet_says_so),
        TEST(the_same_text_again_is_no_change),
        TEST(warnings_are_shown_once),
        TEST(a_thousand_evaluations_leave_no_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
