/* runtime/daytime.h: a moment of the past as a player says it: "today 14:05", "yesterday 23:10".
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_DAYTIME_H
#define CHR_RUNTIME_DAYTIME_H

#include <time.h>

enum { CHR_DAYTIME_TEXT = 64 };

/* [control] `utc`: as journals write it, "2026-11-20T13:05:00Z". Told in the local time zone, seen
 * from `now`; a text of another form is given back as it is. */
const char *chr_daytime(const char *utc, time_t now, char text[CHR_DAYTIME_TEXT]);

#endif
