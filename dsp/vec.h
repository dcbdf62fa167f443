/* dsp/vec.h: the vector that every kernel is written over. One chr_vec holds one sample of
 * CHR_LANES instances of a module; the same source is compiled for each instruction set and lane
 * count. SPDX-License-Identifier: MIT */
#ifndef CHR_DSP_VEC_H
#define CHR_DSP_VEC_H

#include <stdint.h>
#include <string.h>

#if defined __x86_64__
#include <immintrin.h>
#endif

#ifndef CHR_LANES
#define CHR_LANES 1 /* descriptors and tests read headers without choosing a width */
#endif

/* may_alias: rows of float buffers are read and written through these types. */
typedef float chr_vec __attribute__((vector_size(4 * CHR_LANES), may_alias));
typedef int32_t chr_ivec __attribute__((vector_size(4 * CHR_LANES), may_alias));
typedef uint32_t chr_uvec __attribute__((vector_size(4 * CHR_LANES), may_alias));

/* The same value in every lane. */
static inline chr_vec chr_set(float x) {
    return x - (chr_vec){0};
}
static inline chr_ivec chr_iset(int32_t x) {
    return x - (chr_ivec){0};
}
static inline chr_uvec chr_uset(uint32_t x) {
    return x - (chr_uvec){0};
}

/* Reinterprets bits; converts nothing. */
static inline chr_ivec chr_bits(chr_vec x) {
    return (chr_ivec)x;
}
static inline chr_vec chr_from_bits(chr_ivec x) {
    return (chr_vec)x;
}

/* Lane by lane: mask ? a : b. A mask is what a comparison yields, all ones or all zeros. Of one
 * lane in plain floats: with masks the numbers would go through the integer registers, where a
 * recursion has to wait for them. */
static inline chr_vec chr_select(chr_ivec mask, chr_vec a, chr_vec b) {
#if CHR_LANES == 1
    return (chr_vec){mask[0] ? a[0] : b[0]};
#else
    return (chr_vec)((mask & (chr_ivec)a) | (~mask & (chr_ivec)b));
#endif
}
static inline chr_ivec chr_iselect(chr_ivec mask, chr_ivec a, chr_ivec b) {
    return (mask & a) | (~mask & b);
}

/* min and max by compare and select, so that signed zeros and NaN behave alike on every machine. */
static inline chr_vec chr_min(chr_vec a, chr_vec b) {
#if CHR_LANES == 1
    return (chr_vec){a[0] < b[0] ? a[0] : b[0]};
#else
    return chr_select(a < b, a, b);
#endif
}
static inline chr_vec chr_max(chr_vec a, chr_vec b) {
#if CHR_LANES == 1
    return (chr_vec){a[0] > b[0] ? a[0] : b[0]};
#else
    return chr_select(a > b, a, b);
#endif
}
static inline chr_vec chr_clamp(chr_vec x, chr_vec lo, chr_vec hi) {
    return chr_min(chr_max(x, lo), hi);
}
static inline chr_vec chr_abs(chr_vec x) {
    return (chr_vec)((chr_ivec)x & 0x7fffffff);
}

/* Conversions. The caller has clamped x to the range of the target. chr_trunc rounds towards zero.
 */
static inline chr_ivec chr_trunc(chr_vec x) {
    return __builtin_convertvector(x, chr_ivec);
}
static inline chr_vec chr_float(chr_ivec x) {
    return __builtin_convertvector(x, chr_vec);
}

/* The same of any x: what has no whole number of 32 bits, and NaN, becomes the lowest, -2^31. */
static inline chr_ivec chr_trunc_any(chr_vec x) {
#if CHR_LANES == 16 && defined __AVX512F__
    return (chr_ivec)_mm512_cvttps_epi32((__m512)x);
#elif CHR_LANES >= 8 && defined __AVX__
    __m256 part[CHR_LANES / 8];
    __m256i whole[CHR_LANES / 8];
    chr_ivec y;
    memcpy(part, &x, sizeof part);
    for (unsigned i = 0; i < CHR_LANES / 8; i++)
        whole[i] = _mm256_cvttps_epi32(part[i]);
    memcpy(&y, whole, sizeof y);
    return y;
#elif CHR_LANES >= 4 && defined __x86_64__
    __m128 part[CHR_LANES / 4];
    __m128i whole[CHR_LANES / 4];
    chr_ivec y;
    memcpy(part, &x, sizeof part);
    for (unsigned i = 0; i < CHR_LANES / 4; i++)
        whole[i] = _mm_cvttps_epi32(part[i]);
    memcpy(&y, whole, sizeof y);
    return y;
#elif CHR_LANES == 1 && defined __x86_64__
    return (chr_ivec){_mm_cvttss_si32(_mm_set_ss(x[0]))};
#else
    chr_ivec fits = chr_abs(x) < 0x1p31f;
    return chr_iselect(fits, chr_trunc(chr_from_bits(fits & chr_bits(x))), chr_iset(INT32_MIN));
#endif
}

/* Largest whole number not above x; a zero may have either sign. Infinite and NaN stay what they
 * are. */
static inline chr_vec chr_floor_any_zero(chr_vec x) {
#if CHR_LANES == 16 && defined __AVX512F__
    return (chr_vec)_mm512_floor_ps((__m512)x);
#elif CHR_LANES >= 8 && defined __AVX__
    __m256 part[CHR_LANES / 8];
    memcpy(part, &x, sizeof part);
    for (unsigned i = 0; i < CHR_LANES / 8; i++)
        part[i] = _mm256_floor_ps(part[i]);
    memcpy(&x, part, sizeof part);
    return x;
#elif CHR_LANES >= 4 && defined __SSE4_1__
    __m128 part[CHR_LANES / 4];
    memcpy(part, &x, sizeof part);
    for (unsigned i = 0; i < CHR_LANES / 4; i++)
        part[i] = _mm_floor_ps(part[i]);
    memcpy(&x, part, sizeof part);
    return x;
#elif CHR_LANES == 1 && defined __SSE4_1__
    x[0] = _mm_cvtss_f32(_mm_floor_ss(_mm_setzero_ps(), _mm_set_ss(x[0])));
    return x;
#else
    chr_vec t = chr_float(chr_trunc(x)), whole = t + chr_float(t > x); /* a true mask is -1 */
    return chr_select(chr_abs(x) < 0x1p23f, whole, x);                 /* above that every number is whole */
#endif
}
/* The same, and its zero is never negative. */
static inline chr_vec chr_floor(chr_vec x) {
    return chr_floor_any_zero(x) + 0.0f;
}

/* The size of a whole number; that of the lowest is 2^31. */
static inline chr_uvec chr_size(chr_ivec x) {
    chr_uvec minus = (chr_uvec)(x >> 31);
    return ((chr_uvec)x ^ minus) - minus;
}

/* Correctly rounded square root of each lane. */
static inline chr_vec chr_sqrt(chr_vec x) {
    float a[CHR_LANES];
    memcpy(a, &x, sizeof a);
    for (int i = 0; i < CHR_LANES; i++)
        a[i] = __builtin_sqrtf(a[i]); /* -fno-math-errno: one vector instruction */
    memcpy(&x, a, sizeof a);
    return x;
}

/* True if any lane of a mask is set. */
static inline int chr_any(chr_ivec mask) {
#if CHR_LANES >= 8 && defined __AVX2__
    __m256i part[CHR_LANES / 8];
    memcpy(part, &mask, sizeof part);
    for (unsigned i = 1; i < CHR_LANES / 8; i++)
        part[0] = _mm256_or_si256(part[0], part[i]);
    return !_mm256_testz_si256(part[0], part[0]);
#elif CHR_LANES >= 4 && defined __x86_64__
    __m128i part[CHR_LANES / 4];
    memcpy(part, &mask, sizeof part);
    for (unsigned i = 1; i < CHR_LANES / 4; i++)
        part[0] = _mm_or_si128(part[0], part[i]);
    return _mm_movemask_epi8(part[0]) != 0;
#else
    int32_t a[CHR_LANES], any = 0;
    memcpy(a, &mask, sizeof a);
    for (int i = 0; i < CHR_LANES; i++)
        any |= a[i];
    return any != 0;
#endif
}

#endif
