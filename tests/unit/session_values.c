/* tests/unit/session_values.c: patterns of values as statements of a session: replaced, ended,
 * shown, saved, undone, followed through a new text of their patch.
 * SPDX-License-Identifier: MIT */
#include "tests/support/session_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void means(const char *piece, bool is) {
    char *ir = kit_meaning(&k);
    if ((strstr(ir, piece) != NULL) != is)
        fail_msg("%s `%s` in\n%s", is ? "no" : "there is", piece, ir);
    free(ir);
}

static void they_are_replaced_and_ended(void **state) {
    (void)state;
    type("create bass");
    type("values bass.cutoff step=1/8: 200 <800 2k>");
    type("values bass.res: 0.2 0.4");
    holds("create bass\nvalues bass.cutoff step=1/8: 200 <800 2k>\nvalues bass.res: 0.2 0.4\n");
    means("values of bass.cutoff", true);
    type("values bass.cutoff: 300 400");
    holds("create bass\nvalues bass.cutoff: 300 400\nvalues bass.res: 0.2 0.4\n");
    type("values bass.cutoff:");
    holds("create bass\nvalues bass.res: 0.2 0.4\n");
    means("values of bass.cutoff", false);
    type("undo");
    holds("create bass\nvalues bass.cutoff: 300 400\nvalues bass.res: 0.2 0.4\n");
    type("remove bass");
    holds("");
    type("undo");
    means("values of bass.res", true);
}

static void they_are_told_and_shown(void **state) {
    (void)state;
    type("create bass\nmelody bass: C2\nvalues bass.cutoff: 200 <800 2k>");
    type("list patterns");
    assert_non_null(strstr(k.answer, "bass.cutoff"));
    assert_non_null(strstr(k.answer, "values bass.cutoff: 200 <800 2k>"));
    type("show bass");
    assert_non_null(strstr(k.answer, "values bass.cutoff: 200 <800 2k>\n"));
    type("show bass.cutoff");
    assert_non_null(strstr(k.answer, "values bass.cutoff: 200 <800 2k>\n"));
    type("help values");
    assert_non_null(strstr(k.answer, "Turns a knob step by step"));
    type("patch lead: saw 220 > lpf 900 > out\nvalues lead.cutoff: 200");
    type("show lead");
    assert_non_null(strstr(k.answer, "lpf.cutoff = a pattern of values"));
    type("graph lead");
    assert_non_null(strstr(k.answer, "cutoff=values"));
}

static void a_knob_that_steps_lock_is_shown_with_its_own_value(void **state) {
    (void)state;
    type("patch lead: saw freq > lpf 900 > out\nmelody lead: C3{cutoff=2kHz} C3{res=0.5}");
    type("show lead");
    assert_non_null(strstr(k.answer, "lpf.cutoff = 900 Hz, where no step locks it"));
    type("values lead.cutoff: 200 300");
    type("show lead");
    assert_non_null(strstr(k.answer, "lpf.cutoff = a pattern of values, where no step locks it"));
}

static void a_file_that_no_longer_says_them_ends_them(void **state) {
    (void)state;
    assert_true(kit_run(&k, "a.chr", "create bass\nvalues bass.cutoff: 200 400\n"));
    means("values of bass.cutoff", true);
    assert_true(kit_run(&k, "a.chr", "create bass\n"));
    means("values of bass.cutoff", false);
}

static void they_go_with_their_stage(void **state) {
    (void)state;
    type("patch a: saw 220 > lpf 900 > mix > lpf 500 > out\nvalues a.lpf2.cutoff: 200 300");
    type("patch a: saw 220 > lpf 100 > lpf 900 > mix > lpf 500 > out");
    assert_non_null(strstr(k.told, "the values of a.lpf2.cutoff go on as that of a.lpf3.cutoff"));
    means("values of a.lpf3.cutoff from 500 on", true);
    type("patch a: saw 220 > lpf 100 > out");
    assert_non_null(strstr(k.told, "a.lpf3.cutoff is gone, and the pattern of its values with it"));
}

static void a_moment_can_change_them(void **state) {
    (void)state;
    type("create bass\nvalues bass.cutoff: 200 400");
    type("at bar 9: values bass.cutoff: 1k 2k");
    type("at bar 17: values bass.cutoff:");
    kit_pass(&k, 33);
    means("notes 2000", true);
    kit_pass(&k, 65);
    means("values of bass.cutoff", false);
}

static void words_leave_a_turned_knob_alone(void **state) {
    (void)state;
    type("patch a: saw 110 > lpf 400 > out\nvalues a.cutoff: 200 400");
    kit_type(&k, "make everything louder");
    means("values of a.cutoff", true);
    assert_null(strstr(k.told, "a.cutoff:"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_kit, close_kit)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(they_are_replaced_and_ended),
        TEST(they_are_told_and_shown),
        TEST(a_knob_that_steps_lock_is_shown_with_its_own_value),
        TEST(a_file_that_no_longer_says_them_ends_them),
        TEST(they_go_with_their_stage),
        TEST(a_moment_can_change_them),
        TEST(words_leave_a_turned_knob_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
