/* runtime/wave.c: a sound file that grows, by libsndfile.
 * SPDX-License-Identifier: MIT */
#include "runtime/wave.h"

#include <errno.h>
#include <sndfile.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A WAV file counts its bytes with 32 bits. */
#define BYTES_MAX 0xfff00000u

bool chr_wave_open(chr_wave *w, int fd, double rate_hz, uint32_t n_channels) {
    SF_INFO info = {.samplerate = (int)rate_hz,
                    .channels = (int)n_channels,
                    .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
    float *batch = calloc((size_t)CHR_WAVE_BATCH * n_channels, sizeof *batch);
    SNDFILE *file = fd >= 0 && batch ? sf_open_fd(fd, SFM_WRITE, &info, SF_TRUE) : NULL;
    if (!file) {
        int why = errno;
        if (fd >= 0)
            close(fd);
        free(batch);
        errno = why;
        return false;
    }
    sf_command(file, SFC_UPDATE_HEADER_NOW, NULL, 0);
    *w = (chr_wave){.file = file, .n_channels = n_channels, .batch = batch};
    return true;
}

const char *chr_wave_flush(chr_wave *w) {
    if (w->n_batch == 0)
        return NULL;
    errno = 0;
    bool good = sf_writef_float(w->file, w->batch, w->n_batch) == w->n_batch;
    sf_command(w->file, SFC_UPDATE_HEADER_NOW, NULL, 0);
    w->n_batch = 0;
    if (!good)
        return errno ? strerror(errno) : "the file takes no more";
    bool full = w->n * w->n_channels * sizeof(float) > BYTES_MAX;
    return full ? "it is as long as a sound file can be" : NULL;
}

const char *chr_wave_take(chr_wave *w, const float *const *sides, uint32_t at) {
    float *to = w->batch + (size_t)w->n_batch * w->n_channels;
    for (uint32_t c = 0; c < w->n_channels; c++)
        to[c] = sides ? sides[c][at] : 0.0f;
    w->n++;
    return ++w->n_batch == CHR_WAVE_BATCH ? chr_wave_flush(w) : NULL;
}

const char *chr_wave_close(chr_wave *w) {
    int failed = sf_close(w->file);
    free(w->batch);
    *w = (chr_wave){0};
    return failed ? strerror(errno) : NULL;
}
