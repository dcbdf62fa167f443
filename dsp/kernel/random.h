/* dsp/kernel/random.h: numbers that look drawn, as a function of where they stand: a counter and a
 * key. Nothing is stored but the counter, so a stream can be cut anywhere and gives the same on
 * every machine.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_KERNEL_RANDOM_H
#define CHR_KERNEL_RANDOM_H

#include "dsp/vec.h"

/* The finaliser of SplitMix64 (Steele, Lea, Flood 2014): spreads a seed, which may be small, over
 * 64 bits. */
static inline uint64_t chr_spread_seed(uint64_t x) {
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* Two keys of one lane from its seed: what a module's init writes into rows of its state. */
static inline void chr_random_keys(chr_uvec key[2], int lane, uint64_t seed) {
    uint64_t wide = chr_spread_seed(seed);
    uint32_t word[2] = {(uint32_t)wide, (uint32_t)(wide >> 32)};
    for (int k = 0; k < 2; k++)
        memcpy((char *)(key + k) + (unsigned)lane * sizeof word[k], &word[k], sizeof word[k]);
}

/* 32 bits for each lane. Mixing constants: "lowbias32" (Wellons 2018); the second key enters
 * between the rounds, so that the streams of two lanes are not one stream shifted. */
static inline chr_uvec chr_random_bits(chr_uvec counter, const chr_uvec key[2]) {
    chr_uvec x = counter ^ key[0];
    x ^= x >> 16;
    x *= 0x7feb352du;
    x += key[1];
    x ^= x >> 15;
    x *= 0x846ca68bu;
    return x ^ (x >> 16);
}

/* Evenly spread over -1..1. */
static inline chr_vec chr_random(chr_uvec counter, const chr_uvec key[2]) {
    return chr_float((chr_ivec)chr_random_bits(counter, key)) * 0x1p-31f;
}

#endif
