/* runtime/schedule.c: lets come what waits for a moment. A tenth of a second ahead it is evaluated
 * on top of the session of then, and its graph is offered for the exact sample; it is committed
 * once it is heard. An evaluation typed in between takes it back, applies, and it is built again on
 * top. SPDX-License-Identifier: MIT */
#include "runtime/player_inner.h"

#include "runtime/graph.h"

#include <math.h>
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

static void drop(chr_player *p) {
    chr_candidate_free(p->due.candidate);
    p->due = (chr_due){0};
}

static void tell(const chr_player *p, const chr_due *due, bool applied) {
    const chr_evaluated told = {
        .applied = applied, .offer = due->offer, .when = due->when, .clock = due->position};
    if (p->witness.fired)
        p->witness.fired(p->witness.context, due->done, due->beat, &told);
}

/* There was a mistake in it, and nothing changes. */
static void settle_mistake(chr_player *p, const chr_due *due) {
    double looped = due->position.looped;
    if (p->listener.diagnostics)
        p->listener.diagnostics(p->listener.context, chr_candidate_diags(due->candidate));
    tell(p, &(chr_due){.done = due->done, .beat = due->beat, .position = due->position}, false);
    chr_session_commit(p->session, due->candidate);
    p->done = looped > p->done_looped ? due->beat : fmax(p->done, due->beat);
    p->done_looped = looped;
    p->known = false;
}

/* It is heard: the session is what it says. */
static void settle(chr_player *p) {
    chr_evaluation e = {.status = CHR_OK};
    chr_due due = p->due;
    p->due = (chr_due){0};
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
        if (r->kind != CHR_REQUEST_PLAY && r->kind != CHR_REQUEST_STOP)
            chr_player_do(p, &e, r);
    }
    p->quit = p->quit || e.quit;
    chr_session_commit(p->session, due.candidate);
    bool round = due.position.looped > p->done_looped;
    p->done = due.when.clock == CHR_CLOCK_JUMP ? due.when.beat
              : round                          ? due.beat
                                               : fmax(due.beat, p->done);
    p->done_looped = round ? due.position.looped : p->done_looped;
    p->known = false;
}

/* Where nothing was offered, for it changes nothing, it holds once its moment is over: what is
 * typed before comes first. */
static bool is_over(chr_player *p) {
    return !p->due.when.timed || chr_player_look(p).clock > p->due.when.sample;
}

static void settle_if_over(chr_player *p) {
    if (p->due.in_vain ? is_over(p) : !chr_engine_waits(p->engine))
        settle(p);
}

bool chr_schedule_withdraw(chr_player *p) {
    if (!p->due.candidate)
        return true;
    if (p->due.in_vain ? is_over(p) : !chr_engine_withdraw(p->engine)) {
        settle(p);
        return false;
    }
    bool starts = p->due.when.clock == CHR_CLOCK_START;
    drop(p);
    if (starts) /* the clock need not wait for it */
        chr_engine_play(p->engine);
    return true;
}

typedef enum fired { FIRED, MISTAKEN, NO_ROOM } fired; /* NO_ROOM: memory is out, tried again */

/* Offers what waits for `beat`. `when` is filled in but for what it does to the clock, unless `act`
 * says that the clock does it anyway. */
static fired fire(chr_player *p, double done, double beat, double looped, chr_offer_when when) {
    p->position = chr_schedule_position(p);
    p->position.looped = looped;
    chr_candidate *c = chr_session_fire(p->session, done, beat, looped);
    if (!c)
        return NO_ROOM;
    if (chr_candidate_diags(c)->n_errors > 0) {
        p->due = (chr_due){.candidate = c,
                           .in_vain = true,
                           .done = done,
                           .beat = beat,
                           .position = p->position,
                           .when = when};
        settle_if_over(p);
        return MISTAKEN;
    }
    double to = 0;
    chr_clock_act act = chr_player_clock_act(chr_candidate_requests(c), &to);
    if (act != CHR_CLOCK_GOES_ON) {
        when.clock = act;
        when.beat = to;
    }
    when.patterns = chr_candidate_patterns_now(c);
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
    p->due = (chr_due){.candidate = c,
                       .in_vain = report.same,
                       .done = done,
                       .beat = beat,
                       .offer = report.same ? 0 : chr_engine_offers(p->engine),
                       .position = p->position,
                       .when = when};
    settle_if_over(p);
    return FIRED;
}

bool chr_schedule_start(chr_player *p, chr_clock_act act, double to, chr_evaluation *e) {
    double looped = chr_player_look(p).looped;
    if (act == CHR_CLOCK_JUMP)
        p->done = to - 1e-6;
    p->done_looped = looped;
    double due = chr_session_due(p->session, p->done, looped);
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
    return fmin(chr_session_due(p->session, done, looped),
                chr_session_turn(p->session, done, looped + jumped));
}

static double next_due(chr_player *p, double jumped) {
    if (!p->known)
        p->next_due = due_after(p, p->done, p->done_looped, jumped);
    p->known = true;
    return p->next_due;
}

typedef struct coming {
    double done, beat, looped; /* as of chr_session_fire */
    uint64_t sample;           /* UINT64_MAX: nothing comes so far */
} coming;

/* What is to come next while the clock runs, through the end of a loop: what waits for a place in
 * the next round is let come ahead of it, like all else. */
static coming next_coming(chr_player *p, const chr_engine_counters *now) {
    double from, to;
    bool loops = chr_engine_loops(p->engine, &from, &to);
    if (p->done_looped < now->looped || (!loops && p->done_looped > now->looped)) {
        p->done = loops ? from - 1e-6 : now->beat; /* nothing was to come so far in this round */
        p->done_looped = now->looped;
        p->known = false;
    }
    coming c = {.done = p->done, .beat = next_due(p, now->jumped), .looped = p->done_looped};
    c.sample = UINT64_MAX;
    bool ahead = p->done_looped > now->looped;
    if (loops && !ahead && c.beat >= to - 1e-9) {
        c.looped += to - from;
        c.done = from - 1e-6;
        c.beat = due_after(p, c.done, c.looped, now->jumped);
        if (chr_session_hears_place(p->session, from, to - 1e-6))
            c.beat = fmin(c.beat, from);
        ahead = true;
    }
    if (c.beat < HUGE_VAL && ahead && c.beat < to - 1e-9)
        c.sample = chr_engine_sample_in_next_round(p->engine, c.beat);
    else if (c.beat < HUGE_VAL && !ahead)
        c.sample = chr_engine_sample_of_beat(p->engine, c.beat);
    return c;
}

void chr_schedule_tend(chr_player *p) {
    if (p->due.candidate)
        settle_if_over(p);
    chr_engine_counters now = chr_player_look(p);
    measure_stride(p, now.clock);
    if (now.running == (p->expects == CHR_EXPECTS_RUNNING))
        p->expects = CHR_EXPECTS_NOTHING;
    if (p->due.candidate || !now.running || chr_engine_waits(p->engine))
        return;
    coming c = next_coming(p, &now);
    if (c.sample <= now.clock + lead(p))
        fire(p, c.done, c.beat, c.looped, (chr_offer_when){.timed = true, .sample = c.sample});
}

bool chr_schedule_is_near(chr_player *p) {
    chr_engine_counters now = chr_player_look(p);
    if (!p->live || !now.running)
        return false;
    uint64_t sample = p->due.candidate ? p->due.when.sample : next_coming(p, &now).sample;
    return (double)sample <= (double)now.clock + soon(p);
}

void chr_schedule_let_come(chr_player *p) {
    const struct timespec nap = {0, 2000000};
    const chr_position typed = p->position;
    uint64_t last = 0;
    /* Where nobody makes sound the clock stands, and nothing comes. */
    for (int still = 0; chr_schedule_is_near(p) && still < 50; nanosleep(&nap, NULL)) {
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
    if (p->due.candidate)
        return p->due.when.sample > soon ? p->due.when.sample : soon;
    if (p->expects == CHR_EXPECTS_RUNNING && !now.running)
        return soon;
    uint64_t sample = now.running ? next_coming(p, &now).sample : UINT64_MAX;
    if (sample == UINT64_MAX)
        return UINT64_MAX;
    uint64_t at = sample > lead(p) ? sample - lead(p) : 0;
    return at > soon ? at : soon;
}

bool chr_player_has_quit(const chr_player *p) {
    return p->quit;
}
