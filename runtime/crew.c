/* runtime/crew.c: threads that wait for one another by looking, since a chunk lasts microseconds.
 * Who has looked in vain for long gives its core away, and at last sleeps until the next chunk.
 * SPDX-License-Identifier: MIT */
#include "runtime/crew.h"

#include "runtime/audio/denormals.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    LOOKS = 4000,  /* in vain, before the core is given away: some 50 us */
    YIELDS = 2000, /* and so many times that, before it sleeps */
    DONE_BITS = 24 /* of a thread's progress: tasks; above them the chunk's number */
};

typedef struct mate {
    _Alignas(64) _Atomic uint64_t progress; /* chunk, and tasks done in it; it alone writes it */
    _Alignas(64) _Atomic uint64_t chunk;    /* the number of the last that it is to do; 0: none */
    atomic_bool over;                       /* it is to end */
    atomic_bool asleep;
    sem_t wake;
    pthread_t thread;
    chr_crew *crew;
    uint32_t t;
} mate;

struct chr_crew {
    mate mates[CHR_CREW_MOST]; /* the first is the thread that renders */
    uint64_t chunk;            /* of the thread that renders: the number of the last */
    chr_audio *audio;          /* what is to be done in it: written before anyone is told of it */
    int from, to;
    bool timed;
    /* Or, where `one` is not NULL, other work: each number below n_pieces that nobody has taken. */
    chr_share_fn *one;
    void *context;
    uint32_t n_pieces;
    _Atomic uint32_t next_piece;
    uint32_t n, looks;
    /* Of the thread that renders: */
    bool always;                 /* the work is shared, whatever it takes */
    bool sharing, prefers;       /* the work is shared now; and so it is while that is better */
    uint32_t left, stay;         /* chunks until the other way is tried; and the next time */
    uint32_t window_chunks;      /* chunks since it was */
    float window_ns, pace_ns[2]; /* what they took; what one took last, alone and shared */
    chr_helpers helpers;
};

static void pause_a_little(void) {
#if defined __x86_64__
    __builtin_ia32_pause();
#elif defined __aarch64__
    __asm__ volatile("yield");
#endif
}

/* Called again and again by who waits. */
static void look_away(const chr_crew *c, uint32_t *n) {
    if (++*n <= c->looks)
        pause_a_little();
    else
        sched_yield();
}

static float now_ns(const struct timespec *since) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (float)(now.tv_sec - since->tv_sec) * 1e9f + (float)(now.tv_nsec - since->tv_nsec);
}

/* What a task takes, smoothed: one that was interrupted counts for little, and interruptions only
 * make it longer. */
static void note_cost(float *cost_ns, float ns) {
    float most = 2.0f * *cost_ns + 1000.0f;
    ns = ns < most ? ns : most;
    *cost_ns += (ns - *cost_ns) * (ns < *cost_ns ? 0.5f : 0.125f);
}

/* Until thread t has done so many of its tasks of a chunk. */
static void wait_for(const chr_crew *c, uint32_t t, uint64_t chunk, uint32_t done) {
    uint64_t enough = chunk << DONE_BITS | done;
    const _Atomic uint64_t *progress = &c->mates[t].progress;
    for (uint32_t n = 0; atomic_load_explicit(progress, memory_order_acquire) < enough;)
        look_away(c, &n);
}

/* The tasks of thread t in this chunk. */
static void work(chr_crew *c, uint32_t t, uint64_t chunk) {
    chr_audio *a = c->audio;
    chr_parts *p = a->graph->parts;
    uint32_t first = p->first[t], end = p->first[t + 1];
    for (uint32_t i = first; i < end; i++) {
        const chr_part *part = &p->part[i];
        for (uint32_t w = part->waits; w < part->waits + part->n_waits; w++)
            wait_for(c, p->waits[w].thread, chunk, p->waits[w].done);
        if (c->timed) {
            struct timespec began;
            clock_gettime(CLOCK_MONOTONIC, &began);
            chr_audio_task(a, part->instr, c->from, c->to);
            note_cost(&p->cost_ns[part->task], now_ns(&began));
        } else {
            chr_audio_task(a, part->instr, c->from, c->to);
        }
        if (part->awaited || i + 1 == end)
            atomic_store_explicit(&c->mates[t].progress, chunk << DONE_BITS | (i + 1 - first),
                                  memory_order_release);
    }
}

/* The number of the next chunk after `last`, for which it waits; 0: there will be none. */
static uint64_t next_chunk(mate *m, uint64_t last) {
    for (uint32_t n = 0;;) {
        uint64_t chunk = atomic_load(&m->chunk);
        bool over = atomic_load(&m->over);
        if (over || chunk != last)
            return over ? 0 : chunk;
        if (n < m->crew->looks + YIELDS) {
            look_away(m->crew, &n);
            continue;
        }
        /* Either it sees what has come meanwhile, or who brings it sees that it sleeps. */
        atomic_store(&m->asleep, true);
        bool came = atomic_load(&m->chunk) != last || atomic_load(&m->over);
        if (!came || !atomic_exchange(&m->asleep, false))
            while (sem_wait(&m->wake) != 0) {
            }
        n = 0;
    }
}

static void take_pieces(chr_crew *c) {
    for (uint32_t i; (i = atomic_fetch_add(&c->next_piece, 1)) < c->n_pieces;)
        c->one(c->context, i);
}

static void *live(void *argument) {
    mate *m = argument;
    chr_denormals_flush();
    for (uint64_t chunk = 0; (chunk = next_chunk(m, chunk));) {
        if (!m->crew->one) {
            work(m->crew, m->t, chunk);
            continue;
        }
        take_pieces(m->crew);
        atomic_store_explicit(&m->progress, chunk << DONE_BITS | 1, memory_order_release);
    }
    return NULL;
}

static void wake(mate *m) {
    if (atomic_load(&m->asleep) && atomic_exchange(&m->asleep, false))
        sem_post(&m->wake);
}

/* ---- whether it is worth it ---- */

/* Where other programs want the cores too, one of us waits for another that does not run: then one
 * thread alone is sooner done. So both ways are tried again and again, ever more seldom. */
enum { TRIAL = 32, STAY_FIRST = 16, STAY_LEAST = 256, STAY_MOST = 8192 };

static void begin_window(chr_crew *c, bool sharing, uint32_t chunks) {
    c->sharing = sharing;
    c->left = chunks;
    c->window_ns = 0.0f;
    c->window_chunks = 0;
}

static void end_window(chr_crew *c) {
    c->pace_ns[c->sharing] = c->window_ns / (float)c->window_chunks;
    if (c->sharing == c->prefers) {
        begin_window(c, !c->prefers, TRIAL);
        return;
    }
    bool better = c->pace_ns[c->sharing] < 0.97f * c->pace_ns[c->prefers];
    if (better)
        c->prefers = c->sharing;
    c->stay = better ? STAY_LEAST : c->stay < STAY_MOST / 2 ? 2 * c->stay : STAY_MOST;
    begin_window(c, c->prefers, c->stay);
}

/* A chunk took so long. A trial that goes badly is broken off. */
static void note_pace(chr_crew *c, float ns) {
    c->window_ns += ns;
    c->window_chunks++;
    bool bad = c->sharing != c->prefers && c->window_ns > 4 * TRIAL * c->pace_ns[c->prefers];
    if (!--c->left || bad)
        end_window(c);
}

static bool is_timed(uint32_t runs) {
    return runs < 16 ? runs % 2 == 0 : runs % 32 == 0;
}

/* Who does what now; made anew once more is known: soon at first, and then for what has changed. */
static void plan(const chr_crew *c, chr_parts *p) {
    uint32_t n = c->always || (c->sharing && p->runs >= 2) ? c->n : 1;
    if (p->n_threads != n || p->runs == 16 || p->runs == 64 || p->runs % 512 == 511)
        chr_parts_plan(p, n);
}

static chr_helpers_run run;
CHR_TRUSTED_BEGIN /* nobody waits for a device: a thread that has to wait gives its core away */
    static void
    run(void *context, chr_audio *a, int from, int to) {
    chr_crew *c = context;
    chr_parts *p = a->graph->parts;
    struct timespec began;
    clock_gettime(CLOCK_MONOTONIC, &began);
    bool whole = from == 0 && to == CHR_CHUNK;
    plan(c, p);
    c->audio = a;
    c->from = from;
    c->to = to;
    c->timed = whole && is_timed(p->runs);
    p->runs += whole;
    c->chunk++;
    for (uint32_t t = 1; t < c->n; t++)
        if (p->first[t] < p->first[t + 1]) {
            atomic_store(&c->mates[t].chunk, c->chunk);
            wake(&c->mates[t]);
        }
    work(c, 0, c->chunk);
    for (uint32_t t = 1; t < c->n; t++)
        if (p->first[t] < p->first[t + 1])
            wait_for(c, t, c->chunk, p->first[t + 1] - p->first[t]);
    if (whole)
        note_pace(c, now_ns(&began));
}
CHR_TRUSTED_END

void chr_crew_share(chr_crew *c, uint32_t n, chr_share_fn *one, void *context) {
    if (!c) {
        for (uint32_t i = 0; i < n; i++)
            one(context, i);
        return;
    }
    c->one = one;
    c->context = context;
    c->n_pieces = n;
    atomic_store(&c->next_piece, 0);
    c->chunk++;
    for (uint32_t t = 1; t < c->n; t++) {
        atomic_store(&c->mates[t].chunk, c->chunk);
        wake(&c->mates[t]);
    }
    take_pieces(c);
    for (uint32_t t = 1; t < c->n; t++)
        wait_for(c, t, c->chunk, 1);
    c->one = NULL;
}

static bool hire(chr_crew *c, uint32_t t) {
    mate *m = &c->mates[t];
    m->crew = c;
    m->t = t;
    if (sem_init(&m->wake, 0, 0) != 0)
        return false;
    if (pthread_create(&m->thread, NULL, live, m) == 0)
        return true;
    sem_destroy(&m->wake);
    return false;
}

chr_crew *chr_crew_new(int n_threads, bool always) {
    chr_crew *c = aligned_alloc(64, sizeof *c);
    if (!c)
        return NULL;
    memset(c, 0, sizeof *c);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    c->looks = cores >= n_threads ? LOOKS : 0;
    c->helpers = (chr_helpers){run, c};
    c->stay = STAY_LEAST;
    c->always = always;
    begin_window(c, false, STAY_FIRST);
    for (c->n = 1; c->n < (uint32_t)n_threads && hire(c, c->n); c->n++) {
    }
    return c;
}

void chr_crew_free(chr_crew *c) {
    for (uint32_t t = 1; c && t < c->n; t++) {
        atomic_store(&c->mates[t].over, true);
        wake(&c->mates[t]);
        pthread_join(c->mates[t].thread, NULL);
        sem_destroy(&c->mates[t].wake);
    }
    free(c);
}

int chr_crew_size(const chr_crew *c) {
    return c ? (int)c->n : 1;
}

const chr_helpers *chr_crew_helpers(const chr_crew *c) {
    return &c->helpers;
}
