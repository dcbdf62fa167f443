/* runtime/cli/take.c: frames held back, then written.
 * SPDX-License-Identifier: MIT */
#include "runtime/cli/take.h"

#include <stdlib.h>
#include <string.h>

bool chr_take_push(chr_take *t, const float *frames, uint64_t n) {
    size_t samples = (size_t)n * (size_t)t->n_channels;
    if (samples == 0)
        return true;
    if (t->n_held + samples > t->room) {
        size_t room = (t->n_held + samples) * 2;
        float *more = realloc(t->held, room * sizeof *more);
        if (!more)
            return false;
        t->held = more;
        t->room = room;
    }
    if (frames)
        memcpy(t->held + t->n_held, frames, samples * sizeof *frames);
    else
        memset(t->held + t->n_held, 0, samples * sizeof *t->held);
    t->n_held += samples;
    return true;
}

uint64_t chr_take_length(const chr_take *t) {
    return t->written + t->n_held / (size_t)t->n_channels;
}

bool chr_take_commit(chr_take *t, uint64_t end) {
    if (end <= t->written)
        return true;
    size_t n = (size_t)(end - t->written), samples = n * (size_t)t->n_channels;
    const float *from = t->held;
    for (size_t left = n; t->file && left > 0;) {
        int piece = left < 65536 ? (int)left : 65536;
        if (!chr_soundfile_write(t->file, from, piece))
            return false;
        from += (size_t)piece * (size_t)t->n_channels;
        left -= (size_t)piece;
    }
    t->written = end;
    t->n_held -= samples;
    memmove(t->held, t->held + samples, t->n_held * sizeof *t->held);
    return true;
}

void chr_take_drop(chr_take *t) {
    free(t->held);
    t->held = NULL;
    t->n_held = t->room = 0;
}
