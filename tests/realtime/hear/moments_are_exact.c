/* tests/realtime/hear/moments_are_exact.c: looks where the virtual sound card recorded what waited
 * for a moment in moments_are_exact.sh. Everything is counted from the first click of the
 * recording. SPDX-License-Identifier: MIT */
#include <math.h>
#include <sndfile.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* 480 bpm, 4/4, 48 kHz; from bar 12 on 360 bpm. A channel that has been still for so many samples
 * begins another change: a ramp lasts 480. */
enum { RATE = 48000, BEAT = 6000, TEMPO_AT = 44, LATER_BEAT = 8000, STILL = 200, MOST = 200 };

typedef struct channel {
    long at[MOST]; /* frames at which it began to change */
    int n;
} channel;

enum { CLOCK, BEFORE, AFTER, TRIALS, EVERY = 9, MUTED = 10, PULSE = 11, CHANNELS = 12 };

static channel channels[CHANNELS];
static long began; /* frame of the first click */
static int failures;

static void check(bool good, const char *what, long is, long should) {
    printf("%s: %s: at %ld, should be %ld\n", good ? "good" : "FAILED", what, is, should);
    failures += !good;
}

/* Frame at which the clock is at `beat`, from 0. */
static long frame_of(double beat) {
    double frames =
        beat <= TEMPO_AT ? beat * BEAT : (double)TEMPO_AT * BEAT + (beat - TEMPO_AT) * LATER_BEAT;
    return began + lrint(frames);
}

static double beat_of(long frame) {
    double frames = (double)(frame - began), until = (double)TEMPO_AT * BEAT;
    return frames <= until ? frames / BEAT : TEMPO_AT + (frames - until) / LATER_BEAT;
}

/* The k-th change of a channel after the one that it began with; -1: there is none. */
static long change(int c, int k) {
    return k < channels[c].n ? channels[c].at[k] : -1;
}

static void load(const char *path) {
    SF_INFO info = {0};
    SNDFILE *f = sf_open(path, SFM_READ, &info);
    if (!f || info.samplerate != RATE || info.channels != CHANNELS) {
        fprintf(stderr, "%s: %s\n", path,
                f ? "another rate or number of channels" : sf_strerror(NULL));
        exit(2);
    }
    float was[CHANNELS] = {0}, is[CHANNELS];
    long last[CHANNELS];
    for (int c = 0; c < CHANNELS; c++)
        last[c] = -RATE;
    for (long i = 0; sf_readf_float(f, is, 1) == 1; i++)
        for (int c = 0; c < CHANNELS; c++) {
            if (is[c] == was[c])
                continue;
            /* Of a gate its beginning counts, and not its end. */
            bool gate = c == CLOCK || c == PULSE,
                 begins = gate ? was[c] == 0.0f : i - last[c] > STILL;
            if (begins && channels[c].n < MOST)
                channels[c].at[channels[c].n++] = i;
            last[c] = i;
            was[c] = is[c];
        }
    sf_close(f);
    began = change(CLOCK, 0);
}

/* ---- what was typed ---- */

typedef enum until { NEXT_BEAT, NEXT_BAR, TWO_BARS, THREE_BEATS } until;

static double due(until what, double typed) {
    double beat = floor(typed), bar = 4 * floor(typed / 4);
    switch (what) {
    case NEXT_BEAT:
        return beat + 1;
    case NEXT_BAR:
        return bar + 4;
    case TWO_BARS:
        return bar + 8;
    case THREE_BEATS:
        return beat + 3;
    }
    return -1;
}

/* It was typed between the k-th change of one channel and that of the other, from 1. What is nearer
 * than 50 ms by then may be let pass. */
static void check_trial(const char *words, int c, int first, int k, until what) {
    long before = change(BEFORE, k), after = change(AFTER, k), is = change(c, first);
    long should = frame_of(due(what, beat_of(before)));
    long or = frame_of(due(what, beat_of(after + RATE / 20)));
    printf("typed between %ld and %ld; ", before, after);
    check(before > 0 && after >= before && is > 0 && (is == should || is == or), words, is,
          is == or ? or : should);
}

int main(int argc, char **argv) {
    if (argc != 2)
        return 2;
    load(argv[1]);
    static const struct {
        const char *words;
        until what;
    } trials[] = {
        {"next beat: set",       NEXT_BEAT  },
        {"next bar: mute",       NEXT_BAR   },
        {"in 2 bars: set",       TWO_BARS   },
        {"in 3 beats: patch",    THREE_BEATS},
        {"after 2 bars: remove", TWO_BARS   },
        {"stop NAME",            NEXT_BAR   },
    };
    enum { N = sizeof trials / sizeof *trials };
    for (int k = 0; k < N; k++)
        check_trial(trials[k].words, TRIALS + k, 1, k + 1, trials[k].what);
    check_trial("a pattern", PULSE, 0, N + 1, NEXT_BAR);
    check_trial("stop", BEFORE, N + 3, N + 2, NEXT_BAR);
    check(change(MUTED, 1) == frame_of(28), "at bar 8", change(MUTED, 1), frame_of(28));
    check(change(MUTED, 2) == frame_of(33.5), "at bar 9 beat 2.5", change(MUTED, 2),
          frame_of(33.5));
    /* What is said to be as it is already, or otherwise at the same beat, changes nothing. */
    static const int bars[] = {5, 7, 9, 10, 17, 19};
    for (int k = 0; k < 6; k++) {
        long should = frame_of(4.0 * (bars[k] - 1));
        char words[40];
        snprintf(words, sizeof words, "every 4 bars, every 3 bars: bar %d", bars[k]);
        check(change(EVERY, k + 1) == should, words, change(EVERY, k + 1), should);
    }
    long worst = 0;
    for (int k = 0; k < channels[CLOCK].n; k++) {
        long off = channels[CLOCK].at[k] - frame_of(k);
        worst = labs(off) > labs(worst) ? off : worst;
    }
    check(worst == 0 && channels[CLOCK].n > TEMPO_AT + 8, "the click farthest from its beat", worst,
          0);
    check(change(CLOCK, channels[CLOCK].n - 1) < change(BEFORE, N + 3),
          "the last click is before the end", change(CLOCK, channels[CLOCK].n - 1),
          change(BEFORE, N + 3));
    return failures > 0;
}
