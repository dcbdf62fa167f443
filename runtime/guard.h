/* runtime/guard.h: tries a change out before it may sound, and foretells what it costs: what would
 * be no number, an offset, far too loud, or too much for this computer is refused, by the name of
 * who does it. Live only: a rendering takes the time it needs. [control] throughout.
 *
 * Only what is new or put together otherwise is tried; a changed number costs nothing and is not.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_GUARD_H
#define CHR_RUNTIME_GUARD_H

#include "lang/diag.h"
#include "runtime/trial.h"

typedef struct chr_guard chr_guard;

/* The share of the time up to which the sound may grow, the longest trial, and what it may take. */
#define CHR_GUARD_LIMIT 0.90
#define CHR_TRIAL_S 0.25
#define CHR_TRIAL_BUDGET_S 0.020
/* More than this is no music: +24 dB, and a quarter of full level aside. */
#define CHR_GUARD_PEAK 15.85f
#define CHR_GUARD_OFFSET 0.25f

typedef struct chr_guard_options {
    chr_engine_options engine; /* of the one that plays */
    chr_now_fn *now_ns;
    const chr_load
        *load;    /* of the one that plays; NULL: what was measured in trials stands alone */
    bool untimed; /* nothing is refused for what it costs */
} chr_guard_options;

/* NULL when memory is out. */
chr_guard *chr_guard_new(const chr_guard_options *options);
void chr_guard_free(chr_guard *g);

/* Tries what differs from the session that was adopted last. Refusals go to `diags`, at the places
 * of `ir`; NULL: nothing is refused. `force`: only a value that is no number is. CHR_NO_MEMORY:
 * nothing is known. */
CHR_MUST_USE chr_status chr_guard_look(chr_guard *g, const chr_ir *ir, bool force,
                                       chr_diags *diags);
/* The session looked at last is the one that plays now. */
void chr_guard_adopt(chr_guard *g);

/* What a patch of the session that plays takes, as a share of the time, and its dearest module;
 * false when there is no i-th. */
typedef struct chr_guard_cost {
    const char *owner, *dearest; /* "hat", "reverb" */
    double share, dearest_share;
    uint32_t n_voices;
} chr_guard_cost;
bool chr_guard_cost_of(const chr_guard *g, uint32_t i, chr_guard_cost *cost);

#endif
