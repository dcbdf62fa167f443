/* tests/contract/filters.c: `filter` and its kinds, and `ladder`: their responses, their
 * references, their limits. Every figure that docs/sound.md gives for them is printed here.
 * SPDX-License-Identifier: MIT */
#include "tests/support/analysis.h"
#include "tests/support/module_rig.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { LANES = 4, RESPONSE = 131072 };

static const double PI = 3.14159265358979323846;
static float signal_in[RESPONSE], signal_cutoff[RESPONSE];
static double response[RESPONSE / 2 + 1];

static double uniform(uint32_t *seed) { /* -1..1 */
    *seed = *seed * 1664525u + 1013904223u;
    return (double)(int32_t)*seed / 2147483648.0;
}

/* Magnitudes of the response to an impulse; bin k lies at k * rate / RESPONSE. */
static void listen(const rig *r, int lane) {
    static double re[RESPONSE], im[RESPONSE];
    const float *y = rig_output(r, 0, lane);
    for (int i = 0; i < RESPONSE; i++) {
        re[i] = (double)y[i] / 1e-3;
        im[i] = 0.0;
    }
    an_fft(re, im, RESPONSE);
    for (int k = 0; k <= RESPONSE / 2; k++)
        response[k] = hypot(re[k], im[k]);
}

static void impulse(void) {
    memset(signal_in, 0, sizeof signal_in);
    signal_in[0] = 1e-3f; /* small: the ladder is asked for its linear response */
}

/* Frequency where the response crosses a level, in the octave either side of hz. */
static double crossing(double hz, double rate, double level) {
    for (int k = (int)(hz / 2 * RESPONSE / rate);
         k < (int)fmin(hz * 2 * RESPONSE / rate, RESPONSE / 2); k++) {
        double a = response[k] - level, b = response[k + 1] - level;
        if (a == 0 || (a < 0) != (b < 0))
            return (k + a / (a - b)) * rate / RESPONSE;
    }
    return (double)NAN; /* compares false with every limit */
}

/* Where the response is greatest (sign 1) or least (-1) near hz: the vertex of a parabola through
 * three bins. */
static double extreme(double hz, double rate, double sign) {
    int from = (int)(hz / 2 * RESPONSE / rate),
        to = (int)fmin(hz * 2 * RESPONSE / rate, RESPONSE / 2 - 1), best = from;
    for (int k = from; k <= to; k++)
        if (sign * response[k] > sign * response[best])
            best = k;
    double a = response[best - 1], b = response[best], c = response[best + 1];
    return (best + 0.5 * (a - c) / (a - 2 * b + c)) * rate / RESPONSE;
}

static const float cutoffs[][LANES] = {
    {60,   150,  400,   1000 },
    {2500, 6000, 10000, 16000}
};

static rig *open_with(const char *name, float rate, const float *cutoff_hz, float res) {
    rig *r = rig_open(rig_module(name, NULL, LANES), LANES, rate, 1);
    if (cutoff_hz)
        for (int lane = 0; lane < LANES; lane++)
            r->param[0][lane].value = cutoff_hz[lane];
    rig_set(r, "res", res);
    return r;
}

static double worst_of(const char *name, float res, double (*frequency)(double hz, double rate)) {
    double worst = 0;
    for (size_t set = 0; set < 2; set++) {
        rig *r = open_with(name, 48000, cutoffs[set], res);
        impulse();
        rig_set_signal(r, "in", signal_in);
        rig_run(r, RESPONSE);
        for (int lane = 0; lane < LANES; lane++) {
            listen(r, lane);
            double hz = (double)cutoffs[set][lane], error = fabs(frequency(hz, 48000) / hz - 1);
            if (!(error <= worst))
                worst = error;
        }
        rig_close(r);
    }
    return worst;
}

static double half_power(double hz, double rate) {
    return crossing(hz, rate, sqrt(0.5));
}
static double peak_of(double hz, double rate) {
    return extreme(hz, rate, 1);
}
static double dip_of(double hz, double rate) {
    return extreme(hz, rate, -1);
}

static void the_cutoff_is_where_the_level_is_3_db_down(void **state) {
    (void)state;
    double low = worst_of("lpf", 0, half_power), high = worst_of("hpf", 0, half_power);
    print_message("lpf cutoff: worst error %.3f %%; hpf: %.3f %%\n", 100 * low, 100 * high);
    assert_true(low < 0.01 && high < 0.01);
}

static void bands_and_notches_are_centred_on_the_cutoff(void **state) {
    (void)state;
    double band = worst_of("bpf", 0.7f, peak_of), dip = worst_of("notch", 0.7f, dip_of);
    print_message("bpf centre: worst error %.3f %%; notch: %.3f %%\n", 100 * band, 100 * dip);
    assert_true(band < 0.01 && dip < 0.01);
}

/* R. Bristow-Johnson's "Audio EQ Cookbook", in double precision, direct form: another way to the
 * same transfer function. */
static void cookbook(const char *kind, double hz, double k, double rate, const float *x, double *y,
                     size_t n) {
    double w = 2 * PI * hz / rate, c = cos(w), alpha = sin(w) * k / 2, b0, b1, b2, a0 = 1 + alpha;
    double x1 = 0, x2 = 0, y1 = 0, y2 = 0;
    if (!strcmp(kind, "lpf"))
        b0 = b2 = (1 - c) / 2, b1 = 1 - c;
    else if (!strcmp(kind, "hpf"))
        b0 = b2 = (1 + c) / 2, b1 = -(1 + c);
    else if (!strcmp(kind, "bpf"))
        b0 = alpha, b1 = 0, b2 = -alpha;
    else
        b0 = b2 = 1, b1 = -2 * c;
    for (size_t i = 0; i < n; i++) {
        double now = (double)x[i];
        y[i] = (b0 * now + b1 * x1 + b2 * x2 + 2 * c * y1 - (1 - alpha) * y2) / a0;
        x2 = x1, x1 = now, y2 = y1, y1 = y[i];
    }
}

static void each_kind_is_the_filter_of_the_cookbook(void **state) {
    (void)state;
    static const char *const kinds[] = {"lpf", "hpf", "bpf", "notch"};
    static double exact[RESPONSE];
    uint32_t seed = 1;
    double worst = -400;
    for (int i = 0; i < RESPONSE; i++)
        signal_in[i] = (float)uniform(&seed);
    for (size_t kind = 0; kind < 4; kind++)
        for (size_t set = 0; set < 2; set++)
            for (float res = 0; res <= 1; res += 0.5f) {
                rig *r = open_with(kinds[kind], 48000, cutoffs[set], res);
                rig_set_signal(r, "in", signal_in);
                rig_run(r, RESPONSE);
                for (int lane = 0; lane < LANES; lane++) {
                    double rest = 1 - (double)res, k = 0.04 + (sqrt(2) - 0.04) * rest * rest,
                           error = 0, power = 0;
                    const float *y = rig_output(r, 0, lane);
                    cookbook(kinds[kind], (double)cutoffs[set][lane], k, 48000, signal_in, exact,
                             RESPONSE);
                    for (int i = 0; i < RESPONSE; i++) {
                        error += (exact[i] - (double)y[i]) * (exact[i] - (double)y[i]);
                        power += exact[i] * exact[i];
                    }
                    worst = fmax(worst, 0.5 * an_db(error / power));
                }
                rig_close(r);
            }
    print_message("filter against the cookbook in double precision, white noise: %.1f dB\n", worst);
    assert_true(
        worst <
        -65); /* what is left is a shift of the cutoff by a hundred-thousandth, heard at Q = 25 */
}

static void filter_type_gives_the_same_samples_as_each_kind(void **state) {
    (void)state;
    static const char *const kinds[] = {"lpf", "hpf", "bpf", "notch"};
    uint32_t seed = 2;
    for (int i = 0; i < 4096; i++)
        signal_in[i] = (float)uniform(&seed);
    for (int kind = 0; kind < 4; kind++) {
        rig *one = open_with("filter", 48000, cutoffs[0], 0.6f),
            *other = open_with(kinds[kind], 48000, cutoffs[0], 0.6f);
        rig_set(one, "type", (float)kind);
        rig_set_signal(one, "in", signal_in);
        rig_set_signal(other, "in", signal_in);
        rig_run(one, 4096);
        rig_run(other, 4096);
        assert_memory_equal(rig_output(one, 0, 3), rig_output(other, 0, 3), 4096 * sizeof(float));
        rig_close(one);
        rig_close(other);
    }
}

/* Cutoffs that leap at random over the whole range at every sample, that switch between its ends,
 * and that swing at an audio rate, at the highest resonance, with full-scale noise. A steady filter
 * of Q 25 amplifies its cutoff 25 times; sweeps may pump some more into it, but no sweep makes it
 * grow without end. */
static void filters_stay_bounded_under_audio_rate_sweeps(void **state) {
    (void)state;
    static const char *const kinds[] = {"lpf", "hpf", "bpf", "notch", "ladder"};
    static const float rates[] = {8000, 48000, 192000};
    for (size_t kind = 0; kind < 5; kind++) {
        double worst = 0;
        for (size_t rate = 0; rate < 3; rate++)
            for (int sweep = 0; sweep < 3; sweep++) {
                rig *r = open_with(kinds[kind], rates[rate], NULL, 1);
                uint32_t seed = 3;
                for (int i = 0; i < RESPONSE; i++) {
                    double leap = 632 * pow(31.6, uniform(&seed)), edge = i / 37 % 2 ? 20 : 20000;
                    double swing = 4000 + 3980 * sin(2 * PI * 1234.5 * i / (double)rates[rate]);
                    signal_cutoff[i] = (float)(sweep == 0 ? leap : sweep == 1 ? edge : swing);
                    signal_in[i] = (float)uniform(&seed);
                }
                rig_set_signal(r, "in", signal_in);
                rig_set_signal(r, "cutoff", signal_cutoff);
                rig_run(r, RESPONSE);
                worst = fmax(worst, an_peak(rig_output(r, 0, 1), RESPONSE));
                rig_close(r);
            }
        print_message("%s: peak %.1f of full-scale noise under audio-rate sweeps at res=1\n",
                      kinds[kind], worst);
        assert_true(worst < 100);
    }
}

/* The engine turns a changed number into a ramp of some milliseconds: steps made so must not be
 * heard as such. */
static void a_ramped_cutoff_makes_no_zipper_noise(void **state) {
    (void)state;
    static const char *const kinds[] = {"lpf", "ladder"};
    for (size_t kind = 0; kind < 2; kind++) {
        rig *r = open_with(kinds[kind], 48000, NULL, 0.3f);
        float level = 500;
        for (int i = 0; i < 96000; i++) {
            int step = i / 4800;
            float aim = 500 + 300 * (float)(step * 7 % 11), into = (float)(i % 4800) / 480;
            signal_cutoff[i] = into < 1 ? level + (aim - level) * into : aim;
            if (i % 4800 == 4799)
                level = aim;
            signal_in[i] = (float)(0.5 * sin(2 * PI * 220 * i / 48000));
        }
        rig_set_signal(r, "in", signal_in);
        rig_set_signal(r, "cutoff", signal_cutoff);
        rig_run(r, 96000);
        double noise = an_click_db(rig_output(r, 0, 0) + 480, 96000 - 480, 48000, NULL);
        print_message(
            "%s: cutoff stepped in ramps of 10 ms: %.1f dB above 10 kHz in the worst 1 ms\n",
            kinds[kind], noise);
        assert_true(noise < -80);
        rig_close(r);
    }
}

static double quarter_level(double hz,
                            double rate) { /* -12 dB re the level near 0: the ladder's corner */
    return crossing(hz, rate, response[(int)(hz / 50 * RESPONSE / rate)] / 4);
}

static void the_ladders_four_poles_meet_at_its_cutoff(void **state) {
    (void)state;
    double worst = worst_of("ladder", 0, quarter_level);
    print_message("ladder: -12 dB point, worst error %.3f %%\n", 100 * worst);
    assert_true(worst < 0.01);
    rig *r = open_with("ladder", 48000, cutoffs[0], 0);
    impulse();
    rig_set_signal(r, "in", signal_in);
    rig_run(r, RESPONSE);
    listen(r, 1);
    double slope = an_db(response[1200 * RESPONSE / 48000] / response[2400 * RESPONSE / 48000]);
    print_message("ladder: %.1f dB an octave, three octaves above its cutoff\n", slope);
    assert_true(fabs(slope - 24) < 0.6);
    rig_close(r);
}

static void the_ladder_sings_in_tune_at_full_resonance(void **state) {
    (void)state;
    double worst = 0, loudest = 0, softest = 1;
    for (size_t set = 0; set < 2; set++) {
        rig *r = open_with("ladder", 48000, cutoffs[set], 1);
        memset(signal_in, 0, sizeof signal_in);
        for (int i = 0; i < 100; i++)
            signal_in[i] = 0.5f;
        rig_set_signal(r, "in", signal_in);
        rig_run(r, RESPONSE);
        for (int lane = 0; lane < LANES; lane++) {
            const float *y = rig_output(r, 0, lane) + RESPONSE / 2;
            double hz = (double)cutoffs[set][lane],
                   error = an_frequency(y, RESPONSE / 2, 48000, hz) / hz - 1;
            double peak = an_peak(y, RESPONSE / 2);
            worst = fabs(error) > worst || isnan(error) ? fabs(error) : worst;
            loudest = fmax(loudest, peak);
            softest = fmin(softest, peak);
        }
        rig_close(r);
    }
    print_message("ladder: sings within %.2f %% of its cutoff, peaks %.2f to %.2f\n", 100 * worst,
                  softest, loudest);
    assert_true(worst < 0.01 && loudest < 0.5 && softest > 0.1);
}

/* The chords that stand for tanh are within 2.4 % of it, which is what the loudest setting shows.
 * Huovilainen's differential equations with true tanh, in double precision, by the classical
 * Runge-Kutta method at 32 steps a sample. Parameters as in the module, its level compensation
 * included. */
static void transistors(const double *s, double in, double loop, double speed, double *ds) {
    double above = tanh(in - loop * s[3]);
    for (int k = 0; k < 4; k++) {
        double own = tanh(s[k]);
        ds[k] = speed * (above - own);
        above = own;
    }
}

static double exact_ladder_db(const float *y, const float *x, double hz, double res, double drive,
                              double rate, int n) {
    enum { STEPS = 32 };
    double s[4] = {0}, push = 0.5 * drive, loop = 4.3 * res, h = 1 / (rate * STEPS), error = 0,
           power = 0;
    for (int i = 1; i < n; i++) {
        for (int j = 0; j < STEPS; j++) {
            double slope[4][4], t[4];
            for (int stage = 0; stage < 4; stage++) {
                double part = stage == 0 ? 0 : stage == 3 ? 1 : 0.5, at = (j + part) / STEPS;
                double in =
                    ((double)x[i - 1] + at * (double)(x[i] - x[i - 1])) * push * (1 + 0.5 * loop);
                for (int k = 0; k < 4; k++)
                    t[k] = s[k] + (stage ? part * h * slope[stage - 1][k] : 0);
                transistors(t, in, loop, 2 * PI * hz, slope[stage]);
            }
            for (int k = 0; k < 4; k++)
                s[k] += h / 6 * (slope[0][k] + 2 * slope[1][k] + 2 * slope[2][k] + slope[3][k]);
        }
        double exact = s[3] / tanh(push);
        error += (exact - (double)y[i]) * (exact - (double)y[i]);
        power += exact * exact;
    }
    return 0.5 * an_db(error / power);
}

static void the_ladder_follows_its_differential_equations(void **state) {
    (void)state;
    static const float drives[] = {1, 2, 6};
    enum { N = 9600 };
    for (size_t d = 0; d < 3; d++)
        for (float res = 0; res < 0.9f; res += 0.4f) {
            rig *r = open_with("ladder", 48000, NULL, res);
            rig_set(r, "drive", drives[d]);
            rig_set(r, "cutoff", 800);
            for (int i = 0; i < N; i++)
                signal_in[i] = (float)(0.6 * sin(2 * PI * 110 * i / 48000) +
                                       0.3 * sin(2 * PI * 331 * i / 48000));
            rig_set_signal(r, "in", signal_in);
            rig_run(r, N);
            double error = exact_ladder_db(rig_output(r, 0, 0), signal_in, 800, (double)res,
                                           (double)drives[d], 48000, N);
            print_message("ladder drive=%.0f res=%.1f: %.1f dB from its equations\n",
                          (double)drives[d], (double)res, error);
            assert_true(error < -20);
            rig_close(r);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cutoff_is_where_the_level_is_3_db_down),
        cmocka_unit_test(bands_and_notches_are_centred_on_the_cutoff),
        cmocka_unit_test(each_kind_is_the_filter_of_the_cookbook),
        cmocka_unit_test(filter_type_gives_the_same_samples_as_each_kind),
        cmocka_unit_test(filters_stay_bounded_under_audio_rate_sweeps),
        cmocka_unit_test(a_ramped_cutoff_makes_no_zipper_noise),
        cmocka_unit_test(the_ladders_four_poles_meet_at_its_cutoff),
        cmocka_unit_test(the_ladder_sings_in_tune_at_full_resonance),
        cmocka_unit_test(the_ladder_follows_its_differential_equations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
