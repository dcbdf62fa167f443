/* dsp/modules/gain.c: `gain` makes a sound louder or softer.
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/arg.h"
#include "dsp/kernel/elementwise.h"

enum { IN };    /* inputs */
enum { LEVEL }; /* params */

static chr_of_two product;
static inline chr_vec product(chr_vec x, chr_vec level) {
    return x * level;
}
static chr_process_fn gain_process;
static void gain_process(void *state, const chr_block *b) {
    (void)state;
    CHR_WHOLE_CHUNK(b, b->inputs[IN], b->params[LEVEL], x * y)
    chr_map_two(chr_rows(b, 0), b->inputs[IN], b->params[LEVEL], b->from, b->to, product);
}

static chr_most_fn gain_most;
static float gain_most(const float *most) {
    return most[0] * most[1];
}

static const chr_port inputs[] = {
    {.name = "in",
     .kind = CHR_AUDIO,
     .doc = "sound to make louder or softer",
     .normal = CHR_NORMAL_IN},
};
static const chr_port outputs[] = {
    {.name = "out", .kind = CHR_AUDIO, .doc = "the sound at its new level"}
};
static const chr_param_info params[] = {
    {.word = "level",
     .display = "Level",
     .unit = CHR_UNIT_RATIO,
     .min = 0.0f,
     .max = 8.0f,
     .dflt = 1.0f,
     .curve = CHR_LIN,
     .context = CHR_DYNAMICS,
     .doc = "How loud: 1 or 0dB or 100% leaves the sound as it is",
     .hint = "-12dB to -3dB leaves room for other sounds"},
};

const chr_module CHR_MODULE(gain) = {
    .name = "gain",
    .doc = "Makes a sound louder or softer: `gain -6dB`, `gain 0.5` and `gain 50%` are nearly the "
           "same.",
    .group = "Level and space",
    .source = "a product",
    .example = "patch saw 110 > lpf 900 > gain -6dB > out",
    CHR_LIST(inputs),
    CHR_LIST(outputs),
    CHR_LIST(params),
    .shape = CHR_MONO,
    CHR_IN_PLACE(gain_process),
    .operation = '*',
    .most = gain_most,
    .zero_with = 1u << 0 | 1u << 1, /* the sound, its level */
};
