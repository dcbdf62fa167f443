/* runtime/tally.c: evaluations and faults, counted.
 * SPDX-License-Identifier: MIT */
#include "runtime/tally.h"

#include <stdio.h>
#include <string.h>

/* The audio thread tells of a new graph before it has made the block that this begins in. */
void chr_tally_settle(chr_tally *t) {
    chr_load_swap at;
    if (!t || !t->taken || !chr_load_swapped(t->load, t->taken_at, &at))
        return;
    t->taken = false;
    if (at.ended_ns < t->offered_ns)
        return;
    /* It may have been taken over in a block that was begun before it was offered. */
    uint64_t began_ns = at.began_ns > t->offered_ns ? at.began_ns : t->offered_ns;
    t->last_compile_ns = t->offered_ns - t->entered_ns;
    t->last_wait_ns = began_ns - t->offered_ns;
    t->last_swap_ns = at.ended_ns - began_ns;
    t->has_last = true;
    chr_histogram_add(&t->compile, t->last_compile_ns);
    chr_histogram_add(&t->wait, t->last_wait_ns);
    chr_histogram_add(&t->swap, t->last_swap_ns);
    chr_histogram_add(&t->enter, at.ended_ns - t->entered_ns);
}

void chr_tally_enter(chr_tally *t) {
    if (!t)
        return;
    chr_tally_settle(t);
    t->began_ns = t->now_ns();
}

void chr_tally_refused(chr_tally *t) {
    if (t)
        t->refused++;
}

void chr_tally_applied(chr_tally *t, bool offered) {
    if (!t)
        return;
    t->applied++;
    if (!offered)
        return;
    t->on_its_way = true; /* an earlier one that still was is replaced by it */
    t->taken = false;
    t->entered_ns = t->began_ns;
    t->offered_ns = t->now_ns();
}

void chr_tally_swapped(chr_tally *t, uint64_t clock) {
    if (!t || !t->on_its_way)
        return;
    t->on_its_way = false;
    t->taken = true;
    t->taken_at = clock;
    chr_tally_settle(t);
}

void chr_tally_fault_add(chr_tally *t, const char *name) {
    if (!t)
        return;
    for (size_t i = 0; i < t->n_faults; i++)
        if (strncmp(t->faults[i].name, name, CHR_TALLY_NAME - 1) == 0) {
            t->faults[i].n++;
            return;
        }
    if (t->n_faults == CHR_TALLY_FAULTS) {
        t->faults_unnamed++;
        return;
    }
    chr_tally_fault *f = &t->faults[t->n_faults++];
    snprintf(f->name, sizeof f->name, "%s", name);
    f->n = 1;
}
