/* runtime/crew.h: threads that share the work of each chunk, for renderings that wait for no
 * device: the same samples, sooner. What plays live stays on one audio thread.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_CREW_H
#define CHR_RUNTIME_CREW_H

#include "runtime/audio/audio.h"
#include "runtime/engine.h"
#include "runtime/parts.h"

typedef struct chr_crew chr_crew;

/* [control] n_threads (2 to CHR_CREW_MOST) threads: the one that renders, and others that wait for
 * it. Fewer where the system gives no more; NULL when memory is out. They find out whether sharing
 * is worth it; with `always` they do not ask. */
chr_crew *chr_crew_new(int n_threads, bool always);
/* Ends them; nothing is being rendered. NULL is allowed. */
void chr_crew_free(chr_crew *c);
/* 1 for NULL. */
int chr_crew_size(const chr_crew *c);
/* From the thread that renders, between two chunks: does one(context, i) for each i below n, each
 * once, several at the same time. NULL: one after the other. */
void chr_crew_share(chr_crew *c, uint32_t n, chr_share_fn *one, void *context);
/* How the audio thread asks them; valid as long as the crew is. */
const chr_helpers *chr_crew_helpers(const chr_crew *c);

#endif
