/* runtime/notes.h: the notes of a score as the control thread looks at them.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_NOTES_H
#define CHR_RUNTIME_NOTES_H

#include "runtime/audio/query.h"

/* All notes that begin in ticks from..to-1, in order, ties marked, but no more than `limit`. *n:
 * how many there are. NULL when memory is out; else to be freed, also when there are none. */
chr_score_note *chr_score_notes(const chr_score *s, int64_t from, int64_t to, uint32_t limit,
                                uint32_t *n);

#endif
