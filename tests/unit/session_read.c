/* tests/unit/session_read.c: import, load, save, generate_module, reload: what may be read and
 * written, and under which names. SPDX-License-Identifier: MIT */
#include "tests/support/session_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void refuse(const char *text, const char *code) {
    if (kit_type(&k, text) || !strstr(k.said, code))
        fail_msg("expected %s for %s, not: %s", code, text, k.said);
    assert_string_equal(k.asked, "");
}

static void an_import_brings_in_what_another_script_defines(void **state) {
    (void)state;
    kit_put(&k, "import", "kit.chr",
            "module thud { sine 50 > vca perc() }\nimport \"more/deep.chr\"\nplay\n");
    kit_put(&k, "import", "more/deep.chr", "let slow = lfo 0.1\n");
    run("import \"kit.chr\"\npatch a: thud() > out\n");
    assert_string_equal(k.asked, "");
    assert_non_null(strstr(k.said, "N383 kit.chr:3:1"));
    holds("module thud { sine 50 > vca perc() }\nlet slow = lfo 0.1\npatch a: thud() > out\n");
    run("patch a: saw 220 > out\n");
    holds("patch a: saw 220 > out\n");
}

static void an_imported_file_that_changed_is_taken_anew(void **state) {
    (void)state;
    kit_put(&k, "import", "kit.chr", "let slow = lfo 0.1\n");
    run("import \"kit.chr\"\n");
    kit_put(&k, "import", "kit.chr", "let slow = lfo 0.2\n");
    run("import \"kit.chr\"\n");
    assert_true(k.changes);
    holds("let slow = lfo 0.2\n");
}

static void an_import_that_leads_back_is_an_error_that_shows_the_way(void **state) {
    (void)state;
    kit_put(&k, "import", "a.chr", "import \"b.chr\"\n");
    kit_put(&k, "import", "b.chr", "import \"a.chr\"\n");
    refuse("import \"a.chr\"", "E705 b.chr:1:8");
    assert_non_null(strstr(k.said, "a.chr, b.chr, a.chr"));
}

static void a_file_that_two_imports_name_is_read_once(void **state) {
    (void)state;
    kit_put(&k, "import", "a.chr", "import \"c.chr\"\n");
    kit_put(&k, "import", "b.chr", "import \"c.chr\"\n");
    kit_put(&k, "import", "c.chr", "let x = lfo 1\n");
    run("import \"a.chr\"\nimport \"b.chr\"\n");
    assert_int_equal(k.n_reads, 3);
    assert_string_equal(k.said, "");
}

static void imports_are_not_nested_without_end(void **state) {
    (void)state;
    static char names[20][24], texts[20][48];
    for (int i = 0; i < 20; i++) {
        snprintf(names[i], sizeof names[i], "n%d.chr", i);
        snprintf(texts[i], sizeof texts[i], "import \"n%d.chr\"\n", i + 1);
        kit_put(&k, "import", names[i], texts[i]);
    }
    refuse("import \"n0.chr\"", "E706");
}

static void files_that_cannot_be_read_are_errors_at_their_place(void **state) {
    (void)state;
    kit_put_status(&k, "import", "link.chr", CHR_READ_FORBIDDEN);
    kit_put_status(&k, "import", "huge.chr", CHR_READ_TOO_BIG);
    kit_put_status(&k, "import", "rotten.chr", CHR_READ_FAILED);
    refuse("import \"missing.chr\"", "E701 typed:1:8");
    refuse("import \"link.chr\"", "E702");
    refuse("import \"huge.chr\"", "E703");
    refuse("import \"rotten.chr\"", "E704");
    refuse("load patch \"missing\"", "E709 typed:1:12");
}

static void hostile_paths_are_refused_before_any_file_is_touched(void **state) {
    (void)state;
    static const char *const names[] = {"",   "/etc/passwd", "../kit.chr", "a/../../kit.chr",
                                        "..", "a\\\\b.chr",  "C:kit.chr",  "kit\\n.chr",
                                        "\\t"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char text[100];
        snprintf(text, sizeof text, "import \"%s\"", names[i]);
        refuse(text, "E702");
    }
    assert_int_equal(k.n_reads, 0);
}

static void names_of_saved_patches_are_names_and_not_paths(void **state) {
    (void)state;
    static const char *const names[] = {"",    "a/b", "/a",    "..",        "a..b",   ".hidden",
                                        "-rf", " a",  "a ",    "a.",        "a\\\\b", "a\\nb",
                                        "C:a", "a*",  "what?", "\\\"a\\\"", "a|b",    "a<b"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char text[100];
        snprintf(text, sizeof text, "save patch \"%s\"", names[i]);
        refuse(text, "E707");
        snprintf(text, sizeof text, "load patch \"%s\"", names[i]);
        refuse(text, "E707");
    }
    char text[200] = "save patch \"";
    memset(text + strlen(text), 'a', 100);
    strcat(text, "\"");
    refuse(text, "E707");
    assert_int_equal(k.n_reads, 0);
    type("save patch \"deep groove-2_b\"");
    assert_string_equal(k.asked, "save deep groove-2_b\n");
}

static void what_is_saved_is_the_session_and_loads_again(void **state) {
    (void)state;
    type("create bass cutoff=500\nmelody bass: C2 G2\nadd reverb to bass amount=0.3\nplay");
    type("set bass cutoff=900");
    type("save patch \"deep\"");
    char *saved = strdup(k.answer), *meaning = kit_meaning(&k);
    kit_put(&k, "load", "deep", saved);
    type("remove bass");
    type("load patch \"deep\"");
    assert_string_equal(k.asked, "play\n");
    char *again = kit_meaning(&k);
    assert_string_equal(meaning, again);
    free(saved);
    free(meaning);
    free(again);
}

static void a_loaded_script_writes_nothing_and_ends_nothing(void **state) {
    (void)state;
    kit_put(&k, "load", "deep",
            "create bass\nsave patch \"deep\"\ngenerate_module reverb\nquit\nundo\n");
    type("load patch \"deep\"");
    assert_string_equal(k.asked, "");
    assert_non_null(strstr(k.said, "N381 deep.chr:2:1"));
    assert_non_null(strstr(k.said, "N381 deep.chr:3:1"));
    assert_non_null(strstr(k.said, "N383 deep.chr:4:1"));
    assert_non_null(strstr(k.said, "N386 deep.chr:5:1"));
    holds("create bass\n");
}

static void a_loaded_script_that_loads_itself_is_an_error(void **state) {
    (void)state;
    kit_put(&k, "load", "deep", "load patch \"deep\"\n");
    refuse("load patch \"deep\"", "E705");
}

static void a_script_that_may_write_nothing_is_told_so_and_goes_on(void **state) {
    (void)state;
    kit strict;
    kit_open(&strict, false);
    assert_true(
        kit_run(&strict, "groove.chr",
                "create bass\nsave patch \"deep\"\ngenerate_module reverb\nreload reverb\n"));
    assert_string_equal(strict.asked, "");
    assert_non_null(strstr(strict.said, "N381 groove.chr:2:1"));
    assert_non_null(strstr(strict.said, "N381 groove.chr:3:1"));
    assert_non_null(strstr(strict.said, "N385 groove.chr:4:1"));
    kit_close(&strict);
}

static void
a_generated_module_can_be_reloaded_at_once_and_sounds_like_what_it_shadows(void **state) {
    (void)state;
    type("patch saw 110 > reverb 0.7 > out");
    type("generate_module reverb");
    assert_string_equal(k.asked, "generate reverb\n");
    char *text = strdup(k.answer);
    kit_put(&k, "module", "reverb", text);
    type("reload reverb");
    assert_non_null(strstr(k.said, "N382 modules/reverb.chr:"));
    type("patch saw 110 > reverb 0.7 > out");
    free(text);
}

static void generate_and_reload_in_one_evaluation_work_too(void **state) {
    (void)state;
    type("generate_module wobble\nreload wobble\npatch saw 110 > wobble cutoff=400 > out");
    assert_string_equal(k.asked, "generate wobble\n");
}

static void every_template_is_a_module_that_works(void **state) {
    (void)state;
    static const char *const names[] = {"reverb", "lpf",  "vco",     "delay", "compressor", "env",
                                        "mix",    "bass", "chorusy", "mine",  "pan",        "noise",
                                        "gain",   "slew", "lfo",     "ladder"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char text[200];
        snprintf(text, sizeof text, "generate_module %s\nreload %s\npatch saw 110 > %s() > out",
                 names[i], names[i], names[i]);
        type(text);
    }
}

static void a_module_file_must_define_its_module(void **state) {
    (void)state;
    kit_put(&k, "module", "reverb", "module other { in > lpf 900 }\n");
    refuse("reload reverb", "E708");
    kit_put(&k, "module", "reverb", "module reverb { in > nosuch 900 }\n");
    refuse("reload reverb", "modules/reverb.chr:1:");
    kit_put(&k, "module", "reverb", "module reverb { in > \n");
    refuse("reload reverb", "modules/reverb.chr:1:");
    refuse("reload nothing", "E701");
    holds("");
}

static void a_module_that_fails_leaves_the_running_one(void **state) {
    (void)state;
    kit_put(&k, "module", "mine", "module mine { in > lpf 900 }\n");
    type("reload mine\npatch saw 110 > mine() > out");
    char *meaning = kit_meaning(&k);
    kit_put(&k, "module", "mine", "module mine { in > lpf 900 > > }\n");
    assert_false(kit_type(&k, "reload mine"));
    char *after = kit_meaning(&k);
    assert_string_equal(meaning, after);
    free(meaning);
    free(after);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_kit, close_kit)
    const struct CMUnitTest tests[] = {
        TEST(an_import_brings_in_what_another_script_defines),
        TEST(an_imported_file_that_changed_is_taken_anew),
        TEST(an_import_that_leads_back_is_an_error_that_shows_the_way),
        TEST(a_file_that_two_imports_name_is_read_once),
        TEST(imports_are_not_nested_without_end),
        TEST(files_that_cannot_be_read_are_errors_at_their_place),
        TEST(hostile_paths_are_refused_before_any_file_is_touched),
        TEST(names_of_saved_patches_are_names_and_not_paths),
        TEST(what_is_saved_is_the_session_and_loads_again),
        TEST(a_loaded_script_writes_nothing_and_ends_nothing),
        TEST(a_loaded_script_that_loads_itself_is_an_error),
        TEST(a_script_that_may_write_nothing_is_told_so_and_goes_on),
        TEST(a_generated_module_can_be_reloaded_at_once_and_sounds_like_what_it_shadows),
        TEST(generate_and_reload_in_one_evaluation_work_too),
        TEST(every_template_is_a_module_that_works),
        TEST(a_module_file_must_define_its_module),
        TEST(a_module_that_fails_leaves_the_running_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
