/* tests/unit/check_values.c: values: lists, voices and sides widen to one another; constants are
 * folded with their units. SPDX-License-Identifier: MIT */
#include "checking.h"

static void a_list_becomes_instances(void **state) {
    (void)state;
    EXPECT("patch tone [220 221 222] > lpf 900 > out",
           "patch.tone: tone x3\n  freq = 220 221 222\n", "patch.lpf: lpf x3\n",
           "patch.sum: mix of 3\n");
    EXPECT("patch tone [for i in 1..3: 55*i] > mix > out", "freq = 55 110 165\n",
           "patch.mix: mix of 3\n");
    EXPECT("patch tone [for i in 3..1: i*100] > mix > out", "freq = 300 200 100\n");
    EXPECT("patch tone [for f in [100 300]: f*2] > mix > out", "freq = 200 600\n");
    EXPECT("patch tone [[1 2] 3]*100 > mix > out", "tone x3\n");
}

static void voices_copies_and_sides_make_one_index(void **state) {
    (void)state;
    EXPECT("patch p voices=2: tone [freq freq*2] > pan 0.5 > env > mix > out",
           "p.tone: tone x4\n  freq = freq[0] #0[0] freq[1] #0[1]\n", "p.pan: pan x4\n",
           "p.env: env x8\n",
           "< gate gate[0] gate[0] gate[0] gate[0] gate[1] gate[1] gate[1] gate[1]\n",
           "p.mix: mix of 4\n", "p.mix.right: mix of 4\n");
}

static void what_stands_after_mix_runs_once(void **state) {
    (void)state;
    EXPECT("patch p voices=3: tone > env > mix > lpf cutoff=freq*2 > out", "p.env: env x3\n",
           "p.mix: mix of 3\n", "p.lpf: lpf\n", "p.mul: mul\n");
    /* one gate for all voices */
    EXPECT("patch p voices=3: tone > mix > env > out", "p.env: env\n", "p.max: max\n",
           "p.max2: max\n");
}

static void voices_are_summed_at_the_end_without_mix(void **state) {
    (void)state;
    EXPECT("patch p voices=3: tone > env > out", "p.sum: mix of 3\n",
           "p.level: level\n  < left #2\n  < right #2\n");
}

static void copies_are_placed_before_the_voices_end(void **state) {
    (void)state;
    /* the envelope behind `spread` still follows the notes, so the voices stay apart */
    EXPECT("patch p voices=2: tone [freq freq*2] > spread > env > out", "p.env: env x4\n",
           "p.sum: mix of 2\n", "p.sum.right: mix of 2\n");
    EXPECT("patch p voices=2: tone [freq freq*2] > env > spread > lpf 900 > out",
           "p.spread: spread of 4\n", "p.lpf: lpf x2\n");
}

static void stereo_runs_a_mono_module_twice(void **state) {
    (void)state;
    EXPECT("patch tone 110 > room > lpf 900 > out", "patch.room: room\n  < left #0\n  < right #0\n",
           "patch.lpf: lpf x2\n", "patch.level: level\n  < left #2[0]\n  < right #2[1]\n");
    /* a stereo sound through pan is a balance */
    EXPECT("patch tone 110 > room > pan 0.3 > out", "patch.pan: pan x2\n",
           "patch.level: level\n  < left #2.left[0]\n  < right #2.right[1]\n");
}

static void constants_are_folded_with_their_units(void **state) {
    (void)state;
    expect_same("patch tone 110*2+5 > out", "patch tone 225 > out");
    expect_same("patch tone A3 > out", "patch tone 220Hz > out");
    expect_same("patch tone A3+12st > out", "patch tone 440 > out");
    expect_same("patch tone 220Hz+1200ct > out", "patch tone 440 > out");
    expect_same("patch tone A3*2 > out", "patch tone 440 > out");
    expect_same("patch tone 110 > gain 50% > out", "patch tone 110 > gain 0.5 > out");
    expect_same("patch tone 110 > gain 1-50% > out", "patch tone 110 > gain 0.5 > out");
    expect_same("patch tone 110 > gain 20dB > out", "patch tone 110 > gain 8 > out"); /* clamped */
    expect_same("patch tone 110 > echo 1/8 > out", "patch tone 110 > echo 250ms > out");
    expect_same("patch tone 110 > echo time=1/8+250ms > out", "patch tone 110 > echo 500ms > out");
    expect_same("patch tone lfo(1/4)*100 > out", "patch tone lfo(2)*100 > out");
    expect_same("patch tone -2^2+104 > out", "patch tone 100 > out");
    expect_same("patch tone 2^-1*100 > out", "patch tone 50 > out");
    expect_same("patch tone (17 % 5)*100 > out", "patch tone 200 > out");
    expect_same("patch tone (3==3)*100 > out", "patch tone 100 > out");
    expect_same("tempo 60\npatch tone 110 > echo 1 beat > out",
                "tempo 60\npatch tone 110 > echo 1s > out");
}

static void an_interval_beside_a_pitch_is_a_factor(void **state) {
    (void)state;
    EXPECT("patch tone freq+12st > out", "patch.mul: mul\n  a = freq\n  b = 2\n");
    EXPECT("patch tone freq-12st > out", "patch.div: div\n  a = freq\n  b = 2\n");
}

static void kinds_that_do_not_fit_are_told(void **state) {
    (void)state;
    expect_codes("patch tone 110 > lpf 10ms > out", "E401");
    expect_codes("patch tone 110 > echo freq > out", "E401");
    expect_codes("patch tone 110 > echo freq > lpf 3ms > out\npatch b: tone 3s > out",
                 "E401 E401 E401");
    expect_codes("patch tone 110 > lpf 99kHz > out", "W401");
    expect_codes("patch tone wave=2 > out", "E403");
    expect_codes("patch tone wave=swa > out", "E402");
    expect_codes("patch tone 440Hz+10ms > out", "E404");
    expect_codes("patch tone [1 2]+[1 2 3] > out", "E405");
    expect_codes("patch tone 1/(2-2) > out", "E411");
    expect_codes("patch tone \"a\" > out", "E406");
}

static void one_mistake_is_one_message(void **state) {
    (void)state;
    expect_codes("let w = nothing * 3\npatch tone w > lpf cutoff=w*3+w > out", "E301");
    expect_codes("fn f(x) = x + y\npatch tone f(f(1)) + tone f(2) > out", "E301");
    expect_codes("module m { tone qq > lpf 900 }\npatch m + m > m > out", "E301");
    expect_codes("let bad = \npatch b: bad * 0.5 > out", "E214");
}

static void adding_to_a_sound_is_a_warning(void **state) {
    (void)state;
    expect_codes("patch tone 110 > lpf 8kHz - lfo(2)*6000 > out", "W402");
    expect_codes("patch tone 440 + 3 > out", "W402");
    expect_codes("patch tone 440 + tone 441 > out", "");
    expect_codes("fn clip(x) = x / (1 + x*x)\npatch tone 440 > clip > out", "");
    expect_codes("patch tone 440 > tone 110 > out", "W301");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_becomes_instances),
        cmocka_unit_test(voices_copies_and_sides_make_one_index),
        cmocka_unit_test(what_stands_after_mix_runs_once),
        cmocka_unit_test(voices_are_summed_at_the_end_without_mix),
        cmocka_unit_test(copies_are_placed_before_the_voices_end),
        cmocka_unit_test(stereo_runs_a_mono_module_twice),
        cmocka_unit_test(constants_are_folded_with_their_units),
        cmocka_unit_test(an_interval_beside_a_pitch_is_a_factor),
        cmocka_unit_test(kinds_that_do_not_fit_are_told),
        cmocka_unit_test(one_mistake_is_one_message),
        cmocka_unit_test(adding_to_a_sound_is_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
