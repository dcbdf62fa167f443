/* runtime/looks.h: questions about what is heard just now: `meters`, `scope`, `spectrum`. Each
 * listens for a moment and is answered then, while everything goes on. [control] throughout.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_LOOKS_H
#define CHR_RUNTIME_LOOKS_H

#include "runtime/engine.h"

#include <stdio.h>

typedef enum chr_look_kind {
    CHR_LOOK_METERS,
    CHR_LOOK_SCOPE,
    CHR_LOOK_SPECTRUM,
    CHR_LOOK_WHY
} chr_look_kind;

typedef struct chr_looks chr_looks;

/* `columns`: that a drawing in braille signs may have, asked for whenever one is made; NULL or 0:
 * figures alone. NULL when memory is out. */
chr_looks *chr_looks_new(chr_engine *e, int (*columns)(void));
/* Who answers CHR_LOOK_WHY: told the peak and the RMS of the patch in dB. */
typedef void chr_looks_why(void *context, const char *name, double peak_db, double rms_db,
                           FILE *to);
void chr_looks_ask(chr_looks *l, chr_looks_why *why, void *context);
/* The engine must still be there. NULL is allowed. */
void chr_looks_free(chr_looks *l);

/* Begins to listen, to one patch or (name NULL) to all that is heard. False: memory is out, or too
 * many look already. */
bool chr_looks_begin(chr_looks *l, chr_look_kind kind, const char *name);
/* Some hundred times a second; offline before each chunk. The next answer, whole lines, malloc'd;
 * NULL: none is ready. */
char *chr_looks_answer(chr_looks *l);
/* True while one is under way. */
bool chr_looks_wait(const chr_looks *l);

#endif
