/* tests/support/analysis.h: instruments: what tests listen with. All in double precision; proven on
 * synthetic faults in tests/unit/analysis.c. Signals are float arrays of one channel unless said;
 * levels in dB.
 *
 * An instrument that cannot measure (too short, silent) returns NaN, so that any comparison with a
 * limit fails.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_ANALYSIS_H
#define CHR_TESTS_ANALYSIS_H

#include <stddef.h>

/* 20 log10 of a ratio of amplitudes; -400 for zero. */
double an_db(double ratio);

double an_rms(const float *x, size_t n);
double an_peak(const float *x, size_t n); /* greatest magnitude */
double an_dc(const float *x, size_t n);   /* mean under a window without steps at the ends */

/* Fourier transform in place; n a power of two. */
void an_fft(double *re, double *im, size_t n);

/* Amplitude spectrum of n samples (a power of two), Kaiser window with side lobes below -190 dB:
 * amplitude[k], k = 0..n/2, is that of a sine at k * rate / n. A tone is AN_LOBE bins wide to each
 * side. */
enum { AN_LOBE = 12 };
void an_spectrum(const float *x, size_t n, double *amplitude);

/* Amplitude of the tone at exactly hz, over the whole signal. Other tones at least AN_LOBE * rate /
 * n away do not count. */
double an_tone(const float *x, size_t n, double rate, double hz);

/* The frequency of the tone near guess_hz (within 2 rate / n), to about 1e-9 of itself for a steady
 * tone. */
double an_frequency(const float *x, size_t n, double rate, double guess_hz);
/* An interval in cents. */
double an_cents(double hz, double reference_hz);

/* The loudest line at or below top_hz that is no harmonic of f0, in dB re the fundamental (or re
 * the loudest harmonic, where that is louder). *at_hz, if not NULL, is where it is. n a power of
 * two. What lies below 10 Hz is not counted. */
double an_alias_db(const float *x, size_t n, double rate, double f0, double top_hz, double *at_hz);

/* Level of all that is above 10 kHz in the worst 1 ms, in dB re the rms of the whole passage; *at:
 * the sample. The first and last 128 samples serve the filter and are not judged. Rates of 32 kHz
 * and more. */
double an_click_db(const float *x, size_t n, double rate, size_t *at);
/* The same with another signal's level for reference: x may be a difference of two renderings. */
double an_above_10k_db(const float *x, size_t n, double rate, double reference_rms, size_t *at);

/* Samples at which the level rises by 12 dB or more within 2 ms, to above floor_db re full scale,
 * at least 10 ms apart. Returns how many there are; writes no more than max. Exact to half a
 * millisecond. */
size_t an_onsets(const float *x, size_t n, double rate, double floor_db, size_t *onsets,
                 size_t max);

/* Time to fall by 60 dB: backward integrated energy (Schroeder), line through -5 to -35 dB. */
double an_decay_s(const float *x, size_t n, double rate);

/* Loudness (EBU R128, integrated) and true peak in dBFS of interleaved frames; by libebur128. */
double an_lufs(const float *frames, size_t n_frames, int channels, double rate);
double an_true_peak_db(const float *frames, size_t n_frames, int channels, double rate);

/* Greatest difference of two signals re full scale; -400 if equal. */
double an_difference_db(const float *x, const float *y, size_t n);

#endif
