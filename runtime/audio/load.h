/* runtime/audio/load.h: how much of its time the sound takes, how late the device came, and when a
 * change was heard: counted on the audio thread, read on the control thread while it plays.
 *
 * Nothing here reads a clock: who calls says what time it is, so tests say it themselves.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_LOAD_H
#define CHR_RUNTIME_LOAD_H

#include "dsp/nonblocking.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* What time it is, in ns of a clock that never goes back: CLOCK_MONOTONIC, or a test's own. */
typedef uint64_t chr_now_fn(void) CHR_NONBLOCKING;

/* What the instructions of each node take: for trials, which nobody hears (runtime/trial.h). */
typedef struct chr_laps chr_laps;
struct chr_laps {
    chr_now_fn *now_ns;
    uint64_t *name_ns; /* by number of the name: chr_instr.names and on, a lane each */
    uint32_t n_names;
    uint64_t last_ns;
};

/* ---- histograms ---- */

enum { CHR_BINS = 1056 }; /* up to 2^37, 32 bins an octave: 3 % wide or less */

/* Counts of amounts from 0 up. One thread adds; any thread reads. All zeros: empty. */
typedef struct chr_histogram {
    _Atomic uint32_t counts[CHR_BINS];
    _Atomic uint64_t most; /* the greatest */
} chr_histogram;

void chr_histogram_add(chr_histogram *h, uint64_t amount) CHR_NONBLOCKING;
uint64_t chr_histogram_count(const chr_histogram *h);
/* What `share` (0..1) of the amounts do not exceed: 0.99 for p99. At most 3 % too high, never above
 * the greatest; 0 where there are none. */
uint64_t chr_histogram_at(const chr_histogram *h, double share);

/* ---- the load ---- */

enum { CHR_LOAD_WHOLE = 1000000, CHR_LOAD_SWAPS = 16 };

/* When a block with a new graph in it was made. */
typedef struct chr_load_swap {
    uint64_t began_ns, ended_ns;
} chr_load_swap;

typedef struct chr_load {
    chr_histogram share;       /* of each block: what making it took of what it lasts, in millionths
                                  (CHR_LOAD_WHOLE: all of it) */
    chr_histogram lateness;    /* of each block: ns after the moment at which it was due */
    _Atomic uint64_t blocks;   /* made */
    _Atomic uint64_t too_long; /* of them, those that took longer than they last */
    _Atomic uint32_t recent;   /* share, smoothed over some twenty blocks */
    _Atomic uint32_t frames;   /* of the last block */
    struct {
        _Atomic uint64_t clock, began_ns, ended_ns;
    } swaps[CHR_LOAD_SWAPS];
    atomic_uint n_swaps;
    /* [audio] alone: */
    double rate_hz;
    double smooth;
    uint64_t began_ns;
    double due_ns;
    bool has_rhythm;
    uint64_t swaps_seen;
} chr_load;

/* [control] Before the first block, or when another device takes over: what was counted stays. */
void chr_load_start(chr_load *l, double rate_hz);
/* [audio] Round the making of each block. `n_swaps` and `swap_clock` are the engine's. The rhythm
 * of the device is taken from its calls: each is due when the last one's frames have gone by. */
void chr_load_begin(chr_load *l, uint64_t now_ns) CHR_NONBLOCKING;
void chr_load_end(chr_load *l, uint64_t now_ns, int n_frames, uint64_t n_swaps,
                  uint64_t swap_clock) CHR_NONBLOCKING;
/* [control] When the block was made in which the swap at `clock` happened. False where that is not
 * known: it was too long ago. */
bool chr_load_swapped(const chr_load *l, uint64_t clock, chr_load_swap *swap);

#endif
