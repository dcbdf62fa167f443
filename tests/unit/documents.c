/* tests/unit/documents.c: what is written for players is true: generated pages are the ones that
 * the program prints, and every example in help, in the descriptors and in docs/language.md is a
 * script that is understood. SPDX-License-Identifier: MIT */
#include "dsp/registry.h"
#include "lang/answers.h"
#include "lang/answers_page.h"
#include "lang/parse.h"
#include "lang/stdlib.h"
#include "lang/transforms.h"
#include "tests/support/session_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static chr_session *open_session(void) {
    chr_session_options options = {
        .modules = {chr_registry_modules(), chr_registry_count()},
        .library = chr_stdlib,
        .n_library = chr_stdlib_count
    };
    return chr_session_new(&options);
}

static char *read_whole(const char *path) {
    char name[1024];
    snprintf(name, sizeof name, "%s/%s", CHRONUS_SOURCE_DIR, path);
    FILE *from = fopen(name, "rb");
    if (!from)
        return NULL;
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    for (int c; (c = fgetc(from)) != EOF;)
        fputc(c, to);
    fclose(from);
    fclose(to);
    return text;
}

/* Reports the first line that differs. */
static void compare(const char *path, const char *command, const char *printed) {
    char *committed = read_whole(path);
    if (!committed)
        fail_msg("%s is missing; write it by: %s > %s", path, command, path);
    int line = 1;
    for (size_t i = 0; committed[i] || printed[i]; i++) {
        if (committed[i] != printed[i])
            fail_msg("%s:%d is not what the program prints; renew it by: %s > %s", path, line,
                     command, path);
        line += committed[i] == '\n';
    }
    free(committed);
}

static void the_page_of_modules_is_the_one_that_is_printed(void **state) {
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    chr_session *s = open_session();
    chr_doc_modules(s, to);
    fclose(to);
    compare("docs/modules.md", "chronus doc modules", text);
    chr_session_free(s);
    free(text);
}

static void the_page_of_transforms_is_the_one_that_is_printed(void **state) {
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    chr_doc_transforms(to);
    fclose(to);
    compare("docs/transforms.md", "chronus doc transforms", text);
    free(text);
}

static void the_page_of_errors_is_the_one_that_is_printed(void **state) {
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    chr_doc_errors(to);
    fclose(to);
    compare("docs/errors.md", "chronus doc errors", text);
    free(text);
}

static void the_json_for_editors_is_the_one_that_is_printed(void **state) {
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    chr_session *s = open_session();
    chr_doc_json(s, to);
    fclose(to);
    compare("editor-support/generated/chronus.json", "chronus doc --json", text);
    int depth = 0;
    bool quoted = false;
    for (const char *p = text; *p; p++) {
        if (quoted && *p == '\\')
            p++;
        else if (*p == '"')
            quoted = !quoted;
        else if (!quoted)
            depth += (*p == '{' || *p == '[') - (*p == '}' || *p == ']');
        assert_true((unsigned char)*p >= 0x20 || *p == '\n');
    }
    assert_int_equal(depth, 0);
    assert_false(quoted);
    assert_non_null(strstr(text, "\"name\": \"reverb\""));
    chr_session_free(s);
    free(text);
}

/* ---- examples ---- */

static void prepare(kit *k) {
    kit_open_real(k, true);
    kit_put(k, "import", "kit.chr", "let slow = lfo 0.1\n");
    kit_put(k, "load", "deep_groove", "create bass\n");
}

static void understood(const char *where, const char *text, const char *before) {
    kit k;
    prepare(&k);
    if (before && !kit_type(&k, before))
        fail_msg("%s", k.said);
    if (!kit_type(&k, text))
        fail_msg("%s:\n%s\n%s", where, text, k.said);
    kit_close(&k);
}

static void every_example_of_a_statement_is_understood(void **state) {
    (void)state;
    for (int i = 0; i < chr_statements_count; i++) {
        const chr_statement_info *info = &chr_statements[i];
        if (info->available) {
            understood(info->word, info->example, NULL);
            continue;
        }
        kit k;
        prepare(&k);
        assert_true(kit_type(&k, "create bass\ncreate kick"));
        if (kit_type(&k, info->example) || !strstr(k.said, "E60"))
            fail_msg("%s should not be available yet: %s", info->word, k.said);
        kit_close(&k);
    }
}

static void every_statement_of_the_language_has_its_page(void **state) {
    (void)state;
    static const chr_ast_kind kinds[] = {CHR_AST_PATCH,    CHR_AST_BUS,      CHR_AST_CREATE,
                                         CHR_AST_ADD,      CHR_AST_REMOVE,   CHR_AST_SEND,
                                         CHR_AST_SET,      CHR_AST_MAKE,     CHR_AST_MUTE,
                                         CHR_AST_UNMUTE,   CHR_AST_SOLO,     CHR_AST_UNSOLO,
                                         CHR_AST_PLAY,     CHR_AST_STOP,     CHR_AST_HUSH,
                                         CHR_AST_PANIC,    CHR_AST_RECORD,   CHR_AST_SEQUENCE,
                                         CHR_AST_MELODY,   CHR_AST_SEED,     CHR_AST_TEMPO,
                                         CHR_AST_METER,    CHR_AST_SWING,    CHR_AST_KEY_STATEMENT,
                                         CHR_AST_HUMANIZE, CHR_AST_TUNING,   CHR_AST_AUTOMATE,
                                         CHR_AST_SECTION,  CHR_AST_ARRANGE,  CHR_AST_QUANTIZE,
                                         CHR_AST_LET,      CHR_AST_FN,       CHR_AST_MODULE,
                                         CHR_AST_IMPORT,   CHR_AST_SAMPLE,   CHR_AST_RELOAD,
                                         CHR_AST_SYNC,     CHR_AST_GENERATE, CHR_AST_SAVE,
                                         CHR_AST_LOAD,     CHR_AST_MAP,      CHR_AST_LIST_STATEMENT,
                                         CHR_AST_SHOW,     CHR_AST_SCOPE,    CHR_AST_HELP,
                                         CHR_AST_GRAPH,    CHR_AST_METERS,   CHR_AST_UNDO,
                                         CHR_AST_REDO,     CHR_AST_HISTORY,  CHR_AST_QUIT};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        bool found = false;
        for (int k = 0; k < chr_statements_count; k++)
            found |= strcmp(chr_statements[k].word, chr_ast_name(kinds[i])) == 0;
        if (!found)
            fail_msg("%s has no page", chr_ast_name(kinds[i]));
    }
}

static void every_example_of_a_module_is_understood(void **state) {
    (void)state;
    chr_session *s = open_session();
    chr_arena *arena = chr_arena_new(0);
    int n = 0;
    const char **names = chr_page_names(s, chr_session_state(s), arena, &n);
    for (int i = 0; i < n; i++) {
        chr_page page;
        if (!chr_page_find(s, chr_session_state(s), names[i], arena, &page))
            fail_msg("%s has no page", names[i]);
        if (!page.doc[0] || !page.example[0] || !page.group[0])
            fail_msg("%s lacks a sentence, an example or a group", names[i]);
        understood(names[i], page.example, NULL);
    }
    chr_arena_free(arena);
    chr_session_free(s);
}

static void every_example_of_a_transform_is_understood(void **state) {
    (void)state;
    for (int i = 0; i < chr_transforms_count; i++) {
        const chr_transform_info *info = &chr_transforms[i];
        if (!strstr(info->example, info->name))
            fail_msg("the example of %s does not use it", info->name);
        understood(info->name, info->example, NULL);
    }
}

/* Lines set in by four blanks. */
static void every_example_of_a_subject_is_understood(void **state) {
    (void)state;
    for (int i = 0; i < chr_topics_count; i++) {
        char *script = NULL;
        size_t size = 0;
        FILE *to = open_memstream(&script, &size);
        for (const char *p = chr_topics[i].text; *p;) {
            size_t len = strcspn(p, "\n");
            if (strncmp(p, "    ", 4) == 0)
                fprintf(to, "%.*s\n", (int)len - 4, p + 4);
            if (len > 78)
                fail_msg("a line of %s is too long: %.*s", chr_topics[i].name, (int)len, p);
            p += len + (p[len] == '\n');
        }
        fclose(to);
        understood(chr_topics[i].name, script, NULL);
        free(script);
    }
}

static bool is_explained(const chr_session *s, const char *word) {
    bool found = false;
    free(chr_answer_help(s, word, &found));
    return found;
}

/* Also the words that stand inside statements, and the contexts of the knobs. */
static void every_word_of_the_language_is_explained(void **state) {
    (void)state;
    chr_session *s = open_session();
    for (int i = 0; chr_inner_keyword(i); i++)
        if (!is_explained(s, chr_token_name(chr_inner_keyword(i))))
            fail_msg("help %s finds nothing", chr_token_name(chr_inner_keyword(i)));
    for (int i = 0; chr_patch_key(i); i++)
        if (!is_explained(s, chr_patch_key(i)))
            fail_msg("help %s finds nothing", chr_patch_key(i));
    for (int i = 0; i < chr_glossary_count; i++) {
        const chr_glossary_word *w = &chr_glossary[i];
        if (!is_explained(s, w->word) || (w->more[0] && !is_explained(s, w->more)))
            fail_msg("help %s leads to nothing", w->word);
        if (w->example[0])
            understood(w->word, w->example, NULL);
    }
    static const char *const others[] = {"patches", "exit", "bar", "Hz", "reverbs", "scale"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_true(is_explained(s, others[i]));
    assert_false(is_explained(s, "nonsense"));
    chr_session_free(s);
}

static void every_script_in_the_language_page_is_understood(void **state) {
    (void)state;
    char *page = read_whole("docs/language.md");
    assert_non_null(page);
    int blocks = 0;
    for (char *p = page; (p = strstr(p, "\n```\n")) != NULL;) {
        char *end = strstr(p + 5, "\n```\n");
        assert_non_null(end);
        end[1] = '\0';
        if (!strstr(p + 5, "error[")) {
            understood("docs/language.md", p + 5, NULL);
            blocks++;
        }
        p = end + 4;
    }
    assert_true(blocks >= 7);
    free(page);
}

static void the_message_in_the_language_page_is_the_one_that_is_shown(void **state) {
    (void)state;
    static const char script[] = "patch vco > lpf cutoff=40ms > out\n";
    char *page = read_whole("docs/language.md"), *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    chr_session *s = open_session();
    chr_candidate *c = chr_session_evaluate(s, script, sizeof script - 1, "acid.chr", "acid.chr");
    chr_diags_print(chr_candidate_diags(c), to, false, 0);
    fclose(to);
    if (!strstr(page, text))
        fail_msg("docs/language.md does not show:\n%s", text);
    chr_candidate_free(c);
    chr_session_free(s);
    free(text);
    free(page);
}

static const char *const these_run_as_they_stand[] = {
    "create kick freq=60 decay=0.5",
    "create hihat noise=white decay=0.05",
    "sequence kick: x...x...x...x...",
    "sequence hihat: ..x...x...x...x.",
    "play",
    "create bass osc=saw filter=lowpass cutoff=500",
    "melody bass: C2 C2 G2 Eb2",
    "play all",
    "add reverb to bass amount=0.3",
    "save patch \"deep_groove\"",
    "patch vco > filter > out",
    "generate_module reverb",
    "reload reverb",
    "patch vco > reverb > out",
};
enum { N_LINES = sizeof these_run_as_they_stand / sizeof these_run_as_they_stand[0] };

static void the_session_of_the_reference_runs_line_by_line(void **state) {
    (void)state;
    kit k;
    kit_open_real(&k, true);
    char *written = NULL;
    for (int i = 0; i < N_LINES; i++) {
        if (!kit_type(&k, these_run_as_they_stand[i]))
            fail_msg("%s\n%s", these_run_as_they_stand[i], k.said);
        if (strncmp(k.asked, "generate", 8) == 0) { /* the program writes it before the next line */
            written = strdup(k.answer);
            kit_put(&k, "module", "reverb", written);
        }
    }
    assert_non_null(written);
    free(written);
    kit_close(&k);
}

static void the_session_of_the_reference_runs_as_a_file(void **state) {
    (void)state;
    char text[1000] = "";
    for (int i = 0; i < N_LINES; i++) {
        strcat(text, these_run_as_they_stand[i]);
        strcat(text, "\n");
    }
    for (int allow = 0; allow < 2; allow++) {
        kit k;
        kit_open_real(&k, allow);
        if (!kit_run(&k, "deep.chr", text))
            fail_msg("%s", k.said);
        assert_string_equal(k.asked, allow ? "play\nplay\nsave deep_groove\ngenerate reverb\n"
                                           : "play\nplay\n");
        kit_close(&k);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_of_modules_is_the_one_that_is_printed),
        cmocka_unit_test(the_page_of_transforms_is_the_one_that_is_printed),
        cmocka_unit_test(every_example_of_a_transform_is_understood),
        cmocka_unit_test(the_page_of_errors_is_the_one_that_is_printed),
        cmocka_unit_test(the_json_for_editors_is_the_one_that_is_printed),
        cmocka_unit_test(every_example_of_a_statement_is_understood),
        cmocka_unit_test(every_statement_of_the_language_has_its_page),
        cmocka_unit_test(every_example_of_a_module_is_understood),
        cmocka_unit_test(every_example_of_a_subject_is_understood),
        cmocka_unit_test(every_word_of_the_language_is_explained),
        cmocka_unit_test(every_script_in_the_language_page_is_understood),
        cmocka_unit_test(the_message_in_the_language_page_is_the_one_that_is_shown),
        cmocka_unit_test(the_session_of_the_reference_runs_line_by_line),
        cmocka_unit_test(the_session_of_the_reference_runs_as_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
