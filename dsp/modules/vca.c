/* dsp/modules/vca.c: `vca`, a voltage-controlled amplifier: the sound times a signal, most often an
 * envelope.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/arg.h"
#include "dsp/kernel/elementwise.h"

enum { IN };    /* inputs */
enum { LEVEL }; /* params */

/* A plain product, so that negative control turns the wave over: a vca is a ring modulator as well.
 */
static chr_of_two product;
static inline chr_vec product(chr_vec x, chr_vec level) {
    return x * level;
}
static chr_process_fn vca_process;
static void vca_process(void *state, const chr_block *b) {
    (void)state;
    CHR_WHOLE_CHUNK(b, b->inputs[IN], b->params[LEVEL], x * y)
    chr_map_two(chr_rows(b, 0), b->inputs[IN], b->params[LEVEL], b->from, b->to, product);
}

static chr_most_fn vca_most;
static float vca_most(const float *most) {
    return most[0] * most[1];
}

static const chr_port inputs[] = {
    {.name = "in", .kind = CHR_AUDIO, .doc = "sound to be shaped", .normal = CHR_NORMAL_IN},
};
static const chr_port outputs[] = {
    {.name = "out", .kind = CHR_AUDIO, .doc = "the shaped sound"}
};
static const chr_param_info params[] = {
    {.word = "level",
     .display = "Level",
     .unit = CHR_UNIT_RATIO,
     .min = -8.0f,
     .max = 8.0f,
     .dflt = 1.0f,
     .curve = CHR_LIN,
     .context = CHR_DYNAMICS,
     .doc = "What the sound is multiplied by: an envelope, an lfo, a number",
     .hint = "vca env() for notes, vca (lfo 6 > range 0.5 1) for tremolo"},
};

const chr_module CHR_MODULE(vca) = {
    .name = "vca",
    .doc = "Multiplies a sound by an envelope or any other signal.",
    .group = "Envelopes and dynamics",
    .source = "the amplifier of modular synthesizers: a product",
    .example = "patch saw 110 > lpf 900 > vca (lfo 4 > range 0.05 0.5) > out",
    CHR_LIST(inputs),
    CHR_LIST(outputs),
    CHR_LIST(params),
    .shape = CHR_MONO,
    CHR_IN_PLACE(vca_process),
    .operation = '*',
    .most = vca_most,
    .zero_with = 1u << 0 | 1u << 1, /* the sound, its level */
};
