/* tests/contract/envelopes.c: `env` and `perc`: their times, their curves against closed forms in
 * double precision, their ends. Every figure that docs/sound.md gives for them is printed here.
 * SPDX-License-Identifier: MIT */
#include "tests/support/analysis.h"
#include "tests/support/module_rig.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum {
    LANES = 4,
    LONGEST = 2000000,
    START = 1000
}; /* START: the gate opens here, off every grid */

static float gate[LONGEST];

static void open_gate(int from, int to) {
    for (int i = 0; i < LONGEST; i++)
        gate[i] = i >= from && i < to ? 1.0f : 0.0f;
}

/* Samples from `from` until the level has fallen to `level`. */
static int until(const float *y, int from, int n, double level) {
    for (int i = from; i < n; i++)
        if ((double)y[i] <= level)
            return i - from + 1;
    return -1;
}

/* Samples from `from` until the level is greatest: the end of an attack that a decay follows. */
static int until_peak(const float *y, int from, int n) {
    int at = from;
    for (int i = from; i < n; i++)
        if (y[i] > y[at])
            at = i;
    return at - from + 1;
}

typedef struct adsr {
    double attack, decay, sustain, release;
} adsr;

static rig *play(const adsr *a, float rate, int held, int n) {
    rig *r = rig_open(rig_module("env", NULL, LANES), LANES, rate, 1);
    open_gate(START, START + held);
    rig_set_signal(r, "gate", gate);
    rig_set(r, "attack", (float)a->attack);
    rig_set(r, "decay", (float)a->decay);
    rig_set(r, "sustain", (float)a->sustain);
    rig_set(r, "release", (float)a->release);
    rig_run(r, (size_t)n);
    return r;
}

static const adsr settings[] = {
    {0.010, 0.100, 0.70, 0.200},
    {0.001, 0.010, 0.30, 0.005},
    {1.000, 2.000, 0.50, 3.000},
    {10.00, 4.000, 0.20, 8.000},
    {0.300, 0.050, 0.01, 0.050},
};
static const float rates[] = {44100, 48000};

static void stages_take_the_time_that_is_asked_for(void **state) {
    (void)state;
    double worst_attack = 0, worst_decay = 0, worst_release = 0;
    for (size_t k = 0; k < sizeof settings / sizeof settings[0]; k++)
        for (size_t q = 0; q < 2; q++) {
            const adsr *a = &settings[k];
            double rate = (double)rates[q];
            int held = (int)((a->attack + 1.8 * a->decay + 0.05) * rate),
                n = START + held + (int)(2 * a->release * rate);
            rig *r = play(a, rates[q], held, n);
            const float *y = rig_output(r, 0, 2);
            int attack = until_peak(y, START, n);
            int decay = until(y, START + attack, n, a->sustain + 0.001 * (1 - a->sustain));
            int release = until(y, START + held, n, 0.001 * (double)y[START + held - 1]);
            assert_true(fabs((double)y[START + attack - 1] - 1) < 2e-5);
            worst_attack = fmax(worst_attack, fabs(attack / rate - a->attack));
            worst_decay = fmax(worst_decay, fabs(decay / rate - a->decay));
            worst_release = fmax(worst_release, fabs(release / rate - a->release));
            rig_close(r);
        }
    print_message("env: worst error of attack %.3f ms, decay %.3f ms, release %.3f ms (stages of 1 "
                  "ms to 10 s)\n",
                  1e3 * worst_attack, 1e3 * worst_decay, 1e3 * worst_release);
    assert_true(worst_attack < 1e-3 && worst_decay < 1e-3 && worst_release < 1e-3);
}

/* Charging and discharging of a capacitor, by the exponential function itself. */
static double exact(const adsr *a, double t, double held) {
    const double fall = log((1 + 1e-5) / (1e-3 + 1e-5));
    if (t > held) {
        double e = (1 + 1e-5) * exp(-fall * (t - held) / a->release) - 1e-5;
        return exact(a, held, held) * fmax(e, 0);
    }
    if (t < a->attack)
        return 1.5 - 1.5 * exp(-log(3) * t / a->attack);
    double e = (1 + 1e-5) * exp(-fall * (t - a->attack) / a->decay) - 1e-5;
    return a->sustain + (1 - a->sustain) * fmax(e, 0);
}

static void curves_are_those_of_a_capacitor(void **state) {
    (void)state;
    double worst = 0;
    for (size_t k = 0; k < 3; k++) {
        const adsr *a = &settings[k];
        int held = (int)((a->attack + 1.8 * a->decay + 0.05) * 48000),
            n = START + held + (int)(2 * a->release * 48000);
        rig *r = play(a, 48000, held, n);
        const float *y = rig_output(r, 0, 0);
        for (int i = START; i < n; i++) {
            double t = (i - START + 1) / 48000.0;
            /* A stage begins at a whole sample: there the closed form is off by as much as a
             * sample. */
            double slack = fabs(exact(a, t + 1 / 48000.0, held / 48000.0) -
                                exact(a, t - 1 / 48000.0, held / 48000.0));
            worst = fmax(worst, fabs((double)y[i] - exact(a, t, held / 48000.0)) - slack);
        }
        rig_close(r);
    }
    print_message(
        "env against its closed form in double precision: %.1e beyond one sample's shift\n",
        fmax(worst, 0));
    assert_true(worst < 1e-5);
}

static void a_released_envelope_ends_in_exact_silence(void **state) {
    (void)state;
    rig *r = play(&settings[0], 48000, 24000, 96000);
    const float *y = rig_output(r, 0, 1);
    int end = START + 24000 + until(y, START + 24000, 96000, 0);
    assert_true(end < START + 24000 + (int)(1.7 * 0.2 * 48000));
    for (int i = end; i < 96000; i++)
        assert_true(y[i] == 0.0f);
    assert_true((double)y[end - 3] < 1e-5); /* and gets there without a step */
    rig_close(r);
}

static void an_envelope_struck_again_goes_on_from_where_it_is(void **state) {
    (void)state;
    enum { N = 96000 };
    rig *r = rig_open(rig_module("env", NULL, LANES), LANES, 48000, 1);
    for (int i = 0; i < N; i++)
        gate[i] = (float)(i / 1777 % 2);
    rig_set_signal(r, "gate", gate);
    rig_set(r, "attack", 0.02f);
    rig_set(r, "decay", 0.05f);
    rig_set(r, "release", 0.1f);
    rig_run(r, N);
    const float *y = rig_output(r, 0, 0);
    for (int i = 1; i < N; i++)
        assert_true(fabs((double)(y[i] - y[i - 1])) < 1.2 * 1.5 * log(3) / (0.02 * 48000));
    rig_close(r);
}

static void the_shortest_stages_are_a_gate(void **state) {
    (void)state;
    adsr none = {0, 0, 0.5, 0};
    rig *r = play(&none, 48000, 480, 4800);
    const float *y = rig_output(r, 0, 0);
    assert_true(y[START - 1] == 0.0f && (double)y[START] > 0.999 &&
                fabs((double)y[START + 4] - 0.5) < 1e-4);
    assert_true((double)y[START + 480 + 1] < 0.001 && y[START + 480 + 4] == 0.0f);
    rig_close(r);
}

static void perc_fades_by_60_db_in_its_decay(void **state) {
    (void)state;
    static const float decays[] = {0.04f, 0.4f, 4};
    double worst = 0, worst_attack = 0;
    open_gate(START, START + 10); /* let go at once: it rings on */
    for (size_t k = 0; k < 3; k++)
        for (float curve = 0; curve <= 1; curve += 0.25f) {
            int n = START + (int)(decays[k] * 1.8f * 48000) + 4800;
            rig *r = rig_open(rig_module("perc", NULL, LANES), LANES, 48000, 1);
            rig_set_signal(r, "gate", gate);
            rig_set(r, "decay", decays[k]);
            rig_set(r, "attack", 0.002f);
            rig_set(r, "curve", curve);
            rig_run(r, (size_t)n);
            const float *y = rig_output(r, 0, 3);
            int attack = until_peak(y, START, n), decay = until(y, START + attack, n, 0.001);
            worst_attack = fmax(worst_attack, fabs(attack / 48000.0 - 0.002));
            worst = fmax(worst, fabs(decay / 48000.0 - (double)decays[k]));
            assert_true(y[n - 1] == 0.0f);
            rig_close(r);
        }
    print_message(
        "perc: worst error of attack %.3f ms, decay %.3f ms (40 ms to 4 s, every curve)\n",
        1e3 * worst_attack, 1e3 * worst);
    assert_true(worst_attack < 1e-3 && worst < 1e-3);
}

static void an_envelope_multiplies_what_enters_it(void **state) {
    (void)state;
    static float tone[4800];
    for (int i = 0; i < 4800; i++)
        tone[i] = (float)sin(0.05 * i);
    rig *alone = play(&settings[0], 48000, 2400, 4800),
        *shaping = rig_open(alone->module, LANES, 48000, 1);
    rig_set_signal(shaping, "in", tone);
    rig_set_signal(shaping, "gate", gate);
    rig_set(shaping, "attack", 0.01f);
    rig_set(shaping, "decay", 0.1f);
    rig_set(shaping, "sustain", 0.7f);
    rig_set(shaping, "release", 0.2f);
    rig_run(shaping, 4800);
    for (int i = 0; i < 4800; i++)
        assert_true(rig_output(shaping, 0, 0)[i] == rig_output(alone, 0, 0)[i] * tone[i]);
    rig_close(alone);
    rig_close(shaping);
}

/* The graph passes the gate as a constant and cuts the chunk where it changes; a signal must give
 * the same samples. */
static void a_gate_that_cuts_the_chunk_equals_a_gate_signal(void **state) {
    (void)state;
    enum { N = 48000 };
    static float cut[N];
    rig *whole = play(&settings[0], 48000, 12345, N),
        *parts = rig_open(whole->module, LANES, 48000, 1);
    rig_set(parts, "attack", 0.01f);
    rig_set(parts, "decay", 0.1f);
    rig_set(parts, "sustain", 0.7f);
    rig_set(parts, "release", 0.2f);
    const int ends[] = {START, START + 12345, N};
    for (int k = 0, at = 0; k < 3; k++) {
        rig_set(parts, "gate", k == 1 ? 1.0f : 0.0f);
        rig_run(parts, (size_t)(ends[k] - at));
        memcpy(cut + at, rig_output(parts, 0, 0), (size_t)(ends[k] - at) * sizeof(float));
        at = ends[k];
    }
    assert_memory_equal(cut, rig_output(whole, 0, 0), sizeof cut);
    rig_close(whole);
    rig_close(parts);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stages_take_the_time_that_is_asked_for),
        cmocka_unit_test(curves_are_those_of_a_capacitor),
        cmocka_unit_test(a_released_envelope_ends_in_exact_silence),
        cmocka_unit_test(an_envelope_struck_again_goes_on_from_where_it_is),
        cmocka_unit_test(the_shortest_stages_are_a_gate),
        cmocka_unit_test(perc_fades_by_60_db_in_its_decay),
        cmocka_unit_test(an_envelope_multiplies_what_enters_it),
        cmocka_unit_test(a_gate_that_cuts_the_chunk_equals_a_gate_signal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
