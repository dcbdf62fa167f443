/* dsp/modules/xfade.c: a cross-fade that is under way while the next change arrives. The engine
 * makes it from a fade of the graph before; nobody types it.
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/arg.h"

enum { FROM, TO }; /* inputs */

typedef struct xfade_state {
    chr_ivec begin, length; /* clock of its first sample, modulo 2^32: it may come; samples */
} xfade_state;

/* What the two are comes as the seed: the graph that made the fade knows it. */
static chr_init_fn xfade_init;
static void xfade_init(void *state, int lane, uint64_t seed, float rate_hz) {
    (void)rate_hz;
    xfade_state *s = state;
    ((int32_t *)&s->begin)[lane] = (int32_t)(uint32_t)(seed >> 32);
    ((int32_t *)&s->length)[lane] = (int32_t)(seed & 0x7fffffffu);
}

static chr_process_fn xfade_process;
static void xfade_process(void *state, const chr_block *b) {
    const xfade_state *s = state;
    const chr_arg from = b->inputs[FROM], to = b->inputs[TO];
    chr_vec *out = chr_rows(b, 0), length = chr_float(s->length);
    for (int i = b->from, end = b->to; i < end; i++) {
        chr_uvec passed = (chr_uvec)chr_iset((int32_t)((uint32_t)b->clock + (uint32_t)i + 1u)) -
                          (chr_uvec)s->begin;
        chr_ivec n = (chr_ivec)passed;
        chr_vec x = chr_read(from, i), y = chr_read(to, i), t = chr_float(n) / length;
        chr_vec w = t * t * (3.0f - 2.0f * t);
        chr_vec way = chr_select(n > chr_iset(0), x + (y - x) * w, x);
        out[i] = chr_select((n < s->length) & (x != y), way, y);
    }
}

static const chr_port inputs[] = {
    {.name = "from", .kind = CHR_AUDIO, .doc = "what was heard"          },
    {.name = "to",   .kind = CHR_AUDIO, .doc = "what is heard in the end"},
};
static const chr_port outputs[] = {
    {.name = "out", .kind = CHR_AUDIO, .doc = "what is heard on the way"}
};

const chr_module CHR_MODULE(xfade) = {
    .name = "xfade",
    .doc = "A cross-fade under way.",
    .group = "Level and space",
    .source = "raised by a cubic without corners",
    .example = "patch sine 220 * 0.5 > out",
    CHR_LIST(inputs),
    CHR_LIST(outputs),
    .shape = CHR_MONO,
    .state_bytes = sizeof(xfade_state),
    .init = xfade_init,
    .process = xfade_process,
    .hidden = true,
};
