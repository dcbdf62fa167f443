/* lang/answers_why.h: what the session itself says about whether a patch is heard. [control]
 * SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_ANSWERS_WHY_H
#define CHR_LANG_ANSWERS_WHY_H

#include "lang/session.h"

enum { CHR_WHY_NAME = 80 };

typedef struct chr_patch_facts {
    bool bus; /* not a patch, but a place where sounds meet */
    bool muted;
    bool stopped;              /* by name, by `play OTHERS`, or with everything */
    char soloed[CHR_WHY_NAME]; /* another one that is heard alone; "" if there is none */
} chr_patch_facts;

chr_patch_facts chr_session_patch(const chr_session *s, const char *name);

#endif
