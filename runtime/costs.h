/* runtime/costs.h: what the patches that play take of the time, as the audio thread measures it.
 * [control] throughout. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_COSTS_H
#define CHR_RUNTIME_COSTS_H

#include "runtime/trial.h"

typedef struct chr_patch_cost {
    const char *owner;            /* "": what is shared, and the master */
    double share;                 /* of the time */
    char dearest[CHR_TRIAL_NAME]; /* the kind of module that takes most of it: "reverb" */
    double dearest_share;
} chr_patch_cost;

typedef struct chr_costs {
    chr_patch_cost
        *items; /* by owner of the session that plays; valid until the engine is tended */
    uint32_t n;
} chr_costs;

/* False where nothing is known: nothing plays, or not long enough (some hundredths of a second),
 * the engine has no clock, or memory is out. chr_costs_clear in any case. */
bool chr_costs_take(chr_costs *c, const chr_engine *e);
void chr_costs_clear(chr_costs *c);
/* That of a patch; NULL: it is none of them. */
const chr_patch_cost *chr_costs_of(const chr_costs *c, const char *owner);

#endif
