/* runtime/host/clock.c: the time, as everything live reads it.
 * SPDX-License-Identifier: MIT */
#include "runtime/host/host.h"

#include <time.h>

CHR_TRUSTED_BEGIN /* reads a page of memory that the kernel keeps: no system call */
    double
    chr_host_clock_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}
CHR_TRUSTED_END
