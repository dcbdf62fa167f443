/* lang/arena.c: memory of one compile, taken in pieces and given back at once.
 * SPDX-License-Identifier: MIT */
#include "lang/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 16, FIRST_BLOCK = 4096, GREATEST_BLOCK = 1 << 20 };

typedef struct block {
    struct block *previous;
    size_t size; /* bytes behind this header */
} block;

/* The header is padded, so that what follows it is aligned. */
enum { HEADER = (sizeof(block) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT };

struct chr_arena {
    block *newest;
    size_t used;       /* of the newest block */
    size_t next_size;  /* of the block to come; doubles, so that a small text costs little */
    size_t handed_out; /* in all blocks */
    size_t limit;
    int failed;
};

chr_arena *chr_arena_new(size_t limit) {
    chr_arena *a = calloc(1, sizeof *a);
    if (a == NULL)
        return NULL;
    a->limit = limit != 0 ? limit : (size_t)512 << 20;
    a->next_size = FIRST_BLOCK;
    return a;
}

void chr_arena_free(chr_arena *a) {
    if (a == NULL)
        return;
    for (block *b = a->newest; b != NULL;) {
        block *previous = b->previous;
        free(b);
        b = previous;
    }
    free(a);
}

static int add_block(chr_arena *a, size_t bytes) {
    size_t size = bytes > a->next_size ? bytes : a->next_size;
    block *b = calloc(1, HEADER + size);
    if (b == NULL)
        return 0;
    b->previous = a->newest;
    b->size = size;
    a->newest = b;
    a->used = 0;
    if (a->next_size < GREATEST_BLOCK)
        a->next_size *= 2;
    return 1;
}

void *chr_arena_alloc(chr_arena *a, size_t bytes) {
    if (a->failed || bytes > a->limit) {
        a->failed = 1;
        return NULL;
    }
    size_t rounded = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (rounded == 0)
        rounded = ALIGNMENT; /* every piece has an address of its own */
    if (rounded > a->limit - a->handed_out) {
        a->failed = 1;
        return NULL;
    }
    if ((a->newest == NULL || rounded > a->newest->size - a->used) && !add_block(a, rounded)) {
        a->failed = 1;
        return NULL;
    }
    char *piece = (char *)a->newest + HEADER + a->used;
    a->used += rounded;
    a->handed_out += rounded;
    return piece;
}

char *chr_arena_copy(chr_arena *a, const char *text, size_t n) {
    char *copy = n < SIZE_MAX ? chr_arena_alloc(a, n + 1) : NULL;
    if (copy != NULL && n != 0)
        memcpy(copy, text, n);
    return copy;
}

char *chr_arena_printf(chr_arena *a, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int n = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = NULL;
    if (n >= 0)
        text = chr_arena_alloc(a, (size_t)n + 1);
    if (text != NULL)
        vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return text;
}

int chr_arena_failed(const chr_arena *a) {
    return a->failed;
}
