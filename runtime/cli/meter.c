/* runtime/cli/meter.c: what a rendering measured, and how far it is.
 * SPDX-License-Identifier: MIT */
#include "runtime/cli/meter.h"

#include "runtime/true_peak.h"

#include <ebur128.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct chr_meter {
    int n_channels;
    float peak;
    ebur128_state *loudness; /* NULL: not asked for */
    chr_true_peak *between;  /* [n_channels] likewise */
};

chr_meter *chr_meter_new(int rate_hz, int n_channels, bool thorough) {
    chr_meter *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->n_channels = n_channels;
    if (thorough) {
        m->loudness = ebur128_init((unsigned)n_channels, (unsigned long)rate_hz, EBUR128_MODE_I);
        m->between = calloc((size_t)n_channels, sizeof *m->between);
        if (!m->loudness || !m->between) {
            chr_meter_free(m);
            return NULL;
        }
        for (int c = 0; c < n_channels; c++)
            chr_true_peak_begin(&m->between[c], rate_hz);
        if (n_channels == 1)
            ebur128_set_channel(m->loudness, 0, EBUR128_DUAL_MONO);
    }
    return m;
}

void chr_meter_free(chr_meter *m) {
    if (m && m->loudness)
        ebur128_destroy(&m->loudness);
    if (m)
        free(m->between);
    free(m);
}

float chr_meter_add(chr_meter *m, const float *frames, int n) {
    enum { ABREAST = 8 }; /* looked at side by side */
    float peaks[ABREAST] = {0}, peak = 0.0f;
    int i = 0, all = n * m->n_channels;
    for (; i + ABREAST <= all; i += ABREAST)
        for (int k = 0; k < ABREAST; k++) {
            float x = fabsf(frames[i + k]);
            peaks[k] = x > peaks[k] ? x : peaks[k];
        }
    for (; i < all; i++)
        peaks[0] = fabsf(frames[i]) > peaks[0] ? fabsf(frames[i]) : peaks[0];
    for (int k = 0; k < ABREAST; k++)
        peak = peaks[k] > peak ? peaks[k] : peak;
    if (peak > m->peak)
        m->peak = peak;
    if (!m->loudness)
        return peak;
    ebur128_add_frames_float(m->loudness, frames, (size_t)n);
    for (int c = 0; c < m->n_channels; c++)
        chr_true_peak_add(&m->between[c], frames + c, m->n_channels, n);
    return peak;
}

float chr_meter_peak(const chr_meter *m) {
    return m->peak;
}

static int level(char *text, int room, const char *what, double x, const char *unit) {
    if (x > -200)
        return snprintf(text, (size_t)room, "%s %.1f %s", what, x, unit);
    return snprintf(text, (size_t)room, "%s -inf %s", what, unit);
}

void chr_meter_text(chr_meter *m, char *text, int room) {
    int n = level(text, room, "peak", 20 * log10((double)m->peak), "dBFS");
    if (!m->loudness)
        return;
    double true_peak = 0, lufs = -HUGE_VAL;
    for (int c = 0; c < m->n_channels; c++)
        true_peak = fmax(true_peak, (double)m->between[c].peak);
    if (ebur128_loudness_global(m->loudness, &lufs) != EBUR128_SUCCESS)
        lufs = -HUGE_VAL;
    n += level(text + n, room - n, ", true peak", 20 * log10(true_peak), "dBTP");
    level(text + n, room - n, ", loudness", lufs, "LUFS");
}

double chr_now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

chr_progress chr_progress_begin(bool quiet, double rate_hz) {
    double now = chr_now_s();
    return (chr_progress){!quiet && isatty(STDERR_FILENO), now, now + 0.2, rate_hz};
}

void chr_progress_step(chr_progress *p, uint64_t frames, uint64_t of) {
    if (!p->shown)
        return;
    double now = chr_now_s();
    if (now < p->next_s)
        return;
    p->next_s = now + 0.1;
    double share = of > 0 ? (double)frames / (double)of : 1;
    if (share > 1)
        share = 1;
    char bar[31];
    for (int i = 0; i < 30; i++)
        bar[i] = i < (int)(share * 30) ? '=' : ' ';
    bar[30] = '\0';
    double spent = now - p->began_s;
    fprintf(stderr, "\r[%s] %3.0f %%  %.0fx real time  %.0f s left \x1b[K", bar, share * 100,
            (double)frames / p->rate_hz / spent, share > 0 ? spent * (1 - share) / share : 0.0);
    fflush(stderr);
}

void chr_progress_clear(chr_progress *p) {
    if (p->shown)
        fputs("\r\x1b[K", stderr);
}
