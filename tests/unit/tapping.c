/* tests/unit/tapping.c: a tempo from taps: exact for even ones, steady for a hand, and begun anew
 * after a pause. SPDX-License-Identifier: MIT */
#include "runtime/tapping.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void four_even_taps_make_a_tempo(void **state) {
    (void)state;
    chr_tapping t = {.n = 0};
    double bpm = 0.0;
    assert_int_equal(chr_tapping_beat(&t, 10.0, &bpm), 3);
    assert_int_equal(chr_tapping_beat(&t, 10.5, &bpm), 2);
    assert_int_equal(chr_tapping_beat(&t, 11.0, &bpm), 1);
    assert_int_equal(chr_tapping_beat(&t, 11.5, &bpm), 0);
    assert_true(bpm == 120.0);
    for (int i = 0; i < 30; i++) {
        assert_int_equal(chr_tapping_beat(&t, 12.0 + i * 0.5, &bpm), 0);
        assert_true(bpm == 120.0);
    }
}

static void a_hand_that_shakes_is_evened_out(void **state) {
    (void)state;
    static const double shake_s[] = {0.01, -0.012, 0.004, 0.009, -0.008, 0.0, 0.011, -0.006, 0.002};
    chr_tapping t = {.n = 0};
    double bpm = 0.0;
    for (int i = 0; i < 9; i++)
        chr_tapping_beat(&t, i * 60.0 / 97.0 + shake_s[i], &bpm);
    assert_true(fabs(bpm - 97.0) < 0.5);
}

static void a_pause_begins_anew(void **state) {
    (void)state;
    chr_tapping t = {.n = 0};
    double bpm = 0.0;
    for (int i = 0; i < 5; i++)
        chr_tapping_beat(&t, i * 0.5, &bpm);
    assert_int_equal(chr_tapping_beat(&t, 3.5, &bpm), 3); /* longer than two beats */
    assert_int_equal(chr_tapping_beat(&t, 9.0, &bpm), 3); /* longer than three seconds */
    assert_int_equal(chr_tapping_beat(&t, 9.0, &bpm), 3); /* no time has passed */
    for (int i = 1; i < 4; i++)
        chr_tapping_beat(&t, 9.0 + i * 2.0, &bpm);
    assert_true(bpm == 30.0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_even_taps_make_a_tempo),
        cmocka_unit_test(a_hand_that_shakes_is_evened_out),
        cmocka_unit_test(a_pause_begins_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
