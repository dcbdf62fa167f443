/* tests/unit/engine_limits.c: the engine at its edges: many nodes, many voices, many channels,
 * extreme rates and tempos, patterns of tiny and of huge ticks. SPDX-License-Identifier: MIT */
#include "runtime/engine.h"
#include "tests/support/ir_maker.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

static chr_engine *engine_at(float rate_hz, int channels, bool stems) {
    chr_engine_options o = {.rate_hz = rate_hz, .stems = stems, .n_channels = channels};
    chr_engine *e = chr_engine_new(&o);
    assert_non_null(e);
    return e;
}

static void render(chr_engine *e, int chunks, int channels) {
    float out[CHR_CHUNK * 64];
    for (int k = 0; k < chunks; k++) {
        chr_engine_tend(e);
        chr_engine_render(e, out, CHR_CHUNK);
        for (int i = 0; i < CHR_CHUNK * channels; i++)
            assert_true(isfinite(out[i]));
    }
}

/* Chains of saw > lpf > hpf …, each patch with a pattern; `turn` is the edit. */
static chr_ir *crowd(uint32_t patches, uint32_t nodes, double turn, bool longer) {
    ir_maker m = ir_begin();
    char name[24];
    for (uint32_t p = 0; p < patches; p++) {
        snprintf(name, sizeof name, "p%u", p);
        uint32_t o = ir_owner(&m, name, 1), last = ir_node(&m, o, "saw", "saw", 1);
        ir_voice(&m, last, "freq", CHR_VOICE_FREQ);
        for (uint32_t k = 1; k < nodes; k++) {
            if (longer && k == nodes / 2) {
                uint32_t more = ir_node(&m, o, "drive", "drive", 1);
                ir_wire(&m, more, "in", last, 0);
                last = more;
            }
            char label[24];
            snprintf(label, sizeof label, "%s%u", k % 2 ? "lpf" : "hpf", k);
            uint32_t next = ir_node(&m, o, k % 2 ? "lpf" : "hpf", label, 1);
            ir_wire(&m, next, "in", last, 0);
            ir_set(&m, next, "cutoff", k % 2 ? 5000.0 * turn : 50.0 * turn);
            last = next;
        }
        ir_out(&m, o, last, 0);
        static const float notes[] = {48, 55, 60};
        ir_pattern(&m, o, name, notes, 3, 1, 4);
    }
    return ir_end(&m);
}

static double offer_ms(chr_engine *e, chr_ir *ir) {
    struct timespec a, b;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    assert_int_equal(chr_engine_offer(e, ir, NULL), CHR_OK);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    return (double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) * 1e-6;
}

/* Figures for the eye; what is asserted is far above them and far below what a square would be. */
static void thousands_of_nodes_are_offered_in_no_time(void **state) {
    (void)state;
    static const uint32_t sizes[][2] = {
        {1,    2000},
        {100,  20  },
        {2000, 1   },
        {200,  100 },
        {5000, 4   }
    };
    for (size_t k = 0; k < 5; k++) {
        uint32_t patches = sizes[k][0], nodes = sizes[k][1];
        chr_engine *e = engine_at(48000, 2, k == 1);
        double first = offer_ms(e, crowd(patches, nodes, 1.0, false));
        chr_engine_play(e);
        render(e, 4, 2);
        double turned = offer_ms(e, crowd(patches, nodes, 1.1, false));
        render(e, 40, 2);
        double longer = offer_ms(e, crowd(patches, nodes, 1.1, true));
        render(e, 40, 2);
        printf("%u patches of %u nodes: first %.1f ms, numbers %.1f ms, structure %.1f ms\n",
               patches, nodes, first, turned, longer);
        assert_true(first < 5000 && turned < 5000 && longer < 5000);
        chr_engine_free(e);
    }
}

static void every_rate_and_tempo_plays(void **state) {
    (void)state;
    static const float rates[] = {8000, 11025, 44100, 192000};
    static const double tempos[] = {1, 97.3, 999}, bars[] = {4, 0.25, 17.5};
    for (size_t r = 0; r < 4; r++)
        for (size_t t = 0; t < 3; t++)
            for (size_t b = 0; b < 3; b++) {
                chr_engine *e = engine_at(rates[r], 2, false);
                chr_ir *ir = crowd(2, 4, 1.0, false);
                ir_time(ir, tempos[t], bars[b]);
                assert_int_equal(chr_engine_offer(e, ir, NULL), CHR_OK);
                chr_engine_play(e);
                render(e, 60, 2);
                chr_engine_stop(e);
                chr_engine_play(e);
                ir = crowd(3, 4, 1.0, true); /* at 120, in the middle */
                assert_int_equal(chr_engine_offer(e, ir, NULL), CHR_OK);
                render(e, 60, 2);
                chr_engine_hush(e);
                chr_engine_hush(e);
                render(e, 400, 2);
                chr_engine_free(e);
            }
}

/* One note, of `length` ticks, `ticks` to a beat. */
static chr_ir *ticking(uint32_t voices, int64_t ticks, int64_t length) {
    ir_maker m = ir_begin();
    uint32_t o = ir_owner(&m, "keys", voices), env = ir_node(&m, o, "env", "env", voices);
    ir_set(&m, env, "in", 1.0);
    ir_voice(&m, env, "gate", CHR_VOICE_GATE);
    ir_out(&m, o, ir_sum(&m, o, "mix", "mix", env), 0);
    static const float notes[] = {60};
    ir_pattern(&m, o, "keys", notes, 1, length, ticks);
    return ir_end(&m);
}

static void patterns_of_tiny_and_huge_ticks_neither_hang_nor_overflow(void **state) {
    (void)state;
    static const int64_t ticks[][2] = {
        {1000000000, 1                  }, /* forty thousand notes a sample */
        {1000000000, 4000000000000000000},
        {1,          1                  },
        {1,          INT64_MAX / 8      },
        {999999937,  9223372036         }
    };
    for (size_t k = 0; k < 5; k++) {
        chr_engine *e = engine_at(8000, 2, false);
        assert_int_equal(chr_engine_offer(e, ticking(256, ticks[k][0], ticks[k][1]), NULL), CHR_OK);
        chr_engine_play(e);
        render(e, 20, 2);
        assert_true(chr_engine_read(e).voices > 0);
        chr_engine_free(e);
    }
}

static void sixty_four_channels_and_as_many_patches(void **state) {
    (void)state;
    chr_engine *e = engine_at(48000, 64, true);
    assert_int_equal(chr_engine_offer(e, crowd(64, 3, 1.0, false), NULL), CHR_OK);
    chr_engine_play(e);
    render(e, 50, 64);
    assert_int_equal(chr_engine_offer(e, crowd(1, 3, 1.0, true), NULL), CHR_OK);
    render(e, 100, 64);
    chr_engine_tend(e);
    assert_int_equal(chr_engine_read(e).graphs_alive, 1);
    chr_engine_free(e);
}

/* A patch may read what another one's notes do: each is cut by its own events alone. */
static void voices_of_two_patches_meet_in_one_module(void **state) {
    (void)state;
    ir_maker m = ir_begin();
    uint32_t a = ir_owner(&m, "a", 1), b = ir_owner(&m, "b", 1);
    uint32_t both = ir_node(&m, b, "add", "add", 1);
    ir_voice(&m, both, "a", CHR_VOICE_NOTE);
    ir_voice(&m, both, "b", CHR_VOICE_NOTE);
    ((chr_strand *)(uintptr_t)m.nodes[both].params)[0].node = a;
    ir_out(&m, b, both, 0);
    static const float low[] = {10, 20, 30}, high[] = {100, 200, 300, 400, 500};
    ir_pattern(&m, a, "a", low, 3, 1, 7);
    ir_pattern(&m, b, "b", high, 5, 1, 11);
    chr_engine *e = engine_at(48000, 2, false);
    assert_int_equal(chr_engine_offer(e, ir_end(&m), NULL), CHR_OK);
    chr_engine_play(e);
    static float out[2 * 48000];
    chr_engine_render(e, out, 48000);
    for (int i = 0; i < 48000; i++) {
        int x = (int)((double)i * 14.0 / 48000.0 + 1e-9),
            y = (int)((double)i * 22.0 / 48000.0 + 1e-9);
        /* Onsets are rounded to samples: leave out the sample at either side. */
        double px = fmod((double)i * 14.0 / 48000.0, 1.0),
               py = fmod((double)i * 22.0 / 48000.0, 1.0);
        if (px < 0.001 || px > 0.999 || py < 0.001 || py > 0.999)
            continue;
        assert_true(out[2 * i] == low[x % 3] + high[y % 5]);
    }
    chr_engine_free(e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thousands_of_nodes_are_offered_in_no_time),
        cmocka_unit_test(every_rate_and_tempo_plays),
        cmocka_unit_test(patterns_of_tiny_and_huge_ticks_neither_hang_nor_overflow),
        cmocka_unit_test(sixty_four_channels_and_as_many_patches),
        cmocka_unit_test(voices_of_two_patches_meet_in_one_module),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
