/* runtime/look_roll.c: the notes of a pattern as a piano roll: a row a pitch, a sign a sixteenth.
 * SPDX-License-Identifier: MIT */
#include "runtime/look.h"
#include "runtime/notes.h"
#include "runtime/plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MARGIN = 8,
    LISTED_MAX = 64,
    ROUNDS_MAX = 4,
    NOTES_MAX = 1 << 20,
    PITCHES = 129,
    SAME_PITCH = 128
};

/* The notes of a pattern that are shown. */
typedef struct roll {
    const chr_ir_pattern *p;
    int64_t rounds; /* shown: one, or some of a pattern that is not the same in each */
    chr_score_note *notes;
    uint32_t n;
} roll;

static double in_beats(const roll *r, int64_t ticks) {
    return (double)ticks / (double)r->p->score.beat;
}

static int pitch_of(const chr_score_note *n) {
    if (n->note < 0.0f)
        return SAME_PITCH; /* the pitch stays as it is: a drum */
    long note = lroundf(n->note);
    return note > 127 ? 127 : (int)note;
}

static void print_row(const roll *r, int pitch, int columns, double beats, FILE *to) {
    chr_plot plot;
    chr_plot_clear(&plot, columns, 1);
    for (uint32_t i = 0; i < r->n; i++) {
        const chr_score_note *n = &r->notes[i];
        if (pitch_of(n) != pitch)
            continue;
        double beat = in_beats(r, n->at), end = in_beats(r, n->end);
        if (beat >= beats)
            break;
        int from = (int)(beat * 8.0 + 1e-6), until = (int)(end * 8.0 - 1e-6);
        for (int x = from + 1; x <= until; x++)
            chr_plot_rise(&plot, x, 2, 2);
        /* The louder, the higher. */
        chr_plot_rise(&plot, from, n->level > 0.75f ? 0 : n->level > 0.4f ? 1 : 2, 3);
    }
    char name[32];
    double hz = 440.0 * pow(2.0, (pitch - 69) / 12.0);
    fprintf(to, "  %-4s |", pitch == SAME_PITCH ? "x" : chr_look_note(hz, name));
    chr_plot_print_row(&plot, 0, to);
    fputc('\n', to);
}

static void list(const roll *r, double beats_per_bar, FILE *to) {
    for (uint32_t i = 0; i < r->n && i < LISTED_MAX; i++) {
        const chr_score_note *n = &r->notes[i];
        double beat = in_beats(r, n->at), length = in_beats(r, n->end - n->at);
        int bar = (int)(beat / beats_per_bar), pitch = pitch_of(n);
        char name[32] = "hit";
        if (pitch != SAME_PITCH)
            chr_look_note(440.0 * pow(2.0, (pitch - 69) / 12.0), name);
        fprintf(to, "  bar %d beat %-6.4g %-4s for %.4g beat%s, level %.2f\n", bar + 1,
                beat - bar * beats_per_bar + 1.0, name, length, length == 1.0 ? "" : "s",
                (double)n->level);
    }
    if (r->n > LISTED_MAX)
        fprintf(to, "  and %u more\n", r->n - LISTED_MAX);
}

/* As many whole bars as there is room for, or a part of the first. */
static void draw(const roll *r, double beats_per_bar, double beats, int signs, FILE *to) {
    bool used[PITCHES] = {false};
    double bars = floor(signs / (4.0 * beats_per_bar));
    double shown = fmin(beats, bars > 0.0 ? bars * beats_per_bar : signs / 4.0);
    int columns = (int)ceil(shown * 4.0 - 1e-9);
    for (uint32_t i = 0; i < r->n; i++)
        used[pitch_of(&r->notes[i])] = true;
    for (int pitch = PITCHES - 1; pitch >= 0; pitch--)
        if (used[pitch])
            print_row(r, pitch, columns, shown, to);
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

static void print_pattern(const roll *r, double beats_per_bar, int signs, FILE *to) {
    const chr_ir_pattern *p = r->p;
    double beats = in_beats(r, p->score.round);
    fprintf(to, "%s: %.4g beat%s, %u note%s", p->name, beats, beats == 1.0 ? "" : "s", r->n,
            r->n == 1 ? "" : "s");
    if (r->rounds > 1)
        fprintf(to, " in its first %d rounds", (int)r->rounds);
    fputs(p->playing ? "\n" : " (it does not play now)\n", to);
    beats *= (double)r->rounds;
    if (signs > 0 && r->n > 0)
        draw(r, beats_per_bar, beats, signs, to);
    else
        list(r, beats_per_bar, to);
}

/* Is the second round another than the first? */
static int64_t rounds_shown(const chr_score *s) {
    uint32_t n[2] = {0, 0};
    chr_score_note *notes[2];
    for (int r = 0; r < 2; r++)
        notes[r] = chr_score_notes(s, r * s->round, (r + 1) * s->round, NOTES_MAX, &n[r]);
    bool same = n[0] == n[1];
    for (uint32_t i = 0; same && notes[0] && notes[1] && i < n[0]; i++) {
        const chr_score_note *a = &notes[0][i], *b = &notes[1][i];
        same = a->at + s->round == b->at && a->end + s->round == b->end &&
               pitch_of(a) == pitch_of(b) && !(a->level < b->level || b->level < a->level);
    }
    free(notes[0]);
    free(notes[1]);
    return same ? 1 : ROUNDS_MAX;
}

bool chr_look_roll(const chr_ir *ir, const char *name, int columns, FILE *to) {
    bool found = false;
    int signs = chr_plot_signs(columns, MARGIN);
    for (uint32_t i = 0; i < ir->n_patterns; i++) {
        const chr_ir_pattern *p = &ir->patterns[i];
        if (name && !chr_means_pattern(name, p->name))
            continue;
        if (p->values)
            continue;
        roll r = {.p = p, .rounds = rounds_shown(&p->score)};
        r.notes = chr_score_notes(&p->score, 0, r.rounds * p->score.round, NOTES_MAX, &r.n);
        if (found)
            fputc('\n', to);
        found = true;
        if (r.notes)
            print_pattern(&r, ir->time->meters[0].beats, signs, to);
        free(r.notes);
    }
    return found;
}
