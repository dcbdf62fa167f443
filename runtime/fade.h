/* runtime/fade.h: the last fade of a session, after the engine: what is heard when it ends.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_FADE_H
#define CHR_RUNTIME_FADE_H

#include <stdint.h>

#define CHR_END_FADE_S 0.050

/* Level of the frame that comes `n` frames after the fade began. */
static inline float chr_end_fade(uint64_t n, double rate_hz) {
    float t = (float)n / (float)(CHR_END_FADE_S * rate_hz);
    return t < 1.0f ? 1.0f - t * t * (3.0f - 2.0f * t) : 0.0f;
}

#endif
