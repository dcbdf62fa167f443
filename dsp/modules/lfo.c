/* dsp/modules/lfo.c: `lfo`, a slow wave that moves other things. Its edges are as sharp as they are
 * drawn: ringing, which makes an oscillator clean, would be wrong on a knob.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/arg.h"
#include "dsp/kernel/lanes.h"
#include "dsp/kernel/math.h"
#include "dsp/kernel/phase.h"
#include "dsp/kernel/random.h"
#include "dsp/kernel/sines.h"
#include "dsp/module.h"

enum { SYNC };
enum { RATE, SHAPE, PHASE };
enum { SINE, TRIANGLE, SQUARE, SAW, RAMP, RANDOM };

typedef struct {
    chr_phase phase;
    chr_uvec cycle;  /* turns begun, for random */
    chr_uvec key[2]; /* which chance */
    chr_vec sync;    /* last sample of the input */
} lfo_state;

static chr_init_fn lfo_init;
static void lfo_init(void *state, int lane, uint64_t seed, float rate_hz) {
    lfo_state *s = state;
    (void)rate_hz;
    chr_random_keys(s->key, lane, seed);
}

static inline __attribute__((always_inline)) chr_vec
shape_at(int shape, chr_uvec turn, chr_uvec cycle, const chr_uvec key[2]) {
    switch (shape) {
    case TRIANGLE:
        return 1.0f - chr_abs(chr_float((chr_ivec)(turn - CHR_QUARTER_TURN))) * 0x1p-30f;
    case SQUARE:
        return chr_select((chr_ivec)turn >= 0, chr_set(1.0f), chr_set(-1.0f));
    case SAW:
        return chr_float((chr_ivec)(turn ^ CHR_HALF_TURN)) * -0x1p-31f;
    case RAMP:
        return chr_float((chr_ivec)(turn ^ CHR_HALF_TURN)) * 0x1p-31f;
    case RANDOM:
        return chr_random(cycle, key);
    default:
        return chr_vsin_fold(turn + CHR_QUARTER_TURN); /* its sine is taken in the end */
    }
}

/* Samples of a wave that turns steadily and is not restarted. False, with nothing done, of others.
 */
static inline __attribute__((always_inline)) bool run_steady(lfo_state *s, const chr_block *b,
                                                             int shape) {
    chr_arg rate = b->params[RATE], phase = b->params[PHASE], sync = b->inputs[SYNC];
    chr_vec gate = chr_read(sync, b->from);
    if (rate.step || phase.step || sync.step || shape == RANDOM ||
        chr_mask_bits((s->sync <= 0.0f) & (gate > 0.0f)))
        return false;
    chr_vec *out = chr_rows(b, 0);
    chr_phase_step step = chr_phase_step_of(chr_read(rate, b->from), b->period_s);
    chr_uvec turn = s->phase.turn + chr_phase_of_degrees(chr_read(phase, b->from));
    out[b->from] = shape_at(shape, turn, s->cycle, s->key);
    turn += (chr_uvec)chr_phase_carry(&s->phase, b->from);
    if (shape == SINE)
        chr_sines_fold(out + b->from + 1, turn + CHR_QUARTER_TURN, (chr_uvec)step.whole,
                       b->to - b->from - 1);
    for (int i = b->from + 1, to = b->to; i < to && shape != SINE; i++) {
        turn += (chr_uvec)step.whole;
        out[i] = shape_at(shape, turn, s->cycle, s->key);
    }
    if (shape == SINE)
        chr_sines_take(out + b->from, b->to - b->from);
    chr_phase_advance(&s->phase, step, b->from, b->to - b->from);
    s->sync = gate;
    return true;
}

static inline __attribute__((always_inline)) void run(lfo_state *state, const chr_block *b,
                                                      int shape) {
    if (run_steady(state, b, shape))
        return;
    lfo_state s = *state;
    chr_arg rate = b->params[RATE], phase = b->params[PHASE], sync = b->inputs[SYNC];
    chr_vec *out = chr_rows(b, 0);
    chr_uvec offset = chr_phase_of_degrees(chr_read(phase, b->from));
    chr_phase_step step = chr_phase_step_of(chr_read(rate, b->from), b->period_s);
    for (int i = b->from; i < b->to; i++) {
        if (phase.step)
            offset = chr_phase_of_degrees(chr_read(phase, i));
        if (rate.step)
            step = chr_phase_step_of(chr_read(rate, i), b->period_s);
        chr_vec gate = chr_read(sync, i);
        chr_ivec restart = (s.sync <= 0.0f) & (gate > 0.0f);
        s.sync = gate;
        s.phase.turn &= (chr_uvec)~restart;
        s.phase.fraction &= ~restart;
        s.cycle &= (chr_uvec)~restart;

        chr_uvec turn = s.phase.turn;
        out[i] = shape_at(shape, turn + offset, s.cycle, s.key);

        chr_ivec move = step.whole + chr_phase_carry(&s.phase, i);
        chr_phase_advance(&s.phase, step, i, 1);
        if (shape == RANDOM) {
            chr_ivec wraps =
                ((chr_ivec)(s.phase.turn ^ CHR_HALF_TURN) < (chr_ivec)(turn ^ CHR_HALF_TURN)) ^
                (move < 0);
            s.cycle += (chr_uvec)(wraps & ((move >> 31) | 1)); /* backwards the cycles count down */
        }
    }
    if (shape == SINE)
        chr_sines_take(out + b->from, b->to - b->from);
    *state = s;
}

/* One loop for each shape: the choice is the group's and fixed. */
static chr_process_fn lfo_process;
static void lfo_process(void *state, const chr_block *b) {
    switch (chr_choice(b, SHAPE)) {
    case TRIANGLE:
        run(state, b, TRIANGLE);
        break;
    case SQUARE:
        run(state, b, SQUARE);
        break;
    case SAW:
        run(state, b, SAW);
        break;
    case RAMP:
        run(state, b, RAMP);
        break;
    case RANDOM:
        run(state, b, RANDOM);
        break;
    default:
        run(state, b, SINE);
        break;
    }
}

static chr_most_fn lfo_most;
static float lfo_most(const float *most) {
    (void)most;
    return 1.5f;
}

static const chr_port inputs[] = {
    {.name = "sync", .kind = CHR_GATE, .doc = "begins a new cycle when it goes up"},
};
static const chr_port outputs[] = {
    {.name = "out", .kind = CHR_CONTROL, .doc = "the wave, -1 to 1"},
};
static const chr_param_info params[] = {
    {.word = "rate",
     .display = "Rate",
     .unit = CHR_UNIT_HZ,
     .min = 0.01f,
     .max = 100.0f,
     .dflt = 1.0f,
     .curve = CHR_LOG,
     .context = CHR_MOVEMENT,
     .doc = "Cycles a second, or a note length such as 1/4",
     .hint = "0.1 to 0.5 for slow sweeps, 5 to 7 for vibrato"       },
    {.word = "shape",
     .display = "Shape",
     .unit = CHR_UNIT_NONE,
     .min = 0.0f,
     .max = 5.0f,
     .dflt = SINE,
     .curve = CHR_LIN,
     .context = CHR_MOVEMENT,
     .doc = "Course of one cycle: saw falls, ramp rises, random jumps",
     .choices = "sine|triangle|square|saw|ramp|random"              },
    {.word = "phase",
     .display = "Phase",
     .unit = CHR_UNIT_DEG,
     .min = -360.0f,
     .max = 360.0f,
     .dflt = 0.0f,
     .curve = CHR_LIN,
     .context = CHR_MOVEMENT,
     .doc = "Where in its cycle it begins",
     .hint = "90deg against another lfo turns two knobs in a circle"},
};

const chr_module CHR_MODULE(lfo) = {
    .name = "lfo",
    .doc = "Slow wave for moving parameters.",
    .group = "Modulation and maths",
    .source = "plain shapes of one phase",
    .example = "patch saw 110 > lpf cutoff=800+lfo(0.5)*600 > gain 0.3 > out",
    CHR_LIST(inputs),
    CHR_LIST(outputs),
    CHR_LIST(params),
    .shape = CHR_MONO,
    .state_bytes = sizeof(lfo_state),
    .init = lfo_init,
    .chance = CHR_CHANCE(SHAPE, RANDOM),
    .process = lfo_process,
    .bounded = true,
    .most = lfo_most,
};
