/* lang/session_wait.c: statements that wait: those with a moment in front, and `play` and `stop`
 * while the clock runs. SPDX-License-Identifier: MIT */
#include "lang/session_state.h"

#include <math.h>
#include <string.h>

#define CHR_LEAST_PERIOD 0.125 /* beats: 1/32 */

bool chr_is_moment(const chr_ast *statement, const char *word) {
    return statement->kind == CHR_AST_WHEN && strcmp(statement->text, word) == 0;
}

const chr_ast *chr_moment_first(const chr_ast *when) {
    const chr_ast *first = when->child;
    return first && (first->kind == CHR_AST_POSITION || first->kind == CHR_AST_NUMBER) ? first->next
                                                                                       : first;
}

/* ---- moments in beats ---- */

static double place_of(const chr_ast *position, const chr_time_map *time) {
    double beat = position->child ? position->child->number - 1 : 0;
    return chr_time_map_bar_beat(time, position->number - 1) + beat;
}

bool chr_beat_of(chr_candidate *c, const chr_ast *position, double *beat) {
    const chr_ast *within = position->child;
    if (position->number >= 1 && (!within || within->number >= 1) && position->number < 1e9 &&
        (!within || within->number < 1e9)) {
        *beat = place_of(position, c->state->time);
        return true;
    }
    chr_report(&c->diags, CHR_E385, position->span);
    return false;
}

/* A length, in its own unit, is a time. */
static bool is_musical(const chr_ast *number) {
    return number->unit == CHR_UNIT_BEATS || number->unit == CHR_UNIT_BARS ||
           number->unit == CHR_UNIT_WHOLES;
}

double chr_beats_long(const chr_ast *length, const chr_time_map *time, double from) {
    double beats = 0;
    if (length->unit == CHR_UNIT_S)
        return chr_time_map_beat(time, from, length->number, 1, 0) - from;
    if (length->unit == CHR_UNIT_BARS)
        return chr_time_map_bars_long(time, from, length->number);
    chr_unit_convert(length->number, length->unit, CHR_UNIT_BEATS, NULL, &beats);
    return beats;
}

/* Of `every`. Where bars are shorter than the least period, several of them. */
static chr_quantum period_of(const chr_ast *when, const chr_time_map *time) {
    const chr_ast *length = when->child;
    chr_quantum period = {length->number, length->unit == CHR_UNIT_BARS};
    double least = HUGE_VAL;
    for (uint32_t i = 0; i < time->n_meters; i++)
        least = fmin(least, time->meters[i].beats);
    if (!period.bars)
        period.n = fmax(chr_beats_long(length, time, 0), CHR_LEAST_PERIOD);
    else if (period.n * least < CHR_LEAST_PERIOD)
        period.n *= ceil(CHR_LEAST_PERIOD / (period.n * least));
    return period;
}

/* Where the beat begins in which the clock is: beats are counted in each bar anew. */
static double beat_under_way(const chr_time_map *time, double now) {
    double bar = chr_time_map_bar_beat(time, chr_time_map_bar(time, now));
    return bar + floor(now - bar + 1e-9);
}

/* Where it acts once, counted from where the clock is: whole bars end with a bar, beats with a
 * beat, seconds wherever they end; `play` and `stop` come at the next multiple of the quantum. */
static double moment_of(const chr_ast *statement, const chr_state *state, double now) {
    const chr_time_map *time = state->time;
    const double bar = chr_time_map_bar(time, now), next = chr_time_map_bar_beat(time, bar + 1);
    if (statement->kind != CHR_AST_WHEN)
        return state->quantum.n > 0 ? chr_time_map_next(time, state->quantum, now) : now;
    if (chr_is_moment(statement, "next-beat"))
        return fmin(beat_under_way(time, now) + 1, next);
    if (chr_is_moment(statement, "next-bar"))
        return next;
    const chr_ast *length = statement->child;
    double from = length->unit == CHR_UNIT_BARS    ? chr_time_map_bar_beat(time, bar)
                  : length->unit == CHR_UNIT_BEATS ? beat_under_way(time, now)
                                                   : now;
    return from + chr_beats_long(length, time, from);
}

double chr_entry_due(const chr_state *state, const chr_entry *entry, double done, double looped) {
    const chr_ast *s = entry->statement;
    if (!s)
        return HUGE_VAL;
    if (entry->once)
        return entry->beat - looped;
    if (s->kind != CHR_AST_WHEN)
        return HUGE_VAL;
    if (chr_is_moment(s, "at")) {
        double beat = place_of(s->child, state->time);
        return beat > done ? beat : HUGE_VAL;
    }
    chr_quantum period = period_of(s, state->time);
    return chr_time_map_after(state->time, period, fmax(done, 0));
}

chr_position chr_candidate_position(const chr_candidate *c) {
    const chr_session_options *o = &c->session->options;
    chr_position p = o->position ? o->position(o->clock) : (chr_position){.running = false};
    for (const chr_request *r = c->first_request; r; r = r->next) {
        p.running |= r->kind == CHR_REQUEST_PLAY || r->kind == CHR_REQUEST_PLAY_FROM;
        if (r->kind == CHR_REQUEST_PLAY_FROM)
            p.beat = r->beat;
    }
    return p;
}

double chr_candidate_beat(const chr_candidate *c) {
    return c->fired ? c->beat : chr_candidate_position(c).beat;
}

/* ---- what is said ---- */

bool chr_moment_is_good(chr_candidate *c, const chr_ast *when) {
    const chr_ast *first = when->child;
    double beat;
    bool good = true;
    if (first && first->kind == CHR_AST_POSITION) {
        good = chr_beat_of(c, first, &beat);
    } else if (chr_is_moment(when, "every")) {
        good = is_musical(first) &&
               chr_beats_long(first, c->state->time, 0) >= CHR_LEAST_PERIOD - 1e-9;
        if (!good)
            chr_report(&c->diags, CHR_E386, first->span);
    } else if (first && first->kind == CHR_AST_NUMBER && !is_musical(first) &&
               first->unit != CHR_UNIT_S) {
        const char *text = chr_arena_copy(c->arena, first->span.source->text + first->span.from,
                                          first->span.to - first->span.from);
        chr_report(&c->diags, CHR_E384, first->span, text ? text : "");
        good = false;
    }
    for (const chr_ast *s = chr_moment_first(when); s; s = s->next)
        if (s->kind == CHR_AST_WHEN) {
            chr_report(&c->diags, CHR_E383, s->span, chr_statement_word(s),
                       chr_statement_word(when));
            good = false;
        }
    return good;
}

double chr_beat_in_loop(const chr_time_map *time, chr_position now, double beat) {
    double length = time->loop_to - time->loop_from;
    bool round = length > 0 && now.beat < time->loop_to && beat >= time->loop_to - 1e-9;
    return round ? time->loop_from + fmod(fmax(beat - time->loop_to, 0), length) : beat;
}

static void wait_once(chr_candidate *c, const chr_ast *statement, const chr_setting *setting) {
    const chr_position now = chr_candidate_position(c);
    chr_arena *arena = setting->script->arena;
    chr_entry entry = {.statement = statement,
                       .script = setting->script,
                       .key = chr_arena_printf(arena, "once %d", c->state->n_once++),
                       .fresh = true,
                       .once = true,
                       .beat = moment_of(statement, c->state, now.beat) + now.looped};
    if (!entry.key) {
        c->failed = true;
        return;
    }
    chr_state_append(c->state, &entry);
}

bool chr_wait_for_quantum(chr_candidate *c, const chr_ast *statement, const chr_setting *setting) {
    int i = chr_state_find(c->state, "quantize");
    bool off = i >= 0 && !c->state->entries[i].statement->child;
    const chr_session_options *o = &c->session->options;
    bool runs = o->position && o->position(o->clock).running;
    if (c->at_moment || off || !runs || setting->loaded || statement->kind == CHR_AST_HUSH ||
        statement->kind == CHR_AST_PANIC)
        return false;
    wait_once(c, statement, setting);
    return true;
}

void chr_forget_turns(chr_candidate *c) {
    for (int i = 0; i < c->state->n; i++) {
        const chr_entry *e = &c->state->entries[i];
        bool of_now =
            c->fired && e->beat <= c->beat + c->looped; /* said after the stop, for the same bar */
        if (e->statement && e->once && e->statement->kind != CHR_AST_WHEN && !of_now)
            chr_state_take_out(c->state, i);
    }
}

void chr_end_moment(chr_state *state, const chr_ast *when) {
    if (chr_moment_first(when))
        return;
    for (int i = 0; i < state->n; i++) {
        const chr_ast *s = state->entries[i].statement;
        if (s && s->kind == CHR_AST_WHEN && strcmp(s->text, when->text) == 0 && s->child &&
            when->child && s->child->kind == when->child->kind &&
            chr_ast_same(s->child, when->child))
            chr_state_take_out(state, i);
    }
}

/* `now` and `force`: what waits no more, and what is not to be refused for what it costs. */
static void apply_now(chr_candidate *c, const chr_ast *when, const chr_setting *setting) {
    bool before = c->at_moment;
    if (chr_is_moment(when, "force"))
        c->forced = true;
    else
        c->at_moment = c->patterns_now = true;
    for (const chr_ast *s = chr_moment_first(when); s && !c->failed; s = s->next)
        chr_apply_typed(c, s, setting);
    c->at_moment = before;
}

void chr_act_on_moment(chr_candidate *c, const chr_ast *when, const chr_setting *setting) {
    /* What is foreseen is a whole evaluation. */
    int64_t n = c->state->n + (chr_is_moment(when, "diff") ? 100000 : 0);
    if (!chr_moment_is_good(c, when) || !chr_candidate_spend(c, when->span, n))
        return;
    bool holds = chr_is_moment(when, "at") || chr_is_moment(when, "every");
    bool stands = !setting->script->file && !chr_candidate_position(c).running;
    if (holds)
        chr_end_moment(c->state, when);
    else if (chr_is_moment(when, "diff"))
        chr_foresee_diff(c, when, setting);
    else if (chr_is_moment(when, "now") || chr_is_moment(when, "force") ||
             (stands && !chr_is_moment(when, "after")))
        apply_now(c, when, setting);
    else if (chr_moment_first(when))
        wait_once(c, when, setting);
}
