/* tests/contract/oscillators.c: how clean the oscillators are. Prints each figure of docs/sound.md
 * and holds it to its limit; limits are the project's, measured figures lie well below.
 *
 * SPDX-License-Identifier: MIT */
#include "tests/support/analysis.h"
#include "tests/support/module_rig.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RATE = 48000, N = 1 << 16, SHORT = 1 << 14, SETTLE = 4096, A1 = 33, B8 = 119 };
static const double pi = 3.14159265358979323846, TOP = 16000.0;

static double note_hz(int note) {
    return 440.0 * pow(2.0, (note - 69) / 12.0);
}

/* Amplitude of harmonic k of the ideal wave; a pulse here has a width of a quarter. */
static double ideal(const char *wave, int k) {
    if (!strcmp(wave, "saw"))
        return 2.0 / (pi * k);
    if (!strcmp(wave, "triangle"))
        return k % 2 ? 8.0 / (pi * pi * k * k) : 0.0;
    if (!strcmp(wave, "sine"))
        return k == 1;
    return fabs(4.0 / (pi * k) * sin(pi * k * (!strcmp(wave, "pulse") ? 0.25 : 0.5)));
}

static double worst_harmonic_db(const float *y, const char *wave, double rate, double f0,
                                double top) {
    double worst = 0.0;
    for (int k = 1; k * f0 < top; k++)
        if (ideal(wave, k) > 1e-4)
            worst = fmax(worst, fabs(an_db(an_tone(y, SHORT, rate, k * f0) / ideal(wave, k))));
    return worst;
}

/* Sixteen notes at once, one in each lane. */
static rig *play_notes(const char *wave, int first, float rate) {
    rig *r = rig_open(rig_module(wave, NULL, 16), 16, rate, 1);
    for (int lane = 0; lane < 16; lane++)
        r->param[0][lane].value = (float)note_hz(first + lane <= B8 ? first + lane : B8);
    if (!strcmp(wave, "pulse"))
        rig_set(r, "width", 0.25f);
    rig_run(r, SETTLE);
    rig_run(r, N);
    return r;
}

static void measure_wave(const char *wave, double alias_limit_db) {
    double alias = -400.0, harmonic = 0.0, cents = 0.0, dc = 0.0, peak = 0.0;
    for (int first = A1; first <= B8; first += 16) {
        rig *r = play_notes(wave, first, RATE);
        for (int lane = 0; lane < 16 && first + lane <= B8; lane++) {
            const float *y = rig_output(r, 0, lane);
            double f0 = (double)r->param[0][lane].value;
            alias = fmax(alias, an_alias_db(y, N, RATE, f0, TOP, NULL));
            cents = fmax(cents, fabs(an_cents(an_frequency(y, SHORT, RATE, f0), f0)));
            dc = fmax(dc, fabs(an_dc(y, N)));
            peak = fmax(peak, an_peak(y, N));
            if ((first + lane) % 8 == 1)
                harmonic = fmax(harmonic, worst_harmonic_db(y, wave, RATE, f0, TOP));
        }
        rig_close(r);
    }
    print_message("%-8s A1 to B8: alias %.1f dB, harmonics within %.3f dB, tuning within %.5f "
                  "cent, dc %.1e, peak %.2f\n",
                  wave, alias, harmonic, cents, dc, peak);
    assert_true(alias <= alias_limit_db);
    assert_true(harmonic <= 0.1);
    assert_true(cents <= 0.01);
    assert_true(dc <= 1e-5);
    assert_true(peak <= 2.0);
}

static void saw_square_and_pulse_are_clean_at_any_note(void **state) {
    (void)state;
    measure_wave("saw", -95.0);
    measure_wave("square", -95.0);
    measure_wave("pulse", -95.0);
}
static void triangle_and_sine_are_cleaner_still(void **state) {
    (void)state;
    measure_wave("triangle", -110.0);
    measure_wave("sine", -130.0);
}

/* The kernel is one of samples: at other rates the flat band scales with the rate. */
static void other_rates_are_clean_too(void **state) {
    (void)state;
    static const float rates[] = {44100.0f, 88200.0f, 96000.0f};
    for (size_t k = 0; k < sizeof rates / sizeof rates[0]; k++) {
        double alias = -400.0, harmonic = 0.0, rate = (double)rates[k],
               top = fmin(TOP, rate / 48000.0 * TOP);
        rig *r = play_notes("saw", 60, rates[k]);
        for (int lane = 0; lane < 16; lane += 3) {
            double f0 = (double)r->param[0][lane].value;
            alias = fmax(alias, an_alias_db(rig_output(r, 0, lane), N, rate, f0, top, NULL));
            harmonic =
                fmax(harmonic, worst_harmonic_db(rig_output(r, 0, lane), "saw", rate, f0, top));
        }
        rig_close(r);
        print_message("saw at %.0f Hz: alias %.1f dB, harmonics within %.3f dB below %.1f kHz\n",
                      rate, alias, harmonic, top / 1000.0);
        assert_true(alias <= -95.0 && harmonic <= 0.1);
    }
}

/* Every wave as master and as slave, at these pitches: one pair a lane. */
static const struct {
    float master_hz, slave_hz;
} sync_pairs[] = {
    {55.0f,   5000.0f},
    {110.0f,  441.0f },
    {441.0f,  1733.0f},
    {1001.3f, 800.0f },
    {1244.5f, 4000.0f},
    {2489.0f, 7000.0f},
    {3520.0f, 5001.0f},
    {4978.0f, 7902.0f},
};
enum { SYNC_PAIRS = sizeof sync_pairs / sizeof sync_pairs[0] };

static double synced_alias_db(const char *master, const char *slave) {
    rig *m = rig_open(rig_module(master, NULL, SYNC_PAIRS), SYNC_PAIRS, RATE, 1),
        *s = rig_open(rig_module(slave, NULL, SYNC_PAIRS), SYNC_PAIRS, RATE, 1);
    for (int k = 0; k < SYNC_PAIRS; k++) {
        m->param[0][k].value = sync_pairs[k].master_hz;
        s->param[0][k].value = sync_pairs[k].slave_hz;
    }
    rig_run(m, SETTLE + N);
    for (int k = 0; k < SYNC_PAIRS; k++)
        s->input[0][k].signal = rig_output(m, 0, k);
    rig_run(s, SETTLE);
    rig_run(s, N);
    double worst = -400.0;
    for (int k = 0; k < SYNC_PAIRS; k++) {
        const float *y = rig_output(s, 0, k);
        double alias = an_alias_db(y, N, RATE, (double)sync_pairs[k].master_hz, TOP, NULL);
        worst = fmax(worst, alias);
        assert_true(fabs(an_dc(y, N)) < 1e-4);
    }
    rig_close(m);
    rig_close(s);
    return worst;
}

static void hard_sync_is_clean(void **state) {
    (void)state;
    static const char *const waves[] = {"sine", "saw", "square", "pulse", "triangle"};
    for (size_t slave = 0; slave < sizeof waves / sizeof waves[0]; slave++)
        for (size_t master = 0; master < sizeof waves / sizeof waves[0]; master++) {
            double alias = synced_alias_db(waves[master], waves[slave]);
            print_message("%s hard-synced to a %s of 55 to 4978 Hz: alias %.1f dB\n", waves[slave],
                          waves[master], alias);
            assert_true(alias <= -70.0);
        }
}

/* Frequency modulation through zero and pulse-width modulation, by signals at audio rate. Lines at
 * multiples of the modulator's frequency belong to the sound; all others are alias. */
static void modulation_at_audio_rate_is_clean(void **state) {
    (void)state;
    static float signal[SETTLE + N];
    static const struct {
        const char *wave, *word;
        double base, depth, modulator_hz, freq_hz, limit_db;
    } rows[] = {
        {"saw",   "freq",  882.0, 300.0,  441.0,  0.0,    -80.0 },
        {"saw",   "freq",  882.0, 2000.0, 441.0,  0.0,    -55.0 },
        {"pulse", "width", 0.5,   0.45,   441.0,  882.0,  -75.0 },
        {"pulse", "width", 0.5,   0.3,    1244.5, 2489.0, -60.0 },
        {"sine",  "phase", 0.0,   180.0,  441.0,  441.0,  -100.0},
    };
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        for (int i = 0; i < SETTLE + N; i++)
            signal[i] = (float)(rows[k].base +
                                rows[k].depth * sin(2.0 * pi * rows[k].modulator_hz * i / RATE));
        rig *r = rig_open(rig_module(rows[k].wave, NULL, 4), 4, RATE, 1);
        if (rows[k].freq_hz > 0.0)
            rig_set(r, "freq", (float)rows[k].freq_hz);
        rig_set_signal(r, rows[k].word, signal);
        rig_run(r, SETTLE);
        rig_run(r, N);
        double alias = an_alias_db(rig_output(r, 0, 0), N, RATE, rows[k].modulator_hz, TOP, NULL);
        print_message("%s, %s moved by %g at %g Hz: alias %.1f dB\n", rows[k].wave, rows[k].word,
                      rows[k].depth, rows[k].modulator_hz, alias);
        assert_true(alias <= rows[k].limit_db);
        rig_close(r);
    }
}

/* All waves start a cycle together, two samples late, so that mixes of them add. */
static void the_fundamentals_of_all_waves_are_in_step(void **state) {
    (void)state;
    static const char *const waves[] = {"sine", "saw", "square", "triangle"};
    for (size_t k = 0; k < sizeof waves / sizeof waves[0]; k++) {
        rig *r = rig_open(rig_module(waves[k], NULL, 4), 4, RATE, 1);
        rig_set(r, "freq", 440.0f);
        rig_run(r, N);
        const float *y = rig_output(r, 0, 0);
        double re = 0.0, im = 0.0;
        for (int i = 0; i < 48000; i++) { /* 440 whole cycles */
            double turn = 2.0 * pi * 440.0 / RATE *
                          (i + 1 - 2); /* sample 0 has moved on by one step; two late */
            re += (double)y[i] * sin(turn);
            im += (double)y[i] * cos(turn);
        }
        print_message("%s: fundamental %.3f degrees from the phase\n", waves[k],
                      atan2(im, re) * 180.0 / pi);
        assert_true(fabs(atan2(im, re)) * 180.0 / pi < 0.5);
        rig_close(r);
    }
}

/* True where a saw has jumped in the last 16 samples and may still ring, or is about to jump. */
static bool rings(const float *y) {
    for (int j = -3; j < 16; j++)
        if (y[-j] < y[-j - 1] - 0.5f)
            return true;
    return false;
}

/* Two saws an octave apart do not drift: four million steps, nine minutes at this rate. */
static void an_octave_stays_in_step(void **state) {
    (void)state;
    enum { STEPS = 1 << 22 };
    rig *r = rig_open(rig_module("saw", NULL, 4), 4, 8000.0f, 1);
    r->param[0][0].value = 55.0f;
    r->param[0][1].value = 110.0f;
    rig_run(r, STEPS);
    const float *low = rig_output(r, 0, 0), *high = rig_output(r, 0, 1);
    double worst = 0.0;
    int compared = 0;
    for (int i = STEPS - 4000; i < STEPS - 4; i++) {
        if (rings(low + i) || rings(high + i))
            continue;
        double apart =
            2.0 * (double)low[i] - (double)high[i]; /* a whole number of turns, which are 2 high */
        worst = fmax(worst, fabs(apart - 2.0 * floor(apart / 2.0 + 0.5)));
        compared++;
    }
    print_message("55 and 110 Hz after %d steps: %.1e of half a turn apart\n", STEPS, worst);
    assert_true(compared > 1000);
    assert_true(worst < 1e-6);
    rig_close(r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saw_square_and_pulse_are_clean_at_any_note),
        cmocka_unit_test(triangle_and_sine_are_cleaner_still),
        cmocka_unit_test(other_rates_are_clean_too),
        cmocka_unit_test(hard_sync_is_clean),
        cmocka_unit_test(modulation_at_audio_rate_is_clean),
        cmocka_unit_test(the_fundamentals_of_all_waves_are_in_step),
        cmocka_unit_test(an_octave_stays_in_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
