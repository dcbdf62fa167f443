/* lang/hash.h: numbers for texts and bytes, the same in every run and on every machine: FNV-1a, 64
 * bits (G. Fowler, L. C. Noll, K.-P. Vo; http://www.isthe.com/chongo/tech/comp/fnv). Chance is
 * addressed by them and journals hold them, so they never change. They are no protection against
 * texts that are made to collide. SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_HASH_H
#define CHR_LANG_HASH_H

#include <stddef.h>
#include <stdint.h>

static const uint64_t chr_hash_start = 14695981039346656037u;

/* What has been hashed so far, and a byte or a number more. */
static inline uint64_t chr_hash_more(uint64_t h, uint64_t x) {
    return (h ^ x) * 1099511628211u;
}

static inline uint64_t chr_hash_bytes(uint64_t h, const void *bytes, size_t n) {
    for (size_t i = 0; i < n; i++)
        h = chr_hash_more(h, ((const uint8_t *)bytes)[i]);
    return h;
}

/* A text without the zero at its end. */
static inline uint64_t chr_hash_text(uint64_t h, const char *text) {
    for (; *text; text++)
        h = chr_hash_more(h, (uint8_t)*text);
    return h;
}

#endif
