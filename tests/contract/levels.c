/* tests/contract/levels.c: gain, vca, pan, mix, spread and level: what they do to the level, to the
 * last bit where it counts.
 *
 * SPDX-License-Identifier: MIT */
#include "tests/support/analysis.h"
#include "tests/support/module_rig.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { LANES = 4, LENGTH = 8192 };

static float left_in[LENGTH], right_in[LENGTH], ramp[LENGTH];

static void make_signals(void) {
    uint32_t seed = 1;
    for (int i = 0; i < LENGTH; i++) {
        seed = seed * 1664525u + 1013904223u;
        left_in[i] = (float)(int32_t)seed / 2147483648.0f;
        seed = seed * 1664525u + 1013904223u;
        right_in[i] = (float)(int32_t)seed / 2147483648.0f;
        ramp[i] = -1.0f + 2.0f * (float)i / (LENGTH - 1);
    }
    left_in[7] = -0.0f; /* the sign of a zero is a bit as well */
    right_in[8] = -0.0f;
}

static rig *open_new(const char *name) {
    return rig_open(rig_module(name, NULL, LANES), LANES, 48000, 1);
}

static void level_at_its_defaults_changes_no_bit(void **state) {
    (void)state;
    make_signals();
    for (int as_signals = 0; as_signals < 2; as_signals++) {
        rig *r = open_new("level");
        r->as_signals = as_signals;
        rig_set_signal(r, "left", left_in);
        rig_set_signal(r, "right", right_in);
        rig_run(r, LENGTH);
        assert_memory_equal(rig_output(r, 0, 2), left_in, sizeof left_in);
        assert_memory_equal(rig_output(r, 1, 2), right_in, sizeof right_in);
        rig_close(r);
    }
}

static void level_turns_down_places_and_narrows(void **state) {
    (void)state;
    make_signals();
    rig *r = open_new("level");
    rig_set_signal(r, "left", left_in);
    rig_set_signal(r, "right", right_in);
    r->param[0][0].value = 0.5f; /* lane 0: gain */
    r->param[1][1].value = -1;   /* lane 1: hard left */
    r->param[2][2].value = 0;    /* lane 2: mono */
    r->param[3][3].value = 0;    /* lane 3: muted */
    rig_run(r, LENGTH);
    for (int i = 0; i < LENGTH; i++) {
        assert_true(rig_output(r, 0, 0)[i] == 0.5f * left_in[i] &&
                    rig_output(r, 1, 0)[i] == 0.5f * right_in[i]);
        assert_true(fabs((double)rig_output(r, 0, 1)[i] - sqrt(2) * (double)left_in[i]) < 1e-6);
        assert_true(rig_output(r, 1, 1)[i] == 0.0f);
        double middle = 0.5 * ((double)left_in[i] + (double)right_in[i]);
        assert_true(fabs((double)rig_output(r, 0, 2)[i] - middle) < 2e-7);
        assert_true(fabs((double)rig_output(r, 1, 2)[i] - middle) < 2e-7);
        assert_true(rig_output(r, 0, 3)[i] == 0.0f && rig_output(r, 1, 3)[i] == 0.0f);
    }
    rig_close(r);
}

static void pan_keeps_the_power_and_closes_the_far_side(void **state) {
    (void)state;
    make_signals();
    rig *r = open_new("pan");
    double worst = 0, worst_law = 0;
    rig_set(r, "in", 1);
    rig_set_signal(r, "position", ramp);
    rig_run(r, LENGTH);
    const float *left = rig_output(r, 0, 0), *right = rig_output(r, 1, 0);
    for (int i = 0; i < LENGTH; i++) {
        double l = (double)left[i], q = (double)right[i],
               turn = acos(-1) / 4 * (1 + (double)ramp[i]);
        worst = fmax(worst, fabs(l * l + q * q - 1));
        worst_law = fmax(worst_law, fmax(fabs(l - cos(turn)), fabs(q - sin(turn))));
    }
    print_message("pan: power within %.1e, gains within %.1e of sine and cosine\n", worst,
                  worst_law);
    assert_true(worst < 5e-7 && worst_law < 3e-7);
    assert_true(right[0] == 0.0f && left[LENGTH - 1] == 0.0f);
    rig_close(r);
}

static void gain_and_vca_are_products(void **state) {
    (void)state;
    static const char *const names[] = {"gain", "vca"};
    make_signals();
    for (int k = 0; k < 2; k++) {
        rig *r = open_new(names[k]);
        rig_set_signal(r, "in", left_in);
        rig_set_signal(r, "level", right_in);
        rig_run(r, LENGTH);
        for (int i = 0; i < LENGTH; i++)
            assert_true(rig_output(r, 0, 0)[i] == left_in[i] * right_in[i]);
        rig_close(r);
    }
}

static void mix_sums_and_spread_keeps_the_power(void **state) {
    (void)state;
    const chr_module *mix = rig_module("mix", NULL, LANES),
                     *spread = rig_module("spread", NULL, LANES);
    float one = 1, left, right;
    mix->weights(3, 5, &one, &left, &right);
    assert_true(left == 1 && right == 1);
    spread->weights(0, 1, &one, &left, &right);
    assert_true(left == 1 && right == 1);
    for (int n = 2; n <= 64; n *= 2) {
        double power_left = 0, power_right = 0;
        float before = -1;
        for (int i = 0; i < n; i++) {
            spread->weights(i, n, &one, &left, &right);
            power_left += (double)left * (double)left;
            power_right += (double)right * (double)right;
            assert_true(right > before); /* each further to the right */
            before = right;
        }
        assert_true(fabs(power_left - 1) < 1e-5 && fabs(power_right - 1) < 1e-5);
        spread->weights(0, n, &one, &left, &right);
        assert_true(right == 0.0f);
    }
    float none = 0;
    spread->weights(0, 4, &none, &left, &right);
    assert_true(fabs((double)left - 0.5) < 1e-6 && left == right);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(level_at_its_defaults_changes_no_bit),
        cmocka_unit_test(level_turns_down_places_and_narrows),
        cmocka_unit_test(pan_keeps_the_power_and_closes_the_far_side),
        cmocka_unit_test(gain_and_vca_are_products),
        cmocka_unit_test(mix_sums_and_spread_keeps_the_power),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
