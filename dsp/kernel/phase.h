/* dsp/kernel/phase.h: a phase that never drifts: 2^32 to the turn and 24 bits below that (56 in
 * all), so that two oscillators an octave apart stay in step for years.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_KERNEL_PHASE_H
#define CHR_KERNEL_PHASE_H

#include "dsp/vec.h"

enum { CHR_PHASE_FRACTION = 24 }; /* bits below the phase proper */

#define CHR_HALF_TURN 0x80000000u
#define CHR_QUARTER_TURN 0x40000000u

typedef struct chr_phase {
    chr_uvec turn; /* 2^32 to the turn */
    chr_ivec
        fraction; /* below it, in units of 2^-24; in a chunk of 64 it may reach 2^30 either way */
} chr_phase;

/* What one sample adds. */
typedef struct chr_phase_step {
    chr_ivec whole, fraction;
} chr_phase_step;

/* Frequency as a step. Nothing is above half the rate; NaN counts as the lowest. */
static inline chr_phase_step chr_phase_step_of(chr_vec freq_hz, float period_s) {
    const float most = 0.499f * 0x1p32f;
    chr_vec turns = chr_clamp(freq_hz * (period_s * 0x1p32f), chr_set(-most), chr_set(most));
    chr_ivec whole = chr_trunc(turns);
    chr_vec rest = (turns - chr_float(whole)) * (float)(1 << CHR_PHASE_FRACTION);
    return (chr_phase_step){whole, chr_trunc(rest)};
}

/* What the fraction has gathered for the phase. Taken over at a chunk's first sample (i = 0) and
 * never within, so that between them steps are whole numbers and n of them are one multiplication.
 */
static inline chr_ivec chr_phase_carry(const chr_phase *p, int i) {
    return i == 0 ? p->fraction >> CHR_PHASE_FRACTION : chr_iset(0); /* floor */
}

/* Goes on by n samples of one step, the first of them sample i of its chunk. */
static inline void chr_phase_advance(chr_phase *p, chr_phase_step step, int i, int n) {
    p->turn += (chr_uvec)step.whole * (uint32_t)n + (chr_uvec)chr_phase_carry(p, i); /* it wraps */
    if (i == 0)
        p->fraction &= (1 << CHR_PHASE_FRACTION) - 1;
    p->fraction += step.fraction * n;
}

#endif
