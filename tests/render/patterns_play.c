/* tests/render/patterns_play.c: scores as they are heard: each note at its sample, whatever the
 * block. SPDX-License-Identifier: MIT */
#include "tests/support/pattern_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_note_begins_at_its_sample_in_every_round),
        cmocka_unit_test(a_single_voice_plays_the_lowest_of_a_chord),
        cmocka_unit_test(what_slides_reaches_the_next_without_an_attack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
