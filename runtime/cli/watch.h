/* runtime/cli/watch.h: notices that a script was saved.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_WATCH_H
#define CHR_RUNTIME_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

typedef enum chr_watch_news {
    CHR_WATCH_SAME,
    CHR_WATCH_CHANGED, /* the text is another one */
    CHR_WATCH_GONE,    /* there is no such file any more, or it cannot be read */
    CHR_WATCH_EMPTY,   /* there is nothing in it: hardly what anybody meant */
    CHR_WATCH_BACK     /* it is there again, as it was */
} chr_watch_news;

/* Looks at the file's times and size: editors write in place, or write another file and rename it,
 * and some file systems report neither. A change counts once it has stood still for a moment, so no
 * half-written file is read. */
typedef struct chr_watch {
    const char *path;
    struct stat known; /* as last read */
    struct stat seen;  /* as last looked at */
    double still_since_s;
    double next_look_s;
    double missing_since_s; /* 0: it is there, and something in it */
    bool gone;              /* and that was told */
    char *text;             /* as last read, to tell a save that changed nothing */
    size_t len;
} chr_watch;

/* Takes the text as it was read first; the watch owns it. */
void chr_watch_begin(chr_watch *w, const char *path, char *text, size_t len);
/* Where the text changed, w->text is the new one. Cheap; call it often. */
chr_watch_news chr_watch_look(chr_watch *w, double now_s);
void chr_watch_end(chr_watch *w);

#endif
