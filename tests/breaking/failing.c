/* tests/breaking/failing.c: put before the C library of the program as it is shipped (LD_PRELOAD),
 * it lets one call fail: the n-th allocation of the whole process, libraries too, or the n-th call
 * of the kernel that has to do with files, by whatever library it is made (Linux on x86-64).
 * Counted is from the beginning of `main`, on the first thread; standard input, output and error
 * are left alone.
 *
 *     FAIL_AT=n          0 is the first; without it nothing fails, but all is counted
 *     FAIL_WITH=memory   or the name of an error: EIO, ENOSPC, EINTR, EMFILE; or short: half of it
 *     FAIL_ON=1          all that follow fail too
 *     FAIL_REPORT=file   "n calls", written at the end; "unwatched" where the kernel cannot do it
 * SPDX-License-Identifier: MIT */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

static long seen, fails_at = -1;
static bool counts, memory, goes_on, watched;
static const char *with = "";

static bool fails(void) {
    long n = seen++;
    return fails_at >= 0 && (n == fails_at || (goes_on && n > fails_at));
}

/* ---- memory ---- */

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t alignment, size_t n);

static bool refused(void) {
    if (!counts || !memory || !fails())
        return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t n) {
    return refused() ? NULL : __libc_malloc(n);
}
void *calloc(size_t n, size_t size) {
    return refused() ? NULL : __libc_calloc(n, size);
}
void *realloc(void *p, size_t n) {
    return refused() ? NULL : __libc_realloc(p, n);
}
void *aligned_alloc(size_t alignment, size_t n) {
    return refused() ? NULL : __libc_memalign(alignment, n);
}
int posix_memalign(void **p, size_t alignment, size_t n) {
    void *got = refused() ? NULL : __libc_memalign(alignment, n);
    *p = got ? got : *p;
    return got ? 0 : ENOMEM;
}

/* ---- files ---- */

#if defined __x86_64__

typedef struct rule {
    long call;
    bool has_fd;        /* its first argument */
    const char *errors; /* that it may meet, beside EIO */
} rule;

static const rule rules[] = {
    {SYS_open,       false, "EMFILE ENOSPC EINTR"},
    {SYS_openat,     false, "EMFILE ENOSPC EINTR"},
    {SYS_read,       true,  "EINTR short"        },
    {SYS_pread64,    true,  "EINTR short"        },
    {SYS_write,      true,  "ENOSPC EINTR short" },
    {SYS_pwrite64,   true,  "ENOSPC EINTR short" },
    {SYS_writev,     true,  "ENOSPC EINTR"       },
    {SYS_lseek,      true,  ""                   },
    {SYS_fsync,      true,  "ENOSPC EINTR"       },
    {SYS_fdatasync,  true,  "ENOSPC EINTR"       },
    {SYS_ftruncate,  true,  "ENOSPC EINTR"       },
    {SYS_fallocate,  true,  "ENOSPC EINTR"       },
    {SYS_close,      true,  "EINTR"              },
    {SYS_flock,      true,  "EINTR"              },
    {SYS_fstat,      true,  ""                   },
    {SYS_newfstatat, false, ""                   },
    {SYS_stat,       false, ""                   },
    {SYS_statx,      false, ""                   },
    {SYS_access,     false, ""                   },
    {SYS_getdents64, true,  ""                   },
    {SYS_mkdir,      false, "ENOSPC"             },
    {SYS_mkdirat,    false, "ENOSPC"             },
    {SYS_rename,     false, "ENOSPC"             },
    {SYS_renameat,   false, "ENOSPC"             },
    {SYS_renameat2,  false, "ENOSPC"             },
    {SYS_link,       false, "ENOSPC"             },
    {SYS_linkat,     false, "ENOSPC"             },
    {SYS_unlink,     false, ""                   },
    {SYS_unlinkat,   false, ""                   },
    {SYS_pipe2,      false, "EMFILE"             },
    {SYS_dup,        false, "EMFILE"             },
    {SYS_socket,     false, "EMFILE"             },
};

static bool halves;
static long error;
static bool meets[sizeof rules / sizeof *rules]; /* the error that is asked for */

static long call(long number, const greg_t *r) {
    register long r10 __asm__("r10") = r[REG_R10];
    register long r8 __asm__("r8") = r[REG_R8];
    register long r9 __asm__("r9") = r[REG_R9];
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "0"(number), "D"(r[REG_RDI]), "S"(r[REG_RSI]), "d"(r[REG_RDX]), "r"(r10),
                       "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

/* Everything that the first thread asks of the kernel from outside of this library. Nothing here
 * may call the C library. */
static void on_call(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info;
    greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;
    long number = (long)r[REG_RAX];
    bool hit = false;
    for (size_t k = 0; k < sizeof rules / sizeof *rules && !hit; k++)
        hit = counts && number == rules[k].call && meets[k] &&
              (!rules[k].has_fd || r[REG_RDI] > 2) && fails();
    if (hit && halves) {
        r[REG_RDX] = (greg_t)((unsigned long)r[REG_RDX] / 2);
        if (r[REG_RDX] == 0)
            r[REG_RDX] = 1;
        r[REG_RAX] = call(number, r);
    } else if (hit) {
        if (number == SYS_close) /* which closes all the same */
            call(number, r);
        r[REG_RAX] = -error;
    } else {
        r[REG_RAX] = call(number, r);
    }
}

void failing_returns(void);
__asm__(".text\n.globl failing_returns\n.hidden failing_returns\nfailing_returns:\n"
        "mov $15, %eax\nsyscall\n");

typedef struct range {
    uintptr_t from, to;
} range;

static int find_own(struct dl_phdr_info *about, size_t n, void *context) {
    (void)n;
    range *own = context;
    for (int k = 0; k < about->dlpi_phnum; k++) {
        uintptr_t from = about->dlpi_addr + about->dlpi_phdr[k].p_vaddr;
        uintptr_t to = from + about->dlpi_phdr[k].p_memsz, here = (uintptr_t)&failing_returns;
        if (about->dlpi_phdr[k].p_type == PT_LOAD && here >= from && here < to)
            *own = (range){from, to};
    }
    return own->to != 0;
}

static volatile unsigned char holds = 1; /* read by the kernel */

/* A thread begins on a stack of its own, which a call made from on_call's would miss. */
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
                   void *argument) {
    int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    void *found = dlsym(RTLD_NEXT, "pthread_create");
    memcpy(&real, &found, sizeof real);
    unsigned char held = holds;
    holds = 0;
    int code = real(thread, attributes, start, argument);
    holds = held;
    return code;
}

static bool watch(void) {
    enum { SET_DISPATCH = 59, DISPATCH_ON = 1, OWN_RESTORER = 0x04000000 };
    struct kernel_action {
        void (*handler)(int, siginfo_t *, void *);
        unsigned long flags;
        void (*restorer)(void);
        unsigned long mask;
    } action = {on_call, SA_SIGINFO | OWN_RESTORER, failing_returns, 0};
    range own = {0, 0};
    dl_iterate_phdr(find_own, &own);
    return own.to && syscall(SYS_rt_sigaction, SIGSYS, &action, NULL, 8) == 0 &&
           prctl(SET_DISPATCH, DISPATCH_ON, own.from, own.to - own.from, &holds) == 0;
}

static bool watch_files(void) {
    static const struct {
        const char *name;
        long number;
    } errors[] = {
        {"EIO",    EIO   },
        {"ENOSPC", ENOSPC},
        {"EINTR",  EINTR },
        {"EMFILE", EMFILE},
    };
    for (size_t k = 0; k < sizeof errors / sizeof *errors; k++)
        if (strcmp(errors[k].name, with) == 0)
            error = errors[k].number;
    halves = strcmp(with, "short") == 0;
    for (size_t k = 0; k < sizeof rules / sizeof *rules; k++)
        meets[k] = error == EIO || strstr(rules[k].errors, with) != NULL;
    return watch();
}

#else
static bool watch_files(void) {
    return false;
}
#endif

/* ---- the beginning and the end ---- */

__attribute__((constructor)) static void begin(void) {
    const char *at = getenv("FAIL_AT");
    with = getenv("FAIL_WITH") ? getenv("FAIL_WITH") : "EIO";
    fails_at = at ? atol(at) : -1;
    goes_on = getenv("FAIL_ON") != NULL;
    memory = strcmp(with, "memory") == 0;
    watched = memory || watch_files();
    counts = true;
}

__attribute__((destructor)) static void end(void) {
    counts = false;
    const char *path = getenv("FAIL_REPORT");
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
    if (fd < 0)
        return;
    dprintf(fd, watched ? "%ld\n" : "unwatched\n", seen);
    close(fd);
}
