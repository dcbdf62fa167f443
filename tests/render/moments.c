/* tests/render/moments.c: what waits for a moment is heard at its very sample, whatever the block
 * and whatever is typed meanwhile. Engine time; the sound is told from the samples.
 * SPDX-License-Identifier: MIT */
#include "tests/support/room.h"

enum { TYPED = 469 * CHR_CHUNK };

/* A constant that each patch adds to the sum, so that the sum tells who is heard; a gate that tells
 * each note. */
#define STEADY "patch a: 0.5 > out\npatch b: 0.25 > out\n"
#define GATES "patch k: gate > out\nsequence k step=1/4: xxxx\nquantize 1 bar\n"

/* ---- tests ---- */

static void a_statement_acts_at_its_very_sample(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint64_t sample;
    } moments[] = {
        {"at bar 3: mute b",               2 * BAR              },
        {"at bar 2 beat 2.5: mute b",      BAR + BEAT + BEAT / 2},
        {"every 3 bars: mute b",           3 * BAR              },
        {"after 2 bars: mute b",           2 * BAR              },
        {"in 1 bar: { tempo 90\n mute b}", BAR                  },
        {"in 3/16: mute b",                TYPED + 3 * BEAT / 4 },
        {"in 1s: mute b",                  TYPED + RATE         },
        {"next beat: mute b",              2 * BEAT             },
        {"next bar: mute b",               BAR                  },
    };
    static const uint64_t blocks[] = {32, 480, 4096};
    for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++)
        for (size_t k = 0; k < 3; k++) {
            room r;
            open_room(&r, blocks[k]);
            type(&r, STEADY "play");
            advance(&r, TYPED);
            type(&r, moments[i].text);
            advance(&r, 4 * BAR);
            uint64_t sample = moments[i].sample;
            changes_at(&r, 1000, sample);
            near(&r, sample + 600, 0.5);
            close_room(&r);
        }
}

static void a_moment_that_is_the_start_comes_with_it(void **state) {
    (void)state;
    room r;
    open_room(&r, 256);
    type(&r, STEADY "at bar 1: mute b\n");
    advance(&r, 9600);
    near(&r, 9599, 0.75);
    type(&r, "play");
    advance(&r, 19200);
    changes_at(&r, 1000, 9600);
    type(&r, "unmute\nat bar 9: mute a");
    advance(&r, 48000);
    type(&r, "now: play from bar 9"); /* bar 9 is passed by a jump, too */
    advance(&r, 96000);
    changes_at(&r, 40000, 48000);
    near(&r, 95999, 0.25);
    assert_true(chr_player_look(r.player).beat > 33);
    close_room(&r);
}

static void every_time_is_to_the_sample(void **state) {
    (void)state;
    room r;
    open_room(&r, 333);
    type(&r, STEADY "every 2 bars: mute b\nevery 3 beats: unmute b\nplay");
    advance(&r, 12 * BAR);
    /* Muted at every 8th beat, unmuted at every 3rd; at beat 24 both, in their order. */
    static const int beats[] = {8, 9, 16, 18, 32, 33, 40, 42, 0};
    uint64_t at = 1000;
    for (int i = 0; beats[i]; i++) {
        changes_at(&r, at, (uint64_t)beats[i] * BEAT);
        at = (uint64_t)beats[i] * BEAT + 1000;
    }
    close_room(&r);
}

static void at_holds_for_each_time_the_clock_passes(void **state) {
    (void)state;
    room r;
    open_room(&r, 512);
    type(&r, STEADY "at bar 2: mute b\nat bar 3: { unmute b\n play from bar 1 }\nplay");
    advance(&r, 7 * BAR);
    static const int bars[] = {1, 2, 3, 4, 5, 6, 0};
    uint64_t at = 1000;
    for (int i = 0; bars[i]; i++) {
        changes_at(&r, at, (uint64_t)bars[i] * BAR);
        at = (uint64_t)bars[i] * BAR + 1000;
    }
    close_room(&r);
}

/* Three changes between two looks, 20 ms apart, in beats of half a second or of what the first of
 * them makes of them. */
static void moments_between_two_looks_are_exact(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint64_t at[3]; /* samples after bar 2; the last two may be missing */
    } all[] = {
        {"at bar 2: mute b\nat bar 2 beat 1.04: unmute b\nat bar 2 beat 1.08: mute a",
         {0, 960, 1920}                                                                                },
 /* the first changes nothing */
        {"at bar 2: unmute b\nat bar 2 beat 1.04: mute b",                               {960}         },
        {"at bar 2: { mute b\n tempo 60 }\nat bar 2 beat 1.02: unmute b\n"
         "at bar 2 beat 1.04: mute a",                                          {0, 960, 1920}},
        {"at bar 2: play from bar 9\nat bar 9 beat 1.04: mute b",                        {960}         },
        {"at bar 2: mute b\nat bar 2 beat 1.0001: unmute b\nat bar 2 beat 1.05: mute a", {0, 1200}     },
    };
    static const uint64_t blocks[] = {64, 480, 4096};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        for (size_t k = 0; k < 3; k++) {
            room r;
            open_room(&r, blocks[k]);
            type(&r, STEADY "play");
            type(&r, all[i].text);
            r.rare = true;
            advance(&r, 2 * BAR);
            uint64_t from = 1000;
            for (int n = 0; n < 3 && (n == 0 || all[i].at[n]); n++) {
                changes_at(&r, from, BAR + all[i].at[n]);
                from = BAR + all[i].at[n] + 600;
            }
            close_room(&r);
        }
}

static void hush_and_panic_are_exact_too(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint64_t at,
            length; /* samples after bar 2; samples until it is silent, for drones stop too */
    } all[] = {
        {"at bar 2: hush",              0,   480},
        {"at bar 2 beat 1.01: hush",    240, 480},
        {"at bar 2 beat 1.01: panic",   240, 240},
        {"at bar 2: { mute b\n hush }", 0,   480},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        room r;
        open_room(&r, 4096);
        type(&r, STEADY "play");
        type(&r, all[i].text);
        r.rare = true;
        advance(&r, 2 * BAR);
        const uint64_t at = BAR + all[i].at, end = at + all[i].length;
        changes_at(&r, 1000, at);
        assert_true(r.left[end - 40] > 0.0f);
        assert_true(r.left[end + 1] == 0.0f);
        assert_false(chr_player_look(r.player).running);
        close_room(&r);
    }
}

/* Typed in the tenth of a second in which what waits is already on its way. */
static void what_is_typed_meanwhile_comes_first(void **state) {
    (void)state;
    for (uint64_t ahead = 640; ahead < 4800; ahead += 992) {
        room r;
        open_room(&r, 64);
        type(&r, STEADY "at bar 2: mute b\nat bar 2 beat 1.04: mute a\nplay");
        uint64_t typed = (BAR - ahead) / CHR_CHUNK * CHR_CHUNK;
        advance(&r, typed);
        type(&r, "patch c: 0.125 > out");
        advance(&r, 2 * BAR);
        changes_at(&r, 1000, typed);
        near(&r, typed + 600, 0.875);
        changes_at(&r, typed + 600, BAR);
        near(&r, BAR + 600, 0.625);
        changes_at(&r, BAR + 600, BAR + 960);
        near(&r, BAR + 1600, 0.125);
        char *text = chr_session_text(chr_player_session(r.player));
        assert_string_equal(text, "patch a: 0.5 > out\npatch b: 0.25 > out\nat bar 2: mute b\n"
                                  "at bar 2 beat 1.04: mute a\n"
                                  "patch c: 0.125 > out\nmute b\nmute a\nplay\n");
        free(text);
        close_room(&r);
    }
}

static void a_question_meanwhile_delays_nothing(void **state) {
    (void)state;
    room r;
    open_room(&r, 32);
    type(&r, STEADY "at bar 2: mute b\nplay");
    advance(&r, BAR - 64);
    type(&r, "list");
    assert_non_null(strstr(r.said, "bar 2          mute b"));
    assert_int_equal(chr_player_evaluate(r.player, "mute nobody", 11, "typed", NULL).n_errors, 1);
    advance(&r, 2 * BAR);
    changes_at(&r, 1000, BAR);
    close_room(&r);
}

static void stop_and_play_wait_for_the_bar(void **state) {
    (void)state;
    room r;
    open_room(&r, 256);
    type(&r, GATES STEADY "mute a b\nplay");
    advance(&r, BAR + BEAT / 2);
    type(&r, "stop");
    assert_string_equal(r.said, "stops at bar 3\n");
    advance(&r, 3 * BAR);
    assert_int_equal(onset_after(&r, 2 * BAR - BEAT - 100), 2 * BAR - BEAT);
    assert_int_equal(onset_after(&r, 2 * BAR - BEAT + 100), 0);
    assert_false(chr_player_look(r.player).running);
    assert_true(chr_player_look(r.player).beat == 8.0);
    type(&r, "play");
    assert_string_equal(r.said, "plays from bar 3\n");
    advance(&r, 3 * BAR + BEAT / 2);
    assert_int_equal(onset_after(&r, 2 * BAR), 3 * BAR);
    type(&r, "stop k");
    assert_string_equal(r.said, "k stops at bar 4\n");
    advance(&r, 5 * BAR);
    assert_int_equal(onset_after(&r, 4 * BAR - BEAT + 100), 0);
    assert_true(chr_player_look(r.player).running);
    type(&r, "play k");
    advance(&r, 7 * BAR);
    assert_int_equal(onset_after(&r, 5 * BAR - BEAT), 5 * BAR);
    close_room(&r);
}

/* Patterns: a change takes over at the quantum, or when it is told to. */
static void patterns_follow_the_quantum(void **state) {
    (void)state;
    static const struct {
        const char *before, *text;
        uint64_t takes; /* over, when typed at beat 1.5 */
    } changes[] = {
        {"",                   "sequence k step=1/4: ....",             BAR            },
        {"quantize 2 beats\n", "sequence k step=1/4: ....",             2 * BEAT       },
        {"quantize off\n",     "sequence k step=1/4: ....",             BEAT + BEAT / 2},
        {"",                   "now: sequence k step=1/4: ....",        BEAT + BEAT / 2},
        {"",                   "next beat: sequence k step=1/4: ....",  2 * BEAT       },
        {"",                   "in 2 bars: sequence k step=1/4: ....",  2 * BAR        },
        {"",                   "in 1/8: {sequence k step=1/4: ....\n}", 2 * BEAT       },
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        room r;
        char text[200];
        open_room(&r, 128);
        snprintf(text, sizeof text, GATES "%splay", changes[i].before);
        type(&r, text);
        advance(&r, (BEAT + BEAT / 2) / CHR_CHUNK * CHR_CHUNK);
        type(&r, changes[i].text);
        advance(&r, 4 * BAR);
        uint64_t last = (changes[i].takes - 1) / BEAT * BEAT;
        assert_int_equal(onset_after(&r, last - 100), last);
        assert_int_equal(onset_after(&r, last + 100), 0);
        close_room(&r);
    }
}

static void one_due_change_does_not_pull_others_along(void **state) {
    (void)state;
    room r;
    open_room(&r, 128);
    type(&r, GATES STEADY "mute a\nplay");
    advance(&r, BEAT + BEAT / 2);
    type(&r, "sequence k step=1/4: ....");
    type(&r, "next beat: mute b");
    advance(&r, 2 * BAR);
    assert_int_equal(onset_after(&r, 3 * BEAT - 100), 3 * BEAT); /* until the bar */
    assert_int_equal(onset_after(&r, 3 * BEAT + 100), 0);
    close_room(&r);
}

static void play_from_jumps(void **state) {
    (void)state;
    room r;
    open_room(&r, 256);
    type(&r, GATES);
    type(&r, "play from bar 3 beat 2");
    advance(&r, BEAT / 2);
    assert_true(chr_player_look(r.player).beat > 9.4 && chr_player_look(r.player).beat < 9.6);
    type(&r, "play from bar 17");
    assert_string_equal(r.said, "jumps to bar 17 at bar 4\n");
    advance(&r, 3 * BEAT + BEAT / 2);
    assert_true(chr_player_look(r.player).beat > 64.4 && chr_player_look(r.player).beat < 64.6);
    assert_int_equal(onset_after(&r, 3 * BEAT - 100), 3 * BEAT);
    type(&r, "play from bar 1\nset k gain=0.9"); /* the jump is not lost to what comes after it */
    type(&r, "now: play from bar 2");
    type(&r, "set k gain=0.8");
    advance(&r, 4 * BEAT);
    assert_true(chr_player_look(r.player).beat > 4.4 && chr_player_look(r.player).beat < 4.6);
    close_room(&r);
}

static void a_mistake_that_shows_only_then_is_shown_then(void **state) {
    (void)state;
    room r;
    open_room(&r, 256);
    type(&r, STEADY "at bar 2: { mute a\n mute b }\nplay");
    advance(&r, BEAT);
    type(&r, "remove b");
    advance(&r, BAR - 12000);
    assert_null(strstr(r.said, "E308"));
    r.said[0] = '\0';
    advance(&r, 2 * BAR);
    assert_string_equal(r.said, "E308\n");
    near(&r, 2 * BAR - 1, 0.5);
    close_room(&r);
}

static void set_over_takes_its_time(void **state) {
    (void)state;
    room r;
    open_room(&r, 256);
    type(&r, STEADY "mute b\nplay\n");
    advance(&r, BEAT);
    type(&r, "at bar 2: set a gain=2 over 2 bars");
    advance(&r, 5 * BAR);
    changes_at(&r, 2000, BAR);
    near(&r, BAR, 0.5);
    near(&r, 2 * BAR, 0.75);
    near(&r, 3 * BAR + 2, 1.0);
    char *text = chr_session_text(chr_player_session(r.player));
    assert_non_null(strstr(text, "\nset a gain=2\n"));
    free(text);
    close_room(&r);
}

static void a_fade_in_beats_lasts_so_many_beats(void **state) {
    (void)state;
    room r;
    open_room(&r, 256);
    type(&r, "tempo 90\npatch fade=3 beats: 0.5 > out\nplay");
    advance(&r, RATE);
    type(&r, "patch fade=3 beats: (0.5 > gain 0.5) > out");
    advance(&r, 5 * RATE);
    uint64_t end = RATE + 3 * 60 * RATE / 90;
    assert_in_range(change_after(&r, 1000), RATE, RATE + 50); /* it begins flat */
    near(&r, RATE + RATE, 0.375);
    assert_true((double)r.left[end - 400] > 0.25);
    near(&r, end + 32, 0.25);
    close_room(&r);
}

static void answers_tell_what_and_when(void **state) {
    (void)state;
    room r;
    open_room(&r, 256);
    type(&r, STEADY "play");
    advance(&r, BEAT);
    type(&r, "in 8 bars: patch a: saw 220 > lpf 900 > out");
    assert_string_equal(r.said, "kept 0, changed 1, new 2, gone 0 — at bar 9\n");
    type(&r, "diff: patch a: saw 220 > lpf 900 > out");
    assert_string_equal(r.said, "would have kept 0, changed 1, new 2, gone 0\n"
                                "  new      a.saw\n  new      a.lpf\n  changed  a\n\n");
    type(&r, "diff: { tempo 90\n sequence kick: x... }");
    assert_non_null(strstr(r.said, "  new      pattern kick\n  changed  tempo, from 120 to 90\n"));
    close_room(&r);
}

static void a_thousand_turns_leave_no_trace(void **state) {
    (void)state;
    room r;
    open_room(&r, 1024);
    type(&r, "tempo 960\n" STEADY "every 1/4: set b gain=0.5\nevery 1/2: set b gain=1\nplay");
    advance(&r, 20 * BAR);
    int alive = chr_player_look(r.player).graphs_alive;
    advance(&r, 38 * BAR);
    assert_true(chr_player_look(r.player).graphs_alive <= alive + 1);
    type(&r, "undo");
    char *text = chr_session_text(chr_player_session(r.player));
    assert_string_equal(text, "play\n");
    free(text);
    close_room(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_statement_acts_at_its_very_sample),
        cmocka_unit_test(a_moment_that_is_the_start_comes_with_it),
        cmocka_unit_test(every_time_is_to_the_sample),
        cmocka_unit_test(at_holds_for_each_time_the_clock_passes),
        cmocka_unit_test(moments_between_two_looks_are_exact),
        cmocka_unit_test(hush_and_panic_are_exact_too),
        cmocka_unit_test(what_is_typed_meanwhile_comes_first),
        cmocka_unit_test(a_question_meanwhile_delays_nothing),
        cmocka_unit_test(stop_and_play_wait_for_the_bar),
        cmocka_unit_test(patterns_follow_the_quantum),
        cmocka_unit_test(one_due_change_does_not_pull_others_along),
        cmocka_unit_test(play_from_jumps),
        cmocka_unit_test(a_mistake_that_shows_only_then_is_shown_then),
        cmocka_unit_test(set_over_takes_its_time),
        cmocka_unit_test(a_fade_in_beats_lasts_so_many_beats),
        cmocka_unit_test(answers_tell_what_and_when),
        cmocka_unit_test(a_thousand_turns_leave_no_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
