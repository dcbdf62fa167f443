/* dsp/kernel/filtering.h: what the filters share: what they read and write, and how their knobs are
 * described.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_DSP_KERNEL_FILTERING_H
#define CHR_DSP_KERNEL_FILTERING_H

#include "dsp/kernel/arg.h"

enum { CHR_FILTER_IN };                     /* inputs */
enum { CHR_FILTER_CUTOFF, CHR_FILTER_RES }; /* the first params */

/* The head of a filter's loop. Coefficients are worked out once where all that they depend on is
 * constant, else for each sample, by the same arithmetic; the loop that follows is then the
 * recursion and little else. */
typedef struct chr_filtering {
    chr_arg in, cutoff, res;
    chr_vec period_s;
    chr_vec *out;
    int from, to;
} chr_filtering;

static inline chr_filtering chr_filtering_of(const chr_block *b) {
    return (chr_filtering){.in = b->inputs[CHR_FILTER_IN],
                           .cutoff = b->params[CHR_FILTER_CUTOFF],
                           .res = b->params[CHR_FILTER_RES],
                           .period_s = chr_set(b->period_s),
                           .out = chr_rows(b, 0),
                           .from = b->from,
                           .to = b->to};
}

/* In descriptors. */
#define CHR_FILTER_PORTS                                                                           \
    static const chr_port inputs[] = {                                                             \
        {.name = "in", .kind = CHR_AUDIO, .doc = "sound to filter", .normal = CHR_NORMAL_IN},      \
    };                                                                                             \
    static const chr_port outputs[] = {                                                            \
        {.name = "out", .kind = CHR_AUDIO, .doc = "the filtered sound"},                           \
    };
#define CHR_FILTER_CUTOFF_KNOB(doc_)                                                               \
    {                                                                                              \
        .word = "cutoff", .display = "Cutoff", .unit = CHR_UNIT_HZ, .min = 20.0f, .max = 20000.0f, \
        .dflt = 1000.0f, .curve = CHR_LOG, .context = CHR_BRIGHTNESS, .doc = doc_,                 \
        .hint = "200 to 800 for a round bass, 1kHz to 5kHz for a bright lead"                      \
    }
#define CHR_FILTER_RES_KNOB(doc_, hint_)                                                           \
    {                                                                                              \
        .word = "res", .display = "Resonance", .unit = CHR_UNIT_RATIO, .min = 0.0f, .max = 1.0f,   \
        .dflt = 0.2f, .curve = CHR_LIN, .context = CHR_GRIT, .doc = doc_, .hint = hint_            \
    }

#endif
