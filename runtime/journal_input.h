/* runtime/journal_input.h: what the sound device hears is recorded beside the journal, from the
 * moment that something in the session listens, so that `render` hears it again. A float WAV of the
 * journal's name; its first frame belongs to the sample that the journal's line says.
 *
 * [control] throughout. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_JOURNAL_INPUT_H
#define CHR_RUNTIME_JOURNAL_INPUT_H

#include "runtime/journal.h"

/* ---- writing ---- */

typedef struct chr_ear chr_ear;

/* Begins to record into a new file at `path`. NULL: errno tells. */
chr_ear *chr_ear_begin(chr_engine *e, const char *path);
typedef enum chr_ear_news {
    CHR_EAR_NONE,
    CHR_EAR_BEGAN, /* *at: the engine's clock at its first frame */
    CHR_EAR_LOST,  /* *at: a part from there on is missing, and silent in the file */
    CHR_EAR_ENDED  /* *at: nothing from there on is in it; why: words */
} chr_ear_news;
/* Writes what was heard; call it again until there is no news. */
chr_ear_news chr_ear_tend(chr_ear *ear, uint64_t *at, const char **why);
/* Writes the rest and closes the file. NULL is nothing. */
void chr_ear_end(chr_ear *ear);

/* ---- reading ---- */

typedef struct chr_heard_again chr_heard_again;

/* What the journal says was recorded beside it. NULL: it says nothing, or `why` (one sentence)
 * tells what is wrong with the file, and *at from which sample on it is missed; else `why` is "".
 */
chr_heard_again *chr_heard_again_open(const chr_journal_text *t, char why[CHR_JOURNAL_TEXT],
                                      uint64_t *at);
/* in[CHR_CHUNK][inputs] for the chunk that begins at `clock`; chunks in order. False: the recording
 * has ended before. */
bool chr_heard_again_read(chr_heard_again *h, uint64_t clock, float *in);
void chr_heard_again_close(chr_heard_again *h);

#endif
