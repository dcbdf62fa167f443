/* dsp/kernel/ring_over_time.h: a ring of history and its reading heads, several samples of one lane
 * at a time: the same as delayline.h does sample by sample, bit for bit.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_KERNEL_RING_OVER_TIME_H
#define CHR_KERNEL_RING_OVER_TIME_H

#include "dsp/kernel/delayline.h"
#include "dsp/kernel/over_time.h"

#if CHR_LANES == 1

/* Writes samples now..now+n-1 of a column. */
static inline void chr_ring_put_line(const chr_ring *r, uint32_t column, uint32_t now,
                                     const chr_line *l, int n) {
    float *to = (float *)(void *)chr_ring_at(r, column, now);
    if ((now & r->mask) + (uint32_t)n <= r->mask + 1) {
        chr_line_write(l, to, n);
        return;
    }
    for (int i = 0; i < n; i++)
        (*chr_ring_at(r, column, now + (uint32_t)i))[0] = l->x[i];
}

/* Reads samples now..now+n-1 of a column. */
static inline void chr_ring_get_line(const chr_ring *r, uint32_t column, uint32_t now, chr_line *l,
                                     int n) {
    if ((now & r->mask) + (uint32_t)n <= r->mask + 1) {
        chr_line_fill(l, (const float *)(const void *)chr_ring_at(r, column, now), n);
        return;
    }
    for (int i = 0; i < n; i++)
        l->x[i] = (*chr_ring_at(r, column, now + (uint32_t)i))[0];
    chr_line_end(l, n);
}

/* The four samples of each cubic, where each is `whole` back from its own: the first at `now`. */
static inline void chr_ring_four(const chr_ring *r, uint32_t column, uint32_t now, chr_iwide whole,
                                 chr_wide x[4]) {
    int32_t first = whole[0], last = whole[CHR_WIDE - 1], least = first < last ? first : last;
    uint32_t at = (now - (uint32_t)least - 3) & r->mask;
    const float *row = (const float *)(const void *)chr_ring_at(r, column, at);
    chr_iwide more = whole - least;
    /* Heads move slowly: all samples are as far back, or some of them one more. */
    if (!chr_wmask_bits((more != 0) & (more != 1)) && at + CHR_WIDE + 4 <= r->mask + 1) {
        for (int k = 0; k < 4; k++)
            x[k] = chr_wide_at(row + 4 - k);
        chr_iwide further = more != 0;
        if (chr_wmask_bits(further))
            for (int k = 0; k < 4; k++)
                x[k] = chr_wselect(further, chr_wide_at(row + 3 - k), x[k]);
        return;
    }
    float each[4][CHR_WIDE];
    for (int i = 0; i < CHR_WIDE; i++)
        for (int k = 0; k < 4; k++) {
            uint32_t back = (uint32_t)(whole[i] + k - 1);
            each[k][i] = (*chr_ring_at(r, column, now + (uint32_t)i - back))[0];
        }
    for (int k = 0; k < 4; k++)
        x[k] = chr_wide_at(each[k]);
}

/* Sample i: the column `distance` samples before now + i, as chr_ring_curve reads it: not nearer
 * than 2. */
static inline chr_wide chr_ring_wcurve(const chr_ring *r, uint32_t column, uint32_t now,
                                       chr_wide distance) {
    chr_iwide whole = chr_wtrunc(distance);
    chr_wide x[4];
    chr_ring_four(r, column, now, whole, x);
    return chr_wcubic(distance - chr_wfloat(whole), x[0], x[1], x[2], x[3]);
}

/* The same as chr_ring_between reads it. */
static inline chr_wide chr_ring_wbetween(const chr_ring *r, uint32_t column, uint32_t now,
                                         chr_wide distance) {
    const float rounding = 0x1p-22f;
    chr_wide nearest = chr_wfloor(distance + 0.5f), x[4];
    distance = chr_wselect(chr_wabs(distance - nearest) <= nearest * rounding, nearest, distance);
    chr_iwide whole = chr_wtrunc(distance);
    chr_ring_four(r, column, now, whole, x);
    chr_wide part = distance - chr_wfloat(whole);
    chr_wide curve = chr_wcubic(part, x[0], x[1], x[2], x[3]);
    return chr_wselect(part == 0.0f, x[1], curve);
}

/* A line of distances, none nearer than 2, as chr_ring_between reads them. */
static inline void chr_ring_between_line(const chr_ring *r, uint32_t column, uint32_t now,
                                         const chr_line *distance, chr_line *x, int n) {
    for (int i = 0; i < n; i += CHR_WIDE)
        chr_line_put(x, i,
                     chr_ring_wbetween(r, column, now + (uint32_t)i, chr_line_at(distance, i)));
}

/* A head that stands at `distance` throughout. False, and nothing is read, where it is nearer than
 * 2 and no whole number of samples away. */
static inline bool chr_ring_still_line(const chr_ring *r, uint32_t column, uint32_t now,
                                       float distance, chr_line *x, int n) {
    chr_vec nearest = chr_floor(chr_set(distance) + 0.5f);
    if (chr_abs(distance - nearest)[0] <= nearest[0] * 0x1p-22f) {
        chr_ring_get_line(r, column, now - (uint32_t)chr_trunc(nearest)[0], x, n);
        return true;
    }
    if (distance < 2.0f)
        return false;
    chr_line far;
    chr_line_spread(&far, distance, n);
    chr_ring_between_line(r, column, now, &far, x, n);
    return true;
}

/* True if a head would follow these goals exactly, each for one sample; then it stands at the last
 * of them. `goal` has been ended by chr_line_end, if not filled to a multiple of CHR_WIDE. */
static inline bool chr_head_follows(chr_head *h, const chr_line *goal, int n) {
    const float fastest = 0.5f, gather = 0x1p-7f;
    float before[2 + CHR_CHUNK]; /* goals: the one before the first, and so on */
    float pace[1 + CHR_CHUNK];   /* drifts, likewise */
    if (h->goal[0] == 0.0f || h->stand[0] != h->goal[0])
        return false;
    before[0] = h->goal[0];
    memcpy(before + 1, goal->x, sizeof goal->x);
    pace[0] = h->speed[0];
    chr_iwide follows = chr_wiset(-1);
    for (int i = 0; i < n; i += CHR_WIDE) {
        chr_wide last = chr_wide_at(before + i), drift = chr_line_at(goal, i) - last;
        chr_wide_put(pace + 1 + i, drift);
        follows &= (chr_wabs(drift) <= fastest) & (last != 0.0f);
    }
    for (int i = n; i % CHR_WIDE != 0; i++)
        pace[1 + i] = pace[n];
    for (int i = 0; i < n; i += CHR_WIDE)
        follows &= chr_wabs(chr_wide_at(pace + 1 + i) - chr_wide_at(pace + i)) <= 2.0f * gather;
    if (chr_wmask_bits(~follows))
        return false;
    h->goal = h->stand = chr_set(goal->x[n - 1]);
    h->speed = chr_set(pace[n]);
    return true;
}

/* Asks for a goal for each sample of a line; where the head stands then comes back in its place. */
static inline void chr_head_move_line(chr_head *h, chr_line *goal, int n) {
    if (chr_head_follows(h, goal, n))
        return;
    for (int i = 0; i < n; i++)
        goal->x[i] = chr_head_move(h, chr_set(goal->x[i]))[0];
    chr_line_end(goal, n);
}

/* Holds a line within bounds. */
static inline void chr_line_clamp(chr_line *l, float least, float greatest, int n) {
    for (int i = 0; i < n; i += CHR_WIDE)
        chr_line_put(l, i, chr_wclamp(chr_line_at(l, i), chr_wset(least), chr_wset(greatest)));
}

#endif
#endif
