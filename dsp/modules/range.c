/* dsp/modules/range.c: `range` maps a signal that swings -1..1 to lo..hi.
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/arg.h"
#include "dsp/kernel/elementwise.h"
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

static chr_process_fn range_process;
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
#define KNOB(word_, display_, min_, max_, dflt_, doc_, hint_, choices_)                            \
    {                                                                                              \
        .word = word_, .display = display_, .unit = CHR_UNIT_NONE, .min = min_, .max = max_,       \
        .dflt = dflt_, .curve = CHR_LIN, .context = CHR_MOVEMENT, .doc = doc_, .hint = hint_,      \
        .choices = choices_                                                                        \
    }
static const chr_param_info params[] = {
    KNOB("lo", "Low end", -1e6f, 1e6f, 0.0f, "What -1 becomes; in the unit of what it is for",
         "the darkest, lowest or softest point of the movement", NULL),
    KNOB("hi", "High end", -1e6f, 1e6f, 1.0f, "What 1 becomes; in the unit of what it is for",
         "the brightest, highest or loudest point of the movement", NULL),
    KNOB("curve", "Curve", 0.0f, 1.0f, 0.0f,
         "The way between: lin is a straight line, log goes in equal ratios (for ends above zero)",
         "log for a cutoff or a pitch", "lin|log"),
};

CHR_ELEMENTWISE_FUNCTION(range, range_process)
const chr_module CHR_MODULE(range) = {
    .name = "range",
    .doc = "Lets a modulation swing between two values: `lfo 0.25 > range 200 2kHz`.",
    .group = "Modulation and maths",
    .source = "linear and geometric interpolation",
    .example = "patch saw 110 > lpf (lfo 0.5 > range 200 3kHz curve=log) > gain 0.4 > out",
    CHR_LIST(inputs),
    CHR_LIST(outputs),
    CHR_LIST(params),
    .shape = CHR_MONO,
    CHR_ELEMENTWISE(range_process),
};
