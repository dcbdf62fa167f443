/* tests/support/score_random.h: scores by chance, of all kinds of nodes.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_SCORE_RANDOM_H
#define CHR_TESTS_SCORE_RANDOM_H

#include "tests/support/score_kit.h"

/* Rounds of `round` ticks. The same seed is the same score. `depth` nodes of rounds at most above
 * one another. */
const chr_score *score_by_chance(score_maker *m, uint64_t seed, int64_t round, int depth);
/* The same, with one more node, or two of them, above; the numbers of the nodes are in the maker.
 */
uint32_t score_rounds_by_chance(score_maker *m, uint64_t seed, int64_t round, int depth);

#endif
