/* dsp/modules/operators.c: the arithmetic of the language: + - * / % ^ ==, and the sign.
 *
 * Division by zero gives 0, and so does the rest of a division by zero: a divisor that passes
 * through zero is an accident of playing, and silence is the smallest harm. Other quotients are
 * held below 1e30.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/arg.h"
#include "dsp/kernel/elementwise.h"
#include "dsp/kernel/math.h"

enum { A, B }; /* params */

static const float LARGEST =
    1e30f; /* of a quotient or a power; leaves room to multiply by a gain */

static chr_of_two add, subtract, multiply, equal, divide, modulo, power;

static inline chr_vec add(chr_vec a, chr_vec b) {
    return a + b;
}
static inline chr_vec subtract(chr_vec a, chr_vec b) {
    return a - b;
}
static inline chr_vec multiply(chr_vec a, chr_vec b) {
    return a * b;
}

static inline chr_vec equal(chr_vec a, chr_vec b) {
    return chr_from_bits((a == b) & chr_bits(chr_set(1.0f)));
}

static inline chr_vec divide(chr_vec a, chr_vec b) {
    chr_vec q = chr_clamp(a / b, chr_set(-LARGEST), chr_set(LARGEST));
    return chr_from_bits((b != 0.0f) & chr_bits(q));
}

/* The rest of a floored division: it has the divisor's sign, so that a rising ramp stays one below
 * zero. */
static inline chr_vec modulo(chr_vec a, chr_vec b) {
    chr_vec q = a / b;
    chr_vec near = chr_clamp(q, chr_set(-8388608.0f), chr_set(8388608.0f));
    chr_vec rest = a - b * chr_floor(near);
    /* The rounded quotient may be one too great: then the rest lies on the wrong side of zero. */
    rest = chr_select(rest * b < 0.0f, rest + b, rest);
    /* False as well where the quotient has no fraction left, or b is 0. */
    return chr_from_bits((chr_abs(rest) < chr_abs(b)) & chr_bits(rest));
}

/* a^b. Whole exponents up to 15 are products, exact as one expects of x^2. A negative base with a
 * fraction as exponent gives -(|a|^b), as in SuperCollider, so that a waveform can be bent on both
 * sides. 0^b is 0, save 0^0 = 1. */
static inline chr_vec power(chr_vec a, chr_vec b) {
    chr_vec size = chr_abs(a), exponent = chr_clamp(b, chr_set(-65536.0f), chr_set(65536.0f));
    chr_vec whole = chr_floor(exponent);
    chr_ivec is_whole = whole == exponent;
    chr_ivec n = chr_trunc(chr_abs(whole));
    chr_vec product = chr_set(1.0f), square = size;
    for (int bit = 1; bit <= 8; bit <<= 1) {
        product = chr_select((n & bit) != 0, product * square, product);
        square *= square;
    }
    product = chr_select(exponent < 0.0f, 1.0f / product, product);
    chr_vec other = chr_vexp2(chr_clamp(exponent * chr_vlog2(chr_max(size, chr_set(1e-37f))),
                                        chr_set(-126.0f), chr_set(126.0f)));
    chr_vec result = chr_select(is_whole & (n < 16), product, other);
    result = chr_min(result, chr_set(LARGEST));
    chr_ivec minus = (a < 0.0f) & (~is_whole | ((n & 1) != 0));
    result = chr_select(minus, -result, result);
    return chr_select((size == 0.0f) & (exponent != 0.0f), chr_set(0.0f), result);
}

#define OPERATOR(function)                                                                         \
    static chr_process_fn function##_process;                                                      \
    static void function##_process(void *state, const chr_block *block) {                          \
        (void)state;                                                                               \
        chr_map_two(chr_rows(block, 0), block->params[A], block->params[B], block->from,           \
                    block->to, function);                                                          \
    }

/* What is one operation. */
#define PLAIN_OPERATOR(function, sign)                                                             \
    static chr_process_fn function##_process;                                                      \
    static void function##_process(void *state, const chr_block *block) {                          \
        (void)state;                                                                               \
        CHR_WHOLE_CHUNK(block, block->params[A], block->params[B], x sign y)                       \
        chr_map_two(chr_rows(block, 0), block->params[A], block->params[B], block->from,           \
                    block->to, function);                                                          \
    }
PLAIN_OPERATOR(add, +)
PLAIN_OPERATOR(subtract, -)
PLAIN_OPERATOR(multiply, *)
#define CHR_AS_ONE(function, sign) CHR_IN_PLACE(function), .operation = sign
OPERATOR(divide)
OPERATOR(modulo)
OPERATOR(power)
OPERATOR(equal)

static chr_process_fn negate_process;
static void negate_process(void *state, const chr_block *block) {
    (void)state;
    const chr_arg a = block->params[A];
    chr_vec *out = chr_rows(block, 0);
    for (int i = block->from, end = block->to; i < end; i++)
        out[i] = -chr_read(a, i);
}

static chr_most_fn add_most, multiply_most, negate_most, divide_most, modulo_most, power_most,
    equal_most;
static float add_most(const float *most) {
    return most[A] + most[B];
}
static float multiply_most(const float *most) {
    return most[A] * most[B];
}
static float negate_most(const float *most) {
    return most[A];
}
static float divide_most(const float *most) {
    (void)most;
    return LARGEST;
}
static float modulo_most(const float *most) {
    return most[B];
}
static float power_most(const float *most) {
    (void)most;
    return LARGEST;
}
static float equal_most(const float *most) {
    (void)most;
    return 1.0f;
}

static const chr_port outputs[] = {
    {.name = "out", .kind = CHR_AUDIO, .doc = "the result"}
};

#define OPERAND(word_, display_, doc_, dflt_)                                                      \
    {                                                                                              \
        .word = word_, .display = display_, .unit = CHR_UNIT_NONE, .min = -1e9f, .max = 1e9f,      \
        .dflt = dflt_, .curve = CHR_LIN, .context = CHR_MOVEMENT, .doc = doc_                      \
    }
static const chr_param_info params[] = {OPERAND("a", "A", "Left side", 0.0f),
                                        OPERAND("b", "B", "Right side", 0.0f)};
/* What multiplies, divides or raises leaves the other side as it is when nothing is given. */
static const chr_param_info unit_params[] = {OPERAND("a", "A", "Left side", 0.0f),
                                             OPERAND("b", "B", "Right side", 1.0f)};

CHR_ELEMENTWISE_FUNCTION(div, divide_process)
CHR_ELEMENTWISE_FUNCTION(mod, modulo_process)
CHR_ELEMENTWISE_FUNCTION(pow, power_process)
CHR_ELEMENTWISE_FUNCTION(neg, negate_process)
CHR_ELEMENTWISE_FUNCTION(eq, equal_process)

#define DESCRIBE(name_, doc_, run, most_, list, count, zero_with_, example_)                       \
    const chr_module CHR_MODULE(name_) = {.name = #name_,                                          \
                                          .doc = doc_,                                             \
                                          .group = "Arithmetic",                                   \
                                          .source = "arithmetic",                                  \
                                          .example = example_,                                     \
                                          CHR_LIST(outputs),                                       \
                                          .params = list,                                          \
                                          .n_params = count,                                       \
                                          .shape = CHR_MONO,                                       \
                                          run,                                                     \
                                          .most = most_,                                           \
                                          .zero_with = zero_with_,                                 \
                                          .hidden = true};

DESCRIBE(add, "The sum: a + b.", CHR_AS_ONE(add_process, '+'), add_most, params, 2, 0,
         "patch saw 110 * 0.3 + saw 165 * 0.3 > out")
DESCRIBE(sub, "The difference: a - b.", CHR_AS_ONE(subtract_process, '-'), add_most, params, 2, 0,
         "patch saw 110 * 0.3 - saw 110.5 * 0.3 > out")
DESCRIBE(mul, "The product: a * b.", CHR_AS_ONE(multiply_process, '*'), multiply_most, unit_params,
         2, 3, "patch sine 220 * sine 3 > gain 0.5 > out")
DESCRIBE(div, "The quotient: a / b; 0 where b is 0.", CHR_ELEMENTWISE(divide_process), divide_most,
         unit_params, 2, 0, "patch sine 220 / 2 > out")
DESCRIBE(mod, "What is left over when a is divided by b, with b's sign; 0 where b is 0.",
         CHR_ELEMENTWISE(modulo_process), modulo_most, unit_params, 2, 0,
         "patch saw 110 % 0.5 > hpf 20 > gain 0.6 > out")
DESCRIBE(pow, "a raised to b; below zero a fraction bends the wave the same way as above.",
         CHR_ELEMENTWISE(power_process), power_most, unit_params, 2, 0,
         "patch sine 220 ^ 3 > gain 0.5 > out")
DESCRIBE(neg, "The sign turned round: -a.", CHR_ELEMENTWISE(negate_process), negate_most, params, 1,
         1, "patch -(sine 220) > gain 0.5 > out")
DESCRIBE(eq, "1 where a and b are the same number, else 0.", CHR_ELEMENTWISE(equal_process),
         equal_most, params, 2, 0,
         "patch saw 110 * (floor(lfo(2)) == 0) > lpf 2kHz > gain 0.4 > out")
