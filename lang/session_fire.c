/* lang/session_fire.c: the moment of a statement that waits has come.
 * SPDX-License-Identifier: MIT */
#include "lang/session_state.h"

#include <string.h>

static bool is_due(const chr_state *state, int i, double done, double beat, double looped) {
    return chr_entry_due(state, &state->entries[i], done, looped) <= beat;
}

void chr_drop_fired(chr_state *state, double beat) {
    for (int i = 0; i < state->n; i++)
        if (state->entries[i].statement && state->entries[i].once && state->entries[i].beat <= beat)
            chr_state_take_out(state, i);
}

/* The text is read anew, as a typed one: what a moment in a file leads to is none of the file's own
 * statements. */
static void fire_entry(chr_candidate *c, const chr_entry *entry) {
    const char *text;
    size_t len;
    chr_entry_text(entry, &text, &len);
    chr_script *script = chr_candidate_parse(c, text, len, entry->script->source.name, NULL);
    if (!script)
        return;
    script->source.first_line = chr_span_place(entry->statement->span).line;
    const chr_setting setting = {.script = script};
    for (const chr_ast *s = script->tree->child; s && !c->failed; s = s->next) {
        if (s->kind != CHR_AST_WHEN) {
            chr_apply_typed(c, s, &setting);
            continue;
        }
        for (const chr_ast *one = chr_moment_first(s); one && !c->failed; one = one->next)
            chr_apply_typed(c, one, &setting);
    }
}

static void fire(chr_candidate *c, double done, double beat) {
    int n = c->state->n; /* what it adds does not wait for this beat */
    c->at_moment = true;
    for (int i = 0; i < n && !c->failed; i++) {
        const chr_entry entry = c->state->entries[i];
        if (!entry.statement || !is_due(c->state, i, done, beat, c->looped))
            continue;
        if (entry.once)
            chr_state_take_out(c->state, i);
        fire_entry(c, &entry);
    }
}

/* With a jump comes what waits for the place that it leads to. */
static void fire_all(chr_candidate *c, double done, double beat) {
    fire(c, done, beat);
    for (const chr_request *r = c->first_request; r; r = r->next)
        if (r->kind == CHR_REQUEST_PLAY_FROM) {
            double to = r->beat;
            fire(c, to - 1e-6, to);
            break;
        }
}

void chr_fire(chr_candidate *c) {
    c->fired = true;
    fire_all(c, c->done, c->beat);
}

void chr_fire_in_past(chr_session *s, double done, double beat, double looped) {
    for (int k = 0; k < s->n_past; k++) {
        bool waited = false;
        for (int i = 0; k != s->now && i < s->past[k]->n && !waited; i++)
            waited = is_due(s->past[k], i, done, beat, looped);
        chr_candidate *c = waited ? chr_candidate_new(s, s->past[k]) : NULL;
        if (!c)
            continue; /* where memory is out the past keeps what it was */
        c->fired = true;
        c->done = done;
        c->beat = beat;
        c->looped = looped;
        fire_all(c, done, beat);
        chr_state *old = s->past[k];
        if (!c->failed && !c->state->failed && c->diags.n_errors == 0) {
            chr_state_seal(c->state);
            c->state->label = old->label;
            old->label = NULL;
            s->past[k] = c->state;
            c->state = NULL;
            chr_state_drop(old);
        }
        chr_candidate_free(c);
    }
}
