/* tests/unit/engine_fades.c: changes in the middle of long fades: what does not concern a fade
 * neither waits for it nor touches it; an input that changes while it fades begins again from what
 * is heard; a third change of it begins when the fades are over. SPDX-License-Identifier: MIT */
#include "tests/support/analysis.h"
#include "tests/support/engine_kit.h"
#include "tests/support/ir_maker.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RATE = KIT_RATE, FADE = RATE };

/* A patch that fades over a second between sines of other pitches, and one beside it. */
typedef struct wish {
    int sine; /* 0, 1, 2, 3: 200, 300, 450 and 675 Hz, each a node of its own */
    double gain, other_gain;
    bool filter; /* in the other patch, whose fades last 10 ms */
    bool third;  /* one more patch */
} wish;

static const wish plain = {.gain = 0.5, .other_gain = 0.5};

static chr_ir *set_of(const wish *w) {
    static const char *const labels[] = {"low", "mid", "high", "top"};
    static const double hz[] = {200, 300, 450, 675};
    ir_maker m = ir_begin();
    if (w->third) {
        uint32_t t = ir_owner(&m, "third", 1), s = ir_node(&m, t, "sine", "sine", 1);
        ir_set(&m, s, "freq", 900.0);
        ir_out(&m, t, s, 0);
    }
    uint32_t o = ir_owner(&m, "slow", 1), s = ir_node(&m, o, "sine", labels[w->sine], 1);
    m.owners[o].fade_s = 1.0;
    m.nodes[s].labelled = true; /* another label is another node */
    ir_set(&m, s, "freq", hz[w->sine]);
    uint32_t level = ir_node(&m, o, "level", "level", 1);
    ir_wire(&m, level, "left", s, 0);
    ir_wire(&m, level, "right", s, 0);
    ir_set(&m, level, "gain", w->gain);
    ir_out(&m, o, level, 1);
    uint32_t p = ir_owner(&m, "beside", 1), last = ir_node(&m, p, "sine", "sine", 1);
    ir_set(&m, last, "freq", 110.0);
    if (w->filter) {
        uint32_t filter = ir_node(&m, p, "hpf", "hpf", 1);
        ir_wire(&m, filter, "in", last, 0);
        ir_set(&m, filter, "cutoff", 400.0);
        last = filter;
    }
    level = ir_node(&m, p, "level", "level", 1);
    ir_wire(&m, level, "left", last, 0);
    ir_wire(&m, level, "right", last, 0);
    ir_set(&m, level, "gain", w->other_gain);
    ir_out(&m, p, level, 1);
    return ir_end(&m);
}

/* The sound of one patch over some chunks. */
static float *hear(chr_engine *e, const char *owner, int chunks) {
    float *x = calloc((size_t)chunks * CHR_CHUNK, sizeof *x);
    assert_non_null(x);
    for (int i = 0; i < chunks; i++) {
        kit_skip(e, CHR_CHUNK, CHR_CHUNK);
        memcpy(x + i * CHR_CHUNK, kit_stem(e, owner), CHR_CHUNK * sizeof *x);
    }
    return x;
}

/* In the middle of the way from the first sine to the second. */
static chr_engine *fading(const wish *to) {
    chr_engine *e = kit_engine(0, false);
    kit_offer(e, set_of(&plain));
    kit_skip(e, 4800, 32);
    kit_offer(e, set_of(to));
    kit_skip(e, 9600, 32);
    return e;
}

static void what_does_not_concern_a_fade_leaves_it_bit_for_bit(void **state) {
    (void)state;
    wish mid = plain;
    mid.sine = 1;
    chr_engine *quiet = fading(&mid), *busy = fading(&mid);
    wish w = mid;
    for (int i = 0; i < 2 * FADE / CHR_CHUNK; i++) {
        if (i % 40 == 5) { /* numbers, structure, patches; more than twenty changes in the fade */
            w.other_gain = i % 80 == 5 ? 0.25 : 0.5;
            w.filter = i / 40 % 3 == 1;
            w.third = i / 40 % 4 == 2;
            uint64_t swaps = chr_engine_read(busy).swaps;
            kit_offer(busy, set_of(&w));
            kit_skip(quiet, CHR_CHUNK, CHR_CHUNK);
            kit_skip(busy, CHR_CHUNK, CHR_CHUNK);
            assert_true(chr_engine_read(busy).swaps > swaps); /* it did not wait */
        } else {
            kit_skip(quiet, CHR_CHUNK, CHR_CHUNK);
            kit_skip(busy, CHR_CHUNK, CHR_CHUNK);
        }
        assert_memory_equal(kit_stem(quiet, "slow"), kit_stem(busy, "slow"),
                            CHR_CHUNK * sizeof(float));
    }
    kit_skip(busy, 4800, 32);
    assert_int_equal(chr_engine_read(busy).graphs_alive, 1);
    chr_engine_free(quiet);
    chr_engine_free(busy);
}

static void a_number_behind_a_fade_moves_at_once(void **state) {
    (void)state;
    wish mid = plain;
    mid.sine = 1;
    chr_engine *e = fading(&mid), *f = fading(&mid);
    mid.gain = 0.25;
    kit_offer(f, set_of(&mid));
    free(hear(f, "slow", 16)); /* its ramp */
    free(hear(e, "slow", 16));
    float *x = hear(e, "slow", 200), *y = hear(f, "slow", 200);
    for (int i = 0; i < 200 * CHR_CHUNK; i++)
        assert_true(fabsf(0.5f * x[i] - y[i]) < 1e-6f);
    free(x);
    free(y);
    chr_engine_free(e);
    chr_engine_free(f);
}

static double loudness(const float *x, double hz) {
    return an_tone(x, RATE / 4, RATE, hz);
}

static void a_second_change_begins_with_what_is_heard_and_a_third_after_it(void **state) {
    (void)state;
    wish w = plain;
    w.sine = 1;
    chr_engine *e = fading(&w);
    w.sine = 2;
    kit_offer(e, set_of(&w));
    float *x = hear(e, "slow", FADE / 2 / CHR_CHUNK);
    double click = an_click_db(x, (size_t)(FADE / 2 / CHR_CHUNK) * CHR_CHUNK, RATE, NULL);
    assert_true(click < -80.0);
    /* All three are there, and the newest is gaining. */
    const float *end = x + (FADE / 2 / CHR_CHUNK) * CHR_CHUNK - RATE / 4;
    for (int k = 0; k < 3; k++)
        assert_true(loudness(end, 200.0 * pow(1.5, k)) > 0.003);
    free(x);
    w.sine = 3;
    kit_offer(e, set_of(&w));
    kit_skip(e, 480, 32);
    w.sine = 0;
    kit_offer(e, set_of(&w)); /* the newest of those who are still to come */
    x = hear(e, "slow", 4 * FADE / CHR_CHUNK);
    assert_true(an_click_db(x, (size_t)(4 * FADE / CHR_CHUNK) * CHR_CHUNK, RATE, NULL) < -80.0);
    end = x + (4 * FADE / CHR_CHUNK) * CHR_CHUNK - RATE / 4;
    assert_true(loudness(end, 200.0) > 0.2);
    for (int k = 1; k < 4; k++)
        assert_true(loudness(end, 200.0 * pow(1.5, k)) < 1e-4);
    free(x);
    kit_skip(e, 4800, 32);
    assert_int_equal(chr_engine_read(e).graphs_alive, 1);
    chr_engine_free(e);
}

static void what_comes_back_in_the_middle_goes_on_as_it_is(void **state) {
    (void)state;
    wish w = plain;
    w.sine = 1;
    chr_engine *e = fading(&w), *never = kit_engine(0, false);
    kit_offer(never, set_of(&plain));
    kit_skip(never, 4800 + 9600, 32);
    kit_offer(e, set_of(&plain));
    float *x = hear(e, "slow", 3 * FADE / CHR_CHUNK),
          *y = hear(never, "slow", 3 * FADE / CHR_CHUNK);
    size_t n = (size_t)(3 * FADE / CHR_CHUNK) * CHR_CHUNK;
    assert_true(an_click_db(x, n, RATE, NULL) < -80.0);
    assert_memory_equal(x + n - RATE / 2, y + n - RATE / 2, RATE / 2 * sizeof *x);
    free(x);
    free(y);
    chr_engine_free(e);
    chr_engine_free(never);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_does_not_concern_a_fade_leaves_it_bit_for_bit),
        cmocka_unit_test(a_number_behind_a_fade_moves_at_once),
        cmocka_unit_test(a_second_change_begins_with_what_is_heard_and_a_third_after_it),
        cmocka_unit_test(what_comes_back_in_the_middle_goes_on_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
