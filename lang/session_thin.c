/* lang/session_thin.c: patches that play fewer voices than they ask for.
 * SPDX-License-Identifier: MIT */
#include "lang/session_state.h"

#include <stdlib.h>
#include <string.h>

static chr_thinned *find(const chr_session *s, const char *patch) {
    for (int i = 0; i < s->n_thinned; i++)
        if (strcmp(s->thinned[i].patch, patch) == 0)
            return &s->thinned[i];
    return NULL;
}

bool chr_session_thin(chr_session *s, const char *patch, uint32_t voices) {
    chr_thinned *t = find(s, patch);
    if (t && voices == 0) {
        free(t->patch);
        int after = s->n_thinned - 1 - (int)(t - s->thinned);
        memmove(t, t + 1, (size_t)after * sizeof *t);
        s->n_thinned--;
    } else if (t) {
        t->voices = voices;
    } else if (voices > 0) {
        chr_thinned *more = realloc(s->thinned, ((size_t)s->n_thinned + 1) * sizeof *more);
        if (!more)
            return false;
        s->thinned = more;
        char *name = strdup(patch);
        if (!name)
            return false;
        more[s->n_thinned++] = (chr_thinned){name, voices, voices};
    }
    return true;
}

const chr_thinned *chr_session_thinned(const chr_session *s, int i) {
    return i < s->n_thinned ? &s->thinned[i] : NULL;
}

uint32_t chr_session_voices(const chr_session *s, const char *patch, uint32_t asked) {
    chr_thinned *t = find(s, patch);
    if (!t)
        return asked;
    t->asked = asked;
    return asked < t->voices ? asked : t->voices;
}
