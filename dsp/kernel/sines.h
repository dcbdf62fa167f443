/* dsp/kernel/sines.h: a sine for each row of a chunk, in two loops: one makes the phases and folds
 * them to where the sine is taken, the next one takes it. That takes a third less time than both in
 * one: each step of a sine waits for the last, and a machine that works out of order has the more
 * of them under way, the shorter the chains are. Of one lane, several samples are worked out at a
 * time.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_KERNEL_SINES_H
#define CHR_KERNEL_SINES_H

#include "dsp/kernel/math.h"
#include "dsp/kernel/over_time.h"

/* Folds n phases, given a quarter of a turn ahead: of row i it is `ahead` and i + 1 steps. */
static inline void chr_sines_fold(chr_vec *rows, chr_uvec ahead, chr_uvec step, int n) {
    int i = 0;
#if CHR_LANES == 1
    chr_uwide wide = ahead[0] + step[0] * ((chr_uwide)chr_wcount() + 1);
    for (; i + CHR_WIDE <= n; i += CHR_WIDE, wide += step[0] * CHR_WIDE)
        chr_wide_put((float *)(void *)(rows + i), chr_wsin_fold(wide));
    ahead += step * (uint32_t)i;
#endif
    for (; i < n; i++) {
        ahead += step;
        rows[i] = chr_vsin_fold(ahead);
    }
}

/* The same, and each row has degrees of its own added. */
static inline void chr_sines_fold_bent(chr_vec *rows, const chr_vec *degrees, chr_uvec ahead,
                                       chr_uvec step, int n) {
    int i = 0;
#if CHR_LANES == 1
    chr_uwide wide = ahead[0] + step[0] * ((chr_uwide)chr_wcount() + 1);
    for (; i + CHR_WIDE <= n; i += CHR_WIDE, wide += step[0] * CHR_WIDE) {
        chr_wide bend = chr_wide_at((const float *)(const void *)(degrees + i));
        chr_wide_put((float *)(void *)(rows + i),
                     chr_wsin_fold(wide + chr_wphase_of_degrees(bend)));
    }
    ahead += step * (uint32_t)i;
#endif
    for (; i < n; i++) {
        ahead += step;
        rows[i] = chr_vsin_fold(ahead + chr_phase_of_degrees(degrees[i]));
    }
}

/* The sines of n rows that have been folded. */
static inline void chr_sines_take(chr_vec *rows, int n) {
    int i = 0;
#if CHR_LANES == 1
    for (; i + CHR_WIDE <= n; i += CHR_WIDE) {
        float *x = (float *)(void *)(rows + i);
        chr_wide_put(x, chr_wsin_quarter(chr_wide_at(x)));
    }
#endif
    for (; i < n; i++)
        rows[i] = chr_vsin_quarter(rows[i]);
}

#endif
