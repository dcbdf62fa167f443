/* tests/render/loops.c: a loop of bars goes round to the sample, live and rendered alike, and what
 * waits comes in each round. Engine time. SPDX-License-Identifier: MIT */
#include "tests/support/room.h"

#include <math.h>

/* A gate that tells each note; a slower one whose notes are held over all bar lines. */
#define GATES "patch k: gate > out\nsequence k step=1/4: x\n"

/* Bars 2 and 3: beats 4 to 12. */
static void it_goes_round_to_the_sample(void **state) {
    (void)state;
    static const uint64_t blocks[] = {32, 333, 4096};
    float *first = NULL;
    for (int b = 0; b < 3; b++) {
        room r;
        open_room(&r, blocks[b]);
        type(&r, "patch k: note > gain 0.01 > out\nmelody k: C3 D3 E3 F3 G3 A3 B3 C4 D4 E4 F4 G4\n"
                 "loop bars 2..3\nplay");
        advance(&r, 10 * BAR);
        static const int notes[] = {48, 50, 52, 53, 55, 57, 59, 60, 62, 64, 65, 67};
        for (int beat = 0; beat < 40; beat++) {
            int in_piece = beat < 4 ? beat : 4 + (beat - 4) % 8;
            near(&r, (uint64_t)beat * BEAT + 100, notes[in_piece] * 0.01);
        }
        if (first)
            assert_memory_equal(first, r.left, r.n * sizeof *r.left);
        else
            first = malloc(r.n * sizeof *first);
        memcpy(first, r.left, r.n * sizeof *first);
        close_room(&r);
    }
    free(first);
}

/* What is held closes one sample before the loop begins anew, and the first note of it is there at
 * its sample. */
static void held_notes_close_a_sample_before(void **state) {
    (void)state;
    room r;
    open_room(&r, 256);
    type(&r, "patch k: gate > out\nmelody k step=2 bars: C3 D3 E3 _\nloop bars 2..3\nplay");
    advance(&r, 8 * BAR);
    near(&r, 3 * BAR - 2, 1); /* D3 begins with bar 3 and is cut off at its end */
    near(&r, 3 * BAR - 1, 0);
    near(&r, 3 * BAR + 100, 0); /* nothing begins with bar 2 */
    near(&r, 4 * BAR - 1, 0);
    near(&r, 4 * BAR, 1);
    type(&r, "loop bars 3..3\nnow: play from bar 3");
    advance(&r, 12 * BAR);
    for (uint64_t round = 9; round < 12; round++) {
        near(&r, round * BAR - 2, 1);
        near(&r, round * BAR - 1, 0);
        near(&r, round * BAR, 1);
    }
    close_room(&r);
}

/* At a tempo that no whole number of samples fits: a thousand rounds later the notes lie where they
 * would without going round. */
static void nothing_is_late(const char *round) {
    room r;
    char text[200];
    open_room(&r, 512);
    snprintf(text, sizeof text, "tempo 973\nmeter 1/4\n" GATES "%s\nplay", round);
    type(&r, text);
    advance(&r, 30 * BAR);
    int n = 0;
    for (uint64_t at = 0; (at = onset_after(&r, at)) > 0;)
        assert_true(fabs((double)at - ++n * 60.0 * RATE / 973) < 1.000001);
    assert_true(n > 970);
    close_room(&r);
}

static void no_round_makes_the_next_one_late(void **state) {
    (void)state;
    nothing_is_late("loop bars 2..2");
}

static void no_jump_makes_the_next_one_late(void **state) {
    (void)state;
    nothing_is_late("at bar 3: play from bar 2");
}

static void what_waits_comes_in_each_round(void **state) {
    (void)state;
    room r;
    open_room(&r, 480);
    type(&r, "patch a: 0.5 > out\npatch b: 0.25 > out\nloop bars 2..3\n"
             "at bar 2: mute b\nat bar 3: unmute b\nat bar 4: mute a\nplay");
    advance(&r, 12 * BAR);
    uint64_t at = 1000;
    for (int bar = 1; bar < 12; bar++) {
        changes_at(&r, at, (uint64_t)bar * BAR);
        at = (uint64_t)bar * BAR + 1000;
    }
    near(&r, 12 * BAR - 1, 0.5);
    close_room(&r);
}

static void so_many_bars_later_is_so_many_bars_later(void **state) {
    (void)state;
    room r;
    open_room(&r, 128);
    type(&r, "patch a: 0.5 > out\npatch b: 0.25 > out\nloop bars 1..2\nplay");
    advance(&r, 3 * BAR + BEAT); /* bar 2, beat 2 */
    type(&r, "in 3 bars: mute b");
    assert_string_equal(r.said, "kept 0, changed 1, new 0, gone 0 — at bar 1\n");
    type(&r, "in 5 beats: mute a");
    advance(&r, 5 * BAR);
    changes_at(&r, 1000, 4 * BAR + 2 * BEAT);
    advance(&r, 8 * BAR);
    changes_at(&r, 4 * BAR + 2 * BEAT + 1000, 6 * BAR);
    type(&r, "unmute a b\nsequence a: x...");
    type(&r, "stop");
    assert_string_equal(r.said, "stops at bar 1\n");
    advance(&r, 9 * BAR);
    assert_false(chr_player_look(r.player).running);
    close_room(&r);
}

static void a_pattern_that_waits_takes_over_where_the_loop_begins(void **state) {
    (void)state;
    room r;
    open_room(&r, 64);
    type(&r, GATES "quantize 8 bars\nloop bars 1..2\nplay");
    advance(&r, BAR);
    type(&r, "sequence k step=1/4: ....");
    advance(&r, 4 * BAR);
    assert_int_equal(onset_after(&r, 2 * BAR - BEAT - 100), 2 * BAR - BEAT);
    assert_int_equal(onset_after(&r, 2 * BAR - BEAT + 100), 0);
    close_room(&r);
}

static void it_is_typed_changed_and_undone(void **state) {
    (void)state;
    room r;
    open_room(&r, 64);
    type(&r, GATES "play");
    advance(&r, BAR + BEAT);
    type(&r, "loop bars 2..2");
    assert_string_equal(r.said, "loops from bar 2 to the end of bar 2\n");
    advance(&r, 4 * BAR + BEAT);
    assert_true(fabs(chr_player_look(r.player).beat - 5) < 1e-9);
    type(&r, "undo");
    advance(&r, 5 * BAR);
    assert_true(fabs(chr_player_look(r.player).beat - 8) < 1e-9);
    type(&r, "loop bars 1..1");
    assert_string_equal(r.said,
                        "loops from bar 1 to the end of bar 1; it is past that: play from bar 1\n");
    type(&r, "now: play from bar 1");
    advance(&r, 7 * BAR + BEAT);
    assert_true(fabs(chr_player_look(r.player).beat - 1) < 1e-9);
    char *text = chr_session_text(chr_player_session(r.player));
    assert_non_null(strstr(text, "loop bars 1..1\n"));
    free(text);
    type(&r, "loop off");
    assert_string_equal(r.said, "loop off\n");
    advance(&r, 9 * BAR + BEAT);
    assert_true(fabs(chr_player_look(r.player).beat - 9) < 1e-9);
    text = chr_session_text(chr_player_session(r.player));
    assert_null(strstr(text, "loop"));
    free(text);
    close_room(&r);
}

/* A tempo that is typed to change slowly gets where it should, however the clock goes round. */
static void a_typed_ramp_goes_on_through_loops_and_jumps(void **state) {
    (void)state;
    room r;
    open_room(&r, 96);
    type(&r, GATES "loop bars 1..1\nplay");
    advance(&r, BAR);
    type(&r, "tempo 240 over 4 bars");
    assert_string_equal(r.said, "tempo from 120 to 240, from bar 1 to bar 5\n");
    advance(&r, 4 * BAR);
    type(&r, "now: play from bar 9");
    advance(&r, 12 * BAR);
    uint64_t at = BAR - 1;
    for (int n = 0; n < 16; n++) { /* up to the jump */
        at = onset_after(&r, at);
        double s = 2 + 60 * 16 / 120.0 * log1p(120.0 / 16 * n / 120);
        assert_true(at > 4 * BAR || fabs((double)at - s * RATE) < 1.000001);
    }
    assert_true(chr_player_look(r.player).bpm == 240);
    type(&r, "tempo");
    assert_string_equal(r.said, "tempo 240: a bar lasts 1 s\n\n");
    close_room(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_goes_round_to_the_sample),
        cmocka_unit_test(held_notes_close_a_sample_before),
        cmocka_unit_test(no_round_makes_the_next_one_late),
        cmocka_unit_test(no_jump_makes_the_next_one_late),
        cmocka_unit_test(what_waits_comes_in_each_round),
        cmocka_unit_test(so_many_bars_later_is_so_many_bars_later),
        cmocka_unit_test(a_pattern_that_waits_takes_over_where_the_loop_begins),
        cmocka_unit_test(it_is_typed_changed_and_undone),
        cmocka_unit_test(a_typed_ramp_goes_on_through_loops_and_jumps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
