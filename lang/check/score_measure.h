/* lang/check/score_measure.h: what the two files share that measure a score.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_CHECK_SCORE_MEASURE_H
#define CHR_CHECK_SCORE_MEASURE_H

#include "lang/check/score_build.h"

enum { MANY_TOGETHER = 63 }; /* so many notes at one tick, or more */
#define BOUND_MOST ((uint64_t)1 << 40)

uint64_t bounded_sum(uint64_t a, uint64_t b);
uint64_t bounded_product(uint64_t a, uint64_t b);

/* What holds of a node wherever it is asked. */
typedef struct score_facts {
    rational grain;       /* all its onsets and ends are whole multiples of it, in beats */
    rational longest;     /* of its notes */
    uint64_t sizes;       /* bit n: n notes may begin at one tick */
    uint64_t sounding;    /* notes at one time */
    uint64_t notes, work; /* steps: notes, and nodes that are asked, in its length */
    bool holds;           /* steps: there is a HOLD in it */
    bool leads, fills;    /* steps: it may begin with a hold; it may be nothing but holds */
    int depth;
} score_facts;

score_facts *gather_facts(const score_build *b);

#endif
