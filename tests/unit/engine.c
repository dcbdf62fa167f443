/* tests/unit/engine.c: graphs, swaps and events, on IR written by hand.
 * SPDX-License-Identifier: MIT */
#include "tests/support/engine_kit.h"
#include "tests/support/ir_maker.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RATE = KIT_RATE };

static void offer(chr_engine *e, chr_ir *ir, chr_offer_report *report) {
    assert_int_equal(chr_engine_offer(e, ir, report), CHR_OK);
}

/* saw > lpf > level > out at a pitch and a cutoff. */
static chr_ir *drone(double freq, double cutoff, bool second_filter) {
    ir_maker m = ir_begin();
    uint32_t o = ir_owner(&m, "drone", 1);
    uint32_t saw = ir_node(&m, o, "saw", "saw", 1);
    ir_set(&m, saw, "freq", freq);
    uint32_t last = ir_node(&m, o, "lpf", "lpf", 1);
    ir_wire(&m, last, "in", saw, 0);
    ir_set(&m, last, "cutoff", cutoff);
    if (second_filter) {
        uint32_t more = ir_node(&m, o, "hpf", "hpf", 1);
        ir_wire(&m, more, "in", last, 0);
        ir_set(&m, more, "cutoff", 100.0);
        last = more;
    }
    uint32_t level = ir_node(&m, o, "level", "level", 1);
    ir_wire(&m, level, "left", last, 0);
    ir_wire(&m, level, "right", last, 0);
    ir_out(&m, o, level, 1);
    return ir_end(&m);
}

/* Eight voices, played by a melody. */
static chr_ir *instrument(uint32_t voices) {
    ir_maker m = ir_begin();
    uint32_t o = ir_owner(&m, "keys", voices);
    uint32_t saw = ir_node(&m, o, "saw", "saw", voices);
    ir_voice(&m, saw, "freq", CHR_VOICE_FREQ);
    uint32_t env = ir_node(&m, o, "env", "env", voices);
    ir_wire(&m, env, "in", saw, 0);
    ir_voice(&m, env, "gate", CHR_VOICE_GATE);
    uint32_t mix = ir_sum(&m, o, "mix", "mix", env);
    uint32_t level = ir_node(&m, o, "level", "level", 1);
    ir_wire(&m, level, "left", mix, 0);
    ir_wire(&m, level, "right", mix, 0);
    ir_out(&m, o, level, 1);
    static const float notes[] = {48, 52, 55, 60, 64, 67};
    ir_pattern(&m, o, "keys", notes, 6, 1, 7); /* sevenths of a beat: never on a chunk's edge */
    return ir_end(&m);
}

static double rms(const float *x, int from, int to) {
    double sum = 0;
    for (int i = 2 * from; i < 2 * to; i++)
        sum += (double)x[i] * (double)x[i];
    return sqrt(sum / (2.0 * (to - from)));
}

static void a_drone_sounds(void **state) {
    (void)state;
    chr_engine *e = kit_engine(0, false);
    offer(e, drone(110, 2000, false), NULL);
    float *x = kit_render(e, RATE, 256);
    assert_true(rms(x, RATE / 2, RATE) > 0.1);
    free(x);
    chr_engine_free(e);
}

static void bits_do_not_depend_on_lanes_or_blocks(void **state) {
    (void)state;
    float *reference = NULL;
    static const int lanes[] = {0, 1, 4, 8, 16}, blocks[] = {1, 17, 32, 256, 4096};
    for (size_t l = 0; l < 5; l++)
        for (size_t k = 0; k < 5; k++) {
            chr_engine *e = kit_engine(lanes[l], true);
            offer(e, instrument(6), NULL);
            chr_engine_play(e);
            float *x = kit_render(e, RATE / 2, blocks[k]);
            if (!reference)
                reference = x;
            else
                assert_memory_equal(x, reference, RATE / 2 * 2 * sizeof(float));
            if (x != reference)
                free(x);
            chr_engine_free(e);
        }
    assert_true(rms(reference, 0, RATE / 2) > 0.01);
    free(reference);
}

static void the_same_again_changes_no_bit(void **state) {
    (void)state;
    chr_engine *a = kit_engine(0, true), *b = kit_engine(0, true);
    offer(a, instrument(4), NULL);
    offer(b, instrument(4), NULL);
    chr_engine_play(a);
    chr_engine_play(b);
    for (int i = 0; i < 20; i++) {
        chr_offer_report r;
        float *x = kit_render(a, 4800, 64), *y = kit_render(b, 4800, 64);
        assert_memory_equal(x, y, 4800 * 2 * sizeof(float));
        free(x);
        free(y);
        offer(a, instrument(4), &r);
        assert_int_equal(r.changed + r.added + r.gone, 0);
        assert_true(r.kept > 0);
    }
    chr_engine_free(a);
    chr_engine_free(b);
}

/* Largest jump from one sample to the next. */
static double steepest(const float *x, int from, int to) {
    double most = 0;
    for (int i = from + 1; i < to; i++)
        most = fmax(most, fabs((double)x[2 * i] - (double)x[2 * i - 2]));
    return most;
}

static chr_ir *sine(double freq, double gain) {
    ir_maker m = ir_begin();
    uint32_t o = ir_owner(&m, "sine", 1);
    uint32_t s = ir_node(&m, o, "sine", "sine", 1);
    ir_set(&m, s, "freq", freq);
    uint32_t level = ir_node(&m, o, "level", "level", 1);
    ir_wire(&m, level, "left", s, 0);
    ir_wire(&m, level, "right", s, 0);
    ir_set(&m, level, "gain", gain);
    ir_out(&m, o, level, 1);
    return ir_end(&m);
}

static void a_changed_number_is_a_ramp(void **state) {
    (void)state;
    chr_engine *e = kit_engine(0, false);
    chr_offer_report r;
    offer(e, sine(200, 1.0), NULL);
    kit_skip(e, 4801, 64);
    offer(e, sine(200, 0.25), &r);
    assert_int_equal(r.added + r.gone, 0);
    float *x = kit_render(e, 4800, 64);
    assert_true(steepest(x, 0, 4800) < 2 * 3.15 * 200 / RATE * 1.1);
    assert_true(rms(x, 2400, 4800) < 0.19 && rms(x, 2400, 4800) > 0.17);
    free(x);
    /* A second change in the middle of the ramp starts from what is heard then. */
    offer(e, sine(200, 1.0), NULL);
    kit_skip(e, 240, 60);
    offer(e, sine(200, 0.0), NULL);
    x = kit_render(e, 4800, 64);
    assert_true(steepest(x, 0, 4800) < 2 * 3.15 * 200 / RATE * 1.5);
    assert_true(rms(x, 2400, 4800) == 0.0);
    free(x);
    chr_engine_free(e);
}

static void a_changed_structure_crossfades_and_is_cleared_away(void **state) {
    (void)state;
    chr_engine *e = kit_engine(0, false);
    chr_offer_report r;
    offer(e, drone(55, 300, false), NULL);
    kit_skip(e, RATE / 2, 64);
    offer(e, drone(55, 300, true), &r);
    assert_int_equal(r.added, 1);
    assert_int_equal(r.gone, 0);
    float *x = kit_render(e, RATE / 4, 64);
    assert_true(steepest(x, 0, RATE / 4) < 0.08);
    free(x);
    offer(e, drone(55, 300, false), &r);
    assert_int_equal(r.gone, 1);
    kit_skip(e, RATE / 4, 64);
    chr_engine_tend(e);
    chr_engine_counters c = chr_engine_read(e);
    assert_int_equal(c.graphs_alive, 1);
    assert_int_equal(c.swaps, 5); /* three versions, and two clean-ups */
    chr_engine_free(e);
}

static void of_offers_during_a_fade_the_newest_wins(void **state) {
    (void)state;
    chr_engine *e = kit_engine(0, false);
    offer(e, drone(55, 300, false), NULL);
    kit_skip(e, 4800, 64);
    offer(e, drone(55, 300, true), NULL);
    kit_skip(e, 64, 64);
    offer(e, drone(55, 800, false), NULL);
    offer(e, drone(110, 900, false), NULL);
    kit_skip(e, RATE / 4, 64);
    chr_engine *f = kit_engine(0, false);
    offer(f, drone(110, 900, false), NULL);
    kit_skip(f, RATE, 64);
    float *x = kit_render(e, RATE / 2, 64), *y = kit_render(f, RATE / 2, 64);
    assert_true(fabs(rms(x, 0, RATE / 2) - rms(y, 0, RATE / 2)) < 0.01);
    free(x);
    free(y);
    chr_engine_free(e);
    chr_engine_free(f);
}

static void voices_come_and_go_without_a_trace(void **state) {
    (void)state;
    chr_engine *e = kit_engine(0, false);
    chr_engine_play(e);
    for (uint32_t v = 1; v <= 16; v++) {
        offer(e, instrument(v % 2 ? v : 17 - v), NULL);
        kit_skip(e, 7001, 250);
    }
    chr_engine_tend(e);
    chr_engine_counters c = chr_engine_read(e);
    assert_int_equal(c.faults, 0);
    assert_true(c.graphs_alive <= 2);
    chr_engine_free(e);
}

/* in + 0.5 * echo > delay, by hand: sample-exact feedback. */
static void feedback_is_exact_to_the_sample(void **state) {
    (void)state;
    ir_maker m = ir_begin();
    uint32_t o = ir_owner(&m, "loop", 1);
    uint32_t half = ir_node(&m, o, "mul", "mul", 1), echo = ir_node(&m, o, "prev", "prev", 1);
    uint32_t sum = ir_node(&m, o, "add", "add", 1);
    ir_set(&m, half, "b", 0.5);
    ir_wire(&m, half, "a", echo, 0);
    ir_set(&m, sum, "a", 1.0);
    ir_wire(&m, sum, "b", half, 0);
    ir_wire(&m, echo, "in", sum, 0);
    ir_out(&m, o, sum, 0);
    chr_engine *e = kit_engine(0, false);
    offer(e, ir_end(&m), NULL);
    float *x = kit_render(e, 100, 7);
    double expected = 0.0;
    for (int i = 0; i < 100; i++) {
        expected = 1.0 + 0.5 * expected;
        assert_true(fabs((double)x[2 * i] - expected) < 1e-6);
    }
    free(x);
    chr_engine_free(e);
}

static void a_value_that_is_not_finite_is_silenced_and_named(void **state) {
    (void)state;
    ir_maker m = ir_begin();
    uint32_t good = ir_owner(&m, "good", 1), bad = ir_owner(&m, "bad", 1);
    uint32_t s = ir_node(&m, good, "sine", "sine", 1);
    ir_out(&m, good, s, 0);
    uint32_t boom = ir_node(&m, bad, "mul", "boom", 1);
    ir_set(&m, boom, "a", 1e30);
    ir_set(&m, boom, "b", 1e30);
    ir_out(&m, bad, boom, 0);
    chr_engine *e = kit_engine(0, true);
    offer(e, ir_end(&m), NULL);
    float *x = kit_render(e, 4800, 64);
    for (int i = 0; i < 9600; i++)
        assert_true(isfinite(x[i]));
    assert_true(rms(x, 2400, 4800) > 0.5);
    assert_true(chr_engine_read(e).faults > 0);
    assert_string_equal(chr_engine_next_fault(e), "bad.boom");
    free(x);
    chr_engine_free(e);
}

/* Beats fall on their exact samples: onsets of a pattern at an odd tempo. */
static void events_fall_on_their_exact_sample(void **state) {
    (void)state;
    ir_maker m = ir_begin();
    ir_time(m.ir, 97.3, 4.0);
    uint32_t o = ir_owner(&m, "gate", 1);
    uint32_t pass = ir_node(&m, o, "mul", "mul", 1);
    ir_voice(&m, pass, "a", CHR_VOICE_GATE);
    ir_set(&m, pass, "b", 1.0);
    ir_out(&m, o, pass, 0);
    static const float notes[] = {60};
    ir_pattern(&m, o, "gate", notes, 1, 1, 3);
    chr_engine *e = kit_engine(0, false);
    offer(e, ir_end(&m), NULL);
    chr_engine_play(e);
    float *x = kit_render(e, RATE * 4, 100);
    int beat = 0;
    for (int i = 1; i < RATE * 4; i++)
        if (x[2 * i] > 0.5f && x[2 * i - 2] < 0.5f)
            assert_int_equal(i, (int)floor(++beat / 3.0 * 60.0 * RATE / 97.3 + 0.5));
    assert_int_equal(beat, 19);
    free(x);
    chr_engine_free(e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_drone_sounds),
        cmocka_unit_test(bits_do_not_depend_on_lanes_or_blocks),
        cmocka_unit_test(the_same_again_changes_no_bit),
        cmocka_unit_test(a_changed_number_is_a_ramp),
        cmocka_unit_test(a_changed_structure_crossfades_and_is_cleared_away),
        cmocka_unit_test(of_offers_during_a_fade_the_newest_wins),
        cmocka_unit_test(voices_come_and_go_without_a_trace),
        cmocka_unit_test(feedback_is_exact_to_the_sample),
        cmocka_unit_test(a_value_that_is_not_finite_is_silenced_and_named),
        cmocka_unit_test(events_fall_on_their_exact_sample),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
