/* tests/render/tempo_map.c: what is played over a map of tempi and meters is heard at its very
 * samples, typed or rendered, in blocks of any size, and whatever changes meanwhile. Engine time.
 * SPDX-License-Identifier: MIT */
#include "tests/support/room.h"

#include <math.h>

/* A gate that tells each note, two a beat. */
#define GATES "patch k: gate > out\nsequence k step=1/8: x\n"
#define MAP                                                                                        \
    "tempo 90\nmeter 7/8 at bar 3\nmeter 4/4 at bar 5\ntempo 140 at bar 2\n"                       \
    "tempo 140 to 60 over 4 bars at bar 3\ntempo 174.1 over 10s at bar 8\n"

/* Seconds from beat 0, said once more: 90 for 4 beats, 140 for 4, down to 60 over 15, 60 for 4, up
 * to 174.1 over 10 s. */
static double seconds_at(double beat) {
    const double up = 10.0 / 60 * (174.1 - 60) / log(174.1 / 60);
    double s = fmin(beat, 4) * 60 / 90;
    s += fmin(fmax(beat - 4, 0), 4) * 60 / 140;
    s += 60 * 15 / -80.0 * log1p(-80.0 / 15 * fmin(fmax(beat - 8, 0), 15) / 140);
    s += fmin(fmax(beat - 23, 0), 4);
    s += 60 * up / 114.1 * log1p(114.1 / up * fmin(fmax(beat - 27, 0), up) / 60);
    return s + fmax(beat - 27 - up, 0) * 60 / 174.1;
}

static void notes_fall_where_the_map_has_them(void **state) {
    (void)state;
    room r;
    open_room(&r, 512);
    type(&r, MAP GATES "play");
    advance(&r, 40 * RATE);
    int n = 0;
    for (uint64_t at = 0; (at = onset_after(&r, at)) > 0;)
        assert_true(fabs((double)at - seconds_at(++n / 2.0) * RATE) < 0.500001);
    assert_true(seconds_at((n + 1) / 2.0) * RATE > 40 * RATE - 1);
    close_room(&r);
}

/* What is typed line by line before it plays, and in any blocks, is the same to the last bit. */
static void typed_and_in_any_blocks_it_is_the_same(void **state) {
    (void)state;
    static const char *const lines[] = {"tempo 90", "meter 7/8 at bar 3", "meter 4/4 at bar 5"};
    room r, typed;
    open_room(&r, 512);
    type(&r, MAP "create bass\nmelody bass step=1/8: C2 G2 Eb2\nset bass cutoff=300 over 4 bars\n"
                 "patch a: lfo 1/4 > out\nplay");
    advance(&r, 20 * RATE);
    static const uint64_t blocks[] = {32, 97, 4096};
    for (int k = 0; k < 3; k++) {
        open_room(&typed, blocks[k]);
        for (int i = 0; i < 3; i++)
            type(&typed, lines[i]);
        type(&typed, "tempo 140 at bar 2");
        type(&typed, "tempo 140 to 60 over 4 bars at bar 3");
        type(&typed, "tempo 174.1 over 10s at bar 8");
        type(&typed, "create bass\nmelody bass step=1/8: C2 G2 Eb2\npatch a: lfo 1/4 > out");
        type(&typed, "set bass cutoff=300 over 4 bars\nplay");
        advance(&typed, 20 * RATE);
        assert_memory_equal(r.left, typed.left, r.n * sizeof *r.left);
        close_room(&typed);
    }
    close_room(&r);
}

/* The map changes in the middle of a ramp, again and again, and back: each note of what comes lies
 * where the new map has it from the position that was kept. */
static void a_change_in_the_middle_of_a_ramp_keeps_the_place(void **state) {
    (void)state;
    room r;
    open_room(&r, 64);
    type(&r, "tempo 60 to 240 over 16 bars at bar 1\n" GATES "play");
    advance(&r, 10 * RATE);
    const double before = 60 / (180.0 / 64) * expm1(180.0 / 64 * 10 / 60);
    assert_true(fabs(chr_player_look(r.player).beat - before) < 1e-9);
    type(&r, "tempo 100");
    assert_string_equal(r.said, "tempo 100: a bar lasts 2.4 s\n");
    advance(&r, 20 * RATE);
    uint64_t at = 10 * RATE;
    for (int n = (int)ceil(before * 2); (at = onset_after(&r, at)) > 0; n++)
        assert_true(fabs((double)at - (10 + (n / 2.0 - before) * 0.6) * RATE) < 0.500001);
    type(&r, "undo"); /* the ramp is back, from where the clock is now */
    const double now = chr_player_look(r.player).beat;
    advance(&r, 20 * RATE + 4);
    assert_true(fabs(chr_player_look(r.player).bpm - (60 + now * 180 / 64)) < 0.01);
    char *text = chr_session_text(chr_player_session(r.player));
    assert_non_null(strstr(text, "tempo 60 to 240 over 16 bars at bar 1\n"));
    free(text);
    close_room(&r);
}

static void a_later_change_typed_while_it_plays_moves_nothing_before_it(void **state) {
    (void)state;
    room r, whole;
    open_room(&r, 128);
    open_room(&whole, 128);
    type(&whole, "tempo 97.3\ntempo 60 to 70 over 2 bars at bar 4\n" GATES "play");
    advance(&whole, 20 * RATE);
    type(&r, "tempo 97.3\n" GATES "play");
    advance(&r, 3 * RATE + 32);
    type(&r, "tempo 60 to 70 over 2 bars at bar 4");
    assert_string_equal(r.said, "tempo from 60 to 70, from bar 4 to bar 6\n");
    advance(&r, 20 * RATE);
    assert_memory_equal(r.left, whole.left, r.n * sizeof *r.left);
    close_room(&r);
    close_room(&whole);
}

/* Typed without a place it begins at once, and what is saved is where it leads. */
static void a_tempo_that_is_typed_to_change_slowly_begins_at_once(void **state) {
    (void)state;
    room r;
    open_room(&r, 256);
    type(&r, "tempo 120\ntempo 60 at bar 90\n" GATES "play");
    advance(&r, 2 * RATE); /* beat 4 */
    type(&r, "tempo 180 over 4 bars");
    assert_string_equal(r.said, "tempo from 120 to 180, from bar 2 to bar 6\n");
    advance(&r, 12 * RATE);
    uint64_t at = 2 * RATE - 1;
    for (int n = 8; (at = onset_after(&r, at)) > 0; n++) {
        double beats = fmin(n / 2.0 - 4, 16), rest = fmax(n / 2.0 - 20, 0);
        double s = 2 + 60 * 16 / 60.0 * log1p(60.0 / 16 * beats / 120) + rest * 60 / 180;
        assert_true(fabs((double)at - s * RATE) < 0.500001);
    }
    char *text = chr_session_text(chr_player_session(r.player));
    assert_string_equal(text, "tempo 180\n" GATES "play\n");
    free(text);
    type(&r, "tempo 90 to 100 over 1 bar");
    type(&r, "set k gain=0.7"); /* it goes on on its way */
    advance(&r, 13 * RATE);
    double bpm = chr_player_look(r.player).bpm;
    assert_true(bpm > 93 && bpm < 97);
    close_room(&r);
}

static void what_waits_and_jumps_follows_the_map(void **state) {
    (void)state;
    room r;
    open_room(&r, 333);
    type(&r, MAP "patch a: 0.5 > out\npatch b: 0.25 > out\nat bar 5: mute b\n"
                 "at bar 6 beat 2.5: unmute b\nevery 6 bars: mute b\nplay");
    advance(&r, 30 * RATE);
    static const double beats[] = {15, 20.5, 23, 0};
    uint64_t at = 1000;
    for (int i = 0; beats[i] > 0; i++) {
        uint64_t next = change_after(&r, at);
        assert_true(fabs((double)next - seconds_at(beats[i]) * RATE) < 0.500001);
        at = next + 1000;
    }
    type(&r, "now: play from bar 3 beat 2");
    uint64_t jumped = r.n;
    advance(&r, 40 * RATE);
    double s = (double)jumped / RATE + seconds_at(20.5) - seconds_at(9); /* b is muted until then */
    assert_true(fabs((double)change_after(&r, jumped + 1000) - s * RATE) < 0.500001);
    type(&r, "now: play from bar 3 beat 2");
    advance(&r, r.n + 320);
    type(&r, "stop");
    assert_non_null(strstr(r.said, "stops at bar 4\n"));
    close_room(&r);
}

/* `1 beat` is a time: of the tempo that holds where the clock is, through steps, ramps (each beat
 * of them), jumps and loops. */
static void lengths_of_music_follow_the_tempo(void **state) {
    (void)state;
    static const uint64_t blocks[] = {64, 1000};
    for (int k = 0; k < 2; k++) {
        room r;
        open_room(&r, blocks[k]);
        type(&r, "patch a: 1 beat > out\ntempo 120\ntempo 240 at bar 2\n"
                 "tempo 240 to 60 over 2 bars at bar 3\nplay");
        advance(&r, 3 * RATE - 32);
        near(&r, 1000, 0.5);
        near(&r, 2 * RATE - 1, 0.5);
        changes_at(&r, 1000, 2 * RATE);
        near(&r, 3 * RATE - 100, 0.25);
        advance(&r, 12 * RATE);
        double s = 3 + 60 * 8 / 180.0 * -log1p(-180.0 / 8 * 4 / 240);
        near(&r, (uint64_t)(s * RATE) + 1000, 60 / 150.0); /* a beat after the middle */
        near(&r, (uint64_t)(s * RATE) - 1000, 60 / 172.5);
        near(&r, 11 * RATE, 1);
        type(&r, "now: play from bar 1");
        advance(&r, 13 * RATE);
        near(&r, 13 * RATE - 1, 0.5);
        type(&r, "loop bars 1..2\nnow: play from bar 1");
        advance(&r, 20 * RATE);
        near(&r, 15 * RATE - 100, 0.5);
        near(&r, 16 * RATE - 100, 0.25);
        changes_at(&r, 15 * RATE + 1000, 16 * RATE);
        near(&r, 18 * RATE - 100, 0.5);
        near(&r, 19 * RATE - 100, 0.25);
        type(&r, "set a gain=0.5"); /* whatever else is said */
        advance(&r, 21 * RATE);
        near(&r, 21 * RATE - 100, 0.25);
        close_room(&r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notes_fall_where_the_map_has_them),
        cmocka_unit_test(typed_and_in_any_blocks_it_is_the_same),
        cmocka_unit_test(a_change_in_the_middle_of_a_ramp_keeps_the_place),
        cmocka_unit_test(a_later_change_typed_while_it_plays_moves_nothing_before_it),
        cmocka_unit_test(a_tempo_that_is_typed_to_change_slowly_begins_at_once),
        cmocka_unit_test(what_waits_and_jumps_follows_the_map),
        cmocka_unit_test(lengths_of_music_follow_the_tempo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
