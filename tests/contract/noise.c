/* tests/contract/noise.c: the spectra of noise and the courses of the lfo. Prints the figures of
 * docs/sound.md.
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

enum { RATE = 48000, BLOCK = 1 << 16, BLOCKS = 160, BANDS = 10 };

/* Power in octave bands from 20 Hz up, per Hz, as a mean over many blocks. */
static void band_powers(float color, double rate, double *power) {
    static double amplitude[BLOCK / 2 + 1], sum[BLOCK / 2 + 1];
    memset(sum, 0, sizeof sum);
    rig *r = rig_open(rig_module("noise", NULL, 16), 16, (float)rate, 5);
    rig_set(r, "color", color);
    for (int b = 0; b < BLOCKS / 16; b++) {
        rig_run(r, BLOCK);
        for (int lane = 0; lane < 16; lane++) {
            an_spectrum(rig_output(r, 0, lane), BLOCK, amplitude);
            for (int k = 0; k <= BLOCK / 2; k++)
                sum[k] += amplitude[k] * amplitude[k];
        }
    }
    rig_close(r);
    for (int band = 0; band < BANDS; band++) {
        double lo = 20.0 * pow(2.0, band), bin = rate / BLOCK, total = 0.0;
        int from = (int)ceil(lo / bin), to = (int)(2.0 * lo / bin);
        for (int k = from; k <= to;
             k++) /* what an ideal colour would make of it is divided out by the caller */
            total += sum[k] * (color > 1.5f ? pow(k * bin, 2.0) : color > 0.5f ? k * bin : 1.0);
        power[band] = total / (to - from + 1);
    }
}

/* The greatest distance of a band from the mean of all, in dB, with the colour's own slope taken
 * out. */
static double unevenness_db(float color, double rate, int first_band) {
    double power[BANDS], mean = 0.0, worst = 0.0;
    band_powers(color, rate, power);
    for (int b = first_band; b < BANDS; b++)
        mean += power[b] / (BANDS - first_band);
    for (int b = first_band; b < BANDS; b++)
        worst = fmax(worst, fabs(10.0 * log10(power[b] / mean)));
    return worst;
}

static void each_colour_has_its_slope(void **state) {
    (void)state;
    double white = unevenness_db(0.0f, RATE, 0), pink = unevenness_db(1.0f, RATE, 0),
           brown = unevenness_db(2.0f, RATE, 2);
    print_message("white: flat within %.2f dB from 20 Hz to 20 kHz (octaves, %d blocks)\n", white,
                  BLOCKS);
    print_message("pink: -3 dB an octave within %.2f dB from 20 Hz to 20 kHz\n", pink);
    print_message("brown: -6 dB an octave within %.2f dB from 80 Hz to 20 kHz\n", brown);
    assert_true(white <= 0.5);
    assert_true(pink <= 0.5);
    assert_true(brown <=
                6.0); /* sampled, a walk is up to 3 dB above the slope near half the rate */
    pink = unevenness_db(1.0f, 96000.0, 0);
    print_message("pink at 96 kHz: within %.2f dB\n", pink);
    assert_true(pink <= 0.5);
}

static void levels_are_sensible_and_voices_differ(void **state) {
    (void)state;
    enum { N = 1 << 18 };
    static const char *const names[] = {"white", "pink", "brown"};
    for (int color = 0; color < 3; color++) {
        rig *r = rig_open(rig_module("noise", NULL, 4), 4, RATE, 9);
        rig_set(r, "color", (float)color);
        rig_run(r, N);
        const float *x = rig_output(r, 0, 0), *y = rig_output(r, 0, 1);
        double rms = an_rms(x, N), product = 0.0;
        for (int i = 0; i < N; i++)
            product += (double)x[i] * (double)y[i] / N;
        print_message("%s: rms %.3f, peak %.2f, dc %.4f, two voices correlate by %.4f\n",
                      names[color], rms, an_peak(x, N), an_dc(x, N),
                      product / (rms * an_rms(y, N)));
        assert_true(rms > 0.2 && rms < 0.6 && an_peak(x, N) < 1.5);
        assert_true(fabs(an_dc(x, N)) < 0.05 && fabs(product / (rms * rms)) < 0.1);
        rig_close(r);
    }
}

/* Each shape at its quarters; the first sample is the start of the cycle. */
static void the_lfo_draws_what_it_says(void **state) {
    (void)state;
    static const struct {
        const char *name;
        float quarter[4];
    } shapes[] = {
        {"sine",     {0.0f, 1.0f, 0.0f, -1.0f} },
        {"triangle", {0.0f, 1.0f, 0.0f, -1.0f} },
        {"square",   {1.0f, 1.0f, -1.0f, -1.0f}},
        {"saw",      {1.0f, 0.5f, 0.0f, -0.5f} },
        {"ramp",     {-1.0f, -0.5f, 0.0f, 0.5f}},
    };
    for (int s = 0; s < (int)(sizeof shapes / sizeof shapes[0]); s++) {
        rig *r = rig_open(rig_module("lfo", NULL, 1), 1, RATE, 1);
        rig_set(r, "shape", (float)s);
        rig_set(r, "rate", 2.0f);
        rig_run(r, 3 * RATE);
        for (int q = 0; q < 20; q++) {
            /* The middle of a jump may lie on either side: a sample later is on the new one. */
            float y = rig_output(r, 0, 0)[q * RATE / 8 + (q > 0)];
            if (fabsf(y - shapes[s].quarter[q % 4]) > 0.001f)
                fail_msg("%s is %g at quarter %d", shapes[s].name, (double)y, q);
        }
        rig_close(r);
    }
}

static void a_random_lfo_holds_each_cycle_and_repeats_in_every_run(void **state) {
    (void)state;
    rig *r = rig_open(rig_module("lfo", NULL, 4), 4, RATE, 1),
        *again = rig_open(r->module, 4, RATE, 1);
    for (rig *each = r; each; each = each == r ? again : NULL) {
        rig_set(each, "shape", 5.0f);
        rig_set(each, "rate", 10.0f);
        rig_run(each, RATE);
    }
    const float *y = rig_output(r, 0, 0);
    int jumps = 0;
    for (int i = 1; i < RATE; i++)
        jumps += memcmp(&y[i], &y[i - 1], sizeof *y) != 0;
    assert_int_equal(jumps, 9);
    assert_memory_equal(y, rig_output(again, 0, 0), RATE * sizeof *y);
    assert_memory_not_equal(y, rig_output(r, 0, 1), RATE * sizeof *y);
    rig_close(r);
    rig_close(again);
}

static void an_lfo_begins_again_when_its_sync_goes_up(void **state) {
    (void)state;
    static float gate[RATE];
    for (int i = 0; i < RATE; i++)
        gate[i] = i >= 12345 && i < 20000;
    rig *r = rig_open(rig_module("lfo", NULL, 1), 1, RATE, 1);
    rig_set(r, "shape", 4.0f);
    rig_set_signal(r, "sync", gate);
    rig_run(r, RATE);
    assert_true(rig_output(r, 0, 0)[12344] > -0.6f);
    assert_true(rig_output(r, 0, 0)[12345] == -1.0f);
    assert_true(rig_output(r, 0, 0)[20100] > -0.7f);
    rig_close(r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_colour_has_its_slope),
        cmocka_unit_test(levels_are_sensible_and_voices_differ),
        cmocka_unit_test(the_lfo_draws_what_it_says),
        cmocka_unit_test(a_random_lfo_holds_each_cycle_and_repeats_in_every_run),
        cmocka_unit_test(an_lfo_begins_again_when_its_sync_goes_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
