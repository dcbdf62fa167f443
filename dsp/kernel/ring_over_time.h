/* dsp/kernel/ring_over_time.h: a ring of history and its reading heads, several samples of one lane
 * at a time: the same as delayline.h does sample by sample, bit for bit.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_KERNEL_RING_OVER_TIME_H
#define CHR_KERNEL_RING_OVER_TIME_H

#include "dsp/kernel/delayline.h"
#include "dsp/kernel/over_time.h"

#if CHR_LANES == 1

/* True where a chunk of samples from `now` on lies in one piece. */
static inline bool chr_ring_straight(const chr_ring *r, uint32_t now) {
    return (now & r->mask) + CHR_CHUNK <= r->mask + 1;
}

/* What happens once in a turn of the ring, where a line goes over its end. Kept apart: within the
 * loops its addresses would be worked out for every line. */
#define CHR_RARE static __attribute__((noinline, cold, unused))
CHR_RARE void chr_ring_read_over(const chr_ring *r, uint32_t column, uint32_t now, int n,
                                 chr_line *to) CHR_NONBLOCKING;
CHR_RARE void chr_ring_read_over(const chr_ring *r, uint32_t column, uint32_t now, int n,
                                 chr_line *to) {
    for (int i = 0; i < n; i++)
        to->x[i] = (*chr_ring_at(r, column, now + (uint32_t)i))[0];
    chr_line_end(to, n);
}
CHR_RARE void chr_ring_write_over(const chr_ring *r, uint32_t column, uint32_t now, int n,
                                  const chr_line *from) CHR_NONBLOCKING;
CHR_RARE void chr_ring_write_over(const chr_ring *r, uint32_t column, uint32_t now, int n,
                                  const chr_line *from) {
    for (int i = 0; i < n; i++)
        (*chr_ring_at(r, column, now + (uint32_t)i))[0] = from->x[i];
}
CHR_RARE void chr_ring_four_over(const chr_ring *r, uint32_t column, uint32_t now,
                                 const int32_t whole[CHR_WIDE],
                                 float x[4][CHR_WIDE]) CHR_NONBLOCKING;
CHR_RARE void chr_ring_four_over(const chr_ring *r, uint32_t column, uint32_t now,
                                 const int32_t whole[CHR_WIDE], float x[4][CHR_WIDE]) {
    for (int i = 0; i < CHR_WIDE; i++)
        for (int k = 0; k < 4; k++) {
            uint32_t back = (uint32_t)(whole[i] + k - 1);
            x[k][i] = (*chr_ring_at(r, column, now + (uint32_t)i - back))[0];
        }
}

/* Samples now..now+n-1 of a column: where they lie, or in `spare`. */
static inline const float *chr_ring_line(const chr_ring *r, uint32_t column, uint32_t now, int n,
                                         chr_line *spare) {
    if (chr_ring_straight(r, now))
        return (const float *)(const void *)chr_ring_at(r, column, now);
    chr_ring_read_over(r, column, now, n, spare);
    return spare->x;
}

/* Where samples now..now+n-1 of a column are written: a whole chunk at once, else by way of
 * `spare`, until chr_ring_done. */
static inline float *chr_ring_out(const chr_ring *r, uint32_t column, uint32_t now, int n,
                                  chr_line *spare) {
    return n == CHR_CHUNK && chr_ring_straight(r, now)
               ? (float *)(void *)chr_ring_at(r, column, now)
               : spare->x;
}
static inline void chr_ring_done(const chr_ring *r, uint32_t column, uint32_t now, int n,
                                 const float *out, const chr_line *spare) {
    if (out == spare->x)
        chr_ring_write_over(r, column, now, n, spare);
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
    int32_t backs[CHR_WIDE];
    float each[4][CHR_WIDE];
    memcpy(backs, &whole, sizeof backs);
    chr_ring_four_over(r, column, now, backs, each);
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

/* A line of distances as chr_ring_curve reads them, none nearer than 2, into `x`; often all of them
 * lie within one sample, and then it is asked once. */
static inline void chr_ring_curves(const chr_ring *r, uint32_t column, uint32_t now,
                                   const chr_line *distance, int n, float *x) {
    chr_iwide apart = chr_wiset(0);
    int32_t first = (int32_t)distance->x[0];
    for (int i = 0; i < n; i += CHR_WIDE)
        apart |= chr_wtrunc(chr_line_at(distance, i)) != first;
    uint32_t at = (now - (uint32_t)first - 2) & r->mask;
    if (chr_wmask_bits(apart) || at + CHR_CHUNK + 3 > r->mask + 1) {
        for (int i = 0; i < n; i += CHR_WIDE)
            chr_wide_put(x + i,
                         chr_ring_wcurve(r, column, now + (uint32_t)i, chr_line_at(distance, i)));
        return;
    }
    const float *row = (const float *)(const void *)chr_ring_at(r, column, at);
    for (int i = 0; i < n; i += CHR_WIDE)
        chr_wide_put(x + i, chr_wcubic(chr_line_at(distance, i) - (float)first,
                                       chr_wide_at(row + i + 3), chr_wide_at(row + i + 2),
                                       chr_wide_at(row + i + 1), chr_wide_at(row + i)));
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

/* The same for a head that stands at `distance`, a line of it: where it lies, or in `spare`. NULL
 * where it is nearer than 2 and no whole number of samples away. */
static inline const float *chr_ring_still_line(const chr_ring *r, uint32_t column, uint32_t now,
                                               float distance, int n, chr_line *spare) {
    chr_vec nearest = chr_floor(chr_set(distance) + 0.5f);
    if (chr_abs(distance - nearest)[0] <= nearest[0] * 0x1p-22f)
        return chr_ring_line(r, column, now - (uint32_t)chr_trunc(nearest)[0], n, spare);
    if (distance < 2.0f)
        return NULL;
    for (int i = 0; i < n; i += CHR_WIDE)
        chr_line_put(spare, i, chr_ring_wbetween(r, column, now + (uint32_t)i, chr_wset(distance)));
    return spare->x;
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
    for (int i = 0; i < n; i += CHR_WIDE)
        chr_wide_put(before + 1 + i, chr_line_at(goal, i));
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
    h->goal = h->stand = chr_set(before[n]); /* the last goal */
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
