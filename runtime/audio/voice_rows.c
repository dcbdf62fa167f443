/* runtime/audio/voice_rows.c: the values of voices as the kernels read them: constant in each part
 * of a chunk, or, while one is on its way to a new value, a number for each sample.
 * SPDX-License-Identifier: MIT */
#include "runtime/audio/voices.h"

#include <string.h>

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
        if (!(v->moving & 1u << row->value))
            memcpy(at + row->lanes, at, row->lanes * sizeof *at);
    }
    v->segment[++last] = (uint8_t)offset;
    v->n_segments = last + 1;
    return last;
}

/* From a row a part to a row a sample. Backwards, for part k does not begin before sample k. */
static void set_moving(const chr_graph *g, uint32_t owner, uint32_t which) {
    chr_voices *v = g->voices[owner];
    if (v->moving & 1u << which)
        return;
    v->moving |= 1u << which;
    for (uint32_t i = g->rows_first[owner]; i < g->rows_first[owner + 1]; i++) {
        const chr_voice_row *row = &g->voice_rows[g->rows_of[i]];
        float *at = g->live->rows + row->rows;
        if (row->value != which)
            continue;
        for (uint32_t k = v->n_segments, end = CHR_CHUNK; k-- > 0; end = v->segment[k])
            for (uint32_t s = end; s-- > v->segment[k];)
                memmove(at + s * row->lanes, at + k * row->lanes, row->lanes * sizeof *at);
    }
}

/* Samples of one voice's value from `offset` to the chunk's end. */
static void write_way(const chr_audio *a, uint32_t owner, uint32_t voice, uint32_t which,
                      uint32_t offset) {
    const chr_graph *g = a->graph;
    const chr_voice *v = &g->voices[owner]->voice[voice];
    float way[CHR_CHUNK];
    uint32_t length = way_length(a);
    for (uint32_t s = offset; s < CHR_CHUNK; s++)
        way[s] = value_at(v, which, a->clock + s, length).x;
    for (uint32_t i = g->rows_first[owner]; i < g->rows_first[owner + 1]; i++) {
        const chr_voice_row *row = &g->voice_rows[g->rows_of[i]];
        float *at = g->live->rows + row->rows;
        for (uint32_t l = 0; l < row->lanes && row->value == which; l++)
            if (g->maps[row->map + l] == voice)
                for (uint32_t s = offset; s < CHR_CHUNK; s++)
                    at[s * row->lanes + l] = way[s];
    }
}

static void write_part(const chr_graph *g, uint32_t owner, uint32_t voice, uint32_t which, float x,
                       uint32_t offset) {
    uint32_t part = segment_at(g, owner, offset);
    for (uint32_t i = g->rows_first[owner]; i < g->rows_first[owner + 1]; i++) {
        const chr_voice_row *row = &g->voice_rows[g->rows_of[i]];
        float *at = g->live->rows + row->rows + part * row->lanes;
        for (uint32_t l = 0; l < row->lanes && row->value == which; l++)
            if (g->maps[row->map + l] == voice)
                at[l] = x;
    }
}

void chr_voice_set(chr_audio *a, uint32_t owner, uint32_t voice, chr_voice_value which, float x,
                   uint32_t offset, bool gently) {
    chr_voices *all = a->graph->voices[owner];
    chr_voice *v = &all->voice[voice];
    uint32_t length = way_length(a);
    uint64_t at = a->clock + offset;
    chr_voice_wake(a, owner, voice, at);
    reached heard = value_at(v, which, at - 1, length);
    v->value[which] = x;
    v->ways &= ~(1u << which);
    if (gently && (heard.x != x || heard.slope != 0.0f)) {
        v->from[which] = heard.x;
        v->slope[which] = heard.slope;
        v->since[which] = (uint32_t)at;
        v->ways |= 1u << which;
        all->ways_end = at + length > all->ways_end ? at + length : all->ways_end;
        all->ways_most = voice >= all->ways_most ? voice + 1 : all->ways_most;
        set_moving(a->graph, owner, which);
    }
    if (all->moving & 1u << which)
        write_way(a, owner, voice, which, offset);
    else
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
            set_moving(a->graph, owner, which);
            write_way(a, owner, i, which, 0);
        }
    v->ways_most = v->ways_end ? v->ways_most : 0;
}

void chr_audio_rows_reset(chr_audio *a) {
    const chr_graph *g = a->graph;
    for (uint32_t o = 0; o < g->n_voices_all; o++) {
        g->voices[o]->n_segments = 1;
        g->voices[o]->segment[0] = 0;
        g->voices[o]->moving = 0;
    }
    for (uint32_t r = 0; r < g->n_voice_rows; r++) {
        const chr_voice_row *row = &g->voice_rows[r];
        float *at = g->live->rows + row->rows;
        for (uint32_t l = 0; l < row->lanes; l++)
            at[l] = g->voices[row->voices]->voice[g->maps[row->map + l]].value[row->value];
    }
    for (uint32_t o = 0; o < g->n_voices_all; o++)
        go_on(a, o);
}

void chr_audio_close_chunk(chr_audio *a) {
    const chr_graph *g = a->graph;
    for (uint32_t o = 0; o < g->n_voices_all; o++) {
        chr_voices *v = g->voices[o];
        if (v->n_segments == 1 && !v->moving)
            continue;
        for (uint32_t i = g->rows_first[o]; i < g->rows_first[o + 1]; i++) {
            const chr_voice_row *row = &g->voice_rows[g->rows_of[i]];
            float *at = g->live->rows + row->rows;
            uint32_t last = v->moving & 1u << row->value ? CHR_CHUNK - 1 : v->n_segments - 1;
            memmove(at, at + last * row->lanes, row->lanes * sizeof *at);
        }
        v->n_segments = 1;
        v->moving = 0;
        go_on(a, o);
    }
}
