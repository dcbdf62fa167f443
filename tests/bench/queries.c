/* tests/bench/queries.c: asks a score for its notes, window by window, as the audio thread does; to
 * be counted by tests/bench/queries.sh. SPDX-License-Identifier: MIT */
#include "runtime/audio/query.h"
#include "tests/support/score_kit.h"

#include <stdlib.h>
#include <string.h>

/* Sixteen equal notes in a round. */
static uint32_t flat(score_maker *m) {
    uint32_t steps[16];
    for (int i = 0; i < 16; i++)
        steps[i] = score_step(m, 3, "36");
    uint32_t row = score_row(m, 16, steps);
    return score_of(m, CHR_SCORE_STEPS, 0, 0, 0, 1, &row);
}

/* One note a round, under 32 brackets of turns. */
static uint32_t deep(score_maker *m) {
    uint32_t node = score_step(m, 48, "36");
    for (int k = 0; k < 32; k++) {
        uint32_t two[] = {score_step(m, 48, "40"), node};
        node = score_of(m, CHR_SCORE_TURNS, 0, 0, 0, 2, two);
        node = score_row(m, 1, &node);
    }
    return score_of(m, CHR_SCORE_STEPS, 0, 0, 0, 1, &node);
}

/* The sixteen notes through eight transforms. */
static uint32_t chain(score_maker *m) {
    static const struct {
        chr_score_kind kind;
        int64_t a, b;
        double x;
    } links[] = {
        {CHR_SCORE_TRANSPOSE, 0, 0,   12  },
        {CHR_SCORE_LATER,     3, 0,   0   },
        {CHR_SCORE_DEGRADE,   0, 0,   0.1 },
        {CHR_SCORE_SWING,     6, 600, 0   },
        {CHR_SCORE_PLY,       2, 0,   0   },
        {CHR_SCORE_HUMANIZE,  0, 0,   0.01},
        {CHR_SCORE_LEVEL,     0, 0,   0.9 },
        {CHR_SCORE_GATE,      0, 0,   0.5 }
    };
    uint32_t node = flat(m);
    for (int i = 0; i < 8; i++)
        node = score_of(m, links[i].kind, links[i].a, links[i].b, links[i].x, 1, &node);
    return node;
}

int main(int argc, char **argv) {
    if (argc < 3)
        return 1;
    score_maker m = score_begin();
    m.s.round = 48;
    m.s.beat = 12;
    uint32_t root = strcmp(argv[1], "flat") == 0   ? flat(&m)
                    : strcmp(argv[1], "deep") == 0 ? deep(&m)
                                                   : chain(&m);
    const chr_score *s = score_end(&m, root);
    uint32_t most, room, found = 0;
    int64_t window = chr_score_window(s, &most, &room), to = strtoll(argv[2], NULL, 10) * s->round;
    chr_score_note *notes = malloc(room * sizeof *notes);
    for (int64_t at = 0; notes && at < to;) {
        int64_t end = chr_score_window_end(s, window, at);
        found += chr_score_query(s, at, end, notes, room);
        at = end;
    }
    printf("%u\n", found);
    free(notes);
    score_free(&m);
    return 0;
}
