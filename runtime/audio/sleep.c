/* runtime/audio/sleep.c: voices that sleep. A voice falls asleep at the beginning of a chunk once
 * no note is held in it and all its envelopes have ended, and wakes at the very sample at which
 * anything happens to it. What belongs to it stands still meanwhile: it goes on from where it was.
 * That is so whether or not the lanes beside it are worked out, so no result depends on how voices
 * are packed.
 * SPDX-License-Identifier: MIT */
#include "runtime/audio/voices.h"

enum { WORDS = CHR_MAX_VOICES / 64 }; /* of a set of voices */

/* They stand in the order of the voices. */
uint32_t chr_voice_levels(const chr_graph *g, uint32_t owner, uint32_t voice) {
    uint32_t low = g->levels_first[owner], high = g->levels_first[owner + 1];
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (g->levels[middle].voice < voice)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool rests(const chr_graph *g, const chr_envelopes *e, uint32_t lane) {
    const chr_slot *slot = &g->slots[e->slot];
    return slot->module->rests(slot->state->data, (int)lane);
}

/* Takes those voices out of a set of which an envelope of this group has not ended. */
static void leave_those_awake(const chr_graph *g, const chr_envelopes *e, uint64_t *voices) {
    for (uint32_t left = e->lanes; left; left &= left - 1) {
        uint32_t l = (uint32_t)__builtin_ctz(left), voice = g->maps[e->map + l];
        uint64_t bit = (uint64_t)1 << voice % 64;
        if (voices[voice / 64] & bit && !rests(g, e, l))
            voices[voice / 64] &= ~bit;
    }
}

/* Voices of an owner that are awake and fall asleep: they have envelopes and all of them have
 * ended, and no note is held. False if there are none. */
static bool find_tired(const chr_graph *g, uint32_t owner, uint64_t *tired) {
    const chr_voices *v = g->voices[owner];
    const chr_envelopes *first = &g->envelopes[g->envelopes_first[owner]],
                        *end = &g->envelopes[g->envelopes_first[owner + 1]];
    uint64_t some = 0;
    for (uint32_t word = 0; word < WORDS; word++) {
        tired[word] = 0;
        for (const chr_envelopes *e = first; e < end; e++)
            tired[word] |= e->voices[word];
        some |= tired[word] &= v->awake[word] & ~v->on[word];
    }
    for (const chr_envelopes *e = first; e < end && some; e++) {
        leave_those_awake(g, e, tired);
        some = 0;
        for (uint32_t word = 0; word < WORDS; word++)
            some |= tired[word];
    }
    return some;
}

void chr_audio_fall_asleep(chr_audio *a) {
    const chr_graph *g = a->graph;
    if (g->live->fading) /* what still follows what it did before may have begun */
        chr_audio_wake_changed(a, a->clock);
    for (uint32_t o = 0; o < g->n_voices_all; o++) {
        chr_voices *v = g->voices[o];
        uint64_t tired[WORDS];
        if (!find_tired(g, o, tired))
            continue;
        for (uint32_t word = 0; word < WORDS; word++) {
            v->awake[word] &= ~tired[word];
            for (uint64_t left = tired[word]; left; left &= left - 1) {
                v->voice[word * 64 + (uint32_t)__builtin_ctzll(left)].awake_from = UINT64_MAX;
                a->sleep_changes++;
            }
        }
    }
}

void chr_voice_wake(chr_audio *a, uint32_t owner, uint32_t voice, uint64_t at) {
    chr_voice *v = &a->graph->voices[owner]->voice[voice];
    if (v->awake_from != UINT64_MAX)
        return;
    v->awake_from = at;
    a->graph->voices[owner]->awake[voice / 64] |= (uint64_t)1 << voice % 64;
    a->last_woke = at;
    a->sleep_changes++;
}

void chr_audio_wake_changed(chr_audio *a, uint64_t at) {
    const chr_graph *g = a->graph;
    for (uint32_t i = 0; i < g->n_levels; i++) {
        const chr_voice_level *l = &g->levels[i];
        const chr_slot *slot = &g->slots[l->slot];
        if (!slot->module->rests(slot->state->data, (int)l->lane))
            chr_voice_wake(a, l->voices, l->voice, at);
    }
}

void chr_audio_look_who_sleeps(chr_audio *a) {
    for (uint32_t i = 0; i < a->graph->n_sleepers; i++) {
        int to = CHR_CHUNK;
        chr_audio_asleep(a, i, 0, &to);
    }
}

uint32_t chr_audio_asleep(chr_audio *a, uint32_t sleeper, int from, int *to) {
    const chr_graph *g = a->graph;
    const chr_sleeper *s = &g->sleepers[sleeper];
    chr_sleep_live *live = &g->live->sleep[sleeper];
    bool waking = a->last_woke >= a->clock; /* some voice does, in this chunk */
    if (live->changes == a->sleep_changes && !waking)
        return live->lanes;
    bool waits = g->live->fading;
    uint32_t lanes = 0, may = waits ? s->sleeps & ~s->waits : s->sleeps;
    for (uint32_t l = 0; may >> l; l++) {
        if (!(may & 1u << l))
            continue;
        uint64_t until =
            g->voices[g->maps[s->map + 2 * l]]->voice[g->maps[s->map + 2 * l + 1]].awake_from;
        if (until <= a->clock + (uint64_t)from)
            continue;
        lanes |= 1u << l;
        if (until < a->clock + (uint64_t)*to)
            *to = (int)(until - a->clock);
    }
    if (!waking && !a->shared)
        *live = (chr_sleep_live){waits && s->waits ? 0 : a->sleep_changes, lanes};
    return lanes;
}
