/* tests/unit/analysis.c: the instruments are shown faults of known size, and must find them at that
 * size.
 *
 * SPDX-License-Identifier: MIT */
#include "tests/support/analysis.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RATE = 48000, N = 1 << 16 };
static float x[N], y[N];
static const double tau = 6.28318530717958647693;

static void near_to(double value, double right, double tolerance) {
    if (!(fabs(value - right) <= tolerance))
        fail_msg("measured %.6f, is %.6f", value, right);
}

static void add_sine(double hz, double amplitude, double phase) {
    for (int i = 0; i < N; i++)
        x[i] = (float)((double)x[i] + amplitude * sin(tau * (hz * i / RATE + phase)));
}
static int blank(void **state) {
    (void)state;
    memset(x, 0, sizeof x);
    return 0;
}

static void levels_of_plain_signals_are_known(void **state) {
    (void)state;
    add_sine(1000.0, 0.5, 0.1);
    near_to(an_rms(x, N), 0.5 / sqrt(2.0), 1e-4);
    near_to(an_peak(x, N), 0.5, 5e-4);
    near_to(an_dc(x, N), 0.0, 1e-9);
    for (int i = 0; i < N; i++)
        x[i] += 0.001f;
    near_to(an_dc(x, N), 0.001, 1e-8);
    x[77] = NAN;
    assert_true(isnan(an_peak(x, N)));
}

static void a_tone_is_weighed_and_its_pitch_read(void **state) {
    (void)state;
    add_sine(441.0, 0.25, 0.3);
    add_sine(882.0, 0.5, 0.7);
    near_to(an_db(an_tone(x, N, RATE, 441.0) / 0.25), 0.0, 1e-4);
    near_to(an_db(an_tone(x, N, RATE, 882.0) / 0.5), 0.0, 1e-4);
    near_to(an_cents(an_frequency(x, N, RATE, 440.6), 441.0), 0.0, 1e-4);
    blank(NULL);
    add_sine(441.0 * pow(2.0, 0.01 / 1200.0), 0.25, 0.0); /* a hundredth of a cent sharp */
    near_to(an_cents(an_frequency(x, N, RATE, 441.0), 441.0), 0.01, 1e-4);
}

static void an_alias_is_found_with_its_level_and_place(void **state) {
    (void)state;
    double at;
    for (int k = 1; k <= 20; k++)
        add_sine(700.0 * k, 0.5 / k, 0.0);
    assert_true(an_alias_db(x, N, RATE, 700.0, 16000.0, NULL) < -140.0);
    add_sine(1234.0, 0.5e-5, 0.2); /* -100 dB re the fundamental */
    near_to(an_alias_db(x, N, RATE, 700.0, 16000.0, &at), -100.0, 1.0);
    near_to(at, 1234.0, 1.0);
    add_sine(17000.0, 0.01, 0.2); /* above what is asked for */
    near_to(an_alias_db(x, N, RATE, 700.0, 16000.0, NULL), -100.0, 1.0);
    blank(NULL);
    assert_true(isnan(an_alias_db(x, N, RATE, 700.0, 16000.0, NULL)));
}

/* A naive saw is what the whole matter of oscillators is about: it must be condemned. */
static void a_naive_saw_is_condemned(void **state) {
    (void)state;
    for (int i = 0; i < N; i++)
        x[i] = (float)(2.0 * fmod(1244.5 * i / RATE, 1.0) - 1.0);
    near_to(an_alias_db(x, N, RATE, 1244.5, 16000.0, NULL), -28.0, 2.0);
}

static void a_click_on_a_bass_is_found_where_it_is(void **state) {
    (void)state;
    size_t at = 0;
    add_sine(55.0, 0.5, 0.0);
    assert_true(an_click_db(x, N, RATE, NULL) < -110.0);
    for (int i = 30000; i < N; i++)
        x[i] += 0.01f; /* a step of 0.01 */
    double db = an_click_db(x, N, RATE, &at);
    assert_true(at >= 29950 && at <= 30100);
    /* Of a step h the band above 10 kHz keeps the energy h^2 / (2 pi) cot(pi 10 / 48), here spread
     * over 48 samples. */
    near_to(db, an_db(0.01 * sqrt(0.2074 / 48.0) / (0.5 / sqrt(2.0))), 1.0);
    for (int i = 30000; i < N; i++)
        x[i] -= 0.0099f;
    near_to(an_click_db(x, N, RATE, &at), db - 40.0, 0.5); /* a hundredth of the step, 40 dB less */
}

static void a_fade_is_no_click(void **state) {
    (void)state;
    add_sine(55.0, 0.5, 0.0);
    for (int i = 0; i < N; i++) { /* raised cosine of 5 ms */
        double t = (i - 30000) / (0.005 * RATE);
        x[i] *= t < 0.0 ? 1.0f : t > 1.0 ? 0.5f : (float)(0.75 + 0.25 * cos(tau / 2.0 * t));
    }
    assert_true(an_click_db(x, N, RATE, NULL) < -95.0);
}

static void onsets_are_found_to_half_a_millisecond(void **state) {
    (void)state;
    static const size_t places[] = {4800, 12000, 30001, 47999};
    for (size_t k = 0; k < 4; k++)
        for (size_t i = places[k]; i < places[k] + 4000; i++)
            x[i] = (float)(0.5 * exp(-(double)(i - places[k]) / 600.0) *
                           cos(0.3 * (double)(i - places[k])));
    size_t found[8], n = an_onsets(x, N, RATE, -40.0, found, 8);
    assert_int_equal(n, 4);
    for (size_t k = 0; k < 4; k++)
        near_to((double)found[k], (double)places[k], 24.0);
}

static void a_decay_is_timed(void **state) {
    (void)state;
    uint32_t seed = 1;
    for (int i = 0; i < N; i++) {
        seed = seed * 1664525u + 1013904223u;
        x[i] = (float)((int32_t)seed >> 8) * 0x1p-23f * (float)pow(10.0, -3.0 * i / (0.8 * RATE));
    }
    near_to(an_decay_s(x, N, RATE), 0.8, 0.02);
    blank(NULL);
    assert_true(isnan(an_decay_s(x, N, RATE)));
}

static void loudness_follows_the_standard(void **state) {
    (void)state;
    float *frames = calloc(2 * 5 * RATE, sizeof *frames);
    assert_non_null(frames);
    for (int i = 0; i < 5 * RATE;
         i++) /* EBU Tech 3341, case 1: 1 kHz in both channels at -23 dBFS is -23 LUFS */
        frames[2 * i] = frames[2 * i + 1] =
            (float)(pow(10.0, -23.0 / 20.0) * sin(tau * 1000.0 * i / RATE));
    near_to(an_lufs(frames, 5 * RATE, 2, RATE), -23.0, 0.1);
    free(frames);
    for (int i = 0; i < N;
         i++) /* a quarter of the rate, between its samples' crests: 3 dB above what samples show */
        x[i] = (float)(0.5 * sin(tau / 4.0 * i + tau / 8.0));
    near_to(an_true_peak_db(x, N, 1, RATE), an_db(0.5), 0.4);
}

static void the_spectrum_of_a_tone_is_its_amplitude(void **state) {
    (void)state;
    static double amplitude[N / 2 + 1];
    add_sine(1000.0 * RATE / N, 0.125, 0.0);
    an_spectrum(x, N, amplitude);
    near_to(amplitude[1000], 0.125, 1e-6);
    assert_true(amplitude[1000 + AN_LOBE + 1] < 1e-8);
    assert_true(amplitude[20000] < 1e-9);
}

static void a_difference_is_weighed(void **state) {
    (void)state;
    memcpy(y, x, sizeof y);
    assert_true(an_difference_db(x, y, N) == -400.0);
    y[5] += 0.001f;
    near_to(an_difference_db(x, y, N), -60.0, 1e-3);
    y[6] = NAN;
    assert_true(isnan(an_difference_db(x, y, N)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(levels_of_plain_signals_are_known, blank),
        cmocka_unit_test_setup(a_tone_is_weighed_and_its_pitch_read, blank),
        cmocka_unit_test_setup(an_alias_is_found_with_its_level_and_place, blank),
        cmocka_unit_test_setup(a_naive_saw_is_condemned, blank),
        cmocka_unit_test_setup(a_click_on_a_bass_is_found_where_it_is, blank),
        cmocka_unit_test_setup(a_fade_is_no_click, blank),
        cmocka_unit_test_setup(onsets_are_found_to_half_a_millisecond, blank),
        cmocka_unit_test_setup(a_decay_is_timed, blank),
        cmocka_unit_test_setup(loudness_follows_the_standard, blank),
        cmocka_unit_test_setup(the_spectrum_of_a_tone_is_its_amplitude, blank),
        cmocka_unit_test_setup(a_difference_is_weighed, blank),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
