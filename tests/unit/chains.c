/* tests/unit/chains.c: products, sums and differences of one node after the other are one
 * instruction, and give the bits that each of them by itself would. SPDX-License-Identifier: MIT */
#include "dsp/registry.h"
#include "runtime/engine_inner.h"
#include "tests/support/ir_maker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static uint32_t seed = 1;
static float some(void) {
    seed = seed * 1664525u + 1013904223u;
    return (float)((int32_t)seed >> 8) * 0x1p-21f;
}

/* One number of a chain, rounded at each step. */
static float expected(const chr_arg *args, uint32_t n, uint32_t steps, uint32_t lanes, uint32_t i,
                      uint32_t l) {
    volatile float x = args[0].v[i * args[0].step * lanes + l];
    for (uint32_t k = 1; k < n; k++) {
        float y = args[k].v[i * args[k].step * lanes + l];
        switch ((chr_step)(steps >> 2 * (k - 1) & 3u)) {
        case CHR_STEP_TIMES:
            x = x * y;
            break;
        case CHR_STEP_PLUS:
            x = x + y;
            break;
        case CHR_STEP_MINUS:
            x = x - y;
            break;
        case CHR_STEP_FROM:
            x = y - x;
            break;
        }
    }
    return x;
}

static void try_chain(const chr_ops *ops, uint32_t lanes, uint32_t n, int from, int to) {
    static _Alignas(64) float rows[CHR_CHAIN_MOST][CHR_CHUNK * 16], out[CHR_CHUNK * 16];
    chr_arg args[CHR_CHAIN_MOST];
    uint32_t steps = 0;
    for (uint32_t k = 0; k < n; k++) {
        for (uint32_t i = 0; i < CHR_CHUNK * lanes; i++)
            rows[k][i] = some();
        args[k] = (chr_arg){rows[k], some() > 0.0f};
        steps |= k ? (seed >> 20 & 3u) << 2 * (k - 1) : 0;
    }
    for (uint32_t i = 0; i < CHR_CHUNK * lanes; i++)
        out[i] = 7.0f;
    ops->chain(out, args, n, steps, lanes, from, to);
    for (int i = 0; i < CHR_CHUNK; i++)
        for (uint32_t l = 0; l < lanes; l++) {
            float x = i < from || i >= to ? 7.0f : expected(args, n, steps, lanes, (uint32_t)i, l);
            assert_memory_equal(&x, &out[(uint32_t)i * lanes + l], sizeof x);
        }
}

static void a_chain_is_rounded_as_its_nodes_are(void **state) {
    (void)state;
    static const char *const isas[] = {"x86-64", "x86-64-v3", "x86-64-v4", "aarch64"};
    static const int cuts[][2] = {
        {0,  CHR_CHUNK},
        {13, 14       },
        {5,  CHR_CHUNK},
        {0,  31       },
        {17, 50       }
    };
    static const uint32_t widths[] = {1, 4, 8, 16};
    int tried = 0;
    for (size_t k = 0; k < sizeof isas / sizeof *isas; k++) {
        const chr_build *build = chr_registry_build(isas[k], 16);
        for (size_t w = 0; build && w < 4; w++)
            for (uint32_t n = 2; n <= CHR_CHAIN_MOST; n++)
                for (size_t c = 0; c < sizeof cuts / sizeof *cuts; c++, tried++)
                    for (int again = 0; again < 4; again++)
                        try_chain(build->ops, widths[w], n, cuts[c][0], cuts[c][1]);
    }
    assert_true(tried > 0);
}

/* Instructions of an operation in what plays. */
static uint32_t count(const chr_engine *e, chr_op op) {
    const chr_graph *g = e->audio.graph;
    uint32_t n = 0;
    for (uint32_t i = 0; i < g->n_instrs; i++)
        n += g->instrs[i].op == op;
    return n;
}

/* (saw * 0.5 + 0.25) * sine; `shared`: the product is heard as well. */
static chr_engine *play(bool shared, float to[2 * CHR_CHUNK]) {
    ir_maker m = ir_begin();
    uint32_t o = ir_owner(&m, "tone", 1);
    uint32_t saw = ir_node(&m, o, "saw", "saw", 1), sine = ir_node(&m, o, "sine", "sine", 1);
    uint32_t half = ir_node(&m, o, "mul", "half", 1), more = ir_node(&m, o, "add", "more", 1);
    uint32_t ring = ir_node(&m, o, "mul", "ring", 1);
    ir_wire(&m, half, "a", saw, 0);
    ir_set(&m, half, "b", 0.5);
    ir_set(&m, more, "a", 0.25);
    ir_wire(&m, more, "b", half, 0);
    ir_wire(&m, ring, "a", sine, 0);
    ir_wire(&m, ring, "b", more, 0);
    ir_out(&m, o, ring, 0);
    if (shared)
        ir_out(&m, ir_owner(&m, "other", 1), half, 0);
    chr_engine_options options = {
        .rate_hz = 48000, .lanes = 0, .ceiling = false, .stems = true, .n_channels = 2};
    chr_engine *e = chr_engine_new(&options);
    assert_non_null(e);
    assert_int_equal(chr_engine_offer(e, ir_end(&m), NULL), CHR_OK);
    for (int k = 0; k < 20; k++)
        chr_engine_render(e, to, CHR_CHUNK);
    return e;
}

static void what_nobody_else_reads_is_joined(void **state) {
    (void)state;
    float out[2 * CHR_CHUNK], alone[CHR_CHUNK];
    const char *name;
    const float *left, *right;
    chr_engine *e = play(false, out);
    assert_true(chr_engine_stem(e, 1, &name, &left, &right));
    memcpy(alone, left, sizeof alone);
    assert_int_equal(count(e, CHR_OP_CHAIN), 1);
    assert_int_equal(count(e, CHR_OP_PROCESS), 2);
    chr_engine_free(e);
    e = play(true, out);
    assert_int_equal(count(e, CHR_OP_CHAIN), 1);
    assert_int_equal(count(e, CHR_OP_PROCESS), 3);
    assert_true(chr_engine_stem(e, 1, &name, &left, &right));
    assert_string_equal(name, "tone");
    assert_memory_equal(alone, left, sizeof alone);
    assert_true(left[5] < left[6] || left[5] > left[6]);
    chr_engine_free(e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chain_is_rounded_as_its_nodes_are),
        cmocka_unit_test(what_nobody_else_reads_is_joined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
