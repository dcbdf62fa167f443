/* runtime/thin.h: when the sound is late all the same, patches play fewer voices; never the clock.
 * [control] throughout.
 *
 * The rule: where in a tenth of a second a quarter of the blocks or more (and two at least) took
 * longer than they last, and the audio thread itself was at work most of the time, the patch that
 * costs most of those with several voices, as it is measured while it plays, keeps half of them,
 * rounded up: one patch a quarter of a second. The voices that go fade out as with any change. They
 * come back, one patch at a time, the last first, when there has been time for all of them for five
 * seconds; for twice as long each time that it was not true. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_THIN_H
#define CHR_RUNTIME_THIN_H

#include "lang/session.h"
#include "runtime/costs.h"
#include "runtime/guard.h"

#include <stdbool.h>

/* What the audio thread has worked since it began, in ns of CPU time: other programs' work does not
 * count. */
typedef uint64_t chr_worked_fn(void *context);

typedef struct chr_thin {
    chr_now_fn *now_ns; /* NULL: nobody is ever late */
    const chr_load *load;
    chr_worked_fn *worked_ns; /* NULL: what the blocks took is taken for its work */
    void *context;
    uint64_t looked_ns, thinned_ns, said_ns; /* when last */
    uint64_t room_ns;                        /* since when there is room; 0: there is none */
    uint64_t patience_ns;                    /* so long there has to be; 0: five seconds */
    uint64_t blocks, too_long, worked;       /* at the last look */
} chr_thin;

/* Call it some hundred times a second. True: a patch is to give voices up now. */
bool chr_thin_look(chr_thin *t);
/* The patch that costs most of those with so many voices at least, with its number of voices now;
 * false: there is none. What it costs is what was measured while it played (NULL: nothing was), and
 * what was foretold where it was not. */
bool chr_thin_choose(const chr_guard *g, const chr_costs *measured, uint32_t voices,
                     chr_guard_cost *patch);
/* Has there been time for all voices of a thinned patch for long enough? */
bool chr_thin_room(chr_thin *t, const chr_guard *g, const chr_thinned *patch);

#endif
