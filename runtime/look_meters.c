/* runtime/look_meters.c: levels, as `meters` tells them.
 * SPDX-License-Identifier: MIT */
#include "runtime/look.h"

#include <ebur128.h>
#include <math.h>
#include <string.h>

enum { BAR_LEAST = 10, BAR_MOST = 60, FIGURES = 2 + 8 + 8 + 2 }; /* columns */
#define FLOOR_DB (-60.0) /* where a bar begins; what is below is as good as silent */

static double to_db(double x) {
    return x > 0.0 ? 20.0 * log10(x) : CHR_LOOK_SILENCE_DB;
}

double chr_look_peak_db(const chr_look_sound *s, size_t n) {
    float most = 0.0f;
    for (size_t i = 0; i < n; i++) {
        most = fmaxf(most, fabsf(s->left[i]));
        most = fmaxf(most, fabsf(s->right[i]));
    }
    return to_db((double)most);
}

double chr_look_rms_db(const chr_look_sound *s, size_t n) {
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += (double)s->left[i] * (double)s->left[i] + (double)s->right[i] * (double)s->right[i];
    return to_db(n > 0 ? sqrt(sum / (2.0 * (double)n)) : 0.0);
}

static void print_db(FILE *to, double db) {
    if (db < -120.0)
        fprintf(to, "%8s", "silent");
    else
        fprintf(to, "%8.1f", db);
}

/* Momentary loudness of the last 0.4 s. */
static double loudness(const chr_look_sound *s, size_t n, double rate_hz) {
    ebur128_state *meter = ebur128_init(2, (unsigned long)rate_hz, EBUR128_MODE_M);
    double lufs = CHR_LOOK_SILENCE_DB;
    for (size_t i = 0; meter && i < n; i++) {
        const float frame[2] = {s->left[i], s->right[i]};
        if (ebur128_add_frames_float(meter, frame, 1) != EBUR128_SUCCESS)
            break;
    }
    if (meter && ebur128_loudness_momentary(meter, &lufs) != EBUR128_SUCCESS)
        lufs = CHR_LOOK_SILENCE_DB;
    if (meter)
        ebur128_destroy(&meter);
    return lufs;
}

static void print_row(const chr_look_sound *s, size_t n, int width, int bar_columns, FILE *to) {
    double peak = chr_look_peak_db(s, n), rms = chr_look_rms_db(s, n);
    fprintf(to, "  %-*s", width, s->name);
    print_db(to, peak);
    print_db(to, rms);
    if (bar_columns > 0) {
        int filled = (int)((rms - FLOOR_DB) / -FLOOR_DB * bar_columns),
            top = (int)((peak - FLOOR_DB) / -FLOOR_DB * bar_columns);
        char bar[BAR_MOST];
        for (int i = 0; i < bar_columns; i++)
            bar[i] = i < filled ? '#' : i < top ? '-' : i == top ? '|' : ' ';
        int len = bar_columns;
        while (len > 0 && bar[len - 1] == ' ')
            len--;
        if (len > 0)
            fprintf(to, "  %.*s", len, bar);
    }
    fputc('\n', to);
}

void chr_look_meters(const chr_look_sound *sounds, int n_sounds, size_t n, double rate_hz,
                     int columns, FILE *to) {
    int width = 5;
    for (int i = 0; i < n_sounds; i++)
        width = (int)strlen(sounds[i].name) > width ? (int)strlen(sounds[i].name) : width;
    int bar = columns - width - FIGURES;
    bar = bar < BAR_LEAST ? 0 : bar > BAR_MOST ? BAR_MOST : bar;
    bool narrow = columns > 0 && columns < width + FIGURES + 4;
    fprintf(to, "  %-*s%8s%8s%s\n", width, "", "peak", "rms", narrow ? "" : "  (dB)");
    for (int i = 1; i < n_sounds; i++)
        print_row(&sounds[i], n, width, bar, to);
    print_row(&sounds[0], n, width, bar, to);
    double lufs = loudness(&sounds[0], n, rate_hz);
    if (lufs > -70.0)
        fprintf(to, "  loudness %.1f LUFS\n", lufs);
    else
        fputs("  loudness: silence\n", to);
}
