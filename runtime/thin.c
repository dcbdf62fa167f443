/* runtime/thin.c: who is late, who gives voices up, and when they come back.
 * SPDX-License-Identifier: MIT */
#include "runtime/thin.h"

#include <string.h>

#define LOOK_NS 100000000u  /* a tenth of a second */
#define PAUSE_NS 250000000u /* between two patches */
#define PATIENCE_NS 5000000000u
#define AT_WORK 0.8 /* of the time, by the audio thread's own clock */
#define ROOM 0.8    /* up to so much of the time voices come back */

bool chr_thin_look(chr_thin *t) {
    uint64_t now_ns = t->now_ns();
    uint64_t blocks = atomic_load_explicit(&t->load->blocks, memory_order_acquire);
    uint64_t too_long = atomic_load_explicit(&t->load->too_long, memory_order_relaxed);
    /* Blocks may last longer than that tenth of a second. */
    if (now_ns - t->looked_ns < LOOK_NS || blocks - t->blocks < 4)
        return false;
    uint64_t worked = t->worked_ns ? t->worked_ns(t->context) : 0;
    double passed_ns = (double)(now_ns - t->looked_ns);
    bool busy = !t->worked_ns || (double)(worked - t->worked) > AT_WORK * passed_ns;
    uint64_t n = blocks - t->blocks, late = too_long - t->too_long;
    t->looked_ns = now_ns;
    t->blocks = blocks;
    t->too_long = too_long;
    t->worked = worked;
    if (!busy || late < 2 || late * 4 < n || now_ns - t->thinned_ns < PAUSE_NS)
        return false;
    t->thinned_ns = now_ns;
    t->room_ns = 0;
    t->patience_ns = t->patience_ns ? t->patience_ns * 2 : PATIENCE_NS;
    return true;
}

bool chr_thin_choose(const chr_guard *g, const chr_costs *measured, uint32_t voices,
                     chr_guard_cost *patch) {
    chr_guard_cost one;
    bool found = false;
    for (uint32_t i = 0; chr_guard_cost_of(g, i, &one); i++) {
        const chr_patch_cost *cost = measured ? chr_costs_of(measured, one.owner) : NULL;
        one.share = cost ? cost->share : one.share;
        if (one.n_voices >= voices && (!found || one.share > patch->share)) {
            *patch = one;
            found = true;
        }
    }
    return found;
}

bool chr_thin_room(chr_thin *t, const chr_guard *g, const chr_thinned *patch) {
    double whole =
        atomic_load_explicit(&t->load->recent, memory_order_relaxed) / (double)CHR_LOAD_WHOLE;
    chr_guard_cost one;
    for (uint32_t i = 0; chr_guard_cost_of(g, i, &one); i++)
        if (strcmp(one.owner, patch->patch) == 0)
            whole += one.share * ((double)patch->asked / (double)patch->voices - 1);
    uint64_t now_ns = t->now_ns();
    if (whole > ROOM)
        t->room_ns = 0;
    else if (!t->room_ns)
        t->room_ns = now_ns;
    if (!t->room_ns || now_ns - t->room_ns < t->patience_ns)
        return false;
    t->room_ns = 0;
    return true;
}
