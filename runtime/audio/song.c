/* runtime/audio/song.c: where the song is, sample by sample, for what moves with it.
 * SPDX-License-Identifier: MIT */
#include "runtime/audio/audio.h"

void chr_audio_song(chr_audio *a, int from, int to) {
    const chr_clock *c = &a->transport;
    for (int i = from; i < to; i++) {
        uint64_t at = a->clock + (uint64_t)i;
        /* The samples before a jump within the chunk stay where the song was. */
        if (!c->running || at >= c->anchor_sample)
            a->song_beat = chr_clock_beat(c, at);
        double whole = (double)(int64_t)a->song_beat;
        a->song[i] = (float)whole;
        a->song[CHR_CHUNK + i] = (float)(a->song_beat - whole);
    }
}
