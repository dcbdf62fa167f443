/* runtime/cli/meter.h: peak, true peak and loudness of what was rendered, and the line that tells
 * of progress. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_METER_H
#define CHR_RUNTIME_METER_H

#include <stdbool.h>
#include <stdint.h>

typedef struct chr_meter chr_meter;

/* `thorough`: also true peak and loudness (libebur128).
 * NULL: memory is out. */
chr_meter *chr_meter_new(int rate_hz, int n_channels, bool thorough);
void chr_meter_free(chr_meter *m);
/* frames: [n][n_channels]. Returns the greatest magnitude among them. */
float chr_meter_add(chr_meter *m, const float *frames, int n);
/* Greatest magnitude so far. */
float chr_meter_peak(const chr_meter *m);
/* "peak -3.1 dBFS, true peak -3.0 dBTP, loudness -14.2 LUFS" */
void chr_meter_text(chr_meter *m, char *text, int room);

/* Seconds on a clock that never jumps. */
double chr_now_s(void);

/* A bar with speed and time left, on a terminal alone. */
typedef struct chr_progress {
    bool shown;
    double began_s, next_s;
    double rate_hz;
} chr_progress;

chr_progress chr_progress_begin(bool quiet, double rate_hz);
void chr_progress_step(chr_progress *p, uint64_t frames, uint64_t of);
void chr_progress_clear(chr_progress *p);

#endif
