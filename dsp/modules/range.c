/* dsp/modules/range.c: `range` maps a signal that swings -1..1 to lo..hi.
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/arg.h"
#include "dsp/kernel/math.h"

enum { IN };            /* inputs */
enum { LO, HI, CURVE }; /* params */

static inline chr_vec linear(chr_vec x, chr_vec lo, chr_vec hi) {
    chr_vec t = x * 0.5f + 0.5f;
    return lo * (1.0f - t) + hi * t; /* exactly lo at -1 and hi at 1 */
}

/* Equal ratios for equal steps, so that a sweep of a frequency is even to the ear. Needs lo and hi
 * above zero; lanes where they are not go in a straight line. */
static inline chr_vec logarithmic(chr_vec x, chr_vec lo, chr_vec hi) {
    chr_vec t = x * 0.5f + 0.5f;
    chr_vec y = lo * chr_vexp2(t * chr_vlog2(hi / lo));
    return chr_select((lo > 0.0f) & (hi > 0.0f), y, linear(x, lo, hi));
}

static void range_process(void *state, const chr_block *b) {
    (void)state;
    const chr_arg in = b->inputs[IN], lo = b->params[LO], hi = b->params[HI];
    chr_vec *out = chr_rows(b, 0);
    const int from = b->from, to = b->to;
    if (chr_choice(b, CURVE) == 0)
        for (int i = from; i < to; i++)
            out[i] = linear(chr_read(in, i), chr_read(lo, i), chr_read(hi, i));
    else
        for (int i = from; i < to; i++)
            out[i] = logarithmic(chr_read(in, i), chr_read(lo, i), chr_read(hi, i));
}

static const chr_port inputs[] = {
    {.name = "in",
     .kind = CHR_CONTROL,
     .doc = "signal that swings between -1 and 1",
     .normal = CHR_NORMAL_IN},
};
static const chr_port outputs[] = {
    {.name = "out", .kind = CHR_CONTROL, .doc = "the same movement between lo and hi"}
};
static const chr_param_info params[] = {
    {.word = "lo",
     .display = "Low end",
     .unit = CHR_UNIT_NONE,
     .min = -1e6f,
     .max = 1e6f,
     .dflt = 0.0f,
     .curve = CHR_LIN,
     .context = CHR_MOVEMENT,
     .doc = "What -1 becomes; in the unit of what it is for."                 },
    { .word = "hi",
     .display = "High end",
     .unit = CHR_UNIT_NONE,
     .min = -1e6f,
     .max = 1e6f,
     .dflt = 1.0f,
     .curve = CHR_LIN,
     .context = CHR_MOVEMENT,
     .doc = "What 1 becomes; in the unit of what it is for."},
    {                                                         .word = "curve",
     .display = "Curve",
     .unit = CHR_UNIT_NONE,
     .min = 0.0f,
     .max = 1.0f,
     .dflt = 0.0f,
     .curve = CHR_LIN,
     .context = CHR_MOVEMENT,
     .doc =
         "The way between: lin goes in a straight line, log in equal ratios (for ends above zero).",                                                  .hint = "log for a cutoff or a pitch",
     .choices = "lin|log"},
};

const chr_module CHR_MODULE(range) = {
    .name = "range",
    .doc = "Lets a modulation swing between two values: `lfo 0.25 > range 200 2kHz`.",
    .group = "Modulation and maths",
    .source = "linear and geometric interpolation",
    .example = "patch saw 110 > lpf (lfo 0.5 > range 200 3kHz curve=log) > out",
    CHR_LIST(inputs),
    CHR_LIST(outputs),
    CHR_LIST(params),
    .shape = CHR_MONO,
    .process = range_process,
};
