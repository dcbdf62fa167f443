/* lang/place.c: places in a piece as they are written. SPDX-License-Identifier: MIT */
#include "lang/place.h"

#include <math.h>
#include <stdio.h>

void chr_place_write(char text[CHR_PLACE_TEXT], double beat, const chr_time_map *time) {
    beat = fmax(beat, 0); /* a loop from bar 1 begins part of a sample before it */
    double bar = chr_time_map_bar(time, beat), rest = beat - chr_time_map_bar_beat(time, bar);
    rest = floor(rest * 1000 + 0.5) / 1000;
    if (rest > 0)
        snprintf(text, CHR_PLACE_TEXT, "bar %.0f beat %g", bar + 1, rest + 1);
    else
        snprintf(text, CHR_PLACE_TEXT, "bar %.0f", bar + 1);
}

const char *chr_place_text(chr_arena *arena, double beat, const chr_time_map *time) {
    char text[CHR_PLACE_TEXT];
    chr_place_write(text, beat, time);
    const char *copy = chr_arena_printf(arena, "%s", text);
    return copy ? copy : "";
}
