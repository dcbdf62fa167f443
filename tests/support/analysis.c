/* tests/support/analysis.c: see analysis.h.
 *
 * SPDX-License-Identifier: MIT */
#include "tests/support/analysis.h"

#include <ebur128.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

static const double pi = 3.14159265358979323846;

static double *doubles(size_t n) {
    double *p = calloc(n ? n : 1, sizeof *p);
    if (!p)
        abort();
    return p;
}

double an_db(double ratio) {
    return ratio > 1e-20 ? 20.0 * log10(ratio) : isnan(ratio) ? (double)NAN : -400.0;
}

double an_rms(const float *x, size_t n) {
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += (double)x[i] * (double)x[i];
    return sqrt(sum / (double)n);
}

double an_peak(const float *x, size_t n) {
    double peak = 0.0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i]))
            return (double)NAN;
        peak = fmax(peak, fabs((double)x[i]));
    }
    return peak;
}

double an_difference_db(const float *x, const float *y, size_t n) {
    double worst = 0.0;
    for (size_t i = 0; i < n; i++) {
        double d = fabs((double)x[i] - (double)y[i]);
        if (isnan(d))
            return (double)NAN;
        worst = fmax(worst, d);
    }
    return an_db(worst);
}

/* Modified Bessel function of order 0. */
static double bessel_i0(double x) {
    double sum = 1.0, term = 1.0;
    for (int k = 1; k < 500 && term > sum * 1e-18; k++) {
        term *= x * x / (4.0 * k * k);
        sum += term;
    }
    return sum;
}

/* Kaiser window over n samples at place i + 0.5, not normalised. beta 34: side lobes at -240 dB,
 * main lobe 11 bins. */
static const double kaiser_beta = 34.0;
static double kaiser(double i, size_t n, double beta) {
    double u = 2.0 * (i + 0.5) / (double)n - 1.0;
    return bessel_i0(beta * sqrt(fmax(0.0, 1.0 - u * u))) / bessel_i0(beta);
}

/* The window of n samples, kept from one call to the next. */
static const double *window_of(size_t n) {
    static double *window;
    static size_t made;
    if (made == n)
        return window;
    free(window);
    window = doubles(n);
    made = n;
    for (size_t i = 0; i < n; i++)
        window[i] = kaiser((double)i, n, kaiser_beta);
    return window;
}

double an_dc(const float *x, size_t n) {
    const double *window = window_of(n);
    double sum = 0.0, weight = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += window[i] * (double)x[i];
        weight += window[i];
    }
    return sum / weight;
}

void an_fft(double *re, double *im, size_t n) {
    for (size_t i = 1, j = 0; i < n; i++) {
        size_t bit = n >> 1;
        for (; j & bit; bit >>= 1)
            j ^= bit;
        j ^= bit;
        if (i < j) {
            double a = re[i], b = im[i];
            re[i] = re[j], im[i] = im[j];
            re[j] = a, im[j] = b;
        }
    }
    static double *cosine, *sine; /* kept from one call to the next */
    static size_t made;
    if (made != n) {
        free(cosine);
        free(sine);
        cosine = doubles(n / 2);
        sine = doubles(n / 2);
        made = n;
        for (size_t k = 0; k < n / 2; k++) {
            cosine[k] = cos(2.0 * pi * (double)k / (double)n);
            sine[k] = -sin(2.0 * pi * (double)k / (double)n);
        }
    }
    for (size_t half = 1; half < n; half *= 2)
        for (size_t start = 0; start < n; start += 2 * half)
            for (size_t k = 0; k < half; k++) {
                double c = cosine[k * (n / 2 / half)], s = sine[k * (n / 2 / half)];
                size_t a = start + k, b = a + half;
                double r = re[b] * c - im[b] * s, i = re[b] * s + im[b] * c;
                re[b] = re[a] - r, im[b] = im[a] - i;
                re[a] += r, im[a] += i;
            }
}

void an_spectrum(const float *x, size_t n, double *amplitude) {
    const double *window = window_of(n);
    double *re = doubles(n), *im = doubles(n), sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += window[i];
        re[i] = window[i] * (double)x[i];
    }
    an_fft(re, im, n);
    for (size_t k = 0; k <= n / 2; k++)
        amplitude[k] = hypot(re[k], im[k]) / sum * (k == 0 || k == n / 2 ? 1.0 : 2.0);
    free(re);
    free(im);
}

/* Windowed transform at one frequency, of samples first..first+n-1, with the phase counted from
 * sample 0. */
static void transform_at(const float *x, size_t first, size_t n, double rate, double hz, double *re,
                         double *im) {
    const double *window = window_of(n);
    double sum = 0.0, a = 0.0, b = 0.0;
    for (size_t i = 0; i < n; i++) {
        double w = window[i], turn = hz / rate * (double)(first + i);
        turn -= floor(turn);
        sum += w;
        a += w * (double)x[first + i] * cos(2.0 * pi * turn);
        b -= w * (double)x[first + i] * sin(2.0 * pi * turn);
    }
    *re = 2.0 * a / sum;
    *im = 2.0 * b / sum;
}

double an_tone(const float *x, size_t n, double rate, double hz) {
    double re, im;
    transform_at(x, 0, n, rate, hz, &re, &im);
    return hypot(re, im);
}

double an_frequency(const float *x, size_t n, double rate, double guess_hz) {
    double hz = guess_hz;
    size_t half = n / 2;
    for (int round = 0; round < 4;
         round++) { /* phase between the halves tells how far off; each round sharpens it */
        double re1, im1, re2, im2;
        transform_at(x, 0, half, rate, hz, &re1, &im1);
        transform_at(x, half, half, rate, hz, &re2, &im2);
        double turn = atan2(im2 * re1 - re2 * im1, re2 * re1 + im2 * im1) / (2.0 * pi);
        if (hypot(re1, im1) < 1e-12)
            return (double)NAN;
        hz += turn * rate / (double)half;
    }
    return hz;
}

double an_cents(double hz, double reference_hz) {
    return 1200.0 * log2(hz / reference_hz);
}

double an_alias_db(const float *x, size_t n, double rate, double f0, double top_hz, double *at_hz) {
    double *amplitude = doubles(n / 2 + 1), bin = rate / (double)n, loudest = 0.0, worst = 0.0,
           where = 0.0;
    an_spectrum(x, n, amplitude);
    for (size_t k = (size_t)(10.0 / bin) + 1; k <= n / 2; k++) {
        double hz = (double)k * bin, nearest = fmax(1.0, floor(hz / f0 + 0.5)) * f0;
        bool harmonic = fabs(hz - nearest) <= AN_LOBE * bin;
        if (harmonic)
            loudest = fmax(loudest, amplitude[k]);
        else if (hz <= top_hz && amplitude[k] > worst) {
            worst = amplitude[k];
            where = hz;
        }
    }
    free(amplitude);
    if (at_hz)
        *at_hz = where;
    return loudest > 0.0 ? an_db(worst / loudest) : (double)NAN;
}

enum {
    HALF_TAPS = 128
}; /* of the 10 kHz high-pass: transition 9 to 10 kHz at 48 kHz, stop band at -120 dB */

double an_above_10k_db(const float *x, size_t n, double rate, double reference_rms, size_t *at) {
    size_t window = (size_t)(rate * 0.001);
    if (n < 2 * HALF_TAPS + window || rate < 32000.0 || !(reference_rms > 0.0))
        return (double)NAN;
    double taps[2 * HALF_TAPS + 1], dc = 0.0, cutoff = 9400.0 / rate;
    for (int i = -HALF_TAPS; i <= HALF_TAPS; i++) { /* a windowed low-pass, taken from unity */
        double sinc = i == 0 ? 2.0 * cutoff : sin(2.0 * pi * cutoff * i) / (pi * i);
        taps[i + HALF_TAPS] = sinc * kaiser(i + HALF_TAPS, 2 * HALF_TAPS + 1, 12.0);
        dc += taps[i + HALF_TAPS];
    }
    for (int i = 0; i <= 2 * HALF_TAPS; i++)
        taps[i] = (i == HALF_TAPS) - taps[i] / dc;
    double *square = doubles(n), sum = 0.0, worst = 0.0;
    for (size_t i = HALF_TAPS; i + HALF_TAPS < n; i++) {
        double y = 0.0;
        for (int k = 0; k <= 2 * HALF_TAPS; k++)
            y += taps[k] * (double)x[i + HALF_TAPS - (size_t)k];
        square[i] = y * y;
    }
    for (size_t i = HALF_TAPS; i + HALF_TAPS < n; i++) {
        sum += square[i] - (i >= HALF_TAPS + window ? square[i - window] : 0.0);
        if (sum > worst) {
            worst = sum;
            if (at)
                *at = i;
        }
    }
    free(square);
    return an_db(sqrt(fmax(0.0, worst) / (double)window) / reference_rms);
}

double an_click_db(const float *x, size_t n, double rate, size_t *at) {
    return an_above_10k_db(x, n, rate, an_rms(x, n), at);
}

size_t an_onsets(const float *x, size_t n, double rate, double floor_db, size_t *onsets,
                 size_t max) {
    /* Power in steps of half a millisecond, compared with the step 2 ms earlier. */
    size_t step = (size_t)(rate * 0.0005), steps = n / step, found = 0, rest = 0;
    double floor_power = pow(10.0, floor_db / 10.0), *power = doubles(steps);
    for (size_t s = 0; s < steps; s++) {
        double r = an_rms(x + s * step, step);
        power[s] = r * r;
    }
    for (size_t s = 0; s<steps; s++, rest -= rest> 0) {
        double before = 0.0;
        for (size_t back = 1; back <= 4 && back <= s; back++)
            before = back == 1 ? power[s - 1] : fmin(before, power[s - back]);
        if (rest || power[s] < floor_power || power[s] < before * 15.85)
            continue;
        if (found < max) { /* to the sample within the step that first reaches half of its peak */
            double peak = an_peak(x + s * step, step);
            size_t i = s * step;
            while (fabs((double)x[i]) < 0.5 * peak)
                i++;
            onsets[found] = i;
        }
        found++;
        rest = 20;
    }
    free(power);
    return found;
}

double an_decay_s(const float *x, size_t n, double rate) {
    double *level = doubles(n), energy = 0.0, sum_t = 0.0, sum_l = 0.0, sum_tt = 0.0, sum_tl = 0.0,
           m = 0.0;
    for (size_t i = n; i-- > 0;) {
        energy += (double)x[i] * (double)x[i];
        level[i] = energy;
    }
    for (size_t i = 0; i < n && energy > 0.0; i++) {
        double db = 10.0 * log10(fmax(level[i] / energy, 1e-40)), t = (double)i / rate;
        if (db > -5.0 || db < -35.0)
            continue;
        sum_t += t, sum_l += db, sum_tt += t * t, sum_tl += t * db, m += 1.0;
    }
    free(level);
    double slope = (m * sum_tl - sum_t * sum_l) / (m * sum_tt - sum_t * sum_t);
    return m >= 16.0 && slope < 0.0 ? -60.0 / slope : (double)NAN;
}

/* A measurement by libebur128, with all frames fed to it. */
static ebur128_state *meter(const float *frames, size_t n_frames, int channels, double rate,
                            int mode) {
    ebur128_state *state = ebur128_init((unsigned)channels, (unsigned long)rate, mode);
    if (!state || ebur128_add_frames_float(state, frames, n_frames) != EBUR128_SUCCESS)
        abort();
    return state;
}

double an_lufs(const float *frames, size_t n_frames, int channels, double rate) {
    ebur128_state *state = meter(frames, n_frames, channels, rate, EBUR128_MODE_I);
    double lufs = (double)NAN;
    ebur128_loudness_global(state, &lufs);
    ebur128_destroy(&state);
    return lufs;
}

double an_true_peak_db(const float *frames, size_t n_frames, int channels, double rate) {
    ebur128_state *state = meter(frames, n_frames, channels, rate, EBUR128_MODE_TRUE_PEAK);
    double greatest = 0.0;
    for (int c = 0; c < channels; c++) {
        double peak = 0.0;
        ebur128_true_peak(state, (unsigned)c, &peak);
        greatest = fmax(greatest, peak);
    }
    ebur128_destroy(&state);
    return an_db(greatest);
}
