/* tests/render/undo_is_whole.c: what `undo` brings back goes on with the state that it left with,
 * and nothing else is touched by a bit. SPDX-License-Identifier: MIT */
#include "runtime/parked.h"
#include "runtime/player.h"
#include "tests/support/analysis.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    RATE = 48000,
    LENGTH = 2 * RATE / CHR_CHUNK * CHR_CHUNK,
    FADE = 480 /* samples, of a change of structure */
};

/* A session that is played, with the left side of the sounds of two patches. */
typedef struct set {
    chr_player *player;
    chr_engine *engine;
    int at; /* samples made */
    float mine[LENGTH], other[LENGTH], out[2 * LENGTH];
} set;

static set *open_set(void) {
    set *s = calloc(1, sizeof *s);
    chr_player_options options = {
        .engine = {.rate_hz = RATE, .stems = true, .n_channels = 2}
    };
    s->player = chr_player_new(&options);
    assert_non_null(s->player);
    s->engine = chr_player_engine(s->player);
    return s;
}

static void close_set(set *s) {
    chr_player_free(s->player);
    free(s);
}

static void type(set *s, const char *text) {
    chr_evaluation e = chr_player_evaluate(s->player, text, strlen(text), "typed", NULL);
    assert_true(e.applied);
}

static void play_to(set *s, int end) {
    for (; s->at < end; s->at += CHR_CHUNK) {
        chr_player_tend(s->player);
        chr_engine_render(s->engine, s->out + 2 * s->at, CHR_CHUNK);
        const char *name;
        const float *left, *right;
        for (int i = 0; chr_engine_stem(s->engine, i, &name, &left, &right); i++) {
            float *to = !strcmp(name, "mine") ? s->mine : !strcmp(name, "other") ? s->other : NULL;
            if (to)
                memcpy(to + s->at, left, CHR_CHUNK * sizeof *left);
        }
    }
}

#define OTHER "patch other: (saw 110 > delay 0.05) > lpf 500 > out\n"
/* All kinds of state: a phase, a filter, a long echo, a room. */
static const char drone[] =
    "patch mine: saw 55*(1+0.01*lfo(0.7)) > lpf 900 > (in + 0.5*delay(0.25)) > out\n";

enum { LEAVES = RATE / 2 / CHR_CHUNK * CHR_CHUNK, RETURNS = RATE / CHR_CHUNK * CHR_CHUNK };
/* The first chunk that it was not run in: a fade ends on the last sample of its chunk, or later. */
enum { FADED = (FADE + CHR_CHUNK - 1) / CHR_CHUNK * CHR_CHUNK, LEFT = LEAVES + FADED };

static bool same(const float *a, const float *b, int n) {
    return memcmp(a, b, (size_t)n * sizeof *a) == 0;
}

static void what_undo_brings_back_goes_on_as_it_was(void **state) {
    (void)state;
    static const char *const patches[] = {
        drone,
        "patch mine: saw 55 > ladder 700 res=0.5 > chorus > mix > out\n",
        "patch mine: (saw 55 > reverb size=0.6 mix=0.4) > mix > lpf 2kHz > out\n",
        "patch mine voices=3: saw [55 82 110] > delay 0.1 > mix > out\n",
    };
    for (size_t i = 0; i < sizeof patches / sizeof *patches; i++) {
        set *never = open_set(), *undone = open_set();
        type(never, OTHER);
        type(undone, OTHER);
        type(never, patches[i]);
        type(undone, patches[i]);
        play_to(never, LENGTH);
        play_to(undone, LEAVES);
        type(undone, "remove mine\n");
        play_to(undone, RETURNS);
        type(undone, "undo\n");
        play_to(undone, LENGTH);
        /* Away for a while; its time stood still. */
        assert_true(an_rms(undone->mine + LEFT, RETURNS - LEFT) == 0.0);
        assert_true(same(undone->mine + RETURNS + FADE, never->mine + LEFT + FADE,
                         LENGTH - RETURNS - FADE));
        assert_true(same(undone->other, never->other, LENGTH));
        close_set(never);
        close_set(undone);
    }
}

/* Of four there are two for a while; the two that stay are not heard, so that those who come back
 * are heard alone. */
static void so_do_instances_that_a_patch_gave_up(void **state) {
    (void)state;
    static const struct {
        const char *whole, *less;
    } patches[] = {
        {"patch mine: (saw [55 82 110 137] > lpf 900 res=0.5) * [0 0 1 1] > mix > out\n",
         "patch mine: (saw [55 82] > lpf 900 res=0.5) * [0 0] > mix > out\n"},
        {"patch mine: (saw [55 82 110] > lpf 900 res=0.5) * [0 0 1] > mix > out\n",
         "patch mine: (saw 55 > lpf 900 res=0.5) * 0 > mix > out\n"         },
    };
    for (size_t i = 0; i < sizeof patches / sizeof *patches; i++) {
        set *never = open_set(), *undone = open_set();
        type(never, OTHER);
        type(undone, OTHER);
        type(never, patches[i].whole);
        type(undone, patches[i].whole);
        play_to(never, LENGTH);
        play_to(undone, LEAVES);
        type(undone, patches[i].less);
        play_to(undone, RETURNS);
        type(undone, "undo\n");
        play_to(undone, LENGTH);
        assert_true(an_rms(never->mine, LENGTH) > 0.01);
        assert_true(an_rms(undone->mine + LEFT, RETURNS - LEFT) == 0.0);
        assert_true(same(undone->mine + RETURNS + FADE, never->mine + LEFT + FADE,
                         LENGTH - RETURNS - FADE));
        assert_true(same(undone->other, never->other, LENGTH));
        close_set(never);
        close_set(undone);
    }
}

/* Four voices drone alike; two of them are away for a while, and lag behind from then on. */
static void so_do_voices(void **state) {
    (void)state;
    set *never = open_set(), *undone = open_set();
    type(never, "patch mine voices=4: saw freq > lpf 900 > mix > out\n");
    type(undone, "patch mine voices=4: saw freq > lpf 900 > mix > out\n");
    play_to(never, LENGTH);
    play_to(undone, LEAVES);
    type(undone, "patch mine voices=2: saw freq > lpf 900 > mix > out\n");
    play_to(undone, RETURNS);
    type(undone, "undo\n");
    play_to(undone, LENGTH);
    for (int i = RETURNS + FADE; i < LENGTH; i++) {
        float all = never->mine[i], late = never->mine[i - RETURNS + LEFT];
        assert_float_equal(undone->mine[i], all / 2 + late / 2, 1e-6);
    }
    close_set(never);
    close_set(undone);
}

static void redo_and_a_second_undo_find_it_too(void **state) {
    (void)state;
    set *never = open_set(), *s = open_set();
    type(never, OTHER);
    type(s, OTHER);
    type(never, drone);
    type(s, drone);
    play_to(never, LENGTH);
    play_to(s, LEAVES);
    type(s, "undo\n"); /* the patch was the last thing said */
    play_to(s, LEAVES + 4800);
    type(s, "redo\n");
    int back = LEAVES + 4800, again = back + 6400;
    play_to(s, again);
    assert_true(same(s->mine + back + FADE, never->mine + LEFT + FADE, again - back - FADE));
    type(s, "undo\n");
    int left = again + FADED;
    play_to(s, RETURNS);
    type(s, "redo\n");
    play_to(s, LENGTH);
    assert_true(same(s->mine + RETURNS + FADE, never->mine + LEFT + left - back + FADE,
                     LENGTH - RETURNS - FADE));
    assert_true(same(s->other, never->other, LENGTH));
    close_set(never);
    close_set(s);
}

static void what_is_typed_anew_begins_anew(void **state) {
    (void)state;
    set *fresh = open_set(), *s = open_set();
    type(s, drone);
    play_to(s, LEAVES);
    type(s, "remove mine\n");
    play_to(s, RETURNS);
    type(s, drone);
    play_to(s, LENGTH);
    type(fresh, OTHER);
    play_to(fresh, RETURNS);
    type(fresh, drone);
    play_to(fresh, LENGTH);
    assert_true(
        same(s->mine + RETURNS + FADE, fresh->mine + RETURNS + FADE, LENGTH - RETURNS - FADE));
    close_set(fresh);
    close_set(s);
}

/* What is kept goes on: an undone number moves back, and the phase does not. */
static void what_is_alive_goes_on(void **state) {
    (void)state;
    set *never = open_set(), *s = open_set();
    type(never, drone);
    type(s, drone);
    play_to(never, LENGTH);
    play_to(s, LEAVES);
    type(s, "set mine gain=-6dB\n");
    play_to(s, RETURNS);
    type(s, "undo\n");
    play_to(s, LENGTH);
    assert_false(same(s->mine + LEFT, never->mine + LEFT, RETURNS - LEFT));
    assert_true(
        same(s->mine + RETURNS + FADE, never->mine + RETURNS + FADE, LENGTH - RETURNS - FADE));
    close_set(never);
    close_set(s);
}

/* An effect that was put in and taken back leaves the chain as it was, and comes back with its
 * echoes. */
static void an_effect_comes_back_with_its_echoes(void **state) {
    (void)state;
    set *s = open_set();
    type(s, "patch mine: saw 110 > lpf 700 > gain 0 > out\n");
    type(s, "patch mine: saw 110 > lpf 700 > delay 0.2 > out\n");
    play_to(s, LEAVES);
    type(s, "undo\n");
    play_to(s, RETURNS);
    type(s, "redo\n");
    play_to(s, LENGTH);
    /* A new delay would be silent for 200 ms. */
    assert_true(an_rms(s->mine + RETURNS + FADE, RATE / 10) > 0.05);
    close_set(s);
}

/* The note that was sounding rings out at its pitch. */
static void an_instrument_comes_back_with_the_pitch_it_had(void **state) {
    (void)state;
    set *s = open_set();
    type(s, "patch mine voices=2: sine > env attack=1ms release=2s > out\n"
            "melody mine step=1 bar: A3\nplay\n");
    play_to(s, LEAVES);
    type(s, "remove mine\n");
    play_to(s, LEAVES + 4800);
    type(s, "undo\n");
    play_to(s, LENGTH);
    const float *x = s->mine + LEAVES + 4800 + FADE;
    assert_true(an_rms(x, RATE / 4) > 0.01);
    /* Of two voices the second was never played; of the first, 55 periods in a quarter second. */
    int rising = 0;
    for (int i = 1; i < RATE / 4; i++)
        rising += x[i - 1] < 0 && x[i] >= 0;
    assert_in_range(rising, 54, 56);
    close_set(s);
}

static void coming_back_does_not_click(void **state) {
    (void)state;
    double worst = -400;
    for (int i = 0; i < 16; i++) {
        set *s = open_set();
        type(s, "patch mine: sine 110 > (in + delay(0.1)) > lpf 400 > lpf 400 > lpf 400 > out\n");
        type(s, "patch other: sine 82 > lpf 300 > out\n");
        play_to(s, LEAVES + i * 7 * CHR_CHUNK);
        type(s, "remove mine\n");
        play_to(s, RETURNS + i * 11 * CHR_CHUNK);
        type(s, "undo\n");
        play_to(s, LENGTH);
        static float left[LENGTH];
        for (int k = 0; k < LENGTH; k++)
            left[k] = s->out[2 * k];
        double signal = an_rms(left + RATE / 8, RATE / 4);
        double x = an_above_10k_db(left + RATE / 8, LENGTH - RATE / 8, RATE, signal, NULL);
        worst = x > worst ? x : worst;
        close_set(s);
    }
    print_message("undo: %.1f dB above 10 kHz\n", worst);
    assert_true(worst <= -80);
}

static void hush_leaves_no_tail_to_come_back(void **state) {
    (void)state;
    set *s = open_set();
    type(s, "patch mine: saw 110 > delay 0.4 > out\n");
    play_to(s, RATE / 2 / CHR_CHUNK * CHR_CHUNK);
    type(s, "remove mine\n");
    play_to(s, LEAVES + 4800);
    type(s, "hush\n");
    play_to(s, RETURNS);
    type(s, "undo\nundo\nplay\n");
    play_to(s, RETURNS + RATE / 4);
    assert_true(an_rms(s->mine + RETURNS, RATE / 4) == 0.0);
    close_set(s);
}

/* ---- the store by itself ---- */

static chr_parked_node *node(const char *label, uint64_t born, uint64_t last, uint32_t rows) {
    chr_parked_node *p = chr_parked_node_new("mine", label, "delay", 1);
    assert_non_null(p);
    p->seats[0].state = chr_node_state_new(1, 64, rows, 1);
    assert_non_null(p->seats[0].state);
    p->born = born;
    p->last = last;
    return p;
}

static void the_store_is_bounded(void **state) {
    (void)state;
    chr_parked p = {0};
    /* 16 MB each: four of them are a little more than there is room for. */
    char label[16];
    for (uint64_t i = 1; i <= 5; i++) {
        snprintf(label, sizeof label, "d%d", (int)i);
        chr_parked_keep(&p, node(label, i, i, 1 << 22), i + 1);
    }
    assert_null(chr_parked_find(&p, "mine", "d1", "delay", 1));
    assert_null(chr_parked_find(&p, "mine", "d2", "delay", 2));
    assert_non_null(chr_parked_find(&p, "mine", "d3", "delay", 3));
    assert_non_null(chr_parked_find(&p, "mine", "d5", "delay", 5));
    /* And 32 changes. */
    for (uint64_t i = 0; i < CHR_PARKED_EVALUATIONS - 1; i++)
        chr_parked_keep(&p, NULL, 7 + i);
    assert_non_null(chr_parked_find(&p, "mine", "d5", "delay", 5));
    chr_parked_keep(&p, NULL, 100);
    assert_null(chr_parked_find(&p, "mine", "d5", "delay", 5));
    chr_parked_clear(&p);
}

static void a_node_is_found_by_the_versions_that_it_was_part_of(void **state) {
    (void)state;
    chr_parked p = {0};
    chr_parked_keep(&p, node("d", 2, 4, 64), 5);
    chr_parked_keep(&p, node("d", 5, 7, 128), 8);
    assert_null(chr_parked_find(&p, "mine", "d", "delay", 1));
    const chr_parked_node *old = chr_parked_find(&p, "mine", "d", "delay", 3);
    assert_non_null(old);
    assert_int_equal(old->seats[0].state->ring_rows, 64);
    assert_int_equal(chr_parked_find(&p, "mine", "d", "delay", 5)->seats[0].state->ring_rows, 128);
    assert_null(chr_parked_find(&p, "mine", "d", "chorus", 5));
    assert_null(chr_parked_find(&p, "other", "d", "delay", 5));
    assert_null(chr_parked_find(&p, "mine", "d", "delay", 9));
    chr_parked_clear(&p);
    assert_null(chr_parked_find(&p, "mine", "d", "delay", 3));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_undo_brings_back_goes_on_as_it_was),
        cmocka_unit_test(so_do_instances_that_a_patch_gave_up),
        cmocka_unit_test(so_do_voices),
        cmocka_unit_test(redo_and_a_second_undo_find_it_too),
        cmocka_unit_test(what_is_typed_anew_begins_anew),
        cmocka_unit_test(what_is_alive_goes_on),
        cmocka_unit_test(an_effect_comes_back_with_its_echoes),
        cmocka_unit_test(an_instrument_comes_back_with_the_pitch_it_had),
        cmocka_unit_test(coming_back_does_not_click),
        cmocka_unit_test(hush_leaves_no_tail_to_come_back),
        cmocka_unit_test(the_store_is_bounded),
        cmocka_unit_test(a_node_is_found_by_the_versions_that_it_was_part_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
