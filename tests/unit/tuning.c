/* tests/unit/tuning.c: Scala's files are read, and notes get the pitches that they say.
 * SPDX-License-Identifier: MIT */
#include "lang/tuning.h"
#include "dsp/units.h"
#include "lang/stdlib.h"
#include "tests/support/session_fixture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static chr_arena *arena;
static char said[2000];

static int open_all(void **state) {
    arena = chr_arena_new(0);
    return open_kit(state);
}

static int close_all(void **state) {
    chr_arena_free(arena);
    return close_kit(state);
}

static void note_messages(const chr_diags *diags) {
    said[0] = '\0';
    for (const chr_diag *d = diags->first; d; d = d->next) {
        chr_place place = chr_span_place(d->span);
        size_t n = strlen(said);
        snprintf(said + n, sizeof said - n, "%s %d:%d %s\n", chr_code_name(d->code), place.line,
                 place.column, d->message);
    }
}

static chr_source *source_of(const char *text) {
    chr_source *source = CHR_NEW(arena, chr_source);
    assert_non_null(source);
    *source = (chr_source){"test", text, strlen(text), 1};
    return source;
}

static bool read_scl(const char *text, chr_scl *scl) {
    chr_diags diags;
    chr_diags_init(&diags, arena);
    bool good = chr_scl_read(source_of(text), arena, &diags, scl);
    note_messages(&diags);
    assert_int_equal(good, diags.n_errors == 0);
    return good;
}

static bool read_kbm(const char *text, chr_keymap *map) {
    chr_diags diags;
    chr_diags_init(&diags, arena);
    bool good = chr_keymap_read(source_of(text), arena, &diags, map);
    note_messages(&diags);
    assert_int_equal(good, diags.n_errors == 0);
    return good;
}

static void near_to(double x, double expected) {
    if (!(fabs(x - expected) <= 1e-6 * fabs(expected)))
        fail_msg("%.9g is not %.9g", x, expected);
}

/* ---- files ---- */

static void a_scale_is_ratios_and_cents_among_comments(void **state) {
    (void)state;
    chr_scl scl;
    assert_true(read_scl("! a comment\nFive notes\n 5 notes\n!\n 9/8\n!in between\n 5/4   third\n"
                         "701.955 cents, pure\n 900.\n2\n",
                         &scl));
    assert_string_equal(scl.description, "Five notes");
    assert_int_equal(scl.n, 5);
    near_to(scl.octaves[0] * 1200, 203.910002);
    near_to(scl.octaves[1] * 1200, 386.313714);
    near_to(scl.octaves[2] * 1200, 701.955);
    near_to(scl.octaves[3] * 1200, 900);
    near_to(scl.octaves[4], 1);
}

static void a_scale_may_come_from_any_computer(void **state) {
    (void)state;
    static const char *const texts[] = {
        "x\r\n2\r\n3/2\r\n2/1\r\n",
        "x\r2\r3/2\r2/1",
        "\xef\xbb\xbf! x\nx\n2\n\t3/2\n\t2/1",
        "caf\xe9\n2\n3/2\n2/1\n\n\nmade by hand\n", /* Latin 1 */
        "\n2\n3/2 ! the fifth\n2/1\n",              /* no description */
        "x\n 2\n 2147483647/1431655765\n 1200.000",
        "x\n 2\n +3/2\n 1200.0E",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        chr_scl scl;
        if (!read_scl(texts[i], &scl))
            fail_msg("%s: %s", texts[i], said);
        assert_int_equal(scl.n, 2);
        near_to(scl.octaves[0] * 1200, 701.955001);
        near_to(scl.octaves[1], 1);
    }
    chr_scl scl;
    assert_true(read_scl("only 1/1\n0\n", &scl));
    assert_int_equal(scl.n, 0);
    assert_true(read_scl("falling\n2\n-50.0\n2/1\n", &scl));
    near_to(scl.octaves[0] * 1200, -50);
}

static void what_is_wrong_with_a_scale_is_told_at_its_line(void **state) {
    (void)state;
    static const struct {
        const char *text, *said;
    } wrong[] = {
        {"",                                "E712 1:1 "                                               },
        {"x\n",                             "E712 "                                                   },
        {"x\nmany\n",                       "E713 2:1 `many`"                                         },
        {"x\n-1\n",                         "E410 2:1 "                                               },
        {"x\n1.5\n2/1\n",                   "E713 2:1 `1.5`"                                          },
        {"x\n99999\n",                      "E410 2:1 "                                               },
        {"x\n2\n3/2\n",                     "E714 2:1 the number of notes is given as 2, and 1 follow"},
        {"x\n1\n3/2\n2/1\n5/4\n",           "E714 4:1 the number of notes is given as 1, and 3 follow"},
        {"! c\nx\n2\nfifth\n2/1\n",         "E711 4:1 `fifth`"                                        },
        {"x\n2\n 3/0\n2/1\n",               "E711 3:2 `3/0`"                                          },
        {"x\n2\n-3/2\n2/1\n",               "E711 3:1 "                                               },
        {"x\n2\n0\n2/1\n",                  "E711 3:1 "                                               },
        {"x\n2\n3/\n2/1\n",                 "E711 3:1 "                                               },
        {"x\n2\n3/2/1\n2/1\n",              "E711 3:1 "                                               },
        {"x\n2\n99999999999999999999\n2\n", "E711 3:1 "                                               },
        {"x\n2\n9999999.0\n2/1\n",          "E711 3:1 "                                               },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        chr_scl scl;
        assert_false(read_scl(wrong[i].text, &scl));
        if (strncmp(said, wrong[i].said, strlen(wrong[i].said)) != 0)
            fail_msg("%s\nsaid %s", wrong[i].text, said);
    }
}

/* Twelve keys of a scale of 19, A4 = 440 Hz, two of them unmapped. */
static const char twelve_of_19[] = "! map\n12 keys\n0\n127\n60\n69\n440.0\n19\n"
                                   "0\n1\n3\n5\n6\n8\n9\n11\nx\n14\n16\nx\n";

static void a_key_map_says_which_key_is_which_degree(void **state) {
    (void)state;
    chr_keymap map;
    assert_true(read_kbm(twelve_of_19, &map));
    assert_int_equal(map.n, 12);
    assert_int_equal(map.middle, 60);
    assert_int_equal(map.octave, 19);
    assert_int_equal(map.degrees[2], 3);
    assert_int_equal(map.degrees[8], CHR_UNMAPPED);
    chr_scl scl = {.n = 19, .octaves = CHR_NEW_N(arena, double, 19)};
    for (int i = 0; i < 19; i++)
        scl.octaves[i] = (i + 1) / 19.0;
    double hz[CHR_NOTES];
    assert_true(chr_tuning_make(&scl, &map, hz));
    near_to(hz[69], 440);
    near_to(hz[60], 440 * exp2(-14 / 19.0));
    near_to(hz[62], 440 * exp2(-11 / 19.0));
    near_to(hz[74], 2 * hz[62]);
    near_to(hz[48], hz[60] / 2);
    assert_true(hz[68] == 0 && hz[71] == 0 && hz[59] == 0);
    /* An empty map is every key; trailing keys may be left out; outside of its range a note keeps
     * its pitch. */
    assert_true(read_kbm("0\n50\n70\n60\n60\n250\n0\n", &map));
    assert_true(chr_tuning_make(&scl, &map, hz));
    near_to(hz[60], 250);
    near_to(hz[61], 250 * exp2(1 / 19.0));
    assert_true(hz[49] == chr_note_hz(49) && hz[71] == chr_note_hz(71));
    assert_true(read_kbm("7\n0\n127\n60\n60\n250\n7\n0\n2\nX\n", &map));
    assert_int_equal(map.degrees[1], 2);
    assert_int_equal(map.degrees[6], CHR_UNMAPPED);
}

static void what_is_wrong_with_a_key_map_is_told_at_its_line(void **state) {
    (void)state;
    static const struct {
        const char *text, *said;
    } wrong[] = {
        {"",                                      "E712"                  },
        {"many\n",                                "E713 1:1 `many`"       },
        {"12\n0\n128\n60\n60\n440\n12\n",         "E410 3:1 the last note"},
        {"12\n0\n127\n60\nx\n440\n12\n",          "E713 5:1 `x`"          },
        {"12\n0\n127\n60\n60\nloud\n12\n",        "E713 6:1 `loud`"       },
        {"12\n0\n127\n60\n60\n0\n12\n",           "E713 6:1 "             },
        {"12\n0\n127\n60\n60\n440\n",             "E712"                  },
        {"2\n0\n127\n60\n60\n440\n12\n0\nhigh\n", "E713 9:1 `high`"       },
        {"2\n0\n127\n60\n60\n440\n12\n0\n3/2\n",  "E713 9:1 `3/2`"        },
        {"2\n0\n127\n60\n61\n440\n12\n0\nx\n",    "E715 5:1 "             },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        chr_keymap map;
        assert_false(read_kbm(wrong[i].text, &map));
        if (strncmp(said, wrong[i].said, strlen(wrong[i].said)) != 0)
            fail_msg("%s\nsaid %s", wrong[i].text, said);
    }
}

static uint32_t next_random(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static void whatever_a_file_holds_is_a_scale_or_a_mistake(void **state) {
    (void)state;
    static const char bytes[] = "0123456789./-+x! \n\r\te\x01\xff";
    uint32_t dice = 1;
    for (int round = 0; round < 20000; round++) {
        const chr_library_file *file =
            &chr_tunings[next_random(&dice) % (uint32_t)chr_tunings_count];
        char text[4096];
        assert_true(file->len < sizeof text);
        memcpy(text, file->text, file->len + 1);
        for (uint32_t i = next_random(&dice) % 8; i > 0; i--)
            text[next_random(&dice) % file->len] = bytes[next_random(&dice) % (sizeof bytes - 1)];
        text[next_random(&dice) % 3 ? file->len : next_random(&dice) % file->len] = '\0';
        chr_scl scl;
        chr_keymap map;
        bool is_scale = read_scl(text, &scl), is_map = read_kbm(text, &map);
        double hz[CHR_NOTES];
        if (!is_map)
            map = chr_keymap_usual(60);
        if (chr_tuning_make(is_scale ? &scl : NULL, &map, hz))
            for (int note = 0; note < CHR_NOTES; note++)
                assert_true(hz[note] == 0 || (hz[note] >= 0.01 && hz[note] <= 100000));
        if (round % 100 == 0) {
            chr_arena_free(arena);
            arena = chr_arena_new(0);
        }
    }
}

/* ---- pitches ---- */

static void equal_steps_are_what_they_are_without_a_tuning(void **state) {
    (void)state;
    chr_keymap map = chr_keymap_usual(60);
    double hz[CHR_NOTES];
    map.reference = 69;
    map.hz = 440;
    assert_true(chr_tuning_make(NULL, &map, hz));
    for (int note = 0; note < CHR_NOTES; note++)
        assert_true(hz[note] == chr_note_hz(note));
    map.hz = 432;
    assert_true(chr_tuning_make(NULL, &map, hz));
    for (int note = 0; note < CHR_NOTES; note++)
        near_to(hz[note], chr_note_hz(note) * 432 / 440);
}

static void notes_between_two_keys_move_evenly_in_cents(void **state) {
    (void)state;
    double hz[CHR_NOTES] = {0};
    for (int note = 0; note < CHR_NOTES; note++)
        hz[note] = 100.0 * exp2(note / 10.0);
    hz[50] = 0;
    near_to(chr_tuned_hz(hz, 60.5), hz[60] * exp2(0.05));
    near_to(chr_tuned_hz(hz, 60), hz[60]);
    near_to(chr_tuned_hz(hz, -12), hz[0] / 2);
    near_to(chr_tuned_hz(hz, 139), hz[127] * 2);
    assert_true(chr_tuned_hz(hz, 50) == 0 && chr_tuned_hz(hz, 49.5) == 0);
    assert_true(chr_named_note_hz(hz, 50) == chr_note_hz(50));
    assert_true(chr_tuned_hz(NULL, 61.25) == chr_note_hz(61.25));
}

static void absurd_scales_keep_within_bounds(void **state) {
    (void)state;
    chr_scl scl;
    double hz[CHR_NOTES];
    chr_keymap map = chr_keymap_usual(60);
    assert_true(read_scl("x\n1\n1000000000/1\n", &scl));
    assert_true(chr_tuning_make(&scl, &map, hz));
    assert_true(hz[127] == 100000 && hz[0] == 0.01);
    assert_true(read_scl("x\n0\n", &scl));
    assert_true(chr_tuning_make(&scl, &map, hz));
    assert_true(hz[0] == hz[127] && hz[60] == map.hz);
}

static const double *meaning(const char *script) {
    if (!kit_type(&k, script))
        fail_msg("%s\n%s", script, k.said);
    chr_candidate *c = chr_session_evaluate(k.session, "", 0, "typed", NULL);
    chr_ir *ir = chr_candidate_take_ir(c);
    double *hz = NULL;
    if (ir->note_hz) {
        hz = CHR_NEW_N(arena, double, CHR_NOTES);
        memcpy(hz, ir->note_hz, CHR_NOTES * sizeof *hz);
    }
    chr_ir_free(ir);
    chr_candidate_free(c);
    return hz;
}

static void the_tunings_of_the_library_are_what_they_are_called(void **state) {
    (void)state;
    for (int i = 0; i < chr_tunings_count; i++) {
        chr_scl scl;
        chr_keymap map;
        bool is_map = strstr(chr_tunings[i].name, ".kbm") != NULL;
        if (is_map ? !read_kbm(chr_tunings[i].text, &map) : !read_scl(chr_tunings[i].text, &scl))
            fail_msg("%s: %s", chr_tunings[i].name, said);
        if (is_map || strncmp(chr_tunings[i].name, "bohlen", 6) == 0 ||
            strncmp(chr_tunings[i].name, "well_", 5) == 0)
            continue;
        near_to(scl.octaves[scl.n - 1], 1);
        for (int d = 1; d < scl.n; d++)
            assert_true(scl.octaves[d] > scl.octaves[d - 1]);
    }
    const double *just = meaning("tuning \"just\"");
    near_to(just[60], chr_note_hz(60));
    near_to(just[64] / just[60], 5 / 4.0);
    near_to(just[67] / just[60], 3 / 2.0);
    near_to(just[72] / just[60], 2);
    const double *meantone = meaning("tuning \"meantone\"");
    near_to(meantone[64] / meantone[60], 5 / 4.0);
    near_to(meantone[71] / meantone[67], 5 / 4.0);
    near_to(meantone[67] / meantone[60], pow(5, 0.25));
    near_to(meantone[62] / meantone[60], pow(5, 0.5) / 2);
    const double *pythagorean = meaning("tuning \"pythagorean\"");
    near_to(pythagorean[64] / pythagorean[60], 81 / 64.0);
    near_to(pythagorean[68] / pythagorean[61], 3 / 2.0);
    double comma = 531441.0 / 524288;
    const double *werckmeister = meaning("tuning \"werckmeister3\"");
    static const int narrow[] = {60, 67, 62, 71}; /* C-G, G-D, D-A, B-F# */
    for (int note = 60; note < 72; note++) {
        bool is_narrow = false;
        for (int i = 0; i < 4; i++)
            is_narrow |= narrow[i] == note;
        near_to(werckmeister[note + 7] / werckmeister[note],
                is_narrow ? 1.5 / pow(comma, 0.25) : 1.5);
    }
    const double *vallotti = meaning("tuning \"vallotti\"");
    near_to(vallotti[72] / vallotti[65], 1.5 / pow(comma, 1 / 6.0));
    near_to(vallotti[66] / vallotti[59], 1.5);
    const double *kirnberger = meaning("tuning \"kirnberger3\"");
    near_to(kirnberger[64] / kirnberger[60], 5 / 4.0);
    near_to(kirnberger[71] / kirnberger[64], 1.5);
    const double *nineteen = meaning("tuning \"equal19\"");
    near_to(nineteen[79] / nineteen[60], 2);
    nineteen = meaning("tuning \"equal19\" map=\"equal19\"");
    near_to(nineteen[72] / nineteen[60], 2);
    near_to(nineteen[67] / nineteen[60], exp2(11 / 19.0));
    const double *bohlen = meaning("tuning \"bohlen_pierce\"");
    near_to(bohlen[73] / bohlen[60], 3);
}

/* ---- the statement ---- */

static void a_root_and_a_height_are_chosen(void **state) {
    (void)state;
    const double *hz = meaning("tuning \"just\" root=D");
    near_to(hz[62], chr_note_hz(62));
    near_to(hz[66] / hz[62], 5 / 4.0);
    near_to(meaning("tuning \"just\" root=D3")[50], chr_note_hz(50));
    near_to(meaning("tuning \"just\" A4=442Hz")[69], 442);
    hz = meaning("tuning \"just.scl\" root=D A4=415");
    near_to(hz[69], 415);
    near_to(hz[69] / hz[62], 3 / 2.0);
    near_to(meaning("tuning c4=256Hz")[60], 256);
    near_to(meaning("tuning \"equal31\" map=\"equal31\" A4=430Hz")[69], 430);
    assert_null(meaning("tuning off"));
}

static void refuse(const char *text, const char *code) {
    if (kit_type(&k, text) || strncmp(k.said, code, strlen(code)) != 0)
        fail_msg("%s\nsaid %s", text, k.said);
}

static void what_is_wrong_with_a_tuning_is_told(void **state) {
    (void)state;
    refuse("tuning \"jst\"", "E701 typed:1:8");
    refuse("tuning \"../just\"", "E702");
    refuse("tuning \"just\" map=3", "E713 typed:1:19");
    refuse("tuning \"just\" map=\"equal91\"", "E701 typed:1:19");
    refuse("tuning \"just\" roof=D", "E716 typed:1:15");
    refuse("tuning \"just\" root=H", "E718 typed:1:20");
    refuse("tuning \"just\" root=440Hz", "E718");
    refuse("tuning \"just\" map=\"equal19\" root=D", "E717");
    refuse("tuning A4=10ms", "E401");
    kit_put(&k, "tuning", "bad.scl", "x\n1\nhigh\n");
    refuse("tuning \"bad\"", "E711 bad.scl:3:1");
    kit_put(&k, "tuning", "holes.kbm", "2\n0\n127\n60\n60\n440\n2\n0\nx\n");
    refuse("tuning \"just\" map=\"holes\" A4=440", "E715");
    holds("");
}

static void a_tuning_is_part_of_the_session(void **state) {
    (void)state;
    kit_put(&k, "tuning", "mine.scl", "x\n2\n3/2\n2/1\n");
    near_to(meaning("tuning \"mine\"")[61] / chr_note_hz(60), 1.5);
    holds("tuning \"mine\"\n");
    /* The file is read when it is said, and not again for what comes later. */
    kit_put(&k, "tuning", "mine.scl", "x\n2\n4/3\n2/1\n");
    near_to(meaning("tempo 90")[61] / chr_note_hz(60), 1.5);
    near_to(meaning("tuning \"mine\"")[61] / chr_note_hz(60), 4 / 3.0);
    near_to(meaning("undo")[61] / chr_note_hz(60), 1.5);
    type("tuning off");
    holds("tuning off\ntempo 90\n");
}

static void names_of_notes_in_chains_are_in_tune_with_melodies(void **state) {
    (void)state;
    char *ir;
    type("tuning A4=432Hz\npatch drone: saw A2 > out");
    ir = kit_meaning(&k);
    assert_non_null(strstr(ir, "freq = 108\n"));
    free(ir);
    type("patch drone: saw A2+12st > out");
    ir = kit_meaning(&k);
    assert_non_null(strstr(ir, "freq = 216\n"));
    free(ir);
    type("patch drone: saw -A2*-1 > out\ntuning off");
    ir = kit_meaning(&k);
    assert_non_null(strstr(ir, "freq = 110\n"));
    free(ir);
}

static void keys_that_a_map_leaves_out_are_silent(void **state) {
    (void)state;
    kit_put(&k, "tuning", "white.kbm",
            "12\n0\n127\n60\n69\n440\n12\n0\nx\n2\nx\n4\n5\nx\n7\nx\n9\nx\n11\n");
    type("create bass\ntuning map=\"white\"\nmelody bass: C3 C#3 E3 [Eb3,G3]");
    assert_non_null(strstr(k.said, "W404 typed:3:17"));
    assert_non_null(strstr(k.said, "W404 typed:3:25"));
    type("melody bass: C3 E3");
    assert_null(strstr(k.said, "W404"));
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_all, close_all)
    const struct CMUnitTest tests[] = {
        TEST(a_scale_is_ratios_and_cents_among_comments),
        TEST(a_scale_may_come_from_any_computer),
        TEST(what_is_wrong_with_a_scale_is_told_at_its_line),
        TEST(a_key_map_says_which_key_is_which_degree),
        TEST(what_is_wrong_with_a_key_map_is_told_at_its_line),
        TEST(whatever_a_file_holds_is_a_scale_or_a_mistake),
        TEST(equal_steps_are_what_they_are_without_a_tuning),
        TEST(notes_between_two_keys_move_evenly_in_cents),
        TEST(absurd_scales_keep_within_bounds),
        TEST(the_tunings_of_the_library_are_what_they_are_called),
        TEST(a_root_and_a_height_are_chosen),
        TEST(what_is_wrong_with_a_tuning_is_told),
        TEST(a_tuning_is_part_of_the_session),
        TEST(names_of_notes_in_chains_are_in_tune_with_melodies),
        TEST(keys_that_a_map_leaves_out_are_silent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
