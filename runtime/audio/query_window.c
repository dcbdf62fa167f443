/* runtime/audio/query_window.c: how much of a score is asked for at once.
 * SPDX-License-Identifier: MIT */
#include "runtime/audio/query_inner.h"

enum { NOTES_AT_ONCE = 64 };

/* What is below one of these is looked at for whole rounds: to ask for less is no less work. */
static bool asks_whole_rounds(const chr_score *s) {
    for (uint32_t i = 0; i < s->n_nodes; i++)
        if (s->nodes[i].kind == CHR_SCORE_REV || s->nodes[i].kind == CHR_SCORE_STRUCT ||
            s->nodes[i].kind == CHR_SCORE_SQUEEZE)
            return true;
    return false;
}

int64_t chr_score_window(const chr_score *s, uint32_t *most, uint32_t *room) {
    int64_t notes = s->nodes[s->root].most, parts = notes / NOTES_AT_ONCE + 1;
    if (parts > s->round / s->beat)
        parts = s->round / s->beat;
    if (parts > 1 && !asks_whole_rounds(s)) {
        *most = chr_score_most(s, 1, room);
        return (s->round + parts - 1) / parts;
    }
    int64_t rounds = (s->beat + s->round - 1) / s->round;
    int64_t few = NOTES_AT_ONCE / (notes > 0 ? notes : 1);
    if (rounds > few)
        rounds = few > 0 ? few : 1;
    *most = chr_score_most(s, rounds, room);
    return rounds * s->round;
}

int64_t chr_score_window_end(const chr_score *s, int64_t window, int64_t tick) {
    int64_t span = window < s->round ? s->round : window;
    int64_t inside = chr_floor_mod(tick, span);
    int64_t end = (inside / window + 1) * window;
    return tick - inside + (end < span ? end : span);
}
