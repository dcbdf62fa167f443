/* runtime/cli/status.c: the status line: where the music is, how loud, how hard the computer works,
 * and what waits for its moment. SPDX-License-Identifier: MIT */
#include "runtime/cli/live.h"
#include "runtime/cli/meter.h"

#include <math.h>
#include <string.h>

#define INTERVAL_S 0.1

void chr_live_clear(chr_live *l) {
    if (l->status_shown)
        fputs("\r\x1b[K", stderr);
    l->status_shown = false;
}

/* A pattern that waits for its bar, or, if that comes first, what `at`, `every`, `in` or a `stop`
 * will do: `list` shows which. Short, so that it fits a row of 80. */
static void write_waiting(const chr_live *l, const chr_engine_counters *c, char *text,
                          size_t room) {
    const double here = chr_time_map_bar(c->time, c->beat) + 1,
                 due = chr_session_due(chr_player_session(l->player), NULL, c->beat, c->looped);
    const bool comes = due > c->beat && due < HUGE_VAL;
    const double bar = comes ? chr_time_map_bar(c->time, due) + 1 : 0;
    const double pattern = l->answer.patterns_at_bar;
    if (pattern > here && !(comes && bar < pattern))
        snprintf(text, room, "  pattern at bar %.0f", pattern);
    else if (comes)
        snprintf(text, room, "  next at bar %.0f", bar);
}

/* "bar 5.3  120 bpm  ######....  -12.0 dB  CPU 3.1 %, 1 late, 0 xruns  3 voices  pattern at bar 6"
 */
static void write_text(chr_live *l, char *text, size_t room) {
    chr_engine_counters c = chr_player_read(l->player);
    double peak = (double)fmaxf(c.peak[0], c.peak[1]);
    double db = peak > 0.001 ? 20 * log10(peak) : -60;
    char bar[11];
    for (int i = 0; i < 10; i++)
        bar[i] = i < (int)((db + 60) / 6) ? '#' : '.';
    bar[10] = '\0';
    double whole = chr_time_map_bar(c.time, c.beat);
    double inside = fmax(c.beat - chr_time_map_bar_beat(c.time, whole), 0);
    char place[64] = "stopped", late[64] = "", waits[64] = "";
    if (c.running)
        snprintf(place, sizeof place, "bar %.0f.%.0f", whole + 1, floor(inside + 1e-9) + 1);
    double from, to;
    if (c.running && chr_engine_loops(chr_player_engine(l->player), &from, &to)) {
        size_t n = strlen(place);
        snprintf(place + n, sizeof place - n, " (loop %.0f..%.0f)",
                 chr_time_map_bar(c.time, from) + 1, chr_time_map_bar(c.time, to));
    }
    if (c.running)
        write_waiting(l, &c, waits, sizeof waits);
    unsigned long long n_late = atomic_load_explicit(&l->load.too_long, memory_order_relaxed);
    unsigned n_dry = chr_steady_xruns(l->host);
    if (n_late > 0 || n_dry > 0)
        snprintf(late, sizeof late, ", %llu late, %u xrun%s", n_late, n_dry, n_dry == 1 ? "" : "s");
    snprintf(text, room, "%-9s %.4g bpm  %s %5.1f dB  CPU %.1f %%%s  %d voice%s%s", place, c.bpm,
             bar, db, atomic_load_explicit(&l->load.recent, memory_order_relaxed) * 1e-4, late,
             c.voices, c.voices == 1 ? "" : "s", waits);
}

void chr_live_draw_status(chr_live *l) {
    double now_s = chr_now_s();
    char text[256];
    if ((!l->wants_status && !l->on_status) || now_s < l->next_status_s)
        return;
    l->next_status_s = now_s + INTERVAL_S;
    write_text(l, text, sizeof text);
    if (l->on_status) {
        l->on_status(l->status_context, text);
        return;
    }
    fprintf(stderr, "\r%s\x1b[K", text);
    fflush(stderr);
    l->status_shown = true;
}
