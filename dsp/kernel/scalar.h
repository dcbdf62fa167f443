/* dsp/kernel/scalar.h: exponentials, logarithms and circular functions in double precision, made of
 * + - * / and bit operations alone. libm gives other last bits on another machine; these give the
 * same ones everywhere, so whatever reaches a sample (tables, coefficients, units, tempo) is
 * computed with them.
 *
 * Errors below are measured against long double in tests/unit/scalar.c, where they are also held.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_KERNEL_SCALAR_H
#define CHR_KERNEL_SCALAR_H

#include <stdint.h>
#include <string.h>

#define CHR_PI 3.14159265358979323846
#define CHR_LN2 0.69314718055994530942
#define CHR_LOG2_E 1.44269504088896340736
#define CHR_LOG2_10 3.32192809488736234787

/* 2^n for -1022 <= n <= 1023, exactly. */
static inline double chr_pow2i(int n) {
    uint64_t bits = (uint64_t)(n + 1023) << 52;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Largest whole number not above x. Numbers of 2^52 and more are whole already. */
static inline double chr_floor_d(double x) {
    if (!(x > -4503599627370496.0 && x < 4503599627370496.0))
        return x;
    double t = (double)(int64_t)x;
    return t > x ? t - 1.0 : t;
}

/* e^x - 1 for |x| <= ln 2 / 2: the series, cut where its terms fall below 2^-60. */
static inline double chr_small_expm1(double x) {
    double p = 1.0 / 87178291200.0; /* 1 / 14! */
    p = p * x + 1.0 / 6227020800.0;
    p = p * x + 1.0 / 479001600.0;
    p = p * x + 1.0 / 39916800.0;
    p = p * x + 1.0 / 3628800.0;
    p = p * x + 1.0 / 362880.0;
    p = p * x + 1.0 / 40320.0;
    p = p * x + 1.0 / 5040.0;
    p = p * x + 1.0 / 720.0;
    p = p * x + 1.0 / 120.0;
    p = p * x + 1.0 / 24.0;
    p = p * x + 1.0 / 6.0;
    p = p * x + 0.5;
    return p * x * x + x;
}

/* 2^x. Relative error 5e-16; exact at whole x. Above 1024 infinite, below -1080 zero; NaN stays
 * NaN. */
static inline double chr_exp2(double x) {
    if (x != x)
        return x;
    if (x >= 1024.0)
        return 2.0 * chr_pow2i(1023) * 2.0;
    if (x < -1080.0)
        return 0.0;
    int n = (int)chr_floor_d(x + 0.5);
    double y = 1.0 + chr_small_expm1((x - n) * CHR_LN2);
    int half = n / 2; /* in two steps, since 2^n alone may not be a normal number */
    return y * chr_pow2i(half) * chr_pow2i(n - half);
}

/* log2(x). Error 4e-16 relative or 3e-16 absolute, whichever is more; exact at powers of two.
 * -infinity at 0, NaN below. */
static inline double chr_log2(double x) {
    if (!(x > 0.0))
        return x == 0.0 ? -chr_pow2i(1023) * 4.0 : (x - x) / (x - x);
    int n = 0;
    if (x < chr_pow2i(-1022)) { /* subnormal */
        x *= chr_pow2i(54);
        n = -54;
    }
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int e = (int)(bits >> 52);
    if (e == 0x7ff)
        return x;
    n += e - 1023;
    bits = (bits & 0xfffffffffffffu) | (uint64_t)1023 << 52;
    memcpy(&x, &bits, sizeof x);
    if (x > 1.41421356237309504880) { /* so that the series below is about 0 */
        x *= 0.5;
        n++;
    }
    /* ln x = 2 artanh((x - 1) / (x + 1)), |s| <= 0.1716 */
    double s = (x - 1.0) / (x + 1.0), t = s * s, p = 1.0 / 23.0;
    for (int k = 21; k >= 3; k -= 2)
        p = p * t + 1.0 / k;
    return n + (p * t * s + s) * (2.0 * CHR_LOG2_E);
}

/* e^x. Relative error 3e-16 * (1 + |x|). */
static inline double chr_exp(double x) {
    return chr_exp2(x * CHR_LOG2_E);
}

/* ln(x). Errors as of chr_log2. */
static inline double chr_log(double x) {
    return chr_log2(x) * CHR_LN2;
}

/* x^y for x >= 0. Relative error 3e-16 * (2 + |y log2 x|). x^0 is 1; 0^y is 0 for y > 0. */
static inline double chr_pow(double x, double y) {
    if (y == 0.0 || x == 1.0)
        return 1.0;
    return chr_exp2(y * chr_log2(x));
}

/* sin(2 pi x) and cos(2 pi x): x in turns, any size. Error 3e-16 absolute. Exact at the quarters.
 */
static inline double chr_sin_turns(double x) {
    x -= chr_floor_d(x + 0.5); /* -0.5..0.5, exact */
    double sign = 1.0;
    if (x < 0.0) {
        x = -x;
        sign = -1.0;
    }
    if (x > 0.25)
        x = 0.5 - x;
    if (x > 0.125) { /* cosine series about the top */
        double a = (0.25 - x) * (2.0 * CHR_PI), t = a * a, p = -1.0 / 6402373705728000.0;
        p = p * t + 1.0 / 20922789888000.0;
        p = p * t - 1.0 / 87178291200.0;
        p = p * t + 1.0 / 479001600.0;
        p = p * t - 1.0 / 3628800.0;
        p = p * t + 1.0 / 40320.0;
        p = p * t - 1.0 / 720.0;
        p = p * t + 1.0 / 24.0;
        p = p * t - 0.5;
        return sign * (p * t + 1.0);
    }
    double a = x * (2.0 * CHR_PI), t = a * a, p = 1.0 / 355687428096000.0;
    p = p * t - 1.0 / 1307674368000.0;
    p = p * t + 1.0 / 6227020800.0;
    p = p * t - 1.0 / 39916800.0;
    p = p * t + 1.0 / 362880.0;
    p = p * t - 1.0 / 5040.0;
    p = p * t + 1.0 / 120.0;
    p = p * t - 1.0 / 6.0;
    return sign * (p * t * a + a);
}
static inline double chr_cos_turns(double x) {
    x -= chr_floor_d(x + 0.5);
    return chr_sin_turns(x < 0.0 ? 0.25 + x : 0.25 - x);
}

/* sin, cos and tan of an angle in radians. Error 3e-16 * (1 + |x|) absolute (of tan: relative, away
 * from its poles). */
static inline double chr_sin(double x) {
    return chr_sin_turns(x * (0.5 / CHR_PI));
}
static inline double chr_cos(double x) {
    return chr_cos_turns(x * (0.5 / CHR_PI));
}
static inline double chr_tan(double x) {
    return chr_sin(x) / chr_cos(x);
}

#endif
