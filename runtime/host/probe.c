/* runtime/host/probe.c: asks PortAudio what devices there are, from a child process: on a machine
 * without sound some versions abort and some wait for ever, and neither may happen to the player.
 * SPDX-License-Identifier: MIT */
#include "runtime/host/host.h"

#ifdef CHRONUS_HAS_PORTAUDIO

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <portaudio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    PROBE_MS = 6000, /* a sound server that has to be started takes two or three seconds */
    LEAVE_MS =
        2000, /* to take leave of it; one that is left without a word may stall the other players */
    ALL_TOLD = -1 /* as a device's number: there are no more */
};

/* The child's whole life. Writes each device that can play to `to`. Nobody is left to hear what it
 * prints. */
static void probe_child(int to) {
    signal(SIGINT, SIG_IGN); /* the player ends the child when it ends */
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nowhere >= 0)
        for (int fd = 0; fd < 3; fd++)
            dup2(nowhere, fd);
    if (Pa_Initialize() != paNoError)
        _exit(1);
    int n = Pa_GetDeviceCount();
    for (int i = 0; i < n; i++) {
        const PaDeviceInfo *info = Pa_GetDeviceInfo(i);
        if (!info || info->maxOutputChannels < 1)
            continue;
        const PaHostApiInfo *api = Pa_GetHostApiInfo(info->hostApi);
        chr_host_device d;
        memset(&d, 0, sizeof d);
        d.number = i;
        snprintf(d.name, sizeof d.name, "%s", info->name ? info->name : "?");
        snprintf(d.api, sizeof d.api, "%s", api && api->name ? api->name : "?");
        d.n_channels = info->maxOutputChannels;
        d.rate_hz = info->defaultSampleRate;
        d.is_default = i == Pa_GetDefaultOutputDevice();
        if (write(to, &d, sizeof d) != (ssize_t)sizeof d)
            _exit(1);
    }
    chr_host_device end;
    memset(&end, 0, sizeof end);
    end.number = ALL_TOLD;
    if (write(to, &end, sizeof end) != (ssize_t)sizeof end)
        _exit(1);
    Pa_Terminate();
    _exit(0);
}

static long now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Reads devices until the child has gone. False if it has not told all of them in time. */
static bool gather(int from, chr_host_device *devices, int *n) {
    long until = now_ms() + PROBE_MS;
    chr_host_device d;
    size_t have = 0;
    bool all = false;
    for (;;) {
        long left = until - now_ms();
        struct pollfd p = {.fd = from, .events = POLLIN};
        int ready = left > 0 ? poll(&p, 1, (int)left) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return all;
        ssize_t got = read(from, (char *)&d + have, sizeof d - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return true; /* gone; a library that aborted has told of no device, or of those that it
                            got to */
        have += (size_t)got;
        if (have < sizeof d)
            continue;
        have = 0;
        if (d.number == ALL_TOLD) {
            all = true;
            until = now_ms() + LEAVE_MS;
        } else if (*n < CHR_HOST_DEVICES) {
            devices[(*n)++] = d;
        }
    }
}

int chr_host_probe(chr_host_device devices[CHR_HOST_DEVICES], char why[CHR_HOST_TEXT]) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        snprintf(why, CHR_HOST_TEXT, "the sound system could not be asked: %s", strerror(errno));
        return -1;
    }
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        probe_child(ends[1]);
    }
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        snprintf(why, CHR_HOST_TEXT, "the sound system could not be asked: %s", strerror(errno));
        return -1;
    }
    int n = 0;
    bool in_time = gather(ends[0], devices, &n);
    close(ends[0]);
    kill(child, SIGKILL); /* it has gone, or never will */
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (!in_time) {
        snprintf(why, CHR_HOST_TEXT, "the sound system gave no answer within %d s",
                 PROBE_MS / 1000);
        return -1;
    }
    if (n == 0)
        snprintf(why, CHR_HOST_TEXT, "no sound device was found");
    return n;
}

#else

int chr_host_probe(chr_host_device devices[CHR_HOST_DEVICES], char why[CHR_HOST_TEXT]) {
    (void)devices;
    snprintf(why, CHR_HOST_TEXT, "this program was built without PortAudio");
    return -1;
}

#endif
