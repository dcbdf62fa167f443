/* tests/unit/time_map.c: beats and samples over steps and ramps of the tempo, against exact
 * fractions, against the integral by another method, and against numbers worked out elsewhere.
 * SPDX-License-Identifier: MIT */
#include "runtime/audio/audio.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { RATE = 48000, TEN_MINUTES = 600 };
#define ALMOST_HALF (0.5 + 1e-6) /* of a sample */

static const chr_meter_point four = {.beats = 4, .unit = 1};

static chr_clock running(const chr_time_map *time) {
    chr_clock c = {.time = &chr_time_usual, .rate_hz = RATE, .stop_beat = -1};
    chr_clock_follow(&c, time, 0);
    chr_clock_start(&c, 0);
    return c;
}

__extension__ typedef __int128 wide;

/* Every 24th of a beat for ten minutes: twice the distance to the exact place, in 24ths of a beat
 * at tenths of a beat a minute, is at most a sample. */
static void at_a_steady_tempo_each_event_is_at_the_nearest_sample(void **state) {
    (void)state;
    static const int tenths[] = {600, 973, 1280, 1741, 3000};
    for (size_t k = 0; k < 5; k++) {
        const chr_tempo_point tempo = {.bpm = tenths[k] / 10.0};
        chr_time_map *time = chr_time_map_new(&tempo, 1, &four, 1);
        chr_clock c = running(time);
        const wide under = (wide)24 * tenths[k];
        for (int64_t tick = 0; tick <= (int64_t)tenths[k] * 24; tick++) {
            const wide over = (wide)tick * 600 * RATE;
            const wide sample = (wide)chr_clock_sample(&c, (double)tick / 24.0);
            const wide off = 2 * (sample * under - over);
            assert_true(off <= under && off >= -under);
        }
        assert_int_equal(chr_clock_sample(&c, tenths[k]), TEN_MINUTES * RATE);
        chr_time_map_drop(time);
    }
}

/* 60 / bpm over the beats by Gauss's rule of five points, in pieces of a 256th: exact to 1e-15 of
 * it for these ramps. */
static long double integral(long double from_bpm, long double slope, long double beats) {
    static const long double x[] = {0.0L, 0.538469310105683091L, 0.906179845938663993L},
                             w[] = {0.568888888888888889L, 0.478628670499366468L,
                                    0.236926885056189088L};
    const long pieces = (long)(beats * 256) + 1;
    const long double half = beats / (2 * pieces);
    long double sum = 0;
    for (long i = 0; i < pieces; i++)
        for (int k = -2; k <= 2; k++) {
            int j = k < 0 ? -k : k;
            long double at = (2 * i + 1) * half + (k < 0 ? -x[j] : x[j]) * half;
            sum += w[j] * half * 60 / (from_bpm + slope * at);
        }
    return sum;
}

static void on_a_ramp_too(void **state) {
    (void)state;
    static const struct {
        double from, to, beats;
    } ramps[] = {
        {60,   300,     1492},
        {300,  60,      1492},
        {97.3, 174.1,   1320},
        {128,  128.001, 1280},
        {10,   999,     4   }
    };
    for (size_t k = 0; k < 5; k++) {
        const chr_tempo_point tempo = {
            .bpm = ramps[k].from, .to_bpm = ramps[k].to, .length = ramps[k].beats};
        chr_time_map *time = chr_time_map_new(&tempo, 1, &four, 1);
        chr_clock c = running(time);
        const long double slope =
            ((long double)ramps[k].to - (long double)ramps[k].from) / (long double)ramps[k].beats;
        long double s = 0;
        for (double beat = 0; beat < ramps[k].beats; beat += 0.25) {
            const double exact = (double)(s * RATE);
            const double got = chr_time_map_samples(time, 0, beat, RATE, 0, 0);
            assert_true(fabs(got - exact) < 1e-6);
            assert_true(fabs((double)chr_clock_sample(&c, beat) - exact) < ALMOST_HALF);
            s += integral((long double)ramps[k].from + slope * (long double)beat, slope, 0.25L);
        }
        chr_time_map_drop(time);
    }
}

/* 60 L / (b - a) * ln(b / a), with forty digits. */
static void ramps_last_as_long_as_they_should(void **state) {
    (void)state;
    static const struct {
        double from, to, beats, s, half_s;
    } ramps[] = {
        {90,   140,     32,   16.966377687515106499, 9.4127023884666239462 },
        {60,   300,     1500, 603.53921716278764048, 411.97960825054113427 },
        {300,  60,      1500, 603.53921716278764048, 191.5596089122465062  },
        {97.3, 174.1,   1357, 616.83162010861223475, 352.65840849180355889 },
        {128,  128.001, 1280, 599.99765626220695972, 299.99941406402587444 },
        {10,   999,     4,    1.1172909247291020023, 0.95150238547210142683}
    };
    for (size_t k = 0; k < 6; k++) {
        const double length = ramps[k].beats;
        const chr_tempo_point tempo = {
            .beat = 3, .bpm = ramps[k].from, .to_bpm = ramps[k].to, .length = length};
        const chr_tempo_point all[] = {{.bpm = 120}, tempo};
        chr_time_map *time = chr_time_map_new(all, 2, &four, 1);
        assert_true(fabs(chr_time_map_samples(time, 3, 3 + length, 1, 0, 0) / ramps[k].s - 1) <
                    4e-15);
        assert_true(fabs(chr_time_map_samples(time, 3, 3 + length / 2, 1, 0, 0) / ramps[k].half_s -
                         1) < 4e-15);
        assert_true(fabs(chr_time_map_bpm(time, 3 + length / 2) -
                         (ramps[k].from + ramps[k].to) / 2) < 1e-9);
        assert_true(chr_time_map_bpm(time, 3 + length) == ramps[k].to);
        assert_true(chr_time_map_bpm(time, 2.999) == 120);
        chr_time_map_drop(time);
    }
}

/* ---- maps of all kinds ---- */

static uint64_t dice;
static double roll(void) {
    dice = dice * 6364136223846793005u + 1442695040888963407u;
    return (double)(dice >> 11) / 9007199254740992.0;
}

static chr_time_map *any_map(double *end) {
    chr_tempo_point tempi[8];
    chr_meter_point meters[8];
    uint32_t n = 1 + (uint32_t)(roll() * 7), m = 1 + (uint32_t)(roll() * 7);
    double beat = 0, bar = 0;
    for (uint32_t i = 0; i < n; i++) {
        tempi[i] = (chr_tempo_point){.beat = beat, .bpm = 10 + 989 * roll() * roll()};
        beat += 1 + floor(64 * roll()) / 4;
        if (roll() < 0.5) {
            tempi[i].to_bpm = 10 + 989 * roll() * roll();
            tempi[i].length = roll() < 0.5 ? beat - tempi[i].beat : roll();
        }
    }
    for (uint32_t i = 0; i < m; i++) {
        double unit = 4 / (double)(1 << (int)(roll() * 5));
        meters[i] = (chr_meter_point){bar, (1 + floor(15 * roll())) * unit, unit};
        bar += 1 + floor(9 * roll());
    }
    *end = beat + 32;
    return chr_time_map_new(tempi, n, meters, m);
}

static void a_map_and_its_inverse_undo_each_other(void **state) {
    (void)state;
    dice = 1;
    for (int k = 0; k < 100000; k++) {
        double end, last = -1;
        chr_time_map *time = any_map(&end);
        double from = end * roll(), to = end * roll(), middle = end * roll();
        double samples = chr_time_map_samples(time, from, to, RATE, 0, 0);
        uint32_t near = chr_time_map_part(time, from, (uint32_t)(roll() * 20));
        assert_int_equal(near, chr_time_map_part(time, from, 0));
        assert_true(fabs(chr_time_map_beat(time, from, samples, RATE, near) - to) < 1e-11);
        assert_true(fabs(chr_time_map_samples(time, from, middle, RATE, 0, 0) +
                         chr_time_map_samples(time, middle, to, RATE, 0, 0) - samples) < 1e-6);
        for (int i = 0; i <= 8; i++) { /* time does not go back */
            double now = chr_time_map_samples(time, 0, end * i / 8, RATE, 0, near);
            assert_true(now > last);
            last = now;
        }
        double bars = chr_time_map_bars(time, to);
        assert_true(fabs(chr_time_map_bar_beat(time, bars) - to) < 1e-9);
        double bar = chr_time_map_bar(time, to), begin = chr_time_map_bar_beat(time, bar);
        assert_true(begin <= to + 1e-7 && chr_time_map_bar_beat(time, bar + 1) > to);
        assert_true(
            fabs(chr_time_map_bars_long(time, from, 2.5) -
                 (chr_time_map_bar_beat(time, chr_time_map_bars(time, from) + 2.5) - from)) < 1e-9);
        const chr_quantum quantum = {1 + floor(4 * roll()), roll() < 0.5};
        double next = chr_time_map_next(time, quantum, to);
        double n = chr_time_map_multiples(time, quantum, next);
        assert_true(next >= to - 1e-7 && fabs(n - round(n)) < 1e-9);
        assert_true(chr_time_map_after(time, quantum, next) > next + 1e-3);
        chr_time_map_drop(time);
    }
}

/* ---- the clock ---- */

static void bars_of_all_lengths_follow_one_another(void **state) {
    (void)state;
    const chr_tempo_point tempo = {.bpm = 120};
    const chr_meter_point meters[] = {
        {0, 4,   1  },
        {2, 3.5, 0.5},
        {4, 3,   1  }
    };
    chr_time_map *time = chr_time_map_new(&tempo, 1, meters, 3);
    static const double begins[] = {0, 4, 8, 11.5, 15, 18, 21};
    for (int bar = 0; bar < 7; bar++) {
        assert_true(chr_time_map_bar_beat(time, bar) == begins[bar]);
        assert_true(chr_time_map_bar(time, begins[bar]) == bar);
        assert_true(chr_time_map_bar(time, begins[bar] - 1e-12) == bar);
        assert_true(bar == 0 || chr_time_map_bar(time, begins[bar] - 0.01) == bar - 1);
    }
    chr_clock c = running(time);
    assert_true(chr_clock_next(&c, (chr_quantum){1, true}, 24000 * 9) == 11.5);
    assert_true(chr_clock_next(&c, (chr_quantum){2, true}, 24000 * 9) == 15);
    assert_true(chr_clock_next(&c, (chr_quantum){1, true}, 24000 * 15) == 15);
    assert_true(chr_clock_next(&c, (chr_quantum){1, true}, 24000 * 15 + 1) == 18);
    assert_true(chr_clock_next(&c, (chr_quantum){2, false}, 24000 * 9) == 10);
    chr_time_map_drop(time);
}

/* Somebody changes the map every so often, in the middle of ramps too: the position is kept, and
 * what was played and what is to come add up. */
static void a_new_map_keeps_the_position(void **state) {
    (void)state;
    dice = 7;
    double end;
    chr_time_map *time = any_map(&end), *next;
    chr_clock c = running(time);
    for (uint64_t at = 0; at < 1000 * (uint64_t)RATE; at += 4801) {
        double beat = chr_clock_beat(&c, at);
        assert_int_equal(chr_clock_sample(&c, beat), at);
        next = any_map(&end);
        chr_clock_follow(&c, next, at);
        assert_true(fabs(chr_clock_beat(&c, at) - beat) < 1e-12 * (1 + beat));
        assert_true(chr_clock_beat(&c, at + 1) > beat);
        chr_time_map_drop(time);
        time = next;
    }
    chr_time_map_drop(time);
}

static void what_only_changes_later_moves_no_anchor(void **state) {
    (void)state;
    const chr_tempo_point tempi[] = {
        {.bpm = 97.3, .to_bpm = 140, .length = 64},
        {.beat = 80,           .bpm = 60              }
    };
    chr_time_map *one = chr_time_map_new(tempi, 1, &four, 1),
                 *two = chr_time_map_new(tempi, 2, &four, 1);
    chr_clock c = running(one);
    for (uint64_t at = 0; at < 20 * (uint64_t)RATE; at += 777)
        chr_clock_follow(&c, at % 2 ? one : two, at);
    assert_int_equal(c.anchor_sample, 0);
    assert_true(c.anchor_beat == 0);
    chr_time_map_drop(one);
    chr_time_map_drop(two);
}

static void four_thousand_changes_of_tempo_drift_nowhere(void **state) {
    (void)state;
    static chr_tempo_point tempi[CHR_TIME_POINTS];
    long double s = 0;
    for (int i = 0; i < CHR_TIME_POINTS; i++)
        tempi[i] = (chr_tempo_point){.beat = i / 3.0, .bpm = 60 + i * 7919 % 240};
    chr_time_map *time = chr_time_map_new(tempi, CHR_TIME_POINTS, &four, 1);
    for (int i = 0; i + 1 < CHR_TIME_POINTS; i++) {
        double got = chr_time_map_samples(time, 0, tempi[i].beat, RATE, 0, 0);
        assert_true(fabs(got - (double)(s * RATE)) < 1e-6);
        s += ((long double)tempi[i + 1].beat - (long double)tempi[i].beat) * 60 /
             (long double)tempi[i].bpm;
    }
    chr_time_map_drop(time);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_a_steady_tempo_each_event_is_at_the_nearest_sample),
        cmocka_unit_test(on_a_ramp_too),
        cmocka_unit_test(ramps_last_as_long_as_they_should),
        cmocka_unit_test(a_map_and_its_inverse_undo_each_other),
        cmocka_unit_test(bars_of_all_lengths_follow_one_another),
        cmocka_unit_test(a_new_map_keeps_the_position),
        cmocka_unit_test(what_only_changes_later_moves_no_anchor),
        cmocka_unit_test(four_thousand_changes_of_tempo_drift_nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
