/* dsp/kernel/math.h: exponentials, logarithms, circular and hyperbolic functions of a chr_vec.
 * Polynomials in one fixed order of operations, without tables or libm: the same bits for every
 * lane count, instruction set and compiler.
 *
 * Coefficients are minimax fits (Lawson's re-weighted least squares). Errors below include
 * rounding; they are held by tests/unit/math.c. Nothing here guards against NaN: it passes through
 * or becomes a finite number, never a fault.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_KERNEL_MATH_H
#define CHR_KERNEL_MATH_H

#include "dsp/vec.h"

/* 2^f - 1 for |f| <= 0.5, relative error 1.1e-8 before rounding. */
static inline chr_vec chr_vexp2m1_small(chr_vec f) {
    chr_vec q = chr_set(0.00015403512f);
    q = q * f + 0.00133907355f;
    q = q * f + 0.0096182375f;
    q = q * f + 0.0555035743f;
    q = q * f + 0.240226498f;
    q = q * f + 0.693147188f;
    return q * f;
}

/* 2^n of whole numbers -126..127. */
static inline chr_vec chr_vpow2i(chr_ivec n) {
    return chr_from_bits((n + 127) << 23);
}

/* 2^x, x clamped to -126..127. Relative error 1.5e-7; exact at whole x. */
static inline chr_vec chr_vexp2(chr_vec x) {
    x = chr_clamp(x, chr_set(-126.0f), chr_set(127.0f));
    chr_vec n = chr_floor(x + 0.5f);
    return (chr_vexp2m1_small(x - n) + 1.0f) * chr_vpow2i(chr_trunc(n));
}

/* e^x, x clamped to about -87..88. Relative error 1.5e-7 + 6e-8 |x|. */
static inline chr_vec chr_vexp(chr_vec x) {
    return chr_vexp2(x * 1.44269504f);
}

/* log2(x) for x > 0; what is below 2^-126 counts as 2^-126. Error 2.5e-7 relative or 1e-7 absolute,
 * whichever is more; exact at powers of two. */
static inline chr_vec chr_vlog2(chr_vec x) {
    x = chr_max(x, chr_set(1.17549435e-38f));
    /* Exponent and mantissa about 1: 0x3f3504f3 is sqrt(1/2). */
    chr_ivec above = chr_bits(x) - 0x3f3504f3;
    chr_ivec n = above >> 23;
    chr_vec m = chr_from_bits((above & 0x7fffff) + 0x3f3504f3);
    chr_vec s = (m - 1.0f) / (m + 1.0f), t = s * s;
    chr_vec q = chr_set(0.431742272f);
    q = q * t + 0.576714149f;
    q = q * t + 0.96179885f;
    q = q * t + 2.88539008f;
    return chr_float(n) + q * s;
}

/* ln(x), as chr_vlog2. */
static inline chr_vec chr_vlog(chr_vec x) {
    return chr_vlog2(x) * 0.693147181f;
}

/* x^y for x > 0. Relative error 2e-7 (1 + |y log2 x|). */
static inline chr_vec chr_vpow(chr_vec x, chr_vec y) {
    return chr_vexp2(y * chr_vlog2(x));
}

/* sin(2 pi r) for |r| <= 0.25, relative error 5e-9 before rounding. */
static inline chr_vec chr_vsin_quarter(chr_vec r) {
    chr_vec t = r * r, q = chr_set(39.7109181f);
    q = q * t - 76.5749922f;
    q = q * t + 81.6022312f;
    q = q * t - 41.3416775f;
    q = q * t + 6.28318527f;
    return q * r;
}

/* sin(2 pi x): x in cycles, |x| < 2^22. Absolute error 2e-7, besides that of x itself. */
static inline chr_vec chr_vsin(chr_vec x) {
    chr_vec r = x - chr_floor(x + 0.5f); /* -0.5..0.5, exact */
    chr_vec far = chr_from_bits(chr_bits(chr_set(0.5f)) | (chr_bits(r) & INT32_MIN)) - r;
    return chr_vsin_quarter(chr_select(chr_abs(r) > 0.25f, far, r));
}
static inline chr_vec chr_vcos(chr_vec x) {
    chr_vec r = chr_abs(x - chr_floor(x + 0.5f));
    return chr_vsin_quarter(0.25f - r);
}

/* The sine of an integer phase, 2^32 to the turn, given a quarter of a turn ahead: -0.25..0.25
 * becomes 0..2^31-1, and 0.25..0.75, the same backwards, the negative numbers of the same size.
 * Absolute error 2e-7. */
static inline chr_vec chr_vsin_fold(chr_uvec phase) { /* for chr_vsin_quarter */
    chr_ivec folded = (chr_ivec)(chr_size((chr_ivec)phase) - 0x40000000u);
    return chr_float(folded) * 0x1p-32f;
}
static inline chr_vec chr_vsin_ahead(chr_uvec phase) {
    return chr_vsin_quarter(chr_vsin_fold(phase));
}
static inline chr_vec chr_vsin_phase(chr_uvec phase) {
    return chr_vsin_ahead(phase + 0x40000000u);
}

/* Degrees, up to some million turns, as an integer phase; beyond that and of NaN it is half a turn.
 */
static inline chr_uvec chr_phase_of_degrees(chr_vec degrees) {
    const float to_whole = 0x1.8p55f; /* beside this, what lies between two turns is rounded off */
    chr_vec x = degrees * (0x1p32f / 360.0f), turns = (x + to_whole) - to_whole;
    return (chr_uvec)chr_trunc_any(x - turns); /* 2^31 and -2^31 are the same phase */
}

/* tan(pi x) for 0 <= x < 0.5, as filters ask for (x = frequency / rate). Clamped to 0..0.4999.
 * Relative error 4e-7. */
static inline chr_vec
chr_vsin_half(chr_vec x) { /* sin(pi x) for 0 <= x <= 0.5, relative error 5e-9 + rounding */
    chr_vec t = x * x, q = chr_set(0.0775603868f);
    q = q * t - 0.598242126f;
    q = q * t + 2.55006973f;
    q = q * t - 5.16770968f;
    q = q * t + 3.14159264f;
    return q * x;
}
static inline chr_vec chr_vtan_half(chr_vec x) {
    x = chr_clamp(x, chr_set(0.0f), chr_set(0.4999f));
    return chr_vsin_half(x) / chr_vsin_half(0.5f - x);
}

/* tanh(x). Relative error 4e-7, for small x too; exactly odd; never above 1. */
static inline chr_vec chr_vtanh(chr_vec x) {
    /* With u = e^(2|x|) - 1, tanh|x| = u / (u + 2); u is formed without cancellation. Past 9 it is
     * 1 in float. */
    chr_vec y = chr_min(chr_abs(x), chr_set(9.1f)) * 2.88539008f;
    chr_vec n = chr_floor(y + 0.5f), power = chr_vpow2i(chr_trunc(n));
    chr_vec u = chr_vexp2m1_small(y - n) * power + (power - 1.0f);
    return chr_from_bits(chr_bits(u / (u + 2.0f)) | (chr_bits(x) & INT32_MIN));
}

#endif
