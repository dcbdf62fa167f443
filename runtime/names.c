/* runtime/names.c: names to numbers, by hashing with open addressing.
 * SPDX-License-Identifier: MIT */
#include "runtime/names.h"

#include "lang/hash.h"

#include <stdlib.h>
#include <string.h>

bool chr_names_make(chr_names *t, uint32_t n) {
    uint32_t places = 16;
    while (places < 2 * n + 2)
        places *= 2;
    *t = (chr_names){.names = calloc(places, sizeof *t->names),
                     .numbers = malloc(places * sizeof *t->numbers),
                     .mask = places - 1};
    return t->names && t->numbers;
}

void chr_names_clear(chr_names *t) {
    free(t->names);
    free(t->numbers);
    *t = (chr_names){.names = NULL};
}

/* Where a name is, or the free place where it belongs; at least half of the places are free. */
static uint32_t place_of(const chr_names *t, const char *name) {
    uint64_t h = chr_names_id(name);
    uint32_t at = (uint32_t)(h ^ h >> 32) & t->mask;
    while (t->names[at] && strcmp(t->names[at], name) != 0)
        at = (at + 1) & t->mask;
    return at;
}

void chr_names_add(chr_names *t, const char *name, uint32_t number) {
    uint32_t at = place_of(t, name);
    if (t->names[at])
        return;
    t->names[at] = name;
    t->numbers[at] = number;
}

uint32_t chr_names_find(const chr_names *t, const char *name) {
    uint32_t at = place_of(t, name);
    return t->names[at] ? t->numbers[at] : UINT32_MAX;
}

uint64_t chr_names_id(const char *name) {
    return chr_hash_text(chr_hash_start, name);
}
