/* tests/unit/scalar.c: dsp/kernel/scalar.h against long double, held to the errors that its
 * comments state.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/scalar.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { POINTS = 200000 };

/* The greatest error of f over points spread evenly, with an irrational offset, from lo to hi. */
static double worst(double (*f)(double), long double (*exact)(long double), double lo, double hi,
                    bool relative) {
    double greatest = 0.0;
    for (int i = 0; i < POINTS; i++) {
        double x = lo + (hi - lo) * ((i + 0.61803398875) / POINTS);
        long double right = exact((long double)x);
        double error = (double)fabsl((long double)f(x) - right);
        if (relative)
            error /= (double)fabsl(right);
        greatest = error > greatest ? error : greatest;
    }
    return greatest;
}

static long double sin_turns(long double x) {
    return sinl(2.0L * acosl(-1.0L) * x);
}
static long double cos_turns(long double x) {
    return cosl(2.0L * acosl(-1.0L) * x);
}

static void powers_and_logarithms_keep_their_stated_errors(void **state) {
    (void)state;
    assert_true(worst(chr_exp2, exp2l, -1000.0, 1000.0, true) <= 5e-16);
    assert_true(worst(chr_log2, log2l, 1.5, 1e6, true) <= 4e-16);
    assert_true(worst(chr_log2, log2l, 0.5, 2.0, false) <= 3e-16);
    assert_true(worst(chr_exp, expl, -1.0, 1.0, true) <= 6e-16);
    assert_true(worst(chr_exp, expl, -700.0, 700.0, true) <= 2.2e-13);
    assert_true(worst(chr_log, logl, 0.01, 100.0, false) <= 1.5e-15);
}

static void circular_functions_keep_their_stated_errors(void **state) {
    (void)state;
    assert_true(worst(chr_sin_turns, sin_turns, -3.0, 3.0, false) <= 3e-16);
    assert_true(worst(chr_cos_turns, cos_turns, -3.0, 3.0, false) <= 3e-16);
    assert_true(worst(chr_sin, sinl, -7.0, 7.0, false) <= 2.4e-15);
    assert_true(worst(chr_cos, cosl, -7.0, 7.0, false) <= 2.4e-15);
    assert_true(worst(chr_tan, tanl, -1.5, 1.5, true) <= 5e-15);
}

static void a_power_keeps_its_stated_error(void **state) {
    (void)state;
    for (int i = 1; i < 2000; i++) {
        double x = i * 0.01, y = (i % 37) * 0.21 - 3.0;
        long double right = powl((long double)x, (long double)y);
        double error = (double)fabsl(((long double)chr_pow(x, y) - right) / right);
        assert_true(error <= 3e-16 * (2.0 + fabs(y * log2(x))));
    }
    assert_true(chr_pow(0.0, 0.5) == 0.0);
    assert_true(chr_pow(0.0, 0.0) == 1.0);
}

static void exact_places_are_exact(void **state) {
    (void)state;
    for (int n = -1022; n <= 1023; n++) {
        assert_true(chr_exp2(n) == ldexp(1.0, n));
        assert_true(chr_log2(ldexp(1.0, n)) == n);
    }
    assert_true(chr_sin_turns(0.0) == 0.0 && chr_sin_turns(0.25) == 1.0 &&
                chr_sin_turns(0.5) == 0.0 && chr_sin_turns(0.75) == -1.0 &&
                chr_cos_turns(0.25) == 0.0 && chr_cos_turns(1.0) == 1.0);
    assert_true(chr_floor_d(-0.5) == -1.0 && chr_floor_d(2.0) == 2.0 &&
                chr_floor_d(1e300) == 1e300);
}

static void the_ends_of_the_number_line_are_answered(void **state) {
    (void)state;
    assert_true(isinf(chr_exp2(1024.0)) && chr_exp2(-1081.0) == 0.0 &&
                isnan(chr_exp2((double)NAN)));
    assert_true(chr_exp2(-1074.0) == 4.9406564584124654e-324);
    assert_true(isinf(chr_log2(0.0)) && isnan(chr_log2(-1.0)) && isinf(chr_log2((double)INFINITY)));
    assert_true(chr_log2(4.9406564584124654e-324) == -1074.0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(powers_and_logarithms_keep_their_stated_errors),
        cmocka_unit_test(circular_functions_keep_their_stated_errors),
        cmocka_unit_test(a_power_keeps_its_stated_error),
        cmocka_unit_test(exact_places_are_exact),
        cmocka_unit_test(the_ends_of_the_number_line_are_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
