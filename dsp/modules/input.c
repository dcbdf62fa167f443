/* dsp/modules/input.c: `input`, what the sound device hears. The host's samples lie in the block;
 * where nothing is heard they are zeros.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/arg.h"

enum { CHANNEL }; /* params */

static chr_process_fn input_process;
static void input_process(void *state, const chr_block *b) {
    (void)state;
    const chr_arg channel = b->params[CHANNEL];
    chr_vec *out = chr_rows(b, 0);
    for (int i = b->from, to = b->to; i < to; i++) {
        chr_vec wanted = chr_read(channel, i), sound = chr_set(0.0f);
        for (uint32_t c = 0; c < b->n_heard; c++) {
            chr_ivec this = (wanted >= (float)(c + 1)) & (wanted < (float)(c + 2));
            sound = chr_select(this, chr_set(b->heard[c * CHR_CHUNK + (uint32_t)i]), sound);
        }
        out[i] = sound;
    }
}

static const chr_port outputs[] = {
    {.name = "out", .kind = CHR_AUDIO, .doc = "what that channel hears"}
};
static const chr_param_info params[] = {
    {.word = "channel",
     .display = "Channel",
     .unit = CHR_UNIT_NONE,
     .min = 1.0f,
     .max = 16.0f,
     .dflt = 1.0f,
     .curve = CHR_LIN,
     .context = CHR_SPACE,
     .doc = "Which input of the sound device, counted from 1",
     .hint = "1 for a microphone, 1 and 2 for the two sides of a stereo input"},
};

const chr_module CHR_MODULE(input) = {
    .name = "input",
    .doc =
        "What the sound device hears: a microphone, an instrument. Start with `--inputs 2`; in a "
        "rendering it is silence.",
    .group = "Oscillators",
    .source = "the samples of the sound device",
    .example = "patch input 1 > hpf 100 > delay 0.3 > gain -6dB > out",
    CHR_LIST(outputs),
    CHR_LIST(params),
    .shape = CHR_MONO,
    .process = input_process,
};
