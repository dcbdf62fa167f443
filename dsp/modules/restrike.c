/* dsp/modules/restrike.c: `restrike`, at the end of a drum: what still rings makes way for a new
 * strike, which begins out of silence, without a tick.
 *
 * Where the gate opens, the sound before it breaks off. What it would have gone on with is told
 * from its last three samples: the parabola through them makes the next two, and what is missing
 * there to its level, slope and curvature reaches zero together at the end of the fade, along the
 * polynomial of the least degree that does this (the fifth). That is added to the new sound. The
 * new sound is taken to rise from zero, and what comes in at the first two samples for what goes
 * on of the old one anyway: at the velocity of the new one, for instance.
 *
 * Hiss cannot be told in advance; there the last sample alone goes on, and fades.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/arg.h"

enum { IN, GATE }; /* inputs */
enum { FADE };     /* params */

typedef struct {
    chr_vec last[3]; /* what came out, newest first */
    chr_vec came;    /* what came in at the sample before */
    chr_vec peak;    /* how loud it is: falls by a thousandth a sample */
    chr_vec miss;    /* how far the parabola has missed it: falls by a hundredth a sample */
    chr_vec at;      /* how much of the fade is over, 0..1 */
    chr_vec step;    /* what a sample adds to it; 0 where no fade runs */
    chr_vec c[3];    /* the fade is (1 - at)^3 (c0 + c1 at + c2 at^2) */
    chr_ivec struck; /* all ones if the sample before was the first of a strike */
    chr_ivec open;   /* all ones while the gate is open */
} restrike_state;

/* Lanes whose next sample can be told. The parabola misses a tone of 600 Hz by a two-thousandth. */
static inline chr_ivec is_tone(const restrike_state *s) {
    return s->miss < s->peak * 0.002f;
}

/* Where the parabola goes on. */
static inline chr_vec parabola(const restrike_state *s) {
    return (s->last[0] - s->last[1]) * 3.0f + s->last[2];
}

/* The sample that would have come. */
static inline chr_vec next_of(const restrike_state *s) {
    return chr_select(is_tone(s), parabola(s), s->last[0]);
}

/* Begins the fade in the lanes of a mask, n samples long: x came in, and `gap` is missing there. */
static inline void begin_fade(restrike_state *s, chr_ivec lanes, chr_vec x, chr_vec gap,
                              chr_vec n) {
    /* How much of it goes on: the best fit of what came in at two samples to what would have come,
     * in level and in step. A step counts as the level of a tone of 120 Hz at 48 kHz. */
    chr_vec came = s->came, then = s->last[0], now = parabola(s), moved = now - then;
    chr_vec part = now * x + then * came + moved * (x - came) * 4096.0f;
    part /= now * now + then * then + moved * moved * 4096.0f + 1e-30f;
    chr_vec missing = 1.0f - chr_clamp(part, chr_set(0.0f), chr_set(4.0f));
    /* Slope and curvature where the fade begins, over its length. */
    chr_vec slope = then * 2.5f - s->last[1] * 4.0f + s->last[2] * 1.5f;
    chr_vec bend = then - s->last[1] * 2.0f + s->last[2];
    chr_ivec told = is_tone(s);
    slope = chr_from_bits(told & chr_bits(slope * missing * n));
    bend = chr_from_bits(told & chr_bits(bend * missing * (n * n * 0.5f)));
    s->c[0] = chr_select(lanes, gap, s->c[0]);
    s->c[1] = chr_select(lanes, slope + gap * 3.0f, s->c[1]);
    s->c[2] = chr_select(lanes, bend + slope * 3.0f + gap * 6.0f, s->c[2]);
    s->at = chr_select(lanes, chr_set(0.0f), s->at);
    s->step = chr_select(lanes, 1.0f / n, s->step);
}

static chr_process_fn restrike_process;
static void restrike_process(void *state, const chr_block *b) {
    restrike_state s = *(restrike_state *)state;
    const chr_arg in = b->inputs[IN], gate = b->inputs[GATE], fade = b->params[FADE];
    chr_vec *out = chr_rows(b, 0);
    for (int i = b->from, to = b->to; i < to; i++) {
        chr_vec x = chr_read(in, i), gap = chr_set(0.0f), next = gap;
        chr_ivec open = chr_read(gate, i) > 0.0f, strikes = open & ~s.open;
        if (chr_any(strikes | s.struck)) {
            next = next_of(&s);
            gap = chr_clamp(next - x, s.peak * -2.0f, s.peak * 2.0f);
            chr_vec n = chr_max(chr_read(fade, i) * b->rate_hz, chr_set(8.0f));
            begin_fade(&s, s.struck, x, gap, n);
        }
        s.open = open;
        s.struck = strikes;
        chr_vec left = 1.0f - s.at;
        chr_vec old = left * left * left * ((s.c[2] * s.at + s.c[1]) * s.at + s.c[0]);
        chr_vec y = chr_select(s.step != 0.0f, x + old, x);
        y = chr_select(strikes, x + gap, y);
        s.at += s.step;
        s.step = chr_from_bits((s.at < 1.0f) & chr_bits(s.step));
        /* The first sample of a strike is no longer the old sound: that would have gone on. */
        chr_vec heard = chr_select(strikes, next, y);
        s.peak = chr_max(chr_abs(heard), s.peak * 0.999f);
        s.miss = chr_max(chr_abs(heard - parabola(&s)), s.miss * 0.99f);
        s.last[2] = s.last[1];
        s.last[1] = s.last[0];
        s.last[0] = heard;
        s.came = x;
        out[i] = y;
    }
    *(restrike_state *)state = s;
}

static const chr_port inputs[] = {
    {.name = "in",   .kind = CHR_AUDIO, .doc = "the drum", .normal = CHR_NORMAL_IN},
    {.name = "gate",
     .kind = CHR_GATE,
     .doc = "strikes when it opens (rises above zero)",
     .normal = CHR_NORMAL_GATE                                                    },
};
static const chr_port outputs[] = {
    {.name = "out", .kind = CHR_AUDIO, .doc = "the drum; each strike cuts the one before it short"},
};
static const chr_param_info params[] = {
    {.word = "fade",
     .display = "Fade",
     .unit = CHR_UNIT_S,
     .min = 0.0005f,
     .max = 0.02f,
     .dflt = 0.002f,
     .curve = CHR_LOG,
     .context = CHR_TIME,
     .doc = "Time in which what still rings makes way",
     .hint = "2ms; more for a very low drum"},
};

const chr_module CHR_MODULE(restrike) = {
    .name = "restrike",
    .doc = "Keeps a drum that still rings from ticking when it is struck again.",
    .group = "Envelopes and dynamics",
    .source = "Hermite interpolation from the last samples to silence",
    .example = "patch sine 60 reset=gate > perc 2s again=silence > restrike > gain 0.6 > out",
    CHR_LIST(inputs),
    CHR_LIST(outputs),
    CHR_LIST(params),
    .shape = CHR_MONO,
    .state_bytes = sizeof(restrike_state),
    .process = restrike_process,
};
