/* runtime/audio/clock.c: beats and samples.
 * SPDX-License-Identifier: MIT */
#include "runtime/audio/audio.h"

/* Rounds half up; the argument is never negative. */
static uint64_t round_to_sample(double x) {
    return x <= 0.0 ? 0 : (uint64_t)(x + 0.5);
}

uint64_t chr_clock_sample(const chr_clock *c, double beat) {
    double distance = (beat - c->anchor_beat) * 60.0 * c->rate_hz / c->bpm;
    if (distance > 1e15)
        return UINT64_MAX;
    if (distance < 0.0) {
        uint64_t back = round_to_sample(-distance);
        return back > c->anchor_sample ? 0 : c->anchor_sample - back;
    }
    return c->anchor_sample + round_to_sample(distance);
}

double chr_clock_beat(const chr_clock *c, uint64_t sample) {
    if (!c->running)
        return c->anchor_beat;
    double distance = sample >= c->anchor_sample ? (double)(sample - c->anchor_sample)
                                                 : -(double)(c->anchor_sample - sample);
    return c->anchor_beat + distance * c->bpm / (60.0 * c->rate_hz);
}

double chr_clock_next(const chr_clock *c, double quantum_beats, uint64_t sample) {
    /* One that begins on this very sample counts, whatever the last bit of the division says. A
     * quantum of less than a sample has one at every sample. */
    double beat = chr_clock_beat(c, sample);
    int64_t n = (int64_t)(beat / quantum_beats);
    for (int k = 0; k < 3; k++) {
        double next = (double)n * quantum_beats;
        if (c->running ? chr_clock_sample(c, next) >= sample : next >= beat)
            break;
        n++;
    }
    return (double)n * quantum_beats;
}

void chr_clock_set_tempo(chr_clock *c, double bpm, double beats_per_bar, uint64_t sample) {
    if (c->bpm != bpm && c->running) {
        c->anchor_beat = chr_clock_beat(c, sample);
        c->anchor_sample = sample;
    }
    c->bpm = bpm;
    c->beats_per_bar = beats_per_bar;
}

void chr_clock_start(chr_clock *c, uint64_t sample) {
    c->stop_beat = -1.0;
    if (c->running)
        return;
    c->running = true;
    c->anchor_sample = sample;
}

void chr_clock_stop(chr_clock *c, uint64_t sample) {
    if (!c->running)
        return;
    c->anchor_beat = chr_clock_beat(c, sample);
    c->anchor_sample = sample;
    c->running = false;
    c->stop_beat = -1.0;
}
