/* tests/support/score_kit.c: scores written by hand, and their notes as text.
 * SPDX-License-Identifier: MIT */
#include "tests/support/score_kit.h"

#include "runtime/notes.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

score_maker score_begin(void) {
    score_maker m = {.arena = chr_arena_new(0)};
    m.nodes = CHR_NEW_N(m.arena, chr_score_node, KIT_NODES);
    m.links = CHR_NEW_N(m.arena, chr_score_link, 2 * KIT_NODES);
    m.tones = CHR_NEW_N(m.arena, float, KIT_NODES);
    m.s = (chr_score){.nodes = m.nodes,
                      .links = m.links,
                      .tones = m.tones,
                      .seed = 1,
                      .round = KIT_ROUND,
                      .beat = KIT_BEAT};
    return m;
}

const chr_score *score_end(score_maker *m, uint32_t root) {
    m->s.root = root;
    chr_score_finish(&m->s, m->nodes);
    return &m->s;
}

void score_free(score_maker *m) {
    chr_arena_free(m->arena);
}

chr_score_node *score_node(score_maker *m, uint32_t node) {
    return &m->nodes[node];
}

uint32_t score_of(score_maker *m, chr_score_kind kind, int64_t a, int64_t b, double x, uint32_t n,
                  const uint32_t *below) {
    assert(m->s.n_nodes < KIT_NODES && m->s.n_links + n <= 2 * KIT_NODES);
    uint32_t first = m->s.n_links;
    for (uint32_t i = 0; i < n; i++)
        m->links[m->s.n_links++].node = below[i];
    m->nodes[m->s.n_nodes] = (chr_score_node){.kind = (uint8_t)kind,
                                              .first = first,
                                              .n = n,
                                              .lock = CHR_SCORE_NO_LOCK,
                                              .length = n ? m->nodes[below[0]].length : 0,
                                              .a = a,
                                              .b = b,
                                              .x = x};
    return m->s.n_nodes++;
}

uint32_t score_step(score_maker *m, int64_t length, const char *word) {
    chr_score_kind kind = word[0] == '.'   ? CHR_SCORE_REST
                          : word[0] == '_' ? CHR_SCORE_HOLD
                                           : CHR_SCORE_NOTES;
    uint32_t tones = m->s.n_tones;
    bool slides = strchr(word, '~') != NULL, hit = word[0] == 'x';
    for (const char *at = word; kind == CHR_SCORE_NOTES && *at && *at != '~';) {
        char *end = NULL;
        m->tones[m->s.n_tones++] = hit ? -1.0f : strtof(at, &end);
        at = hit ? at + 1 : *end == '+' ? end + 1 : end;
    }
    bool notes = kind == CHR_SCORE_NOTES;
    uint32_t node =
        score_of(m, kind, notes ? tones : 0, m->s.n_tones - tones, notes ? 0.8 : 0.0, 0, NULL);
    m->nodes[node].length = length;
    m->nodes[node].flags =
        (uint8_t)((slides ? CHR_SCORE_SLIDE : 0) | (hit ? CHR_SCORE_PITCHLESS : 0));
    return node;
}

uint32_t score_row(score_maker *m, uint32_t n, const uint32_t *steps) {
    uint32_t row = score_of(m, CHR_SCORE_ROW, 0, 0, 0, n, steps);
    int64_t at = 0;
    for (uint32_t i = 0; i < n; i++) {
        m->links[m->nodes[row].first + i].at = at;
        at += m->nodes[steps[i]].length;
    }
    m->nodes[row].length = at;
    return row;
}

uint32_t score_line(score_maker *m, const char *words) {
    uint32_t steps[64], n = 1;
    for (const char *at = words; *at; at++)
        n += *at == ' ';
    char *copy = strdup(words), *rest = copy;
    for (uint32_t i = 0; i < n; i++)
        steps[i] = score_step(m, KIT_ROUND / n, strtok_r(rest, " ", &rest));
    free(copy);
    uint32_t row = score_row(m, n, steps);
    return score_of(m, CHR_SCORE_STEPS, 0, 0, 0, 1, &row);
}

char *score_text(const chr_score *s, int64_t from, int64_t to) {
    uint32_t n;
    chr_score_note *notes = chr_score_notes(s, from, to, 100000, &n);
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert(notes && out);
    for (uint32_t i = 0; i < n; i++) {
        const chr_score_note *e = &notes[i];
        fprintf(out, "%s%lld+%lld:", i ? " " : "", (long long)e->at, (long long)(e->end - e->at));
        if (e->note < 0.0f)
            fputc('x', out);
        else
            fprintf(out, "%g", (double)e->note);
        if (e->level < 0.799f || e->level > 0.801f)
            fprintf(out, "@%.3g", (double)e->level);
        if (e->gate != 1.0f)
            fprintf(out, "g%.3g", (double)e->gate);
        if (e->later_s != 0.0f)
            fprintf(out, "l%.3g", (double)e->later_s);
        if (e->pan != 0.0f)
            fprintf(out, "p%.3g", (double)e->pan);
        if (e->tie)
            fputc('~', out);
    }
    fclose(out);
    free(notes);
    return text;
}
