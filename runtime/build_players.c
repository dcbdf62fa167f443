/* runtime/build_players.c: the voices and the patterns of a graph: those of the version before go
 * on. SPDX-License-Identifier: MIT */
#include "runtime/build.h"

#include <stdlib.h>
#include <string.h>

void chr_build_voices(chr_builder *b) {
    const chr_version *v = &b->version;
    for (uint32_t o = 0; o < v->n_owners; o++) {
        chr_voices **at = CHR_GROW(&b->voices, 1);
        uint32_t *n = CHR_GROW(&b->n_voices, 1);
        if (!at || !n) {
            b->failed = true;
            return;
        }
        chr_voices *found = NULL;
        for (uint32_t k = 0; b->before && k < b->before->n_voices_all && !found; k++)
            if (!strcmp(b->before->voices[k]->name, v->owners[o]))
                found = b->before->voices[k];
        if (found)
            chr_voices_use(found);
        else
            found = chr_voices_new(v->owners[o]);
        if (!found) {
            b->failed = true;
            return;
        }
        *at = found;
        *n = o < v->fresh->n_owners ? v->fresh->owners[o].n_voices : found->n;
        b->voices.n++;
        b->n_voices.n++;
    }
}

static const chr_graph_track *old_track(const chr_builder *b, const char *name) {
    for (uint32_t i = 0; b->before && i < b->before->n_tracks; i++)
        if (!strcmp(b->before->tracks[i].track->name, name))
            return &b->before->tracks[i];
    return NULL;
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
        t->pattern = chr_pattern_new(source);
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
        t->keep[0] = atomic_load_explicit(&old->track->now, memory_order_relaxed);
        t->keep[1] = old->pattern; /* which may take over before this version does */
        for (int k = 0; k < 2; k++)
            if (t->keep[k])
                chr_pattern_use(t->keep[k]);
    } else {
        t->track = chr_track_new(name);
        b->failed |= !t->track;
    }
}

static uint32_t owner_number(const chr_builder *b, const char *name) {
    for (uint32_t o = 0; o < b->version.n_owners; o++)
        if (!strcmp(b->version.owners[o], name))
            return o;
    return UINT32_MAX;
}

void chr_build_tracks(chr_builder *b) {
    const chr_ir *ir = b->version.fresh;
    for (uint32_t i = 0; i < ir->n_patterns && !b->failed; i++)
        add_track(b, ir->patterns[i].name, &ir->patterns[i], old_track(b, ir->patterns[i].name),
                  b->version.fresh_owner_to[ir->patterns[i].owner]);
    for (uint32_t i = 0; b->before && i < b->before->n_tracks && !b->failed; i++) {
        const chr_graph_track *old = &b->before->tracks[i];
        bool again = false;
        for (uint32_t k = 0; k < ir->n_patterns && !again; k++)
            again = !strcmp(ir->patterns[k].name, old->track->name);
        /* What is gone plays on to the end of its bar, unless its patch is gone too. */
        uint32_t owner = owner_number(b, b->before->voices[old->voices]->name);
        bool sounds = old->pattern || atomic_load_explicit(&old->track->now, memory_order_relaxed);
        if (!again && sounds && owner != UINT32_MAX)
            add_track(b, old->track->name, NULL, old, owner);
    }
}

void chr_build_rows_by_owner(chr_builder *b) {
    b->rows_first = calloc(b->voices.n + 2, sizeof *b->rows_first);
    b->rows_of = calloc(b->voice_rows.n + 1, sizeof *b->rows_of);
    if (!b->rows_first || !b->rows_of) {
        b->failed = true;
        return;
    }
    for (uint32_t r = 0; r < b->voice_rows.n; r++)
        b->rows_first[b->voice_rows.items[r].voices + 2]++;
    for (uint32_t o = 0; o < b->voices.n; o++)
        b->rows_first[o + 1] += b->rows_first[o];
    for (uint32_t r = 0; r < b->voice_rows.n; r++)
        b->rows_of[b->rows_first[b->voice_rows.items[r].voices + 1]++] = r;
}
