/* tests/realtime/hear/typed_session.c: listens to what the virtual sound card recorded of the
 * session of typed_session.sh.
 *
 *   typed_session CAPTURE REFERENCE1 REFERENCE2 RHYTHM BASS0 BASS1 DRONE0 DRONE1
 *
 * Bars from 1. Bars 1..RHYTHM are the drums alone, as REFERENCE1; BASS0..BASS1 the bass with them,
 * as REFERENCE2; DRONE0..DRONE1 also the drone. SPDX-License-Identifier: MIT */
#include "tests/support/analysis.h"

#include <math.h>
#include <sndfile.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* 120 bpm, 4/4, 48 kHz; kick on each beat, hat between them. */
enum { RATE = 48000, BEAT = RATE / 2, BAR = 4 * BEAT, STEP = BEAT / 4 };

static int failures;

static void check(bool good, const char *what, double measured) {
    printf("%s: %s: %.6g\n", good ? "good" : "FAILED", what, measured);
    failures += !good;
}

typedef struct sound {
    float *left;
    long n, first; /* first: of its first sound, where bar 1 begins */
} sound;

static sound load(const char *path) {
    SF_INFO info = {0};
    sound s = {0};
    SNDFILE *f = sf_open(path, SFM_READ, &info);
    if (!f || info.samplerate != RATE) {
        fprintf(stderr, "%s: %s\n", path, f ? "another rate" : sf_strerror(NULL));
        exit(2);
    }
    float *frames = calloc((size_t)info.frames * (size_t)info.channels + 1, sizeof *frames);
    s.left = calloc((size_t)info.frames + 1, sizeof *s.left);
    if (!frames || !s.left)
        exit(2);
    s.n = (long)sf_readf_float(f, frames, info.frames);
    for (long i = 0; i < s.n; i++)
        s.left[i] = frames[i * info.channels];
    while (s.first < s.n && s.left[s.first] == 0.0f)
        s.first++;
    sf_close(f);
    free(frames);
    return s;
}

static const float *bar(const sound *s, int number, int n_bars) {
    long at = s->first + (long)(number - 1) * BAR;
    if (number < 1 || at + (long)n_bars * BAR > s->n) {
        fprintf(stderr, "bar %d is not all there\n", number);
        exit(1);
    }
    return s->left + at;
}

/* ---- onsets ---- */

static double bend(const float *x) {
    return fabs((double)x[0] - 2 * (double)x[-1] + (double)x[-2]);
}

/* The sample at which something begins near x[0], counted from there: the wave bends eight times as
 * much as anywhere in the 4 ms before. 1000: nowhere. */
static int onset(const float *x) {
    for (int k = -60; k < 120; k++) {
        double before = 0;
        for (int i = k - 200; i < k; i++)
            before = fmax(before, bend(x + i));
        if (bend(x + k) > 8 * before + 1e-7)
            return k;
    }
    return 1000;
}

static void check_onsets(const sound *s, int bars) {
    int worst = 0, n = 0;
    for (int beat = 0; beat < 4 * bars; beat++)
        for (int half = 0; half < 2; half++) {
            if (beat + half == 0)
                continue; /* the grid is counted from this one */
            int off = onset(bar(s, 1, bars) + beat * BEAT + half * 2 * STEP);
            worst = abs(off) > abs(worst) ? off : worst;
            n++;
        }
    /* Noise may begin with a sample near zero, which nobody can tell from silence. */
    check(n >= 15 && abs(worst) <= 1, "drums: the onset farthest from the grid, in samples", worst);
}

/* ---- pitches ---- */

static void check_melody(const sound *s, int from, int to) {
    static const double played[] = {65.40639, 65.40639, 97.99886, 77.78175}; /* C2 C2 G2 Eb2 */
    enum { N = 16384 };
    double worst = 0;
    for (int b = from; b <= to; b++)
        for (int beat = 0; beat < 4; beat++) {
            /* The fourth partial stands clear of the kick's. */
            const float *x = bar(s, b, 1) + beat * BEAT + BEAT / 4;
            double hz = an_frequency(x, N, RATE, 4 * played[beat]);
            double cents = fabs(an_cents(hz, 4 * played[beat]));
            worst = cents < 1200 ? fmax(worst, cents) : 1200;
        }
    check(worst < 3, "bass: the pitch farthest from C2 C2 G2 Eb2, in cents", worst);
}

/* ---- levels and clicks ---- */

static void check_level(const sound *s, int from, int to, const sound *reference,
                        const char *what) {
    double is = an_rms(bar(s, from, to - from + 1), (size_t)(to - from + 1) * BAR);
    double should = an_rms(bar(reference, 2, 2), 2 * BAR);
    check(fabs(an_db(is / should)) < 1, what, an_db(is / should));
}

/* Above 10 kHz, between the end of a hat and the next kick. */
static double worst_click(const sound *s, int from, int to) {
    double worst = -400;
    for (int b = from; b <= to; b++)
        for (int beat = 0; beat < 4; beat++) {
            const float *x = bar(s, b, 1) + beat * BEAT + 2 * STEP + 5000;
            double db = an_above_10k_db(x, 6500, RATE, an_rms(bar(s, b, 1), BAR), NULL);
            worst = db > worst ? db : isnan(db) ? 0 : worst;
        }
    return worst;
}

int main(int argc, char **argv) {
    if (argc != 9)
        return 2;
    sound s = load(argv[1]), drums = load(argv[2]), both = load(argv[3]);
    int rhythm = atoi(argv[4]), bass0 = atoi(argv[5]), bass1 = atoi(argv[6]),
        drone0 = atoi(argv[7]), drone1 = atoi(argv[8]);
    check_onsets(&s, rhythm);
    check_level(&s, 2, rhythm, &drums, "drums: level against the rendering, in dB");
    check_melody(&s, bass0, bass1);
    check_level(&s, bass0, bass1, &both, "drums and bass: level against the rendering, in dB");
    double hz = an_frequency(bar(&s, drone0, 1), 65536, RATE, 220);
    check(fabs(an_cents(hz, 220)) < 1, "drone: from 220 Hz, in cents", an_cents(hz, 220));
    double peak = an_peak(bar(&s, 1, drone1), (size_t)drone1 * BAR);
    check(peak > 0.1 && peak <= 1.0, "the greatest peak", peak);
    double click = worst_click(&s, 1, rhythm);
    check(click < -80, "drums: between the hits above 10 kHz, in dB", click);
    /* all that was typed up to here, whenever that was; the bass itself may reach so high */
    double allowed = fmax(-80, worst_click(&both, 2, 3) + 1);
    click = worst_click(&s, 1, bass1);
    check(click < allowed, "up to the bass: between the hits above 10 kHz, in dB", click);
    free(s.left);
    free(drums.left);
    free(both.left);
    return failures > 0;
}
