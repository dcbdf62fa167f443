/* tests/unit/make.c: `make` and plain sentences stand for statements, and for nothing else.
 * SPDX-License-Identifier: MIT */
#include "lang/make_words.h"
#include "tests/support/session_fixture.h"

#include <stdio.h>
#include <string.h>

static int open_real_kit(void **state) {
    (void)state;
    kit_open_real(&k, true);
    return 0;
}

/* The statements that were told, a line each, without what was said besides. */
static void statements(const char *told, char *out) {
    *out = '\0';
    for (const char *line = told; *line; line = strchr(line, '\n') + 1)
        if (strncmp(line, "= ", 2) == 0)
            strncat(out, line + 2, strcspn(line + 2, "\n") + 1);
}

static void stands_for(const char *text, const char *expected) {
    char own[4000];
    type(text);
    statements(k.told, own);
    assert_string_equal(own, expected);
}

static void refuse(const char *text, const char *code) {
    char *before = kit_text(&k);
    if (kit_type(&k, text) || !strstr(k.said, code))
        fail_msg("expected %s for %s, not: %s", code, text, k.said);
    char *after = kit_text(&k);
    assert_string_equal(before, after);
    free(before);
    free(after);
}

/* ---- what it stands for ---- */

static const char *const sounds[] = {
    "create it kick\nsequence it: x...",
    "create it snare",
    "create it clap",
    "create it hihat",
    "create it openhat",
    "create it bass",
    "create it lead",
    "create it pad",
    "create it pluck",
    "create it synth",
    "patch it: saw 110 > lpf 900 > perc > out",
    "patch it: saw [220 221] > spread > ladder 800 > env > reverb > out",
    "patch it: noise > lpf 400+lfo(0.2)*300 > gain 0.4 > drive 2 > env > delay 0.3 > out",
    "bus space: reverb > delay 0.2 > out\ncreate it lead\nsend it to space -12dB",
    "create it bass\nadd reverb to it amount=0.9\nadd delay to it\nset it gain=0 pan=0.95 width=2",
    "module m \"Mine\" {\n  param haze = 0.4 in 0..1 brightness \"How dull\"\n"
    "  param hold = 0.1 in 0.1..1 log time \"How long\"\n  param n = 3 in 1..8 \"Of no kind\"\n"
    "  saw freq > lpf 300+haze*900 > perc decay=hold > gain n*0.1\n}\npatch it: m > out",
};
enum { N_SOUNDS = sizeof sounds / sizeof sounds[0] };

/* Whatever the words are: the session is the one that the statements make, typed. */
static int compare_with_typed(const char *sound, const char *words) {
    kit made, typed;
    char own[4000] = "";
    kit_open_real(&made, true);
    kit_open_real(&typed, true);
    if (!kit_type(&made, sound) || !kit_type(&typed, sound))
        fail_msg("%s\n%s", sound, made.said);
    bool good = kit_type(&made, words);
    if (good)
        statements(made.told, own);
    if (good && *made.said)
        fail_msg("%s\n%s: %s", sound, words, made.said);
    if (!good && !strstr(made.said, "E393"))
        fail_msg("%s\n%s: %s", sound, words, made.said);
    if (good && !*own && !*made.told)
        fail_msg("%s\n%s: nothing is said", sound, words);
    if (good && *own && !made.changes)
        fail_msg("%s\n%s: nothing changes by\n%s", sound, words, own);
    if (*own && (!kit_type(&typed, own) || *typed.said))
        fail_msg("%s\n%s is refused: %s", sound, own, typed.said);
    char *a = kit_text(&made), *b = kit_text(&typed), *x = kit_meaning(&made),
         *y = kit_meaning(&typed);
    assert_string_equal(a, b);
    assert_string_equal(x, y);
    if (good && !strstr(own, " over ")) /* how it glides is of one evaluation */
        assert_string_equal(made.ir, x);
    free(a);
    free(b);
    free(x);
    free(y);
    kit_close(&made);
    kit_close(&typed);
    return good;
}

static void every_word_is_the_statements_that_it_tells(void **state) {
    (void)state;
    int able[400] = {0};
    char text[CHR_VOCABLE_BYTES], words[100];
    chr_vocable_kind kind;
    for (int s = 0; s < N_SOUNDS; s++)
        for (int i = 0; chr_vocable_at(i, &kind, text); i++) {
            if (kind == CHR_VOCABLE_MUSIC)
                snprintf(words, sizeof words, "make it %s", text);
            else if (kind == CHR_VOCABLE_NOUN)
                snprintf(words, sizeof words, "%s %s on it", i % 2 ? "more" : "less", text);
            else
                continue;
            able[i] += compare_with_typed(sounds[s], words);
        }
    int n = 0;
    for (int i = 0; chr_vocable_at(i, &kind, text); i++) {
        bool any = kind == CHR_VOCABLE_MUSIC || kind == CHR_VOCABLE_NOUN;
        if (any && able[i] == 0)
            fail_msg("no sound can be made %s", text);
        n += any;
    }
    assert_true(n > 100);
}

static void how_far_is_told_by_the_statements_too(void **state) {
    (void)state;
    static const char *const wishes[] = {
        "make it a bit darker and louder by 3dB",  "make it darker by 400%",
        "twice the reverb on it, half the drive",  "no reverb on it, less attack",
        "make it half as loud, wide over 2 bars",  "30% more reverb on it, and 5% longer",
        "make it more dark and less wet by 12.5%", "it slightly brighter",
    };
    for (int s = 0; s < N_SOUNDS; s++)
        for (size_t i = 0; i < sizeof wishes / sizeof wishes[0]; i++)
            compare_with_typed(sounds[s], wishes[i]);
}

static void there_are_words_for_every_musical_context(void **state) {
    (void)state;
    int n[CHR_RHYTHM + 1] = {0};
    for (int i = 0; i < chr_music_words_count; i++) {
        const chr_music_word *w = &chr_music_words[i];
        n[chr_axes[w->moves[0].axis].context]++;
        chr_vocable opposite = chr_vocable_of(w->opposite, strlen(w->opposite));
        if (opposite.kind != CHR_VOCABLE_MUSIC)
            fail_msg("the opposite of %s is no word", w->word);
        for (int j = 0; j < i; j++)
            if (strcmp(w->word, chr_music_words[j].word) == 0)
                fail_msg("%s is there twice", w->word);
    }
    assert_true(chr_music_words_count >= 60);
    for (int c = 0; c <= CHR_RHYTHM; c++)
        assert_true(n[c] > 0);
}

/* ---- the rules ---- */

static void a_word_turns_the_knob_that_it_is_about(void **state) {
    (void)state;
    type("create bass\ncreate kick\ncreate lead");
    stands_for("make bass darker", "set bass cutoff=333Hz\n");
    stands_for("make bass brighter", "set bass cutoff=500Hz\n");
    stands_for("make kick higher", "set kick freq=62.4Hz\n");
    stands_for("make bass louder", "set bass gain=3dB\n");
    stands_for("make bass quieter by 3dB", "set bass gain=0dB\n");
    stands_for("make bass darker by 10%", "set bass cutoff=455Hz\n");
    stands_for("make kick punchier", "set kick punch=0.8\n");
    stands_for("make lead thicker", "set lead detune=18ct\n");
    stands_for("less click on the kick", "set kick click=0.2\n");
    type("undo");
    stands_for("half the click on the kick", "set kick click=0.2\n");
    holds("create bass\ncreate kick\ncreate lead\nset kick freq=62.4Hz\nset bass gain=0dB\n"
          "set bass cutoff=455Hz\nset kick punch=0.8\nset lead detune=18ct\nset kick click=0.2\n");
}

static void and_joins_what_is_alike(void **state) {
    (void)state;
    type("create bass");
    stands_for("bass a bit darker and louder", "set bass cutoff=400Hz\nset bass gain=1.6dB\n");
    type("undo");
    stands_for("bass a bit darker, louder", "set bass cutoff=400Hz\nset bass gain=3dB\n");
    type("undo");
    stands_for("make bass a bit darker and much louder",
               "set bass cutoff=400Hz\nset bass gain=5.2dB\n");
    type("undo");
    stands_for(
        "more reverb and echo on the bass",
        "add reverb to bass amount=0.25\nadd delay to bass time=3/16 feedback=0.35 amount=0.25\n");
    type("undo");
    stands_for("bass less bright and wet, and louder",
               "set bass cutoff=333Hz\nset bass gain=3dB\n");
    type("undo");
    stands_for("bass less bright and louder", "set bass cutoff=333Hz\nset bass gain=3dB\n");
    type("undo");
    stands_for("bass 3dB louder and darker", "set bass gain=3dB\nset bass cutoff=333Hz\n");
    type("undo");
    stands_for("bass darker and louder by 10%", "set bass cutoff=455Hz\nset bass gain=0.8dB\n");
}

static void each_clause_has_its_own_names(void **state) {
    (void)state;
    type("create bass\ncreate lead\ncreate kick");
    stands_for("make bass darker and lead louder", "set bass cutoff=333Hz\nset lead gain=3dB\n");
    type("undo");
    stands_for("more sub on the bass, less reverb and drive on the kick",
               "set bass sub=0.6\nset kick drive=1\n");
    type("undo");
    stands_for("more sub on the bass and darker", "set bass sub=0.6\nset bass cutoff=333Hz\n");
    type("undo");
    stands_for("louder bass, brighter lead by 10%",
               "set bass gain=0.8dB\nset lead cutoff=1.98kHz\n");
    type("undo");
    stands_for("less drive on bass and kick, louder lead",
               "set bass drive=1\nset kick drive=1\nset lead gain=3dB\n");
    refuse("less drive on bass and kick, lead louder", "E397");
    refuse("make bass darker and lead", "E397 typed:1:22");
    refuse("make bass darker with more reverb on the lead", "E397 typed:1:42");
    refuse("darker bass, kick louder", "E397 typed:1:14");
    refuse("bass darker, lead louder, bass brighter", "E392 typed:1:32");
}

static void what_has_no_knob_for_it_gets_an_effect(void **state) {
    (void)state;
    type("patch hum: saw 110 > out");
    stands_for("make hum darker", "add lpf to hum cutoff=2kHz\n");
    stands_for("make hum darker", "set hum lpf.cutoff=1.33kHz\n");
    stands_for("more reverb on hum", "add reverb to hum amount=0.25\n");
    stands_for("more reverb on hum", "set hum reverb.mix=0.4\n");
    stands_for("make hum wider", "set hum width=1.3\n"); /* the room has two sides */
    type("create snare");
    stands_for("make snare softer", "add perc to snare attack=20ms decay=2s as soft\n");
    stands_for("make snare softer", "set snare soft.attack=40ms\n");
    type("patch buzz: saw 110 > out");
    stands_for("make buzz wider", "add chorus to buzz amount=0.5 rate=0.5Hz as wide\n");
    stands_for("make buzz wider by 30%", "set buzz width=1.3\n");
}

static void a_reverb_that_is_a_bus_is_sent_more(void **state) {
    (void)state;
    type("bus space: reverb size=0.9 > out\nbus tape: delay 0.3 > out\ncreate bass\n"
         "send bass to space 30%");
    stands_for("more reverb on the bass", "send bass to space 0.45\n");
    stands_for("a bit less reverb on the bass", "send bass to space 0.36\n");
    stands_for("twice the reverb on the bass", "send bass to space 0.72\n");
    stands_for("no reverb on the bass", "send bass to space 0\n");
    stands_for("no reverb on the bass", "");
    assert_string_equal(k.told, "bass is sent to space no more\n");
    stands_for("more reverb on the bass", "send bass to space 0.15\n");
    stands_for("more echo on the bass", "send bass to tape 0.25\n"); /* it could be sent there */
    stands_for("make bass wetter", "send bass to space 0.225\nsend bass to tape 0.375\n");
    stands_for("make bass much drier", "send bass to space 0.112\nsend bass to tape 0.188\n");
    type("create kick\ncreate snare\nadd reverb to snare");
    stands_for("more reverb on the drums",
               "send kick to space 0.25\nset snare reverb.mix=0.45\n"); /* its own goes before */
    stands_for("make snare drier by 10%", "set snare reverb.mix=0.35\n");
}

static void what_a_bus_gives_to_all_is_the_bus_s_business(void **state) {
    (void)state;
    type("bus space: reverb size=0.5 > out\npatch pad: saw > env > space\n"
         "create bass\nsend bass to space lfo(0.1)*0.4");
    stands_for("more reverb on the bass",
               "add reverb to bass amount=0.25\n"); /* as with any knob */
    type("undo");
    stands_for("more reverb on the pad",
               "add reverb to pad amount=0.25\n"); /* all of it is there */
    stands_for("more reverb on space", "set space reverb.mix=0.45\n");
    refuse("more room on the bass", "E393 typed:1:6");
    stands_for("more room on space", "set space size=0.7\n");
    type("send bass to space 10%");
    stands_for("make bass spacier", "send bass to space 0.15\n"); /* and no room of its own */
}

static void what_something_else_moves_is_left_to_it(void **state) {
    (void)state;
    type("patch wave: saw 110 > lpf 400+lfo(0.2)*300 > drive lfo(1)+2 > out");
    stands_for("make wave darker", "add lpf to wave cutoff=2kHz\n");
    stands_for("make wave darker", "set wave lpf2.cutoff=1.33kHz\n");
    type("patch hum: saw 110 > out\nadd lpf to hum cutoff=lfo(0.3)*200+900");
    refuse("make hum darker", "E393");
}

static void at_the_end_of_its_range_a_knob_stays(void **state) {
    (void)state;
    type("create kick click=0.1");
    stands_for("make kick darker", "set kick click=0\n");
    stands_for("make kick darker", "");
    assert_string_equal(k.told, "click of kick is at its lowest already\n");
    assert_false(k.changes);
    stands_for("make kick drier", "");
    assert_string_equal(k.told, "kick is dry already\n");
}

static void a_name_that_two_stages_have_is_written_out(void **state) {
    (void)state;
    type("create bass\nadd reverb to bass");
    stands_for("make bass spacier", "set bass reverb.mix=0.5\nset bass reverb.size=0.7\n");
    stands_for("make bass shorter", "set bass decay=333ms\nset bass release=80ms\n");
    type("patch two: saw > lpf 900 > lpf 1200 > perc > out");
    stands_for("make two darker", "set two lpf.cutoff=600Hz\nset two lpf2.cutoff=800Hz\n");
}

static void what_was_said_short_stays_clear_when_effects_come(void **state) {
    (void)state;
    type("bus room: reverb > out\nadd lpf to room cutoff=2kHz\npatch hum: saw 110 > lpf res=0.2 > "
         "out");
    stands_for("make room darker", "set room lpf.cutoff=1.33kHz\n");
    stands_for("make room fuller", "add lpf to room cutoff=250Hz amount=0.45 as body\n");
    stands_for("make hum darker and fuller, less resonance",
               "set hum cutoff=667Hz\nadd lpf to hum cutoff=250Hz amount=0.45 as body\n"
               "set hum res=0\n"); /* and no 0.000000003 of a float */
    stands_for("make hum brighter", "set hum cutoff=1kHz\n");
}

static void several_are_changed_together(void **state) {
    (void)state;
    refuse("make drums louder", "E396");
    type("create kick\ncreate snare\ncreate bass\npatch boom: sine 50 > perc > out\n"
         "patch hum: saw 110 > out\nbus room: reverb > out");
    stands_for("make the drums a bit louder and darker",
               "set kick gain=1.6dB\nset snare gain=1.6dB\nset boom gain=1.6dB\n"
               "set kick click=0.275\nset snare tone=4kHz\nadd lpf to boom cutoff=2.4kHz\n");
    stands_for("make everything quieter by 1dB",
               "set kick gain=0.6dB\nset snare gain=0.6dB\nset bass gain=-1dB\n"
               "set boom gain=0.6dB\nset hum gain=-1dB\n");
    stands_for("make kick and bass drier, louder by 1dB",
               "set kick gain=1.6dB\nset bass gain=0dB\n");
    stands_for("make room bigger", "set room size=0.7\n");
    /* what some of them cannot be does not hinder the others */
    stands_for("make drums higher",
               "set kick freq=62.4Hz\nset snare freq=222Hz\nset boom freq=60Hz\n");
    type("patch drums: saw 110 > lpf 300 > out"); /* a patch of that name goes before the group */
    stands_for("make drums darker", "set drums cutoff=200Hz\n");
}

static void swing_is_written_into_the_patterns(void **state) {
    (void)state;
    type("create kick\ncreate hihat\nsequence hihat: ..x. ..xx\n"
         "sequence hihat/fill  swing=60% bars=2: x...  # now and then");
    stands_for("make hihat swingier", "sequence hihat/fill  swing=68% bars=2: x...\n"
                                      "sequence hihat swing=58%: ..x. ..xx\n");
    stands_for("make hihat straighter by 10%", "sequence hihat/fill  swing=65% bars=2: x...\n"
                                               "sequence hihat swing=55%: ..x. ..xx\n");
    stands_for("no swing on the hihat", "sequence hihat/fill  swing=50% bars=2: x...\n"
                                        "sequence hihat swing=50%: ..x. ..xx\n");
    stands_for("less swing on the hihat", "");
    assert_non_null(strstr(k.told, "swing of hihat is at its lowest already\n"));
    type("swing 60%\nsequence kick: x...\nmelody bass: C2");
    stands_for("make kick and bass swingier by 10%",
               "sequence kick swing=63%: x...\nmelody bass swing=63%: C2\n");
    type("patch hum: saw 110 > out\ncreate lead");
    refuse("make hum swingier", "E393");
    type("make hum and kick shuffled");
}

static void a_knob_without_a_range_is_not_flung_away(void **state) {
    (void)state;
    type("module m \"Mine\" {\n  param haze = 3 brightness \"How dull\"\n"
         "  param air = 0 brightness \"How airy\"\n  saw freq > lpf haze*air+100\n}\npatch it: m > "
         "out");
    stands_for("make it brighter", "set it haze=4.5\nset it air=1.5\n");
    stands_for("make it darker", "set it haze=3\nset it air=1\n");
}

static void what_is_not_understood_is_said_and_changes_nothing(void **state) {
    (void)state;
    static const char *const lines[][2] = {
        {"make bass darkr",                   "E391 typed:1:11"},
        {"bass a bit loudr",                  "E391 typed:1:12"},
        {"bass darkr",                        "E391 typed:1:6" },
        {"more reverp on the bass",           "E391 typed:1:6" },
        {"make it darker",                    "E391 typed:1:6" },
        {"make bass darker and go",           "E391 typed:1:22"},
        {"make bass darker brighter",         "E392 typed:1:18"},
        {"make bass louder and quieter",      "E392 typed:1:22"},
        {"make bass drier, more reverb",      "E392 typed:1:23"},
        {"make bass more bright less bright", "E392 typed:1:28"},
        {"make bass left and centered",       "E392 typed:1:20"},
        {"more cutoff, less cutoff, bass",    "E392 typed:1:19"},
        {"make bass higher",                  "E393 typed:1:11"},
        {"make bass",                         "E394 typed:1:1" },
        {"darker",                            "E394 typed:1:1" },
        {"make bass by 30%",                  "E394 typed:1:14"},
        {"make bass reverb more",             "E394 typed:1:11"},
        {"make bass darker, more",            "E394 typed:1:19"},
        {"make bass darker by 10ms",          "E395 typed:1:21"},
        {"make bass darker by 3dB",           "E395 typed:1:21"},
        {"make bass louder by 3000%",         "E395 typed:1:21"},
        {"make bass darker over 3Hz",         "E384 typed:1:23"},
        {"make drums louder",                 "E396 typed:1:6" },
        {"make bass < darker",                "E105 typed:1:11"},
        {"make bass darker = 3",              "E203"           },
        {"make",                              "E204 typed:1:5" },
    };
    type("create bass\ncreate lead");
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        refuse(lines[i][0], lines[i][1]);
    refuse("make bass darker\nmake bass darkr", "E391"); /* all or nothing */
    refuse("ply kick", "E201");
    refuse("mut bass", "E201");
}

static void a_patch_may_be_called_like_a_word(void **state) {
    (void)state;
    type("create dark bass\ncreate sub bass\ncreate more bass\ncreate louder bass");
    stands_for("make dark darker", "set dark cutoff=333Hz\n");
    stands_for("make more darker", "set more cutoff=333Hz\n");
    stands_for("make sub louder", "set sub gain=3dB\n");
    stands_for("less sub on sub", "set sub sub=0.2\n");
    stands_for("more reverb on the dark", "add reverb to dark amount=0.25\n");
    stands_for("make louder louder", "set louder gain=3dB\n");
}

/* ---- where it stands ---- */

static void in_a_file_it_acts_when_its_line_is_new(void **state) {
    (void)state;
    static const char script[] = "create bass\nmake bass darker\nmore reverb on the bass\n";
    run(script);
    holds("create bass\nset bass cutoff=333Hz\nadd reverb to bass amount=0.25\n");
    run(script);
    holds("create bass\nset bass cutoff=333Hz\nadd reverb to bass amount=0.25\n");
    assert_false(k.changes);
    run("create bass\nmake bass darker\nmore reverb on the bass\nmake bass darker\n");
    holds("create bass\nadd reverb to bass amount=0.25\nset bass cutoff=222Hz\n");
    run("create bass\n"); /* what it led to stays, like what was typed */
    holds("create bass\nadd reverb to bass amount=0.25\nset bass cutoff=222Hz\n");
}

static void it_is_undone_like_any_other_evaluation(void **state) {
    (void)state;
    type("create bass");
    type("make bass darker, wider and louder");
    type("undo");
    holds("create bass\n");
    type("redo");
    holds("create bass\nset bass cutoff=333Hz\nadd chorus to bass amount=0.5 rate=0.5Hz as wide\n"
          "set bass gain=3dB\n");
}

static void it_can_wait_and_be_tried(void **state) {
    (void)state;
    type("create bass");
    k.clock = (chr_position){true, 3};
    k.done = 3;
    type("diff: make bass darker");
    assert_string_equal(k.told, "= set bass cutoff=333Hz\nforesees a difference\n");
    holds("create bass\n");
    type("at bar 3: { \n  make bass darker\n  bass louder\n}");
    assert_string_equal(k.told, "= bar 3: set bass cutoff=333Hz\n= bar 3: set bass gain=3dB\n"
                                "foresees bar 3\n");
    type("every 2 bars: make bass a bit brighter over 1 bar");
    assert_true(kit_pass(&k, 8) == 8);
    assert_string_equal(k.told, "= set bass cutoff=333Hz\n= set bass gain=3dB\n"
                                "= set bass cutoff=416Hz over 1 bar\n");
    refuse("next bar: make bass darkr", "E391");
    assert_true(kit_pass(&k, 17) == 16);
    assert_string_equal(k.told, "= set bass cutoff=520Hz over 1 bar\n");
}

static void over_a_length_the_knobs_take_their_time(void **state) {
    (void)state;
    type("create bass");
    stands_for("make bass darker and louder over 2 bars",
               "set bass cutoff=333Hz over 2 bars\nset bass gain=3dB over 2 bars\n");
    assert_non_null(strstr(k.ir, "glide"));
    holds("create bass\nset bass cutoff=333Hz\nset bass gain=3dB\n");
}

static void an_import_says_only_what_there_is(void **state) {
    (void)state;
    kit_put(&k, "import", "kit.chr", "create bass\nmake bass darker\n");
    type("import \"kit.chr\"");
    assert_non_null(strstr(k.said, "N383"));
    holds("create bass\n");
}

static void where_the_session_has_another_mistake_that_alone_is_told(void **state) {
    (void)state;
    assert_false(kit_type(&k, "create bass cutof=300\nmake bass darker"));
    assert_null(strstr(k.said, "E39"));
}

static void a_sentence_has_an_end(void **state) {
    (void)state;
    char text[4000] = "bass";
    type("create bass");
    for (int i = 0; i < 300; i++)
        strcat(text, " darker");
    refuse(text, "E398");
}

static void very_many_are_refused_in_time(void **state) {
    (void)state;
    enum { N = 5000 };
    char *text = malloc(N * 20 + 20);
    strcpy(text, "create bass\n");
    for (int i = 0; i < N; i++)
        strcpy(text + 12 + i * 17, "make bass darker\n");
    assert_false(kit_type(&k, text));
    assert_non_null(strstr(k.said, "E582"));
    free(text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_real_kit, close_kit)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(every_word_is_the_statements_that_it_tells),
        TEST(how_far_is_told_by_the_statements_too),
        TEST(there_are_words_for_every_musical_context),
        TEST(a_word_turns_the_knob_that_it_is_about),
        TEST(and_joins_what_is_alike),
        TEST(each_clause_has_its_own_names),
        TEST(what_has_no_knob_for_it_gets_an_effect),
        TEST(what_something_else_moves_is_left_to_it),
        TEST(at_the_end_of_its_range_a_knob_stays),
        TEST(a_name_that_two_stages_have_is_written_out),
        TEST(what_was_said_short_stays_clear_when_effects_come),
        TEST(several_are_changed_together),
        TEST(swing_is_written_into_the_patterns),
        TEST(a_knob_without_a_range_is_not_flung_away),
        TEST(what_is_not_understood_is_said_and_changes_nothing),
        TEST(a_patch_may_be_called_like_a_word),
        TEST(in_a_file_it_acts_when_its_line_is_new),
        TEST(it_is_undone_like_any_other_evaluation),
        TEST(it_can_wait_and_be_tried),
        TEST(a_reverb_that_is_a_bus_is_sent_more),
        TEST(what_a_bus_gives_to_all_is_the_bus_s_business),
        TEST(over_a_length_the_knobs_take_their_time),
        TEST(an_import_says_only_what_there_is),
        TEST(where_the_session_has_another_mistake_that_alone_is_told),
        TEST(a_sentence_has_an_end),
        TEST(very_many_are_refused_in_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
