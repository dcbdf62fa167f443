/* tests/unit/packing.c: equal work shares groups of lanes, whoever it belongs to; and what plays
 * stays where it is while others come and go. SPDX-License-Identifier: MIT */
#include "dsp/registry.h"
#include "runtime/graph.h"
#include "runtime/player.h"
#include "tests/support/ir_maker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The graph of a script, or of one version of it after another, as text. Groups of four, so that it
 * is the same on every machine. */
static char *graph_of(const char *script, const char *next) {
    chr_player_options o = {
        .engine = {.rate_hz = 48000, .lanes = 4, .n_channels = 2}
    };
    chr_player *p = chr_player_new(&o);
    assert_non_null(p);
    const char *versions[] = {script, next};
    for (int v = 0; v < 2 && versions[v]; v++) {
        const char *s = versions[v];
        assert_true(chr_player_evaluate(p, s, strlen(s), "test", "test.chr").applied);
        static float out[2 * 4800];
        for (int k = 0; k < 2; k++) { /* the change has faded */
            chr_engine_render(chr_player_engine(p), out, 4800);
            chr_player_tend(p);
        }
    }
    char *text = NULL;
    size_t length = 0;
    FILE *f = open_memstream(&text, &length);
    chr_engine_print_graph(chr_player_engine(p), f);
    fclose(f);
    chr_player_free(p);
    return text;
}

/* Steps of the graph whose name, less its patch and number, is `wanted`. */
static int steps_after(const char *script, const char *next, const char *wanted) {
    char *text = graph_of(script, next), *line, *rest = text;
    int n = 0;
    while ((line = strtok_r(rest, "\n", &rest))) {
        char name[64];
        if (sscanf(line, "%*d %63s", name) != 1)
            continue;
        const char *at = strrchr(name, '.') ? strrchr(name, '.') + 1 : name;
        n += strspn(at, "abcdefghijklmnopqrstuvwxyz") == strlen(wanted) &&
             !strncmp(at, wanted, strlen(wanted));
    }
    free(text);
    return n;
}

static int steps(const char *script, const char *wanted) {
    return steps_after(script, NULL, wanted);
}

static void a_list_of_chains_is_packed_like_a_chain_of_lists(void **state) {
    (void)state;
    static const char *const ways[] = {
        "patch a: saw [for i in 1..40: 55*i] > lpf [for i in 1..40: 200*i] > mix 0.1 > out",
        "patch a: [for i in 1..40: saw 55*i > lpf 200*i] > mix 0.1 > out",
    };
    for (int w = 0; w < 2; w++) {
        assert_int_equal(steps(ways[w], "saw"), 10);
        assert_int_equal(steps(ways[w], "lpf"), 10);
        assert_int_equal(steps(ways[w], "gather"), 1); /* of the sum, for the level */
        assert_int_equal(steps(ways[w], "sum"), 3);    /* the mix and two channels */
    }
}

static void terms_of_a_sum_share_a_group(void **state) {
    (void)state;
    static const char sum[] = "patch a: (saw 110 > lpf 300)*0.3 + (saw 165 > lpf 400)*0.2 + (saw "
                              "220 > lpf 500)*0.1 > out";
    assert_int_equal(steps(sum, "saw"), 1);
    assert_int_equal(steps(sum, "lpf"), 1);
    assert_int_equal(steps(sum, "mul"), 1);
}

static void drones_of_one_instrument_share_groups(void **state) {
    (void)state;
    static const char two[] = "fn drone(f, c) = saw(f) > lpf(c, res=0.5)\n"
                              "patch a: drone(55, 300) > out\n"
                              "patch b: drone(82.5, lfo(0.1)*200 + 500) > out\n"
                              "patch c: drone(110, 600) > out\n";
    assert_int_equal(steps(two, "saw"), 1);
    assert_int_equal(steps(two, "lpf"), 2); /* a number and a signal are unlike shapes */
    assert_int_equal(steps(two, "level"), 2);
}

static void what_follows_the_notes_of_different_patches_does_not(void **state) {
    (void)state;
    static const char two[] = "patch a: saw freq > env > out\npatch b: saw freq > env > out\n";
    assert_int_equal(steps(two, "saw"), 2);
    assert_int_equal(steps(two, "env"), 2);
}

static void feedback_of_one_shape_shares_a_loop(void **state) {
    (void)state;
    static const char loops[] =
        "module comb {\n"
        "  param time = 10ms in 1ms..1s time \"How far back\"\n"
        "  in + tap*0.5 > lpf 900 > delay time as tap\n"
        "}\n"
        "patch a: [for i in 1..4: noise*0.1 > comb 0.02+0.002*i] > mix > out\n";
    assert_int_equal(steps(loops, "loop"), 1);
    assert_int_equal(steps(loops, "lpf"), 1);
    assert_int_equal(steps(loops, "add"), 1);
    assert_int_equal(steps(loops, "tap"), 2); /* it gives, and takes */
}

/* The third high-pass would join the other two, and its low-pass sits beside that which comes
 * before the first: either group would have to run before the other. */
static void groups_that_would_wait_for_each_other_are_parted(void **state) {
    (void)state;
    static const char before[] = "patch a: saw 55 > lpf 300 as l > hpf 50 as h > out\n"
                                 "patch b: saw 65 > lpf 400 as l > hpf 60 as h > out\n"
                                 "patch c: saw 75 > lpf 500 as l > out\n",
                      after[] = "patch a: saw 55 > lpf 300 as l > hpf 50 as h > out\n"
                                "patch b: saw 65 > hpf 60 as h > out\n"
                                "patch c: saw 75 > hpf 70 as h > lpf 500 as l > out\n";
    assert_int_equal(steps(before, "l"), 1);
    assert_int_equal(steps(before, "h"), 1);
    assert_int_equal(steps_after(before, after, "l"), 2);
    assert_int_equal(steps_after(before, after, "h"), 2); /* b and c have met again since */
    assert_int_equal(steps_after(before, after, "saw"), 1);
}

/* ---- equal work ---- */

static void equal_work_is_done_once(void **state) {
    (void)state;
    static const char chains[] =
        "patch a: [for i in 1..40: saw 55*i > lpf 900+400*lfo(0.3)] > mix 0.1 > out";
    assert_int_equal(steps(chains, "saw"), 10);
    assert_int_equal(steps(chains, "lfo"), 1);
    assert_int_equal(steps(chains, "add"), 1); /* with the product before it */
    static const char patches[] =
        "patch a: saw 110 > lpf 300 > out\npatch b: saw 110 > lpf 400 > out\n"
        "patch c: saw 110 > lpf 500 > out\npatch d: saw 110 > lpf 600 > out\n"
        "patch e: saw 110 > lpf 700 > out\n";
    assert_int_equal(steps(patches, "saw"), 1);
    assert_int_equal(steps(patches, "lpf"), 2);
    static const char list[] = "patch a: sine [for i in 0..95: 110*2^((i%48)/12)] > mix 0.01 > out";
    assert_int_equal(steps(list, "sine"), 12);
}

static void what_differs_by_chance_or_by_a_voice_is_not_equal_work(void **state) {
    (void)state;
    assert_int_equal(steps("patch a: [for i in 1..8: noise > lpf 200*i] > mix 0.1 > out", "noise"),
                     2);
    assert_int_equal(steps("patch a voices=8: saw freq + saw freq > env > mix > out", "saw"), 4);
}

static void equals_part_where_one_of_them_changes(void **state) {
    (void)state;
    static const char both[] =
        "patch a: saw 110 > lpf 300 > out\npatch b: saw 110 > lpf 400 > out\n";
    assert_int_equal(steps(both, "saw"), 1);
    assert_int_equal(steps_after(both,
                                 "patch a: saw 110 > lpf 300 > out\n"
                                 "patch b: saw 220 > lpf 400 > out\n",
                                 "saw"),
                     2);
}

/* ---- stability ---- */

static chr_build_options options(void) {
    return (chr_build_options){.rate_hz = 48000,
                               .isa = chr_registry_build(chr_registry_best_isa(), 1)->isa,
                               .lanes = 4,
                               .n_channels = 2};
}

/* Patches "0", "1", … of a saw, a filter and an echo; those with a bit in `which`. */
static chr_ir *echoes(uint32_t which) {
    ir_maker m = ir_begin();
    for (uint32_t i = 0; i < 32; i++) {
        char name[4];
        snprintf(name, sizeof name, "%u", i);
        if (!(which & 1u << i))
            continue;
        uint32_t o = ir_owner(&m, name, 1);
        uint32_t saw = ir_node(&m, o, "saw", "saw", 1), lpf = ir_node(&m, o, "lpf", "lpf", 1);
        uint32_t echo = ir_node(&m, o, "delay", "delay", 1);
        ir_set(&m, saw, "freq", 55.0 + 10.0 * i);
        ir_wire(&m, lpf, "in", saw, 0);
        ir_wire(&m, echo, "in", lpf, 0);
        ir_out(&m, o, echo, 0);
    }
    return ir_end(&m);
}

static uint32_t moved(const chr_graph *g, bool with_history) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < g->n_moves; i++)
        n += g->moves[i].from && (!with_history || g->moves[i].from->ring);
    return n;
}

static void newcomers_move_nobody_who_has_company(void **state) {
    (void)state;
    chr_build_options o = options();
    chr_graph *three = chr_graph_build(echoes(7), NULL, &o);
    chr_graph *four = chr_graph_build(echoes(15), three, &o);
    chr_graph *five = chr_graph_build(echoes(31), four, &o);
    assert_true(three && four && five);
    assert_int_equal(three->n_moves, 0);
    assert_int_equal(moved(four, false), 0);
    assert_int_equal(four->n_moves, 2); /* a saw and a filter begin in the free lanes */
    assert_int_equal(five->n_moves, 0);
    chr_graph_free(five);
    chr_graph_free(four);
    chr_graph_free(three);
}

static void what_leaves_moves_nobody_else_and_what_has_history_never_moves(void **state) {
    (void)state;
    chr_build_options o = options();
    chr_graph *eight = chr_graph_build(echoes(0xff), NULL, &o);
    chr_graph *fading = chr_graph_build(echoes(0xf6), eight, &o);
    assert_true(eight && fading);
    /* Two saws and two filters go into groups of their own to fade. */
    assert_int_equal(moved(fading, false), 4);
    assert_int_equal(moved(fading, true), 0);
    chr_graph *six = chr_graph_build(chr_graph_ir(fading), fading, &o);
    assert_non_null(six);
    assert_int_equal(six->n_moves, 0);
    /* One by one they would all be scattered: then they move together, but for the echoes. */
    chr_graph *g = six;
    uint32_t most = 0;
    for (uint32_t i = 8; i < 32; i++) {
        chr_graph *next = chr_graph_build(echoes(0xf6u | ((2u << i) - 0x100u)), g, &o);
        assert_non_null(next);
        assert_int_equal(moved(next, true), 0);
        most = moved(next, false) > most ? moved(next, false) : most;
        if (g != six)
            chr_graph_free(g);
        g = next;
    }
    assert_true(most <= 2 * 256);
    chr_graph_free(g);
    chr_graph_free(six);
    chr_graph_free(fading);
    chr_graph_free(eight);
}

/* A single one has a group to itself; with a second one both move into one, and the echo does not.
 */
static void a_second_drone_shares_with_the_first(void **state) {
    (void)state;
    chr_build_options o = options();
    o.lanes = 0;
    if (!chr_registry_build(o.isa, 4) || !chr_registry_build(o.isa, 4)->native)
        skip();
    chr_graph *one = chr_graph_build(echoes(1), NULL, &o),
              *two = chr_graph_build(echoes(3), one, &o);
    assert_true(one && two);
    assert_int_equal(two->n_moves, 2);
    assert_int_equal(moved(two, true), 0);
    assert_int_equal(two->n_slots, one->n_slots + 1);
    chr_graph_free(two);
    chr_graph_free(one);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_of_chains_is_packed_like_a_chain_of_lists),
        cmocka_unit_test(terms_of_a_sum_share_a_group),
        cmocka_unit_test(drones_of_one_instrument_share_groups),
        cmocka_unit_test(what_follows_the_notes_of_different_patches_does_not),
        cmocka_unit_test(feedback_of_one_shape_shares_a_loop),
        cmocka_unit_test(groups_that_would_wait_for_each_other_are_parted),
        cmocka_unit_test(equal_work_is_done_once),
        cmocka_unit_test(what_differs_by_chance_or_by_a_voice_is_not_equal_work),
        cmocka_unit_test(equals_part_where_one_of_them_changes),
        cmocka_unit_test(newcomers_move_nobody_who_has_company),
        cmocka_unit_test(what_leaves_moves_nobody_else_and_what_has_history_never_moves),
        cmocka_unit_test(a_second_drone_shares_with_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
