/* runtime/cli/render.h: a script into a sound file, as fast as the machine can.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_RENDER_H
#define CHR_RUNTIME_RENDER_H

#include "runtime/cli/cli.h"
#include "runtime/cli/soundfile.h"

/* Something evaluated while the rendering runs. */
typedef struct chr_edit {
    chr_moment at;
    bool typed;       /* a line typed then; otherwise the next version of the whole script */
    const char *name; /* shown in messages */
    const char *text;
    size_t len;
    bool done;
} chr_edit;

typedef struct chr_render_plan {
    const char *script; /* path, or "-" */
    const char *text;
    size_t len;
    const char *out; /* NULL: measured, not written */
    double seconds;  /* 0: not asked for */
    double bars;     /* 0: not asked for; both 0: 8 bars */
    double tail_s;   /* after that; negative: until 60 dB below the peak, at most 10 s */
    double rate_hz;
    int n_channels, block, lanes;
    int threads; /* that share the work */
    chr_sample_kind bits;
    uint64_t seed;
    const char *stems, *isa;
    bool no_ceiling, allow_save, quiet, no_meter;
    chr_edit *edits;
    int n_edits;
} chr_render_plan;

/* Renders, and tells about it; returns an exit code. */
int chr_render(const chr_render_plan *plan);
/* The same for a journal, whose path is the plan's script: the take as it was heard. */
int chr_render_take(const chr_render_plan *plan);

#endif
