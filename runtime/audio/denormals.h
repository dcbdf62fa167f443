/* runtime/audio/denormals.h: values too small for a normal float count as zero on a thread that
 * makes sound: on, and back to how the thread had it. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_DENORMALS_H
#define CHR_RUNTIME_DENORMALS_H

#include <stdint.h>

#if defined __x86_64__
#include <immintrin.h>
static inline uint64_t chr_denormals_flush(void) {
    unsigned before = _mm_getcsr();
    _mm_setcsr(before | 0x8040u);
    return before;
}
static inline void chr_denormals_restore(uint64_t before) {
    _mm_setcsr((unsigned)before);
}
#elif defined __aarch64__
static inline uint64_t chr_denormals_flush(void) {
    uint64_t before;
    __asm__ volatile("mrs %0, fpcr" : "=r"(before));
    __asm__ volatile("msr fpcr, %0" : : "r"(before | (1u << 24)));
    return before;
}
static inline void chr_denormals_restore(uint64_t before) {
    __asm__ volatile("msr fpcr, %0" : : "r"(before));
}
#endif

#endif
