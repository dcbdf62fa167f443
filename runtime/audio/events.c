/* runtime/audio/events.c: patterns into notes, each at its exact sample.
 * SPDX-License-Identifier: MIT */
#include "runtime/audio/audio.h"

/* ---- patterns ---- */

__extension__ typedef __int128 wide; /* rounds times ticks of a very long pattern */

static double event_beat(const chr_pattern *p, int64_t cycle, int64_t ticks) {
    return (double)((wide)cycle * p->length + ticks) / (double)p->ticks_per_beat;
}

static void find_next_at(const chr_audio *a, chr_track *t) {
    const chr_pattern *p = t->now;
    t->next_at = UINT64_MAX;
    if (p && p->n_events && a->transport.running)
        t->next_at =
            chr_clock_sample(&a->transport, event_beat(p, t->cycle, p->events[t->index].at));
}

/* Goes to the first event at or after a beat. */
static void seek_track(const chr_audio *a, chr_track *t, double beat) {
    const chr_pattern *p = t->now;
    if (p && p->n_events) {
        /* A position that is a whole number of ticks may come out a hair above it. */
        double hair = 1e-6 * (double)p->ticks_per_beat;
        double ticks = beat * (double)p->ticks_per_beat - (hair < 0.5 ? hair : 0.5);
        t->cycle = (int64_t)(ticks / (double)p->length);
        if ((double)t->cycle * (double)p->length > ticks)
            t->cycle--;
        double inside = ticks - (double)t->cycle * (double)p->length;
        uint32_t low = 0, high = p->n_events;
        while (low < high) {
            uint32_t middle = (low + high) / 2;
            if ((double)p->events[middle].at < inside)
                low = middle + 1;
            else
                high = middle;
        }
        t->index = low;
        if (low == p->n_events) {
            t->index = 0;
            t->cycle++;
        }
    }
    find_next_at(a, t);
}

/* After a swap: what plays goes on where it is, what is new waits for the next multiple of the
 * quantum while the clock runs. */
static void take_track(const chr_audio *a, const chr_graph_track *gt, uint64_t at) {
    chr_track *t = gt->track;
    t->playing = gt->playing;
    if (atomic_load_explicit(&t->now, memory_order_relaxed) == gt->pattern) {
        t->waits = false;
        find_next_at(a, t);
    } else if (!a->transport.running) {
        atomic_store_explicit(&t->now, gt->pattern, memory_order_relaxed);
        t->waits = false;
        seek_track(a, t, a->transport.anchor_beat);
    } else {
        chr_quantum quantum = a->graph->quantum;
        if (a->graph->when.patterns || !(quantum.n > 0.0))
            t->switch_beat = chr_clock_beat(&a->transport, at);
        else if (!t->waits || t->next != gt->pattern)
            t->switch_beat = chr_clock_next(&a->transport, quantum, at);
        t->next = gt->pattern;
        t->waits = true;
        find_next_at(a, t);
    }
    t->switch_at = t->waits ? chr_clock_sample(&a->transport, t->switch_beat) : UINT64_MAX;
}

void chr_audio_take_tracks(chr_audio *a, uint64_t at) {
    const chr_graph *g = a->graph;
    for (uint32_t i = 0; i < g->n_tracks; i++)
        take_track(a, &g->tracks[i], at);
    chr_audio_take_voices(a);
}

void chr_audio_start(chr_audio *a, uint64_t at) {
    bool stood = !a->transport.running;
    chr_clock_start(&a->transport, at);
    for (uint32_t i = 0; stood && i < a->graph->n_tracks; i++)
        seek_track(a, a->graph->tracks[i].track, a->transport.anchor_beat);
}

void chr_audio_resume(chr_audio *a, uint64_t at) {
    const chr_clock *c = &a->transport;
    if (!c->running && c->time->end > 0.0 && c->anchor_beat == c->time->end)
        chr_clock_place(&a->transport, 0.0); /* it has ended: from the beginning */
    chr_audio_start(a, at);
}

void chr_audio_jump(chr_audio *a, double beat, uint64_t at) {
    chr_audio_halt(a, at);
    chr_clock_place(&a->transport, beat);
    chr_audio_start(a, at);
}

static void switch_track(chr_audio *a, chr_track *t) {
    atomic_store_explicit(&t->now, t->next, memory_order_relaxed);
    t->waits = false;
    t->switch_at = UINT64_MAX;
    seek_track(a, t, t->switch_beat);
}

/* Plays what is due. An event may be late by a sample or two where the tempo changed just before
 * it: it plays all the same. A pattern denser than the samples are is cut down to what can be heard
 * of it. */
static void play_track(chr_audio *a, const chr_graph_track *gt, uint64_t at) {
    chr_track *t = gt->track;
    const chr_pattern *p = t->now;
    for (int played = 0; t->next_at <= at; played++) {
        if (played == CHR_MAX_VOICES) {
            seek_track(a, t, chr_clock_beat(&a->transport, at + 1));
            t->next_at = t->next_at > at ? t->next_at : at + 1;
            return;
        }
        const chr_pattern_event *e = &p->events[t->index];
        double end_beat = event_beat(p, t->cycle, e->at + e->duration);
        if (t->playing && chr_track_sounds(gt, event_beat(p, t->cycle, e->at), &end_beat))
            chr_audio_note(a, gt->voices, e, end_beat, at);
        if (++t->index == p->n_events) {
            t->index = 0;
            t->cycle++;
        }
        find_next_at(a, t);
    }
}

void chr_audio_halt(chr_audio *a, uint64_t at) {
    const chr_graph *g = a->graph;
    chr_audio_release_all(a, at);
    chr_clock_stop(&a->transport, at);
    for (uint32_t i = 0; i < g->n_tracks; i++) {
        chr_track *t = g->tracks[i].track;
        if (t->waits)
            atomic_store_explicit(&t->now, t->next, memory_order_relaxed);
        t->waits = false;
        t->next_at = t->switch_at = UINT64_MAX;
    }
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

static uint64_t earliest(const chr_audio *a) {
    const chr_graph *g = a->graph;
    uint64_t at = stops_at(a);
    for (uint32_t o = 0; o < g->n_voices_all; o++)
        at = g->voices[o]->next_due < at ? g->voices[o]->next_due : at;
    for (uint32_t i = 0; i < g->n_tracks; i++) {
        const chr_track *t = g->tracks[i].track;
        at = t->next_at < at ? t->next_at : at;
        at = t->switch_at < at ? t->switch_at : at;
    }
    return at;
}

void chr_audio_events(chr_audio *a, uint64_t from, uint64_t to) {
    const chr_graph *g = a->graph;
    for (;;) {
        uint64_t at = earliest(a);
        if (at >= to)
            return;
        at = at < from ? from : at;
        for (uint32_t o = 0; o < g->n_voices_all; o++)
            if (g->voices[o]->next_due <= at)
                chr_audio_gates_due(a, o, at);
        if (stops_at(a) <= at) {
            stop_clock(a, at);
            continue;
        }
        for (uint32_t i = 0; i < g->n_tracks; i++)
            if (g->tracks[i].track->switch_at <= at)
                switch_track(a, g->tracks[i].track);
        for (uint32_t i = 0; i < g->n_tracks; i++)
            if (g->tracks[i].track->next_at <= at)
                play_track(a, &g->tracks[i], at);
    }
}
