/* tests/cli/soundtool.c: looks into sound files for the shell tests.
 *   soundtool info FILE            frames=96000 rate=48000 channels=2 bits=24 peak=0.500000
 *   soundtool same A B             exit 0 if all samples are the same
 *   soundtool lag FILE             by how many frames its second channel repeats its first, bit for
 * bit soundtool within A B [FRAMES]  exit 0 if A, from its first sound on, is in B from B's first
 * sound on, bit for bit; FRAMES: at least so many must be compared soundtool faded FILE exit 0 if
 * its sound ends in a fade of 20 ms or more, without a step soundtool sum A B...           exit 0
 * if A is the sum of the others within -100 dB SPDX-License-Identifier: MIT */
#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct sound {
    SF_INFO info;
    float *data;
    long n;
} sound;

static sound load(const char *path) {
    sound s = {0};
    SNDFILE *f = sf_open(path, SFM_READ, &s.info);
    if (!f) {
        fprintf(stderr, "%s: %s\n", path, sf_strerror(NULL));
        exit(2);
    }
    s.n = (long)s.info.frames;
    s.data = calloc((size_t)(s.n * s.info.channels) + 1, sizeof *s.data);
    if (!s.data || sf_readf_float(f, s.data, s.n) != s.n) {
        fprintf(stderr, "%s: cut short\n", path);
        exit(2);
    }
    sf_close(f);
    return s;
}

static int info(const char *path) {
    sound s = load(path);
    float peak = 0.0f;
    for (long i = 0; i < s.n * s.info.channels; i++)
        peak = fmaxf(peak, fabsf(s.data[i]));
    int kind = s.info.format & SF_FORMAT_SUBMASK;
    printf("frames=%ld rate=%d channels=%d bits=%s peak=%.6f\n", s.n, s.info.samplerate,
           s.info.channels,
           kind == SF_FORMAT_PCM_16   ? "16"
           : kind == SF_FORMAT_PCM_24 ? "24"
                                      : "f32",
           (double)peak);
    free(s.data);
    return 0;
}

static int same(const char *a_path, const char *b_path) {
    sound a = load(a_path), b = load(b_path);
    int different = a.n != b.n || a.info.channels != b.info.channels;
    for (long i = 0; !different && i < a.n * a.info.channels; i++)
        if (memcmp(&a.data[i], &b.data[i], sizeof(float)) != 0) {
            printf("frame %ld differs: %.9g and %.9g\n", i / a.info.channels, (double)a.data[i],
                   (double)b.data[i]);
            different = 1;
        }
    if (a.n != b.n)
        printf("%ld frames and %ld\n", a.n, b.n);
    free(a.data);
    free(b.data);
    return different;
}

static long first_sound(const sound *s) {
    for (long i = 0; i < s->n * s->info.channels; i++)
        if (s->data[i] != 0.0f)
            return i / s->info.channels;
    return s->n;
}

static int within(const char *a_path, const char *b_path, long least) {
    sound a = load(a_path), b = load(b_path);
    long from_a = first_sound(&a), from_b = first_sound(&b), n = a.n - from_a;
    int channels = a.info.channels, bad = 0;
    if (channels != b.info.channels || n < least || n <= 0 || b.n - from_b < n) {
        printf("%ld frames of sound to be found in %ld\n", n, b.n - from_b);
        bad = 1;
    }
    const float *x = a.data + from_a * channels, *y = b.data + from_b * channels;
    for (long i = 0; !bad && i < n * channels; i++)
        if (x[i] != y[i]) { /* -0 and 0 are one sound */
            printf("frame %ld differs: %.9g and %.9g\n", from_a + i / channels, (double)x[i],
                   (double)y[i]);
            bad = 1;
        }
    if (!bad)
        printf("%ld frames are the same, bit for bit\n", n);
    free(a.data);
    free(b.data);
    return bad;
}

static float peak_between(const sound *s, long from, long to) {
    float peak = 0.0f;
    for (long i = (from > 0 ? from : 0) * s->info.channels; i < to * s->info.channels; i++)
        peak = fmaxf(peak, fabsf(s->data[i]));
    return peak;
}

/* The last 2 ms of the sound are at most a hundredth of what was heard 100 ms before. */
static int faded(const char *path) {
    sound s = load(path);
    long end = s.n, ms = s.info.samplerate / 1000;
    while (end > 0 && peak_between(&s, end - 1, end) == 0.0f)
        end--;
    float last = peak_between(&s, end - 2 * ms, end);
    float before = peak_between(&s, end - 200 * ms, end - 100 * ms);
    printf("the last 2 ms reach %.6f, before the fade %.6f\n", (double)last, (double)before);
    free(s.data);
    return !(before > 0.0f && last < before * 0.01f);
}

static int sum(int n_paths, char **paths) {
    sound a = load(paths[0]);
    for (int k = 1; k < n_paths; k++) {
        sound b = load(paths[k]);
        if (b.n != a.n || b.info.channels != a.info.channels) {
            printf("%s has another length\n", paths[k]);
            return 1;
        }
        for (long i = 0; i < a.n * a.info.channels; i++)
            a.data[i] -= b.data[i];
        free(b.data);
    }
    float rest = 0.0f;
    for (long i = 0; i < a.n * a.info.channels; i++)
        rest = fmaxf(rest, fabsf(a.data[i]));
    free(a.data);
    printf("the rest is %.9g\n", (double)rest);
    return !(rest < 1e-5f);
}

/* By how many frames the second channel is behind the first. */
static int lag(const char *path) {
    sound s = load(path);
    int c = s.info.channels;
    enum { MOST = 8192, COMPARED = 4096 };
    long from = s.n / 2, found = -1;
    for (long d = 0; c >= 2 && d < MOST && from - d >= 0 && found < 0; d++) {
        long k = 0;
        while (k < COMPARED && from + k < s.n &&
               s.data[(from + k) * c + 1] == s.data[(from + k - d) * c])
            k++;
        if (k == COMPARED)
            found = d;
    }
    free(s.data);
    if (found < 0)
        return 1;
    printf("%ld\n", found);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "info") == 0)
        return info(argv[2]);
    if (argc == 4 && strcmp(argv[1], "same") == 0)
        return same(argv[2], argv[3]);
    if (argc >= 4 && strcmp(argv[1], "within") == 0)
        return within(argv[2], argv[3], argc > 4 ? atol(argv[4]) : 1);
    if (argc == 3 && strcmp(argv[1], "lag") == 0)
        return lag(argv[2]);
    if (argc == 3 && strcmp(argv[1], "faded") == 0)
        return faded(argv[2]);
    if (argc >= 4 && strcmp(argv[1], "sum") == 0)
        return sum(argc - 2, argv + 2);
    fprintf(stderr, "use: soundtool info|same|within|lag|faded|sum FILE...\n");
    return 2;
}
