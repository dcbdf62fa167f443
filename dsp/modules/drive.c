/* dsp/modules/drive.c: `drive`, warm distortion: a hyperbolic tangent that aliases little.
 *
 * First-order antiderivative anti-aliasing (J. D. Parker, V. Zavalishin, E. Le Bivic, DAFx-16): the
 * output is the mean of tanh over the way from the sample before to this one, a difference of ln
 * cosh over the step. In small steps that form loses all precision; with the middle m and half the
 * step h, ln(cosh(m + h) / cosh(m - h)) = 2 atanh(tanh m tanh h), where nothing cancels. The mean
 * dulls the treble as the middle of two samples does; a one-pole shelf makes up for it.
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/arg.h"
#include "dsp/kernel/math.h"

enum { IN };    /* inputs */
enum { DRIVE }; /* params */

/* The shelf's pole: with it the response is within 0.5 dB up to 10 kHz at 48 kHz. */
static const float SHELF = 0.4f;
/* Corner of the filter that keeps back the direct voltage which a lopsided wave leaves. */
static const float DC_CORNER_HZ = 5.0f;

typedef struct drive_state {
    chr_vec before; /* the driven input of the sample before */
    chr_vec shelf;  /* output of the shelf */
    chr_vec dc;     /* slow mean of the output */
} drive_state;

/* atanh(z)/z for |z| < 0.4; relative error 1e-6. */
static inline chr_vec atanh_ratio(chr_vec z) {
    chr_vec t = z * z, q = chr_set(1.0f / 13.0f);
    q = q * t + 1.0f / 11.0f;
    q = q * t + 1.0f / 9.0f;
    q = q * t + 1.0f / 7.0f;
    q = q * t + 1.0f / 5.0f;
    q = q * t + 1.0f / 3.0f;
    return q * t + 1.0f;
}

/* Mean of tanh between a and b. */
static inline chr_vec mean_tanh(chr_vec a, chr_vec b) {
    chr_vec middle = chr_vtanh(0.5f * (a + b)), half = 0.5f * (b - a);
    chr_vec length = chr_max(
        chr_abs(half), chr_set(1e-6f)); /* tanh(h)/h and ln(…)/2h are even in h, so near 0 too */
    chr_vec ratio = chr_vtanh(length) / length, slope = middle * ratio, z = slope * half;
    /* Half a step past 1, cosh is written as e^|x| (1 + e^-2|x|) / 2; up to there as (1 + z) / (1 -
     * z). */
    chr_ivec far = length > 1.0f;
    chr_vec ea = chr_vexp(-2.0f * chr_abs(a)), eb = chr_vexp(-2.0f * chr_abs(b));
    chr_vec quotient = chr_select(far, 1.0f + eb, 1.0f + z) / chr_select(far, 1.0f + ea, 1.0f - z);
    chr_vec rise = chr_vlog(quotient) + chr_from_bits(far & chr_bits(chr_abs(b) - chr_abs(a)));
    chr_vec signed_length = chr_select(half < 0.0f, -length, length);
    return chr_select(far | (chr_abs(z) >= 0.4f), 0.5f * rise / signed_length,
                      slope * atanh_ratio(z));
}

static inline chr_vec amount_of(chr_arg drive, int i) {
    return chr_clamp(chr_read(drive, i), chr_set(0.1f), chr_set(100.0f));
}

static chr_process_fn drive_process;
static void drive_process(void *state, const chr_block *b) {
    drive_state *s = state;
    const chr_arg in = b->inputs[IN], drive = b->params[DRIVE];
    chr_vec *out = chr_rows(b, 0);
    chr_vec before = s->before, shelf = s->shelf, dc = s->dc;
    const chr_vec slow = chr_set(6.28318531f * DC_CORNER_HZ * b->period_s);
    chr_vec amount = amount_of(drive, b->from), full = chr_vtanh(amount);
    for (int i = b->from, to = b->to; i < to; i++) {
        if (drive.step != 0) {
            amount = amount_of(drive, i);
            full = chr_vtanh(amount);
        }
        chr_vec x = chr_clamp(chr_read(in, i) * amount, chr_set(-1000.0f), chr_set(1000.0f));
        shelf = (1.0f + SHELF) * mean_tanh(before, x) - SHELF * shelf;
        before = x;
        chr_vec y = shelf / full; /* a full-scale peak stays one */
        dc += slow * (y - dc);
        out[i] = y - dc;
    }
    s->before = before;
    s->shelf = shelf;
    s->dc = dc;
}

static const chr_port inputs[] = {
    {.name = "in", .kind = CHR_AUDIO, .doc = "sound to distort", .normal = CHR_NORMAL_IN},
};
static const chr_port outputs[] = {
    {.name = "out", .kind = CHR_AUDIO, .doc = "the distorted sound"}
};
static const chr_param_info params[] = {
    {.word = "drive",
     .display = "Drive",
     .unit = CHR_UNIT_RATIO,
     .min = 1.0f,
     .max = 20.0f,
     .dflt = 2.0f,
     .curve = CHR_LOG,
     .context = CHR_GRIT,
     .doc = "How hard the sound is pushed; full level stays full level",
     .hint = "1.5 to 3 for warmth, 8 and more for fuzz"},
};

const chr_module CHR_MODULE(drive) = {
    .name = "drive",
    .doc = "Warm distortion: rounds the peaks, adds odd harmonics.",
    .group = "Effects",
    .source = "Parker, Zavalishin and Le Bivic (DAFx-16): antiderivative anti-aliasing of tanh",
    .example = "patch sine 110 > drive 4 > gain 0.5 > out",
    CHR_LIST(inputs),
    CHR_LIST(outputs),
    CHR_LIST(params),
    .shape = CHR_MONO,
    .state_bytes = sizeof(drive_state),
    .process = drive_process,
};
