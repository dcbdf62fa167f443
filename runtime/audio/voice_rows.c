/* runtime/audio/voice_rows.c: the values of voices as the kernels read them: constant in each part
 * of a chunk, or, while one is on its way to a new value, a number for each sample.
 * SPDX-License-Identifier: MIT */
#include "runtime/audio/voices.h"

#include <string.h>

_Static_assert(CHR_CHUNK <= 64, "a bit of chr_live.cuts for each sample");

/* A row that changes more often in a chunk is read sample by sample: a few kernels are dearer then,
 * but none is called so often. */
enum { MOST_PARTS = 3 };

static uint32_t way_length(const chr_audio *a) {
    return (uint32_t)(CHR_STEAL_S * (double)a->rate_hz) + 1;
}

/* A value on its way, with what is left of the way. */
typedef struct reached {
    float x, slope; /* slope: by which it would change over a whole way */
} reached;

/* What is heard of a value at a sample: a cubic from where the way began, and with the slope that
 * it had there, to the goal, which it reaches exactly and without a slope. */
static reached value_at(const chr_voice *v, uint32_t which, uint64_t sample, uint32_t length) {
    uint32_t done = (uint32_t)sample - v->since[which] + 1;
    float goal = v->value[which];
    if (!(v->ways & 1u << which) || done >= length)
        return (reached){goal, 0.0f};
    float x = (float)done / (float)length, left = 1.0f - x, slope = v->slope[which],
          way = goal - v->from[which];
    return (reached){v->from[which] + way * chr_smoothstep(x) + slope * (x * left * left),
                     way * (6.0f * x * left) + slope * (left * (1.0f - 3.0f * x))};
}

/* ---- the rows ---- */

static float *row_at(const chr_graph *g, const chr_voice_row *row, uint32_t sample) {
    return g->live->rows + row->rows + sample * row->lanes;
}

static uint32_t last_cut(uint64_t cuts) {
    return 63 - (uint32_t)__builtin_clzll(cuts);
}

/* A row of which more than its first sample is written in this chunk. */
static void touch(const chr_graph *g, uint32_t row) {
    if (g->live->cuts[row] == 1)
        g->live->touched[g->live->n_touched++] = row;
}

/* From a row a part to a row a sample. */
static __attribute__((noinline)) void spread(const chr_graph *g, uint32_t index) {
    const chr_voice_row *row = &g->voice_rows[index];
    uint64_t cuts = g->live->cuts[index];
    if (!cuts)
        return;
    touch(g, index);
    g->live->cuts[index] = 0;
    for (uint32_t s = 1; s < CHR_CHUNK; s++)
        if (!(cuts >> s & 1))
            memcpy(row_at(g, row, s), row_at(g, row, s - 1), row->lanes * sizeof(float));
}

static bool same_bits(float x, float y) {
    return memcmp(&x, &y, sizeof x) == 0;
}

/* One lane of a row a sample. What is rare stands by itself, for it would make the rest slow. */
static __attribute__((noinline)) void fill_lane(const chr_graph *g, const chr_voice_spot *spot,
                                                float x, uint32_t offset) {
    for (uint32_t s = offset; s < CHR_CHUNK; s++)
        row_at(g, &g->voice_rows[spot->row], s)[spot->lane] = x;
}

/* One lane from a sample on. What does not change cuts nothing. */
static void write_lane(const chr_graph *g, const chr_voice_spot *spot, float x, uint32_t offset) {
    const chr_voice_row *row = &g->voice_rows[spot->row];
    uint64_t *cuts = &g->live->cuts[spot->row];
    if (!*cuts) {
        fill_lane(g, spot, x, offset);
        return;
    }
    uint32_t last = last_cut(*cuts);
    float *at = row_at(g, row, last);
    if (same_bits(at[spot->lane], x))
        return;
    if (offset > last) {
        float *to = row_at(g, row, offset);
        if (row->lanes == 16) /* known: no call */
            memcpy(to, at, 16 * sizeof *to);
        else
            memcpy(to, at, row->lanes * sizeof *to);
        touch(g, spot->row);
        *cuts |= (uint64_t)1 << offset;
        at = to;
    }
    at[spot->lane] = x;
}

/* Where the kernels read a value of a voice: so many spots from *first on. */
static uint32_t spots_of(const chr_graph *g, uint32_t owner, uint32_t voice, uint32_t which,
                         const chr_voice_spot **first) {
    for (uint32_t i = g->reads_first[owner]; i < g->reads_first[owner + 1]; i++) {
        const chr_voice_read *read = &g->reads[i];
        if (read->value != which || voice >= read->voices)
            continue;
        const uint32_t *from = &g->spots_first[read->first + voice];
        *first = &g->spots[from[0]];
        return from[1] - from[0];
    }
    return 0;
}

/* The same from one sample on for so many, the way's first one or later ones. */
static void values_from(const chr_voice *v, uint32_t which, uint64_t sample, uint32_t n,
                        uint32_t length, float *values) {
    int32_t done = (int32_t)((uint32_t)sample - v->since[which] + 1), all = (int32_t)length;
    uint32_t left = done < all ? (uint32_t)(all - done) : 0;
    float from = v->from[which], slope = v->slope[which], goal = v->value[which], way = goal - from;
    left = left < n ? left : n;
    for (uint32_t i = 0; i < left; i++) {
        float x = (float)(done + (int32_t)i) / (float)all, back = 1.0f - x;
        values[i] = from + way * chr_smoothstep(x) + slope * (x * back * back);
    }
    for (uint32_t i = left; i < n; i++)
        values[i] = goal;
}

/* Samples of one voice's value from `offset` to the chunk's end. */
static void write_way(const chr_audio *a, uint32_t owner, uint32_t voice, uint32_t which,
                      uint32_t offset) {
    const chr_graph *g = a->graph;
    const chr_voice *v = &g->voices[owner]->voice[voice];
    const chr_voice_spot *spots = NULL;
    uint32_t n = spots_of(g, owner, voice, which, &spots), length = way_length(a);
    float way[CHR_CHUNK];
    if (n)
        values_from(v, which, a->clock + offset, CHR_CHUNK - offset, length, way + offset);
    for (uint32_t i = 0; i < n; i++) {
        spread(g, spots[i].row);
        for (uint32_t s = offset; s < CHR_CHUNK; s++)
            row_at(g, &g->voice_rows[spots[i].row], s)[spots[i].lane] = way[s];
    }
}

static void write_part(const chr_graph *g, uint32_t owner, uint32_t voice, uint32_t which, float x,
                       uint32_t offset) {
    const chr_voice_spot *spots = NULL;
    uint32_t n = spots_of(g, owner, voice, which, &spots);
    for (uint32_t i = 0; i < n; i++)
        write_lane(g, &spots[i], x, offset);
}

/* From what is heard of a value. False where it is there already. */
static __attribute__((noinline)) bool set_out(const chr_audio *a, uint32_t owner, uint32_t voice,
                                              uint32_t which, float x, uint32_t offset) {
    chr_voices *all = a->graph->voices[owner];
    chr_voice *v = &all->voice[voice];
    uint32_t length = way_length(a);
    uint64_t at = a->clock + offset;
    reached heard = value_at(v, which, at - 1, length);
    if (heard.x == x && heard.slope == 0.0f)
        return false;
    v->value[which] = x;
    v->from[which] = heard.x;
    v->slope[which] = heard.slope;
    v->since[which] = (uint32_t)at;
    v->ways |= 1u << which;
    all->ways_end = at + length > all->ways_end ? at + length : all->ways_end;
    all->ways_most = voice >= all->ways_most ? voice + 1 : all->ways_most;
    write_way(a, owner, voice, which, offset);
    return true;
}

void chr_voice_set(chr_audio *a, uint32_t owner, uint32_t voice, chr_voice_value which, float x,
                   uint32_t offset, bool gently) {
    chr_voice *v = &a->graph->voices[owner]->voice[voice];
    if (v->awake_from == UINT64_MAX)
        chr_voice_wake(a, owner, voice, a->clock + offset);
    if (gently && set_out(a, owner, voice, which, x, offset))
        return;
    v->value[which] = x;
    v->ways &= ~(1u << which);
    write_part(a->graph, owner, voice, which, x, offset);
}

/* The rows of what is on its way at the chunk's beginning. */
static void go_on(chr_audio *a, uint32_t owner) {
    chr_voices *v = a->graph->voices[owner];
    if (!v->ways_end)
        return;
    uint32_t length = way_length(a);
    v->ways_end = v->ways_end > a->clock ? v->ways_end : 0;
    for (uint32_t i = 0; i < v->ways_most; i++)
        for (uint32_t which = 0; which < CHR_VOICE_VALUES && v->voice[i].ways; which++) {
            if (!(v->voice[i].ways & 1u << which))
                continue;
            uint32_t since = v->voice[i].since[which], now = (uint32_t)a->clock;
            if (now - since >= length && since - now >= CHR_CHUNK) { /* not one of this chunk */
                v->voice[i].ways &= ~(1u << which);
                continue;
            }
            write_way(a, owner, i, which, 0);
        }
    v->ways_most = v->ways_end ? v->ways_most : 0;
}

void chr_audio_rows_reset(chr_audio *a) {
    const chr_graph *g = a->graph;
    g->live->n_touched = 0;
    for (uint32_t r = 0; r < g->n_voice_rows; r++) {
        const chr_voice_row *row = &g->voice_rows[r];
        g->live->cuts[r] = 1;
        for (uint32_t l = 0; l < row->lanes; l++)
            row_at(g, row, 0)[l] =
                g->voices[row->voices]->voice[g->maps[row->map + l]].value[row->value];
    }
    for (uint32_t o = 0; o < g->n_voices_all; o++)
        go_on(a, o);
}

void chr_audio_rows_ready(chr_audio *a) {
    const chr_graph *g = a->graph;
    for (uint32_t i = 0; i < g->live->n_touched; i++) {
        uint32_t r = g->live->touched[i];
        if (__builtin_popcountll(g->live->cuts[r]) > MOST_PARTS)
            spread(g, r);
    }
}

void chr_audio_close_chunk(chr_audio *a) {
    const chr_graph *g = a->graph;
    for (uint32_t i = 0; i < g->live->n_touched; i++) {
        uint32_t r = g->live->touched[i];
        uint64_t cuts = g->live->cuts[r];
        const chr_voice_row *row = &g->voice_rows[r];
        uint32_t last = cuts ? last_cut(cuts) : CHR_CHUNK - 1;
        memcpy(row_at(g, row, 0), row_at(g, row, last), row->lanes * sizeof(float));
        g->live->cuts[r] = 1;
    }
    g->live->n_touched = 0;
    for (uint32_t o = 0; o < g->n_voices_all; o++)
        go_on(a, o);
}
