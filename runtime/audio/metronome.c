/* runtime/audio/metronome.c: a click on every beat, mixed in behind the ceiling and behind those
 * who listen: it is heard, and nowhere else. SPDX-License-Identifier: MIT */
#include "dsp/kernel/scalar.h"
#include "runtime/audio/audio.h"

/* The first of what the meter counts (eighths in 7/8) at or after a sample; *bar: it begins a bar.
 */
static uint64_t next_click(const chr_clock *c, uint64_t from, bool *bar) CHR_NONBLOCKING {
    double beat = chr_clock_beat(c, from), n = chr_time_map_bar(c->time, beat);
    const chr_meter_part *m = chr_time_map_meter(c->time, n);
    double begin = chr_time_map_bar_beat(c->time, n), end = chr_time_map_bar_beat(c->time, n + 1.0);
    double k = chr_floor_d((beat - begin) / m->unit);
    for (;; k += 1.0) {
        double next = begin + (k > 0.0 ? k : 0.0) * m->unit;
        *bar = k <= 0.0 || next > end - 1e-9;
        uint64_t sample = chr_clock_sample(c, next < end ? next : end);
        if (sample >= from || next >= end)
            return sample;
    }
}

void chr_audio_click(chr_audio *a) {
    chr_metronome *m = &a->metronome;
    if (!atomic_load_explicit(&m->on, memory_order_relaxed))
        return;
    /* What comes out now entered the ceiling so long ago; before the first sample there was
     * nothing. */
    uint64_t end = a->clock + CHR_CHUNK, now = a->clock > a->latency ? a->clock - a->latency : 0;
    if (end <= a->latency)
        return;
    end -= a->latency;
    bool bar = false;
    if (a->transport.running) {
        uint64_t at = next_click(&a->transport, now, &bar);
        if (at < end) {
            m->begin = at;
            m->bar = bar;
        }
    }
    const float *click = m->sounds[m->bar];
    for (uint64_t n = now; n < end; n++) {
        if (n < m->begin || n - m->begin >= m->length)
            continue;
        for (uint32_t c = 0; c < a->n_channels && c < 2; c++) {
            float *x = &a->mixed[c * CHR_CHUNK + (uint32_t)(n + a->latency - a->clock)],
                  y = *x + click[n - m->begin];
            *x = y < -1.0f ? -1.0f : y > 1.0f ? 1.0f : y;
        }
    }
}
