/* runtime/host/steady.c: a card, and a clock that stands in for it.
 * SPDX-License-Identifier: MIT */
#include "runtime/host/steady.h"

#include "runtime/host/realtime.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A card that has asked for nothing for so long is asleep. */
#define ASLEEP_S 1.0
/* One that goes as soon as it has come, or does not open, is left alone for so long. */
#define PAUSE_S 1.0
/* Where there has been none yet, one is looked for so often: nobody waits for it. */
#define ABSENT_PAUSE_S 3.0
/* A card that is not closed after so long will not be. */
#define FAREWELL_S 10.0

typedef enum turn { NOBODY, CARD, CLOCK } turn;

/* What one of the two hosts is given as the context of its fills. */
typedef struct seat {
    chr_steady *steady;
    turn turn;
} seat;

typedef enum state { PLAYS, LEAVING, SEARCHING, LOST } state;

/* A lost card and the thread that closes it. Freed by whichever of the two comes last. */
typedef struct farewell {
    chr_host *host;
    atomic_int keepers;
    atomic_bool done;
} farewell;

struct chr_steady {
    const chr_host_driver *driver;
    chr_host_want want; /* what is searched for once it has gone */
    chr_host_facts facts;
    chr_host *card; /* NULL: it has gone */
    chr_host *clock;
    chr_host_fill *fill;
    void *context;
    seat card_seat, clock_seat;
    bool started;
    bool gone; /* when it was stopped, the card had gone unnoticed */
    state state;
    farewell *farewell;
    unsigned xruns_before; /* of cards that have gone */
    double since_s;        /* when this state began */
    double pause_until_s;  /* before, no card is searched for */
    bool refused;          /* one that was back could not be opened, and that was said */
    bool absent;           /* there has been none yet */
    chr_host_search search;
    char said[CHR_HOST_TEXT + 100];
    /* Whose fills are heard, and whether one is under way: the thread of a card that is thought
     * lost may still wake. */
    atomic_int turn, filling;
    _Atomic double filled_s; /* [audio] end of the last fill */
    /* The thread of the card, known from its first fill on. */
    pthread_t thread;
    atomic_bool thread_known;
    bool priority_asked, refusal_said;
};

CHR_TRUSTED_BEGIN /* reads a register */
    static pthread_t
    this_thread(void) CHR_NONBLOCKING;
static pthread_t this_thread(void) {
    return pthread_self();
}
CHR_TRUSTED_END

/* [audio] Touches the stack that a fill may need, before anything depends on it. */
static __attribute__((noinline)) void touch_stack(void) CHR_NONBLOCKING;
static void touch_stack(void) {
    volatile char stack[65536];
    for (size_t i = 0; i < sizeof stack; i += 1024)
        stack[i] = 0;
}

static chr_host_fill on_fill;
static void on_fill(void *context, const float *in, float *out, int n_frames) {
    const seat *at = context;
    chr_steady *s = at->steady;
    atomic_fetch_add(&s->filling, 1);
    if (at->turn == CARD && !atomic_load_explicit(&s->thread_known, memory_order_relaxed)) {
        touch_stack();
        s->thread = this_thread();
        atomic_store_explicit(&s->thread_known, true, memory_order_release);
    }
    if (atomic_load(&s->turn) == (int)at->turn) {
        s->fill(s->context, in, out, n_frames);
        atomic_store_explicit(&s->filled_s, chr_host_clock_s(), memory_order_relaxed);
    } else {
        memset(out, 0, sizeof *out * (size_t)n_frames * (size_t)s->want.n_channels);
    }
    atomic_fetch_sub(&s->filling, 1);
}

/* Nobody's turn; when this returns no fill is under way. */
static void take_turn_away(chr_steady *s) {
    atomic_store(&s->turn, NOBODY);
    const struct timespec nap = {0, 200000};
    while (atomic_load(&s->filling) > 0)
        nanosleep(&nap, NULL);
}

chr_status chr_steady_open(chr_steady **steady, const chr_host_driver *driver,
                           const chr_host_want *want, char why[CHR_HOST_TEXT]) {
    chr_steady *s = calloc(1, sizeof *s);
    if (!s) {
        snprintf(why, CHR_HOST_TEXT, "memory is out");
        return CHR_NO_MEMORY;
    }
    s->driver = driver;
    s->want = *want;
    chr_status status = driver->open(&s->card, want, why);
    if (status == CHR_OK) {
        s->facts = s->card->facts;
        s->want.rate_hz = s->facts.rate_hz;
        s->want.exact = true;
        s->want.n_inputs = s->facts.n_inputs;
        s->want.device = s->facts.name[0] ? s->facts.name : NULL;
        chr_host_want pace = s->want;
        pace.block = s->facts.block;
        status = chr_host_dummy.open(&s->clock, &pace, why);
    }
    if (status != CHR_OK) {
        if (s->card)
            driver->close(s->card);
        free(s);
        return status;
    }
    s->card_seat = (seat){s, CARD};
    s->clock_seat = (seat){s, CLOCK};
    *steady = s;
    return CHR_OK;
}

chr_status chr_steady_open_silent(chr_steady **steady, const chr_host_driver *driver,
                                  const chr_host_want *want, char why[CHR_HOST_TEXT]) {
    chr_steady *s = calloc(1, sizeof *s);
    if (!s || chr_host_dummy.open(&s->clock, want, why) != CHR_OK) {
        snprintf(why, CHR_HOST_TEXT, "memory is out");
        free(s);
        return CHR_NO_MEMORY;
    }
    s->driver = driver;
    s->want = *want;
    s->facts = s->clock->facts;
    s->facts.n_inputs = want->n_inputs;
    s->want.rate_hz = s->facts.rate_hz;
    s->want.exact = true;
    s->absent = true;
    s->state = driver->search ? SEARCHING : LOST;
    s->card_seat = (seat){s, CARD};
    s->clock_seat = (seat){s, CLOCK};
    *steady = s;
    return CHR_OK;
}

const chr_host_facts *chr_steady_facts(const chr_steady *s) {
    return &s->facts;
}

unsigned chr_steady_xruns(const chr_steady *s) {
    return s->xruns_before + (s->card ? atomic_load(&s->card->xruns) : 0);
}

bool chr_steady_is_heard(const chr_steady *s) {
    return s->state == PLAYS;
}

chr_status chr_steady_start(chr_steady *s, chr_host_fill *fill, void *context,
                            char why[CHR_HOST_TEXT]) {
    s->fill = fill;
    s->context = context;
    s->facts.memory_locked = s->facts.is_real && chr_realtime_lock();
    atomic_store(&s->filled_s, chr_host_clock_s());
    atomic_store(&s->turn, s->card ? CARD : CLOCK);
    chr_status status = s->card ? s->driver->start(s->card, on_fill, &s->card_seat, why)
                                : chr_host_dummy.start(s->clock, on_fill, &s->clock_seat, why);
    s->started = status == CHR_OK;
    return status;
}

/* ---- a card goes ---- */

static void drop(farewell *f) {
    if (atomic_fetch_sub(&f->keepers, 1) == 1)
        free(f);
}

static void *close_it(void *context) {
    farewell *f = context;
    f->host->driver->close(f->host);
    atomic_store(&f->done, true);
    drop(f);
    return NULL;
}

/* Gives the card to a thread of its own to close: a library may take long over it. False: it cannot
 * be done now. */
static bool part(chr_steady *s) {
    farewell *f = calloc(1, sizeof *f);
    pthread_t thread;
    if (!f)
        return false;
    f->host = s->card;
    unsigned xruns = atomic_load(&s->card->xruns); /* later it may be closed already */
    atomic_init(&f->keepers, 2);
    if (pthread_create(&thread, NULL, close_it, f) != 0) {
        free(f);
        return false;
    }
    pthread_detach(thread);
    s->farewell = f;
    s->xruns_before += xruns;
    s->card = NULL;
    return true;
}

static bool has_gone(const chr_steady *s) {
    if (!s->driver->alive(s->card))
        return true;
    double most_s = ASLEEP_S + s->facts.latency_s + 4 * s->facts.block / s->facts.rate_hz;
    return s->driver->search && atomic_load(&s->filling) == 0 &&
           chr_host_clock_s() - atomic_load(&s->filled_s) > most_s;
}

/* The clock goes on from the last block that the card asked for. */
static const char *stand_in(chr_steady *s) {
    char why[CHR_HOST_TEXT];
    take_turn_away(s);
    s->clock->since_s = atomic_load(&s->filled_s);
    atomic_store(&s->turn, CLOCK);
    if (chr_host_dummy.start(s->clock, on_fill, &s->clock_seat, why) != CHR_OK)
        return NULL; /* it is tried again the next time */
    double now_s = chr_host_clock_s();
    s->pause_until_s = now_s - s->since_s < PAUSE_S ? now_s + PAUSE_S : 0;
    s->since_s = now_s;
    s->refused = false;
    s->state = part(s) ? LEAVING : LOST;
    return "the sound device has gone; the music goes on silently";
}

/* ---- a card comes back ---- */

/* Opens it and hands it the turn. */
static chr_status take_over(chr_steady *s, char why[CHR_HOST_TEXT]) {
    chr_host *card;
    chr_status status = s->driver->open(&card, &s->want, why);
    if (status != CHR_OK)
        return status;
    if (card->facts.n_inputs != s->facts.n_inputs) {
        snprintf(why, CHR_HOST_TEXT, "it has %d inputs, not %d", card->facts.n_inputs,
                 s->facts.n_inputs);
        s->driver->close(card);
        return CHR_NO_DEVICE;
    }
    if (s->absent)
        s->facts.memory_locked = card->facts.is_real && chr_realtime_lock();
    take_turn_away(s);
    chr_host_dummy.stop(s->clock);
    s->priority_asked = false;
    atomic_store(&s->thread_known, false);
    double filled_s = atomic_load(&s->filled_s);
    atomic_store(&s->filled_s, chr_host_clock_s());
    atomic_store(&s->turn, CARD);
    status = s->driver->start(card, on_fill, &s->card_seat, why);
    if (status == CHR_OK) {
        s->card = card;
        if (s->absent) { /* from now on it is this one that is looked for */
            bool locked = s->facts.memory_locked;
            s->facts = card->facts;
            s->facts.memory_locked = locked;
            s->want.device = s->facts.name[0] ? s->facts.name : NULL;
        }
        s->facts.block = card->facts.block;
        s->facts.latency_s = card->facts.latency_s;
        return CHR_OK;
    }
    take_turn_away(s);
    s->driver->close(card);
    char unsaid[CHR_HOST_TEXT];
    s->clock->since_s = filled_s;
    atomic_store(&s->turn, CLOCK);
    return chr_host_dummy.start(s->clock, on_fill, &s->clock_seat, unsaid) == CHR_OK
               ? status
               : CHR_NO_MEMORY;
}

static const char *search(chr_steady *s) {
    if (chr_host_clock_s() < s->pause_until_s)
        return NULL;
    bool asked = s->search.child;
    if (!s->driver->search(&s->search, &s->want)) {
        if (s->absent && asked && !s->search.child)
            s->pause_until_s = chr_host_clock_s() + ABSENT_PAUSE_S;
        return NULL;
    }
    char why[CHR_HOST_TEXT];
    if (take_over(s, why) == CHR_OK) {
        s->state = PLAYS;
        s->since_s = chr_host_clock_s();
        if (!s->absent)
            return "the sound device is back";
        s->absent = false;
        snprintf(s->said, sizeof s->said, "there is a sound device now, %s: the music is heard",
                 s->facts.device);
        return s->said;
    }
    s->pause_until_s = chr_host_clock_s() + PAUSE_S;
    if (s->refused)
        return NULL;
    s->refused = true;
    snprintf(s->said, sizeof s->said, "the sound device is %s, but %s; the music goes on silently",
             s->absent ? "there" : "back", why);
    return s->said;
}

/* The thread exists once the card has asked for its first block. */
static const char *ask_priority(chr_steady *s) {
    if (s->priority_asked || !s->facts.is_real ||
        !atomic_load_explicit(&s->thread_known, memory_order_acquire))
        return NULL;
    s->priority_asked = true;
    s->facts.priority = chr_realtime_priority(s->thread);
    if (s->refusal_said)
        return NULL;
    s->refusal_said = true;
    return chr_realtime_refusal(s->facts.memory_locked, s->facts.priority);
}

const char *chr_steady_tend(chr_steady *s) {
    if (!s->started)
        return NULL;
    switch (s->state) {
    case PLAYS:
        return has_gone(s) ? stand_in(s) : ask_priority(s);
    case LEAVING:
        if (atomic_load(&s->farewell->done)) {
            drop(s->farewell);
            s->farewell = NULL;
            s->state = s->driver->search ? SEARCHING : LOST;
        } else if (chr_host_clock_s() - s->since_s > FAREWELL_S) {
            s->state = LOST;
            return "the sound system does not let go of the device that has gone: save, and start "
                   "chronus again to hear it";
        }
        return NULL;
    case SEARCHING:
        return search(s);
    case LOST:
        return NULL;
    }
    return NULL;
}

void chr_steady_stop(chr_steady *s) {
    if (!s->started)
        return;
    s->started = false;
    s->gone = s->card && !s->driver->alive(s->card);
    if (s->card)
        s->driver->stop(s->card);
    take_turn_away(s);
    chr_host_dummy.stop(s->clock);
}

void chr_steady_close(chr_steady *s) {
    if (!s)
        return;
    chr_steady_stop(s);
    chr_host_search_end(&s->search);
    chr_host_dummy.close(s->clock);
    if (s->card && !s->gone)
        s->driver->close(s->card);
    else if (s->card)
        part(s); /* the program ends soon, and need not wait for it */
    if (s->farewell)
        drop(s->farewell);
    free(s);
}
