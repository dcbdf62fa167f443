/* runtime/cli/answer.c: the answer to an evaluation.
 * SPDX-License-Identifier: MIT */
#include "runtime/cli/answer.h"
#include "runtime/cli/json.h"

#include <math.h>
#include <stdlib.h>

/* Nothing but patterns changed, and where the others stand is no news. */
static bool only_patterns(const chr_answer *a) {
    const chr_offer_report *r = &a->report;
    return a->brief && r->patterns_wait && r->changed + r->added + r->gone == 0;
}

static double beat_at(chr_player *player, uint64_t at) {
    return fmax(chr_engine_beat_at(chr_player_engine(player), at), 0);
}

/* What is told goes out at the end, in one piece. */
typedef struct telling {
    FILE *to;
    char *text;
    size_t size;
} telling;

static bool begin(chr_answer *a, telling *t) {
    *t = (telling){0};
    a->due = false;
    t->to = open_memstream(&t->text, &t->size);
    if (t->to && !only_patterns(a))
        chr_show_report(t->to, &a->report);
    return t->to != NULL;
}

/* "bar 3", "bar 3 beat 2.5" */
static void print_place(double beat, const chr_time_map *time, FILE *to) {
    double bar = chr_time_map_bar(time, beat + 4e-6);
    double rest = beat - chr_time_map_bar_beat(time, bar);
    rest = rest > 0 ? floor(rest * 10 + 1e-6) / 10 : 0;
    fprintf(to, "bar %.0f", bar + 1);
    if (rest > 0)
        fprintf(to, " beat %g", rest + 1);
}

static void end(const chr_answer *a, telling *t) {
    if (a->show->before)
        a->show->before(a->show->context);
    if (fclose(t->to) == 0)
        chr_show_lines(a->show, t->text);
    free(t->text);
}

/* For a program; `player` NULL: where it took place is not known. */
static void tell_program(chr_answer *a, chr_player *player, uint64_t at) {
    chr_json_result r = {.n_warnings = a->n_warnings, .applied = true, .report = &a->report};
    a->due = false;
    if (player) {
        chr_engine_counters now = chr_player_look(player);
        double beat = beat_at(player, at);
        r.placed = true;
        r.sample = at;
        r.seconds = (double)at / a->rate_hz;
        if (now.running) {
            double bar = chr_time_map_bar(now.time, beat);
            r.bar = bar + 1;
            r.beat = fmax(beat - chr_time_map_bar_beat(now.time, bar), 0) + 1;
        }
    }
    chr_json_evaluation(a->evaluation, &r);
}

void chr_answer_flush(chr_answer *a) {
    if (!a->due)
        return;
    if (a->show->json) {
        tell_program(a, NULL, 0);
        return;
    }
    telling t;
    if (begin(a, &t))
        end(a, &t);
}

void chr_answer_expect(chr_answer *a, const chr_evaluation *e, chr_player *player) {
    chr_answer_tell(a, player);
    chr_answer_flush(a);
    a->report = e->report;
    a->patterns_beat = e->patterns_beat;
    a->due = !a->show->quiet;
    a->evaluation = a->show->evaluation;
    a->n_warnings = a->show->n_warnings;
    chr_engine_counters now = chr_player_look(player);
    if (e->report.patterns_wait)
        a->patterns_at_bar = chr_time_map_bar(now.time, e->patterns_beat) + 1;
}

void chr_answer_tell(chr_answer *a, chr_player *player) {
    if (chr_player_waits(player) || !a->due)
        return;
    uint64_t at = chr_player_swapped_at(player);
    if (a->show->json) {
        tell_program(a, player, at);
        return;
    }
    chr_engine_counters now = chr_player_look(player);
    bool clock = now.running;
    telling t;
    if (!begin(a, &t))
        return;
    if (!only_patterns(a) && (clock || !a->brief))
        fprintf(t.to, " — at ");
    if (clock && !only_patterns(a)) {
        print_place(beat_at(player, at), now.time, t.to);
        if (!a->brief)
            fprintf(t.to, ", ");
    }
    if (!a->brief)
        fprintf(t.to, "%.3f s, sample %llu", (double)at / a->rate_hz, (unsigned long long)at);
    if (a->report.patterns_wait) {
        fprintf(t.to, "%spatterns change at ", only_patterns(a) ? "" : "; ");
        print_place(a->patterns_beat, now.time, t.to);
    }
    end(a, &t);
}
