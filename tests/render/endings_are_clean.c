/* tests/render/endings_are_clean.c: what is heard of mute, unmute, solo, stop, hush, panic, undo
 * and a voice that is taken from its note. On sines and low-passed drones: nothing above 10 kHz
 * beyond -80 dB re the signal in any 1 ms. On a busy set: no more than that beside the ideal fade
 * of the two renderings. SPDX-License-Identifier: MIT */
#include "runtime/graph.h"
#include "tests/support/analysis.h"
#include "tests/support/engine_kit.h"
#include "tests/support/ir_maker.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RATE = KIT_RATE, LENGTH = RATE / 2, LIMIT_DB = -80 };

/* What differs between two versions. */
typedef struct wish {
    bool sine; /* and not a low-passed drone */
    bool busy; /* noise and a melody beside it */
    double on, on_other;
    bool filter; /* in the drone's way */
    double fade_s;
} wish;

static const wish plain = {.on = 1, .on_other = 1};

static void other_patches(ir_maker *m, double on) {
    uint32_t hiss = ir_owner(m, "hiss", 1);
    ir_level(m, hiss, ir_node(m, hiss, "noise", "noise", 1), 0.2, on);
    uint32_t keys = ir_owner(m, "keys", 4), saw = ir_node(m, keys, "saw", "saw", 4),
             env = ir_node(m, keys, "env", "env", 4);
    ir_voice(m, saw, "freq", CHR_VOICE_FREQ);
    ir_wire(m, env, "in", saw, 0);
    ir_voice(m, env, "gate", CHR_VOICE_GATE);
    ir_level(m, keys, ir_sum(m, keys, "mix", "mix", env), 0.2, on);
    static const float notes[] = {48, 52, 55, 60, 64, 67};
    ir_pattern(m, keys, "keys", notes, 6, 1, 7);
}

static chr_ir *session(const wish *w) {
    ir_maker m = ir_begin();
    uint32_t o = ir_owner(&m, "drone", 1);
    m.owners[o].fade_s = w->fade_s;
    uint32_t last = ir_node(&m, o, w->sine ? "sine" : "saw", "source", 1);
    ir_set(&m, last, "freq", w->sine ? 220.0 : 55.0);
    if (!w->sine)
        last = ir_steep(&m, o, last, 400.0);
    if (w->filter) {
        uint32_t more = ir_node(&m, o, "bpf", "bpf", 1);
        ir_wire(&m, more, "in", last, 0);
        ir_set(&m, more, "cutoff", 300.0);
        last = more;
    }
    ir_level(&m, o, last, 0.5, w->on);
    if (w->busy)
        other_patches(&m, w->on_other);
    return ir_end(&m);
}

/* The left side of half a second in which `to` takes over at `at`, and then `then` 3 ms later; or
 * the engine is told something. */
typedef struct play {
    const wish *from, *to, *then;
    void (*tell)(chr_engine *e);
    chr_clock_act clock;
} play;

static float *left_of(const play *p, int at) {
    chr_engine_options options = {.rate_hz = RATE, .n_channels = 2};
    chr_engine *e = chr_engine_new(&options);
    assert_non_null(e);
    float *left = calloc(LENGTH, sizeof *left), out[2 * CHR_CHUNK];
    assert_non_null(left);
    kit_offer(e, session(p->from));
    chr_engine_play(e);
    for (int i = 0; i < LENGTH; i += CHR_CHUNK) {
        bool early = i <= at - 256 && at - 256 < i + CHR_CHUNK;
        if (p->to && early)
            kit_offer_at(
                e, session(p->to),
                (chr_offer_when){.timed = true, .sample = (uint64_t)at, .clock = p->clock});
        if (p->then && i <= at + 144 && at + 144 < i + CHR_CHUNK)
            kit_offer(e, session(p->then));
        if (p->tell && i <= at && at < i + CHR_CHUNK)
            p->tell(e);
        chr_engine_tend(e);
        chr_engine_render(e, out, CHR_CHUNK);
        for (int k = 0; k < CHR_CHUNK; k++)
            left[i + k] = out[2 * k];
    }
    chr_engine_free(e);
    return left;
}

/* The worst of some moments; `residual` against the ideal fade to `ideal` (NULL: to silence). */
static void check(const char *what, play p) {
    double worst = -400;
    for (int k = 0; k < 12; k++) {
        int at = RATE / 4 + 37 * k * k;
        float *x = left_of(&p, at);
        double signal = an_rms(x + RATE / 8, (size_t)at - RATE / 8);
        if (!(p.from->on > 0)) /* unmuted: what is heard afterwards */
            signal = an_rms(x + at + RATE / 16, (size_t)(LENGTH - at - RATE / 16));
        worst = fmax(worst, an_above_10k_db(x + RATE / 8, LENGTH - RATE / 8, RATE, signal, NULL));
        free(x);
    }
    print_message("%-36s %7.1f dB\n", what, worst);
    assert_true(worst <= LIMIT_DB);
}

static void nothing_that_ends_or_begins_clicks(void **state) {
    (void)state;
    for (int sine = 0; sine < 2; sine++) {
        wish a = plain, off = plain, filter = plain;
        a.sine = off.sine = filter.sine = sine;
        off.on = 0;
        filter.filter = true;
        print_message("%s\n", sine ? "a sine of 220 Hz" : "a drone of 55 Hz below 400 Hz");
        check("mute", (play){.from = &a, .to = &off});
        check("unmute", (play){.from = &off, .to = &a});
        check("stop", (play){.from = &a, .to = &off, .clock = CHR_CLOCK_STOP});
        /* As a session says them: what sounds without notes is off from then on. */
        check("hush", (play){.from = &a, .then = &off, .tell = chr_engine_hush});
        check("panic", (play){.from = &a, .then = &off, .tell = chr_engine_panic});
        check("a filter more", (play){.from = &a, .to = &filter});
        check("undo of it", (play){.from = &filter, .to = &a});
        check("undo in the middle of the fade", (play){.from = &a, .to = &filter, .then = &a});
        check("mute in the middle of the fade", (play){.from = &a, .to = &filter, .then = &off});
    }
}

/* How much of what is heard is neither `from` nor the way to `to` (NULL: to silence): the worst
 * millisecond above 10 kHz. */
static void check_busy(const char *what, play p, play from, const play *to, double seconds) {
    double worst = -400;
    for (int k = 0; k < 6; k++) {
        int at = (RATE / 4 + 371 * k * k) / CHR_CHUNK * CHR_CHUNK;
        float *x = left_of(&p, at), *a = left_of(&from, at), *b = to ? left_of(to, at) : NULL;
        uint32_t length = (uint32_t)(seconds * RATE) + 1;
        double signal = an_rms(a + RATE / 8, (size_t)at - RATE / 8);
        for (int i = at; i < LENGTH; i++) {
            double t = fmin(1.0, (i - at + 1) / (double)length), w = t * t * (3.0 - 2.0 * t);
            double heard = (double)a[i] + ((b ? (double)b[i] : 0.0) - (double)a[i]) * w;
            x[i] = (float)((double)x[i] - heard);
        }
        memset(x, 0, (size_t)at * sizeof *x);
        worst = fmax(worst, an_above_10k_db(x + RATE / 8, LENGTH - RATE / 8, RATE, signal, NULL));
        free(x);
        free(a);
        free(b);
    }
    print_message("%-36s %7.1f dB\n", what, worst);
    assert_true(worst <= LIMIT_DB);
}

static void a_busy_set_changes_by_its_fade_alone(void **state) {
    (void)state;
    wish a = plain, off = plain, alone = plain, filter = plain, at_once = plain;
    a.busy = off.busy = alone.busy = filter.busy = at_once.busy = true;
    off.on = 0;
    alone.on_other = 0;
    filter.filter = at_once.filter = true;
    at_once.fade_s = 1e-9;
    wish silent = off;
    silent.on_other = 0;
    play stays = {.from = &a},
         stopped = {.from = &a, .to = &a, .then = &silent, .clock = CHR_CLOCK_STOP};
    check_busy("mute", (play){.from = &a, .to = &off}, stays, &(play){.from = &off}, CHR_RAMP_S);
    check_busy("unmute", (play){.from = &off, .to = &a}, (play){.from = &off}, &stays, CHR_RAMP_S);
    check_busy("solo", (play){.from = &a, .to = &alone}, stays, &(play){.from = &alone},
               CHR_RAMP_S);
    check_busy("a filter more", (play){.from = &a, .to = &filter}, stays,
               &(play){.from = &a, .to = &at_once}, CHR_FADE_S);
    check_busy("hush", (play){.from = &a, .then = &silent, .tell = chr_engine_hush}, stopped, NULL,
               0.050);
    check_busy("panic", (play){.from = &a, .then = &silent, .tell = chr_engine_panic}, stopped,
               NULL, 0.005);
}

/* One voice, taken from a note that still sounds: a saw below 400 Hz; and a sine at one pitch with
 * an attack of 50 ms, for a pitch that jumps and a fast attack have corners of their own. */
static double taken(bool sine) {
    ir_maker m = ir_begin();
    uint32_t o = ir_owner(&m, "keys", 1), last = ir_node(&m, o, sine ? "sine" : "saw", "source", 1),
             env = ir_node(&m, o, "env", "env", 1);
    ir_voice(&m, last, "freq", CHR_VOICE_FREQ);
    ir_wire(&m, env, "in", last, 0);
    ir_voice(&m, env, "gate", CHR_VOICE_GATE);
    if (sine)
        ir_set(&m, env, "attack", 0.050);
    last = env;
    for (int k = 0; !sine && k < 3; k++) {
        static const char *const labels[] = {"lpf", "lpf2", "lpf3"};
        uint32_t filter = ir_node(&m, o, "lpf", labels[k], 1);
        ir_wire(&m, filter, "in", last, 0);
        ir_set(&m, filter, "cutoff", 400.0);
        last = filter;
    }
    ir_out(&m, o, last, 0);
    static const float notes[] = {45, 48, 52, 57}, same[] = {45};
    ir_pattern(&m, o, "keys", sine ? same : notes, sine ? 1 : 4, 1, 3);
    chr_engine *e = kit_engine(0, false);
    kit_offer(e, ir_end(&m));
    chr_engine_play(e);
    float *x = kit_render(e, 2 * RATE, 64), *left = calloc(2 * RATE, sizeof *left);
    assert_non_null(left);
    for (int i = 0; i < 2 * RATE; i++)
        left[i] = x[2 * i];
    double worst = an_click_db(left + RATE / 4, 2 * RATE - RATE / 4, RATE, NULL);
    free(x);
    free(left);
    chr_engine_free(e);
    return worst;
}

static void a_voice_taken_from_its_note_does_not_click(void **state) {
    (void)state;
    for (int sine = 0; sine < 2; sine++) {
        double worst = taken(sine);
        print_message("%-36s %7.1f dB\n",
                      sine ? "a sine taken from its note" : "a saw taken from its note", worst);
        assert_true(worst <= LIMIT_DB);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_that_ends_or_begins_clicks),
        cmocka_unit_test(a_busy_set_changes_by_its_fade_alone),
        cmocka_unit_test(a_voice_taken_from_its_note_does_not_click),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
