/* lang/place.h: places in a piece as they are written. SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_PLACE_H
#define CHR_LANG_PLACE_H

#include "dsp/time_map.h"
#include "lang/arena.h"

enum { CHR_PLACE_TEXT = 64 };

/* Writes "bar 9", "bar 9 beat 2.5"; beats to a thousandth. */
void chr_place_write(char text[CHR_PLACE_TEXT], double beat, const chr_time_map *time);
/* The same in an arena; "" when memory is out. */
const char *chr_place_text(chr_arena *arena, double beat, const chr_time_map *time);

#endif
