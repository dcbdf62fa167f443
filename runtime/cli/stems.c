/* runtime/cli/stems.c: each owner's sound in a file of its own, all of one length.
 * SPDX-License-Identifier: MIT */
#include "dsp/module.h"
#include "runtime/cli/take.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct stem {
    char *name;
    chr_take take;
    bool failed; /* writing did */
    struct stem *next;
} stem;

enum { BATCH = 4096 }; /* frames: each piece costs a call of the system */

struct chr_stems {
    chr_engine *engine; /* whose threads share the writing */
    char *folder;
    char end[8];
    chr_soundfile_format format;
    uint64_t clock;     /* frames of which every stem has all, at the start of this chunk */
    uint64_t committed; /* a stem that begins later writes its silence up to here at once */
    uint64_t written;   /* the others wrote up to here */
    stem *first;
    stem *next; /* of the one that was pushed last */
};

chr_stems *chr_stems_new(chr_engine *engine, const char *folder, const char *end,
                         const chr_soundfile_format *format, char why[CHR_SOUNDFILE_TEXT]) {
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        snprintf(why, CHR_SOUNDFILE_TEXT, "%.300s cannot be made: %s", folder, strerror(errno));
        return NULL;
    }
    struct stat about;
    if (stat(folder, &about) != 0 || !S_ISDIR(about.st_mode)) {
        snprintf(why, CHR_SOUNDFILE_TEXT, "%.300s is not a folder", folder);
        return NULL;
    }
    chr_stems *s = calloc(1, sizeof *s);
    if (s)
        s->folder = strdup(folder);
    if (!s || !s->folder) {
        free(s);
        snprintf(why, CHR_SOUNDFILE_TEXT, "memory is out");
        return NULL;
    }
    s->engine = engine;
    snprintf(s->end, sizeof s->end, "%s", end);
    s->format = *format;
    s->format.n_channels = 2;
    return s;
}

static stem *begin(chr_stems *s, const char *name, char why[CHR_SOUNDFILE_TEXT]) {
    stem *one = calloc(1, sizeof *one);
    size_t room = strlen(s->folder) + strlen(name) + 16;
    char *path = malloc(room);
    if (one)
        one->name = strdup(name);
    if (!one || !path || !one->name) {
        snprintf(why, CHR_SOUNDFILE_TEXT, "memory is out");
        goto failed;
    }
    snprintf(path, room, "%s/%s%s", s->folder, name, s->end);
    one->take.n_channels = 2;
    one->take.file = chr_soundfile_create(path, &s->format, why);
    if (!one->take.file)
        goto failed;
    if (!chr_take_push(&one->take, NULL, s->clock) || !chr_take_commit(&one->take, s->committed)) {
        chr_soundfile_discard(one->take.file);
        chr_take_drop(&one->take);
        snprintf(why, CHR_SOUNDFILE_TEXT, "%.300s could not be written", path);
        goto failed;
    }
    free(path);
    stem **end = &s->first;
    while (*end)
        end = &(*end)->next;
    *end = one;
    return one;
failed:
    free(path);
    if (one)
        free(one->name);
    free(one);
    return NULL;
}

bool chr_stems_push(chr_stems *s, const char *name, const float *left, const float *right,
                    char why[CHR_SOUNDFILE_TEXT]) {
    stem *one = s->next ? s->next : s->first; /* they come in the same order each time */
    if (!one || strcmp(one->name, name) != 0)
        for (one = s->first; one && strcmp(one->name, name) != 0;)
            one = one->next;
    if (!one)
        one = begin(s, name, why);
    if (!one)
        return false;
    s->next = one->next;
    float frames[2 * CHR_CHUNK];
    for (int i = 0; i < CHR_CHUNK; i++) {
        frames[2 * i] = left[i];
        frames[2 * i + 1] = right[i];
    }
    if (chr_take_push(&one->take, frames, CHR_CHUNK))
        return true;
    snprintf(why, CHR_SOUNDFILE_TEXT, "memory is out");
    return false;
}

bool chr_stems_next(chr_stems *s, char why[CHR_SOUNDFILE_TEXT]) {
    s->clock += CHR_CHUNK;
    for (stem *one = s->first; one; one = one->next) {
        uint64_t length = chr_take_length(&one->take);
        if (length < s->clock && !chr_take_push(&one->take, NULL, s->clock - length)) {
            snprintf(why, CHR_SOUNDFILE_TEXT, "memory is out");
            return false;
        }
    }
    return true;
}

static void write_one(void *context, uint32_t i) {
    chr_stems *s = context;
    stem *one = s->first;
    for (; i; i--)
        one = one->next;
    one->failed = !chr_take_commit(&one->take, s->committed);
}

static bool write_all(chr_stems *s) {
    uint32_t n = 0;
    bool good = true;
    for (stem *one = s->first; one; one = one->next)
        n++;
    s->written = s->committed;
    chr_engine_share(s->engine, n, write_one, s);
    for (stem *one = s->first; one; one = one->next)
        good = good && !one->failed;
    return good;
}

void chr_stems_flush(chr_stems *s) {
    bool good = write_all(s);
    (void)good; /* each file remembers it */
}

bool chr_stems_commit(chr_stems *s, uint64_t end) {
    s->committed = end;
    return end - s->written < BATCH || write_all(s);
}

static void free_stem(stem *one) {
    chr_take_drop(&one->take);
    free(one->name);
    free(one);
}

bool chr_stems_failed(chr_stems *s) {
    for (stem **at = &s->first, *one; (one = *at); at = &one->next)
        if (chr_soundfile_failed(one->take.file)) {
            *at = one->next; /* to the front: the others are not kept then */
            one->next = s->first;
            s->first = one;
            return true;
        }
    return false;
}

int chr_stems_finish(chr_stems *s, char why[CHR_SOUNDFILE_TEXT]) {
    int n = 0;
    chr_stems_failed(s);
    while (s->first) {
        stem *one = s->first;
        s->first = one->next;
        if (n >= 0)
            n = chr_soundfile_finish(one->take.file, why) ? n + 1 : -1;
        else
            chr_soundfile_discard(one->take.file);
        free_stem(one);
    }
    free(s->folder);
    free(s);
    return n;
}

void chr_stems_discard(chr_stems *s) {
    if (!s)
        return;
    while (s->first) {
        stem *one = s->first;
        s->first = one->next;
        chr_soundfile_discard(one->take.file);
        free_stem(one);
    }
    free(s->folder);
    free(s);
}
