/* dsp/modules/pan.c: `pan` places a mono sound between left and right; `place` does it for the
 * notes of a patch, each by itself, and leaves alone what stands in the middle.
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/pan.h"
#include "dsp/kernel/arg.h"
#include "dsp/kernel/elementwise.h"

enum { IN };       /* inputs */
enum { POSITION }; /* params */

/* The gain of the left side; that of the right side is the one at -p. `both`: of what stands on
 * both sides as it is. */
static inline chr_vec left_gain(chr_vec p, bool both) {
    return both ? chr_place_left(p) : chr_pan_left(p);
}

static inline void place_between(const chr_block *b, bool both) {
    const chr_arg in = b->inputs[IN], position = b->params[POSITION];
    chr_vec *left = chr_rows(b, 0), *right = chr_rows(b, 1);
    const int from = b->from, to = b->to;
    if (position.step == 0) {
        chr_vec p = chr_clamp(chr_read(position, 0), chr_set(-1.0f), chr_set(1.0f));
        chr_vec l = left_gain(p, both), r = left_gain(-p, both);
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
        left[i] = x * left_gain(p, both);
        right[i] = x * left_gain(-p, both);
    }
}

static chr_process_fn pan_process;
static void pan_process(void *state, const chr_block *b) {
    (void)state;
    place_between(b, false);
}

static chr_process_fn place_process;
static void place_process(void *state, const chr_block *b) {
    (void)state;
    place_between(b, true);
}

/* 3 dB, and a little for rounding. */
static chr_most_fn pan_most;
static float pan_most(const float *most) {
    return 1.5f * most[IN];
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

CHR_ELEMENTWISE_FUNCTION(pan, pan_process)
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
    CHR_ELEMENTWISE(pan_process),
    .most = pan_most,
    .zero_with = 1u << 0, /* the sound */
};

const chr_module CHR_MODULE(place) = {
    .name = "place",
    .doc = "Places each note of a patch where its pattern says.",
    .group = "Level and space",
    .source = "equal-power panning law (sine and cosine)",
    .example = "melody bass: C2 C2 G2 Eb2 > jux rev",
    CHR_LIST(inputs),
    CHR_LIST(outputs),
    CHR_LIST(params),
    .shape = CHR_STEREO_OUT,
    .process = place_process,
    .hidden = true,
    .most = pan_most,
    .zero_with = 1u << 0, /* the sound */
};
