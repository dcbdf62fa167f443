/* runtime/audio/track.c: where a pattern stands: its score asked for one window after the other,
 * and each note played at its exact sample. SPDX-License-Identifier: MIT */
#include "runtime/audio/voices.h"

enum { MOST_VALUES = 16 }; /* parameter locks of one note */

static double beat_of(const chr_pattern *p, int64_t ticks) {
    return (double)ticks / (double)p->score.beat;
}

static int64_t samples_of(const chr_audio *a, float seconds) {
    double n = (double)seconds * a->transport.rate_hz;
    return (int64_t)(n < 0.0 ? n - 0.5 : n + 0.5);
}

static uint64_t moved(uint64_t at, int64_t by) {
    return by < 0 && (uint64_t)-by > at ? 0 : at == UINT64_MAX ? at : at + (uint64_t)by;
}

/* ---- notes that are next: a heap (Williams 1964) ---- */

static bool sooner(const chr_pending *a, const chr_pending *b) {
    return a->due != b->due ? a->due < b->due : a->number < b->number;
}

static void rise(chr_pending *heap, uint32_t i) {
    chr_pending one = heap[i];
    for (; i > 0 && sooner(&one, &heap[(i - 1) / 2]); i = (i - 1) / 2)
        heap[i] = heap[(i - 1) / 2];
    heap[i] = one;
}

static void sink(chr_pending *heap, uint32_t i, uint32_t n) {
    chr_pending one = heap[i];
    for (uint32_t child; (child = 2 * i + 1) < n; i = child) {
        if (child + 1 < n && sooner(&heap[child + 1], &heap[child]))
            child++;
        if (!sooner(&heap[child], &one))
            break;
        heap[i] = heap[child];
    }
    heap[i] = one;
}

static uint64_t due(const chr_audio *a, const chr_pattern *p, const chr_score_note *n) {
    return moved(chr_clock_sample(&a->transport, beat_of(p, n->at)), samples_of(a, n->later_s));
}

/* ---- windows ---- */

static void find_next_at(const chr_audio *a, chr_track *t) {
    const chr_pattern *p = t->now;
    t->next_at = p && t->unsettled ? 0 : UINT64_MAX;
    if (t->unsettled || !p || !a->transport.running || p->score.nodes[p->score.root].most == 0)
        return;
    t->next_at = t->ask_at;
    if (p->n_pending > 0 && p->pending[0].due < t->next_at)
        t->next_at = p->pending[0].due;
}

static void find_ask_at(const chr_audio *a, chr_track *t) {
    const chr_pattern *p = t->now;
    float early_s = p->score.nodes[p->score.root].early_s;
    t->ask_at = moved(chr_clock_sample(&a->transport, beat_of(p, t->asked_to)),
                      early_s > 0.0f ? -samples_of(a, early_s) - 1 : 0);
}

/* For one voice. Of notes of one pitch that begin together, as on both sides, it plays one between
 * their places; of others the lowest, where high notes do not go before. */
static uint32_t one_at_a_time(chr_score_note *notes, uint32_t n, bool lowest) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        chr_score_note *last = kept > 0 ? &notes[kept - 1] : NULL;
        bool together = last && last->at == notes[i].at;
        if (together && last->note == notes[i].note)
            last->pan = notes[i].pan = 0.5f * (last->pan + notes[i].pan);
        if (!together || !lowest)
            notes[kept++] = notes[i];
        else if (notes[i].note < last->note)
            *last = notes[i];
    }
    return kept;
}

/* Without those that the tuning has no key for. */
static uint32_t those_that_sound(const chr_pattern *p, chr_score_note *notes, uint32_t n) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++)
        if (notes[i].note < 0.0f || chr_pattern_hz(p, notes[i].note) > 0.0f)
            notes[kept++] = notes[i];
    return kept;
}

static void ask(const chr_audio *a, const chr_graph_track *gt) {
    chr_track *t = gt->track;
    chr_pattern *p = t->now;
    int64_t end = chr_score_window_end(&p->score, p->window, t->asked_to);
    uint32_t n = chr_score_query(&p->score, t->asked_to, end, p->asked, p->room_asked);
    chr_score_ties(&t->slides, p->asked, n);
    if (p->note_hz)
        n = those_that_sound(p, p->asked, n);
    if (!p->values && a->graph->n_voices[gt->voices] == 1)
        n = one_at_a_time(p->asked, n, a->graph->keyings[gt->voices].priority != CHR_PRIORITY_HIGH);
    for (uint32_t i = 0; i < n && p->n_pending < p->room_pending; i++) {
        p->pending[p->n_pending] = (chr_pending){
            .due = due(a, p, &p->asked[i]), .number = t->n_asked++, .note = p->asked[i]};
        rise(p->pending, p->n_pending++);
    }
    t->asked_to = end;
    find_ask_at(a, t);
}

void chr_track_seek(const chr_audio *a, chr_track *t, double beat) {
    chr_pattern *p = t->now;
    if (p) {
        /* A position that is a whole number of ticks may come out a hair above it. */
        double hair = 1e-6 * (double)p->score.beat;
        double ticks = beat * (double)p->score.beat - (hair < 0.5 ? hair : 0.5);
        t->asked_to = (int64_t)ticks;
        t->asked_to += (double)t->asked_to < ticks;
        p->n_pending = 0;
        t->slides.n = 0;
        t->unsettled = p->values;
        find_ask_at(a, t);
    }
    find_next_at(a, t);
}

void chr_track_retime(const chr_audio *a, chr_track *t) {
    chr_pattern *p = t->now;
    if (p && a->transport.running) {
        for (uint32_t i = 0; i < p->n_pending; i++)
            p->pending[i].due = due(a, p, &p->pending[i].note);
        for (uint32_t i = p->n_pending / 2; i-- > 0;)
            sink(p->pending, i, p->n_pending);
        find_ask_at(a, t);
    }
    find_next_at(a, t);
}

/* ---- values of a knob ---- */

/* Windows that are looked through for the value that holds. */
enum { MOST_WINDOWS = 64 };

static void turn(chr_audio *a, const chr_graph_track *gt, float value, uint64_t at) {
    uint32_t offset = (uint32_t)(at - a->clock);
    chr_voice_set(a, gt->voices, 0, CHR_VOICE_NOTE, value, offset, true);
}

/* After a jump, or as it begins: the value that began last, as if the piece had been played up to
 * here; none has: the knob's own. */
static void settle(chr_audio *a, const chr_graph_track *gt, uint64_t at) {
    chr_pattern *p = gt->track->now;
    float value = p->base;
    int64_t end = gt->track->asked_to;
    bool found = false;
    for (int i = 0; i < MOST_WINDOWS && end > 0 && !found; i++) {
        int64_t from = end > p->window ? end - p->window : 0;
        uint32_t n = chr_score_query(&p->score, from, end, p->asked, p->room_asked);
        while (n > 0 && !found) {
            double note_end = 0;
            const chr_score_note *note = &p->asked[--n];
            found = chr_track_sounds(gt, beat_of(p, note->at), &note_end);
            value = found ? note->note : value;
        }
        end = from;
    }
    if (gt->track->playing)
        turn(a, gt, value, at);
}

/* ---- playing ---- */

/* The gate closes where the note ends or, by its own share, before or after that; but one that
 * slides lasts until the next has come: a sample longer. */
static double end_beat(const chr_audio *a, const chr_pattern *p, const chr_score_note *n) {
    double beat = beat_of(p, n->end);
    if (n->gate != 1.0f && !(n->slide && n->gate < 1.0f))
        beat =
            beat_of(p, n->at) + (double)(n->end - n->at) * (double)n->gate / (double)p->score.beat;
    int64_t later = samples_of(a, n->later_s) + (n->slide ? 2 : 0);
    if (later == 0)
        return beat;
    return chr_clock_beat(&a->transport, moved(chr_clock_sample(&a->transport, beat), later));
}

static void write_down(chr_audio *a, const char *pattern, const chr_score_note *n, double beat,
                       double end, uint64_t at) {
    chr_noted_ring *r = a->noted;
    unsigned in = atomic_load_explicit(&r->in, memory_order_relaxed);
    if (in - atomic_load_explicit(&r->out, memory_order_acquire) >= CHR_NOTED) {
        atomic_fetch_add_explicit(&r->lost, 1, memory_order_relaxed);
        return;
    }
    chr_noted *to = &r->notes[in % CHR_NOTED];
    *to = (chr_noted){.at = at,
                      .beat = beat,
                      .end_beat = end,
                      .taken_back = a->transport.looped + a->transport.jumped,
                      .note = n->note,
                      .level = n->level};
    for (int i = 0; i < CHR_NOTED_NAME - 1 && pattern[i]; i++)
        to->pattern[i] = pattern[i];
    atomic_store_explicit(&r->in, in + 1, memory_order_release);
}

static void play(chr_audio *a, const chr_graph_track *gt, const chr_score_note *n, uint64_t at) {
    const chr_pattern *p = gt->track->now;
    double end = end_beat(a, p, n);
    if (!chr_track_sounds(gt, beat_of(p, n->at), &end))
        return;
    if (p->values) {
        turn(a, gt, n->note, at);
        return;
    }
    chr_score_value values[MOST_VALUES];
    chr_pattern_event e = {.freq_hz = chr_pattern_hz(p, n->note),
                           .note = n->note,
                           .level = n->level,
                           .pan = n->pan,
                           .tie = n->tie,
                           .values = values,
                           .n_values = chr_score_values(&p->score, n, values, MOST_VALUES)};
    chr_audio_note(a, gt->voices, &e, end, at);
    if (a->noted)
        write_down(a, gt->track->name, n,
                   n->later_s != 0.0f ? chr_clock_beat(&a->transport, at) : beat_of(p, n->at), end,
                   at);
}

/* A note may be late by a sample or two where the tempo changed just before it, or early where the
 * pattern has just begun: it plays all the same. A pattern denser than the samples are is cut down
 * to what can be heard of it. */
void chr_track_play(chr_audio *a, const chr_graph_track *gt, uint64_t at) {
    chr_track *t = gt->track;
    chr_pattern *p = t->now;
    for (int played = 0; t->next_at <= at; played++) {
        if (played == CHR_MAX_VOICES) {
            chr_track_seek(a, t, chr_clock_beat(&a->transport, at + 1));
            t->next_at = t->next_at > at ? t->next_at : at + 1;
            return;
        }
        if (t->unsettled) {
            t->unsettled = false;
            settle(a, gt, at);
        } else if (p->n_pending == 0 || t->ask_at < p->pending[0].due) {
            ask(a, gt); /* what it answers may come before all that is known */
        } else {
            chr_score_note note = p->pending[0].note;
            p->pending[0] = p->pending[--p->n_pending];
            sink(p->pending, 0, p->n_pending);
            if (t->playing)
                play(a, gt, &note, at);
        }
        find_next_at(a, t);
    }
}
