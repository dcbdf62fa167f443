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
    if (b->params[SIZE].step || b->params[DECAY].step || b->params[DAMP].step ||
        b->params[PREDELAY].step || (int)(burst_s[0][0] * rate_hz) + 1 < c->n)
        return false;
    float swing = wander_s * rate_hz, shortest = room_for, longest = 0.0f;
    float heads[LINES][3] = {{0}}; /* as they are while they stand at these lengths */
    for (int k = 0; k < LINES; k++) {
        float length = chr_floor(line_s[k] * r->scale * rate_hz + 0.5f)[0];
        c->length[k] = heads[k][0] = heads[k][1] = length;
        shortest = length < shortest ? length : shortest;
        longest = length > longest ? length : longest;
    }
    if (memcmp(heads, s->line, sizeof s->line) != 0 || shortest - swing < (float)(c->n + 3) ||
        longest + swing > room_for)
        return false;
    chr_vec pause = chr_max(chr_param(b, PREDELAY, c->from) * rate_hz, chr_set(1.0f));
    c->pause = pause[0];
    return chr_head_rests(&s->pause[0], pause) && chr_head_rests(&s->pause[1], pause) &&
           (pause[0] >= 2.0f || pause[0] == 1.0f) && pause[0] < room_for;
}

/* The low cut of both sides of samples i..to-1, each after the last. */
static inline __attribute__((always_inline)) void cut_some(float under[2], float low_cut, int i,
                                                           int to, chr_line x[2]) {
    for (; i < to; i++)
        for (int side = CHR_LEFT; side <= CHR_RIGHT; side++) {
            float here = x[side].x[i];
            under[side] += low_cut * (here - under[side]);
            x[side].x[i] = here - under[side];
        }
}

/* What enters the network from one side, after the low cut: pause, all-passes. */
static inline __attribute__((always_inline)) void enter_over_time(const room_call *c, int side,
                                                                  const int n, chr_line *x) {
    uint32_t column = (uint32_t)(PAUSE + side);
    chr_line spare, waiting;
    float *cut = chr_ring_out(&c->ring, column, c->now, n, &waiting);
    for (int i = 0; i < n; i += CHR_WIDE)
        chr_wide_put(cut + i, chr_line_at(x, i));
    chr_ring_done(&c->ring, column, c->now, n, cut, &waiting);
    const float *late = chr_ring_still_line(&c->ring, column, c->now, c->pause, n, &waiting);
    for (int i = 0; i < n; i += CHR_WIDE)
        chr_line_put(x, i, chr_wide_at(late + i));
    for (int k = 0; k < DIFFUSERS; k++) {
        float gain = burst_gain[k];
        uint32_t back = (uint32_t)(burst_s[side][k] * c->b->rate_hz) + 1;
        column = (uint32_t)(BURST + side * DIFFUSERS + k);
        const float *old = chr_ring_line(&c->ring, column, c->now - back, n, &spare);
        float *fresh = chr_ring_out(&c->ring, column, c->now, n, &waiting);
        for (int i = 0; i < n; i += CHR_WIDE) {
            chr_wide was = chr_wide_at(old + i), is = chr_line_at(x, i) + gain * was;
            chr_wide_put(fresh + i, is);
            chr_line_put(x, i, was - gain * is);
        }
        chr_ring_done(&c->ring, column, c->now, n, fresh, &waiting);
    }
}

/* The low cut of what enters, and what comes out of the lines: half of them wander, two by two
 * against each other, into x; the others stay where they lie. The low cut goes on beside the
 * lines: nothing in them has to wait for its samples, which wait for one another. */
static inline __attribute__((always_inline)) void cut_and_read(reverb_state *s, const room_call *c,
                                                               const int n, chr_line enter[2],
                                                               chr_line x[LINES],
                                                               const float *at[LINES]) {
    float low_cut = low_cut_hz * c->b->period_s * 6.2831853f;
    float under[2] = {s->under[CHR_LEFT][0], s->under[CHR_RIGHT][0]};
    float swing = wander_s * c->b->rate_hz, longest = chr_ring_longest(c->b)[0];
    uint32_t step = (uint32_t)(wander_hz * c->b->period_s * 0x1p32f);
    chr_uwide phase = (chr_uwide)chr_wcount() * step + s->phase[0];
    chr_line back[WANDERING];
    for (int side = CHR_LEFT; side <= CHR_RIGHT; side++) {
        const float *in = chr_over_of(c->b->inputs[side], c->from, n, &enter[side]);
        for (int i = 0; i < n; i += CHR_WIDE)
            chr_line_put(&enter[side], i, chr_wide_at(in + i));
    }
    for (int i = 0; i < n; i += CHR_WIDE, phase += step * CHR_WIDE) {
        const chr_wide wave[2] = {chr_wsin_phase(phase), chr_wsin_phase(phase + 0x40000000u)};
        for (int k = 0; k < WANDERING; k++) {
            chr_wide away = c->length[k] + (k % 2 ? -swing : swing) * wave[k / 2 % 2];
            chr_line_put(&back[k], i, chr_wclamp(away, chr_wset(2.0f), chr_wset(longest)));
        }
    }
    for (int k = 0; k < WANDERING; k++) {
        cut_some(under, low_cut, n * k / WANDERING, n * (k + 1) / WANDERING, enter);
        chr_ring_curves(&c->ring, (uint32_t)(LINE + k), c->now, &back[k], n, x[k].x);
    }
    for (int k = 0; k < LINES; k++)
        at[k] = k < WANDERING ? x[k].x
                              : chr_ring_line(&c->ring, (uint32_t)(LINE + k),
                                              c->now - (uint32_t)c->length[k], n, &x[k]);
    for (int side = CHR_LEFT; side <= CHR_RIGHT; side++)
        s->under[side] = chr_set(under[side]);
    s->phase += step * (uint32_t)n;
}

/* The lines' gains, side by side, and what of them lies under the damping's corner. */
typedef struct damping {
    bundle low[BUNDLES], treble[BUNDLES], between[BUNDLES];
    float corner;
} damping;

static inline damping damping_of(const reverb_state *s, const room_call *c, const room *r) {
    damping d;
    float corner = corner_hz * c->b->period_s * 6.2831853f;
    d.corner = corner / (1.0f + corner);
    for (int part = 0; part < BUNDLES; part++) {
        int first = part * SIDE_BY_SIDE;
        d.low[part] = bundle_at((const float *)(const void *)&s->low[first]);
        d.treble[part] = bundle_at((const float *)(const void *)&r->treble[first]);
        d.between[part] = bundle_at((const float *)(const void *)&r->bass[first]) - d.treble[part];
    }
    return d;
}

/* Each line loses what it has to at this passage: `m` samples one after the other, but all lines
 * side by side. */
static inline __attribute__((always_inline)) void damp(damping *d, const float *const at[LINES],
                                                       int i, const int m, bundle y[LINES]) {
    for (int part = 0; part < BUNDLES; part++) {
        bundle *x = y + part * SIDE_BY_SIDE, low = d->low[part];
        for (int k = 0; k < SIDE_BY_SIDE; k++)
            x[k] = bundle_at(at[part * SIDE_BY_SIDE + k] + i);
        transpose(x);
        for (int j = 0; j < SIDE_BY_SIDE; j++)
            if (m == SIDE_BY_SIDE || j < m) {
                low += d->corner * (x[j] - low);
                x[j] = d->treble[part] * x[j] + d->between[part] * low;
            }
        transpose(x);
        d->low[part] = low;
    }
}

/* The lines are damped, heard, mixed without loss, and go back with what enters. */
static inline __attribute__((always_inline)) void
mix_over_time(reverb_state *s, const room_call *c, const room *r, const int n,
              const float *const at[LINES], const chr_line enter[2], float *const back[LINES]) {
    const float lossless = 0.35355339f; /* 1 / sqrt(LINES) */
    const chr_block *b = c->b;
    damping d = damping_of(s, c, r);
    chr_line spare[3], put[2];
    const float *share = chr_over_of(b->params[MIX], c->from, n, &spare[2]), *dry[2];
    float *out[2];
    for (int side = CHR_LEFT; side <= CHR_RIGHT; side++) {
        dry[side] = chr_over_of(b->inputs[side], c->from, n, &spare[side]);
        out[side] = chr_over_out(b, side, n, &put[side]);
    }
    for (int i = 0; i < n; i += SIDE_BY_SIDE) {
        bundle y[LINES], wet[2] = {{0}, {0}}, mix = bundle_at(share + i);
        damp(&d, at, i, n % SIDE_BY_SIDE == 0 ? SIDE_BY_SIDE : n - i, y);
        for (int k = 0; k < LINES; k++)
            for (int side = CHR_LEFT; side <= CHR_RIGHT; side++)
                wet[side] += heard[side][k] * y[k];
        for (int side = CHR_LEFT; side <= CHR_RIGHT; side++) /* as chr_dry_wet */
            wet[side] = (1.0f - mix) * bundle_at(dry[side] + i) + mix * wet[side];
        for (int side = CHR_LEFT; side <= CHR_RIGHT; side++)
            bundle_put(out[side] + i, wet[side]);
        for (int span = 1; span < LINES; span *= 2)
            for (int k = 0; k < LINES; k++)
                if (!(k & span)) {
                    bundle one = y[k], two = y[k + span];
                    y[k] = one + two;
                    y[k + span] = one - two;
                }
        bundle left = bundle_at(enter[CHR_LEFT].x + i), right = bundle_at(enter[CHR_RIGHT].x + i);
        for (int k = 0; k < LINES; k++)
            bundle_put(back[k] + i, lossless * y[k] + r->enter[0] * (into[CHR_LEFT][k] * left +
                                                                     into[CHR_RIGHT][k] * right));
    }
    for (int part = 0; part < BUNDLES; part++)
        bundle_put((float *)(void *)&s->low[part * SIDE_BY_SIDE], d.low[part]);
    for (int side = CHR_LEFT; side <= CHR_RIGHT; side++)
        chr_over_done(b, side, n, &put[side]);
}

CHR_OVER_TIME room_over_time(reverb_state *s, const chr_block *b, const int n) {
    room_call c = {.b = b,
                   .ring = chr_ring_of(b),
                   .now = (uint32_t)b->clock + (uint32_t)b->from,
                   .from = b->from,
                   .n = n};
    const room r = room_at(b, b->from);
    if (!room_stands_still(s, &c, &r))
        return false;
    chr_line enter[2], x[LINES], room_back[LINES];
    const float *at[LINES];
    float *back[LINES];
    cut_and_read(s, &c, n, enter, x, at);
    for (int side = CHR_LEFT; side <= CHR_RIGHT; side++)
        enter_over_time(&c, side, n, &enter[side]);
    for (int k = 0; k < LINES; k++)
        back[k] = chr_ring_out(&c.ring, (uint32_t)(LINE + k), c.now, n, &room_back[k]);
    mix_over_time(s, &c, &r, n, at, enter, back);
    for (int k = 0; k < LINES; k++)
        chr_ring_done(&c.ring, (uint32_t)(LINE + k), c.now, n, back[k], &room_back[k]);
    return true;
}

#endif
#endif
