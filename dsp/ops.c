/* dsp/ops.c: sums, gathers, chains of arithmetic and the watch for values that are not finite.
 * Compiled once for each build, beside the modules. SPDX-License-Identifier: MIT */
#include "dsp/ops.h"

#include <stdbool.h>
#include <string.h>

#if defined __x86_64__
#include <immintrin.h>
#endif

/* As wide as a register of this instruction set: wider vectors cost gcc a way through memory. */
#if defined __AVX512F__
enum { WIDTH = 16 };
#elif defined __AVX2__
enum { WIDTH = 8 };
#else
enum { WIDTH = 4 };
#endif
enum { PARTS = CHR_SUM_SLOTS / WIDTH };
typedef float wide __attribute__((vector_size(4 * WIDTH), aligned(4), may_alias));
typedef int32_t whole __attribute__((vector_size(4 * WIDTH), aligned(4), may_alias));
typedef float quarter __attribute__((vector_size(16), may_alias)); /* of the slots */
typedef float narrow __attribute__((vector_size(16), aligned(4), may_alias));

/* Samples that are summed side by side: one alone would wait for each addition before the next. */
enum { ABREAST = 4 };

/* Terms of sixteen lanes, one after the other, for `count` samples from `from` on: their slots stay
 * in registers while all are added. `first`: before them nothing was. */
static inline __attribute__((always_inline)) void
add_rows(float (*slots)[CHR_SUM_SLOTS], const chr_term *terms, uint32_t n, const chr_arg *args,
         const float *constants, int side, int from, int count, bool first) {
    wide sum[ABREAST][PARTS];
    for (int i = 0; i < count; i++)
        for (int p = 0; p < PARTS; p++)
            sum[i][p] = first ? (wide){0} : *(const wide *)(slots[i] + p * WIDTH);
    for (uint32_t k = 0; k < n; k++) {
        const float *row = args[k].v + (uint32_t)from * 16u;
        const float *weights = constants + (side ? terms[k].right : terms[k].left);
        for (int p = 0; p < PARTS; p++) {
            wide weight = *(const wide *)(weights + p * WIDTH);
            for (int i = 0; i < count; i++)
                sum[i][p] += *(const wide *)(row + i * 16 + p * WIDTH) * weight;
        }
    }
    for (int i = 0; i < count; i++)
        for (int p = 0; p < PARTS; p++)
            *(wide *)(slots[i] + p * WIDTH) = sum[i][p];
}

static void add_full(float (*slots)[CHR_SUM_SLOTS], const chr_term *terms, uint32_t n,
                     const chr_arg *args, const float *constants, int side, int from, int to) {
    for (; from + ABREAST <= to; from += ABREAST)
        add_rows(slots + from, terms, n, args, constants, side, from, ABREAST, false);
    for (; from < to; from++)
        add_rows(slots + from, terms, n, args, constants, side, from, 1, false);
}

/* Any other term: as many of its strands at once as stand together, then four, then one. */
static void add_part(float (*slots)[CHR_SUM_SLOTS], const chr_term *t, chr_arg arg,
                     const float *weights, int from, int to) {
    uint32_t first = t->first % CHR_SUM_SLOTS, k = 0;
    const float *row = t->lanes ? arg.v + t->lane : arg.v;
    uint32_t stride = t->lanes ? t->lanes : arg.step;
    for (; k + WIDTH <= t->n; k += WIDTH) {
        wide weight = *(const wide *)(weights + k);
        for (int i = from; i < to; i++)
            *(wide *)(slots[i] + first + k) +=
                *(const wide *)(row + (uint32_t)i * stride + k) * weight;
    }
    for (; k + 4 <= t->n; k += 4) {
        narrow weight = *(const narrow *)(weights + k);
        for (int i = from; i < to; i++)
            *(narrow *)(slots[i] + first + k) +=
                *(const narrow *)(row + (uint32_t)i * stride + k) * weight;
    }
    for (; k < t->n; k++) {
        float weight = weights[k];
        for (int i = from; i < to; i++)
            slots[i][first + k] += row[(uint32_t)i * stride + k] * weight;
    }
}

/* The tree: slots k and k + 8, then k and k + 4; what is left of a sample is four numbers. */
static inline quarter fold(const float *slots) {
    const quarter *s = (const quarter *)(const void *)slots;
    return (s[0] + s[2]) + (s[1] + s[3]);
}

/* Of four samples at once: numbers k and k + 2 of each, then the last two. */
static inline quarter fold_four(quarter a, quarter b, quarter c, quarter d) {
    quarter ab =
        __builtin_shufflevector(a, b, 0, 4, 1, 5) + __builtin_shufflevector(a, b, 2, 6, 3, 7);
    quarter cd =
        __builtin_shufflevector(c, d, 0, 4, 1, 5) + __builtin_shufflevector(c, d, 2, 6, 3, 7);
    return __builtin_shufflevector(ab, cd, 0, 1, 4, 5) +
           __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

static void add_slots(float *out, float (*slots)[CHR_SUM_SLOTS], int from, int to) {
    int i = from;
    for (; i + 4 <= to; i += 4) {
        quarter sum =
            fold_four(fold(slots[i]), fold(slots[i + 1]), fold(slots[i + 2]), fold(slots[i + 3]));
        memcpy(out + i, &sum, sizeof sum);
    }
    for (; i < to; i++) {
        quarter x = fold(slots[i]);
        out[i] = (x[0] + x[2]) + (x[1] + x[3]);
    }
}

/* Nothing but such terms: no slot leaves the registers before the tree. */
static void sum_full(float *out, const chr_term *terms, uint32_t n, const chr_arg *args,
                     const float *constants, int side, int from, int to) {
    _Alignas(64) float slots[ABREAST][CHR_SUM_SLOTS];
    int i = from;
    for (; i + ABREAST <= to; i += ABREAST) {
        add_rows(slots, terms, n, args, constants, side, i, ABREAST, true);
        quarter sum = fold_four(fold(slots[0]), fold(slots[1]), fold(slots[2]), fold(slots[3]));
        memcpy(out + i, &sum, sizeof sum);
    }
    for (; i < to; i++) {
        add_rows(slots, terms, n, args, constants, side, i, 1, true);
        add_slots(out + i, slots, 0, 1);
    }
}

/* A single strand: the empty slots change nothing but the sign of a zero. */
static void sum_one(float *out, const chr_term *t, chr_arg arg, float weight, int from, int to) {
    const float *row = arg.v + t->lane;
    uint32_t stride = t->lanes ? t->lanes : arg.step;
    if (stride == 1)
        for (int i = from; i < to; i++)
            out[i] = row[i] * weight + 0.0f;
    else
        for (int i = from; i < to; i++)
            out[i] = row[(uint32_t)i * stride] * weight + 0.0f;
}

/* Four strands that stand together in rows of `lanes`. */
static void sum_four(float *out, const float *rows, uint32_t lanes, const float *weights, int from,
                     int to) {
    const narrow weight = *(const narrow *)weights;
    int i = from;
    for (; i + 4 <= to; i += 4) {
        quarter x[4];
        for (int k = 0; k < 4; k++) /* a slot begins at 0: no sum is a negative zero */
            x[k] = *(const narrow *)(rows + (uint32_t)(i + k) * lanes) * weight + 0.0f;
        quarter sum = fold_four(x[0], x[1], x[2], x[3]);
        memcpy(out + i, &sum, sizeof sum);
    }
    for (; i < to; i++) {
        quarter x = *(const narrow *)(rows + (uint32_t)i * lanes) * weight + 0.0f;
        out[i] = (x[0] + x[2]) + (x[1] + x[3]);
    }
}

/* Up to four strands: the same additions without those of empty slots, which change nothing. */
static void sum_few(float *out, const chr_term *terms, uint32_t n, const chr_arg *args,
                    const float *constants, int side, int from, int to) {
    float slots[4][CHR_CHUNK];
    memset(slots, 0, sizeof slots);
    for (uint32_t k = 0; k < n; k++) {
        const float *weights = constants + (side ? terms[k].right : terms[k].left);
        const float *row = args[k].v + terms[k].lane;
        uint32_t stride = terms[k].lanes ? terms[k].lanes : args[k].step;
        for (uint32_t l = 0; l < terms[k].n; l++) {
            float *slot = slots[terms[k].first + l], weight = weights[l];
            if (stride == 1)
                for (int i = from; i < to; i++)
                    slot[i] += row[i] * weight;
            else
                for (int i = from; i < to; i++)
                    slot[i] += row[(uint32_t)i * stride + l] * weight;
        }
    }
    for (int i = from; i < to; i++)
        out[i] = (slots[0][i] + slots[2][i]) + (slots[1][i] + slots[3][i]);
}

static bool are_single(const chr_term *terms, uint32_t n) {
    for (uint32_t k = 0; k < n; k++)
        if (terms[k].lanes > 1)
            return false;
    return true;
}

/* Strands that have their buffers to themselves: the same additions, samples side by side. */
static void sum_single(float *out, const chr_term *terms, uint32_t n, const chr_arg *args,
                       const float *constants, int side, int from, int to) {
    float slots[CHR_SUM_SLOTS][CHR_CHUNK];
    memset(slots, 0, sizeof slots);
    for (uint32_t k = 0; k < n; k++) {
        float *slot = slots[terms[k].first % CHR_SUM_SLOTS];
        float weight = constants[side ? terms[k].right : terms[k].left];
        const float *row = args[k].v;
        if (terms[k].lanes || args[k].step)
            for (int i = from; i < to; i++)
                slot[i] += row[i] * weight;
        else
            for (int i = from; i < to; i++)
                slot[i] += row[0] * weight;
    }
    for (int half = CHR_SUM_SLOTS / 2; half > 1; half /= 2)
        for (int k = 0; k < half; k++)
            for (int i = from; i < to; i++)
                slots[k][i] += slots[k + half][i];
    for (int i = from; i < to; i++)
        out[i] = slots[0][i] + slots[1][i];
}

static chr_sum_fn sum;
static void sum(float *out, const chr_term *terms, uint32_t n, const chr_arg *args,
                const float *constants, int side, int from, int to) {
    if (n == 1 && terms->n == 4 && terms->first == 0 && terms->lanes) {
        sum_four(out, args->v + terms->lane, terms->lanes,
                 constants + (side ? terms->right : terms->left), from, to);
        return;
    }
    if (n == 1 && terms->n == 1 && terms->first < 4) {
        sum_one(out, terms, args[0], constants[side ? terms->right : terms->left], from, to);
        return;
    }
    uint32_t full = 0;
    while (full < n && terms[full].n == 16 && terms[full].lanes == 16)
        full++;
    if (full && full == n) {
        sum_full(out, terms, n, args, constants, side, from, to);
        return;
    }
    if (!n || terms[n - 1].first + terms[n - 1].n <= 4) {
        sum_few(out, terms, n, args, constants, side, from, to);
        return;
    }
    if (are_single(terms, n)) {
        sum_single(out, terms, n, args, constants, side, from, to);
        return;
    }
    _Alignas(64) float slots[CHR_CHUNK][CHR_SUM_SLOTS];
    memset(slots[from], 0, sizeof slots[0] * (size_t)(to - from));
    for (uint32_t k = 0; k < n;) {
        uint32_t run = 0;
        while (k + run < n && terms[k + run].n == 16 && terms[k + run].lanes == 16)
            run++;
        if (run) {
            add_full(slots, terms + k, run, args + k, constants, side, from, to);
            k += run;
            continue;
        }
        add_part(slots, &terms[k], args[k], constants + (side ? terms[k].right : terms[k].left),
                 from, to);
        k++;
    }
    add_slots(out, slots, from, to);
}

static chr_gather_fn gather;
static void gather(float *out, const chr_arg *args, uint32_t lanes, int from, int to) {
    bool one = lanes % 4 == 0;
    for (uint32_t l = 1; l < lanes && one; l++)
        one = args[l].v == args[0].v && args[l].step == args[0].step;
    for (int i = from; i < to && one; i++) { /* what all lanes share */
        narrow x = args[0].v[(uint32_t)i * args[0].step] - (narrow){0};
        for (uint32_t l = 0; l < lanes; l += 4)
            *(narrow *)(out + (uint32_t)i * lanes + l) = x;
    }
    for (uint32_t l = 0; l < lanes && !one; l++) {
        const float *v = args[l].v;
        uint32_t step = args[l].step;
        for (int i = from; i < to; i++)
            out[(uint32_t)i * lanes + l] = v[(uint32_t)i * step];
    }
}

/* True if any element is more than a sign. */
static inline bool is_any(whole x) {
#if defined __AVX512F__
    return _mm512_test_epi32_mask((__m512i)x, _mm512_set1_epi32(INT32_MAX)) != 0;
#elif defined __AVX2__
    return !_mm256_testz_si256((__m256i)x, _mm256_set1_epi32(INT32_MAX));
#elif defined __SSE2__
    __m128i bits = _mm_and_si128((__m128i)x, _mm_set1_epi32(INT32_MAX));
    return _mm_movemask_epi8(_mm_cmpgt_epi32(bits, _mm_setzero_si128())) != 0;
#else
    int32_t bits = 0;
    for (int k = 0; k < WIDTH; k++)
        bits |= x[k];
    return (bits & INT32_MAX) != 0;
#endif
}

/* Zero times a number is zero; times infinity or what is no number it is no number. */
static chr_finite_fn all_finite;
static bool all_finite(const float *v, uint32_t n) {
    enum { AT_ONCE = 8 };
    const wide zero = {0};
    whole all = {0};
    uint32_t i = 0;
    if (n >= AT_ONCE * WIDTH) {
        whole found[AT_ONCE];
        memset(found, 0, sizeof found);
        for (; i + AT_ONCE * WIDTH <= n; i += AT_ONCE * WIDTH)
            for (uint32_t k = 0; k < AT_ONCE; k++)
                found[k] |= (whole)(*(const wide *)(v + i + k * WIDTH) * zero);
        for (int k = 0; k < AT_ONCE; k++)
            all |= found[k];
    }
    for (; i + WIDTH <= n; i += WIDTH)
        all |= (whole)(*(const wide *)(v + i) * zero);
    if (is_any(all))
        return false;
    for (; i < n; i++) {
        float x = v[i] * 0.0f;
        uint32_t bits;
        memcpy(&bits, &x, sizeof bits);
        if (bits << 1)
            return false;
    }
    return true;
}

/* ---- chains ---- */

/* Numbers that are worked out side by side; no more than the smallest buffer holds. */
enum { SIDES = WIDTH < 16 ? 8 : 4, TILE = SIDES * WIDTH, PATTERN = 16 };

/* An operand: samples one after the other, or a pattern of sixteen numbers again and again. */
enum { MOVES = 4 };
typedef struct operand {
    const float *at;
    uint32_t step; /* chr_step, and MOVES where it is samples */
} operand;

/* Number i and on of it. */
static inline const float *operand_at(const operand *x, uint32_t i) {
    return x->at + (x->step & MOVES ? i : i % PATTERN);
}

static inline float step_one(uint32_t step, float a, float b) {
    switch ((chr_step)step) {
    case CHR_STEP_PLUS:
        return a + b;
    case CHR_STEP_MINUS:
        return a - b;
    case CHR_STEP_FROM:
        return b - a;
    case CHR_STEP_TIMES:
        break;
    }
    return a * b;
}

/* One step of a tile, whose numbers are in registers. */
#define ALL(row, period, work)                                                                     \
    for (uint32_t k = 0; k < SIDES; k++) {                                                         \
        const wide y = *(const wide *)(row + k * WIDTH % period);                                  \
        a[k] = work;                                                                               \
    }                                                                                              \
    break
static inline __attribute__((always_inline)) void step_tile(wide a[SIDES], const operand *x,
                                                            uint32_t i) {
    switch (x->step) {
    case CHR_STEP_TIMES:
        ALL(x->at, PATTERN, a[k] * y);
    case CHR_STEP_PLUS:
        ALL(x->at, PATTERN, a[k] + y);
    case CHR_STEP_MINUS:
        ALL(x->at, PATTERN, a[k] - y);
    case CHR_STEP_FROM:
        ALL(x->at, PATTERN, y - a[k]);
    case MOVES | CHR_STEP_TIMES:
        ALL(x->at + i, TILE, a[k] * y);
    case MOVES | CHR_STEP_PLUS:
        ALL(x->at + i, TILE, a[k] + y);
    case MOVES | CHR_STEP_MINUS:
        ALL(x->at + i, TILE, a[k] - y);
    case MOVES | CHR_STEP_FROM:
        ALL(x->at + i, TILE, y - a[k]);
    default:
        __builtin_unreachable();
    }
}

static chr_chain_fn chain;
static void chain(float *out, const chr_arg *args, uint32_t n, uint32_t steps, uint32_t lanes,
                  int from, int to) {
    _Alignas(64) float patterns[CHR_CHAIN_MOST][PATTERN];
    operand x[CHR_CHAIN_MOST];
    for (uint32_t k = 0; k < n; k++) {
        x[k] = (operand){args[k].v, k ? steps >> 2 * (k - 1) & 3u : 0};
        if (args[k].step) {
            x[k].at += (uint32_t)from * lanes;
            x[k].step |= MOVES;
        } else if (lanes < PATTERN) {
            for (uint32_t l = 0; l < PATTERN; l += 4) {
                quarter numbers = args[k].v[0] - (quarter){0};
                if (lanes > 1)
                    memcpy(&numbers, args[k].v + (l & (lanes - 1)), sizeof numbers);
                memcpy(patterns[k] + l, &numbers, sizeof numbers);
            }
            x[k].at = patterns[k];
        }
    }
    out += (uint32_t)from * lanes;
    uint32_t i = 0, end = (uint32_t)(to - from) * lanes;
    for (; i + TILE <= end; i += TILE) {
        wide a[SIDES];
        if (x[0].step & MOVES)
            for (uint32_t k = 0; k < SIDES; k++)
                a[k] = *(const wide *)(x[0].at + i + k * WIDTH);
        else
            for (uint32_t k = 0; k < SIDES; k++)
                a[k] = *(const wide *)(x[0].at + k * WIDTH % PATTERN);
        for (uint32_t k = 1; k < n; k++)
            step_tile(a, &x[k], i);
        for (uint32_t k = 0; k < SIDES; k++)
            *(wide *)(out + i + k * WIDTH) = a[k];
    }
    for (; i < end; i++) {
        float a = *operand_at(&x[0], i);
        for (uint32_t k = 1; k < n; k++)
            a = step_one(x[k].step & ~(uint32_t)MOVES, a, *operand_at(&x[k], i));
        out[i] = a;
    }
}

extern const chr_ops CHR_PASTE4(chr_ops, _of, CHR_ISA_NAME, CHR_LANES);
const chr_ops CHR_PASTE4(chr_ops, _of, CHR_ISA_NAME, CHR_LANES) = {
    .sum = sum, .gather = gather, .finite = all_finite, .chain = chain};
