/* dsp/kernel/wave.h: the waves of the vco as they are drawn, without their edges softened.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_KERNEL_WAVE_NAMES
#define CHR_KERNEL_WAVE_NAMES
typedef enum chr_wave { CHR_SINE, CHR_SAW, CHR_SQUARE, CHR_PULSE, CHR_TRIANGLE } chr_wave;

/* Compiled once for each wave, with its questions about the wave answered. */
#define CHR_EACH_WAVE static inline __attribute__((always_inline))
#endif

#ifndef CHR_KERNEL_WAVE_H
#define CHR_KERNEL_WAVE_H

#include "dsp/kernel/math.h"
#include "dsp/kernel/phase.h"

/* In multiples of 2^-21: exact beside its edges' taps (dsp/kernel/blep.h). No wave has a mean: a
 * pulse of any width swings about 0. Not of the sine. */
CHR_EACH_WAVE chr_ivec chr_wave_level(chr_wave wave, chr_uvec turn, chr_uvec width) {
    if (wave == CHR_SAW)
        return (chr_ivec)turn >> 10;
    if (wave == CHR_TRIANGLE)
        return (1 << 21) - (chr_ivec)(chr_size((chr_ivec)(turn - CHR_QUARTER_TURN)) >> 9);
    chr_uvec up = turn ^ CHR_HALF_TURN, down = (turn - width) ^ CHR_HALF_TURN;
    return ((chr_ivec)down >> 10) - ((chr_ivec)up >> 10);
}
CHR_EACH_WAVE chr_vec chr_wave_naive(chr_wave wave, chr_uvec turn, chr_uvec width) {
    if (wave == CHR_SINE)
        return chr_vsin_phase(turn);
    /* Floats from 4 to 8 lie 2^-21 apart. */
    return chr_from_bits(chr_bits(chr_set(6.0f)) + chr_wave_level(wave, turn, width)) - 6.0f;
}

#endif
