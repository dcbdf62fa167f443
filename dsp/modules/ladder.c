/* dsp/modules/ladder.c: `ladder`, the four-pole transistor ladder, 24 dB an octave, with saturation
 * in every stage.
 *
 * R. A. Moog's circuit (US patent 3475623) in A. Huovilainen's model (DAFx-04): ds/dt = 2 pi f
 * (tanh(u) - tanh(s)) for each stage, the first fed by in - r s4. The integrators are trapezoidal
 * and the loop has no delay: tanh(x) is x times its chord tanh(x)/x, taken at the states known
 * before the sample, which leaves a linear loop to be solved at once (T. Voipio, "Cheap non-linear
 * zero-delay filters", 2012; compare S. D'Angelo and V. Välimäki, "Generalized Moog Ladder Filter:
 * Part II", 2014). The method is theirs; the code is written from the equations.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/filtering.h"
#include "dsp/kernel/math.h"

enum { DRIVE = CHR_FILTER_RES + 1 }; /* the third param */

/* Loop gain at full resonance. It oscillates from 4 on; the rest is what saturation needs to settle
 * at an even level. */
static const float FULL_RESONANCE = 4.3f;
/* Full scale against the knee of the transistors at drive 1. */
static const float KNEE = 0.5f;
/* Share of the level that resonance takes from the lows that is given back at the input. */
static const float GIVEN_BACK = 0.5f;

typedef struct ladder_state {
    chr_vec s1, s2, s3, s4; /* the capacitors */
    chr_vec before;         /* the driven input of the sample before */
} ladder_state;

/* tanh(x)/x as a fraction that is never divided out: (27 + x^2) / (27 + 9 x^2) up to 3, where it
 * meets 1/|x| with the same slope. Within 0.024 of tanh when multiplied by x, and bounded as it is.
 */
typedef struct chord {
    chr_vec up, down;
} chord;

static inline chord chord_at(chr_vec x) {
    chr_vec t = x * x;
    chr_ivec flat = t > 9.0f;
    return (chord){chr_select(flat, chr_set(1.0f), t + 27.0f),
                   chr_select(flat, chr_abs(x), t * 9.0f + 27.0f)};
}

/* What the parameters make of one sample. */
typedef struct settings {
    chr_vec f;       /* tan(pi cutoff / rate) */
    chr_vec loop;    /* gain round the loop */
    chr_vec in, out; /* factors before and after the saturation */
} settings;

static inline settings settings_of(chr_vec cutoff_hz, chr_vec res, chr_vec drive,
                                   chr_vec period_s) {
    chr_vec loop = FULL_RESONANCE * chr_clamp(res, chr_set(0.0f), chr_set(1.0f));
    chr_vec push = KNEE * chr_clamp(drive, chr_set(0.1f), chr_set(100.0f));
    chr_vec f = chr_vtan_half(chr_clamp(cutoff_hz * period_s, chr_set(1e-5f), chr_set(0.49f)));
    /* Where it sings, saturation slows the stages: measured 5.3 % for each 1 of loop gain past 4,
     * less at high cutoffs. */
    chr_vec singing = chr_max(loop - 4.0f, chr_set(0.0f)) * chr_max(1.0f - 2.6f * f, chr_set(0.0f));
    return (settings){
        .f = f * (1.0f + 0.053f * singing),
        .loop = loop,
        .in = push * (1.0f + GIVEN_BACK * loop),
        .out = 1.0f / chr_vtanh(push),
    };
}

static inline chr_vec step(ladder_state *s, const settings *a, chr_vec in) {
    chr_vec f = a->f, f2 = f + f, x = in * a->in;
    /* The input's chord is taken half a sample late, as the states' chords are. */
    chord c0 = chord_at(0.5f * (x + s->before) - a->loop * s->s4);
    chord c1 = chord_at(s->s1), c2 = chord_at(s->s2), c3 = chord_at(s->s3), c4 = chord_at(s->s4);
    chr_vec t0 = c0.up / c0.down;
    /* Stage k gives c_k (s_k + f u) with c_k = chord / (1 + f chord). */
    chr_vec q1 = 1.0f / (c1.down + f * c1.up), q2 = 1.0f / (c2.down + f * c2.up);
    chr_vec q3 = 1.0f / (c3.down + f * c3.up), q4 = 1.0f / (c4.down + f * c4.up);
    chr_vec k1 = c1.up * q1, k2 = c2.up * q2, k3 = c3.up * q3, last = c4.down * q4;
    chr_vec p1 = f * k1, p2 = f * k2, p3 = f * k3;

    /* The fourth stage's voltage, from the states and from the input: v = free + gain * (x - loop *
     * v). */
    chr_vec free = last * (s->s4 + p3 * (s->s3 + p2 * (s->s2 + p1 * s->s1)));
    chr_vec gain = last * p3 * p2 * p1 * (f * t0);
    chr_vec v = (free + gain * x) / (1.0f + a->loop * gain);

    chr_vec u = t0 * (x - a->loop * v);
    chr_vec y1 = k1 * (s->s1 + f * u), y2 = k2 * (s->s2 + f * y1), y3 = k3 * (s->s3 + f * y2);
    chr_vec y4 = c4.up * q4 * (s->s4 + f * y3);
    s->s1 += f2 * (u - y1);
    s->s2 += f2 * (y1 - y2);
    s->s3 += f2 * (y2 - y3);
    s->s4 += f2 * (y3 - y4);
    s->before = x;
    return v * a->out;
}

static chr_process_fn ladder_process;
static void ladder_process(void *state, const chr_block *b) {
    ladder_state s = *(ladder_state *)state;
    const chr_filtering io = chr_filtering_of(b);
    const chr_arg drive = b->params[DRIVE];
    if ((io.cutoff.step | io.res.step | drive.step) == 0) {
        const settings a = settings_of(chr_read(io.cutoff, 0), chr_read(io.res, 0),
                                       chr_read(drive, 0), io.period_s);
        for (int i = io.from; i < io.to; i++)
            io.out[i] = step(&s, &a, chr_read(io.in, i));
    } else {
        for (int i = io.from; i < io.to; i++) {
            const settings a = settings_of(chr_read(io.cutoff, i), chr_read(io.res, i),
                                           chr_read(drive, i), io.period_s);
            io.out[i] = step(&s, &a, chr_read(io.in, i));
        }
    }
    *(ladder_state *)state = s;
}

CHR_FILTER_PORTS
static const chr_param_info params[] = {
    CHR_FILTER_CUTOFF_KNOB(
        "Frequency of the resonance; above it the sound falls by 24 dB an octave"),
    CHR_FILTER_RES_KNOB("How much the filter rings; from 0.95 on it sings by itself",
                        "0.3 to 0.8 for acid lines"),
    {.word = "drive",
       .display = "Drive",
       .unit = CHR_UNIT_RATIO,
       .min = 1.0f,
       .max = 20.0f,
       .dflt = 1.0f,
       .curve = CHR_LOG,
       .context = CHR_GRIT,
       .doc = "How hard the sound is pushed into the transistors",
       .hint = "1 to 4; more is fuzz"},
};

const chr_module CHR_MODULE(ladder) = {
    .name = "ladder",
    .doc = "Transistor ladder: the fat four-pole low-pass of early synthesizers, with saturation.",
    .group = "Filters",
    .source = "Moog's ladder, after Huovilainen (DAFx-04) and Voipio (2012)",
    .example = "patch saw 55 > ladder (lfo 0.5 > range 200 2kHz) res=0.7 drive=2 > gain 0.6 > out",
    CHR_LIST(inputs),
    CHR_LIST(outputs),
    CHR_LIST(params),
    .shape = CHR_MONO,
    .state_bytes = sizeof(ladder_state),
    .process = ladder_process,
};
