/* tests/render/notes_are_placed.c: notes that their patterns place are heard there: each by itself,
 * equally loud everywhere, without a click, and with nothing changed for what stands in the middle.
 * SPDX-License-Identifier: MIT */
#include "runtime/player.h"
#include "tests/support/analysis.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RATE = 48000, BEAT = RATE / 2, LENGTH = 8 * BEAT, LIMIT_DB = -80 };

typedef struct heard {
    float left[LENGTH], right[LENGTH];
} heard;

/* Eight beats at 120 of a session; `then`, NULL for nothing, is typed when the clock is at `at`. */
static heard *played_and(const char *text, int at, const char *then) {
    chr_player_options options = {
        .engine = {.rate_hz = RATE, .n_channels = 2}
    };
    chr_player *p = chr_player_new(&options);
    heard *h = calloc(1, sizeof *h);
    assert_true(p && h);
    if (chr_player_evaluate(p, text, strlen(text), "test", NULL).n_errors)
        fail_msg("this has errors:\n%s", text);
    float out[2 * CHR_CHUNK];
    for (int i = 0; i < LENGTH; i += CHR_CHUNK) {
        if (then && i / CHR_CHUNK == at / CHR_CHUNK)
            assert_true(chr_player_evaluate(p, then, strlen(then), "typed", NULL).applied);
        chr_player_tend(p);
        chr_engine_render(chr_player_engine(p), out, CHR_CHUNK);
        for (int k = 0; k < CHR_CHUNK; k++) {
            h->left[i + k] = out[2 * k];
            h->right[i + k] = out[2 * k + 1];
        }
    }
    chr_player_free(p);
    return h;
}

static heard *played(const char *text) {
    return played_and(text, 0, NULL);
}

static bool silent(const float *x, int from, int to) {
    for (int i = from; i < to; i++)
        if (x[i] != 0.0f)
            return false;
    return true;
}

static bool same_bits(const heard *a, const heard *b, int from, int to) {
    size_t bytes = (size_t)(to - from) * sizeof(float);
    return memcmp(a->left + from, b->left + from, bytes) == 0 &&
           memcmp(a->right + from, b->right + from, bytes) == 0;
}

static double tone(const float *x, int from, double midi) {
    return an_tone(x + from, BEAT / 4, RATE, 440.0 * exp2((midi - 69.0) / 12.0));
}

/* Of either side, re what both sides are on average. */
static double worst_click(const heard *h, int from) {
    size_t at, n = (size_t)(LENGTH - from);
    double l = an_rms(h->left + from, n), r = an_rms(h->right + from, n),
           both = sqrt(0.5 * (l * l + r * r));
    return fmax(an_above_10k_db(h->left + from, n, RATE, both, &at),
                an_above_10k_db(h->right + from, n, RATE, both, &at));
}

#define PLUCK "sine > env attack=20ms sustain=1 release=20ms > gain 0.2"

/* C4 and G4 a beat apart on the left; on the right the other way round. */
static void jux_plays_left_and_right(void **state) {
    (void)state;
    static const char *const patches[] = {
        "patch p voices=4: " PLUCK " > out\n", "patch p voices=4: " PLUCK " > mix > out\n",
        "patch p voices=2: " PLUCK " > spread 0 > gain 1.4142136 > out\n",
        "patch p voices=4 unison=3 detune=0 spread=0: " PLUCK " > out\n"};
    static const char melody[] = "melody p step=1/4 gate=50%: C4 G4 > jux rev\nplay\n";
    for (size_t k = 0; k < sizeof patches / sizeof patches[0]; k++) {
        char text[400];
        snprintf(text, sizeof text, "%s%s", patches[k], melody);
        heard *h = played(text);
        for (int beat = 0; beat < 8; beat++) {
            int from = beat * BEAT + BEAT / 8;
            double here = beat % 2 ? 67 : 60, there = beat % 2 ? 60 : 67;
            double l = tone(h->left, from, here), r = tone(h->right, from, there);
            print_message("%zu beat %d: %.4f %.4f, beside them %.1e %.1e\n", k, beat, l, r,
                          tone(h->left, from, there), tone(h->right, from, here));
            assert_true(fabs(an_db(r / l)) < 1e-3); /* copies are apart in phase */
            assert_true(k == 3 || fabs(an_db(l / (0.2 * M_SQRT2))) < 0.02);
            assert_true(tone(h->left, from, there) < 1e-6 && tone(h->right, from, here) < 1e-6);
        }
        free(h);
    }
}

/* The energies of both sides together are those of the note in the middle. */
static void a_note_is_equally_loud_everywhere(void **state) {
    (void)state;
    static const char *const voices[] = {"", " voices=3", " voices=2 unison=4"};
    for (size_t k = 0; k < 3; k++) {
        char text[400];
        snprintf(text, sizeof text, "patch p%s: " PLUCK " > out\nmelody p: C4 E4 G4 B4\nplay\n",
                 voices[k]);
        heard *plain = played(text);
        for (int place = -10; place <= 10; place++) {
            snprintf(text, sizeof text,
                     "patch p%s: " PLUCK " > out\nmelody p: C4 E4 G4 B4 > pan %g\nplay\n",
                     voices[k], place / 10.0);
            heard *h = played(text);
            double l = an_rms(h->left, LENGTH), r = an_rms(h->right, LENGTH),
                   pl = an_rms(plain->left, LENGTH), pr = an_rms(plain->right, LENGTH),
                   turn = M_PI / 4 * (1 + place / 10.0);
            assert_true(fabs(an_db(sqrt((l * l + r * r) / (pl * pl + pr * pr)))) < 0.01);
            assert_true(fabs(l - M_SQRT2 * cos(turn) * pl) < 1e-5 * pl &&
                        fabs(r - M_SQRT2 * sin(turn) * pr) < 1e-5 * pr);
            if (place == -10)
                assert_true(silent(h->right, 0, LENGTH));
            if (place == 10)
                assert_true(silent(h->left, 0, LENGTH));
            if (place == 0 && k < 2) /* the copies of unison are added in another order */
                assert_true(same_bits(h, plain, 0, LENGTH));
            free(h);
        }
        free(plain);
    }
}

/* A balance: what stands on the left already stays there, and on the right there is nothing. */
static void what_has_two_sides_gets_a_balance(void **state) {
    (void)state;
    heard *plain = played("patch p voices=2: " PLUCK " > pan -0.4 > out\nmelody p: C4\nplay\n");
    heard *h = played("patch p voices=2: " PLUCK " > pan -0.4 > out\n"
                      "melody p: C4 > pan -1\nplay\n");
    assert_true(silent(h->right, 0, LENGTH) && !silent(h->left, 0, LENGTH));
    for (int i = 0; i < LENGTH; i++)
        assert_true(fabs((double)h->left[i] - M_SQRT2 * (double)plain->left[i]) < 1e-6);
    free(plain);
    free(h);
}

/* With `spread` a voice has its own place, and its note moves away from there. */
static void spread_voices_are_placed_too(void **state) {
    (void)state;
    heard *h = played("patch p voices=3: " PLUCK " > spread > out\n"
                      "melody p: [C4,E4,G4] > pan 1\nplay\n");
    assert_true(silent(h->left, 0, LENGTH) && !silent(h->right, 0, LENGTH));
    free(h);
    h = played("patch p voices=2 unison=3 spread=80%: " PLUCK " > out\n"
               "melody p: [C4,E4] > pan -1\nplay\n");
    assert_true(silent(h->right, 0, LENGTH) && !silent(h->left, 0, LENGTH));
    free(h);
}

/* Where notes are taken from one another, tails lie in other places, or one voice plays all. */
static void a_note_in_another_place_does_not_click(void **state) {
    (void)state;
    static const char *const voices[] = {"", " voices=2", " voices=4", " priority=high",
                                         " legato=on"};
    static const char *const melodies[] = {
        "step=1/8: C4 E4 G4 C5 E4 > iter 5 > sometimes (pan -2) > pan 1",
        "step=1/16: A3 C4 > jux (rotate 1)",
        "step=1/8: C4~ E4~ G4 E4~ > jux (late 1/32)",
        "step=1/16: A3 . C4 > jux rev by=60%",
    };
    for (size_t k = 0; k < 5; k++)
        for (size_t m = 0; m < 4; m++) {
            char text[400];
            snprintf(text, sizeof text,
                     "patch p%s: sine > env attack=100ms release=200ms > gain 0.2 > out\n"
                     "melody p %s\nplay\n",
                     voices[k], melodies[m]);
            heard *h = played(text);
            double worst = worst_click(h, BEAT / 8);
            print_message("%-14s %-60s %6.1f dB\n", voices[k], melodies[m], worst);
            assert_true(worst <= LIMIT_DB);
            free(h);
        }
}

/* It is heard from its bar on; the note that sounds while it is typed goes on as it is. */
static void a_pattern_that_brings_places_disturbs_nothing(void **state) {
    (void)state;
    static const char *const voices[] = {"", " voices=4"};
    for (size_t k = 0; k < 2; k++) {
        char text[400];
        snprintf(text, sizeof text,
                 "patch p%s: sine > env attack=100ms release=200ms > gain 0.2 > out\n"
                 "melody p step=1/8: C4 _ _ _ _ _ _ E4\nplay\n",
                 voices[k]);
        heard *plain = played(text),
              *h = played_and(text, BEAT + 1000, "melody p step=1/8: C4 _ _ _ _ _ _ E4 > pan 1\n");
        assert_true(same_bits(h, plain, 0, BEAT + 900));
        assert_true(an_difference_db(plain->left, h->left, 4 * BEAT - 500) < -120.0);
        assert_true(same_bits(h, plain, BEAT + 1000 + RATE / 50, 4 * BEAT - 500));
        assert_true(worst_click(h, BEAT / 8) <= LIMIT_DB);
        assert_true(silent(h->left, 6 * BEAT, LENGTH) && !silent(h->right, 6 * BEAT, LENGTH));
        free(plain);
        free(h);
    }
}

/* Of one pitch on both sides at once, one voice plays one note in the middle. */
static void one_voice_plays_what_begins_on_both_sides_in_the_middle(void **state) {
    (void)state;
    heard *h = played("patch p: " PLUCK " > out\nsequence p: xx.. > jux rev\nplay\n"),
          *all = played("patch p: " PLUCK " > out\nsequence p: xxxx > jux rev\nplay\n"),
          *plain = played("patch p: " PLUCK " > out\nsequence p: xxxx\nplay\n");
    for (int i = 0; i < 8; i++) { /* left, left, right, right */
        int from = i * BEAT / 4 + BEAT / 16, to = from + BEAT / 8;
        assert_true(silent(i % 4 < 2 ? h->right : h->left, from, to));
        assert_true(!silent(i % 4 < 2 ? h->left : h->right, from, to));
    }
    assert_true(same_bits(all, plain, 0, LENGTH));
    free(h);
    free(all);
    free(plain);
}

/* The note below, on the left, comes back when the one above it, on the right, has ended. */
static void a_note_that_returns_is_where_it_was(void **state) {
    (void)state;
    heard *h = played("patch p: " PLUCK " > out\nmelody p step=1/8: C4 _ _ _ _ _ _ _ > pan -1\n"
                      "melody p/b step=1/8: . E4 . . . . . . > pan 1\nplay\n");
    assert_true(silent(h->right, 0, BEAT / 2 - 10) && !silent(h->left, 0, BEAT / 2));
    int way = RATE / 200; /* 3 ms, and the chunk's share */
    assert_true(silent(h->left, BEAT / 2 + way, BEAT - 10));
    assert_true(!silent(h->right, BEAT / 2 + way, BEAT - 10));
    assert_true(silent(h->right, BEAT + way, 4 * BEAT - 10));
    assert_true(!silent(h->left, BEAT + way, 4 * BEAT - 10));
    free(h);
}

/* What a step says of itself; its patch has as many voices as it likes. */
static void a_step_can_be_placed(void **state) {
    (void)state;
    static const char *const voices[] = {"", " voices=3"};
    for (int k = 0; k < 2; k++) {
        char text[400];
        snprintf(text, sizeof text,
                 "patch p%s: sine > perc 50ms > out\n"
                 "sequence p step=1/8: x{pan=-1} x{pan=1} [x x{pan=1}]{pan=-1} x\nplay\n",
                 voices[k]);
        heard *h = played(text);
        static const int sides[] = {-1, -1, 1, 1, -1, 1, 0, 0}; /* by sixteenths */
        for (int i = 0; i < 16; i++) {
            int from = i * BEAT / 4 + RATE / 200, to = (i + 1) * BEAT / 4;
            bool sounds = i % 8 == 0 || i % 8 == 2 || (i % 8 >= 4 && i % 8 <= 6);
            if (sounds) {
                assert_true(silent(h->left, from, from + RATE / 50) == (sides[i % 8] == 1));
                assert_true(silent(h->right, from, from + RATE / 50) == (sides[i % 8] == -1));
            }
            if (sides[i % 8] == 0)
                assert_memory_equal(h->left + from, h->right + from,
                                    (size_t)(to - from) * sizeof(float));
        }
        free(h);
    }
}

/* A function of the player's own places notes as well, and what is taken from such a pattern. */
static void places_are_found_wherever_they_are_asked_for(void **state) {
    (void)state;
    static const char *const patterns[] = {
        "fn wide(p, n) = p > every 1 (aside n)\nfn aside(n) = pan n\nmelody p: C4 > wide 1\n",
        "fn both(p, f) = p > rev > f\nmelody p: C4 > both (pan 1)\n",
        "melody q: C4 > layer (pan 1) (pan 1)\npatch q: " PLUCK "*0 > out\nmelody p from q > rev\n",
    };
    for (size_t k = 0; k < 3; k++) {
        char text[400];
        snprintf(text, sizeof text, "patch p voices=2: " PLUCK " > out\n%splay\n", patterns[k]);
        heard *h = played(text);
        assert_true(silent(h->left, 0, LENGTH) && !silent(h->right, 0, LENGTH));
        free(h);
    }
}

static void what_is_typed_is_what_is_rendered(void **state) {
    (void)state;
    static const char patch[] = "patch p voices=2: saw > lpf 900 > env > gain 0.2 > out\n",
                      melody[] = "melody p step=1/8: C3 E3 <G3 B3> > jux (rev > late 1/16)\nplay\n";
    char text[400];
    snprintf(text, sizeof text, "%s%s", patch, melody);
    heard *whole = played(text), *typed = played_and(patch, 0, melody);
    assert_true(same_bits(whole, typed, 0, LENGTH) && !silent(whole->left, 0, LENGTH));
    free(whole);
    free(typed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jux_plays_left_and_right),
        cmocka_unit_test(a_note_is_equally_loud_everywhere),
        cmocka_unit_test(what_has_two_sides_gets_a_balance),
        cmocka_unit_test(spread_voices_are_placed_too),
        cmocka_unit_test(a_note_in_another_place_does_not_click),
        cmocka_unit_test(a_pattern_that_brings_places_disturbs_nothing),
        cmocka_unit_test(one_voice_plays_what_begins_on_both_sides_in_the_middle),
        cmocka_unit_test(a_note_that_returns_is_where_it_was),
        cmocka_unit_test(a_step_can_be_placed),
        cmocka_unit_test(places_are_found_wherever_they_are_asked_for),
        cmocka_unit_test(what_is_typed_is_what_is_rendered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
