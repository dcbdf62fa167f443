/* lang/session_index.c: finds a number by a text: open addressing, grows by doubling.
 * SPDX-License-Identifier: MIT */
#include "lang/hash.h"
#include "lang/session_state.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *text; /* NULL: free */
    int number;
} slot;

struct chr_index {
    slot *slots;
    size_t room; /* a power of two */
    size_t used;
};

static size_t hash(const char *text) {
    uint64_t h = chr_hash_text(chr_hash_start, text);
    return (size_t)(h ^ h >> 29);
}

chr_index *chr_index_new(void) {
    chr_index *index = calloc(1, sizeof *index);
    if (!index)
        return NULL;
    index->room = 64;
    index->slots = calloc(index->room, sizeof *index->slots);
    if (!index->slots) {
        free(index);
        return NULL;
    }
    return index;
}

void chr_index_free(chr_index *index) {
    if (!index)
        return;
    free(index->slots);
    free(index);
}

static slot *place_of(slot *slots, size_t room, const char *text) {
    size_t i = hash(text) & (room - 1);
    while (slots[i].text && strcmp(slots[i].text, text) != 0)
        i = (i + 1) & (room - 1);
    return &slots[i];
}

int chr_index_get(const chr_index *index, const char *text) {
    const slot *s = place_of(index->slots, index->room, text);
    return s->text ? s->number : -1;
}

bool chr_index_set(chr_index *index, const char *text, int number) {
    if ((index->used + 1) * 4 > index->room * 3) {
        slot *slots = calloc(index->room * 2, sizeof *slots);
        if (!slots)
            return false;
        for (size_t i = 0; i < index->room; i++)
            if (index->slots[i].text)
                *place_of(slots, index->room * 2, index->slots[i].text) = index->slots[i];
        free(index->slots);
        index->slots = slots;
        index->room *= 2;
    }
    slot *s = place_of(index->slots, index->room, text);
    if (!s->text)
        index->used++;
    s->text = text;
    s->number = number;
    return true;
}
