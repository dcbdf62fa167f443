/* lang/check/rational.h: exact fractions for musical time. A fraction with denominator 0 is one
 * that could not be held: it stays so through all arithmetic. SPDX-License-Identifier: MIT */
#ifndef CHR_CHECK_RATIONAL_H
#define CHR_CHECK_RATIONAL_H

#include <stdbool.h>
#include <stdint.h>

enum {
    RATIONAL_MOST = 1000000000
}; /* greatest denominator; a billion ticks a beat is far below a sample */

__extension__ typedef __int128 wide; /* products before they are brought to lowest terms */

typedef struct rational {
    int64_t over, under; /* lowest terms, under > 0 */
} rational;

static inline int64_t common_divisor(int64_t a, int64_t b) {
    a = a < 0 ? -a : a;
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static inline rational rational_make(wide over, wide under) {
    if (under <= 0)
        return (rational){0, 0};
    wide a = over < 0 ? -over : over, b = under;
    while (b != 0) {
        wide rest = a % b;
        a = b;
        b = rest;
    }
    if (a > 1) {
        over /= a;
        under /= a;
    }
    if (under > RATIONAL_MOST || over > INT64_MAX / RATIONAL_MOST ||
        over < -(INT64_MAX / RATIONAL_MOST))
        return (rational){0, 0};
    return (rational){(int64_t)over, (int64_t)under};
}

static inline bool rational_ok(rational a) {
    return a.under > 0;
}
static inline rational rational_add(rational a, rational b) {
    return rational_make((wide)a.over * b.under + (wide)b.over * a.under, (wide)a.under * b.under);
}
static inline rational rational_sub(rational a, rational b) {
    return rational_add(a, (rational){-b.over, b.under});
}
static inline rational rational_mul(rational a, rational b) {
    return rational_make((wide)a.over * b.over, (wide)a.under * b.under);
}
/* b > 0 */
static inline rational rational_div(rational a, rational b) {
    return rational_make((wide)a.over * b.under, (wide)a.under * b.over);
}
static inline int rational_compare(rational a, rational b) {
    wide d = (wide)a.over * b.under - (wide)b.over * a.under;
    return d < 0 ? -1 : d > 0;
}

/* The simplest fraction within 1e-9 of x (0..1e6), by continued fractions. */
static inline rational rational_near(double x) {
    int64_t p0 = 0, q0 = 1, p1 = 1, q1 = 0;
    double rest = x;
    if (!(x >= 0 && x <= 1e6))
        return (rational){0, 0};
    for (int i = 0; i < 24; i++) {
        int64_t whole = (int64_t)rest, p2 = whole * p1 + p0, q2 = whole * q1 + q0;
        if (q2 > 1000000)
            break;
        p0 = p1, q0 = q1, p1 = p2, q1 = q2;
        double off = x - (double)p1 / (double)q1;
        if (off < 1e-9 && off > -1e-9)
            break;
        rest = 1.0 / (rest - (double)whole);
        if (!(rest < 1e12))
            break;
    }
    return rational_make(p1, q1);
}

#endif
