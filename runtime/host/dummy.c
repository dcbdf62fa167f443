/* runtime/host/dummy.c: a sound card that is not there: a thread that asks for a block whenever one
 * would have been played, and throws it away. Plays in real time on machines without sound, and
 * lets tests run the live path. SPDX-License-Identifier: MIT */
#include "runtime/host/host.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct dummy {
    chr_host host;
    chr_host_fill *fill;
    void *context;
    float *block;
    pthread_t thread;
    bool running; /* the thread exists [control] */
    atomic_bool stopping;
} dummy;

static chr_status dummy_open(chr_host **host, const chr_host_want *want, char why[CHR_HOST_TEXT]) {
    dummy *h = calloc(1, sizeof *h);
    int n = want->block > 0 ? want->block : 256;
    if (h)
        h->block = calloc((size_t)n * (size_t)want->n_channels, sizeof *h->block);
    if (!h || !h->block) {
        free(h);
        snprintf(why, CHR_HOST_TEXT, "memory is out");
        return CHR_NO_MEMORY;
    }
    h->host.driver = &chr_host_dummy;
    snprintf(h->host.facts.device, CHR_HOST_TEXT, "no device, in real time");
    h->host.facts.rate_hz = want->rate_hz > 0 ? want->rate_hz : 48000;
    h->host.facts.block = n;
    *host = &h->host;
    return CHR_OK;
}

/* Block k is asked for at start + k blocks, on the monotonic clock, so no rounding adds up. A
 * machine that was asleep does not make up for more than a second. */
static void *dummy_thread(void *context) {
    dummy *h = context;
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    double due_s = 0;
    if (h->host.since_s > 0)
        due_s = h->host.since_s - (double)start.tv_sec - (double)start.tv_nsec * 1e-9;
    while (!atomic_load_explicit(&h->stopping, memory_order_acquire)) {
        h->fill(h->context, NULL, h->block, h->host.facts.block);
        due_s += h->host.facts.block / h->host.facts.rate_hz;
        struct timespec now, until = start;
        clock_gettime(CLOCK_MONOTONIC, &now);
        double late_s = (double)(now.tv_sec - start.tv_sec) +
                        (double)(now.tv_nsec - start.tv_nsec) * 1e-9 - due_s;
        if (late_s > 1.0)
            due_s += late_s;
        if (late_s > 0)
            continue;
        double whole = (double)(long)due_s;
        until.tv_sec += (time_t)whole;
        until.tv_nsec += (long)((due_s - whole) * 1e9);
        if (until.tv_nsec >= 1000000000L) {
            until.tv_nsec -= 1000000000L;
            until.tv_sec++;
        }
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
            continue;
    }
    return NULL;
}

static chr_status dummy_start(chr_host *host, chr_host_fill *fill, void *context,
                              char why[CHR_HOST_TEXT]) {
    dummy *h = (dummy *)host;
    h->fill = fill;
    h->context = context;
    atomic_store(&h->stopping, false);
    int error = pthread_create(&h->thread, NULL, dummy_thread, h);
    if (error) {
        snprintf(why, CHR_HOST_TEXT, "no thread could be started: %s", strerror(error));
        return CHR_UNSUPPORTED;
    }
    h->running = true;
    return CHR_OK;
}

static void dummy_wait(chr_host *host) {
    (void)host;
    const struct timespec nap = {0, 4000000};
    nanosleep(&nap, NULL);
}

static bool dummy_alive(chr_host *host) {
    (void)host;
    return true;
}

static void dummy_stop(chr_host *host) {
    dummy *h = (dummy *)host;
    if (!h->running)
        return;
    atomic_store_explicit(&h->stopping, true, memory_order_release);
    pthread_join(h->thread, NULL);
    h->running = false;
}

static void dummy_close(chr_host *host) {
    dummy_stop(host);
    free(((dummy *)host)->block);
    free(host);
}

const chr_host_driver chr_host_dummy = {
    "dummy", dummy_open, dummy_start, dummy_wait, dummy_alive, dummy_stop, dummy_close, NULL,
};
