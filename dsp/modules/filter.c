/* dsp/modules/filter.c: `filter` and its four kinds, `lpf` `hpf` `bpf` `notch`: 12 dB an octave,
 * with resonance.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/filtering.h"
#include "dsp/kernel/svf.h"

enum { TYPE = CHR_FILTER_RES + 1 }; /* a param of `filter` alone */

static inline __attribute__((always_inline)) void run(void *state, const chr_block *b,
                                                      chr_svf_kind kind) {
    /* Not copied as a whole: of one lane compilers would keep it in integer registers, and each
     * sample would wait for the way there and back. */
    chr_svf *kept = state, f = {.band = kept->band, .low = kept->low};
    const chr_filtering io = chr_filtering_of(b);
    chr_vec k = chr_svf_damping(chr_read(io.res, io.from));
    if ((io.cutoff.step | io.res.step) == 0) {
        const chr_svf_coefs a = chr_svf_coefs_of(chr_read(io.cutoff, 0), k, io.period_s);
        for (int i = io.from; i < io.to; i++)
            io.out[i] = chr_svf_step(&f, &a, chr_read(io.in, i), kind);
    } else if (io.res.step == 0) {
        for (int i = io.from; i < io.to; i++) {
            const chr_svf_coefs a = chr_svf_coefs_of(chr_read(io.cutoff, i), k, io.period_s);
            io.out[i] = chr_svf_step(&f, &a, chr_read(io.in, i), kind);
        }
    } else {
        for (int i = io.from; i < io.to; i++) {
            const chr_svf_coefs a = chr_svf_coefs_of(
                chr_read(io.cutoff, i), chr_svf_damping(chr_read(io.res, i)), io.period_s);
            io.out[i] = chr_svf_step(&f, &a, chr_read(io.in, i), kind);
        }
    }
    kept->band = f.band;
    kept->low = f.low;
}

static chr_process_fn lowpass, highpass, bandpass, notch;
static void lowpass(void *state, const chr_block *b) {
    run(state, b, CHR_SVF_LOWPASS);
}
static void highpass(void *state, const chr_block *b) {
    run(state, b, CHR_SVF_HIGHPASS);
}
static void bandpass(void *state, const chr_block *b) {
    run(state, b, CHR_SVF_BANDPASS);
}
static void notch(void *state, const chr_block *b) {
    run(state, b, CHR_SVF_NOTCH);
}

static chr_process_fn filter_process;
static void filter_process(void *state, const chr_block *b) {
    switch (chr_choice(b, TYPE)) {
    case CHR_SVF_LOWPASS:
        lowpass(state, b);
        break;
    case CHR_SVF_HIGHPASS:
        highpass(state, b);
        break;
    case CHR_SVF_BANDPASS:
        bandpass(state, b);
        break;
    default:
        notch(state, b);
    }
}

CHR_FILTER_PORTS

/* In the order that all five share; the kinds leave the last out. */
static const chr_param_info params[] = {
    CHR_FILTER_CUTOFF_KNOB("Frequency where the filter begins to work"),
    CHR_FILTER_RES_KNOB("How much the filter rings at its cutoff: 0 is flat, 1 whistles",
                        "0.2 to 0.7; above 0.8 the cutoff becomes a tone"),
    {.word = "type",
       .display = "Type",
       .unit = CHR_UNIT_NONE,
       .min = 0.0f,
       .max = 3.0f,
       .dflt = 0.0f,
       .curve = CHR_LIN,
       .context = CHR_BRIGHTNESS,
       .doc = "What passes: the lows, the highs, a band, or all but a band",
       .choices = "lowpass|highpass|bandpass|notch"},
};

#define DESCRIBE(name_, doc_, count, function, example_)                                           \
    const chr_module CHR_MODULE(name_) = {                                                         \
        .name = #name_,                                                                            \
        .doc = doc_,                                                                               \
        .group = "Filters",                                                                        \
        .source = "Zavalishin and Simper: trapezoidal state-variable filter",                      \
        .example = example_,                                                                       \
        CHR_LIST(inputs),                                                                          \
        CHR_LIST(outputs),                                                                         \
        .params = params,                                                                          \
        .n_params = count,                                                                         \
        .shape = CHR_MONO,                                                                         \
        .state_bytes = sizeof(chr_svf),                                                            \
        .process = function,                                                                       \
    };

DESCRIBE(filter,
         "Lets a part of the sound pass: lows, highs, a band, or all but a band; 12 dB an octave.",
         3, filter_process, "patch saw 110 > filter 800 res=0.5 type=bandpass > out")
DESCRIBE(lpf, "Low-pass filter: takes the brightness away above its cutoff, 12 dB an octave.", 2,
         lowpass, "patch saw 110 > lpf (lfo 0.5 > range 300 2kHz) res=0.5 > gain 0.3 > out")
DESCRIBE(hpf, "High-pass filter: takes the weight away below its cutoff, 12 dB an octave.", 2,
         highpass, "patch saw 110 > hpf 600 > gain 0.3 > out")
DESCRIBE(bpf,
         "Band-pass filter: lets only what is near its cutoff pass; narrower with more resonance.",
         2, bandpass, "patch noise > bpf 800 res=0.8 > gain 2 > out")
DESCRIBE(notch, "Notch filter: takes out what is near its cutoff; narrower with more resonance.", 2,
         notch, "patch saw 110 > notch (lfo 0.3 > range 300 2kHz) res=0.3 > gain 0.3 > out")
