/* dsp/modules/perc.c: `perc`, the envelope of what is struck or plucked: a quick rise and a fall
 * that nothing holds up.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/arg.h"
#include "dsp/kernel/envelope.h"
#include "dsp/kernel/math.h"

enum { IN, GATE };                    /* inputs */
enum { DECAY, ATTACK, CURVE, AGAIN }; /* params */

/* What the curve makes of the fall: how far below silence it aims (10 is nearly a straight line,
 * 1e-5 what an exponential fall ends at), and the time constants until it is 60 dB down. */
typedef struct bend {
    chr_vec overshoot, constants;
} bend;

static inline bend bend_of(chr_vec curve) {
    chr_vec c = chr_clamp(curve, chr_set(0.0f), chr_set(1.0f));
    chr_vec overshoot = chr_vexp2(3.32192809f - 19.9315686f * c); /* 10^(1 - 6c) */
    return (bend){overshoot, chr_vlog((1.0f + overshoot) / (0.001f + overshoot))};
}

typedef struct {
    chr_envelope envelope;
    chr_envelope_memo memo; /* shares of attack and fall, and the fall's overshoot */
} perc_state;

/* The knobs, and what is made of them. */
typedef struct shape {
    chr_arg attack, decay, curve;
    float rate_hz;
    bool steady; /* the knobs are constant: the rest holds throughout */
    chr_vec rise, fall, overshoot;
} shape;

/* What the knobs come to at sample i. */
static inline void shape_at(shape *s, int i) {
    bend bent = bend_of(chr_read(s->curve, i));
    s->rise =
        chr_envelope_share(chr_set(CHR_ENV_ATTACK_CONSTANTS), chr_read(s->attack, i), s->rate_hz);
    s->fall = chr_envelope_share(bent.constants, chr_read(s->decay, i), s->rate_hz);
    s->overshoot = bent.overshoot;
}

static inline shape shape_of(const chr_block *b, chr_envelope_memo *memo) {
    shape s = {.attack = b->params[ATTACK],
               .decay = b->params[DECAY],
               .curve = b->params[CURVE],
               .rate_hz = b->rate_hz};
    s.steady = (s.attack.step | s.decay.step | s.curve.step) == 0;
    if (!s.steady) {
        shape_at(&s, b->from);
        return s;
    }
    const chr_vec knob[3] = {chr_read(s.attack, 0), chr_read(s.decay, 0), chr_read(s.curve, 0)};
    if (!chr_envelope_recalls(memo, knob)) {
        shape_at(&s, 0);
        memo->result[0] = s.rise;
        memo->result[1] = s.fall;
        memo->result[2] = s.overshoot;
    }
    s.rise = memo->result[0];
    s.fall = memo->result[1];
    s.overshoot = memo->result[2];
    return s;
}

/* The share of its way by which each lane moves in its stage. */
static inline chr_vec share_of(const chr_envelope *e, const shape *s) {
    return chr_select(e->stage == CHR_ENV_ATTACK, s->rise, s->fall);
}

/* Strikes where the gate opens, from the level where the envelope is or, `anew`, from silence. That
 * it closes means nothing here. */
static inline bool follow_gate(chr_envelope *e, chr_vec gate, bool anew) {
    chr_ivec open = gate > 0.0f, struck = open & ~e->open;
    e->open = open;
    if (!chr_any(struck))
        return false;
    chr_vec from = chr_set(0.0f);
    if (!anew)
        from = chr_envelope_goal(e, from) + chr_envelope_distance(e);
    chr_envelope_attack(e, struck, from);
    return true;
}

static inline bool end_stages(chr_envelope *e, const shape *s) {
    chr_vec d = chr_envelope_distance(e);
    chr_ivec risen = chr_envelope_attack_ended(e, d), fallen = chr_envelope_fall_ended(e, d);
    if (!chr_any(risen | fallen))
        return false;
    chr_envelope_stay(e, fallen, CHR_ENV_REST);
    chr_envelope_fall(e, risen, CHR_ENV_DECAY, chr_set(1.0f), s->overshoot);
    return true;
}

/* Samples from..to-1 of one cell of the grid, one by one; the first is on the grid or in a cell
 * that has begun. */
static inline void step_through(chr_envelope *e, shape *knobs, const chr_block *b, bool anew,
                                int from, int to) {
    const chr_arg in = b->inputs[IN], gate = b->inputs[GATE];
    chr_vec *out = chr_rows(b, 0), share = share_of(e, knobs);
    for (int i = from; i < to; i++) {
        if (!knobs->steady)
            shape_at(knobs, i);
        if (follow_gate(e, chr_read(gate, i), anew) || !knobs->steady)
            share = share_of(e, knobs);
        e->gone = chr_envelope_gone_next(e->gone, share);
        if (end_stages(e, knobs))
            share = share_of(e, knobs);
        out[i] = (chr_envelope_goal(e, chr_set(0.0f)) + chr_envelope_distance(e)) * chr_read(in, i);
    }
}

static chr_process_fn perc_process;
static void perc_process(void *state, const chr_block *b) {
    perc_state *s = state;
    chr_envelope e = s->envelope;
    const chr_arg in = b->inputs[IN], gate = b->inputs[GATE];
    shape knobs = shape_of(b, &s->memo);
    chr_vec *out = chr_rows(b, 0);
    const bool anew = chr_choice(b, AGAIN) == 1;

    /* The whole block at once, or cell by cell where something happens in it. */
    for (int from = b->from, to = b->to; from < b->to; from = to, to = b->to) {
        if (from % CHR_ENV_CELL == 0)
            chr_envelope_regrid(&e);
        follow_gate(&e, chr_read(gate, from), anew);
        chr_vec share = share_of(&e, &knobs);
        bool quiet = knobs.steady && chr_envelope_is_quiet(&e, share, gate, from, &to);
        if (quiet)
            chr_envelope_glide(&e, share, chr_envelope_goal(&e, chr_set(0.0f)), in, out, from, to);
        else
            step_through(&e, &knobs, b, anew, from, to = chr_envelope_cell_end(from, to));
    }
    s->envelope = e;
}

/* What is struck begins sharply, whatever rings. */
static chr_level_fn perc_level;
static float perc_level(const void *state, int lane) {
    (void)state;
    (void)lane;
    return 0.0f;
}

static chr_rests_fn perc_rests;
static bool perc_rests(const void *state, int lane) {
    const perc_state *s = state;
    return s->envelope.stage[lane] == CHR_ENV_REST && !s->envelope.open[lane];
}

static chr_most_fn perc_most;
static float perc_most(const float *most) {
    return CHR_ENVELOPE_MOST * most[IN];
}

static const chr_port inputs[] = {
    CHR_ENVELOPE_IN,
    {.name = "gate",
      .kind = CHR_GATE,
      .doc = "strikes when it opens (rises above zero)",
      .normal = CHR_NORMAL_GATE},
};
static const chr_port outputs[] = {CHR_ENVELOPE_OUT};
static const chr_param_info params[] = {
    CHR_ENVELOPE_KNOB("decay", "Decay", CHR_UNIT_S, 60.0f, 0.3f, CHR_TIME, "Time to fade by 60 dB",
                      "40ms for a click, 400ms for a drum"),
    CHR_ENVELOPE_KNOB("attack", "Attack", CHR_UNIT_S, 60.0f, 0.001f, CHR_TIME,
                      "Time from silence to the full level",
                      "0 to 2ms for a hit, 20ms to soften it"),
    CHR_ENVELOPE_KNOB(
        "curve", "Curve", CHR_UNIT_NONE, 1.0f, 1.0f, CHR_DYNAMICS,
        "How the fall is bent: 1 drops fast and rings out, as a drum does, 0 falls in a straight "
        "line",
        "0.3 to 0.6 for a fuller body"),
    {.word = "again",
       .display = "Again",
       .unit = CHR_UNIT_NONE,
       .min = 0.0f,
       .max = 1.0f,
       .dflt = 0.0f,
       .curve = CHR_LIN,
       .context = CHR_DYNAMICS,
       .doc = "From where a new strike rises: the level of the moment, or silence",
       .hint = "from silence each strike is the same; `restrike` behind it keeps that from ticking",
       .choices = "level|silence"},
};

const chr_module CHR_MODULE(perc) = {
    .name = "perc",
    .doc = "Envelope of what is struck or plucked: it rises, and fades by itself.",
    .group = "Envelopes and dynamics",
    .source = "exponential stages of an RC network, as in analogue envelope generators",
    .example = "patch saw 110 > lpf 900 > perc 300ms gate=lfo(2) > gain 0.6 > out",
    CHR_LIST(inputs),
    CHR_LIST(outputs),
    CHR_LIST(params),
    .shape = CHR_MONO,
    .state_bytes = sizeof(perc_state),
    .process = perc_process,
    .level = perc_level,
    .rests = perc_rests,
    .most = perc_most,
};
