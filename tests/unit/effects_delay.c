/* tests/unit/effects_delay.c: `delay` against its definition in double precision, and as a link of
 * a feedback loop.
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

static void a_delay_of_whole_samples_gives_back_the_very_samples(void **unused) {
    (void)unused;
    float *x = fx_silence(N);
    fx_noise(x, N, 1, 1);
    const float times_s[] = {1 / 48000.0f, 2 / 48000.0f, 0.001f, 0.1f, 0.3f, 0.375f, 0.9f};
    for (size_t k = 0; k < sizeof times_s / sizeof *times_s; k++) {
        rig *r = fx_open("delay", 48000);
        rig_set(r, "time", times_s[k]);
        rig_set_signal(r, "in", x);
        rig_run(r, N);
        const float *y = rig_output(r, 0, 0);
        size_t late = (size_t)lround((double)times_s[k] * 48000.0);
        for (size_t i = 0; i < N; i++)
            assert_true(y[i] == (i < late ? 0.0f : x[i - late]));
        rig_close(r);
    }
    free(x);
}

static void a_time_under_one_sample_counts_as_one(void **unused) {
    (void)unused;
    float x[64] = {1};
    rig *r = fx_open("delay", 48000);
    rig_set(r, "time", 0);
    rig_set_signal(r, "in", x);
    rig_run(r, 64);
    assert_true(rig_output(r, 0, 0)[0] == 0.0f && rig_output(r, 0, 0)[1] == 1.0f);
    rig_close(r);
}

/* The third-order Lagrange polynomial, from its definition. */
static double lagrange(const double *p, double t) {
    double sum = 0.0;
    for (int k = -1; k <= 2; k++) {
        double term = p[k + 1];
        for (int m = -1; m <= 2; m++)
            if (m != k)
                term *= (t - m) / (k - m);
        sum += term;
    }
    return sum;
}

static void a_swept_delay_with_feedback_follows_the_double_precision_reference(void **unused) {
    (void)unused;
    float *x = fx_silence(N), *time_s = fx_silence(N);
    double *line = calloc(N, sizeof *line), worst = 0.0;
    assert_non_null(line);
    fx_noise(x, N, 0.5f, 2);
    for (int i = 0; i < N; i++)
        time_s[i] = (float)(0.015 + 0.003 * sin(i * 2.0 * acos(-1.0) * 0.8 / 48000.0));
    rig *r = fx_open("delay", 48000);
    rig_set(r, "feedback", 0.5f);
    rig_set_signal(r, "time", time_s);
    rig_set_signal(r, "in", x);
    rig_run(r, N);
    const float *y = rig_output(r, 0, 0);
    double wet = 0.0;
    for (int i = 0; i + 1 < N; i++) { /* the time at sample i places the head for sample i + 1 */
        line[i] = (double)x[i] + 0.5 * wet;
        double distance = (double)time_s[i] * 48000.0, part = distance - floor(distance);
        int at = i + 1 - (int)floor(distance);
        double p[4] = {0};
        for (int k = 0; k < 4; k++)
            p[k] = at + 1 - k >= 0 ? line[at + 1 - k] : 0.0;
        wet = lagrange(p, part);
        worst = fmax(worst, fabs(wet - (double)y[i + 1]));
    }
    print_message("delay: swept, worst difference from double precision %.1f dB\n", an_db(worst));
    assert_true(
        an_db(worst) <
        -65.0); /* a float of seconds is good to 1/10000 sample at 15 ms: noise has steep slopes */
    rig_close(r);
    free(line);
    free(time_s);
    free(x);
}

static void a_jump_of_the_time_makes_no_click(void **unused) {
    (void)unused;
    float *x = fx_silence(2 * N), *time_s = fx_silence(2 * N);
    fx_sine(x, 2 * N, 0.5, 220, 48000);
    for (int i = 0; i < 2 * N; i++)
        time_s[i] = i < N ? 0.1f : i < N + N / 2 ? 0.13f : 0.05f;
    rig *r = fx_open("delay", 48000);
    rig_set_signal(r, "time", time_s);
    rig_set_signal(r, "in", x);
    rig_run(r, 2 * N);
    double db = an_click_db(rig_output(r, 0, 0) + N / 2, 3 * N / 2, 48000, NULL);
    print_message("delay: click of a jump from 100 to 130 and to 50 ms: %.1f dB\n", db);
    assert_true(db < -75.0);
    rig_close(r);
    free(time_s);
    free(x);
}

static void a_knob_turned_in_ten_milliseconds_makes_no_click(void **unused) {
    (void)unused;
    float *x = fx_silence(2 * N), *time_s = fx_silence(2 * N);
    fx_sine(x, 2 * N, 0.5, 220, 48000);
    for (int i = 0; i < 2 * N; i++) {
        double turned = i < N         ? 0.0
                        : i < N + 480 ? 0.5 - 0.5 * cos(acos(-1.0) * (i - N) / 480)
                                      : 1.0;
        time_s[i] = (float)(0.1 + 0.1 * turned);
    }
    rig *r = fx_open("delay", 48000);
    rig_set_signal(r, "time", time_s);
    rig_set_signal(r, "in", x);
    rig_run(r, 2 * N);
    double db = an_click_db(rig_output(r, 0, 0) + N / 2, 3 * N / 2, 48000, NULL);
    print_message("delay: click of a knob turned from 100 to 200 ms: %.1f dB\n", db);
    assert_true(db < -75.0);
    rig_close(r);
    free(time_s);
    free(x);
}

static void echoes_fall_by_the_feedback(void **unused) {
    (void)unused;
    float *x = fx_silence(N);
    x[0] = 1;
    rig *r = fx_open("delay", 48000);
    rig_set(r, "time", 0.1f);
    rig_set(r, "feedback", -0.5f);
    rig_set(r, "mix", 0.25f);
    rig_set_signal(r, "in", x);
    rig_run(r, N);
    const float *y = rig_output(r, 0, 0);
    assert_true(
        y[1] ==
        0.75f); /* the dry share passes in one sample, so that the module can close a loop */
    for (int k = 1; k < 9; k++)
        assert_true(fabs((double)y[4800 * k] - 0.25 * pow(-0.5, k - 1)) < 1e-6);
    rig_close(r);
    free(x);
}

static void every_build_and_every_cut_gives_the_same_bits(void **unused) {
    (void)unused;
    enum { SHORT = 4000 };
    float *x = fx_silence(SHORT), *time_s = fx_silence(SHORT);
    fx_noise(x, SHORT, 0.7f, 3);
    for (int i = 0; i < SHORT; i++)
        time_s[i] = 0.004f + 0.003f * (float)(i % 1000) / 1000;
    assert_true(fx_same_every_way(&(fx_sweep){.module = "delay",
                                              .in = "in",
                                              .x = x,
                                              .knob = "time",
                                              .movement = time_s,
                                              .n = SHORT,
                                              .others = 0.001f,
                                              .last = RIG_EMIT,
                                              .cut_at = 13}));
    free(time_s);
    free(x);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_delay_of_whole_samples_gives_back_the_very_samples),
        cmocka_unit_test(a_time_under_one_sample_counts_as_one),
        cmocka_unit_test(a_swept_delay_with_feedback_follows_the_double_precision_reference),
        cmocka_unit_test(a_jump_of_the_time_makes_no_click),
        cmocka_unit_test(a_knob_turned_in_ten_milliseconds_makes_no_click),
        cmocka_unit_test(echoes_fall_by_the_feedback),
        cmocka_unit_test(every_build_and_every_cut_gives_the_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
