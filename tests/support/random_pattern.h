/* tests/support/random_pattern.h: pattern text by chance, from every bracket, modifier and
 * transform. SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_SUPPORT_RANDOM_PATTERN_H
#define CHR_TESTS_SUPPORT_RANDOM_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct random_pattern {
    uint64_t seed; /* moves on */
    bool grid;     /* steps of a sequence, else of a melody */
    bool chances;  /* with ? and ( | ) */
    bool holds;    /* with _ and . */
    bool spelled;  /* what a grid would be, in words: m36 for x, m36^ for X; no other signs */
} random_pattern;

uint32_t random_below(random_pattern *r, uint32_t n);
/* Writes steps into `text`, which has room for n bytes. */
void random_steps(random_pattern *r, char *text, size_t n);
/* Writes up to `most` transforms, each with its `>` before it. */
void random_transforms(random_pattern *r, int most, char *text, size_t n);

#endif
