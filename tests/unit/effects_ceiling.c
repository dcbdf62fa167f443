/* tests/unit/effects_ceiling.c: nothing passes the ceiling; what is below passes untouched.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/ceiling.h"
#include "tests/support/analysis.h"
#include "tests/support/effects.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { N = 48000 };

static double true_peak_after(const float *x, float rate_hz, size_t n) {
    rig *r = fx_open("ceiling", rate_hz);
    rig_set_signal(r, "left", x);
    rig_run(r, n);
    double db = an_true_peak_db(rig_output(r, 0, 0), n, 1, (double)rate_hz);
    rig_close(r);
    return db;
}

/* Hostile sounds, by number; NULL after the last. */
static const char *hostile(int which, float *x, size_t n, double rate_hz) {
    static const char *const names[] = {"noise at full scale",
                                        "noise +40 dB",
                                        "noise bursts +40 dB",
                                        "square 440 Hz +40 dB",
                                        "square 1 kHz +6 dB",
                                        "square from 0 to +40 dB",
                                        "clicks up to +34 dB",
                                        "a quarter of the rate, peaks between the samples",
                                        "0.4 of the rate in bursts",
                                        "0.45 of the rate +12 dB in bursts",
                                        "sine +60 dB",
                                        "noise with single loud samples"};
    if (which >= (int)(sizeof names / sizeof *names))
        return NULL;
    uint32_t seed = (uint32_t)which + 1;
    for (size_t i = 0; i < n; i++) {
        double t = (double)i / rate_hz, turn = 2.0 * acos(-1.0), noise = (double)fx_random(&seed),
               y = 0.0;
        bool on = (int)(t * 20.0) % 2 == 0;
        switch (which) {
        case 0:
            y = noise;
            break;
        case 1:
            y = 100.0 * noise;
            break;
        case 2:
            y = on ? 100.0 * noise : 0.0;
            break;
        case 3:
            y = sin(turn * 440.0 * t) > 0 ? 100.0 : -100.0;
            break;
        case 4:
            y = sin(turn * 1000.0 * t) >= 0 ? 2.0 : -2.0;
            break;
        case 5:
            y = (sin(turn * 337.0 * t) > 0 ? 1.0 : -1.0) * pow(100.0, t);
            break;
        case 6:
            y = fabs(noise) > 0.996 ? (fabs(noise) - 0.996) * 12500.0 * (noise > 0 ? 1 : -1) : 0.0;
            break;
        case 7:
            y = 1.3 * sin(turn * 0.25 * (double)i + turn / 8);
            break;
        case 8:
            y = on ? 1.3 * sin(turn * 0.4 * (double)i) : 0.0;
            break;
        case 9:
            y = on ? 4.0 * sin(turn * 0.45 * (double)i) : 0.0;
            break;
        case 10:
            y = 1000.0 * sin(turn * 100.0 * t);
            break;
        default:
            y = fabs(noise) > 0.999 ? 3000.0 * (noise - (noise > 0 ? 0.999 : -0.999)) : noise * 0.9;
            break;
        }
        x[i] = (float)y;
    }
    return names[which];
}

static void no_hostile_sound_passes_the_ceiling_at_any_rate(void **unused) {
    (void)unused;
    const float rates_hz[] = {8000, 44100, 48000, 96000, 192000};
    for (int k = 0; k < 5; k++) {
        size_t n = (size_t)rates_hz[k];
        float *x = fx_silence(n);
        const char *name;
        double worst = -400.0;
        for (int which = 0; (name = hostile(which, x, n, (double)rates_hz[k])) != NULL; which++) {
            double db = true_peak_after(x, rates_hz[k], n);
            worst = fmax(worst, db);
            if (!(db <= -0.3))
                fail_msg("%s at %g Hz: true peak %.2f dB", name, (double)rates_hz[k], db);
        }
        print_message("ceiling: worst true peak at %g Hz: %.2f dBTP\n", (double)rates_hz[k], worst);
        free(x);
    }
}

static void what_is_below_is_only_late(void **unused) {
    (void)unused;
    const float rates_hz[] = {8000, 44100, 48000, 96000, 192000};
    float *x = fx_silence(N);
    fx_sine(x, N, 0.955, 997, 48000);
    for (int k = 0; k < 5; k++) {
        rig *r = fx_open("ceiling", rates_hz[k]);
        size_t late = (size_t)chr_ceiling_latency(rates_hz[k]);
        assert_true((double)late <= 0.0015 * (double)rates_hz[k]);
        rig_set_signal(r, "left", x);
        rig_set_signal(r, "right", x);
        rig_run(r, N);
        assert_memory_equal(rig_output(r, 0, 0) + late, x, (N - late) * sizeof *x);
        assert_memory_equal(rig_output(r, 1, 0) + late, x, (N - late) * sizeof *x);
        rig_close(r);
    }
    free(x);
}

static void after_a_peak_the_gain_comes_back_to_exactly_one(void **unused) {
    (void)unused;
    enum { LONG = 4 * N };
    float *x = fx_silence(LONG);
    fx_sine(x, LONG, 0.5, 440, 48000);
    for (int i = 1000; i < 3000; i++)
        x[i] *= 8;
    rig *r = fx_open("ceiling", 48000);
    size_t late = (size_t)chr_ceiling_latency(48000);
    rig_set_signal(r, "left", x);
    rig_run(r, LONG);
    const float *y = rig_output(r, 0, 0);
    assert_memory_equal(y + late, x, 900 * sizeof *x);
    assert_memory_equal(y + 3 * N + late, x + 3 * N, (N - late) * sizeof *x);
    rig_close(r);
    free(x);
}

static void the_gain_changes_smoothly(void **unused) {
    (void)unused;
    float *x = fx_silence(N);
    fx_sine(x, N, 0.9, 100, 48000);
    for (int i = 0; i < N;
         i++) { /* 12 dB more for a tenth of a second, without a corner of its own */
        double at = (i - N / 2) / 4800.0;
        x[i] *= (float)(at > 0.0 && at < 1.0 ? 2.5 - 1.5 * cos(2.0 * acos(-1.0) * at) : 1.0);
    }
    rig *r = fx_open("ceiling", 48000);
    rig_set_signal(r, "left", x);
    rig_run(r, N);
    double db = an_click_db(rig_output(r, 0, 0), N, 48000, NULL);
    print_message("ceiling: above 10 kHz when a 100 Hz tone swells into it by 12 dB: %.1f dB\n",
                  db);
    assert_true(db < -60.0);
    rig_close(r);
    free(x);
}

static void both_sides_get_the_same_gain(void **unused) {
    (void)unused;
    float *loud = fx_silence(N), *soft = fx_silence(N);
    fx_noise(loud, N, 4, 1);
    for (int i = 0; i < N; i++)
        soft[i] = loud[i] * 0.125f;
    rig *r = fx_open("ceiling", 48000);
    rig_set_signal(r, "left", soft);
    rig_set_signal(r, "right", loud);
    rig_run(r, N);
    for (int i = 0; i < N; i++)
        assert_true(rig_output(r, 0, 0)[i] == rig_output(r, 1, 0)[i] * 0.125f);
    rig_close(r);
    free(loud);
    free(soft);
}

static void what_is_not_a_number_is_silence_and_leaves_no_trace(void **unused) {
    (void)unused;
    float *x = fx_silence(N);
    fx_sine(x, N, 0.5, 440, 48000);
    x[100] = NAN;
    x[200] = INFINITY;
    x[300] = -INFINITY;
    rig *r = fx_open("ceiling", 48000);
    size_t late = (size_t)chr_ceiling_latency(48000);
    rig_set_signal(r, "left", x);
    rig_run(r, N);
    const float *y = rig_output(r, 0, 0);
    assert_true(y[100 + late] == 0.0f && y[200 + late] == 0.0f && y[300 + late] == 0.0f);
    assert_memory_equal(y + 301 + late, x + 301, (N - 301 - late) * sizeof *x);
    rig_close(r);
    free(x);
}

static void every_build_and_every_cut_gives_the_same_bits(void **unused) {
    (void)unused;
    enum { SHORT = 8000 };
    float *x = fx_silence(SHORT);
    hostile(11, x, SHORT, 48000);
    assert_true(fx_same_every_way(&(fx_sweep){.module = "ceiling",
                                              .in = "left",
                                              .x = x,
                                              .n = SHORT,
                                              .others = 1,
                                              .others_in = true,
                                              .last = RIG_RANDOM,
                                              .cut_at = 7}));
    free(x);
}

static double bessel_i0(double x) {
    double sum = 1.0, term = 1.0;
    for (int k = 1; k < 60; k++) {
        term *= x * x / (4.0 * k * k);
        sum += term;
    }
    return sum;
}

/* The interpolator's table is not visible from outside; but a lone sample above the level is turned
 * down by just what its highest interpolated value asks for, and a pair of equal ones by that of
 * the value half-way. */
static void peaks_between_samples_are_found_by_the_stated_interpolator(void **unused) {
    (void)unused;
    float *x = fx_silence(N);
    x[1000] = x[1001] = 1;
    rig *r = fx_open("ceiling", 48000);
    rig_set_signal(r, "left", x);
    rig_run(r, N);
    double weight[12], sum = 0.0;
    for (int k = -5; k <= 6; k++) {
        double at = k - 0.5, pi = acos(-1.0);
        weight[k + 5] =
            sin(pi * at) / (pi * at) * bessel_i0(2.5 * sqrt(1.0 - at * at / 36.0)) / bessel_i0(2.5);
        sum += weight[k + 5];
    }
    double between = 2.0 * weight[5] / sum, level = pow(10.0, -0.3 / 20.0);
    double gain = (double)rig_output(r, 0, 0)[1000 + chr_ceiling_latency(48000)];
    assert_true(fabs(gain - 0.952 * level / between) < 2e-6);
    rig_close(r);
    free(x);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_hostile_sound_passes_the_ceiling_at_any_rate),
        cmocka_unit_test(what_is_below_is_only_late),
        cmocka_unit_test(after_a_peak_the_gain_comes_back_to_exactly_one),
        cmocka_unit_test(the_gain_changes_smoothly),
        cmocka_unit_test(both_sides_get_the_same_gain),
        cmocka_unit_test(what_is_not_a_number_is_silence_and_leaves_no_trace),
        cmocka_unit_test(every_build_and_every_cut_gives_the_same_bits),
        cmocka_unit_test(peaks_between_samples_are_found_by_the_stated_interpolator),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
