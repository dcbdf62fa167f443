/* runtime/player.c: from text to the engine, and what an evaluation asked for besides sound.
 * SPDX-License-Identifier: MIT */
#include "runtime/player_inner.h"

#include "dsp/registry.h"
#include "lang/stdlib.h"
#include "runtime/diff.h"

#include <stdlib.h>
#include <string.h>

/* ---- who writes down what happens ---- */

static chr_read_status read_file(void *context, const char *kind, const char *name, char **text,
                                 size_t *len) {
    const chr_player *p = context;
    chr_read_status status = chr_files_read(p->files, kind, name, text, len);
    if (status == CHR_READ_OK && p->witness.was_read)
        p->witness.was_read(p->witness.context, kind, name, *text, *len);
    return status;
}

static void begins(const chr_player *p, const char *text, size_t len, const char *place,
                   const char *file) {
    if (p->witness.begins)
        p->witness.begins(p->witness.context, text, len, place, file);
}

static void ended(const chr_player *p, const chr_evaluated *evaluated) {
    if (p->witness.ended)
        p->witness.ended(p->witness.context, evaluated);
}

static void tell_events(const chr_player *p) {
    chr_event heard;
    while (p->witness.event && chr_engine_next_event(p->engine, &heard))
        p->witness.event(p->witness.context, &heard);
}

/* A request that changes nothing of the session, and nothing that is heard. */
static bool is_question(chr_request_kind kind) {
    switch (kind) {
    case CHR_REQUEST_PLAY:
    case CHR_REQUEST_PLAY_FROM:
    case CHR_REQUEST_STOP:
    case CHR_REQUEST_HUSH:
    case CHR_REQUEST_PANIC:
        return false;
    case CHR_REQUEST_PRINT:
    case CHR_REQUEST_SAVE:
    case CHR_REQUEST_GENERATE:
    case CHR_REQUEST_STATS:
    case CHR_REQUEST_METERS:
    case CHR_REQUEST_SCOPE:
    case CHR_REQUEST_SPECTRUM:
    case CHR_REQUEST_WHY:
    case CHR_REQUEST_METRONOME:
    case CHR_REQUEST_TAP:
    case CHR_REQUEST_ROLL:
    case CHR_REQUEST_EVENTS:
    case CHR_REQUEST_RECORD:
    case CHR_REQUEST_STOP_RECORDING:
    case CHR_REQUEST_TELL:
    case CHR_REQUEST_STANDS_FOR:
    case CHR_REQUEST_FORESEE:
    case CHR_REQUEST_QUIT:
        return true;
    }
    return false;
}

static bool only_asks(const chr_request *r, bool changes) {
    bool asks = r && !changes;
    for (; r; r = r->next)
        asks &= is_question(r->kind);
    return asks;
}

/* One evaluation has one moment, however often it looks at the clock. */
static chr_position position_then(void *player) {
    return ((const chr_player *)player)->position;
}

chr_player *chr_player_new(const chr_player_options *options) {
    chr_player *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->listener = options->listener;
    p->live = options->live;
    p->load = options->load;
    p->columns = options->columns;
    p->witness = options->witness;
    p->done = -1;
    p->tally = options->tally;
    p->stats = options->stats;
    p->stats_context = options->stats_context;
    p->files = chr_files_new(options->folder);
    p->engine = chr_engine_new(&options->engine);
    p->n_channels = p->n_told = (uint32_t)options->engine.n_channels;
    p->n_inputs_told = (uint32_t)options->engine.n_inputs;
    if (p->files) {
        chr_session_options about = {
            .modules = {chr_registry_modules(), chr_registry_count()},
            .library = chr_stdlib,
            .n_library = chr_stdlib_count,
            .seed = options->seed,
            .allow_save = options->allow_save,
            .read = read_file,
            .context = p,
            .position = position_then,
            .clock = p,
        };
        p->session = chr_session_new(&about);
    }
    if (p->engine)
        p->looks = chr_looks_new(p->engine, options->columns);
    if (p->looks)
        chr_looks_ask(p->looks, chr_player_why, p);
    if (p->engine && p->files)
        p->recorder = chr_recorder_new(p->engine, p->files);
    chr_guard_options guard = {.engine = options->engine,
                               .now_ns = options->now_ns,
                               .load = options->load,
                               .untimed = options->untimed};
    if (options->now_ns)
        p->guard = chr_guard_new(&guard);
    if (options->load && !options->untimed)
        p->thin = (chr_thin){.now_ns = options->now_ns,
                             .load = options->load,
                             .worked_ns = options->worked_ns,
                             .context = options->worked_context};
    if (p->files && p->engine && p->session && p->looks && p->recorder &&
        (p->guard || !options->now_ns))
        return p;
    chr_player_free(p);
    return NULL;
}

static void tell_recorder(const chr_player *p, chr_recorder_news news, const char *said) {
    if (news == CHR_RECORDER_DONE)
        chr_player_note(p, said);
    else if (news == CHR_RECORDER_TROUBLE)
        chr_player_trouble(p, NULL, said);
}

void chr_player_free(chr_player *p) {
    if (!p)
        return;
    for (int i = 0; i < p->n_dues; i++)
        chr_candidate_free(p->dues[i].candidate);
    if (p->session)
        chr_session_free(p->session);
    chr_looks_free(p->looks);
    char said[CHR_RECORDER_TEXT];
    if (p->recorder)
        tell_recorder(p, chr_recorder_finish(p->recorder, said), said);
    chr_recorder_free(p->recorder);
    if (p->engine)
        chr_engine_free(p->engine);
    chr_guard_free(p->guard);
    chr_files_free(p->files);
    free(p);
}

const chr_guard *chr_player_guard(const chr_player *p) {
    return p->guard;
}

chr_engine *chr_player_engine(chr_player *p) {
    return p->engine;
}

chr_session *chr_player_session(chr_player *p) {
    return p->session;
}

/* Every look at the engine's counters clears its peaks, so they are gathered here. */
chr_engine_counters chr_player_look(chr_player *p) {
    chr_engine_counters now = chr_engine_read(p->engine);
    for (int side = 0; side < 2; side++)
        if (now.peak[side] > p->peak[side])
            p->peak[side] = now.peak[side];
    return now;
}

chr_engine_counters chr_player_read(chr_player *p) {
    chr_engine_counters now = chr_player_look(p);
    memcpy(now.peak, p->peak, sizeof now.peak);
    memset(p->peak, 0, sizeof p->peak);
    return now;
}

/* Copies of the requests: committing frees the candidate that owns them, and the answers come after
 * it. */
static chr_request *copy_requests(const chr_request *from, chr_arena *arena, bool *good) {
    chr_request *first = NULL, **last = &first;
    for (; from; from = from->next) {
        chr_request *r = CHR_NEW(arena, chr_request);
        if (!r)
            break;
        *r = *from;
        r->next = NULL;
        r->name = from->name ? chr_arena_copy(arena, from->name, strlen(from->name)) : NULL;
        r->text = from->text ? chr_arena_copy(arena, from->text, strlen(from->text)) : NULL;
        r->facts = from->facts ? chr_arena_copy(arena, from->facts, strlen(from->facts)) : NULL;
        *last = r;
        last = &r->next;
    }
    *good = !chr_arena_failed(arena);
    return first;
}

static chr_evaluation out_of_memory(chr_evaluation e) {
    e.status = CHR_NO_MEMORY;
    return e;
}

/* What a statement that waits will change, or a `diff` would. */
static void foresee(const chr_player *p, const chr_request *r) {
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    chr_offer_report report;
    if (!to)
        return;
    bool listed = !r->text;
    char *names = NULL;
    size_t names_size = 0;
    FILE *list = listed ? open_memstream(&names, &names_size) : NULL;
    bool good = chr_ir_compare(r->after, r->before, &report, list);
    if (list)
        fclose(list);
    fprintf(to, "%skept %d, changed %d, new %d, gone %d", listed ? "would have " : "", report.kept,
            report.changed, report.added, report.gone);
    if (listed)
        fprintf(to, "\n%s", names && *names ? names : "  nothing that is heard changes\n");
    else
        fprintf(to, " — at %s", r->text);
    fclose(to);
    if (good && listed && p->listener.answer)
        p->listener.answer(p->listener.context, text);
    else if (good && !listed)
        chr_player_note(p, text);
    free(names);
    free(text);
}

/* An offer that is not heard yet is replaced; what it was to do to the clock is done with the next
 * one. */
static void carry_over(chr_player *p, chr_offer_when *when) {
    if (!p->offered || !chr_engine_withdraw(p->engine, p->offer))
        return;
    p->offered = false;
    when->patterns = when->patterns || p->when.patterns;
    if (when->clock == CHR_CLOCK_GOES_ON && p->when.clock != CHR_CLOCK_GOES_ON) {
        when->clock = p->when.clock;
        when->beat = p->when.beat;
    }
}

/* What waits is tried at once, so that it is refused while there is time. */
static chr_status try_all(chr_player *p, chr_candidate *c, bool whole) {
    chr_status status = CHR_OK;
    const chr_diags *diags = chr_candidate_diags(c);
    for (const chr_request *r = chr_candidate_requests(c); p->guard && r && diags->n_errors == 0;
         r = r->next)
        if (r->kind == CHR_REQUEST_FORESEE && r->after && r->text && status == CHR_OK)
            status =
                chr_guard_look(p->guard, r->after, chr_candidate_forced(c), chr_candidate_judge(c));
    chr_diags *judged = p->thinning ? NULL : chr_candidate_judge(c);
    const chr_ir *ir = chr_candidate_meaning(c);
    bool offered = ir && (whole || chr_candidate_changes(c));
    if (p->guard && offered && diags->n_errors == 0 && status == CHR_OK)
        status = chr_guard_look(p->guard, ir, chr_candidate_forced(c), judged);
    return status;
}

/* Offers the session; `ir` is taken over. */
static void offer(chr_player *p, chr_ir *ir, chr_offer_when when, chr_evaluation *e) {
    chr_quantum quantum = ir->quantum;
    chr_player_tell_channels(p, ir);
    chr_player_tell_inputs(p, ir);
    chr_player_tell_hears(&p->witness, p->engine, ir);
    carry_over(p, &when);
    e->status = chr_engine_offer_when(p->engine, ir, &when, &e->report);
    if (e->status != CHR_OK)
        return;
    if (p->guard)
        chr_guard_adopt(p->guard);
    p->offered = e->offered = true;
    p->offer = e->report.same ? 0 : chr_engine_offers(p->engine);
    p->when = when;
    if (e->report.same) /* nothing that is heard is another: it holds from now on */
        p->holds_from = chr_player_look(p).clock;
    chr_tally_applied(p->tally, !e->report.same);
    if (e->report.patterns_wait)
        e->patterns_beat = chr_engine_next_beat(p->engine, quantum);
}

static bool ends_at_once(const chr_candidate *c) {
    for (const chr_request *r = chr_candidate_requests(c); r; r = r->next)
        if (r->kind == CHR_REQUEST_HUSH || r->kind == CHR_REQUEST_PANIC)
            return true;
    return false;
}

/* Evaluates on top of what is heard: what was offered for a moment ahead is taken back, unless the
 * moment has come meanwhile, or is about to; then the session has become another one. */
static chr_candidate *evaluate(chr_player *p, const char *text, size_t len, const char *place,
                               const char *file, chr_status *status) {
    for (bool waited = false;;) {
        chr_candidate *c = chr_session_evaluate(p->session, text, len, place, file);
        if (!c)
            return NULL;
        *status = try_all(p, c, file || p->thinning);
        if (chr_candidate_diags(c)->n_errors > 0)
            return c;
        bool waits = !waited && !ends_at_once(c) && chr_schedule_is_near(p);
        if (!waits && chr_schedule_withdraw(p))
            return c;
        chr_candidate_free(c);
        if (waits)
            chr_schedule_let_come(p);
        waited = waited || waits;
    }
}

/* The candidate is good: what it says is offered, then committed, and then done. */
static void apply(chr_player *p, chr_candidate *c, chr_arena *arena, bool whole,
                  const uint64_t *sample, chr_evaluation *e) {
    bool good = false;
    chr_request *requests = copy_requests(chr_candidate_requests(c), arena, &good);
    chr_offer_when when = {.patterns = chr_candidate_patterns_now(c)};
    const chr_position now = chr_schedule_position(p);
    const chr_clock_act act = chr_player_clock_act(requests, &when.beat);
    if (sample) {
        when.timed = when.patterns = true;
        when.sample = *sample;
    }
    if (sample || act == CHR_CLOCK_JUMP)
        when.clock = act;
    bool offered = whole || when.clock != CHR_CLOCK_GOES_ON || chr_candidate_changes(c);
    chr_ir *ir = offered ? chr_candidate_take_ir(c) : NULL;
    if (!good || (offered && !ir)) {
        chr_ir_free(ir);
        chr_candidate_free(c);
        e->status = CHR_NO_MEMORY;
        return;
    }
    bool starts = (act == CHR_CLOCK_START && !now.running) || act == CHR_CLOCK_JUMP;
    bool moved = false;
    const double passed = p->done, passed_looped = p->done_looped;
    if (starts && !chr_session_hold(p->session)) {
        e->status = CHR_NO_MEMORY;
    } else if (starts) { /* what waits for that very place comes with it */
        chr_session_commit(p->session, c);
        c = NULL;
        moved = chr_schedule_start(p, act, act == CHR_CLOCK_JUMP ? when.beat : now.beat, e);
    }
    if (ir && !moved && e->status == CHR_OK)
        offer(p, ir, when, e);
    else
        chr_ir_free(ir);
    if (starts && !c && e->status != CHR_OK) {
        chr_session_take_back(p->session);
        p->done = passed;
        p->done_looped = passed_looped;
        p->known = false;
    }
    if (e->status != CHR_OK) {
        chr_candidate_free(c);
        return;
    }
    chr_session_let_go(p->session);
    e->applied = true;
    if (c)
        chr_session_commit(p->session, c);
    p->known = false;
    for (const chr_request *r = requests; r; r = r->next) {
        bool done = (moved && r->kind == CHR_REQUEST_PLAY) ||
                    (sample && when.clock != CHR_CLOCK_GOES_ON && r->kind == CHR_REQUEST_STOP);
        if (!done)
            chr_player_do(p, e, r);
    }
    if (act != CHR_CLOCK_GOES_ON && !sample)
        p->expects = act == CHR_CLOCK_STOP || chr_clock_hushes(act) ? CHR_EXPECTS_STANDING
                                                                    : CHR_EXPECTS_RUNNING;
}

static chr_evaluation evaluate_for(chr_player *p, const char *text, size_t len, const char *place,
                                   const char *file, const uint64_t *sample, chr_evaluated *told) {
    chr_evaluation e = {.status = CHR_OK};
    chr_tally_enter(p->tally);
    chr_candidate *c = evaluate(p, text, len, place, file, &e.status);
    if (!c)
        return out_of_memory(e);
    const chr_diags *diags = chr_candidate_diags(c);
    bool whole = file || p->thinning;
    e.n_errors = diags->n_errors;
    if (diags->first && p->listener.diagnostics)
        p->listener.diagnostics(p->listener.context, diags);
    if (e.n_errors > 0) {
        chr_tally_refused(p->tally);
        e.status = CHR_OK;
    }
    if (e.n_errors > 0 || e.status != CHR_OK) {
        chr_candidate_free(c);
        return e;
    }
    for (const chr_request *r = chr_candidate_requests(c); r; r = r->next) {
        if (r->kind == CHR_REQUEST_STANDS_FOR)
            chr_player_note(p, r->text);
        if (r->kind == CHR_REQUEST_FORESEE && r->before && r->after)
            foresee(p, r);
    }
    e.plays_by_itself = chr_candidate_plays_by_itself(c);
    told->asked = only_asks(chr_candidate_requests(c), file || chr_candidate_changes(c));
    chr_arena *arena = chr_arena_new(0);
    if (!arena) {
        chr_candidate_free(c);
        return out_of_memory(e);
    }
    /* A question changes nothing; the text of a file is offered all the same, for the count of what
     * it kept. */
    apply(p, c, arena, whole, sample, &e);
    chr_arena_free(arena);
    told->applied = e.applied;
    told->offer = e.offered && !e.report.same ? chr_engine_offers(p->engine) : 0;
    told->when = p->when;
    return e;
}

static chr_evaluation evaluate_told(chr_player *p, const char *text, size_t len, const char *place,
                                    const char *file, const uint64_t *sample) {
    chr_evaluated told = {.applied = false};
    begins(p, text, len, place, file);
    told.clock = p->position = chr_schedule_typed(p);
    chr_evaluation e = evaluate_for(p, text, len, place, file, sample, &told);
    ended(p, &told);
    chr_schedule_tend(p); /* what was taken back is offered again */
    return e;
}

chr_status chr_player_offer_again(chr_player *p, chr_evaluated *told) {
    *told = (chr_evaluated){.applied = false, .clock = chr_schedule_position(p)};
    p->position = told->clock;
    chr_tally *tally = p->tally; /* it is nobody's evaluation */
    p->tally = NULL;
    p->thinning = true;
    chr_evaluation e = evaluate_for(p, "", 0, "thinning", NULL, NULL, told);
    p->thinning = false;
    p->tally = tally;
    chr_schedule_tend(p);
    return e.status;
}

chr_evaluation chr_player_evaluate(chr_player *p, const char *text, size_t len, const char *place,
                                   const char *file) {
    chr_evaluation e = evaluate_told(p, text, len, place, file, NULL);
    if (!p->tapped[0])
        return e;
    char tempo[sizeof p->tapped];
    memcpy(tempo, p->tapped, sizeof tempo);
    p->tapped[0] = '\0';
    return evaluate_told(p, tempo, strlen(tempo), "tap", NULL, NULL);
}

chr_evaluation chr_player_stop_at(chr_player *p, uint64_t sample) {
    static const char text[] = "now: stop";
    return evaluate_told(p, text, sizeof text - 1, "end", NULL, &sample);
}

bool chr_player_waits(chr_player *p) {
    if (p->offered && (!p->offer || chr_engine_took(p->engine, p->offer, &p->swapped_at))) {
        p->offered = false;
        if (p->swapped_at < p->holds_from)
            p->swapped_at = p->holds_from;
        chr_tally_swapped(p->tally, p->swapped_at);
    }
    return p->offered;
}

void chr_player_tend(chr_player *p) {
    chr_player_waits(p); /* tending may publish a tidied graph, whose swap is not an evaluation's */
    chr_engine_tend(p->engine);
    chr_schedule_tend(p);
    chr_player_thin_tend(p);
    tell_events(p);
    char said[CHR_RECORDER_TEXT];
    tell_recorder(p, chr_recorder_tend(p->recorder, said), said);
    double over_db = chr_looks_wait(p->looks) ? chr_engine_over_db(p->engine) : 0.0;
    p->over_db = over_db > p->over_db ? over_db : p->over_db;
    for (char *text; (text = chr_looks_answer(p->looks)); free(text))
        if (p->listener.answer)
            p->listener.answer(p->listener.context, text);
}

bool chr_player_looks(const chr_player *p) {
    return chr_looks_wait(p->looks);
}

uint64_t chr_player_swapped_at(const chr_player *p) {
    return p->swapped_at;
}
