/* lang/stdlib.h: the library's scripts and tunings, embedded at build time from stdlib/.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_STDLIB_H
#define CHR_LANG_STDLIB_H

#include "lang/session.h"

extern const chr_library_file chr_stdlib[];
extern const int chr_stdlib_count;
/* Scales and key maps, by the names of their files: "just.scl", "equal19.kbm". */
extern const chr_library_file chr_tunings[];
extern const int chr_tunings_count;

#endif
