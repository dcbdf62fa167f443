/* tests/render/swaps_are_clean.c: what is heard of a change: nothing above 10 kHz beyond -80 dB re
 * the signal in any 1 ms, on sines and low-passed drones, for each kind of change and at many
 * moments. SPDX-License-Identifier: MIT */
#include "runtime/engine.h"
#include "tests/support/analysis.h"
#include "tests/support/ir_maker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { RATE = 48000, LENGTH = RATE / 2, LIMIT_DB = -80 };

/* What differs between two versions. */
typedef struct wish {
    double freq, cutoff, gain, on;
    int voices;     /* copies of the source */
    bool extra;     /* a filter more in the chain */
    bool modulated; /* the cutoff is a signal, not a number */
    bool other;     /* another patch beside it */
} wish;

static const wish plain = {.freq = 110, .cutoff = 400, .gain = 0.5, .on = 1, .voices = 1};

static chr_ir *session(const wish *w) {
    ir_maker m = ir_begin();
    uint32_t o = ir_owner(&m, "drone", 1);
    uint32_t source = ir_node(&m, o, "saw", "saw", (uint32_t)w->voices);
    for (uint32_t i = 0; i < (uint32_t)w->voices; i++)
        ir_set_one(&m, source, "freq", i, w->freq * (1.0 + 0.003 * i));
    uint32_t last = ir_sum(&m, o, "mix", "mix", source);
    uint32_t first = m.n_nodes;
    last = ir_steep(&m, o, last, w->cutoff);
    if (w->modulated) {
        uint32_t lfo = ir_node(&m, o, "sine", "sine", 1), wide = ir_node(&m, o, "mul", "mul", 1);
        uint32_t sum = ir_node(&m, o, "add", "add", 1);
        ir_set(&m, lfo, "freq", 3.0);
        ir_wire(&m, wide, "a", lfo, 0);
        ir_set(&m, wide, "b", 200.0);
        ir_wire(&m, sum, "a", wide, 0);
        ir_set(&m, sum, "b", 500.0);
        ir_wire(&m, first, "cutoff", sum, 0);
    }
    if (w->extra) {
        uint32_t more = ir_node(&m, o, "bpf", "bpf", 1);
        ir_wire(&m, more, "in", last, 0);
        ir_set(&m, more, "cutoff", 300.0);
        last = more;
    }
    ir_level(&m, o, last, w->gain, w->on);
    if (w->other) {
        uint32_t p = ir_owner(&m, "other", 1), s = ir_node(&m, p, "sine", "sine", 1);
        ir_set(&m, s, "freq", 330.0);
        ir_out(&m, p, s, 0);
    }
    return ir_end(&m);
}

/* Plays `from`, changes to `to` at `at`; gives the worst millisecond around the change. */
static double click(const wish *from, const wish *to, int at) {
    chr_engine_options options = {.rate_hz = RATE, .n_channels = 2};
    chr_engine *e = chr_engine_new(&options);
    assert_non_null(e);
    assert_int_equal(chr_engine_offer(e, session(from), NULL), CHR_OK);
    static float out[2 * LENGTH], left[LENGTH];
    for (int i = 0; i < LENGTH; i += 32) {
        if (i <= at && at < i + 32)
            assert_int_equal(chr_engine_offer(e, session(to), NULL), CHR_OK);
        chr_engine_tend(e);
        chr_engine_render(e, out + 2 * i, 32);
    }
    chr_engine_free(e);
    for (int i = 0; i < LENGTH; i++)
        left[i] = out[2 * i];
    /* The signal's own level, before a change that may well end it. */
    double signal = an_rms(left + RATE / 8, (size_t)at - RATE / 8);
    return an_above_10k_db(left + RATE / 8, LENGTH - RATE / 8, RATE, signal, NULL);
}

static void check(const char *what, const wish *a, const wish *b) {
    double worst = -400;
    for (int k = 0; k < 12; k++) {
        double x = click(a, b, RATE / 4 + 37 * k * k), y = click(b, a, RATE / 4 + 41 * k * k);
        worst = x > worst ? x : worst;
        if (b->on > 0 && b->gain > 0)
            worst = y > worst ? y : worst;
    }
    print_message("%-28s %7.1f dB\n", what, worst);
    assert_true(worst <= LIMIT_DB);
}

static void changes_do_not_click(void **state) {
    (void)state;
    wish w = plain;
    check("the same again", &plain, &w);
    w = plain, w.extra = true;
    check("a filter more", &plain, &w);
    w = plain, w.modulated = true;
    check("a cable for a number", &plain, &w);
    w = plain, w.voices = 3;
    check("three copies for one", &plain, &w);
    w = plain, w.gain = 0.1;
    check("level", &plain, &w);
    w = plain, w.on = 0;
    check("mute", &plain, &w);
    w = plain, w.cutoff = 900;
    check("cutoff", &plain, &w);
    w = plain, w.freq = 165;
    check("pitch", &plain, &w);
    w = plain, w.other = true;
    check("another patch", &plain, &w);
}

/* Neither adding nor removing a patch touches a sample of the others. */
static void an_unrelated_patch_changes_no_bit_of_the_others(void **state) {
    (void)state;
    chr_engine_options options = {.rate_hz = RATE, .n_channels = 2, .stems = true};
    chr_engine *a = chr_engine_new(&options), *b = chr_engine_new(&options);
    wish with = plain;
    with.other = true;
    assert_int_equal(chr_engine_offer(a, session(&plain), NULL), CHR_OK);
    assert_int_equal(chr_engine_offer(b, session(&plain), NULL), CHR_OK);
    for (int i = 0; i < 3000; i++) {
        if (i % 500 == 250)
            assert_int_equal(chr_engine_offer(b, session(i % 1000 == 250 ? &with : &plain), NULL),
                             CHR_OK);
        float x[64], y[64];
        chr_engine_tend(a);
        chr_engine_tend(b);
        chr_engine_render(a, x, 32);
        chr_engine_render(b, y, 32);
        const char *name;
        const float *la, *lb, *ra, *rb;
        assert_true(chr_engine_stem(a, 1, &name, &la, &ra));
        assert_true(chr_engine_stem(b, 1, &name, &lb, &rb));
        assert_string_equal(name, "drone");
        assert_memory_equal(la, lb, CHR_CHUNK * sizeof(float));
        assert_memory_equal(ra, rb, CHR_CHUNK * sizeof(float));
    }
    chr_engine_free(a);
    chr_engine_free(b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_do_not_click),
        cmocka_unit_test(an_unrelated_patch_changes_no_bit_of_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
