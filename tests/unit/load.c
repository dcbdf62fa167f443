/* tests/unit/load.c: what is counted of a live session: the time that its sound takes, how late the
 * device comes, and how long an evaluation needs to be heard. The clock is the test's own.
 * SPDX-License-Identifier: MIT */
#include "runtime/player.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RATE = 48000, BLOCK = 256 };
#define MS ((uint64_t)1000000)

static uint64_t now;
static uint64_t clock_of_the_test(void) {
    return now;
}

static void a_histogram_tells_percentiles_within_three_percent(void **state) {
    (void)state;
    static chr_histogram h;
    assert_int_equal(chr_histogram_at(&h, 0.99), 0);
    for (uint64_t i = 1; i <= 10000; i++)
        chr_histogram_add(&h, i * 1000);
    assert_int_equal(chr_histogram_count(&h), 10000);
    const double parts[] = {0.5, 0.99, 0.999};
    for (size_t i = 0; i < 3; i++) {
        double exact = parts[i] * 1e7, told = (double)chr_histogram_at(&h, parts[i]);
        assert_true(told >= exact && told <= exact * 1.032);
    }
    assert_int_equal(chr_histogram_at(&h, 1), 10000000); /* the greatest is exact */
    chr_histogram_add(&h, UINT64_MAX);                   /* beyond all bins: counted all the same */
    assert_int_equal(chr_histogram_count(&h), 10001);
    assert_true(chr_histogram_at(&h, 1) == UINT64_MAX);
}

static void small_amounts_are_exact(void **state) {
    (void)state;
    for (uint64_t amount = 0; amount < 64; amount++) {
        chr_histogram *h = calloc(1, sizeof *h);
        assert_non_null(h);
        chr_histogram_add(h, amount);
        chr_histogram_add(h, 1000);
        assert_int_equal(chr_histogram_at(h, 0.5), amount);
        free(h);
    }
}

/* A block that is asked for at `at_ns` and takes `work_ns`. */
static void block(chr_load *l, uint64_t at_ns, uint64_t work_ns) {
    chr_load_begin(l, at_ns);
    chr_load_end(l, at_ns + work_ns, 480, 0, 0); /* 10 ms */
}

static void blocks_that_take_longer_than_they_last_are_counted(void **state) {
    (void)state;
    static chr_load l;
    chr_load_start(&l, RATE);
    for (uint64_t i = 0; i < 100; i++)
        block(&l, i * 10 * MS, i == 50 ? 12 * MS : 2 * MS);
    assert_int_equal(l.blocks, 100);
    assert_int_equal(l.too_long, 1);
    assert_in_range(chr_histogram_at(&l.share, 0.5), 200000, 207000);
    assert_int_equal(chr_histogram_at(&l.share, 1), 1200000);
    assert_in_range(l.recent, 195000, 290000);
}

static void lateness_is_against_the_rhythm_of_the_device(void **state) {
    (void)state;
    static chr_load l;
    chr_load_start(&l, RATE);
    for (uint64_t i = 0; i < 1000; i++)
        block(&l, i * 10 * MS + (i == 500 ? 3 * MS : 0), MS);
    assert_in_range(chr_histogram_at(&l.lateness, 1), 3 * MS, 3 * MS + 1000);
    assert_true(chr_histogram_at(&l.lateness, 0.99) < 4000);
}

static void a_device_that_is_slower_than_our_clock_is_not_late(void **state) {
    (void)state;
    static chr_load l;
    chr_load_start(&l, RATE);
    for (uint64_t i = 0; i < 100000; i++) /* 100 ppm, for a thousand seconds */
        block(&l, i * (10 * MS + 1000), MS);
    assert_true(chr_histogram_at(&l.lateness, 1) < 2 * MS);
}

static void a_machine_that_slept_is_late_once(void **state) {
    (void)state;
    static chr_load l;
    chr_load_start(&l, RATE);
    for (uint64_t i = 0; i < 1000; i++)
        block(&l, i * 10 * MS + (i >= 500 ? 5000 * MS : 0), MS);
    assert_true(chr_histogram_at(&l.lateness, 0.99) < MS);
    assert_true(chr_histogram_at(&l.lateness, 1) >= 5000 * MS);
}

/* ---- a player whose blocks are made by the test ---- */

typedef struct rig {
    chr_player *player;
    chr_load load;
    chr_tally tally;
    char said[1024];
} rig;

static void on_text(void *context, const char *text) {
    rig *r = context;
    snprintf(r->said, sizeof r->said, "%s", text);
}

static char *stats(void *context) {
    (void)context;
    return strdup("all is well\n");
}

static void open_rig(rig *r, bool live) {
    memset(r, 0, sizeof *r);
    now = 1000 * MS;
    r->tally = (chr_tally){.now_ns = clock_of_the_test, .load = &r->load};
    chr_load_start(&r->load, RATE);
    chr_player_options o = {
        .engine = {.rate_hz = RATE,    .n_channels = 2},
        .listener = { .context = r, .answer = on_text, .note = on_text},
        .tally = live ? &r->tally : NULL,
        .stats = live ? stats : NULL,
    };
    r->player = chr_player_new(&o);
    assert_non_null(r->player);
}

static chr_evaluation type(rig *r, const char *text) {
    return chr_player_evaluate(r->player, text, strlen(text), "typed", NULL);
}

/* The device asks now, and its block takes 1 ms. */
static void fill(rig *r) {
    static float out[2 * BLOCK];
    chr_engine *e = chr_player_engine(r->player);
    chr_load_begin(&r->load, now);
    chr_engine_render(e, out, BLOCK);
    now += MS;
    chr_engine_swaps swaps = chr_engine_swaps_seen(e);
    chr_load_end(&r->load, now, BLOCK, swaps.n, swaps.clock);
    chr_player_tend(r->player);
}

static void an_evaluation_is_timed_from_enter_to_its_first_block(void **state) {
    (void)state;
    static rig r;
    open_rig(&r, true);
    assert_true(type(&r, "patch sine 220 > out").applied);
    now += 3 * MS; /* the device asks 3 ms later */
    fill(&r);
    assert_true(r.tally.has_last);
    assert_int_equal(r.tally.last_compile_ns, 0); /* the test's clock stood still meanwhile */
    assert_int_equal(r.tally.last_wait_ns, 3 * MS);
    assert_int_equal(r.tally.last_swap_ns, MS);
    assert_int_equal(chr_histogram_at(&r.tally.enter, 1), 4 * MS);
    chr_player_free(r.player);
}

static void what_is_refused_and_what_is_asked_are_no_changes(void **state) {
    (void)state;
    static rig r;
    open_rig(&r, true);
    assert_true(type(&r, "patch sine 220 > out").applied);
    assert_int_equal(type(&r, "patch nonsuch > out").n_errors, 1);
    type(&r, "list");
    fill(&r); /* the question did not take the first one's time away */
    assert_int_equal(r.tally.applied, 1);
    assert_int_equal(r.tally.refused, 1);
    assert_int_equal(chr_histogram_count(&r.tally.enter), 1);
    chr_player_free(r.player);
}

static void the_tidying_after_a_fade_is_nobodys_evaluation(void **state) {
    (void)state;
    static rig r;
    open_rig(&r, true);
    type(&r, "patch sine 220 > out");
    fill(&r);
    type(&r, "patch saw 220 > lpf 900 > out");
    for (int i = 0; i < 20; i++)
        fill(&r);
    assert_true(chr_player_look(r.player).swaps >= 3); /* the third dropped what had left */
    assert_int_equal(chr_histogram_count(&r.tally.enter), 2);
    chr_player_free(r.player);
}

static void a_swap_long_ago_is_not_mistaken_for_another(void **state) {
    (void)state;
    static chr_load l;
    chr_load_start(&l, RATE);
    chr_load_swap s;
    for (uint64_t i = 1; i <= 40; i++) {
        chr_load_begin(&l, i * MS);
        chr_load_end(&l, i * MS + 5, 32, i, i * 32);
    }
    assert_true(chr_load_swapped(&l, 40 * 32, &s));
    assert_int_equal(s.began_ns, 40 * MS);
    assert_int_equal(s.ended_ns, 40 * MS + 5);
    assert_true(chr_load_swapped(&l, 30 * 32 - 7, &s)); /* within the block that ended with it */
    assert_int_equal(s.began_ns, 30 * MS);
    assert_false(chr_load_swapped(&l, 41 * 32, &s));
}

static void faults_are_counted_by_name(void **state) {
    (void)state;
    static chr_tally t;
    char name[16];
    for (int i = 0; i < 40; i++) {
        snprintf(name, sizeof name, "p%d.lpf", i);
        chr_tally_fault_add(&t, name);
    }
    chr_tally_fault_add(&t, "p3.lpf");
    assert_int_equal(t.n_faults, CHR_TALLY_FAULTS);
    assert_int_equal(t.faults[3].n, 2);
    assert_int_equal(t.faults_unnamed, 40 - CHR_TALLY_FAULTS);
}

static void memory_is_that_of_the_graph_and_its_state(void **state) {
    (void)state;
    static rig r;
    open_rig(&r, true);
    size_t graph, held, more;
    chr_engine_memory(chr_player_engine(r.player), &graph, &held);
    assert_int_equal(graph + held, 0);
    type(&r, "patch sine 220 > out");
    for (int i = 0; i < 20; i++)
        fill(&r);
    chr_engine_memory(chr_player_engine(r.player), &graph, &held);
    assert_true(graph > 0 && held > 0 && held < 10000);
    type(&r, "patch sine 220 > delay 2s > out");
    for (int i = 0; i < 20; i++)
        fill(&r);
    chr_engine_memory(chr_player_engine(r.player), &graph, &more);
    assert_true(more >= held + 2 * RATE * sizeof(float));
    chr_player_free(r.player);
}

static void stats_are_told_where_something_is_played_live(void **state) {
    (void)state;
    static rig r;
    open_rig(&r, true);
    assert_true(type(&r, "stats").applied);
    assert_string_equal(r.said, "all is well\n");
    chr_player_free(r.player);
    open_rig(&r, false);
    assert_true(type(&r, "stats").applied);
    assert_non_null(strstr(r.said, "live"));
    chr_player_free(r.player);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_histogram_tells_percentiles_within_three_percent),
        cmocka_unit_test(small_amounts_are_exact),
        cmocka_unit_test(blocks_that_take_longer_than_they_last_are_counted),
        cmocka_unit_test(lateness_is_against_the_rhythm_of_the_device),
        cmocka_unit_test(a_device_that_is_slower_than_our_clock_is_not_late),
        cmocka_unit_test(a_machine_that_slept_is_late_once),
        cmocka_unit_test(an_evaluation_is_timed_from_enter_to_its_first_block),
        cmocka_unit_test(what_is_refused_and_what_is_asked_are_no_changes),
        cmocka_unit_test(the_tidying_after_a_fade_is_nobodys_evaluation),
        cmocka_unit_test(a_swap_long_ago_is_not_mistaken_for_another),
        cmocka_unit_test(faults_are_counted_by_name),
        cmocka_unit_test(memory_is_that_of_the_graph_and_its_state),
        cmocka_unit_test(stats_are_told_where_something_is_played_live),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
