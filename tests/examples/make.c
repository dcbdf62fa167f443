/* tests/examples/make.c: a sound that is made darker is darker: every word of the vocabulary is
 * rendered and measured.
 *
 * SPDX-License-Identifier: MIT */
#include "lang/make_words.h"
#include "tests/examples/hear.h"
#include "tests/support/analysis.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- what is measured ---- */

enum { WINDOW = 65536 };

static double between(const double *amplitude, double rate, double from_hz, double to_hz) {
    double sum = 0;
    for (size_t k = 1; k <= WINDOW / 2; k++) {
        double hz = (double)k * rate / WINDOW;
        if (hz >= from_hz && hz < to_hz)
            sum += amplitude[k] * amplitude[k];
    }
    return sum;
}

static double *spectrum(const heard *h) {
    double *amplitude = calloc(WINDOW / 2 + 1, sizeof *amplitude);
    assert_true(amplitude && h->n >= WINDOW);
    an_spectrum(h->left, WINDOW, amplitude);
    return amplitude;
}

/* The middle of the spectrum, in octaves above 1 Hz. */
static double brightness(const heard *h) {
    double *a = spectrum(h), sum = 0, all = 0;
    for (size_t k = 1; k <= WINDOW / 2; k++) {
        sum += a[k] * a[k] * (double)k * h->rate / WINDOW;
        all += a[k] * a[k];
    }
    free(a);
    return log2(sum / all);
}

/* What is below 200 Hz, in dB of all. */
static double body(const heard *h) {
    double *a = spectrum(h);
    double share = an_db(sqrt(between(a, h->rate, 10, 200) / between(a, h->rate, 10, 20000)));
    free(a);
    return share;
}

/* What is above the fundamental of 110 Hz, in dB of it. */
static double distortion(const heard *h) {
    double *a = spectrum(h);
    double share = an_db(sqrt(between(a, h->rate, 200, 20000) / between(a, h->rate, 50, 200)));
    free(a);
    return share;
}

/* The strongest line above all of them together, in dB. */
static double tones(const heard *h) {
    double *a = spectrum(h), peak = 0;
    for (size_t k = 1; k <= WINDOW / 2; k++)
        peak = fmax(peak, a[k]);
    double share = an_db(peak / sqrt(between(a, h->rate, 10, 20000)));
    free(a);
    return share;
}

/* 1 kHz, where the filter stands, above an octave below; in dB. */
static double ringing(const heard *h) {
    double *a = spectrum(h);
    double share = an_db(sqrt(between(a, h->rate, 900, 1100) / between(a, h->rate, 400, 600)));
    free(a);
    return share;
}

/* How far the energy near 4186 Hz, the eighth partial of a C5, is spread; in Hz. */
static double spread(const heard *h) {
    double *a = spectrum(h), sums[3] = {0};
    for (size_t k = 1; k <= WINDOW / 2; k++) {
        double hz = (double)k * h->rate / WINDOW, e = a[k] * a[k];
        if (hz < 3900 || hz > 4450)
            continue;
        sums[0] += e;
        sums[1] += e * (hz - 4186);
        sums[2] += e * (hz - 4186) * (hz - 4186);
    }
    free(a);
    return sqrt(sums[2] / sums[0] - sums[1] * sums[1] / (sums[0] * sums[0]));
}

static double loudness(const heard *h) {
    return an_lufs(h->frames, h->n, h->channels, h->rate);
}

/* A hard hit against a soft one a second later, in dB. */
static double contrast(const heard *h) {
    size_t second = (size_t)h->rate;
    return an_db(an_rms(h->left, second) / an_rms(h->left + second, h->n - second));
}

/* Level of the sides against the middle, and of the right against the left; in dB. */
static double width(const heard *h) {
    double side = 0, middle = 0;
    for (size_t i = 0; i < h->n; i++) {
        double l = (double)h->frames[2 * i], r = (double)h->frames[2 * i + 1];
        side += (l - r) * (l - r);
        middle += (l + r) * (l + r);
    }
    return 10 * log10((side + 1e-9) / middle);
}

static double place(const heard *h) {
    double left = 1e-9, right = 1e-9;
    for (size_t i = 0; i < h->n; i++) {
        left += pow((double)h->frames[2 * i], 2);
        right += pow((double)h->frames[2 * i + 1], 2);
    }
    return 10 * log10(right / left);
}

/* The level of 5 ms round a sample. */
static double level_at(const heard *h, size_t at) {
    size_t half = (size_t)(h->rate * 0.0025), from = at > half ? at - half : 0;
    return an_rms(h->left + from, at + half < h->n ? at + half - from : h->n - from);
}

static size_t loudest(const heard *h) {
    size_t best = 0;
    double most = 0;
    for (size_t i = 0; i < h->n; i += 48)
        if (level_at(h, i) > most) {
            most = level_at(h, i);
            best = i;
        }
    return best;
}

/* Seconds from a hundredth of the way up, to nine tenths of it. */
static double attack(const heard *h) {
    double most = level_at(h, loudest(h));
    size_t from = 0, to = 0;
    while (from < h->n && level_at(h, from) < most / 100)
        from += 12;
    for (to = from; to < h->n && level_at(h, to) < most * 0.9;)
        to += 12;
    return (double)(to - from) / h->rate;
}

/* Seconds from the loudest moment down by 20 dB. */
static double decay(const heard *h) {
    size_t peak = loudest(h), to = peak;
    double most = level_at(h, peak);
    while (to < h->n && level_at(h, to) > most / 10)
        to += 48;
    return (double)(to - peak) / h->rate;
}

/* 30 ms at the front of the note against the 300 ms behind them, in dB. */
static double front(const heard *h) {
    double most = level_at(h, loudest(h));
    size_t from = 0, ms = (size_t)(h->rate / 1000);
    while (from < h->n && level_at(h, from) < most / 20)
        from += 12;
    return an_db(an_rms(h->left + from, 30 * ms) / an_rms(h->left + from + 30 * ms, 300 * ms));
}

/* A held note half a second after its beginning, in dB of its loudest. */
static double held(const heard *h) {
    return an_db(level_at(h, (size_t)(h->rate / 2)) / level_at(h, loudest(h)));
}

/* What is heard after the last note, in dB of all. */
static double tail(const heard *h) {
    size_t from = (size_t)(h->rate * 1.2);
    return an_db(an_rms(h->left + from, h->n - from) / an_rms(h->left, h->n) + 1e-6);
}

/* 30 ms at the front of a note against the 300 ms behind them, in dB; by what changes from sample
 * to sample, so that the highs of a stroke count for more. */
static double stroke(const heard *h) {
    heard edges = {.left = calloc(h->n, sizeof *edges.left), .n = h->n, .rate = h->rate};
    assert_non_null(edges.left);
    for (size_t i = 1; i < h->n; i++)
        edges.left[i] = h->left[i] - h->left[i - 1];
    double db = front(&edges);
    free(edges.left);
    return db;
}

/* How much the level and the highs of a steady sound go up and down, in dB. */
static double movement(const heard *h) {
    size_t step = (size_t)(h->rate / 20), n = h->n / step - 2;
    double sums[2] = {0}, squares[2] = {0};
    for (size_t i = 2; i < n + 2; i++) { /* after it has begun */
        const float *x = h->left + i * step;
        double edges = 1e-20, db[2] = {an_db(an_rms(x, step)), 0};
        for (size_t k = 0; k < step; k++)
            edges += ((double)x[k] - (double)x[k - 1]) * ((double)x[k] - (double)x[k - 1]);
        db[1] = 10 * log10(edges / (double)step) - db[0];
        for (int j = 0; j < 2; j++) {
            sums[j] += db[j];
            squares[j] += db[j] * db[j];
        }
    }
    double all = 0;
    for (int j = 0; j < 2; j++)
        all += fmax(squares[j] / (double)n - sums[j] * sums[j] / (double)(n * n), 0);
    return sqrt(all);
}

/* How often a second the level rises through its middle. */
static double speed(const heard *h) {
    double most = level_at(h, loudest(h)), n = 0;
    bool above = true;
    for (size_t i = 0; i < h->n; i += 240) {
        bool now = level_at(h, i) > most * (above ? 0.4 : 0.6);
        n += now && !above;
        above = now;
    }
    return n * h->rate / (double)h->n;
}

static double pitch(const heard *h) {
    double best = 0, at = 0, *a = spectrum(h);
    for (size_t k = 1; k <= WINDOW / 2; k++)
        if (a[k] > best) {
            best = a[k];
            at = (double)k * h->rate / WINDOW;
        }
    free(a);
    return log2(at);
}

/* The middle of the energy of the first 80 ms, in seconds. */
static double lateness(const heard *h) {
    size_t n = (size_t)(h->rate * 0.08);
    double sum = 0, all = 0;
    for (size_t i = 0; i < n; i++) {
        double e = (double)h->left[i] * (double)h->left[i];
        sum += e * (double)i / h->rate;
        all += e;
    }
    return sum / all;
}

/* From the first stroke to the second, in seconds. */
static double second_step(const heard *h) {
    size_t at[8];
    size_t n = an_onsets(h->left, h->n, h->rate, -60, at, 8);
    assert_true(n >= 2);
    return (double)(at[1] - at[0]) / h->rate;
}

/* ---- what is promised ---- */

#define HUM "patch it: saw 110 > gain 0.3 > out"
#define TONE "patch it: sine 110 > gain 0.3 > out"
#define DRIVEN "patch it: sine 110 > drive 2 > gain 0.3 > out"
#define HISS "patch it: noise > lpf 1kHz > gain 0.2 > out"
#define SLOW "patch it: sine 220 > gain 0.5+0.45*lfo(3) > out"
#define SWELL                                                                                      \
    "patch it: saw freq > env attack=100ms decay=0s sustain=1 > gain 0.3 > out\n"                  \
    "melody it step=1 bar: C3"
#define HELD(name, note) "create it " name "\nmelody it step=1 bar: " note
#define SHORT(name, note) "create it " name "\nmelody it step=1/4: " note " . . ."
#define HIT(name) "create it " name "\nsequence it step=1 bar: x"
#define SWUNG "create it hihat decay=10ms\nsequence it swing=60%: xx......"
#define LOUD_AND_SOFT "create it synth\nsequence it step=1/2: Xo"
#define SQUEEZED LOUD_AND_SOFT "\nadd compressor to it threshold=-24dB ratio=3"
#define IN_A_ROOM                                                                                  \
    SHORT("pluck", "C4") "\nadd reverb to it amount=0.4 size=0.5\nadd delay to it amount=0.3"

typedef double measure(const heard *h);

/* What there is more of, where an axis goes up; it grows by `least` or more with a word of
 * factor 1. */
static const struct row {
    chr_axis axis;
    const char *sound;
    measure *of;
    double least;
    bool both_ways; /* false: in this sound there is nothing to take away */
} rows[] = {
#define UP_AND_DOWN(axis, sound, measure, least) {CHR_AXIS_##axis, sound, measure, least, true},
#define UP(axis, sound, measure, least) {CHR_AXIS_##axis, sound, measure, least, false},
    /* clang-format off */
    UP_AND_DOWN(PITCH, TONE, pitch, 0.1)
    UP_AND_DOWN(PITCH, HIT("kick"), pitch, 0.1)
    UP_AND_DOWN(DETUNE, HELD("lead", "C5") "\nset it vibrato=0", spread, 4)
    UP(DETUNE, HUM, movement, 0.5)
    UP_AND_DOWN(LEVEL, SHORT("bass", "C2"), loudness, 2)
    UP_AND_DOWN(LEVEL, HUM, loudness, 2)
    UP_AND_DOWN(PUNCH, HIT("kick"), stroke, 0.2)
    UP(PUNCH, HELD("bass", "C2"), front, 2)
    UP(PUNCH, HIT("snare"), front, 2)
    UP(PUNCH, HIT("clap"), front, 2)
    UP_AND_DOWN(SUSTAIN, HELD("bass", "C2"), held, 1)
    UP_AND_DOWN(SQUEEZE, SQUEEZED, contrast, -0.3)
    UP(SQUEEZE, LOUD_AND_SOFT, contrast, -1)
    UP_AND_DOWN(BODY, HELD("pad", "[C3,G3]"), body, 1)
    UP_AND_DOWN(BODY, HUM, body, 0.3)
    UP_AND_DOWN(BRIGHT, HELD("bass", "C2"), brightness, 0.05)
    UP_AND_DOWN(BRIGHT, HIT("hihat"), brightness, 0.05)
    UP_AND_DOWN(BRIGHT, HUM, brightness, 0.05)
    UP_AND_DOWN(WIDTH, HELD("pad", "C3"), width, 1)
    UP(WIDTH, HUM, width, 20)
    UP_AND_DOWN(WET, IN_A_ROOM, tail, 1)
    UP(WET, SHORT("pluck", "C4"), tail, 3)
    UP_AND_DOWN(ROOM, IN_A_ROOM, tail, 0.3)
    UP_AND_DOWN(ECHO, IN_A_ROOM, tail, 0.5)
    UP_AND_DOWN(PAN, HUM "\nset it pan=0.2", place, 1)
    UP_AND_DOWN(ATTACK, SWELL, attack, 0.05)
    UP(ATTACK, HELD("bass", "C2"), attack, 0.005)
    UP_AND_DOWN(ATTACK, HIT("kick"), stroke, -0.2)
    UP_AND_DOWN(ATTACK, HIT("snare"), front, -2)
    UP(ATTACK, HIT("hihat"), lateness, 0.001)
    UP_AND_DOWN(LENGTH, HIT("kick"), decay, 0.02)
    UP_AND_DOWN(LENGTH, SHORT("pluck", "C4"), decay, 0.02)
    UP_AND_DOWN(LENGTH, SHORT("pad", "C3"), tail, 0.5)
    UP_AND_DOWN(MOTION, HELD("lead", "C5") "\nset it detune=0", spread, 5)
    UP(MOTION, HUM, movement, 0.5)
    UP(CHORUS, HUM, movement, 0.5)
    UP_AND_DOWN(SPEED, SLOW, speed, 0.4)
    UP_AND_DOWN(GRIT, DRIVEN, distortion, 3)
    UP(GRIT, TONE, distortion, 20)
    UP_AND_DOWN(RES, HISS, ringing, 1)
    UP_AND_DOWN(METAL, HIT("hihat"), tones, 0.3)
    UP_AND_DOWN(LOOSE, HIT("clap"), lateness, 0.001)
    UP_AND_DOWN(SWING, SWUNG, second_step, 0.01)
    /* clang-format on */
};
enum { N_ROWS = sizeof rows / sizeof rows[0] };
static double before[N_ROWS];
static int n_bad;

static double heard_as(const struct row *row, const char *word) {
    char text[1000];
    heard h;
    snprintf(text, sizeof text, "%s\n%s%s\n", row->sound, word ? "make it " : "", word ? word : "");
    if (!hear_text(text, "--seconds 2 --tail 0 --no-ceiling", &h))
        fail_msg("%s", text);
    double value = row->of(&h);
    hear_free(&h);
    return value;
}

/* The first word of an axis and direction is heard in every sound, the others in one. */
static int listen(const chr_music_word *w, const chr_move *move, bool every) {
    int n = 0;
    double factor = move->factor < -1                         ? -1
                    : move->factor > 1 && move->factor < 1000 ? 1
                                                              : move->factor;
    if (move->factor == CHR_BACK_TO_REST)
        factor = -0.5;
    for (int i = 0; i < N_ROWS && (every || n == 0); i++) {
        if (rows[i].axis != move->axis || (!rows[i].both_ways && factor < 0))
            continue;
        double change = heard_as(&rows[i], w->word) - before[i];
        double wanted = rows[i].least * factor * 0.5;
        bool good = wanted > 0 ? change >= wanted : change <= wanted;
        print_message("%s%-10s %-16s %8.3f, at least %7.3f in %.40s\n", good ? "  " : "! ", w->word,
                      chr_axes[move->axis].name, change, wanted, rows[i].sound);
        n_bad += !good;
        n++;
    }
    return n;
}

static void every_word_is_heard(void **unused) {
    (void)unused;
    bool known[CHR_AXES][2] = {{false}};
    for (int i = 0; i < N_ROWS; i++)
        before[i] = heard_as(&rows[i], NULL);
    for (int i = 0; i < chr_music_words_count; i++) {
        const chr_music_word *w = &chr_music_words[i];
        for (const chr_move *move = w->moves; move->factor != 0; move++) {
            bool *first = &known[move->axis][move->factor > 0];
            if (move->optional)
                continue;
            if (listen(w, move, !*first) == 0)
                fail_msg("%s is not listened to", w->word);
            *first = true;
        }
    }
    assert_int_equal(n_bad, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_is_heard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
