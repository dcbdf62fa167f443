/* dsp/modules/level.c: `level`, the last node of every patch: its gain, its place, its width, and
 * whether it is heard. At its defaults each sample passes as it is, bit for bit.
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/arg.h"
#include "dsp/kernel/elementwise.h"
#include "dsp/kernel/pan.h"

enum { LEFT, RIGHT };          /* inputs and outputs */
enum { GAIN, PAN, WIDTH, ON }; /* params */

/* What becomes of the two sides of one sample. */
typedef struct placement {
    chr_vec left, right,
        narrow;     /* factors; `narrow` is the share of the side signal that is taken away */
    chr_ivec as_is; /* width 1: the sides are not mixed, not even by rounding */
} placement;

static inline placement place(chr_vec gain, chr_vec pan, chr_vec width, chr_vec on) {
    chr_vec p = chr_clamp(pan, chr_set(-1.0f), chr_set(1.0f)), level = gain * on;
    return (placement){
        .left = level * chr_place_left(p),
        .right = level * chr_place_left(-p),
        .narrow = 0.5f - 0.5f * width,
        .as_is = width == 1.0f,
    };
}

#if CHR_LANES == 1
/* Where neither level nor place moves. */
CHR_OVER_TIME level_over_time(const placement *at, const chr_block *b, const int n) {
    chr_line spare[2], put[2];
    const float *left = chr_over_of(b->inputs[LEFT], b->from, n, &spare[LEFT]);
    const float *right = chr_over_of(b->inputs[RIGHT], b->from, n, &spare[RIGHT]);
    float *out_left = chr_over_out(b, LEFT, n, &put[LEFT]);
    float *out_right = chr_over_out(b, RIGHT, n, &put[RIGHT]);
    chr_iwide as_is = chr_wiset(at->as_is[0]);
    for (int i = 0; i < n; i += CHR_WIDE) {
        chr_wide l = chr_wide_at(left + i), r = chr_wide_at(right + i);
        chr_wide side = (l - r) * at->narrow[0];
        chr_wide_put(out_left + i, chr_wselect(as_is, l, l - side) * at->left[0]);
        chr_wide_put(out_right + i, chr_wselect(as_is, r, r + side) * at->right[0]);
    }
    chr_over_done(b, LEFT, n, &put[LEFT]);
    chr_over_done(b, RIGHT, n, &put[RIGHT]);
    return true;
}
#endif

static chr_process_fn level_process;
static void level_process(void *state, const chr_block *b) {
    (void)state;
    const chr_arg left = b->inputs[LEFT], right = b->inputs[RIGHT];
    const chr_arg gain = b->params[GAIN], pan = b->params[PAN], width = b->params[WIDTH],
                  on = b->params[ON];
    chr_vec *out_left = chr_rows(b, LEFT), *out_right = chr_rows(b, RIGHT);
    const bool steady = gain.step == 0 && pan.step == 0 && width.step == 0 && on.step == 0;
    placement at = place(chr_read(gain, b->from), chr_read(pan, b->from), chr_read(width, b->from),
                         chr_read(on, b->from));
    if (steady && CHR_RUN_OVER_TIME(level_over_time, &at, b))
        return;
    for (int i = b->from, to = b->to; i < to; i++) {
        if (!steady)
            at = place(chr_read(gain, i), chr_read(pan, i), chr_read(width, i), chr_read(on, i));
        chr_vec l = chr_read(left, i), r = chr_read(right, i), side = (l - r) * at.narrow;
        out_left[i] = chr_select(at.as_is, l, l - side) * at.left;
        out_right[i] = chr_select(at.as_is, r, r + side) * at.right;
    }
}

static chr_most_fn level_most;
static float level_most(const float *most) {
    float sides = (most[LEFT] + most[RIGHT]) * (2.0f + most[2 + WIDTH]);
    return 1.5f * sides * most[2 + GAIN] * most[2 + ON];
}

static const chr_port inputs[] = {
    {.name = "left",  .kind = CHR_AUDIO, .doc = "left side of the patch",  .normal = CHR_NORMAL_IN},
    {.name = "right", .kind = CHR_AUDIO, .doc = "right side of the patch", .normal = CHR_NORMAL_IN},
};
static const chr_port outputs[] = {
    {.name = "left",  .kind = CHR_AUDIO, .doc = "left side, at its level and place" },
    {.name = "right", .kind = CHR_AUDIO, .doc = "right side, at its level and place"},
};
static const chr_param_info params[] = {
    {.word = "gain",
     .display = "Gain",
     .unit = CHR_UNIT_RATIO,
     .min = 0.0f,
     .max = 8.0f,
     .dflt = 1.0f,
     .curve = CHR_LIN,
     .context = CHR_DYNAMICS,
     .doc = "How loud the patch is in the mix",
     .hint = "-12dB to 0dB"},
    {.word = "pan",
     .display = "Pan",
     .unit = CHR_UNIT_NONE,
     .min = -1.0f,
     .max = 1.0f,
     .dflt = 0.0f,
     .curve = CHR_LIN,
     .context = CHR_SPACE,
     .doc = "Where the patch stands: -1 is left, 0 the middle, 1 right",
     .hint = "-0.5 to 0.5"},
    {.word = "width",
     .display = "Width",
     .unit = CHR_UNIT_RATIO,
     .min = 0.0f,
     .max = 2.0f,
     .dflt = 1.0f,
     .curve = CHR_LIN,
     .context = CHR_SPACE,
     .doc = "How far apart the sides are: 0 is mono, 1 as played, 2 twice as wide",
     .hint = "0 for a bass, 1.2 for a pad"},
    {.word = "on",
     .display = "On",
     .unit = CHR_UNIT_RATIO,
     .min = 0.0f,
     .max = 1.0f,
     .dflt = 1.0f,
     .curve = CHR_LIN,
     .context = CHR_DYNAMICS,
     .doc = "1 when the patch is heard, 0 when it is muted"                             },
};

const chr_module CHR_MODULE(level) = {
    .name = "level",
    .doc = "Level, place and width of a patch in the mix.",
    .group = "Level and space",
    .source = "mid and side, equal-power panning law (sine and cosine)",
    .example = "patch saw 110 > lpf 900 > gain 0.4 > out",
    CHR_LIST(inputs),
    CHR_LIST(outputs),
    CHR_LIST(params),
    .shape = CHR_STEREO,
    CHR_IN_PLACE(level_process),
    .most = level_most,
    .hidden = true,
};
