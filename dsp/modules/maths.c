/* dsp/modules/maths.c: functions of signals: abs min max sqrt floor tanh if.
 *
 * The operand that a chain feeds is the one that is left out: `> tanh`, `> abs`, and `> min 0.5`,
 * where the given number is the first operand and the entering signal the second (the order does
 * not matter to min and max).
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/arg.h"
#include "dsp/kernel/elementwise.h"
#include "dsp/kernel/math.h"

enum { A, B };             /* params */
enum { COND, THEN, ELSE }; /* params of `if` */

static inline chr_vec absolute(chr_vec x) {
    return chr_abs(x);
}
static inline chr_vec root(chr_vec x) {
    return chr_sqrt(chr_max(x, chr_set(0.0f)));
}
static inline chr_vec whole(chr_vec x) {
    return chr_floor(x);
}
static inline chr_vec saturate(chr_vec x) {
    return chr_vtanh(x);
}
static inline chr_vec smaller(chr_vec a, chr_vec b) {
    return chr_min(a, b);
}
static inline chr_vec greater(chr_vec a, chr_vec b) {
    return chr_max(a, b);
}

#define ONE_OPERAND(function)                                                                      \
    static chr_process_fn function##_process;                                                      \
    static void function##_process(void *state, const chr_block *block) {                          \
        (void)state;                                                                               \
        const chr_arg a = block->params[A];                                                        \
        chr_vec *out = chr_rows(block, 0);                                                         \
        for (int i = block->from, end = block->to; i < end; i++)                                   \
            out[i] = function(chr_read(a, i));                                                     \
    }
ONE_OPERAND(absolute)
ONE_OPERAND(root)
ONE_OPERAND(whole)
ONE_OPERAND(saturate)

#define TWO_OPERANDS(function)                                                                     \
    static chr_process_fn function##_process;                                                      \
    static void function##_process(void *state, const chr_block *block) {                          \
        (void)state;                                                                               \
        const chr_arg a = block->params[A], b = block->params[B];                                  \
        chr_vec *out = chr_rows(block, 0);                                                         \
        for (int i = block->from, end = block->to; i < end; i++)                                   \
            out[i] = function(chr_read(a, i), chr_read(b, i));                                     \
    }
TWO_OPERANDS(smaller)
TWO_OPERANDS(greater)

static chr_process_fn if_process;
static void if_process(void *state, const chr_block *b) {
    (void)state;
    const chr_arg cond = b->params[COND], then = b->params[THEN], other = b->params[ELSE];
    chr_vec *out = chr_rows(b, 0);
    for (int i = b->from, to = b->to; i < to; i++)
        out[i] = chr_select(chr_read(cond, i) > 0.0f, chr_read(then, i), chr_read(other, i));
}

static chr_most_fn absolute_most, root_most, whole_most, saturate_most, greater_most, if_most;
static float absolute_most(const float *most) {
    return most[A];
}
static float root_most(const float *most) {
    return most[A] + 1.0f;
}
static float whole_most(const float *most) {
    return most[A] + 1.0f;
}
static float saturate_most(const float *most) {
    (void)most;
    return 1.0f;
}
static float greater_most(const float *most) {
    return most[A] > most[B] ? most[A] : most[B];
}
static float if_most(const float *most) {
    return most[THEN] > most[ELSE] ? most[THEN] : most[ELSE];
}
#define smaller_most greater_most

static const chr_port outputs[] = {
    {.name = "out", .kind = CHR_AUDIO, .doc = "the result"}
};

#define OPERAND(word_, display_, doc_, dflt_, normal_)                                             \
    {                                                                                              \
        .word = word_, .display = display_, .unit = CHR_UNIT_NONE, .min = -1e9f, .max = 1e9f,      \
        .dflt = dflt_, .curve = CHR_LIN, .context = CHR_MOVEMENT, .doc = doc_, .normal = normal_   \
    }
static const chr_param_info one[] = {OPERAND("x", "X", "The signal", 0.0f, CHR_NORMAL_IN)};
static const chr_param_info two[] = {
    OPERAND("a", "A", "One signal or number", 0.0f, CHR_NORMAL_NONE),
    OPERAND("b", "B", "The other; the signal that enters, if it is not given", 0.0f, CHR_NORMAL_IN),
};
static const chr_param_info three[] = {
    OPERAND("cond", "Condition", "True above zero", 0.0f, CHR_NORMAL_IN),
    OPERAND("then", "Then", "What comes out while the condition is true", 1.0f, CHR_NORMAL_NONE),
    OPERAND("else", "Else", "What comes out otherwise", 0.0f, CHR_NORMAL_NONE),
};

#define DESCRIBE(name_, doc_, source_, function, list, count, example_)                            \
    CHR_ELEMENTWISE_FUNCTION(name_, function##_process)                                            \
    const chr_module CHR_MODULE(name_) = {.name = #name_,                                          \
                                          .doc = doc_,                                             \
                                          .group = "Modulation and maths",                         \
                                          .source = source_,                                       \
                                          .example = example_,                                     \
                                          CHR_LIST(outputs),                                       \
                                          .params = list,                                          \
                                          .n_params = count,                                       \
                                          .shape = CHR_MONO,                                       \
                                          CHR_ELEMENTWISE(function##_process),                     \
                                          .most = function##_most};

DESCRIBE(abs, "Turns what is below zero up: a full-wave rectifier.", "absolute value", absolute,
         one, 1, "patch sine 110 > abs > hpf 20 > out")
DESCRIBE(min, "The smaller of two signals: holds a signal below a limit.", "comparison", smaller,
         two, 2, "patch sine 110 > min 0.3 > hpf 20 > gain 0.7 > out")
DESCRIBE(max, "The greater of two signals: holds a signal above a limit.", "comparison", greater,
         two, 2, "patch sine 110 > max -0.3 > hpf 20 > gain 0.7 > out")
DESCRIBE(sqrt, "The square root; 0 below zero.", "correctly rounded square root", root, one, 1,
         "patch sine 110 > sqrt > hpf 20 > gain 0.7 > out")
DESCRIBE(floor, "The whole number below: turns a ramp into steps.", "rounding down", whole, one, 1,
         "patch sine 110 * 4 > floor > hpf 20 > gain 0.1 > out")
DESCRIBE(tanh, "Soft saturation: loud peaks are rounded, nothing goes past 1.",
         "hyperbolic tangent", saturate, one, 1, "patch sine 110 * 3 > tanh > gain 0.5 > out")
DESCRIBE(if, "Chooses between two signals: `if(cond, then, else)`.", "a changeover switch", if,
         three, 3, "patch if(lfo(2), saw(110), saw(165)) > lpf 900 > gain 0.4 > out")
