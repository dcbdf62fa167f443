/* tests/contract/strikes.c: what is struck again while it still rings: a wave and an envelope that
 * begin anew are as new, and `restrike` lets what rings make way without a tick.
 *
 * SPDX-License-Identifier: MIT */
#include "tests/support/analysis.h"
#include "tests/support/module_rig.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RATE = 48000, N = 9600, STRIKE = 4800, LANES = 16 };
static const double pi = 3.14159265358979323846;

/* A gate that opens at one sample for the rest of the run. */
static float *gate_at(int sample) {
    static float gate[N];
    for (int i = 0; i < N; i++)
        gate[i] = i >= sample;
    return gate;
}

/* A reset wave sounds as one that has never sounded, though it was synced before; at the start of a
 * chunk to the bit, elsewhere to what the fraction of a phase is. */
static void a_reset_wave_is_as_new(void **state) {
    (void)state;
    static const char *const waves[] = {"sine", "saw", "square", "pulse", "triangle"};
    static float sync[N];
    for (int i = 0; i < STRIKE - 200; i++)
        sync[i] = (float)sin(2.0 * pi * 441.0 * i / RATE);
    for (size_t w = 0; w < sizeof waves / sizeof waves[0]; w++)
        for (int off = 0; off < 32; off += 13) {
            rig *old = rig_open(rig_module(waves[w], NULL, 4), 4, RATE, 1),
                *fresh = rig_open(rig_module(waves[w], NULL, 4), 4, RATE, 1);
            rig_set(old, "freq", 1733.0f);
            rig_set(fresh, "freq", 1733.0f);
            rig_set(old, "phase", 40.0f);
            rig_set(fresh, "phase", 40.0f);
            rig_set_signal(old, "sync", sync);
            rig_set_signal(old, "reset", gate_at(STRIKE + off));
            rig_run(old, N);
            rig_run(fresh, N);
            const float *x = rig_output(old, 0, 2) + STRIKE + off, *y = rig_output(fresh, 0, 2);
            if (off == 0)
                assert_memory_equal(x, y, (N - STRIKE) * sizeof *x);
            else
                assert_true(an_difference_db(x, y, (size_t)(N - STRIKE - off)) < -100.0);
            rig_close(old);
            rig_close(fresh);
        }
}

static void a_perc_struck_again_begins_where_it_is_told_to(void **state) {
    (void)state;
    static float gate[N];
    for (int i = 0; i < N; i++)
        gate[i] = i % STRIKE < 100;
    for (int again = 0; again < 2; again++) {
        rig *r = rig_open(rig_module("perc", NULL, 4), 4, RATE, 1);
        rig_set(r, "decay", 1.0f);
        rig_set(r, "attack", 0.002f);
        rig_set(r, "again", (float)again);
        rig_set_signal(r, "gate", gate);
        rig_run(r, N);
        const float *y = rig_output(r, 0, 0);
        float before = y[STRIKE - 1];
        assert_true(before > 0.4f);
        if (again)
            assert_memory_equal(y, y + STRIKE, STRIKE * sizeof *y);
        else
            assert_true(fabsf(y[STRIKE] - before) < 0.02f);
        rig_close(r);
    }
}

/* Sixteen tones of one pitch at all phases, which break off where the gate opens; a new sound may
 * begin there, and the old one may go on at another level. */
static double worst_tick_db(double hz, double goes_on, bool begins) {
    static float tone[LANES][N];
    rig *r = rig_open(rig_module("restrike", NULL, LANES), LANES, RATE, 1);
    double worst = -400.0;
    for (int lane = 0; lane < LANES; lane++) {
        for (int i = 0; i < N; i++) {
            double old = 0.5 * sin(2.0 * pi * (hz * (i - STRIKE) / RATE + lane / 16.0));
            double t = i - STRIKE - 1, x = t < 0 ? 0.0 : 1.0 - cos(pi * fmin(1.0, t / 500.0));
            tone[lane][i] =
                (float)(i < STRIKE ? old
                                   : goes_on * old + (begins ? 0.3 * x * x * sin(t / 99.0) : 0.0));
        }
        r->input[0][lane].signal = tone[lane];
    }
    rig_set_signal(r, "gate", gate_at(STRIKE));
    rig_run(r, N);
    for (int lane = 0; lane < LANES; lane++) {
        double tick = an_above_10k_db(rig_output(r, 0, lane), N, RATE, 0.5 * sqrt(0.5), NULL);
        worst = fmax(worst, tick);
    }
    rig_close(r);
    return worst;
}

static void what_rings_makes_way_without_a_tick(void **state) {
    (void)state;
    static const double pitches[] = {30.0, 52.0, 110.0, 185.0, 330.0, 440.0};
    for (size_t k = 0; k < sizeof pitches / sizeof pitches[0]; k++) {
        double broken = worst_tick_db(pitches[k], 0.0, false),
               struck = worst_tick_db(pitches[k], 0.0, true),
               softer = worst_tick_db(pitches[k], 0.4, true),
               louder = worst_tick_db(pitches[k], 2.5, true);
        print_message("%3.0f Hz: breaking off %.1f dB, under a new strike %.1f, a softer one %.1f, "
                      "a louder one %.1f dB\n",
                      pitches[k], broken, struck, softer, louder);
        assert_true(broken < -80.0 && struck < -80.0 && softer < -80.0 && louder < -80.0);
    }
}

/* Out of silence nothing is added, to the bit. */
static void a_first_strike_passes_as_it_is(void **state) {
    (void)state;
    static float x[N];
    for (int i = STRIKE; i < N; i++)
        x[i] = (float)sin((i - STRIKE) * 0.9 + 0.7);
    rig *r = rig_open(rig_module("restrike", NULL, 1), 1, RATE, 1);
    rig_set_signal(r, "in", x);
    rig_set_signal(r, "gate", gate_at(STRIKE));
    rig_run(r, N);
    assert_memory_equal(rig_output(r, 0, 0), x, sizeof x);
    rig_close(r);
}

/* What cannot be told in advance is not made louder: noise, alone and under a tone. */
static void hiss_is_not_blown_up(void **state) {
    (void)state;
    static float x[LANES][N];
    for (int share = 0; share < 2; share++) {
        uint32_t seed = 1;
        rig *r = rig_open(rig_module("restrike", NULL, LANES), LANES, RATE, 1);
        for (int lane = 0; lane < LANES; lane++) {
            for (int i = 0; i < STRIKE; i++) {
                seed = seed * 1664525u + 1013904223u;
                double hiss = (double)(int32_t)seed * 0x1p-31, level = share ? 0.01 : 1.0;
                x[lane][i] = (float)(share * 0.9 * sin(i * 0.01 + lane) + level * hiss);
            }
            r->input[0][lane].signal = x[lane];
        }
        rig_set_signal(r, "gate", gate_at(STRIKE));
        rig_run(r, N);
        double peak = 0.0;
        for (int lane = 0; lane < LANES; lane++)
            peak = fmax(peak, an_peak(rig_output(r, 0, lane) + STRIKE, N - STRIKE));
        print_message("%s: at most %.2f after the strike\n", share ? "hiss under a tone" : "hiss",
                      peak);
        assert_true(peak <= 1.0);
        rig_close(r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reset_wave_is_as_new),
        cmocka_unit_test(a_perc_struck_again_begins_where_it_is_told_to),
        cmocka_unit_test(what_rings_makes_way_without_a_tick),
        cmocka_unit_test(a_first_strike_passes_as_it_is),
        cmocka_unit_test(hiss_is_not_blown_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
