/* dsp/costs.c: the table of dsp/costs.def. SPDX-License-Identifier: MIT */
#include "dsp/costs.h"

#include <stddef.h>
#include <string.h>

#define CHR_COST(name, alone, together) {#name, (float)(alone), (float)(together)},
static const chr_cost costs[] = {
#include "dsp/costs.def"
};
#undef CHR_COST

const chr_cost *chr_cost_at(int i) {
    return i >= 0 && (size_t)i < sizeof costs / sizeof *costs ? &costs[i] : NULL;
}

const chr_cost *chr_cost_of(const char *name) {
    for (int i = 0; chr_cost_at(i); i++)
        if (strcmp(costs[i].name, name) == 0)
            return &costs[i];
    return NULL;
}

const char *chr_cost_word(const chr_cost *cost) {
    return cost->alone < (float)CHR_COST_CHEAP    ? "cheap"
           : cost->alone < (float)CHR_COST_COSTLY ? "moderate"
                                                  : "costly";
}
