/* tests/render/looks_at_sessions.c: sessions from seeds, played as at a keyboard: what waits for
 * its moment comes 0.000003 to 0.8 beats apart, and more is typed meanwhile, taken back and brought
 * back. What is heard is the same to the bit however often the control thread looks, and the
 * journal makes it again. CHRONUS_SEEDS=FROM,COUNT runs others than the ones of every day.
 * SPDX-License-Identifier: MIT */
#include "tests/support/random_line.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    RATE = 48000,
    MOMENTS = 16,
    TYPED = 8,
    LOOK = 1024, /* the rarest looks; what is typed comes at multiples of it, which all share */
    BLOCK = LOOK,
    LENGTH = 320 * LOOK,
    TEXT = 2000
};

#include "tests/support/take.h"

static char folder[] = "/tmp/chronus-looks-XXXXXX";

typedef struct plan {
    uint32_t seed;
    char beginning[TEXT];
    char moments[MOMENTS][RANDOM_LINE + 40]; /* typed after it, one by one */
    char typed[TYPED][RANDOM_LINE + 40];
    uint64_t at[TYPED];
} plan;

static void write_plan(plan *p, uint32_t seed) {
    random_lines r = {seed * 2654435761u};
    char line[RANDOM_LINE];
    *p = (plan){.seed = seed};
    random_beginning(&r, p->beginning, TEXT);
    double beat = 0.5;
    for (int i = 0; i < MOMENTS; i++) {
        /* Some in the same sample or chunk as the one before, or between the same looks. */
        static const double apart[] = {0.00001, 0.001, 0.01, 0.1, 0.8, 0.8};
        beat += apart[random_of(&r, 6)] * (0.25 + 0.001 * random_of(&r, 750));
        random_line(&r, line);
        if (seed % 8 < 2 && i == MOMENTS - 6) /* it stops the clock: nothing comes until `play` */
            snprintf(line, sizeof line, "%s", seed % 8 ? "hush" : "panic");
        snprintf(p->moments[i], sizeof p->moments[i], "at bar %d beat %.6f: %s", 1 + (int)beat / 4,
                 1.0 + beat - 4 * ((int)beat / 4), line);
    }
    uint64_t at = 0;
    bool hushed = false;
    for (int i = 0; i < TYPED; i++) {
        static const char *const ways[] = {"now: ", "next beat: ", "in 1.37 beats: ", "", ""};
        at += (1 + random_of(&r, 40)) * (uint64_t)LOOK;
        p->at[i] = at;
        random_line(&r, line);
        if (hushed) { /* some hundredths of a second later, or longer after it */
            p->at[i] = at =
                at - p->at[i - 1] > 20 * LOOK ? p->at[i - 1] + (uint64_t)(1 + i % 6) * LOOK : at;
            snprintf(p->typed[i], sizeof p->typed[i], "play\n%s", line);
            hushed = false;
        } else if (random_of(&r, 12) == 0) {
            snprintf(p->typed[i], sizeof p->typed[i], "%s", random_of(&r, 3) ? "hush" : "panic");
            hushed = true;
        } else if (random_of(&r, 3) == 0) {
            snprintf(p->typed[i], sizeof p->typed[i], "%s", random_of(&r, 3) ? "undo" : "redo");
        } else {
            snprintf(p->typed[i], sizeof p->typed[i], "%s%s", ways[random_of(&r, 5)], line);
        }
    }
    assert_true(at < LENGTH);
}

typedef struct way {
    uint64_t look; /* samples; 0: at irregular times */
    int block;
} way;

static bool type(chr_player *p, const char *text) {
    return chr_player_evaluate(p, text, strlen(text), "typed", NULL).applied;
}

/* Plays it into sound[LENGTH][2]; the journal's name in `path`. */
static void play(const plan *p, way w, float *sound, char path[CHR_JOURNAL_PATH]) {
    take t = take_begin(folder, NULL, LENGTH);
    chr_player *player = t.player;
    chr_engine *e = chr_player_engine(player);
    if (!type(player, p->beginning))
        fail_msg("seed %u: this is refused:\n%s", p->seed, p->beginning);
    for (int i = 0; i < MOMENTS; i++)
        type(player, p->moments[i]); /* some are in vain */
    random_lines r = {p->seed};
    int typed = 0;
    for (uint64_t now = 0; now < LENGTH;) {
        chr_player_tend(player);
        chr_journal_tend(t.journal, now);
        /* What is typed is heard with the next chunk, and what waits is then built on top of it:
         * who plays live waits for a moment that is too near for that. */
        uint64_t end = now + (w.look ? w.look : 1 + random_of(&r, LOOK));
        for (; typed < TYPED && p->at[typed] <= now; typed++, end = now + CHR_CHUNK)
            type(player, p->typed[typed]);
        uint64_t shared = (now / LOOK + 1) * LOOK;
        for (end = end < shared ? end : shared; now < end;) {
            int n = end - now < (uint64_t)w.block ? (int)(end - now) : w.block;
            chr_engine_render(e, sound + 2 * now, n);
            now += (uint64_t)n;
        }
    }
    chr_player_tend(player);
    t.n = LENGTH;
    take_end(&t, path);
}

static void compare(const plan *p, const char *who, const float *is, const float *was) {
    for (int i = 0; i < 2 * LENGTH; i++)
        if (memcmp(&is[i], &was[i], sizeof is[i]) != 0)
            fail_msg("seed %u, %s: %.9g and not %.9g at sample %d", p->seed, who, (double)is[i],
                     (double)was[i], i / 2);
}

static void perform(const plan *p, const char *path, float *again, const float *was) {
    chr_journal_text t;
    char why[CHR_JOURNAL_TEXT];
    if (!chr_journal_read(&t, path, why))
        fail_msg("seed %u: %s", p->seed, why);
    chr_perform_options options = {.program = "test"};
    chr_performance *again_by = chr_perform_open(&t, &options);
    assert_non_null(again_by);
    for (int at = 0; at < LENGTH; at += LOOK)
        if (!chr_perform_render(again_by, again + 2 * at, LOOK, why))
            fail_msg("seed %u: %s", p->seed, why);
    const char *remark = chr_perform_remark(again_by);
    if (remark)
        fail_msg("seed %u: %s", p->seed, remark);
    chr_perform_close(again_by);
    chr_journal_text_clear(&t);
    compare(p, "from its journal", again, was);
}

static void a_session_sounds_the_same_however_often_it_is_looked_at(void **state) {
    (void)state;
    unsigned from = 1, count = 6;
    const char *asked = getenv("CHRONUS_SEEDS");
    if (asked && sscanf(asked, "%u,%u", &from, &count) != 2)
        fail_msg("CHRONUS_SEEDS is FROM,COUNT");
    float *was = malloc(2 * LENGTH * sizeof *was), *is = malloc(2 * LENGTH * sizeof *is);
    plan *p = malloc(sizeof *p);
    assert_true(was && is && p);
    for (uint32_t seed = from; seed < from + count; seed++) {
        static const way ways[] = {
            {128,  64  },
            {512,  480 },
            {1024, 1024},
            {0,    33  }
        };
        char path[CHR_JOURNAL_PATH];
        write_plan(p, seed);
        play(p, (way){CHR_CHUNK, CHR_CHUNK}, was, path);
        perform(p, path, is, was);
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
            char who[60];
            snprintf(who, sizeof who, "looks %d, blocks %d", (int)ways[i].look, ways[i].block);
            play(p, ways[i], is, path);
            compare(p, who, is, was);
        }
        empty_folder(folder);
    }
    free(was);
    free(is);
    free(p);
}

static int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    empty_folder(folder);
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_sounds_the_same_however_often_it_is_looked_at),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
