/* dsp/modules/pan.c: `pan` places a mono sound between left and right.
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/pan.h"
#include "dsp/kernel/arg.h"

enum { IN };       /* inputs */
enum { POSITION }; /* params */

static chr_process_fn pan_process;
static void pan_process(void *state, const chr_block *b) {
    (void)state;
    const chr_arg in = b->inputs[IN], position = b->params[POSITION];
    chr_vec *left = chr_rows(b, 0), *right = chr_rows(b, 1);
    const int from = b->from, to = b->to;
    if (position.step == 0) {
        chr_vec p = chr_clamp(chr_read(position, 0), chr_set(-1.0f), chr_set(1.0f));
        chr_vec l = chr_pan_left(p), r = chr_pan_left(-p);
        for (int i = from; i < to; i++) {
            chr_vec x = chr_read(in, i);
            left[i] = x * l;
            right[i] = x * r;
        }
        return;
    }
    for (int i = from; i < to; i++) {
        chr_vec p = chr_clamp(chr_read(position, i), chr_set(-1.0f), chr_set(1.0f)),
                x = chr_read(in, i);
        left[i] = x * chr_pan_left(p);
        right[i] = x * chr_pan_left(-p);
    }
}

static const chr_port inputs[] = {
    {.name = "in", .kind = CHR_AUDIO, .doc = "sound to place", .normal = CHR_NORMAL_IN},
};
static const chr_port outputs[] = {
    {.name = "left",  .kind = CHR_AUDIO, .doc = "left side" },
    {.name = "right", .kind = CHR_AUDIO, .doc = "right side"},
};
static const chr_param_info params[] = {
    {.word = "position",
     .display = "Position",
     .unit = CHR_UNIT_NONE,
     .min = -1.0f,
     .max = 1.0f,
     .dflt = 0.0f,
     .curve = CHR_LIN,
     .context = CHR_SPACE,
     .doc = "Where the sound stands: -1 is left, 0 the middle, 1 right",
     .hint = "-0.3 to 0.3 keeps it near the middle; lfo 0.1 lets it wander"},
};

const chr_module CHR_MODULE(pan) = {
    .name = "pan",
    .doc = "Places a sound between left and right, equally loud everywhere (-3 dB a side in the "
           "middle).",
    .group = "Level and space",
    .source = "equal-power panning law (sine and cosine)",
    .example = "patch saw 110 > lpf 900 > gain 0.4 > pan (lfo 0.5) > out",
    CHR_LIST(inputs),
    CHR_LIST(outputs),
    CHR_LIST(params),
    .shape = CHR_STEREO_OUT,
    .process = pan_process,
    .zero_with = 1u << 0, /* the sound */
};
