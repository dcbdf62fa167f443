/* tests/unit/engine_input.c: what the device hears reaches `input`: at once where its blocks are
 * whole chunks, late by less than a chunk where they are not, silence where nothing is heard.
 * SPDX-License-Identifier: MIT */
#include "runtime/engine.h"
#include "tests/support/ir_maker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { FRAMES = 4096, INPUTS = 2 };

static float given[FRAMES][INPUTS], made[FRAMES][2];

/* The channel, alone and as it is. */
static chr_ir *session(double channel) {
    ir_maker m = ir_begin();
    uint32_t o = ir_owner(&m, "ear", 1), input = ir_node(&m, o, "input", "input", 1);
    ir_set(&m, input, "channel", channel);
    ir_out(&m, o, input, 0);
    return ir_end(&m);
}

static float sound(int frame, int channel) {
    return frame < 0 ? 0.0f : (float)(frame % 97 + 1) / (channel ? -128.0f : 128.0f);
}

/* Plays everything in blocks that take turns; the block that begins at frame `deaf` hears nothing.
 */
static void play(double channel, int inputs, const int blocks[2], int deaf) {
    for (int i = 0; i < FRAMES; i++)
        for (int c = 0; c < INPUTS; c++)
            given[i][c] = sound(i, c);
    chr_engine_options options = {.rate_hz = 48000, .n_channels = 2, .n_inputs = inputs};
    chr_engine *e = chr_engine_new(&options);
    assert_non_null(e);
    assert_int_equal(chr_engine_offer(e, session(channel), NULL), CHR_OK);
    for (int at = 0, turn = 0; at < FRAMES; turn++) {
        int n = blocks[turn % 2] < FRAMES - at ? blocks[turn % 2] : FRAMES - at;
        chr_engine_render_heard(e, inputs && at != deaf ? given[at] : NULL, made[at], n);
        at += n;
    }
    chr_engine_free(e);
}

static void a_whole_number_of_chunks_is_heard_at_once(void **state) {
    (void)state;
    static const int sizes[][2] = {
        {64,   64 },
        {128,  256},
        {1024, 64 }
    };
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (int channel = 1; channel <= INPUTS; channel++) {
            play(channel, INPUTS, sizes[s], -1);
            for (int i = 0; i < FRAMES; i++)
                assert_true(made[i][0] == sound(i, channel - 1));
        }
}

static void other_blocks_are_late_by_63_samples_and_lose_nothing(void **state) {
    (void)state;
    static const int sizes[][2] = {
        {48,  48 },
        {1,   1  },
        {441, 441},
        {100, 7  },
        {65,  63 }
    };
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        play(1, INPUTS, sizes[s], -1);
        for (int i = 512; i < FRAMES; i++) /* after the first blocks */
            assert_true(made[i][0] == sound(i - 63, 0));
    }
}

static void what_is_not_heard_is_silence(void **state) {
    (void)state;
    static const int blocks[2] = {64, 64};
    play(3, INPUTS, blocks, -1); /* a channel that the device lacks */
    for (int i = 0; i < FRAMES; i++)
        assert_true(made[i][0] == 0.0f);
    play(1, 0, blocks, -1); /* a device that hears nothing */
    for (int i = 0; i < FRAMES; i++)
        assert_true(made[i][0] == 0.0f);
    play(1, INPUTS, blocks, 1024); /* a clock stands in for it, for one block */
    for (int i = 0; i < FRAMES; i++)
        assert_true(made[i][0] == (i / 64 == 1024 / 64 ? 0.0f : sound(i, 0)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_number_of_chunks_is_heard_at_once),
        cmocka_unit_test(other_blocks_are_late_by_63_samples_and_lose_nothing),
        cmocka_unit_test(what_is_not_heard_is_silence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
