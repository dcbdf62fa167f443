/* tests/bench/loudness.c: `loudness FILE...` prints a line for each sound file: loudness in LUFS
 * (EBU R 128, gated) and level in dB RMS, of its second half, where everything has settled.
 * SPDX-License-Identifier: MIT */
#include <ebur128.h>
#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>

static int measure(const char *path) {
    SF_INFO info = {0};
    SNDFILE *file = sf_open(path, SFM_READ, &info);
    if (!file) {
        fprintf(stderr, "%s: %s\n", path, sf_strerror(NULL));
        return 1;
    }
    size_t channels = (size_t)info.channels, n = (size_t)info.frames / 2;
    float *samples = calloc(n * channels + 1, sizeof *samples);
    ebur128_state *meter =
        ebur128_init((unsigned)info.channels, (unsigned long)info.samplerate, EBUR128_MODE_I);
    int failed = !samples || !meter ||
                 sf_seek(file, (sf_count_t)(info.frames - (sf_count_t)n), SEEK_SET) < 0 ||
                 sf_readf_float(file, samples, (sf_count_t)n) != (sf_count_t)n;
    if (!failed) {
        /* One channel is heard from two loudspeakers, as it would be in a stereo file. */
        if (channels == 1)
            ebur128_set_channel(meter, 0, EBUR128_DUAL_MONO);
        double lufs = -HUGE_VAL, power = 0;
        for (size_t i = 0; i < n * channels; i++)
            power += (double)samples[i] * (double)samples[i];
        failed =
            ebur128_add_frames_float(meter, samples, n) || ebur128_loudness_global(meter, &lufs);
        if (!failed)
            printf("%.1f %.1f\n", lufs, 10 * log10(power / (double)(n * channels) + 1e-30));
    }
    if (failed)
        fprintf(stderr, "%s: cannot be measured\n", path);
    if (meter)
        ebur128_destroy(&meter);
    free(samples);
    sf_close(file);
    return failed;
}

int main(int argc, char **argv) {
    int failed = 0;
    for (int i = 1; i < argc; i++)
        failed |= measure(argv[i]);
    return failed;
}
