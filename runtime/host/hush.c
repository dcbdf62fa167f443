/* runtime/host/hush.c: sound libraries print to standard error as they look round; a player need
 * not read that. SPDX-License-Identifier: MIT */
#include "runtime/host/host.h"

#include <fcntl.h>
#include <unistd.h>

int chr_host_hush_begin(void) {
    fflush(stderr);
    int saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (saved < 0)
        return -1;
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere < 0) {
        close(saved);
        return -1;
    }
    dup2(nowhere, STDERR_FILENO);
    close(nowhere);
    return saved;
}

void chr_host_hush_end(int saved) {
    if (saved < 0)
        return;
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
}
