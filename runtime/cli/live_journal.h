/* runtime/cli/live_journal.h: the journal of what is played live, and how a former session comes
 * back. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_LIVE_JOURNAL_H
#define CHR_RUNTIME_LIVE_JOURNAL_H

#include "runtime/cli/live.h"
#include "runtime/journal.h"

/* Before the player is made: `witness` is for its options. */
void chr_live_journal_open(chr_live *l, const chr_live_options *options, chr_witness *witness);
/* Whenever the player is tended. */
void chr_live_journal_tend(chr_live *l);
/* A module was silenced. */
void chr_live_journal_fault(chr_live *l, const char *label);
/* Once the host has stopped. */
void chr_live_journal_close(chr_live *l);

/* Says that the last session died, if it did and nobody asks for it. */
void chr_live_tell_died(chr_live *l);
/* What the session was begun with goes into the options, where nothing else was asked for. `folder`
 * keeps it. */
void chr_live_resume_options(const chr_journal_text *t, chr_live_options *options);
/* Brings the session back that the journal tells of, and says what came back. */
void chr_live_resume(chr_live *l, const chr_journal_text *t);

#endif
