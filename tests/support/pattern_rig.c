/* tests/support/pattern_rig.c: an instrument whose sound is what it was told to play.
 * SPDX-License-Identifier: MIT */
#include "tests/support/pattern_rig.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

uint32_t rig_owner(ir_maker *m, uint32_t voices) {
    uint32_t o = ir_owner(m, "rig", voices);
    static const struct {
        const char *label, *input;
        chr_voice_value value;
    } sides[] = {
        {"pitch", "left",  CHR_VOICE_NOTE},
        {"gate",  "right", CHR_VOICE_GATE}
    };
    uint32_t level = 0, sums[2];
    for (int k = 0; k < 2; k++) {
        uint32_t n = ir_node(m, o, "add", sides[k].label, voices);
        ir_voice(m, n, "a", sides[k].value);
        sums[k] = ir_sum(m, o, "mix", k ? "gates" : "pitches", n);
    }
    level = ir_node(m, o, "level", "level", 1);
    for (int k = 0; k < 2; k++)
        ir_wire(m, level, sides[k].input, sums[k], 0);
    ir_out(m, o, level, 1);
    return o;
}

chr_ir *rig_session(const chr_score *score, uint32_t voices, double bpm) {
    ir_maker m = ir_begin();
    ir_score(&m, rig_owner(&m, voices), "rig", score);
    ir_time(m.ir, bpm, 4.0);
    return ir_end(&m);
}

char *rig_listen(chr_engine *e, int frames, int block) {
    float *x = kit_render(e, frames, block), pitch = 0, gate = 0;
    int moving = -1; /* the sample at which the pitch left where it was */
    char *text;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    for (int i = 0; i < frames; i++) {
        float p = x[2 * i], g = x[2 * i + 1];
        bool same = !(p < pitch || pitch < p);
        if (g > gate)
            fprintf(to, "%s%d:%g", ftell(to) ? " " : "", i, (double)p);
        else if (g < gate)
            fprintf(to, " %d:-", i);
        else if (g > 0 && moving >= 0 && same)
            fprintf(to, " %d:%g~", moving, (double)p);
        moving = same || g > gate ? -1 : moving < 0 ? i : moving;
        pitch = p;
        gate = g;
    }
    fclose(to);
    free(x);
    return text;
}

char *rig_play(chr_ir *ir, int frames, int block) {
    chr_engine *e = kit_engine(0, false);
    kit_offer(e, ir);
    chr_engine_play(e);
    char *heard = rig_listen(e, frames, block);
    chr_engine_free(e);
    return heard;
}
