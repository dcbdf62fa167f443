/* runtime/audio/probe.h: what the instructions of the graph that plays take: a few of them are
 * timed in each chunk, others in the next, so that it costs next to nothing.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_PROBE_H
#define CHR_RUNTIME_PROBE_H

#include "runtime/audio/audio.h"

enum { CHR_PROBES = 16 }; /* instructions timed in a chunk */

/* [audio] Which are timed now: those from `first` on. */
typedef struct chr_probe {
    chr_now_fn *now_ns; /* NULL: none are */
    uint32_t first;
    uint64_t clock_ns; /* what looking at the clock takes itself */
    uint64_t began_ns;
} chr_probe;

chr_probe chr_probe_begin(const chr_audio *a, int from, int to) CHR_NONBLOCKING;
/* Round each instruction, by its number. */
static inline void chr_probe_enter(chr_probe *p, uint32_t i) {
    if (p->now_ns && i - p->first < CHR_PROBES)
        p->began_ns = p->now_ns();
}
static inline void chr_probe_leave(const chr_probe *p, chr_live *v, uint32_t i) CHR_NONBLOCKING;
/* Takes what an instruction took for it; one that was disturbed counts for little. */
void chr_probe_take(const chr_probe *p, chr_live *v, uint32_t i) CHR_NONBLOCKING;
static inline void chr_probe_leave(const chr_probe *p, chr_live *v, uint32_t i) {
    if (p->now_ns && i - p->first < CHR_PROBES)
        chr_probe_take(p, v, i);
}

#endif
