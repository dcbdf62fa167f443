/* runtime/cli/stress_report.h: what a stress run came to: for people, as JSON and CSV, and beside
 * an earlier one. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_STRESS_REPORT_H
#define CHR_RUNTIME_STRESS_REPORT_H

#include "runtime/cli/stress_plan.h"

#include <stdio.h>

typedef struct chr_stress_report chr_stress_report;

/* NULL when memory is out. */
chr_stress_report *chr_stress_report_new(const chr_stress_plan *plan);
void chr_stress_report_free(chr_stress_report *r);
/* A stage has ended; `stats` is its object of --stats-json (docs/live.md), `most_voices` how many
 * sounded at once. False: memory is out. */
bool chr_stress_report_add(chr_stress_report *r, const chr_stress_stage *stage, const char *stats,
                           int most_voices);
/* A line or two about the stage that was added last. */
void chr_stress_report_tell(const chr_stress_report *r, FILE *to);
/* {"rate_hz": ..., "block": ..., "stages": [{"name": ..., "asked": {...}, "figures": {...}}]} */
bool chr_stress_report_json(const chr_stress_report *r, FILE *to);
/* stage,figure,value: a line for each number. */
bool chr_stress_report_csv(const chr_stress_report *r, FILE *to);

/* Names each figure that is worse than in the report at `path`, by more than the tolerance and by
 * more than what it varies by anyway. CHR_EXIT_OK, CHR_EXIT_WORSE, or another exit code with the
 * reason told. */
int chr_stress_report_compare(const chr_stress_report *r, const char *path, double tolerance,
                              FILE *to);

#endif
