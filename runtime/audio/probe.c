/* runtime/audio/probe.c: times a few instructions of each chunk.
 * SPDX-License-Identifier: MIT */
#include "runtime/audio/probe.h"

chr_probe chr_probe_begin(const chr_audio *a, int from, int to) {
    chr_probe p = {.now_ns = a->now_ns};
    chr_live *v = a->graph->live;
    if (!p.now_ns || from > 0 || to < CHR_CHUNK) { /* a part of a chunk says little */
        p.now_ns = NULL;
        return p;
    }
    p.first = v->probe < a->graph->n_instrs ? v->probe : 0;
    v->probe = p.first + CHR_PROBES;
    uint64_t before = p.now_ns();
    p.clock_ns = p.now_ns() - before;
    return p;
}

void chr_probe_take(const chr_probe *p, chr_live *v, uint32_t i) {
    uint64_t ns = p->now_ns() - p->began_ns;
    ns = ns > p->clock_ns ? ns - p->clock_ns : 0;
    ns = ns < 1000000000u ? ns + 1 : 1000000000u; /* 0 is: never timed */
    uint32_t was = atomic_load_explicit(&v->spent_ns[i], memory_order_relaxed), step = was / 8 + 1;
    uint32_t is = (uint32_t)ns;
    if (was && is > was + step)
        is = was + step;
    else if (was && is + step < was)
        is = was - step;
    atomic_store_explicit(&v->spent_ns[i], is, memory_order_relaxed);
}
