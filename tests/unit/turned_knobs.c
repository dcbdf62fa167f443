/* tests/unit/turned_knobs.c: patterns of values: what their words mean for a knob, what brackets
 * and transforms make of them, and what is said of mistakes.
 * SPDX-License-Identifier: MIT */
#include "playing.h"

#define A "patch a: tone > lpf 400 > gain 0.5 > out\n"

static void words_are_numbers_with_units_and_notes(void **state) {
    (void)state;
    expect_rounds(A "values a.cutoff: 200 2k 0.3kHz A4", "0=200 1=2000 2=300 3=440");
    expect_rounds(A "values a.gain.level: 50% 0 .5 1e0", "0=0.5 1=0 2=0.5 3=1");
    expect_rounds(A "values a.gain.level: 0dB -20dB", "0=1 1=0.1");
    expect_rounds("patch a: tone > echo time=1 > out\nvalues a.time: 10ms 1.5s 1/8",
                  "0=0.01 1=1.5 2=0.25");
    expect_rounds("patch a: tone > pan 0 > out\nvalues a.position: -1 +0.5 . - _ 0",
                  "0=-1 1=0.5 5=0");
    expect_rounds("let low = 150\n" A "values a.cutoff: low 300", "0=150 1=300");
}

static void brackets_and_modifiers_do_what_they_do_to_notes(void **state) {
    (void)state;
    expect_rounds(A "values a.cutoff step=1/8: 200 <800 2k>", "0=200 1/2=800 / 0=200 1/2=2000");
    expect_rounds(A "values a.cutoff: [200 300 400] 500@2 600*2",
                  "0=200 1/3=300 2/3=400 1=500 3=600 7/2=600");
    expect_rounds(A "values a.cutoff: 200!2 300(2,4)", "0=200 1=200 2=300 4=300");
    expect_rounds(A "values a.cutoff bars=1: 200 <300!2 400> .",
                  "0=200 4/3=300 / 0=200 4/3=300 / 0=200 4/3=400");
    /* Chance is that of any pattern: each is heard about as often. */
    char *line = played(A "values a.cutoff: (200|300) 400?25%", 400);
    int n[3] = {0, 0, 0};
    for (const char *at = line; (at = strchr(at, '=')) != NULL; at++)
        n[at[1] - '2']++;
    assert_int_equal(n[0] + n[1], 400);
    assert_in_range(n[0], 150, 250);
    assert_in_range(n[2], 60, 140);
    free(line);
}

static void transforms_do_what_they_do_to_notes(void **state) {
    (void)state;
    expect_rounds(A "values a.cutoff: 200 300 400 500 > rev", "0=500 1=400 2=300 3=200");
    expect_rounds(A "values a.cutoff: 200 300 > every 2 (fast 2)",
                  "0=200 1/2=300 1=200 3/2=300 / 0=200 1=300");
    expect_rounds(A "values a.cutoff: 200 300 400 500 > rotate 1", "0=300 1=400 2=500 3=200");
    expect_rounds(A "values a.cutoff bars=1: 200 300 > struct \"x.xx\"", "0=200 2=300 3=300");
    expect_rounds(A "values a.cutoff bars=1: 200 300 400 500 > mask \"x..x\"", "0=200 3=500");
    expect_rounds("swing 75%\n" A "values a.cutoff step=1/16: 200 300", "0=200 3/8=300");
    expect_rounds("swing 75%\n" A "values a.cutoff step=1/16 swing=50%: 200 300", "0=200 1/4=300");
    expect_rounds(A "values a.cutoff shift=-5ms: 200", "0=200^-0.005");
    expect_rounds(A "fn back(p) = p > rev\nvalues a.cutoff: 200 300 > back", "0=300 1=200");
}

static void range_maps_from_nothing_to_all_onto_a_stretch(void **state) {
    (void)state;
    expect_rounds(A "values a.cutoff: 0 0.5 100% 25% > range 200 2k", "0=200 1=1100 2=2000 3=650");
    expect_rounds(A "values a.cutoff: 0 1 > range 2k 200 > rev", "0=200 1=2000");
    expect_rounds(A "fn wide(top=1k) = range 200 top\nvalues a.cutoff: 0 1 > wide", "0=200 1=1000");
    expect_rounds(A "values a.gain.level: 0 1 > range -20dB 0dB", "0=0.1 1=1");
    expect_codes(A "values a.cutoff: 0 2 > range 200 2k", "W401");
    expect_codes(A "values a.cutoff: 0 200 > every 2 (range 200 2k)", "W401 E412");
    expect_codes(A "values a.cutoff: 0 1 > range 200 2k > range 100 200", "E412");
    expect_codes(A "values a.cutoff: 0 1 > range 10ms 2k", "E401");
    expect_codes("create d drum\nmelody d: C3 > range 200 2k", "E499");
}

static void a_knob_that_is_turned_has_its_own_number_before(void **state) {
    (void)state;
    EXPECT(A "values a.cutoff: 200", "values of a.cutoff from 400 on", "owner a.cutoff: a knob");
    EXPECT("patch a: tone > lpf > gain 0.5 > out\nvalues a.cutoff: 200", "from 1000 on");
    EXPECT("patch a: tone > lpf 300+lfo(2)*100 > gain 0.5 > out\nvalues a.cutoff: 200",
           "from 300 on");
    EXPECT("patch a: tone > lpf lfo(2)*100 > gain 0.5 > out\nvalues a.cutoff: 200", "from 1000 on");
    EXPECT(A "set a cutoff=700\nvalues a.cutoff: 200", "from 400 on");
    EXPECT(A "values a.gain: 0.5 1", "values of a.gain from 1 on");
}

static void mistakes_are_said_at_their_word(void **state) {
    (void)state;
    expect_codes(A "values a.cutoff: 200 10ms", "E401");
    expect_codes(A "values a.cutoff: 200 5", "W401");
    expect_codes(A "values a.cutoff: 200 2kHzz", "E449");
    expect_codes(A "values a.cutoff: 200 3+4", "E449");
    expect_codes(A "values a.cutoff: nothing", "E301");
    expect_codes(A "values a.cutoff: [200,300]", "E448");
    expect_codes(A "values a.cutoff: 200~ 300^ 400{res=0.5}", "E447 E447 E447");
    expect_codes(A "values a.cutoff: 200 300 > transpose 12 > arp", "E447 E447");
    expect_codes(A "values a.cutoff gate=50%: 200", "E436");
    expect_codes(A "values a.cutoff key=\"C minor\": 200", "E436");
    expect_codes(A "melody a glide=50ms: C3", "E436");
    expect_codes(A "values a: 200", "E475");
    expect_codes(A "values a.cutof: 200", "E323");
    expect_codes(A "values b.cutoff: 200", "E308");
    expect_codes("patch a: tone wave=saw > gain 0.5 > out\nvalues a.wave: saw square", "E478");
    expect_codes(A "values a.cutoff: 200\nvalues a.lpf.cutoff: 300", "E477");
    expect_codes(A "automate a.cutoff: 200 at bar 1\nvalues a.cutoff: 300", "E477");
    expect_codes(A "set a cutoff=500\nvalues a.cutoff: 300", "W473");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_numbers_with_units_and_notes),
        cmocka_unit_test(brackets_and_modifiers_do_what_they_do_to_notes),
        cmocka_unit_test(transforms_do_what_they_do_to_notes),
        cmocka_unit_test(range_maps_from_nothing_to_all_onto_a_stretch),
        cmocka_unit_test(a_knob_that_is_turned_has_its_own_number_before),
        cmocka_unit_test(mistakes_are_said_at_their_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
