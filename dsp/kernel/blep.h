/* dsp/kernel/blep.h: band-limited events. A jump or a kink of a wave is an event at a moment
 * between two samples; each adds the difference between its band-limited and its naive form to the
 * next CHR_BLEP_TAPS samples, and costs nothing else. The naive wave is read CHR_BLEP_DELAY samples
 * late, which is exactly the kernel's delay at DC.
 *
 * Taps are rounded to multiples of 2^-21, as the naive waves are, so that their sums are exact and
 * cannot depend on the order of events, that is, on how a chunk was cut or lanes were grouped. So a
 * wave's edges may be added to the wave itself.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_KERNEL_BLEP_H
#define CHR_KERNEL_BLEP_H

#include "dsp/kernel/blep_table.h"
#include "dsp/kernel/lanes.h"

enum {
    CHR_BLEP_TAPS = 12,
    CHR_BLEP_DELAY = 2,
    CHR_BLEP_PIECES = 32 /* of one sample, in the table */
};

typedef float chr_blep_table[CHR_BLEP_PIECES][3][CHR_BLEP_TAPS];

/* What is still to be added to the coming samples: row 0 to the first sample of this call, and so
 * on. */
typedef struct chr_blep_sum {
    chr_vec row[CHR_CHUNK + CHR_BLEP_TAPS]; /* its samples and what outlasts them */
} chr_blep_sum;

/* Copies a tail. Not as a loop: compilers would make a call of it, which takes as long again. */
static inline void chr_blep_copy(chr_vec *to, const chr_vec *from) {
    to[0] = from[0], to[1] = from[1], to[2] = from[2], to[3] = from[3];
    to[4] = from[4], to[5] = from[5], to[6] = from[6], to[7] = from[7];
    to[8] = from[8], to[9] = from[9], to[10] = from[10], to[11] = from[11];
}

/* Turns a tail on by n samples. */
static inline void chr_blep_pass(chr_vec tail[CHR_BLEP_TAPS], int n) {
    for (int i = 0; i + n < CHR_BLEP_TAPS; i++)
        tail[i] = tail[i + n];
    for (int i = n < CHR_BLEP_TAPS ? CHR_BLEP_TAPS - n : 0; i < CHR_BLEP_TAPS; i++)
        tail[i] = chr_set(0.0f);
}

/* Takes up what earlier calls left for the next n samples and after. */
static inline void chr_blep_begin(chr_blep_sum *sum, const chr_vec tail[CHR_BLEP_TAPS], int n) {
    chr_blep_copy(sum->row, tail);
    for (int i = 0; i < n; i++)
        sum->row[CHR_BLEP_TAPS + i] = chr_set(0.0f);
}
static inline void chr_blep_end(const chr_blep_sum *sum, chr_vec tail[CHR_BLEP_TAPS], int n) {
    chr_blep_copy(tail, sum->row + n);
}

typedef float chr_four __attribute__((vector_size(16), may_alias));

/* The taps of one event: in piece m of the table, at place v of it, -0.5..0.5. |height|, given for
 * each tap, is at most 2. */
static inline void chr_blep_taps(float taps[CHR_BLEP_TAPS], const chr_blep_table table, int m,
                                 float v, const chr_four height[CHR_BLEP_TAPS / 4]) {
    const chr_four *a = (const chr_four *)(const void *)table[m];
    chr_four zero = {0}, vv = v - zero;
    for (int part = 0; part < 3; part++) {
        chr_four tap = ((a[part + 6] * vv + a[part + 3]) * vv + a[part]) * height[part];
        tap = (tap + 6.0f) - 6.0f; /* to a multiple of 2^-21 */
        memcpy(taps + 4 * part, &tap, sizeof tap);
    }
}
/* Adds them; `at` is the row of the first sample that sees the event, and the lane. */
static inline void chr_blep_put(float *at, const float taps[CHR_BLEP_TAPS]) {
    for (int j = 0; j < CHR_BLEP_TAPS; j++)
        at[j * CHR_LANES] += taps[j];
}

/* One event of one lane, d samples (0..1) before row `row`, of one height for each tap. */
static inline void chr_blep_add_uneven(chr_blep_sum *sum, const chr_blep_table table, int row,
                                       int lane, float d,
                                       const chr_four height[CHR_BLEP_TAPS / 4]) {
    float x = d * (float)CHR_BLEP_PIECES;
    int m = (int)x;
    m = m > CHR_BLEP_PIECES - 1 ? CHR_BLEP_PIECES - 1 : m;
    float taps[CHR_BLEP_TAPS];
    chr_blep_taps(taps, table, m, x - (float)m - 0.5f, height);
    chr_blep_put((float *)(void *)sum->row + row * CHR_LANES + lane, taps);
}
static inline void chr_blep_add(chr_blep_sum *sum, const chr_blep_table table, int row, int lane,
                                float d, float height) {
    chr_four zero = {0}, all = height - zero;
    const chr_four heights[CHR_BLEP_TAPS / 4] = {all, all, all};
    chr_blep_add_uneven(sum, table, row, lane, d, heights);
}

/* Adds every event of a phase that moves on by the same step in each of n samples, to these samples
 * and to the tail. The phase is signed and an event is its overflow. `base` is the phase before the
 * first sample; 0 < step < 2^30 in every lane; rate is 1 / (float)step. */
static inline void chr_blep_add_wraps(chr_vec *out, chr_vec tail[CHR_BLEP_TAPS],
                                      const chr_blep_table table, chr_uvec base, chr_uvec step,
                                      chr_vec rate, int n, chr_vec height) {
    float lane_height[CHR_LANES];
    memcpy(lane_height, &height, sizeof height);
    chr_uvec q = base ^ 0x80000000u; /* so that the event is at 0 */
    chr_ivec at = chr_iset(0);
    chr_vec twice = rate + rate, far = chr_set((float)(n + 1));
    for (;;) {
        /* Steps to the next wrap, estimated in floats: at most one off, and whatever lies past n +
         * 1 is far. */
        chr_ivec k = chr_trunc(chr_min(chr_float((chr_ivec)(~q >> 1)) * twice, far)) + 1;
        q += (chr_uvec)k * step;
        chr_ivec early = (chr_ivec)q < 0, late = ((chr_ivec)q >= (chr_ivec)step) & ~early;
        q += (step & (chr_uvec)early) - (step & (chr_uvec)late);
        at += k - early + late;
        uint32_t hits = chr_mask_bits(at <= n);
        if (!hits)
            return;
        chr_vec x = chr_min(chr_float((chr_ivec)q) * rate, chr_set(1.0f)) * (float)CHR_BLEP_PIECES;
        chr_ivec m = chr_trunc(x);
        m = chr_iselect(m > CHR_BLEP_PIECES - 1, chr_iset(CHR_BLEP_PIECES - 1), m);
        chr_vec v = x - chr_float(m) - 0.5f;
        float lane_v[CHR_LANES];
        int32_t lane_m[CHR_LANES], lane_at[CHR_LANES];
        memcpy(lane_v, &v, sizeof v);
        memcpy(lane_m, &m, sizeof m);
        memcpy(lane_at, &at, sizeof at);
        for (; hits; hits &= hits - 1) {
            int lane = __builtin_ctz(hits);
            int row = lane_at[lane] - 1;
            chr_four zero = {0}, all = lane_height[lane] - zero;
            const chr_four heights[CHR_BLEP_TAPS / 4] = {all, all, all};
            float taps[CHR_BLEP_TAPS], *here = (float *)(void *)(out + row) + lane;
            chr_blep_taps(taps, table, lane_m[lane], lane_v[lane], heights);
            if (row <= n - CHR_BLEP_TAPS) {
                chr_blep_put(here, taps);
                continue;
            }
            float *after = (float *)(void *)tail + lane - (n - row) * CHR_LANES;
            for (int j = 0; j < CHR_BLEP_TAPS; j++)
                (row + j < n ? here : after)[j * CHR_LANES] += taps[j];
        }
    }
}

#endif
