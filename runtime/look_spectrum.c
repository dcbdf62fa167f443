/* runtime/look_spectrum.c: which frequencies a sound consists of, as `spectrum` draws them; the
 * Fourier transform is KissFFT's. SPDX-License-Identifier: MIT */
#include "runtime/look.h"
#include "runtime/plot.h"

#include <kiss_fftr.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE = 8192, BINS = SIZE / 2 + 1, MARGIN = 8, ROWS = 10, PARTIALS = 8 };
#define WINDOW_SIGMA 0.11 /* of the length; it ends 90 dB below its middle */
#define BOTTOM_DB (-90.0)
#define LOWEST_HZ 20.0
#define HIGHEST_HZ 20000.0

/* Amplitudes of a sine in each bin, in dB re full scale. Under a Gaussian window a parabola through
 * the levels of a peak gives its exact place and height. */
static bool transform(const chr_look_sound *s, size_t n, float *db) {
    kiss_fftr_cfg plan = kiss_fftr_alloc(SIZE, 0, NULL, NULL);
    float *x = malloc(SIZE * sizeof *x);
    kiss_fft_cpx *y = malloc(BINS * sizeof *y);
    bool good = plan && x && y;
    double sum = 0.0;
    for (size_t i = 0; good && i < SIZE; i++) {
        double t = (((double)i + 0.5) / SIZE - 0.5) / WINDOW_SIGMA, w = exp(-0.5 * t * t);
        sum += w;
        x[i] = i < n ? 0.5f * (s->left[i] + s->right[i]) * (float)w : 0.0f;
    }
    if (good)
        kiss_fftr(plan, x, y);
    for (size_t i = 0; good && i < BINS; i++) {
        double a = hypot((double)y[i].r, (double)y[i].i) * 2.0 / sum;
        db[i] = (float)(a > 1e-9 ? 20.0 * log10(a) : -180.0);
    }
    kiss_fftr_free(plan);
    free(x);
    free(y);
    return good;
}

static double column_hz(double column, int width) {
    return LOWEST_HZ * pow(HIGHEST_HZ / LOWEST_HZ, column / width);
}

/* Each figure ends at its place; one that would touch the one before is left out. */
static void print_axis(int signs, FILE *to) {
    static const struct {
        double hz;
        const char *text;
    } marks[] = {
        {20,    "20" },
        {100,   "100"},
        {1000,  "1k" },
        {10000, "10k"}
    };
    int column = 0;
    fprintf(to, "%*s", MARGIN, "");
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        int len = (int)strlen(marks[i].text);
        int place = (int)(signs * log(marks[i].hz / LOWEST_HZ) / log(HIGHEST_HZ / LOWEST_HZ));
        int gap = i == 0 ? 0 : place - len - column;
        if (gap < (i == 0 ? 0 : 1))
            continue;
        fprintf(to, "%*s%s", gap, "", marks[i].text);
        column += gap + len;
    }
    fputs(column + 3 <= signs ? " Hz\n" : "\n", to);
}

static void draw(const float *db, double rate_hz, int signs, FILE *to) {
    chr_plot p;
    chr_plot_clear(&p, signs, ROWS);
    for (int column = 0; column < p.width; column++) {
        double from = column_hz(column, p.width) * SIZE / rate_hz,
               end = column_hz(column + 1.0, p.width) * SIZE / rate_hz;
        int first = (int)floor(from), last = (int)ceil(end);
        float most = (float)BOTTOM_DB;
        for (int k = first; k <= last && k < BINS; k++)
            most = fmaxf(most, db[k]);
        int top = (int)((double)p.height * ((double)most / BOTTOM_DB));
        if (top < p.height)
            chr_plot_rise(&p, column, top < 0 ? 0 : top, p.height - 1);
    }
    for (int row = 0; row < ROWS; row++) {
        if (row == 0)
            fprintf(to, "%4d dB ", 0);
        else if (row == ROWS - 1)
            fprintf(to, "%4.0f dB ", BOTTOM_DB);
        else
            fprintf(to, "%*s", MARGIN, "");
        chr_plot_print_row(&p, row, to);
        fputc('\n', to);
    }
    print_axis(signs, to);
}

typedef struct partial {
    double hz;
    float db;
} partial;

/* The strongest peaks, strongest first; each found between its bins by a parabola. */
static int find_partials(const float *db, double rate_hz, partial found[PARTIALS]) {
    int n = 0;
    for (int k = 2; k + 2 < BINS; k++) {
        if (db[k] < -80.0f || db[k] < db[k - 1] || db[k] <= db[k + 1] || db[k] < db[k - 2] ||
            db[k] < db[k + 2])
            continue;
        double a = (double)db[k - 1], b = (double)db[k], c = (double)db[k + 1];
        double bend = a - 2.0 * b + c, shift = bend < 0.0 ? 0.5 * (a - c) / bend : 0.0;
        partial p = {((double)k + shift) * rate_hz / SIZE, (float)(b - 0.25 * (a - c) * shift)};
        int at = n < PARTIALS ? n++ : PARTIALS;
        for (; at > 0 && found[at - 1].db < p.db; at--)
            if (at < PARTIALS)
                found[at] = found[at - 1];
        if (at < PARTIALS)
            found[at] = p;
    }
    return n;
}

void chr_look_spectrum(const chr_look_sound *s, size_t n, double rate_hz, int columns, FILE *to) {
    float *db = malloc(BINS * sizeof *db);
    if (!db || !transform(s, n, db)) {
        fputs("memory is out\n", to);
        free(db);
        return;
    }
    partial partials[PARTIALS];
    int found = find_partials(db, rate_hz, partials);
    int signs = chr_plot_signs(columns, MARGIN);
    if (found > 0 && signs > 0)
        draw(db, rate_hz, signs, to);
    if (found == 0)
        fprintf(to, "%s is silent just now.\n", s->name);
    else
        fprintf(to, "%s, strongest first:", s->name);
    for (int i = 0; i < found; i++) {
        char note[32];
        fprintf(to, "%s %.1f Hz %.1f dB (%s)", i ? "," : "", partials[i].hz, (double)partials[i].db,
                chr_look_note(partials[i].hz, note));
    }
    if (found > 0)
        fputc('\n', to);
    free(db);
}
