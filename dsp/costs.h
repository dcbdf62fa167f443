/* dsp/costs.h: what each module costs, as it was measured (tests/bench/modules.sh): help says it.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_DSP_COSTS_H
#define CHR_DSP_COSTS_H

/* Instructions for each sample, of an instance with its defaults. AVX2. */
typedef struct chr_cost {
    const char *name;
    float alone;    /* in a group of its own */
    float together; /* each of sixteen that share their work */
} chr_cost;

/* Below the first, alone, a module is cheap; from the second on it is costly. */
enum { CHR_COST_CHEAP = 40, CHR_COST_COSTLY = 80 };

/* NULL: no module bears the name. */
const chr_cost *chr_cost_of(const char *name);
/* "cheap", "moderate" or "costly". */
const char *chr_cost_word(const chr_cost *cost);
/* All of them, in the order of the manual; NULL behind the last. */
const chr_cost *chr_cost_at(int i);

#endif
