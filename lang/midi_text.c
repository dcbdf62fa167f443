/* lang/midi_text.c: notes of a MIDI file as pattern text: what a player could have typed.
 * SPDX-License-Identifier: MIT */
#include "lang/check/rational.h"
#include "lang/midi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LAYERS = 256 };

/* Notes that begin and end together are one step. */
typedef struct step {
    int64_t at, end;
    uint32_t first, n; /* notes */
    uint32_t layer;
} step;

/* ---- steps ---- */

static int by_time(const void *a, const void *b) {
    const chr_midi_note *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->end != y->end)
        return x->end < y->end ? -1 : 1;
    return (x->key > y->key) - (x->key < y->key);
}

static void quantise(chr_midi_note *notes, uint32_t n, double grid) {
    for (uint32_t i = 0; i < n && grid > 0; i++) {
        int64_t from = (int64_t)((double)notes[i].at / grid + 0.5),
                to = (int64_t)((double)notes[i].end / grid + 0.5);
        notes[i].at = (int64_t)((double)from * grid + 0.5);
        notes[i].end = (int64_t)((double)(to > from ? to : from + 1) * grid + 0.5);
    }
}

/* Each step goes to the first layer that is free. */
static uint32_t lay_steps(const chr_midi_note *notes, uint32_t n, step *steps, uint32_t *n_layers) {
    int64_t free_at[MOST_LAYERS];
    uint32_t count = 0;
    *n_layers = 0;
    for (uint32_t i = 0; i < n;) {
        uint32_t k = i + 1;
        while (k < n && notes[k].at == notes[i].at && notes[k].end == notes[i].end)
            k++;
        uint32_t layer = 0;
        while (layer < *n_layers && free_at[layer] > notes[i].at)
            layer++;
        if (layer < MOST_LAYERS) {
            *n_layers = layer == *n_layers ? layer + 1 : *n_layers;
            free_at[layer] = notes[i].end;
            steps[count++] = (step){notes[i].at, notes[i].end, i, k - i, layer};
        }
        i = k;
    }
    return count;
}

/* ---- text ---- */

static void write_key(FILE *to, int key) {
    static const char *const names[] = {"C",  "C#", "D",  "Eb", "E",  "F",
                                        "F#", "G",  "Ab", "A",  "Bb", "B"};
    int octave = key / 12 - 1;
    /* B9 and what lies above have no name; C7 is a chord to a reader, and so is C9. */
    if (octave == 7 || octave > 8)
        fprintf(to, "m%d", key);
    else
        fprintf(to, "%s%d", names[key % 12], octave);
}

static void write_step(FILE *to, const step *s, const chr_midi_note *notes, int64_t unit) {
    uint32_t loudest = 0;
    if (s->n > 1)
        fputc('[', to);
    for (uint32_t i = 0; i < s->n; i++) {
        fputs(i ? "," : "", to);
        write_key(to, notes[s->first + i].key);
        loudest = notes[s->first + i].velocity > loudest ? notes[s->first + i].velocity : loudest;
    }
    if (s->n > 1)
        fputc(']', to);
    if (s->end - s->at != unit)
        fprintf(to, "@%lld", (long long)((s->end - s->at) / unit));
    fprintf(to, "{vel=%.3g}", loudest / 127.0);
}

static void write_rest(FILE *to, int64_t ticks, int64_t unit) {
    if (ticks <= 0)
        return;
    fputs(" .", to);
    if (ticks != unit)
        fprintf(to, "@%lld", (long long)(ticks / unit));
}

static void write_layer(FILE *to, const chr_midi *midi, const char *name, uint32_t layer,
                        const step *steps, uint32_t n, const chr_midi_note *notes, int64_t unit,
                        int64_t length) {
    int64_t whole = 4 * (int64_t)midi->ticks_per_beat, common = common_divisor(whole, unit),
            now = 0;
    char suffix[16] = "";
    if (layer > 0)
        snprintf(suffix, sizeof suffix, "/part%u", layer + 1);
    fprintf(to, "melody %s%s step=%lld/%lld:", name, suffix, (long long)(unit / common),
            (long long)(whole / common));
    for (uint32_t i = 0; i < n; i++) {
        if (steps[i].layer != layer)
            continue;
        write_rest(to, steps[i].at - now, unit);
        fputc(' ', to);
        write_step(to, &steps[i], notes, unit);
        now = steps[i].end;
    }
    write_rest(to, length - now, unit);
    fputc('\n', to);
}

static void write_all(FILE *to, const chr_midi *midi, const char *name, const chr_midi_note *notes,
                      const step *steps, uint32_t n, uint32_t n_layers) {
    int64_t bar = 4 * (int64_t)midi->ticks_per_beat * midi->over / midi->under, last = 0;
    for (uint32_t i = 0; i < n; i++)
        last = steps[i].end > last ? steps[i].end : last;
    int64_t length = (last + bar - 1) / bar * bar, unit = length;
    for (uint32_t i = 0; i < n; i++)
        unit = common_divisor(common_divisor(unit, steps[i].at), steps[i].end);
    for (uint32_t layer = 0; layer < n_layers; layer++)
        write_layer(to, midi, name, layer, steps, n, notes, unit, length);
}

const char *chr_midi_text(const chr_midi *midi, uint32_t track, const char *name, double grid_beats,
                          chr_arena *arena) {
    uint32_t first = 0, n = 0, n_layers;
    while (first < midi->n_notes && midi->notes[first].track != track)
        first++;
    while (first + n < midi->n_notes && midi->notes[first + n].track == track)
        n++;
    chr_midi_note *notes = CHR_NEW_N(arena, chr_midi_note, n + 1);
    step *steps = CHR_NEW_N(arena, step, n + 1);
    char *text = NULL;
    size_t size = 0;
    FILE *to = notes && steps ? open_memstream(&text, &size) : NULL;
    if (!to)
        return NULL;
    if (n) {
        memcpy(notes, midi->notes + first, n * sizeof *notes);
        quantise(notes, n, grid_beats * midi->ticks_per_beat);
        qsort(notes, n, sizeof *notes, by_time);
        uint32_t n_steps = lay_steps(notes, n, steps, &n_layers);
        write_all(to, midi, name, notes, steps, n_steps, n_layers);
    }
    bool ok = fclose(to) == 0;
    const char *kept = ok ? chr_arena_copy(arena, text, size) : NULL;
    free(text);
    return kept;
}
