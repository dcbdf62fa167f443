/* dsp/kernel/room_over_time.h: a room for one lane, a whole call at a time. No line is so short
 * that anything comes round within it, so each part of the room works on lines of samples; only the
 * low cut and the damping wait for their last sample, and the damping does so for all lines at
 * once.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_KERNEL_ROOM_OVER_TIME_H
#define CHR_KERNEL_ROOM_OVER_TIME_H

#include "dsp/kernel/ring_over_time.h"
#include "dsp/kernel/room.h"

#if CHR_LANES == 1

/* One sample of all lines: eight floats, in registers of eight or of four. */
enum { SIDE_BY_SIDE = CHR_WIDE < LINES ? CHR_WIDE : LINES, BUNDLES = LINES / SIDE_BY_SIDE };
typedef float bundle __attribute__((vector_size(4 * SIDE_BY_SIDE), may_alias));
typedef float bundle_anywhere __attribute__((vector_size(4 * SIDE_BY_SIDE), aligned(4), may_alias));
typedef float quartet __attribute__((vector_size(16), may_alias));

static inline bundle bundle_at(const float *x) {
    return *(const bundle_anywhere *)(const void *)x;
}
static inline void bundle_put(float *x, bundle y) {
    *(bundle_anywhere *)(void *)x = y;
}

/* Rows become columns. */
static inline void transpose(bundle x[SIDE_BY_SIDE]) {
#if CHR_WIDE >= 8
    bundle a[8], c[8];
    for (int k = 0; k < 8; k += 2) {
        a[k] = __builtin_shufflevector(x[k], x[k + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        a[k + 1] = __builtin_shufflevector(x[k], x[k + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    for (int k = 0; k < 8; k += 4)
        for (int h = 0; h < 2; h++) {
            c[k + 2 * h] =
                __builtin_shufflevector(a[k + h], a[k + h + 2], 0, 1, 8, 9, 4, 5, 12, 13);
            c[k + 2 * h + 1] =
                __builtin_shufflevector(a[k + h], a[k + h + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
    for (int k = 0; k < 4; k++) {
        x[k] = __builtin_shufflevector(c[k], c[k + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        x[k + 4] = __builtin_shufflevector(c[k], c[k + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
#else
    bundle a = __builtin_shufflevector(x[0], x[1], 0, 4, 1, 5);
    bundle c = __builtin_shufflevector(x[0], x[1], 2, 6, 3, 7);
    bundle d = __builtin_shufflevector(x[2], x[3], 0, 4, 1, 5);
    bundle e = __builtin_shufflevector(x[2], x[3], 2, 6, 3, 7);
    x[0] = __builtin_shufflevector(a, d, 0, 1, 4, 5);
    x[1] = __builtin_shufflevector(a, d, 2, 3, 6, 7);
    x[2] = __builtin_shufflevector(c, e, 0, 1, 4, 5);
    x[3] = __builtin_shufflevector(c, e, 2, 3, 6, 7);
#endif
}

/* What all of a call has in common. */
typedef struct room_call {
    const chr_block *b;
    chr_ring ring;
    uint32_t now; /* absolute clock of the first sample */
    int from, n;
    float length[LINES]; /* of the lines, samples */
    float pause;         /* before the first reflection */
} room_call;

/* True where nothing in the room moves but the wander, and nothing comes round within the call. */
static inline bool room_stands_still(const reverb_state *s, room_call *c, const room *r) {
    const chr_block *b = c->b;
    float rate_hz = b->rate_hz, room_for = chr_ring_longest(b)[0] - (float)c->n;
    if (c->n < CHR_WORTH_LINES || b->params[SIZE].step || b->params[DECAY].step ||
        b->params[DAMP].step || b->params[PREDELAY].step ||
        (int)(burst_s[0][0] * rate_hz) + 1 < c->n)
        return false;
    for (int k = 0; k < LINES; k++) {
        chr_vec length = chr_floor(line_s[k] * r->scale * rate_hz + 0.5f);
        float swing = wander_s * rate_hz;
        c->length[k] = length[0];
        if (!chr_head_rests(&s->line[k], length) || length[0] - swing < (float)(c->n + 3) ||
            length[0] + swing > room_for)
            return false;
    }
    chr_vec pause = chr_max(chr_param(b, PREDELAY, c->from) * rate_hz, chr_set(1.0f));
    c->pause = pause[0];
    return chr_head_rests(&s->pause[0], pause) && chr_head_rests(&s->pause[1], pause) &&
           (pause[0] >= 2.0f || pause[0] == 1.0f) && pause[0] < room_for;
}

/* What enters the network from one side: low cut, pause, all-passes. */
static inline void enter_over_time(reverb_state *s, const room_call *c, int side, chr_line *x) {
    float low_cut = low_cut_hz * c->b->period_s * 6.2831853f, under = s->under[side][0];
    uint32_t column = (uint32_t)(PAUSE + side);
    chr_line old, fresh;
    chr_line_read(x, c->b->inputs[side], c->from, c->n);
    for (int i = 0; i < c->n; i++) {
        float in = x->x[i];
        under += low_cut * (in - under);
        x->x[i] = in - under;
    }
    s->under[side] = chr_set(under);
    chr_ring_put_line(&c->ring, column, c->now, x, c->n);
    chr_ring_still_line(&c->ring, column, c->now, c->pause, x, c->n);
    for (int k = 0; k < DIFFUSERS; k++) {
        float gain = burst_gain[k];
        uint32_t back = (uint32_t)(burst_s[side][k] * c->b->rate_hz) + 1;
        column = (uint32_t)(BURST + side * DIFFUSERS + k);
        chr_ring_get_line(&c->ring, column, c->now - back, &old, c->n);
        for (int i = 0; i < c->n; i += CHR_WIDE) {
            chr_wide was = chr_line_at(&old, i), is = chr_line_at(x, i) + gain * was;
            chr_line_put(&fresh, i, is);
            chr_line_put(x, i, was - gain * is);
        }
        chr_ring_put_line(&c->ring, column, c->now, &fresh, c->n);
    }
}

/* What comes out of the lines, half of which wander, two by two against each other. */
static inline void read_lines(reverb_state *s, const room_call *c, chr_line x[LINES]) {
    float swing = wander_s * c->b->rate_hz, longest = chr_ring_longest(c->b)[0];
    uint32_t step = (uint32_t)(wander_hz * c->b->period_s * 0x1p32f);
    chr_uwide phase = (chr_uwide)chr_wcount() * step + s->phase[0];
    for (int i = 0; i < c->n; i += CHR_WIDE, phase += step * CHR_WIDE) {
        const chr_wide wave[2] = {chr_wsin_phase(phase), chr_wsin_phase(phase + 0x40000000u)};
        for (int k = 0; k < WANDERING; k++) {
            chr_wide at = c->length[k] + (k % 2 ? -swing : swing) * wave[k / 2 % 2];
            at = chr_wclamp(at, chr_wset(2.0f), chr_wset(longest));
            chr_line_put(&x[k], i,
                         chr_ring_wcurve(&c->ring, (uint32_t)(LINE + k), c->now + (uint32_t)i, at));
        }
    }
    for (int k = WANDERING; k < LINES; k++)
        chr_ring_get_line(&c->ring, (uint32_t)(LINE + k), c->now - (uint32_t)c->length[k], &x[k],
                          c->n);
    s->phase += step * (uint32_t)c->n;
}

/* Each line loses what it has to at this passage: sample by sample, but all lines side by side. */
static inline void damp_lines(reverb_state *s, const room_call *c, const room *r,
                              chr_line x[LINES]) {
    float corner = corner_hz * c->b->period_s * 6.2831853f;
    corner = corner / (1.0f + corner);
    for (int part = 0; part < BUNDLES; part++) {
        int first = part * SIDE_BY_SIDE;
        bundle low = bundle_at((const float *)(const void *)&s->low[first]);
        bundle treble = bundle_at((const float *)(const void *)&r->treble[first]);
        bundle between = bundle_at((const float *)(const void *)&r->bass[first]) - treble;
        for (int i = 0; i < c->n; i += SIDE_BY_SIDE) {
            bundle y[SIDE_BY_SIDE];
            int m = c->n - i < SIDE_BY_SIDE ? c->n - i : SIDE_BY_SIDE;
            for (int k = 0; k < SIDE_BY_SIDE; k++)
                y[k] = bundle_at(x[first + k].x + i);
            transpose(y);
            if (m == SIDE_BY_SIDE)
                for (int j = 0; j < SIDE_BY_SIDE; j++) {
                    low += corner * (y[j] - low);
                    y[j] = treble * y[j] + between * low;
                }
            else
                for (int j = 0; j < m; j++) {
                    low += corner * (y[j] - low);
                    y[j] = treble * y[j] + between * low;
                }
            transpose(y);
            for (int k = 0; k < SIDE_BY_SIDE; k++)
                bundle_put(x[first + k].x + i, y[k]);
        }
        bundle_put((float *)(void *)&s->low[first], low);
    }
}

/* All of the call. False, with nothing done, where something moves or comes round. */
static inline bool room_over_time(reverb_state *s, const chr_block *b) {
    room_call c = {.b = b,
                   .ring = chr_ring_of(b),
                   .now = (uint32_t)b->clock + (uint32_t)b->from,
                   .from = b->from,
                   .n = b->to - b->from};
    if (c.n < CHR_WORTH_LINES)
        return false;
    const room r = room_at(b, b->from);
    if (!room_stands_still(s, &c, &r))
        return false;
    chr_line enter[2], x[LINES], wet[2], dry, share;
    enter_over_time(s, &c, CHR_LEFT, &enter[CHR_LEFT]);
    enter_over_time(s, &c, CHR_RIGHT, &enter[CHR_RIGHT]);
    read_lines(s, &c, x);
    damp_lines(s, &c, &r, x);
    const float lossless = 0.35355339f, level = r.enter[0]; /* 1 / sqrt(LINES) */
    for (int i = 0; i < c.n; i += CHR_WIDE) {
        chr_wide y[LINES], left = chr_wset(0.0f), right = chr_wset(0.0f);
        for (int k = 0; k < LINES; k++) {
            y[k] = chr_line_at(&x[k], i);
            left += heard[CHR_LEFT][k] * y[k];
            right += heard[CHR_RIGHT][k] * y[k];
        }
        chr_line_put(&wet[CHR_LEFT], i, left);
        chr_line_put(&wet[CHR_RIGHT], i, right);
        for (int span = 1; span < LINES; span *= 2)
            for (int k = 0; k < LINES; k++)
                if (!(k & span)) {
                    chr_wide one = y[k], two = y[k + span];
                    y[k] = one + two;
                    y[k + span] = one - two;
                }
        left = chr_line_at(&enter[CHR_LEFT], i);
        right = chr_line_at(&enter[CHR_RIGHT], i);
        for (int k = 0; k < LINES; k++)
            chr_line_put(&x[k], i,
                         lossless * y[k] +
                             level * (into[CHR_LEFT][k] * left + into[CHR_RIGHT][k] * right));
    }
    for (int k = 0; k < LINES; k++)
        chr_ring_put_line(&c.ring, (uint32_t)(LINE + k), c.now, &x[k], c.n);
    chr_line_read(&share, b->params[MIX], c.from, c.n);
    for (int side = CHR_LEFT; side <= CHR_RIGHT; side++) {
        chr_line_read(&dry, b->inputs[side], c.from, c.n);
        for (int i = 0; i < c.n; i += CHR_WIDE)
            chr_line_put(&wet[side], i,
                         chr_wdry_wet(chr_line_at(&share, i), chr_line_at(&dry, i),
                                      chr_line_at(&wet[side], i)));
    }
    for (int side = CHR_LEFT; side <= CHR_RIGHT; side++)
        chr_line_write(&wet[side], (float *)(void *)chr_rows(b, side) + c.from, c.n);
    return true;
}

#else
static inline bool room_over_time(reverb_state *s, const chr_block *b) {
    (void)s, (void)b;
    return false;
}
#endif
#endif
