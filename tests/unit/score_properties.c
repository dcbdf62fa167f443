/* tests/unit/score_properties.c: what holds for every score, on scores by chance. With
 * SCORES=1000000 in the environment it looks at so many. SPDX-License-Identifier: MIT */
#include "runtime/audio/query.h"
#include "tests/support/score_random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint64_t scores(void) {
    const char *said = getenv("SCORES");
    return said ? strtoull(said, NULL, 10) : 3000;
}

static bool same(const chr_score_note *a, const chr_score_note *b) {
    return a->at == b->at && a->end == b->end && a->id == b->id &&
           memcmp(&a->note, &b->note, sizeof a->note) == 0 &&
           memcmp(&a->level, &b->level, sizeof a->level) == 0 && a->gate == b->gate &&
           a->pan == b->pan && a->later_s == b->later_s && a->leaf == b->leaf &&
           a->slide == b->slide && memcmp(a->locks, b->locks, sizeof a->locks) == 0;
}

enum { ROUNDS = 3 };

/* The notes of some rounds; NULL where the score may have more than can be asked for. */
static chr_score_note *notes_of(const chr_score *s, int64_t first, uint32_t *n) {
    uint32_t room, most = chr_score_most(s, ROUNDS, &room);
    if (room >= 8000)
        return NULL;
    chr_score_note *notes = malloc((room + 1) * sizeof *notes);
    memset(&notes[room], 0x5a, sizeof *notes);
    *n = chr_score_query(s, first * s->round, (first + ROUNDS) * s->round, notes, room);
    if (*n > most)
        fail_msg("%u notes, not %u", *n, most);
    for (size_t i = 0; i < sizeof *notes; i++)
        assert_int_equal(((const unsigned char *)&notes[room])[i], 0x5a);
    for (uint32_t i = 0; i < *n; i++) {
        assert_true(notes[i].at >= first * s->round && notes[i].end > notes[i].at);
        assert_true(notes[i].at < (first + ROUNDS) * s->round);
        assert_true(i == 0 || notes[i].at >= notes[i - 1].at);
        assert_true(notes[i].end - notes[i].at <= s->nodes[s->root].longest);
        assert_true(notes[i].later_s >= -s->nodes[s->root].early_s - 1e-6f);
        assert_true(notes[i].later_s <= s->nodes[s->root].late_s + 1e-6f);
        assert_true(notes[i].level >= 0.0f && notes[i].level <= 1.0f);
    }
    return notes;
}

/* The same stretch asked for in pieces of any length. */
static void ask_in_pieces(const chr_score *s, int64_t first, const chr_score_note *whole,
                          uint32_t n, uint64_t seed) {
    uint32_t room, found = 0;
    chr_score_most(s, ROUNDS + 1, &room);
    chr_score_note *piece = malloc((room + 1) * sizeof *piece);
    int64_t end = (first + ROUNDS) * s->round;
    for (int64_t at = first * s->round, k = 1; at < end; k++) {
        int64_t to = at + 1 + (int64_t)((seed * 77 + (uint64_t)k * 31) % (uint64_t)s->round);
        to = to < end ? to : end;
        uint32_t more = chr_score_query(s, at, to, piece, room);
        assert_true(found + more <= n);
        for (uint32_t i = 0; i < more; i++)
            if (!same(&piece[i], &whole[found + i]))
                fail_msg("seed %llu: note %u from %lld to %lld is another",
                         (unsigned long long)seed, i, (long long)at, (long long)to);
        found += more;
        at = to;
    }
    if (found != n)
        fail_msg("seed %llu: %u notes in pieces, %u at once", (unsigned long long)seed, found, n);
    free(piece);
}

static void pieces_are_the_whole_and_bounds_hold(void **state) {
    (void)state;
    static const int64_t lengths[] = {24, 5040, 7};
    uint64_t looked = 0, sounding = 0;
    for (uint64_t seed = 0; seed < scores(); seed++) {
        score_maker m = score_begin();
        const chr_score *s = score_by_chance(&m, seed, lengths[seed % 3], 1 + (int)(seed % 6));
        uint32_t n = 0;
        int64_t first = seed % 5 == 0 ? 1000000 : (int64_t)(seed % 7);
        chr_score_note *notes = notes_of(s, first, &n);
        if (notes) {
            ask_in_pieces(s, first, notes, n, seed);
            looked++;
            sounding += n > 0;
        }
        free(notes);
        score_free(&m);
    }
    assert_true(looked * 2 > scores() && sounding * 3 > scores());
}

static void too_little_room_is_never_left(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < scores() / 4; seed++) {
        score_maker m = score_begin();
        const chr_score *s = score_by_chance(&m, seed, 24, 1 + (int)(seed % 6));
        chr_score_note notes[8];
        uint32_t room = (uint32_t)(seed % 7);
        memset(notes, 0x5a, sizeof notes);
        assert_true(chr_score_query(s, 0, 72, notes, room) <= room);
        for (size_t i = room * sizeof *notes; i < sizeof notes; i++)
            assert_int_equal(((const unsigned char *)notes)[i], 0x5a);
        score_free(&m);
    }
}

/* Two scores over one and the same pattern sound the same. */
static void expect_same(score_maker *m, uint32_t one, uint32_t other, uint64_t seed) {
    char *a = score_text(score_end(m, one), 0, ROUNDS * m->s.round);
    char *b = score_text(score_end(m, other), 0, ROUNDS * m->s.round);
    if (strcmp(a, b) != 0)
        fail_msg("seed %llu:\n%s\n%s", (unsigned long long)seed, a, b);
    free(a);
    free(b);
}

static void twice_backwards_is_forwards(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < scores() / 4; seed++) {
        score_maker m = score_begin();
        uint32_t p = score_rounds_by_chance(&m, seed, 24, 0);
        /* Notes that end with their round, with no slide into the next. */
        uint32_t cut = score_of(&m, CHR_SCORE_LINGER, 1, 1, 0, 1, &p);
        for (uint32_t i = 0; i < m.s.n_nodes; i++)
            m.nodes[i].flags &= (uint8_t)~CHR_SCORE_SLIDE;
        uint32_t once = score_of(&m, CHR_SCORE_REV, 0, 0, 0, 1, &cut);
        expect_same(&m, cut, score_of(&m, CHR_SCORE_REV, 0, 0, 0, 1, &once), seed);
        score_free(&m);
    }
}

static void fast_and_slow_are_as_before(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < scores() / 4; seed++) {
        score_maker m = score_begin();
        int64_t n = 2 + (int64_t)(seed % 5);
        /* Slower first: then nothing is rounded. */
        uint32_t p = score_rounds_by_chance(&m, seed, 24, 0);
        uint32_t slow = score_of(&m, CHR_SCORE_FAST, 1, n, 0, 1, &p);
        expect_same(&m, p, score_of(&m, CHR_SCORE_FAST, n, 1, 0, 1, &slow), seed);
        score_free(&m);
    }
}

static void shifts_there_and_back_are_as_before(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < scores() / 4; seed++) {
        score_maker m = score_begin();
        uint32_t p = score_rounds_by_chance(&m, seed, 24, 2);
        uint32_t later = score_of(&m, CHR_SCORE_LATER, (int64_t)(seed % 31), 0, 0, 1, &p);
        uint32_t back = score_of(&m, CHR_SCORE_LATER, -(int64_t)(seed % 31), 0, 0, 1, &later);
        expect_same(&m, p, back, seed);
        score_free(&m);
    }
}

/* ---- large, deep, far ---- */

static void five_thousand_steps_are_found_wherever_they_are(void **state) {
    (void)state;
    score_maker m = score_begin();
    static uint32_t steps[5000];
    for (uint32_t i = 0; i < 5000; i++) {
        char tone[8];
        snprintf(tone, sizeof tone, "%u", i % 100);
        steps[i] = score_step(&m, 1, tone);
    }
    uint32_t row = score_row(&m, 5000, steps);
    m.s.round = 5000;
    m.s.beat = 4;
    const chr_score *s = score_end(&m, score_of(&m, CHR_SCORE_STEPS, 0, 0, 0, 1, &row));
    chr_score_note notes[100];
    for (int64_t at = 0; at < 3 * 5000; at += 100) {
        assert_int_equal(chr_score_query(s, at, at + 100, notes, 100), 100);
        for (int i = 0; i < 100; i++)
            assert_true(notes[i].at == at + i && notes[i].note == (float)((at + i) % 100));
    }
    uint32_t most, room;
    int64_t window = chr_score_window(s, &most, &room);
    assert_true(window >= 4 && window <= 80); /* some 64 notes at a time */
    score_free(&m);
}

static void thirty_two_deep_turns_come_round(void **state) {
    (void)state;
    score_maker m = score_begin();
    uint32_t node = score_step(&m, 24, "99");
    for (int k = 31; k >= 0; k--) { /* <0 <1 <2 ...>>> */
        char tone[8];
        snprintf(tone, sizeof tone, "%d", k);
        uint32_t two[] = {score_step(&m, 24, tone), node};
        node = score_of(&m, CHR_SCORE_TURNS, 0, 0, 0, 2, two);
    }
    const chr_score *s = score_end(&m, score_of(&m, CHR_SCORE_STEPS, 0, 0, 0, 1, &node));
    chr_score_note note;
    for (int64_t r = 0; r < 100000; r += 1 + r / 7) {
        int deep = 0;
        for (int64_t k = r; k % 2 == 1; k /= 2)
            deep++;
        assert_int_equal(chr_score_query(s, r * 24, r * 24 + 24, &note, 1), 1);
        assert_true(note.note == (float)deep);
    }
    score_free(&m);
}

/* <a b c> beside <d e f g h> beside <i j k l m n o>: each in its own time, for ever. */
static void coprime_turns_meet_where_they_should_a_million_rounds_away(void **state) {
    (void)state;
    score_maker m = score_begin();
    static const uint32_t lengths[] = {3, 5, 7};
    uint32_t steps[3];
    for (uint32_t k = 0; k < 3; k++) {
        uint32_t turns[7];
        for (uint32_t i = 0; i < lengths[k]; i++) {
            char tone[8];
            snprintf(tone, sizeof tone, "%u", 10 * k + i);
            turns[i] = score_step(&m, 8, tone);
        }
        steps[k] = score_of(&m, CHR_SCORE_TURNS, 0, 0, 0, lengths[k], turns);
    }
    uint32_t row = score_row(&m, 3, steps);
    const chr_score *s = score_end(&m, score_of(&m, CHR_SCORE_STEPS, 0, 0, 0, 1, &row));
    static const int64_t places[] = {0, 104, 1000000, 999999999999, -1};
    for (int p = 0; p < 5; p++) {
        chr_score_note notes[3];
        int64_t r = places[p], count = r < 0 ? s->most_rounds + r : r % s->most_rounds;
        assert_int_equal(chr_score_query(s, r * 24, r * 24 + 24, notes, 3), 3);
        for (uint32_t k = 0; k < 3; k++) {
            assert_int_equal(notes[k].at, r * 24 + 8 * k);
            assert_true(notes[k].note == (float)(10 * k + (uint32_t)(count % lengths[k])));
        }
    }
    score_free(&m);
}

static void a_tower_of_nodes_is_silent_rather_than_deep(void **state) {
    (void)state;
    score_maker m = score_begin();
    uint32_t node = score_line(&m, "36");
    for (int i = 0; i < 10000; i++)
        node = score_of(&m, CHR_SCORE_REV, 0, 0, 0, 1, &node);
    chr_score_note note;
    assert_int_equal(chr_score_query(score_end(&m, node), 0, 24, &note, 1), 0);
    score_free(&m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_the_whole_and_bounds_hold),
        cmocka_unit_test(too_little_room_is_never_left),
        cmocka_unit_test(twice_backwards_is_forwards),
        cmocka_unit_test(fast_and_slow_are_as_before),
        cmocka_unit_test(shifts_there_and_back_are_as_before),
        cmocka_unit_test(five_thousand_steps_are_found_wherever_they_are),
        cmocka_unit_test(thirty_two_deep_turns_come_round),
        cmocka_unit_test(coprime_turns_meet_where_they_should_a_million_rounds_away),
        cmocka_unit_test(a_tower_of_nodes_is_silent_rather_than_deep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
