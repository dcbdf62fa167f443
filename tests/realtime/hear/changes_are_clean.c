/* tests/realtime/hear/changes_are_clean.c: listens to what the virtual sound card recorded of the
 * changes of changes_are_clean.sh.
 *
 *   changes quiet CAPTURE CHANGES
 *   changes busy CAPTURE CHANGES BEFORE MUTED_PAD MUTED_REST SOLO_PAD FILTERED STOPPED
 *
 * CHANGES has a line for each: the sample of the engine at which it took effect, and what it was;
 * the first is the one that the recording begins with. SPDX-License-Identifier: MIT */
#include "tests/support/analysis.h"

#include <math.h>
#include <sndfile.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = 48000, MOST = 100, LIMIT_DB = -80, MARGIN = 480 };

typedef struct change {
    long at; /* frame, counted from the first change */
    char what[200];
} change;

typedef struct sound {
    float *channel[8];
    int n_channels;
    long n, first; /* frames; the first one with a sound on any channel */
} sound;

static change changes[MOST];
static int n_changes, failures;

static void give_up(const char *path, const char *why) {
    fprintf(stderr, "%s: %s\n", path, why);
    exit(2);
}

static sound load(const char *path) {
    SF_INFO info = {0};
    sound s = {0};
    SNDFILE *f = sf_open(path, SFM_READ, &info);
    if (!f || info.samplerate != RATE || info.channels > 8)
        give_up(path, f ? "another rate, or too many channels" : sf_strerror(NULL));
    size_t all = (size_t)info.frames * (size_t)info.channels;
    float *frames = calloc(all + 1, sizeof *frames);
    if (!frames)
        give_up(path, "memory is out");
    s.n = (long)sf_readf_float(f, frames, info.frames);
    sf_close(f);
    while (s.first < s.n * info.channels && frames[s.first] == 0.0f)
        s.first++;
    s.first /= info.channels;
    s.n_channels = info.channels;
    for (int c = 0; c < info.channels; c++) {
        s.channel[c] = calloc((size_t)s.n + 1, sizeof(float));
        for (long i = 0; s.channel[c] && i < s.n; i++)
            s.channel[c][i] = frames[i * info.channels + c];
        if (!s.channel[c])
            give_up(path, "memory is out");
    }
    free(frames);
    return s;
}

/* The frames before `first` are silence, and leave the recording. */
static void cut(sound *s, long first) {
    for (int c = 0; c < s->n_channels; c++)
        memmove(s->channel[c], s->channel[c] + first, (size_t)(s->n - first) * sizeof(float));
    s->n -= first;
    s->first -= first;
}

static void forget(sound *s) {
    for (int c = 0; c < s->n_channels; c++)
        free(s->channel[c]);
}

static void read_changes(const char *path) {
    FILE *f = fopen(path, "r");
    if (!f)
        give_up(path, "cannot be read");
    change next;
    while (n_changes < MOST && fscanf(f, "%ld %199[^\n]", &next.at, next.what) == 2)
        if (!n_changes || next.at != changes[n_changes - 1].at) /* a start of the clock with it */
            changes[n_changes++] = next;
    fclose(f);
    for (int i = n_changes - 1; i >= 0; i--)
        changes[i].at -= changes[0].at;
}

/* ---- sines and drones: the whole recording, change by change ---- */

static void listen_to_quiet(const char *capture) {
    sound s = load(capture);
    cut(&s, s.first);
    /* What is heard before the second change is the signal. */
    long steady = changes[1].at;
    double signal[8], worst_of_all[8];
    for (int c = 0; c < s.n_channels; c++) {
        signal[c] = an_rms(s.channel[c] + RATE / 4, (size_t)(steady - RATE / 4));
        worst_of_all[c] = -400;
    }
    for (int i = 0; i < n_changes; i++) {
        /* The beginning is a change as well: the card was silent before. */
        long from = changes[i].at - MARGIN > 0 ? changes[i].at - MARGIN : 0;
        long to = i + 1 < n_changes ? changes[i + 1].at + MARGIN : s.n;
        if (to > s.n)
            give_up(capture, "it ends too early");
        printf("%-46.46s", changes[i].what);
        for (int c = 0; c < s.n_channels; c++) {
            double db =
                an_above_10k_db(s.channel[c] + from, (size_t)(to - from), RATE, signal[c], NULL);
            printf(" %7.1f dB%s", db, db <= LIMIT_DB ? "" : " FAILED");
            failures += !(db <= LIMIT_DB);
            worst_of_all[c] = fmax(worst_of_all[c], db);
        }
        printf("\n");
    }
    printf("%-46s", "the worst millisecond");
    for (int c = 0; c < s.n_channels; c++)
        printf(" %7.1f dB", worst_of_all[c]);
    printf("\n");
    if (n_changes < 25) {
        printf("only %d changes\n", n_changes);
        failures++;
    }
    forget(&s);
}

/* ---- a busy set ---- */

/* What is left of the recording from `at` to `end` when the fade from a to b is taken away. */
static void leave_out(const sound *s, const sound *a, const sound *b, long at, long end,
                      double fade_s, const char *what) {
    long from = at - RATE / 10, n = end - from;
    float *rest = calloc((size_t)n + 1, sizeof *rest);
    if (!rest || end > s->n || end > a->n || (b && end > b->n))
        give_up(what, "something ends too early");
    double worst = -400, length = (double)(long)(fade_s * RATE + 0.5) + 1;
    for (int c = 0; c < s->n_channels && c < 2; c++) {
        const float *x = s->channel[c];
        double signal = an_rms(a->channel[c] + at, (size_t)(end - at));
        if (b)
            signal = fmax(signal, an_rms(b->channel[c] + at, (size_t)(end - at)));
        if (!(signal > 0))
            continue; /* nothing is on that channel */
        for (long i = 0; i < n; i++) {
            long k = from + i;
            double t = fmin(1.0, fmax(0.0, (double)(k - at + 1) / length)), w = t * t * (3 - 2 * t);
            double then = b ? (double)b->channel[c][k] : 0.0, was = (double)a->channel[c][k];
            rest[i] = (float)((double)x[k] - (was + (then - was) * w));
        }
        worst = fmax(worst, an_above_10k_db(rest, (size_t)n, RATE, signal, NULL));
    }
    printf("%-46.46s %7.1f dB%s\n", what, worst, worst <= LIMIT_DB ? "" : " FAILED");
    failures += !(worst <= LIMIT_DB && worst > -400);
    free(rest);
}

static void listen_to_busy(char **paths) {
    enum { HEARD, BEFORE, NO_PAD, NO_REST, ALONE, FILTER, STOPPED, SOUNDS };
    sound s[SOUNDS];
    for (int i = 0; i < SOUNDS; i++)
        s[i] = load(paths[i]);
    if (s[HEARD].first < s[BEFORE].first)
        give_up(paths[0], "it begins too late");
    cut(&s[HEARD], s[HEARD].first - s[BEFORE].first);
    static const struct {
        int from, to; /* -1: silence */
        double fade_s;
    } goes[] = {
        {BEFORE,  NO_PAD,  0.010},
        {NO_PAD,  BEFORE,  0.010},
        {BEFORE,  NO_REST, 0.010},
        {NO_REST, BEFORE,  0.010},
        {BEFORE,  ALONE,   0.010},
        {ALONE,   BEFORE,  0.010},
        {BEFORE,  FILTER,  0.010},
        {FILTER,  BEFORE,  0.010},
        {STOPPED, -1,      0.050},
    };
    enum { N = sizeof goes / sizeof *goes };
    if (n_changes != N + 1)
        give_up(paths[0], "there are not as many changes as were typed");
    for (int i = 1; i <= N; i++) {
        int k = i - 1;
        long end = i < N ? changes[i + 1].at : changes[i].at + RATE / 8;
        leave_out(&s[HEARD], &s[goes[k].from], goes[k].to < 0 ? NULL : &s[goes[k].to],
                  changes[i].at, end, goes[k].fade_s, changes[i].what);
    }
    for (int i = 0; i < SOUNDS; i++)
        forget(&s[i]);
}

int main(int argc, char **argv) {
    bool quiet = argc == 4 && strcmp(argv[1], "quiet") == 0;
    bool busy = argc == 10 && strcmp(argv[1], "busy") == 0;
    if (!quiet && !busy)
        return 2;
    read_changes(argv[3]);
    if (n_changes < 2)
        give_up(argv[3], "there are no changes");
    if (quiet) {
        listen_to_quiet(argv[2]);
    } else {
        argv[3] = argv[2];
        listen_to_busy(argv + 3);
    }
    return failures > 0;
}
