/* runtime/host/portaudio.c: the sound cards, through PortAudio. The library is not touched before a
 * probe in a child process has found that it can be (probe.c). The callback only asks the engine
 * for its block. SPDX-License-Identifier: MIT */
#include "runtime/host/host.h"

#ifdef CHRONUS_HAS_PORTAUDIO

#include <ctype.h>
#include <portaudio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct card {
    chr_host host;
    PaStream *stream;
    chr_host_fill *fill; /* set before the stream starts, never while it runs */
    void *context;
    bool started;
    bool gone; /* unplugged, or its server ended, while it played */
} card;

static PaStreamCallback on_audio CHR_NONBLOCKING;
static int on_audio(const void *in, void *out, unsigned long n_frames,
                    const PaStreamCallbackTimeInfo *time, PaStreamCallbackFlags flags,
                    void *context) {
    (void)in, (void)time;
    card *h = context;
    if (flags & paOutputUnderflow)
        atomic_fetch_add_explicit(&h->host.xruns, 1, memory_order_relaxed);
    h->fill(h->context, out, (int)n_frames);
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
    return Pa_GetVersionText(); /* a constant: the library is not touched */
}

/* Opens the stream at the rate that was asked for, or at the device's own. */
static PaError open_stream(card *h, const chr_host_device *d, const chr_host_want *want) {
    const PaDeviceInfo *info = Pa_GetDeviceInfo(d->number);
    if (!info)
        return paInvalidDevice;
    PaStreamParameters out = {
        .device = d->number,
        .channelCount = want->n_channels,
        .sampleFormat = paFloat32,
        .suggestedLatency = info->defaultLowOutputLatency,
    };
    const double rates[] = {want->rate_hz > 0 ? want->rate_hz : 48000, info->defaultSampleRate,
                            48000, 44100};
    unsigned long block =
        want->block > 0 ? (unsigned long)want->block : paFramesPerBufferUnspecified;
    PaError error = paInvalidSampleRate;
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        if (rates[i] < 8000 || rates[i] > 192000)
            continue;
        error = Pa_OpenStream(&h->stream, NULL, &out, rates[i], block, paClipOff | paDitherOff,
                              on_audio, h);
        if (error == paNoError)
            return error;
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
    PaError error = Pa_Initialize();
    bool initialized = error == paNoError;
    if (initialized)
        error = open_stream(h, d, want);
    if (error != paNoError) {
        snprintf(why, CHR_HOST_TEXT, "\"%.80s\" cannot be used: %.80s", d->name,
                 Pa_GetErrorText(error));
        if (initialized)
            Pa_Terminate();
        chr_host_hush_end(saved);
        free(h);
        return CHR_NO_DEVICE;
    }
    chr_host_hush_end(saved);
    const PaStreamInfo *about = Pa_GetStreamInfo(h->stream);
    h->host.driver = &chr_host_portaudio;
    snprintf(h->host.facts.device, CHR_HOST_TEXT, "%.120s (%.60s)", d->name, d->api);
    h->host.facts.rate_hz = about->sampleRate;
    h->host.facts.latency_s = about->outputLatency;
    h->host.facts.block = want->block;
    *host = &h->host;
    return CHR_OK;
}

static chr_status card_start(chr_host *host, chr_host_fill *fill, void *context,
                             char why[CHR_HOST_TEXT]) {
    card *h = (card *)host;
    h->fill = fill;
    h->context = context;
    int saved = chr_host_hush_begin();
    PaError error = Pa_StartStream(h->stream);
    chr_host_hush_end(saved);
    h->started = error == paNoError;
    if (h->started)
        return CHR_OK;
    snprintf(why, CHR_HOST_TEXT, "the sound device does not start: %.120s", Pa_GetErrorText(error));
    return CHR_NO_DEVICE;
}

static void card_wait(chr_host *host) {
    (void)host;
    const struct timespec nap = {0, 4000000};
    nanosleep(&nap, NULL);
}

static bool card_alive(chr_host *host) {
    return Pa_IsStreamActive(((card *)host)->stream) == 1;
}

static void card_stop(chr_host *host) {
    card *h = (card *)host;
    if (!h->started)
        return;
    h->started = false;
    h->gone = !card_alive(host);
    if (h->gone)
        return;
    int saved = chr_host_hush_begin();
    Pa_StopStream(h->stream);
    chr_host_hush_end(saved);
}

static void card_close(chr_host *host) {
    card *h = (card *)host;
    card_stop(host);
    if (h->gone)
        return; /* the library would wait for its last word for ever; the program ends soon */
    int saved = chr_host_hush_begin();
    Pa_CloseStream(h->stream);
    Pa_Terminate();
    chr_host_hush_end(saved);
    free(h);
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

#endif

const chr_host_driver chr_host_portaudio = {
    "portaudio", card_open, card_start, card_wait, card_alive, card_stop, card_close,
};
