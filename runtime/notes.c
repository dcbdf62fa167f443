/* runtime/notes.c: the notes of a stretch of time in one list.
 * SPDX-License-Identifier: MIT */
#include "runtime/notes.h"

#include <stdlib.h>
#include <string.h>

chr_score_note *chr_score_notes(const chr_score *s, int64_t from, int64_t to, uint32_t limit,
                                uint32_t *n) {
    uint32_t most, room, have = 64;
    int64_t window = chr_score_window(s, &most, &room);
    chr_score_note *asked = malloc((room + (size_t)1) * sizeof *asked);
    chr_score_note *all = malloc(have * sizeof *all);
    chr_slides slides = {.n = 0};
    *n = 0;
    /* What slides into the first of them began a round before it, or later. */
    for (int64_t at = from - s->round; asked && all && at < to && *n < limit;) {
        int64_t end = chr_score_window_end(s, window, at);
        end = at < from && end > from ? from : end < to ? end : to;
        uint32_t found = chr_score_query(s, at, end, asked, room);
        chr_score_ties(&slides, asked, found);
        bool wanted = at >= from;
        at = end;
        if (!wanted)
            continue;
        found = found < limit - *n ? found : limit - *n;
        if (*n + found > have) {
            have = 2 * (*n + found);
            chr_score_note *more = realloc(all, have * sizeof *all);
            if (!more)
                free(all);
            all = more;
        }
        if (all && found > 0)
            memcpy(all + *n, asked, found * sizeof *all);
        *n += found;
    }
    if (!asked) {
        free(all);
        all = NULL;
    }
    free(asked);
    return all;
}
