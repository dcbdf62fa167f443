/* tests/render/modules_everywhere.c: every module in a patch of five voices that a melody plays,
 * one hash each, the same for every lane count. `hashes [LANES]` as arguments prints them: that is
 * how other machines are compared (tests/everyway/aarch64.sh), so this file needs no test library.
 * SPDX-License-Identifier: MIT */
#include "dsp/registry.h"
#include "lang/hash.h"
#include "runtime/engine.h"
#include "tests/support/ir_maker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VOICES = 5, BLOCKS = 100, BLOCK = 256 };

static void wire(ir_maker *m, uint32_t node, const chr_module *d, uint32_t saw) {
    for (int k = 0; k < d->n_inputs; k++)
        if (d->inputs[k].kind == CHR_GATE)
            ir_voice(m, node, d->inputs[k].name, CHR_VOICE_GATE);
        else
            ir_wire(m, node, d->inputs[k].name, saw, 0);
    for (int k = 0; k < d->n_params; k++)
        if (d->params[k].normal == CHR_NORMAL_FREQ)
            ir_voice(m, node, d->params[k].word, CHR_VOICE_FREQ);
        else if (d->params[k].normal == CHR_NORMAL_IN || !strcmp(d->params[k].word, "a"))
            ir_wire(m, node, d->params[k].word, saw, 0);
}

/* A saw in each voice into the module, its voices mixed. */
static chr_ir *session(const chr_module *d) {
    ir_maker m = ir_begin();
    uint32_t o = ir_owner(&m, "keys", VOICES);
    uint32_t saw = ir_node(&m, o, "saw", "saw", VOICES);
    for (uint32_t i = 0; i < VOICES; i++)
        ir_set_one(&m, saw, "freq", i, 60.0 * (i + 1.1));
    uint32_t heard = saw;
    if (d->shape != CHR_SUM) {
        heard = ir_node(&m, o, d->name, "module", VOICES);
        wire(&m, heard, d, saw);
    }
    uint32_t mix = ir_sum(&m, o, d->shape == CHR_SUM ? d->name : "mix", "mix", heard);
    ir_out(&m, o, mix, (uint32_t)m.nodes[mix].module->n_outputs - 1);
    static const float notes[] = {48, 52, 55, 60, 64};
    ir_pattern(&m, o, "keys", notes, 5, 1, 7);
    return ir_end(&m);
}

/* 0: memory is out. */
static uint64_t hash_of(const chr_module *d, int lanes) {
    chr_engine_options o = {.rate_hz = 48000, .lanes = lanes, .ceiling = true, .n_channels = 2};
    chr_engine *e = chr_engine_new(&o);
    if (!e)
        return 0;
    uint64_t h = chr_hash_start;
    if (chr_engine_offer(e, session(d), NULL) != CHR_OK)
        h = 0;
    chr_engine_play(e);
    static float out[2 * BLOCK];
    for (int t = 0; t < BLOCKS && h; t++) {
        chr_engine_tend(e);
        chr_engine_render(e, out, BLOCK);
        for (int i = 0; i < 2 * BLOCK; i++) {
            uint32_t bits;
            memcpy(&bits, out + i, sizeof bits);
            h = chr_hash_more(h, bits);
        }
    }
    chr_engine_free(e);
    return h;
}

int main(int argc, char **argv) {
    bool print = argc > 1 && !strcmp(argv[1], "hashes");
    int asked = argc > 2 ? atoi(argv[2]) : 0, differ = 0;
    static const int lanes[] = {1, 4, 8, 16};
    for (int k = 0; k < chr_registry_count(); k++) {
        const chr_module *d = chr_registry_modules()[k];
        uint64_t h = hash_of(d, asked);
        if (print)
            printf("%-12s %016llx\n", d->name, (unsigned long long)h);
        for (int l = 0; l < 4 && !print; l++)
            if (hash_of(d, lanes[l]) != h) {
                printf("%s: %d lanes differ\n", d->name, lanes[l]);
                differ++;
            }
        if (!h)
            return 2;
    }
    return differ != 0;
}
