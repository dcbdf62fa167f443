/* dsp/nonblocking.h: the mark of a function that the audio thread may call: it does not allocate,
 * lock, wait, or call the system. Compilers that know the attribute check it (clang 20 and later:
 * -Wfunction-effects finds a forbidden call as it compiles, -fsanitize=realtime as it runs;
 * tests/realtime does both); for others it is nothing.
 *
 * It is a part of the function's type, so it stands on declarations and on types of functions. A
 * function that is its own declaration gets it from the type it is used as:
 *
 *     static chr_process_fn delay_process;
 *     static void delay_process(void *state, const chr_block *b) { ... }
 *
 * Such a function has no static variable of its own, be it constant: tables stand outside.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_DSP_NONBLOCKING_H
#define CHR_DSP_NONBLOCKING_H

#if defined __has_attribute
#if __has_attribute(nonblocking)
#define CHR_NONBLOCKING __attribute__((nonblocking))
/* Around a function whose calls we answer for, since the header that declares them does not. */
#define CHR_TRUSTED_BEGIN                                                                          \
    _Pragma("clang diagnostic push") _Pragma("clang diagnostic ignored \"-Wfunction-effects\"")
#define CHR_TRUSTED_END _Pragma("clang diagnostic pop")
#endif
#endif
#ifndef CHR_NONBLOCKING
#define CHR_NONBLOCKING
#define CHR_TRUSTED_BEGIN
#define CHR_TRUSTED_END
#endif

#endif
