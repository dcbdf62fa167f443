/* dsp/modules/vco.c: `vco` and its waves by their own names: `sine`, `saw`, `square`, `pulse`,
 * `triangle`. The waves and their band-limited edges are in dsp/kernel/oscillator.h; this file
 * connects and describes them.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/oscillator.h"

enum { SYNC, RESET };              /* index into inputs */
enum { FREQ, WAVE, WIDTH, PHASE }; /* index into the params of vco; the others lack some */

#define WAVE_FUNCTIONS(name, wave)                                                                 \
    static chr_oscillator_fn run_##name;                                                           \
    static __attribute__((noinline)) void run_##name(void *state, const chr_oscillator_in *in,     \
                                                     const chr_block *b) {                         \
        chr_oscillator_run(state, wave, in, b);                                                    \
    }                                                                                              \
    static inline void play_##name(void *state, const chr_oscillator_in *in, const chr_block *b) { \
        chr_oscillator_play(state, wave, run_##name, in, b);                                       \
    }
WAVE_FUNCTIONS(sine, CHR_SINE)
WAVE_FUNCTIONS(saw, CHR_SAW)
WAVE_FUNCTIONS(square, CHR_SQUARE)
WAVE_FUNCTIONS(pulse, CHR_PULSE)
WAVE_FUNCTIONS(triangle, CHR_TRIANGLE)

static chr_process_fn vco_process;
static void vco_process(void *state, const chr_block *b) {
    const chr_oscillator_in in = {b->params[FREQ], b->params[PHASE], b->params[WIDTH],
                                  b->inputs[SYNC], b->inputs[RESET]};
    switch (chr_choice(b, WAVE)) {
    case 0:
        play_saw(state, &in, b);
        break;
    case 1:
        play_square(state, &in, b);
        break;
    case 2:
        play_pulse(state, &in, b);
        break;
    case 3:
        play_triangle(state, &in, b);
        break;
    default:
        play_sine(state, &in, b);
        break;
    }
}

/* By their own names they have no width to set, save the pulse. */
static const chr_vec unread; /* these waves ignore it */
static inline chr_oscillator_in plain(const chr_block *b) {
    return (chr_oscillator_in){
        b->params[FREQ],
        b->params[1],
        {(const float *)(const void *)&unread, 0},
        b->inputs[SYNC],
        b->inputs[RESET]
    };
}
static chr_process_fn sine_process;
static void sine_process(void *state, const chr_block *b) {
    const chr_oscillator_in in = plain(b);
    play_sine(state, &in, b);
}
static chr_process_fn saw_process;
static void saw_process(void *state, const chr_block *b) {
    const chr_oscillator_in in = plain(b);
    play_saw(state, &in, b);
}
static chr_process_fn square_process;
static void square_process(void *state, const chr_block *b) {
    const chr_oscillator_in in = plain(b);
    play_square(state, &in, b);
}
static chr_process_fn triangle_process;
static void triangle_process(void *state, const chr_block *b) {
    const chr_oscillator_in in = plain(b);
    play_triangle(state, &in, b);
}
static chr_process_fn pulse_process;
static void pulse_process(void *state, const chr_block *b) {
    const chr_oscillator_in in = {b->params[FREQ], b->params[2], b->params[1], b->inputs[SYNC],
                                  b->inputs[RESET]};
    play_pulse(state, &in, b);
}

static const chr_port inputs[] = {
    {.name = "sync",
     .kind = CHR_AUDIO,
     .doc = "restarts the wave where this signal rises through zero"},
    {.name = "reset",
     .kind = CHR_GATE,
     .doc = "begins the wave anew, out of silence, when it opens"   },
};
static const chr_port outputs[] = {
    {.name = "out",
     .kind = CHR_AUDIO,
     .doc = "the wave, -1 to 1; its clean edges overshoot to 1.4"},
};

#define FREQ_PARAM                                                                                 \
    {                                                                                              \
        .word = "freq", .display = "Frequency", .unit = CHR_UNIT_HZ, .min = 0.01f,                 \
        .max = 20000.0f, .dflt = 220.0f, .curve = CHR_LOG, .context = CHR_PITCH,                   \
        .normal = CHR_NORMAL_FREQ,                                                                 \
        .doc = "Pitch; a signal bends it, at any speed and through zero",                          \
        .hint = "55Hz for a bass, 440Hz or A4"                                                     \
    }
#define WIDTH_PARAM                                                                                \
    {                                                                                              \
        .word = "width", .display = "Width", .unit = CHR_UNIT_RATIO, .min = 0.01f, .max = 0.99f,   \
        .dflt = PULSE_WIDTH, .curve = CHR_LIN, .context = CHR_BRIGHTNESS,                          \
        .doc = "How long the pulse is up, as a part of its cycle",                                 \
        .hint = "0.5 is hollow, 0.1 is thin and nasal; move it slowly for a chorus"                \
    }
#define PHASE_PARAM                                                                                \
    {                                                                                              \
        .word = "phase", .display = "Phase", .unit = CHR_UNIT_DEG, .min = -360.0f, .max = 360.0f,  \
        .dflt = 0.0f, .curve = CHR_LIN, .context = CHR_MOVEMENT,                                   \
        .doc = "Where in its cycle the wave starts; a signal makes phase modulation",              \
        .hint = "90deg to start a sine at its top"                                                 \
    }

#define PULSE_WIDTH 0.5f
static const chr_param_info vco_params[] = {
    FREQ_PARAM,
    {.word = "wave",
      .display = "Wave",
      .unit = CHR_UNIT_NONE,
      .min = 0.0f,
      .max = 4.0f,
      .dflt = 0.0f,
      .curve = CHR_LIN,
      .context = CHR_BRIGHTNESS,
      .doc = "Shape of the wave",
      .choices = "saw|square|pulse|triangle|sine"},
    WIDTH_PARAM,
    PHASE_PARAM,
};
#undef PULSE_WIDTH
#define PULSE_WIDTH 0.25f /* a pulse that is a square would be a square */
static const chr_param_info pulse_params[] = {FREQ_PARAM, WIDTH_PARAM, PHASE_PARAM};
static const chr_param_info plain_params[] = {FREQ_PARAM, PHASE_PARAM};

/* Corrections of many edges may meet. */
static chr_most_fn wave_most;
static float wave_most(const float *most) {
    (void)most;
    return 1000.0f;
}

#define EVENTS "band-limited events after Brandt (2001), 12-tap kernel designed for Chronus"
#define OSCILLATOR(word, sentence, origin, sample, kernel, list)                                   \
    const chr_module CHR_MODULE(word) = {                                                          \
        .name = #word,                                                                             \
        .doc = sentence,                                                                           \
        .group = "Oscillators",                                                                    \
        .source = origin,                                                                          \
        .example = sample,                                                                         \
        CHR_LIST(inputs),                                                                          \
        CHR_LIST(outputs),                                                                         \
        .params = list,                                                                            \
        .n_params = (int)(sizeof list / sizeof list[0]),                                           \
        .shape = CHR_MONO,                                                                         \
        .state_bytes = sizeof(chr_oscillator),                                                     \
        .process = kernel,                                                                         \
        .bounded = true,                                                                           \
        .most = wave_most,                                                                         \
    }

OSCILLATOR(vco, "Oscillator with a choice of waves.", EVENTS,
           "patch vco 110 wave=pulse width=0.3 > gain 0.3 > out", vco_process, vco_params);
OSCILLATOR(sine, "Pure tone.", "polynomial of the phase", "patch sine 220 > gain 0.3 > out",
           sine_process, plain_params);
OSCILLATOR(saw, "Sawtooth: all harmonics, bright and full.", EVENTS,
           "patch saw 110 > gain 0.3 > out", saw_process, plain_params);
OSCILLATOR(square, "Square: odd harmonics, hollow.", EVENTS, "patch square 110 > gain 0.3 > out",
           square_process, plain_params);
OSCILLATOR(pulse, "Pulse of any width, from hollow to nasal.", EVENTS,
           "patch pulse 110 width=0.2 > gain 0.3 > out", pulse_process, pulse_params);
OSCILLATOR(triangle, "Triangle: soft, with faint odd harmonics.", EVENTS,
           "patch triangle 220 > gain 0.3 > out", triangle_process, plain_params);
