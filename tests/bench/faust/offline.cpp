// tests/bench/faust/offline.cpp: what Faust writes a program into: it makes seconds of sound, 64 samples at a time.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>
#include <xmmintrin.h>

#ifndef FAUSTFLOAT
#define FAUSTFLOAT float
#endif

// What generated code expects around it. Nothing here has a knob, so nothing is kept.
struct Meta {
    void declare(const char *, const char *) {}
};
struct UI {
    void openVerticalBox(const char *) {}
    void closeBox() {}
};
class dsp {};

<<includeIntrinsic>>

<<includeclass>>

// The header of a WAV file of 32-bit floats.
static bool write_header(FILE *to, uint32_t channels, uint32_t rate, uint32_t frames) {
    const uint32_t bytes = frames * channels * 4;
    const uint32_t header[] = {0x46464952, 36 + bytes, 0x45564157,          0x20746d66,
                               16,         3 | channels << 16, rate,        rate * channels * 4,
                               channels * 4 | 32u << 16,       0x61746164, bytes};
    return fwrite(header, sizeof header, 1, to) == 1;
}

int main(int argc, char **argv) {
    enum { rate = 48000, block = 64 };
    const double seconds = argc > 1 ? atof(argv[1]) : 0;
    if (!(seconds > 0)) {
        fprintf(stderr, "use: %s SECONDS [FILE.wav]\n", argv[0]);
        return 2;
    }
    _mm_setcsr(_mm_getcsr() | 0x8040); // denormals count as zero, as they do for the others
    static mydsp program;
    program.init(rate);
    const size_t channels = size_t(program.getNumOutputs());
    const uint32_t n = uint32_t(seconds * rate);
    FILE *to = argc > 2 ? fopen(argv[2], "wb") : nullptr;
    if (argc > 2 && (!to || !write_header(to, uint32_t(channels), rate, n))) {
        perror(argv[2]);
        return 1;
    }
    std::vector<float> made(channels * block), woven(channels * block);
    std::vector<float *> outs;
    for (size_t c = 0; c < channels; c++)
        outs.push_back(&made[c * block]);
    for (uint32_t done = 0; done < n; done += block) {
        const size_t now = std::min<uint32_t>(block, n - done);
        program.compute(int(now), nullptr, outs.data());
        if (!to)
            continue;
        for (size_t i = 0; i < now; i++)
            for (size_t c = 0; c < channels; c++)
                woven[i * channels + c] = outs[c][i];
        if (fwrite(woven.data(), sizeof(float) * channels, now, to) != now) {
            perror(argv[2]);
            return 1;
        }
    }
    return to && fclose(to) ? 1 : 0;
}
