/* runtime/journal_read.c: journals of former sessions.
 * SPDX-License-Identifier: MIT */
#include "runtime/files.h"
#include "runtime/journal_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char first_word[] = "{\"journal\":";

bool chr_journal_is_one(const char *path) {
    char start[sizeof first_word] = "";
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t n = read(fd, start, sizeof first_word - 1);
    close(fd);
    return n == (ssize_t)sizeof first_word - 1 && strcmp(start, first_word) == 0;
}

static bool append(chr_journal_text *t, size_t *room) {
    if (t->n < *room)
        return true;
    size_t more = *room ? *room * 2 : 64;
    chr_record *records = realloc(t->records, more * sizeof *records);
    if (!records)
        return false;
    t->records = records;
    *room = more;
    return true;
}

/* The lines up to the first that is not one. False: memory is out. */
static bool read_lines(chr_journal_text *t, size_t len) {
    size_t room = 0, number = 1;
    uint32_t sum = 0;
    for (char *at = t->bytes, *end = at + len; at < end; number++) {
        char *stop = memchr(at, '\n', (size_t)(end - at));
        if (!append(t, &room))
            return false;
        if (!stop || !chr_record_read(&t->records[t->n], at, (size_t)(stop - at), &sum)) {
            snprintf(t->damage, sizeof t->damage,
                     stop ? "line %zu is damaged; what follows it is left out"
                          : "line %zu is cut off; all before it is good",
                     number);
            return true;
        }
        t->n++;
        at = stop + 1;
    }
    return true;
}

/* Offers are numbered in their order, and heard in it. False: memory is out. */
static bool list_taken(chr_journal_text *t) {
    t->taken = calloc(t->n + 1, sizeof *t->taken);
    for (size_t i = 1; t->taken && i < t->n; i++) {
        const chr_field *took = chr_record_field(&t->records[i], "took", CHR_FIELD_NUMBER);
        if (took)
            t->taken[t->n_taken++] = took->number;
    }
    return t->taken != NULL;
}

static bool is_known_format(const chr_journal_text *t, const char *path,
                            char why[CHR_JOURNAL_TEXT]) {
    uint64_t format = t->n > 0 ? chr_record_number(&t->records[0], "journal", 0) : 0;
    double rate = t->n > 0 ? chr_record_real(&t->records[0], "rate", 0) : 0;
    uint64_t channels = t->n > 0 ? chr_record_number(&t->records[0], "channels", 0) : 0;
    if (format == CHR_JOURNAL_FORMAT && rate >= 8000 && rate <= 192000 && channels >= 1 &&
        channels <= 64)
        return true;
    if (format > CHR_JOURNAL_FORMAT)
        snprintf(why, CHR_JOURNAL_TEXT,
                 "%.200s is a journal of a later version of Chronus (format %llu)", path,
                 (unsigned long long)format);
    else
        snprintf(why, CHR_JOURNAL_TEXT,
                 "%.200s is no journal of Chronus, or its first line is damaged", path);
    return false;
}

bool chr_journal_read(chr_journal_text *t, const char *path, char why[CHR_JOURNAL_TEXT]) {
    *t = (chr_journal_text){.lock = -1};
    snprintf(t->path, sizeof t->path, "%s", path);
    size_t len = 0;
    chr_status status = chr_files_slurp(path, &t->bytes, &len);
    if (status != CHR_OK) {
        snprintf(why, CHR_JOURNAL_TEXT, "%.200s cannot be read: %s", path,
                 status == CHR_NO_MEMORY ? "memory is out" : strerror(errno));
        return false;
    }
    if (len == 0)
        snprintf(why, CHR_JOURNAL_TEXT, "%.200s is empty", path);
    else if (!read_lines(t, len) || !list_taken(t))
        snprintf(why, CHR_JOURNAL_TEXT, "memory is out");
    else if (is_known_format(t, path, why)) {
        const chr_record *last = &t->records[t->n - 1];
        t->whole = chr_record_field(last, "end", CHR_FIELD_NUMBER) || chr_record_true(last, "full");
        return true;
    }
    chr_journal_text_clear(t);
    return false;
}

void chr_journal_text_clear(chr_journal_text *t) {
    for (size_t i = 0; i < t->n; i++)
        chr_record_clear(&t->records[i]);
    free(t->bytes);
    free(t->taken);
    free(t->records);
    free(t->doing);
    if (t->lock >= 0)
        close(t->lock);
    *t = (chr_journal_text){.lock = -1};
}

bool chr_journal_last(chr_journal_text *t, const char *folder, char why[CHR_JOURNAL_TEXT]) {
    char path[CHR_JOURNAL_PATH], doing[CHR_JOURNAL_PATH], **names = NULL;
    bool found = false;
    int n = chr_journal_folder(folder, path) ? chr_journal_list(path, &names) : 0;
    snprintf(why, CHR_JOURNAL_TEXT, "there is no session to go on with");
    for (int i = 0; i < n && !found; i++) {
        int fd = chr_journal_lock(names[i]);
        if (fd < 0)
            continue; /* that session is going on */
        found = chr_journal_read(t, names[i], why);
        if (!found) {
            close(fd);
            continue;
        }
        t->lock = fd;
        chr_journal_beside(names[i], ".doing", doing);
        size_t len = 0;
        if (chr_files_slurp(doing, &t->doing, &len) != CHR_OK)
            t->doing = NULL;
        if (t->doing && len == 0) {
            free(t->doing);
            t->doing = NULL;
        }
    }
    chr_journal_list_free(names, n);
    return found;
}

bool chr_journal_died(const char *folder) {
    char path[CHR_JOURNAL_PATH], **names = NULL, tail[200] = "";
    int n = chr_journal_folder(folder, path) ? chr_journal_list(path, &names) : 0;
    int fd = n > 0 ? chr_journal_lock(names[0]) : -1;
    bool died = false;
    if (fd >= 0) {
        off_t len = lseek(fd, 0, SEEK_END), from = len > 199 ? len - 199 : 0;
        ssize_t got = pread(fd, tail, 199, from);
        died = got > 0 && !strstr(tail, "{\"end\":") && !strstr(tail, "{\"full\":");
        close(fd);
    }
    chr_journal_list_free(names, n);
    return died;
}

/* The file as it was read then: the last one before the evaluation. */
chr_read_status chr_journal_read_then(void *context, const char *kind, const char *name,
                                      char **text, size_t *len) {
    const chr_journal_reader *reader = context;
    for (size_t i = reader->at; i-- > 0;) {
        const chr_record *r = &reader->journal->records[i];
        const char *read = chr_record_text(r, "read", NULL);
        if (!read || strcmp(read, name) != 0 || strcmp(chr_record_text(r, "kind", ""), kind) != 0)
            continue;
        const chr_field *found = chr_record_field(r, "text", CHR_FIELD_TEXT);
        if (!found)
            return CHR_READ_MISSING;
        *text = malloc(found->len + 1);
        if (!*text)
            return CHR_READ_FAILED;
        memcpy(*text, found->text, found->len + 1);
        *len = found->len;
        return CHR_READ_OK;
    }
    return CHR_READ_MISSING;
}

bool chr_journal_took(const chr_journal_text *t, uint64_t offer) {
    size_t from = 0, to = t->n_taken;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (t->taken[middle] < offer)
            from = middle + 1;
        else
            to = middle;
    }
    return from < t->n_taken && t->taken[from] == offer;
}
