/* runtime/host/host.h: one interface for everything that asks for sound: a sound card
 * (portaudio.c), a clock without one (dummy.c), and as fast as the machine can (offline.c).
 *
 * Life cycle: open, start, wait as often as one likes, stop, close. All calls are [control], from
 * one thread. Time passes in `wait`: a live host sleeps some milliseconds there, the offline host
 * makes one chunk. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_HOST_H
#define CHR_RUNTIME_HOST_H

#include "dsp/nonblocking.h"
#include "runtime/status.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

/* [audio] Fills out[n_frames][n_channels], interleaved. It may not block, allocate or print. */
typedef void chr_host_fill(void *context, float *out, int n_frames) CHR_NONBLOCKING;

/* What is asked of a host. */
typedef struct chr_host_want {
    const char
        *device;    /* a part of its name or its number in `chronus devices`; NULL: the default */
    double rate_hz; /* 0: the host's own, else 8000 to 192000 */
    int block;      /* frames asked for at a time; 0: the host's choice */
    int n_channels; /* 1 or more */
} chr_host_want;

enum { CHR_HOST_TEXT = 200 };

/* What was got. */
typedef struct chr_host_facts {
    char device[CHR_HOST_TEXT]; /* as the system names it */
    double rate_hz;
    int block;        /* frames at a time; 0 where it may change from call to call */
    double latency_s; /* from fill to the ear, as far as the system knows */
} chr_host_facts;

typedef struct chr_host chr_host;

typedef struct chr_host_driver {
    const char *name;
    /* CHR_OK and *host, or why not in `why` (one sentence without a full stop) and *host untouched.
     */
    chr_status (*open)(chr_host **host, const chr_host_want *want, char why[CHR_HOST_TEXT]);
    /* From here on `fill` is called on the audio thread (offline: within `wait`) until stop
     * returns. */
    chr_status (*start)(chr_host *host, chr_host_fill *fill, void *context,
                        char why[CHR_HOST_TEXT]);
    void (*wait)(chr_host *host);
    /* False once the device has gone: unplugged, or its sound server ended. */
    bool (*alive)(chr_host *host);
    /* Ends the sound: what was filled before is still heard. No fill is under way when it returns.
     */
    void (*stop)(chr_host *host);
    void (*close)(chr_host *host);
} chr_host_driver;

/* First member of each host. */
struct chr_host {
    const chr_host_driver *driver;
    chr_host_facts facts;
    atomic_uint xruns; /* [audio] writes: how often the device said that it ran dry */
};

/* The sound cards; where the program was built without PortAudio, open always answers
 * CHR_NO_DEVICE. */
extern const chr_host_driver chr_host_portaudio;
/* A clock that asks for blocks as a sound card would, and throws them away. */
extern const chr_host_driver chr_host_dummy;
/* wait() asks for facts.block frames at once, which the owner may make smaller than it was opened
 * with. */
extern const chr_host_driver chr_host_offline;

/* Hides what libraries print to standard error between the two calls. */
int chr_host_hush_begin(void);
void chr_host_hush_end(int saved);

/* The sound library and its version; NULL where the program was built without it. */
const char *chr_host_library(void);

/* A device that can play. */
typedef struct chr_host_device {
    int number; /* PortAudio's index */
    char name[CHR_HOST_TEXT], api[CHR_HOST_TEXT];
    int n_channels;
    double rate_hz; /* its own */
    bool is_default;
} chr_host_device;

enum { CHR_HOST_DEVICES = 64 };

/* Asks the sound library what there is, in a process of its own and within some seconds: on a
 * machine without sound it can abort or hang. Returns how many devices can play, up to
 * CHR_HOST_DEVICES, or -1 and `why`. */
int chr_host_probe(chr_host_device devices[CHR_HOST_DEVICES], char why[CHR_HOST_TEXT]);

#endif
