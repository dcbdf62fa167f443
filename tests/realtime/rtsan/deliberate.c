/* tests/realtime/deliberate.c: a fill that does what no fill may, on the host that has no device;
 * the sanitizer must end it (rtsan.sh). SPDX-License-Identifier: MIT */
#include "runtime/host/host.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *deed;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static chr_host_fill fill;
static void fill(void *context, const float *in, float *out, int n_frames) {
    (void)context, (void)in;
    memset(out, 0, sizeof *out * (size_t)n_frames);
    if (strcmp(deed, "allocates") == 0) {
        void *volatile piece = malloc(1);
        free(piece);
    } else if (strcmp(deed, "locks") == 0) {
        pthread_mutex_lock(&lock);
        pthread_mutex_unlock(&lock);
    } else if (strcmp(deed, "waits") == 0) {
        nanosleep(&(struct timespec){.tv_nsec = 1000}, NULL);
    } else if (strcmp(deed, "writes") == 0) {
        if (write(STDOUT_FILENO, "x", 1) != 1)
            out[0] = 1.0f;
    }
}

int main(int argc, char **argv) {
    deed = argc > 1 ? argv[1] : "allocates";
    const chr_host_want want = {.n_channels = 1, .block = 64};
    char why[CHR_HOST_TEXT];
    chr_host *host;
    if (chr_host_offline.open(&host, &want, why) != CHR_OK ||
        chr_host_offline.start(host, fill, NULL, why) != CHR_OK)
        return 2;
    for (int i = 0; i < 10; i++)
        chr_host_offline.wait(host);
    chr_host_offline.stop(host);
    chr_host_offline.close(host);
    return 0;
}
