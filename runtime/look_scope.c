/* runtime/look_scope.c: a wave, as `scope` draws it.
 * SPDX-License-Identifier: MIT */
#include "runtime/look.h"
#include "runtime/plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FAINT 0.005f /* below it two digits would be none */

enum { MARGIN = 7, ROWS = 10, PERIODS = 3 };
#define PITCH_MIN_HZ 25.0
#define PITCH_MAX_HZ 4000.0
#define PLAIN 0.2 /* share of the energy that may differ from period to period */

const char *chr_look_note(double hz, char text[32]) {
    static const char *const names[] = {"C",  "C#", "D",  "Eb", "E",  "F",
                                        "F#", "G",  "Ab", "A",  "Bb", "B"};
    double midi = 69.0 + 12.0 * log2(hz / 440.0);
    int nearest = (int)lround(midi), cents = (int)lround((midi - nearest) * 100.0);
    int octave = (nearest + 1200) / 12 - 101;
    if (cents == 0)
        snprintf(text, 32, "%s%d", names[(nearest + 1200) % 12], octave);
    else
        snprintf(text, 32, "%s%d %+d ct", names[(nearest + 1200) % 12], octave, cents);
    return text;
}

/* How much the wave differs from itself `lag` samples later, over a window. */
static double difference(const float *x, size_t window, size_t lag) {
    double sum = 0.0;
    for (size_t i = 0; i < window; i++) {
        double e = (double)x[i] - (double)x[i + lag];
        sum += e * e;
    }
    return sum;
}

/* Where between its neighbours the least difference lies; `lag` is that of the least one. */
static double refine(const float *x, size_t window, size_t lag) {
    double a = difference(x, window, lag - 1), b = difference(x, window, lag),
           c = difference(x, window, lag + 1), bend = a - 2.0 * b + c;
    return (double)lag + (bend > 0.0 ? 0.5 * (a - c) / bend : 0.0);
}

/* The same period, found again over as many of them as fit: as much more exact. */
static double period_over_many(const float *x, size_t window, size_t longest, double period) {
    size_t many = (size_t)(((double)longest - 2.0) / period);
    if (many < 2)
        return period;
    size_t about = (size_t)(period * (double)many + 0.5), best = about;
    for (size_t lag = about - 2; lag <= about + 2 && lag < longest; lag++)
        if (difference(x, window, lag) < difference(x, window, best))
            best = lag;
    return best > 1 && best < longest ? refine(x, window, best) / (double)many : period;
}

/* Difference function and its cumulative mean: de Cheveigné and Kawahara, "YIN", JASA 111 (2002),
 * steps 1 to 5. */
double chr_look_pitch_hz(const float *x, size_t n, double rate_hz) {
    size_t longest = (size_t)(rate_hz / PITCH_MIN_HZ), shortest = (size_t)(rate_hz / PITCH_MAX_HZ);
    if (n < 2 * longest || shortest < 2)
        return 0.0;
    size_t window = n - longest;
    double sum = 0.0, before = 1.0;
    size_t found = 0;
    for (size_t lag = 1; lag <= longest; lag++) {
        double s = difference(x, window, lag);
        sum += s;
        double mean = sum > 0.0 ? s * (double)lag / sum : 1.0;
        if (found && mean >= before)
            break; /* the one before was the valley */
        found = lag >= shortest && mean < PLAIN ? lag : 0;
        before = mean;
    }
    if (!found || found == longest)
        return 0.0;
    return rate_hz / period_over_many(x, window, longest, refine(x, window, found));
}

static float middle(const chr_look_sound *s, size_t i) {
    return 0.5f * (s->left[i] + s->right[i]);
}

/* Where the wave rises through zero the first time, so that a steady tone stands still. */
static size_t trigger(const float *x, size_t n) {
    for (size_t i = 1; i < n / 2; i++)
        if (x[i - 1] < 0.0f && x[i] >= 0.0f)
            return i;
    return 0;
}

static void draw(const float *x, size_t n, float most, int signs, FILE *to) {
    chr_plot p;
    chr_plot_clear(&p, signs, ROWS);
    float scale = most > 0.0f ? (float)(p.height - 1) * 0.5f / most : 0.0f;
    int last = -1;
    for (int column = 0; column < p.width; column++) {
        size_t from = (size_t)column * n / (size_t)p.width,
               end = ((size_t)column + 1) * n / (size_t)p.width;
        float high = x[from], low = x[from];
        for (size_t i = from; i < end && i < n; i++) {
            high = fmaxf(high, x[i]);
            low = fminf(low, x[i]);
        }
        int top = (int)lroundf((float)(p.height - 1) * 0.5f - high * scale),
            bottom = (int)lroundf((float)(p.height - 1) * 0.5f - low * scale);
        if (last >= 0) { /* no gap to the column before */
            top = last < top ? last : top;
            bottom = last > bottom ? last : bottom;
        }
        chr_plot_rise(&p, column, top, bottom);
        last = (int)lroundf((float)(p.height - 1) * 0.5f - x[end > from ? end - 1 : from] * scale);
    }
    for (int row = 0; row < ROWS; row++) {
        const double edge = row == 0 ? (double)most : -(double)most;
        if (row != 0 && row != ROWS - 1)
            fprintf(to, "%*s", MARGIN, "");
        else if (most < FAINT)
            fprintf(to, "%-7.4f", edge);
        else
            fprintf(to, "%6.2f ", edge);
        chr_plot_print_row(&p, row, to);
        fputc('\n', to);
    }
}

void chr_look_scope(const chr_look_sound *s, size_t n, double rate_hz, int columns, FILE *to) {
    float *x = malloc((n + 1) * sizeof *x);
    if (!x) {
        fputs("memory is out\n", to);
        return;
    }
    float high = 0.0f, low = 0.0f;
    for (size_t i = 0; i < n; i++) {
        x[i] = middle(s, i);
        high = i ? fmaxf(high, x[i]) : x[i];
        low = i ? fminf(low, x[i]) : x[i];
    }
    float most = fmaxf(fabsf(high), fabsf(low));
    if (most < 1e-6f) {
        fprintf(to, "%s is silent just now.\n", s->name);
        free(x);
        return;
    }
    double hz = chr_look_pitch_hz(x, n, rate_hz);
    size_t from = trigger(x, n),
           shown = hz > 0.0 ? (size_t)(PERIODS * rate_hz / hz) : (size_t)(0.02 * rate_hz);
    if (shown < 16)
        shown = 16;
    if (from + shown > n)
        shown = n - from;
    int signs = chr_plot_signs(columns, MARGIN);
    if (signs > 0) {
        draw(x + from, shown, most, signs, to);
        fprintf(to, "%*s%.2f ms\n", MARGIN, "", (double)shown / rate_hz * 1000.0);
    }
    char note[32];
    int digits = most < FAINT ? 6 : 3;
    fprintf(to, "%s: from %.*f to %.*f", s->name, digits, (double)low, digits, (double)high);
    if (hz > 0.0)
        fprintf(to, ", a period of %.2f ms: %.1f Hz, %s\n", 1000.0 / hz, hz,
                chr_look_note(hz, note));
    else
        fputs(", no steady pitch\n", to);
    free(x);
}
