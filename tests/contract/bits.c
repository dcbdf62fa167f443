/* tests/contract/bits.c: the same samples, bit for bit, whatever way every module is run: for each
 * lane count and instruction set, however chunks are cut, beside any neighbour, moved from group to
 * group.
 *
 * SPDX-License-Identifier: MIT */
#include "tests/support/stimulus.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { SAMPLES = 1000, SEED = 77 };
static const float rate_hz = 48000.0f;
static const int widths[] = {1, 4, 8, 16};

/* Two runs of one instance must not differ in a bit. */
static void expect_same(const rig *a, int lane_a, size_t from_a, const rig *b, int lane_b, size_t n,
                        const char *what, const char *isa) {
    for (int o = 0; o < a->module->n_outputs; o++) {
        const float *x = rig_output(a, o, lane_a) + from_a, *y = rig_output(b, o, lane_b);
        for (size_t i = 0; i < n; i++)
            if (memcmp(x + i, y + i, sizeof *x))
                fail_msg("%s: output %d differs at sample %zu (lane %d of %d, %s): %.9g and %.9g",
                         what, o, i, lane_b, b->lanes, isa, (double)x[i], (double)y[i]);
    }
}

static rig *run(const stimulus *s, const char *isa, int lanes, int first, rig_cut cut, int cut_at,
                bool as_signals) {
    rig *r =
        rig_open(rig_module(s->module->name, isa, lanes), lanes, rate_hz, (uint64_t)(SEED + first));
    stimulus_connect(s, r, first);
    r->cut = cut;
    r->cut_at = cut_at;
    r->as_signals = as_signals;
    rig_run(r, s->n);
    return r;
}

/* Runs 16 instances in every build that this CPU has, against the plainest. */
static void same_in_every_build(const chr_module *m) {
    for (int number = 0; number < stimulus_count(m); number++) {
        stimulus *s = stimulus_new(m, number, SAMPLES);
        rig *plain[RIG_LANES];
        for (int lane = 0; lane < RIG_LANES; lane++)
            plain[lane] = run(s, chr_registry_isas()[0], 1, lane, RIG_WHOLE, 0, false);
        for (const char *const *isa = chr_registry_isas(); *isa; isa++)
            for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++)
                for (int first = 0; first < RIG_LANES; first += widths[w]) {
                    rig *r = run(s, *isa, widths[w], first, RIG_WHOLE, 0, false);
                    for (int lane = 0; lane < widths[w]; lane++)
                        expect_same(plain[first + lane], 0, 0, r, lane, SAMPLES, stimulus_name(s),
                                    *isa);
                    rig_close(r);
                }
        for (int lane = 0; lane < RIG_LANES; lane++)
            rig_close(plain[lane]);
        stimulus_free(s);
    }
}

/* One lane has ways of its own, several samples at a time. */
static void same_in_lanes_however_cut(const chr_module *m, int lanes) {
    const char *isa = chr_registry_best_isa();
    for (int number = 0; number < stimulus_count(m); number++) {
        stimulus *s = stimulus_new(m, number, 400);
        rig *whole = run(s, isa, lanes, 0, RIG_WHOLE, 0, false);
        for (int at = 1; at < CHR_CHUNK + 2;
             at++) { /* 32: sample by sample; 33: other pieces in each chunk */
            rig_cut cut = at < CHR_CHUNK ? RIG_AT : at == CHR_CHUNK ? RIG_SINGLE : RIG_RANDOM;
            rig *r = run(s, isa, lanes, 0, cut, at, false);
            char what[200];
            snprintf(what, sizeof what, "%s, cut at %d", stimulus_name(s), at);
            for (int lane = 0; lane < lanes; lane++)
                expect_same(whole, lane, 0, r, lane, s->n, what, isa);
            rig_close(r);
        }
        rig_close(whole);
        stimulus_free(s);
    }
}
static void same_however_a_chunk_is_cut(const chr_module *m) {
    same_in_lanes_however_cut(m, 8);
    same_in_lanes_however_cut(m, 1);
}

static void same_for_a_constant_and_a_signal_of_it(const chr_module *m) {
    const char *isa = chr_registry_best_isa();
    for (int number = 0; number < stimulus_count(m); number++) {
        stimulus *s = stimulus_new(m, number, SAMPLES);
        if (s->kind != STIMULUS_MOVING) {
            rig *still = run(s, isa, 16, 0, RIG_WHOLE, 0, false),
                *moving = run(s, isa, 16, 0, RIG_WHOLE, 0, true);
            for (int lane = 0; lane < 16; lane++)
                expect_same(still, lane, 0, moving, lane, s->n, stimulus_name(s), isa);
            rig_close(still);
            rig_close(moving);
            /* and with constant inputs */
            for (int pass = 0; pass < 3; pass++) {
                rig *pair[2];
                for (int k = 0; k < 2; k++) {
                    pair[k] = rig_open(rig_module(m->name, isa, 8), 8, rate_hz, SEED);
                    stimulus_connect(s, pair[k], 0);
                    for (int p = 0; p < m->n_inputs; p++)
                        for (int lane = 0; lane < 8; lane++)
                            pair[k]->input[p][lane] = (rig_source){.value = (float)pass * 0.5f};
                    pair[k]->as_signals = k == 1;
                    rig_run(pair[k], s->n);
                }
                for (int lane = 0; lane < 8; lane++)
                    expect_same(pair[0], lane, 0, pair[1], lane, s->n, stimulus_name(s), isa);
                rig_close(pair[0]);
                rig_close(pair[1]);
            }
        }
        stimulus_free(s);
    }
}

/* One instance alone in its group, and one among others that scream or have failed. */
static void untouched_by_its_neighbours(const chr_module *m) {
    const char *isa = chr_registry_best_isa();
    static float broken[SAMPLES], loud[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
        broken[i] = NAN;
        loud[i] = i % 3 ? 1e6f : -1e6f;
    }
    for (int number = 0; number < stimulus_count(m); number++) {
        stimulus *s = stimulus_new(m, number, SAMPLES);
        rig *quiet = run(s, isa, 8, 0, RIG_WHOLE, 0, false);
        rig *r = rig_open(rig_module(m->name, isa, 8), 8, rate_hz, SEED);
        stimulus_connect(s, r, 0);
        for (int lane = 0; lane < 8; lane++)
            for (int k = 0; k < m->n_inputs; k++)
                if (lane != 3)
                    r->input[k][lane].signal = lane % 2 ? broken : loud;
        for (int k = 0; k < m->n_params; k++)
            if (!m->params[k].choices && s->param[k][5])
                r->param[k][5].signal = broken;
        rig_run(r, s->n);
        expect_same(quiet, 3, 0, r, 3, s->n, stimulus_name(s), isa);
        rig_close(quiet);
        rig_close(r);
        stimulus_free(s);
    }
}

static void goes_on_when_its_column_moves_to_another_group(const chr_module *m) {
    const char *isa = chr_registry_best_isa();
    enum { MOVED_AT = 353 };
    size_t per_lane = m->state_bytes;
    for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++)
        assert_int_equal(rig_module(m->name, isa, widths[w])->state_bytes,
                         per_lane * (size_t)widths[w]);
    for (int number = 0; number < stimulus_count(m); number++) {
        stimulus *s = stimulus_new(m, number, SAMPLES);
        rig *stays = run(s, isa, 8, 0, RIG_WHOLE, 0, false);
        rig *leaves = rig_open(rig_module(m->name, isa, 8), 8, rate_hz, SEED);
        stimulus_connect(s, leaves, 0);
        rig_run(leaves, MOVED_AT);
        rig *arrives = rig_open(rig_module(m->name, isa, 16), 16, rate_hz, 4711);
        for (int lane = 0; lane < 16; lane++)
            stimulus_connect_lane(s, lane == 9 ? 3 : lane, arrives, lane);
        rig_run(arrives, MOVED_AT);
        rig_move_lane(leaves, 3, arrives, 9);
        rig_run(arrives, SAMPLES - MOVED_AT);
        expect_same(stays, 3, MOVED_AT, arrives, 9, SAMPLES - MOVED_AT, stimulus_name(s), isa);
        rig_close(stays);
        rig_close(leaves);
        rig_close(arrives);
        stimulus_free(s);
    }
}

static void process_is_emit_and_accept_sample_by_sample(const chr_module *m) {
    assert_int_equal(!m->emit, !m->accept);
    if (!m->emit)
        return;
    for (int number = 0; number < stimulus_count(m); number++) {
        stimulus *s = stimulus_new(m, number, SAMPLES);
        rig *whole = run(s, chr_registry_best_isa(), 8, 0, RIG_WHOLE, 0, false);
        rig *cycle = run(s, chr_registry_best_isa(), 8, 0, RIG_EMIT, 0, false);
        for (int lane = 0; lane < 8; lane++)
            expect_same(whole, lane, 0, cycle, lane, s->n, stimulus_name(s), "emit and accept");
        rig_close(whole);
        rig_close(cycle);
        stimulus_free(s);
    }
}

#define OVER_ALL(test)                                                                             \
    static void every_module_is_##test(void **state) {                                             \
        (void)state;                                                                               \
        for_every_module(test);                                                                    \
    }
OVER_ALL(same_in_every_build)
OVER_ALL(same_however_a_chunk_is_cut)
OVER_ALL(same_for_a_constant_and_a_signal_of_it)
OVER_ALL(untouched_by_its_neighbours)

static void every_module_goes_on_when_its_column_moves(void **state) {
    (void)state;
    for_every_module(goes_on_when_its_column_moves_to_another_group);
}
static void in_every_module_process_is_emit_and_accept(void **state) {
    (void)state;
    for_every_module(process_is_emit_and_accept_sample_by_sample);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_module_is_same_in_every_build),
        cmocka_unit_test(every_module_is_same_however_a_chunk_is_cut),
        cmocka_unit_test(every_module_is_same_for_a_constant_and_a_signal_of_it),
        cmocka_unit_test(every_module_is_untouched_by_its_neighbours),
        cmocka_unit_test(every_module_goes_on_when_its_column_moves),
        cmocka_unit_test(in_every_module_process_is_emit_and_accept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
