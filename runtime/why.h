/* runtime/why.h: why a patch is silent, quiet or late: every cause that can be seen, with what to
 * do about it. Pure. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_WHY_H
#define CHR_RUNTIME_WHY_H

#include "lang/answers_why.h"

/* What is known about it; `ir` is the session as it plays. */
typedef struct chr_why {
    const char *name; /* of a patch */
    chr_patch_facts said;
    const chr_ir *ir;
    bool running;           /* the clock */
    bool waits;             /* a pattern of it takes over later */
    const char *faulty;     /* a node of it that was silenced for a bad value, or NULL */
    uint64_t stolen;        /* notes that were cut off for others so far */
    double over_db;         /* how far everything together went over the ceiling; 0: not at all */
    double peak_db, rms_db; /* of the patch itself, over the last moments */
} chr_why;

/* Whole lines. */
void chr_why_explain(const chr_why *w, FILE *to);

/* What is known of one patch; its levels are not asked for. */
typedef chr_why chr_why_known(void *context, const char *name);
/* About all that is heard together: `w` tells of that, and where it is silent, `known` of each
 * patch. */
void chr_why_explain_all(const chr_why *w, chr_why_known *known, void *context, FILE *to);

#endif
