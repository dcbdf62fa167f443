/* dsp/modules/noise.c: `noise`: white, pink and brown.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/arg.h"
#include "dsp/kernel/math.h"
#include "dsp/kernel/random.h"
#include "dsp/module.h"

enum { COLOR };
enum { WHITE, PINK, BROWN };
enum { POLES = 6 };

typedef struct {
    chr_uvec count;  /* samples made */
    chr_uvec key[2]; /* which noise */
    chr_vec
        pole[POLES]; /* pink: outputs of the one-pole filters; brown: the integral, and its mean */
} noise_state;

/* Pink noise falls by 3 dB an octave at any rate alike, so the filter is one of frequency over
 * rate: six one-pole low-passes added to the white, gains by least squares (Lawson) against
 * 1/sqrt(f). Within 0.13 dB from rate/30000 to rate/2.1. Scaled to an rms of 0.25. */
static const float pink_pole[POLES] = {0.99980002f,  0.998738881f, 0.99206947f,
                                       0.951003317f, 0.728346314f, 0.135335283f};
static const float pink_gain[POLES] = {0.00266755101f, 0.00545954909f, 0.0114455865f,
                                       0.0323376273f,  0.0644438993f,  0.235479879f};
static const float pink_white = -0.133895501f;

static chr_init_fn noise_init;
static void noise_init(void *state, int lane, uint64_t seed, float rate_hz) {
    noise_state *s = state;
    (void)rate_hz;
    chr_random_keys(s->key, lane, seed);
}

static void white(const noise_state *s, chr_vec *out, int n) {
    chr_uvec count = s->count, key[2] = {s->key[0], s->key[1]};
    for (int i = 0; i < n; i++)
        out[i] = chr_random(count + (uint32_t)i, key);
}

static void pink(noise_state *s, chr_vec *out, int n) {
    white(s, out, n);
    chr_vec pole[POLES];
    memcpy(pole, s->pole, sizeof pole);
    for (int i = 0; i < n; i++) {
        chr_vec x = out[i], sum = x * pink_white;
        for (int k = 0; k < POLES; k++) {
            pole[k] = pole[k] * pink_pole[k] + x;
            sum += pole[k] * pink_gain[k];
        }
        out[i] = sum;
    }
    memcpy(s->pole, pole, sizeof pole);
}

/* 6 dB an octave from 20 Hz up; below, a high-pass keeps the walk from straying. */
static void brown(noise_state *s, chr_vec *out, int n, float period_s) {
    white(s, out, n);
    chr_vec leak = chr_vexp2(chr_set(-9.06472028f * 20.0f * period_s)); /* e^(-2 pi 20 Hz) */
    chr_vec track = chr_set(6.28318531f * 10.0f * period_s);
    /* The rms of leaking white noise is sqrt(1/3 / (1 - leak^2)); the high-pass takes a third of
     * the power. */
    chr_vec gain = chr_sqrt((1.0f - leak * leak) * (3.0f * 1.5f)) * 0.25f, walk = s->pole[0],
            mean = s->pole[1];
    for (int i = 0; i < n; i++) {
        walk = walk * leak + out[i] * gain;
        mean += (walk - mean) * track;
        out[i] = walk - mean;
    }
    s->pole[0] = walk;
    s->pole[1] = mean;
}

static chr_process_fn noise_process;
static void noise_process(void *state, const chr_block *b) {
    noise_state *s = state;
    chr_vec *out = chr_rows(b, 0) + b->from;
    int n = b->to - b->from;
    switch (chr_choice(b, COLOR)) {
    case PINK:
        pink(s, out, n);
        break;
    case BROWN:
        brown(s, out, n, b->period_s);
        break;
    default:
        white(s, out, n);
        break;
    }
    s->count += (uint32_t)n;
}

static chr_most_fn noise_most;
static float noise_most(const float *most) {
    (void)most;
    return 1000.0f;
}

static const chr_port outputs[] = {
    {.name = "out", .kind = CHR_AUDIO, .doc = "the noise; white fills -1 to 1"},
};
static const chr_param_info params[] = {
    {.word = "color",
     .display = "Colour",
     .unit = CHR_UNIT_NONE,
     .min = 0.0f,
     .max = 2.0f,
     .dflt = WHITE,
     .curve = CHR_LIN,
     .context = CHR_BRIGHTNESS,
     .doc = "Balance of the noise",
     .hint = "white hisses, pink is even to the ear, brown rumbles",
     .choices = "white|pink|brown"},
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
    .bounded = true,
    .most = noise_most,
    .over_time = true,
};
