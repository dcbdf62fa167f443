/* dsp/ops.h: what the engine itself does with rows of samples, compiled for each instruction set
 * like the modules: sums, gathers, chains of arithmetic, and the watch for values that are not
 * finite. SPDX-License-Identifier: MIT */
#ifndef CHR_DSP_OPS_H
#define CHR_DSP_OPS_H

#include "dsp/module.h"

enum { CHR_SUM_SLOTS = 16 };

/* A run of summed strands that lie side by side in one buffer, or a single one. */
typedef struct chr_term {
    uint32_t lanes; /* row length of the buffer; 0: the argument is a constant */
    uint32_t lane;  /* first lane */
    uint32_t n;     /* strands, of lanes lane..lane+n-1 */
    uint32_t first; /* number of the first strand in the sum: it goes to slot first mod 16, the
                       others follow without a wrap */
    uint32_t left;  /* weights of the strands: offset in the constants, n floats */
    uint32_t right;
} chr_term;

/* out[from..to-1] = the weighted sum of the terms; side 0 takes the left weights, 1 the right.
 * Strand v is added to slot v mod 16 in the order of the strands, then the slots in one fixed tree:
 * the result does not depend on lanes, terms or the instruction set. args: one a term. */
typedef void chr_sum_fn(float *out, const chr_term *terms, uint32_t n, const chr_arg *args,
                        const float *constants, int side, int from, int to) CHR_NONBLOCKING;
/* Lane l of row i of out is args[l].v[i * step]. */
typedef void chr_gather_fn(float *out, const chr_arg *args, uint32_t lanes, int from,
                           int to) CHR_NONBLOCKING;
/* What a chain of arithmetic does next with what it has come to and another argument. */
typedef enum chr_step { CHR_STEP_TIMES, CHR_STEP_PLUS, CHR_STEP_MINUS, CHR_STEP_FROM } chr_step;
enum { CHR_CHAIN_MOST = 8 }; /* arguments of a chain */
/* out = args[0], then step k with args[k + 1], all rounded as each by itself would be; rows of
 * `lanes`. steps: a chr_step in two bits each, from the lowest on. out is none of the arguments. */
typedef void chr_chain_fn(float *out, const chr_arg *args, uint32_t n, uint32_t steps,
                          uint32_t lanes, int from, int to) CHR_NONBLOCKING;
/* False if one of n values is infinite or not a number. */
typedef bool chr_finite_fn(const float *v, uint32_t n) CHR_NONBLOCKING;

/* [audio] */
typedef struct chr_ops {
    chr_sum_fn *sum;
    chr_gather_fn *gather;
    chr_finite_fn *finite;
    chr_chain_fn *chain;
} chr_ops;

#endif
