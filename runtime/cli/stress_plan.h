/* runtime/cli/stress_plan.h: what `chronus stress` is to do: a plan in JSON, in stages that are
 * played one after the other. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_STRESS_PLAN_H
#define CHR_RUNTIME_STRESS_PLAN_H

#include <stdbool.h>
#include <stdint.h>

enum { CHR_STRESS_STAGES = 64, CHR_STRESS_NAME = 64 };

/* What a stage puts on the computer, all at once. */
typedef struct chr_stress_stage {
    char name[CHR_STRESS_NAME];
    double seconds;     /* how long it plays */
    double voices;      /* notes that are held all the time */
    double events;      /* short notes a second */
    double swaps;       /* evaluations a second that change what is heard */
    double delay_ms;    /* that the audio thread is held up, */
    double delay_every; /* in each so-manieth block */
    char *script;       /* path of a script that plays as well, malloc'd; NULL: none */
} chr_stress_stage;

typedef struct chr_stress_plan {
    double rate_hz, block;
    double tolerance; /* in percent: how much worse than the baseline is not told */
    chr_stress_stage stages[CHR_STRESS_STAGES];
    int n_stages;
} chr_stress_plan;

/* Reads the file. CHR_EXIT_OK; or an exit code, with what is wrong told and nothing to be freed. */
int chr_stress_read(const char *path, chr_stress_plan *plan);
void chr_stress_free(chr_stress_plan *plan);

/* The script of a stage, malloc'd: `voices` held notes and `events` short ones a second, by
 * instruments made for it. NULL: memory is out. */
char *chr_stress_script(const chr_stress_stage *s);
/* The n-th evaluation while it plays: by turns a number is moved, a patch of its own comes or goes,
 * and a chain is put together in another way. */
const char *chr_stress_change(uint64_t n);

#endif
