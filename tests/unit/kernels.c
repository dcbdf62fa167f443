/* tests/unit/kernels.c: dsp/kernel/{decay,pan,svf}.h against double precision, held to the errors
 * that their comments state.
 *
 * SPDX-License-Identifier: MIT */
#define CHR_LANES 4 /* what every machine has */
#include "dsp/kernel/decay.h"
#include "dsp/kernel/pan.h"
#include "dsp/kernel/svf.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { POINTS = 100000 };

static void the_share_of_a_decay_is_exact_however_small(void **state) {
    (void)state;
    double worst = 0;
    for (int i = 0; i < POINTS; i++) {
        float u = (float)(8 * pow(1e-8, (double)i / POINTS)); /* 8 down to 8e-8 */
        double share = (double)chr_decay_share(chr_set(u))[1];
        worst = fmax(worst, fabs(share / -expm1(-(double)u) - 1));
    }
    print_message("decay share: relative error %.1e\n", worst);
    assert_true(worst < 1e-6);
    assert_true(chr_decay_share(chr_set(0.0f))[0] == 0.0f);
}

static void the_pan_law_is_a_cosine(void **state) {
    (void)state;
    double worst = 0;
    for (int i = 0; i <= POINTS; i++) {
        float p = -1.0f + 2.0f * (float)i / POINTS;
        double exact = cos(acos(-1) / 4 * (1 + (double)p));
        worst = fmax(worst, fabs((double)chr_pan_left(chr_set(p))[2] - exact));
    }
    print_message("pan: error %.1e\n", worst);
    assert_true(worst < 2e-7);
    assert_true(chr_pan_left(chr_set(1.0f))[0] == 0.0f);
}

/* move/lift is the inverse of the tangent that the coefficients are made of. */
static void the_filters_tangent_is_good_to_a_hundred_thousandth(void **state) {
    (void)state;
    double worst = 0;
    for (int i = 1; i <= POINTS; i++) {
        float hz = 0.49f * (float)i / POINTS;
        chr_svf_coefs a = chr_svf_coefs_of(chr_set(hz), chr_set(1.0f), chr_set(1.0f));
        double tangent = (double)a.lift[3] / (double)a.move[3];
        worst = fmax(worst, fabs(tangent / tan(acos(-1) * fmax((double)hz, 1e-5)) - 1));
    }
    print_message("filter tangent: relative error %.1e\n", worst);
    assert_true(worst < 1.5e-5);
}

static void no_knob_makes_a_filter_without_damping(void **state) {
    (void)state;
    static const float res[] = {-1e9f, 0, 0.5f, 1, 2, 1e9f};
    for (size_t i = 0; i < sizeof res / sizeof res[0]; i++) {
        float k = chr_svf_damping(chr_set(res[i]))[0];
        assert_true(k >= 0.04f && k <= 1.4143f);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_share_of_a_decay_is_exact_however_small),
        cmocka_unit_test(the_pan_law_is_a_cosine),
        cmocka_unit_test(the_filters_tangent_is_good_to_a_hundred_thousandth),
        cmocka_unit_test(no_knob_makes_a_filter_without_damping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
