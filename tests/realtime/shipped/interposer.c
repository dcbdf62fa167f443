/* tests/realtime/shipped/interposer.c: put before the C library of the program as it is shipped
 * (LD_PRELOAD), it counts what the program does while it fills a block of sound: allocations,
 * locks, input and output, waiting; and where the kernel can tell (Linux on x86-64), every system
 * call, by whatever way it is made. What it saw goes to the file that CALLS_REPORT names.
 *
 * A fill is the call of PortAudio's callback, and on the clock without a card whatever lies between
 * two of its waits until an absolute time. CALLS_DEED does something forbidden in each hundredth
 * fill, so that the test can see that it would be seen. With CALLS_TIMES it counts nothing, but
 * writes to that file how long they took altogether, and each in nanoseconds of processor time.
 * SPDX-License-Identifier: MIT */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#define FAST __attribute__((tls_model("initial-exec")))

static _Thread_local FAST bool filling;
static _Thread_local FAST bool watched; /* the kernel tells of this thread's calls */
static _Thread_local FAST volatile unsigned char blocked; /* read by the kernel */
static atomic_ulong fills, calls, system_calls, watched_threads;
static _Atomic(const char *) first;
static atomic_long first_system_call = -1;

static void seen(const char *name) {
    if (!filling)
        return;
    const char *none = NULL;
    atomic_compare_exchange_strong(&first, &none, name);
    atomic_fetch_add(&calls, 1);
}

/* ---- system calls ---- */

#if defined __x86_64__
enum { SET_DISPATCH = 59, DISPATCH_ON = 1, LET_THROUGH = 0, HOLD = 1 };

/* Does for the program what it asked for, and lets the rest of this fill through. */
static void on_system_call(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info;
    blocked = LET_THROUGH;
    greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;
    long none = -1;
    atomic_compare_exchange_strong(&first_system_call, &none, (long)r[REG_RAX]);
    atomic_fetch_add(&system_calls, 1);
    register long r10 __asm__("r10") = r[REG_R10];
    register long r8 __asm__("r8") = r[REG_R8];
    register long r9 __asm__("r9") = r[REG_R9];
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "0"(r[REG_RAX]), "D"(r[REG_RDI]), "S"(r[REG_RSI]), "d"(r[REG_RDX]), "r"(r10),
                       "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    r[REG_RAX] = result;
}

static void watch_thread(void) {
    if (watched)
        return;
    watched = true;
    blocked = LET_THROUGH;
    if (prctl(SET_DISPATCH, DISPATCH_ON, 0, 0, &blocked) == 0)
        atomic_fetch_add(&watched_threads, 1);
}
#else
enum { LET_THROUGH = 0, HOLD = 1 };
static void watch_thread(void) {}
#endif

/* ---- fills ---- */

enum { TIMES = 1 << 20 };
static unsigned times[TIMES];
static bool timing;
static double first_s, last_s; /* when the first and the last of these fills began */

static double now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static unsigned long processor_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (unsigned long)t.tv_sec * 1000000000ul + (unsigned long)t.tv_nsec;
}

static void misbehave(unsigned long n) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    const char *deed = getenv("CALLS_DEED");
    if (!deed || n % 100 != 50)
        return;
    if (strcmp(deed, "allocates") == 0) {
        void *volatile piece = malloc(1);
        free(piece);
    } else if (strcmp(deed, "locks") == 0) {
        pthread_mutex_lock(&lock);
        pthread_mutex_unlock(&lock);
    } else if (strcmp(deed, "calls the system") == 0) {
#if defined __x86_64__
        long result = SYS_getppid;
        __asm__ volatile("syscall" : "+a"(result) : : "rcx", "r11", "memory");
#endif
    }
}

static void fill_begins(void) {
    watch_thread();
    unsigned long n = atomic_fetch_add(&fills, 1);
    filling = true;
    blocked = HOLD;
    misbehave(n);
}

static void fill_ends(void) {
    blocked = LET_THROUGH;
    filling = false;
}

typedef int callback(const void *in, void *out, unsigned long n, const void *time,
                     unsigned long flags, void *context);
static callback *fill;
static void *fill_context;

static int on_audio(const void *in, void *out, unsigned long n, const void *time,
                    unsigned long flags, void *context) {
    (void)context;
    if (timing) {
        unsigned long from = processor_ns(), k = atomic_fetch_add(&fills, 1);
        int timed = fill(in, out, n, time, flags, fill_context);
        times[k % TIMES] = (unsigned)(processor_ns() - from);
        last_s = now_s();
        first_s = k ? first_s : last_s;
        return timed;
    }
    fill_begins();
    int code = fill(in, out, n, time, flags, fill_context);
    fill_ends();
    return code;
}

static void find(const char *name, void *function) {
    void *found = dlsym(RTLD_NEXT, name);
    memcpy(function, &found, sizeof found);
}

int Pa_OpenStream(void **stream, const void *in, const void *out, double rate, unsigned long n,
                  unsigned long flags, callback *f, void *context);
int Pa_OpenStream(void **stream, const void *in, const void *out, double rate, unsigned long n,
                  unsigned long flags, callback *f, void *context) {
    int (*real)(void **, const void *, const void *, double, unsigned long, unsigned long,
                callback *, void *);
    find("Pa_OpenStream", &real);
    fill = f;
    fill_context = context;
    return real(stream, in, out, rate, n, flags, on_audio, NULL);
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *until,
                    struct timespec *left) {
    static int (*real)(clockid_t, int, const struct timespec *, struct timespec *);
    if (!real)
        find("clock_nanosleep", &real);
    if (!(flags & TIMER_ABSTIME))
        return real(clock, flags, until, left);
    fill_ends();
    int code = real(clock, flags, until, left);
    fill_begins();
    return code;
}

typedef struct beginning {
    void *(*start)(void *);
    void *argument;
} beginning;

/* A thread's end is not part of its last fill. */
static void *begin_thread(void *context) {
    beginning b = *(beginning *)context;
    free(context);
    void *result = b.start(b.argument);
    fill_ends();
    return result;
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
                   void *argument) {
    int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    find("pthread_create", &real);
    beginning *b = malloc(sizeof *b);
    if (!b)
        return EAGAIN;
    *b = (beginning){start, argument};
    int code = real(thread, attributes, begin_thread, b);
    if (code)
        free(b);
    return code;
}

/* ---- the C library ---- */

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t alignment, size_t n);
void __libc_free(void *p);

void *malloc(size_t n) {
    seen("malloc");
    return __libc_malloc(n);
}
void *calloc(size_t n, size_t size) {
    seen("calloc");
    return __libc_calloc(n, size);
}
void *realloc(void *p, size_t n) {
    seen("realloc");
    return __libc_realloc(p, n);
}
void *aligned_alloc(size_t alignment, size_t n) {
    seen("aligned_alloc");
    return __libc_memalign(alignment, n);
}
int posix_memalign(void **p, size_t alignment, size_t n) {
    seen("posix_memalign");
    *p = __libc_memalign(alignment, n);
    return *p ? 0 : ENOMEM;
}
void free(void *p) {
    seen("free");
    __libc_free(p);
}

/* Counts a call of `name` and passes it on. */
#define PASS(type, name, parameters, arguments)                                                    \
    type name parameters {                                                                         \
        static type(*real) parameters;                                                             \
        if (!real)                                                                                 \
            find(#name, &real);                                                                    \
        seen(#name);                                                                               \
        return real arguments;                                                                     \
    }
PASS(int, pthread_mutex_lock, (pthread_mutex_t * m), (m))
PASS(int, pthread_mutex_trylock, (pthread_mutex_t * m), (m))
PASS(int, pthread_mutex_unlock, (pthread_mutex_t * m), (m))
PASS(int, pthread_cond_wait, (pthread_cond_t * c, pthread_mutex_t *m), (c, m))
PASS(int, pthread_cond_signal, (pthread_cond_t * c), (c))
PASS(int, pthread_cond_broadcast, (pthread_cond_t * c), (c))
PASS(int, pthread_rwlock_rdlock, (pthread_rwlock_t * l), (l))
PASS(int, pthread_rwlock_wrlock, (pthread_rwlock_t * l), (l))
PASS(int, sem_wait, (sem_t * s), (s))
PASS(int, sem_post, (sem_t * s), (s))
PASS(int, nanosleep, (const struct timespec *t, struct timespec *left), (t, left))
PASS(int, usleep, (useconds_t us), (us))
PASS(int, sched_yield, (void), ())
PASS(ssize_t, read, (int fd, void *p, size_t n), (fd, p, n))
PASS(ssize_t, write, (int fd, const void *p, size_t n), (fd, p, n))
PASS(ssize_t, writev, (int fd, const struct iovec *v, int n), (fd, v, n))
PASS(int, close, (int fd), (fd))
PASS(int, poll, (struct pollfd * p, nfds_t n, int ms), (p, n, ms))
PASS(void *, mmap, (void *p, size_t n, int protection, int flags, int fd, off_t at),
     (p, n, protection, flags, fd, at))
PASS(int, munmap, (void *p, size_t n), (p, n))
PASS(int, fflush, (FILE * f), (f))
PASS(size_t, fwrite, (const void *p, size_t size, size_t n, FILE *f), (p, size, n, f))
PASS(int, fputs, (const char *s, FILE *f), (s, f))
PASS(int, puts, (const char *s), (s))

/* ---- report ---- */

__attribute__((constructor)) static void begin(void) {
    timing = getenv("CALLS_TIMES") != NULL;
#if defined __x86_64__
    struct sigaction action = {.sa_sigaction = on_system_call, .sa_flags = SA_SIGINFO | SA_NODEFER};
    sigaction(SIGSYS, &action, NULL);
#endif
}

static void write_times(void) {
    FILE *to = fopen(getenv("CALLS_TIMES"), "we");
    if (to)
        fprintf(to, "seconds %.6f\n", last_s - first_s);
    for (unsigned long k = 0; to && k < atomic_load(&fills) && k < TIMES; k++)
        fprintf(to, "%u\n", times[k]);
    if (to)
        fclose(to);
}

__attribute__((destructor)) static void end(void) {
    if (timing)
        write_times();
    const char *path = getenv("CALLS_REPORT");
    FILE *to = path ? fopen(path, "we") : NULL;
    if (!to)
        return;
    const char *name = atomic_load(&first);
    fprintf(to, "fills=%lu calls=%lu first=%s system_calls=%lu first_system_call=%ld kernel=%s\n",
            atomic_load(&fills), atomic_load(&calls), name ? name : "none",
            atomic_load(&system_calls), atomic_load(&first_system_call),
            atomic_load(&watched_threads) ? "watched" : "unwatched");
    fclose(to);
}
