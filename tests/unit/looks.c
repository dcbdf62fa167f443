/* tests/unit/looks.c: meters, scope and spectrum say what is heard: of the whole, and of one patch.
 * SPDX-License-Identifier: MIT */
#include "runtime/look.h"
#include "runtime/player.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RATE_HZ = 48000, BLOCK = 480 };

typedef struct desk {
    chr_player *player;
    char said[8192];
    int n_answers, n_troubles;
} desk;

static void on_answer(void *context, const char *text) {
    desk *d = context;
    snprintf(d->said, sizeof d->said, "%s", text);
    d->n_answers++;
}

static void on_trouble(void *context, const char *text) {
    desk *d = context;
    (void)text;
    d->n_troubles++;
}

static int columns = 72;
static int wide(void) {
    return columns;
}

static void play(desk *d, float rate_hz, bool drawn, const char *text) {
    *d = (desk){.n_answers = 0};
    chr_player_options options = {
        .engine = {.rate_hz = rate_hz, .n_channels = 2, .stems = true,   .ceiling = true},
        .columns = drawn ? wide : NULL,
        .listener = {.context = d,                  .answer = on_answer,                      .trouble = on_trouble},
    };
    d->player = chr_player_new(&options);
    assert_non_null(d->player);
    chr_evaluation e = chr_player_evaluate(d->player, text, strlen(text), "test", NULL);
    assert_true(e.applied);
}

static void wait(desk *d, int blocks) {
    static float out[BLOCK * 2];
    for (int i = 0; i < blocks; i++) {
        chr_player_tend(d->player);
        chr_engine_render(chr_player_engine(d->player), out, BLOCK);
    }
    chr_player_tend(d->player);
}

static void ask(desk *d, const char *question) {
    wait(d, 30);
    int before = d->n_answers;
    chr_evaluation e = chr_player_evaluate(d->player, question, strlen(question), "test", NULL);
    assert_int_equal(e.n_errors, 0);
    assert_true(chr_player_looks(d->player));
    for (int i = 0; i < 100 && chr_player_looks(d->player); i++)
        wait(d, 1);
    assert_int_equal(d->n_answers, before + 1);
}

static void says(const desk *d, const char *words) {
    if (!strstr(d->said, words))
        fail_msg("expected %s in\n%s", words, d->said);
}

static void meters_tell_the_level_of_each_patch(void **state) {
    (void)state;
    desk d;
    play(&d, RATE_HZ, false,
         "patch loud: sine 997 > gain 0.5 > out\npatch soft: sine 440 > gain 0.05 > out\npatch "
         "idle: saw > env > out");
    ask(&d, "meters");
    says(&d, "loud     -6.0    -9.0\n");
    says(&d, "soft    -26.0   -29.0\n");
    says(&d, "idle   silent  silent\n");
    says(&d, "loudness -6.");
    chr_player_free(d.player);
    play(&d, 44100, true, "patch loud: sine 997 > gain 0.5 > out");
    ask(&d, "meters");
    says(&d, "loud     -6.0    -9.0  ####");
    chr_player_free(d.player);
}

static void a_knob_that_a_pattern_turns_is_no_patch(void **state) {
    (void)state;
    desk d;
    play(&d, RATE_HZ, false, "patch a: sine 997 > gain 0.5 > out\nvalues a.gain.level: 0.5\nplay");
    ask(&d, "meters");
    says(&d, "a        -6.0");
    assert_null(strstr(d.said, "a.gain"));
    chr_evaluation e = chr_player_evaluate(d.player, "values a.gain.level:", 20, "test", NULL);
    assert_int_equal(e.n_errors, 0);
    ask(&d, "meters");
    assert_null(strstr(d.said, "a.gain"));
    chr_player_free(d.player);
}

static void a_scope_tells_the_pitch_and_draws_the_wave(void **state) {
    (void)state;
    desk d;
    play(&d, RATE_HZ, false,
         "patch low: sine 55 > gain 0.4 > out\npatch high: saw A4 > gain 0.1 > out\npatch hiss: "
         "noise > gain 0.2 > out");
    ask(&d, "scope low");
    says(&d, "low: from -0.400 to 0.400, a period of 18.18 ms: 55.0 Hz, A1\n");
    ask(&d, "scope high");
    says(&d, "440.0 Hz, A4");
    ask(&d, "scope hiss");
    says(&d, "no steady pitch");
    ask(&d, "scope");
    says(&d, "all: from");
    chr_player_free(d.player);
    play(&d, RATE_HZ, true, "patch low: sine 110 > gain 0.4 > out");
    ask(&d, "scope low");
    says(&d, "  0.40 ");
    says(&d, "\xe2\xa0"); /* braille */
    says(&d, "27.27 ms");
    chr_player_free(d.player);
    play(&d, RATE_HZ, true, "patch low: sine 110 > gain 0.0004 > out");
    ask(&d, "scope low");
    says(&d, "\n-0.0004");
    says(&d, "low: from -0.000400 to 0.000400");
    chr_player_free(d.player);
}

static void a_spectrum_tells_the_partials(void **state) {
    (void)state;
    desk d;
    play(&d, RATE_HZ, false,
         "patch two: (sine 1000 > gain 0.5) + (sine 3000 > gain 0.05) > out\npatch other: sine 200 "
         "> gain 0.9 > out");
    ask(&d, "spectrum two");
    says(&d, "two, strongest first: 1000.0 Hz -6.0 dB (B5 +21 ct), 3000.0 Hz -26.0 dB");
    ask(&d, "spectrum");
    says(&d, "all, strongest first: 200.0 Hz");
    chr_player_free(d.player);
    play(&d, 96000, true, "patch two: sine 1000 > gain 0.5 > out");
    ask(&d, "spectrum");
    says(&d, "1000.0 Hz -6.0 dB");
    says(&d, "10k Hz");
    assert_memory_equal(d.said, "   0 dB ", 8); /* the uppermost row is named */
    chr_player_free(d.player);
}

static void a_place_in_a_chain_is_looked_at(void **state) {
    (void)state;
    desk d;
    play(&d, RATE_HZ, false,
         "patch a: sine 440 > gain 0.5 > scope > gain 0.1 > meter > out\n"
         "patch plain: sine 440 > gain 0.5 > gain 0.1 > out");
    ask(&d, "scope a");
    says(&d, "a.scope: from -0.500 to 0.500");
    ask(&d, "scope plain");
    says(&d, "plain: from -0.050 to 0.050");
    ask(&d, "spectrum a.scope");
    says(&d, "a.scope, strongest first: 440.0 Hz -6.0 dB");
    ask(&d, "meters");
    says(&d, "a.scope    -6.0");
    says(&d, "a.meter   -26.0");
    ask(&d, "why");
    assert_null(strstr(d.said, "a.scope"));
    /* They change nothing that is heard. */
    ask(&d, "meters");
    says(&d, "  a         -26.0");
    says(&d, "  plain     -26.0");
    chr_player_free(d.player);
    /* Voices are summed, a place may bear a name, and it stays when the patch changes. */
    play(&d, RATE_HZ, false, "patch a: sine [440 440] > scope as early > gain 0.1 > out");
    ask(&d, "scope a.early");
    says(&d, "a.early: from -2.000 to 2.000");
    chr_evaluation e = chr_player_evaluate(
        d.player, "patch a: sine [440 440] > gain 0.25 > scope as early > out", 58, "test", NULL);
    assert_int_equal(e.n_errors, 0);
    ask(&d, "scope a.early");
    says(&d, "a.early: from -0.500 to 0.500");
    ask(&d, "scope a.nowhere");
    says(&d, "put `> scope` where it is to be looked at");
    chr_player_free(d.player);
}

static void silence_is_said(void **state) {
    (void)state;
    desk d;
    play(&d, RATE_HZ, true, "patch idle: saw > env > out");
    ask(&d, "scope idle");
    says(&d, "idle is silent just now");
    ask(&d, "spectrum");
    says(&d, "all is silent just now");
    ask(&d, "meters");
    says(&d, "loudness: silence");
    chr_player_free(d.player);
}

static void too_many_questions_at_once_are_refused(void **state) {
    (void)state;
    desk d;
    play(&d, RATE_HZ, false, "patch a: sine 997 > out");
    const char *many = "meters\nmeters\nscope\nscope a\nspectrum\nspectrum a\nmeters\nmeters\n";
    chr_evaluation e = chr_player_evaluate(d.player, many, strlen(many), "test", NULL);
    assert_int_equal(e.n_errors, 0);
    assert_int_equal(d.n_troubles, 2);
    wait(&d, 100);
    assert_int_equal(d.n_answers, 6);
    chr_player_evaluate(d.player, "scope", 5, "test", NULL);
    chr_player_free(d.player); /* one is under way */
    play(&d, RATE_HZ, false, "patch a: sine 997 > out");
    e = chr_player_evaluate(d.player, "scope b", 7, "test", NULL);
    assert_int_equal(e.n_errors, 1);
    chr_player_free(d.player);
}

static void notes_bear_their_names(void **state) {
    (void)state;
    char text[32];
    assert_string_equal(chr_look_note(440.0, text), "A4");
    assert_string_equal(chr_look_note(261.6256, text), "C4");
    assert_string_equal(chr_look_note(8.1758, text), "C-1");
    assert_string_equal(chr_look_note(445.0, text), "A4 +20 ct");
    assert_string_equal(chr_look_note(430.0, text), "A4 -40 ct");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(meters_tell_the_level_of_each_patch),
        cmocka_unit_test(a_knob_that_a_pattern_turns_is_no_patch),
        cmocka_unit_test(a_scope_tells_the_pitch_and_draws_the_wave),
        cmocka_unit_test(a_spectrum_tells_the_partials),
        cmocka_unit_test(a_place_in_a_chain_is_looked_at),
        cmocka_unit_test(silence_is_said),
        cmocka_unit_test(too_many_questions_at_once_are_refused),
        cmocka_unit_test(notes_bear_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
