/* lang/score_copy.c: scores copied, compared, and made of notes as they are.
 * SPDX-License-Identifier: MIT */
#include "lang/score.h"

#include <string.h>

/* X(table, its length) */
#define TABLES(X)                                                                                  \
    X(nodes, n_nodes)                                                                              \
    X(links, n_links)                                                                              \
    X(tones, n_tones)                                                                              \
    X(locks, n_locks)                                                                              \
    X(values, n_values)                                                                            \
    X(grooves, n_grooves)                                                                          \
    X(scales, n_scales)                                                                            \
    X(places, n_places)

static size_t rounded(size_t bytes) {
    return (bytes + 15) & ~(size_t)15;
}

size_t chr_score_bytes(const chr_score *s, bool places) {
    size_t bytes = 0;
#define ADD(table, n) bytes += rounded(s->n * sizeof *s->table);
    TABLES(ADD)
#undef ADD
    return places ? bytes : bytes - rounded(s->n_places * sizeof *s->places);
}

chr_score chr_score_copy(const chr_score *s, bool places, void *memory) {
    chr_score to = *s;
    char *at = memory;
    if (!places)
        to.n_places = 0;
#define COPY(table, n)                                                                             \
    to.table = to.n ? memcpy(at, s->table, to.n * sizeof *to.table) : NULL;                        \
    at += rounded(to.n * sizeof *to.table);
    TABLES(COPY)
#undef COPY
    return to;
}

static bool nodes_equal(const chr_score_node *a, const chr_score_node *b) {
    return a->kind == b->kind && a->flags == b->flags && a->first == b->first && a->n == b->n &&
           a->lock == b->lock && a->length == b->length && a->a == b->a && a->b == b->b &&
           a->x == b->x && a->y == b->y;
}

bool chr_score_equal(const chr_score *a, const chr_score *b) {
    if (a->n_nodes != b->n_nodes || a->n_links != b->n_links || a->n_tones != b->n_tones ||
        a->n_locks != b->n_locks || a->n_values != b->n_values || a->n_grooves != b->n_grooves ||
        a->n_scales != b->n_scales || a->root != b->root || a->round != b->round ||
        a->beat != b->beat || (a->seed != b->seed && chr_score_asks_chance(a)))
        return false;
    for (uint32_t i = 0; i < a->n_nodes; i++)
        if (!nodes_equal(&a->nodes[i], &b->nodes[i]))
            return false;
    for (uint32_t i = 0; i < a->n_links; i++)
        if (a->links[i].at != b->links[i].at || a->links[i].node != b->links[i].node)
            return false;
#define SAME(table, n) &&(a->n == 0 || memcmp(a->table, b->table, a->n * sizeof *a->table) == 0)
    return true SAME(tones, n_tones) SAME(locks, n_locks) SAME(values, n_values)
        SAME(grooves, n_grooves) SAME(scales, n_scales);
#undef SAME
}

bool chr_score_flat(chr_arena *arena, const chr_score_event *events, uint32_t n, int64_t round,
                    int64_t beat, chr_score *out) {
    chr_score_node *nodes = CHR_NEW_N(arena, chr_score_node, n + 2);
    chr_score_link *links = CHR_NEW_N(arena, chr_score_link, n + 1);
    float *tones = CHR_NEW_N(arena, float, n + 1);
    if (chr_arena_failed(arena))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        const chr_score_event *e = &events[i];
        nodes[i] = (chr_score_node){.kind = CHR_SCORE_NOTES,
                                    .flags = (uint8_t)((e->slide ? CHR_SCORE_SLIDE : 0) |
                                                       (e->note < 0 ? CHR_SCORE_PITCHLESS : 0)),
                                    .lock = CHR_SCORE_NO_LOCK,
                                    .length = e->length,
                                    .a = i,
                                    .b = 1,
                                    .x = (double)e->level};
        links[i] = (chr_score_link){.at = e->at, .node = i};
        tones[i] = e->note;
    }
    nodes[n] = (chr_score_node){.kind = CHR_SCORE_ROW, .n = n, .length = round};
    links[n] = (chr_score_link){.node = n};
    nodes[n + 1] = (chr_score_node){.kind = CHR_SCORE_STEPS, .first = n, .n = 1};
    *out = (chr_score){.nodes = nodes,
                       .links = links,
                       .tones = tones,
                       .n_nodes = n + 2,
                       .n_links = n + 1,
                       .n_tones = n,
                       .root = n + 1,
                       .round = round,
                       .beat = beat};
    chr_score_finish(out, nodes);
    return true;
}
