/* runtime/excerpt.h: a part of a session that can be rendered by itself. [control] throughout.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_EXCERPT_H
#define CHR_RUNTIME_EXCERPT_H

#include "lang/ir.h"

/* The `chosen` owners ([ir->n_owners]) with all that they read, and those in which they are heard
 * (a bus with its effects; what else goes into it is left out). Owners keep their names and their
 * order; of those that are only read nothing is heard. Who plays notes gets one pattern: the first
 * notes of its own, or one in the middle, held for `note_s`. Names and modules are those of `ir`,
 * which has to outlive it. NULL when memory is out. */
chr_ir *chr_excerpt(const chr_ir *ir, const bool *chosen, double note_s);

#endif
