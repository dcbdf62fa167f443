/* runtime/host/realtime.c: locked memory, and a thread's priority.
 * SPDX-License-Identifier: MIT */
#include "runtime/host/realtime.h"

#include <sched.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

/* Below the threads of the sound server, above everything that has no deadline. */
enum { PRIORITY = 60 };

static bool may_lock_all(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0)
        return false;
    if (limit.rlim_cur != limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_MEMLOCK, &limit);
    }
    return limit.rlim_cur == RLIM_INFINITY || geteuid() == 0;
}

bool chr_realtime_lock(void) {
    /* Under a limit, what is locked now would make later allocations fail: then nothing is. */
    return may_lock_all() && mlockall(MCL_CURRENT | MCL_FUTURE) == 0;
}

int chr_realtime_priority(pthread_t thread) {
    int policy;
    struct sched_param has;
    if (pthread_getschedparam(thread, &policy, &has) == 0 &&
        (policy == SCHED_FIFO || policy == SCHED_RR))
        return has.sched_priority;
    struct rlimit limit;
    struct sched_param wants = {.sched_priority = PRIORITY};
    if (getrlimit(RLIMIT_RTPRIO, &limit) == 0 && limit.rlim_max > 0 && geteuid() != 0) {
        if (limit.rlim_cur < limit.rlim_max) {
            limit.rlim_cur = limit.rlim_max;
            setrlimit(RLIMIT_RTPRIO, &limit);
        }
        if (limit.rlim_cur < (rlim_t)PRIORITY)
            wants.sched_priority = (int)limit.rlim_cur;
    }
    return pthread_setschedparam(thread, SCHED_FIFO, &wants) == 0 ? wants.sched_priority : 0;
}

const char *chr_realtime_refusal(bool locked, int priority) {
#define REMEDY                                                                                     \
    ", so the sound may stutter when the machine is busy: let an administrator run `usermod -aG "  \
    "audio NAME`, then log in again (docs/live.md)"
    if (!locked && priority <= 0)
        return "the system grants the sound neither priority nor memory that stays in place" REMEDY;
    if (priority <= 0)
        return "the system grants the sound no priority" REMEDY;
    if (!locked)
        return "the system grants the sound no memory that stays in place" REMEDY;
    return NULL;
#undef REMEDY
}
