/* runtime/cli/midi_out.h: what a rendering plays as a Standard MIDI File: a track a pattern, with
 * the tempi and meters that there were. [control] throughout. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_MIDI_OUT_H
#define CHR_RUNTIME_MIDI_OUT_H

#include "runtime/engine.h"

#include <stddef.h>

typedef struct chr_midi_out chr_midi_out;

/* True of "song.mid"; NULL is allowed. */
bool chr_is_midi_out(const char *path);
/* NULL when memory is out. */
chr_midi_out *chr_midi_out_new(void);
/* NULL is allowed. */
void chr_midi_out_free(chr_midi_out *m);
/* Takes in what the engine, which has chr_engine_options.notes, has played since the last time. */
void chr_midi_out_gather(chr_midi_out *m, chr_engine *e);
/* Writes the file. False, with a reason, where that fails: then what stood there is untouched. */
bool chr_midi_out_finish(chr_midi_out *m, chr_engine *e, const char *path, char *why, size_t size);
/* "3 patterns, 128 notes, 8 bars": to standard output. */
void chr_midi_out_describe(const chr_midi_out *m);

#endif
