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
#include "dsp/kernel/over_time.h"
#include "dsp/kernel/saturation.h"

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

static inline chr_vec amount_of(chr_arg drive, int i) {
    return chr_clamp(chr_read(drive, i), chr_set(0.1f), chr_set(100.0f));
}

#if CHR_LANES == 1
/* All but the two filters, which wait for their last sample. */
CHR_OVER_TIME drive_over_time(drive_state *s, const chr_block *b, const int n) {
    const float slow = 6.28318531f * DC_CORNER_HZ * b->period_s;
    chr_line spare[2], full, mean, put;
    const float *in = chr_over_of(b->inputs[IN], b->from, n, &spare[0]);
    const float *drive = chr_over_of(b->params[DRIVE], b->from, n, &spare[1]);
    float x[1 + CHR_CHUNK], shelf = s->shelf[0], dc = s->dc[0]; /* x: the one of before first */
    x[0] = s->before[0];
    for (int i = 0; i < n; i += CHR_WIDE) {
        chr_wide amount = chr_wclamp(chr_wide_at(drive + i), chr_wset(0.1f), chr_wset(100.0f));
        chr_wide driven =
            chr_wclamp(chr_wide_at(in + i) * amount, chr_wset(-1000.0f), chr_wset(1000.0f));
        chr_wide_put(x + 1 + i, driven);
        chr_line_put(&mean, i, (1.0f + SHELF) * chr_wmean_tanh(chr_wide_at(x + i), driven));
        chr_line_put(&full, i, chr_wtanh(amount));
    }
    for (int i = 0; i < n; i++) {
        shelf = mean.x[i] - SHELF * shelf;
        mean.x[i] = shelf;
    }
    for (int i = 0; i < n; i += CHR_WIDE)
        chr_line_put(&mean, i, chr_line_at(&mean, i) / chr_line_at(&full, i));
    for (int i = 0; i < n; i++) {
        dc += slow * (mean.x[i] - dc);
        full.x[i] = dc;
    }
    float *out = chr_over_out(b, 0, n, &put);
    for (int i = 0; i < n; i += CHR_WIDE)
        chr_wide_put(out + i, chr_line_at(&mean, i) - chr_line_at(&full, i));
    chr_over_done(b, 0, n, &put);
    s->before = chr_set(x[n]);
    s->shelf = chr_set(shelf);
    s->dc = chr_set(dc);
    return true;
}
#endif

static chr_process_fn drive_process;
static void drive_process(void *state, const chr_block *b) {
    drive_state *s = state;
    if (CHR_RUN_OVER_TIME(drive_over_time, s, b))
        return;
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
        shelf = (1.0f + SHELF) * chr_mean_tanh(before, x) - SHELF * shelf;
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
    .over_time = true,
};
