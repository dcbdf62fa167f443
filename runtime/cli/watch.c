/* runtime/cli/watch.c: a saved script, noticed by its times.
 * SPDX-License-Identifier: MIT */
#include "runtime/cli/watch.h"

#include "runtime/files.h"

#include <stdlib.h>
#include <string.h>

#define LOOK_S 0.03  /* between looks: a save is heard within a tenth of a second */
#define STILL_S 0.05 /* a file that has not changed for so long has been written whole */
#define EMPTY_S 0.5  /* an empty one: some editors cut the file first, and write then */

static bool same(const struct stat *a, const struct stat *b) {
    return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

void chr_watch_begin(chr_watch *w, const char *path, char *text, size_t len) {
    /* Nothing is known of the file yet, so the first look reads it once more: it may have been
     * saved since. */
    *w = (chr_watch){.path = path, .text = text, .len = len};
}

bool chr_watch_look(chr_watch *w, double now_s) {
    if (now_s < w->next_look_s)
        return false;
    w->next_look_s = now_s + LOOK_S;
    struct stat now;
    if (stat(w->path, &now) != 0)
        return false; /* between the two halves of a rename */
    if (!same(&now, &w->seen)) {
        w->seen = now;
        w->still_since_s = now_s;
        return false;
    }
    if (same(&now, &w->known) || now_s - w->still_since_s < (now.st_size > 0 ? STILL_S : EMPTY_S))
        return false;
    char *text;
    size_t len;
    if (chr_files_slurp(w->path, &text, &len) != CHR_OK)
        return false;
    w->known = now;
    if (len == w->len && memcmp(text, w->text, len) == 0) {
        free(text);
        return false;
    }
    free(w->text);
    w->text = text;
    w->len = len;
    return true;
}

void chr_watch_end(chr_watch *w) {
    free(w->text);
    w->text = NULL;
}
