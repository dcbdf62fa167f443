/* runtime/audio/volume.c: how loud everything is together, before the ceiling; a change glides.
 * SPDX-License-Identifier: MIT */
#include "runtime/audio/audio.h"

static float gain_at(const chr_volume *v, uint64_t sample) CHR_NONBLOCKING {
    uint64_t n = sample - v->begin + 1;
    if (n >= v->length)
        return v->to;
    return v->from + (v->to - v->from) * chr_smoothstep((float)n / (float)v->length);
}

void chr_audio_turn(chr_audio *a, float volume, uint64_t at) {
    chr_volume *v = &a->volume;
    if (volume == v->to)
        return;
    v->from = at > v->begin ? gain_at(v, at - 1) : v->to;
    v->to = volume;
    v->begin = at;
    v->length = a->graph ? (uint64_t)(CHR_RAMP_S * (double)a->rate_hz) : 0;
}

void chr_audio_amplify(chr_audio *a, uint64_t from, uint64_t to) {
    const chr_volume *v = &a->volume;
    if (v->to == 1.0f && from >= v->begin + v->length)
        return;
    for (uint64_t n = from; n < to; n++) {
        float gain = gain_at(v, n);
        for (uint32_t c = 0; c < a->n_channels; c++)
            a->dry[c * CHR_CHUNK + (uint32_t)(n - a->clock)] *= gain;
    }
}
