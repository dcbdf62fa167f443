/* dsp/modules/slew.c: `slew` lets a signal glide to each new value, as an analogue portamento does.
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/arg.h"
#include "dsp/kernel/decay.h"

enum { IN };               /* inputs */
enum { TIME, RISE, FALL }; /* params */

/* `time` takes the step to a thousandth of itself: ln(1000) time constants. For a fifth that is
 * within a cent. */
static const float TIME_CONSTANTS = 6.90775528f;

typedef struct slew_state {
    chr_vec y;        /* where the signal is */
    chr_vec residue;  /* what rounding took from y: without it a slow glide would stop short of its
                         end */
    chr_ivec started; /* all ones after the first sample, which is taken without a glide */
} slew_state;

static inline chr_vec share(chr_vec seconds, chr_vec part, chr_vec rate_hz) {
    chr_vec samples = chr_max(seconds * part * rate_hz, chr_set(1.0f));
    /* In less than a sample the whole way. */
    return chr_select(samples > 1.0f, chr_decay_share(TIME_CONSTANTS / samples), chr_set(1.0f));
}

static chr_process_fn slew_process;
static void slew_process(void *state, const chr_block *b) {
    slew_state *s = state;
    const chr_arg in = b->inputs[IN], time = b->params[TIME], rise = b->params[RISE],
                  fall = b->params[FALL];
    chr_vec *out = chr_rows(b, 0), rate_hz = chr_set(b->rate_hz);
    const bool steady = time.step == 0 && rise.step == 0 && fall.step == 0;
    chr_vec up = share(chr_read(time, b->from), chr_read(rise, b->from), rate_hz);
    chr_vec down = share(chr_read(time, b->from), chr_read(fall, b->from), rate_hz);
    chr_vec y = chr_select(s->started, s->y, chr_read(in, b->from)), residue = s->residue;
    for (int i = b->from, to = b->to; i < to; i++) {
        if (!steady) {
            up = share(chr_read(time, i), chr_read(rise, i), rate_hz);
            down = share(chr_read(time, i), chr_read(fall, i), rate_hz);
        }
        chr_vec gap = chr_read(in, i) - y;
        /* Kahan's summation: step plus residue is what y should have moved. */
        chr_vec step = chr_select(gap > 0.0f, up, down) * gap + residue;
        chr_vec next = y + step;
        residue = step - (next - y);
        y = next;
        out[i] = y;
    }
    s->y = y;
    s->residue = residue;
    s->started = chr_iset(-1);
}

static const chr_port inputs[] = {
    {.name = "in", .kind = CHR_CONTROL, .doc = "signal that jumps", .normal = CHR_NORMAL_IN},
};
static const chr_port outputs[] = {
    {.name = "out", .kind = CHR_CONTROL, .doc = "the signal gliding"}
};

#define SHARE(word_, display_, doc_)                                                               \
    {                                                                                              \
        .word = word_, .display = display_, .unit = CHR_UNIT_RATIO, .min = 0.0f, .max = 100.0f,    \
        .dflt = 1.0f, .curve = CHR_LIN, .context = CHR_TIME, .doc = doc_,                          \
        .hint = "0 to jump in this direction, 4 to go four times slower"                           \
    }
static const chr_param_info params[] = {
    {.word = "time",
     .display = "Time",
     .unit = CHR_UNIT_S,
     .min = 0.0f,
     .max = 60.0f,
     .dflt = 0.05f,
     .curve = CHR_LIN,
     .context = CHR_TIME,
     .doc = "How long the way to a new value takes (to a thousandth of the step)",
     .hint = "30ms to 200ms for portamento"},
    SHARE("rise", "Rise", "Share of the time that the way up takes"),
    SHARE("fall", "Fall", "Share of the time that the way down takes"),
};

const chr_module CHR_MODULE(slew) = {
    .name = "slew",
    .doc =
        "Glides to each new value instead of jumping: portamento, soft steps, envelope followers.",
    .group = "Modulation and maths",
    .source = "one-pole low-pass of an analogue portamento, with Kahan's compensated sum",
    .example =
        "patch saw (lfo 2 shape=square > range 110 220 > slew 150ms) > lpf 900 > gain 0.4 > out",
    CHR_LIST(inputs),
    CHR_LIST(outputs),
    CHR_LIST(params),
    .shape = CHR_MONO,
    .state_bytes = sizeof(slew_state),
    .process = slew_process,
};
