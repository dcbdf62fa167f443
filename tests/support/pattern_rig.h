/* tests/support/pattern_rig.h: an instrument whose sound is what it was told to play: on the left
 * the pitch, on the right the gate. SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_PATTERN_RIG_H
#define CHR_TESTS_PATTERN_RIG_H

#include "tests/support/engine_kit.h"
#include "tests/support/ir_maker.h"

/* An owner "rig" of so many voices in `m`; the sums of its voices are heard. */
uint32_t rig_owner(ir_maker *m, uint32_t voices);
/* A session that plays one score with it. */
chr_ir *rig_session(const chr_score *score, uint32_t voices, double bpm);
/* What an engine plays from now on: "0:36 500-:- 1000:40~": a note at each sample at which the gate
 * opens or the pitch changes, "-" where the gate closes. To be freed. */
char *rig_listen(chr_engine *e, int frames, int block);
/* The same of a session from its beginning. */
char *rig_play(chr_ir *ir, int frames, int block);

#endif
