/* lang/session.c: one evaluation from its text to its meaning, and the session's past.
 * SPDX-License-Identifier: MIT */
#include "lang/session_state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

chr_session *chr_session_new(const chr_session_options *options) {
    chr_session *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->options = *options;
    s->n_past = 1;
    s->library = chr_library_new(options->library, options->n_library);
    s->past[0] = chr_state_new();
    if (!s->library || !s->past[0]) {
        chr_session_free(s);
        return NULL;
    }
    chr_state_seal(s->past[0]);
    s->past[0]->version = s->versions = 1;
    return s;
}

void chr_session_free(chr_session *s) {
    if (!s)
        return;
    for (int i = 0; i < s->n_past; i++)
        chr_state_drop(s->past[i]);
    while (s->n_thinned > 0)
        chr_session_thin(s, s->thinned[0].patch, 0);
    free(s->thinned);
    chr_library_free(s->library);
    free(s);
}

const chr_state *chr_session_state(const chr_session *s) {
    return s->past[s->now];
}

char *chr_session_text(const chr_session *s) {
    return chr_state_text(chr_session_state(s));
}

/* ---- the candidate ---- */

void chr_candidate_free(chr_candidate *c) {
    if (!c)
        return;
    for (chr_candidate *tried = c->tried, *next; tried; tried = next) {
        next = tried->next_tried;
        chr_candidate_free(tried);
    }
    for (chr_kept_ir *kept = c->kept; kept; kept = kept->next)
        chr_ir_free(kept->ir);
    chr_ir_free(c->ir);
    chr_state_drop(c->state);
    for (int i = 0; i < c->n_scripts; i++)
        chr_script_drop(c->scripts[i]);
    free(c->scripts);
    chr_arena_free(c->arena);
    free(c);
}

chr_candidate *chr_candidate_new(const chr_session *s, const chr_state *state) {
    chr_candidate *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->session = s;
    c->base = chr_session_state(s);
    c->last_request = &c->first_request;
    c->arena = chr_arena_new(0);
    c->state = chr_state_copy(state);
    if (!c->arena || !c->state) {
        chr_candidate_free(c);
        return NULL;
    }
    chr_diags_init(&c->diags, c->arena);
    return c;
}

/* Keeps a script that was made, or says that it was not. */
static chr_script *keep(chr_candidate *c, chr_script *script) {
    if (script && c->n_scripts == c->scripts_room) {
        int room = c->scripts_room ? c->scripts_room * 2 : 4;
        chr_script **scripts = realloc(c->scripts, (size_t)room * sizeof *scripts);
        if (scripts) {
            c->scripts = scripts;
            c->scripts_room = room;
        } else {
            chr_script_drop(script);
            script = NULL;
        }
    }
    if (script)
        c->scripts[c->n_scripts++] = script;
    else
        c->failed = true;
    return script;
}

chr_script *chr_candidate_parse(chr_candidate *c, const char *text, size_t len, const char *place,
                                const char *file) {
    return keep(c, chr_script_new(text, len, place, file, &c->diags));
}

chr_script *chr_candidate_keep(chr_candidate *c, const char *text, size_t len, const char *place) {
    return keep(c, chr_script_of_data(text, len, place));
}

chr_asked *chr_candidate_ask(chr_candidate *c, chr_request_kind kind, const char *name,
                             const char *text) {
    chr_asked *asked = CHR_NEW(c->arena, chr_asked);
    if (!asked) {
        c->failed = true;
        return NULL;
    }
    asked->request.kind = kind;
    asked->request.name = name ? chr_arena_copy(c->arena, name, strlen(name)) : NULL;
    asked->request.text = text ? chr_arena_copy(c->arena, text, strlen(text)) : NULL;
    *c->last_request = &asked->request;
    c->last_request = &asked->request.next;
    return asked;
}

bool chr_candidate_spend(chr_candidate *c, chr_span span, int64_t n) {
    const int64_t most = (int64_t)CHR_MAX_WORK * 1000000;
    bool before = c->work <= most;
    c->work += n;
    if (before && c->work > most)
        chr_report(&c->diags, CHR_E582, span, (int)CHR_MAX_WORK);
    return c->work <= most;
}

bool chr_candidate_spend_on(chr_candidate *c, const chr_state *state, const char *owner,
                            chr_span span) {
    int64_t n = chr_state_count_of(state, owner);
    return chr_candidate_spend(c, span, n * n);
}

/* ---- the check ---- */

static bool plays(void *context, const char *name) {
    const chr_candidate *c = context;
    return chr_play_is_on(&c->state->play, name);
}

static uint32_t voices(void *context, const char *owner, uint32_t asked) {
    const chr_candidate *c = context;
    return chr_session_voices(c->session, owner, asked);
}

static uint64_t seed_of(const chr_session *s, const chr_state *state) {
    int i = chr_state_find(state, "seed");
    const chr_ast *number =
        i >= 0 ? chr_ast_part(state->entries[i].statement, CHR_AST_NUMBER) : NULL;
    return number && number->number >= 0 && number->number < 9e15 ? (uint64_t)number->number
                                                                  : s->options.seed;
}

void chr_candidate_check(chr_candidate *c) {
    chr_state *state = c->state;
    const chr_session *s = c->session;
    int n_library = 0;
    const chr_ast *const *library = chr_library_modules(s->library, &n_library);
    const chr_ast **statements = malloc(((size_t)state->n + 1) * sizeof *statements);
    if (!statements || !library) {
        free(statements);
        c->failed = true;
        return;
    }
    int n = 0;
    for (int i = 0; i < state->n; i++)
        if (state->entries[i].statement && !state->entries[i].once)
            statements[n++] = state->entries[i].statement;
    chr_position now = chr_candidate_position(c);
    now.looped = c->fired ? c->looped : now.looped;
    chr_program program = {.statements = statements,
                           .n = n,
                           .library = library,
                           .n_library = n_library,
                           .modules = s->options.modules,
                           .seed = seed_of(s, state),
                           .beat = chr_candidate_beat(c),
                           .played = now.looped + now.jumped,
                           .plays = plays,
                           .voices = voices,
                           .context = c,
                           .knobs = c->knobs};
    c->ir = chr_check(&program, &c->diags);
    if (c->diags.n_errors > 0) {
        chr_ir_free(c->ir);
        c->ir = NULL;
    } else if (!c->ir) {
        c->failed = true;
    }
    free(statements);
    if (c->ir) {
        chr_time_map_drop(state->time);
        state->time = chr_time_map_share(c->ir->time);
        state->quantum = c->ir->quantum;
        state->follows_tempo = c->ir->follows_tempo;
    }
}

/* "`kick` is new", said of what was there before this evaluation. */
static bool is_no_news(const chr_candidate *c, const chr_diag *d) {
    if (d->code != CHR_N301 || !d->span.source)
        return false;
    const char *name =
        chr_arena_copy(c->arena, d->span.source->text + d->span.from, d->span.to - d->span.from);
    const char *owner = name ? chr_owner_of_target(name, c->arena) : NULL;
    return owner && chr_state_has_owner(c->base, owner);
}

/* A warning about what was said in an earlier evaluation was shown then. */
static void forget_old_warnings(chr_candidate *c) {
    chr_diag **at = &c->diags.first;
    while (*at) {
        chr_diag *d = *at;
        bool own = d->severity == CHR_ERROR || !d->span.source;
        for (int i = 0; i < c->n_scripts && !own; i++)
            own = d->span.source == &c->scripts[i]->source;
        if (own && !is_no_news(c, d)) {
            at = &d->next;
            continue;
        }
        *at = d->next;
        c->diags.n_warnings -= d->severity == CHR_WARNING;
        c->diags.n_kept--;
    }
    c->diags.last = at;
    c->diags.newest = NULL;
}

static void answer_questions(chr_candidate *c) {
    size_t bytes = 0;
    for (chr_request *r = c->first_request; r; r = r->next) {
        const chr_asked *asked = (const chr_asked *)r;
        if (!asked->question)
            continue;
        if (bytes > (size_t)CHR_MAX_ANSWERS << 20) {
            chr_report(&c->diags, CHR_E583, asked->question->span, (int)CHR_MAX_ANSWERS);
            c->first_request = NULL;
            return;
        }
        char *text = chr_answer(c->session, c->state, c->ir, asked->question);
        char *facts = chr_answer_facts(c->state, asked->question);
        r->text = text ? chr_arena_copy(c->arena, text, strlen(text)) : NULL;
        r->facts = facts ? chr_arena_copy(c->arena, facts, strlen(facts)) : NULL;
        c->failed |= !r->text;
        bytes += (text ? strlen(text) : 0) + (facts ? strlen(facts) : 0);
        free(text);
        free(facts);
    }
}

/* ---- evaluation ---- */

/* What `history` shows: the first line that says something. */
static char *label_of(const char *text, size_t len, const char *file) {
    enum { MOST = 60 };
    if (file)
        return strdup(file);
    while (len > 0 && strchr(" \t\r\n", *text)) {
        text++;
        len--;
    }
    size_t n = 0;
    while (n < len && n < MOST && text[n] != '\n' && text[n] != '\r' && text[n] != '\0')
        n++;
    while (n > 0 && n < len && (text[n] & 0xc0) == 0x80)
        n--; /* not in the middle of a character */
    size_t rest = n;
    while (rest < len && strchr(" \t\r\n", text[rest]))
        rest++;
    static const char more[] = " …";
    char *label = malloc(n + sizeof more);
    if (!label)
        return NULL;
    memcpy(label, text, n);
    memcpy(label + n, more, sizeof more);
    if (rest == len)
        label[n] = '\0';
    return label;
}

/* The check of what was applied, and of what will come. */
static void conclude(chr_candidate *c, bool typed) {
    c->failed |= c->state->failed;
    if (!c->failed)
        chr_candidate_check(c);
    if (!c->failed && c->ir)
        chr_make_glides(c);
    if (c->failed)
        return;
    chr_state_seal(c->state);
    if (c->ir)
        chr_foresee(c, typed);
    if (c->ir && typed)
        chr_tell_settings(c);
    forget_old_warnings(c);
}

static void evaluate(chr_candidate *c, const char *text, size_t len, const char *place,
                     const char *file) {
    chr_script *script = chr_candidate_parse(c, text, len, place, file);
    if (!script)
        return;
    chr_setting setting = {.script = script};
    if (file)
        chr_apply_file(c, &setting);
    else
        chr_apply_script(c, &setting);
    conclude(c, !file);
    if (c->failed)
        return;
    if (c->diags.n_errors > 0)
        c->first_request = NULL;
    else
        answer_questions(c);
    const chr_session *s = c->session;
    const chr_state *base = s->past[s->now - c->undone];
    c->edited = !chr_state_same(c->state, base);
    c->state->version = c->edited ? s->versions + 1 : base->version;
    if (c->ir)
        c->ir->version = c->state->version;
    free(c->state->label);
    c->state->label = label_of(text, len, file);
    c->failed |= !c->state->label || chr_arena_failed(c->arena);
}

chr_candidate *chr_session_evaluate(const chr_session *s, const char *text, size_t len,
                                    const char *place, const char *file) {
    chr_candidate *c = chr_candidate_new(s, chr_session_state(s));
    if (!c)
        return NULL;
    evaluate(c, text, len, place, file);
    if (!c->failed)
        return c;
    chr_candidate_free(c);
    return NULL;
}

const chr_diags *chr_candidate_diags(const chr_candidate *c) {
    return &c->diags;
}
chr_diags *chr_candidate_judge(chr_candidate *c) {
    return &c->diags;
}
const chr_request *chr_candidate_requests(const chr_candidate *c) {
    return c->first_request;
}
bool chr_candidate_plays_by_itself(const chr_candidate *c) {
    return !c->state->play.said;
}
bool chr_candidate_changes(const chr_candidate *c) {
    return c->edited || c->undone != 0;
}

bool chr_candidate_forced(const chr_candidate *c) {
    return c->forced;
}
const chr_ir *chr_candidate_meaning(const chr_candidate *c) {
    return c->ir;
}

chr_ir *chr_candidate_take_ir(chr_candidate *c) {
    if (c->diags.n_errors > 0) /* what waits may have had one, after the whole was checked */
        return NULL;
    chr_ir *ir = c->ir;
    c->ir = NULL;
    return ir;
}

/* What a pattern plays by: its own text, and settings that all of them share. */
static bool bears_on_patterns(const char *key) {
    static const char *const words[] = {"pattern",  "key",  "tuning", "swing",
                                        "humanize", "seed", "values"};
    size_t len = strcspn(key, " ");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == len && strncmp(key, words[i], len) == 0)
            return true;
    return false;
}

/* True if the states differ in their patterns, or in who plays. */
static bool patterns_differ(const chr_state *a, const chr_state *b) {
    if (a->play.chosen != b->play.chosen || a->play.n_names != b->play.n_names)
        return true;
    for (int i = 0; i < a->play.n_names; i++)
        if (strcmp(a->play.names[i], b->play.names[i]) != 0)
            return true;
    int i = 0, k = 0;
    for (;;) {
        while (i < a->n && !bears_on_patterns(a->entries[i].key))
            i++;
        while (k < b->n && !bears_on_patterns(b->entries[k].key))
            k++;
        if (i == a->n || k == b->n)
            return i < a->n || k < b->n;
        if (!chr_ast_same(a->entries[i++].statement, b->entries[k++].statement))
            return true;
    }
}

bool chr_candidate_patterns_now(const chr_candidate *c) {
    return (c->patterns_now || c->fired) && patterns_differ(c->state, c->base);
}

/* ---- what waits ---- */

static const chr_state *state_after(const chr_session *s, const chr_candidate *after) {
    return after ? after->state : chr_session_state(s);
}

double chr_session_due(const chr_session *s, const chr_candidate *after, double done,
                       double looped) {
    const chr_state *state = state_after(s, after);
    double first = HUGE_VAL;
    for (int i = 0; i < state->n; i++)
        first = fmin(first, chr_entry_due(state, &state->entries[i], done, looped));
    return first;
}

/* Where a tempo begins, and on a ramp each beat of it. */
double chr_session_turn(const chr_session *s, const chr_candidate *after, double done,
                        double played) {
    const chr_state *state = state_after(s, after);
    const chr_time_map *time = state->time;
    const double shift = time->goes_on ? played : 0;
    double turn = HUGE_VAL;
    if (!state->follows_tempo || time->n_tempi == 1)
        return turn;
    uint32_t i = chr_time_map_part(time, done + shift, 0);
    if (i + 1 < time->n_tempi)
        turn = time->tempi[i + 1].beat - shift;
    if (time->tempi[i].slope != 0)
        turn = fmin(turn, floor(done + 1e-9) + 1);
    return fmax(turn, 0);
}

bool chr_session_hears_place(const chr_session *s, const chr_candidate *after, double a, double b) {
    const chr_state *state = state_after(s, after);
    return state->follows_tempo && !state->time->goes_on &&
           chr_time_map_bpm(state->time, a) != chr_time_map_bpm(state->time, b);
}

chr_candidate *chr_session_fire(const chr_session *s, const chr_candidate *after, double done,
                                double beat, double looped) {
    const chr_state *base = state_after(s, after);
    const uint64_t versions = after ? after->versions : s->versions;
    chr_candidate *c = chr_candidate_new(s, base);
    if (!c)
        return NULL;
    c->base = base;
    c->done = done;
    c->beat = beat;
    c->looped = looped;
    chr_fire(c);
    conclude(c, false);
    if (!c->failed && c->diags.n_errors > 0) { /* nothing changes, save that it waits no more */
        chr_state *state = chr_state_copy(base);
        if (state)
            chr_drop_fired(state, beat + looped);
        c->failed |= !state || state->failed;
        if (state)
            chr_state_seal(state);
        chr_state_drop(c->state);
        c->state = state;
        c->first_request = NULL;
    }
    if (!c->failed && c->diags.n_errors == 0)
        answer_questions(c);
    const char *label = base->label;
    if (!c->failed) {
        c->edited = !chr_state_same(c->state, base);
        c->state->version = c->edited ? versions + 1 : base->version;
        c->versions = c->edited ? versions + 1 : versions;
        if (c->ir)
            c->ir->version = c->state->version;
        free(c->state->label);
        c->state->label = label ? strdup(label) : NULL;
        c->failed |= (label && !c->state->label) || chr_arena_failed(c->arena);
    }
    if (!c->failed)
        return c;
    chr_candidate_free(c);
    return NULL;
}
