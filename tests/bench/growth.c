/* tests/bench/growth.c: how what things cost grows with how many there are: nodes, text, events,
 * voices. CPU time of this thread alone, the least of some runs. Prints a line for each size: what,
 * how many, milliseconds, and microseconds for each one (growth.sh draws it).
 * SPDX-License-Identifier: MIT */
#include "runtime/player.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RATE = 48000, RUNS = 5 };

static double cpu_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

typedef struct text {
    char *all;
    size_t n;
    FILE *to;
} text;

static text begin(void) {
    text t = {.all = NULL};
    t.to = open_memstream(&t.all, &t.n);
    if (!t.to)
        abort();
    return t;
}

static void finish(text *t) {
    fclose(t->to);
}

static chr_player *new_player(void) {
    chr_player_options o = {
        .engine = {.rate_hz = RATE, .n_channels = 2, .ceiling = true}
    };
    chr_player *p = chr_player_new(&o);
    if (!p)
        abort();
    return p;
}

static void evaluate(chr_player *p, const text *t) {
    chr_evaluation e = chr_player_evaluate(p, t->all, t->n, "growth", "growth.chr");
    if (!e.applied) {
        fprintf(stderr, "the script has an error:\n%.2000s\n", t->all);
        exit(1);
    }
}

static void chunks(chr_player *p, int n) {
    float out[2 * CHR_CHUNK];
    for (int i = 0; i < n; i++) {
        chr_player_tend(p);
        chr_engine_render(chr_player_engine(p), out, CHR_CHUNK);
    }
}

static void tell(const char *what, int n, double ms) {
    printf("%-34s %8d %10.3f ms %9.3f us each\n", what, n, ms, ms * 1e3 / n);
    fflush(stdout);
}

static double least(double a, double b) {
    return b < a ? b : a;
}

/* Patches of twenty nodes, each with a melody; `other`: one number of the first is another. */
static text patches(int n_nodes, int other) {
    text t = begin();
    for (int i = 0; i < n_nodes / 20; i++) {
        fprintf(t.to, "patch p%d: saw > env 5ms 50ms 0.5 100ms > lpf %d", i,
                300 + i % 500 + (i ? 0 : other));
        for (int k = 0; k < 7; k++)
            fprintf(t.to, " > hpf %d > lpf %d", 20 + k, 4000 + 200 * k);
        fputs(" > chorus > delay 0.1 > gain -40dB > out\n", t.to);
        fprintf(t.to, "melody p%d: C3 E3 G3 .\n", i);
    }
    fputs("play\n", t.to);
    finish(&t);
    return t;
}

/* A session of so many nodes, and a change of one number in it: the evaluation, without what the
 * audio thread does; and what the chunk that takes it over takes beyond the one after it, which
 * finds all of the new graph in the cache. */
static void nodes(int n) {
    double first = 1e9, change = 1e9, swap = 1e9;
    for (int k = 0; k < RUNS; k++) {
        chr_player *p = new_player();
        text t = patches(n, 0), u = patches(n, 50);
        double a = cpu_ms();
        evaluate(p, &t);
        first = least(first, cpu_ms() - a);
        chr_player_play(p);
        chunks(p, 1000); /* its fades are over */
        a = cpu_ms();
        evaluate(p, &u);
        change = least(change, cpu_ms() - a);
        float out[2 * CHR_CHUNK];
        double plain = 1e9;
        a = cpu_ms();
        chr_engine_render(chr_player_engine(p), out, CHR_CHUNK);
        double taking = cpu_ms() - a;
        for (int i = 0; i < 8; i++) {
            a = cpu_ms();
            chr_engine_render(chr_player_engine(p), out, CHR_CHUNK);
            plain = least(plain, cpu_ms() - a);
        }
        swap = least(swap, taking - plain);
        free(t.all);
        free(u.all);
        chr_player_free(p);
    }
    tell("a session of nodes, evaluated", n, first);
    tell("one number of it changed", n, change);
    tell("  the chunk that takes it over", n, swap);
}

/* Patches with long melodies. */
static void script(int bytes) {
    double ms = 1e9;
    text t = begin();
    for (int i = 0; ftell(t.to) < bytes; i++) {
        fprintf(t.to, "# The patch of number %d: a saw, and a low-pass that takes its edge away\n",
                i);
        fprintf(t.to, "patch p%d: saw > lpf cutoff=%dHz res=0.30 > gain -30.0dB > out\n", i,
                300 + i % 700);
        fprintf(t.to, "melody p%d step=1/8:", i);
        for (int k = 0; k < 2; k++)
            fputs(" C#3 Eb3 . [G#3,Bb3] C#4*2 . <Ab3 F#3> G#3", t.to);
        fputs("\n", t.to);
    }
    finish(&t);
    for (int k = 0; k < (bytes > 300000 ? 2 : RUNS); k++) {
        chr_player *p = new_player();
        double a = cpu_ms();
        evaluate(p, &t);
        ms = least(ms, cpu_ms() - a);
        chr_player_free(p);
    }
    free(t.all);
    tell("bytes of text, evaluated", bytes, ms);
}

/* A pattern of so many notes: evaluated, and played, a thousand a second. */
static void events(int n) {
    double check = 1e9, play = 1e9, rest = 1e9;
    text t = begin(), u = begin();
    fputs("tempo 120\npatch a voices=4: sine > perc 1ms 1ms > out\nplay\n", t.to);
    fputs("tempo 120\npatch a voices=4: sine > perc 1ms 1ms > out\nplay\n", u.to);
    fputs("melody a step=1/125:", t.to);
    for (int i = 0; i < n / 4 && i < 2500; i++) /* then from the beginning */
        fprintf(t.to, " %s*4", i % 2 ? "C4" : "E4");
    fputs("\n", t.to);
    finish(&t);
    finish(&u);
    int length = n * (RATE / 1000) / CHR_CHUNK;
    for (int k = 0; k < (n > 20000 ? 2 : RUNS); k++) {
        chr_player *p = new_player(), *q = new_player();
        double a = cpu_ms();
        evaluate(p, &t);
        check = least(check, cpu_ms() - a);
        chr_player_play(p);
        a = cpu_ms();
        chunks(p, length);
        play = least(play, cpu_ms() - a);
        evaluate(q, &u);
        chr_player_play(q);
        a = cpu_ms();
        chunks(q, length);
        rest = least(rest, cpu_ms() - a);
        chr_player_free(p);
        chr_player_free(q);
    }
    free(t.all);
    free(u.all);
    tell("notes of a pattern, evaluated", n, check);
    tell("  played, beyond silence", n, play - rest);
}

/* So many voices that all sound: a second of it. */
static void voices(int n) {
    enum { MOST = 250 };
    text t = begin();
    for (int from = 0, i = 0; from < n; from += MOST, i++) {
        int here = n - from < MOST ? n - from : MOST;
        fprintf(t.to, "patch v%d voices=%d: saw > lpf 900 > env > gain -60dB > out\n", i, here);
        fprintf(t.to, "melody v%d step=4 bars: [", i);
        for (int k = 0; k < here; k++)
            fprintf(t.to, "%sm%d", k ? "," : "", 24 + k % 80);
        fputs("]\n", t.to);
    }
    fputs("play\n", t.to);
    finish(&t);
    double ms = 1e9, check = 1e9;
    for (int k = 0; k < (n > 2000 ? 1 : 3); k++) {
        chr_player *p = new_player();
        double a = cpu_ms();
        evaluate(p, &t);
        check = least(check, cpu_ms() - a);
        chr_player_play(p);
        chunks(p, RATE / 5 / CHR_CHUNK);
        a = cpu_ms();
        chunks(p, RATE / 10 / CHR_CHUNK);
        ms = least(ms, cpu_ms() - a);
        chr_player_free(p);
    }
    free(t.all);
    tell("voices, evaluated", n, check);
    tell("  a tenth of a second of their sound", n, ms);
}

/* 100, 300, 1000, 3000, and so on. */
static int after(int n) {
    int ten = 1;
    while (ten * 10 <= n)
        ten *= 10;
    return n == ten ? 3 * ten : 10 * ten;
}

int main(int argc, char **argv) {
    const char *only = argc > 1 ? argv[1] : "";
    for (int n = 250; n <= 4000 && (!*only || !strcmp(only, "nodes")); n *= 2)
        nodes(n);
    for (int n = 1000; n <= 1000000 && (!*only || !strcmp(only, "text")); n = after(n))
        script(n);
    for (int n = 100; n <= 100000 && (!*only || !strcmp(only, "events")); n = after(n))
        events(n);
    for (int n = 10; n <= 10000 && (!*only || !strcmp(only, "voices")); n = after(n))
        voices(n);
    return 0;
}
