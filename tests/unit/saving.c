/* tests/unit/saving.c: the program dies at each system call of a save in turn. What was saved
 * before is there, or what was to be saved, whole; and the next save leaves nothing behind.
 * SPDX-License-Identifier: MIT */
#include "runtime/files.h"
#include "runtime/write.h"
#include "tests/support/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { DIED = 99 };

static long until = -1;   /* calls that still happen; -1: all */
static bool half;         /* the write at which it dies has written half */
static bool no_links;     /* a file system without second names */
static bool no_replacing; /* one that cannot refuse to replace */

static void call(void) {
    if (until >= 0 && until-- == 0)
        _exit(DIED);
}

/* The wrapped functions and their real ones have the names that the linker gives them. */
#define WRAPPED(type, name, params, args)                                                          \
    type __real_##name params;                                                                     \
    type __wrap_##name params;                                                                     \
    type __wrap_##name params {                                                                    \
        call();                                                                                    \
        return __real_##name args;                                                                 \
    }
WRAPPED(int, mkdirat, (int at, const char *path, mode_t mode), (at, path, mode))
WRAPPED(int, flock, (int fd, int how), (fd, how))
WRAPPED(int, fstat, (int fd, struct stat *about), (fd, about))
WRAPPED(int, fstatat, (int at, const char *path, struct stat *about, int flags),
        (at, path, about, flags))
WRAPPED(int, ftruncate, (int fd, off_t length), (fd, length))
WRAPPED(int, fsync, (int fd), (fd))
WRAPPED(int, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to))
WRAPPED(int, unlinkat, (int at, const char *path, int flags), (at, path, flags))
WRAPPED(int, close, (int fd), (fd))

ssize_t __real_write(int fd, const void *from, size_t n);
ssize_t __wrap_write(int fd, const void *from, size_t n);
ssize_t __wrap_write(int fd, const void *from, size_t n) {
    if (until == 0 && half)
        (void)!__real_write(fd, from, n / 2);
    call();
    return __real_write(fd, from, n);
}

int __real_linkat(int a, const char *from, int b, const char *to, int flags);
int __wrap_linkat(int a, const char *from, int b, const char *to, int flags);
int __wrap_linkat(int a, const char *from, int b, const char *to, int flags) {
    call();
    errno = EPERM;
    return no_links ? -1 : __real_linkat(a, from, b, to, flags);
}

int __real_renameat2(int a, const char *from, int b, const char *to, unsigned flags);
int __wrap_renameat2(int a, const char *from, int b, const char *to, unsigned flags);
int __wrap_renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
    call();
    errno = EINVAL;
    return no_replacing ? -1 : __real_renameat2(a, from, b, to, flags);
}

int __real_openat(int at, const char *path, int flags, ...);
int __wrap_openat(int at, const char *path, int flags, ...);
int __wrap_openat(int at, const char *path, int flags, ...) {
    call();
    return __real_openat(at, path, flags, 0666);
}

static char folder[] = "/tmp/chronus-saving-XXXXXX";

static char *path_of(const char *name) {
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* What a file holds, malloc'd; NULL: there is none. */
static char *content(const char *name) {
    char *text = NULL;
    size_t len = 0;
    return chr_files_slurp(path_of(name), &text, &len) == CHR_OK ? text : NULL;
}

static int count(const char *name) {
    DIR *d = opendir(path_of(name));
    int n = 0;
    for (struct dirent *e; d && (e = readdir(d));)
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    if (d)
        closedir(d);
    return n;
}

static void empty(const char *name) {
    empty_folder(path_of(name));
}

enum { LENGTH = 100000 };

/* A patch that is long enough to be cut. */
static const char *version(char mark) {
    static char text[LENGTH + 1];
    memset(text, mark, LENGTH);
    return text;
}

static chr_write_status save(char mark, bool module) {
    char path[256];
    chr_files *f = chr_files_new(folder);
    chr_write_status status = module ? chr_files_new_module(f, "beat", version(mark), path)
                                     : chr_files_save_patch(f, "beat", version(mark), path);
    chr_files_free(f);
    return status;
}

/* Saves in a process of its own that dies before its call number n. True if it lived. */
static bool save_until(long n, char mark, bool module) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        until = n;
        chr_write_status status = save(mark, module);
        until = -1;
        _exit(status == CHR_WRITE_OK ? 0 : 1);
    }
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    assert_true(WEXITSTATUS(how) == 0 || WEXITSTATUS(how) == DIED);
    return WEXITSTATUS(how) == 0;
}

static bool holds(const char *name, char mark) {
    char *text = content(name);
    bool same = text && strcmp(text, version(mark)) == 0;
    free(text);
    return same;
}

/* Saves b over a, dying at every call. Returns how many calls a save makes. */
static long die_everywhere(void) {
    long n = 0;
    for (bool lived = false; !lived; n++) {
        empty("patches");
        assert_int_equal(save('a', false), CHR_WRITE_OK);
        lived = save_until(n, 'b', false);
        assert_true(holds("patches/beat.chr", 'b') || (!lived && holds("patches/beat.chr", 'a')));
        assert_int_equal(save('c', false), CHR_WRITE_OK);
        assert_true(holds("patches/beat.chr", 'c'));
        /* The patch and the one before it. */
        assert_int_equal(count("patches"), 2);
        assert_true(n < 1000);
    }
    return n;
}

static void a_save_that_dies_leaves_the_old_file_or_the_new_one(void **state) {
    (void)state;
    for (int cut = 0; cut < 2; cut++) {
        half = cut;
        long n = die_everywhere();
        print_message("a save makes %ld calls, and was killed at each\n", n);
        assert_true(n > 10);
    }
    no_links = true; /* the former version is copied then */
    assert_true(die_everywhere() > 15);
    no_links = half = false;
}

static void a_first_save_and_a_module_that_die_leave_nothing_half(void **state) {
    (void)state;
    for (int way = 0; way < 3; way++) {
        bool module = way > 0;
        const char *name = module ? "modules" : "patches";
        const char *file = module ? "modules/beat.chr" : "patches/beat.chr";
        no_replacing = way == 2;
        half = true;
        bool lived = false;
        for (long n = 0; !lived; n++) {
            empty(name);
            lived = save_until(n, 'a', module);
            char *text = content(file);
            assert_true(text ? strcmp(text, version('a')) == 0 : !lived);
            chr_write_status again = save('b', module);
            /* A module that is there stays as it is. */
            assert_int_equal(again, module && text ? CHR_WRITE_THERE : CHR_WRITE_OK);
            assert_true(holds(file, module && text ? 'a' : 'b'));
            assert_true(count(name) <= (module || !text ? 1 : 2));
            free(text);
            assert_true(n < 1000);
        }
    }
    half = no_replacing = false;
}

static void two_processes_do_not_write_the_same_file_at_once(void **state) {
    (void)state;
    char fresh[CHR_WRITE_PATH], other[CHR_WRITE_PATH];
    const char *path = path_of("shared.chr");
    int fd = chr_write_begin(AT_FDCWD, path, fresh);
    assert_true(fd >= 0);
    assert_int_equal(chr_write_begin(AT_FDCWD, path, other), -1);
    assert_int_equal(errno, EBUSY);
    assert_true(chr_write_all(fd, "first\n", 6));
    assert_true(chr_write_end(AT_FDCWD, fd, fresh, path, CHR_WRITE_REPLACES));
    assert_true(chr_write_text(AT_FDCWD, path_of("shared.chr"), "second\n", 7, CHR_WRITE_REPLACES));
    char *text = content("shared.chr");
    assert_string_equal(text, "second\n");
    free(text);
    unlink(path_of("shared.chr"));
}

static int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    static const char *const names[] = {"patches", "modules"};
    for (int i = 0; i < 2; i++) {
        empty(names[i]);
        rmdir(path_of(names[i]));
    }
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_save_that_dies_leaves_the_old_file_or_the_new_one),
        cmocka_unit_test(a_first_save_and_a_module_that_die_leave_nothing_half),
        cmocka_unit_test(two_processes_do_not_write_the_same_file_at_once),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
