/* tests/support/rounds.c: patterns as lines of notes.
 * SPDX-License-Identifier: MIT */
#include "tests/support/rounds.h"

#include "runtime/notes.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 100000 };

static void print_time(FILE *to, int64_t ticks, int64_t unit) {
    int64_t a = ticks < 0 ? -ticks : ticks, b = unit;
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    fprintf(to, "%lld", (long long)(ticks / a));
    if (unit / a != 1)
        fprintf(to, "/%lld", (long long)(unit / a));
}

static void print_pitch(FILE *to, float note) {
    static const char *const names[] = {"C",  "C#", "D",  "Eb", "E",  "F",
                                        "F#", "G",  "Ab", "A",  "Bb", "B"};
    int whole = (int)note;
    if (note < 0)
        return;
    if ((float)whole == note)
        fprintf(to, ":%s%d", names[whole % 12], whole / 12 - 1);
    else
        fprintf(to, ":m%g", (double)note);
}

static bool near(float a, float b) {
    return a - b < 1e-6f && b - a < 1e-6f;
}

/* A unit has `parts` parts of a beat. */
static void print_note(FILE *to, const chr_score *s, const chr_score_note *n, int64_t from,
                       int64_t parts) {
    print_time(to, (n->at - from) * parts, s->beat);
    if ((n->end - n->at) * parts != s->beat) {
        fputc('+', to);
        print_time(to, (n->end - n->at) * parts, s->beat);
    }
    print_pitch(to, n->note);
    if (!near(n->level, 0.8f))
        fprintf(to, "@%.3g", (double)n->level);
    if (n->tie)
        fputc('~', to);
    if (!near(n->gate, 1.0f))
        fprintf(to, "g%.3g", (double)n->gate);
    if (!near(n->pan, 0.0f))
        fprintf(to, "|%.3g", (double)n->pan);
    if (!near(n->later_s, 0.0f))
        fprintf(to, "^%.3g", (double)n->later_s);
    chr_score_value values[16];
    uint32_t n_values = chr_score_values(s, n, values, 16);
    for (uint32_t i = 0; i < n_values; i++)
        fprintf(to, "%s%u=%g%s", i == 0 ? "{" : " ", (unsigned)values[i].slot,
                (double)values[i].value, i + 1 == n_values ? "}" : "");
}

static void print_value(FILE *to, const chr_score *s, const chr_score_note *n, int64_t from) {
    print_time(to, n->at - from, s->beat);
    fprintf(to, "=%.6g", (double)n->note);
    if (!near(n->later_s, 0.0f))
        fprintf(to, "^%.3g", (double)n->later_s);
}

char *rounds_of(const chr_ir_pattern *p, bool grid, int64_t first, int n) {
    const chr_score *s = &p->score;
    char *line = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&line, &size);
    uint32_t all = 0;
    chr_score_note *notes =
        chr_score_notes(s, first * s->round, (first + n) * s->round, MOST, &all);
    uint32_t i = 0;
    for (int64_t r = first; r < first + n && to != NULL; r++) {
        if (r > first)
            fputs(" / ", to);
        uint32_t begun = i;
        for (; i < all && notes != NULL && notes[i].at < (r + 1) * s->round; i++) {
            if (i > begun)
                fputc(' ', to);
            if (p->values)
                print_value(to, s, &notes[i], r * s->round);
            else
                print_note(to, s, &notes[i], r * s->round, grid ? 4 : 1);
        }
        if (i == begun)
            fputc('-', to);
    }
    free(notes);
    fclose(to);
    return line;
}

const chr_ir_pattern *last_pattern(const chr_ir *ir) {
    return ir != NULL && ir->n_patterns > 0 ? &ir->patterns[ir->n_patterns - 1] : NULL;
}

bool writes_grid(const char *text) {
    const char *last = text;
    for (const char *at = text; (at = strstr(at, "sequence ")) != NULL; at++)
        last = at;
    return strncmp(last, "sequence ", 9) == 0;
}

int rounds_in(const char *line) {
    int n = 1;
    for (const char *at = line; (at = strstr(at, " / ")) != NULL; at++)
        n++;
    return n;
}
