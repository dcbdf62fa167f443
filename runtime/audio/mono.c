/* runtime/audio/mono.c: an instrument with one voice: which of the notes that are held sounds, and
 * where the pitch goes when one of them ends.
 * SPDX-License-Identifier: MIT */
#include "runtime/audio/voices.h"

#include <string.h>

/* True if a note comes before another. Of notes that begin together, as a chord does, the lowest
 * sounds, where nobody asked for the highest. */
static bool comes_first(chr_priority priority, const chr_note *x, const chr_note *y) {
    float higher = x->value[CHR_VOICE_FREQ] - y->value[CHR_VOICE_FREQ];
    if (priority == CHR_PRIORITY_HIGH && higher != 0.0f)
        return higher > 0.0f;
    if (priority == CHR_PRIORITY_LOW && higher != 0.0f)
        return higher < 0.0f;
    if (x->started != y->started)
        return x->started > y->started;
    return higher < 0.0f || (higher == 0.0f && x->id > y->id);
}

static uint32_t winner(const chr_voices *v, chr_priority priority) {
    uint32_t best = 0;
    for (uint32_t i = 1; i < v->n_held; i++)
        if (comes_first(priority, &v->held[i], &v->held[best]))
            best = i;
    return best;
}

static void forget(chr_voices *v, uint32_t i) {
    memmove(&v->held[i], &v->held[i + 1], (v->n_held - i - 1) * sizeof v->held[0]);
    v->n_held--;
}

/* When its gate or its pitch moves next. */
static void find_due(chr_voices *v) {
    uint64_t due_at = UINT64_MAX;
    if (v->voice[0].opening)
        return;
    for (uint32_t i = 0; i < v->n_held; i++)
        if (v->held[i].off_at < due_at)
            due_at = v->held[i].off_at;
    chr_voice_due(v, 0, due_at);
}

void chr_mono_find_due(const chr_audio *a, uint32_t owner) {
    chr_voices *v = a->graph->voices[owner];
    for (uint32_t i = 0; i < v->n_held; i++)
        v->held[i].off_at = chr_voice_off(a, &v->held[i]);
    find_due(v);
}

/* A slide to another pitch: the key that is down is moved. */
static void slide(chr_audio *a, uint32_t owner, const chr_note *to, uint64_t at) {
    chr_voices *v = a->graph->voices[owner];
    for (uint32_t i = 0; i < v->n_held; i++) {
        chr_note *note = &v->held[i];
        if (note->id != v->voice[0].now.id)
            continue;
        note->id = to->id;
        note->value[CHR_VOICE_FREQ] = to->value[CHR_VOICE_FREQ];
        note->value[CHR_VOICE_NOTE] = to->value[CHR_VOICE_NOTE];
        note->value[CHR_VOICE_PAN] = to->value[CHR_VOICE_PAN];
        note->off_beat = to->off_beat;
        note->off_at = chr_voice_off(a, note);
        chr_voice_go_to(a, owner, 0, note, at, true);
    }
    find_due(v);
}

void chr_mono_note(chr_audio *a, uint32_t owner, chr_note note, bool tie, uint64_t at) {
    chr_voices *v = a->graph->voices[owner];
    const chr_keying *keying = &a->graph->keyings[owner];
    chr_voice *voice = &v->voice[0];
    if (tie && voice->held) {
        slide(a, owner, &note, at);
        return;
    }
    if (v->n_held == CHR_MAX_HELD)
        forget(v, 0);
    note.off_at = chr_voice_off(a, &note);
    v->held[v->n_held++] = note;
    const chr_note *first = &v->held[winner(v, (chr_priority)keying->priority)];
    bool chord = voice->held && voice->now.started == at;
    if (voice->held && !chord)
        atomic_fetch_add_explicit(&v->stolen, 1, memory_order_relaxed);
    if (first->id != note.id) {
        find_due(v);
        return;
    }
    if (voice->held && (chord || keying->legato)) {
        chr_voice_go_to(a, owner, 0, &note, at, !chord);
        if (chord)
            chr_voice_set(a, owner, 0, CHR_VOICE_VEL, note.value[CHR_VOICE_VEL],
                          (uint32_t)(at - a->clock), false);
    } else {
        chr_voice_start(a, owner, 0, &note, at);
    }
    find_due(v);
}

void chr_mono_due(chr_audio *a, uint32_t owner, uint64_t at) {
    chr_voices *v = a->graph->voices[owner];
    chr_voice *voice = &v->voice[0];
    if (v->due_at[0] > at)
        return;
    if (voice->opening) {
        voice->opening = false;
        chr_voice_set(a, owner, 0, CHR_VOICE_GATE, 1.0f, (uint32_t)(at - a->clock), false);
        for (uint32_t i = 0; i < v->n_held; i++) /* a note of a sample or two is heard too */
            v->held[i].off_at = v->held[i].off_at > at ? v->held[i].off_at : at + 1;
        find_due(v);
        return;
    }
    bool sounds = false;
    for (uint32_t i = v->n_held; i-- > 0;)
        if (v->held[i].off_at <= at)
            forget(v, i);
        else
            sounds |= v->held[i].id == voice->now.id;
    if (!v->n_held) {
        chr_voice_release(a, owner, 0, (uint32_t)(at - a->clock));
    } else if (!sounds) { /* the pitch of one that is still held returns, with no new attack */
        chr_priority priority = (chr_priority)a->graph->keyings[owner].priority;
        chr_voice_go_to(a, owner, 0, &v->held[winner(v, priority)], at, true);
    }
    find_due(v);
}
