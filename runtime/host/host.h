/* runtime/host/host.h: one interface for everything that asks for sound: a sound card
 * (portaudio.c), a clock without one (dummy.c), and as fast as the machine can (offline.c).
 * steady.h stands on it: a host that goes on when its sound card does not.
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

/* [audio] Fills out[n_frames][n_channels], interleaved; `in` is what was heard meanwhile,
 * [n_frames][facts.n_inputs], or NULL where the host hears nothing. It may not block, allocate or
 * print. */
typedef void chr_host_fill(void *context, const float *in, float *out,
                           int n_frames) CHR_NONBLOCKING;

/* What is asked of a host. */
typedef struct chr_host_want {
    const char
        *device;    /* a part of its name or its number in `chronus devices`; NULL: the default */
    double rate_hz; /* 0: the host's own, else 8000 to 192000 */
    bool exact;     /* that rate or none; otherwise one that the device has will do */
    int block;      /* frames asked for at a time; 0: the host's choice */
    int n_channels; /* 1 or more */
    int n_inputs;   /* channels to hear: 0 or more; where the device has fewer, those */
} chr_host_want;

enum { CHR_HOST_TEXT = 200 };

/* What was got. */
typedef struct chr_host_facts {
    char device[CHR_HOST_TEXT]; /* as the system names it */
    char name[CHR_HOST_TEXT];   /* what chr_host_want.device finds it by again; "": nothing does */
    double rate_hz;
    int block;        /* frames at a time; 0 where it may change from call to call */
    int n_inputs;     /* channels that are heard */
    double latency_s; /* from fill to the ear, as far as the system knows */
    bool is_real;     /* a sound card, which somebody hears */
    /* Of a real one that plays: */
    int priority;       /* of the thread that fills, 1 to 99; 0: none was granted */
    bool memory_locked; /* no page of the program is ever taken out */
} chr_host_facts;

typedef struct chr_host chr_host;
typedef struct chr_host_search chr_host_search;

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
    /* Where the device has gone this may take long, or for ever: let another thread do it then. */
    void (*close)(chr_host *host);
    /* Looks whether there is such a device, and never waits: called again and again with the same
     * `search`, cleared at first, until it is true; chr_host_search_end in any case. NULL: what is
     * gone does not come back. */
    bool (*search)(chr_host_search *search, const chr_host_want *want);
} chr_host_driver;

/* First member of each host. */
struct chr_host {
    const chr_host_driver *driver;
    chr_host_facts facts;
    double since_s; /* the clock without a card begins with the block that was due then (monotonic
                       time); 0: with one that is due now */
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

/* Monotonic time. */
double chr_host_clock_s(void) CHR_NONBLOCKING;

/* Hides what libraries print to standard error between the two calls. */
int chr_host_hush_begin(void);
void chr_host_hush_end(int saved);

/* The sound library and its version, or that it is not there; NULL where the program was built
 * without it. */
const char *chr_host_library(void);

/* A device that can play. */
typedef struct chr_host_device {
    int number; /* PortAudio's index */
    char name[CHR_HOST_TEXT], api[CHR_HOST_TEXT];
    int n_channels, n_inputs;
    double rate_hz; /* its own */
    bool is_default;
} chr_host_device;

enum { CHR_HOST_DEVICES = 64 };

/* Asks the sound library what there is, in a process of its own and within some seconds: on a
 * machine without sound it can abort or hang. Returns how many devices can play, up to
 * CHR_HOST_DEVICES, or -1 and `why`. */
int chr_host_probe(chr_host_device devices[CHR_HOST_DEVICES], char why[CHR_HOST_TEXT]);

/* The same without waiting. All zeros at first. */
struct chr_host_search {
    int child;     /* the process that asks; 0: none */
    int from;      /* its answers */
    long until_ms; /* when it will be given up */
    long pause_ms; /* the next one does not begin before */
    bool all;      /* it has told all */
    size_t have;   /* bytes of a device that is not whole yet */
    chr_host_device next, devices[CHR_HOST_DEVICES];
    int n_devices;
};
bool chr_host_search_begin(chr_host_search *s, char why[CHR_HOST_TEXT]);
/* Waits for an answer for wait_ms at most. True once the child has told all it will. */
bool chr_host_search_step(chr_host_search *s, int wait_ms);
/* Ends the child, if there is one. */
void chr_host_search_end(chr_host_search *s);

#endif
