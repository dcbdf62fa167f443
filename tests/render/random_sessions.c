/* tests/render/random_sessions.c: sessions from seeds, evaluated again and again while they sound.
 * Nothing faults or is left over, and the bits are the same for every lane count, instruction set
 * and block size. CHRONUS_SEEDS=FROM,COUNT runs others than the ones of every day.
 * SPDX-License-Identifier: MIT */
#include "dsp/registry.h"
#include "lang/hash.h"
#include "runtime/engine.h"
#include "tests/support/random_session.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { VERSIONS = 24, TICK = 256, TAIL = 20 };

/* Versions and how far apart they are: after their fades, and in the middle of them. */
typedef struct pacing {
    int versions, ticks;
} pacing;
static const pacing patient = {8, 10}, hasty = {VERSIONS, 1};

static uint64_t hash_of(uint64_t h, const float *x, size_t n) {
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, x + i, sizeof bits);
        h = chr_hash_more(h, bits);
    }
    return h;
}

typedef struct take {
    uint64_t hash[VERSIONS + 1]; /* after each version, and after the tail */
} take;

/* Offers fall on the start of a tick, and so on the start of a chunk, whatever the block. */
static void play_tick(chr_engine *e, int block, take *t, int version) {
    static float out[2 * TICK];
    chr_engine_tend(e);
    for (int at = 0; at < TICK; at += block)
        chr_engine_render(e, out + 2 * at, TICK - at < block ? TICK - at : block);
    for (int i = 0; i < 2 * TICK; i++)
        assert_true(isfinite(out[i]));
    t->hash[version] = hash_of(t->hash[version], out, 2 * TICK);
}

static take play(uint32_t seed, pacing pace, const char *isa, int lanes, int block) {
    static const float rates[] = {48000.0f, 8000.0f, 44100.0f, 192000.0f};
    chr_engine_options o = {.rate_hz = rates[seed % 4],
                            .isa = isa,
                            .lanes = lanes,
                            .ceiling = true,
                            .stems = seed % 3 == 0,
                            .n_channels = 2};
    chr_engine *e = chr_engine_new(&o);
    assert_non_null(e);
    take t;
    memset(&t, 0, sizeof t);
    for (int v = 0; v < pace.versions; v++) {
        assert_int_equal(chr_engine_offer(e, random_session(seed, (uint32_t)v), NULL), CHR_OK);
        if (v == 0 || v == 5)
            chr_engine_play(e);
        if (v == 4)
            chr_engine_stop_now(e);
        if (v == 6 && seed % 4 == 1)
            chr_engine_hush(e);
        for (int k = 0; k < pace.ticks; k++)
            play_tick(e, block, &t, v);
    }
    /* A fade of 50 ms, twice: the one under way, and that of the version that waits. */
    for (int k = 0; k < TAIL || k * TICK < (int)(o.rate_hz * 0.12f); k++)
        play_tick(e, block, &t, VERSIONS);
    chr_engine_tend(e);
    assert_int_equal(chr_engine_read(e).graphs_alive, 1);
    chr_engine_free(e);
    return t;
}

static void compare(uint32_t seed, pacing pace, const char *isa, int lanes, int block,
                    const take *with) {
    take t = play(seed, pace, isa, lanes, block);
    for (int v = 0; v <= VERSIONS; v++)
        if (t.hash[v] != with->hash[v])
            fail_msg("seed %u, version %d: %s, %d lanes, blocks of %d differ", seed, v,
                     isa ? isa : "best", lanes, block);
}

static void same_bits(pacing pace) {
    unsigned from = 1, count = 8;
    const char *asked = getenv("CHRONUS_SEEDS");
    if (asked && sscanf(asked, "%u,%u", &from, &count) != 2)
        fail_msg("CHRONUS_SEEDS is FROM,COUNT");
    for (uint32_t seed = from; seed < from + count; seed++) {
        take t = play(seed, pace, NULL, 0, 32);
        static const int lanes[] = {1, 4, 8, 16}, blocks[] = {256, 7, 33, 1};
        for (int k = 0; k < 4; k++)
            compare(seed, pace, NULL, lanes[k], blocks[k], &t);
        if (chr_registry_build("x86-64", 4))
            compare(seed, pace, "x86-64", 0, 64, &t);
    }
}

static void any_session_survives_any_edit_with_the_same_bits(void **state) {
    (void)state;
    same_bits(patient);
}

static void and_any_edit_in_the_middle_of_another(void **state) {
    (void)state;
    same_bits(hasty);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_session_survives_any_edit_with_the_same_bits),
        cmocka_unit_test(and_any_edit_in_the_middle_of_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
