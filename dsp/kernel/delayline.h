/* dsp/kernel/delayline.h: reading a module's ring of history at whole and fractional distances.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_DSP_KERNEL_DELAYLINE_H
#define CHR_DSP_KERNEL_DELAYLINE_H

#include "dsp/kernel/between.h"
#include "dsp/module.h"

/* A ring as the kernel sees it: a signal's history in each column, absolute sample n at n & mask.
 */
typedef struct chr_ring {
    float *columns;
    uint32_t mask;
} chr_ring;

static inline chr_ring chr_ring_of(const chr_block *b) {
    return (chr_ring){b->ring, b->ring_mask};
}

/* Sample `n` of a column. */
static inline chr_vec *chr_ring_at(const chr_ring *r, uint32_t column, uint32_t n) {
    return (chr_vec *)(void *)r->columns + (size_t)column * ((size_t)r->mask + 1) + (n & r->mask);
}

/* Column `column`, `back` samples before `n`, each lane at its own distance. */
static inline chr_vec chr_ring_read(const chr_ring *r, uint32_t column, uint32_t n, chr_ivec back) {
#if CHR_LANES == 1
    return *chr_ring_at(r, column, n - (uint32_t)back[0]);
#else
    if (!chr_any(back != chr_iset(back[0])))
        return *chr_ring_at(r, column, n - (uint32_t)back[0]);
    chr_vec x;
    for (int lane = 0; lane < CHR_LANES; lane++) /* a gather: only the address differs by lane */
        x[lane] = (*chr_ring_at(r, column, n - (uint32_t)back[lane]))[lane];
    return x;
#endif
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

/* A reading head. A goal that wanders is followed exactly; where it runs off by more than half a
 * sample a sample, or suddenly, the head glides after it as tape does, gathering and losing speed
 * within 64 samples, so that the pitch bends and nothing clicks. */
typedef struct chr_head {
    chr_vec goal;  /* samples, as last asked for; 0 before the first */
    chr_vec stand; /* where it stands; at the goal while it follows */
    chr_vec speed; /* samples a sample */
} chr_head;

/* True if the head stands still at this goal in every lane. */
static inline bool chr_head_rests(const chr_head *h, chr_vec goal) {
    return !chr_any((h->goal != goal) | (h->stand != goal) | (h->speed != 0.0f));
}

/* Asks for a goal for one sample; returns where the head now stands. */
static inline chr_vec chr_head_move(chr_head *h, chr_vec goal) {
    const float fastest = 0.5f, gather = 0x1p-7f;
    chr_vec drift = goal - h->goal;
    chr_ivec wanders = chr_abs(drift) <= fastest, fresh = h->goal == 0.0f;
    drift = chr_select(wanders & ~fresh, drift, chr_set(0.0f));
    chr_ivec gently = wanders & (chr_abs(drift - h->speed) <= 2.0f * gather);
    chr_ivec follows = ((h->stand == h->goal) & gently) | fresh;
    h->goal = goal;
    if (!chr_any(~follows)) {
        h->speed = drift;
        h->stand = goal;
        return goal;
    }
    chr_vec way = goal - h->stand, size = chr_abs(way);
    chr_vec pace = chr_min(chr_sqrt(2.0f * gather * size), size); /* it can still brake */
    pace = chr_min(pace, chr_set(fastest));
    chr_vec wanted = drift + chr_select(way < 0.0f, -pace, pace);
    chr_vec speed = chr_clamp(wanted, h->speed - gather, h->speed + gather);
    /* Whole steps of speed: the sum of the way is exact then, up to 131072 samples. */
    speed = chr_floor(speed * (1.0f / gather) + 0.5f) * gather;
    chr_vec stand = h->stand + speed;
    follows |= (chr_abs(goal - stand) <= gather) & (chr_abs(speed - drift) <= 2.0f * gather);
    h->speed = chr_select(follows, drift, speed);
    h->stand = chr_select(follows, goal, stand);
    return h->stand;
}

/* The longest distance that can be read back in this block. */
static inline chr_vec chr_ring_longest(const chr_block *b) {
    return chr_set((float)(b->ring_mask - 3));
}

#endif
