/* tests/unit/true_peak.c: the peak between the samples is what libebur128 measures, at any rate and
 * however the sound is handed over. SPDX-License-Identifier: MIT */
#include "runtime/true_peak.h"
#include "tests/support/analysis.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { FRAMES = 20000, CHANNELS = 2 };
static float frames[FRAMES * CHANNELS];

/* Two sines and some noise, then silence, so that all has passed the interpolator. */
static void make(double rate_hz, unsigned seed) {
    uint32_t x = seed * 2654435761u + 1;
    for (int i = 0; i < FRAMES; i++)
        for (int c = 0; c < CHANNELS; c++) {
            x = x * 1664525u + 1013904223u;
            double noise = (double)(int32_t)x * 0x1p-31, t = i / rate_hz;
            double y = 0.4 * sin(6283.0 * (double)(seed + 3) * t) + 0.3 * sin(70000.0 * t + c) +
                       0.02 * noise;
            frames[i * CHANNELS + c] = i < FRAMES - 100 ? (float)y : 0.0f;
        }
}

static double measured_db(double rate_hz, int piece) {
    static chr_true_peak p[CHANNELS];
    float peak = 0.0f;
    for (int c = 0; c < CHANNELS; c++) {
        chr_true_peak_begin(&p[c], rate_hz);
        for (int i = 0; i < FRAMES; i += piece) {
            int n = i + piece < FRAMES ? piece : FRAMES - i;
            chr_true_peak_add(&p[c], frames + i * CHANNELS + c, CHANNELS, n);
        }
        peak = fmaxf(peak, p[c].peak);
    }
    return an_db((double)peak);
}

static void a_true_peak_is_that_of_libebur128(void **state) {
    (void)state;
    static const double rates_hz[] = {8000, 44100, 48000, 88200, 96000, 176400, 192000};
    for (size_t r = 0; r < sizeof rates_hz / sizeof *rates_hz; r++)
        for (unsigned seed = 0; seed < 4; seed++) {
            make(rates_hz[r], seed);
            double expected = an_true_peak_db(frames, FRAMES, CHANNELS, rates_hz[r]);
            assert_true(fabs(measured_db(rates_hz[r], FRAMES) - expected) < 0.001);
        }
}

static void it_does_not_depend_on_how_the_sound_is_handed_over(void **state) {
    (void)state;
    make(48000, 9);
    double whole = measured_db(48000, FRAMES);
    static const int pieces[] = {1, 5, 64, 1024, 1025};
    for (size_t k = 0; k < sizeof pieces / sizeof *pieces; k++)
        assert_true(measured_db(48000, pieces[k]) == whole);
}

static void a_sine_between_its_samples_is_seen(void **state) {
    (void)state;
    for (int i = 0; i < FRAMES; i++) /* a quarter of the rate, each sample at 45 degrees */
        for (int c = 0; c < CHANNELS; c++)
            frames[i * CHANNELS + c] = (float)(0.5 * sin(1.5707963267948966 * (i + 0.5)));
    double peak_db = measured_db(48000, FRAMES);
    assert_true(peak_db > an_db(0.5) - 0.05 && peak_db < an_db(0.5) + 0.7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_true_peak_is_that_of_libebur128),
        cmocka_unit_test(it_does_not_depend_on_how_the_sound_is_handed_over),
        cmocka_unit_test(a_sine_between_its_samples_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
