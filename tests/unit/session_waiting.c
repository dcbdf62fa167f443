/* tests/unit/session_waiting.c: statements that wait for a moment: what they are in the session,
 * when they come, and what is told beforehand. SPDX-License-Identifier: MIT */
#include "tests/support/session_fixture.h"

#include <math.h>
#include <string.h>

static void at_beat(double beat) {
    k.clock = (chr_position){true, beat};
    k.done = beat;
}

static void told(const char *expected) {
    assert_string_equal(k.told, expected);
}

static void says(const char *text, const char *code) {
    if (kit_type(&k, text) || !strstr(k.said, code))
        fail_msg("expected %s for %s, not: %s", code, text, k.said);
}

static void with_the_clock_stopped_nothing_waits(void **state) {
    (void)state;
    type("create kick\nsequence kick: x...");
    type("next bar: mute kick");
    type("in 4 bars: tempo 90");
    type("play\nstop kick");
    holds("create kick\nsequence kick: x...\nmute kick\ntempo 90\nplay\nstop kick\n");
    assert_true(chr_session_due(k.session, NULL, -1, 0) == HUGE_VAL);
}

static void what_waits_comes_at_its_beat(void **state) {
    (void)state;
    static const struct {
        const char *moment;
        double now, beat;
    } moments[] = {
        {"at bar 9",          3.0,  32.0},
        {"at bar 9 beat 2.5", 3.0,  33.5},
        {"next bar",          3.0,  4.0 },
        {"next bar",          4.0,  8.0 },
        {"next beat",         3.25, 4.0 },
        {"in 4 bars",         9.5,  24.0},
        {"in 3 beats",        9.5,  12.0},
        {"in 1/2",            9.5,  11.5},
        {"in 1s",             9.5,  11.5},
        {"after 2 bars",      9.5,  16.0},
        {"every 2 bars",      9.5,  16.0},
        {"every 2 bars",      16.0, 24.0},
        {"every 3 beats",     9.5,  12.0},
    };
    type("create kick");
    for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++) {
        char text[80];
        at_beat(moments[i].now);
        snprintf(text, sizeof text, "%s: mute kick", moments[i].moment);
        type(text);
        double due = chr_session_due(k.session, NULL, moments[i].now, 0);
        if (due != moments[i].beat)
            fail_msg("%s at beat %g: %g", text, moments[i].now, due);
        type("undo");
    }
}

static void what_waits_once_is_gone_when_it_has_come(void **state) {
    (void)state;
    type("create kick");
    at_beat(2);
    type("in 2 bars: mute kick");
    told("foresees bar 3\n");
    holds("create kick\n");
    assert_true(kit_pass(&k, 7.9) < 0);
    assert_true(kit_pass(&k, 8) == 8);
    holds("create kick\nmute kick\n");
    type("unmute");
    assert_true(kit_pass(&k, 1000) < 0);
    holds("create kick\n");
}

static void at_and_every_hold(void **state) {
    (void)state;
    type("create kick\nat bar 3: mute kick\nevery 2 bars: unmute kick");
    holds("create kick\nat bar 3: mute kick\nevery 2 bars: unmute kick\n");
    kit_pass(&k, 8);
    holds("create kick\nat bar 3: mute kick\nevery 2 bars: unmute kick\n"); /* in their order */
    type("mute kick");
    kit_pass(&k, 16);
    holds("create kick\nat bar 3: mute kick\nevery 2 bars: unmute kick\n");
    k.done = 0;
    k.clock.beat = 0;
    type("every 2 bars: {}");
    holds("create kick\nat bar 3: mute kick\n");
    kit_pass(&k, 8);
    holds("create kick\nat bar 3: mute kick\nmute kick\n");
    type("at bar 3: { }");
    holds("create kick\nmute kick\n");
}

static void several_at_one_moment_are_one_evaluation(void **state) {
    (void)state;
    type("create kick\nat bar 2: mute kick\nat bar 2: {\n  create bass\n  tempo 90\n}");
    kit_pass(&k, 4);
    holds("create kick\nat bar 2: mute kick\nat bar 2: {\n  create bass\n  tempo 90\n}\n"
          "mute kick\ncreate bass\ntempo 90\n");
    type("undo");
    holds("");
}

static void a_file_that_no_longer_says_it_ends_it(void **state) {
    (void)state;
    run("create kick\nat bar 2: mute kick\nevery 1 bar: tempo 90\n");
    kit_pass(&k, 4);
    holds("create kick\nat bar 2: mute kick\nevery 1 bar: tempo 90\nmute kick\ntempo 90\n");
    run("create kick\nevery 1 bar: tempo 90\n");
    holds("create kick\nevery 1 bar: tempo 90\nmute kick\ntempo 90\n");
    run("create kick\nevery 1 bar: tempo 90\nunmute kick\n");
    holds("create kick\nevery 1 bar: tempo 90\ntempo 90\n");
}

static void a_script_may_wait_for_its_clock(void **state) {
    (void)state;
    run("create kick\nafter 2 bars: mute kick\nin 1 bar: tempo 90\n");
    holds("create kick\n");
    assert_true(chr_session_due(k.session, NULL, -1, 0) == 4);
    run("create kick\nafter 2 bars: mute kick\nin 1 bar: tempo 90\n");
    assert_true(kit_pass(&k, 100) == 8);
    holds("create kick\ntempo 90\nmute kick\n");
}

static void play_and_stop_wait_for_the_quantum(void **state) {
    (void)state;
    type("create kick\nsequence kick: x...\ncreate bass\nmelody bass: C2");
    type("play");
    told("plays from bar 1\n");
    at_beat(1.5);
    type("play bass");
    told("only bass plays from bar 2\n"); /* the kick ends, so it is said */
    type("undo");
    type("stop kick");
    told("kick stops at bar 2\n");
    assert_string_equal(k.asked, "");
    type("stop kick bass");
    told("kick bass stop at bar 2\n");
    type("quantize 2 beats");
    type("stop");
    told("stops at bar 1 beat 3\n");
    kit_pass(&k, 2);
    assert_string_equal(k.asked, "stop\n");
    k.clock.running = false;
    assert_true(chr_session_due(k.session, NULL, 2, 0) ==
                HUGE_VAL); /* `stop kick` is over with it */
    k.clock.running = true;
    type("quantize off");
    type("play from bar 5 beat 3");
    assert_string_equal(k.asked, "play from\n");
    type("stop");
    assert_string_equal(k.asked, "stop\n");
    type("now: play kick");
    assert_string_equal(k.asked, "play\n");
}

static void who_is_to_play_after_all_plays_on(void **state) {
    (void)state;
    type("create kick\nsequence kick: x...\ncreate bass\nmelody bass: C2\nplay");
    at_beat(1.5);
    type("stop");
    type("play kick");
    type("create pad");
    kit_pass(&k, 4);
    assert_string_equal(k.asked, "stop\nplay\n");
    type("list");
    assert_null(strstr(k.answer, "[stopped] create kick"));
    assert_non_null(strstr(k.answer, "[stopped] create bass"));
    type("undo"); /* what came meanwhile came in the past too */
    told("taken back: create pad\n");
    type("list");
    assert_null(strstr(k.answer, "[stopped] create kick"));
    type("redo");
    told("brought again: create pad\n");
}

static void hush_and_panic_wait_for_nothing(void **state) {
    (void)state;
    type("create kick\nsequence kick: x...\nplay");
    at_beat(1.5);
    type("stop");
    type("hush");
    assert_string_equal(k.asked, "hush\n");
    assert_true(chr_session_due(k.session, NULL, 1.5, 0) == HUGE_VAL);
    type("panic");
    assert_string_equal(k.asked, "panic\n");
}

static void a_mistake_is_told_when_it_is_typed(void **state) {
    (void)state;
    type("create kick");
    says("at bar 9: mute nobody", "E308 typed:1:16");
    says("next bar: patch a: saw > nosuch > out\nnow: mute nobody", "E3");
    at_beat(1);
    says("next bar: patch a: saw > nosuch > out", "E30");
    says("at bar 9: every 2 bars: mute kick", "E383 typed:1:11");
    says("at bar 5: set bass cutoff=900\nat bar 9: create bass", "E308 typed:1:15");
    type("at bar 5: create bass\nat bar 9: set bass cutoff=900");
    type("at bar 7: set bass cutoff=1Hz");
    assert_non_null(strstr(k.said, "W401 typed:1:27"));
    type("at bar 11: mute kick");
    assert_string_equal(k.said, "");
    at_beat(50);
    type("at bar 3: mute kick");
    assert_non_null(strstr(k.said, "W382 typed:1:4 bar 3 has passed"));
}

static void a_mistake_that_shows_only_then_changes_nothing(void **state) {
    (void)state;
    type("create kick\nat bar 2: { tempo 90\n  mute kick }");
    at_beat(1);
    type("in 1 bar: set kick freq=60");
    type("remove kick");
    kit_pass(&k, 4);
    assert_non_null(strstr(k.said, "E308"));
    holds("at bar 2: { tempo 90\n  mute kick }\n");
    assert_true(chr_session_due(k.session, NULL, 4, 0) == HUGE_VAL);
}

static void what_it_led_to_is_undone_with_what_waited(void **state) {
    (void)state;
    type("create kick");
    type("at bar 2: mute kick");
    type("tempo 90");
    kit_pass(&k, 4);
    holds("create kick\nat bar 2: mute kick\ntempo 90\nmute kick\n");
    type("undo"); /* the tempo, and nothing else */
    holds("create kick\nat bar 2: mute kick\nmute kick\n");
    type("undo");
    holds("create kick\n");
    type("redo");
    holds("create kick\nat bar 2: mute kick\nmute kick\n");
    type("history");
    assert_null(strstr(k.answer, "\n  > \n"));
}

static void what_waits_is_undone_before_it_comes(void **state) {
    (void)state;
    type("create kick");
    at_beat(1);
    type("in 1 bar: mute kick");
    type("undo");
    assert_true(kit_pass(&k, 100) < 0);
    type("redo");
    assert_true(kit_pass(&k, 100) == 4);
    holds("create kick\nmute kick\n");
}

static void list_and_show_tell_what_waits_and_when(void **state) {
    (void)state;
    type("create kick\ncreate bass\nsequence kick: x...\nplay");
    at_beat(17);
    type("at bar 9: mute kick\nevery 2 bars: set bass cutoff=900\nat bar 2: tempo 90");
    type("in 2 beats: tempo 100\nstop kick");
    type("list");
    assert_non_null(strstr(k.answer, "waiting\n  bar 5 beat 4   tempo 100\n"
                                     "  bar 6          stop kick\n"
                                     "  bar 7          set bass cutoff=900  (every 2 bars)\n"
                                     "  bar 9          mute kick\n"
                                     "  bar 2          tempo 90  (when the clock comes there"
                                     " again)\n"));
    type("show bass");
    assert_non_null(strstr(k.answer, "waiting\n  bar 7          set bass cutoff=900"));
    assert_null(strstr(k.answer, "mute kick"));
}

static void diff_shows_and_changes_nothing(void **state) {
    (void)state;
    type("create kick");
    type("diff: remove kick");
    told("foresees a difference\n");
    assert_false(k.changes);
    holds("create kick\n");
    says("diff: remove nobody", "E381");
}

static void settings_answer_what_they_mean(void **state) {
    (void)state;
    type("tempo 140");
    told("tempo 140: a bar lasts 1.71 s\n");
    type("meter 7/8");
    told("meter 7/8: a bar lasts 3.5 beats\n");
    type("key \"C minor\"");
    told("key \"C minor\"\n");
    type("quantize 2 beats");
    told("patterns, play and stop wait for the next 2 beats\n");
    type("quantize off");
    told("quantize off: changes wait for nothing\n");
    run("tempo 90\n");
    told("");
}

static void set_over_holds_as_a_plain_value(void **state) {
    (void)state;
    type("create bass");
    type("set bass cutoff=2kHz res=0.5 over 2 bars");
    holds("create bass\nset bass cutoff=2kHz\nset bass res=0.5\n");
    assert_non_null(strstr(k.ir, "cutoff = 2000"));
    assert_non_null(strstr(k.ir, "lpf.cutoff over 8 beats\n"));
    assert_non_null(strstr(k.ir, "lpf.res over 8 beats\n"));
    char *now = kit_meaning(&k);
    assert_null(strstr(now, "glide"));
    free(now);
    run("create bass\nbass.cutoff = 900 over 1s\n");
    assert_non_null(strstr(k.ir, "lpf.cutoff over 1 s\n"));
    run("create bass\nbass.cutoff = 900 over 1s\ntempo 90\n");
    assert_null(strstr(k.ir, "glide"));
}

static void too_much_that_waits_is_refused(void **state) {
    (void)state;
    char text[64];
    for (int i = 0; i < 1000; i += 100) {
        char all[6000] = "";
        for (int n = i; n < i + 100; n++) {
            snprintf(text, sizeof text, "at bar %d: tempo 90\n", n + 1);
            strcat(all, text);
        }
        type(all);
    }
    says("at bar 2000: tempo 80", "E387");
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_kit, close_kit)
    const struct CMUnitTest tests[] = {
        TEST(with_the_clock_stopped_nothing_waits),
        TEST(what_waits_comes_at_its_beat),
        TEST(what_waits_once_is_gone_when_it_has_come),
        TEST(at_and_every_hold),
        TEST(several_at_one_moment_are_one_evaluation),
        TEST(a_file_that_no_longer_says_it_ends_it),
        TEST(a_script_may_wait_for_its_clock),
        TEST(play_and_stop_wait_for_the_quantum),
        TEST(who_is_to_play_after_all_plays_on),
        TEST(hush_and_panic_wait_for_nothing),
        TEST(a_mistake_is_told_when_it_is_typed),
        TEST(a_mistake_that_shows_only_then_changes_nothing),
        TEST(what_it_led_to_is_undone_with_what_waited),
        TEST(what_waits_is_undone_before_it_comes),
        TEST(list_and_show_tell_what_waits_and_when),
        TEST(diff_shows_and_changes_nothing),
        TEST(settings_answer_what_they_mean),
        TEST(set_over_holds_as_a_plain_value),
        TEST(too_much_that_waits_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
