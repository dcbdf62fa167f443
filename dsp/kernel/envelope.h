/* dsp/kernel/envelope.h: the movement that `env` and `perc` share: exponential stages, as a
 * capacitor makes them.
 *
 * A stage is `level = goal + d`, where d loses the same share of itself at every sample. Keeping d
 * rather than the level keeps its relative precision. What is gone since the last grid point (every
 * eighth sample of the absolute clock) is `gone`, the same for every grid cell of a steady stage,
 * so that eight samples follow from one another in no more than one product each; only from cell to
 * cell is there a recursion, with Kahan's compensation, so that an attack of a minute is as exact
 * as one of a millisecond.
 *
 * Attack aims at 1.5 and ends at 1: the first two thirds of a capacitor's curve, slightly bent.
 * What falls aims a little below its end, by `overshoot` times the height of the fall, and ends
 * when it gets there: exactly, without a step.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_DSP_KERNEL_ENVELOPE_H
#define CHR_DSP_KERNEL_ENVELOPE_H

#include "dsp/kernel/arg.h"
#include "dsp/kernel/decay.h"

#include <stdbool.h>

enum {
    CHR_ENV_REST,
    CHR_ENV_ATTACK,
    CHR_ENV_DECAY,
    CHR_ENV_SUSTAIN,
    CHR_ENV_RELEASE
}; /* stages; fresh state rests */

typedef struct chr_envelope {
    chr_vec origin; /* d at the last grid point, or where the stage began after it; 0 at rest and in
                       sustain */
    chr_vec residue; /* what rounding took from origin */
    chr_vec gone;    /* share of origin that has gone since: d = origin - gone * origin */
    chr_vec beyond;  /* how far below its end a falling stage aims, else 0 */
    chr_ivec stage;  /* CHR_ENV_REST and so on */
    chr_ivec open;   /* all ones while the gate is open */
} chr_envelope;

enum { CHR_ENV_CELL = 8 }; /* samples between grid points; divides CHR_CHUNK */

#define CHR_ENV_ATTACK_GOAL 1.5f

/* No level is greater, not even for a sample: a falling stage aims at most ten times its height
 * below its end. */
#define CHR_ENVELOPE_MOST 16.0f

/* The attack covers ln 3 time constants: 1.5 - 1.5 e^-t reaches 1 there. */
#define CHR_ENV_ATTACK_CONSTANTS 1.09861229f

/* Level that the stage moves towards, where `end` is that of decay and sustain; release and rest
 * end at 0. */
static inline chr_vec chr_envelope_goal(const chr_envelope *e, chr_vec end) {
    chr_ivec held = (e->stage == CHR_ENV_DECAY) | (e->stage == CHR_ENV_SUSTAIN);
    chr_vec level = chr_from_bits(held & chr_bits(end)) - e->beyond;
    return chr_select(e->stage == CHR_ENV_ATTACK, chr_set(CHR_ENV_ATTACK_GOAL), level);
}

static inline chr_vec chr_envelope_distance(const chr_envelope *e) {
    return e->origin - e->gone * e->origin;
}

/* At every grid point, before anything else: origin becomes the present distance. */
static inline void chr_envelope_regrid(chr_envelope *e) {
    chr_vec step = e->residue - e->gone * e->origin, next = e->origin + step;
    e->residue = step - (next - e->origin);
    e->origin = next;
    e->gone = chr_set(0.0f);
}

/* One sample on. */
static inline chr_vec chr_envelope_gone_next(chr_vec gone, chr_vec share) {
    return gone + (share - share * gone);
}

/* Begins a stage in the lanes of `where`, at distance d from its goal. */
static inline void chr_envelope_begin(chr_envelope *e, chr_ivec where, int stage, chr_vec d,
                                      chr_vec beyond) {
    e->origin = chr_select(where, d, e->origin);
    e->residue = chr_from_bits(~where & chr_bits(e->residue));
    e->gone = chr_from_bits(~where & chr_bits(e->gone));
    e->beyond = chr_select(where, beyond, e->beyond);
    e->stage = chr_iselect(where, chr_iset(stage), e->stage);
}
static inline void chr_envelope_attack(chr_envelope *e, chr_ivec where, chr_vec from) {
    chr_envelope_begin(e, where, CHR_ENV_ATTACK, from - CHR_ENV_ATTACK_GOAL, chr_set(0.0f));
}
static inline void chr_envelope_fall(chr_envelope *e, chr_ivec where, int stage, chr_vec height,
                                     chr_vec overshoot) {
    chr_vec beyond = height * overshoot;
    chr_envelope_begin(e, where, stage, height + beyond, beyond);
}
static inline void chr_envelope_stay(chr_envelope *e, chr_ivec where, int stage) {
    chr_envelope_begin(e, where, stage, chr_set(0.0f), chr_set(0.0f));
}

/* Lanes in which a stage has just ended, at distance d. */
static inline chr_ivec chr_envelope_attack_ended(const chr_envelope *e, chr_vec d) {
    return (e->stage == CHR_ENV_ATTACK) & (d >= 1.0f - CHR_ENV_ATTACK_GOAL);
}
static inline chr_ivec chr_envelope_fall_ended(const chr_envelope *e, chr_vec d) {
    return ((e->stage == CHR_ENV_DECAY) | (e->stage == CHR_ENV_RELEASE)) & (d <= e->beyond);
}

/* Where the cell ends that sample `from` lies in, or `to` if that is before. */
static inline int chr_envelope_cell_end(int from, int to) {
    int end = from - from % CHR_ENV_CELL + CHR_ENV_CELL;
    return end < to ? end : to;
}

/* Lanes in which a stage is under way. */
static inline chr_ivec chr_envelope_moving(const chr_envelope *e) {
    return (e->stage != CHR_ENV_REST) & (e->stage != CHR_ENV_SUSTAIN);
}

/* Whether a stage can end within n samples. (1 - share)^n >= 1 - n share, and the margin covers the
 * rounding; a false alarm costs time, not bits. */
static inline bool chr_envelope_may_end(const chr_envelope *e, chr_vec share, int n) {
    chr_vec left = chr_abs(chr_envelope_distance(e)) * (1.0f - share * (float)n);
    chr_vec limit =
        chr_select(e->stage == CHR_ENV_ATTACK, chr_set(CHR_ENV_ATTACK_GOAL - 1.0f), e->beyond) *
        1.0001f;
    return chr_any(chr_envelope_moving(e) & ~(left > limit));
}

/* Whether the gate opens or closes after the first sample, which has been followed already. */
static inline bool chr_envelope_gate_moves(const chr_envelope *e, chr_arg gate, int from, int to) {
    if (chr_stands_still(gate, from, to))
        return false;
    const chr_vec *rows = (const chr_vec *)(const void *)gate.v;
    chr_vec least = rows[from], most = rows[from]; /* cheaper than a comparison for each sample */
    for (int i = from + 1; i < to; i++) {
        least = chr_min(rows[i], least);
        most = chr_max(rows[i], most);
    }
    return chr_any(((least > 0.0f) ^ e->open) | ((most > 0.0f) ^ e->open));
}

/* True if nothing begins or ends in samples from..*to-1, or at least in the first cell of them:
 * then *to is where that one ends. They have to be whole cells. */
static inline bool chr_envelope_is_quiet(const chr_envelope *e, chr_vec share, chr_arg gate,
                                         int from, int *to) {
    if ((from | *to) % CHR_ENV_CELL != 0)
        return false;
    if (!chr_envelope_may_end(e, share, *to - from) && !chr_envelope_gate_moves(e, gate, from, *to))
        return true;
    *to = from + CHR_ENV_CELL;
    return !chr_envelope_may_end(e, share, CHR_ENV_CELL) &&
           !chr_envelope_gate_moves(e, gate, from, *to);
}

/* One cell: what is left of its origin, times the input. Of one lane as plain numbers, of which
 * compilers take several at once. */
static inline __attribute__((always_inline)) void
chr_envelope_cell(chr_vec *out, chr_vec goal, chr_vec origin, const chr_vec gone[CHR_ENV_CELL],
                  const chr_vec *in, bool for_all) {
#if CHR_LANES == 1
    float y[CHR_ENV_CELL];
    for (int k = 0; k < CHR_ENV_CELL; k++)
        y[k] = (goal[0] + (origin[0] - gone[k][0] * origin[0])) * in[for_all ? 0 : k][0];
    memcpy(out, y, sizeof y);
#else
    for (int k = 0; k < CHR_ENV_CELL; k++)
        out[k] = (goal + (origin - gone[k] * origin)) * in[for_all ? 0 : k];
#endif
}

/* So many cells whose first sample has been passed already, and in which nothing begins or ends.
 * `in` is a row for each sample, or one for all. */
static inline __attribute__((always_inline)) void
chr_envelope_cells(chr_envelope *e, chr_vec share, chr_vec goal, const chr_vec *in, bool for_all,
                   chr_vec *out, int cells) {
    chr_vec gone[CHR_ENV_CELL];
    gone[0] = chr_envelope_gone_next(chr_set(0.0f), share);
    for (int k = 1; k < CHR_ENV_CELL; k++)
        gone[k] = chr_envelope_gone_next(gone[k - 1], share);
    const chr_vec all = in[0];
    for (int c = 0; c < cells; c++, in += CHR_ENV_CELL, out += CHR_ENV_CELL) {
        if (c)
            chr_envelope_regrid(e);
        chr_envelope_cell(out, goal, e->origin, gone, for_all ? &all : in, for_all);
        e->gone = gone[CHR_ENV_CELL - 1];
    }
}

/* Samples from..to-1, both on grid points and the first one passed already, in which nothing begins
 * or ends. */
static inline void chr_envelope_glide(chr_envelope *e, chr_vec share, chr_vec goal, chr_arg in,
                                      chr_vec *out, int from, int to) {
    if (!chr_any(chr_envelope_moving(e))) { /* every distance is 0, and nothing of it can go */
        for (int i = from; i < to; i++)
            out[i] = goal * chr_read(in, i);
        return;
    }
    const chr_vec *rows = (const chr_vec *)(const void *)in.v + (uint32_t)from * in.step;
    const int cells = (to - from) / CHR_ENV_CELL, all = CHR_CHUNK / CHR_ENV_CELL;
    out += from;
    if (cells == all && in.step)
        chr_envelope_cells(e, share, goal, rows, false, out, all);
    else if (cells == all)
        chr_envelope_cells(e, share, goal, rows, true, out, all);
    else
        chr_envelope_cells(e, share, goal, rows, in.step == 0, out, cells);
}

/* What constant knobs come to, kept beside the knobs: it takes longer to work out than a chunk of
 * the envelope itself. All zeros: nothing is known. */
typedef struct chr_envelope_memo {
    chr_vec knob[3], result[3];
    chr_ivec known; /* all ones in lanes that have been worked out */
} chr_envelope_memo;

/* Whether it was made for these knobs. If not, they are noted, and the results must follow. */
static inline bool chr_envelope_recalls(chr_envelope_memo *m, const chr_vec knob[3]) {
    chr_ivec unlike = ~m->known;
    for (int k = 0; k < 3; k++)
        unlike |= chr_bits(m->knob[k]) ^ chr_bits(knob[k]);
    if (!chr_any(unlike != 0))
        return true;
    for (int k = 0; k < 3; k++)
        m->knob[k] = knob[k];
    m->known = chr_iset(-1);
    return false;
}

/* The share of its way by which a stage of so many time constants moves in a sample, if it lasts so
 * many seconds, and one sample at least. */
static inline chr_vec chr_envelope_share(chr_vec constants, chr_vec seconds, float rate_hz) {
    return chr_decay_share(constants / chr_max(seconds * rate_hz, chr_set(1.0f)));
}

/* In descriptors: the first input, the output, and a knob from 0 up. */
#define CHR_ENVELOPE_IN                                                                            \
    {                                                                                              \
        .name = "in", .kind = CHR_AUDIO,                                                           \
        .doc = "sound to shape; alone, the envelope itself comes out", .normal = CHR_NORMAL_IN,    \
        .dflt = 1.0f                                                                               \
    }
#define CHR_ENVELOPE_OUT                                                                           \
    { .name = "out", .kind = CHR_CONTROL, .doc = "the envelope, 0..1, or the sound shaped by it" }
#define CHR_ENVELOPE_KNOB(word_, display_, unit_, max_, dflt_, context_, doc_, hint_)              \
    {                                                                                              \
        .word = word_, .display = display_, .unit = unit_, .min = 0.0f, .max = max_,               \
        .dflt = dflt_, .curve = CHR_LIN, .context = context_, .doc = doc_, .hint = hint_           \
    }

#endif
