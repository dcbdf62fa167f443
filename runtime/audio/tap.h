/* runtime/audio/tap.h: a ring into which the audio thread copies what is heard, chunk by chunk, for
 * somebody on the control thread who listens: meters, a drawing, a recording. Wait-free on both
 * sides; where the ring is full, a chunk is left out whole and counted. SPDX-License-Identifier:
 * MIT
 */
#ifndef CHR_RUNTIME_TAP_H
#define CHR_RUNTIME_TAP_H

#include "dsp/module.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* A record in the ring: this head, then the channels of the master, or of what the device hears,
 * then the two sides of each patch; all of them CHR_CHUNK samples each. Counted in floats; the
 * heads are copied into as many as they fill. */
typedef struct chr_tap_head {
    uint64_t clock; /* of the first sample */
    uint32_t n_channels, n_stems;
} chr_tap_head;

/* Before the sides of a patch: whose they are. */
typedef struct chr_tap_name {
    uint64_t id; /* chr_stem.id */
} chr_tap_name;

typedef struct chr_tap {
    float *ring;
    uint64_t size; /* floats, a power of two */
    bool stems;    /* each patch by itself too */
    bool inputs;   /* what the device hears in place of the master */
    _Atomic uint64_t in, out;
    _Atomic uint64_t lost; /* chunks for which there was no room */
    /* [control] */
    float *record; /* a copy of the record read last */
    uint64_t record_room;
    uint64_t free_at;     /* clock from which on the audio thread does not know it any more */
    struct chr_tap *next; /* on its way out */
} chr_tap;

enum { CHR_TAPS = 8 };

#endif
