/* runtime/resume.h: a session that is over, brought back from its journal: what was said, undo and
 * all, its tempo, and whether it played. Sound begins anew, at bar 1.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_RESUME_H
#define CHR_RUNTIME_RESUME_H

#include "runtime/journal.h"

typedef struct chr_resumed {
    int n_evaluations; /* that came back */
    int n_failed;      /* that have an error now */
    bool plays;        /* its clock ran, and runs again */
} chr_resumed;

/* [control] Into a player that is new. What the program was doing when it died is left out. The
 * witness (the player's own) is told of all of it, so the new journal stands on its own. */
chr_resumed chr_resume(chr_player *p, const chr_witness *witness, const chr_journal_text *t);

#endif
