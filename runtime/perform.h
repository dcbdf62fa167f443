/* runtime/perform.h: does again what a journal tells, to the sample: the same evaluations, each
 * taking over where it did, and the clock started and stopped where it was. What comes out is what
 * was heard, bit for bit.
 *
 * Files that were read are taken from the journal itself; nothing is written.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_PERFORM_H
#define CHR_RUNTIME_PERFORM_H

#include "runtime/journal.h"

typedef struct chr_performance chr_performance;

typedef struct chr_perform_options {
    const char *program; /* version of this one */
    const char *isa;     /* as in chr_engine_options; none of these changes a sample */
    int lanes;
    int threads; /* that share the work */
    bool stems;
    bool no_ceiling;
} chr_perform_options;

/* [control] The journal must live as long. NULL when memory is out, or the engine cannot be had. */
chr_performance *chr_perform_open(const chr_journal_text *journal,
                                  const chr_perform_options *options);
void chr_perform_close(chr_performance *p);
double chr_perform_rate(const chr_performance *p);
int chr_perform_channels(const chr_performance *p);
/* Frames, from the first to the last that the journal knows of, with the ceiling's latency before
 * them. */
uint64_t chr_perform_length(const chr_performance *p);
chr_engine *chr_perform_engine(chr_performance *p);
/* The next n_frames frames, interleaved. False: an evaluation cannot be done again, and `why` says
 * so in one sentence; what was made of this block is silence. */
bool chr_perform_render(chr_performance *p, float *out, int n_frames, char why[CHR_JOURNAL_TEXT]);
/* What is to be known of the result: one sentence each, NULL: no more. Some are known from
 * the start, some only when the end has been made. */
const char *chr_perform_remark(chr_performance *p);

#endif
