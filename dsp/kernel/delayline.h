/* dsp/kernel/delayline.h: reading a module's ring of history at whole and fractional distances.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_DSP_KERNEL_DELAYLINE_H
#define CHR_DSP_KERNEL_DELAYLINE_H

#include "dsp/module.h"

/* A ring as the kernel sees it: rows of `columns` chr_vec, the row of absolute sample n at n &
 * mask. */
typedef struct chr_ring {
    float *rows;
    uint32_t mask;
    uint32_t columns;
} chr_ring;

static inline chr_ring chr_ring_of(const chr_block *b, uint32_t columns) {
    return (chr_ring){b->ring, b->ring_mask, columns};
}

/* The row of sample `n`; its columns follow one another. */
static inline chr_vec *chr_ring_row(const chr_ring *r, uint32_t n) {
    return (chr_vec *)(void *)r->rows + (size_t)(n & r->mask) * r->columns;
}

/* Column `column`, `back` samples before `n`, each lane at its own distance. */
static inline chr_vec chr_ring_read(const chr_ring *r, uint32_t column, uint32_t n, chr_ivec back) {
#if CHR_LANES == 1
    return chr_ring_row(r, n - (uint32_t)back[0])[column];
#else
    if (!chr_any(back != chr_iset(back[0])))
        return chr_ring_row(r, n - (uint32_t)back[0])[column];
    chr_vec x;
    for (int lane = 0; lane < CHR_LANES; lane++) /* a gather: only the address differs by lane */
        x[lane] = chr_ring_row(r, n - (uint32_t)back[lane])[column][lane];
    return x;
#endif
}

/* The value at position t between x1 (t = 0) and x2 (t = 1) of the cubic through four samples in a
 * row. As a filter its gain is never above 1, so a feedback loop that is stable without it is
 * stable with it. */
static inline chr_vec chr_cubic(chr_vec t, chr_vec x0, chr_vec x1, chr_vec x2, chr_vec x3) {
    chr_vec past = t + 1.0f, left = t - 1.0f, far = t - 2.0f;
    chr_vec outer = t * left * (1.0f / 6.0f), inner = past * far * 0.5f;
    return (outer * (past * x3 - far * x0)) + (inner * (left * x1 - t * x2));
}

/* Column `column` `distance` samples before `n`, for 2 <= distance <= mask - 3, on the cubic. Row n
 * - 1 is the newest that is read. */
static inline chr_vec chr_ring_curve(const chr_ring *r, uint32_t column, uint32_t n,
                                     chr_vec distance) {
    chr_ivec whole = chr_trunc(distance);
    chr_vec x0 = chr_ring_read(r, column, n, whole - 1), x1 = chr_ring_read(r, column, n, whole);
    chr_vec x2 = chr_ring_read(r, column, n, whole + 1),
            x3 = chr_ring_read(r, column, n, whole + 2);
    return chr_cubic(distance - chr_float(whole), x0, x1, x2, x3);
}

/* The same for 1 <= distance: within two samples of the newest row it reads on a straight line, for
 * want of a fourth point. A distance that is whole but for the rounding of seconds times rate gives
 * the very sample. */
static inline chr_vec chr_ring_between(const chr_ring *r, uint32_t column, uint32_t n,
                                       chr_vec distance) {
    const float rounding = 0x1p-22f;
    chr_vec nearest = chr_floor(distance + 0.5f);
    distance = chr_select(chr_abs(distance - nearest) <= nearest * rounding, nearest, distance);
    chr_ivec whole = chr_trunc(distance), close = distance < 2.0f;
    chr_vec part = distance - chr_float(whole), x1 = chr_ring_read(r, column, n, whole);
    if (!chr_any(part != 0.0f))
        return x1;
    chr_vec curve = chr_ring_curve(r, column, n, chr_select(close, chr_set(2.0f), distance));
    chr_vec line = x1 + part * (chr_ring_read(r, column, n, whole + 1) - x1);
    return chr_select(part == 0.0f, x1, chr_select(close, line, curve));
}

/* A reading head. It follows a goal that wanders exactly; where the goal jumps, it glides after it
 * as tape does: at most half a sample a sample, gathering and losing speed within 64 samples, so
 * that the pitch bends and nothing clicks. */
typedef struct chr_head {
    chr_vec goal;   /* samples, as last asked for; 0 before the first */
    chr_vec behind; /* how far the head stands from it */
    chr_vec speed;  /* of its way there, samples a sample */
} chr_head;

/* True if the head stands at this goal in every lane. */
static inline bool chr_head_rests(const chr_head *h, chr_vec goal) {
    return !chr_any((h->goal != goal) | (h->behind != 0.0f) | (h->speed != 0.0f));
}

/* Asks for a goal for one sample; returns where the head now stands. */
static inline chr_vec chr_head_move(chr_head *h, chr_vec goal) {
    const float fastest = 0.5f, gather = 0.5f / 64;
    chr_vec jump = h->goal - goal;
    chr_ivec leap = (chr_abs(jump) > fastest) & (h->goal != 0.0f);
    h->goal = goal;
    if (!chr_any(leap | (h->behind != 0.0f) | (h->speed != 0.0f)))
        return goal;
    h->behind += chr_select(leap, jump, chr_set(0.0f));
    chr_vec way = chr_abs(h->behind);
    chr_vec pace = chr_min(chr_min(chr_sqrt(2.0f * gather * way), way),
                           chr_set(fastest)); /* it can still brake */
    chr_vec wanted = chr_select(h->behind > 0.0f, -pace, pace);
    h->speed = chr_clamp(wanted, h->speed - gather, h->speed + gather);
    chr_ivec there = (way <= gather) & (chr_abs(h->speed) <= 2.0f * gather);
    h->behind = chr_select(there, chr_set(0.0f), h->behind + h->speed);
    h->speed = chr_select(there, chr_set(0.0f), h->speed);
    return goal + h->behind;
}

/* The longest distance that can be read back in this block. */
static inline chr_vec chr_ring_longest(const chr_block *b) {
    return chr_set((float)(b->ring_mask - 3));
}

#endif
