/* runtime/host/portaudio.c: the sound cards, through PortAudio. The library is not touched before a
 * probe in a child process has found that it can be (probe.c). The callback only asks the engine
 * for its block. SPDX-License-Identifier: MIT */
#include "runtime/host/host.h"

#ifdef CHRONUS_HAS_PORTAUDIO

#include "runtime/host/jack.h"
#include "runtime/host/library.h"

#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct card {
    chr_host host;
    PaStream *stream;
    chr_host_fill *fill; /* set before the stream starts, never while it runs */
    void *context;
    bool started;
} card;

static PaStreamCallback on_audio CHR_NONBLOCKING;
static int on_audio(const void *in, void *out, unsigned long n_frames,
                    const PaStreamCallbackTimeInfo *time, PaStreamCallbackFlags flags,
                    void *context) {
    (void)time;
    card *h = context;
    if (flags & paOutputUnderflow)
        atomic_fetch_add_explicit(&h->host.xruns, 1, memory_order_relaxed);
    h->fill(h->context, in, out, (int)n_frames);
    return paContinue;
}

static bool contains(const char *text, const char *part) {
    size_t n = strlen(part);
    for (; *text; text++)
        if (strncasecmp(text, part, n) == 0)
            return true;
    return n == 0;
}

/* By number, by exact name, by a part of the name; NULL for no such device. */
static const chr_host_device *choose(const chr_host_device *devices, int n, const char *wanted) {
    if (!wanted) {
        for (int i = 0; i < n; i++)
            if (devices[i].is_default)
                return &devices[i];
        return n > 0 ? &devices[0] : NULL;
    }
    char *end;
    long number = strtol(wanted, &end, 10);
    for (int i = 0; i < n; i++)
        if (isdigit((unsigned char)*wanted) && !*end && devices[i].number == number)
            return &devices[i];
    for (int i = 0; i < n; i++)
        if (strcasecmp(devices[i].name, wanted) == 0)
            return &devices[i];
    for (int i = 0; i < n; i++)
        if (contains(devices[i].name, wanted))
            return &devices[i];
    return NULL;
}

const char *chr_host_library(void) {
    return chr_pa_load() ? chr_pa.GetVersionText() : "PortAudio is not installed";
}

/* Frames at a time where nobody asked for a number: a power of two. The JACK server has one of its
 * own already, and another one would only add to it. */
enum { BLOCK = 256 };

/* Opens the stream at the rate that was asked for, or at the device's own. */
static PaError open_stream(card *h, const chr_host_device *d, const chr_host_want *want) {
    const PaDeviceInfo *info = chr_pa.GetDeviceInfo(d->number);
    if (!info)
        return paInvalidDevice;
    int heard = want->n_inputs < info->maxInputChannels ? want->n_inputs : info->maxInputChannels;
    bool jack = chr_pa.GetHostApiInfo(info->hostApi)->type == paJACK;
    int block = want->block > 0 ? want->block : jack ? 0 : BLOCK;
    const double rates[] = {want->rate_hz > 0 ? want->rate_hz : 48000, info->defaultSampleRate,
                            48000, 44100};
    PaError error = paInvalidSampleRate;
    for (size_t i = 0; i < (want->exact ? 1 : sizeof rates / sizeof *rates); i++) {
        if (rates[i] < 8000 || rates[i] > 192000)
            continue;
        /* Who asks for small blocks asks for a short way to the ear. */
        double two_s = 2.0 * want->block / rates[i];
        PaStreamParameters out = {
            .device = d->number,
            .channelCount = want->n_channels,
            .sampleFormat = paFloat32,
            .suggestedLatency = want->block > 0 ? two_s : info->defaultLowOutputLatency,
        };
        PaStreamParameters in = out;
        in.channelCount = heard;
        in.suggestedLatency = want->block > 0 ? two_s : info->defaultLowInputLatency;
        error = chr_pa.OpenStream(&h->stream, heard > 0 ? &in : NULL, &out, rates[i],
                                  block ? (unsigned long)block : paFramesPerBufferUnspecified,
                                  paClipOff | paDitherOff, on_audio, h);
        if (error == paNoError) {
            h->host.facts.block = block;
            h->host.facts.n_inputs = heard;
            return error;
        }
    }
    return error;
}

static chr_status card_open(chr_host **host, const chr_host_want *want, char why[CHR_HOST_TEXT]) {
    chr_host_device devices[CHR_HOST_DEVICES];
    int n = chr_host_probe(devices, why);
    if (n <= 0)
        return CHR_NO_DEVICE;
    const chr_host_device *d = choose(devices, n, want->device);
    if (!d) {
        snprintf(why, CHR_HOST_TEXT,
                 "there is no sound device called \"%.100s\" (chronus devices lists them)",
                 want->device);
        return CHR_NO_DEVICE;
    }
    card *h = calloc(1, sizeof *h);
    if (!h) {
        snprintf(why, CHR_HOST_TEXT, "memory is out");
        return CHR_NO_MEMORY;
    }
    int saved = chr_host_hush_begin();
    chr_jack_hush();
    PaError error = chr_pa.Initialize();
    bool initialized = error == paNoError;
    if (initialized)
        error = open_stream(h, d, want);
    if (error != paNoError) {
        snprintf(why, CHR_HOST_TEXT, "\"%.80s\" cannot be used: %.80s", d->name,
                 chr_pa.GetErrorText(error));
        if (initialized)
            chr_pa.Terminate();
        chr_host_hush_end(saved);
        free(h);
        return CHR_NO_DEVICE;
    }
    chr_host_hush_end(saved);
    const PaStreamInfo *about = chr_pa.GetStreamInfo(h->stream);
    h->host.driver = &chr_host_portaudio;
    snprintf(h->host.facts.device, CHR_HOST_TEXT, "%.120s (%.60s)", d->name, d->api);
    snprintf(h->host.facts.name, CHR_HOST_TEXT, "%s", d->name);
    h->host.facts.rate_hz = about->sampleRate;
    h->host.facts.latency_s = about->outputLatency;
    h->host.facts.is_real = true;
    *host = &h->host;
    return CHR_OK;
}

static chr_status card_start(chr_host *host, chr_host_fill *fill, void *context,
                             char why[CHR_HOST_TEXT]) {
    card *h = (card *)host;
    h->fill = fill;
    h->context = context;
    int saved = chr_host_hush_begin();
    PaError error = chr_pa.StartStream(h->stream);
    chr_host_hush_end(saved);
    h->started = error == paNoError;
    if (h->started)
        return CHR_OK;
    snprintf(why, CHR_HOST_TEXT, "the sound device does not start: %.120s",
             chr_pa.GetErrorText(error));
    return CHR_NO_DEVICE;
}

static void card_wait(chr_host *host) {
    (void)host;
    const struct timespec nap = {0, 4000000};
    nanosleep(&nap, NULL);
}

static bool card_alive(chr_host *host) {
    return chr_pa.IsStreamActive(((card *)host)->stream) == 1;
}

static void card_stop(chr_host *host) {
    card *h = (card *)host;
    if (!h->started || !card_alive(host))
        return; /* what has gone is ended when it is closed */
    h->started = false;
    int saved = chr_host_hush_begin();
    chr_pa.StopStream(h->stream);
    chr_host_hush_end(saved);
}

static void *end_stream(void *stream) {
    chr_pa.AbortStream(stream);
    return NULL;
}

/* The stream of a JACK server that has ended waits for the server's next period before it stops:
 * something has to wake it meanwhile. */
static void end_lost_stream(card *h) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, end_stream, h->stream) != 0)
        return;
    const struct timespec nap = {0, 20000000};
    do {
        nanosleep(&nap, NULL);
        chr_jack_wake();
    } while (pthread_tryjoin_np(thread, NULL) != 0);
}

static void card_close(chr_host *host) {
    card *h = (card *)host;
    card_stop(host);
    bool lost = h->started;
    if (lost)
        end_lost_stream(h);
    /* Whoever closes a lost device does so beside others, who may want to be read. */
    int saved = lost ? -1 : chr_host_hush_begin();
    chr_pa.CloseStream(h->stream);
    chr_pa.Terminate();
    chr_host_hush_end(saved);
    free(h);
}

/* Milliseconds between two looks: a device that is back is heard within a second. */
enum { PAUSE_MS = 200 };

static long now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool card_search(chr_host_search *s, const chr_host_want *want) {
    char why[CHR_HOST_TEXT];
    if (!s->child && (now_ms() < s->pause_ms || !chr_host_search_begin(s, why)))
        return false;
    if (!chr_host_search_step(s, 0))
        return false;
    chr_host_search_end(s);
    s->pause_ms = now_ms() + PAUSE_MS;
    return s->all && s->n_devices > 0 && choose(s->devices, s->n_devices, want->device);
}

#else

static chr_status card_open(chr_host **host, const chr_host_want *want, char why[CHR_HOST_TEXT]) {
    (void)host, (void)want;
    snprintf(why, CHR_HOST_TEXT, "this program was built without PortAudio");
    return CHR_NO_DEVICE;
}

const char *chr_host_library(void) {
    return NULL;
}

/* Never reached: nothing opens. */
static chr_status card_start(chr_host *host, chr_host_fill *fill, void *context,
                             char why[CHR_HOST_TEXT]) {
    (void)host, (void)fill, (void)context, (void)why;
    return CHR_NO_DEVICE;
}
static void card_wait(chr_host *host) {
    (void)host;
}
static bool card_alive(chr_host *host) {
    (void)host;
    return true;
}
static void card_stop(chr_host *host) {
    (void)host;
}
static void card_close(chr_host *host) {
    (void)host;
}
static bool card_search(chr_host_search *s, const chr_host_want *want) {
    (void)s, (void)want;
    return false;
}

#endif

const chr_host_driver chr_host_portaudio = {
    "portaudio", card_open, card_start, card_wait, card_alive, card_stop, card_close, card_search,
};
