/* tests/render/sleep_changes_nothing.c: where all voices of a group sleep nothing is done, and
 * every sample is the one that would be heard if all were worked out: over the examples, and over
 * sessions from seeds that are changed while they play, at samples in the middle of a chunk.
 * SPDX-License-Identifier: MIT */
#include "lang/hash.h"
#include "runtime/engine_inner.h"
#include "runtime/player.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RATE = 48000 };

/* How it is played. None of that is heard. */
typedef struct manner {
    bool restless;
    int lanes, block;
} manner;

enum { TEND = 64 }; /* frames between two looks of the control thread */

typedef struct heard {
    uint64_t hash;
    double loud;            /* sum of squares */
    uint64_t slept, played; /* voices that slept and that did not, at the end of each block */
} heard;

static void count(const chr_engine *e, heard *h) {
    const chr_graph *g = e->audio.graph;
    for (uint32_t o = 0; g && o < g->n_voices_all; o++)
        for (uint32_t i = 0; i < g->n_voices[o] && g->levels_first[o + 1] > g->levels_first[o]; i++)
            if (g->voices[o]->voice[i].awake_from == UINT64_MAX)
                h->slept++;
            else
                h->played++;
}

static heard play(const char *text, const char *name, int frames, manner m) {
    chr_player_options options = {
        .engine = {.rate_hz = RATE, .n_channels = 2, .restless = m.restless, .lanes = m.lanes}
    };
    chr_player *p = chr_player_new(&options);
    assert_non_null(p);
    if (chr_player_evaluate(p, text, strlen(text), "test", NULL).n_errors)
        fail_msg("%s has errors:\n%s", name, text);
    heard h = {.hash = chr_hash_start};
    float out[2 * 1024];
    chr_player_tend(p);
    for (int i = 0; i < frames; i += m.block) {
        if (i % TEND == 0)
            chr_player_tend(p);
        chr_engine_render(chr_player_engine(p), out, m.block);
        for (int k = 0; k < 2 * m.block && 2 * i + k < 2 * frames; k++) {
            uint32_t bits;
            memcpy(&bits, &out[k], sizeof bits);
            h.hash = chr_hash_more(h.hash, bits);
            h.loud += (double)out[k] * (double)out[k];
        }
        count(chr_player_engine(p), &h);
    }
    chr_player_free(p);
    return h;
}

static void same(const char *text, const char *name, int frames, heard *all) {
    static const manner others[] = {
        {true,  0,  64},
        {false, 16, 32},
        {true,  1,  64},
        {false, 4,  16}
    };
    heard h = play(text, name, frames, (manner){false, 0, 64});
    for (size_t k = 0; k < sizeof others / sizeof others[0]; k++)
        if (play(text, name, frames, others[k]).hash != h.hash)
            fail_msg("%s differs in manner %d:\n%s", name, (int)k, text);
    all->slept += h.slept;
    all->played += h.played;
    all->loud += h.loud;
}

/* ---- sessions from seeds ---- */

static uint32_t dice;
static uint32_t roll(uint32_t sides) {
    dice = dice * 1664525u + 1013904223u;
    return (dice >> 8) % sides;
}

static const char *one_of(const char *const *words, uint32_t n) {
    return words[roll(n)];
}
#define ONE_OF(...)                                                                                \
    one_of((const char *const[]){__VA_ARGS__},                                                     \
           (uint32_t)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)))

static void say(char *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(char *text, const char *format, ...) {
    size_t n = strlen(text);
    va_list args;
    va_start(args, format);
    vsnprintf(text + n, 16384 - n, format, args);
    va_end(args);
}

static void say_patch(char *text, uint32_t k) {
    say(text, "patch p%u voices=%s%s: %s", k, ONE_OF("1", "4", "16", "16", "16"),
        ONE_OF("", " unison=3", " glide=20ms", " legato=on"),
        ONE_OF("saw", "pulse", "(saw freq + sine freq*2)", "noise", "saw freq*(1+0.3*perc(30ms))",
               "sine freq*(1+0.01*lfo(5))", "triangle(freq, reset=gate)"));
    for (uint32_t n = roll(3); n-- > 0;)
        say(text, " > %s",
            ONE_OF("lpf 900", "lpf 400+freq", "drive 2", "scope", "hpf 100*vel", "gain vel",
                   "ladder cutoff=600+400*lfo(0.3)", "delay 0.01", "(in + 0.3*prev(in))"));
    say(text, " > %s",
        ONE_OF("env release=20ms", "env attack=1ms decay=40ms sustain=0 release=5ms", "perc 60ms",
               "vca perc(decay=80ms)", "in*env(release=10ms)", "in*0.2", "env gate=lfo(3)"));
    say(text, "%s > mix > gain 0.1 > out\n",
        ONE_OF("", " > pan 0.3", " > lpf 2kHz", " > gain 0.5", " > chorus"));
}

static void say_melody(char *text, uint32_t k) {
    say(text, "melody p%u step=1/%s:", k, ONE_OF("8", "16", "32", "12"));
    for (uint32_t n = 1 + roll(9); n-- > 0;)
        say(text, " %s", ONE_OF(".", ".", "_", "C3", "[C2,G4]", "Eb3 F3", "A4", "[C5 .]", "Cm7"));
    say(text, "%s\n", ONE_OF("", "", "", " > jux rev", " > sometimes (pan -0.7)"));
}

static void make_session(char *text, uint32_t seed) {
    dice = seed * 2654435761u;
    text[0] = '\0';
    say(text, "tempo %u\nquantize off\n", 90 + roll(120));
    uint32_t n = 1 + roll(3);
    for (uint32_t k = 0; k < n; k++) {
        say_patch(text, k);
        say_melody(text, k);
    }
    for (uint32_t k = 0, at = 0; k < 5; k++) {
        /* Every second one may come in the middle of the fades of the one before. */
        at = k % 2 ? at + 30 + roll(50) : 1100 + 500 * k + roll(800);
        say(text, "at bar 1 beat %u.%03u: ", at / 1000, at % 1000);
        if (roll(4))
            say_patch(text, roll(n + 1));
        else
            say_melody(text, roll(n));
    }
    say(text, "play\n");
}

static void sessions_that_change_while_they_play(void **state) {
    (void)state;
    heard all = {.loud = 0};
    for (uint32_t seed = 1; seed <= 50; seed++) {
        static char text[16384];
        char name[32];
        make_session(text, seed);
        snprintf(name, sizeof name, "seed %u", seed);
        same(text, name, 3 * RATE / 2, &all);
    }
    print_message("of the voices %.0f %% sleep\n",
                  100.0 * (double)all.slept / (double)(all.slept + all.played));
    assert_true(all.loud > 0.0 && all.slept > all.played / 4 && all.played > all.slept / 20);
}

static void the_examples(void **state) {
    (void)state;
    glob_t found;
    heard all = {.loud = 0};
    assert_int_equal(glob(CHRONUS_SOURCE_DIR "/examples/*.chr", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        static char text[65536];
        FILE *file = fopen(found.gl_pathv[i], "r");
        assert_non_null(file);
        size_t n = fread(text, 1, sizeof text - 8, file);
        fclose(file);
        strcpy(text + n, "\nplay\n");
        same(text, found.gl_pathv[i], 3 * RATE, &all);
    }
    assert_true(found.gl_pathc > 10 && all.slept > 0 && all.played > 0);
    globfree(&found);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_that_change_while_they_play),
        cmocka_unit_test(the_examples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
