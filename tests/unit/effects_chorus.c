/* tests/unit/effects_chorus.c: `chorus` against its definition in double precision.
 *
 * SPDX-License-Identifier: MIT */
#include "tests/support/analysis.h"
#include "tests/support/effects.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { N = 48000 };

/* Third-order Lagrange interpolation of x at a position between samples. */
static double between(const float *x, double at) {
    double sum = 0.0;
    int first = (int)floor(at) - 1;
    for (int k = 0; k < 4; k++) {
        double term = first + k >= 0 ? (double)x[first + k] : 0.0;
        for (int m = 0; m < 4; m++)
            if (m != k)
                term *= (at - (first + m)) / (k - m);
        sum += term;
    }
    return sum;
}

static void it_follows_the_double_precision_reference(void **unused) {
    (void)unused;
    float *in[2] = {fx_silence(N), fx_silence(N)};
    fx_sine(in[0], N, 0.5, 1234, 48000);
    fx_sine(in[1], N, 0.5, 777, 48000);
    rig *r = fx_open("chorus", 48000);
    rig_set_signal(r, "left", in[0]);
    rig_set_signal(r, "right", in[1]);
    rig_run(r, N);
    double worst = 0.0;
    for (int side = 0; side < 2; side++)
        for (int i = 2000; i < N; i++) {
            double sum = 0.0;
            for (int wave = 0; wave < 2; wave++) {
                double cycles = (wave ? 0.9 : 0.8) * i / 48000.0 + side * (wave ? 0.5 : 0.25);
                double late = 0.015 + 0.003 * sin(2.0 * acos(-1.0) * cycles);
                sum += between(in[side], i - late * 48000.0);
            }
            double expected = 0.5 * (double)in[side][i] + 0.5 * sqrt(0.5) * sum;
            worst = fmax(worst, fabs(expected - (double)rig_output(r, side, 0)[i]));
        }
    print_message("chorus: worst difference from double precision %.1f dB\n", an_db(worst));
    assert_true(an_db(worst) < -70.0);
    rig_close(r);
    free(in[0]);
    free(in[1]);
}

static void it_is_as_loud_as_what_enters_and_wide(void **unused) {
    (void)unused;
    float *x = fx_silence(4 * N);
    fx_noise(x, 4 * N, 0.3f, 3);
    rig *r = fx_open("chorus", 48000);
    rig_set(r, "mix", 1);
    rig_set_signal(r, "left", x);
    rig_set_signal(r, "right", x);
    rig_run(r, 4 * N);
    const float *left = rig_output(r, 0, 0) + N, *right = rig_output(r, 1, 0) + N;
    double together = 0.0, l = an_rms(left, 3 * N), rr = an_rms(right, 3 * N);
    for (int i = 0; i < 3 * N; i++)
        together += (double)left[i] * (double)right[i] / (3.0 * N);
    print_message("chorus: wet at %+.1f dB, sides alike by %.2f\n", an_db(l / an_rms(x, N)),
                  together / (l * rr));
    assert_true(fabs(an_db(l / an_rms(x, N))) < 1.5 && fabs(an_db(rr / an_rms(x, N))) < 1.5);
    assert_true(together / (l * rr) < 0.5);
    rig_close(r);
    free(x);
}

static void every_build_and_every_cut_gives_the_same_bits(void **unused) {
    (void)unused;
    enum { SHORT = 6000 };
    float *x = fx_silence(SHORT), *depth = fx_silence(SHORT);
    fx_noise(x, SHORT, 0.5f, 9);
    for (int i = 0; i < SHORT; i++)
        depth[i] = i < SHORT / 2 ? 0.1f : 0.9f;
    assert_true(fx_same_every_way(&(fx_sweep){.module = "chorus",
                                              .in = "left",
                                              .x = x,
                                              .knob = "depth",
                                              .movement = depth,
                                              .n = SHORT,
                                              .others = 1.0f / 3,
                                              .last = RIG_RANDOM,
                                              .cut_at = 31}));
    free(depth);
    free(x);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_follows_the_double_precision_reference),
        cmocka_unit_test(it_is_as_loud_as_what_enters_and_wide),
        cmocka_unit_test(every_build_and_every_cut_gives_the_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
