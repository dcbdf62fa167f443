/* runtime/bench.h: where the time of a script goes, by patch and module: rendered for nobody, with
 * a look at the clock between instructions. [control] throughout. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_BENCH_H
#define CHR_RUNTIME_BENCH_H

#include "runtime/audio/load.h"
#include "runtime/player.h"

enum { CHR_BENCH_NAME = 96 };

/* What the modules of one kind take in a patch: `saw` and `saw2`, and all that a module of the
 * library consists of. */
typedef struct chr_bench_item {
    char patch[CHR_BENCH_NAME]; /* "": what the session shares, such as a `let` */
    char kind[CHR_BENCH_NAME];  /* "reverb" */
    double share;               /* of all, 0..1 */
} chr_bench_item;

typedef struct chr_bench {
    double seconds;        /* of sound */
    double load;           /* what making it took of a core: 0.02 is 50 times real time */
    double sums, rest;     /* of all, 0..1: adding up what is heard; notes, ceiling, all else */
    chr_bench_item *items; /* dearest first */
    uint32_t n, room;
} chr_bench;

typedef struct chr_bench_options {
    double rate_hz; /* of the player's engine */
    int n_channels;
    double seconds;  /* of sound, */
    double budget_s; /* of the clock: then it ends early */
    chr_now_fn *now_ns;
    chr_now_fn *cpu_ns; /* the time that this thread has had a core: what other programs take
                           meanwhile does not count */
} chr_bench_options;

/* Plays what the player has been told. CHR_NO_MEMORY: nothing is to be cleared. */
CHR_MUST_USE chr_status chr_bench_run(chr_bench *b, chr_player *p,
                                      const chr_bench_options *options);
void chr_bench_clear(chr_bench *b);
/* What a patch takes altogether. */
double chr_bench_patch(const chr_bench *b, const char *patch);

#endif
