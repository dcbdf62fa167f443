/* dsp/kernel/svf.h: the two-pole state-variable filter with trapezoidal integrators and no delay in
 * its loop.
 *
 * V. Zavalishin, "The Art of VA Filter Design" (topology-preserving transform); A. Simper, "Linear
 * trapezoidal integrated state variable filter with low noise optimisation" (2013): the states move
 * by small steps, so that low cutoffs lose no precision. It stays bounded however fast the cutoff
 * moves (A. Wishnick, "Time-varying filters for musical applications", DAFx-14), as its damping
 * never falls to zero.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_DSP_KERNEL_SVF_H
#define CHR_DSP_KERNEL_SVF_H

#include "dsp/vec.h"

typedef struct chr_svf {
    chr_vec band, low; /* the two integrators */
} chr_svf;

typedef struct chr_svf_coefs {
    chr_vec k; /* damping, 1/Q */
    chr_vec move, drag,
        lift; /* steps of the integrators: 2g, 2g(g + k) and 2g^2 over 1 + g(g + k) */
} chr_svf_coefs;

/* Damping of a resonance knob: sqrt 2 at 0, where the response is flat (Butterworth) and the cutoff
 * its -3 dB point; Q is 25 at 1. The square gives the upper half of the travel to the ringing
 * sounds. */
static inline chr_vec chr_svf_damping(chr_vec res) {
    chr_vec rest = 1.0f - chr_clamp(res, chr_set(0.0f), chr_set(1.0f));
    return rest * rest * 1.37421356f + 0.04f;
}

/* tan(pi x) as a fraction, x = frequency / rate in 0..0.49; relative error 1e-5, a fiftieth of a
 * cent. Everything that follows from it is homogeneous in numerator and denominator, so they are
 * never divided. */
static inline chr_svf_coefs chr_svf_coefs_of(chr_vec cutoff_hz, chr_vec k, chr_vec period_s) {
    chr_vec x = chr_clamp(cutoff_hz * period_s, chr_set(1e-5f), chr_set(0.49f)), t = x * x;
    chr_vec s = x * (3.1415623f - t * 3.02552719f);
    chr_vec c = (t * 1.01470109f - 4.25366437f) * t + 1.0f;
    chr_vec bent = s + k * c;
    chr_vec step = (s + s) / (c * c + s * bent);
    return (chr_svf_coefs){.k = k, .move = step * c, .drag = step * bent, .lift = step * s};
}

typedef enum chr_svf_kind {
    CHR_SVF_LOWPASS,
    CHR_SVF_HIGHPASS,
    CHR_SVF_BANDPASS,
    CHR_SVF_NOTCH
} chr_svf_kind;

/* One sample. `kind` is known when this is compiled. The two sums of each state are ordered so that
 * one product and two sums lie between a state and the next. */
static inline chr_vec chr_svf_step(chr_svf *f, const chr_svf_coefs *a, chr_vec in,
                                   chr_svf_kind kind) {
    chr_vec gap = in - f->low;
    chr_vec band = (f->band - a->drag * f->band) + a->move * gap;
    chr_vec low = (f->low + a->move * f->band) + a->lift * gap;
    chr_vec band_out = 0.5f * (band + f->band), low_out = 0.5f * (low + f->low);
    f->band = band;
    f->low = low;
    switch (kind) {
    case CHR_SVF_LOWPASS:
        return low_out;
    case CHR_SVF_HIGHPASS:
        return (in - low_out) - a->k * band_out;
    case CHR_SVF_BANDPASS:
        return a->k * band_out; /* 0 dB at the centre, whatever the resonance */
    default:
        return in - a->k * band_out;
    }
}

#endif
