/* runtime/cli/stats.h: the answer to `stats`, and the lines of --stats-json.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_STATS_H
#define CHR_RUNTIME_STATS_H

#include <stdbool.h>
#include <stdio.h>

struct chr_live;

typedef struct chr_stats_log {
    FILE *to;      /* NULL: nobody asked */
    double next_s; /* when the next line is due */
} chr_stats_log;

/* For people, malloc'd; NULL when memory is out. `live` is a chr_live. */
char *chr_stats_text(void *live);
/* One JSON object, on one line; docs/live.md describes it. */
void chr_stats_print_json(struct chr_live *l, FILE *to);

/* Opens the file of --stats-json ("-": standard error). False, and told, if it cannot be written.
 */
bool chr_stats_open(struct chr_live *l, const char *path);
/* Writes a line each second. */
void chr_stats_tend(struct chr_live *l);
/* Writes the last one. */
void chr_stats_close(struct chr_live *l);

#endif
