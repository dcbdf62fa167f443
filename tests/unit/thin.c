/* tests/unit/thin.c: a computer that is too slow: patches give voices up, by the rule, one after
 * the other, said, without a click, and the clock goes on; and they get them back. The time that a
 * block takes is the test's own. SPDX-License-Identifier: MIT */
#include "runtime/player.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RATE = 48000, BLOCK = 256 };
#define BLOCK_NS (BLOCK * 1e9 / RATE)

static uint64_t now;
/* A trial's chunks take no time, save that costs are in the order of their nodes: each look at the
 * clock takes a nanosecond. */
static uint64_t clock_of_the_test(void) {
    return ++now;
}

typedef struct rig {
    chr_player *player;
    chr_load load;
    char said[4096], witnessed[1024];
    uint64_t worked;
    bool others_work; /* what the blocks take is taken by other programs */
    float last, steepest;
} rig;

static void on_note(void *context, const char *text) {
    rig *r = context;
    size_t n = strlen(r->said);
    snprintf(r->said + n, sizeof r->said - n, "%s\n", text);
}

static void on_thinned(void *context, const char *patch, uint32_t voices,
                       const chr_evaluated *told) {
    rig *r = context;
    size_t n = strlen(r->witnessed);
    assert_true(told->applied && told->offer > 0);
    snprintf(r->witnessed + n, sizeof r->witnessed - n, "%s %u\n", patch, voices);
}

static uint64_t worked(void *context) {
    return ((rig *)context)->worked;
}

static void open_rig(rig *r) {
    memset(r, 0, sizeof *r);
    now = 1;
    chr_load_start(&r->load, RATE);
    chr_player_options o = {
        .engine = {.rate_hz = RATE, .n_channels = 2      },
        .listener = {.context = r,    .note = on_note      },
        .witness = {.context = r,    .thinned = on_thinned},
        .now_ns = clock_of_the_test,
        .load = &r->load,
        .worked_ns = worked,
        .worked_context = r,
    };
    r->player = chr_player_new(&o);
    assert_non_null(r->player);
}

static void type(rig *r, const char *text) {
    assert_true(chr_player_evaluate(r->player, text, strlen(text), "typed", NULL).applied);
    r->said[0] = '\0';
}

/* How many voices a patch has in the graph. */
static uint32_t voices_of(const rig *r, const char *patch) {
    chr_guard_cost cost;
    for (uint32_t i = 0; chr_guard_cost_of(chr_player_guard(r->player), i, &cost); i++)
        if (strcmp(cost.owner, patch) == 0)
            return cost.n_voices;
    return 0;
}

/* Plays for some seconds; a block takes `fixed` of its time, and `each` for every voice. */
static void play(rig *r, double seconds, double fixed, double each, const char *const *patches) {
    static float out[2 * BLOCK];
    double due_ns = (double)now, end_ns = due_ns + seconds * 1e9;
    while (due_ns < end_ns) {
        chr_player_tend(r->player);
        double share = fixed;
        for (int i = 0; patches[i]; i++)
            share += each * voices_of(r, patches[i]);
        uint64_t spent_ns = (uint64_t)(share * BLOCK_NS);
        chr_engine *e = chr_player_engine(r->player);
        uint64_t clock = chr_engine_read(e).clock;
        chr_load_begin(&r->load, now);
        chr_engine_render(e, out, BLOCK);
        now += spent_ns;
        r->worked += r->others_work ? 0 : spent_ns;
        chr_engine_swaps swaps = chr_engine_swaps_seen(e);
        chr_load_end(&r->load, now, BLOCK, swaps.n, swaps.clock);
        assert_int_equal(chr_engine_read(e).clock, clock + BLOCK); /* never the clock */
        for (int i = 0; i < BLOCK; i++) {
            float step = fabsf(out[2 * i] - r->last);
            r->steepest = step > r->steepest ? step : r->steepest;
            r->last = out[2 * i];
        }
        due_ns += BLOCK_NS;
        if ((double)now < due_ns)
            now = (uint64_t)due_ns; /* the device waits for its time */
        else
            due_ns = (double)now; /* it came late, and goes on from there */
    }
}

static const char *const pad[] = {"pad", NULL};
static const char *const both[] = {"pad", "keys", NULL};
static const char PAD[] =
    "patch pad voices=8: sine freq > vca env(attack=20ms, release=200ms) > mix > gain 0.1 > out\n"
    "melody pad: [C3,E3,G3,B3,D4,F4,A4,C5]\nplay";

static void in_time_nothing_is_taken(void **state) {
    (void)state;
    rig r;
    open_rig(&r);
    type(&r, PAD);
    play(&r, 2, 0.1, 0.1, pad); /* 90 % */
    assert_int_equal(voices_of(&r, "pad"), 8);
    assert_string_equal(r.said, "");
    chr_player_free(r.player);
}

static void late_a_patch_keeps_half_of_its_voices(void **state) {
    (void)state;
    rig r;
    open_rig(&r);
    type(&r, PAD);
    play(&r, 2, 0.1, 0.12, pad); /* 106 %, then 58 % */
    assert_int_equal(voices_of(&r, "pad"), 4);
    assert_string_equal(r.said,
                        "late: pad plays 4 of its 8 voices, until there is time for more\n");
    assert_string_equal(r.witnessed, "pad 4\n"); /* for the journal */
    chr_player_free(r.player);
}

static void what_goes_makes_no_click(void **state) {
    (void)state;
    rig r;
    open_rig(&r);
    type(&r, PAD);
    play(&r, 0.5, 0.1, 0.01, pad);
    r.steepest = 0;
    play(&r, 1, 0.1, 0.01, pad);
    float undisturbed = r.steepest;
    assert_true(undisturbed > 0.001f);
    r.steepest = 0;
    play(&r, 2, 0.1, 0.3, pad); /* 8, 4, 2 */
    assert_int_equal(voices_of(&r, "pad"), 2);
    assert_true(r.steepest < undisturbed * 1.3f);
    chr_player_free(r.player);
}

static void the_dearest_gives_first_and_one_at_a_time(void **state) {
    (void)state;
    rig r;
    open_rig(&r);
    type(&r, PAD);
    type(&r, "patch keys voices=4: sine freq > lpf 900 > drive 2 > lpf 800 > vca env() > mix > "
             "gain 0.1 > out\n"
             "melody keys: [C3,E3,G3,B3]");
    play(&r, 0.3, 0.5, 0.2, both); /* far too slow: 2.9 times */
    assert_true(strstr(r.witnessed, "\n") == strrchr(r.witnessed, '\n')); /* one in 0.3 s */
    play(&r, 5, 0.5, 0.2, both);
    assert_true(voices_of(&r, "pad") + voices_of(&r, "keys") <= 3);
    /* Where nothing is left to be given, that is said, and the music goes on. */
    play(&r, 3, 1.5, 0.2, both);
    assert_int_equal(voices_of(&r, "pad") + voices_of(&r, "keys"), 2);
    assert_non_null(strstr(r.said, "the computer is too slow"));
    const char *again = strstr(strstr(r.said, "too slow") + 1, "too slow");
    assert_null(again); /* once */
    chr_player_free(r.player);
}

static void the_work_of_others_takes_no_voices(void **state) {
    (void)state;
    rig r;
    open_rig(&r);
    type(&r, PAD);
    r.others_work = true;
    play(&r, 2, 2, 0, pad);
    assert_int_equal(voices_of(&r, "pad"), 8);
    chr_player_free(r.player);
}

static void voices_come_back_when_there_is_time(void **state) {
    (void)state;
    rig r;
    open_rig(&r);
    type(&r, PAD);
    play(&r, 2, 0.3, 0.1, pad); /* 110 % */
    assert_int_equal(voices_of(&r, "pad"), 4);
    play(&r, 3, 0.1, 0.05, pad);
    assert_int_equal(voices_of(&r, "pad"), 4); /* not at once */
    play(&r, 4, 0.1, 0.05, pad);
    assert_int_equal(voices_of(&r, "pad"), 8);
    assert_non_null(strstr(r.said, "pad has all its 8 voices again"));
    assert_string_equal(r.witnessed, "pad 4\npad 0\n");
    chr_player_free(r.player);
}

static void what_the_session_says_knows_nothing_of_it(void **state) {
    (void)state;
    rig r;
    open_rig(&r);
    type(&r, PAD);
    char *before = chr_session_text(chr_player_session(r.player));
    play(&r, 2, 0.1, 0.12, pad);
    char *after = chr_session_text(chr_player_session(r.player));
    assert_string_equal(before, after);
    type(&r, "set pad gain=0.05"); /* an evaluation leaves it as it is */
    play(&r, 0.2, 0.1, 0.12, pad);
    assert_int_equal(voices_of(&r, "pad"), 4);
    type(&r, "undo");
    free(before);
    before = chr_session_text(chr_player_session(r.player));
    assert_string_equal(before, after);
    free(before);
    free(after);
    chr_player_free(r.player);
}

/* A journal performs it again: the same session, thinned at the same samples, gives the same bits.
 */
static void thinned_again_it_gives_the_same_bits(void **state) {
    (void)state;
    static float first[RATE], second[RATE];
    for (int round = 0; round < 2; round++) {
        chr_player_options o = {
            .engine = {.rate_hz = RATE, .n_channels = 2}
        };
        chr_player *p = chr_player_new(&o);
        assert_non_null(p);
        chr_player_evaluate(p, PAD, strlen(PAD), "typed", NULL);
        float *out = round ? second : first;
        for (int at = 0; at < RATE / 2; at += 32) {
            if (at == 32 * 100)
                assert_int_equal(chr_player_thin(p, "pad", 3), CHR_OK);
            if (at == 32 * 500)
                assert_int_equal(chr_player_thin(p, "pad", 0), CHR_OK);
            chr_player_tend(p);
            chr_engine_render(chr_player_engine(p), out + 2 * at, 32);
        }
        chr_player_free(p);
    }
    assert_memory_equal(first, second, sizeof first);
}

/* What was measured while it played counts, and what was foretold where nothing was. */
static void the_dearest_is_the_one_that_is_dear_where_it_plays(void **state) {
    (void)state;
    rig r;
    open_rig(&r);
    type(&r, PAD);
    type(&r, "patch keys voices=4: sine freq > lpf 900 > drive 2 > lpf 800 > vca env() > mix > "
             "gain 0.1 > out\n"
             "melody keys: [C3,E3,G3,B3]");
    const chr_guard *guard = chr_player_guard(r.player);
    chr_guard_cost foretold, chosen, one;
    assert_true(chr_thin_choose(guard, NULL, 2, &foretold));
    const char *other = strcmp(foretold.owner, "pad") == 0 ? "keys" : "pad";
    chr_patch_cost items[] = {
        {.owner = foretold.owner, .share = 0.1},
        {.owner = other,          .share = 0.2},
        {.owner = "",             .share = 0.9}
    };
    chr_costs measured = {items, 3};
    assert_true(chr_thin_choose(guard, &measured, 2, &chosen));
    assert_string_equal(chosen.owner, other);
    assert_true(chosen.share == 0.2);
    items[0].share = 0.3;
    assert_true(chr_thin_choose(guard, &measured, 2, &chosen));
    assert_string_equal(chosen.owner, foretold.owner);
    /* It has not been heard yet. */
    items[0].owner = "somebody else";
    items[1].share = foretold.share / 2;
    assert_true(chr_thin_choose(guard, &measured, 2, &chosen));
    assert_string_equal(chosen.owner, foretold.owner);
    items[1].share = foretold.share * 2;
    assert_true(chr_thin_choose(guard, &measured, 2, &chosen));
    assert_string_equal(chosen.owner, other);
    assert_false(chr_thin_choose(guard, &measured, 9, &one));
    chr_player_free(r.player);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_time_nothing_is_taken),
        cmocka_unit_test(late_a_patch_keeps_half_of_its_voices),
        cmocka_unit_test(what_goes_makes_no_click),
        cmocka_unit_test(the_dearest_gives_first_and_one_at_a_time),
        cmocka_unit_test(the_dearest_is_the_one_that_is_dear_where_it_plays),
        cmocka_unit_test(the_work_of_others_takes_no_voices),
        cmocka_unit_test(voices_come_back_when_there_is_time),
        cmocka_unit_test(what_the_session_says_knows_nothing_of_it),
        cmocka_unit_test(thinned_again_it_gives_the_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
