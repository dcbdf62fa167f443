/* runtime/cli/complete.h: what lang/complete.h knows, as the prompt needs it: with the lines that
 * were typed before, and with the names of files. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_COMPLETE_H
#define CHR_RUNTIME_COMPLETE_H

#include "lang/session.h"

typedef struct chr_helper {
    const chr_session *session;
    struct chr_files *files;
    /* Lines of the same evaluation that were typed before the one at hand; may be NULL. */
    const char *before;
    size_t before_len;
} chr_helper;

/* What may stand for line[start..cursor), which begins with what stands there: malloc'd words in a
 * malloc'd list that ends in NULL, and before them the part that they share; as readline wants it.
 * NULL: there are none, or memory is out. *closing is what is to follow where there is but one: a
 * blank, a quote or 0. */
char **chr_helper_words(const chr_helper *h, const char *line, size_t start, size_t cursor,
                        char *closing);
/* One line about what the cursor is on, "" for nothing. */
void chr_helper_hint(const chr_helper *h, const char *line, size_t cursor, char *hint, size_t room);

#endif
