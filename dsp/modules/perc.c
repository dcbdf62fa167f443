/* dsp/modules/perc.c: `perc`, the envelope of what is struck or plucked: a quick rise and a fall
 * that nothing holds up.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/arg.h"
#include "dsp/kernel/envelope.h"
#include "dsp/kernel/math.h"

enum { IN, GATE };             /* inputs */
enum { DECAY, ATTACK, CURVE }; /* params */

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

typedef struct times {
    chr_arg attack, decay;
    float rate_hz;
} times;

static inline chr_vec share_of(const chr_envelope *e, const times *t, const bend *shape, int i) {
    chr_ivec attack = e->stage == CHR_ENV_ATTACK;
    chr_vec seconds = chr_select(attack, chr_read(t->attack, i), chr_read(t->decay, i));
    chr_vec constants = chr_select(attack, chr_set(CHR_ENV_ATTACK_CONSTANTS), shape->constants);
    return chr_decay_share(constants / chr_envelope_samples(seconds, t->rate_hz));
}

/* Strikes where the gate opens, from the level where the envelope is. That it closes means nothing
 * here. */
static inline bool follow_gate(chr_envelope *e, chr_vec gate) {
    chr_ivec open = gate > 0.0f, struck = open & ~e->open;
    e->open = open;
    if (!chr_any(struck))
        return false;
    chr_envelope_attack(e, struck, chr_envelope_goal(e, chr_set(0.0f)) + chr_envelope_distance(e));
    return true;
}

static inline bool end_stages(chr_envelope *e, const bend *shape) {
    chr_vec d = chr_envelope_distance(e);
    chr_ivec risen = chr_envelope_attack_ended(e, d), fallen = chr_envelope_fall_ended(e, d);
    if (!chr_any(risen | fallen))
        return false;
    chr_envelope_stay(e, fallen, CHR_ENV_REST);
    chr_envelope_fall(e, risen, CHR_ENV_DECAY, chr_set(1.0f), shape->overshoot);
    return true;
}

static void perc_process(void *state, const chr_block *b) {
    chr_envelope e = *(chr_envelope *)state;
    const chr_arg in = b->inputs[IN], gate = b->inputs[GATE], curve = b->params[CURVE];
    const times t = {b->params[ATTACK], b->params[DECAY], b->rate_hz};
    const bool steady = (t.attack.step | t.decay.step | curve.step) == 0;
    chr_vec *out = chr_rows(b, 0);
    const int from = b->from, to = b->to;
    const chr_vec silence = chr_set(0.0f);

    if (from % CHR_ENV_CELL == 0)
        chr_envelope_regrid(&e);
    follow_gate(&e, chr_read(gate, from));
    bend shape = bend_of(chr_read(curve, from));
    chr_vec share = share_of(&e, &t, &shape, from);
    if (steady && (from | to) % CHR_ENV_CELL == 0 && !chr_envelope_may_end(&e, share, to - from) &&
        !chr_envelope_gate_moves(&e, gate, from, to)) {
        chr_envelope_glide(&e, share, chr_envelope_goal(&e, silence), in, out, from, to);
    } else {
        for (int i = from; i < to; i++) {
            if (i > from && i % CHR_ENV_CELL == 0)
                chr_envelope_regrid(&e);
            if (!steady)
                shape = bend_of(chr_read(curve, i));
            if (follow_gate(&e, chr_read(gate, i)) || !steady)
                share = share_of(&e, &t, &shape, i);
            e.gone = chr_envelope_gone_next(e.gone, share);
            if (end_stages(&e, &shape))
                share = share_of(&e, &t, &shape, i);
            out[i] = (chr_envelope_goal(&e, silence) + chr_envelope_distance(&e)) * chr_read(in, i);
        }
    }
    *(chr_envelope *)state = e;
}

static const chr_port inputs[] = {
    {.name = "in",
     .kind = CHR_AUDIO,
     .doc = "sound to shape; alone, the envelope itself comes out",
     .normal = CHR_NORMAL_IN,
     .dflt = 1.0f},
    {.name = "gate",
     .kind = CHR_GATE,
     .doc = "strikes when it opens (rises above zero)",
     .normal = CHR_NORMAL_GATE},
};
static const chr_port outputs[] = {
    {.name = "out", .kind = CHR_CONTROL, .doc = "the envelope, 0..1, or the sound shaped by it"},
};
#define KNOB(word_, display_, unit_, max_, dflt_, context_, doc_, hint_)                           \
    {                                                                                              \
        .word = word_, .display = display_, .unit = unit_, .min = 0.0f, .max = max_,               \
        .dflt = dflt_, .curve = CHR_LIN, .context = context_, .doc = doc_, .hint = hint_           \
    }
static const chr_param_info params[] = {
    KNOB("decay", "Decay", CHR_UNIT_S, 60.0f, 0.3f, CHR_TIME, "Time to fade by 60 dB.",
         "40ms for a click, 400ms for a drum"),
    KNOB("attack", "Attack", CHR_UNIT_S, 60.0f, 0.001f, CHR_TIME,
         "Time from silence to the full level.", "0 to 2ms for a hit, 20ms to soften it"),
    KNOB("curve", "Curve", CHR_UNIT_NONE, 1.0f, 1.0f, CHR_DYNAMICS,
         "How the fall is bent: 1 drops fast and rings out, as a drum does, 0 falls in a straight "
         "line.",
         "0.3 to 0.6 for a fuller body"),
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
    .state_bytes = sizeof(chr_envelope),
    .process = perc_process,
};
