/* tests/support/score_kit.h: scores written by hand, and their notes as text.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_SCORE_KIT_H
#define CHR_TESTS_SCORE_KIT_H

#include "lang/score.h"

enum { KIT_ROUND = 24, KIT_BEAT = 6, KIT_NODES = 20000 };

/* Nodes are made from below to above: each function returns the number of the one it made. */
typedef struct score_maker {
    chr_arena *arena;
    chr_score s;
    chr_score_node *nodes;
    chr_score_link *links;
    float *tones;
} score_maker;

/* Rounds of KIT_ROUND ticks, four beats. */
score_maker score_begin(void);
/* The finished score; it lives as long as the maker. */
const chr_score *score_end(score_maker *m, uint32_t root);
void score_free(score_maker *m);

/* Steps of a length: "." a rest, "_" a hold, "x" a hit, a number a tone, "36+40" tones together;
 * "~" behind it slides. */
uint32_t score_step(score_maker *m, int64_t length, const char *word);
/* Steps one after the other, as long as their nodes say. */
uint32_t score_row(score_maker *m, uint32_t n, const uint32_t *steps);
/* Any other node: what it needs of a, b, x is set in the node that is returned by score_node. */
uint32_t score_of(score_maker *m, chr_score_kind kind, int64_t a, int64_t b, double x, uint32_t n,
                  const uint32_t *below);
chr_score_node *score_node(score_maker *m, uint32_t node);
/* STEPS over a row of equal steps in a round: "36 40 . _". */
uint32_t score_line(score_maker *m, const char *words);

/* "0+6:36 6+6:40~": the notes from tick `from` to `to`-1, their lengths and tones ("x": none); then
 * what is not as usual: "@0.5" a level that is not 0.8, "g0.5" gate, "l0.01" later, "p-1" pan, "~"
 * a tie. To be freed. */
char *score_text(const chr_score *s, int64_t from, int64_t to);

#endif
