/* runtime/diff.h: what one meaning of a session is on top of another, without building it.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_DIFF_H
#define CHR_RUNTIME_DIFF_H

#include "runtime/engine.h"

#include <stdio.h>

/* [control] Counts the nodes that going from `before` to `after` keeps, changes, adds and takes
 * away. Unless `names` is NULL, writes what is not kept there by the names that a player gave
 * (chr_part_name), a line each
 * ("  new      lead.lpf", "  changed  pattern kick"). False when memory is out. */
bool chr_ir_compare(const chr_ir *after, const chr_ir *before, chr_offer_report *report,
                    FILE *names);

#endif
