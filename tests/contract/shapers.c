/* tests/contract/shapers.c: arithmetic and maths, drive, range, slew, prev: each against double
 * precision. Every figure that docs/sound.md gives for them is printed here.
 * SPDX-License-Identifier: MIT */
#include "tests/support/analysis.h"
#include "tests/support/module_rig.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { LANES = 4, LENGTH = 65536 };

static const double PI = 3.14159265358979323846;
static float left_in[LENGTH], right_in[LENGTH];

static double uniform(uint32_t *seed) { /* -1..1 */
    *seed = *seed * 1664525u + 1013904223u;
    return (double)(int32_t)*seed / 2147483648.0;
}

static rig *open_new(const char *name) {
    return rig_open(rig_module(name, NULL, LANES), LANES, 48000, 1);
}

/* One pair of operands through a module of one or two parameters. */
static double of(const char *name, double a, double b) {
    rig *r = open_new(name);
    r->param[0][1].value = (float)a;
    if (r->module->n_params > 1)
        r->param[1][1].value = (float)b;
    rig_run(r, 1);
    double y = (double)rig_output(r, 0, 1)[0];
    rig_close(r);
    return y;
}

static double floored(double a, double b) {
    return a - b * floor(a / b);
}
static double plus(double a, double b) {
    return a + b;
}
static double minus(double a, double b) {
    return a - b;
}
static double times(double a, double b) {
    return a * b;
}
static double over(double a, double b) {
    return a / b;
}

static void operators_agree_with_double_precision(void **state) {
    (void)state;
    static const struct {
        const char *name;
        double (*exact)(double, double);
        double error; /* relative, or absolute below 1 */
    } table[] = {
        {"add", plus,    1e-7},
        {"sub", minus,   1e-7},
        {"mul", times,   1e-7},
        {"div", over,    1e-7},
        {"min", fmin,    0   },
        {"max", fmax,    0   },
        {"mod", floored, 2e-6}
    };
    uint32_t seed = 1;
    for (size_t k = 0; k < sizeof table / sizeof table[0]; k++) {
        rig *r = open_new(table[k].name);
        for (int i = 0; i < LENGTH; i++) {
            left_in[i] = (float)(10 * uniform(&seed));
            right_in[i] = (float)(10 * uniform(&seed));
        }
        rig_set_signal(r, "a", left_in);
        rig_set_signal(r, "b", right_in);
        rig_run(r, LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            double a = (double)left_in[i], b = (double)right_in[i], exact = table[k].exact(a, b);
            double error = fabs((double)rig_output(r, 0, 0)[i] - exact);
            /* Near a whole quotient the rest of a division may be counted from either side. */
            if (!strcmp(table[k].name, "mod"))
                error = fmin(error, fabs(fabs(b) - error));
            if (error > table[k].error * fmax(1, fabs(exact)))
                fail_msg("%s(%.9g, %.9g) is off by %g", table[k].name, a, b, error);
        }
        rig_close(r);
    }
}

static void powers_agree_with_double_precision(void **state) {
    (void)state;
    double worst = 0;
    uint32_t seed = 2;
    rig *r = open_new("pow");
    for (int i = 0; i < LENGTH; i++) {
        left_in[i] = (float)pow(2, 12 * uniform(&seed));
        right_in[i] = (float)(4 * uniform(&seed));
    }
    rig_set_signal(r, "a", left_in);
    rig_set_signal(r, "b", right_in);
    rig_run(r, LENGTH);
    for (int i = 0; i < LENGTH; i++)
        worst = fmax(worst, fabs((double)rig_output(r, 0, 0)[i] /
                                     pow((double)left_in[i], (double)right_in[i]) -
                                 1));
    rig_close(r);
    print_message("pow: relative error %.1e (bases 1/4096 to 4096, exponents -4 to 4)\n", worst);
    assert_true(worst < 5e-6);
}

static void operators_never_leave_the_numbers(void **state) {
    (void)state;
    static const double odd[] = {0, -0.0, 1, -1, 0.5, -0.5, 1e-38, -1e-38, 1e9, -1e9, 3, -3};
    static const char *const names[] = {"add", "sub", "mul", "div",  "mod",   "pow",  "neg", "eq",
                                        "abs", "min", "max", "sqrt", "floor", "tanh", "if"};
    enum { N = sizeof odd / sizeof odd[0] };
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
        for (int i = 0; i < N * N; i++)
            assert_true(isfinite(of(names[k], odd[i / N], odd[i % N])));
}

static void arithmetic_means_what_a_player_expects(void **state) {
    (void)state;
    assert_true(of("div", 1, 0) == 0 && of("mod", 1, 0) == 0 && of("mod", 5, 3) == 2);
    assert_true(of("mod", -1, 3) == 2 && of("mod", 1, -3) == -2 && of("mod", -0.25, 1) == 0.75);
    assert_true(of("pow", 3, 2) == 9 && of("pow", -3, 2) == 9 && of("pow", -3, 3) == -27 &&
                of("pow", 2, -2) == 0.25);
    assert_true(of("pow", 0, 0) == 1 && of("pow", 0, 3) == 0 && of("pow", 0, -1) == 0 &&
                of("pow", 7, 0) == 1);
    assert_true(fabs(of("pow", -4, 0.5) + 2) < 1e-6 && of("pow", 2, 10) == 1024 &&
                of("pow", 1e9, 9) == (double)1e30f);
    assert_true(of("eq", 2, 2) == 1 && of("eq", 2, 3) == 0 && of("neg", 2, 0) == -2);
    assert_true(of("abs", -2, 0) == 2 && of("sqrt", 9, 0) == 3 && of("sqrt", -9, 0) == 0);
    assert_true(of("floor", -0.5, 0) == -1 && of("floor", 2.75, 0) == 2 &&
                of("floor", 1e9, 0) == 1e9);
    assert_true(of("tanh", 50, 0) == 1 && fabs(of("tanh", 0.5, 0) - tanh(0.5)) < 1e-7);
    assert_true(of("if", 1, 5) == 5 && of("if", 0, 5) == 0 && of("if", -1, 5) == 0);
}

/* The mean of tanh over each step by long double logarithms, then the shelf and the filter against
 * direct voltage. */
static double exact_drive_db(const float *y, const float *x, double amount, int n) {
    double before = 0, shelf = 0, dc = 0, error = 0, power = 0;
    for (int i = 0; i < n; i++) {
        double now = (double)x[i] * amount, mean = tanh(0.5 * (now + before));
        if (fabs(now - before) > 1e-5)
            mean = (double)((logl(coshl((long double)now)) - logl(coshl((long double)before))) /
                            ((long double)now - (long double)before));
        before = now;
        shelf = 1.4 * mean - 0.4 * shelf;
        double out = shelf / tanh(amount);
        dc += 2 * PI * 5 / 48000 * (out - dc);
        error += (out - dc - (double)y[i]) * (out - dc - (double)y[i]);
        power += (out - dc) * (out - dc);
    }
    return 0.5 * an_db(error / power);
}

static void drive_is_the_mean_of_tanh_between_samples(void **state) {
    (void)state;
    double worst = -400;
    for (float amount = 1; amount <= 20; amount *= 2.7f) {
        rig *r = open_new("drive");
        for (int i = 0; i < LENGTH; i++) /* a sweep from 50 Hz to 6.6 kHz */
            left_in[i] = (float)(0.9 * sin(2 * PI * i * (50 + 0.05 * i) / 48000));
        rig_set_signal(r, "in", left_in);
        rig_set(r, "drive", amount);
        rig_run(r, LENGTH);
        worst = fmax(worst, exact_drive_db(rig_output(r, 0, 0), left_in, (double)amount, LENGTH));
        rig_close(r);
    }
    print_message("drive against long double, swept sine, drive 1 to 20: %.1f dB\n", worst);
    assert_true(worst < -120);
}

static void drive_aliases_less_than_plain_saturation(void **state) {
    (void)state;
    rig *r = open_new("drive"), *plain = open_new("tanh");
    const double hz = 2489.0;
    for (int i = 0; i < LENGTH; i++) {
        left_in[i] = (float)sin(2 * PI * hz * i / 48000);
        right_in[i] = 20 * left_in[i];
    }
    rig_set_signal(r, "in", left_in);
    rig_set(r, "drive", 20);
    rig_set_signal(plain, "x", right_in);
    rig_run(r, LENGTH);
    rig_run(plain, LENGTH);
    double alias =
        an_alias_db(rig_output(r, 0, 0) + LENGTH / 2, LENGTH / 2, 48000, hz, 10000, NULL);
    double reference =
        an_alias_db(rig_output(plain, 0, 0) + LENGTH / 2, LENGTH / 2, 48000, hz, 10000, NULL);
    print_message("drive=20 of a 2489 Hz sine: aliases below 10 kHz %.1f dB (without anti-aliasing "
                  "%.1f dB)\n",
                  alias, reference);
    assert_true(alias < -40 && alias < reference - 15);
    rig_close(r);
    rig_close(plain);
}

static void drive_keeps_the_treble_and_leaves_no_direct_voltage(void **state) {
    (void)state;
    double level[2];
    static const double hz[] = {1000, 10000};
    for (int k = 0; k < 2; k++) {
        rig *r = open_new("drive");
        for (int i = 0; i < LENGTH; i++)
            left_in[i] = (float)(1e-3 * sin(2 * PI * hz[k] * i / 48000));
        rig_set_signal(r, "in", left_in);
        rig_set(r, "drive", 1);
        rig_run(r, LENGTH);
        level[k] = an_tone(rig_output(r, 0, 0) + LENGTH / 2, LENGTH / 2, 48000, hz[k]);
        rig_close(r);
    }
    rig *r = open_new("drive");
    for (int i = 0; i < LENGTH; i++)
        left_in[i] = i % 480 < 48 ? 0.9f : -0.1f; /* no direct voltage goes in */
    rig_set_signal(r, "in", left_in);
    rig_set(r, "drive", 8);
    rig_run(r, LENGTH);
    double treble = an_db(level[1] / level[0]),
           dc = an_dc(rig_output(r, 0, 0) + LENGTH / 2, LENGTH / 2);
    print_message("drive: 10 kHz at %.2f dB re 1 kHz; direct voltage of a narrow pulse %.1e\n",
                  treble, fabs(dc));
    assert_true(treble > -0.7 && fabs(dc) < 1e-3);
    rig_close(r);
}

static void range_reaches_both_ends_and_keeps_ratios(void **state) {
    (void)state;
    static const float points[] = {-1, 0, 1};
    for (int curve = 0; curve < 2; curve++) {
        rig *r = open_new("range");
        for (int i = 0; i < 3; i++)
            r->input[0][i].value = points[i];
        rig_set(r, "lo", 200);
        rig_set(r, "hi", 1800);
        rig_set(r, "curve", (float)curve);
        rig_run(r, 1);
        double middle = (double)rig_output(r, 0, 1)[0];
        assert_true(fabs((double)rig_output(r, 0, 0)[0] - 200) < 1e-3);
        assert_true(fabs((double)rig_output(r, 0, 2)[0] - 1800) < 2e-3);
        assert_true(fabs(middle - (curve ? 600 : 1000)) < 1e-3);
        rig_close(r);
    }
}

static void slew_arrives_in_its_time_and_in_tune(void **state) {
    (void)state;
    double worst = 0, worst_cents = 0;
    static const float times[] = {0.01f, 0.2f, 1.5f};
    enum { N = 48000 * 5 };
    static float steps[N];
    for (int i = 0; i < N; i++)
        steps[i] = i < 1000 ? 220.0f : 330.0f;
    for (int k = 0; k < 3; k++) {
        rig *r = open_new("slew");
        rig_set_signal(r, "in", steps);
        rig_set(r, "time", times[k]);
        rig_run(r, N);
        const float *y = rig_output(r, 0, 0);
        int at = 1000;
        assert_true(y[0] == 220.0f &&
                    y[999] == 220.0f); /* it does not glide from zero at its first sample */
        while (at < N && (double)y[at] < 330 - 0.11)
            at++;
        worst = fmax(worst, fabs((at - 999) / 48000.0 - (double)times[k]));
        worst_cents = fmax(worst_cents, fabs(an_cents((double)y[N - 1], 330)));
        rig_close(r);
    }
    print_message("slew: worst error of its time %.3f ms; ends %.4f cents from the note\n",
                  1e3 * worst, worst_cents);
    assert_true(worst < 1e-3 && worst_cents < 0.001);
    rig *r = open_new("slew"); /* up slowly, down at once */
    for (int i = 0; i < 4800; i++)
        steps[i] = i % 2400 < 1200 ? 0.0f : 1.0f;
    rig_set_signal(r, "in", steps);
    rig_set(r, "fall", 0);
    rig_run(r, 4800);
    assert_true(rig_output(r, 0, 0)[1201] < 0.1f && rig_output(r, 0, 0)[2400] == 0.0f);
    rig_close(r);
}

static void prev_is_one_sample_late_however_it_is_called(void **state) {
    (void)state;
    uint32_t seed = 4;
    for (int i = 0; i < 1000; i++)
        left_in[i] = (float)uniform(&seed);
    for (int cut = RIG_WHOLE; cut <= RIG_EMIT; cut += RIG_EMIT - RIG_WHOLE) {
        rig *r = open_new("prev");
        r->cut = (rig_cut)cut;
        rig_set_signal(r, "in", left_in);
        rig_run(r, 1000);
        assert_true(rig_output(r, 0, 0)[0] == 0.0f);
        assert_memory_equal(rig_output(r, 0, 0) + 1, left_in, 999 * sizeof(float));
        rig_close(r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_agree_with_double_precision),
        cmocka_unit_test(powers_agree_with_double_precision),
        cmocka_unit_test(operators_never_leave_the_numbers),
        cmocka_unit_test(arithmetic_means_what_a_player_expects),
        cmocka_unit_test(drive_is_the_mean_of_tanh_between_samples),
        cmocka_unit_test(drive_aliases_less_than_plain_saturation),
        cmocka_unit_test(drive_keeps_the_treble_and_leaves_no_direct_voltage),
        cmocka_unit_test(range_reaches_both_ends_and_keeps_ratios),
        cmocka_unit_test(slew_arrives_in_its_time_and_in_tune),
        cmocka_unit_test(prev_is_one_sample_late_however_it_is_called),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
