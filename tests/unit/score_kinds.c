/* tests/unit/score_kinds.c: each kind of node of a score, note by note over two or three rounds.
 * SPDX-License-Identifier: MIT */
#include "runtime/audio/query.h"
#include "tests/support/score_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Ends the score, and compares the notes of so many rounds. */
static void expect(score_maker *m, uint32_t root, int rounds, const char *expected) {
    const chr_score *s = score_end(m, root);
    char *text = score_text(s, 0, rounds * s->round);
    if (strcmp(text, expected) != 0)
        fail_msg("expected %s\nbut it is %s", expected, text);
    free(text);
    score_free(m);
}

/* One node above a line. */
static void expect_over(const char *line, chr_score_kind kind, int64_t a, int64_t b, double x,
                        int rounds, const char *expected) {
    score_maker m = score_begin();
    uint32_t below = score_line(&m, line);
    expect(&m, score_of(&m, kind, a, b, x, 1, &below), rounds, expected);
}

/* One node above two lines. */
static void expect_of_two(const char *first, const char *second, chr_score_kind kind, int64_t a,
                          int64_t b, double x, int rounds, const char *expected) {
    score_maker m = score_begin();
    uint32_t below[2];
    below[0] = score_line(&m, first);
    below[1] = score_line(&m, second);
    expect(&m, score_of(&m, kind, a, b, x, 2, below), rounds, expected);
}

/* A node of steps, as long as a round, in every round. */
static uint32_t whole(score_maker *m, uint32_t steps) {
    return score_of(m, CHR_SCORE_STEPS, 0, 0, 0, 1, &steps);
}

/* ---- steps ---- */

static void rows_rests_and_chords(void **state) {
    (void)state;
    score_maker m = score_begin();
    expect(&m, score_line(&m, "36 . 40+43 x"), 2,
           "0+6:36 12+6:40 12+6:43 18+6:x 24+6:36 36+6:40 36+6:43 42+6:x");
}

static void holds_go_on_over_brackets_and_rounds(void **state) {
    (void)state;
    score_maker m = score_begin();
    expect(&m, score_line(&m, "36 _ _ 40"), 1, "0+18:36 18+6:40");
    m = score_begin(); /* into the next round, and a rest ends it */
    expect(&m, score_line(&m, "_ 36 . 40"), 2, "6+6:36 18+12:40 30+6:36 42+12:40");
    m = score_begin(); /* [36 40] [_ .] . . */
    uint32_t in[] = {score_step(&m, 3, "36"), score_step(&m, 3, "40")};
    uint32_t held[] = {score_step(&m, 3, "_"), score_step(&m, 3, ".")};
    uint32_t steps[] = {score_row(&m, 2, in), score_row(&m, 2, held), score_step(&m, 12, ".")};
    expect(&m, whole(&m, score_row(&m, 3, steps)), 1, "0+3:36 3+6:40");
    m = score_begin(); /* <36 _ _ 40>: whole rounds of holds */
    uint32_t turns[] = {score_step(&m, 24, "36"), score_step(&m, 24, "_"), score_step(&m, 24, "_"),
                        score_step(&m, 24, "40")};
    expect(&m, whole(&m, score_of(&m, CHR_SCORE_TURNS, 0, 0, 0, 4, turns)), 5,
           "0+72:36 72+24:40 96+72:36");
}

static void slides_tie_what_begins_at_their_end(void **state) {
    (void)state;
    score_maker m = score_begin();
    expect(&m, score_line(&m, "36~ 40 43~ ."), 1, "0+6:36 6+6:40~ 12+6:43");
    m = score_begin();
    expect(&m, score_line(&m, "36 . . 40~"), 2, "0+6:36~ 18+6:40 24+6:36~ 42+6:40");
}

static void together_all_begin_at_once(void **state) {
    (void)state;
    score_maker m = score_begin();
    uint32_t two[] = {score_step(&m, 12, "36"), score_step(&m, 12, "40")};
    uint32_t layers[] = {score_row(&m, 2, two), score_step(&m, 24, "48")};
    expect(&m, whole(&m, score_of(&m, CHR_SCORE_TOGETHER, 0, 0, 0, 2, layers)), 1,
           "0+12:36 0+24:48 12+12:40");
}

static void turns_come_one_each_round_and_nested_ones_once_a_turn(void **state) {
    (void)state;
    score_maker m = score_begin();
    uint32_t inner[] = {score_step(&m, 24, "40"), score_step(&m, 24, "43")};
    uint32_t outer[] = {score_step(&m, 24, "36"), score_of(&m, CHR_SCORE_TURNS, 0, 0, 0, 2, inner)};
    expect(&m, whole(&m, score_of(&m, CHR_SCORE_TURNS, 0, 0, 0, 2, outer)), 5,
           "0+24:36 24+24:40 48+24:36 72+24:43 96+24:36");
}

static void a_ratchet_gives_turns_their_next(void **state) {
    (void)state;
    score_maker m = score_begin();
    uint32_t two[] = {score_step(&m, 8, "36"), score_step(&m, 8, "40")};
    uint32_t turns = score_of(&m, CHR_SCORE_TURNS, 0, 0, 0, 2, two);
    uint32_t ratchet = score_of(&m, CHR_SCORE_RATCHET, 3, 0, 0, 1, &turns);
    score_node(&m, ratchet)->length = 24;
    expect(&m, whole(&m, ratchet), 2, "0+8:36 8+8:40 16+8:36 24+8:40 32+8:36 40+8:40");
}

/* How many of n rounds have a note of that tone. */
static int rounds_with(const chr_score *s, int n, float tone) {
    chr_score_note notes[64];
    int found = 0;
    for (int r = 0; r < n; r++) {
        uint32_t k = chr_score_query(s, r * s->round, (r + 1) * s->round, notes, 64);
        for (uint32_t i = 0; i < k; i++)
            if (!(notes[i].note < tone) && !(tone < notes[i].note)) {
                found++;
                break;
            }
    }
    return found;
}

static void chance_and_choice_keep_their_odds_and_their_answers(void **state) {
    (void)state;
    score_maker m = score_begin();
    uint32_t three[] = {score_step(&m, 12, "36"), score_step(&m, 12, "40"),
                        score_step(&m, 12, "40")};
    uint32_t choice = score_of(&m, CHR_SCORE_CHOICE, 0, 0, 0, 3, three);
    uint32_t one = score_step(&m, 12, "50");
    uint32_t steps[] = {choice, score_of(&m, CHR_SCORE_CHANCE, 0, 0, 0.3, 1, &one)};
    const chr_score *s = score_end(&m, whole(&m, score_row(&m, 2, steps)));
    int choices = rounds_with(s, 3000, 40), chances = rounds_with(s, 3000, 50);
    assert_in_range(choices, 1900, 2100);
    assert_in_range(chances, 820, 980);
    /* What is asked again, or in another order, is the same; another seed is another music. */
    assert_int_equal(rounds_with(s, 3000, 40), choices);
    char *far = score_text(s, 1000000 * s->round, 1000010 * s->round);
    char *again = score_text(s, 1000000 * s->round, 1000010 * s->round);
    assert_string_equal(far, again);
    free(again);
    m.s.seed = 2;
    again = score_text(&m.s, 1000000 * s->round, 1000010 * s->round);
    assert_string_not_equal(far, again);
    free(far);
    free(again);
    score_free(&m);
}

/* ---- time ---- */

static void fast_and_slow(void **state) {
    (void)state;
    expect_over("36 40 . .", CHR_SCORE_FAST, 2, 1, 0, 1, "0+3:36 3+3:40 12+3:36 15+3:40");
    expect_over("36 40 . 43", CHR_SCORE_FAST, 1, 2, 0, 3,
                "0+12:36 12+12:40 36+12:43 48+12:36 60+12:40");
    expect_over("36 40", CHR_SCORE_FAST, 3, 2, 0, 2,
                "0+8:36 8+8:40 16+8:36 24+8:40 32+8:36 40+8:40");
}

static void later_and_earlier(void **state) {
    (void)state;
    expect_over("36 40 43 48", CHR_SCORE_LATER, 9, 0, 0, 1, "3+6:48 9+6:36 15+6:40 21+6:43");
    expect_over("36 40 43 48", CHR_SCORE_LATER, -6, 0, 0, 1, "0+6:40 6+6:43 12+6:48 18+6:36");
}

static void backwards_keeps_lengths(void **state) {
    (void)state;
    expect_over("36 40 _ 43", CHR_SCORE_REV, 0, 0, 0, 2,
                "0+6:43 6+12:40 18+6:36 24+6:43 30+12:40 42+6:36");
    expect_over("_ 36 . 40", CHR_SCORE_REV, 0, 0, 0, 1, "0+6:40 12+6:36"); /* cut at its end */
}

static void rotation_goes_on_with_each_round(void **state) {
    (void)state;
    expect_over("36 40 43 48", CHR_SCORE_ITER, 4, 1, 0, 3,
                "0+6:36 6+6:40 12+6:43 18+6:48 24+6:40 30+6:43 36+6:48 42+6:36 48+6:43 54+6:48 "
                "60+6:36 66+6:40");
    expect_over("36 40 43 48", CHR_SCORE_ITER, 4, -1, 0, 2,
                "0+6:36 6+6:40 12+6:43 18+6:48 24+6:48 30+6:36 36+6:40 42+6:43");
}

static void the_first_part_lingers(void **state) {
    (void)state;
    expect_over("36 40 43 48", CHR_SCORE_LINGER, 1, 4, 0, 1, "0+6:36 6+6:36 12+6:36 18+6:36");
    expect_over("36 _ 43 48", CHR_SCORE_LINGER, 1, 4, 0, 1, "0+6:36 6+6:36 12+6:36 18+6:36");
    expect_over("36 40 43 48", CHR_SCORE_LINGER, 1, 2, 0, 1, "0+6:36 6+6:40 12+6:36 18+6:40");
}

static void parts_are_shuffled_or_drawn(void **state) {
    (void)state;
    static const float tones[] = {36, 40, 43, 48};
    int orders[2] = {0, 0};
    for (int64_t drawn = 0; drawn < 2; drawn++) {
        score_maker m = score_begin();
        uint32_t below = score_line(&m, "36 40 43 48");
        const chr_score *s = score_end(&m, score_of(&m, CHR_SCORE_PARTS, 4, drawn, 0, 1, &below));
        for (int r = 0; r < 50; r++) {
            chr_score_note notes[16];
            assert_int_equal(chr_score_query(s, r * 24, (r + 1) * 24, notes, 16), 4);
            int each[4] = {0}, in_place = 0;
            for (int i = 0; i < 4; i++) {
                assert_int_equal(notes[i].at, r * 24 + 6 * i);
                assert_int_equal(notes[i].end, r * 24 + 6 * i + 6);
                for (int k = 0; k < 4; k++)
                    each[k] += !(notes[i].note < tones[k]) && !(tones[k] < notes[i].note);
                in_place += !(notes[i].note < tones[i]) && !(tones[i] < notes[i].note);
            }
            orders[drawn] += in_place == 4;
            for (int k = 0; k < 4 && drawn == 0; k++)
                assert_int_equal(each[k], 1); /* a permutation */
        }
        score_free(&m);
    }
    assert_in_range(orders[0], 0, 10);
    assert_in_range(orders[1], 0, 10);
}

static void swing_stretches_the_first_of_two(void **state) {
    (void)state;
    expect_over("36 40 43 48", CHR_SCORE_SWING, 12, 750, 0, 1, "0+9:36 9+3:40 12+9:43 21+3:48");
}

/* ---- which of several ---- */

static void stacks_sound_together(void **state) {
    (void)state;
    expect_of_two("36 40", "48", CHR_SCORE_STACK, 0, 0, 0, 1, "0+12:36 0+24:48 12+12:40");
}

static void every_some_rounds_differ(void **state) {
    (void)state;
    expect_of_two("36", "48", CHR_SCORE_EVERY, 3, 2, 0, 6,
                  "0+24:36 24+24:36 48+24:48 72+24:36 96+24:36 120+24:48");
    score_maker m = score_begin();
    uint32_t two[] = {score_line(&m, "36"), score_line(&m, "48")};
    const chr_score *s = score_end(&m, score_of(&m, CHR_SCORE_SOMEROUNDS, 0, 0, 0.25, 2, two));
    assert_in_range(rounds_with(s, 2000, 48), 420, 580);
    assert_int_equal(rounds_with(s, 2000, 36) + rounds_with(s, 2000, 48), 2000);
    score_free(&m);
}

static void a_sieve_and_what_it_leaves_make_the_whole(void **state) {
    (void)state;
    score_maker m = score_begin();
    uint32_t line = score_line(&m, "36 40 43 48");
    uint32_t taken = score_of(&m, CHR_SCORE_SIFT, 7, 0, 0.5, 1, &line);
    uint32_t both[] = {taken, score_of(&m, CHR_SCORE_SIFT, 7, 1, 0.5, 1, &line)};
    uint32_t all = score_of(&m, CHR_SCORE_STACK, 0, 0, 0, 2, both);
    const chr_score *s = score_end(&m, taken);
    assert_in_range(rounds_with(s, 2000, 43), 900, 1100);
    expect(&m, all, 1, "0+6:36 6+6:40 12+6:43 18+6:48");
}

static void a_part_of_the_round_is_another(void **state) {
    (void)state;
    expect_of_two("36 36 36 36", "48 48 48 48", CHR_SCORE_WITHIN, 6, 18, 0, 1,
                  "0+6:36 6+6:48 12+6:48 18+6:36");
    expect_of_two("36 36 36 36", "48 48 48 48", CHR_SCORE_CHUNK, 4, 1, 0, 2,
                  "0+6:48 6+6:36 12+6:36 18+6:36 24+6:36 30+6:48 36+6:36 42+6:36");
    expect_of_two("36 36 36 36", "48 48 48 48", CHR_SCORE_CHUNK, 4, -1, 0, 1,
                  "0+6:36 6+6:36 12+6:36 18+6:48");
}

static void from_a_place_of_the_piece_on_it_is_another(void **state) {
    (void)state;
    expect_of_two("36 36", "48 48", CHR_SCORE_UNTIL, 36, 0, 0, 3,
                  "0+12:36 12+12:36 24+12:36 36+12:48 48+12:48 60+12:48");
}

static void a_mask_lets_through_what_begins_while_it_sounds(void **state) {
    (void)state;
    expect_of_two("36 40 43 48", "x . x _", CHR_SCORE_MASK, 0, 0, 0, 2,
                  "0+6:36 12+6:43 18+6:48 24+6:36 36+6:43 42+6:48");
}

static void another_rhythm_takes_the_tones(void **state) {
    (void)state;
    expect_of_two("36 40+43", "x x . x", CHR_SCORE_STRUCT, 0, 0, 0, 1,
                  "0+6:36 6+6:36 18+6:40 18+6:43");
    /* Nothing sounds: what began last, within the round before. */
    expect_of_two("36 . . .", ". . x .", CHR_SCORE_STRUCT, 0, 0, 0, 1, "12+6:36");
    expect_of_two(". . . .", "x x x x", CHR_SCORE_STRUCT, 0, 0, 0, 1, "");
}

static void a_step_holds_a_round(void **state) {
    (void)state;
    score_maker m = score_begin();
    uint32_t turns[] = {score_step(&m, 12, "36"), score_step(&m, 12, "40"),
                        score_step(&m, 12, "43")};
    uint32_t steps[] = {score_of(&m, CHR_SCORE_TURNS, 0, 0, 0, 3, turns), score_step(&m, 12, "50")};
    uint32_t two[] = {whole(&m, score_row(&m, 2, steps)), score_line(&m, "x . x .")};
    expect(&m, score_of(&m, CHR_SCORE_SQUEEZE, 0, 0, 0, 2, two), 2,
           "0+3:36 3+3:50 12+3:40 15+3:50 24+3:43 27+3:50 36+3:36 39+3:50");
}

static void hits_and_rests_change_about(void **state) {
    (void)state;
    score_maker m = score_begin();
    uint32_t line = score_line(&m, "x . _ x"), hit = score_step(&m, 6, "x");
    expect(&m, score_of(&m, CHR_SCORE_FILL_GAPS, 6, hit, 0, 1, &line), 2,
           "6+6:x 12+6:x 30+6:x 36+6:x");
}

/* ---- notes ---- */

static void notes_are_repeated_within_their_length(void **state) {
    (void)state;
    expect_over("36 . 40 .", CHR_SCORE_PLY, 2, 0, 0, 1, "0+3:36 3+3:36 12+3:40 15+3:40");
    expect_over("_ . . 36", CHR_SCORE_PLY, 2, 0, 0, 2, "0+6:36 18+6:36 24+6:36 42+6:36");
}

static void chance_leaves_notes_out(void **state) {
    (void)state;
    score_maker m = score_begin();
    uint32_t line = score_line(&m, "36 40");
    const chr_score *s = score_end(&m, score_of(&m, CHR_SCORE_DEGRADE, 0, 0, 0.75, 1, &line));
    assert_in_range(rounds_with(s, 2000, 36), 420, 580);
    score_free(&m);
}

static void pitches_move(void **state) {
    (void)state;
    expect_over("36 x", CHR_SCORE_TRANSPOSE, 0, 0, 12.5, 1, "0+12:48.5 12+12:x");
    expect_over("36 40", CHR_SCORE_MIRROR, 0, 0, 40, 1, "0+12:44 12+12:40");
    static const chr_score_scale minor = {
        .tonic = 0, .n = 7, .steps = {0, 2, 3, 5, 7, 8, 10}
    };
    score_maker m = score_begin();
    m.s.scales = &minor;
    m.s.n_scales = 1;
    uint32_t line = score_line(&m, "48 51 58 49"); /* C, Eb, Bb; Db is a semitone above C */
    expect(&m, score_of(&m, CHR_SCORE_DEGREES, 2, 0, 0, 1, &line), 1,
           "0+6:51 6+6:55 12+6:62 18+6:52");
    m = score_begin();
    m.s.scales = &minor;
    m.s.n_scales = 1;
    line = score_line(&m, "48 51");
    expect(&m, score_of(&m, CHR_SCORE_DEGREES, -8, 0, 0, 1, &line), 1, "0+12:34 12+12:38");
}

static void chords_come_one_after_the_other(void **state) {
    (void)state;
    expect_over("48+52+55 .", CHR_SCORE_ARP, CHR_ARP_UP, 1, 0, 1, "0+4:48 4+4:52 8+4:55");
    expect_over("48+52+55 .", CHR_SCORE_ARP, CHR_ARP_DOWN, 1, 0, 1, "0+4:55 4+4:52 8+4:48");
    expect_over("48+52+55 .", CHR_SCORE_ARP, CHR_ARP_UPDOWN, 1, 0, 1,
                "0+3:48 3+3:52 6+3:55 9+3:52");
    expect_over("48+52+55 .", CHR_SCORE_ARP, CHR_ARP_CONVERGE, 1, 0, 1, "0+4:48 4+4:55 8+4:52");
    expect_over("48+52 .", CHR_SCORE_ARP, CHR_ARP_UP, 3, 0, 1,
                "0+2:48 2+2:52 4+2:48 6+2:52 8+2:48 10+2:52");
    score_maker m = score_begin();
    uint32_t line = score_line(&m, "48+52+55");
    const chr_score *s = score_end(&m, score_of(&m, CHR_SCORE_ARP, CHR_ARP_RANDOM, 1, 0, 1, &line));
    assert_int_equal(rounds_with(s, 100, 48) + rounds_with(s, 100, 52) + rounds_with(s, 100, 55),
                     300);
    score_free(&m);
}

static void chords_are_strummed(void **state) {
    (void)state;
    expect_over("48+52+55", CHR_SCORE_STRUM, 0, 0, 0.01, 1, "0+24:48 0+24:52l0.01 0+24:55l0.02");
    expect_over("48+52+55", CHR_SCORE_STRUM, 0, 0, -0.01, 1, "0+24:55 0+24:52l0.01 0+24:48l0.02");
}

static void levels_gates_and_places_change(void **state) {
    (void)state;
    expect_over("36 40", CHR_SCORE_LEVEL, 0, 0, 0.5, 1, "0+12:36@0.4 12+12:40@0.4");
    expect_over("36 40", CHR_SCORE_LEVEL, 0, 0, 5, 1, "0+12:36@1 12+12:40@1");
    expect_over("36", CHR_SCORE_GATE, 0, 0, 0.25, 1, "0+24:36g0.25");
    expect_over("36", CHR_SCORE_NUDGE, 0, 0, -0.005, 1, "0+24:36l-0.005");
    expect_over("36", CHR_SCORE_PAN, 0, 0, -0.5, 1, "0+24:36p-0.5");
    score_maker m = score_begin();
    static const chr_score_groove groove[] = {
        {0.0f,  1.0f},
        {0.01f, 0.5f}
    };
    m.s.grooves = groove;
    m.s.n_grooves = 2;
    uint32_t line = score_line(&m, "36 40 43 48");
    uint32_t node = score_of(&m, CHR_SCORE_GROOVE, 2, 6, 0, 1, &line);
    score_node(&m, node)->lock = 0;
    expect(&m, node, 1, "0+6:36 6+6:40@0.4l0.01 12+6:43 18+6:48@0.4l0.01");
}

static void humanized_notes_stay_near(void **state) {
    (void)state;
    score_maker m = score_begin();
    uint32_t line = score_line(&m, "36");
    uint32_t node = score_of(&m, CHR_SCORE_HUMANIZE, 0, 0, 0.01, 1, &line);
    score_node(&m, node)->y = 0.1;
    const chr_score *s = score_end(&m, node);
    float least = 1, most = -1;
    for (int r = 0; r < 500; r++) {
        chr_score_note note;
        assert_int_equal(chr_score_query(s, r * 24, (r + 1) * 24, &note, 1), 1);
        least = note.later_s < least ? note.later_s : least;
        most = note.later_s > most ? note.later_s : most;
        assert_true(note.level >= 0.72f && note.level <= 0.88f);
    }
    assert_true(least >= -0.01f && least < -0.009f && most <= 0.01f && most > 0.009f);
    score_free(&m);
}

static void locks_are_brought_along_the_innermost_first(void **state) {
    (void)state;
    static const chr_score_value values[] = {
        {1, 10.0f},
        {3, 30.0f},
        {2, 22.0f},
        {3, 33.0f}
    };
    static const chr_score_lock locks[] = {
        {0, 2},
        {2, 2}
    };
    score_maker m = score_begin();
    m.s.locks = locks;
    m.s.values = values;
    m.s.n_locks = 2;
    m.s.n_values = 4;
    uint32_t step = score_step(&m, 24, "36");
    score_node(&m, step)->lock = 0;
    uint32_t line = whole(&m, score_row(&m, 1, &step));
    uint32_t lock = score_of(&m, CHR_SCORE_LOCK, 0, 0, 0, 1, &line);
    score_node(&m, lock)->lock = 1;
    const chr_score *s = score_end(&m, lock);
    chr_score_note note;
    chr_score_value out[8];
    assert_int_equal(chr_score_query(s, 0, 24, &note, 1), 1);
    assert_int_equal(chr_score_values(s, &note, out, 8), 3);
    static const float expected[] = {10.0f, 22.0f, 30.0f};
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(out[i].slot, i + 1);
        assert_true(out[i].value == expected[i]);
    }
    assert_int_equal(chr_score_values(s, &note, out, 2), 2);
    score_free(&m);
}

static void silence_is_silent(void **state) {
    (void)state;
    score_maker m = score_begin();
    expect(&m, score_of(&m, CHR_SCORE_SILENCE, 0, 0, 0, 0, NULL), 2, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_rests_and_chords),
        cmocka_unit_test(holds_go_on_over_brackets_and_rounds),
        cmocka_unit_test(slides_tie_what_begins_at_their_end),
        cmocka_unit_test(together_all_begin_at_once),
        cmocka_unit_test(turns_come_one_each_round_and_nested_ones_once_a_turn),
        cmocka_unit_test(a_ratchet_gives_turns_their_next),
        cmocka_unit_test(chance_and_choice_keep_their_odds_and_their_answers),
        cmocka_unit_test(fast_and_slow),
        cmocka_unit_test(later_and_earlier),
        cmocka_unit_test(backwards_keeps_lengths),
        cmocka_unit_test(rotation_goes_on_with_each_round),
        cmocka_unit_test(the_first_part_lingers),
        cmocka_unit_test(parts_are_shuffled_or_drawn),
        cmocka_unit_test(swing_stretches_the_first_of_two),
        cmocka_unit_test(stacks_sound_together),
        cmocka_unit_test(every_some_rounds_differ),
        cmocka_unit_test(a_sieve_and_what_it_leaves_make_the_whole),
        cmocka_unit_test(a_part_of_the_round_is_another),
        cmocka_unit_test(from_a_place_of_the_piece_on_it_is_another),
        cmocka_unit_test(a_mask_lets_through_what_begins_while_it_sounds),
        cmocka_unit_test(another_rhythm_takes_the_tones),
        cmocka_unit_test(a_step_holds_a_round),
        cmocka_unit_test(hits_and_rests_change_about),
        cmocka_unit_test(notes_are_repeated_within_their_length),
        cmocka_unit_test(chance_leaves_notes_out),
        cmocka_unit_test(pitches_move),
        cmocka_unit_test(chords_come_one_after_the_other),
        cmocka_unit_test(chords_are_strummed),
        cmocka_unit_test(levels_gates_and_places_change),
        cmocka_unit_test(humanized_notes_stay_near),
        cmocka_unit_test(locks_are_brought_along_the_innermost_first),
        cmocka_unit_test(silence_is_silent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
