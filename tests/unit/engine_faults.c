/* tests/unit/engine_faults.c: values that are not finite, or as good as: who makes them is silent
 * and named, and nobody else differs by a bit. SPDX-License-Identifier: MIT */
#include "runtime/engine_inner.h"
#include "tests/support/engine_kit.h"
#include "tests/support/ir_maker.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { RATE = 48000, CHUNKS = 300 };

/* Another patch: a filtered saw through an echo. */
static void add_good(ir_maker *m) {
    uint32_t o = ir_owner(m, "good", 1);
    uint32_t saw = ir_node(m, o, "saw", "saw", 1), lpf = ir_node(m, o, "lpf", "lpf", 1);
    uint32_t echo = ir_node(m, o, "delay", "delay", 1);
    ir_set(m, saw, "freq", 110.0);
    ir_wire(m, lpf, "in", saw, 0);
    ir_wire(m, echo, "in", lpf, 0);
    ir_out(m, o, echo, 0);
}

/* Five voices, each a saw times a number > low pass; those of one voice are another number. */
static chr_ir *session(double number, uint32_t voice, double its_number, const char *then) {
    ir_maker m = ir_begin();
    add_good(&m);
    uint32_t o = ir_owner(&m, "keys", 5);
    uint32_t saw = ir_node(&m, o, "saw", "saw", 5), last = ir_node(&m, o, "mul", "boom", 5);
    ir_set(&m, saw, "freq", 55.0);
    ir_set(&m, last, "a", number);
    ir_set(&m, last, "b", 1.0);
    ir_set_one(&m, last, "a", voice, its_number);
    ir_set_one(&m, last, "b", voice, its_number);
    if (then) {
        uint32_t next = ir_node(&m, o, then, "then", 5);
        const chr_module *d = m.nodes[next].module;
        for (int k = 0; k < d->n_inputs; k++) /* left and right, where it has two */
            ir_wire(&m, next, d->inputs[k].name, last, 0);
        last = next;
    }
    uint32_t mix = ir_sum(&m, o, "mix", "mix", last);
    ir_out(&m, o, mix, 0);
    return ir_end(&m);
}

static chr_engine *engine_of(chr_ir *ir, int lanes) {
    chr_engine_options o = {
        .rate_hz = RATE, .lanes = lanes, .ceiling = true, .stems = true, .n_channels = 2};
    chr_engine *e = chr_engine_new(&o);
    assert_non_null(e);
    assert_int_equal(chr_engine_offer(e, ir, NULL), CHR_OK);
    return e;
}

/* Renders both, and compares one patch of them. */
static void same_stem(chr_engine *a, chr_engine *b, const char *name) {
    for (int k = 0; k < CHUNKS; k++) {
        float x[2 * CHR_CHUNK], y[2 * CHR_CHUNK];
        chr_engine_tend(a);
        chr_engine_tend(b);
        chr_engine_render(a, x, CHR_CHUNK);
        chr_engine_render(b, y, CHR_CHUNK);
        for (int i = 0; i < 2 * CHR_CHUNK; i++)
            assert_true(isfinite(x[i]) && isfinite(y[i]));
        assert_memory_equal(kit_stem(a, name), kit_stem(b, name), CHR_CHUNK * sizeof(float));
    }
}

static const int widths[] = {0, 1, 4, 16};

static void other_patches_differ_by_no_bit(void **state) {
    (void)state;
    static const char *const behind[] = {NULL,     "lpf",   "ladder",     "delay", "reverb",
                                         "chorus", "drive", "compressor", "slew",  "bpf"};
    static const double numbers[] = {1e30, 1e20, 1.8e19, -1e30};
    for (size_t w = 0; w < 2; w++)
        for (size_t k = 0; k < sizeof behind / sizeof behind[0]; k++)
            for (size_t i = 0; i < 4; i++) {
                chr_engine *a = engine_of(session(1.0, 2, numbers[i], behind[k]), widths[w]);
                chr_engine *b = engine_of(session(1.0, 2, 0.0, behind[k]), widths[w]);
                same_stem(a, b, "good");
                chr_engine_free(a);
                chr_engine_free(b);
            }
}

static void the_voice_that_fails_alone_is_silent(void **state) {
    (void)state;
    for (size_t w = 0; w < 4; w++) {
        chr_engine *a = engine_of(session(1.0, 2, 1e30, NULL), widths[w]);
        chr_engine *b = engine_of(session(1.0, 2, 0.0, NULL), widths[w]);
        same_stem(a, b, "keys");
        assert_true(chr_engine_read(a).faults > 0);
        assert_int_equal(chr_engine_read(b).faults, 0);
        assert_string_equal(chr_engine_next_fault(a), "keys.boom");
        chr_engine_free(a);
        chr_engine_free(b);
    }
}

/* Each voice is finite, their sum is not. */
static void a_sum_that_overflows_is_silenced_and_named(void **state) {
    (void)state;
    chr_engine *a = engine_of(session(3e38, 2, 1.8e19, NULL), 0);
    chr_engine *b = engine_of(session(0.0, 2, 0.0, NULL), 0);
    same_stem(a, b, "good");
    assert_true(chr_engine_read(a).faults > 0);
    assert_string_equal(chr_engine_next_fault(a), "keys.mix");
    chr_engine_free(a);
    chr_engine_free(b);
}

/* True if an instruction of that name is looked at. */
static bool is_looked_at(const chr_engine *e, const char *name) {
    const chr_graph *g = e->audio.graph;
    for (uint32_t i = 0; i < g->n_instrs; i++)
        if (g->instrs[i].op != CHR_OP_GATHER &&
            !strcmp(g->text + g->names[g->instrs[i].names], name))
            return g->instrs[i].look == CHR_LOOK_ALL;
    fail_msg("no %s", name);
    return false;
}

static void what_cannot_be_too_great_is_not_looked_at(void **state) {
    (void)state;
    /* Five products of two numbers: none is too great; all together may be; one may be. */
    static const double numbers[] = {1.0, 1e38, 1.0};
    for (size_t k = 0; k < 3; k++) {
        chr_engine *e = engine_of(session(numbers[k], 2, k == 2 ? 1e20 : 1.0, NULL), 0);
        float out[2 * CHR_CHUNK];
        chr_engine_render(e, out, CHR_CHUNK);
        assert_false(is_looked_at(e, "keys.saw"));
        assert_int_equal(is_looked_at(e, "keys.boom"), k == 2);
        assert_int_equal(is_looked_at(e, "keys.mix"), k > 0);
        assert_true(is_looked_at(e, "good.lpf"));
        assert_true(is_looked_at(e, "master"));
        chr_engine_free(e);
    }
}

/* Feedback that grows without end, through a long line: it fails again and again, and no chunk
 * takes long for it. */
static void feedback_that_explodes_starts_afresh(void **state) {
    (void)state;
    ir_maker m = ir_begin();
    add_good(&m);
    uint32_t o = ir_owner(&m, "loop", 1);
    uint32_t grow = ir_node(&m, o, "mul", "grow", 1), back = ir_node(&m, o, "delay", "back", 1);
    uint32_t sum = ir_node(&m, o, "add", "sum", 1);
    ir_wire(&m, grow, "a", back, 0);
    ir_set(&m, grow, "b", 1e12);
    ir_set(&m, back, "time", 0.002);
    ir_set(&m, sum, "a", 1.0);
    ir_wire(&m, sum, "b", grow, 0);
    ir_wire(&m, back, "in", sum, 0);
    ir_out(&m, o, sum, 0);
    chr_engine *a = engine_of(ir_end(&m), 0);
    chr_engine *b = engine_of(session(1.0, 2, 0.0, NULL), 0);
    same_stem(a, b, "good");
    assert_true(chr_engine_read(a).faults > 0);
    chr_engine_free(a);
    chr_engine_free(b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_patches_differ_by_no_bit),
        cmocka_unit_test(the_voice_that_fails_alone_is_silent),
        cmocka_unit_test(what_cannot_be_too_great_is_not_looked_at),
        cmocka_unit_test(a_sum_that_overflows_is_silenced_and_named),
        cmocka_unit_test(feedback_that_explodes_starts_afresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
