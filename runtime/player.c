/* runtime/player.c: from text to the engine, and what an evaluation asked for besides sound.
 * SPDX-License-Identifier: MIT */
#include "runtime/player.h"

#include "dsp/registry.h"
#include "lang/stdlib.h"
#include "runtime/files.h"
#include "runtime/looks.h"
#include "runtime/recorder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct chr_player {
    chr_engine *engine;
    chr_session *session;
    chr_files *files;
    chr_looks *looks;
    chr_recorder *recorder;
    chr_listener listener;
    chr_witness witness;
    bool offered;        /* and not yet known to have been taken over */
    uint64_t swapped_at; /* clock of the last take-over */
    float peak[2];       /* greatest since chr_player_read was asked last */
    uint32_t n_channels; /* that are heard */
    chr_tally *tally;    /* may be NULL */
    char *(*stats)(void *context);
    void *stats_context;
    uint32_t n_told; /* channels up to this one were asked for, and the player knows */
};

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
    case CHR_REQUEST_STOP:
    case CHR_REQUEST_HUSH:
        return false;
    case CHR_REQUEST_PRINT:
    case CHR_REQUEST_SAVE:
    case CHR_REQUEST_GENERATE:
    case CHR_REQUEST_STATS:
    case CHR_REQUEST_METERS:
    case CHR_REQUEST_SCOPE:
    case CHR_REQUEST_SPECTRUM:
    case CHR_REQUEST_RECORD:
    case CHR_REQUEST_STOP_RECORDING:
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

chr_player *chr_player_new(const chr_player_options *options) {
    chr_player *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->listener = options->listener;
    p->witness = options->witness;
    p->tally = options->tally;
    p->stats = options->stats;
    p->stats_context = options->stats_context;
    p->files = chr_files_new(options->folder);
    p->engine = chr_engine_new(&options->engine);
    p->n_channels = p->n_told = (uint32_t)options->engine.n_channels;
    if (p->files) {
        chr_session_options about = {
            .modules = {chr_registry_modules(), chr_registry_count()},
            .library = chr_stdlib,
            .n_library = chr_stdlib_count,
            .seed = options->seed,
            .allow_save = options->allow_save,
            .read = read_file,
            .context = p,
        };
        p->session = chr_session_new(&about);
    }
    if (p->engine)
        p->looks = chr_looks_new(p->engine, options->drawn);
    if (p->engine && p->files)
        p->recorder = chr_recorder_new(p->engine, p->files);
    if (p->files && p->engine && p->session && p->looks && p->recorder)
        return p;
    chr_player_free(p);
    return NULL;
}

static void note(const chr_player *p, const char *text) {
    if (p->listener.note)
        p->listener.note(p->listener.context, text);
}

static void trouble(const chr_player *p, chr_evaluation *e, const char *text) {
    if (e)
        e->trouble = true;
    if (p->listener.trouble)
        p->listener.trouble(p->listener.context, text);
}

static void tell_recorder(const chr_player *p, chr_recorder_news news, const char *said) {
    if (news == CHR_RECORDER_DONE)
        note(p, said);
    else if (news == CHR_RECORDER_TROUBLE)
        trouble(p, NULL, said);
}

void chr_player_free(chr_player *p) {
    if (!p)
        return;
    if (p->session)
        chr_session_free(p->session);
    chr_looks_free(p->looks);
    char said[CHR_RECORDER_TEXT];
    if (p->recorder)
        tell_recorder(p, chr_recorder_finish(p->recorder, said), said);
    chr_recorder_free(p->recorder);
    if (p->engine)
        chr_engine_free(p->engine);
    chr_files_free(p->files);
    free(p);
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

/* `> out 5` where four channels are open is heard by nobody: said once. */
static void tell_channels(chr_player *p, const chr_ir *ir) {
    for (uint32_t i = 0; i < ir->n_owners; i++)
        for (uint32_t k = 0; k < ir->owners[i].n_outs; k++) {
            const chr_ir_owner *o = &ir->owners[i];
            uint32_t channel = o->outs[k].channel + 1;
            char text[256];
            if (channel <= p->n_told)
                continue;
            p->n_told = channel;
            snprintf(text, sizeof text,
                     "%.80s goes to channel %u, and %u %s open: --channels %u opens it", o->name,
                     channel, p->n_channels, p->n_channels == 1 ? "is" : "are", channel);
            note(p, text);
        }
}

static void report_write(chr_player *p, chr_evaluation *e, chr_write_status status,
                         const char *path) {
    char text[512];
    switch (status) {
    case CHR_WRITE_OK:
        snprintf(text, sizeof text, "saved as %s", path);
        note(p, text);
        return;
    case CHR_WRITE_THERE:
        snprintf(text, sizeof text, "%s is there already and was left as it is", path);
        note(p, text);
        return;
    case CHR_WRITE_BAD_NAME:
        snprintf(text, sizeof text, "%s was not written: the name of a saved thing is a plain name",
                 path);
        break;
    case CHR_WRITE_FAILED:
        snprintf(text, sizeof text, "%s could not be written: %s", path, strerror(errno));
        break;
    }
    e->trouble = true;
    if (p->listener.trouble)
        p->listener.trouble(p->listener.context, text);
}

static void answer_stats(const chr_player *p) {
    if (!p->stats) {
        note(p, "stats tells of what is played live: at the prompt, and in `run`");
        return;
    }
    char *text = p->stats(p->stats_context);
    if (text && p->listener.answer)
        p->listener.answer(p->listener.context, text);
    free(text);
}

static void record(chr_player *p, chr_evaluation *e, const chr_request *r) {
    char said[CHR_RECORDER_TEXT] = "";
    if (r->kind == CHR_REQUEST_RECORD
            ? chr_recorder_begin(p->recorder, r->name, r->text != NULL, said)
            : chr_recorder_end(p->recorder, said)) {
        if (*said)
            note(p, said);
    } else {
        trouble(p, e, said);
    }
}

static void look(chr_player *p, chr_evaluation *e, chr_look_kind kind, const char *name) {
    if (chr_looks_begin(p->looks, kind, name))
        return;
    trouble(p, e, "too many are looking already: wait a moment");
}

static void do_request(chr_player *p, chr_evaluation *e, const chr_request *r) {
    char path[256];
    switch (r->kind) {
    case CHR_REQUEST_PLAY:
        chr_engine_play(p->engine);
        break;
    case CHR_REQUEST_STOP:
        chr_engine_stop(p->engine);
        break;
    case CHR_REQUEST_HUSH:
        chr_engine_hush(p->engine);
        break;
    case CHR_REQUEST_PRINT:
        if (p->listener.answer)
            p->listener.answer(p->listener.context, r->text);
        break;
    case CHR_REQUEST_STATS:
        answer_stats(p);
        break;
    case CHR_REQUEST_SAVE:
        report_write(p, e, chr_files_save_patch(p->files, r->name, r->text, path), path);
        break;
    case CHR_REQUEST_GENERATE:
        report_write(p, e, chr_files_new_module(p->files, r->name, r->text, path), path);
        break;
    case CHR_REQUEST_RECORD:
    case CHR_REQUEST_STOP_RECORDING:
        record(p, e, r);
        break;
    case CHR_REQUEST_METERS:
        look(p, e, CHR_LOOK_METERS, NULL);
        break;
    case CHR_REQUEST_SCOPE:
        look(p, e, CHR_LOOK_SCOPE, r->name);
        break;
    case CHR_REQUEST_SPECTRUM:
        look(p, e, CHR_LOOK_SPECTRUM, r->name);
        break;
    case CHR_REQUEST_QUIT:
        e->quit = true;
        break;
    }
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
        *last = r;
        last = &r->next;
    }
    *good = !chr_arena_failed(arena);
    return first;
}

/* `stop` is for the next bar, for what drones too. With the clock stopped nothing waits. */
static chr_offer_when moment_of(const chr_player *p, const chr_request *requests) {
    chr_offer_when when = {.timed = false};
    if (!requests || requests->next || requests->kind != CHR_REQUEST_STOP)
        return when;
    double bar = chr_engine_next_beat(p->engine, chr_engine_beats_per_bar(p->engine));
    when.sample = chr_engine_sample_of_beat(p->engine, bar);
    when.timed = when.sample != UINT64_MAX;
    return when;
}

static chr_evaluation out_of_memory(chr_evaluation e) {
    e.status = CHR_NO_MEMORY;
    return e;
}

static chr_evaluation evaluate(chr_player *p, const char *text, size_t len, const char *place,
                               const char *file, chr_evaluated *told) {
    chr_evaluation e = {.status = CHR_OK};
    chr_tally_enter(p->tally);
    chr_candidate *c = chr_session_evaluate(p->session, text, len, place, file);
    if (!c)
        return out_of_memory(e);
    const chr_diags *diags = chr_candidate_diags(c);
    e.n_errors = diags->n_errors;
    if (diags->first && p->listener.diagnostics)
        p->listener.diagnostics(p->listener.context, diags);
    /* A question changes nothing; the text of a file is offered all the same, for the count of what
     * it kept. */
    if (e.n_errors > 0)
        chr_tally_refused(p->tally);
    bool offer = e.n_errors == 0 && (file || chr_candidate_changes(c));
    chr_ir *ir = offer ? chr_candidate_take_ir(c) : NULL;
    if (e.n_errors > 0 || (offer && !ir)) {
        chr_candidate_free(c);
        return e.n_errors == 0 ? out_of_memory(e) : e;
    }
    e.plays_by_itself = chr_candidate_plays_by_itself(c);
    told->asked = only_asks(chr_candidate_requests(c), offer);
    bool good = false;
    chr_arena *arena = chr_arena_new(0);
    chr_request *requests = arena ? copy_requests(chr_candidate_requests(c), arena, &good) : NULL;
    if (!good) {
        if (ir)
            chr_ir_free(ir);
        chr_candidate_free(c);
        if (arena)
            chr_arena_free(arena);
        return out_of_memory(e);
    }
    if (ir)
        tell_channels(p, ir);
    chr_offer_when when = moment_of(p, requests);
    if (ir)
        e.status = chr_engine_offer_when(p->engine, ir, &when, &e.report);
    if (e.status != CHR_OK) {
        chr_candidate_free(c);
        chr_arena_free(arena);
        return e;
    }
    p->offered = p->offered || ir;
    told->offer = ir && !e.report.same ? chr_engine_offers(p->engine) : 0;
    told->when = when;
    if (ir)
        chr_tally_applied(p->tally, chr_engine_waits(p->engine));
    e.applied = true;
    chr_session_commit(p->session, c);
    for (const chr_request *r = requests; r; r = r->next)
        do_request(p, &e, r);
    chr_arena_free(arena);
    return e;
}

chr_evaluation chr_player_evaluate(chr_player *p, const char *text, size_t len, const char *place,
                                   const char *file) {
    chr_evaluated told = {.applied = false};
    begins(p, text, len, place, file);
    chr_evaluation e = evaluate(p, text, len, place, file, &told);
    told.applied = e.applied;
    ended(p, &told);
    return e;
}

bool chr_player_waits(chr_player *p) {
    if (p->offered && !chr_engine_waits(p->engine)) {
        p->offered = false;
        p->swapped_at = chr_player_look(p).last_swap;
        chr_tally_swapped(p->tally, p->swapped_at);
    }
    return p->offered;
}

void chr_player_tend(chr_player *p) {
    chr_player_waits(p); /* tending may publish a tidied graph, whose swap is not an evaluation's */
    chr_engine_tend(p->engine);
    tell_events(p);
    char said[CHR_RECORDER_TEXT];
    tell_recorder(p, chr_recorder_tend(p->recorder, said), said);
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
