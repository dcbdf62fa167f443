/* tests/unit/effects_compressor.c: `compressor` against its definition in double precision, its
 * curve and its times.
 *
 * SPDX-License-Identifier: MIT */
#include "tests/support/analysis.h"
#include "tests/support/effects.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { N = 48000 };
static const double rate = 48000.0;

/* Giannoulis, Massberg and Reiss (2012): eq. 4 (curve), eq. 17 (smooth, decoupled), in decibels. */
typedef struct reference {
    double threshold, ratio, knee, attack_s, release_s, held, fall;
} reference;

static double reference_gain(reference *c, double size) {
    double over = 20.0 * log10(fmax(size, 1e-37)) - c->threshold, slope = 1.0 - 1.0 / c->ratio,
           asked = 0.0;
    if (2.0 * over >= c->knee)
        asked = slope * over;
    else if (2.0 * over > -c->knee)
        asked = slope * pow(over + c->knee / 2.0, 2.0) / (2.0 * c->knee);
    double release = exp(-1.0 / (c->release_s * rate)), attack = exp(-1.0 / (c->attack_s * rate));
    c->held = fmax(asked, release * c->held + (1.0 - release) * asked);
    c->fall = attack * c->fall + (1.0 - attack) * c->held;
    return pow(10.0, -c->fall / 20.0);
}

static void it_follows_the_double_precision_reference(void **unused) {
    (void)unused;
    float *left = fx_silence(N), *right = fx_silence(N);
    fx_noise(left, N, 1, 1);
    fx_sine(right, N, 0.8, 50, rate);
    for (int i = 0; i < N; i++)
        left[i] *= (float)(i % 9600) / 9600;
    reference c = {-24, 5, 8, 0.004, 0.15, 0, 0};
    rig *r = fx_open("compressor", 48000);
    rig_set(r, "threshold", -24);
    rig_set(r, "ratio", 5);
    rig_set(r, "knee", 8);
    rig_set(r, "attack", 0.004f);
    rig_set(r, "release", 0.15f);
    rig_set_signal(r, "left", left);
    rig_set_signal(r, "right", right);
    rig_run(r, N);
    double worst = 0.0;
    for (int i = 0; i < N; i++) {
        double l = (double)left[i], rr = (double)right[i],
               gain = reference_gain(&c, fmax(fabs(l), fabs(rr)));
        worst = fmax(worst, fabs(l * gain - (double)rig_output(r, 0, 0)[i]));
        worst = fmax(worst, fabs(rr * gain - (double)rig_output(r, 1, 0)[i]));
    }
    print_message("compressor: worst difference from double precision %.1f dB\n", an_db(worst));
    assert_true(an_db(worst) < -100.0);
    rig_close(r);
    free(left);
    free(right);
}

/* Level that a steady tone of `in_db` peak has behind the compressor. */
static double steady_db(double in_db, float threshold, float ratio) {
    float *x = fx_silence(N);
    fx_sine(x, N, pow(10.0, in_db / 20.0), 1000, rate);
    rig *r = fx_open("compressor", 48000);
    rig_set(r, "threshold", threshold);
    rig_set(r, "ratio", ratio);
    rig_set_signal(r, "left", x);
    rig_run(r, N);
    double db = an_db(an_peak(rig_output(r, 0, 0) + N / 2, N / 2));
    rig_close(r);
    free(x);
    return db;
}

static void a_tone_above_the_threshold_rises_by_its_share(void **unused) {
    (void)unused;
    assert_true(fabs(steady_db(-40, -20, 4) + 40.0) < 0.01); /* untouched */
    assert_true(fabs(steady_db(-8, -20, 4) + 17.0) <
                0.3); /* 12 dB over: 3 dB over; a little held between the peaks */
    assert_true(fabs(steady_db(-2, -20, 2) + 11.0) < 0.3);
}

static void the_key_turns_another_sound_down(void **unused) {
    (void)unused;
    float *x = fx_silence(N), *kick = fx_silence(N);
    fx_sine(x, N, 0.05, 300, rate);
    for (int i = N / 2; i < N; i++)
        kick[i] = 1;
    rig *r = fx_open("compressor", 48000);
    rig_set_signal(r, "left", x);
    rig_set_signal(r, "key", kick);
    rig_run(r, N);
    const float *y = rig_output(r, 0, 0);
    assert_true(fabs(an_db(an_rms(y, N / 2) / an_rms(x, N / 2))) < 0.01);
    double down = an_db(an_rms(y + 3 * N / 4, N / 4) / an_rms(x + 3 * N / 4, N / 4));
    assert_true(fabs(down + 13.5) < 0.05); /* 18 dB over the threshold at 4:1 */
    rig_close(r);
    free(kick);
    free(x);
}

static void every_build_and_every_cut_gives_the_same_bits(void **unused) {
    (void)unused;
    enum { SHORT = 6000 };
    float *x = fx_silence(SHORT);
    fx_noise(x, SHORT, 1, 5);
    assert_true(fx_same_every_way(&(fx_sweep){.module = "compressor",
                                              .in = "left",
                                              .x = x,
                                              .n = SHORT,
                                              .others = -1,
                                              .last = RIG_RANDOM,
                                              .cut_at = 21}));
    free(x);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_follows_the_double_precision_reference),
        cmocka_unit_test(a_tone_above_the_threshold_rises_by_its_share),
        cmocka_unit_test(the_key_turns_another_sound_down),
        cmocka_unit_test(every_build_and_every_cut_gives_the_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
