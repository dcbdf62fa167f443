/* tests/render/several_threads.c: a rendering that several threads share gives the samples of one,
 * while sessions change in the middle of fades, and whatever goes wrong in them; and each task is
 * done once, after what it reads. tests/realtime/tsan.sh runs this under the thread sanitizer.
 * SPDX-License-Identifier: MIT */
#include "runtime/engine_inner.h"
#include "runtime/parts.h"
#include "tests/support/engine_kit.h"
#include "tests/support/ir_maker.h"
#include "tests/support/random_session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SEEDS = 3, VERSIONS = 12, TICK = 256 };

static chr_engine *engine_with(int threads) {
    chr_engine_options o = {.rate_hz = KIT_RATE,
                            .ceiling = true,
                            .stems = true,
                            .n_channels = 2,
                            .threads = threads,
                            .share_always = true};
    chr_engine *e = chr_engine_new(&o);
    assert_non_null(e);
    return e;
}

/* The next block of both, the master and every stem. */
static void same_block(chr_engine *one, chr_engine *several, uint32_t seed, int version) {
    float x[2 * CHR_CHUNK], y[2 * CHR_CHUNK];
    for (int at = 0; at < TICK; at += CHR_CHUNK) {
        chr_engine_tend(one);
        chr_engine_tend(several);
        chr_engine_render(one, x, CHR_CHUNK);
        chr_engine_render(several, y, CHR_CHUNK);
        if (memcmp(x, y, sizeof x) != 0)
            fail_msg("seed %u, version %d: other samples", seed, version);
        const char *name, *other;
        const float *left[2], *right[2];
        for (int i = 0; chr_engine_stem(one, i, &name, &left[0], &right[0]); i++) {
            assert_true(chr_engine_stem(several, i, &other, &left[1], &right[1]));
            assert_string_equal(name, other);
            assert_memory_equal(left[0], left[1], CHR_CHUNK * sizeof(float));
            assert_memory_equal(right[0], right[1], CHR_CHUNK * sizeof(float));
        }
    }
}

static void any_session_and_any_edit_sound_the_same(void **state) {
    (void)state;
    static const int crews[] = {2, 3, 8};
    for (int c = 0; c < 3; c++)
        for (uint32_t seed = 1; seed <= SEEDS; seed++) {
            chr_engine *one = engine_with(1), *several = engine_with(crews[c]);
            for (int v = 0; v < VERSIONS; v++) {
                kit_offer(one, random_session(seed, (uint32_t)v));
                kit_offer(several, random_session(seed, (uint32_t)v));
                if (v == 0 || v == 5) {
                    chr_engine_play(one);
                    chr_engine_play(several);
                }
                for (int k = 0; k < 1 + v % 3 * 4; k++)
                    same_block(one, several, seed, v);
            }
            chr_engine_free(one);
            chr_engine_free(several);
        }
}

/* Patches, each with voices that boom: values that are not finite. */
static chr_ir *faulty(void) {
    static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
    ir_maker m = ir_begin();
    for (int i = 0; i < 6; i++) {
        uint32_t o = ir_owner(&m, names[i], 3);
        uint32_t saw = ir_node(&m, o, "saw", "saw", 3), boom = ir_node(&m, o, "mul", "boom", 3);
        uint32_t echo = ir_node(&m, o, "delay", "delay", 3);
        ir_wire(&m, boom, "a", saw, 0);
        ir_set(&m, boom, "b", i % 2 ? 3e38 * 10.0 : 0.5);
        ir_wire(&m, echo, "in", boom, 0);
        ir_out(&m, o, ir_sum(&m, o, "mix", "mix", echo), 0);
    }
    return ir_end(&m);
}

static void faults_are_told_in_the_same_order(void **state) {
    (void)state;
    chr_engine *one = engine_with(1), *several = engine_with(3);
    kit_offer(one, faulty());
    kit_offer(several, faulty());
    int told = 0;
    for (int k = 0; k < 20; k++) {
        same_block(one, several, 0, k);
        for (const char *name; (name = chr_engine_next_fault(one)); told++)
            assert_string_equal(name, chr_engine_next_fault(several));
        assert_null(chr_engine_next_fault(several));
    }
    assert_true(told > 3);
    assert_int_equal(chr_engine_read(one).faults, chr_engine_read(several).faults);
    chr_engine_free(one);
    chr_engine_free(several);
}

/* Runs a plan as threads would that always let the last of them that can go on do so. */
static void play_plan(const chr_parts *p, uint32_t n_threads) {
    uint32_t done[CHR_CREW_MOST] = {0}, n = 0;
    bool *is_done = calloc(p->n + 1, sizeof *is_done);
    assert_non_null(is_done);
    while (n < p->n) {
        uint32_t t = n_threads;
        bool can = false;
        while (t-- > 0 && !can) {
            if (p->first[t] + done[t] == p->first[t + 1])
                continue;
            const chr_part *part = &p->part[p->first[t] + done[t]];
            can = true;
            for (uint32_t w = 0; w < part->n_waits; w++)
                can &= done[p->waits[part->waits + w].thread] >= p->waits[part->waits + w].done;
            if (!can)
                continue;
            for (uint32_t r = p->reads_from[part->task]; r < p->reads_from[part->task + 1]; r++)
                assert_true(is_done[p->reads[r]]);
            assert_false(is_done[part->task]);
            is_done[part->task] = true;
            done[t]++;
            n++;
        }
        assert_true(can); /* nobody waits for nobody */
    }
    free(is_done);
}

static void each_task_is_done_once_after_what_it_reads(void **state) {
    (void)state;
    chr_engine *e = engine_with(8);
    uint32_t seed = 1;
    for (int v = 0; v < 24; v++) {
        kit_offer(e, random_session(7, (uint32_t)v));
        kit_skip(e, TICK, TICK);
        chr_parts *p = e->audio.graph->parts;
        assert_non_null(p);
        for (uint32_t n = 1; n <= CHR_CREW_MOST; n++) {
            for (uint32_t k = 0; k < p->n; k++, seed = seed * 1664525u + 1013904223u)
                p->cost_ns[k] = (float)(seed >> 20);
            chr_parts_plan(p, n);
            play_plan(p, n);
        }
    }
    chr_engine_free(e);
}

static void two_threads_get_half_the_work_each(void **state) {
    (void)state;
    ir_maker m = ir_begin();
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    for (int i = 0; i < 8; i++) {
        uint32_t o = ir_owner(&m, names[i], 1);
        uint32_t saw = ir_node(&m, o, "saw", "saw", 1),
                 echo = ir_node(&m, o, "reverb", "reverb", 1);
        ir_wire(&m, echo, "left", saw, 0);
        ir_out(&m, o, echo, 1);
    }
    chr_engine *e = engine_with(2);
    kit_offer(e, ir_end(&m));
    kit_skip(e, TICK, TICK);
    chr_parts *p = e->audio.graph->parts;
    float all = 0.0f, first = 0.0f;
    for (uint32_t k = 0; k < p->n; k++)
        all += p->cost_ns[k] = 1000.0f;
    chr_parts_plan(p, 2);
    for (uint32_t i = 0; i < p->first[1]; i++)
        first += p->cost_ns[p->part[i].task];
    assert_true(first > 0.4f * all && first < 0.6f * all);
    chr_engine_free(e);
}

static void count_one(void *context, uint32_t i) {
    ((uint32_t *)context)[i] += i + 1;
}

static void other_work_is_done_once_each(void **state) {
    (void)state;
    static const int crews[] = {1, 2, 8};
    for (int c = 0; c < 3; c++) {
        chr_engine *e = engine_with(crews[c]);
        uint32_t done[100] = {0};
        kit_offer(e, random_session(3, 0));
        for (uint32_t n = 0; n <= 100; n += 25) {
            memset(done, 0, sizeof done);
            chr_engine_share(e, n, count_one, done);
            for (uint32_t i = 0; i < 100; i++)
                assert_int_equal(done[i], i < n ? i + 1 : 0);
            kit_skip(e, TICK, TICK);
        }
        chr_engine_free(e);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_session_and_any_edit_sound_the_same),
        cmocka_unit_test(faults_are_told_in_the_same_order),
        cmocka_unit_test(each_task_is_done_once_after_what_it_reads),
        cmocka_unit_test(other_work_is_done_once_each),
        cmocka_unit_test(two_threads_get_half_the_work_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
