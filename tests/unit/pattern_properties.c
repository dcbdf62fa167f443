/* tests/unit/pattern_properties.c: what holds of every pattern, on patterns written by chance.
 *
 * The usual run takes some thousands. `unit_pattern_properties N [SEED]` takes N of them, says its
 * seed, and each pattern that breaks something: under sanitizers, a million of them in an hour.
 * SPDX-License-Identifier: MIT */
#include "checking.h"
#include "runtime/notes.h"
#include "tests/support/random_pattern.h"
#include "tests/support/rounds.h"

#include <time.h>

enum { USUAL = 3000, MOST_NOTES = 200000 };

static random_pattern by_chance = {.seed = 20261120};
static int patterns_wanted = USUAL;

typedef struct played {
    checked k;
    const chr_score *s; /* NULL: it asks for more than there may be, and said so */
    bool grid;
} played;

/* Limits are no mistakes; anything else that is wrong with a pattern is one of ours. */
static bool is_limit(const chr_diags *d) {
    for (const chr_diag *x = d->first; x != NULL; x = x->next) {
        const char *code = chr_code_name(x->code);
        if (code[0] == 'E' && code[1] != '5')
            return false;
    }
    return true;
}

static played play(const char *statement) {
    static char text[20000];
    snprintf(text, sizeof text, "create drum voices=8\n%s\n", statement);
    played p = {.k = check_with(text, NULL), .grid = writes_grid(statement)};
    if (p.k.ir == NULL && !is_limit(&p.k.diags))
        fail_msg("seed %llu: %s\n%s", (unsigned long long)by_chance.seed, statement, p.k.messages);
    if (p.k.ir != NULL)
        p.s = &p.k.ir->patterns[0].score;
    return p;
}

static char *line_of(const played *p, int rounds) {
    return rounds_of(&p->k.ir->patterns[0], p->grid, 1, rounds);
}

/* Both statements play the same, as far as they may be played. (From round 1 on: what slides into
 * round 0 comes from the end of all rounds, whose number is not the same.) */
static void expect_equal(const char *a, const char *b, int rounds) {
    played x = play(a), y = play(b);
    if (x.s != NULL && y.s != NULL) {
        char *one = line_of(&x, rounds), *two = line_of(&y, rounds);
        size_t same = 0;
        while (one[same] != '\0' && one[same] == two[same])
            same++;
        if (strcmp(one, two) != 0) {
            fprintf(stderr, "%s\n%s\n", a, b);
            same = same > 100 ? same - 100 : 0;
            fail_msg("the first ... %.200s\nthe other ... %.200s", one + same, two + same);
        }
        free(one);
        free(two);
    }
    checked_free(&x.k);
    checked_free(&y.k);
}

static const char *kind(void) {
    return by_chance.grid ? "sequence" : "melody";
}

static void make_steps(bool grid, bool chances, bool holds, char steps[4000]) {
    by_chance.grid = grid;
    by_chance.chances = chances;
    by_chance.holds = holds;
    random_steps(&by_chance, steps, 4000);
}

/* Round by round and all at once: the same notes, in order, sound, no more than were foretold, and
 * in a time that goes with their number. */
static void every_pattern_can_be_asked_in_any_pieces(void **state) {
    (void)state;
    static char steps[4000], transforms[4000], statement[9000];
    for (int i = 0; i < patterns_wanted; i++) {
        make_steps(i % 2 == 0, true, true, steps);
        random_transforms(&by_chance, 4, transforms, sizeof transforms);
        snprintf(statement, sizeof statement, "%s drum%s: %s%s", kind(),
                 random_below(&by_chance, 3) == 0 ? " swing=60%" : "", steps, transforms);
        played p = play(statement);
        if (p.s == NULL) {
            checked_free(&p.k);
            continue;
        }
        enum { ROUNDS = 6 };
        uint32_t n = 0, from = 0, room, in_one = chr_score_most(p.s, 1, &room);
        chr_score_note *all = chr_score_notes(p.s, 0, ROUNDS * p.s->round, MOST_NOTES, &n);
        assert_non_null(all);
        for (uint32_t k = 0; k < n; k++) {
            const chr_score_note *a = &all[k];
            if (a->end <= a->at || !(a->level >= 0 && a->level <= 1) || a->leaf >= p.s->n_nodes ||
                (k > 0 && a->at < a[-1].at))
                fail_msg("%s: note %u is none", statement, k);
        }
        for (int64_t r = 0; r < ROUNDS; r++) {
            uint32_t m = 0;
            chr_score_note *some =
                chr_score_notes(p.s, r * p.s->round, (r + 1) * p.s->round, MOST_NOTES, &m);
            assert_non_null(some);
            if (m > in_one)
                fail_msg("%s: %u notes in a round, and %u were foretold", statement, m, in_one);
            for (uint32_t k = 0; k < m; k++)
                if (from + k >= n || some[k].at != all[from + k].at ||
                    some[k].end != all[from + k].end || some[k].id != all[from + k].id ||
                    some[k].note < all[from + k].note || some[k].note > all[from + k].note)
                    fail_msg("%s: round %d by itself is another one", statement, (int)r);
            from += m;
            free(some);
        }
        if (from != n)
            fail_msg("%s: %u notes round by round, %u at once", statement, from, n);
        free(all);
        checked_free(&p.k);
    }
}

/* A line of rounds without its pitches. */
static void forget_pitches(char *line) {
    char *to = line;
    for (const char *p = line; *p; p++)
        if (*p == ':')
            p += strcspn(p, " @~g|^{") - 1;
        else
            *to++ = *p;
    *to = '\0';
}

/* The same brackets and signs as a grid and as words: the same notes at the same places. */
static void a_grid_and_its_words_play_the_same(void **state) {
    (void)state;
    static char grid[4000], words[4000], statement[9000];
    by_chance.spelled = true;
    for (int i = 0; i < patterns_wanted / 4; i++) {
        uint64_t seed = by_chance.seed;
        make_steps(true, true, true, grid);
        by_chance.seed = seed;
        make_steps(false, true, true, words);
        snprintf(statement, sizeof statement, "sequence drum: %s", grid);
        played x = play(statement);
        snprintf(statement, sizeof statement, "melody drum step=1/16: %s", words);
        played y = play(statement);
        if (x.s != NULL && y.s != NULL) {
            char *one = rounds_of(&x.k.ir->patterns[0], true, 0, 4),
                 *two = rounds_of(&y.k.ir->patterns[0], true, 0, 4);
            forget_pitches(two);
            if (strcmp(one, two) != 0)
                fail_msg("%s\n%s\n%.300s\n%.300s", grid, statement, one, two);
            free(one);
            free(two);
        }
        checked_free(&x.k);
        checked_free(&y.k);
    }
    by_chance.spelled = false;
}

static void twice_backwards_is_forwards(void **state) {
    (void)state;
    static char steps[4000], a[9000], b[9000];
    for (int i = 0; i < patterns_wanted / 4; i++) {
        make_steps(i % 2 == 0, false, false, steps);
        snprintf(a, sizeof a, "%s drum: %s > rev > rev", kind(), steps);
        snprintf(b, sizeof b, "%s drum: %s", kind(), steps);
        expect_equal(a, b, 4);
    }
}

static void as_much_slower_as_faster_is_as_fast(void **state) {
    (void)state;
    static char steps[4000], a[9000], b[9000];
    for (int i = 0; i < patterns_wanted / 4; i++) {
        uint32_t n = 1 + random_below(&by_chance, 7), m = 1 + random_below(&by_chance, 5);
        make_steps(i % 2 == 0, true, true, steps);
        snprintf(a, sizeof a, "%s drum: %s > fast %u/%u > slow %u/%u", kind(), steps, n, m, n, m);
        snprintf(b, sizeof b, "%s drum: %s", kind(), steps);
        expect_equal(a, b, 4);
    }
}

static void off_is_a_layer_that_comes_later(void **state) {
    (void)state;
    static char steps[4000], a[9000], b[9000];
    for (int i = 0; i < patterns_wanted / 4; i++) {
        make_steps(i % 2 == 0, false, true, steps);
        snprintf(a, sizeof a, "%s drum: %s > off 1/8 rev", kind(), steps);
        snprintf(b, sizeof b, "%s drum: %s > layer (slow 1) (late 1/8 > rev)", kind(), steps);
        expect_equal(a, b, 4);
    }
}

/* n times as fast: n rounds in the time of one. */
static void speed_multiplies_notes(void **state) {
    (void)state;
    static char steps[4000], a[9000], b[9000];
    for (int i = 0; i < patterns_wanted / 4; i++) {
        make_steps(i % 2 == 0, true, true, steps);
        snprintf(a, sizeof a, "%s drum: %s > fast 3", kind(), steps);
        snprintf(b, sizeof b, "%s drum: %s", kind(), steps);
        played x = play(a), y = play(b);
        if (x.s != NULL && y.s != NULL) {
            uint32_t n = 0, m = 0;
            free(chr_score_notes(x.s, 0, 2 * x.s->round, MOST_NOTES, &n));
            free(chr_score_notes(y.s, 0, 6 * y.s->round, MOST_NOTES, &m));
            if (n != m)
                fail_msg("%s: %u notes, not %u", a, n, m);
        }
        checked_free(&x.k);
        checked_free(&y.k);
    }
}

/* Where nothing rests, nothing is left over: without `,` and Euclid, the lengths add up to the
 * round. */
static void steps_fill_their_round(void **state) {
    (void)state;
    static char steps[4000], a[9000];
    for (int i = 0; i < patterns_wanted / 4; i++) {
        make_steps(true, false, false, steps);
        if (strpbrk(steps, ",(") != NULL)
            continue;
        snprintf(a, sizeof a, "sequence drum: %s", steps);
        played p = play(a);
        for (int64_t r = 0; p.s != NULL && r < 4; r++) {
            uint32_t n = 0;
            int64_t total = 0;
            chr_score_note *notes =
                chr_score_notes(p.s, r * p.s->round, (r + 1) * p.s->round, MOST_NOTES, &n);
            for (uint32_t k = 0; k < n; k++)
                total += notes[k].end - notes[k].at;
            if (total != p.s->round)
                fail_msg("%s: %lld of %lld ticks", a, (long long)total, (long long)p.s->round);
            free(notes);
        }
        checked_free(&p.k);
    }
}

static void no_pattern_takes_long_to_find_out(void **state) {
    (void)state;
    static char steps[4000], transforms[4000], statement[9000];
    for (int i = 0; i < patterns_wanted / 4; i++) {
        make_steps(i % 2 == 0, true, true, steps);
        random_transforms(&by_chance, 8, transforms, sizeof transforms);
        snprintf(statement, sizeof statement, "%s drum: %s%s", kind(), steps, transforms);
        played p = play(statement);
        if (p.s != NULL) {
            enum { ROUNDS = 4 };
            uint32_t n = 0;
            clock_t before = clock();
            free(chr_score_notes(p.s, 0, ROUNDS * p.s->round, MOST_NOTES, &n));
            double took_s = (double)(clock() - before) / CLOCKS_PER_SEC;
            /* Far beyond what it takes: it tells a walk that doubles at every turn, not a slow
             * machine. */
            if (took_s > 2.0 + 1e-4 * n)
                fail_msg("%s: %u notes took %g s", statement, n, took_s);
        }
        checked_free(&p.k);
    }
}

int main(int argc, char **argv) {
    if (argc > 1)
        patterns_wanted = atoi(argv[1]);
    if (argc > 2)
        by_chance.seed = strtoull(argv[2], NULL, 10) | 1;
    if (argc > 1)
        printf("%d patterns, seed %llu\n", patterns_wanted, (unsigned long long)by_chance.seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pattern_can_be_asked_in_any_pieces),
        cmocka_unit_test(a_grid_and_its_words_play_the_same),
        cmocka_unit_test(twice_backwards_is_forwards),
        cmocka_unit_test(as_much_slower_as_faster_is_as_fast),
        cmocka_unit_test(off_is_a_layer_that_comes_later),
        cmocka_unit_test(speed_multiplies_notes),
        cmocka_unit_test(steps_fill_their_round),
        cmocka_unit_test(no_pattern_takes_long_to_find_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
