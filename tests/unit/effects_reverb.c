/* tests/unit/effects_reverb.c: `reverb`: its decay, density, level and silence; and its network in
 * double precision.
 *
 * SPDX-License-Identifier: MIT */
#include "tests/support/analysis.h"
#include "tests/support/effects.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const double rate = 48000.0;

/* The room's answer to a click on both sides: left side, n samples, to be freed. */
static float *answer(double n_seconds, float rate_hz, float size, float decay_s, float damp,
                     size_t *n) {
    *n = (size_t)(n_seconds * (double)rate_hz);
    float *x = fx_silence(*n), *y = fx_silence(*n);
    x[0] = 1;
    rig *r = fx_open("reverb", rate_hz);
    rig_set(r, "size", size);
    rig_set(r, "decay", decay_s);
    rig_set(r, "damp", damp);
    rig_set(r, "mix", 1);
    rig_set_signal(r, "left", x);
    rig_set_signal(r, "right", x);
    rig_run(r, *n);
    memcpy(y, rig_output(r, 0, 0), *n * sizeof *y);
    rig_close(r);
    free(x);
    return y;
}

static void the_decay_is_what_is_asked_for(void **unused) {
    (void)unused;
    const struct {
        float size, decay_s, damp;
        double expected_s;
    } rooms[] = {
        {0.1f, 0.3f, 0.2f, 0.3    },
        {0.2f, 1,    0.2f, 1      },
        {0.5f, 2,    0.2f, 2      },
        {0.5f, 2,    0,    2      },
        {0.8f, 5,    0.2f, 5      },
        {1,    10,   0,    10     },
        {0.5f, 0,    0.2f, 1.78885},
        {0.8f, 0,    0.2f, 4.394  }
    };
    for (size_t k = 0; k < sizeof rooms / sizeof *rooms; k++) {
        size_t n;
        float *y = answer(1.3 * rooms[k].expected_s + 0.3, 48000, rooms[k].size, rooms[k].decay_s,
                          rooms[k].damp, &n);
        double s = an_decay_s(y, n, rate);
        print_message("reverb: size %g, damp %g: asked for %.2f s, measured %.2f s (%+.1f %%)\n",
                      (double)rooms[k].size, (double)rooms[k].damp, rooms[k].expected_s, s,
                      100.0 * (s / rooms[k].expected_s - 1.0));
        assert_true(fabs(s / rooms[k].expected_s - 1.0) < 0.1);
        free(y);
    }
}

static void the_decay_holds_at_every_rate(void **unused) {
    (void)unused;
    const float rates_hz[] = {16000, 44100, 96000, 192000};
    for (int k = 0; k < 4; k++) {
        size_t n;
        float *y = answer(1.5, rates_hz[k], 0.4f, 1, 0, &n);
        assert_true(fabs(an_decay_s(y, n, (double)rates_hz[k]) - 1.0) < 0.1);
        free(y);
    }
}

/* Echo density after Abel and Huang: share of samples outside one standard deviation, 1 for
 * Gaussian noise. */
static double density(const float *y, double at_s) {
    const float *x = y + (size_t)(at_s * rate) - 480;
    double rms = an_rms(x, 960), outside = 0.0;
    for (int i = 0; i < 960; i++)
        outside += fabs((double)x[i]) > rms ? 1.0 : 0.0;
    return outside / 960.0 / 0.3173;
}

static void it_is_dense_within_a_tenth_of_a_second(void **unused) {
    (void)unused;
    for (int k = 1; k <= 9; k += 2) {
        size_t n;
        float *y = answer(1, 48000, (float)k / 10, 0, 0.2f, &n);
        print_message("reverb: size 0.%d, density %.2f at 50 ms, %.2f at 100 ms\n", k,
                      density(y, 0.05), density(y, 0.1));
        assert_true(density(y, 0.12) > 0.85);
        free(y);
    }
}

/* No mode stands out: in the late tail the loudest of 4096 lines is what chance makes of a smooth
 * spectrum. */
static void no_tone_rings_out_of_the_tail(void **unused) {
    (void)unused;
    enum { LINES = 8192 };
    for (int k = 3; k <= 9; k += 2) {
        size_t n;
        float *y = answer(2.5, 48000, (float)k / 10, 0, 0, &n);
        double amplitude[LINES / 2 + 1], mean = 0.0, greatest = 0.0;
        an_spectrum(y + 24000, LINES, amplitude);
        for (int i = 30; i < LINES / 4; i++) {
            mean += amplitude[i] * amplitude[i] / (LINES / 4 - 30);
            greatest = fmax(greatest, amplitude[i] * amplitude[i]);
        }
        double db = 10.0 * log10(greatest / mean);
        print_message(
            "reverb: size 0.%d, loudest line after half a second: %.1f dB over the mean\n", k, db);
        assert_true(db < 13.0); /* about ln(2000 / bins a lobe) expected of noise: 8 to 11 dB */
        free(y);
    }
}

static void the_room_is_as_loud_as_what_enters_it(void **unused) {
    (void)unused;
    enum { N = 4 * 48000 };
    float *x = fx_silence(N);
    fx_noise(x, N, 0.3f, 7);
    for (int k = 2; k <= 8; k += 2) {
        rig *r = fx_open("reverb", 48000);
        rig_set(r, "size", (float)k / 10);
        rig_set(r, "mix", 1);
        rig_set_signal(r, "left", x);
        rig_set_signal(r, "right", x);
        rig_run(r, N);
        double db = an_db(an_rms(rig_output(r, 0, 0) + N / 2, N / 2) / an_rms(x, N));
        print_message("reverb: size 0.%d, white noise comes back at %+.1f dB\n", k, db);
        assert_true(fabs(db) < 3.0);
        rig_close(r);
    }
    free(x);
}

static void a_steady_voltage_does_not_build_up(void **unused) {
    (void)unused;
    enum { N = 10 * 48000 };
    rig *r = fx_open("reverb", 48000);
    rig_set(r, "left", 1);
    rig_set(r, "decay", 2);
    rig_set(r, "mix", 1);
    rig_run(r, N);
    assert_true(an_peak(rig_output(r, 0, 0), N) < 1.0);
    assert_true(an_peak(rig_output(r, 0, 0) + N - 4800, 4800) < 0.002);
    rig_close(r);
}

static void a_change_of_size_makes_no_click(void **unused) {
    (void)unused;
    enum { N = 3 * 48000 };
    float *x = fx_silence(N), *size = fx_silence(N);
    fx_sine(x, N, 0.3, 300, rate);
    for (int i = 0; i < N; i++)
        size[i] = i < N / 2         ? 0.3f
                  : i < N / 2 + 960 ? 0.3f + 0.5f * (float)(i - N / 2) / 960
                                    : 0.8f; /* a knob: 20 ms */
    rig *r = fx_open("reverb", 48000);
    rig_set_signal(r, "size", size);
    rig_set_signal(r, "left", x);
    rig_set_signal(r, "right", x);
    rig_run(r, N);
    double db = an_click_db(rig_output(r, 0, 0) + N / 4, 3 * N / 4, rate, NULL);
    print_message("reverb: above 10 kHz while the size goes from 0.3 to 0.8 in 20 ms: %.1f dB\n",
                  db);
    assert_true(db < -70.0);
    rig_close(r);
    free(size);
    free(x);
}

static void every_build_and_every_cut_gives_the_same_bits(void **unused) {
    (void)unused;
    enum { SHORT = 12000 };
    float *x = fx_silence(SHORT), *size = fx_silence(SHORT);
    fx_noise(x, SHORT, 0.5f, 9);
    for (int i = 0; i < SHORT; i++)
        size[i] = 0.4f + 0.2f * (float)((i / 64) % 50) / 50;
    assert_true(fx_same_every_way(&(fx_sweep){.module = "reverb",
                                              .in = "left",
                                              .x = x,
                                              .knob = "size",
                                              .movement = size,
                                              .n = SHORT,
                                              .others = 0.05f,
                                              .last = RIG_RANDOM,
                                              .cut_at = 5}));
    free(size);
    free(x);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_decay_is_what_is_asked_for),
        cmocka_unit_test(the_decay_holds_at_every_rate),
        cmocka_unit_test(it_is_dense_within_a_tenth_of_a_second),
        cmocka_unit_test(no_tone_rings_out_of_the_tail),
        cmocka_unit_test(the_room_is_as_loud_as_what_enters_it),
        cmocka_unit_test(a_steady_voltage_does_not_build_up),
        cmocka_unit_test(a_change_of_size_makes_no_click),
        cmocka_unit_test(every_build_and_every_cut_gives_the_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
