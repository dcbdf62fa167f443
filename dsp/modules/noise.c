/* dsp/modules/noise.c: `noise`: white, pink and brown.
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/math.h"
#include "dsp/kernel/random.h"
#include "dsp/module.h"

enum { COLOR };
enum { WHITE, PINK, BROWN };
enum { POLES = 6 };

typedef struct {
    chr_uvec count;      /* samples made */
    chr_uvec key[2];     /* which noise */
    chr_vec pole[POLES]; /* pink: outputs of the one-pole filters; brown: the integral, and its mean */
} noise_state;

/* Pink noise falls by 3 dB an octave at any rate alike, so the filter is one of frequency over rate: six one-pole
 * low-passes added to the white, gains by least squares (Lawson) against 1/sqrt(f). Within 0.13 dB from rate/30000 to
 * rate/2.1. Scaled to an rms of 0.25. */
static const float pink_pole[POLES] = {0.99980002f, 0.998738881f, 0.99206947f, 0.951003317f, 0.728346314f, 0.135335283f};
static const float pink_gain[POLES] = {0.00266755101f, 0.00545954909f, 0.0114455865f,
                                       0.0323376273f,  0.0644438993f,  0.235479879f};
static const float pink_white = -0.133895501f;

static void noise_init(void *state, int lane, uint64_t seed, float rate_hz) {
    noise_state *s = state;
    (void)rate_hz;
    chr_random_keys(s->key, lane, seed);
}

static chr_vec next_white(noise_state *s) {
    chr_vec x = chr_random(s->count, s->key);
    s->count += 1;
    return x;
}

static void white(noise_state *s, const chr_block *b) {
    for (int i = b->from; i < b->to; i++)
        chr_output(b, 0, i, next_white(s));
}

static void pink(noise_state *s, const chr_block *b) {
    for (int i = b->from; i < b->to; i++) {
        chr_vec x = next_white(s), sum = x * pink_white;
        for (int k = 0; k < POLES; k++) {
            s->pole[k] = s->pole[k] * pink_pole[k] + x;
            sum += s->pole[k] * pink_gain[k];
        }
        chr_output(b, 0, i, sum);
    }
}

/* 6 dB an octave from 20 Hz up; below, a high-pass keeps the walk from straying. */
static void brown(noise_state *s, const chr_block *b) {
    chr_vec leak = chr_vexp2(chr_set(-9.06472028f * 20.0f * b->period_s)); /* e^(-2 pi 20 Hz) */
    chr_vec track = chr_set(6.28318531f * 10.0f * b->period_s);
    /* The rms of leaking white noise is sqrt(1/3 / (1 - leak^2)); the high-pass takes a third of the power. */
    chr_vec gain = chr_sqrt((1.0f - leak * leak) * (3.0f * 1.5f)) * 0.25f;
    for (int i = b->from; i < b->to; i++) {
        s->pole[0] = s->pole[0] * leak + next_white(s) * gain;
        s->pole[1] += (s->pole[0] - s->pole[1]) * track;
        chr_output(b, 0, i, s->pole[0] - s->pole[1]);
    }
}

static void noise_process(void *state, const chr_block *b) {
    switch (chr_choice(b, COLOR)) {
    case PINK: pink(state, b); break;
    case BROWN: brown(state, b); break;
    default: white(state, b); break;
    }
}

static const chr_port outputs[] = {
    {.name = "out", .kind = CHR_AUDIO, .doc = "the noise; white fills -1 to 1"},
};
static const chr_param_info params[] = {
    {.word = "color", .display = "Colour", .unit = CHR_UNIT_NONE, .min = 0.0f, .max = 2.0f, .dflt = WHITE,
     .curve = CHR_LIN, .context = CHR_BRIGHTNESS, .doc = "Balance of the noise.",
     .hint = "white hisses, pink is even to the ear, brown rumbles", .choices = "white|pink|brown"},
};

const chr_module CHR_MODULE(noise) = {
    .name = "noise",
    .doc = "Noise: white, pink or brown.",
    .group = "Oscillators",
    .source = "hashed counter; pink by six fitted one-pole filters",
    .example = "patch noise pink > gain 0.3 > out",
    CHR_LIST(outputs),
    CHR_LIST(params),
    .shape = CHR_MONO,
    .state_bytes = sizeof(noise_state),
    .init = noise_init,
    .process = noise_process,
};
