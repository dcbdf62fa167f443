/* runtime/names.h: a table from names to numbers, so that versions with thousands of patches are
 * laid over each other in one walk. [control] throughout. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_NAMES_H
#define CHR_RUNTIME_NAMES_H

#include <stdbool.h>
#include <stdint.h>

typedef struct chr_names {
    const char **names; /* not owned; NULL: a free place */
    uint32_t *numbers;
    uint32_t mask;
} chr_names;

/* An empty table with room for n names. False when memory is out; chr_names_clear either way. */
bool chr_names_make(chr_names *t, uint32_t n);
void chr_names_clear(chr_names *t);
/* The first number given to a name stays. The text must outlive the table. */
void chr_names_add(chr_names *t, const char *name, uint32_t number);
/* A number for a name by itself: two names that are not the same share one only by a chance that is
 * never met. */
uint64_t chr_names_id(const char *name);
/* UINT32_MAX if the name is not there. */
uint32_t chr_names_find(const chr_names *t, const char *name);

#endif
