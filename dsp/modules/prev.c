/* dsp/modules/prev.c: `prev`, the signal one sample ago. It closes the shortest feedback loop there
 * is.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/arg.h"

enum { IN }; /* inputs */

typedef struct prev_state {
    chr_vec last; /* input of the sample before */
} prev_state;

static chr_process_fn prev_process;
static void prev_process(void *state, const chr_block *b) {
    prev_state *s = state;
    const chr_arg in = b->inputs[IN];
    chr_vec *out = chr_rows(b, 0), last = s->last;
    for (int i = b->from, to = b->to; i < to; i++) {
        chr_vec x = chr_read(in, i); /* read first: the graph may let output and input share rows */
        out[i] = last;
        last = x;
    }
    s->last = last;
}

static chr_process_fn prev_emit;
static void prev_emit(void *state, const chr_block *b) {
    const prev_state *s = state;
    chr_rows(b, 0)[b->from] = s->last;
}

static chr_process_fn prev_accept;
static void prev_accept(void *state, const chr_block *b) {
    prev_state *s = state;
    s->last = chr_read(b->inputs[IN], b->from);
}

static const chr_port inputs[] = {
    {.name = "in",
     .kind = CHR_AUDIO,
     .doc = "signal to hold for one sample",
     .normal = CHR_NORMAL_IN},
};
static const chr_port outputs[] = {
    {.name = "out", .kind = CHR_AUDIO, .doc = "the signal one sample ago"}
};

const chr_module CHR_MODULE(prev) = {
    .name = "prev",
    .doc = "The signal one sample ago: for feedback, and for filters of your own.",
    .group = "Modulation and maths",
    .source = "unit delay",
    .example = "patch (saw 110 + prev(saw 110)) * 0.25 > out",
    CHR_LIST(inputs),
    CHR_LIST(outputs),
    .shape = CHR_MONO,
    .state_bytes = sizeof(prev_state),
    .process = prev_process,
    .emit = prev_emit,
    .accept = prev_accept,
};
