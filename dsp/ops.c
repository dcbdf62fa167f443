/* dsp/ops.c: sums, gathers and the watch for values that are not finite. Compiled once for each
 * build, beside the modules. SPDX-License-Identifier: MIT */
#include "dsp/ops.h"

#include <string.h>

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

/* Terms of sixteen lanes, one after the other: the slots of a sample stay in registers while all
 * are added. */
static void add_full(float (*slots)[CHR_SUM_SLOTS], const chr_term *terms, uint32_t n,
                     const chr_arg *args, const float *constants, int side, int from, int to) {
    for (int i = from; i < to; i++) {
        wide sum[PARTS];
        for (int p = 0; p < PARTS; p++)
            sum[p] = *(const wide *)(slots[i] + p * WIDTH);
        for (uint32_t k = 0; k < n; k++) {
            const float *row = args[k].v + (uint32_t)i * 16u;
            const float *weights = constants + (side ? terms[k].right : terms[k].left);
            for (int p = 0; p < PARTS; p++)
                sum[p] += *(const wide *)(row + p * WIDTH) * *(const wide *)(weights + p * WIDTH);
        }
        for (int p = 0; p < PARTS; p++)
            *(wide *)(slots[i] + p * WIDTH) = sum[p];
    }
}

static void add_part(float (*slots)[CHR_SUM_SLOTS], const chr_term *t, chr_arg arg,
                     const float *weights, int from, int to) {
    uint32_t first = t->first % CHR_SUM_SLOTS;
    const float *row = t->lanes ? arg.v + t->lane : arg.v;
    uint32_t stride = t->lanes ? t->lanes : arg.step;
    for (uint32_t k = 0; k < t->n; k++) {
        float weight = weights[k];
        for (int i = from; i < to; i++)
            slots[i][first + k] += row[(uint32_t)i * stride + k] * weight;
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

static void sum(float *out, const chr_term *terms, uint32_t n, const chr_arg *args,
                const float *constants, int side, int from, int to) {
    if (!n || terms[n - 1].first + terms[n - 1].n <= 4) {
        sum_few(out, terms, n, args, constants, side, from, to);
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
    for (int i = from; i < to; i++) {
        float *s = slots[i];
        for (int k = 0; k < 8; k++)
            s[k] += s[k + 8];
        for (int k = 0; k < 4; k++)
            s[k] += s[k + 4];
        for (int k = 0; k < 2; k++)
            s[k] += s[k + 2];
        out[i] = s[0] + s[1];
    }
}

static void gather(float *out, const chr_arg *args, uint32_t lanes, int from, int to) {
    for (uint32_t l = 0; l < lanes; l++) {
        const float *v = args[l].v;
        uint32_t step = args[l].step;
        for (int i = from; i < to; i++)
            out[(uint32_t)i * lanes + l] = v[(uint32_t)i * step];
    }
}

static bool all_finite(const float *v, uint32_t n) {
    uint32_t bad = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, v + i, sizeof bits);
        bad |= (uint32_t)((bits & 0x7f800000u) == 0x7f800000u);
    }
    return !bad;
}

extern const chr_ops CHR_PASTE4(chr_ops, _of, CHR_ISA_NAME, CHR_LANES);
const chr_ops CHR_PASTE4(chr_ops, _of, CHR_ISA_NAME,
                         CHR_LANES) = {.sum = sum, .gather = gather, .finite = all_finite};
