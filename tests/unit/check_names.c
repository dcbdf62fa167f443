/* tests/unit/check_names.c: names and structure: labels, paths, settings, strips, modules,
 * instruments. SPDX-License-Identifier: MIT */
#include "checking.h"

static void labels_are_paths_and_unique(void **state) {
    (void)state;
    EXPECT("patch tone 110 > lpf 900 > lpf 800 as dark > lpf 700 > out", "patch.lpf: lpf\n",
           "patch.dark: lpf labelled\n", "patch.lpf2: lpf\n");
    /* the player's own label has the first right to a name */
    EXPECT("patch tone 110 > lpf 900 > gain 0.5 as lpf > out", "patch.lpf: gain labelled\n",
           "patch.lpf2: lpf\n");
    EXPECT("patch d: drum > out", "d.drum.drop.env: env\n", "d.drum.tone: tone\n",
           "d.level: level\n");
    EXPECT("let wob = lfo 2 > gain 3\npatch tone wob*100 > out", "#0 wob.lfo: lfo\n",
           "wob.gain: gain\n");
    expect_codes("patch tone 110 as a > lpf as a > out", "E306");
}

static void what_waits_for_a_later_version_is_said_where_it_is_used(void **state) {
    (void)state;
    expect_codes("sample amen \"amen.wav\"\npatch amen > out", "E601 E606");
}

static void a_label_may_be_named_before_it_stands(void **state) {
    (void)state;
    EXPECT("patch tone 110 > (in + tap*0.5) > echo 0.3 as tap > out",
           "patch.tap: echo labelled cycle 1\n", "patch.mul: mul cycle 1\n  a = #1\n",
           "patch.add: add cycle 1\n  a = #0\n");
    /* of a shape that is known only later */
    EXPECT("patch tone [1 2 3]*100 > (in + tap*0.5) > echo 0.3 as tap > out",
           "patch.tap: echo x3 labelled cycle 1\n", "patch.mul: mul x3 cycle 1\n");
    EXPECT("patch p voices=2: tone > room > (in + tap*0.5) > echo 0.3 as tap > env > out",
           "p.tap: echo x4 labelled cycle 1\n");
}

static void patches_hear_one_another_in_any_order(void **state) {
    (void)state;
    EXPECT("patch a: b*0.5 > out\npatch b: tone 110 > out",
           "a.mul: mul x2\n  a = #1.left #1.right\n");
    EXPECT("patch a: tone 110 + b*0.3 > echo 0.1 > out\npatch b: a*0.5 > lpf 300 > out",
           "a.echo: echo x2 cycle 1\n");
    /* one that is not heard by itself stays as wide as it is */
    EXPECT("patch wob: lfo 2\npatch a: tone 110 > lpf cutoff=wob*300+400 > out",
           "owner wob: drones\n", "a.mul: mul\n");
    expect_codes("patch a: b > lpf 300 > out\npatch b: a > lpf 300 > out", "E310");
    expect_codes("patch echo: tone 110 > echo 0.2 > out", ""); /* its own name is the module */
}

static void settings_reach_parameters_by_their_paths(void **state) {
    (void)state;
    EXPECT("patch l: tone 110 > lpf 900 > out\nset l cutoff=500 res=0.5",
           "cutoff = 500\n  res = 0.5\n");
    EXPECT("patch l: tone 110 > lpf 900 > lpf 700 > out\nl.lpf2.cutoff = 500",
           "l.lpf2: lpf\n  < in #1\n  cutoff = 500\n");
    EXPECT("patch l: tone 110 > lpf 900 > out\nset l gain=-6dB pan=0.5",
           "gain = 0.5011872\n  pan = 0.5\n");
    EXPECT("patch l: tone 110 > lpf 900 > out\nlet w = lfo 3\nl.cutoff = 400+w*200",
           "cutoff = #3\n", "l.lpf.cutoff.add: add\n");
    EXPECT("let w = lfo 3\npatch l: tone w*100 > out\nset w rate=5", "rate = 5\n");
    EXPECT("patch l: drum click=soft > out\nset l click=hard", "level = 4\n");
    EXPECT("patch l: drum > out\nl.drum.tone.wave = square\nset l freq=60", "a = 60\n",
           "wave = square\n");
    expect_codes("patch l: tone 110 > lpf 900 > lpf 700 > out\nset l cutoff=3", "E309");
    expect_codes("patch l: tone 110 > lpf 900 > out\nset l cutof=500", "E323");
    expect_codes("patch l: tone 110 > lpf 900 > out\nset l cutoff=5ms", "E401");
    expect_codes("set l cutoff=5ms", "E308");
}

static void a_path_reads_a_parameter(void **state) {
    (void)state;
    EXPECT("patch a: tone 110 > lpf 900 > out\npatch b: tone a.tone.freq*2 > lpf a.cutoff > out",
           "b.tone: tone\n", "cutoff = 900\n");
    EXPECT("patch b: tone 110 > lpf a.lpf*1000 > out\npatch a: tone 110 > lpf 900 > out",
           "b.mul: mul\n  a = #1\n");
    expect_codes("patch a: tone 110 > out\npatch b: tone a.nothing > out", "E323");
}

/* What is shared is looked through once, not once for each that reads of it. */
static void thousands_read_of_what_thousands_share(void **state) {
    (void)state;
    enum { MANY = 1500, LINE = 80 };
    char *text = malloc(2 * MANY * LINE), *to = text;
    assert_non_null(text);
    for (int i = 0; i < MANY; i++)
        to += sprintf(to, "let l%d = tone %d > lpf 900\n", i, 100 + i);
    for (int i = 0; i < MANY; i++)
        to += sprintf(to, "patch p%d: tone l%d.tone.freq > lpf l%d.lpf.cutoff > out\n", i, i, i);
    EXPECT(text, "p1499.tone: tone\n  freq = 1599\n");
    free(text);
}

static void instruments_are_patches_of_a_module(void **state) {
    (void)state;
    EXPECT("create drum", "owner drum: plays notes, out 0", "drum.drum.tone: tone\n");
    EXPECT("create pad synth cutoff=500 gain=0.5", "owner pad: 4 voices",
           "pad.synth.mix: mix of 4\n", "cutoff = 500\n", "pad.synth.room: room\n", "gain = 0.5\n");
    EXPECT("create pad cutoff=500",
           "pad.synth.lpf: lpf x4\n"); /* without a kind, and no instrument of that name */
    EXPECT("create pad synth voices=2", "owner pad: 2 voices");
    EXPECT("create pad synth\nset pad cutoff=300", "cutoff = 300\n");
    expect_codes("create x drumm", "E313");
    expect_codes("create drum colour=3", "E303");
    expect_codes("sequence drum: x...", "N301");
    expect_codes("sequence drun: x...", "E314");
}

static void a_glide_slides_the_pitch(void **state) {
    (void)state;
    EXPECT("patch l glide=30ms: tone > env > out", "l.glide: slew\n  < in freq\n  time = 0.03\n",
           "l.tone: tone\n  freq = #0\n");
    EXPECT("patch l fade=2s: tone > out", "fades in 2 s");
    expect_codes("patch l speed=2: tone > out", "E321");
}

static void effects_are_added_behind_a_patch(void **state) {
    (void)state;
    EXPECT("patch l: tone 110 > out\nadd lpf to l cutoff=500",
           "l.lpf: lpf\n  < in #0\n  cutoff = 500\n");
    EXPECT("patch l: tone 110 > out\nadd lpf to l amount=25% as dark", "l.dark: lpf labelled\n",
           "l.dark.dry: mul labelled\n  a = #0\n  b = 0.75\n",
           "l.dark.wet: mul labelled\n  a = #1\n  b = 0.25\n");
    EXPECT("patch l: tone 110 > out\nadd room to l amount=0.5", "l.room: room\n",
           "mix = 0.5\n"); /* it has a share of its own */
    EXPECT("patch l: tone 110 > out\nadd lpf to l amount=0.5\nset l lpf.amount=0.25", "b = 0.75\n",
           "b = 0.25\n");
    EXPECT("patch l voices=2: tone > env > out\nadd lpf to l", "l.sum: mix of 2\n", "l.lpf: lpf\n");
    EXPECT("patch l: tone 110 > lpf 900 > out\nremove lpf from l", "l.level: level\n  < left #0\n");
    expect_codes("patch l: tone 110 > out\nremove lpf from l", "E324");
    expect_codes("patch l: tone 110 > out\nremove tone from l", "E315");
    expect_codes("patch l: tone 110 > out\nadd lpff to l", "E302");
}

static void channels_and_switches(void **state) {
    (void)state;
    EXPECT("patch l: tone 110 > out 3", "owner l: drones, out 2 #", "l.add: add\n");
    EXPECT("patch l: tone 110", "owner l: drones\n");
    expect_all("patch l: tone 110 > out\nsequence l: x...", (char[]){"l"},
               (const char *const[]){"on = 0\n", "beat, silent\n", NULL});
}

static void functions_and_modules_are_written_out(void **state) {
    (void)state;
    expect_same("fn double(x, by=2) = x*by\npatch tone double(110) > out", "patch tone 220 > out");
    EXPECT("fn shape(x) = x / (1 + x*x)\npatch tone 110 > shape > out",
           "patch.div: div\n  a = #0\n");
    EXPECT("module pole(x, a=0.1) {\n  let y = x*a + prev(y)*(1-a)\n  y\n}\npatch tone [1 2]*100 > "
           "pole > out",
           "patch.pole.y.add: add x2 cycle 1\n", "patch.pole.y.prev: prev x2 cycle 1\n");
    EXPECT(
        "module w { param t = saw in saw|square|sine\n tone 110 wave=t }\npatch w t=square > out",
        "wave = square\n");
    /* what a constant condition leaves out is not made */
    EXPECT("patch if(1 == 2, tone 3, lfo(2)) > out", "patch.lfo: lfo\n");
    expect_codes("fn a(x) = b(x)\nfn b(x) = a(x)", "E311");
    expect_codes("module m { m > lpf }", "E311");
    expect_codes("fn f(x) = x\npatch f() > out", "E318");
    expect_codes("module m { param a = 3 in 5..1\n tone a }", "E412");
    expect_codes("module m { param a = x in p|q\n tone 3 }", "E402");
    expect_codes("let y = freq", "E317");
    expect_codes("patch in > out", "E316");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_are_paths_and_unique),
        cmocka_unit_test(what_waits_for_a_later_version_is_said_where_it_is_used),
        cmocka_unit_test(a_label_may_be_named_before_it_stands),
        cmocka_unit_test(patches_hear_one_another_in_any_order),
        cmocka_unit_test(settings_reach_parameters_by_their_paths),
        cmocka_unit_test(a_path_reads_a_parameter),
        cmocka_unit_test(thousands_read_of_what_thousands_share),
        cmocka_unit_test(instruments_are_patches_of_a_module),
        cmocka_unit_test(a_glide_slides_the_pitch),
        cmocka_unit_test(effects_are_added_behind_a_patch),
        cmocka_unit_test(channels_and_switches),
        cmocka_unit_test(functions_and_modules_are_written_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
