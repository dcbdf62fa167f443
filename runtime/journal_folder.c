/* runtime/journal_folder.c: the folder of the journals.
 * SPDX-License-Identifier: MIT */
#include "runtime/journal_folder.h"

#include "runtime/state_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char ending[] = ".chrlog";

bool chr_journal_folder(const char *folder, char path[CHR_JOURNAL_PATH]) {
    char own[CHR_STATE_PATH];
    if (!folder && !chr_state_folder("journals", own))
        return false;
    int n = snprintf(path, CHR_JOURNAL_PATH, "%s", folder ? folder : own);
    return n < CHR_JOURNAL_PATH - 64 && (mkdir(path, 0700) == 0 || errno == EEXIST);
}

int chr_journal_lock(const char *path) {
    int fd = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    close(fd);
    return -1;
}

int chr_journal_create(const char *folder, char path[CHR_JOURNAL_PATH]) {
    struct timespec now;
    struct tm day;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &day);
    char moment[32];
    strftime(moment, sizeof moment, "%Y-%m-%d-%H%M%S", &day);
    /* Names in order of time, also for sessions that begin in the same second. */
    snprintf(path, CHR_JOURNAL_PATH, "%.1100s/%s-%09ld-%ld%s", folder, moment, now.tv_nsec,
             (long)getpid(), ending);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_APPEND | O_CLOEXEC, 0600);
    if (fd >= 0)
        (void)flock(fd, LOCK_EX | LOCK_NB); /* its name is ours alone */
    return fd;
}

void chr_journal_beside(const char *journal, const char *suffix, char path[CHR_JOURNAL_PATH]) {
    size_t n = strlen(journal), m = sizeof ending - 1;
    if (n > m && strcmp(journal + n - m, ending) == 0)
        n -= m;
    snprintf(path, CHR_JOURNAL_PATH, "%.*s%s", (int)n, journal, suffix);
}

static int is_journal(const struct dirent *e) {
    size_t n = strlen(e->d_name), m = sizeof ending - 1;
    return n > m && e->d_name[0] != '.' && strcmp(e->d_name + n - m, ending) == 0;
}

static int newest_first(const struct dirent **a, const struct dirent **b) {
    return -strcmp((*a)->d_name, (*b)->d_name);
}

int chr_journal_list(const char *folder, char ***names) {
    struct dirent **found;
    int n = scandir(folder, &found, is_journal, newest_first);
    if (n < 0)
        return 0;
    char **list = calloc((size_t)n + 1, sizeof *list);
    int kept = 0;
    for (int i = 0; i < n; i++) {
        if (list && asprintf(&list[kept], "%s/%s", folder, found[i]->d_name) >= 0)
            kept++;
        free(found[i]);
    }
    free(found);
    *names = list;
    return kept;
}

void chr_journal_list_free(char **names, int n) {
    for (int i = 0; i < n; i++)
        free(names[i]);
    free(names);
}

void chr_journal_prune(const char *folder) {
    char **names = NULL, doing[CHR_JOURNAL_PATH], input[CHR_JOURNAL_PATH];
    int n = chr_journal_list(folder, &names);
    int64_t bytes = 0, heard = 0;
    for (int i = 0; i < n; i++) {
        struct stat about;
        bytes += stat(names[i], &about) == 0 ? (int64_t)about.st_size : 0;
        chr_journal_beside(names[i], ".input.wav", input);
        heard += stat(input, &about) == 0 ? (int64_t)about.st_size : 0;
        bool keep = i < CHR_JOURNALS && bytes <= CHR_JOURNALS_BYTES;
        if (keep && heard <= CHR_JOURNALS_HEARD)
            continue;
        int fd = chr_journal_lock(names[i]);
        if (fd < 0)
            continue; /* a long session is still going on */
        chr_journal_beside(names[i], ".doing", doing);
        unlink(input);
        if (!keep) {
            unlink(names[i]);
            unlink(doing);
        }
        close(fd);
    }
    chr_journal_list_free(names, n);
}
