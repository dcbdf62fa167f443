/* tests/support/engine_kit.h: an engine to offer IR to, and what it plays.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_ENGINE_KIT_H
#define CHR_TESTS_ENGINE_KIT_H

#include "runtime/engine.h"

enum { KIT_RATE = 48000 };

/* Two channels, stems. */
chr_engine *kit_engine(int lanes, bool ceiling);
/* An offer that must succeed; at the next chunk, or at a moment. */
void kit_offer(chr_engine *e, chr_ir *ir);
void kit_offer_at(chr_engine *e, chr_ir *ir, chr_offer_when when);
/* Renders in pieces of `block` frames, tending before each; interleaved, to be freed. */
float *kit_render(chr_engine *e, int frames, int block);
/* The same into nothing. */
void kit_skip(chr_engine *e, int frames, int block);
/* The left side of an owner's sound in the last chunk; fails where there is none. */
const float *kit_stem(const chr_engine *e, const char *owner);

#endif
