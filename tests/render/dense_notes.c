/* tests/render/dense_notes.c: thousands of notes a second, many in a chunk, taken from one another,
 * gliding, with locks and places: the same samples however the work is packed into lanes and
 * wherever chunks are cut, so that it does not matter which rows of the voices are read in parts
 * and which sample by sample. SPDX-License-Identifier: MIT */
#include "lang/hash.h"
#include "runtime/engine_inner.h"
#include "runtime/player.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { RATE = 48000, FRAMES = RATE / 2 };

typedef struct heard {
    uint64_t hash;
    double loud;
    unsigned long long stolen;
} heard;

static heard play(const char *text, int lanes, int cut, bool restless) {
    chr_player_options options = {
        .engine = {
                   .rate_hz = RATE, .n_channels = 2, .lanes = lanes, .cut = cut, .restless = restless}
    };
    chr_player *p = chr_player_new(&options);
    assert_non_null(p);
    if (chr_player_evaluate(p, text, strlen(text), "test", NULL).n_errors)
        fail_msg("errors in:\n%s", text);
    heard h = {.hash = chr_hash_start};
    float out[2 * CHR_CHUNK];
    for (int i = 0; i < FRAMES; i += CHR_CHUNK) {
        chr_player_tend(p);
        chr_engine_render(chr_player_engine(p), out, CHR_CHUNK);
        for (int k = 0; k < 2 * CHR_CHUNK; k++) {
            uint32_t bits;
            memcpy(&bits, &out[k], sizeof bits);
            h.hash = chr_hash_more(h.hash, bits);
            h.loud += (double)out[k] * (double)out[k];
        }
    }
    const chr_graph *g = chr_player_engine(p)->audio.graph;
    for (uint32_t o = 0; o < g->n_voices_all; o++)
        h.stolen += g->voices[o]->stolen;
    chr_player_free(p);
    return h;
}

/* How many notes were cut off for want of voices. */
static unsigned long long same(const char *text) {
    static const struct {
        int lanes, cut;
        bool restless;
    } others[] = {
        {1,  0,  false},
        {4,  0,  false},
        {16, 0,  true },
        {0,  1,  false},
        {0,  29, false},
    };
    heard h = play(text, 0, 0, false);
    assert_true(h.loud > 0.1);
    for (size_t k = 0; k < sizeof others / sizeof others[0]; k++)
        if (play(text, others[k].lanes, others[k].cut, others[k].restless).hash != h.hash)
            fail_msg("differs in manner %d:\n%s", (int)k, text);
    return h.stolen;
}

static void many_voices_that_strike(void **state) {
    (void)state;
    assert_int_equal(
        same("tempo 120\n"
             "patch n voices=64: sine freq > perc 5ms attack=0.5ms > gain 0.05 > mix > out\n"
             "melody n step=1/20000: C4 E4 G4 C5 D4 F4 A4 D5\n"
             "play\n"),
        0);
}

/* Shorter than the way of a voice round: each sleeps and is woken, several in a chunk. */
static void many_voices_that_sleep_between(void **state) {
    (void)state;
    same("tempo 120\n"
         "patch n voices=40: (noise > bpf freq res=0.5) + (square freq > gain 0.2) > perc 2ms "
         "attack=0 > gain 0.1 > mix > out\n"
         "melody n step=1/9000: C4 E4 G4 C5 D4 F4 A4 D5 > jux rev\n"
         "play\n");
}

static void voices_are_taken_and_glide(void **state) {
    (void)state;
    unsigned long long stolen =
        same("tempo 120\n"
             "patch q voices=5 unison=3: saw freq > lpf 900+freq > env 1ms 5ms 0.5 8ms > gain 0.1 "
             "> out\n"
             "melody q step=1/2000: C4{lpf.cutoff=300} E4 . [C5,G4] D4{lpf.cutoff=2000} F4~ "
             "A4{pan=-0.7} D5 > gate 800%\n"
             "patch h voices=3 glide=2ms: pulse freq width=0.3+0.2*lfo(3) > gain vel > env 1ms 5ms "
             "0.4 3ms > gain 0.1 > mix > out\n"
             "melody h step=1/1500: C2 E3{vel=30%} G4~ C5 D4 F2~ A4 D5 > gate 500%\n"
             "patch m voices=1: triangle freq > env 1ms 5ms 0.5 8ms > gain 0.1 > out\n"
             "melody m step=1/3000: C4 E4 . C5 D4 F4~ A4 D5 > gate 500%\n"
             "play\n");
    assert_true(stolen > 100);
}

/* Knobs of the envelope itself that each note locks, and two envelopes a voice. */
static void locks_of_dense_notes(void **state) {
    (void)state;
    same("tempo 120\n"
         "patch fm voices=16: sine freq phase=360*(sine freq*2 > perc 20ms attack=0) > env 0.1ms "
         "10ms 0.3 9ms > gain 0.1 > mix > out\n"
         "melody fm step=1/900: C4 E4 G4 C5 D4 F4 A4 D5 > humanize 5ms 30%\n"
         "patch g voices=32: saw freq > ladder 1500 res=0.4 > perc 12ms > gain 0.05 > mix > out\n"
         "melody g step=1/6000: C2 E3 G4 C5{perc.decay=3ms} D4 F2 A4{perc.decay=20ms} D5\n"
         "play\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_voices_that_strike),
        cmocka_unit_test(many_voices_that_sleep_between),
        cmocka_unit_test(voices_are_taken_and_glide),
        cmocka_unit_test(locks_of_dense_notes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
