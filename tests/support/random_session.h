/* tests/support/random_session.h: sessions that nobody would write, from a seed: patches, voices,
 * cables between patches, feedback, patterns. Neighbouring versions share most of themselves.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_RANDOM_SESSION_H
#define CHR_TESTS_RANDOM_SESSION_H

#include "lang/ir.h"

/* Version `n` of the session of a seed. */
chr_ir *random_session(uint32_t seed, uint32_t n);

#endif
