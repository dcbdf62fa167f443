/* runtime/audio/voices.c: notes into voices: whose turn it is, when gates open and close, and the
 * values that the kernels read.
 * SPDX-License-Identifier: MIT */
#include "runtime/audio/audio.h"

#include <string.h>

/* ---- voice rows: what the kernels read ---- */

/* Part of the chunk that begins at `offset`; the values of the part before go on in it until they
 * are set. */
static uint32_t segment_at(const chr_graph *g, uint32_t owner, uint32_t offset) {
    chr_voices *v = g->voices[owner];
    uint32_t last = v->n_segments - 1;
    if (v->segment[last] >= offset)
        return last;
    for (uint32_t i = g->rows_first[owner]; i < g->rows_first[owner + 1]; i++) {
        const chr_voice_row *row = &g->voice_rows[g->rows_of[i]];
        float *at = g->live->rows + row->rows + last * row->lanes;
        memcpy(at + row->lanes, at, row->lanes * sizeof *at);
    }
    v->segment[++last] = (uint8_t)offset;
    v->n_segments = last + 1;
    return last;
}

static void set_value(const chr_graph *g, uint32_t owner, uint32_t voice, chr_voice_value which,
                      float x, uint32_t offset) {
    chr_voices *v = g->voices[owner];
    v->voice[voice].value[which] = x;
    uint32_t part = segment_at(g, owner, offset);
    for (uint32_t i = g->rows_first[owner]; i < g->rows_first[owner + 1]; i++) {
        const chr_voice_row *row = &g->voice_rows[g->rows_of[i]];
        if (row->value != (uint32_t)which)
            continue;
        float *at = g->live->rows + row->rows + part * row->lanes;
        for (uint32_t l = 0; l < row->lanes; l++)
            if (g->maps[row->map + l] == voice)
                at[l] = x;
    }
}

void chr_audio_rows_reset(const chr_graph *g) {
    for (uint32_t o = 0; o < g->n_voices_all; o++) {
        g->voices[o]->n_segments = 1;
        g->voices[o]->segment[0] = 0;
    }
    for (uint32_t r = 0; r < g->n_voice_rows; r++) {
        const chr_voice_row *row = &g->voice_rows[r];
        float *at = g->live->rows + row->rows;
        for (uint32_t l = 0; l < row->lanes; l++)
            at[l] = g->voices[row->voices]->voice[g->maps[row->map + l]].value[row->value];
    }
}

void chr_audio_close_chunk(const chr_graph *g) {
    for (uint32_t o = 0; o < g->n_voices_all; o++) {
        chr_voices *v = g->voices[o];
        if (v->n_segments == 1)
            continue;
        for (uint32_t i = g->rows_first[o]; i < g->rows_first[o + 1]; i++) {
            const chr_voice_row *row = &g->voice_rows[g->rows_of[i]];
            float *at = g->live->rows + row->rows;
            memcpy(at, at + (v->n_segments - 1) * row->lanes, row->lanes * sizeof *at);
        }
        v->n_segments = 1;
    }
}

/* ---- notes ---- */

static void find_next_due(chr_voices *v) {
    v->next_due = UINT64_MAX;
    for (uint32_t i = 0; i < v->n; i++)
        if (v->voice[i].due_at < v->next_due)
            v->next_due = v->voice[i].due_at;
}

/* The gate closes one sample before the note's end, so that a note that follows at once finds it
 * closed and starts afresh at its exact sample. */
static uint64_t off_sample(const chr_audio *a, const chr_voice *voice) {
    uint64_t at = chr_clock_sample(&a->transport, voice->off_beat);
    uint64_t least = voice->started + 1;
    return at > least ? at - 1 : least;
}

static void release(chr_audio *a, uint32_t owner, uint32_t voice, uint32_t offset) {
    chr_voices *v = a->graph->voices[owner];
    v->voice[voice].held = v->voice[voice].opening = false;
    v->voice[voice].due_at = UINT64_MAX;
    v->voice[voice].order = ++v->order;
    v->voice[voice].closed = a->clock + offset;
    set_value(a->graph, owner, voice, CHR_VOICE_GATE, 0.0f, offset);
}

void chr_audio_gates_due(chr_audio *a, uint32_t owner, uint64_t at) {
    chr_voices *v = a->graph->voices[owner];
    uint32_t offset = (uint32_t)(at - a->clock);
    for (uint32_t i = 0; i < v->n; i++) {
        chr_voice *voice = &v->voice[i];
        if (voice->due_at > at)
            continue;
        if (voice->opening) {
            voice->opening = false;
            voice->due_at = off_sample(a, voice);
            if (voice->due_at <= at) /* a note of a sample or two is heard all the same */
                voice->due_at = at + 1;
            set_value(a->graph, owner, i, CHR_VOICE_GATE, 1.0f, offset);
        } else {
            release(a, owner, i, offset);
        }
    }
    find_next_due(v);
}

/* A free voice, the one released longest ago; else the one that has sounded longest, unless it
 * started this instant (then the chord is larger than the instrument, and its highest notes are
 * left out). -1: none. */
static int choose_voice(const chr_voices *v, uint64_t at) {
    int best = -1;
    for (uint32_t i = 0; i < v->n; i++)
        if (!v->voice[i].held && (best < 0 || v->voice[i].order < v->voice[best].order))
            best = (int)i;
    if (best >= 0)
        return best;
    for (uint32_t i = 0; i < v->n; i++)
        if (v->voice[i].started != at && (best < 0 || v->voice[i].order < v->voice[best].order))
            best = (int)i;
    return best;
}

static int latest_voice(const chr_voices *v) {
    int best = -1;
    for (uint32_t i = 0; i < v->n; i++)
        if (v->voice[i].held && (best < 0 || v->voice[i].order > v->voice[best].order))
            best = (int)i;
    return best;
}

void chr_audio_note(chr_audio *a, uint32_t owner, const chr_pattern_event *e, double end_beat,
                    uint64_t at) {
    const chr_graph *g = a->graph;
    chr_voices *v = g->voices[owner];
    uint32_t offset = (uint32_t)(at - a->clock);
    int tied = e->tie ? latest_voice(v) : -1;
    int chosen = tied >= 0 ? tied : choose_voice(v, at);
    if (chosen < 0 || (tied < 0 && v->voice[chosen].held))
        atomic_fetch_add_explicit(&v->stolen, 1, memory_order_relaxed);
    if (chosen < 0)
        return;
    uint32_t i = (uint32_t)chosen;
    chr_voice *voice = &v->voice[i];
    if (e->freq_hz > 0.0f) {
        set_value(g, owner, i, CHR_VOICE_FREQ, e->freq_hz, offset);
        set_value(g, owner, i, CHR_VOICE_NOTE, e->note, offset);
    }
    voice->off_beat = end_beat;
    if (tied >= 0) {
        if (!voice->opening)
            voice->due_at = off_sample(a, voice);
        find_next_due(v);
        return;
    }
    set_value(g, owner, i, CHR_VOICE_VEL, e->level, offset);
    voice->order = ++v->order;
    voice->started = at;
    if ((voice->held && voice->value[CHR_VOICE_GATE] > 0.0f) || voice->closed == at) {
        set_value(g, owner, i, CHR_VOICE_GATE, 0.0f,
                  offset); /* taken from a note that sounds, or sounded to this very sample */
        voice->opening = true;
        voice->due_at = at + 1;
    } else {
        set_value(g, owner, i, CHR_VOICE_GATE, 1.0f, offset);
        voice->due_at = off_sample(a, voice);
    }
    voice->held = true;
    find_next_due(v);
}

void chr_audio_take_voices(chr_audio *a) {
    const chr_graph *g = a->graph;
    for (uint32_t o = 0; o < g->n_voices_all; o++) {
        chr_voices *v = g->voices[o];
        for (uint32_t i = 0; i < v->n; i++) { /* those beyond hold no note */
            if (i >= g->n_voices[o] && v->voice[i].held) {
                v->voice[i].held = v->voice[i].opening = false;
                v->voice[i].value[CHR_VOICE_GATE] = 0.0f;
                v->voice[i].due_at = UINT64_MAX;
            }
            if (v->voice[i].held && !v->voice[i].opening && a->transport.running)
                v->voice[i].due_at = off_sample(a, &v->voice[i]); /* the tempo may have changed */
        }
        v->n = g->n_voices[o];
        find_next_due(v);
    }
}

void chr_audio_release_all(chr_audio *a, uint64_t at) {
    const chr_graph *g = a->graph;
    for (uint32_t o = 0; o < g->n_voices_all; o++) {
        for (uint32_t i = 0; i < g->voices[o]->n; i++)
            if (g->voices[o]->voice[i].held)
                release(a, o, i, (uint32_t)(at - a->clock));
        find_next_due(g->voices[o]);
    }
}
