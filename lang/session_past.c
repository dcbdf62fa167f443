/* lang/session_past.c: the session's past: what commits replace, how much of it is kept, and a
 * commit that is taken back. SPDX-License-Identifier: MIT */
#include "lang/session_state.h"

#include <stdlib.h>
#include <string.h>

enum { HISTORY_BYTES = 64 * 1024 * 1024, MOST_GONE = 2 * CHR_MAX_HISTORY + 8 };

/* What the session was, and the states that it has let go since: they are still there. */
struct chr_held {
    chr_state *past[CHR_MAX_HISTORY + 1];
    int n_past, now, lesson;
    uint64_t versions;
    chr_state *gone[MOST_GONE];
    int n_gone;
    chr_state *relabelled[2]; /* have changed labels; NULL: none has */
};

bool chr_session_hold(chr_session *s) {
    struct chr_held *h = calloc(1, sizeof *h);
    if (!h)
        return false;
    memcpy(h->past, s->past, sizeof h->past);
    h->n_past = s->n_past;
    h->now = s->now;
    h->lesson = s->lesson;
    h->versions = s->versions;
    s->held = h;
    return true;
}

void chr_session_let_go(chr_session *s) {
    for (int i = 0; s->held && i < s->held->n_gone; i++)
        chr_state_drop(s->held->gone[i]);
    free(s->held);
    s->held = NULL;
}

static bool was_there(const struct chr_held *h, const chr_state *state) {
    for (int i = 0; i < h->n_past; i++)
        if (h->past[i] == state)
            return true;
    return false;
}

void chr_session_take_back(chr_session *s) {
    struct chr_held *h = s->held;
    if (h->relabelled[0]) {
        char *label = h->relabelled[0]->label;
        h->relabelled[0]->label = h->relabelled[1]->label;
        h->relabelled[1]->label = label;
    }
    for (int i = 0; i < s->n_past; i++)
        if (!was_there(h, s->past[i]))
            chr_state_drop(s->past[i]);
    for (int i = 0; i < h->n_gone; i++)
        if (!was_there(h, h->gone[i]))
            chr_state_drop(h->gone[i]);
    memcpy(s->past, h->past, sizeof s->past);
    s->n_past = h->n_past;
    s->now = h->now;
    s->lesson = h->lesson;
    s->versions = h->versions;
    free(h);
    s->held = NULL;
}

void chr_past_drop(chr_session *s, chr_state *state) {
    if (s->held && s->held->n_gone < MOST_GONE)
        s->held->gone[s->held->n_gone++] = state;
    else
        chr_state_drop(state);
}

static size_t state_bytes(const chr_state *state) {
    size_t n = (size_t)state->n;
    for (int i = 0; i < state->n_files; i++)
        n += (size_t)state->files[i].n_said;
    return n * sizeof(chr_entry);
}

static void forget_oldest(chr_session *s) {
    chr_past_drop(s, s->past[0]);
    memmove(&s->past[0], &s->past[1], (size_t)(s->n_past - 1) * sizeof s->past[0]);
    s->n_past--;
    s->now--;
}

void chr_session_commit(chr_session *s, chr_candidate *c) {
    if (c->fired) {
        bool good = c->diags.n_errors == 0;
        s->versions = c->versions;
        chr_past_drop(s, s->past[s->now]);
        s->past[s->now] = c->state;
        c->state = NULL;
        if (good)
            chr_fire_in_past(s, c->done, c->beat, c->looped);
        chr_candidate_free(c);
        return;
    }
    if (c->diags.n_errors > 0) { /* all or nothing */
        chr_candidate_free(c);
        return;
    }
    s->now -= c->undone;
    if (c->lesson > 0)
        s->lesson = c->lesson;
    if (!c->edited) { /* the same statements; what its files said and the clock may be newer */
        chr_state *old = s->past[s->now];
        char *label = old->label;
        old->label = c->state->label;
        c->state->label = label;
        if (s->held) {
            s->held->relabelled[0] = old;
            s->held->relabelled[1] = c->state;
        }
        s->past[s->now] = c->state;
        chr_past_drop(s, old);
    } else {
        for (int i = s->now + 1; i < s->n_past; i++)
            chr_past_drop(s, s->past[i]);
        s->n_past = s->now + 1;
        if (s->n_past == CHR_MAX_HISTORY + 1)
            forget_oldest(s);
        s->past[s->n_past++] = c->state;
        s->versions = c->state->version;
        s->now = s->n_past - 1;
        size_t bytes = 0;
        for (int i = 0; i < s->n_past; i++)
            bytes += state_bytes(s->past[i]);
        for (; bytes > HISTORY_BYTES && s->now > 0; forget_oldest(s))
            bytes -= state_bytes(s->past[0]);
    }
    c->state = NULL;
    chr_candidate_free(c);
}
