/* dsp/kernel/elementwise.h: modules whose every sample depends on that sample of their arguments
 * alone. For one lane, CHR_WIDE samples one after the other are worked out as if they were one
 * sample of so many lanes, by the kernel of that many lanes.
 *
 * `CHR_ELEMENTWISE_FUNCTION(name, function)` stands before the descriptor of module `name`, and in
 * it `CHR_ELEMENTWISE(function)`, which sets .process and .over_time. Such a module has no state
 * and reads nothing of its block but arguments.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_KERNEL_ELEMENTWISE_H
#define CHR_KERNEL_ELEMENTWISE_H

#include "dsp/kernel/over_time.h"

/* Where the work is one operation on vectors, `CHR_WHOLE_CHUNK(b, first, second, x * y)` does it in
 * place for two arguments x and y; what follows is for parts of a chunk and for lanes. The
 * descriptor says `CHR_IN_PLACE(function)`. */
#define CHR_IN_PLACE(function) .process = function, .over_time = true
#if CHR_LANES == 1
#define CHR_WHOLE_CHUNK(b, first, second, work)                                                    \
    if ((b)->to - (b)->from == CHR_CHUNK) {                                                        \
        chr_line spare_[2];                                                                        \
        const float *first_ = chr_over_of(first, 0, CHR_CHUNK, &spare_[0]);                        \
        const float *second_ = chr_over_of(second, 0, CHR_CHUNK, &spare_[1]);                      \
        for (int i_ = 0; i_ < CHR_CHUNK; i_ += CHR_WIDE) {                                         \
            chr_wide x = chr_wide_at(first_ + i_), y = chr_wide_at(second_ + i_);                  \
            chr_wide_put((b)->outputs[0] + i_, work);                                              \
        }                                                                                          \
        return;                                                                                    \
    }
#else
#define CHR_WHOLE_CHUNK(b, first, second, work)
#endif

#if CHR_LANES == 1

/* False where a row begins in the middle of CHR_WIDE samples of memory. */
static inline bool chr_begins_wide(const float *x) {
    return ((uintptr_t)x & (4 * CHR_WIDE - 1)) == 0;
}

/* Samples from..to-1, both multiples of CHR_WIDE. False, with nothing done, where memory does not
 * lie as it must. */
static inline bool chr_elementwise_wide(const chr_module *wide, const chr_block *b, int from,
                                        int to) {
    _Alignas(64) float spread[CHR_MAX_INPUTS + CHR_MAX_PARAMS][CHR_WIDE];
    chr_arg args[CHR_MAX_INPUTS + CHR_MAX_PARAMS];
    int n = wide->n_inputs + wide->n_params;
    for (int k = 0; k < n; k++) {
        args[k] = k < wide->n_inputs ? b->inputs[k] : b->params[k - wide->n_inputs];
        if (args[k].step == 0) {
            *(chr_wide *)(void *)spread[k] = chr_wset(args[k].v[0]);
            args[k].v = spread[k];
        } else if (!chr_begins_wide(args[k].v)) {
            return false;
        }
    }
    for (int k = 0; k < wide->n_outputs; k++)
        if (!chr_begins_wide(b->outputs[k]))
            return false;
    chr_block part = *b;
    part.from = from / CHR_WIDE;
    part.to = to / CHR_WIDE;
    part.inputs = args;
    part.params = args + wide->n_inputs;
    wide->process(NULL, &part);
    return true;
}

/* `one` is the kernel of one lane. */
static inline void chr_elementwise(const chr_module *wide, chr_process_fn *one,
                                   const chr_block *b) {
    int from = (b->from + CHR_WIDE - 1) / CHR_WIDE * CHR_WIDE, to = b->to / CHR_WIDE * CHR_WIDE;
    if (from >= to || !chr_elementwise_wide(wide, b, from, to)) {
        one(NULL, b);
        return;
    }
    chr_block part = *b;
    part.to = from;
    if (part.from < part.to)
        one(NULL, &part);
    part.from = to;
    part.to = b->to;
    if (part.from < part.to)
        one(NULL, &part);
}

#define CHR_ELEMENTWISE_FUNCTION(name, function)                                                   \
    extern const chr_module CHR_PASTE4(chr_module_, name, CHR_ISA_NAME, CHR_WIDE);                 \
    static chr_process_fn function##_over_time;                                                    \
    static void function##_over_time(void *state, const chr_block *b) {                            \
        (void)state;                                                                               \
        chr_elementwise(&CHR_PASTE4(chr_module_, name, CHR_ISA_NAME, CHR_WIDE), function, b);      \
    }
#define CHR_ELEMENTWISE(function) .process = function##_over_time, .over_time = true

#else
#define CHR_ELEMENTWISE_FUNCTION(name, function) /* the kernel itself */
#define CHR_ELEMENTWISE(function) .process = function, .over_time = true
#endif
#endif
