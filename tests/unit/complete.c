/* tests/unit/complete.c: what may be typed next, and what is said of what the cursor is on.
 * SPDX-License-Identifier: MIT */
#include "lang/complete.h"
#include "lang/answers_page.h"
#include "tests/support/session_fixture.h"

#include <stdio.h>
#include <string.h>

/* The words offered where `|` stands, each between blanks: " kick bass ". */
static char words[200000];
static char hint[2000];
static char files[40];

static void at_cursor(const char *marked) {
    char text[4000];
    const char *bar = strchr(marked, '|');
    assert_non_null(bar);
    snprintf(text, sizeof text, "%.*s%s", (int)(bar - marked), marked, bar + 1);
    chr_arena *arena = chr_arena_new(0);
    chr_completion c;
    size_t cursor = (size_t)(bar - marked);
    assert_true(chr_complete(k.session, text, strlen(text), cursor, false, arena, &c));
    assert_true(c.from <= cursor);
    strcpy(words, " ");
    for (int i = 0; i < c.n; i++) {
        assert_memory_equal(c.words[i].text, text + c.from, cursor - c.from);
        strcat(strcat(words, c.words[i].text), " ");
    }
    snprintf(hint, sizeof hint, "%s", c.hint);
    snprintf(files, sizeof files, "%s", c.files ? c.files : "");
    /* the hint alone is the same hint, and looks for no words */
    assert_true(chr_complete(k.session, text, strlen(text), cursor, true, arena, &c));
    assert_string_equal(c.hint, hint);
    assert_int_equal(c.n, 0);
    chr_arena_free(arena);
}

static void offers(const char *marked, const char *word) {
    char spaced[200];
    at_cursor(marked);
    snprintf(spaced, sizeof spaced, " %s ", word);
    if (!strstr(words, spaced))
        fail_msg("%s: %s is not among%s", marked, word, words);
}

static void offers_not(const char *marked, const char *word) {
    char spaced[200];
    at_cursor(marked);
    snprintf(spaced, sizeof spaced, " %s ", word);
    if (strstr(words, spaced))
        fail_msg("%s: %s is among%s", marked, word, words);
}

static void offers_only(const char *marked, const char *all) {
    at_cursor(marked);
    if (strcmp(words, all) != 0)
        fail_msg("%s: offered are%s, not%s", marked, words, all);
}

static void hints(const char *marked, const char *text) {
    at_cursor(marked);
    if (!strstr(hint, text) || (!*text && *hint))
        fail_msg("%s: expected %s in the hint: %s", marked, text, hint);
}

static void a_statement_begins_with_one_of_its_words(void **state) {
    (void)state;
    offers_only("seq|", " sequence ");
    offers("|", "patch");
    offers("tempo 120\nmu|", "mute");
    offers_not("|", "map"); /* not available yet */
    offers_not("|", "lpf");
    hints("tempo|", "Beats a minute");
}

static void patterns_of_values_are_completed_as_others_are(void **state) {
    (void)state;
    type("create bass");
    offers("values |", "bass");
    offers("values bass.cut|", "cutoff");
    offers("values bass.cutoff ste|", "step=");
    offers("values bass.cutoff: 200 400 > ra|", "range");
    offers("values bass.cutoff: 200 400 > every 2 (re|", "rev");
    offers("swing 58% |", "at");
    offers("humanize 10ms 20% |", "at");
}

static void the_words_of_make_and_of_sentences_are_offered(void **state) {
    (void)state;
    type("create bass\ncreate kick");
    offers("make |", "bass");
    offers("make |", "drums");
    offers("make bass dar|", "darker");
    offers("make bass a bit |", "darker");
    offers_only("make bass darker and squelch|", " squelchy squelchier ");
    offers("more rev|", "reverb");
    offers("more reverb on the |", "bass");
    offers("bass |", "louder");
    offers_not("make bass |", "the");
    offers_not("saw |", "darker");
    hints("make bass dar|", "make NAME WORD");
    hints("more |", "make NAME WORD");
}

static void every_statement_that_there_is_can_be_completed_and_explained(void **state) {
    (void)state;
    for (int i = 0; i < chr_statements_count; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s|", chr_statements[i].word);
        hints(text, chr_statements[i].doc);
        if (chr_statements[i].available)
            offers(text, chr_statements[i].word);
        /* and behind it nothing goes wrong, whatever the usage says */
        snprintf(text, sizeof text, "%s |", chr_statements[i].word);
        at_cursor(text);
        snprintf(text, sizeof text, "%s one two=3 \"x|", chr_statements[i].word);
        at_cursor(text);
    }
}

static void a_stage_of_a_chain_is_a_module(void **state) {
    (void)state;
    offers("patch lead: sa|", "saw");
    offers("patch saw 220 > lp|", "lpf");
    offers("patch saw 220 > o|", "out");
    offers("patch saw 220 > lpf lfo(0.3) > re|", "reverb");
    offers("patch p: saw 220 >\n  cho|", "chorus");
    offers("let wob = lf|", "lfo");
    offers("patch saw (lf|", "lfo");
    offers_not("patch saw 220 > |", "tempo");
    type("let wobble = lfo 0.25");
    offers("patch saw 220 > lpf wob|", "wobble");
    type("module dark \"Dull\" {\n saw freq > lpf 600\n}");
    offers("patch da|", "dark");
    offers("patch bass|", "bass"); /* an instrument is a module too */
    hints("patch saw 220 > lp|f 900 > out", "lpf");
}

static void behind_a_module_stand_its_parameters(void **state) {
    (void)state;
    offers_only("patch saw 220 > lpf cut|", " cutoff= ");
    offers("patch saw 220 > lpf cutoff=300 |", "res=");
    offers("patch lead: saw 220 > lpf 900 re|", "res=");
    offers("patch saw > delay 0.3 > lpf re|", "res=");
    offers_not("patch saw 220 > |", "cutoff=");
    offers("patch saw 220 > bass r|", "res=");
    offers("patch noise > vca perc(de|", "decay=");
    hints("patch saw 220 > lpf cutof|f=300", "lpf cutoff: ");
    hints("patch saw 220 > lpf cutoff=3|00", "lpf cutoff: ");
    hints("patch saw 220 > lpf 9|00 > out", "lpf cutoff: ");
    hints("patch saw 220 > lpf 900 0.|3 > out", "lpf res: ");
    hints("patch saw 220 > lpf cutoff=300|", "Hz to ");
    hints("patch noise > vca perc(decay=3|00ms)", "perc decay: ");
}

static void choices_are_offered_by_position_and_by_name(void **state) {
    (void)state;
    offers("patch noise whi|", "white");
    offers("patch noise color=pi|", "pink");
    offers_not("patch noise color=|", "level=");
    hints("patch noise color=|", "noise color: ");
}

static void create_knows_instruments_and_their_knobs(void **state) {
    (void)state;
    offers("create ki|", "kick");
    offers("create bd ki|", "kick");
    offers_not("create |", "chorusy"); /* an effect */
    offers_only("create kick dec|", " decay= ");
    offers_only("create kick ga|", " gain= "); /* as every patch has */
    offers("create bd kick freq=60 dec|", "decay=");
    offers("create anything cut|", "cutoff="); /* else it is a synth */
    hints("create kick freq=6|0", "kick freq: 20 Hz to 200 Hz");
    hints("create bd kick fre|q=60 decay=0.5", "Where it settles");
}

static void effects_and_where_they_go(void **state) {
    (void)state;
    type("create bass\ncreate kick");
    offers("add rev|", "reverb");
    offers("add cho|", "chorusy");
    offers_not("add sa|", "saw");
    offers_only("add reverb t|", " to ");
    offers("add reverb to |", "bass");
    offers("add reverb to bass |", "as");
    offers("add chorusy to bass ra|", "rate=");
    offers("remove reverb fr|", "from");
    offers("remove reverb from ba|", "bass");
    hints("add chorusy to bass rate=|2", "chorusy rate: ");
}

static void names_of_the_session(void **state) {
    (void)state;
    type("create bass\npatch lead: saw 220 > lpf 900 as soft > out\nsequence kick: x...");
    offers("mute |", "bass");
    offers("mute bass |", "lead");
    offers("solo ki|", "kick");
    offers("show le|", "lead");
    offers("melody ba|", "bass");
    offers("sequence ki|", "kick");
    offers("at bar 9: mute ba|", "bass");
    offers("diff: mute ba|", "bass");
    offers("play |", "all");
    offers_not("mute |", "lpf");
}

static void knobs_of_what_plays(void **state) {
    (void)state;
    type("create bass\npatch lead: saw 220 > lpf 900 as soft > out\nadd chorusy to bass as wide");
    offers_only("set bass cut|", " cutoff= ");
    offers("set lead cut|", "cutoff=");
    offers("set bass ra|", "rate=");
    offers_only("bass.cut|", " cutoff ");
    offers("lead.|", "soft");
    offers("lead.soft.re|", "res");
    offers("bass.wide.|", "rate");
    hints("set bass cutoff=5|00", "bass cutoff: 40 Hz to 12");
    hints("bass.cutoff = 5|00", "How bright");
    hints("bass.cut|off = 500", "How bright");
    offers("sequence bass: x{cu|", "cutoff=");
    hints("sequence bass: x{cutoff=2|00}", "How bright");
}

static void words_of_a_form_come_from_its_usage(void **state) {
    (void)state;
    offers("list mod|", "modules");
    offers("list p|", "patterns");
    offers("help patt|", "patterns");
    offers("help cut|", "cutoff");
    offers("help tem|", "tempo");
    offers_only("save p|", " patch ");
    offers("patch lead voi|", "voices=");
    offers_not("tempo |", "modules");
    hints("set |", "set NAME parameter=value");
}

static void scales_and_files_in_quotes(void **state) {
    (void)state;
    offers("key \"C mi|", "minor");
    offers("key \"C# minor pen|", "minor pentatonic");
    offers("key \"Eb |", "dorian");
    offers("key \"Eb na|", "natural minor");
    offers("tuning \"ju|", "just");
    assert_string_equal(files, "tuning");
    offers("tuning \"equal19\" map=\"eq|", "equal31");
    assert_string_equal(files, "keymap");
    offers("tuning \"just\" |", "root=");
    offers("melody bass key=\"C phr|", "phrygian dominant");
    offers("melody bass voicing=|", "smooth");
    offers("melody bass vo|", "voicing=");
    at_cursor("load patch \"deep|");
    assert_string_equal(files, "load");
    at_cursor("import \"k|");
    assert_string_equal(files, "import");
    at_cursor("sample amen \"|");
    assert_string_equal(files, "sample");
    at_cursor("reload re|");
    assert_string_equal(files, "module");
    at_cursor("tempo |");
    assert_string_equal(files, "");
}

static void nothing_is_offered_where_nothing_can_be_known(void **state) {
    (void)state;
    offers_only("# a comment about lp|", " ");
    offers_only("melody bass: C|", " ");
    offers_only("sequence kick: x..|", " ");
    offers_only("tempo 12|", " ");
    offers_only("patch saw 22|", " ");
    hints("melody bass: C2 |", "melody NAME");
    hints("nonsense words |", "");
}

static void inside_a_module_stand_chains_and_its_own_words(void **state) {
    (void)state;
    offers("module dark {\n  pa|", "param");
    offers("module dark {\n  saw freq > lp|", "lpf");
    offers_not("module dark {\n  |", "tempo");
    offers("module dark {\n  saw freq\n}\nte|", "tempo");
}

/* Whatever is typed, at whatever place: no crash, and words begin with what stands there. */
static void any_text_can_be_asked_about_at_any_place(void **state) {
    (void)state;
    static const char text[] = "patch a: saw [for i in 1..3: 220*i] > lpf cutoff=(lfo 2 > range 1 2"
                               " > \"x\" \xc3\xa9\xff {}}})] as b > out\nset a.b.c.d=..=.. over 2 "
                               "bars\nmelody a: C2{x=1} <a b> (3,8) > fast 2\nmodule m(a=1) \"d\" {"
                               "\n param p = 1 in 0..1\n in > \nfn f(x, y=2) = x + y\nkey \"";
    type("create bass\ncreate kick");
    for (size_t cursor = 0; cursor < sizeof text; cursor++) {
        chr_arena *arena = chr_arena_new(0);
        chr_completion c;
        assert_true(chr_complete(k.session, text, sizeof text - 1, cursor, false, arena, &c));
        assert_true(chr_complete(k.session, text, cursor, cursor, false, arena, &c));
        chr_arena_free(arena);
    }
}

static void behind_the_steps_come_transforms(void **state) {
    (void)state;
    offers_only("sequence kick: x... > palin|", " palindrome ");
    offers("sequence kick: x... > rev > |", "every");
    offers_not("sequence kick: x... > |", "reverb");
    offers("sequence kick: x... > every 4 (re|", "rev");
    offers("melody bass: C2 <D2 E2> > every 4 re|", "rev");
    offers("melody bass: C2 > every 4 rev o|", "on=");
    offers_only("melody bass: C2 > arp c|", " converge ");
    offers_only("melody bass: C2 > groove sh|", " shuffle ");
    offers("melody bass: C2 > sometimes re|", "rev");
    offers("melody bass: C2 > sometimes 25% re|", "rev");
    hints("melody bass: C2 > every| 4", "every ROUNDS TRANSFORM [on=N]");
    hints("melody bass: C2 > off 1/8 |", "off LENGTH TRANSFORM");
    hints("melody bass: C2 > jux rev > ply| 2", "Plays each note");
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_kit, close_kit)
        TEST(a_statement_begins_with_one_of_its_words),
        TEST(patterns_of_values_are_completed_as_others_are),
        TEST(the_words_of_make_and_of_sentences_are_offered),
        TEST(every_statement_that_there_is_can_be_completed_and_explained),
        TEST(a_stage_of_a_chain_is_a_module),
        TEST(behind_a_module_stand_its_parameters),
        TEST(choices_are_offered_by_position_and_by_name),
        TEST(create_knows_instruments_and_their_knobs),
        TEST(effects_and_where_they_go),
        TEST(names_of_the_session),
        TEST(knobs_of_what_plays),
        TEST(words_of_a_form_come_from_its_usage),
        TEST(scales_and_files_in_quotes),
        TEST(nothing_is_offered_where_nothing_can_be_known),
        TEST(inside_a_module_stand_chains_and_its_own_words),
        TEST(any_text_can_be_asked_about_at_any_place),
        TEST(behind_the_steps_come_transforms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
