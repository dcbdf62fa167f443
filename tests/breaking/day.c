/* tests/breaking/day.c: a day of sound. A patch whose bars are all alike, in whole samples: each
 * bar is the first one, bit for bit. And notes at a tempo that no whole number of samples goes
 * with: each begins at the sample that its exact place in time is nearest to, worked out in whole
 * numbers. The memory in use stays what it was after the first minute.
 *
 *     day [HOURS]       a minute without; 24 for the day
 * SPDX-License-Identifier: MIT */
#include "runtime/audio/noted.h"
#include "runtime/player.h"

#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RATE = 16000, BAR = 2 * RATE, SLOW_RATE = 8000, BPM = 131 };

/* All phases begin anew with their note or go round in a whole number of samples. */
static const char alike[] =
    "tempo 120\n"
    "patch drone: sine 500 + 0.5*sine(250) > gain -26dB > out\n"
    "patch hit: sine(110*(1 + 2*perc(decay=40ms, attack=0)), reset=gate) > perc decay=90ms "
    "attack=0 "
    "again=silence > gain -12dB > out\n"
    "sequence hit: x.x.x...x..xx.x.\n"
    "patch bell voices=3: sine(freq, reset=gate)*0.6 + sine(freq*3, reset=gate)*0.3 > perc "
    "decay=120ms attack=1ms again=silence > mix > gain -14dB > out\n"
    "melody bell step=1/8: C4 Eb4 [G4 Bb4] C5 . G4 [C4,G4] .\n";

static const char uneven[] = "tempo 131\nmeter 7/8\n"
                             "patch tick: sine(freq, reset=gate) > perc decay=20ms > out\n"
                             "melody tick step=1/8: C4 D4 E4\n";

static chr_player *open_player(const char *text, float rate_hz, bool notes) {
    chr_player_options options = {
        .engine = {.rate_hz = rate_hz, .ceiling = true, .n_channels = 2, .notes = notes}
    };
    chr_player *p = chr_player_new(&options);
    static float out[2 * CHR_CHUNK];
    if (!p || !chr_player_evaluate(p, text, strlen(text), "day", NULL).applied)
        exit(2);
    chr_engine_render(chr_player_engine(p), out,
                      CHR_CHUNK); /* the drone's first sample is silent */
    if (!chr_player_evaluate(p, "play\n", 5, "day", NULL).applied)
        exit(2);
    return p;
}

static void render(chr_player *p, float *out, int frames) {
    enum { BLOCK = 480 };
    for (int at = 0; at < frames; at += BLOCK) {
        chr_player_tend(p);
        chr_engine_render(chr_player_engine(p), out + 2 * at,
                          frames - at < BLOCK ? frames - at : BLOCK);
    }
}

/* The sample that half beat k is nearest to. */
static uint64_t sample_of(uint64_t k) {
    return CHR_CHUNK + (2 * k * SLOW_RATE * 30 + BPM) / (2 * BPM);
}

static uint64_t check_notes(chr_player *p, uint64_t n, int *wrong) {
    chr_noted note;
    for (; chr_engine_next_note(chr_player_engine(p), &note); n++)
        if (note.at != sample_of(n)) {
            if (!(*wrong)++)
                printf("note %" PRIu64 " begins at sample %" PRIu64 ", not %" PRIu64 "\n", n,
                       note.at, sample_of(n));
        }
    return n;
}

int main(int argc, char **argv) {
    double hours = argc > 1 ? atof(argv[1]) : 1.0 / 60;
    uint64_t bars = (uint64_t)(hours * 1800 + 0.5), notes = 0;
    static float first[2 * BAR], bar[2 * BAR], slow[4 * SLOW_RATE];
    int wrong = 0, uneven_notes = 0;
    size_t memory = 0;
    clock_t began = clock();
    chr_player *p = open_player(alike, RATE, false), *q = open_player(uneven, SLOW_RATE, true);
    render(p, bar, chr_engine_latency(chr_player_engine(p)));
    for (uint64_t k = 0; k < bars; k++) {
        render(p, k ? bar : first, BAR);
        if (k && memcmp(bar, first, sizeof bar) != 0 && !wrong++)
            printf("bar %" PRIu64 " is not bar 1\n", k + 1);
        render(q, slow, 2 * SLOW_RATE);
        notes = check_notes(q, notes, &uneven_notes);
        size_t now = mallinfo2().uordblks;
        if (k == 28)
            memory = now;
        if (k > 28 && now != memory && !wrong++)
            printf("bar %" PRIu64 ": %zu bytes in use, %zu after the first minute\n", k + 1, now,
                   memory);
    }
    double spent_s = (double)(clock() - began) / CLOCKS_PER_SEC, all_s = 2.0 * (double)bars;
    bool silent = true;
    for (int i = 0; i < 2 * BAR; i++)
        silent = silent && first[i] == 0.0f;
    uint64_t due = (uint64_t)(all_s * BPM / 30);
    if (silent || notes < due || chr_engine_notes_lost(chr_player_engine(q)))
        wrong++;
    printf(
        "%.2f hours: %" PRIu64 " bars, %d unlike the first; %" PRIu64
        " notes, %d not at their sample; "
        "%zu bytes in use throughout; %.0f s of processor time, %.0f times as fast as the music\n",
        all_s / 3600, bars, wrong, notes, uneven_notes, memory, spent_s, all_s / spent_s);
    chr_player_free(p);
    chr_player_free(q);
    return wrong || uneven_notes;
}
