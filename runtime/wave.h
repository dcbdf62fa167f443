/* runtime/wave.h: a sound file that grows while something is heard: 32 bits float WAV, valid at any
 * moment, also after the program was killed. [control] throughout. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_WAVE_H
#define CHR_RUNTIME_WAVE_H

#include <stdbool.h>
#include <stdint.h>

enum { CHR_WAVE_BATCH = 2048 }; /* frames that are written at once; a kill loses no more */

typedef struct chr_wave {
    void *file; /* SNDFILE */
    uint32_t n_channels;
    uint64_t n; /* frames taken so far, those in the batch too */
    uint32_t n_batch;
    float *batch; /* [CHR_WAVE_BATCH][n_channels] */
} chr_wave;

/* Takes over `fd`, an empty file that is open for writing, or -1. False: errno tells, and nothing
 * is left open. */
bool chr_wave_open(chr_wave *w, int fd, double rate_hz, uint32_t n_channels);
/* One frame more: sample `at` of each side; NULL: silence. NULL, or why nothing more can be
 * written: words that stay as they are until the next call. */
const char *chr_wave_take(chr_wave *w, const float *const *sides, uint32_t at);
/* Writes what is in the batch. As above. */
const char *chr_wave_flush(chr_wave *w);
/* Closes it, without the batch. As above. */
const char *chr_wave_close(chr_wave *w);

#endif
