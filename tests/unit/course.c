/* tests/unit/course.c: swing, key and humanise of the whole session, and where they change in the
 * course of the piece: what the patterns then play, note by note.
 * SPDX-License-Identifier: MIT */
#include "playing.h"
#include "runtime/notes.h"

#define LEAD "create lead synth\n"

static void a_key_changes_at_its_bar(void **state) {
    (void)state;
    const char *changed = "0:C3 1:E3 2:G3 3:A3 / 0:C3 1:Eb3 2:G3 3:Ab3 / 0:D3 1:F#3 2:A3 "
                          "3:B3";
    expect_rounds("key \"C minor\" at bar 2\nkey \"D major\" at bar 3\n" LEAD
                  "melody lead: 1 3 5 6",
                  changed);
    /* In which order they are said does not matter, and neither does one that is replaced. */
    expect_rounds("key \"D major\" at bar 3\nkey \"C major\"\nkey \"C minor\" at bar 2\n" LEAD
                  "melody lead: 1 3 5 6",
                  changed);
    /* Within a bar. */
    expect_rounds("key \"C minor\" at bar 1 beat 3\n" LEAD "melody lead: 1 3 1 3",
                  "0:C3 1:E3 2:C3 3:Eb3");
    /* Roman numerals and degrees that are moved. */
    expect_rounds("key \"D major\" at bar 2\n" LEAD "melody lead step=1 bar: I",
                  "0+4:C3 0+4:E3 0+4:G3 / 0+4:D3 0+4:F#3 0+4:A3");
    expect_rounds("key \"C minor\" at bar 2\n" LEAD "melody lead: C3 D3 E3 F3 > degrees 1",
                  "0:D3 1:E3 2:F3 3:G3 / 0:D3 1:Eb3 2:F#3 3:G3");
}

static void what_does_not_count_in_the_key_is_not_touched(void **state) {
    (void)state;
    const char *lines[] = {
        LEAD "melody lead: C3 <E3 G3>? (C4|D4) Am > degrade 20%",
        LEAD "melody lead key=\"D dorian\": 1 <3 5>? (1'|2') ii7",
        "create drum\nsequence drum: x.x?.(x|o).. > sometimes (fast 2)",
    };
    for (int i = 0; i < 3; i++) {
        char text[256];
        snprintf(text, sizeof text, "key \"F minor\" at bar 3\n%s", lines[i]);
        expect_alike(text, lines[i], 16);
    }
}

static void chances_before_a_change_stay_as_they_were(void **state) {
    (void)state;
    const char *line = LEAD "melody lead: (1|3|5|7) (1|3|5|7)? (1|3|5|7) (1|3|5|7)";
    char with[256], *before = played(line, 4), *after;
    snprintf(with, sizeof with, "key \"E minor\" at bar 5\n%s", line);
    after = played(with, 4);
    assert_string_equal(before, after);
    free(before);
    free(after);
}

static void a_stretched_pattern_keeps_its_length_in_each_key(void **state) {
    (void)state;
    expect_rounds("key \"C minor\" at bar 3\n" LEAD "melody lead: 1 3 5 6 > stretch 2 bars",
                  "0+2:C3 2+2:E3 4+2:G3 6+2:A3 / 0+2:C3 2+2:Eb3 4+2:G3 6+2:Ab3");
    expect_rounds("key \"C minor\" at bar 3\n" LEAD "create drum\nmelody drum: 1 3 5 6\n"
                  "melody lead step=1/2 from drum",
                  "0+2:C3 2+2:E3 4+2:G3 6+2:A3 / 0+2:C3 2+2:Eb3 4+2:G3 6+2:Ab3");
}

static void swing_changes_at_its_bar(void **state) {
    (void)state;
    const char *line = "create drum\nsequence drum bars=1: xxxx xxxx xxxx xxxx";
    char text[256], *swung, *both;
    snprintf(text, sizeof text, "swing 75%%\n%s", line);
    swung = played(text, 1);
    assert_non_null(strstr(swung, "3/2"));
    snprintf(text, sizeof text, "swing 75%% at bar 2\n%s", line);
    both = played(text, 2);
    char *parted = strstr(both, " / ");
    assert_non_null(parted);
    assert_string_equal(parted + 3, swung);
    *parted = '\0';
    assert_null(strchr(both, '/'));
    free(swung);
    free(both);
    /* A pattern's own is the stronger. */
    expect_alike("swing 75% at bar 2\ncreate drum\nsequence drum swing=50%: xxxx xxxx",
                 "create drum\nsequence drum: xxxx xxxx", 16);
}

static void humanize_is_for_all_that_do_not_say_their_own(void **state) {
    (void)state;
    const char *own = "create drum\nsequence drum humanize=[10ms 20%]: x.xx x.xx";
    expect_alike("humanize 10ms 20%\ncreate drum\nsequence drum: x.xx x.xx", own, 16);
    expect_alike("humanize 50ms 90%\ncreate drum\nsequence drum humanize=[10ms 20%]: x.xx x.xx",
                 own, 16);
    expect_alike("humanize 10ms\ncreate drum\nsequence drum: x.xx",
                 "create drum\nsequence drum humanize=10ms: x.xx", 16);
    expect_alike("humanize 10ms\ncreate drum\nsequence drum humanize=0ms: x.xx",
                 "create drum\nsequence drum: x.xx", 16);
    expect_alike("humanize 10ms\nhumanize off at bar 1\ncreate drum\nsequence drum: x.xx",
                 "create drum\nsequence drum: x.xx", 16);
    char *line = played("humanize 10ms at bar 2\ncreate drum\nsequence drum bars=1: xxxx", 2);
    char *parted = strstr(line, " / ");
    assert_non_null(parted);
    assert_non_null(strchr(parted, '^'));
    *parted = '\0';
    assert_null(strchr(line, '^'));
    free(line);
}

static void a_meter_moves_the_bar_that_is_meant(void **state) {
    (void)state;
    expect_rounds("meter 3/4\nkey \"C minor\" at bar 2\n" LEAD "melody lead: 3 3 3 3",
                  "0:E3 1:E3 2:E3 3:Eb3");
}

static void mistakes_are_said(void **state) {
    (void)state;
    expect_codes("key \"H minor\" at bar 2\n" LEAD "melody lead: 1", "E432");
    expect_codes("humanize 3Hz\n", "E401");
    expect_codes("humanize 10ms 3Hz at bar 2\n", "E401");
    expect_codes("humanize 2s\n", "W401");
    expect_codes("swing 10% at bar 3\n", "W401");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_changes_at_its_bar),
        cmocka_unit_test(what_does_not_count_in_the_key_is_not_touched),
        cmocka_unit_test(chances_before_a_change_stay_as_they_were),
        cmocka_unit_test(a_stretched_pattern_keeps_its_length_in_each_key),
        cmocka_unit_test(swing_changes_at_its_bar),
        cmocka_unit_test(humanize_is_for_all_that_do_not_say_their_own),
        cmocka_unit_test(a_meter_moves_the_bar_that_is_meant),
        cmocka_unit_test(mistakes_are_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
