/* dsp/modules/env.c: `env`, an attack-decay-sustain-release envelope with the curves of an analogue
 * one.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/arg.h"
#include "dsp/kernel/envelope.h"

enum { IN, GATE };                        /* inputs */
enum { ATTACK, DECAY, SUSTAIN, RELEASE }; /* params */

/* A fall reaches a thousandth (-60 dB) of its height at its time, and ends at a hundred-thousandth:
 * ln((1 + 1e-5) / (1e-3 + 1e-5)) time constants. */
static const float OVERSHOOT = 1e-5f, FALL_CONSTANTS = 6.89781497f;

typedef struct {
    chr_envelope envelope;
    chr_envelope_memo memo; /* shares of attack, decay and release */
    chr_vec level;          /* at the last sample */
} env_state;

/* The knobs that say how long a stage takes. */
typedef struct times {
    chr_arg attack, decay, release;
    float rate_hz;
    bool steady;                   /* all three are constant */
    const chr_envelope_memo *memo; /* and this is what they come to */
} times;

static inline times times_of(const chr_block *b, chr_envelope_memo *memo) {
    times t = {.attack = b->params[ATTACK],
               .decay = b->params[DECAY],
               .release = b->params[RELEASE],
               .rate_hz = b->rate_hz,
               .memo = memo};
    t.steady = (t.attack.step | t.decay.step | t.release.step) == 0;
    if (!t.steady)
        return t;
    const chr_vec knob[3] = {chr_read(t.attack, 0), chr_read(t.decay, 0), chr_read(t.release, 0)};
    if (!chr_envelope_recalls(memo, knob)) {
        memo->result[0] = chr_envelope_share(chr_set(CHR_ENV_ATTACK_CONSTANTS), knob[0], t.rate_hz);
        memo->result[1] = chr_envelope_share(chr_set(FALL_CONSTANTS), knob[1], t.rate_hz);
        memo->result[2] = chr_envelope_share(chr_set(FALL_CONSTANTS), knob[2], t.rate_hz);
    }
    return t;
}

/* The share of its way by which each lane moves in its stage, at sample i. */
static inline chr_vec share_of(const chr_envelope *e, const times *t, int i) {
    chr_ivec attack = e->stage == CHR_ENV_ATTACK, decay = e->stage == CHR_ENV_DECAY;
    if (t->steady)
        return chr_select(attack, t->memo->result[0],
                          chr_select(decay, t->memo->result[1], t->memo->result[2]));
    chr_vec seconds = chr_select(attack, chr_read(t->attack, i),
                                 chr_select(decay, chr_read(t->decay, i), chr_read(t->release, i)));
    return chr_envelope_share(
        chr_select(attack, chr_set(CHR_ENV_ATTACK_CONSTANTS), chr_set(FALL_CONSTANTS)), seconds,
        t->rate_hz);
}

/* Starts what the gate asks for, from the level where the envelope is. Returns the lanes in which
 * it asked for something. */
static inline chr_ivec follow_gate(chr_envelope *e, chr_vec gate, chr_vec sustain) {
    chr_ivec open = gate > 0.0f, changed = open ^ e->open;
    if (!chr_any(changed))
        return changed;
    chr_vec level = chr_envelope_goal(e, sustain) + chr_envelope_distance(e);
    chr_envelope_attack(e, changed & open, level);
    chr_envelope_fall(e, changed & ~open, CHR_ENV_RELEASE, level, chr_set(OVERSHOOT));
    e->open = open;
    return changed;
}

/* Goes on to the next stage where one has ended. Returns whether one has. */
static inline bool end_stages(chr_envelope *e, chr_vec sustain) {
    chr_vec d = chr_envelope_distance(e);
    chr_ivec risen = chr_envelope_attack_ended(e, d), fallen = chr_envelope_fall_ended(e, d);
    if (!chr_any(risen | fallen))
        return false;
    chr_envelope_stay(e, fallen & (e->stage == CHR_ENV_RELEASE), CHR_ENV_REST);
    chr_envelope_stay(e, fallen & (e->stage == CHR_ENV_DECAY), CHR_ENV_SUSTAIN);
    chr_envelope_fall(e, risen, CHR_ENV_DECAY, 1.0f - sustain, chr_set(OVERSHOOT));
    return true;
}

static inline chr_vec held_level(chr_arg sustain, int i) {
    return chr_clamp(chr_read(sustain, i), chr_set(0.0f), chr_set(1.0f));
}

/* Samples from..to-1 of one cell of the grid, one by one; the first is on the grid or in a cell
 * that has begun. `moved`: lanes in which the gate has moved at the first. */
static inline void step_through(chr_envelope *e, const times *t, const chr_block *b, chr_ivec moved,
                                int from, int to) {
    const chr_arg in = b->inputs[IN], gate = b->inputs[GATE], sustain = b->params[SUSTAIN];
    chr_vec *out = chr_rows(b, 0), share = share_of(e, t, from);
    for (int i = from; i < to; i++) {
        chr_vec end = held_level(sustain, i);
        if (i > from)
            moved = follow_gate(e, chr_read(gate, i), end);
        if (chr_any(moved) || !t->steady)
            share = share_of(e, t, i);
        /* The level waits in the sample in which the gate closes: where that is one sample
         * between two notes, nothing dips. */
        e->gone = chr_select(moved & ~e->open, e->gone, chr_envelope_gone_next(e->gone, share));
        if (end_stages(e, end))
            share = share_of(e, t, i);
        out[i] = (chr_envelope_goal(e, end) + chr_envelope_distance(e)) * chr_read(in, i);
    }
}

static chr_process_fn env_process;
static void env_process(void *state, const chr_block *b) {
    env_state *s = state;
    chr_envelope e = s->envelope;
    const chr_arg in = b->inputs[IN], gate = b->inputs[GATE], sustain = b->params[SUSTAIN];
    const times t = times_of(b, &s->memo);
    const bool steady = t.steady && sustain.step == 0;
    chr_vec *out = chr_rows(b, 0);

    /* The whole block at once, or cell by cell where something happens in it. */
    for (int from = b->from, to = b->to; from < b->to; from = to, to = b->to) {
        if (from % CHR_ENV_CELL == 0)
            chr_envelope_regrid(&e);
        chr_ivec moved = follow_gate(&e, chr_read(gate, from), held_level(sustain, from));
        chr_vec share = share_of(&e, &t, from);
        if (steady && !chr_any(moved) && chr_envelope_is_quiet(&e, share, gate, from, &to))
            chr_envelope_glide(&e, share, chr_envelope_goal(&e, held_level(sustain, from)), in, out,
                               from, to);
        else
            step_through(&e, &t, b, moved, from, to = chr_envelope_cell_end(from, to));
    }
    s->envelope = e;
    s->level = chr_envelope_goal(&e, held_level(sustain, b->to - 1)) + chr_envelope_distance(&e);
}

static chr_level_fn env_level;
static float env_level(const void *state, int lane) {
    const env_state *s = state;
    return s->level[lane];
}

static chr_rests_fn env_rests;
static bool env_rests(const void *state, int lane) {
    const env_state *s = state;
    return s->envelope.stage[lane] == CHR_ENV_REST && !s->envelope.open[lane];
}

static chr_most_fn env_most;
static float env_most(const float *most) {
    return CHR_ENVELOPE_MOST * most[IN];
}

static const chr_port inputs[] = {
    CHR_ENVELOPE_IN,
    {.name = "gate",
      .kind = CHR_GATE,
      .doc = "open above zero: starts the envelope, and lets it go",
      .normal = CHR_NORMAL_GATE},
};
static const chr_port outputs[] = {CHR_ENVELOPE_OUT};
static const chr_param_info params[] = {
    CHR_ENVELOPE_KNOB("attack", "Attack", CHR_UNIT_S, 60.0f, 0.005f, CHR_TIME,
                      "Time from silence to the full level", "1ms for a pluck, 500ms for a pad"),
    CHR_ENVELOPE_KNOB("decay", "Decay", CHR_UNIT_S, 60.0f, 0.2f, CHR_TIME,
                      "Time from the full level to the sustain level (60 dB of the way)",
                      "50ms to 1s"),
    CHR_ENVELOPE_KNOB("sustain", "Sustain", CHR_UNIT_RATIO, 1.0f, 0.7f, CHR_DYNAMICS,
                      "Level that is held until the note is let go",
                      "0 for plucked sounds, 0.6 to 1 for held ones"),
    CHR_ENVELOPE_KNOB("release", "Release", CHR_UNIT_S, 60.0f, 0.2f, CHR_TIME,
                      "Time to fade by 60 dB after the note is let go", "100ms to 2s"),
};

const chr_module CHR_MODULE(env) = {
    .name = "env",
    .doc = "Envelope with attack, decay, sustain and release: shapes each note's level, or any "
           "other parameter.",
    .group = "Envelopes and dynamics",
    .source = "exponential stages of an RC network, as in analogue envelope generators",
    .example = "patch saw 110 > lpf 900 > env attack=10ms decay=0.2 sustain=0.4 gate=lfo(2) > gain "
               "0.5 > out",
    CHR_LIST(inputs),
    CHR_LIST(outputs),
    CHR_LIST(params),
    .shape = CHR_MONO,
    .state_bytes = sizeof(env_state),
    .process = env_process,
    .level = env_level,
    .rests = env_rests,
    .most = env_most,
};
