/* runtime/resume.c: a session comes back from its journal.
 * SPDX-License-Identifier: MIT */
#include "runtime/resume.h"

#include "runtime/player_inner.h"

#include <math.h>
#include <string.h>

/* What took effect last on the clock: runs it? */
static bool played(const chr_journal_text *t) {
    bool plays = false;
    for (size_t i = 0; i < t->n; i++) {
        const char *word = chr_record_text(&t->records[i], "do", NULL);
        const char *act = chr_record_text(&t->records[i], "clock", NULL);
        if (word)
            plays = strcmp(word, "play") == 0;
        if (act && chr_journal_took(t, chr_record_number(&t->records[i], "offer", 0)))
            plays = !strcmp(act, "start") || !strcmp(act, "jump");
    }
    return plays;
}

static bool is_evaluation(const chr_record *r) {
    return chr_record_field(r, "eval", CHR_FIELD_NUMBER) != NULL;
}

/* The evaluation that was applied last, and still in doubt when the program died. */
static bool is_in_doubt(const chr_journal_text *t, size_t i) {
    if (!t->doing || strcmp(chr_record_text(&t->records[i], "text", ""), t->doing) != 0)
        return false;
    for (size_t k = i + 1; k < t->n; k++)
        if (is_evaluation(&t->records[k]))
            return false;
    return true;
}

/* Beats that had been played when something was said, through loops and jumps. */
static double played_at(const chr_record *r) {
    return chr_record_real(r, "position", 0) + chr_record_real(r, "looped", 0) +
           chr_record_real(r, "jumped", 0);
}

/* And in the end. */
static double played_in_all(const chr_journal_text *t) {
    double most = 0;
    for (size_t i = 0; i < t->n; i++)
        most = fmax(most, played_at(&t->records[i]));
    return most;
}

/* The clock begins anew: what was on its way began before that. */
static chr_position position_of(const chr_record *r, double in_all) {
    return (chr_position){.jumped = played_at(r) - in_all,
                          .said_at = chr_record_real(r, "said", chr_record_real(r, "position", 0))};
}

/* What waited has come, so it waits no more; a mistake in it makes no difference. */
static bool recall_fired(chr_player *p, const chr_witness *w, const chr_record *r, double in_all) {
    chr_session *s = chr_player_session(p);
    const double done = chr_record_real(r, "done", -1), beat = chr_record_real(r, "fired", 0),
                 looped = chr_record_real(r, "looped", 0);
    p->position =
        (chr_position){.looped = looped, .jumped = chr_record_real(r, "jumped", 0) - in_all};
    chr_candidate *c = chr_session_fire(s, NULL, done, beat, looped);
    if (!c)
        return false;
    const chr_evaluated told = {.applied = chr_candidate_diags(c)->n_errors == 0,
                                .clock = p->position};
    if (w->fired)
        w->fired(w->context, done, beat, &told);
    chr_session_commit(s, c);
    return true;
}

/* One evaluation more holds; what it would have done is not done. */
static bool recall(chr_player *p, const chr_witness *w, const chr_record *r, double in_all) {
    chr_session *s = chr_player_session(p);
    const chr_field *field = chr_record_field(r, "text", CHR_FIELD_TEXT);
    const char *text = field ? field->text : "", *place = chr_record_text(r, "place", "typed");
    const char *file = chr_record_text(r, "file", NULL);
    size_t len = field ? field->len : 0;
    if (chr_record_field(r, "fired", CHR_FIELD_NUMBER))
        return recall_fired(p, w, r, in_all);
    p->position = position_of(r, in_all);
    chr_evaluated told = {.applied = false, .clock = p->position};
    if (w->begins)
        w->begins(w->context, text, len, place, file);
    chr_candidate *c = chr_session_evaluate(s, text, len, place, file);
    told.applied = c && chr_candidate_diags(c)->n_errors == 0;
    if (told.applied)
        chr_session_commit(s, c);
    else
        chr_candidate_free(c);
    if (w->ended)
        w->ended(w->context, &told);
    return told.applied;
}

/* What was too much for the computer before is not tried again at once: its voices come back when
 * there is time for them, as ever. */
static void recall_thinned(chr_session *s, const chr_witness *w, const chr_record *r) {
    const char *patch = chr_record_text(r, "thin", NULL);
    uint32_t voices = (uint32_t)chr_record_number(r, "voices", 0);
    const chr_evaluated told = {.applied = true};
    if (patch && chr_session_thin(s, patch, voices) && w->thinned)
        w->thinned(w->context, patch, voices, &told);
}

/* All that holds now is offered. */
static bool present(chr_player *p, const chr_witness *w) {
    chr_session *s = chr_player_session(p);
    chr_evaluated told = {.applied = false};
    p->position = (chr_position){0};
    if (w->begins)
        w->begins(w->context, "", 0, "resumed", NULL);
    chr_candidate *c = chr_session_evaluate(s, "", 0, "resumed", NULL);
    chr_ir *ir = c ? chr_candidate_take_ir(c) : NULL;
    chr_candidate_free(c);
    if (ir)
        chr_player_tell_hears(w, chr_player_engine(p), ir);
    told.applied = ir && chr_engine_offer(chr_player_engine(p), ir, NULL) == CHR_OK;
    told.offer = told.applied ? chr_engine_offers(chr_player_engine(p)) : 0;
    if (w->ended)
        w->ended(w->context, &told);
    return told.applied;
}

chr_resumed chr_resume(chr_player *p, const chr_witness *witness, const chr_journal_text *t) {
    const double in_all = played_in_all(t);
    chr_resumed r = {0};
    for (size_t i = 1; i < t->n; i++) {
        recall_thinned(chr_player_session(p), witness, &t->records[i]);
        if (!is_evaluation(&t->records[i]) || is_in_doubt(t, i))
            continue;
        bool good = recall(p, witness, &t->records[i], in_all);
        r.n_evaluations += good && *chr_record_text(&t->records[i], "text", "");
        r.n_failed += !good;
    }
    r.plays = r.n_evaluations > 0 && present(p, witness) && played(t);
    if (r.plays)
        chr_engine_play(chr_player_engine(p));
    return r;
}
