/* tests/render/patterns_play.c: scores as they are heard: each note at its sample, whatever the
 * block. SPDX-License-Identifier: MIT */
#include "tests/support/pattern_rig.h"
#include "tests/support/score_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* At 120 bpm a beat is 24000 samples. */
enum { BEAT = 24000 };

static void expect_flat(const chr_score_event *events, uint32_t n, int64_t length, int64_t beat,
                        uint32_t voices, int beats, const char *expected) {
    static const int blocks[] = {32, 480, 1};
    for (int k = 0; k < 3; k++) {
        ir_maker m = ir_begin();
        ir_events(&m, rig_owner(&m, voices), "rig", events, n, length, beat);
        char *heard = rig_play(ir_end(&m), beats * BEAT, blocks[k]);
        assert_string_equal(heard, expected);
        free(heard);
    }
}

static void each_note_begins_at_its_sample_in_every_round(void **state) {
    (void)state;
    static const chr_score_event thirds[] = {
        {.at = 0, .length = 1, .note = 36, .level = 1},
        {.at = 1, .length = 2, .note = 40, .level = 1}
    };
    expect_flat(thirds, 2, 3, 3, 1, 2,
                "0:36 7999:- 8000:40 23999:- 24000:36 31999:- 32000:40 47999:-");
    static const chr_score_event sevenths[] = {
        {.at = 1, .length = 1, .note = 36, .level = 1}
    };
    expect_flat(sevenths, 1, 2, 7, 1, 1, "3429:36 6856:- 10286:36 13713:- 17143:36 20570:-");
}

static void a_single_voice_plays_the_lowest_of_a_chord(void **state) {
    (void)state;
    static const chr_score_event chord[] = {
        {.at = 0, .length = 1, .note = 52, .level = 1},
        {.at = 0, .length = 1, .note = 48, .level = 1},
        {.at = 0, .length = 1, .note = 55, .level = 1},
        {.at = 1, .length = 1, .note = 50, .level = 1}
    };
    expect_flat(chord, 4, 2, 2, 1, 1, "0:48 11999:- 12000:50 23999:-");
}

static void what_slides_reaches_the_next_without_an_attack(void **state) {
    (void)state;
    static const chr_score_event line[] = {
        {.at = 0,      .length = 1, .note = 36, .level = 1,    .slide = true},
        {.at = 1,      .length = 1, .note = 40, .level = 1   },
        {.at = 3, .length = 1,  .note = 43, .level = 1, .slide = true             }
    };
    /* The last one slides into the next round; nothing does over a rest. */
    expect_flat(line, 3, 4, 4, 1, 2,
                "0:36 6000:40~ 11999:- 18000:43 24000:36~ 30000:40~ 35999:- 42000:43");
}

/* ---- scores that move notes about ---- */

/* A line through one node. */
static chr_ir *session_of(const char *line, chr_score_kind kind, int64_t a, int64_t b, double x,
                          uint32_t voices) {
    score_maker m = score_begin();
    uint32_t below = score_line(&m, line);
    chr_ir *ir = rig_session(score_end(&m, score_of(&m, kind, a, b, x, 1, &below)), voices, 120);
    score_free(&m);
    return ir;
}

static void expect_heard(const char *line, chr_score_kind kind, double x, uint32_t voices,
                         int beats, const char *expected) {
    static const int blocks[] = {32, 480, 7};
    for (int k = 0; k < 3; k++) {
        char *heard = rig_play(session_of(line, kind, 0, 0, x, voices), beats * BEAT, blocks[k]);
        assert_string_equal(heard, expected);
        free(heard);
    }
}

static void notes_come_early_and_late_whole(void **state) {
    (void)state;
    /* What would begin before the beginning begins with it. */
    expect_heard("36 40 . 43", CHR_SCORE_NUDGE, -0.01, 1, 4,
                 "0:36 23519:- 23520:40 47519:- 71520:43 95519:- 95520:36");
    expect_heard("36 40 . 43", CHR_SCORE_NUDGE, 0.01, 1, 2, "480:36 24479:- 24480:40");
    expect_heard("36+40+43 .", CHR_SCORE_STRUM, 0.25, 3, 1,
                 "0:150 12000:133"); /* idle voices stand at 57 */
    expect_heard("36 40 . .", CHR_SCORE_GATE, 0.5, 1, 2, "0:36 11999:- 24000:40 35999:-");
}

/* A line that chance changes and moves: no two rounds are the same. */
static chr_ir *changing(void) {
    score_maker m = score_begin();
    uint32_t node = score_line(&m, "36 40 43 48 50 52 55 57");
    node = score_of(&m, CHR_SCORE_PARTS, 8, 0, 0, 1, &node);
    node = score_of(&m, CHR_SCORE_DEGRADE, 0, 0, 0.3, 1, &node);
    node = score_of(&m, CHR_SCORE_HUMANIZE, 0, 0, 0.004, 1, &node);
    chr_ir *ir = rig_session(score_end(&m, node), 1, 120);
    score_free(&m);
    return ir;
}

enum { AFTER = 8 * BEAT - 960, LISTENED = 8 * BEAT }; /* 20 ms before a round: all is quiet */

static char *heard_after(int skipped) {
    chr_engine *e = kit_engine(0, false);
    kit_offer(e, changing());
    chr_engine_play(e);
    kit_skip(e, skipped, 32);
    char *heard = rig_listen(e, LISTENED, 32);
    chr_engine_free(e);
    return heard;
}

static void a_jump_comes_to_the_same_notes_as_playing(void **state) {
    (void)state;
    char *ran = heard_after(8 * BEAT + BEAT / 4);
    chr_engine *e = kit_engine(0, false);
    kit_offer(e, changing());
    kit_skip(e, 3200, 32);
    kit_offer_at(e, changing(), (chr_offer_when){.clock = CHR_CLOCK_JUMP, .beat = 8.25});
    char *jumped = rig_listen(e, LISTENED, 32);
    /* The note that sounds over the place is not begun anew; all others are the same. */
    size_t all = strlen(ran), same = strlen(jumped);
    assert_true(same <= all && 2 * same > all);
    assert_string_equal(ran + all - same, jumped);
    free(ran);
    free(jumped);
    chr_engine_free(e);
}

static void an_edit_beside_it_changes_no_note(void **state) {
    (void)state;
    char *ran = heard_after(AFTER);
    chr_engine *e = kit_engine(0, false);
    kit_offer(e, changing());
    chr_engine_play(e);
    static const int edits[] = {BEAT / 2 + 32, 3 * BEAT + 960, 5 * BEAT};
    int at = 0;
    for (int k = 0; k < 3; k++) {
        kit_skip(e, edits[k] - at, 32);
        at = edits[k];
        ir_maker m = ir_begin(); /* the same score, and something new beside it */
        chr_ir *again = changing();
        uint32_t o = rig_owner(&m, 1);
        ir_score(&m, o, "rig", &again->patterns[0].score);
        chr_ir_free(again);
        uint32_t drone = ir_owner(&m, "drone", 1);
        ir_set(&m, ir_node(&m, drone, "saw", "saw", 1), "freq", 100.0 + k);
        kit_offer(e, ir_end(&m));
    }
    kit_skip(e, AFTER - at, 32);
    char *edited = rig_listen(e, LISTENED, 32);
    assert_string_equal(edited, ran);
    free(ran);
    free(edited);
    chr_engine_free(e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_note_begins_at_its_sample_in_every_round),
        cmocka_unit_test(a_single_voice_plays_the_lowest_of_a_chord),
        cmocka_unit_test(what_slides_reaches_the_next_without_an_attack),
        cmocka_unit_test(notes_come_early_and_late_whole),
        cmocka_unit_test(a_jump_comes_to_the_same_notes_as_playing),
        cmocka_unit_test(an_edit_beside_it_changes_no_note),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
