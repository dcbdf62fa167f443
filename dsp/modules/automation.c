/* dsp/modules/automation.c: one stretch of an automation, from the point before to its own. Several
 * stand in a row: what enters is what the ones before make of it, which from `from` on is the value
 * of the point before. A position is whole beats and a part of one, so that it is as exact at bar
 * 1000 as at bar 1.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/arg.h"
#include "dsp/kernel/math.h"

enum { IN };                                         /* inputs */
enum { FROM, FROM_PART, TO, TO_PART, VALUE, CURVE }; /* params */
enum { LIN, EXPONENTIAL, STEP, SMOOTH };             /* the choices of CURVE */

/* Equal ratios in equal times; where one end is not above zero there are none, and it is a straight
 * line. */
static inline chr_vec geometric(chr_vec from, chr_vec to, chr_vec t) {
    chr_ivec possible = (from > 0.0f) & (to > 0.0f);
    chr_vec ratio = chr_select(possible, to / from, chr_set(1.0f));
    chr_vec y = from * chr_vexp2(t * chr_vlog2(ratio));
    return chr_select(possible, y, from + (to - from) * t);
}

static inline chr_vec between(chr_vec from, chr_vec to, chr_vec t, int curve) {
    switch (curve) {
    case EXPONENTIAL:
        return geometric(from, to, t);
    case STEP:
        return from;
    case SMOOTH:
        return from + (to - from) * (t * t * (3.0f - 2.0f * t));
    default:
        return from + (to - from) * t;
    }
}

static chr_process_fn automation_process;
static void automation_process(void *state, const chr_block *b) {
    (void)state;
    const chr_arg in = b->inputs[IN], begin = b->params[FROM], begin_part = b->params[FROM_PART],
                  end = b->params[TO], end_part = b->params[TO_PART], value = b->params[VALUE];
    const int curve = chr_choice(b, CURVE);
    chr_vec *out = chr_rows(b, 0);
    for (int i = b->from, to = b->to; i < to; i++) {
        chr_vec beat = chr_set(b->song[i]), part = chr_set(b->song[CHR_CHUNK + i]);
        chr_vec from = chr_read(begin, i), from_part = chr_read(begin_part, i);
        chr_vec done = (beat - from) + (part - from_part);
        chr_vec whole = (chr_read(end, i) - from) + (chr_read(end_part, i) - from_part);
        chr_vec before = chr_read(in, i), after = chr_read(value, i), y = before;
        chr_ivec begun = done > 0.0f, over = done >= whole;
        if (chr_any(begun & ~over)) {
            chr_vec t = chr_select(begun & ~over, done / whole, chr_set(0.0f));
            y = chr_select(begun, between(before, after, t, curve), before);
        }
        out[i] = chr_select(over, after, y);
    }
}

static const chr_port inputs[] = {
    {.name = "in", .kind = CHR_CONTROL, .doc = "the value up to the point before"}
};
static const chr_port outputs[] = {
    {.name = "out", .kind = CHR_CONTROL, .doc = "the value up to this point"}
};
#define BEAT(word_, display_, max_, doc_)                                                          \
    {                                                                                              \
        .word = word_, .display = display_, .unit = CHR_UNIT_NONE, .min = 0.0f, .max = max_,       \
        .dflt = 0.0f, .curve = CHR_LIN, .context = CHR_RHYTHM, .doc = doc_                         \
    }
static const chr_param_info params[] = {
    BEAT("from", "From", 1e7f, "Beat of the point before, counted from 0"),
    BEAT("from_part", "From, part", 1.0f, "What it is past that beat, in beats"),
    BEAT("to", "To", 1e7f, "Beat of this point"),
    BEAT("to_part", "To, part", 1.0f, "What it is past that beat"),
    {.word = "value",
                                                                .display = "Value",
                                                                .unit = CHR_UNIT_NONE,
                                                                .min = -1e9f,
                                                                .max = 1e9f,
                                                                .dflt = 0.0f,
                                                                .curve = CHR_LIN,
                                                                .context = CHR_MOVEMENT,
                                                                .doc = "The value from this point on"},
    { .word = "curve",
                                                                .display = "Curve",
                                                                .unit = CHR_UNIT_NONE,
                                                                .min = 0.0f,
                                                                .max = 3.0f,
                                                                .dflt = 0.0f,
                                                                .curve = CHR_LIN,
                                                                .context = CHR_MOVEMENT,
                                                                .doc = "The way to this point",
                                                                .choices = "lin|exp|step|smooth"},
};

const chr_module CHR_MODULE(automation) = {
    .name = "automation",
    .doc = "A parameter on its way from point to point of the song: what `automate` makes.",
    .group = "Modulation and maths",
    .source = "linear and geometric interpolation; smooth is Hermite's cubic without slope at its "
              "ends",
    .example = "create bass\nautomate bass.cutoff: 200 at bar 1, 4kHz at bar 9 exp",
    CHR_LIST(inputs),
    CHR_LIST(outputs),
    CHR_LIST(params),
    .shape = CHR_MONO,
    .process = automation_process,
    .follows_song = true,
    .hidden = true,
};
