/* dsp/modules/mix.c: `mix` and `spread` sum parallel copies and voices. The graph does the sums;
 * here are the weights.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/pan.h"
#include "dsp/module.h"

enum { LEVEL };                               /* params of mix */
enum { WIDTH };                               /* params of spread */
enum { EACH, SPREAD, COPIES, WITHIN, SIDES }; /* params of copies */

static void mix_weights(int i, int n, const float *params, float *left, float *right) {
    (void)i;
    (void)n;
    *left = *right = params[LEVEL];
}

/* Strand i of n stands at an equal step from left to right. The factor sqrt(2 / n) keeps the power
 * of n unlike sounds what one of them has on both sides alone; a single strand passes unchanged. */
static void spread_weights(int i, int n, const float *params, float *left, float *right) {
    if (n == 1) {
        *left = *right = 1.0f;
        return;
    }
    float position = params[WIDTH] * (2.0f * (float)i / (float)(n - 1) - 1.0f);
    float scale = __builtin_sqrtf(2.0f / (float)n);
    *left = scale * chr_pan_left(chr_set(position))[0];
    *right = scale * chr_pan_left(chr_set(-position))[0];
}

/* The strands of a voice are its copies, evenly from left to right, and of each copy `within`
 * strands of its own: in turn left and right where it has two sides, which move like a balance. As
 * loud as one copy, for copies are unlike. */
static void copies_weights(int i, int n, const float *params, float *left, float *right) {
    (void)n;
    int copies = (int)params[COPIES], k = i / (int)params[WITHIN] % copies;
    float position =
        copies > 1 ? params[SPREAD] * (2.0f * (float)k / (float)(copies - 1) - 1.0f) : 0.0f;
    float scale = params[EACH] * __builtin_sqrtf(2.0f / (float)copies);
    bool two = params[SIDES] > 1.0f;
    *left = two && i % 2 == 1 ? 0.0f : scale * chr_pan_left(chr_set(position))[0];
    *right = two && i % 2 == 0 ? 0.0f : scale * chr_pan_left(chr_set(-position))[0];
}

static const chr_port inputs[] = {
    {.name = "in", .kind = CHR_AUDIO, .doc = "copies or voices to sum", .normal = CHR_NORMAL_IN},
};
static const chr_port mono[] = {
    {.name = "out", .kind = CHR_AUDIO, .doc = "their sum"}
};
static const chr_port stereo[] = {
    {.name = "left",  .kind = CHR_AUDIO, .doc = "left side of the sum" },
    {.name = "right", .kind = CHR_AUDIO, .doc = "right side of the sum"},
};

#define KNOB(word_, display_, unit_, least_, most_, usual_, context_, ...)                         \
    {                                                                                              \
        .word = word_, .display = display_, .unit = unit_, .min = least_, .max = most_,            \
        .dflt = usual_, .curve = CHR_LIN, .context = context_, __VA_ARGS__                         \
    }
#define LEVEL_OF(doc_, hint_)                                                                      \
    KNOB("level", "Level", CHR_UNIT_RATIO, 0.0f, 8.0f, 1.0f, CHR_DYNAMICS, .doc = doc_,            \
         .hint = hint_)
#define APART(word_, display_, usual_, doc_, hint_)                                                \
    KNOB(word_, display_, CHR_UNIT_RATIO, 0.0f, 1.0f, usual_, CHR_SPACE,                           \
         .doc = "How far apart the outer copies stand" doc_, .hint = hint_)
#define COUNT(word_, display_, most_, doc_)                                                        \
    KNOB(word_, display_, CHR_UNIT_NONE, 1.0f, most_, 1.0f, CHR_SPACE, .doc = doc_)

static const chr_param_info mix_params[] = {
    LEVEL_OF("How loud each copy is in the sum", "-6dB to -12dB for four copies and more"),
};
static const chr_param_info spread_params[] = {
    APART("width", "Width", 1.0f, ": 0 is the middle, 1 the whole field",
          "0.5 to 1 for a wide unison"),
};

const chr_module CHR_MODULE(mix) = {
    .name = "mix",
    .doc = "Sums parallel copies or voices to one.",
    .group = "Level and space",
    .source = "a sum",
    .example = "patch saw [110 165 220] > mix 0.3 > lpf 900 > out",
    CHR_LIST(inputs),
    .outputs = mono,
    .n_outputs = 1,
    .params = mix_params,
    .n_params = 1,
    .shape = CHR_SUM,
    .weights = mix_weights,
};

const chr_module CHR_MODULE(spread) = {
    .name = "spread",
    .doc = "Sums parallel copies or voices from left to right across the stereo field, as loud as "
           "one of them.",
    .group = "Level and space",
    .source = "equal-power panning law (sine and cosine)",
    .example = "patch saw [110 110.4 110.9 111.3] > lpf 1200 > gain 0.3 > spread > out",
    CHR_LIST(inputs),
    .outputs = stereo,
    .n_outputs = 2,
    .params = spread_params,
    .n_params = 1,
    .shape = CHR_SUM,
    .weights = spread_weights,
};

static const chr_param_info copies_params[] = {
    LEVEL_OF("How loud each voice is in the sum", NULL),
    APART("spread", "Spread", 0.6f, "", NULL),
    COUNT("copies", "Copies", 16.0f, "How many copies each voice has"),
    COUNT("within", "Within", 65536.0f, "Signals in one copy"),
    COUNT("sides", "Sides", 2.0f, "Sides of one copy"),
};

const chr_module CHR_MODULE(copies) = {
    .name = "copies",
    .doc = "Sums the copies of each voice from left to right, and the voices.",
    .group = "Level and space",
    .source = "equal-power panning law (sine and cosine)",
    .example = "patch choir voices=4 unison=5: saw > env > out",
    CHR_LIST(inputs),
    .outputs = stereo,
    .n_outputs = 2,
    .params = copies_params,
    .n_params = (int)(sizeof copies_params / sizeof copies_params[0]),
    .shape = CHR_SUM,
    .weights = copies_weights,
    .hidden = true,
};
