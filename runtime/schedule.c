/* runtime/schedule.c: lets come what waits for a moment. A tenth of a second ahead it is evaluated
 * on top of the session of then, which may itself be still to come, and its graph is offered for
 * the exact sample, behind those before it; it is committed once it is heard. An evaluation typed
 * in between takes all of that back, applies, and it is built again on top.
 * SPDX-License-Identifier: MIT */
#include "runtime/player_inner.h"

#include "runtime/graph.h"

#include <math.h>
#include <string.h>
#include <time.h>

#define CHR_LEAD_S 0.1
/* Checking, trying and building what is typed takes up to so long, beside the blocks that the
 * device is ahead. */
#define SOON_S 0.03

chr_position chr_schedule_position(void *player) {
    const chr_player *p = player;
    chr_engine_counters now = chr_player_look(player);
    return (chr_position){.running = p->expects == CHR_EXPECTS_NOTHING
                                         ? now.running
                                         : p->expects == CHR_EXPECTS_RUNNING,
                          .beat = now.beat,
                          .looped = now.looped,
                          .jumped = now.jumped};
}

/* So many samples ahead a moment is too near for what is typed now. */
static double soon(const chr_player *p) {
    uint32_t block = p->load ? atomic_load_explicit(&p->load->frames, memory_order_relaxed) : 0;
    return SOON_S * (double)chr_engine_rate(p->engine) + 2.0 * block;
}

chr_position chr_schedule_typed(chr_player *p) {
    chr_position at = chr_schedule_position(p);
    if (p->live && at.running)
        at.beat = chr_engine_beat_at(p->engine, chr_player_look(p).clock + (uint64_t)soon(p));
    double from, to;
    if (chr_engine_loops(p->engine, &from, &to) && at.beat >= to) {
        at.beat -= to - from;
        at.looped += to - from;
    }
    return at;
}

/* What is to come next comes on top of what is due already: the session and the moment up to which
 * all has been done, once all of that has come. */
static const chr_due *last_due(const chr_player *p) {
    return p->n_dues ? &p->dues[p->n_dues - 1] : NULL;
}
static const chr_candidate *on_top_of(const chr_player *p) {
    return p->n_dues ? last_due(p)->candidate : NULL;
}
static double done_then(const chr_player *p) {
    return p->n_dues ? last_due(p)->after : p->done;
}
static double looped_then(const chr_player *p) {
    return p->n_dues ? last_due(p)->after_looped : p->done_looped;
}

static void add(chr_player *p, chr_due due, bool mistaken) {
    const double done = done_then(p), looped = looped_then(p);
    const bool round = due.position.looped > looped,
               jumps = !mistaken && due.when.clock == CHR_CLOCK_JUMP;
    due.after = jumps ? due.when.beat : round ? due.beat : fmax(done, due.beat);
    due.after_looped = round ? due.position.looped : looped;
    p->dues[p->n_dues++] = due;
    p->known = false;
}

static chr_due take_first(chr_player *p) {
    const chr_due due = p->dues[0];
    memmove(p->dues, p->dues + 1, (size_t)--p->n_dues * sizeof *p->dues);
    p->done = due.after;
    p->done_looped = due.after_looped;
    p->known = false;
    return due;
}

static void tell(const chr_player *p, const chr_due *due, bool applied) {
    const chr_evaluated told = {
        .applied = applied, .offer = due->offer, .when = due->when, .clock = due->position};
    if (p->witness.fired)
        p->witness.fired(p->witness.context, due->done, due->beat, &told);
}

/* There was a mistake in it, and nothing changes. */
static void settle_mistake(chr_player *p, const chr_due *due) {
    if (p->listener.diagnostics)
        p->listener.diagnostics(p->listener.context, chr_candidate_diags(due->candidate));
    tell(p, &(chr_due){.done = due->done, .beat = due->beat, .position = due->position}, false);
    chr_session_commit(p->session, due->candidate);
}

/* The first of them is heard: the session is what it says. */
static void settle(chr_player *p) {
    chr_evaluation e = {.status = CHR_OK};
    const chr_due due = take_first(p);
    const chr_diags *diags = chr_candidate_diags(due.candidate);
    if (diags->n_errors > 0) {
        settle_mistake(p, &due);
        return;
    }
    if (diags->first && p->listener.diagnostics)
        p->listener.diagnostics(p->listener.context, diags);
    tell(p, &due, true);
    for (const chr_request *r = chr_candidate_requests(due.candidate); r; r = r->next) {
        if (r->kind == CHR_REQUEST_STANDS_FOR)
            chr_player_note(p, r->text);
        bool hushes = r->kind == CHR_REQUEST_HUSH || r->kind == CHR_REQUEST_PANIC,
             done = r->kind == CHR_REQUEST_PLAY || r->kind == CHR_REQUEST_STOP ||
                    (hushes && chr_clock_hushes(due.when.clock));
        if (!done)
            chr_player_do(p, &e, r);
    }
    p->quit = p->quit || e.quit;
    chr_session_commit(p->session, due.candidate);
}

/* Where nothing was offered, for it changes nothing, it holds once its moment is over: what is
 * typed before comes first. */
static bool is_over(chr_player *p, const chr_due *due, uint64_t *at) {
    *at = due->when.sample;
    if (!due->in_vain)
        return chr_engine_took(p->engine, due->offer, at);
    return !due->when.timed || chr_player_look(p).clock > due->when.sample;
}

/* Drops what is due; what is offered of it has been withdrawn. */
static void drop(chr_player *p) {
    bool starts = false;
    while (p->n_dues > 0) {
        const chr_due *due = &p->dues[--p->n_dues];
        starts |= due->when.clock == CHR_CLOCK_START && !due->in_vain;
        chr_candidate_free(due->candidate);
    }
    p->known = false;
    if (starts) /* the clock need not wait for it */
        chr_engine_play(p->engine);
}

static void withdraw(chr_player *p) {
    for (int i = 0; i < p->n_dues; i++)
        if (!p->dues[i].in_vain) {
            chr_engine_withdraw(p->engine, p->dues[i].offer);
            return;
        }
}

/* Settles what has come. Where it came late, what is to come behind it is offered anew: with the
 * clock other moments are at other samples. */
static bool settle_all(chr_player *p) {
    bool some = false;
    for (uint64_t at; p->n_dues > 0 && is_over(p, &p->dues[0], &at); some = true) {
        bool late = p->dues[0].when.timed && at != p->dues[0].when.sample;
        settle(p);
        if (late && p->n_dues > 0 && !is_over(p, &p->dues[0], &at)) {
            withdraw(p);
            if (!is_over(p, &p->dues[0], &at))
                drop(p);
        }
    }
    return some;
}

bool chr_schedule_withdraw(chr_player *p) {
    withdraw(p);
    bool some = settle_all(p);
    drop(p);
    return !some;
}

typedef enum fired { FIRED, MISTAKEN, NO_ROOM } fired; /* NO_ROOM: memory is out, tried again */

/* Offers what waits for `beat`, behind what is due already. `when` is filled in but for what it
 * does to the clock, unless `act` says that the clock does it anyway. */
static fired fire(chr_player *p, double done, double beat, double looped, chr_offer_when when) {
    p->position = chr_schedule_position(p);
    if (when.clock != CHR_CLOCK_JUMP) /* which is still to come */
        p->position.beat = beat;
    p->position.looped = looped;
    if (p->n_dues) {
        const chr_transport then = chr_engine_then(p->engine, looped);
        p->position.running = then.running;
        p->position.jumped = then.jumped;
    }
    chr_candidate *c = chr_session_fire(p->session, on_top_of(p), done, beat, looped);
    if (!c)
        return NO_ROOM;
    chr_due due = {.candidate = c,
                   .in_vain = true,
                   .done = done,
                   .beat = beat,
                   .position = p->position,
                   .when = when};
    if (chr_candidate_diags(c)->n_errors > 0) {
        add(p, due, true);
        settle_all(p);
        return MISTAKEN;
    }
    double to = 0;
    chr_clock_act act = chr_player_clock_act(chr_candidate_requests(c), &to);
    if (act != CHR_CLOCK_GOES_ON) {
        when.clock = act;
        when.beat = to;
        when.moment = beat;
    }
    when.patterns = chr_candidate_patterns_now(c);
    when.behind = true;
    chr_ir *ir = chr_candidate_take_ir(c);
    /* It was tried when it was said; what it costs now counts for what comes after. */
    if (ir && p->guard && chr_guard_look(p->guard, ir, true, NULL) != CHR_OK) {
        chr_ir_free(ir);
        ir = NULL;
    }
    if (ir)
        chr_player_tell_hears(&p->witness, p->engine, ir);
    chr_offer_report report;
    if (!ir || chr_engine_offer_when(p->engine, ir, &when, &report) != CHR_OK) {
        chr_candidate_free(c);
        return NO_ROOM;
    }
    if (p->guard)
        chr_guard_adopt(p->guard);
    due.in_vain = report.same;
    due.offer = report.same ? 0 : chr_engine_offers(p->engine);
    due.when = when;
    add(p, due, false);
    settle_all(p);
    return FIRED;
}

bool chr_schedule_start(chr_player *p, chr_clock_act act, double to, chr_evaluation *e) {
    double looped = chr_player_look(p).looped;
    if (act == CHR_CLOCK_JUMP)
        p->done = to - 1e-6;
    p->done_looped = looped;
    double due = chr_session_due(p->session, NULL, p->done, looped);
    p->known = false;
    if (due > to + 1e-6)
        return false;
    fired how = fire(p, p->done, to, looped, (chr_offer_when){.clock = act, .beat = to});
    if (how == NO_ROOM && e)
        e->status = CHR_NO_MEMORY;
    return how == FIRED;
}

void chr_player_play(chr_player *p) {
    p->expects = CHR_EXPECTS_RUNNING;
    if (!chr_schedule_start(p, CHR_CLOCK_START, chr_player_look(p).beat, NULL))
        chr_engine_play(p->engine);
}

/* How far ahead it is evaluated: a device that asks for more at a time needs more. */
static uint64_t lead(const chr_player *p) {
    return (uint64_t)(CHR_LEAD_S * (double)chr_engine_rate(p->engine)) + 2 * p->stride;
}

static void measure_stride(chr_player *p, uint64_t clock) {
    uint64_t most = (uint64_t)chr_engine_rate(p->engine), stride = clock - p->tended;
    p->tended = clock;
    if (stride > p->stride && stride < most)
        p->stride = stride;
}

static double due_after(const chr_player *p, double done, double looped, double jumped) {
    const chr_candidate *top = on_top_of(p);
    return fmin(chr_session_due(p->session, top, done, looped),
                chr_session_turn(p->session, top, done, looped + jumped));
}

static double next_due(chr_player *p, double jumped) {
    if (!p->known)
        p->next_due = due_after(p, done_then(p), looped_then(p), jumped);
    p->known = true;
    return p->next_due;
}

typedef struct coming {
    double done, beat, looped; /* as of chr_session_fire */
    uint64_t sample;           /* UINT64_MAX: nothing comes so far */
} coming;

/* What is to come next while the clock runs, after all that is due, through the end of a loop: what
 * waits for a place in the next round is let come ahead of it, like all else. */
static coming next_coming(chr_player *p) {
    const chr_transport then = chr_engine_then(p->engine, looped_then(p));
    const bool loops = then.to > 0;
    coming c = {.sample = UINT64_MAX};
    if (!then.running)
        return c;
    if (looped_then(p) < then.looped || (!loops && looped_then(p) > then.looped)) {
        /* nothing was to come so far in this round */
        double *done = p->n_dues ? &p->dues[p->n_dues - 1].after : &p->done;
        double *looped = p->n_dues ? &p->dues[p->n_dues - 1].after_looped : &p->done_looped;
        *done = loops ? then.from - 1e-6 : then.beat;
        *looped = then.looped;
        p->known = false;
    }
    c.done = done_then(p);
    c.beat = next_due(p, then.jumped);
    c.looped = looped_then(p);
    if (!loops || c.beat < then.to - 1e-9) {
        if (c.beat < HUGE_VAL)
            c.sample = chr_engine_sample_then(p->engine, c.looped, c.beat);
        return c;
    }
    const double round = c.looped;
    c.looped += then.to - then.from;
    c.done = then.from - 1e-6;
    c.beat = due_after(p, c.done, c.looped, then.jumped);
    if (chr_session_hears_place(p->session, on_top_of(p), then.from, then.to - 1e-6))
        c.beat = fmin(c.beat, then.from);
    if (c.beat < then.to - 1e-9)
        c.sample = chr_engine_sample_in_next_round(p->engine, round, c.beat);
    return c;
}

void chr_schedule_tend(chr_player *p) {
    settle_all(p);
    chr_engine_counters now = chr_player_look(p);
    measure_stride(p, now.clock);
    if (now.running == (p->expects == CHR_EXPECTS_RUNNING))
        p->expects = CHR_EXPECTS_NOTHING;
    const int most = (int)(sizeof p->dues / sizeof *p->dues);
    /* Live nobody knows when what was typed will be heard, and so what the clock will be then. */
    while (p->n_dues < most && p->expects != CHR_EXPECTS_STANDING &&
           !(p->live && chr_engine_hurries(p->engine))) {
        coming c = next_coming(p);
        if (c.sample == UINT64_MAX || c.sample > now.clock + lead(p))
            return;
        c.sample = c.sample > now.clock ? c.sample : now.clock;
        if (fire(p, c.done, c.beat, c.looped,
                 (chr_offer_when){.timed = true, .sample = c.sample}) == NO_ROOM)
            return;
    }
}

/* The sample of what comes next; UINT64_MAX: nothing does so far. */
static uint64_t next_sample(chr_player *p) {
    return p->n_dues ? p->dues[0].when.sample : next_coming(p).sample;
}

bool chr_schedule_is_near(chr_player *p) {
    chr_engine_counters now = chr_player_look(p);
    return p->live && now.running && (double)next_sample(p) <= (double)now.clock + soon(p);
}

void chr_schedule_let_come(chr_player *p) {
    const struct timespec nap = {0, 2000000};
    const chr_position typed = p->position;
    const uint64_t until = chr_player_look(p).clock + (uint64_t)soon(p);
    uint64_t last = 0;
    /* Where nobody makes sound the clock stands, and nothing comes. */
    for (int still = 0; next_sample(p) <= until && still < 50; nanosleep(&nap, NULL)) {
        uint64_t clock = chr_player_look(p).clock;
        chr_player_waits(p);
        chr_engine_tend(p->engine);
        chr_schedule_tend(p);
        still = clock == last ? still + 1 : 0;
        last = clock;
    }
    p->position = typed;
}

uint64_t chr_player_until(chr_player *p) {
    chr_engine_counters now = chr_player_look(p);
    uint64_t soon = now.clock + CHR_CHUNK;
    if (p->expects == CHR_EXPECTS_RUNNING && !now.running && !p->n_dues)
        return soon;
    uint64_t sample = next_coming(p).sample;
    uint64_t at = sample == UINT64_MAX ? sample : sample > lead(p) ? sample - lead(p) : 0;
    if (p->n_dues && p->dues[0].when.sample < at)
        at = p->dues[0].when.sample;
    return at > soon ? at : soon;
}

bool chr_player_has_quit(const chr_player *p) {
    return p->quit;
}
