/* tests/unit/check_patterns.c: patterns become events in whole ticks.
 * SPDX-License-Identifier: MIT */
#include "checking.h"

#include "runtime/notes.h"

/* The events of one pattern on one line: "0+1:36@0.8", and the length. */
static char *events_of(const char *statement) {
    char text[512];
    snprintf(text, sizeof text, "create drum voices=8\ncreate synth\n%s\n", statement);
    checked k = check_with(text, NULL);
    if (k.ir == NULL)
        fail_msg("%s\n%s", statement, k.messages);
    assert_int_equal(k.ir->n_patterns, 1);
    const chr_ir_pattern *p = &k.ir->patterns[0];
    char *line;
    size_t size;
    FILE *to = open_memstream(&line, &size);
    assert_non_null(to);
    fprintf(to, "%lld/%lld", (long long)p->score.round, (long long)p->score.beat);
    uint32_t n;
    chr_score_note *notes = chr_score_notes(&p->score, 0, p->score.round, 1000, &n);
    assert_non_null(notes);
    for (uint32_t i = 0; i < n; i++) {
        const chr_score_note *e = &notes[i];
        fprintf(to, " %lld+%lld", (long long)e->at, (long long)(e->end - e->at));
        if (e->note >= 0)
            fprintf(to, ":%g", (double)e->note);
        if (e->level < 0.79f || e->level > 0.81f)
            fprintf(to, "@%.3g", (double)e->level);
        if (e->tie)
            fputc('~', to);
    }
    free(notes);
    fclose(to);
    checked_free(&k);
    return line;
}

static void expect_events(const char *statement, const char *expected) {
    char *line = events_of(statement);
    if (strcmp(line, expected) != 0)
        fail_msg("%s\nexpected %s\nbut it is %s", statement, expected, line);
    free(line);
}

static void a_grid_is_one_character_a_step(void **state) {
    (void)state;
    expect_events("sequence drum: x...x...", "8/4 0+1 4+1");
    expect_events("sequence drum: x|X o9 3-.", "7/4 0+1 1+1@1 2+1@0.5 3+1@1 4+1@0.333");
    expect_events("sequence drum: x__.x", "5/4 0+3 4+1");
    expect_events("sequence drum: x._x", "4/4 0+1 3+1"); /* a rest ends what could be held */
    expect_events("sequence drum: x^x~x", "3/4 0+1@1 1+1 2+1~");
    expect_events("sequence drum step=1/8: xx", "2/2 0+1 1+1");
    expect_events("sequence drum bars=2: x.x.", "8/1 0+2 4+2");
    expect_events("sequence drum step=1 beat: x", "1/1 0+1");
}

static void brackets_divide_and_join(void **state) {
    (void)state;
    expect_events("sequence drum: x[xx]", "4/8 0+2 2+1 3+1");
    expect_events("sequence drum: x[x[xx]]", "8/16 0+4 4+2 6+1 7+1");
    expect_events("sequence drum: [x.,..X]", "6/24 0+3 4+2@1");
    expect_events("sequence drum: x[x_x]", "6/12 0+3 3+2 5+1");
    expect_events("sequence drum: [xx]_", "4/8 0+1 1+3"); /* the last of them is held */
    expect_events("melody drum: [C2 E2 G2]", "3/3 0+1:36 1+1:40 2+1:43");
    expect_events("melody drum: [C2,E2] D2", "2/1 0+1:36 0+1:40 1+1:38");
}

static void modifiers_touch_their_step(void **state) {
    (void)state;
    expect_events("sequence drum: x*3.", "6/12 0+1 1+1 2+1");
    expect_events("sequence drum: x!3.", "4/4 0+1 1+1 2+1");
    expect_events("sequence drum: x@2x", "3/4 0+2 2+1");
    expect_events("melody drum: C2@1.5 D2@0.5", "4/2 0+3:36 3+1:38");
    expect_events("sequence drum: [xo]*2", "4/16 0+1 1+1@0.5 2+1 3+1@0.5");
    expect_events("sequence drum: x(3,8)", "8/4 0+1 3+1 6+1");
    expect_events("sequence drum: x(5,8)", "8/4 0+1 2+1 3+1 5+1 6+1");
    expect_events("sequence drum: x(3,8,2)", "8/4 1+1 4+1 6+1");
    expect_events("sequence drum: x(4,4)x(0,2)", "6/4 0+1 1+1 2+1 3+1");
}

static void words_are_notes_degrees_and_chords(void **state) {
    (void)state;
    expect_events("melody drum: C2 F#3 Bb1 C-1", "4/1 0+1:36 1+1:54 2+1:34 3+1:0");
    expect_events("melody drum: C2 . _ C2 _", "5/1 0+1:36 3+2:36");
    expect_events("melody drum: 1 b2 #4 8 1' '1", "6/1 0+1:48 1+1:49 2+1:54 3+1:60 4+1:60 5+1:36");
    expect_events("melody drum key=\"C minor\": 3 #7 6", "3/1 0+1:51 1+1:59 2+1:56");
    expect_events("key \"A minor\"\nmelody drum: 1 3", "2/1 0+1:57 1+1:60");
    expect_events("melody drum key=\"C minor pentatonic\" octave=2: 5 6", "2/1 0+1:46 1+1:48");
    expect_events("melody drum: C", "1/1 0+1:48 0+1:52 0+1:55");
    expect_events("melody drum: Cm7", "1/1 0+1:48 0+1:51 0+1:55 0+1:58");
    expect_events("melody drum: G7/B", "1/1 0+1:47 0+1:55 0+1:59 0+1:62 0+1:65");
    expect_events("melody drum: C6/9 Dsus4",
                  "2/1 0+1:48 0+1:52 0+1:55 0+1:57 0+1:62 1+1:50 1+1:55 1+1:57");
    expect_events("melody drum: ii7 V7",
                  "2/1 0+1:50 0+1:53 0+1:57 0+1:60 1+1:55 1+1:59 1+1:62 1+1:65");
    expect_events("melody drum: bVII viidim", "2/1 0+1:58 0+1:62 0+1:65 1+1:59 1+1:62 1+1:65");
    expect_events("melody drum: m60 C6", "2/1 0+1:60 1+1:84");
    expect_events("melody drum: Cmaj6'", "1/1 0+1:60 0+1:64 0+1:67 0+1:69");
}

static void a_hold_reaches_over_the_end(void **state) {
    (void)state;
    expect_events("melody drum: _ C2 D2", "3/1 1+1:36 2+2:38");
}

static void swing_delays_every_second_step(void **state) {
    (void)state;
    expect_events("sequence drum swing=75%: xxxx", "8/8 0+3 3+1 4+3 7+1");
    expect_events("swing 75%\nsequence drum: x.xx", "8/8 0+3 4+3 7+1");
    expect_events("sequence drum swing=50%: xx", "2/4 0+1 1+1");
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
    expect_codes("create drum\nsequence drum: x? <x o> (x|o) > rev", "E606 E606 E606 E606");
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
        cmocka_unit_test(brackets_divide_and_join),
        cmocka_unit_test(modifiers_touch_their_step),
        cmocka_unit_test(words_are_notes_degrees_and_chords),
        cmocka_unit_test(a_hold_reaches_over_the_end),
        cmocka_unit_test(swing_delays_every_second_step),
        cmocka_unit_test(what_is_no_step_is_told_at_its_place),
        cmocka_unit_test(tempo_and_meter_are_the_session_s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
