/* runtime/audio/sections.c: which notes an arrangement lets sound.
 * SPDX-License-Identifier: MIT */
#include "runtime/audio/audio.h"

/* A beat that was rounded belongs to the section that it is a hair before. */
#define HAIR_BEATS 1e-9

bool chr_track_sounds(const chr_graph_track *gt, double beat, double *end_beat) {
    if (!gt->arranged)
        return true;
    uint32_t low = 0, high = gt->n_windows; /* the last one that has begun */
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (gt->windows[middle].from <= beat + HAIR_BEATS)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || beat >= gt->windows[low - 1].to - HAIR_BEATS)
        return false;
    if (*end_beat > gt->windows[low - 1].to)
        *end_beat = gt->windows[low - 1].to;
    return true;
}
