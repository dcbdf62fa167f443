/* runtime/files.c: reading and writing under the folder of a script, and nowhere else.
 * SPDX-License-Identifier: MIT */
#include "runtime/files.h"

#include "lang/stdlib.h"
#include "runtime/write.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    TEXT_MAX = 16 << 20,    /* a script larger than this is not one */
    TUNING_MAX = 256 << 10, /* nor is a scale */
    SAMPLE_MAX = 512 << 20, /* three quarters of an hour of stereo */
    SLURP_MAX = 64 << 20
};

struct chr_files {
    char *folder; /* as given; opened for each file */
};

chr_files *chr_files_new(const char *folder) {
    chr_files *f = calloc(1, sizeof *f);
    if (!f)
        return NULL;
    f->folder = strdup(folder && *folder ? folder : ".");
    if (!f->folder) {
        free(f);
        return NULL;
    }
    return f;
}

void chr_files_free(chr_files *f) {
    if (f)
        free(f->folder);
    free(f);
}

/* A path that could leave the folder by its text alone. What links do is found when it is opened.
 */
static bool leaves_by_text(const char *path) {
    if (!*path || *path == '/' || strchr(path, '\\'))
        return true;
    for (const char *p = path; *p;) {
        size_t n = strcspn(p, "/");
        if (n == 2 && p[0] == '.' && p[1] == '.')
            return true;
        p += n;
        p += strspn(p, "/");
    }
    return false;
}

/* Where openat2 is missing or forbidden: down the path part by part, and no link at all is
 * followed. */
static int open_part_by_part(int folder, const char *path) {
    char parts[1024];
    if (strlen(path) >= sizeof parts) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(parts, path);
    int at = dup(folder);
    char *rest = parts;
    while (at >= 0) {
        char *part = strsep(&rest, "/");
        if (!part)
            break;
        if (!*part || strcmp(part, ".") == 0)
            continue;
        int flags =
            O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (rest ? O_DIRECTORY : 0);
        int next = openat(at, part, flags);
        int why = errno;
        close(at);
        errno = why;
        at = next;
    }
    return at;
}

/* Opens `path` for reading if it leads to something under `folder`; -1 and errno otherwise. */
static int open_beneath(int folder, const char *path) {
    struct open_how how = {.flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    int fd = (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
    if (fd < 0 && (errno == ENOSYS || errno == EPERM))
        fd = open_part_by_part(folder, path);
    return fd;
}

/* All bytes of fd, at most `max` (one more is EFBIG), and a NUL after them. */
static char *read_all(int fd, size_t max, size_t *len) {
    size_t room = 64 << 10, n = 0;
    char *text = malloc(room + 1);
    while (text) {
        if (n == room) {
            if (room > max) {
                errno = EFBIG;
                break;
            }
            room *= 2;
            char *more = realloc(text, room + 1);
            if (!more)
                break;
            text = more;
        }
        ssize_t got = read(fd, text + n, room - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            break;
        if (got == 0) {
            if (n > max) {
                errno = EFBIG;
                break;
            }
            text[n] = '\0';
            *len = n;
            return text;
        }
        n += (size_t)got;
    }
    int why = text ? errno : ENOMEM;
    free(text);
    errno = why;
    return NULL;
}

static chr_read_status why_unreadable(int error) {
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return CHR_READ_MISSING;
    case EXDEV: /* openat2: a link or `..` leads out */
    case ELOOP:
    case ENXIO: /* a socket */
        return CHR_READ_FORBIDDEN;
    case EFBIG:
        return CHR_READ_TOO_BIG;
    default:
        return CHR_READ_FAILED;
    }
}

static chr_read_status read_beneath(const char *folder, const char *path, size_t max, char **text,
                                    size_t *len) {
    int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (at < 0)
        return why_unreadable(errno);
    int fd = open_beneath(at, path);
    int why = errno;
    close(at);
    if (fd < 0)
        return why_unreadable(why);
    struct stat about;
    chr_read_status status = CHR_READ_FAILED;
    if (fstat(fd, &about) == 0 && !S_ISREG(about.st_mode)) {
        status = CHR_READ_FORBIDDEN;
    } else {
        *text = read_all(fd, max, len);
        status = *text ? CHR_READ_OK : why_unreadable(errno);
    }
    close(fd);
    return status;
}

/* The library's file of this name; a script with or without `.chr`. */
static chr_read_status read_library(bool tuning, const char *name, char **text, size_t *len) {
    size_t n = strlen(name);
    if (!tuning && n > 4 && strcmp(name + n - 4, ".chr") == 0)
        n -= 4;
    for (int i = 0; i < (tuning ? chr_tunings_count : chr_stdlib_count); i++) {
        const chr_library_file *file = tuning ? &chr_tunings[i] : &chr_stdlib[i];
        if (strlen(file->name) != n || memcmp(file->name, name, n) != 0)
            continue;
        *text = malloc(file->len + 1);
        if (!*text)
            return CHR_READ_FAILED;
        memcpy(*text, file->text, file->len);
        (*text)[file->len] = '\0';
        *len = file->len;
        return CHR_READ_OK;
    }
    return CHR_READ_MISSING;
}

/* Names of saved things are names, not paths. A leading dot would hide the file. */
static bool is_plain_name(const char *name) {
    size_t n = strlen(name);
    if (n == 0 || n > 128 || name[0] == '.')
        return false;
    for (const char *p = name; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 127 || *p == '/' || *p == '\\')
            return false;
    return !strstr(name, "..");
}

/* Where what is saved under a name of its own lies; NULL: anywhere in the folder. */
static const char *subfolder_of(const char *kind) {
    return strcmp(kind, "load") == 0 ? "patches" : strcmp(kind, "module") == 0 ? "modules" : NULL;
}

chr_read_status chr_files_read(void *context, const char *kind, const char *name, char **text,
                               size_t *len) {
    const chr_files *f = context;
    const char *subfolder = subfolder_of(kind);
    if (subfolder) {
        char path[256];
        if (!is_plain_name(name))
            return CHR_READ_FORBIDDEN;
        snprintf(path, sizeof path, "%s/%s.chr", subfolder, name);
        return read_beneath(f->folder, path, TEXT_MAX, text, len);
    }
    if (leaves_by_text(name))
        return CHR_READ_FORBIDDEN;
    bool sample = strcmp(kind, "sample") == 0, tuning = strcmp(kind, "tuning") == 0;
    size_t most = sample ? SAMPLE_MAX : tuning ? TUNING_MAX : TEXT_MAX;
    chr_read_status status = read_beneath(f->folder, name, most, text, len);
    if (status == CHR_READ_MISSING && !sample)
        status = read_library(tuning, name, text, len);
    return status;
}

/* Where the name's ending begins if it is one of these; 0: it is not. */
static size_t ending_of(const char *name, const char *const *endings) {
    size_t n = strlen(name);
    for (; *endings; endings++) {
        size_t k = strlen(*endings);
        if (n > k && strcmp(name + n - k, *endings) == 0)
            return n - k;
    }
    return 0;
}

void chr_files_list(const chr_files *f, const char *kind,
                    void (*each)(void *context, const char *name), void *context) {
    static const char *const sounds[] = {".wav", ".flac", ".aif", ".aiff", ".ogg", NULL};
    static const char *const scripts[] = {".chr", NULL};
    static const char *const tunings[] = {".scl", NULL}, *const maps[] = {".kbm", NULL};
    const char *const *endings = strcmp(kind, "sample") == 0   ? sounds
                                 : strcmp(kind, "tuning") == 0 ? tunings
                                 : strcmp(kind, "keymap") == 0 ? maps
                                                               : scripts;
    const char *subfolder = subfolder_of(kind);
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", f->folder, subfolder ? subfolder : "");
    DIR *folder = opendir(path);
    for (struct dirent *file; folder && (file = readdir(folder)) != NULL;) {
        size_t ending = ending_of(file->d_name, endings);
        if (ending == 0 || file->d_name[0] == '.')
            continue;
        if (subfolder)
            file->d_name[ending] = '\0';
        each(context, file->d_name);
    }
    if (folder)
        closedir(folder);
}

/* Opens a folder in a folder, making it where it is missing; a link in its place is refused. -1 and
 * errno. */
static int make_folder(int at, const char *name) {
    if (mkdirat(at, name, 0777) != 0 && errno != EEXIST)
        return -1;
    return openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static int open_subfolder(const char *folder, const char *subfolder) {
    int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (at < 0)
        return -1;
    int fd = make_folder(at, subfolder);
    int why = errno;
    close(at);
    errno = why;
    return fd;
}

static void say_path(const chr_files *f, const char *subfolder, const char *name, char path[256]) {
    bool here = strcmp(f->folder, ".") == 0;
    snprintf(path, 256, "%s%s%s/%s.chr", here ? "" : f->folder, here ? "" : "/", subfolder, name);
}

/* What is saved already stays as NAME.chr~. It gets that as a second name, so that at no moment
 * there is none of its own. */
static bool keep_former(int at, const char *final) {
    char former[192];
    snprintf(former, sizeof former, "%s~", final);
    if (unlinkat(at, former, 0) != 0 && errno != ENOENT)
        return false;
    if (linkat(at, final, at, former, 0) == 0 || errno == ENOENT)
        return true;
    if (errno != EPERM && errno != EOPNOTSUPP && errno != EMLINK && errno != ENOSYS)
        return false;
    int fd = openat(at, final, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return true;
    size_t len = 0;
    char *text = fd >= 0 ? read_all(fd, SLURP_MAX, &len) : NULL;
    bool good = text && chr_write_text(at, former, text, len, CHR_WRITE_REPLACES);
    int why = errno;
    if (fd >= 0)
        close(fd);
    free(text);
    errno = why;
    return good;
}

chr_write_status chr_files_save_patch(chr_files *f, const char *name, const char *text,
                                      char path[256]) {
    say_path(f, "patches", name, path);
    if (!is_plain_name(name))
        return CHR_WRITE_BAD_NAME;
    int at = open_subfolder(f->folder, "patches");
    if (at < 0)
        return CHR_WRITE_FAILED;
    char final[160];
    snprintf(final, sizeof final, "%s.chr", name);
    bool good =
        keep_former(at, final) && chr_write_text(at, final, text, strlen(text), CHR_WRITE_REPLACES);
    int why = errno;
    close(at);
    errno = why;
    return good ? CHR_WRITE_OK : CHR_WRITE_FAILED;
}

chr_write_status chr_files_new_module(chr_files *f, const char *name, const char *text,
                                      char path[256]) {
    say_path(f, "modules", name, path);
    if (!is_plain_name(name))
        return CHR_WRITE_BAD_NAME;
    int at = open_subfolder(f->folder, "modules");
    if (at < 0)
        return CHR_WRITE_FAILED;
    char final[160];
    snprintf(final, sizeof final, "%s.chr", name);
    bool good = chr_write_text(at, final, text, strlen(text), CHR_WRITE_KEEPS);
    int why = errno;
    close(at);
    errno = why;
    return good ? CHR_WRITE_OK : why == EEXIST ? CHR_WRITE_THERE : CHR_WRITE_FAILED;
}

int chr_files_new_recording(chr_files *f, const char *name, const char *stem, char path[256]) {
    bool here = strcmp(f->folder, ".") == 0;
    snprintf(path, 256, "%s%srecordings/%s%s%s.wav", here ? "" : f->folder, here ? "" : "/", name,
             stem ? "/" : "", stem ? stem : "");
    if (!is_plain_name(name) || (stem && !is_plain_name(stem))) {
        errno = EINVAL;
        return -1;
    }
    int at = open_subfolder(f->folder, "recordings");
    if (at >= 0 && stem) {
        int inner = make_folder(at, name);
        int why = errno;
        close(at);
        errno = why;
        at = inner;
    }
    if (at < 0)
        return -1;
    char final[160];
    snprintf(final, sizeof final, "%s.wav", stem ? stem : name);
    int fd = openat(at, final, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    int why = errno;
    close(at);
    errno = why;
    return fd;
}

chr_status chr_files_slurp(const char *path, char **text, size_t *len) {
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return CHR_IO;
    *text = read_all(fd, SLURP_MAX, len);
    int why = errno;
    close(fd);
    errno = why;
    if (*text)
        return CHR_OK;
    return why == ENOMEM ? CHR_NO_MEMORY : CHR_IO;
}

char *chr_files_folder_of(const char *path) {
    const char *slash = strrchr(path, '/');
    if (!slash)
        return strdup(".");
    return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}
