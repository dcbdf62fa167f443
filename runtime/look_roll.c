/* runtime/look_roll.c: the notes of a pattern as a piano roll: a row a pitch, a sign a sixteenth.
 * SPDX-License-Identifier: MIT */
#include "runtime/look.h"
#include "runtime/plot.h"

#include <math.h>
#include <string.h>

enum { MARGIN = 8, LISTED_MAX = 64, PITCHES = 129, SAME_PITCH = 128 };

static int pitch_of(const chr_ir_event *e) {
    if (e->note < 0.0f)
        return SAME_PITCH; /* the pitch stays as it is: a drum */
    long note = lroundf(e->note);
    return note > 127 ? 127 : (int)note;
}

static void print_row(const chr_ir_pattern *p, int pitch, int columns, double beats, FILE *to) {
    chr_plot plot;
    chr_plot_clear(&plot, columns, 1);
    for (uint32_t i = 0; i < p->n_events; i++) {
        const chr_ir_event *e = &p->events[i];
        if (pitch_of(e) != pitch)
            continue;
        double beat = (double)e->at / (double)p->ticks_per_beat,
               end = beat + (double)e->duration / (double)p->ticks_per_beat;
        if (beat >= beats)
            break;
        int from = (int)(beat * 8.0 + 1e-6), until = (int)(end * 8.0 - 1e-6);
        for (int x = from + 1; x <= until; x++)
            chr_plot_rise(&plot, x, 2, 2);
        /* The louder, the higher. */
        chr_plot_rise(&plot, from, e->level > 0.75f ? 0 : e->level > 0.4f ? 1 : 2, 3);
    }
    char name[32];
    double hz = 440.0 * pow(2.0, (pitch - 69) / 12.0);
    fprintf(to, "  %-4s |", pitch == SAME_PITCH ? "x" : chr_look_note(hz, name));
    chr_plot_print_row(&plot, 0, to);
    fputc('\n', to);
}

static void list(const chr_ir_pattern *p, double beats_per_bar, FILE *to) {
    for (uint32_t i = 0; i < p->n_events && i < LISTED_MAX; i++) {
        const chr_ir_event *e = &p->events[i];
        double beat = (double)e->at / (double)p->ticks_per_beat,
               length = (double)e->duration / (double)p->ticks_per_beat;
        int bar = (int)(beat / beats_per_bar), pitch = pitch_of(e);
        char name[32] = "hit";
        if (pitch != SAME_PITCH)
            chr_look_note(440.0 * pow(2.0, (pitch - 69) / 12.0), name);
        fprintf(to, "  bar %d beat %-6.4g %-4s for %.4g beat%s, level %.2f\n", bar + 1,
                beat - bar * beats_per_bar + 1.0, name, length, length == 1.0 ? "" : "s",
                (double)e->level);
    }
    if (p->n_events > LISTED_MAX)
        fprintf(to, "  and %u more\n", p->n_events - LISTED_MAX);
}

/* As many whole bars as there is room for, or a part of the first. */
static void draw(const chr_ir_pattern *p, double beats_per_bar, double beats, int signs, FILE *to) {
    bool used[PITCHES] = {false};
    double bars = floor(signs / (4.0 * beats_per_bar));
    double shown = fmin(beats, bars > 0.0 ? bars * beats_per_bar : signs / 4.0);
    int columns = (int)ceil(shown * 4.0 - 1e-9);
    for (uint32_t i = 0; i < p->n_events; i++)
        used[pitch_of(&p->events[i])] = true;
    for (int pitch = PITCHES - 1; pitch >= 0; pitch--)
        if (used[pitch])
            print_row(p, pitch, columns, shown, to);
    fprintf(to, "%*s", MARGIN, "");
    for (int i = 0; i < columns; i++) {
        double beat = i / 4.0, bar = floor(beat / beats_per_bar + 1e-9);
        double within = beat - bar * beats_per_bar;
        fputc(within < 1e-9 ? '|' : fabs(within - round(within)) < 1e-9 ? '\'' : ' ', to);
    }
    fputc('\n', to);
    if (shown < beats - 1e-9)
        fprintf(to, "%*sthe first %.4g of %.4g beats\n", MARGIN, "", shown, beats);
}

bool chr_look_roll(const chr_ir *ir, const char *name, int columns, FILE *to) {
    bool found = false;
    int signs = chr_plot_signs(columns, MARGIN);
    for (uint32_t i = 0; i < ir->n_patterns; i++) {
        const chr_ir_pattern *p = &ir->patterns[i];
        size_t len = strcspn(p->name, "/");
        if (name && strcmp(name, p->name) != 0 &&
            !(strlen(name) == len && strncmp(name, p->name, len) == 0))
            continue;
        double beats = (double)p->length / (double)p->ticks_per_beat;
        fprintf(to, "%s%s: %.4g beat%s, %u note%s%s\n", found ? "\n" : "", p->name, beats,
                beats == 1.0 ? "" : "s", p->n_events, p->n_events == 1 ? "" : "s",
                p->playing ? "" : " (it does not play now)");
        found = true;
        if (signs > 0 && p->n_events > 0)
            draw(p, ir->time->meters[0].beats, beats, signs, to);
        else
            list(p, ir->time->meters[0].beats, to);
    }
    return found;
}
