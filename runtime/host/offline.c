/* runtime/host/offline.c: the host without a clock: each wait makes the next block, on the calling
 * thread. SPDX-License-Identifier: MIT */
#include "runtime/host/host.h"

#include <stdlib.h>

typedef struct offline {
    chr_host host;
    chr_host_fill *fill;
    void *context;
    float *block;
} offline;

static chr_status offline_open(chr_host **host, const chr_host_want *want,
                               char why[CHR_HOST_TEXT]) {
    offline *h = calloc(1, sizeof *h);
    int n = want->block > 0 ? want->block : 64;
    if (h)
        h->block = calloc((size_t)n * (size_t)want->n_channels, sizeof *h->block);
    if (!h || !h->block) {
        free(h);
        snprintf(why, CHR_HOST_TEXT, "memory is out");
        return CHR_NO_MEMORY;
    }
    h->host.driver = &chr_host_offline;
    snprintf(h->host.facts.device, CHR_HOST_TEXT, "no device");
    h->host.facts.rate_hz = want->rate_hz > 0 ? want->rate_hz : 48000;
    h->host.facts.block = n;
    *host = &h->host;
    return CHR_OK;
}

static chr_status offline_start(chr_host *host, chr_host_fill *fill, void *context,
                                char why[CHR_HOST_TEXT]) {
    (void)why;
    offline *h = (offline *)host;
    h->fill = fill;
    h->context = context;
    return CHR_OK;
}

static void offline_wait(chr_host *host) {
    offline *h = (offline *)host;
    if (h->fill)
        h->fill(h->context, NULL, h->block, h->host.facts.block);
}

static bool offline_alive(chr_host *host) {
    (void)host;
    return true;
}

static void offline_stop(chr_host *host) {
    ((offline *)host)->fill = NULL;
}

static void offline_close(chr_host *host) {
    free(((offline *)host)->block);
    free(host);
}

const chr_host_driver chr_host_offline = {
    "offline",     offline_open, offline_start, offline_wait,
    offline_alive, offline_stop, offline_close, NULL,
};
