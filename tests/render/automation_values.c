/* tests/render/automation_values.c: what `values` says is what is heard: each value at its sample,
 * without a click, wherever the song is, however it got there and whatever else turns the knob.
 * SPDX-License-Identifier: MIT */
#include "tests/support/room.h"

#include <math.h>

#define STEADY "patch a: 0.5 > out\n"

enum { WAY = 145, /* samples in which a new value is reached */ GONE = 600 /* a fade */ };

/* The knob is at `before` up to the sample, and within the way at `after`: gently. */
static void turns(const room *r, uint64_t at, double before, double after) {
    const double most = 2.0 * fabs(after - before) / WAY + 1e-6;
    if (at > 0)
        near(r, at - 1, before);
    near(r, at + WAY, after);
    for (uint64_t i = at > 0 ? at : 1; i <= at + WAY; i++)
        if (fabs((double)r->left[i] - (double)r->left[i - 1]) > most)
            fail_msg("a step of %g at %llu", (double)(r->left[i] - r->left[i - 1]),
                     (unsigned long long)i);
    if (at > 0)
        assert_true(r->left[at] != r->left[at - 1]);
}

static void each_value_begins_at_its_sample_and_does_not_click(void **state) {
    (void)state;
    static const uint64_t blocks[] = {32, 480, 4096};
    static float first[4 * BAR];
    for (size_t k = 0; k < 3; k++) {
        room r;
        open_room(&r, blocks[k]);
        type(&r, STEADY "values a.gain step=1/4: 50% <1 0.25> . [0.75 -6dB]\nplay");
        advance(&r, 4 * BAR);
        const double half = 0.5 * 0.501187234;
        turns(&r, 0, 0.5, 0.25);
        turns(&r, BEAT, 0.25, 0.5);
        near(&r, 2 * BEAT + BEAT / 2, 0.5); /* a rest leaves it */
        turns(&r, 3 * BEAT, 0.5, 0.375);
        turns(&r, 3 * BEAT + BEAT / 2, 0.375, half);
        turns(&r, BAR, half, 0.25);
        turns(&r, BAR + BEAT, 0.25, 0.125);
        turns(&r, 2 * BAR + BEAT, 0.25, 0.5);
        if (k == 0)
            memcpy(first, r.left, sizeof first);
        else
            assert_memory_equal(first, r.left, sizeof first);
        close_room(&r);
    }
}

static void range_maps_shares_onto_it(void **state) {
    (void)state;
    room r;
    open_room(&r, 256);
    type(&r, STEADY "values a.gain step=1/4: 0 25% 1 0.5 > rev > range 1 0.5\nplay");
    advance(&r, BAR);
    turns(&r, BEAT, 0.5 * 0.75, 0.5 * 0.5);
    turns(&r, 2 * BEAT, 0.5 * 0.5, 0.5 * 0.875);
    turns(&r, 3 * BEAT, 0.5 * 0.875, 0.5 * 1);
    close_room(&r);
}

#define CHANGING                                                                                   \
    STEADY "values a.gain step=1/8: (0.2|0.4|0.6|0.8) 1?30% <0.3 0.5 0.7> (0.1|0.9)?70% "          \
           "> every 3 (fast 2) > sometimes rev\n"

static void a_jump_comes_to_the_same_value_as_playing(void **state) {
    (void)state;
    room played, jumped;
    open_room(&played, 480);
    open_room(&jumped, 128);
    type(&played, CHANGING "play");
    advance(&played, 12 * BAR);
    type(&jumped, CHANGING "play from bar 7");
    advance(&jumped, 5 * BAR);
    for (uint64_t i = WAY; i < 5 * BAR; i++)
        if (jumped.left[i] != played.left[6 * BAR + i])
            fail_msg("%g instead of %g at %llu", (double)jumped.left[i],
                     (double)played.left[6 * BAR + i], (unsigned long long)i);
    /* In the middle of a step, and of a rest. */
    type(&jumped, "now: play from bar 3 beat 2.75");
    uint64_t at = jumped.n, from = 2 * BAR + BEAT + 3 * BEAT / 4;
    advance(&jumped, at + 4 * BAR);
    for (uint64_t i = WAY; i < 4 * BAR; i++)
        if (jumped.left[at + i] != played.left[from + i])
            fail_msg("%g instead of %g at %llu", (double)jumped.left[at + i],
                     (double)played.left[from + i], (unsigned long long)i);
    close_room(&played);
    close_room(&jumped);
}

static void it_stays_where_it_is_while_the_clock_stands(void **state) {
    (void)state;
    room r;
    open_room(&r, 480);
    type(&r, STEADY "values a.gain step=1/4: . 0.25 1 0.5");
    advance(&r, BAR);
    near(&r, BAR - 1, 0.5); /* nothing has been played yet: its own value */
    type(&r, "play");
    advance(&r, 2 * BAR);
    near(&r, BAR + BEAT / 2, 0.5);
    near(&r, BAR + BEAT + BEAT / 2, 0.125);
    type(&r, "now: stop");
    uint64_t at = r.n;
    advance(&r, at + BAR); /* what sounds without notes is silent meanwhile */
    type(&r, "now: play");
    advance(&r, at + 2 * BAR);
    near(&r, at + BAR + BEAT / 2, 0.25); /* the rest of the second round */
    type(&r, "play from bar 1");
    advance(&r, at + 4 * BAR);
    near(&r, at + 2 * BAR + BEAT / 2, 0.5); /* as at first */
    close_room(&r);
}

static void another_text_takes_over_at_the_bar_and_undo_brings_it_back(void **state) {
    (void)state;
    room r;
    open_room(&r, 480);
    type(&r, STEADY "values a.gain step=1/4: 0.25 0.75\nplay");
    advance(&r, BAR + BEAT / 2);
    type(&r, "values a.gain step=1/4: 1 0.5");
    advance(&r, 2 * BAR);
    near(&r, BAR + BEAT + BEAT / 2, 0.375);
    advance(&r, 3 * BAR);
    turns(&r, 2 * BAR, 0.375, 0.5);
    turns(&r, 2 * BAR + BEAT, 0.5, 0.25);
    type(&r, "values a.gain:");
    uint64_t at = r.n;
    advance(&r, 4 * BAR);
    for (uint64_t i = at; i < r.n; i++)
        assert_true(fabsf(r.left[i] - r.left[i - 1]) < 0.003f);
    near(&r, at + GONE, 0.5); /* as if it had never been */
    type(&r, "undo");
    advance(&r, 6 * BAR);
    near(&r, 5 * BAR + BEAT / 2, 0.5);
    near(&r, 5 * BAR + BEAT + BEAT / 2, 0.25);
    close_room(&r);
}

/* What ends at once says nothing of a bar. */
static void only_what_waits_for_the_bar_says_so(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool waits;
    } said[] = {
        {"melody b: C3 D3",              true },
        {"values a.gain: 0.5 0.75",      true },
        {"values a.gain: 0.5 0.25",      true },
        {"values a.gain:",               false},
        {"values a.gain: 1 0.5",         true },
        {"values a.gain:\nmelody b: E3", true },
        {"melody b:",                    true },
        {"melody b: C3 D3",              true },
        {"remove b",                     false},
        {"values a.gain: 1 0.5",         true },
        {"remove a",                     false},
    };
    room r;
    open_room(&r, 480);
    type(&r, STEADY "create b bass\nplay");
    advance(&r, BAR + BEAT / 2);
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        chr_evaluation e =
            chr_player_evaluate(r.player, said[i].text, strlen(said[i].text), "typed", NULL);
        assert_true(e.applied);
        if (e.report.patterns_wait != said[i].waits)
            fail_msg("%s: %d", said[i].text, e.report.patterns_wait);
        advance(&r, r.n + BEAT);
    }
    close_room(&r);
}

static void it_moves_the_base_and_what_modulates_is_added(void **state) {
    (void)state;
    room r;
    open_room(&r, 480);
    type(&r, "patch a: 1 > gain 0.25+gate*0.5 > out\nvalues a.gain.level step=1/4: 0.1 0.2\n"
             "sequence a: x_______........\nplay");
    advance(&r, BAR);
    near(&r, BEAT / 2, 0.6);
    near(&r, BEAT + BEAT / 2, 0.7);
    near(&r, 2 * BEAT + BEAT / 2, 0.1);
    near(&r, 3 * BEAT + BEAT / 2, 0.2);
    close_room(&r);
}

static void what_is_set_besides_is_not_heard_and_said(void **state) {
    (void)state;
    room r;
    open_room(&r, 512);
    type(&r, STEADY "set a gain=0.75\nvalues a.gain: 0.25\nplay");
    assert_non_null(strstr(r.said, "W473"));
    advance(&r, 4800);
    near(&r, 4799, 0.125);
    type(&r, "set a gain=1 over 1 bar");
    assert_non_null(strstr(r.said, "W473"));
    advance(&r, BAR);
    near(&r, BAR - 1, 0.125);
    type(&r, "values a.gain:");
    advance(&r, BAR + 4800);
    near(&r, BAR + 4799, 0.5);
    close_room(&r);
}

static void a_lock_is_the_stronger(void **state) {
    (void)state;
    room r;
    open_room(&r, 480);
    type(&r, "patch a: 1 > gain 0.25 > out\nvalues a.gain.level step=1/4: 0.1 0.2 0.3 0.4\n"
             "melody a: C3{level=0.75} C3 C3 C3{level=0.5}\nplay");
    advance(&r, BAR);
    near(&r, BEAT / 2, 0.75);
    near(&r, BEAT + BEAT / 2, 0.2);
    near(&r, 2 * BEAT + BEAT / 2, 0.3);
    near(&r, 3 * BEAT + BEAT / 2, 0.5);
    close_room(&r);
}

static void it_goes_on_unheard_and_in_the_set_that_plays(void **state) {
    (void)state;
    room r;
    open_room(&r, 480);
    type(&r, STEADY "values a.gain step=1/4: 0.25 0.75\ncreate kick\nplay");
    advance(&r, BEAT / 2);
    type(&r, "mute a");
    advance(&r, BEAT - 480);
    near(&r, BEAT - 481, 0);
    type(&r, "unmute a");
    advance(&r, BAR);
    near(&r, BEAT + BEAT / 2, 0.375); /* not 0.25: it went on */
    type(&r, "now: stop a");
    advance(&r, 2 * BAR);
    type(&r, "now: play a");
    advance(&r, 3 * BAR);
    near(&r, 2 * BAR + BEAT + BEAT / 2, 0.375);
    close_room(&r);
}

static void knobs_of_effects_buses_and_lets_turn_too(void **state) {
    (void)state;
    room r;
    open_room(&r, 480);
    type(&r, "patch a: 1 > echo\nbus echo: gain 0.5 > out\n"
             "patch b: 0.25 > out\nadd gain level=1 to b\nvalues echo.gain.level: 0.25 0.5\n"
             "values b.gain.level: 1 0\nplay");
    advance(&r, BAR);
    near(&r, BEAT / 2, 0.25 + 0.25);
    near(&r, BEAT + BEAT / 2, 0.5);
    close_room(&r);
}

static void it_plays_in_the_sections_of_its_patch(void **state) {
    (void)state;
    room r;
    open_room(&r, 480);
    type(&r, STEADY "patch b: 0 > out\nvalues a.gain bars=1: 0.25 1\nsection one 1 bar: a\n"
                    "section two 1 bar: b\narrange one two one\nplay");
    advance(&r, 3 * BAR);
    near(&r, BAR / 4, 0.125);
    near(&r, BAR - GONE - 480, 0.5);
    near(&r, BAR + BAR / 4, 0);
    near(&r, 2 * BAR + BAR / 4, 0.125);
    close_room(&r);
}

static void a_loop_begins_it_anew(void **state) {
    (void)state;
    room r;
    open_room(&r, 480);
    type(&r, STEADY "values a.gain step=1/4: 0.2 0.4 0.6 0.8 1\nloop bars 1..1\nplay");
    advance(&r, 3 * BAR);
    for (uint64_t beat = 0; beat < 12; beat++)
        near(&r, beat * BEAT + BEAT / 2, 0.1 + 0.1 * (double)(beat % 4));
    close_room(&r);
}

static void glide_lets_it_travel(void **state) {
    (void)state;
    room r;
    open_room(&r, 480);
    type(&r, STEADY "values a.gain step=1/2 glide=200ms: 1 0\nplay");
    advance(&r, BAR);
    uint64_t at = 2 * BEAT;
    near(&r, at - 1, 0.5);
    assert_in_range((int)(r.left[at + 1400] * 1000), 150, 450); /* ln(1000) / 200 ms */
    assert_true(r.left[at + 9600] < 0.001f);
    for (uint64_t i = at + 1; i < at + 9600; i++)
        assert_true(r.left[i] <= r.left[i - 1]);
    close_room(&r);
}

static void the_sound_of_an_instrument_follows(void **state) {
    (void)state;
    room r;
    open_room(&r, 480);
    type(&r, "create bass\nmelody bass: C2 C2 C2 C2\nvalues bass.cutoff: 100 8kHz\nplay");
    advance(&r, 2 * BAR);
    for (uint64_t beat = 0; beat < 8; beat += 2) {
        double edges[2] = {0, 0}, all[2] = {1e-9, 1e-9};
        for (uint64_t k = 0; k < 2; k++)
            for (uint64_t i = (beat + k) * BEAT + 1; i < (beat + k + 1) * BEAT; i++) {
                double d = (double)r.left[i] - (double)r.left[i - 1];
                edges[k] += d * d;
                all[k] += (double)r.left[i] * (double)r.left[i];
            }
        assert_true(edges[1] / all[1] > 10 * edges[0] / all[0]);
    }
    close_room(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_value_begins_at_its_sample_and_does_not_click),
        cmocka_unit_test(range_maps_shares_onto_it),
        cmocka_unit_test(a_jump_comes_to_the_same_value_as_playing),
        cmocka_unit_test(it_stays_where_it_is_while_the_clock_stands),
        cmocka_unit_test(another_text_takes_over_at_the_bar_and_undo_brings_it_back),
        cmocka_unit_test(only_what_waits_for_the_bar_says_so),
        cmocka_unit_test(it_moves_the_base_and_what_modulates_is_added),
        cmocka_unit_test(what_is_set_besides_is_not_heard_and_said),
        cmocka_unit_test(a_lock_is_the_stronger),
        cmocka_unit_test(it_goes_on_unheard_and_in_the_set_that_plays),
        cmocka_unit_test(knobs_of_effects_buses_and_lets_turn_too),
        cmocka_unit_test(it_plays_in_the_sections_of_its_patch),
        cmocka_unit_test(a_loop_begins_it_anew),
        cmocka_unit_test(glide_lets_it_travel),
        cmocka_unit_test(the_sound_of_an_instrument_follows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
