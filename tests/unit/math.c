/* tests/unit/math.c: dsp/kernel/math.h against double precision, held to the errors that its
 * comments state.
 *
 * SPDX-License-Identifier: MIT */
#define CHR_LANES 4 /* what every machine has */
#include "dsp/kernel/math.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { POINTS = 50000 };

/* Functions take their vector by pointer here: no calling convention of wide vectors is involved.
 */
typedef void lanes_fn(chr_vec *x);
#define BY_POINTER(f)                                                                              \
    static void lanes_##f(chr_vec *x) {                                                            \
        *x = f(*x);                                                                                \
    }
BY_POINTER(chr_vexp2)
BY_POINTER(chr_vexp)
BY_POINTER(chr_vlog2)
BY_POINTER(chr_vlog)
BY_POINTER(chr_vsin)
BY_POINTER(chr_vcos)
BY_POINTER(chr_vtan_half)
BY_POINTER(chr_vtanh)

static double worst(lanes_fn *f, double (*exact)(double), double lo, double hi, bool relative) {
    double greatest = 0.0;
    for (int i = 0; i < POINTS; i++) {
        chr_vec v;
        float x[CHR_LANES], y[CHR_LANES];
        for (int lane = 0; lane < CHR_LANES; lane++)
            x[lane] = (float)(lo + (hi - lo) * ((i + (lane + 0.61803398875) / CHR_LANES) / POINTS));
        memcpy(&v, x, sizeof v);
        f(&v);
        memcpy(y, &v, sizeof v);
        for (int lane = 0; lane < CHR_LANES; lane++) {
            double right = exact((double)x[lane]), error = fabs((double)y[lane] - right);
            if (relative)
                error /= fabs(right);
            greatest = error > greatest ? error : greatest;
        }
    }
    return greatest;
}

static double first_lane(lanes_fn *f, float x) {
    chr_vec v = chr_set(x);
    float y[CHR_LANES];
    f(&v);
    memcpy(y, &v, sizeof y);
    return (double)y[0];
}

static double sin_turns(double x) {
    return sin(2.0 * acos(-1.0) * x);
}
static double cos_turns(double x) {
    return cos(2.0 * acos(-1.0) * x);
}
static double tan_half(double x) {
    return tan(acos(-1.0) * x);
}

static void powers_and_logarithms_keep_their_stated_errors(void **state) {
    (void)state;
    assert_true(worst(lanes_chr_vexp2, exp2, -125.0, 126.0, true) <= 1.5e-7);
    assert_true(worst(lanes_chr_vexp, exp, -1.0, 1.0, true) <= 2.1e-7);
    assert_true(worst(lanes_chr_vexp, exp, -80.0, 80.0, true) <= 5e-6);
    assert_true(worst(lanes_chr_vlog2, log2, 0.5, 1.9, false) <= 1.2e-7);
    assert_true(worst(lanes_chr_vlog2, log2, 2.1, 1e6, true) <= 2.5e-7);
    assert_true(worst(lanes_chr_vlog, log, 2.1, 1e6, true) <= 3e-7);
    for (int n = -125; n < 127; n++) {
        assert_true(first_lane(lanes_chr_vexp2, (float)n) == ldexp(1.0, n));
        assert_true(first_lane(lanes_chr_vlog2, ldexpf(1.0f, n)) == n);
    }
}

static void circular_functions_keep_their_stated_errors(void **state) {
    (void)state;
    assert_true(worst(lanes_chr_vsin, sin_turns, -2.0, 2.0, false) <= 2.1e-7);
    assert_true(worst(lanes_chr_vcos, cos_turns, -2.0, 2.0, false) <= 2.1e-7);
    assert_true(worst(lanes_chr_vtan_half, tan_half, 1e-6, 0.4999, true) <= 4e-7);
    for (uint64_t p = 0; p < UINT64_C(0x100000000); p += 0x10001) {
        chr_vec v = chr_vsin_phase((chr_uvec)chr_iset(0) + (uint32_t)p);
        float y[CHR_LANES];
        memcpy(y, &v, sizeof y);
        assert_true(fabs((double)y[3] - sin_turns((double)p * 0x1p-32)) <= 2.1e-7);
    }
}

static void tanh_is_odd_bounded_and_true_for_small_signals(void **state) {
    (void)state;
    assert_true(worst(lanes_chr_vtanh, tanh, -12.0, 12.0, true) <= 4e-7);
    assert_true(worst(lanes_chr_vtanh, tanh, -1e-3, 1e-3, true) <= 4e-7);
    for (int i = 0; i < 4000; i++) {
        float x = (float)i * 0.01f;
        double y = first_lane(lanes_chr_vtanh, x);
        assert_true(y <= 1.0 && y == -first_lane(lanes_chr_vtanh, -x));
    }
    assert_true(first_lane(lanes_chr_vtanh, INFINITY) == 1.0);
}

static uint32_t phase_of(float degrees) {
    chr_uvec v = chr_phase_of_degrees(chr_set(degrees));
    uint32_t phase[CHR_LANES];
    memcpy(phase, &v, sizeof phase);
    return phase[0];
}

static void degrees_are_a_part_of_a_turn_however_many_turns_they_are(void **state) {
    (void)state;
    for (int turns = -3; turns <= 3; turns++)
        for (int eighth = -4; eighth <= 4; eighth++) {
            uint32_t right = (uint32_t)eighth << 29, phase;
            phase = phase_of((float)(turns * 360 + eighth * 45));
            assert_true(phase - right + 256 <= 512);
        }
    assert_int_equal(phase_of(180.0f), 0x80000000u); /* exactly, from either side */
    assert_int_equal(phase_of(-180.0f), 0x80000000u);
    assert_int_equal(phase_of(0x1p22f * 360.0f - 0x1p10f * 180.0f), 0);
    const float no_phase[] = {1e30f, -1e30f, INFINITY, -INFINITY, NAN};
    for (size_t k = 0; k < sizeof no_phase / sizeof *no_phase; k++) {
        uint32_t phase = phase_of(no_phase[k]);
        assert_true(phase == 0 || phase == 0x80000000u);
    }
    assert_int_equal(phase_of(NAN), 0x80000000u);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(powers_and_logarithms_keep_their_stated_errors),
        cmocka_unit_test(circular_functions_keep_their_stated_errors),
        cmocka_unit_test(tanh_is_odd_bounded_and_true_for_small_signals),
        cmocka_unit_test(degrees_are_a_part_of_a_turn_however_many_turns_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
