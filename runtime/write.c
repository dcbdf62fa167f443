/* runtime/write.c: files that are old or new, never half.
 * SPDX-License-Identifier: MIT */
#include "runtime/write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

bool chr_write_all(int fd, const char *text, size_t len) {
    while (len > 0) {
        ssize_t n = write(fd, text, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        text += n;
        len -= (size_t)n;
    }
    return true;
}

/* Bytes of `path` up to and with its last slash. */
static size_t folder_part(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash + 1 - path) : 0;
}

static void close_keeping_errno(int fd) {
    int why = errno;
    close(fd);
    errno = why;
}

/* True if `fd` is what `fresh` names now, a file of its own. One that was left between its second
 * name and the loss of its first is a finished file, too: that must not be written to. */
static bool is_ours(int folder, int fd, const char *fresh) {
    struct stat mine, named;
    if (fstat(fd, &mine) != 0 || fstatat(folder, fresh, &named, AT_SYMLINK_NOFOLLOW) != 0 ||
        mine.st_ino != named.st_ino || mine.st_dev != named.st_dev)
        return false;
    if (S_ISREG(mine.st_mode) && mine.st_nlink == 1)
        return mine.st_size == 0 || ftruncate(fd, 0) == 0;
    unlinkat(folder, fresh, 0);
    return false;
}

int chr_write_begin(int folder, const char *path, char fresh[CHR_WRITE_PATH]) {
    size_t n = folder_part(path);
    if (n + strlen(path + n) + 8 > CHR_WRITE_PATH) {
        errno = ENAMETOOLONG;
        return -1;
    }
    snprintf(fresh, CHR_WRITE_PATH, "%.*s.%s.new", (int)n, path, path + n);
    enum { TRIES = 8 }; /* each is lost only if another process finished its file meanwhile */
    for (int i = 0; i < TRIES; i++) {
        int fd =
            openat(folder, fresh, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666);
        if (fd < 0)
            return -1;
        if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
            errno = errno == EWOULDBLOCK ? EBUSY : errno;
            close_keeping_errno(fd);
            return -1;
        }
        if (is_ours(folder, fd, fresh))
            return fd;
        close(fd);
    }
    errno = EBUSY;
    return -1;
}

/* Some file systems cannot do it, and say so: then there is nothing to wait for. */
static bool reach_disk(int fd) {
    return fsync(fd) == 0 || errno == EINVAL || errno == EROFS;
}

/* The name itself must reach the disk, too. */
static bool name_reaches_disk(int folder, const char *path) {
    char name[CHR_WRITE_PATH];
    size_t n = folder_part(path);
    snprintf(name, sizeof name, "%.*s", n ? (int)n : 1, n ? path : ".");
    int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool good = reach_disk(fd);
    close_keeping_errno(fd);
    return good;
}

static bool give_name(int folder, const char *fresh, const char *path, chr_write_over over) {
    if (over == CHR_WRITE_REPLACES)
        return renameat(folder, fresh, folder, path) == 0;
    if (renameat2(folder, fresh, folder, path, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    /* A file system that cannot refuse to replace: a second name, then the first one goes. */
    return linkat(folder, fresh, folder, path, 0) == 0 && unlinkat(folder, fresh, 0) == 0;
}

bool chr_write_end(int folder, int fd, const char *fresh, const char *path, chr_write_over over) {
    if (!reach_disk(fd) || !give_name(folder, fresh, path, over)) {
        chr_write_discard(folder, fd, fresh);
        return false;
    }
    bool good = name_reaches_disk(folder, path);
    close_keeping_errno(fd);
    return good;
}

void chr_write_discard(int folder, int fd, const char *fresh) {
    int why = errno;
    unlinkat(folder, fresh, 0);
    close(fd);
    errno = why;
}

bool chr_write_text(int folder, const char *path, const char *text, size_t len,
                    chr_write_over over) {
    char fresh[CHR_WRITE_PATH];
    int fd = chr_write_begin(folder, path, fresh);
    if (fd < 0)
        return false;
    if (chr_write_all(fd, text, len))
        return chr_write_end(folder, fd, fresh, path, over);
    chr_write_discard(folder, fd, fresh);
    return false;
}
