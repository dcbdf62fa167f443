/* tests/render/steals_are_clean.c: a voice that is taken from a note that sounds, with another
 * pitch and another force, does not click: nothing above 10 kHz beyond -80 dB re the signal in any
 * 1 ms, on sines and on saws below 400 Hz. SPDX-License-Identifier: MIT */
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

enum { RATE = KIT_RATE, LENGTH = 4 * RATE, LIMIT_DB = -80 };

typedef struct playing {
    uint32_t voices;
    bool sine;       /* and not a saw below 400 Hz */
    bool forces;     /* notes are of different force */
    double attack_s; /* of the envelope */
    int64_t
        held; /* of the ticks of a beat (8 where there is nothing else), how long a note is held */
    int64_t apart; /* and how far apart they are */
    int64_t ticks;
} playing;

static chr_ir *session(const playing *p) {
    ir_maker m = ir_begin();
    uint32_t o = ir_owner(&m, "keys", p->voices),
             last = ir_node(&m, o, p->sine ? "sine" : "saw", "source", p->voices),
             env = ir_node(&m, o, "env", "env", p->voices),
             force = ir_node(&m, o, "mul", "mul", p->voices);
    ir_voice(&m, last, "freq", CHR_VOICE_FREQ);
    ir_wire(&m, env, "in", last, 0);
    ir_voice(&m, env, "gate", CHR_VOICE_GATE);
    ir_set(&m, env, "attack", p->attack_s);
    ir_wire(&m, force, "a", env, 0);
    ir_voice(&m, force, "b", CHR_VOICE_VEL);
    last = force;
    if (!p->sine)
        last = ir_steep(&m, o, last, 400.0);
    last = ir_sum(&m, o, "mix", "mix", last);
    ir_out(&m, o, last, 0);
    static const float notes[] = {45, 57, 52, 64, 48, 60, 55};
    chr_score_event events[7];
    for (uint32_t i = 0; i < 7; i++)
        events[i] = (chr_score_event){.at = i * p->apart,
                                      .length = p->held,
                                      .note = notes[i],
                                      .level = p->forces && i % 2 ? 0.3f : 1.0f};
    ir_events(&m, o, "keys", events, 7, 7 * p->apart, p->ticks ? p->ticks : 8);
    return ir_end(&m);
}

static double worst_of(const playing *p) {
    chr_engine *e = kit_engine(0, false);
    kit_offer(e, session(p));
    chr_engine_play(e);
    float *x = kit_render(e, LENGTH, 64), *left = calloc(LENGTH, sizeof *left);
    assert_non_null(left);
    for (int i = 0; i < LENGTH; i++)
        left[i] = x[2 * i];
    size_t at = 0;
    double worst = an_click_db(left + RATE / 4, LENGTH - RATE / 4, RATE, &at);
    print_message("%2u voices, %s%s, attack %3.0f ms, %d of %d: %7.1f dB at %.4f s\n",
                  (unsigned)p->voices, p->sine ? "sine" : "saw ", p->forces ? ", forces" : "",
                  p->attack_s * 1e3, (int)p->held, (int)p->apart, worst,
                  (double)(at + RATE / 4) / RATE);
    free(x);
    free(left);
    chr_engine_free(e);
    return worst;
}

/* The same notes, each in a voice of its own: what its attack makes. */
static double free_voice(playing p) {
    p.voices = 16;
    p.held = 2;
    p.apart = 3;
    return worst_of(&p);
}

static void a_stolen_voice_clicks_no_more_than_its_attack(void **state) {
    (void)state;
    static const double attacks[] = {0.005, 0.02, 0.1};
    for (uint32_t voices = 1; voices <= 4; voices += 3)
        for (int forces = 0; forces < 2; forces++)
            for (int k = 0; k < 3; k++) {
                playing sine = {voices, true, forces, attacks[k], 40, 3};
                double limit = fmax(LIMIT_DB, free_voice(sine));
                assert_true(worst_of(&sine) <= limit);
                if (attacks[k] >= 0.02) /* the attack's own corner is lower than that */
                    assert_true(worst_of(&sine) <= LIMIT_DB);
                sine.held = sine.apart = 8; /* one note to the beginning of the next */
                if (voices == 1)
                    assert_true(worst_of(&sine) <= limit);
                playing saw = sine;
                saw.sine = false;
                assert_true(worst_of(&saw) <= LIMIT_DB);
                saw.held = 40;
                saw.apart = 3;
                assert_true(worst_of(&saw) <= LIMIT_DB);
            }
}

/* Notes 2 ms apart: each takes its voice before the last one's pitch has arrived. */
static void a_burst_of_steals_goes_on_from_where_each_has_come_to(void **state) {
    (void)state;
    for (uint32_t voices = 1; voices <= 4; voices += 3) {
        playing p = {voices, true, true, 0.1, 4000, 250};
        p.ticks = 64000;
        assert_true(worst_of(&p) <= LIMIT_DB);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stolen_voice_clicks_no_more_than_its_attack),
        cmocka_unit_test(a_burst_of_steals_goes_on_from_where_each_has_come_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
