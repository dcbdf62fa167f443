/* runtime/audio/query.c: a score asked for the notes of a stretch of time.
 * SPDX-License-Identifier: MIT */
#include "runtime/audio/query_inner.h"

void chr_query_rounds(chr_query *q, const chr_score_node *n, int64_t from, int64_t to) {
    if (from >= to)
        return;
    if (n->kind == CHR_SCORE_STEPS)
        chr_query_steps(q, n, from, to);
    else if (n->kind != CHR_SCORE_SILENCE && !chr_query_time(q, n, from, to) &&
             !chr_query_choose(q, n, from, to))
        chr_query_notes(q, n, from, to);
}

uint32_t chr_score_query(const chr_score *s, int64_t from, int64_t to, chr_score_note *out,
                         uint32_t room) {
    chr_query q = {.s = s, .out = out, .room = room};
    if (s->nodes[s->root].depth > CHR_SCORE_DEPTH)
        return 0;
    /* All happens in the first `whole` ticks, where nothing overflows; time comes round after them.
     * A stretch that begins before their end may reach a little beyond. */
    int64_t whole = s->most_rounds * s->round;
    int64_t moved = chr_floor_div(from, whole) * whole;
    chr_query_rounds(&q, &s->nodes[s->root], from - moved, to - moved);
    chr_query_sort(out, q.n);
    for (uint32_t i = 0; moved != 0 && i < q.n; i++) {
        out[i].at += moved;
        out[i].end += moved;
    }
    return q.n;
}

void chr_score_ties(chr_slides *slides, chr_score_note *notes, uint32_t n) {
    const uint32_t room = sizeof slides->end / sizeof slides->end[0];
    for (uint32_t i = 0; i < n; i++) {
        chr_score_note *note = &notes[i];
        uint32_t kept = 0;
        for (uint32_t k = 0; k < slides->n; k++) {
            note->tie |= slides->end[k] == note->at;
            if (slides->end[k] >= note->at)
                slides->end[kept++] = slides->end[k];
        }
        slides->n = kept;
        if (note->slide && kept < room && (kept == 0 || slides->end[kept - 1] != note->end))
            slides->end[slides->n++] = note->end;
    }
}

uint32_t chr_score_values(const chr_score *s, const chr_score_note *n, chr_score_value *out,
                          uint32_t room) {
    uint32_t found = 0;
    for (int k = 0; k < CHR_SCORE_LOCKS && n->locks[k] != CHR_SCORE_NO_LOCK; k++) {
        const chr_score_lock *lock = &s->locks[n->locks[k]];
        for (uint32_t i = lock->first; i < lock->first + lock->n; i++) {
            uint32_t at = 0;
            while (at < found && out[at].slot < s->values[i].slot)
                at++;
            if ((at < found && out[at].slot == s->values[i].slot) || found == room)
                continue;
            for (uint32_t later = found++; later > at; later--)
                out[later] = out[later - 1];
            out[at] = s->values[i];
        }
    }
    return found;
}
