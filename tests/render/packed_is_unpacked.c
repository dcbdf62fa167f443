/* tests/render/packed_is_unpacked.c: sessions whose patches share groups, edited again and again,
 * also while ramps and fades run: one lane by itself, and any packing, give the same bits, patch by
 * patch. SPDX-License-Identifier: MIT */
#include "lang/hash.h"
#include "runtime/player.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { EDITS = 40, PATCHES = 14 };

typedef struct dice {
    uint32_t x;
} dice;

static uint32_t roll(dice *d, uint32_t n) {
    d->x = d->x * 1664525u + 1013904223u;
    return (d->x >> 8) % n;
}

/* What one patch may be; %d is a small number that edits change. Members of a line are alike. */
static const char *const shapes[] = {
    "saw 55+%d > lpf 300+10*%d",
    "[for i in 1..5: saw 40*i+%d > lpf 200*i+%d] > mix 0.2",
    "[for i in 1..3: saw 40*i+%d > lpf 300+200*lfo(0.5*i+%d)] > mix 0.2",
    "(saw 110+%d)*0.3 + (saw 220+%d)*0.2 + (saw 330)*0.1",
    "saw 60+%d > lpf 500+%d as l > hpf 40 as h",
    "saw 70+%d > hpf 40+%d as h",
    "saw 80+%d > hpf 40+%d as h > lpf 700 as l",
    "saw 60+%d > lpf 500+%d > delay 0.03 > (in + 0.2*delay(0.01))",
    "noise*0.1 + tap*0.6 > lpf 900+10*%d > delay 0.01+0.001*%d as tap",
    "[for i in 1..3: noise*0.1+0*%d > comb 0.01*i+0.001*%d] > mix 0.3",
    "sine 100+%d phase=90*sine(50+%d) > pan -0.5 > reverb size=0.2",
    "saw freq*(1+0.01*%d) > env 5ms 50ms 0.5 50ms > lpf 700+%d",
};
enum { SHAPES = sizeof shapes / sizeof *shapes };

typedef struct patch {
    uint32_t shape; /* SHAPES: it is not there */
    int a, b;
    bool slow; /* it fades over 50 ms */
} patch;

static void edit(patch *patches, dice *d) {
    for (uint32_t n = 1 + roll(d, 4); n; n--) {
        patch *p = &patches[roll(d, PATCHES)];
        switch (roll(d, 5)) {
        case 0:
            p->shape = SHAPES;
            break;
        case 1:
        case 2:
            p->shape = roll(d, SHAPES);
            p->slow = roll(d, 4) == 0;
            break;
        default:
            p->a = (int)roll(d, 20);
            p->b = (int)roll(d, 20);
            break;
        }
    }
}

static void write_session(const patch *patches, char *text, size_t room) {
    static const char module[] = "module comb {\n"
                                 "  param time = 10ms in 1ms..1s time \"How far back\"\n"
                                 "  in + tap*0.5 > lpf 900 > delay time as tap\n"
                                 "}\n";
    size_t n = (size_t)snprintf(text, room, "%s", module);
    for (uint32_t i = 0; i < PATCHES; i++) {
        const patch *p = &patches[i];
        if (p->shape == SHAPES)
            continue;
        char sound[256];
        snprintf(sound, sizeof sound, shapes[p->shape], p->a, p->b);
        n += (size_t)snprintf(text + n, room - n, "patch p%u%s: %s > out\n", i,
                              p->slow ? " fade=50ms" : "", sound);
        if (p->shape == SHAPES - 1)
            n += (size_t)snprintf(text + n, room - n, "sequence p%u: x.xx\n", i);
        assert_true(n < room);
    }
    snprintf(text + n, room - n, "play\n");
}

typedef struct take {
    uint64_t hash[EDITS];
} take;

static take play(uint32_t seed, int lanes) {
    chr_player_options o = {
        .engine = {.rate_hz = 48000, .lanes = lanes, .stems = true, .n_channels = 2}
    };
    chr_player *p = chr_player_new(&o);
    assert_non_null(p);
    patch patches[PATCHES];
    for (uint32_t i = 0; i < PATCHES; i++)
        patches[i] = (patch){.shape = SHAPES};
    dice d = {seed};
    take t;
    uint64_t h = chr_hash_start;
    for (int k = 0; k < EDITS; k++) {
        char text[PATCHES * 256];
        edit(patches, &d);
        write_session(patches, text, sizeof text);
        chr_evaluation e = chr_player_evaluate(p, text, strlen(text), "test", "test.chr");
        if (!e.applied)
            fail_msg("seed %u, edit %d: an error in\n%s", seed, k, text);
        /* Some edits follow at once, some in the middle of ramps or fades, some much later. */
        static const uint32_t waits[] = {1, 3, 9, 20, 80, 150};
        for (uint32_t n = waits[roll(&d, 6)]; n; n--) {
            float out[2 * CHR_CHUNK];
            chr_player_tend(p);
            chr_engine_render(chr_player_engine(p), out, CHR_CHUNK);
            h = chr_hash_bytes(h, out, sizeof out);
            const char *name;
            const float *left, *right;
            for (int i = 0; chr_engine_stem(chr_player_engine(p), i, &name, &left, &right); i++)
                h = chr_hash_bytes(h, left, CHR_CHUNK * sizeof *left);
        }
        t.hash[k] = h;
    }
    assert_int_equal(chr_engine_read(chr_player_engine(p)).faults, 0);
    chr_player_free(p);
    return t;
}

static void any_packing_gives_the_bits_of_none(void **state) {
    (void)state;
    unsigned from = 1, count = 6;
    const char *asked = getenv("CHRONUS_SEEDS");
    if (asked && sscanf(asked, "%u,%u", &from, &count) != 2)
        fail_msg("CHRONUS_SEEDS is FROM,COUNT");
    for (uint32_t seed = from; seed < from + count; seed++) {
        take one = play(seed, 1);
        static const int lanes[] = {0, 4, 8, 16};
        for (int l = 0; l < 4; l++) {
            take t = play(seed, lanes[l]);
            for (int k = 0; k < EDITS; k++)
                if (t.hash[k] != one.hash[k])
                    fail_msg("seed %u: with %d lanes other bits from edit %d on", seed, lanes[l],
                             k);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(any_packing_gives_the_bits_of_none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
