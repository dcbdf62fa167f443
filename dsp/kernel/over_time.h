/* dsp/kernel/over_time.h: one lane, several samples at a time.
 *
 * What of a module's work does not wait for its own last sample may be done for CHR_WIDE samples at
 * once where a group has one lane only. The vectors are those of dsp/vec.h and the functions those
 * of dsp/kernel/math.h, the very same lines compiled once more: `chr_wide` for `chr_vec`, and a w
 * before the function's name (`chr_wexp2` for `chr_vexp2`). So a sample has the same bits whichever
 * way it was worked out.
 *
 * Samples lie in lines: CHR_CHUNK floats that begin with the first sample of the call. Work on a
 * line goes on to the next multiple of CHR_WIDE; what lies past the last sample counts for nothing.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_KERNEL_OVER_TIME_H
#define CHR_KERNEL_OVER_TIME_H

#include "dsp/kernel/arg.h"
#include "dsp/kernel/between.h"
#include "dsp/kernel/compression.h"
#include "dsp/kernel/lanes.h"
#include "dsp/kernel/math.h"
#include "dsp/kernel/saturation.h"
#include "dsp/kernel/wave.h"

#if CHR_LANES == 1

#if defined __AVX512F__
#define CHR_WIDE 16
#elif defined __AVX2__
#define CHR_WIDE 8
#else
#define CHR_WIDE 4
#endif

#pragma push_macro("CHR_LANES")
#undef CHR_LANES
#define CHR_LANES CHR_WIDE
#define chr_vec chr_wide
#define chr_ivec chr_iwide
#define chr_uvec chr_uwide
#define chr_set chr_wset
#define chr_iset chr_wiset
#define chr_uset chr_wuset
#define chr_bits chr_wbits
#define chr_from_bits chr_wfrom_bits
#define chr_select chr_wselect
#define chr_iselect chr_wiselect
#define chr_min chr_wmin
#define chr_max chr_wmax
#define chr_clamp chr_wclamp
#define chr_abs chr_wabs
#define chr_trunc chr_wtrunc
#define chr_trunc_any chr_wtrunc_any
#define chr_float chr_wfloat
#define chr_floor_any_zero chr_wfloor_any_zero
#define chr_floor chr_wfloor
#define chr_size chr_wsize
#define chr_sqrt chr_wsqrt
#define chr_any chr_wany
#define chr_vexp2m1_small chr_wexp2m1_small
#define chr_vpow2i chr_wpow2i
#define chr_vexp2 chr_wexp2
#define chr_vexp chr_wexp
#define chr_vlog2 chr_wlog2
#define chr_vlog chr_wlog
#define chr_vpow chr_wpow
#define chr_vsin_quarter chr_wsin_quarter
#define chr_vsin chr_wsin
#define chr_vcos chr_wcos
#define chr_vsin_fold chr_wsin_fold
#define chr_vsin_ahead chr_wsin_ahead
#define chr_phase_of_degrees chr_wphase_of_degrees
#define chr_vsin_phase chr_wsin_phase
#define chr_vsin_half chr_wsin_half
#define chr_vtan_half chr_wtan_half
#define chr_vtanh chr_wtanh
#define chr_cubic chr_wcubic
#define chr_dry_wet chr_wdry_wet
#define chr_compression chr_wcompression
#define chr_atanh_ratio chr_watanh_ratio
#define chr_mean_tanh chr_wmean_tanh
#define chr_mask_bits chr_wmask_bits
#define chr_wave_level chr_wwave_level
#define chr_wave_naive chr_wwave_naive
#undef CHR_DSP_VEC_H
#undef CHR_KERNEL_MATH_H
#undef CHR_KERNEL_SATURATION_H
#undef CHR_KERNEL_BETWEEN_H
#undef CHR_KERNEL_COMPRESSION_H
#undef CHR_KERNEL_LANES_H
#undef CHR_KERNEL_WAVE_H
#include "dsp/vec.h" /* first: it makes the types of the others */

#include "dsp/kernel/between.h"
#include "dsp/kernel/compression.h"
#include "dsp/kernel/lanes.h"
#include "dsp/kernel/math.h"
#include "dsp/kernel/saturation.h"
#include "dsp/kernel/wave.h"
#undef chr_vec
#undef chr_ivec
#undef chr_uvec
#undef chr_set
#undef chr_iset
#undef chr_uset
#undef chr_bits
#undef chr_from_bits
#undef chr_select
#undef chr_iselect
#undef chr_min
#undef chr_max
#undef chr_clamp
#undef chr_abs
#undef chr_trunc
#undef chr_trunc_any
#undef chr_float
#undef chr_floor_any_zero
#undef chr_floor
#undef chr_size
#undef chr_sqrt
#undef chr_any
#undef chr_vexp2m1_small
#undef chr_vpow2i
#undef chr_vexp2
#undef chr_vexp
#undef chr_vlog2
#undef chr_vlog
#undef chr_vpow
#undef chr_vsin_quarter
#undef chr_vsin
#undef chr_vcos
#undef chr_vsin_fold
#undef chr_vsin_ahead
#undef chr_phase_of_degrees
#undef chr_vsin_phase
#undef chr_vsin_half
#undef chr_vtan_half
#undef chr_vtanh
#undef chr_cubic
#undef chr_dry_wet
#undef chr_compression
#undef chr_atanh_ratio
#undef chr_mean_tanh
#undef chr_mask_bits
#undef chr_wave_level
#undef chr_wave_naive
#pragma pop_macro("CHR_LANES")

/* Fewer samples than this are not worth the way into lines and out of them. */
enum { CHR_WORTH_LINES = 8 };

/* Samples one after the other, from the first of the call on. */
typedef struct chr_line {
    _Alignas(64) float x[CHR_CHUNK];
} chr_line;

/* CHR_WIDE samples that begin anywhere. */
typedef float chr_wide_anywhere __attribute__((vector_size(4 * CHR_WIDE), aligned(4), may_alias));
static inline chr_wide chr_wide_at(const float *x) {
    return *(const chr_wide_anywhere *)(const void *)x;
}
static inline void chr_wide_put(float *x, chr_wide y) {
    *(chr_wide_anywhere *)(void *)x = y;
}
/* Vector i / CHR_WIDE of a line. */
static inline chr_wide chr_line_at(const chr_line *l, int i) {
    return *(const chr_wide *)(const void *)(l->x + i);
}
static inline void chr_line_put(chr_line *l, int i, chr_wide y) {
    *(chr_wide *)(void *)(l->x + i) = y;
}

/* 0, 1, 2 and so on: the sample's number within a vector. */
static inline chr_iwide chr_wcount(void) {
    static const int32_t count[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    chr_iwide n;
    memcpy(&n, count, sizeof n);
    return n;
}

/* Goes on with the last sample to the end of its vector, so that nothing undefined is worked on. */
static inline void chr_line_end(chr_line *l, int n) {
    for (int i = n; i % CHR_WIDE != 0; i++)
        l->x[i] = l->x[n - 1];
}

/* n samples from anywhere. */
static inline void chr_line_fill(chr_line *l, const float *x, int n) {
    if (n == CHR_CHUNK) {
        memcpy(l->x, x, sizeof l->x);
        return;
    }
    for (int i = 0; i < n; i++)
        l->x[i] = x[i];
    chr_line_end(l, n);
}
static inline void chr_line_spread(chr_line *l, float x, int n) {
    chr_wide all = chr_wset(x);
    for (int i = 0; i < n; i += CHR_WIDE)
        chr_line_put(l, i, all);
}

/* Samples from..from+n-1 of an argument: of a whole chunk where they are, else in `spare`. */
static inline const float *chr_over_of(chr_arg a, int from, int n, chr_line *spare) {
    if (a.step && n == CHR_CHUNK)
        return a.v;
    if (a.step)
        chr_line_fill(spare, a.v + from, n);
    else
        chr_line_spread(spare, a.v[0], n);
    return spare->x;
}

/* Where samples from..from+n-1 of output k are written: a whole chunk at once, else by way of
 * `spare`, until chr_over_done. */
static inline float *chr_over_out(const chr_block *b, int k, int n, chr_line *spare) {
    return n == CHR_CHUNK ? b->outputs[k] : spare->x;
}
static inline void chr_over_done(const chr_block *b, int k, int n, const chr_line *spare) {
    if (n != CHR_CHUNK)
        for (int i = 0; i < n; i++)
            b->outputs[k][b->from + i] = spare->x[i];
}

/* A kernel over time is a function of a state, a block, and the number of samples: compiled once
 * for whole chunks, with all its loops unrolled, and once for what events have cut. False, with
 * nothing done, where it cannot work so. */
#define CHR_OVER_TIME static inline __attribute__((always_inline)) bool
#define CHR_RUN_OVER_TIME(function, state, b)                                                      \
    ((b)->to - (b)->from == CHR_CHUNK         ? function(state, b, CHR_CHUNK)                      \
     : (b)->to - (b)->from >= CHR_WORTH_LINES ? function(state, b, (b)->to - (b)->from)            \
                                              : false)

#else
#define CHR_RUN_OVER_TIME(function, state, b) false /* lanes are worked out side by side */
#endif
#endif
