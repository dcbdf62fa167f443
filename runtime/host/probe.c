/* runtime/host/probe.c: asks PortAudio what devices there are, from a child process: on a machine
 * without sound some versions abort and some wait for ever, and neither may happen to the player.
 * SPDX-License-Identifier: MIT */
#include "runtime/host/host.h"

#ifdef CHRONUS_HAS_PORTAUDIO

#include "runtime/host/library.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
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

/* The child's whole life. A search may begin it beside other threads: it holds none of their locks,
 * and the library that it asks has not been left in the middle of anything. Writes each device that
 * can play to `to`. Nobody is left to hear what it prints. */
static void probe_child(int to) {
    signal(SIGINT, SIG_IGN); /* the player ends the child when it ends */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nowhere >= 0)
        for (int fd = 0; fd < 3; fd++)
            dup2(nowhere, fd);
    if (chr_pa.Initialize() != paNoError)
        _exit(1);
    int n = chr_pa.GetDeviceCount();
    for (int i = 0; i < n; i++) {
        const PaDeviceInfo *info = chr_pa.GetDeviceInfo(i);
        if (!info || info->maxOutputChannels < 1)
            continue;
        const PaHostApiInfo *api = chr_pa.GetHostApiInfo(info->hostApi);
        chr_host_device d;
        memset(&d, 0, sizeof d);
        d.number = i;
        snprintf(d.name, sizeof d.name, "%s", info->name ? info->name : "?");
        snprintf(d.api, sizeof d.api, "%s", api && api->name ? api->name : "?");
        d.n_channels = info->maxOutputChannels;
        d.n_inputs = info->maxInputChannels;
        d.rate_hz = info->defaultSampleRate;
        d.is_default = i == chr_pa.GetDefaultOutputDevice();
        if (write(to, &d, sizeof d) != (ssize_t)sizeof d)
            _exit(1);
    }
    chr_host_device end;
    memset(&end, 0, sizeof end);
    end.number = ALL_TOLD;
    if (write(to, &end, sizeof end) != (ssize_t)sizeof end)
        _exit(1);
    chr_pa.Terminate();
    _exit(0);
}

static long now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool chr_host_search_begin(chr_host_search *s, char why[CHR_HOST_TEXT]) {
    int ends[2];
    if (!chr_pa_load()) {
        snprintf(why, CHR_HOST_TEXT, "PortAudio is not installed (libportaudio.so.2)");
        return false;
    }
    if (pipe2(ends, O_CLOEXEC) != 0) {
        snprintf(why, CHR_HOST_TEXT, "the sound system could not be asked: %s", strerror(errno));
        return false;
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
        return false;
    }
    *s = (chr_host_search){.child = child, .from = ends[0], .until_ms = now_ms() + PROBE_MS};
    return true;
}

/* One more device, or the word that there are no more. */
static void take(chr_host_search *s) {
    s->have = 0;
    if (s->next.number == ALL_TOLD) {
        s->all = true;
        s->until_ms = now_ms() + LEAVE_MS;
    } else if (s->n_devices < CHR_HOST_DEVICES) {
        s->devices[s->n_devices++] = s->next;
    }
}

bool chr_host_search_step(chr_host_search *s, int wait_ms) {
    long wait_until = now_ms() + wait_ms;
    for (;;) {
        long now = now_ms(), until = wait_until < s->until_ms ? wait_until : s->until_ms;
        struct pollfd p = {.fd = s->from, .events = POLLIN};
        int ready = poll(&p, 1, until > now ? (int)(until - now) : 0);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return ready < 0 || now_ms() >= s->until_ms;
        ssize_t got = read(s->from, (char *)&s->next + s->have, sizeof s->next - s->have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) { /* gone; a library that aborted has told of no device, or of those that it
                           got to */
            s->all = true;
            return true;
        }
        s->have += (size_t)got;
        if (s->have == sizeof s->next)
            take(s);
    }
}

void chr_host_search_end(chr_host_search *s) {
    if (!s->child)
        return;
    close(s->from);
    kill(s->child, SIGKILL); /* it has gone, or never will */
    while (waitpid(s->child, NULL, 0) < 0 && errno == EINTR)
        continue;
    s->child = 0;
}

int chr_host_probe(chr_host_device devices[CHR_HOST_DEVICES], char why[CHR_HOST_TEXT]) {
    chr_host_search s = {0};
    if (!chr_host_search_begin(&s, why))
        return -1;
    while (!chr_host_search_step(&s, PROBE_MS))
        continue;
    chr_host_search_end(&s);
    if (!s.all) {
        snprintf(why, CHR_HOST_TEXT, "the sound system gave no answer within %d s",
                 PROBE_MS / 1000);
        return -1;
    }
    if (s.n_devices == 0)
        snprintf(why, CHR_HOST_TEXT, "no sound device was found");
    memcpy(devices, s.devices, sizeof *devices * (size_t)s.n_devices);
    return s.n_devices;
}

#else

int chr_host_probe(chr_host_device devices[CHR_HOST_DEVICES], char why[CHR_HOST_TEXT]) {
    (void)devices;
    snprintf(why, CHR_HOST_TEXT, "this program was built without PortAudio");
    return -1;
}

void chr_host_search_end(chr_host_search *s) {
    (void)s; /* none ever begins */
}

#endif
