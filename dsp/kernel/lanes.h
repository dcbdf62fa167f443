/* dsp/kernel/lanes.h: a mask over lanes as a number, for the rare branch that goes lane by lane.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_KERNEL_LANES_H
#define CHR_KERNEL_LANES_H

#include "dsp/vec.h"

#if defined __x86_64__
#include <immintrin.h>
#endif

/* Bit l is set where lane l of the mask is all ones. */
static inline uint32_t chr_mask_bits(chr_ivec mask) {
#if CHR_LANES == 16 && defined __AVX512DQ__
    return _mm512_movepi32_mask((__m512i)mask);
#elif CHR_LANES >= 8 && defined __AVX2__
    __m256 part[CHR_LANES / 8];
    memcpy(part, &mask, sizeof part);
    uint32_t bits = 0;
    for (unsigned i = 0; i < CHR_LANES / 8; i++)
        bits |= (uint32_t)_mm256_movemask_ps(part[i]) << (8 * i);
    return bits;
#elif CHR_LANES >= 4 && defined __SSE2__
    __m128 part[CHR_LANES / 4];
    memcpy(part, &mask, sizeof part);
    uint32_t bits = 0;
    for (unsigned i = 0; i < CHR_LANES / 4; i++)
        bits |= (uint32_t)_mm_movemask_ps(part[i]) << (4 * i);
    return bits;
#else
    int32_t lane[CHR_LANES];
    memcpy(lane, &mask, sizeof lane);
    uint32_t bits = 0;
    for (unsigned i = 0; i < CHR_LANES; i++)
        bits |= (uint32_t)(lane[i] & 1) << i;
    return bits;
#endif
}

#endif
