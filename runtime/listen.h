/* runtime/listen.h: listening to what the engine plays, from the control thread. [control]
 * throughout. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_LISTEN_H
#define CHR_RUNTIME_LISTEN_H

#include "runtime/audio/tap.h"
#include "runtime/engine.h"

/* One chunk as it was heard; valid until the next call for the same tap. */
typedef struct chr_heard {
    uint64_t clock; /* of its first sample; behind what the patches play by chr_engine_latency */
    uint32_t n_channels, n_stems;
    const float *master; /* [n_channels][CHR_CHUNK], after the ceiling; or what the device heard */
    const float *stems;  /* for chr_heard_stem */
} chr_heard;

/* Begins to listen; `seconds` is how much the ring holds while nobody looks, `n_stems` for how many
 * patches by themselves (0: for the whole alone; they need an engine with
 * chr_engine_options.stems). NULL when memory is out or too many listen. */
chr_tap *chr_listen(chr_engine *e, double seconds, int n_stems);
/* The same for what the device hears, in place of what is played. */
chr_tap *chr_listen_inputs(chr_engine *e, double seconds);
/* Ends it; the memory is given back once the audio thread has let go. NULL is allowed. */
void chr_listen_end(chr_engine *e, chr_tap *tap);
/* The next chunk; false: all that was played has been heard, or memory is out. */
bool chr_listen_next(chr_tap *tap, chr_heard *heard);
/* A patch's sound in it, before master and ceiling: [CHR_CHUNK] left and right. */
uint64_t chr_heard_stem(const chr_heard *heard, uint32_t i, const float **left,
                        const float **right);
/* [for the engine] Frees one that the audio thread does not know. NULL is allowed. */
void chr_tap_free(chr_tap *tap);
/* Chunks that were lost because the ring was full; counted from the start. */
uint64_t chr_listen_lost(const chr_tap *tap);

#endif
