/* runtime/cli/take.h: a recording whose end is not known yet: frames are held until it is sure that
 * they belong to it. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_TAKE_H
#define CHR_RUNTIME_TAKE_H

#include "runtime/cli/soundfile.h"
#include "runtime/engine.h"

#include <stddef.h>

typedef struct chr_take {
    chr_soundfile *file; /* NULL: kept nowhere, only counted */
    int n_channels;
    float *held;         /* frames pushed and not yet written */
    size_t n_held, room; /* samples */
    uint64_t written;    /* frames */
} chr_take;

/* frames: [n][n_channels]; NULL: silence. False: memory is out. */
bool chr_take_push(chr_take *t, const float *frames, uint64_t n);
/* Frames pushed so far. */
uint64_t chr_take_length(const chr_take *t);
/* Writes what was pushed up to frame `end`, which is at most the length. False: writing failed. */
bool chr_take_commit(chr_take *t, uint64_t end);
/* Frees what is held; the file is left to its owner. */
void chr_take_drop(chr_take *t);

/* One file for each owner, in a folder of their own. */
typedef struct chr_stems chr_stems;

/* Makes the folder if it is missing. `end`: ".wav" or ".flac". The engine's threads write; it has
 * to be there until the files are closed. NULL and `why`. */
chr_stems *chr_stems_new(chr_engine *engine, const char *folder, const char *end,
                         const chr_soundfile_format *format, char why[CHR_SOUNDFILE_TEXT]);
/* One chunk (CHR_CHUNK frames) of owner `name`. A name not heard before begins a file, with silence
 * up to here. */
bool chr_stems_push(chr_stems *s, const char *name, const float *left, const float *right,
                    char why[CHR_SOUNDFILE_TEXT]);
/* After each chunk: owners that said nothing in it were silent. */
bool chr_stems_next(chr_stems *s, char why[CHR_SOUNDFILE_TEXT]);
bool chr_stems_commit(chr_stems *s, uint64_t end);
/* True once one of them could not be written. */
bool chr_stems_failed(chr_stems *s);
/* Closes all files; on a failure none is left. Frees `s`. Returns how many there are, or -1 and
 * `why`. */
int chr_stems_finish(chr_stems *s, char why[CHR_SOUNDFILE_TEXT]);
void chr_stems_discard(chr_stems *s);
/* What is committed is written some thousand frames at a time: the rest of it now, before the files
 * are closed. What fails is told by chr_stems_finish. */
void chr_stems_flush(chr_stems *s);

#endif
