/* tests/unit/engine_panic.c: hush and panic leave nothing behind, however long the echoes are.
 * SPDX-License-Identifier: MIT */
#include "tests/support/engine_kit.h"
#include "tests/support/ir_maker.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { RATE = KIT_RATE };

/* Notes into four echoes of many seconds each: histories of some tens of megabytes. */
static chr_ir *echoes(void) {
    ir_maker m = ir_begin();
    uint32_t o = ir_owner(&m, "keys", 4), saw = ir_node(&m, o, "saw", "saw", 4),
             env = ir_node(&m, o, "env", "env", 4), echo = ir_node(&m, o, "delay", "delay", 4);
    ir_voice(&m, saw, "freq", CHR_VOICE_FREQ);
    ir_wire(&m, env, "in", saw, 0);
    ir_voice(&m, env, "gate", CHR_VOICE_GATE);
    ir_wire(&m, echo, "in", env, 0);
    for (uint32_t i = 0; i < 4; i++)
        ir_set_one(&m, echo, "time", i, 0.2 + 3.0 * i);
    uint32_t mix = ir_sum(&m, o, "mix", "mix", echo);
    ir_out(&m, o, mix, 0);
    static const float notes[] = {48, 52, 55, 60};
    ir_pattern(&m, o, "keys", notes, 4, 1, 4);
    return ir_end(&m);
}

static float peak(chr_engine *e, int frames) {
    float *x = kit_render(e, frames, 64), most = 0.0f;
    for (int i = 0; i < 2 * frames; i++)
        most = fmaxf(most, fabsf(x[i]));
    free(x);
    return most;
}

static void ends_at_once(void (*end)(chr_engine *e), int within) {
    chr_engine *e = kit_engine(0, false);
    kit_offer(e, echoes());
    chr_engine_play(e);
    assert_true(peak(e, 4 * RATE) > 0.1f);
    end(e);
    peak(e, within);
    assert_true(peak(e, 11 * RATE) == 0.0f);
    assert_false(chr_engine_read(e).running);
    assert_int_equal(chr_engine_read(e).voices, 0);
    chr_engine_play(e); /* and all is there again */
    assert_true(peak(e, RATE) > 0.1f);
    chr_engine_free(e);
}

static void nothing_is_left_after_hush(void **state) {
    (void)state;
    ends_at_once(chr_engine_hush, RATE / 20 + 64);
}

static void nothing_is_left_after_panic(void **state) {
    (void)state;
    ends_at_once(chr_engine_panic, RATE / 200 + 64);
}

static void panic_does_not_wait_for_hush(void **state) {
    (void)state;
    chr_engine *e = kit_engine(0, false);
    kit_offer(e, echoes());
    chr_engine_play(e);
    peak(e, RATE);
    chr_engine_hush(e);
    assert_true(peak(e, RATE / 100) > 0.0f);
    chr_engine_panic(e);
    peak(e, RATE / 200 + 64);
    assert_true(peak(e, RATE) == 0.0f);
    chr_engine_free(e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_left_after_hush),
        cmocka_unit_test(nothing_is_left_after_panic),
        cmocka_unit_test(panic_does_not_wait_for_hush),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
