/* tests/unit/voices.c: which note sounds, at what pitch and with what attack, read off patches
 * whose output is the value of a voice. SPDX-License-Identifier: MIT */
#include "runtime/engine_inner.h"
#include "runtime/player.h"

#include "dsp/kernel/scalar.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RATE = 48000, BEAT = RATE / 2, LENGTH = 8 * BEAT };

/* What a session plays in eight beats at 120: the left side. */
static float *played(const char *text) {
    chr_player_options options = {
        .engine = {.rate_hz = RATE, .n_channels = 2}
    };
    chr_player *p = chr_player_new(&options);
    assert_non_null(p);
    assert_int_equal(chr_player_evaluate(p, text, strlen(text), "test", NULL).n_errors, 0);
    float *left = calloc(LENGTH, sizeof *left), out[2 * CHR_CHUNK];
    assert_non_null(left);
    for (int i = 0; i < LENGTH; i += CHR_CHUNK) {
        chr_player_tend(p);
        chr_engine_render(chr_player_engine(p), out, CHR_CHUNK);
        for (int k = 0; k < CHR_CHUNK; k++)
            left[i + k] = out[2 * k];
    }
    chr_player_free(p);
    return left;
}

#define KHZ ": freq*gate*0.001 > out\n"

/* In the middle of each half beat the pitch is that of a note (0: the gate is closed). */
static void pitches_are(const float *x, const float *notes, int n) {
    for (int i = 0; i < n; i++) {
        float heard = x[i * BEAT / 2 + BEAT / 4],
              wanted = notes[i] > 0.0f ? (float)(0.001 * chr_note_hz((double)notes[i])) : 0.0f;
        if (fabsf(heard - wanted) > 1e-5f)
            fail_msg("half beat %d: %g kHz, wanted %g", i, (double)heard, (double)wanted);
    }
}

/* Samples from..to-1 at which the gate is closed. */
static int closed_in(const float *x, int from, int to) {
    int n = 0;
    for (int i = from; i < to; i++)
        n += x[i] == 0.0f;
    return n;
}

/* C3 for four beats; above it E3 in the second half beat, below it A2 in the fourth. */
#define OVERLAPPING                                                                                \
    "melody p step=1/8: C3 _ _ _ _ _ _ _\n"                                                        \
    "melody p/b step=1/8: . E3 . A2 . . . .\nplay\n"

static void the_last_note_sounds_and_the_one_below_it_returns(void **state) {
    (void)state;
    float *x = played("patch p" KHZ OVERLAPPING);
    static const float wanted[] = {48, 52, 48, 45, 48, 48, 48, 48, 48, 52};
    pitches_are(x, wanted, 10);
    assert_int_equal(closed_in(x, 1, BEAT), 1);            /* a new attack for the E */
    assert_int_equal(closed_in(x, BEAT, 3 * BEAT / 2), 0); /* and none for the return */
    assert_true(x[BEAT / 2] == 0.0f && x[BEAT / 2 + 1] > 0.0f);
    free(x);
}

static void the_highest_or_the_lowest_note_sounds_where_that_is_asked_for(void **state) {
    (void)state;
    static const float high[] = {48, 52, 48, 48, 48, 48, 48, 48},
                       low[] = {48, 48, 48, 45, 48, 48, 48, 48};
    float *x = played("patch p priority=high" KHZ OVERLAPPING);
    pitches_are(x, high, 8);
    assert_int_equal(closed_in(x, BEAT, 4 * BEAT - 1), 0); /* what does not sound is not heard */
    free(x);
    x = played("patch p priority=low" KHZ OVERLAPPING);
    pitches_are(x, low, 8);
    assert_int_equal(closed_in(x, 1, 3 * BEAT / 2), 0);
    free(x);
}

static void legato_makes_no_new_attack(void **state) {
    (void)state;
    float *x = played("patch p legato=on" KHZ OVERLAPPING);
    static const float wanted[] = {48, 52, 48, 45, 48, 48, 48, 48};
    pitches_are(x, wanted, 8);
    assert_int_equal(closed_in(x, 1, 4 * BEAT - 1), 0);
    assert_true(closed_in(x, 4 * BEAT - 1, 4 * BEAT + 1) == 1); /* the next round's note is new */
    free(x);
}

/* Where it is taken from a note that sounds, a pitch takes 3 ms: in between all the way. */
static void a_pitch_that_is_taken_over_does_not_jump(void **state) {
    (void)state;
    float *x = played("patch p legato=on" KHZ OVERLAPPING);
    float most = 0.0f;
    for (int i = BEAT / 2 - 100; i < BEAT / 2 + 400; i++)
        most = fmaxf(most, fabsf(x[i + 1] - x[i]));
    float way = x[BEAT / 2 + 400] - x[BEAT / 2 - 100];
    assert_true(way > 0.03f && most < 1.6f * way / (0.003f * RATE));
    assert_true(x[BEAT / 2 + 145] == x[BEAT / 2 + 400] && x[BEAT / 2 + 100] < x[BEAT / 2 + 145]);
    free(x);
    x = played("patch p" KHZ "melody p: C3 . E3 .\nplay\n"); /* a free voice jumps */
    assert_true(x[2 * BEAT] == x[2 * BEAT + 400] && x[2 * BEAT] > 0.16f);
    free(x);
}

static void of_a_chord_one_voice_plays_the_lowest_note(void **state) {
    (void)state;
    static const float low[] = {48, 48, 45, 45}, high[] = {55, 55, 52, 52};
    const char *text = "melody p: C Am\nplay\n";
    char all[200];
    const char *const manners[] = {"", " priority=low", " priority=high"};
    for (int k = 0; k < 3; k++) {
        snprintf(all, sizeof all, "patch p%s" KHZ "%s", manners[k], text);
        float *x = played(all);
        pitches_are(x, k == 2 ? high : low, 2);
        assert_true(x[0] == x[100]); /* from its first sample */
        free(x);
    }
}

/* Two patterns begin together: whichever comes first, the lower note is there at once. */
static void notes_of_two_patterns_at_one_sample_are_a_chord(void **state) {
    (void)state;
    float *x = played("patch p" KHZ "melody p: E3 .\nmelody p/b: C3 .\nplay\n"),
          *y = played("patch p" KHZ "melody p: C3 .\nmelody p/b: E3 .\nplay\n");
    static const float wanted[] = {48, 48, 0, 0, 48};
    pitches_are(x, wanted, 5);
    assert_memory_equal(x, y, LENGTH * sizeof *x);
    assert_true(x[0] == x[BEAT / 2]);
    free(x);
    free(y);
}

static void more_notes_than_it_remembers_are_forgotten_from_the_oldest_on(void **state) {
    (void)state;
    char text[4096] = "patch p" KHZ;
    for (int i = 0; i < 40; i++) { /* forty keys go down one after the other, and stay */
        char line[100];
        snprintf(line, sizeof line, "melody p/k%d step=1/64 bars=2:", i);
        strcat(text, line);
        for (int k = 0; k < i; k++)
            strcat(text, " .");
        snprintf(line, sizeof line, " m%d@%d\n", 30 + i, 64 - i);
        strcat(text, line);
    }
    char *line = strstr(text, " step=1/64 bars=2"); /* bars= alone */
    while (line) {
        memset(line, ' ', strlen(" step=1/64"));
        line = strstr(line, " step=1/64 bars=2");
    }
    strcat(text, "play\n");
    float *x = played(text);
    assert_true(fabsf(x[7 * BEAT] - (float)(0.001 * chr_note_hz(69))) < 1e-5f);
    free(x);
}

static void a_pitch_glides_always_or_legato_alone_and_never_to_the_first_note(void **state) {
    (void)state;
    float low = (float)(0.001 * chr_note_hz(48)), high = (float)(0.001 * chr_note_hz(52));
    for (int legato = 0; legato < 2; legato++) {
        char text[300];
        snprintf(text, sizeof text, "patch p glide=50ms%s: freq*0.001 > out\n" OVERLAPPING,
                 legato ? " glide_when=legato" : "");
        float *x = played(text);
        assert_true(fabsf(x[0] - low) < 1e-6f);
        assert_true(x[BEAT / 2 + 200] < low + 0.02f); /* over one that is held */
        assert_true(x[BEAT + 200] > low + 0.01f);     /* which returns */
        free(x);
        snprintf(text, sizeof text,
                 "patch p glide=50ms%s: freq*0.001 > out\nmelody p: C3 E3\nplay\n",
                 legato ? " glide_when=legato" : "");
        x = played(text);
        assert_true(legato ? fabsf(x[BEAT + 1] - high) < 1e-6f : x[BEAT + 200] < low + 0.02f);
        free(x);
    }
}

static void copies_are_in_tune_with_one_another_as_asked_and_as_loud_as_one(void **state) {
    (void)state;
    float *x = played("patch p unison=3 detune=100ct spread=0: freq*0.001 > mix > out\n"
                      "melody p: A3\nplay\n");
    double sum = 0.22 * (1.0 + chr_exp2(1.0 / 12.0) + chr_exp2(-1.0 / 12.0)) / sqrt(3.0);
    assert_true(fabs((double)x[1000] - sum) < 1e-5);
    free(x);
    x = played("patch p unison=2 detune=0 spread=100%: freq*0.001 > mix > out\n"
               "melody p: A3\nplay\n"); /* one copy stands on this side */
    assert_true(fabs((double)x[1000] - 0.22) < 1e-5);
    free(x);
    x = played("patch p voices=4 unison=4 detune=30ct spread=0: saw > env > mix > out\n"
               "melody p: A3\nplay\n");
    float *y = played("patch p voices=4: saw > env > mix > out\nmelody p: A3\nplay\n");
    double one = 0.0, four = 0.0;
    for (int i = 0; i < LENGTH; i++) {
        four += (double)x[i] * (double)x[i];
        one += (double)y[i] * (double)y[i];
    }
    assert_true(fabs(10.0 * log10(four / one)) < 0.5);
    free(x);
    free(y);
}

/* ---- what a player does with one note ---- */

static chr_engine *engine_of(chr_player **p, const char *text) {
    chr_player_options options = {
        .engine = {.rate_hz = RATE, .n_channels = 2}
    };
    *p = chr_player_new(&options);
    assert_non_null(*p);
    assert_int_equal(chr_player_evaluate(*p, text, strlen(text), "test", NULL).n_errors, 0);
    return chr_player_engine(*p);
}

/* The last sample of some chunks more. */
static float after(chr_player *p, int chunks) {
    static float out[2 * CHR_CHUNK];
    for (int i = 0; i < chunks; i++) {
        chr_player_tend(p);
        chr_engine_render(chr_player_engine(p), out, CHR_CHUNK);
    }
    return out[2 * CHR_CHUNK - 2];
}

static uint32_t owner_named(const chr_audio *a, const char *name) {
    uint32_t o = 0;
    while (strcmp(a->graph->voices[o]->name, name) != 0)
        o++;
    return o;
}

/* A note of a minute, as a pattern's event is one. */
static uint64_t strike(chr_audio *a, uint32_t owner, float note) {
    chr_pattern_event e = {.freq_hz = (float)chr_note_hz((double)note), .note = note, .level = 1};
    return chr_audio_note(a, owner, &e, 120.0, a->clock);
}

static void each_note_has_its_own_bend_pressure_and_timbre(void **state) {
    (void)state;
    chr_player *p;
    chr_engine *e = engine_of(&p, "patch p voices=2: gate*(bend+10*pressure+100*timbre) > out\n"
                                  "patch f voices=2: gate*freq*0.001 > out 2\nplay\n");
    assert_true(after(p, 2) == 0.0f);
    chr_audio *a = &e->audio;
    uint32_t o = owner_named(a, "p");
    uint64_t one = strike(a, o, 60), two = strike(a, o, 64);
    assert_true(one && two && one != two);
    assert_true(after(p, 4) == 0.0f);
    chr_audio_note_value(a, o, one, CHR_VOICE_BEND, 2.0f, a->clock);
    chr_audio_note_value(a, o, two, CHR_VOICE_PRESSURE, 0.5f, a->clock + 7);
    chr_audio_note_value(a, o, two, CHR_VOICE_TIMBRE, 0.25f, a->clock);
    float soon = after(p, 1), later = after(p, 10);
    assert_true(soon > 0.1f && soon < 20.0f); /* within 3 ms, not at once */
    assert_true(fabsf(later - (2.0f + 5.0f + 25.0f)) < 1e-4f);
    /* A third note takes the first one's voice: what was its own is gone, the other's stays. */
    strike(a, o, 67);
    assert_true(fabsf(after(p, 10) - 30.0f) < 1e-4f);
    chr_audio_note_value(a, o, one, CHR_VOICE_BEND, 7.0f, a->clock); /* has no voice any more */
    assert_true(fabsf(after(p, 10) - 30.0f) < 1e-4f);
    chr_player_free(p);
}

static void pitch_follows_the_bend_of_its_note(void **state) {
    (void)state;
    chr_player *p;
    chr_engine *e = engine_of(&p, "patch f voices=2: gate*freq*0.001 > out\nplay\n");
    after(p, 2);
    chr_audio *a = &e->audio;
    uint32_t o = owner_named(a, "f");
    uint64_t one = strike(a, o, 57);
    strike(a, o, 57);
    assert_true(fabsf(after(p, 10) - 0.44f) < 1e-5f);
    chr_audio_note_value(a, o, one, CHR_VOICE_BEND, 12.0f, a->clock);
    assert_true(fabsf(after(p, 10) - 0.66f) < 1e-5f);
    chr_audio_note_value(a, o, one, CHR_VOICE_BEND, 0.0f, a->clock);
    assert_true(fabsf(after(p, 10) - 0.44f) < 1e-6f);
    chr_player_free(p);
}

static void a_note_that_returns_has_its_own_bend(void **state) {
    (void)state;
    chr_player *p;
    chr_engine *e = engine_of(&p, "patch m: gate*freq*0.001 > out\nplay\n");
    after(p, 2);
    chr_audio *a = &e->audio;
    uint32_t o = owner_named(a, "m");
    uint64_t one = strike(a, o, 57);
    chr_audio_note_value(a, o, one, CHR_VOICE_BEND, 12.0f, a->clock);
    assert_true(fabsf(after(p, 10) - 0.44f) < 1e-5f);
    chr_pattern_event brief = {.freq_hz = 330.0f, .note = 64, .level = 1};
    double now = chr_clock_beat(&a->transport, a->clock);
    chr_audio_note(a, o, &brief, now + 0.1, a->clock);
    assert_true(fabsf(after(p, 10) - 0.33f) < 1e-5f);
    chr_audio_note_value(a, o, one, CHR_VOICE_BEND, -12.0f, a->clock); /* while it is not heard */
    assert_true(fabsf(after(p, 10) - 0.33f) < 1e-5f);
    assert_true(fabsf(after(p, 100) - 0.11f) < 1e-5f);
    chr_player_free(p);
}

/* ---- voices of two changes ---- */

static void notes_go_on_when_the_number_of_voices_changes(void **state) {
    (void)state;
    chr_player *p;
    const char *one = "patch m: gate*freq*0.001 > out\nplay\n",
               *four = "patch m voices=4: gate*freq*0.001 > out\n",
               *back = "patch m: gate*freq*0.001 > out\n";
    chr_engine *e = engine_of(&p, one);
    after(p, 2);
    chr_audio *a = &e->audio;
    uint32_t o = owner_named(a, "m");
    strike(a, o, 57);
    assert_true(fabsf(after(p, 10) - 0.22f) < 1e-5f);
    assert_int_equal(chr_player_evaluate(p, four, strlen(four), "test", NULL).n_errors, 0);
    assert_true(fabsf(after(p, 40) - 0.22f) < 1e-5f);
    strike(a, o, 69);
    assert_true(fabsf(after(p, 10) - 0.66f) < 1e-5f);
    assert_int_equal(chr_player_evaluate(p, back, strlen(back), "test", NULL).n_errors, 0);
    assert_true(fabsf(after(p, 40) - 0.22f) < 1e-5f);
    strike(a, o, 45);
    assert_true(fabsf(after(p, 10) - 0.11f) < 1e-5f);
    chr_player_free(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_note_sounds_and_the_one_below_it_returns),
        cmocka_unit_test(the_highest_or_the_lowest_note_sounds_where_that_is_asked_for),
        cmocka_unit_test(legato_makes_no_new_attack),
        cmocka_unit_test(a_pitch_that_is_taken_over_does_not_jump),
        cmocka_unit_test(of_a_chord_one_voice_plays_the_lowest_note),
        cmocka_unit_test(notes_of_two_patterns_at_one_sample_are_a_chord),
        cmocka_unit_test(more_notes_than_it_remembers_are_forgotten_from_the_oldest_on),
        cmocka_unit_test(a_pitch_glides_always_or_legato_alone_and_never_to_the_first_note),
        cmocka_unit_test(copies_are_in_tune_with_one_another_as_asked_and_as_loud_as_one),
        cmocka_unit_test(each_note_has_its_own_bend_pressure_and_timbre),
        cmocka_unit_test(pitch_follows_the_bend_of_its_note),
        cmocka_unit_test(a_note_that_returns_has_its_own_bend),
        cmocka_unit_test(notes_go_on_when_the_number_of_voices_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
