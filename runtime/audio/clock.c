/* runtime/audio/clock.c: beats and samples.
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/scalar.h"
#include "runtime/audio/audio.h"

/* Half a sample is rounded up, and what is not told from half a sample by the arithmetic is one. */
static double round_to_sample(double x) {
    double hair = (x < 0.0 ? -x : x) * chr_pow2i(-50);
    return chr_floor_d(x + (0.5 + hair));
}

/* What the map takes for a place: a jump leaves a tempo that is on its way alone. */
static double on_map(const chr_clock *c, double beat) {
    return c->time->goes_on ? beat + c->looped + c->jumped : beat;
}

double chr_clock_bpm(const chr_clock *c, double beat) {
    return chr_time_map_bpm(c->time, on_map(c, beat));
}

uint64_t chr_clock_sample(const chr_clock *c, double beat) {
    double distance = chr_time_map_samples(c->time, on_map(c, c->anchor_beat), on_map(c, beat),
                                           c->rate_hz, c->anchor_part, c->part);
    if (distance > 1e15)
        return UINT64_MAX;
    if (distance < -1e15)
        return 0;
    int64_t samples = (int64_t)round_to_sample(distance);
    if (samples < 0 && (uint64_t)-samples > c->anchor_sample)
        return 0;
    return c->anchor_sample + (uint64_t)samples;
}

double chr_clock_beat(const chr_clock *c, uint64_t sample) {
    if (!c->running)
        return c->anchor_beat;
    double distance = sample >= c->anchor_sample ? (double)(sample - c->anchor_sample)
                                                 : -(double)(c->anchor_sample - sample);
    double played = on_map(c, 0.0);
    return chr_time_map_beat(c->time, c->anchor_beat + played, distance, c->rate_hz,
                             c->anchor_part) -
           played;
}

double chr_clock_next(const chr_clock *c, chr_quantum quantum, uint64_t sample) {
    double beat = chr_clock_beat(c, sample);
    if (!c->running)
        return chr_time_map_next(c->time, quantum, beat);
    /* One that begins on this very sample counts, whatever the last bit of the division says. A
     * quantum of less than a sample has one at every sample. */
    double n = chr_floor_d(chr_time_map_multiples(c->time, quantum, beat));
    for (int k = 0; k < 3; k++, n += 1.0)
        if (chr_clock_sample(c, chr_time_map_multiple(c->time, quantum, n)) >= sample)
            break;
    return chr_time_map_multiple(c->time, quantum, n);
}

double chr_clock_length(const chr_clock *c, double beats, uint64_t sample) {
    double beat = on_map(c, chr_clock_beat(c, sample));
    return chr_time_map_samples(c->time, beat, beat + beats, c->rate_hz, c->part, c->part);
}

static void set_anchor(chr_clock *c, double beat, uint64_t sample) {
    c->anchor_beat = beat;
    c->anchor_sample = sample;
    c->anchor_part = c->part = chr_time_map_part(c->time, on_map(c, beat), c->part);
}

static void find_end(chr_clock *c, uint64_t sample) {
    c->end_at = UINT64_MAX;
    if (!c->running || c->time->end <= 0.0)
        return;
    uint64_t end = chr_clock_sample(c, c->time->end);
    if (end >= sample)
        c->end_at = end;
}

static void find_loop(chr_clock *c, uint64_t sample) {
    find_end(c, sample);
    c->loop_at = UINT64_MAX;
    if (!c->running || c->time->loop_to <= c->time->loop_from)
        return;
    uint64_t end = chr_clock_sample(c, c->time->loop_to);
    if (end >= sample)
        c->loop_at = end;
    if (c->loop_at <= c->end_at) /* the piece does not come to its end */
        c->end_at = UINT64_MAX;
}

void chr_clock_follow(chr_clock *c, const chr_time_map *time, uint64_t sample) {
    double beat = chr_clock_beat(c, sample);
    c->time = time;
    c->anchor_part = chr_time_map_part(time, on_map(c, c->anchor_beat), c->anchor_part);
    /* What is only changed in what comes leaves the anchor where it is. */
    if (chr_clock_beat(c, sample) != beat)
        set_anchor(c, beat, sample);
    chr_clock_pass(c, sample);
    find_loop(c, sample);
}

void chr_clock_pass(chr_clock *c, uint64_t sample) {
    if (c->time->n_tempi > 1)
        c->part = chr_time_map_part(c->time, on_map(c, chr_clock_beat(c, sample)), c->part);
}

void chr_clock_place(chr_clock *c, double beat) {
    c->jumped += c->anchor_beat - beat;
    set_anchor(c, beat, c->anchor_sample);
}

void chr_clock_loop(chr_clock *c, uint64_t sample) {
    double back = c->time->loop_to - c->time->loop_from, beat = chr_clock_beat(c, sample);
    c->looped += back;
    set_anchor(c, beat - back, sample);
    find_loop(c, sample);
}

void chr_clock_start(chr_clock *c, uint64_t sample) {
    c->stop_beat = -1.0;
    if (c->running)
        return;
    c->running = true;
    c->anchor_sample = sample;
    find_loop(c, sample);
}

void chr_clock_resume(chr_clock *c, uint64_t sample) {
    if (!c->running && c->time->end > 0.0 && c->anchor_beat == c->time->end)
        chr_clock_place(c, 0.0); /* it has ended: from the beginning */
    chr_clock_start(c, sample);
}

void chr_clock_jump(chr_clock *c, double beat, double moment, uint64_t sample) {
    bool beside = c->running && chr_clock_sample(c, moment) == sample;
    double since = beside ? chr_clock_beat(c, sample) - moment : 0.0;
    chr_clock_stop(c, sample);
    chr_clock_place(c, beat + since);
    chr_clock_start(c, sample);
}

void chr_clock_stop(chr_clock *c, uint64_t sample) {
    if (!c->running)
        return;
    set_anchor(c, chr_clock_beat(c, sample), sample);
    c->running = false;
    c->stop_beat = -1.0;
    c->loop_at = c->end_at = UINT64_MAX;
}
