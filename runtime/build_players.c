/* runtime/build_players.c: the voices and the patterns of a graph: those of the version before go
 * on. SPDX-License-Identifier: MIT */
#include "runtime/build.h"
#include "runtime/names.h"

#include <stdlib.h>

/* The owners of the version before. The graph before may have others: those that have left, as long
 * as it has not been built again since its fades ended. They do not go on. */
static bool name_past(const chr_builder *b, chr_names *past) {
    uint32_t n = b->version.past ? b->version.past->n_owners : 0;
    if (!chr_names_make(past, n))
        return false;
    for (uint32_t o = 0; o < n; o++)
        chr_names_add(past, b->version.past->owners[o].name, o);
    return true;
}

static bool goes_on(const chr_names *past, const char *name) {
    return chr_names_find(past, name) != UINT32_MAX;
}

void chr_build_voices(chr_builder *b) {
    const chr_version *v = &b->version;
    uint32_t n_before = b->before ? b->before->n_voices_all : 0;
    chr_names known = {.names = NULL}, past = {.names = NULL};
    b->failed |= !chr_names_make(&known, n_before) || !name_past(b, &past);
    for (uint32_t k = 0; k < n_before && !b->failed; k++)
        if (goes_on(&past, b->before->voices[k]->name))
            chr_names_add(&known, b->before->voices[k]->name, k);
    for (uint32_t o = 0; o < v->n_owners && !b->failed; o++) {
        uint32_t old = chr_names_find(&known, v->owners[o]);
        chr_voices *found =
            old == UINT32_MAX ? chr_voices_new(v->owners[o]) : b->before->voices[old];
        if (old != UINT32_MAX)
            chr_voices_use(found);
        else if (found)
            chr_build_return_voices(b, found);
        chr_voices **at = found ? CHR_GROW(&b->voices, 1) : NULL;
        if (at)
            b->voices.items[b->voices.n++] = found;
        else
            chr_voices_drop(found);
        uint32_t *n = at ? CHR_GROW(&b->n_voices, 1) : NULL;
        chr_keying *keying = n ? CHR_GROW(&b->keyings, 1) : NULL;
        if (!keying) {
            b->failed = true;
            break;
        }
        /* What leaves keeps its number of voices: the plan's, for the audio thread owns the live
         * one. */
        *n = o < v->fresh->n_owners ? v->fresh->owners[o].n_voices : b->before->n_voices[old];
        b->n_voices.n++;
        *keying = o < v->fresh->n_owners ? v->fresh->owners[o].keying : b->before->keyings[old];
        b->keyings.n++;
    }
    chr_names_clear(&known);
    chr_names_clear(&past);
}

/* What may still play when this version takes over: what plays now, or, where the version before is
 * not heard yet, whatever may play when that takes over; and its own, which may come before this
 * version does. */
static void keep(const chr_builder *b, chr_graph_track *t, const chr_graph_track *old) {
    uint32_t n = 0;
    if (b->options->n_unheard)
        for (; n < CHR_KEEPS - 1 && old->keep[n]; n++)
            t->keep[n] = old->keep[n];
    else
        t->keep[n++] = atomic_load_explicit(&old->track->now, memory_order_relaxed);
    n -= n && !t->keep[n - 1];
    t->keep[n] = old->pattern;
    for (uint32_t k = 0; k < CHR_KEEPS && t->keep[k]; k++)
        chr_pattern_use(t->keep[k]);
}

/* Takes a share of everything that the audio thread may still look at. */
static void add_track(chr_builder *b, const char *name, const chr_ir_pattern *source,
                      const chr_graph_track *old, uint32_t voices) {
    chr_graph_track *t = CHR_GROW(&b->tracks, 1);
    if (!t) {
        b->failed = true;
        return;
    }
    *t = (chr_graph_track){.voices = voices, .playing = source && source->playing};
    b->tracks.n++;
    if (source) {
        t->pattern = chr_pattern_new(source, b->version.fresh->note_hz);
        t->arranged = source->arranged;
        t->windows = source->windows;
        t->n_windows = source->n_windows;
        b->failed |= !t->pattern;
        if (old && t->pattern && chr_pattern_equal(t->pattern, old->pattern)) {
            chr_pattern_drop(
                t->pattern); /* the same text again is the same pattern, where it stands */
            chr_pattern_use(t->pattern = old->pattern);
        }
    }
    if (old) {
        t->track = old->track;
        chr_track_use(t->track);
        keep(b, t, old);
    } else {
        t->track = chr_track_new(name);
        b->failed |= !t->track;
    }
}

/* Patterns of the new version, and what the version before still plays. */
static void join_tracks(chr_builder *b, const chr_names *before, const chr_names *fresh,
                        const chr_names *owners, const chr_names *past) {
    const chr_ir *ir = b->version.fresh;
    for (uint32_t i = 0; i < ir->n_patterns && !b->failed; i++) {
        uint32_t old = chr_names_find(before, ir->patterns[i].name);
        add_track(b, ir->patterns[i].name, &ir->patterns[i],
                  old == UINT32_MAX ? NULL : &b->before->tracks[old],
                  b->version.fresh_owner_to[ir->patterns[i].owner]);
    }
    for (uint32_t i = 0; b->before && i < b->before->n_tracks && !b->failed; i++) {
        const chr_graph_track *old = &b->before->tracks[i];
        bool again = chr_names_find(fresh, old->track->name) != UINT32_MAX;
        /* What is gone plays on to the end of its bar, unless its patch is gone too. */
        uint32_t owner = chr_names_find(owners, b->before->voices[old->voices]->name);
        bool sounds = old->pattern ||
                      atomic_load_explicit(&old->track->now, memory_order_relaxed) ||
                      (b->options->n_unheard && old->keep[0]);
        if (!again && sounds && owner != UINT32_MAX &&
            goes_on(past, b->before->voices[old->voices]->name))
            add_track(b, old->track->name, NULL, old, owner);
    }
}

void chr_build_tracks(chr_builder *b) {
    const chr_ir *ir = b->version.fresh;
    uint32_t n_before = b->before ? b->before->n_tracks : 0;
    chr_names before = {.names = NULL}, fresh = {.names = NULL}, owners = {.names = NULL},
              past = {.names = NULL};
    if (chr_names_make(&before, n_before) && chr_names_make(&fresh, ir->n_patterns) &&
        chr_names_make(&owners, b->version.n_owners) && name_past(b, &past)) {
        for (uint32_t i = 0; i < n_before; i++)
            if (goes_on(&past, b->before->voices[b->before->tracks[i].voices]->name))
                chr_names_add(&before, b->before->tracks[i].track->name, i);
        for (uint32_t i = 0; i < ir->n_patterns; i++)
            chr_names_add(&fresh, ir->patterns[i].name, i);
        for (uint32_t i = 0; i < b->version.n_owners; i++)
            chr_names_add(&owners, b->version.owners[i], i);
        join_tracks(b, &before, &fresh, &owners, &past);
    } else {
        b->failed = true;
    }
    chr_names_clear(&before);
    chr_names_clear(&fresh);
    chr_names_clear(&owners);
    chr_names_clear(&past);
}
