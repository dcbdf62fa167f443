/* runtime/engine_inner.h: what an engine consists of; shared by engine.c, which plays, and
 * engine_facts.c, which tells. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_ENGINE_INNER_H
#define CHR_RUNTIME_ENGINE_INNER_H

#include "runtime/audio/audio.h"
#include "runtime/engine.h"
#include "runtime/listen.h"
#include "runtime/parked.h"

/* An offer that was taken. */
typedef struct chr_took {
    uint64_t number, at; /* clock of its take-over */
} chr_took;

struct chr_engine {
    chr_engine_options options;
    chr_build_options build;
    chr_audio audio;
    /* [control] */
    chr_graph *current;             /* what the audio thread last took, as far as is known */
    chr_graph *offered[CHR_OFFERS]; /* handed over and not yet known to be taken, in their order */
    uint32_t n_offered;
    uint64_t n_taken;          /* graphs that are known to be taken */
    chr_took took[CHR_OFFERS]; /* the last offers among them, a ring */
    unsigned n_took;
    const chr_graph *session; /* the graph of the last offered session, until its take-over is
                                 known; not owned */
    uint64_t n_offers;        /* the number of the last one */
    float *clicks;            /* of the metronome */
    chr_tap *leaving;         /* taps that the audio thread may still be writing to */
    chr_parked parked;        /* the state of what has left */
    struct chr_crew *crew;    /* the threads that share the work; or NULL */
    int graphs_alive;
    char fault[CHR_FAULT_NAME];
};

/* What was offered last and is not yet taken back, else what plays; NULL at first. */
static inline const chr_graph *chr_engine_newest(const chr_engine *e) {
    return e->n_offered ? e->offered[e->n_offered - 1] : e->current;
}

/* engine_facts.c: one consistent picture of the transport; *beat (NULL: not asked): its position.
 */
chr_clock chr_engine_clock_now(const chr_engine *e, double *beat);

#endif
