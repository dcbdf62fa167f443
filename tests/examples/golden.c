/* tests/examples/golden.c: each example sounds as it did when golden.txt was written. Of its first
 * eight seconds that file keeps features (loudness, peak, timing, brightness, width) and a picture:
 * the level in ten octaves, in each half second. Other bits are no fault; another sound is.
 *
 * `heard_golden --print` prints what the file should say. It is renewed with a reason only.
 * SPDX-License-Identifier: MIT */
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

enum { OCTAVES = 10, PARTS = 16, FEATURES = 5, SPECTRUM = 8192, HOP = 4096 };
static const double lowest_hz = 22.0, floor_db = -100.0;

/* The features, and how far each may be off. */
static const struct {
    const char *name;
    double tolerance;
} features[FEATURES] = {
    {"loudness (LUFS)",     0.1 },
    {"true peak (dB)",      0.3 },
    {"timing (ms)",         0.5 },
    {"brightness (octave)", 0.02},
    {"width (dB)",          0.5 },
};

/* What is left of an octave of two pictures when one is taken from the other, in dB re the
 * reference. The text keeps levels to a tenth of a dB, which alone leaves -49. */
static const double most_left_db = -40.0;

typedef struct picture {
    double feature[FEATURES];
    double level[PARTS][OCTAVES]; /* dB re full scale, floor_db at least */
} picture;

/* Adds the power of one stretch to its octaves. */
static void add_octaves(const float *x, double rate, double *power) {
    static double amplitude[SPECTRUM / 2 + 1];
    an_spectrum(x, SPECTRUM, amplitude);
    for (int k = 1; k <= SPECTRUM / 2; k++) {
        double octave = log2(k * rate / SPECTRUM / lowest_hz);
        if (octave >= 0 && octave < OCTAVES)
            power[(int)octave] += amplitude[k] * amplitude[k];
    }
}

/* The centre of gravity of all power, in octaves above the lowest. */
static double brightness(double power[PARTS][OCTAVES]) {
    double sum = 0, weighed = 0;
    for (int p = 0; p < PARTS; p++)
        for (int o = 0; o < OCTAVES; o++) {
            sum += power[p][o];
            weighed += power[p][o] * o;
        }
    return weighed / sum;
}

/* Where in each half second its power lies, on average: all notes a little later move it. */
static double timing_ms(const heard *h) {
    size_t part = h->n / PARTS;
    double all = 0;
    for (size_t p = 0; p < PARTS; p++) {
        double sum = 1e-20, weighed = 0;
        for (size_t i = 0; i < part; i++) {
            double x = (double)h->left[p * part + i];
            sum += x * x;
            weighed += x * x * (double)i;
        }
        all += weighed / sum;
    }
    return all / PARTS / h->rate * 1000.0;
}

/* How loud the sides are beside the middle. */
static double width_db(const heard *h) {
    double middle = 0, side = 0;
    for (size_t i = 0; h->channels == 2 && i < h->n; i++) {
        double l = (double)h->frames[2 * i], r = (double)h->frames[2 * i + 1];
        middle += (l + r) * (l + r);
        side += (l - r) * (l - r);
    }
    return fmax(floor_db, an_db(sqrt(side / fmax(middle, 1e-20))));
}

static void look(const heard *h, picture *p) {
    double power[PARTS][OCTAVES] = {{0}};
    size_t part = h->n / PARTS;
    assert_true(part >= SPECTRUM);
    for (size_t i = 0; i < PARTS; i++)
        for (size_t at = 0; at + SPECTRUM <= part; at += HOP)
            add_octaves(h->left + i * part + at, h->rate, power[i]);
    p->feature[0] = an_lufs(h->frames, h->n, h->channels, h->rate);
    p->feature[1] = an_true_peak_db(h->frames, h->n, h->channels, h->rate);
    p->feature[2] = timing_ms(h);
    p->feature[3] = brightness(power);
    p->feature[4] = width_db(h);
    size_t looks = (part - SPECTRUM) / HOP + 1;
    for (size_t i = 0; i < PARTS; i++)
        for (int o = 0; o < OCTAVES; o++)
            p->level[i][o] = fmax(floor_db, an_db(sqrt(power[i][o] / (double)looks)));
}

static void print_picture(FILE *to, const char *name, const picture *p) {
    fprintf(to, "%s", name);
    for (int i = 0; i < FEATURES; i++)
        fprintf(to, " %.3f", p->feature[i]);
    fprintf(to, "\n");
    for (int i = 0; i < PARTS; i++)
        for (int o = 0; o < OCTAVES; o++)
            fprintf(to, "%.1f%c", p->level[i][o], o < OCTAVES - 1 ? ' ' : '\n');
}

static bool read_picture(const char *text, const char *name, picture *p) {
    char key[200];
    snprintf(key, sizeof key, "\n%s ", name);
    const char *at = strstr(text, key);
    if (!at)
        return false;
    char *next = (char *)(uintptr_t)at + strlen(key);
    double *number = &p->feature[0];
    for (int i = 0; i < FEATURES + PARTS * OCTAVES; i++) {
        const char *from = next;
        double x = strtod(from, &next);
        if (next == from)
            return false;
        if (i < FEATURES)
            number[i] = x;
        else
            p->level[(i - FEATURES) / OCTAVES][(i - FEATURES) % OCTAVES] = x;
    }
    return true;
}

static double amplitude_of(double db) {
    return db <= floor_db ? 0.0 : pow(10.0, db / 20.0);
}

/* In the octave that differs most, of those that are heard: up to 60 dB below the loudest. */
static double left_db(const picture *now, const picture *then) {
    double left[OCTAVES] = {0}, all[OCTAVES] = {0}, loudest = 0, worst = 0;
    for (int o = 0; o < OCTAVES; o++) {
        for (int i = 0; i < PARTS; i++) {
            double a = amplitude_of(now->level[i][o]), b = amplitude_of(then->level[i][o]);
            left[o] += (a - b) * (a - b);
            all[o] += b * b;
        }
        loudest = fmax(loudest, all[o]);
    }
    for (int o = 0; o < OCTAVES; o++)
        if (all[o] > loudest * 1e-6)
            worst = fmax(worst, left[o] / all[o]);
    return an_db(sqrt(worst));
}

/* What differs, in words; empty where nothing does. */
static const char *difference(const picture *now, const picture *then) {
    static char said[400];
    int n = 0;
    said[0] = 0;
    for (int i = 0; i < FEATURES; i++)
        if (!(fabs(now->feature[i] - then->feature[i]) <= features[i].tolerance))
            n += snprintf(said + n, sizeof said - (size_t)n, "%s %.3f, was %.3f; ",
                          features[i].name, now->feature[i], then->feature[i]);
    double left = left_db(now, then);
    if (!(left <= most_left_db))
        snprintf(said + n, sizeof said - (size_t)n, "the picture is off by %.1f dB re what it was",
                 left);
    return said;
}

static char *golden;
static int n_wrong;

static void hear_beginning(const char *path, heard *h) {
    assert_true(hear_file(path, "--seconds 8 --tail 0", h));
}

static void sounds_as_it_did(const char *path, const char *name) {
    heard h;
    picture now, then;
    hear_beginning(path, &h);
    look(&h, &now);
    const char *said =
        read_picture(golden, name, &then) ? difference(&now, &then) : "golden.txt does not know it";
    if (*said) {
        print_error("%s: %s\n", name, said);
        n_wrong++;
    }
    hear_free(&h);
}

static void print_example(const char *path, const char *name) {
    heard h;
    picture p;
    hear_beginning(path, &h);
    look(&h, &p);
    print_picture(stdout, name, &p);
    hear_free(&h);
}

static void every_example_sounds_as_it_did(void **unused) {
    (void)unused;
    assert_true(hear_each_example(sounds_as_it_did) >= 25);
    assert_int_equal(n_wrong, 0);
}

/* How a small fault changes the picture of the first beat. */
static const char *after(void (*fault)(heard *h)) {
    heard h;
    picture whole, faulty;
    hear_beginning(CHRONUS_SOURCE_DIR "/examples/04-chords.chr", &h);
    look(&h, &whole);
    fault(&h);
    look(&h, &faulty);
    hear_free(&h);
    return difference(&faulty, &whole);
}

static void nothing(heard *h) {
    (void)h;
}
static void a_little_softer(heard *h) {
    for (size_t i = 0; i < h->n; i++)
        h->left[i] *= 0.985f; /* -0.13 dB */
}
static void duller(heard *h) { /* one pole at some 15 kHz */
    for (size_t i = 1; i < h->n; i++)
        h->left[i] = h->left[i] * 0.88f + h->left[i - 1] * 0.12f;
}
static void later(heard *h) { /* by a millisecond */
    size_t by = (size_t)(h->rate / 1000);
    memmove(h->left + by, h->left, (h->n - by) * sizeof *h->left);
}
static void a_gap(heard *h) { /* of a tenth of a second */
    memset(h->left + h->n / 2, 0, (size_t)(h->rate / 10) * sizeof *h->left);
}
static void narrower(heard *h) {
    for (size_t i = 0; i < h->n; i++) {
        float *f = &h->frames[2 * i], m = 0.5f * (f[0] + f[1]);
        f[0] = m + (f[0] - m) * 0.9f;
        f[1] = m + (f[1] - m) * 0.9f;
    }
}
static void louder_right(heard *h) {
    for (size_t i = 0; i < h->n; i++)
        h->frames[2 * i + 1] *= 1.05f;
}

static void small_faults_are_found(void **unused) {
    (void)unused;
    assert_string_equal(after(nothing), "");
    assert_string_not_equal(after(a_little_softer), "");
    assert_string_not_equal(after(duller), "");
    assert_string_not_equal(after(later), "");
    assert_string_not_equal(after(a_gap), "");
    assert_string_not_equal(after(narrower), "");
    assert_string_not_equal(after(louder_right), "");
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "--print") == 0) {
        printf(
            "What each example sounded like: see golden.c. Features, then half a second a line.\n");
        return hear_each_example(print_example) > 0 ? 0 : 1;
    }
    golden = hear_source(CHRONUS_SOURCE_DIR "/tests/examples/golden.txt");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_faults_are_found),
        cmocka_unit_test(every_example_sounds_as_it_did),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(golden);
    return failed;
}
