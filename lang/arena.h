/* lang/arena.h: memory of one compile, taken in pieces and given back at once.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_ARENA_H
#define CHR_LANG_ARENA_H

#include <stddef.h>

typedef struct chr_arena chr_arena;

/* NULL when memory is out. `limit` bytes at most are ever handed out (0: 512 MiB). */
chr_arena *chr_arena_new(size_t limit);
void chr_arena_free(chr_arena *a);

/* Zeroed, aligned to 16 bytes, valid until the arena is freed. Past the limit, or when memory is
 * out, it returns NULL and chr_arena_failed says so from then on. */
void *chr_arena_alloc(chr_arena *a, size_t bytes);
/* NUL-terminated copy of n bytes. */
char *chr_arena_copy(chr_arena *a, const char *text, size_t n);
char *chr_arena_printf(chr_arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
int chr_arena_failed(const chr_arena *a);

#define CHR_NEW(arena, type) ((type *)chr_arena_alloc((arena), sizeof(type)))
#define CHR_NEW_N(arena, type, n) ((type *)chr_arena_alloc((arena), sizeof(type) * (size_t)(n)))

#endif
