/* lang/stdlib.h: the library's scripts, embedded at build time from stdlib/.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_STDLIB_H
#define CHR_LANG_STDLIB_H

#include "lang/session.h"

extern const chr_library_file chr_stdlib[];
extern const int chr_stdlib_count;

#endif
