/* tests/unit/guard.c: what is tried out before it may sound, what is refused and who is named, and
 * what a change is foretold to cost. The clock is the test's own. SPDX-License-Identifier: MIT */
#include "runtime/player.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RATE = 48000 };
#define CHUNK_NS (CHR_CHUNK * 1e9 / RATE)

/* Each look at the clock takes a step: a trial of one chunk takes one, and of its nodes each the
 * same. */
static uint64_t now, step, n_looks;
static uint64_t stepping_clock(void) {
    n_looks++;
    return now += step;
}

typedef struct rig {
    chr_player *player;
    chr_load load;
    char said[4096]; /* the last evaluation's diagnostics: "E803 b comes out ..." */
    char advice[512];
} rig;

static void on_diagnostics(void *context, const chr_diags *diags) {
    rig *r = context;
    size_t n = 0;
    for (const chr_diag *d = diags->first; d && n < sizeof r->said - 600; d = d->next) {
        n += (size_t)snprintf(r->said + n, sizeof r->said - n, "%s %s\n", chr_code_name(d->code),
                              d->message);
        if (d->severity == CHR_ERROR)
            assert_non_null(d->span.source); /* with a place */
        snprintf(r->advice, sizeof r->advice, "%s", d->suggestion ? d->suggestion : "");
    }
}

static void open_rig(rig *r, bool live) {
    memset(r, 0, sizeof *r);
    now = 0;
    step = 100;
    chr_player_options o = {
        .engine = {.rate_hz = RATE, .n_channels = 2              },
        .listener = {.context = r,    .diagnostics = on_diagnostics},
        .now_ns = live ? stepping_clock : NULL,
        .load = &r->load,
    };
    r->player = chr_player_new(&o);
    assert_non_null(r->player);
}

static chr_evaluation type(rig *r, const char *text) {
    r->said[0] = r->advice[0] = '\0';
    chr_evaluation e = chr_player_evaluate(r->player, text, strlen(text), "typed", NULL);
    assert_int_equal(e.status, CHR_OK);
    static float out[2 * 1024];
    for (int i = 0; i < 3; i++) { /* fades end meanwhile */
        chr_player_tend(r->player);
        chr_engine_render(chr_player_engine(r->player), out, 1024);
    }
    return e;
}

static void good(rig *r, const char *text) {
    if (!type(r, text).applied)
        fail_msg("%s\n%s", text, r->said);
}

static void refused(rig *r, const char *text, const char *saying) {
    chr_evaluation e = type(r, text);
    if (e.applied || e.n_errors != 1 || !strstr(r->said, saying))
        fail_msg("%s\n%s", text, r->said);
}

static void what_is_no_number_is_refused_by_the_name_of_the_module(void **state) {
    (void)state;
    rig r;
    open_rig(&r, true);
    refused(&r, "patch a: saw 110 * 1e15 * 1e15 * 1e15 > lpf 900 > out", "E801 a ");
    refused(&r, "let boom = saw 110 * 1e15 * 1e15 * 1e15\npatch a: boom * 0.1 > out", "E801 ");
    good(&r, "patch a: saw 110 > lpf 900 > out");
    refused(&r, "patch a: saw 110 > gain 1e10 > gain 1e10 > gain 1e10 > gain 1e10 > out", "E80");
    chr_player_free(r.player);
}

static void what_is_far_too_loud_is_refused(void **state) {
    (void)state;
    rig r;
    open_rig(&r, true);
    refused(&r, "patch b: sine 110 * 100 > out", "E803 b comes out 40 dB");
    assert_non_null(strstr(r.advice, "force:"));
    good(&r, "patch b: sine 110 * 15 > out"); /* the ceiling's work */
    chr_player_free(r.player);
}

static void a_constant_offset_is_refused(void **state) {
    (void)state;
    rig r;
    open_rig(&r, true);
    refused(&r, "patch c: sine 220 * 0.1 + 0.5 > out", "E802 c stands 50 %");
    refused(&r, "patch c: sine 220 * 0.1 - 0.5 > out", "E802 c stands 50 %");
    good(&r, "patch c: sine 220 + 0.2 > out");
    chr_player_free(r.player);
}

static void instruments_are_tried_with_a_note(void **state) {
    (void)state;
    rig r;
    open_rig(&r, true);
    refused(&r, "patch loud voices=4: sine freq > vca perc(decay=300ms) * 100 > out", "E803 loud");
    good(&r, "create kick\nsequence kick: x...x...\ncreate bass\nmelody bass: C1 C2");
    chr_player_free(r.player);
}

static void deep_and_slow_sounds_are_no_offset(void **state) {
    (void)state;
    rig r;
    open_rig(&r, true);
    good(&r, "patch sub: sine 20 > out");
    good(&r, "patch pulses: pulse 30 width=0.1 > out");
    good(&r, "patch drum: sine (30 + 300 * perc(decay=50ms)) > vca perc(decay=400ms) > out");
    chr_player_free(r.player);
}

static void what_was_refused_changes_nothing(void **state) {
    (void)state;
    rig r;
    open_rig(&r, true);
    good(&r, "patch a: saw 110 > out");
    uint64_t swaps = chr_player_look(r.player).swaps;
    refused(&r, "patch a: (saw 110 > lpf 900) * 100 > out", "E803 a");
    assert_int_equal(chr_player_look(r.player).swaps, swaps);
    char *text = chr_session_text(chr_player_session(r.player));
    assert_string_equal(text, "patch a: saw 110 > out\n");
    free(text);
    chr_player_free(r.player);
}

static void a_number_that_changes_needs_no_trial(void **state) {
    (void)state;
    rig r;
    open_rig(&r, true);
    good(&r, "patch a: saw 110 > lpf 800 > gain 0.5 > out\ncreate bass\nmelody bass: C2 G2");
    n_looks = 0;
    good(&r, "patch a: saw 120 > lpf 900 > gain 0.4 > out");
    good(&r, "set bass cutoff=300");
    good(&r, "melody bass: C2 Eb2");
    good(&r, "mute a");
    good(&r, "tempo 130");
    assert_true(n_looks < 60);
    good(&r, "patch a: saw 120 > lpf 900 > lpf 900 > gain 0.4 > out");
    assert_true(n_looks > 100);
    chr_player_free(r.player);
}

static void only_what_is_new_is_tried(void **state) {
    (void)state;
    rig r;
    open_rig(&r, true);
    char text[64];
    for (int i = 0; i < 40; i++) {
        snprintf(text, sizeof text, "patch p%d: saw %d > lpf 800 > gain 0.01 > out", i, 50 + i);
        good(&r, text);
    }
    /* 40 patches need more looks at the clock in a timed chunk than one. */
    n_looks = 0;
    good(&r, "patch p3: square 50 > out");
    uint64_t one = n_looks;
    chr_player_free(r.player);
    open_rig(&r, true);
    n_looks = 0;
    good(&r, "patch p3: square 50 > out");
    assert_int_equal(one, n_looks);
    chr_player_free(r.player);
}

static void a_bus_is_tried_with_what_goes_into_it(void **state) {
    (void)state;
    rig r;
    open_rig(&r, true);
    good(&r, "bus space: in * 100 > out\npatch far: sine 220 > gain -60dB > space\npatch near: "
             "sine 330 > gain -60dB > space");
    refused(&r, "patch lead: sine 440 > space", "E803 lead");
    chr_player_free(r.player);
}

static void a_change_that_needs_too_much_time_is_foretold(void **state) {
    (void)state;
    rig r;
    open_rig(&r, true);
    step = (uint64_t)(0.6 * CHUNK_NS);
    good(&r, "patch a: saw 110 > out");
    refused(&r, "patch b: saw 110 > reverb > gain 0.5 > out",
            "E804 this would need 120 % of the time; b is 60 %");
    assert_non_null(strstr(r.advice, "force:"));
    /* Once it is cheaper there is room. */
    step = (uint64_t)(0.25 * CHUNK_NS);
    good(&r, "patch b: saw 110 > reverb > gain 0.5 > out");
    chr_player_free(r.player);
}

static void the_module_that_takes_most_of_it_is_named(void **state) {
    (void)state;
    rig r;
    open_rig(&r, true);
    step = (uint64_t)(1.43 * CHUNK_NS);
    refused(&r, "patch hat: [for i in 1..200: saw 50*i] > mix > gain 0.01 > out",
            "E804 this would need 143 % of the time; saw on hat is 1");
    chr_player_free(r.player);
}

static void what_makes_it_cheaper_is_never_refused(void **state) {
    (void)state;
    rig r;
    open_rig(&r, true);
    step = (uint64_t)(0.5 * CHUNK_NS);
    good(&r, "patch a: saw 110 > out");
    step = (uint64_t)(0.39 * CHUNK_NS);
    good(&r, "patch b: saw 110 > out");
    r.load.blocks = 1000;
    r.load.recent = 2 * CHR_LOAD_WHOLE; /* the machine is far too slow now */
    step = (uint64_t)(0.2 * CHUNK_NS);
    good(&r, "patch a: square 110 > out");
    good(&r, "remove b");
    chr_player_free(r.player);
}

static void the_load_that_is_measured_counts(void **state) {
    (void)state;
    rig r;
    open_rig(&r, true);
    step = (uint64_t)(0.3 * CHUNK_NS);
    good(&r, "patch a: saw 110 > out");
    r.load.blocks = 1000;
    r.load.recent = 6 * CHR_LOAD_WHOLE / 10; /* it takes twice of what its trial said */
    refused(&r, "patch b: saw 110 > out", "E804 this would need 120 % of the time; ");
    r.load.recent = 2 * CHR_LOAD_WHOLE / 10; /* less */
    good(&r, "patch b: saw 110 > out\npatch c: saw 220 > out");
    chr_player_free(r.player);
}

static void a_trial_ends_when_its_time_is_up(void **state) {
    (void)state;
    rig r;
    open_rig(&r, true);
    step = (uint64_t)2e6; /* a chunk takes two milliseconds: nothing would ever end */
    n_looks = 0;
    refused(&r, "patch a: saw 110 > out", "E804");
    assert_true(n_looks < 200);
    chr_player_free(r.player);
}

static void costs_are_told_by_patch(void **state) {
    (void)state;
    rig r;
    open_rig(&r, true);
    step = (uint64_t)(0.1 * CHUNK_NS);
    good(
        &r,
        "patch a: saw 110 > out\npatch keys voices=4: saw freq > vca env() > mix > gain 0.1 > out");
    const chr_guard *g = chr_player_guard(r.player);
    chr_guard_cost cost;
    double all = 0;
    int n = 0;
    for (uint32_t i = 0; chr_guard_cost_of(g, i, &cost); i++) {
        all += cost.share;
        n += cost.share > 0;
        if (strcmp(cost.owner, "keys") == 0)
            assert_int_equal(cost.n_voices, 4);
    }
    assert_int_equal(n, 2);
    assert_true(all > 0.05 && all <= 0.1001); /* what is left is the master's */
    chr_player_free(r.player);
}

static void force_lets_through_what_can_be_heard(void **state) {
    (void)state;
    rig r;
    open_rig(&r, true);
    good(&r, "force: patch b: sine 110 * 100 > out");
    good(&r, "force: patch c: sine 220 * 0.1 + 0.5 > out");
    step = (uint64_t)(2 * CHUNK_NS);
    good(&r, "force: {\n  patch d: saw 110 > out\n  patch e: saw 220 > out\n}");
    refused(&r, "force: patch a: saw 110 * 1e15 * 1e15 * 1e15 > out", "E801 a ");
    refused(&r, "patch f: saw 110 > out", "E804"); /* it holds for its own evaluation */
    chr_player_free(r.player);
}

static void what_waits_is_tried_when_it_is_said(void **state) {
    (void)state;
    rig r;
    open_rig(&r, true);
    good(&r, "quantize off\npatch a: sine 220 > out\nplay");
    refused(&r, "at bar 3: patch b: sine 110 * 100 > out", "E803 b");
    good(&r, "at bar 3: patch b: sine 110 * 10 > out");
    chr_player_free(r.player);
}

static void offline_nothing_is_tried_and_nothing_refused(void **state) {
    (void)state;
    rig r;
    open_rig(&r, false);
    good(&r, "patch b: sine 110 * 100 > out");
    good(&r, "patch a: saw 110 * 1e15 * 1e15 * 1e15 > out");
    assert_null(chr_player_guard(r.player));
    chr_player_free(r.player);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_number_is_refused_by_the_name_of_the_module),
        cmocka_unit_test(what_is_far_too_loud_is_refused),
        cmocka_unit_test(a_constant_offset_is_refused),
        cmocka_unit_test(instruments_are_tried_with_a_note),
        cmocka_unit_test(deep_and_slow_sounds_are_no_offset),
        cmocka_unit_test(what_was_refused_changes_nothing),
        cmocka_unit_test(a_number_that_changes_needs_no_trial),
        cmocka_unit_test(only_what_is_new_is_tried),
        cmocka_unit_test(a_bus_is_tried_with_what_goes_into_it),
        cmocka_unit_test(a_change_that_needs_too_much_time_is_foretold),
        cmocka_unit_test(the_module_that_takes_most_of_it_is_named),
        cmocka_unit_test(what_makes_it_cheaper_is_never_refused),
        cmocka_unit_test(the_load_that_is_measured_counts),
        cmocka_unit_test(a_trial_ends_when_its_time_is_up),
        cmocka_unit_test(costs_are_told_by_patch),
        cmocka_unit_test(force_lets_through_what_can_be_heard),
        cmocka_unit_test(what_waits_is_tried_when_it_is_said),
        cmocka_unit_test(offline_nothing_is_tried_and_nothing_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
