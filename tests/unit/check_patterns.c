/* tests/unit/check_patterns.c: the steps of a pattern as the notes of its rounds, written as in
 * tests/support/rounds.h. SPDX-License-Identifier: MIT */
#include "checking.h"
#include "tests/support/rounds.h"

/* The first rounds of one pattern. */
static void expect_rounds(const char *statement, const char *expected) {
    char text[1024];
    snprintf(text, sizeof text, "create drum%s\ncreate synth\n%s\n",
             strstr(statement, "gain") != NULL ? "" : " voices=8", statement);
    checked k = check_with(text, NULL);
    if (k.ir == NULL)
        fail_msg("%s\n%s", statement, k.messages);
    assert_int_equal(k.ir->n_patterns, 1);
    char *line = rounds_of(&k.ir->patterns[0], writes_grid(statement), 0, rounds_in(expected));
    if (strcmp(line, expected) != 0)
        fail_msg("%s\nexpected %s\nbut it is %s", statement, expected, line);
    free(line);
    checked_free(&k);
}

/* How long a round is, in ticks, and a beat. */
static void expect_ticks(const char *statement, int64_t round, int64_t beat) {
    char text[1024];
    snprintf(text, sizeof text, "create drum voices=8\n%s\n", statement);
    checked k = check_with(text, NULL);
    if (k.ir == NULL)
        fail_msg("%s\n%s", statement, k.messages);
    assert_int_equal(k.ir->patterns[0].score.round, round);
    assert_int_equal(k.ir->patterns[0].score.beat, beat);
    checked_free(&k);
}

static void a_grid_is_one_character_a_step(void **state) {
    (void)state;
    expect_rounds("sequence drum: x...x...", "0 4 / 0 4");
    expect_rounds("sequence drum: x|X o9 3-.", "0 1@1 2@0.5 3@1 4@0.333 / 0 1@1 2@0.5 3@1 4@0.333");
    expect_rounds("sequence drum: x__.x", "0+3 4 / 0+3 4");
    expect_rounds("sequence drum: x._x", "0 3 / 0 3"); /* a rest ends what could be held */
    expect_rounds("sequence drum: x^x~x", "0@1 1 2~ / 0@1 1 2~");
    expect_rounds("sequence drum: xx~", "0~ 1 / 0~ 1"); /* and round by round */
    expect_rounds("sequence drum step=1/8: xx", "0+2 2+2 / 0+2 2+2");
    expect_rounds("sequence drum bars=2: x.x.", "0+8 16+8 / 0+8 16+8");
    expect_rounds("sequence drum step=1 beat: x", "0+4 / 0+4");
    expect_rounds("sequence drum: ....", "- / -");
}

static void ticks_are_as_coarse_as_they_can_be(void **state) {
    (void)state;
    expect_ticks("sequence drum: x...x...", 8, 4);
    expect_ticks("sequence drum: x[xx]", 4, 8);
    expect_ticks("sequence drum: [x.,..X]", 6, 24);
    expect_ticks("sequence drum step=1/8: xx", 2, 2);
    expect_ticks("melody drum: C2 D2 > fast 2", 4, 2);
    expect_ticks("melody drum: C2 D2 > every 2 (fast 3)", 6, 3);
    expect_ticks("melody drum: C2 D2 > slow 3", 2, 1);
    expect_ticks("melody drum: C2 D2 > off 1/7 rev", 14, 7);
}

static void brackets_divide_and_join(void **state) {
    (void)state;
    expect_rounds("sequence drum: x[xx]", "0 1+1/2 3/2+1/2 / 0 1+1/2 3/2+1/2");
    expect_rounds("sequence drum: x[x[xx]]", "0 1+1/2 3/2+1/4 7/4+1/4 / 0 1+1/2 3/2+1/4 7/4+1/4");
    expect_rounds("sequence drum: [x.,..X]", "0+1/2 2/3+1/3@1 / 0+1/2 2/3+1/3@1");
    expect_rounds("sequence drum: x[x_x]", "0 1+2/3 5/3+1/3 / 0 1+2/3 5/3+1/3");
    /* the last of them is held */
    expect_rounds("sequence drum: [xx]_", "0+1/2 1/2+3/2 / 0+1/2 1/2+3/2");
    expect_rounds("sequence drum: [x.]_", "0+1/2 / 0+1/2");
    expect_rounds("sequence drum: x[_x]", "0+3/2 3/2+1/2 / 0+3/2 3/2+1/2");
    expect_rounds("sequence drum: [x,.x]_", "0+2 1/2+3/2 / 0+2 1/2+3/2");
    expect_rounds("sequence drum: [x,_x]_", "0+5/2 1/2+2 / 0+5/2 1/2+2");
    expect_rounds("melody drum: [C2 E2 G2]", "0+1/3:C2 1/3+1/3:E2 2/3+1/3:G2 / "
                                             "0+1/3:C2 1/3+1/3:E2 2/3+1/3:G2");
    expect_rounds("melody drum: [C2,E2] D2", "0:C2 0:E2 1:D2 / 0:C2 0:E2 1:D2");
    expect_rounds("melody drum: [C2,E2]~ D2", "0:C2 0:E2 1:D2~ / 0:C2 0:E2 1:D2~");
    expect_rounds("melody drum: [C2 E2]~ D2", "0+1/2:C2 1/2+1/2:E2 1:D2~ / "
                                              "0+1/2:C2 1/2+1/2:E2 1:D2~");
    expect_rounds("melody drum: [C2 E2 _]~ D2", "0+1/3:C2 1/3+2/3:E2 1:D2~ / "
                                                "0+1/3:C2 1/3+2/3:E2 1:D2~");
    expect_rounds("sequence drum: [xo]^", "0+1/2@1 1/2+1/2@1 / 0+1/2@1 1/2+1/2@1");
}

static void modifiers_touch_their_step(void **state) {
    (void)state;
    expect_rounds("sequence drum: x*3.", "0+1/3 1/3+1/3 2/3+1/3 / 0+1/3 1/3+1/3 2/3+1/3");
    expect_rounds("sequence drum: x!3.", "0 1 2 / 0 1 2");
    expect_rounds("sequence drum: x@2x", "0+2 2 / 0+2 2");
    expect_rounds("melody drum: C2@1.5 D2@0.5", "0+3/2:C2 3/2+1/2:D2 / 0+3/2:C2 3/2+1/2:D2");
    expect_rounds("sequence drum: [xo]*2", "0+1/4 1/4+1/4@0.5 1/2+1/4 3/4+1/4@0.5 / "
                                           "0+1/4 1/4+1/4@0.5 1/2+1/4 3/4+1/4@0.5");
    expect_rounds("sequence drum: x(3,8)", "0 3 6 / 0 3 6");
    expect_rounds("sequence drum: x(5,8)", "0 2 3 5 6 / 0 2 3 5 6");
    expect_rounds("sequence drum: x(3,8,2)", "1 4 6 / 1 4 6");
    expect_rounds("sequence drum: x(4,4)x(0,2)", "0 1 2 3 / 0 1 2 3");
    expect_rounds("sequence drum: x*2~x", "0+1/2 1/2+1/2~ 1~ / 0+1/2 1/2+1/2~ 1~");
    expect_rounds("sequence drum: x!2@2*2", "0 1 2 3 / 0 1 2 3");
    expect_rounds("melody drum: [C2 D2](2,4)", "0+1/2:C2 1/2+1/2:D2 2+1/2:C2 5/2+1/2:D2 / "
                                               "0+1/2:C2 1/2+1/2:D2 2+1/2:C2 5/2+1/2:D2");
}

static void turns_are_taken_round_by_round(void **state) {
    (void)state;
    expect_rounds("sequence drum: x<Xo>", "0 1@1 / 0 1@0.5 / 0 1@1");
    expect_rounds("melody drum: <C2 D2 E2>", "0:C2 / 0:D2 / 0:E2 / 0:C2");
    expect_rounds("melody drum: <C2!2 D2>", "0:C2 / 0:C2 / 0:D2 / 0:C2");
    expect_rounds("melody drum: <C2@2 D2>", "0:C2 / 0:C2 / 0:D2 / 0:C2");
    expect_rounds("sequence drum: <x .>", "0 / - / 0");
    expect_rounds("sequence drum: <x(2,4) X>", "0 / - / 0 / - / 0@1");
    /* one within the other counts how often it comes round itself */
    expect_rounds("melody drum: <C2 <D2 E2>>", "0:C2 / 0:D2 / 0:C2 / 0:E2 / 0:C2 / 0:D2");
    expect_rounds("melody drum: <C2 D2> <E2 F2 G2>",
                  "0:C2 1:E2 / 0:D2 1:F2 / 0:C2 1:G2 / 0:D2 1:E2");
    /* in a ratchet it moves on with each copy, as when time runs faster */
    expect_rounds("melody drum: <C2 D2>*2", "0+1/2:C2 1/2+1/2:D2 / 0+1/2:C2 1/2+1/2:D2");
    expect_rounds("melody drum: <C2 D2 E2>*2",
                  "0+1/2:C2 1/2+1/2:D2 / 0+1/2:E2 1/2+1/2:C2 / 0+1/2:D2 1/2+1/2:E2");
    /* what is repeated comes round together */
    expect_rounds("melody drum: <C2 D2>!2", "0:C2 1:C2 / 0:D2 1:D2");
    expect_rounds("melody drum: <[C2 E2] D2>", "0+1/2:C2 1/2+1/2:E2 / 0:D2");
    expect_rounds("melody drum: <C2 D2>^ E2", "0:C2@1 1:E2 / 0:D2@1 1:E2");
    expect_rounds("melody drum: <C2 D2>~ E2", "0:C2 1:E2~ / 0:D2 1:E2~");
}

static void holds_go_on_wherever_they_stand(void **state) {
    (void)state;
    expect_rounds("melody drum: _ C2 D2", "1:C2 2+2:D2 / 1:C2 2+2:D2");
    expect_rounds("melody drum: C2 <_ D2>", "0+2:C2 / 0:C2 1:D2");
    expect_rounds("melody drum: <C2 _ _> .", "0:C2 / - / -");
    expect_rounds("melody drum: <C2 _ D2>", "0+2:C2 / - / 0:D2");
    expect_rounds("melody drum: [C2,E2] [_,.]", "0+2:C2 0+2:E2 / 0+2:C2 0+2:E2");
    expect_rounds("melody drum: C2 _*2 D2", "0+2:C2 2:D2 / 0+2:C2 2:D2");
}

static void words_are_notes_degrees_and_chords(void **state) {
    (void)state;
    expect_rounds("melody drum: C2 F#3 Bb1 C-1", "0:C2 1:F#3 2:Bb1 3:C-1");
    expect_rounds("melody drum: C2 . _ C2 _", "0:C2 3+2:C2");
    expect_rounds("melody drum: 1 b2 #4 8 1' '1", "0:C3 1:C#3 2:F#3 3:C4 4:C4 5:C2");
    expect_rounds("melody drum key=\"C minor\": 3 #7 6", "0:Eb3 1:B3 2:Ab3");
    expect_rounds("key \"A minor\"\nmelody drum: 1 3", "0:A3 1:C4");
    expect_rounds("melody drum key=\"C minor pentatonic\" octave=2: 5 6", "0:Bb2 1:C3");
    expect_rounds("melody drum: C", "0:C3 0:E3 0:G3");
    expect_rounds("melody drum: Cm7", "0:C3 0:Eb3 0:G3 0:Bb3");
    expect_rounds("melody drum: G7/B", "0:B2 0:G3 0:B3 0:D4 0:F4");
    expect_rounds("melody drum: C6/9 Dsus4", "0:C3 0:E3 0:G3 0:A3 0:D4 1:D3 1:G3 1:A3");
    expect_rounds("melody drum: ii7 V7", "0:D3 0:F3 0:A3 0:C4 1:G3 1:B3 1:D4 1:F4");
    expect_rounds("melody drum: bVII viidim", "0:Bb3 0:D4 0:F4 1:B3 1:D4 1:F4");
    expect_rounds("melody drum: m60 C6", "0:C4 1:C6");
    expect_rounds("melody drum: Cmaj6'", "0:C4 0:E4 0:G4 0:A4");
}

static void a_lock_gives_its_step_a_value(void **state) {
    (void)state;
    expect_rounds("sequence drum: x{freq=100}x", "0{0=100} 1 / 0{0=100} 1");
    expect_rounds("sequence drum: x{vel=30%}X{vel=1}", "0@0.3 1@1");
    expect_rounds("sequence drum: x{freq=A2 gain=0.5}x{gain=0.25}", "0{0=110 1=0.5} 1{1=0.25}");
    /* what is inside is the stronger */
    expect_rounds("sequence drum: [x x{freq=60}]{freq=100 vel=1}",
                  "0+1/2@1{0=100} 1/2+1/2@1{0=60}");
    expect_rounds("sequence drum: <x X>{freq=100}", "0{0=100} / 0@1{0=100}");
    expect_rounds("sequence drum: x{freq=100}x > rev", "0 1{0=100}");
    expect_codes("create drum\nsequence drum: x{frq=100}", "E323");
    expect_codes("create drum\nsequence drum: x{freq=10ms}", "E401");
    expect_codes("create drum\nsequence drum: x{freq=5kHz}", "W401");
    expect_codes("create drum\nsequence drum: x{click=hard}", "E487");
    expect_codes("create drum voices=2\nsequence drum: x{gain=0.5}", "E486");
    expect_codes("create drum\nsequence drum: x > mask \"x{freq=100}\"", "E488");
    EXPECT("create drum\nsequence drum: x{freq=100}",
           "drum.lock: if\n  cond = lock0 held\n  then = lock0\n  else = 50\n");
}

/* ---- chance ---- */

/* How many notes there are in rounds 0..n-1. */
static int notes_in(const char *statement, int n) {
    char text[1024];
    snprintf(text, sizeof text, "create drum voices=8\n%s\n", statement);
    checked k = check_with(text, NULL);
    if (k.ir == NULL)
        fail_msg("%s\n%s", statement, k.messages);
    char *line = rounds_of(&k.ir->patterns[0], true, 0, n);
    int notes = 0;
    for (char *word = strtok(line, " "); word != NULL; word = strtok(NULL, " "))
        notes += word[0] >= '0' && word[0] <= '9';
    free(line);
    checked_free(&k);
    return notes;
}

/* Of so many, about that share: within four standard deviations. */
static void expect_share(const char *statement, int rounds, int of, double share) {
    double n = (double)rounds * of, mean = n * share, spread = 4.0 * n * share * (1 - share);
    double off = notes_in(statement, rounds) - mean;
    if (off * off > 4.0 * spread)
        fail_msg("%s: %g notes too many of %g", statement, off, n);
}

static void chance_is_as_likely_as_it_says(void **state) {
    (void)state;
    expect_share("sequence drum: x?", 2000, 1, 0.5);
    expect_share("sequence drum: x?30%x?30%x?30%x?30%", 500, 4, 0.3);
    expect_share("sequence drum: x!8?20%", 250, 8, 0.2); /* each of them has a chance of its own */
    expect_share("sequence drum: x*8?20%", 250, 8, 0.2);
    expect_share("sequence drum: x(4,8)?20%", 500, 4, 0.2);
    expect_share("sequence drum: [xx]?", 1000, 2, 0.5);
    expect_share("sequence drum: (x|.)", 2000, 1, 0.5);
    expect_share("sequence drum: (x|.|.)", 2000, 1, 1.0 / 3);
    assert_int_equal(notes_in("sequence drum: x?100%", 100), 100);
    assert_int_equal(notes_in("sequence drum: x?0%", 100), 0);
}

static void chance_is_the_same_whenever_it_is_asked(void **state) {
    (void)state;
    static const char text[] = "create drum voices=8\nsequence drum: x?(x|X|o)?x!4? > degrade 30%";
    checked a = check_with(text, NULL), b = check_with(text, NULL);
    assert_non_null(a.ir);
    assert_non_null(b.ir);
    char *whole = rounds_of(&a.ir->patterns[0], true, 0, 40);
    char *first = rounds_of(&b.ir->patterns[0], true, 20, 20);
    char *last = rounds_of(&b.ir->patterns[0], true, 0, 20);
    size_t n = strlen(last);
    assert_memory_equal(whole, last, n);
    assert_string_equal(whole + n + 3, first);
    free(whole);
    free(first);
    free(last);
    checked_free(&a);
    checked_free(&b);
}

static void another_seed_or_name_is_another_chance(void **state) {
    (void)state;
    static const char *const texts[] = {
        "create drum voices=8\nsequence drum: x?x?x?x?x?x?x?x?",
        "create drum voices=8\nseed 2\nsequence drum: x?x?x?x?x?x?x?x?",
        "create drum voices=8\nsequence drum/b: x?x?x?x?x?x?x?x?",
        "create drum voices=8\nseed 1\nsequence drum: x?x?x?x?x?x?x?x?"};
    char *lines[4];
    for (int i = 0; i < 4; i++) {
        checked k = check_with(texts[i], NULL);
        assert_non_null(k.ir);
        lines[i] = rounds_of(&k.ir->patterns[0], true, 0, 8);
        checked_free(&k);
    }
    assert_string_not_equal(lines[0], lines[1]);
    assert_string_not_equal(lines[0], lines[2]);
    assert_string_equal(lines[0], lines[3]);
    for (int i = 0; i < 4; i++)
        free(lines[i]);
}

/* ---- feel ---- */

static void swing_delays_every_second_step(void **state) {
    (void)state;
    expect_rounds("sequence drum swing=75%: xxxx", "0+3/2 3/2+1/2 2+3/2 7/2+1/2");
    expect_rounds("swing 75%\nsequence drum: x.xx", "0+3/2 2+3/2 7/2+1/2");
    expect_rounds("sequence drum swing=50%: xx", "0 1");
    expect_rounds("sequence drum swing=66%: xx > fast 2", "0+33/50 33/50+33/50 33/25+17/50 "
                                                          "83/50+17/50");
}

static void settings_give_a_feel(void **state) {
    (void)state;
    expect_rounds("sequence drum gate=50%: xx", "0g0.5 1g0.5");
    expect_rounds("sequence drum shift=-5ms: xx", "0^-0.005 1^-0.005");
    expect_rounds("sequence drum shift=1/32: xx", "1/2 3/2 / 1/2 3/2");
    expect_rounds("sequence drum groove=shuffle: xxxx", "0 1@0.6^0.0375 2 3@0.6^0.0375");
    expect_codes("create drum\nsequence drum groove=shufle: x", "E490");
    expect_codes("create drum\nsequence drum gate=10ms: x", "E401");
    expect_codes("create drum\nsequence drum gate=900%: x", "W401");
    expect_codes("create drum\nsequence drum humanize=[10ms 20% 3]: x", "E412");
}

static void what_is_no_step_is_told_at_its_place(void **state) {
    (void)state;
    expect_codes("create drum\nmelody drum: C2 H2 Cmj7", "E431 E441");
    expect_codes("create drum\nmelody drum: C8'' m200", "E433 E433");
    expect_codes("create drum\nmelody drum key=\"H\": 1", "E432");
    expect_codes("create drum\nsequence drum step=0: x", "E434");
    expect_codes("create drum\nsequence drum step=1/4 bars=2: x", "E435");
    expect_codes("create drum\nsequence drum octave=2: x", "E436");
    expect_codes("create drum\nsequence drum: x*0 x(3,2)", "E437 E438");
    expect_codes("create drum\nmelody drum: <C2@1.5 D2>", "E437");
    expect_codes("create drum\nsequence drum: x?150%", "E497");
    expect_codes("create drum voices=2\nmelody drum: C2 G7 Eb2", "W403");
    expect_codes("create drum voices=2\nmelody drum: Cm7 G7", "");
}

static void tempo_and_meter_are_the_session_s(void **state) {
    (void)state;
    EXPECT("tempo 140\nmeter 7/8\nseed 7", "tempo 140, 3.5 beats a bar, seed 7\n");
    EXPECT("tempo 120bpm", "tempo 120,");
    EXPECT("meter 3/4\ncreate drum\nsequence drum bars=2: xx",
           "pattern drum for drum: 6 ticks, 1 a beat\n");
    expect_codes("tempo 3ms", "E401");
    expect_codes("meter 7/5", "E425");
    expect_codes("seed 0.5", "E426");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_grid_is_one_character_a_step),
        cmocka_unit_test(ticks_are_as_coarse_as_they_can_be),
        cmocka_unit_test(brackets_divide_and_join),
        cmocka_unit_test(modifiers_touch_their_step),
        cmocka_unit_test(turns_are_taken_round_by_round),
        cmocka_unit_test(holds_go_on_wherever_they_stand),
        cmocka_unit_test(words_are_notes_degrees_and_chords),
        cmocka_unit_test(a_lock_gives_its_step_a_value),
        cmocka_unit_test(chance_is_as_likely_as_it_says),
        cmocka_unit_test(chance_is_the_same_whenever_it_is_asked),
        cmocka_unit_test(another_seed_or_name_is_another_chance),
        cmocka_unit_test(swing_delays_every_second_step),
        cmocka_unit_test(settings_give_a_feel),
        cmocka_unit_test(what_is_no_step_is_told_at_its_place),
        cmocka_unit_test(tempo_and_meter_are_the_session_s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
