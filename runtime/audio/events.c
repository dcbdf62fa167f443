/* runtime/audio/events.c: what happens when: patterns that begin, play and take over, the clock
 * that starts and stops. SPDX-License-Identifier: MIT */
#include "runtime/audio/audio.h"

/* After a swap: what plays goes on where it is, what is new waits for the next multiple of the
 * quantum while the clock runs. */
static void take_track(const chr_audio *a, const chr_graph_track *gt, uint64_t at) {
    chr_track *t = gt->track;
    t->playing = gt->playing;
    if (gt->pattern && gt->pattern->values && !atomic_load_explicit(&t->now, memory_order_relaxed))
        a->graph->voices[gt->voices]->voice[0].value[CHR_VOICE_NOTE] = gt->pattern->base;
    if (atomic_load_explicit(&t->now, memory_order_relaxed) == gt->pattern) {
        t->waits = false;
        chr_track_retime(a, t);
    } else if (!a->transport.running) {
        atomic_store_explicit(&t->now, gt->pattern, memory_order_relaxed);
        t->waits = false;
        chr_track_seek(a, t, a->transport.anchor_beat);
    } else {
        chr_quantum quantum = a->graph->quantum;
        if (a->graph->when.patterns || !(quantum.n > 0.0))
            t->switch_beat = chr_clock_beat(&a->transport, at);
        else if (!t->waits || t->next != gt->pattern)
            t->switch_beat = chr_clock_next(&a->transport, quantum, at);
        t->next = gt->pattern;
        t->waits = true;
        chr_track_retime(a, t);
    }
    t->switch_at = t->waits ? chr_clock_sample(&a->transport, t->switch_beat) : UINT64_MAX;
}

void chr_audio_take_tracks(chr_audio *a, uint64_t at) {
    const chr_graph *g = a->graph;
    for (uint32_t i = 0; i < g->n_tracks; i++)
        take_track(a, &g->tracks[i], at);
    chr_audio_take_voices(a);
}

/* All patterns go on from a beat. */
static void seek_all(chr_audio *a, double beat) {
    for (uint32_t i = 0; i < a->graph->n_tracks; i++)
        chr_track_seek(a, a->graph->tracks[i].track, beat);
}

void chr_audio_resume(chr_audio *a, uint64_t at) {
    bool stood = !a->transport.running;
    chr_clock_resume(&a->transport, at);
    if (stood)
        seek_all(a, a->transport.anchor_beat);
}

static void switch_track(chr_audio *a, chr_track *t) {
    atomic_store_explicit(&t->now, t->next, memory_order_relaxed);
    t->waits = false;
    t->switch_at = UINT64_MAX;
    chr_track_seek(a, t, t->switch_beat);
}

/* Every gate closes, and patterns that wait for a place to take over at do so now. */
static void end_all(chr_audio *a, uint64_t at) {
    const chr_graph *g = a->graph;
    chr_audio_release_all(a, at);
    for (uint32_t i = 0; i < g->n_tracks; i++) {
        chr_track *t = g->tracks[i].track;
        if (t->waits)
            atomic_store_explicit(&t->now, t->next, memory_order_relaxed);
        t->waits = false;
        t->next_at = t->switch_at = UINT64_MAX;
    }
}

void chr_audio_halt(chr_audio *a, uint64_t at) {
    end_all(a, at);
    chr_clock_stop(&a->transport, at);
}

void chr_audio_jump(chr_audio *a, double beat, double moment, uint64_t at) {
    end_all(a, at);
    chr_clock_jump(&a->transport, beat, moment, at);
    seek_all(a, beat);
}

/* The loop begins anew; what is held has closed a sample ago. */
static void begin_round(chr_audio *a, uint64_t at) {
    end_all(a, at);
    chr_clock_loop(&a->transport, at);
    seek_all(a, a->transport.time->loop_from);
}

/* The sample at which the clock stops: for it was asked to, or because the piece ends. */
static uint64_t stops_at(const chr_audio *a) {
    const chr_clock *c = &a->transport;
    if (!c->running)
        return UINT64_MAX;
    uint64_t asked = c->stop_beat >= 0.0 ? chr_clock_sample(c, c->stop_beat) : UINT64_MAX;
    return asked < c->end_at ? asked : c->end_at;
}

static void stop_clock(chr_audio *a, uint64_t at) {
    bool ends = a->transport.end_at <= at;
    chr_audio_halt(a, at);
    if (ends)
        chr_clock_place(&a->transport, a->transport.time->end);
}

/* Owners that play: those that have left do so no more once the fades are over. */
static uint32_t players(const chr_audio *a) {
    return a->graph->live->fading ? a->graph->n_voices_all : a->graph->n_stay;
}

static uint64_t earliest(const chr_audio *a) {
    const chr_graph *g = a->graph;
    uint32_t n = players(a);
    uint64_t at = stops_at(a);
    at = a->transport.loop_at < at ? a->transport.loop_at : at;
    for (uint32_t o = 0; o < n; o++)
        at = g->voices[o]->next_due < at ? g->voices[o]->next_due : at;
    for (uint32_t i = 0; i < g->n_tracks; i++) {
        const chr_track *t = g->tracks[i].track;
        if (g->tracks[i].voices >= n)
            continue;
        at = t->next_at < at ? t->next_at : at;
        at = t->switch_at < at ? t->switch_at : at;
    }
    return at;
}

void chr_audio_events(chr_audio *a, uint64_t from, uint64_t to) {
    const chr_graph *g = a->graph;
    const uint32_t n = players(a);
    for (;;) {
        uint64_t at = earliest(a);
        if (at >= to)
            return;
        at = at < from ? from : at;
        for (uint32_t o = 0; o < n; o++)
            if (g->voices[o]->next_due <= at)
                chr_audio_gates_due(a, o, at);
        if (stops_at(a) <= at) {
            stop_clock(a, at);
            continue;
        }
        if (a->transport.loop_at <= at) {
            begin_round(a, at);
            continue;
        }
        for (uint32_t i = 0; i < g->n_tracks; i++)
            if (g->tracks[i].voices < n && g->tracks[i].track->switch_at <= at)
                switch_track(a, g->tracks[i].track);
        for (uint32_t i = 0; i < g->n_tracks; i++)
            if (g->tracks[i].voices < n && g->tracks[i].track->next_at <= at)
                chr_track_play(a, &g->tracks[i], at);
    }
}
