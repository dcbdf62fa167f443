/* runtime/cli/answer.c: the answer to an evaluation.
 * SPDX-License-Identifier: MIT */
#include "runtime/cli/answer.h"

#include <math.h>

/* Nothing but patterns changed, and where the others stand is no news. */
static bool only_patterns(const chr_answer *a) {
    const chr_offer_report *r = &a->report;
    return a->brief && r->patterns_wait && r->changed + r->added + r->gone == 0;
}

static void begin(chr_answer *a) {
    if (a->show->before)
        a->show->before(a->show->context);
    if (!only_patterns(a))
        chr_show_report(stdout, &a->report);
    a->due = false;
}

static void end(const chr_answer *a) {
    if (a->report.patterns_wait)
        printf("%spatterns change at the next bar", only_patterns(a) ? "" : "; ");
    putchar('\n');
    fflush(stdout);
}

void chr_answer_flush(chr_answer *a) {
    if (!a->due)
        return;
    begin(a);
    end(a);
}

void chr_answer_expect(chr_answer *a, const chr_offer_report *report, chr_player *player) {
    chr_answer_tell(a, player);
    chr_answer_flush(a);
    a->report = *report;
    a->due = !a->show->quiet;
    chr_engine_counters now = chr_player_look(player);
    if (report->patterns_wait && now.beats_per_bar > 0)
        a->patterns_at_bar = floor(now.beat / now.beats_per_bar) + 2;
}

void chr_answer_tell(chr_answer *a, chr_player *player) {
    if (chr_player_waits(player) || !a->due)
        return;
    uint64_t at = chr_player_swapped_at(player);
    chr_engine_counters now = chr_player_look(player);
    begin(a);
    bool clock = now.running && now.beats_per_bar > 0;
    if (!only_patterns(a) && (clock || !a->brief))
        printf(" — at ");
    if (clock && !only_patterns(a)) {
        double beat = now.beat - (double)(now.clock - at) / a->rate_hz * now.bpm / 60;
        if (beat < 0)
            beat = 0;
        double bar = floor(beat / now.beats_per_bar);
        printf("bar %.0f beat %.1f%s", bar + 1,
               floor((beat - bar * now.beats_per_bar) * 10) / 10 + 1, a->brief ? "" : ", ");
    }
    if (!a->brief)
        printf("%.3f s, sample %llu", (double)at / a->rate_hz, (unsigned long long)at);
    end(a);
}
