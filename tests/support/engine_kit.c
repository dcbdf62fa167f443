/* tests/support/engine_kit.c: an engine to offer IR to.
 * SPDX-License-Identifier: MIT */
#include "tests/support/engine_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

chr_engine *kit_engine(int lanes, bool ceiling) {
    chr_engine_options o = {
        .rate_hz = KIT_RATE, .lanes = lanes, .ceiling = ceiling, .stems = true, .n_channels = 2};
    chr_engine *e = chr_engine_new(&o);
    assert_non_null(e);
    return e;
}

void kit_offer(chr_engine *e, chr_ir *ir) {
    assert_int_equal(chr_engine_offer(e, ir, NULL), CHR_OK);
}

void kit_offer_at(chr_engine *e, chr_ir *ir, chr_offer_when when) {
    assert_int_equal(chr_engine_offer_when(e, ir, &when, NULL), CHR_OK);
}

float *kit_render(chr_engine *e, int frames, int block) {
    float *out = calloc((size_t)frames * 2 + 2, sizeof *out);
    assert_non_null(out);
    for (int at = 0; at < frames; at += block) {
        chr_engine_tend(e);
        chr_engine_render(e, out + 2 * at, frames - at < block ? frames - at : block);
    }
    return out;
}

void kit_skip(chr_engine *e, int frames, int block) {
    free(kit_render(e, frames, block));
}

const float *kit_stem(const chr_engine *e, const char *owner) {
    const char *name;
    const float *left, *right;
    for (int i = 0; chr_engine_stem(e, i, &name, &left, &right); i++)
        if (!strcmp(name, owner))
            return left;
    fail_msg("no stem of %s", owner);
    return NULL;
}
