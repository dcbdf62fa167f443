/* runtime/player_aids.c: what helps somebody who plays: metronome, tapped tempo, piano roll, lists
 * of notes, and the causes of silence. SPDX-License-Identifier: MIT */
#include "runtime/look.h"
#include "runtime/player_inner.h"
#include "runtime/why.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

void chr_player_metronome(chr_player *p, const char *word) {
    if (!p->live) {
        chr_player_note(p,
                        "the metronome is heard where you play live: at the prompt, and in `run`");
        return;
    }
    if (word)
        chr_engine_metronome(p->engine, strcmp(word, "on") == 0);
    bool on = chr_engine_has_metronome(p->engine);
    chr_player_note(p, on ? "metronome on: a click on every beat while the clock runs"
                          : "metronome off");
}

void chr_player_tap(chr_player *p) {
    struct timespec t;
    double bpm;
    char text[64];
    clock_gettime(CLOCK_MONOTONIC, &t);
    int more = chr_tapping_beat(&p->tapping, (double)t.tv_sec + (double)t.tv_nsec * 1e-9, &bpm);
    if (more > 0) {
        snprintf(text, sizeof text, "%d more", more);
        chr_player_note(p, text);
        return;
    }
    snprintf(p->tapped, sizeof p->tapped, "tempo %.1f", bpm); /* which says so itself */
}

void chr_player_roll(chr_player *p, const char *name) {
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    if (!to)
        return;
    const chr_ir *ir = chr_engine_ir(p->engine);
    if (!ir || !chr_look_roll(ir, name, p->columns ? p->columns() : 0, to))
        fprintf(to, "%s has no patterns yet.\n", name ? name : "The session");
    if (fclose(to) == 0 && p->listener.answer)
        p->listener.answer(p->listener.context, text);
    free(text);
}

/* The same for programs: members of a JSON object; to be freed. */
static char *events_in_json(const chr_ir *ir, const char *name, double bars) {
    char *json = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&json, &size);
    bool found = to && chr_look_events(ir, name, bars, CHR_EVENTS_JSON, to);
    if (to && fclose(to) == 0 && found) { /* without its braces and its line's end */
        json[strlen(json) - 2] = '\0';
        memmove(json, json + 1, strlen(json));
        return json;
    }
    free(json);
    return NULL;
}

/* What is heard may be older than the session, whose texts its places are in: it is asked anew. */
void chr_player_events(chr_player *p, const char *name, double bars) {
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    chr_candidate *c = chr_session_evaluate(p->session, "", 0, "typed", NULL);
    chr_ir *ir = c ? chr_candidate_take_ir(c) : NULL;
    bool found = to && ir && chr_look_events(ir, name, bars, CHR_EVENTS_TEXT, to);
    if (ir && to && !found)
        fprintf(to, "%s has no patterns yet.\n", name);
    bool said = to && fclose(to) == 0 && ir;
    char *facts = found && p->listener.answer_facts ? events_in_json(ir, name, bars) : NULL;
    if (said && facts)
        p->listener.answer_facts(p->listener.context, text, facts);
    else if (said && p->listener.answer)
        p->listener.answer(p->listener.context, text);
    free(facts);
    if (ir)
        chr_ir_free(ir);
    chr_candidate_free(c);
    free(text);
}

static chr_why what_is_known(void *player, const char *name) {
    chr_player *p = player;
    return (chr_why){.name = name,
                     .said = chr_session_patch(p->session, name),
                     .ir = chr_engine_ir(p->engine),
                     .running = chr_player_look(p).running,
                     .waits = chr_engine_pattern_waits(p->engine, name),
                     .faulty = chr_engine_faulty(p->engine, name),
                     .stolen = chr_engine_stolen(p->engine, name),
                     .over_db = p->over_db};
}

void chr_player_why(void *player, const char *name, double peak_db, double rms_db, FILE *to) {
    chr_why w = what_is_known(player, name);
    w.peak_db = peak_db;
    w.rms_db = rms_db;
    if (!w.ir)
        fputs("There are no patches yet.\n", to);
    else if (strcmp(name, "out") == 0)
        chr_why_explain_all(&w, what_is_known, player, to);
    else
        chr_why_explain(&w, to);
}
