/* runtime/match.h: which node of the new version is which node of the old one.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_MATCH_H
#define CHR_RUNTIME_MATCH_H

#include "lang/ir.h"

/* Fills match[node of fresh] with a node of past or UINT32_MAX. Identity is the owner's name, then:
 * labelled nodes by their label, the others by the longest common sequence of modules, so that a
 * node put in between renames nobody. Modules, and choices among parameters, must agree. False when
 * memory is out. */
bool chr_match_nodes(const chr_ir *fresh, const chr_ir *past, uint32_t *match);

#endif
