/* runtime/cli/answer.h: what an evaluation did, told once the audio thread has taken it over.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_ANSWER_H
#define CHR_RUNTIME_ANSWER_H

#include "runtime/cli/cli.h"

typedef struct chr_answer {
    chr_show *show;
    double rate_hz;
    bool brief; /* for a player at a terminal: bar and beat, without seconds and samples */
    bool due;   /* an answer is owed */
    int evaluation, n_warnings; /* its number and its warnings, for programs */
    chr_offer_report report;
    double patterns_at_bar; /* patterns that were changed last take over there; 0: there are none */
    double patterns_beat;   /* where patterns change, if they wait */
} chr_answer;

/* An evaluation was applied. One that is still owed is told first, without its sample. */
void chr_answer_expect(chr_answer *a, const chr_evaluation *e, chr_player *player);
/* Tells it if its swap has happened: "kept 11, changed 2, new 1, gone 1 — at bar 3 beat 1 (4.5 s,
 * sample 216000)". */
void chr_answer_tell(chr_answer *a, chr_player *player);
/* Tells it anyway. */
void chr_answer_flush(chr_answer *a);

#endif
