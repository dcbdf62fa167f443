/* tests/unit/session_answers.c: list, show, help, graph and the documents say what there is.
 * SPDX-License-Identifier: MIT */
#include "tests/support/session_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void says(const char *question, const char *words) {
    type(question);
    if (!strstr(k.answer, words))
        fail_msg("%s: expected %s in\n%s", question, words, k.answer);
}

static void help_explains_modules_parameters_statements_and_subjects(void **state) {
    (void)state;
    says("help", "create");
    says("help lpf", "cutoff");
    says("help lpf", "for example");
    says("help cutoff", "lpf");
    says("help melody", "melody NAME");
    says("help make", "make bass darker");
    says("help darker", "less of the high end");
    says("help darker", "the opposite is brighter");
    says("help sync", "not available yet");
    says("help units", "440Hz");
    says("help bass", "A bass");
    says("help reverbb", "Did you mean reverb?");
    says("help words", "brightness");
}

static void list_names_what_there_is(void **state) {
    (void)state;
    says("list patches", "no patches yet");
    type("create bass\nsequence kick: x...\nmute bass");
    says("list", "create bass");
    says("list patches", "[muted]");
    type("solo kick\ncreate kick");
    says("list patches", "  kick         [solo] create kick\n");
    type("stop bass\nbus space: reverb > out\nbus echo: delay 0.3 > space\nsend bass to space 30%\n"
         "send kick to space\npatch pad: saw 110 > echo");
    says("list",
         "  bass         [muted] [stopped] create bass\n               sends 30% to space\n");
    says("list", "sends all of it to space\n");
    says("list", "hears echo, bass (30%), kick\n");
    says("list", "hears pad\n");
    type("remove pad");
    says("list patches", "hears nothing yet");
    type("remove space echo");
    type("patch long:\n  saw 110\n# > drive 3   # switched off\n  > lpf C#4   # dull\n  > out");
    says("list patches", "  long         patch long: saw 110 > lpf C#4 > out\n");
    type("remove long");
    type("unsolo\nremove kick\nsequence kick: x...");
    says("list patches", "the library's kick");
    says("list patterns", "sequence kick: x...");
    static char longer[4000] = "melody kick: ";
    for (int i = 0; i < 100; i++)
        strcat(longer, "C2 Eb2 ");
    longer[13 + 7 * 40] = '\0';
    type(longer);
    longer[12 + 7 * 40] = '\0'; /* the blank at its end */
    says("list patterns", longer);
    for (int i = 0; i < 100; i++)
        strcat(longer, " C2 Eb2");
    type(longer);
    says("list patterns", " C2 … (show kick: all of it)\n");
    says("show kick", longer);
    says("list modules", "ladder");
    says("list instruments", "A drum");
    says("list words", "cutoff");
    says("list nonsense", "cannot be listed");
}

static void show_gives_text_and_values(void **state) {
    (void)state;
    type("patch lead: saw 220 > lpf 900 as soft > out\nset lead cutoff=500\nmelody lead: C3 E3");
    says("show lead", "patch lead: saw 220 > lpf 900 as soft > out\n");
    says("show lead", "melody lead: C3 E3");
    says("show lead", "soft.cutoff = 500 Hz");
    says("show lead.soft.cutoff", "soft.cutoff = 500 Hz");
    says("show lead.cutoff", "soft.cutoff = 500 Hz");
    says("show lead.nosuch", "lead has no nosuch");
    type("create bass cutoff=700");
    says("show bass", "cutoff     = 700 Hz");
    says("show bass", "res        = 0.2");
    says("show bass.gain", "  bass.gain = 0 dB (a factor of 1)\n");
    says("show bass.pan", "  bass.pan = 0\n");
    type("set bass gain=-6dB");
    says("show bass.gain", "  bass.gain = -6dB\n");
    says("show bass.on", "bass has no on\n");
    type("patch quiet: sine 220 > gain -6dB > out");
    says("show quiet", "  gain.level = -6 dB (a factor of 0.5012)\n");
    says("show quiet.gain", "  quiet.gain = 0 dB (a factor of 1)\n");
    type("remove quiet");
    says("show kick", "module kick");
    says("show lpf", "lpf:");
}

static void a_setting_alone_tells_what_holds(void **state) {
    (void)state;
    says("tempo", "tempo 120: a bar lasts 2 s\n");
    says("meter", "meter 4/4: a bar lasts 4 beats\n");
    says("key", "key \"C major\"\n");
    says("swing", "swing 50%: straight\n");
    says("volume", "volume 0 dB\n");
    says("seed", "seed 1\n");
    says("quantize", "wait for the next bar\n");
    type("tempo 90\nmeter 7/8\nkey \"D dorian\"\nswing 58%\nvolume -6dB\nseed 7\nquantize 2 beats");
    says("tempo", "tempo 90: a bar lasts 2.33 s\n");
    says("meter", "meter 7/8: a bar lasts 3.5 beats\n");
    says("key", "key \"D dorian\"\n");
    says("swing", "swing 58%\n");
    says("volume", "volume -6 dB\n");
    says("seed", "seed 7\n");
    says("quantize", "wait for the next 2 beats\n");
    says("humanize", "humanize off: exactly in time\n");
    type("humanize 8ms 20%");
    says("humanize", "humanize 8ms 20%\n");
    type("humanize off");
    says("humanize", "humanize off\n");
    type("quantize off");
    says("quantize", "quantize off: changes wait for nothing\n");
}

static void what_changes_in_the_course_of_the_piece_is_told(void **state) {
    (void)state;
    type("swing 62% at bar 9\nkey \"Eb major\" at bar 5\nkey \"F minor\" at bar 3 beat 2");
    says("swing", "swing 50%: straight; 62% from bar 9\n");
    says("key", "key \"C major\"; \"F minor\" from bar 3 beat 2; \"Eb major\" from bar 5\n");
    type("swing 55% at bar 9");
    says("swing", "swing 50%: straight; 55% from bar 9\n");
    type("humanize 5ms at bar 2\nhumanize off at bar 4");
    says("humanize", "humanize off: exactly in time; 5ms from bar 2; off from bar 4\n");
    /* What is said without a place takes the place of what was to come. */
    type("key \"D dorian\"");
    says("key", "key \"D dorian\"\n");
    says("swing", "55% from bar 9\n");
}

static void graph_draws_from_what_is_heard_to_its_sources(void **state) {
    (void)state;
    says("graph", "nothing to draw");
    type("patch lead: saw 220 > lpf 400+lfo(0.2)*300 > out");
    says("graph lead", "lead > out\n");
    says("graph lead", "lpf");
    says("graph lead", "cutoff: +");
    says("graph lead", "lfo");
}

static void an_answer_moves_no_cursor(void **state) {
    (void)state;
    type("module m \"x\xe2\x80\xae y\" { # a\xe2\x80\xae b\n  saw 220 }");
    says("show m", "x\\u202e y");
    says("help m", "x\\u202e y");
    assert_null(strstr(k.answer, "\xe2\x80\xae"));
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_kit, close_kit)
    const struct CMUnitTest tests[] = {
        TEST(help_explains_modules_parameters_statements_and_subjects),
        TEST(list_names_what_there_is),
        TEST(show_gives_text_and_values),
        TEST(an_answer_moves_no_cursor),
        TEST(a_setting_alone_tells_what_holds),
        TEST(what_changes_in_the_course_of_the_piece_is_told),
        TEST(graph_draws_from_what_is_heard_to_its_sources),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
