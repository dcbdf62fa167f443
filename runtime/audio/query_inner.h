/* runtime/audio/query_inner.h: what the files of the query share.
 *
 * A node adds what it answers to the end of `out`. What it needs in between stands behind that, and
 * is gone when it returns: so one array serves for all, and nothing is allocated.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_QUERY_INNER_H
#define CHR_RUNTIME_QUERY_INNER_H

#include "runtime/audio/query.h"

typedef struct chr_query {
    const chr_score *s;
    chr_score_note *out;
    uint32_t n, room;
} chr_query;

/* ---- numbers ---- */

/* SplitMix64's mixer (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA
 * 2014; constants of Stafford's variant 13), over what was mixed before and one number more. */
static inline uint64_t chr_mix(uint64_t h, uint64_t x) {
    h = (h ^ x) + UINT64_C(0x9e3779b97f4a7c15);
    h = (h ^ (h >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    h = (h ^ (h >> 27)) * UINT64_C(0x94d049bb133111eb);
    return h ^ (h >> 31);
}

/* 0 <= x < 1 of a mixed number. */
static inline double chr_mixed_share(uint64_t h) {
    return (double)(h >> 11) * 0x1p-53;
}

/* One of 0..n-1. */
static inline uint32_t chr_mixed_of(uint64_t h, uint32_t n) {
    return (uint32_t)(((h >> 32) * n) >> 32);
}

/* Downwards, also below 0; b > 0. */
static inline int64_t chr_floor_div(int64_t a, int64_t b) {
    int64_t q = a / b;
    return q - (a % b < 0);
}
static inline int64_t chr_floor_mod(int64_t a, int64_t b) {
    int64_t r = a % b;
    return r < 0 ? r + b : r;
}

__extension__ typedef __int128 chr_wide;

/* t * a / b, rounded down; b > 0. Kept far from the limits, whatever is asked. */
static inline int64_t chr_scale(int64_t t, int64_t a, int64_t b) {
    int64_t product;
    if (!__builtin_mul_overflow(t, a, &product))
        return chr_floor_div(product, b);
    chr_wide wide = (chr_wide)t * a / b - ((chr_wide)t * a % b < 0);
    const int64_t most = INT64_MAX / 8;
    return wide > most ? most : wide < -most ? -most : (int64_t)wide;
}

/* ---- nodes ---- */

static inline const chr_score_node *chr_below(const chr_query *q, const chr_score_node *n,
                                              uint32_t i) {
    return &q->s->nodes[q->s->links[n->first + i].node];
}
static inline uint64_t chr_node_number(const chr_query *q, const chr_score_node *n) {
    return (uint64_t)(n - q->s->nodes);
}
/* The number of a round, as it is counted. */
static inline uint64_t chr_round_count(const chr_query *q, int64_t round) {
    return (uint64_t)chr_floor_mod(round, q->s->most_rounds);
}
/* What chance says to a node about something. */
static inline uint64_t chr_chance(const chr_query *q, const chr_score_node *n, uint64_t about) {
    return chr_mix(chr_mix(q->s->seed, chr_node_number(q, n)), about);
}

/* A permutation of 0..count-1 by chance (Fisher and Yates). */
static inline void chr_permute(const chr_query *q, const chr_score_node *n, uint64_t about,
                               uint16_t *order, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        order[i] = (uint16_t)i;
    for (uint32_t i = count; i > 1; i--) {
        uint32_t k = chr_mixed_of(chr_chance(q, n, chr_mix(about, i)), i);
        uint16_t other = order[k];
        order[k] = order[i - 1];
        order[i - 1] = other;
    }
}

/* The ticks from..to-1 that lie in round r, as far as they do. */
typedef struct chr_stretch {
    int64_t from, to;
} chr_stretch;
static inline chr_stretch chr_cut(chr_stretch x, int64_t from, int64_t to) {
    return (chr_stretch){x.from > from ? x.from : from, x.to < to ? x.to : to};
}

/* Adds a note, unless there is no room. */
static inline chr_score_note *chr_query_add(chr_query *q) {
    return q->n < q->room ? &q->out[q->n++] : NULL;
}

/* query.c: adds the notes of a node of rounds that begin in from..to-1, in any order. */
void chr_query_rounds(chr_query *q, const chr_score_node *n, int64_t from,
                      int64_t to) CHR_NONBLOCKING;
/* query_steps.c: the same of a node STEPS. */
void chr_query_steps(chr_query *q, const chr_score_node *n, int64_t from,
                     int64_t to) CHR_NONBLOCKING;
/* The same of a node of the kinds in query_time.c, query_choose.c (false: it is another) and
 * query_notes.c. */
bool chr_query_time(chr_query *q, const chr_score_node *n, int64_t from,
                    int64_t to) CHR_NONBLOCKING;
bool chr_query_choose(chr_query *q, const chr_score_node *n, int64_t from,
                      int64_t to) CHR_NONBLOCKING;
void chr_query_notes(chr_query *q, const chr_score_node *n, int64_t from,
                     int64_t to) CHR_NONBLOCKING;
/* query_time.c: of what was added from number `begin` on, only what begins in from..to-1 stays. */
void chr_query_keep(chr_query *q, uint32_t begin, int64_t from, int64_t to) CHR_NONBLOCKING;
/* query_choose.c: what was added from number `made` on takes the place of what was from `begin` on.
 */
void chr_query_settle(chr_query *q, uint32_t begin, uint32_t made) CHR_NONBLOCKING;
/* query_sort.c: by tick, then how much later, then pitch, and then all else that can differ. */
void chr_query_sort(chr_score_note *notes, uint32_t n) CHR_NONBLOCKING;

#endif
