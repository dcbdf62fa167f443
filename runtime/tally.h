/* runtime/tally.h: what became of the evaluations of a live session, and how long each took from
 * Enter to the ear's side of the device. [control] throughout. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_TALLY_H
#define CHR_RUNTIME_TALLY_H

#include "runtime/audio/load.h"

#include <stddef.h>

enum { CHR_TALLY_FAULTS = 32, CHR_TALLY_NAME = 96 };

typedef struct chr_tally_fault {
    char name[CHR_TALLY_NAME]; /* "bass.lpf2" */
    uint64_t n;                /* how often it was silenced */
} chr_tally_fault;

typedef struct chr_tally {
    chr_now_fn *now_ns;
    const chr_load *load;
    uint64_t applied, refused;
    /* From Enter until the graph is offered; from there until the block is begun in which it is
     * taken over; the making of that block; all three. ns. Only of evaluations that changed
     * something that is heard. */
    chr_histogram compile, wait, swap, enter;
    uint64_t last_compile_ns, last_wait_ns, last_swap_ns;
    bool has_last;
    chr_tally_fault faults[CHR_TALLY_FAULTS];
    size_t n_faults;
    uint64_t faults_unnamed; /* of modules beyond the first CHR_TALLY_FAULTS */
    bool on_its_way;         /* the last evaluation's graph is offered and not taken over */
    bool taken;              /* it is taken over, and its block was not seen to end */
    uint64_t entered_ns, offered_ns, taken_at; /* its */
    uint64_t began_ns;                         /* the evaluation under way */
} chr_tally;

/* Each takes NULL for a tally that nobody keeps. */
void chr_tally_enter(chr_tally *t);                       /* an evaluation begins */
void chr_tally_refused(chr_tally *t);                     /* it had an error: nothing changed */
void chr_tally_applied(chr_tally *t, bool offered);       /* `offered`: a graph is on its way */
void chr_tally_swapped(chr_tally *t, uint64_t clock);     /* that was taken over at `clock` */
void chr_tally_settle(chr_tally *t);                      /* before the figures are read */
void chr_tally_fault_add(chr_tally *t, const char *name); /* a module was silenced */

#endif
