/* runtime/audio/render.c: one chunk from patterns to the ceiling, and any number of frames from
 * chunks. SPDX-License-Identifier: MIT */
#include "runtime/audio/audio.h"
#include "runtime/audio/denormals.h"

#include <string.h>

static void obey(chr_audio *a) {
    unsigned out = atomic_load_explicit(&a->commands_out, memory_order_relaxed);
    unsigned in = atomic_load_explicit(&a->commands_in, memory_order_acquire);
    for (; out != in && a->graph; out++) {
        chr_command c = (chr_command)atomic_load_explicit(&a->commands[out % CHR_COMMANDS],
                                                          memory_order_relaxed);
        chr_audio_tell(a, c, 0, a->clock);
        switch (c) {
        case CHR_COMMAND_PLAY:
            chr_audio_resume(a, a->clock);
            break;
        case CHR_COMMAND_STOP:
            if (a->transport.running)
                a->transport.stop_beat =
                    chr_clock_next(&a->transport, (chr_quantum){1.0, true}, a->clock);
            break;
        case CHR_COMMAND_STOP_NOW:
            chr_audio_halt(a, a->clock);
            break;
        case CHR_COMMAND_HUSH:
            chr_audio_hush(a, CHR_HUSH_S, a->clock);
            break;
        case CHR_COMMAND_PANIC:
            chr_audio_hush(a, CHR_PANIC_S, a->clock);
            break;
        case CHR_COMMAND_NONE:
            break;
        }
    }
    atomic_store_explicit(&a->commands_out, out, memory_order_release);
}

/* The partner of an odd channel. */
static const float silence[CHR_CHUNK];
static float nowhere[CHR_CHUNK]; /* never read */

static void ceiling(chr_audio *a) {
    for (uint32_t c = 0; c < a->n_channels; c += 2) {
        const chr_node_state *s = a->ceiling_state[c / 2];
        bool pair = c + 1 < a->n_channels;
        chr_arg args[CHR_MAX_INPUTS + CHR_MAX_PARAMS];
        args[0] = (chr_arg){a->dry + c * CHR_CHUNK, 1};
        args[1] = (chr_arg){pair ? a->dry + (c + 1) * CHR_CHUNK : silence, 1};
        for (int k = 0; k < a->ceiling->n_params; k++)
            args[2 + k] = (chr_arg){&a->ceiling_params[k], 0};
        float *outs[2] = {a->mixed + c * CHR_CHUNK,
                          pair ? a->mixed + (c + 1) * CHR_CHUNK : nowhere};
        chr_block b = {.to = CHR_CHUNK,
                       .rate_hz = a->rate_hz,
                       .period_s = a->period_s,
                       .clock = a->clock,
                       .inputs = args,
                       .params = args + 2,
                       .outputs = outs,
                       .ring = s->ring,
                       .ring_mask = s->ring_rows - 1};
        a->ceiling->process(s->data, &b);
    }
}

static void show_clock(chr_audio *a) {
    chr_seen_clock *s = &a->seen_clock;
    const chr_clock *c = &a->transport;
    unsigned version = atomic_load_explicit(&s->version, memory_order_relaxed);
    atomic_store_explicit(&s->version, version + 1, memory_order_relaxed);
    atomic_store_explicit(&s->running, c->running, memory_order_release);
    atomic_store_explicit(&s->time, c->time, memory_order_release);
    atomic_store_explicit(&s->anchor_beat, c->anchor_beat, memory_order_release);
    atomic_store_explicit(&s->anchor_sample, c->anchor_sample, memory_order_release);
    atomic_store_explicit(&s->loop_at, c->loop_at, memory_order_release);
    atomic_store_explicit(&s->end_at, c->end_at, memory_order_release);
    atomic_store_explicit(&s->looped, c->looped, memory_order_release);
    atomic_store_explicit(&s->jumped, c->jumped, memory_order_release);
    atomic_store_explicit(&s->beat, chr_clock_beat(c, a->clock), memory_order_release);
    atomic_store_explicit(&s->now, a->clock, memory_order_release);
    atomic_store_explicit(&s->swaps, atomic_load_explicit(&a->seen_swaps, memory_order_relaxed),
                          memory_order_release);
    atomic_store_explicit(&s->version, version + 2, memory_order_release);
}

/* The greatest of n samples, whole chunks of them, kept where it is greater than what is there.
 * Eight are looked at side by side. */
static void keep_peak(_Atomic float *seen, const float *x, uint32_t n) CHR_NONBLOCKING;
static void keep_peak(_Atomic float *seen, const float *x, uint32_t n) {
    enum { WIDE = 8 };
    float peaks[WIDE] = {0}, peak = 0.0f;
    for (uint32_t i = 0; i < n; i += WIDE)
        for (uint32_t k = 0; k < WIDE; k++) {
            float y = __builtin_fabsf(x[i + k]);
            peaks[k] = y > peaks[k] ? y : peaks[k];
        }
    for (uint32_t k = 0; k < WIDE; k++)
        peak = peaks[k] > peak ? peaks[k] : peak;
    if (peak > atomic_load_explicit(seen, memory_order_relaxed))
        atomic_store_explicit(seen, peak, memory_order_relaxed);
}

static void show(chr_audio *a) {
    int voices = 0;
    for (uint32_t o = 0; a->graph && o < a->graph->n_voices_all; o++)
        voices += (int)a->graph->voices[o]->n_on;
    for (uint32_t c = 0; c < 2 && c < a->n_channels; c++)
        keep_peak(&a->seen_peak[c], a->mixed + c * CHR_CHUNK, CHR_CHUNK);
    atomic_store_explicit(&a->seen_voices, voices, memory_order_relaxed);
    show_clock(a);
}

/* Samples from..to-1 of the chunk, by the graph that plays now. */
static void part(chr_audio *a, uint64_t from, uint64_t to) {
    uint32_t first = (uint32_t)(from - a->clock);
    size_t bytes = sizeof(float) * (size_t)(to - from);
    if (a->graph) {
        chr_audio_events(a, from, to);
        chr_audio_rows_ready(a);
        chr_audio_run(a, (int)first, (int)(to - a->clock));
    }
    for (uint32_t c = 0; c < a->n_channels; c++) {
        float *dry = a->dry + c * CHR_CHUNK + first;
        if (a->graph)
            memcpy(dry, a->graph->live->outs[a->graph->master + c] + first, bytes);
        else
            memset(dry, 0, bytes);
    }
    chr_audio_amplify(a, from, to);
    chr_audio_fade_out(a, from, to);
}

/* What the graphs of this chunk make of it. */
static void make(chr_audio *a) {
    const uint64_t begin = a->clock, end = begin + CHR_CHUNK, cut = begin + a->cut;
    for (int i = 0; i < CHR_OFFERS && chr_audio_swap_due(a, begin, true) == begin; i++)
        chr_audio_swap(a, begin, true);
    obey(a);
    if (a->graph) {
        chr_audio_close_chunk(a);
        chr_audio_fall_asleep(a);
    }
    uint64_t from = begin;
    /* More than there can be: one that is taken back again and again is left to the next chunk. */
    for (int i = 0; i < 2 * CHR_OFFERS && from < end; i++) {
        uint64_t swap = chr_audio_swap_due(a, from, false), to = swap < end ? swap : end;
        to = from < cut && cut < to ? cut : to;
        if (from == begin && to < end && a->graph)
            chr_audio_note_levels(a);
        if (from < to)
            part(a, from, to);
        if (to == swap)
            chr_audio_swap(a, swap, false);
        from = to;
    }
    if (from < end)
        part(a, from, end);
}

void chr_audio_chunk(chr_audio *a) {
    if (!chr_audio_is_emptying(a))
        make(a);
    size_t bytes = sizeof(float) * CHR_CHUNK;
    if (a->ceiling)
        ceiling(a);
    else
        memcpy(a->mixed, a->dry, bytes * a->n_channels);
    if (chr_audio_tap(a)) /* how loud it would be without the ceiling asks only who listens */
        keep_peak(&a->seen_dry, a->dry, a->n_channels * CHR_CHUNK);
    chr_audio_click(a);
    a->clock += CHR_CHUNK;
    a->left = CHR_CHUNK;
    chr_clock_pass(&a->transport, a->clock);
    show(a);
    chr_audio_let_go(a); /* nobody looks at their maps any more */
}

/* Frames from..to-1 of a block to row `at` and on of [n_inputs][CHR_CHUNK]. */
static void sort_channels(const chr_audio *a, float *rows, uint32_t at, const float *in,
                          uint32_t from, uint32_t to) {
    for (uint32_t c = 0; c < a->n_inputs; c++)
        for (uint32_t i = from; i < to; i++)
            rows[c * CHR_CHUNK + at + i - from] = in ? in[i * a->n_inputs + c] : 0.0f;
}

/* A chunk hears what is left of the block before, and of this one from frame `taken` on; gives back
 * how far it came. Where that is not enough, since the device's blocks are no multiple of a chunk,
 * zeros come first: from then on what is heard is a chunk less one sample late, and it is enough.
 */
static uint32_t hear(chr_audio *a, const float *in, uint32_t taken, uint32_t n_frames) {
    uint32_t old = a->n_unheard, zeros = 0;
    if (old + n_frames - taken < CHR_CHUNK) {
        zeros = CHR_CHUNK - 1 - a->n_late;
        a->n_late = CHR_CHUNK - 1;
    }
    for (uint32_t c = 0; c < a->n_inputs; c++) {
        float *heard = a->heard + c * CHR_CHUNK;
        memset(heard, 0, zeros * sizeof *heard);
        memcpy(heard + zeros, a->unheard + c * CHR_CHUNK, old * sizeof *heard);
    }
    uint32_t fresh = CHR_CHUNK - zeros - old;
    sort_channels(a, a->heard, zeros + old, in, taken, taken + fresh);
    a->n_unheard = 0;
    return taken + fresh;
}

/* `n` frames of the chunk, from frame `at` on, their channels side by side. */
static void interleave(const chr_audio *a, uint32_t at, uint32_t n, float *restrict out) {
    const float *left = a->mixed + at, *right = left + CHR_CHUNK;
    const uint32_t channels = a->n_channels;
    for (uint32_t i = 0; i < n && channels == 2; i++) { /* nearly always */
        out[2 * i] = left[i];
        out[2 * i + 1] = right[i];
    }
    for (uint32_t i = 0; i < n && channels != 2; i++)
        for (uint32_t c = 0; c < channels; c++)
            out[i * channels + c] = left[c * CHR_CHUNK + i];
}

void chr_audio_render(chr_audio *a, const float *in, float *out, int n_frames) {
    uint64_t mode = chr_denormals_flush();
    uint32_t taken = 0, all = (uint32_t)n_frames;
    while (n_frames > 0) {
        if (!a->left) {
            if (a->n_inputs)
                taken = hear(a, in, taken, all);
            chr_audio_chunk(a);
        }
        uint32_t at = CHR_CHUNK - a->left;
        uint32_t n = (uint32_t)n_frames < a->left ? (uint32_t)n_frames : a->left;
        interleave(a, at, n, out);
        out += n * a->n_channels;
        a->left -= n;
        n_frames -= (int)n;
    }
    if (taken < all && a->n_inputs) {
        sort_channels(a, a->unheard, a->n_unheard, in, taken, all);
        a->n_unheard += all - taken;
    }
    chr_denormals_restore(mode);
}
