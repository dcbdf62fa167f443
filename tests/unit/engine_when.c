/* tests/unit/engine_when.c: changes at a moment of their own: exact to the sample, whatever the
 * block; what the clock does then; when patterns change; numbers that take bars to their goal.
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

enum { RATE = KIT_RATE, BEAT = RATE / 2, BAR = 4 * BEAT };

/* What differs between two versions of one set. */
typedef struct wish {
    double cutoff, on;
    bool filter, other;    /* a filter more on the drone; a patch more, before it */
    int notes;             /* the first so many of the melody */
    double quantum, glide; /* beats */
} wish;

static const wish plain = {.cutoff = 800, .on = 1, .notes = 3, .quantum = 4};

static chr_ir *set_of(const wish *w) {
    ir_maker m = ir_begin();
    m.ir->quantum = (chr_quantum){w->quantum, false};
    if (w->other) {
        uint32_t p = ir_owner(&m, "before", 1), s = ir_node(&m, p, "sine", "sine", 1);
        ir_set(&m, s, "freq", 331.7);
        ir_out(&m, p, s, 0);
    }
    uint32_t d = ir_owner(&m, "drone", 1), saw = ir_node(&m, d, "saw", "saw", 1);
    ir_set(&m, saw, "freq", 55.3);
    uint32_t last = ir_node(&m, d, "lpf", "lpf", 1);
    ir_wire(&m, last, "in", saw, 0);
    ir_set(&m, last, "cutoff", w->cutoff);
    if (w->glide > 0)
        ir_glide(&m, last, "cutoff", 0.0, w->glide);
    if (w->filter) {
        uint32_t more = ir_node(&m, d, "hpf", "hpf", 1);
        ir_wire(&m, more, "in", last, 0);
        last = more;
    }
    uint32_t level = ir_node(&m, d, "level", "level", 1);
    ir_wire(&m, level, "left", last, 0);
    ir_wire(&m, level, "right", last, 0);
    ir_set(&m, level, "on", w->on);
    ir_out(&m, d, level, 1);
    uint32_t k = ir_owner(&m, "keys", 3), sine = ir_node(&m, k, "sine", "sine", 3);
    ir_voice(&m, sine, "freq", CHR_VOICE_FREQ);
    uint32_t env = ir_node(&m, k, "env", "env", 3);
    ir_wire(&m, env, "in", sine, 0);
    ir_voice(&m, env, "gate", CHR_VOICE_GATE);
    uint32_t mix = ir_sum(&m, k, "mix", "mix", env);
    ir_out(&m, k, mix, 0);
    static const float notes[] = {48, 52, 55, 60, 64, 67};
    ir_pattern(&m, k, "keys", notes, (uint32_t)w->notes, 1, 3);
    return ir_end(&m);
}

/* Plays `from`, changes to `to` at `when`, offered at `early`; in blocks of any size. */
static float *change(const wish *from, const wish *to, chr_offer_when when, int early, int frames,
                     int block) {
    chr_engine *e = kit_engine(0, true);
    kit_offer(e, set_of(from));
    chr_engine_play(e);
    float *out = kit_render(e, early, block);
    if (to)
        kit_offer_at(e, set_of(to), when);
    float *rest = kit_render(e, frames - early, block);
    out = realloc(out, (size_t)frames * 2 * sizeof *out);
    memcpy(out + 2 * early, rest, (size_t)(frames - early) * 2 * sizeof *out);
    free(rest);
    chr_engine_free(e);
    return out;
}

static void a_change_is_exact_to_its_sample_whatever_the_block(void **state) {
    (void)state;
    enum { FRAMES = RATE / 2 };
    static const int moments[] = {9600, 9601, 9631, 11000, 14003};
    wish number = plain, structure = plain, patch = plain, all = plain;
    number.cutoff = 3000;
    structure.filter = true;
    patch.other = true;
    all.cutoff = 200, all.filter = all.other = true, all.notes = 6;
    const wish *to[] = {&number, &structure, &patch, &all};
    float *none = change(&plain, NULL, (chr_offer_when){.timed = false}, 64, FRAMES, 32);
    chr_engine *l = kit_engine(0, true);
    int latency = chr_engine_latency(l);
    chr_engine_free(l);
    for (size_t m = 0; m < 5; m++)
        for (size_t w = 0; w < 4; w++) {
            chr_offer_when when = {
                .timed = true, .sample = (uint64_t)moments[m], .patterns = w == 3};
            float *first = change(&plain, to[w], when, 64, FRAMES, 32);
            assert_memory_equal(first, none, (size_t)(moments[m] + latency) * 2 * sizeof(float));
            assert_memory_not_equal(first + 2 * (moments[m] + latency),
                                    none + 2 * (moments[m] + latency), 2400 * sizeof(float));
            static const int blocks[] = {1, 17, 100, 4096};
            for (size_t k = 0; k < 4; k++) {
                float *x = change(&plain, to[w], when, blocks[k] > 1000 ? 4096 : 9100 + 3 * (int)k,
                                  FRAMES, blocks[k]);
                assert_memory_equal(x, first, FRAMES * 2 * sizeof(float));
                free(x);
            }
            free(first);
        }
    free(none);
}

/* Plays both for some chunks; neither patch of the plain set may tell them apart. */
static void stems_are_equal(chr_engine *a, chr_engine *b, int chunks) {
    for (int i = 0; i < chunks; i++) {
        kit_skip(a, CHR_CHUNK, CHR_CHUNK);
        kit_skip(b, CHR_CHUNK, CHR_CHUNK);
        assert_memory_equal(kit_stem(a, "drone"), kit_stem(b, "drone"), CHR_CHUNK * sizeof(float));
        assert_memory_equal(kit_stem(a, "keys"), kit_stem(b, "keys"), CHR_CHUNK * sizeof(float));
    }
}

static void stems_are_whole_where_a_chunk_has_two_graphs(void **state) {
    (void)state;
    chr_engine *a = kit_engine(0, false), *b = kit_engine(0, false);
    kit_offer(a, set_of(&plain));
    kit_offer(b, set_of(&plain));
    stems_are_equal(a, b, 1);
    wish other = plain;
    other.other = true;
    kit_offer_at(b, set_of(&other), (chr_offer_when){.timed = true, .sample = 3209});
    stems_are_equal(a, b, 300);
    chr_engine_free(a);
    chr_engine_free(b);
}

static double rms(const float *x, int from, int to) {
    double sum = 0;
    for (int i = 2 * from; i < 2 * to; i++)
        sum += (double)x[i] * (double)x[i];
    return sqrt(sum / (2.0 * (to - from)));
}

static void stop_waits_for_its_bar_and_takes_the_drones_with_it(void **state) {
    (void)state;
    chr_engine *e = kit_engine(0, false);
    kit_offer(e, set_of(&plain));
    chr_engine_play(e);
    kit_skip(e, BEAT, 64);
    assert_true(chr_engine_next_beat(e, (chr_quantum){4.0, false}) == 4.0);
    assert_int_equal(chr_engine_sample_of_beat(e, 4.0), BAR);
    wish off = plain;
    off.on = 0;
    kit_offer_at(e, set_of(&off),
                 (chr_offer_when){.timed = true, .sample = BAR, .clock = CHR_CLOCK_STOP});
    float *x = kit_render(e, 2 * BAR - BEAT, 64);
    chr_engine *f = kit_engine(0, false);
    kit_offer(f, set_of(&plain));
    chr_engine_play(f);
    kit_skip(f, BEAT, 64);
    float *y = kit_render(f, BAR, 64);
    assert_memory_equal(x, y, (size_t)(BAR - BEAT) * 2 * sizeof(float));
    assert_true(rms(x, BAR - BEAT, BAR - BEAT + 100) > 0.01);
    assert_true(rms(x, 2 * BAR - 2 * BEAT, 2 * BAR - BEAT) == 0.0);
    assert_false(chr_engine_read(e).running);
    assert_true(fabs(chr_engine_read(e).beat - 4.0) < 1e-9);
    assert_int_equal(chr_engine_read(e).last_swap, BAR);
    assert_int_equal(chr_engine_sample_of_beat(e, 8.0), UINT64_MAX);
    free(x);
    free(y);
    chr_engine_free(e);
    chr_engine_free(f);
}

/* One voice whose pitch can be read off the output: the frequency in kHz, 0 between notes. */
static chr_ir *pitches(uint32_t notes, double quantum) {
    ir_maker m = ir_begin();
    m.ir->quantum = (chr_quantum){quantum, false};
    uint32_t o = ir_owner(&m, "keys", 1), gated = ir_node(&m, o, "mul", "gated", 1);
    uint32_t khz = ir_node(&m, o, "mul", "khz", 1);
    ir_voice(&m, gated, "a", CHR_VOICE_FREQ);
    ir_voice(&m, gated, "b", CHR_VOICE_GATE);
    ir_wire(&m, khz, "a", gated, 0);
    ir_set(&m, khz, "b", 0.001);
    ir_out(&m, o, khz, 0);
    static const float all[] = {48, 52, 55, 60, 64, 67, 69};
    ir_pattern(&m, o, "keys", all, notes, 1, 3); /* a third of a beat each: 8000 samples */
    return ir_end(&m);
}

static chr_engine *playing(uint32_t notes, double quantum) {
    chr_engine *e = kit_engine(0, false);
    kit_offer(e, pitches(notes, quantum));
    chr_engine_play(e);
    kit_skip(e, 64, 64);
    return e;
}

static void a_jump_ends_the_notes_and_plays_what_stands_there(void **state) {
    (void)state;
    enum { AT = 30017, TO = 9 };
    chr_engine *e = playing(7, 4.0), *f = playing(7, 4.0);
    kit_offer_at(
        e, pitches(7, 4.0),
        (chr_offer_when){.timed = true, .sample = AT, .clock = CHR_CLOCK_JUMP, .beat = TO});
    float *x = kit_render(e, AT + BAR, 50), *y = kit_render(f, TO * BEAT + BAR, 50);
    for (int i = 0; i < BAR - 64; i++) {
        float there = y[2 * (TO * BEAT - 64 + i)], here = x[2 * (AT - 64 + i)];
        if (i == 0) /* closed for a sample, so that the note that stands there begins */
            assert_true(here == 0.0f && x[2 * (AT - 65)] > 0.0f && there > 0.0f);
        else
            assert_true(here == there);
    }
    free(x);
    free(y);
    chr_engine_free(e);
    chr_engine_free(f);
}

static void a_clock_that_stands_starts_at_its_sample(void **state) {
    (void)state;
    wish w = plain;
    w.on = 0;
    chr_engine *e = kit_engine(0, false);
    kit_offer_at(e, set_of(&w),
                 (chr_offer_when){.timed = true, .sample = 1013, .clock = CHR_CLOCK_START});
    float *x = kit_render(e, RATE / 4, 77);
    assert_true(rms(x, 0, 1013) == 0.0);
    assert_true(rms(x, 1013, 1100) > 0.0);
    assert_true(fabs(chr_engine_read(e).beat - (RATE / 4 - 1013) / (double)BEAT) < 0.01);
    free(x);
    chr_engine_free(e);
}

/* The sample at which a melody of two notes is first heard in place of one of three, when it is
 * offered for half a beat after the start. */
static int first_difference(double quantum, bool at_once) {
    chr_engine *e = playing(3, quantum), *f = playing(3, quantum);
    kit_offer_at(e, pitches(2, quantum),
                 (chr_offer_when){.timed = true, .sample = BEAT / 2, .patterns = at_once});
    float *x = kit_render(e, 2 * BAR, 64), *y = kit_render(f, 2 * BAR, 64);
    int i = 0;
    while (x[2 * i] == y[2 * i] && i < 2 * BAR - 1)
        i++;
    free(x);
    free(y);
    chr_engine_free(e);
    chr_engine_free(f);
    return i + 64;
}

static void patterns_change_at_their_quantum(void **state) {
    (void)state;
    /* In thirds of a beat the third note of three meets the first of two: at 2, 8, 14 … */
    assert_int_equal(first_difference(4.0, false), BAR + 2 * BEAT / 3);
    assert_int_equal(first_difference(1.0, false), BEAT); /* 3: the first meets the second */
    assert_int_equal(first_difference(0.0, false), 2 * BEAT / 3);
    assert_int_equal(first_difference(4.0, true), 2 * BEAT / 3);
}

static void a_glide_takes_its_beats_and_goes_on_through_other_changes(void **state) {
    (void)state;
    /* 200 Hz to 3200 Hz over two bars; an unrelated change and the same goal again on the way. */
    wish a = plain, b = plain, c = plain;
    a.cutoff = 200;
    b.cutoff = c.cutoff = 3200;
    b.glide = 8;
    c.other = true;
    chr_engine *e = kit_engine(0, false), *f = kit_engine(0, false);
    for (int k = 0; k < 2; k++) {
        kit_offer(k ? f : e, set_of(&a));
        kit_skip(k ? f : e, 9600, 64);
        kit_offer(k ? f : e, set_of(&b));
        kit_skip(k ? f : e, 9600, 64);
    }
    kit_offer(f, set_of(&c));
    stems_are_equal(e, f, 3 * BAR / CHR_CHUNK);
    chr_engine_free(e);
    chr_engine_free(f);
}

/* A level, so that the way can be read off a constant signal. */
static chr_ir *constant(double freq, bool octaves, double seconds) {
    ir_maker m = ir_begin();
    uint32_t o = ir_owner(&m, "o", 1), n = ir_node(&m, o, octaves ? "sine" : "level", "n", 1);
    if (octaves) {
        ir_set(&m, n, "freq", freq);
    } else {
        ir_set(&m, n, "left", 1.0);
        ir_set(&m, n, "right", 1.0);
        ir_set(&m, n, "gain", freq);
    }
    if (seconds > 0)
        ir_glide(&m, n, octaves ? "freq" : "gain", seconds, 0.0);
    ir_out(&m, o, n, octaves ? 0 : 1);
    return ir_end(&m);
}

static void a_new_goal_starts_from_what_is_heard(void **state) {
    (void)state;
    chr_engine *e = kit_engine(0, false);
    kit_offer(e, constant(0.2, false, 0));
    kit_skip(e, 4800, 64);
    kit_offer(e, constant(0.8, false, 1.0));
    float *x = kit_render(e, RATE / 2, 64);
    for (int i = 0; i < RATE / 2; i++)
        assert_true(fabs((double)x[2 * i] - (0.2 + 0.6 * (i + 1) / (RATE + 1.0))) < 2e-3);
    free(x);
    kit_offer(e, constant(0.2, false, 0.5));
    x = kit_render(e, RATE, 64);
    for (int i = 0; i < RATE; i++) {
        double way = fmin(1.0, (i + 1) / (RATE / 2 + 1.0));
        assert_true(fabs((double)x[2 * i] - (0.5 - 0.3 * way)) < 2e-3);
    }
    free(x);
    chr_engine_free(e);
}

/* Half way through two octaves in a second a sine is one octave up: counted by zero crossings. */
static void a_frequency_moves_evenly_in_octaves(void **state) {
    (void)state;
    chr_engine *e = kit_engine(0, false);
    kit_offer(e, constant(200, true, 0));
    kit_skip(e, 4800, 64);
    kit_offer(e, constant(800, true, 1.0));
    float *x = kit_render(e, RATE, 64);
    static const double octaves[] = {0.5, 1.0, 1.5};
    for (int k = 0; k < 3; k++) {
        int middle = (int)(octaves[k] / 2.0 * RATE), crossings = 0;
        for (int i = middle - RATE / 40; i < middle + RATE / 40; i++)
            crossings += x[2 * i] < 0.0f && x[2 * i + 2] >= 0.0f;
        assert_true(fabs(crossings * 20.0 - 200.0 * exp2(octaves[k])) < 21.0);
    }
    free(x);
    chr_engine_free(e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_is_exact_to_its_sample_whatever_the_block),
        cmocka_unit_test(stems_are_whole_where_a_chunk_has_two_graphs),
        cmocka_unit_test(stop_waits_for_its_bar_and_takes_the_drones_with_it),
        cmocka_unit_test(a_jump_ends_the_notes_and_plays_what_stands_there),
        cmocka_unit_test(a_clock_that_stands_starts_at_its_sample),
        cmocka_unit_test(patterns_change_at_their_quantum),
        cmocka_unit_test(a_glide_takes_its_beats_and_goes_on_through_other_changes),
        cmocka_unit_test(a_new_goal_starts_from_what_is_heard),
        cmocka_unit_test(a_frequency_moves_evenly_in_octaves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
