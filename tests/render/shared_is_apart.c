/* tests/render/shared_is_apart.c: equal work is done once, and nobody can hear it: sessions in
 * which much is equal are changed while they play, so that equals part, leave, come back and change
 * together; each sample is that of an engine in which everybody works for itself.
 * SPDX-License-Identifier: MIT */
#include "runtime/player.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { RATE = 48000, BLOCK = 48, MOST_CHANGES = 16 };

typedef struct story {
    const char *begins;
    const char
        *changes[MOST_CHANGES]; /* one after the other, some in the fades of the one before */
} story;

static chr_player *begin(const story *s, bool apart, int lanes) {
    chr_player_options o = {
        .engine = {.rate_hz = RATE, .n_channels = 2, .restless = apart, .lanes = lanes}
    };
    chr_player *p = chr_player_new(&o);
    assert_non_null(p);
    if (!chr_player_evaluate(p, s->begins, strlen(s->begins), "test", NULL).applied)
        fail_msg("it has errors:\n%s", s->begins);
    return p;
}

static void same_while_it_changes(const story *s, int lanes) {
    chr_player *shared = begin(s, false, lanes), *apart = begin(s, true, lanes);
    float a[2 * BLOCK], b[2 * BLOCK];
    double loud = 0.0;
    int block = 0;
    for (int change = -1; change < MOST_CHANGES && (change < 0 || s->changes[change]); change++) {
        chr_player *both[] = {shared, apart};
        for (int k = 0; k < 2 && change >= 0; k++) {
            const char *text = s->changes[change];
            if (!chr_player_evaluate(both[k], text, strlen(text), "test", NULL).applied)
                fail_msg("it has errors: %s", text);
        }
        int wait = change % 3 == 1 ? 4 : 60; /* 4 ms: in the middle of a fade */
        for (int end = block + wait; block < end; block++) {
            chr_player_tend(shared);
            chr_player_tend(apart);
            chr_engine_render(chr_player_engine(shared), a, BLOCK);
            chr_engine_render(chr_player_engine(apart), b, BLOCK);
            if (memcmp(a, b, sizeof a))
                fail_msg("lanes %d: another sound in block %d, after `%s`, in:\n%s", lanes, block,
                         change < 0 ? "the beginning" : s->changes[change], s->begins);
            for (int i = 0; i < 2 * BLOCK; i++)
                loud += (double)a[i] * (double)a[i];
        }
    }
    assert_true(loud > 0.01);
    chr_player_free(shared);
    chr_player_free(apart);
}

static const story stories[] = {
    {"patch a: saw 110 > lpf 300+100*lfo(3) > gain 0.2 > out\n"
     "patch b: saw 110 > lpf 300+100*lfo(3) > gain 0.2 > out\n"
     "patch c: saw 110 > lpf 500+100*lfo(3) > gain 0.1 > out\n",                                  {"b.saw.freq=220", "a.saw.freq=165", "undo", "undo", "b.lpf.res=0.8",
      "patch b: square 110 > lpf 300+100*lfo(3) > gain 0.2 > out", "undo", "remove a", "undo",
      "a.gain=-20dB", "set c saw.freq=330 over 50ms", "undo"}                                  },
    {"let i = [for k in 0..95: k]\n"
     "patch w: sine 110*2^((i%48)/12) phase=90*sine(55*2^((i%48)/12)) > gain 0.01 > mix > out\n", {"let i = [for k in 0..79: k]", "undo",
      "patch w: sine 110*2^((i%32)/12) phase=90*sine(55*2^((i%48)/12)) > gain 0.01 > mix > out",
      "undo", "let i = [for k in 0..95: k*2]", "undo", "redo"}},
    {"let wob = lfo(2)\n"
     "patch a: [for i in 1..20: saw 55*i > lpf 900+400*lfo(2) > gain 0.05] > mix > out\n"
     "patch b voices=4: saw freq > lpf 900+400*wob > env > mix > gain 0.1 > out\n"
     "melody b step=1/16: C3 E3 G3 C4\nplay\n",                                                   {"let wob = lfo(2)*0.5", "undo", "patch c: sine 500 + 100*lfo(2) > gain 0.1 > out", "undo",
      "patch a: [for i in 1..20: saw 55*i > lpf 900+400*lfo(3) > gain 0.05] > mix > out", "undo"}               },
};

static void equals_that_work_as_one_are_not_heard(void **state) {
    (void)state;
    for (size_t k = 0; k < sizeof stories / sizeof stories[0]; k++) {
        same_while_it_changes(&stories[k], 0);
        same_while_it_changes(&stories[k], 1);
        same_while_it_changes(&stories[k], 4);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(equals_that_work_as_one_are_not_heard)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
