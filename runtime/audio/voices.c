/* runtime/audio/voices.c: notes into voices: whose turn it is, and when gates open and close.
 * SPDX-License-Identifier: MIT */
#include "runtime/audio/voices.h"

#include "dsp/kernel/scalar.h"

/* The gate closes one sample before the note's end, so that a note that follows at once finds it
 * closed and starts afresh at its exact sample. */
uint64_t chr_voice_off(const chr_audio *a, const chr_note *note) {
    uint64_t at = chr_clock_sample(&a->transport, note->off_beat);
    uint64_t least = note->started + 1;
    if (at > a->transport.loop_at) /* a loop begins anew with nothing held */
        at = a->transport.loop_at;
    return at > least ? at - 1 : least;
}

/* ---- a voice and its note ---- */

void chr_voice_pitch(chr_audio *a, uint32_t owner, uint32_t voice, uint32_t offset, bool gently) {
    const chr_note *note = &a->graph->voices[owner]->voice[voice].now;
    float freq_hz = note->value[CHR_VOICE_FREQ];
    if (note->value[CHR_VOICE_BEND] != 0.0f)
        freq_hz = (float)((double)freq_hz * chr_exp2((double)note->value[CHR_VOICE_BEND] / 12.0));
    chr_voice_set(a, owner, voice, CHR_VOICE_FREQ, freq_hz, offset, gently);
    chr_voice_set(a, owner, voice, CHR_VOICE_NOTE, note->value[CHR_VOICE_NOTE], offset, gently);
}

/* An envelope below this may jump with its sound: what jumps is heard 26 dB down. */
#define RINGS 0.05f
/* Below this nothing is heard of it, -100 dB. */
#define INAUDIBLE 1e-5f

static float level_at(const chr_graph *g, const chr_voice_level *l) {
    const chr_slot *slot = &g->slots[l->slot];
    return slot->module->level(slot->state->data, (int)l->lane);
}

/* The loudest envelope of a voice; -1: it has none. */
static float level_of(const chr_graph *g, uint32_t owner, uint32_t voice) {
    float most = -1.0f;
    for (uint32_t i = chr_voice_levels(g, owner, voice);
         i < g->levels_first[owner + 1] && g->levels[i].voice == voice; i++) {
        float level = level_at(g, &g->levels[i]);
        most = level > most ? level : most;
    }
    return most;
}

void chr_audio_note_levels(chr_audio *a) {
    const chr_graph *g = a->graph;
    for (uint32_t o = 0; o < g->n_voices_all; o++)
        for (uint32_t i = 0; i < g->voices[o]->n; i++)
            g->voices[o]->voice[i].level = -1.0f;
    for (uint32_t i = 0; i < g->n_levels; i++) {
        chr_voice *voice = &g->voices[g->levels[i].voices]->voice[g->levels[i].voice];
        float level = level_at(g, &g->levels[i]);
        voice->level = level > voice->level ? level : voice->level;
    }
    a->levels_at = a->clock;
}

/* True where a voice is louder than that, and a new note has to be joined to what sounds. Without
 * an envelope nobody knows: then where a note is held. */
static bool still_sounds(const chr_audio *a, uint32_t owner, uint32_t voice, float than) {
    const chr_voice *v = &a->graph->voices[owner]->voice[voice];
    float level = a->levels_at == a->clock ? v->level : level_of(a->graph, owner, voice);
    return level < 0.0f ? v->held : level > than;
}

static const chr_voice_value own_values[] = {CHR_VOICE_BEND, CHR_VOICE_PRESSURE, CHR_VOICE_TIMBRE};

static void set_own(chr_audio *a, uint32_t owner, uint32_t voice, uint32_t offset, bool gently) {
    const chr_voice *v = &a->graph->voices[owner]->voice[voice];
    for (int k = 0; k < 3; k++)
        if (v->value[own_values[k]] != v->now.value[own_values[k]])
            chr_voice_set(a, owner, voice, own_values[k], v->now.value[own_values[k]], offset,
                          gently);
}

/* What can be heard does not jump to another place. */
static void set_pan(chr_audio *a, uint32_t owner, uint32_t voice, uint32_t offset) {
    const chr_voice *v = &a->graph->voices[owner]->voice[voice];
    float pan = v->now.value[CHR_VOICE_PAN];
    if (v->value[CHR_VOICE_PAN] != pan)
        chr_voice_set(a, owner, voice, CHR_VOICE_PAN, pan, offset,
                      still_sounds(a, owner, voice, INAUDIBLE));
}

/* What the note locks, and that it does; the knobs that only the note before locked are free again.
 */
static void set_locks(chr_audio *a, uint32_t owner, uint32_t voice, uint32_t before,
                      uint32_t offset) {
    const chr_voice *v = &a->graph->voices[owner]->voice[voice];
    for (uint32_t slots = v->now.locks | before; slots; slots &= slots - 1) {
        int k = CHR_VOICE_LOCK + 2 * __builtin_ctz(slots);
        bool held = v->now.value[k + 1] > 0.0f;
        if (held && (v->value[k] < v->now.value[k] || v->value[k] > v->now.value[k]))
            chr_voice_set(a, owner, voice, (chr_voice_value)k, v->now.value[k], offset, false);
        if (held != (v->value[k + 1] > 0.0f))
            chr_voice_set(a, owner, voice, (chr_voice_value)(k + 1), held ? 1.0f : 0.0f, offset,
                          false);
    }
}

/* Whether the pitch glides: not to the first note, for there is nothing to glide from. */
static void set_slide(chr_audio *a, uint32_t owner, uint32_t voice, bool legato, uint32_t offset) {
    const chr_voice *v = &a->graph->voices[owner]->voice[voice];
    bool glides = legato || (v->now.id && !a->graph->keyings[owner].glide_legato);
    float slide = glides ? 1.0f : 0.0f;
    if (v->value[CHR_VOICE_SLIDE] != slide)
        chr_voice_set(a, owner, voice, CHR_VOICE_SLIDE, slide, offset, false);
}

void chr_voice_release(chr_audio *a, uint32_t owner, uint32_t voice, uint32_t offset) {
    chr_voices *v = a->graph->voices[owner];
    chr_voice_free(v, voice);
    v->voice[voice].closed = a->clock + offset;
    chr_voice_set(a, owner, voice, CHR_VOICE_GATE, 0.0f, offset, false);
}

void chr_voice_go_to(chr_audio *a, uint32_t owner, uint32_t voice, const chr_note *note,
                     uint64_t at, bool gently) {
    uint32_t offset = (uint32_t)(at - a->clock);
    chr_voice *v = &a->graph->voices[owner]->voice[voice];
    uint32_t locked = v->now.locks;
    set_slide(a, owner, voice, gently, offset);
    v->now = *note;
    chr_voice_pitch(a, owner, voice, offset, gently);
    set_own(a, owner, voice, offset, gently);
    set_pan(a, owner, voice, offset);
    set_locks(a, owner, voice, locked, offset);
}

void chr_voice_start(chr_audio *a, uint32_t owner, uint32_t voice, const chr_note *note,
                     uint64_t at) {
    chr_voices *all = a->graph->voices[owner];
    chr_voice *v = &all->voice[voice];
    uint32_t offset = (uint32_t)(at - a->clock), locked = v->now.locks;
    bool gently = still_sounds(a, owner, voice, RINGS);
    set_slide(a, owner, voice, v->held, offset);
    v->now = *note;
    chr_voice_pitch(a, owner, voice, offset, gently);
    set_own(a, owner, voice, offset, gently);
    set_pan(a, owner, voice, offset);
    set_locks(a, owner, voice, locked, offset);
    chr_voice_set(a, owner, voice, CHR_VOICE_VEL, note->value[CHR_VOICE_VEL], offset, gently);
    if ((v->held && v->value[CHR_VOICE_GATE] > 0.0f) || v->closed == at) {
        /* taken from a note that sounds, or sounded to this very sample */
        chr_voice_set(a, owner, voice, CHR_VOICE_GATE, 0.0f, offset, false);
        v->opening = true;
        chr_voice_due(all, voice, at + 1);
    } else {
        chr_voice_set(a, owner, voice, CHR_VOICE_GATE, 1.0f, offset, false);
        chr_voice_due(all, voice, chr_voice_off(a, note));
    }
    chr_voice_hold(all, voice);
}

/* ---- several voices ---- */

static void gates_due(chr_audio *a, uint32_t owner, uint64_t at) {
    chr_voices *v = a->graph->voices[owner];
    uint32_t offset = (uint32_t)(at - a->clock);
    uint8_t due[CHR_MAX_VOICES];
    uint32_t n = chr_voices_due(v, at, due);
    for (uint32_t k = 0; k < n; k++) {
        uint32_t i = due[k];
        chr_voice *voice = &v->voice[i];
        if (voice->opening) {
            voice->opening = false;
            uint64_t off = chr_voice_off(a, &voice->now);
            /* a note of a sample or two is heard all the same */
            chr_voice_due(v, i, off > at ? off : at + 1);
            chr_voice_set(a, owner, i, CHR_VOICE_GATE, 1.0f, offset, false);
        } else {
            chr_voice_release(a, owner, i, offset);
        }
    }
}

/* The note of a pattern's event, in a voice whose pitch stays where the event has none. */
static chr_note note_of(const chr_pattern_event *e, const chr_voice *before, uint64_t id,
                        double end_beat, uint64_t at) {
    chr_note note = {.id = id, .off_beat = end_beat, .started = at};
    note.value[CHR_VOICE_FREQ] = e->freq_hz > 0.0f ? e->freq_hz : before->now.value[CHR_VOICE_FREQ];
    note.value[CHR_VOICE_NOTE] = e->freq_hz > 0.0f ? e->note : before->now.value[CHR_VOICE_NOTE];
    note.value[CHR_VOICE_VEL] = e->level;
    note.value[CHR_VOICE_PAN] = e->pan;
    for (uint32_t i = 0; i < e->n_values && e->values[i].slot < CHR_LOCK_SLOTS; i++) {
        note.locks |= 1u << e->values[i].slot;
        note.value[CHR_VOICE_LOCK + 2 * e->values[i].slot] = e->values[i].value;
        note.value[CHR_VOICE_LOCK + 2 * e->values[i].slot + 1] = 1.0f;
    }
    return note;
}

static void poly_note(chr_audio *a, uint32_t owner, const chr_pattern_event *e, double end_beat,
                      uint64_t at, uint64_t id) {
    chr_voices *v = a->graph->voices[owner];
    int tied = e->tie ? chr_voice_latest(v) : -1;
    int chosen = tied >= 0 ? tied : chr_voice_choose(v, at);
    if (chosen < 0 || (tied < 0 && v->voice[chosen].held))
        atomic_fetch_add_explicit(&v->stolen, 1, memory_order_relaxed);
    if (chosen < 0)
        return;
    uint32_t i = (uint32_t)chosen;
    chr_voice *voice = &v->voice[i];
    chr_note note = note_of(e, voice, id, end_beat, at);
    if (tied < 0) {
        chr_voice_start(a, owner, i, &note, at);
        return;
    }
    note.started = voice->now.started;
    for (int k = 0; k < 3; k++) /* the same key */
        note.value[own_values[k]] = voice->now.value[own_values[k]];
    chr_voice_go_to(a, owner, i, &note, at, true);
    if (!voice->opening)
        chr_voice_due(v, i, chr_voice_off(a, &note));
}

/* ---- what patterns and players ask for ---- */

void chr_audio_gates_due(chr_audio *a, uint32_t owner, uint64_t at) {
    chr_voices *v = a->graph->voices[owner];
    if (v->n == 1)
        chr_mono_due(a, owner, at);
    else
        gates_due(a, owner, at);
}

uint64_t chr_audio_note(chr_audio *a, uint32_t owner, const chr_pattern_event *e, double end_beat,
                        uint64_t at) {
    chr_voices *v = a->graph->voices[owner];
    uint64_t id = ++v->notes;
    if (v->n == 1)
        chr_mono_note(a, owner, note_of(e, &v->voice[0], id, end_beat, at), e->tie, at);
    else
        poly_note(a, owner, e, end_beat, at, id);
    return id;
}

void chr_audio_note_value(chr_audio *a, uint32_t owner, uint64_t id, chr_voice_value which, float x,
                          uint64_t at) {
    chr_voices *v = a->graph->voices[owner];
    uint32_t offset = (uint32_t)(at - a->clock);
    for (uint32_t i = 0; i < v->n_held; i++)
        if (v->held[i].id == id)
            v->held[i].value[which] = x;
    for (uint32_t i = 0; i < v->n; i++) {
        if (v->voice[i].now.id != id)
            continue;
        v->voice[i].now.value[which] = x;
        set_own(a, owner, i, offset, true);
        if (which == CHR_VOICE_BEND)
            chr_voice_pitch(a, owner, i, offset, true);
    }
}

/* ---- changes of the graph and of the clock ---- */

void chr_audio_take_voices(chr_audio *a) {
    const chr_graph *g = a->graph;
    for (uint32_t o = 0; o < g->n_voices_all; o++) {
        chr_voices *v = g->voices[o];
        bool was_mono = v->n == 1;
        if (v->n != g->n_voices[o])
            chr_voices_number(v, g->n_voices[o]);
        if (v->n > 1 || !was_mono) { /* what only one voice remembers begins with its next note */
            v->n_held = 0;
            if (v->n == 1 && v->voice[0].held)
                v->held[v->n_held++] = v->voice[0].now;
        }
        for (uint32_t i = 0; i < v->n && a->transport.running; i++) {
            chr_voice *voice = &v->voice[i];
            if (voice->held && !voice->opening) /* the tempo may have changed */
                chr_voice_due(v, i, chr_voice_off(a, &voice->now));
        }
        if (v->n == 1 && a->transport.running)
            chr_mono_find_due(a, o);
    }
}

void chr_audio_release_all(chr_audio *a, uint64_t at) {
    const chr_graph *g = a->graph;
    for (uint32_t o = 0; o < g->n_voices_all; o++) {
        g->voices[o]->n_held = 0;
        for (uint32_t i = 0; i < g->voices[o]->n; i++)
            if (g->voices[o]->voice[i].held)
                chr_voice_release(a, o, i, (uint32_t)(at - a->clock));
    }
}
