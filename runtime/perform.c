/* runtime/perform.c: a journal, played again.
 * SPDX-License-Identifier: MIT */
#include "runtime/perform.h"

#include "dsp/registry.h"
#include "lang/stdlib.h"
#include "runtime/fade.h"
#include "runtime/journal_input.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { REMARKS = 8 };

struct chr_performance {
    const chr_journal_text *journal;
    chr_engine *engine;
    chr_session *session;
    uint64_t clock;               /* frames made */
    size_t next;                  /* record that is looked at next for what takes effect */
    size_t evaluated;             /* records up to here have been evaluated */
    uint64_t expected[CHR_CHUNK]; /* moments of what is on its way, to be compared */
    int n_expected;
    bool differs;
    chr_journal_reader reader;
    uint64_t fade;          /* frame at which the last fade begins */
    chr_position then;      /* of the clock, at the evaluation that is done again */
    chr_heard_again *input; /* what the device heard; NULL: nothing */
    int n_inputs;
    float *in, *chunk; /* [CHR_CHUNK][n_inputs], [CHR_CHUNK][channels] */
    char remarks[REMARKS][CHR_JOURNAL_TEXT];
    int n_remarks, n_told;
};

static void remark(chr_performance *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void remark(chr_performance *p, const char *format, ...) {
    va_list args;
    va_start(args, format);
    if (p->n_remarks < REMARKS)
        vsnprintf(p->remarks[p->n_remarks++], CHR_JOURNAL_TEXT, format, args);
    va_end(args);
}

const char *chr_perform_remark(chr_performance *p) {
    return p->n_told < p->n_remarks ? p->remarks[p->n_told++] : NULL;
}

static chr_position position_then(void *context) {
    return ((const chr_performance *)context)->then;
}

static void look_through(chr_performance *p, const char *program) {
    const chr_journal_text *t = p->journal;
    const char *then = chr_record_text(&t->records[0], "program", "");
    if (strcmp(then, program) != 0)
        remark(p, "it was played by version %.40s, and this is %.40s: the sound may differ", then,
               program);
    for (size_t i = 0; i < t->n; i++) {
        const char *gap = chr_record_text(&t->records[i], "gap", NULL);
        if (gap)
            remark(p, "%.200s at sample %llu: from there on it may differ from what was heard", gap,
                   (unsigned long long)chr_record_number(&t->records[i], "at", 0));
    }
    if (*t->damage)
        remark(p, "%s", t->damage);
    else if (!t->whole)
        remark(p, "the session did not end by itself: this is as far as it is known");
}

/* What the device heard then. False: memory is out. */
static bool open_input(chr_performance *p) {
    char why[CHR_JOURNAL_TEXT];
    uint64_t at = 0;
    p->in = calloc((size_t)CHR_CHUNK * (size_t)(p->n_inputs + 1), sizeof *p->in);
    p->chunk = calloc((size_t)CHR_CHUNK * (size_t)(chr_perform_channels(p) + 1), sizeof *p->chunk);
    if (!p->in || !p->chunk)
        return false;
    p->input = chr_heard_again_open(p->journal, why, &at);
    if (*why)
        remark(p, "%.300s: from sample %llu on it may differ from what was heard", why,
               (unsigned long long)at);
    return true;
}

chr_performance *chr_perform_open(const chr_journal_text *journal,
                                  const chr_perform_options *options) {
    chr_performance *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    const chr_record *header = &journal->records[0];
    p->journal = journal;
    p->next = p->evaluated = 1;
    p->reader.journal = journal;
    p->fade = chr_record_number(&journal->records[journal->n - 1], "fade", UINT64_MAX);
    chr_engine_options about = {
        .rate_hz = (float)chr_record_real(header, "rate", 0),
        .isa = options->isa,
        .lanes = options->lanes,
        .threads = options->threads,
        .ceiling = chr_record_true(header, "ceiling") && !options->no_ceiling,
        .stems = options->stems,
        .n_channels = (int)chr_record_number(header, "channels", 0),
        .n_inputs = (int)chr_record_number(header, "inputs", 0),
    };
    p->n_inputs = about.n_inputs;
    chr_session_options session = {
        .modules = {chr_registry_modules(), chr_registry_count()},
        .library = chr_stdlib,
        .n_library = chr_stdlib_count,
        .seed = chr_record_number(header, "seed", 0),
        .read = chr_journal_read_then,
        .context = &p->reader,
        .position = position_then,
        .clock = p,
    };
    p->engine = chr_engine_new(&about);
    p->session = chr_session_new(&session);
    if (p->engine && p->session && open_input(p)) {
        look_through(p, options->program);
        return p;
    }
    chr_perform_close(p);
    return NULL;
}

void chr_perform_close(chr_performance *p) {
    if (!p)
        return;
    if (p->engine)
        chr_engine_free(p->engine);
    if (p->session)
        chr_session_free(p->session);
    chr_heard_again_close(p->input);
    free(p->in);
    free(p->chunk);
    free(p);
}

double chr_perform_rate(const chr_performance *p) {
    return chr_record_real(&p->journal->records[0], "rate", 0);
}

int chr_perform_channels(const chr_performance *p) {
    return (int)chr_record_number(&p->journal->records[0], "channels", 0);
}

chr_engine *chr_perform_engine(chr_performance *p) {
    return p->engine;
}

uint64_t chr_perform_length(const chr_performance *p) {
    static const char *const moments[] = {"at", "alive", "end"};
    uint64_t length = 0;
    for (size_t i = 0; i < p->journal->n; i++)
        for (int k = 0; k < 3; k++) {
            uint64_t at = chr_record_number(&p->journal->records[i], moments[k], 0);
            length = at > length ? at : length;
        }
    return length;
}

/* ---- evaluations ---- */

static bool explain(const chr_performance *p, const chr_diags *diags, char why[CHR_JOURNAL_TEXT]) {
    const chr_diag *d = diags->first;
    while (d && d->severity != CHR_ERROR)
        d = d->next;
    snprintf(why, CHR_JOURNAL_TEXT, "line %zu cannot be evaluated again: %.300s", p->evaluated + 1,
             d ? d->message : "it has an error");
    return false;
}

/* The evaluation of one record, committed; *ir is what it would offer, or NULL. */
static bool evaluate(chr_performance *p, const chr_record *r, chr_ir **ir,
                     char why[CHR_JOURNAL_TEXT]) {
    const chr_field *text = chr_record_field(r, "text", CHR_FIELD_TEXT);
    p->reader.at = p->evaluated;
    p->then.running = chr_record_true(r, "running");
    p->then.beat = chr_record_real(r, "position", 0);
    p->then.looped = chr_record_real(r, "looped", 0);
    p->then.jumped = chr_record_real(r, "jumped", 0);
    p->then.said_at = chr_record_real(r, "said", 0);
    const double fired = chr_record_real(r, "fired", -1);
    chr_candidate *c =
        fired >= 0 ? chr_session_fire(p->session, NULL, chr_record_real(r, "done", -1), fired,
                                      p->then.looped)
                   : chr_session_evaluate(p->session, text ? text->text : "", text ? text->len : 0,
                                          chr_record_text(r, "place", "typed"),
                                          chr_record_text(r, "file", NULL));
    *ir = c ? chr_candidate_take_ir(c) : NULL;
    if (!c || (!*ir && chr_candidate_diags(c)->n_errors == 0)) {
        chr_candidate_free(c);
        snprintf(why, CHR_JOURNAL_TEXT, "memory is out");
        return false;
    }
    if (chr_candidate_diags(c)->n_errors > 0 && fired < 0) {
        explain(p, chr_candidate_diags(c), why);
        chr_candidate_free(c);
        return false;
    }
    chr_session_commit(p->session, c);
    return true;
}

static chr_offer_when when_of(const chr_record *r, uint64_t at) {
    const char *act = chr_record_text(r, "clock", "");
    return (chr_offer_when){
        .timed = true,
        .sample = at,
        .behind = true,
        .patterns = chr_record_true(r, "patterns"),
        .clock = !strcmp(act, "start")   ? CHR_CLOCK_START
                 : !strcmp(act, "stop")  ? CHR_CLOCK_STOP
                 : !strcmp(act, "jump")  ? CHR_CLOCK_JUMP
                 : !strcmp(act, "hush")  ? CHR_CLOCK_HUSH
                 : !strcmp(act, "panic") ? CHR_CLOCK_PANIC
                                         : CHR_CLOCK_GOES_ON,
        .beat = chr_record_real(r, "to", 0),
        .moment = chr_record_real(r, "moment", 0),
    };
}

/* Evaluates up to the one whose offer took over at `at`, and offers that. */
static bool take_over(chr_performance *p, uint64_t offer, uint64_t at, char why[CHR_JOURNAL_TEXT]) {
    for (; p->evaluated < p->journal->n; p->evaluated++) {
        const chr_record *r = &p->journal->records[p->evaluated];
        chr_ir *ir = NULL;
        const char *thinned = chr_record_text(r, "thin", NULL);
        if (!chr_record_field(r, "eval", CHR_FIELD_NUMBER) && !thinned)
            continue;
        if (thinned &&
            !chr_session_thin(p->session, thinned, (uint32_t)chr_record_number(r, "voices", 0))) {
            snprintf(why, CHR_JOURNAL_TEXT, "memory is out");
            return false;
        }
        if (!evaluate(p, r, &ir, why))
            return false;
        if (chr_record_number(r, "offer", 0) != offer) {
            chr_ir_free(ir);
            continue;
        }
        p->evaluated++;
        chr_offer_when when = when_of(r, at);
        if (chr_engine_offer_when(p->engine, ir, &when, NULL) == CHR_OK)
            return true;
        snprintf(why, CHR_JOURNAL_TEXT, "memory is out");
        return false;
    }
    snprintf(why, CHR_JOURNAL_TEXT, "line %zu: what takes over there is not in the journal",
             p->next + 1);
    return false;
}

static void command(chr_engine *e, const char *word) {
    static const struct {
        const char *word;
        void (*act)(chr_engine *e);
    } commands[] = {
        {"play",     chr_engine_play    },
        {"stop",     chr_engine_stop    },
        {"stop now", chr_engine_stop_now},
        {"hush",     chr_engine_hush    },
        {"panic",    chr_engine_panic   }
    };
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(commands[i].word, word) == 0)
            commands[i].act(e);
}

/* All that takes effect before sample `end`. */
static bool act(chr_performance *p, uint64_t end, char why[CHR_JOURNAL_TEXT]) {
    for (; p->next < p->journal->n; p->next++) {
        const chr_record *r = &p->journal->records[p->next];
        const chr_field *took = chr_record_field(r, "took", CHR_FIELD_NUMBER);
        const char *word = chr_record_text(r, "do", NULL);
        if (!took && !word)
            continue;
        uint64_t at = chr_record_number(r, "at", 0);
        if (at >= end)
            return true;
        if (took && !take_over(p, took->number, at, why))
            return false;
        if (word)
            command(p->engine, word);
        if (p->n_expected < CHR_CHUNK)
            p->expected[p->n_expected++] = at;
    }
    return true;
}

/* What took effect in the chunk that was made is what the journal says. */
static void compare(chr_performance *p) {
    chr_event event;
    int n = 0;
    bool before = p->differs;
    while (chr_engine_next_event(p->engine, &event)) {
        if (n >= p->n_expected || p->expected[n] != event.at)
            p->differs = true;
        n++;
    }
    if (p->n_expected != n)
        p->differs = true;
    if (p->differs && !before)
        remark(p, "at sample %llu something takes effect otherwise than it did",
               (unsigned long long)p->clock);
    p->n_expected = 0;
}

/* The chunk that begins now. */
static bool make(chr_performance *p, char why[CHR_JOURNAL_TEXT]) {
    chr_engine_tend(p->engine);
    if (!act(p, p->clock + CHR_CHUNK, why))
        return false;
    if (p->input && !chr_heard_again_read(p->input, p->clock, p->in)) {
        remark(p, "what `input` heard ends there: from sample %llu on it may differ",
               (unsigned long long)p->clock);
        chr_heard_again_close(p->input);
        p->input = NULL;
        memset(p->in, 0, sizeof *p->in * CHR_CHUNK * (size_t)p->n_inputs);
    }
    chr_engine_render_heard(p->engine, p->in, p->chunk, CHR_CHUNK);
    compare(p);
    return true;
}

bool chr_perform_render(chr_performance *p, float *out, int n_frames, char why[CHR_JOURNAL_TEXT]) {
    size_t channels = (size_t)chr_perform_channels(p);
    memset(out, 0, (size_t)n_frames * channels * sizeof *out);
    while (n_frames > 0) {
        int past = (int)(p->clock % CHR_CHUNK), left = CHR_CHUNK - past;
        int n = n_frames < left ? n_frames : left;
        if (past == 0 && !make(p, why))
            return false;
        memcpy(out, p->chunk + (size_t)past * channels, (size_t)n * channels * sizeof *out);
        for (int i = 0; i < n && p->clock + (uint64_t)n > p->fade; i++)
            if (p->clock + (uint64_t)i >= p->fade)
                for (size_t c = 0; c < channels; c++)
                    out[(size_t)i * channels + c] *=
                        chr_end_fade(p->clock + (uint64_t)i - p->fade, chr_perform_rate(p));
        p->clock += (uint64_t)n;
        out += (size_t)n * channels;
        n_frames -= n;
    }
    return true;
}
