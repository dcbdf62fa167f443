/* runtime/cli/json.h: a session as a program sees it: one JSON object on one line of standard
 * output for each thing that happens. docs/live.md describes them.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_JSON_H
#define CHR_RUNTIME_JSON_H

#include "lang/diag.h"
#include "runtime/engine.h"

/* All errors and warnings of an evaluation, with the fields of `chronus check --json`. */
void chr_json_diagnostics(int evaluation, const chr_diags *diags);
/* "answer", "note" or "trouble". */
void chr_json_text(int evaluation, const char *kind, const char *text);
/* An answer with further members of its object. */
void chr_json_answer(int evaluation, const char *text, const char *facts);
/* Something that nobody typed: "ready", "fault", "device", "end". */
void chr_json_event(const char *event, const char *text);

typedef struct chr_json_result {
    int n_errors, n_warnings;
    bool applied;
    const chr_offer_report *report; /* NULL: nothing was to be changed */
    bool placed;                    /* the rest is known */
    double bar, beat;               /* from 1; bar 0: the clock stands */
    double seconds;
    uint64_t sample;
} chr_json_result;

/* The last object of an evaluation. */
void chr_json_evaluation(int evaluation, const chr_json_result *result);

#endif
