/* runtime/cli/watch.c: a saved script, noticed by its times.
 * SPDX-License-Identifier: MIT */
#include "runtime/cli/watch.h"

#include "runtime/files.h"

#include <stdlib.h>
#include <string.h>

#define LOOK_S 0.03  /* between looks: a save is heard within a tenth of a second */
#define STILL_S 0.05 /* a file that has not changed for so long has been written whole */
/* For so long a file may be missing while it is saved (the halves of a rename), or be empty: some
 * editors cut it first, and write then. */
#define GONE_S 0.5

static bool same(const struct stat *a, const struct stat *b) {
    return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

void chr_watch_begin(chr_watch *w, const char *path, char *text, size_t len) {
    /* Nothing is known of the file yet, so the first look reads it once more: it may have been
     * saved since. */
    *w = (chr_watch){.path = path, .text = text, .len = len};
}

static chr_watch_news miss(chr_watch *w, double now_s, chr_watch_news news) {
    if (w->missing_since_s <= 0)
        w->missing_since_s = now_s;
    if (w->gone || now_s - w->missing_since_s < GONE_S)
        return CHR_WATCH_SAME;
    w->gone = true;
    return news;
}

static bool is_blank(const char *text, size_t len) {
    size_t n = 0;
    while (n < len && text[n] && strchr(" \t\r\n", text[n]))
        n++;
    return n == len;
}

static chr_watch_news find(chr_watch *w, bool changed) {
    bool back = w->gone;
    w->gone = false;
    w->missing_since_s = 0;
    return changed ? CHR_WATCH_CHANGED : back ? CHR_WATCH_BACK : CHR_WATCH_SAME;
}

chr_watch_news chr_watch_look(chr_watch *w, double now_s) {
    if (now_s < w->next_look_s)
        return CHR_WATCH_SAME;
    w->next_look_s = now_s + LOOK_S;
    struct stat now;
    if (stat(w->path, &now) != 0)
        return miss(w, now_s, CHR_WATCH_GONE);
    if (!same(&now, &w->seen)) {
        w->seen = now;
        w->still_since_s = now_s;
        return CHR_WATCH_SAME;
    }
    if (same(&now, &w->known))
        return find(w, false);
    if (now_s - w->still_since_s < STILL_S)
        return CHR_WATCH_SAME;
    char *text;
    size_t len;
    if (chr_files_slurp(w->path, &text, &len) != CHR_OK)
        return miss(w, now_s, CHR_WATCH_GONE);
    if (is_blank(text, len) && w->len > 0) {
        free(text);
        return miss(w, now_s, CHR_WATCH_EMPTY);
    }
    w->known = now;
    if (len == w->len && memcmp(text, w->text, len) == 0) {
        free(text);
        return find(w, false);
    }
    free(w->text);
    w->text = text;
    w->len = len;
    return find(w, true);
}

void chr_watch_end(chr_watch *w) {
    free(w->text);
    w->text = NULL;
}
