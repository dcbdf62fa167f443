/* tests/unit/pattern_lines.c: each pattern that players are shown (in docs/language.md, in help, as
 * the example of a statement or transform, in the song of docs/tutorial.md) plays, note by note,
 * what pattern_lines.txt says of its first two rounds. Its format is that of
 * tests/support/rounds.h.
 *
 * `unit_pattern_lines --print` prints what it should say, to be read before it is kept.
 * SPDX-License-Identifier: MIT */
#include "dsp/registry.h"
#include "lang/answers_page.h"
#include "lang/stdlib.h"
#include "lang/transforms.h"
#include "tests/support/rounds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static FILE *printed; /* what there is, line by line */

static char *read_whole(const char *path) {
    char name[1024], *text = NULL;
    size_t size = 0;
    snprintf(name, sizeof name, "%s/%s", CHRONUS_SOURCE_DIR, path);
    FILE *from = fopen(name, "rb"), *to = open_memstream(&text, &size);
    for (int c; from != NULL && (c = fgetc(from)) != EOF;)
        fputc(c, to);
    if (from != NULL)
        fclose(from);
    fclose(to);
    return text;
}

/* The statement of a pattern, with the lines that belong to it; 0: there is none. */
static size_t pattern_length(const char *text) {
    if (strncmp(text, "sequence ", 9) != 0 && strncmp(text, "melody ", 7) != 0 &&
        strncmp(text, "values ", 7) != 0)
        return 0;
    size_t n = strcspn(text, "\n");
    while (text[n] == '\n' && text[n + 1] == ' ')
        n += 1 + strcspn(text + n + 1, "\n");
    const char *colon = memchr(text, ':', n), *from = strstr(text, " from ");
    if (from != NULL && from < text + n && (colon == NULL || from < colon))
        return n;
    return colon != NULL && strspn(colon + 1, " ") < n - (size_t)(colon + 1 - text) ? n : 0;
}

static void print_pattern(chr_session *s, const char *script, const char *at, size_t n) {
    size_t len = (size_t)(at - script) + n;
    chr_candidate *c = chr_session_evaluate(s, script, len, "lines.chr", "lines.chr");
    const chr_ir_pattern *p = last_pattern(chr_candidate_meaning(c));
    if (p == NULL) {
        chr_diags_print(chr_candidate_diags(c), stderr, false, 0);
        fail_msg("nothing is played by: %.*s", (int)n, at);
    }
    char *line = rounds_of(p, at[0] == 's', 0, 2), *parted = strstr(line, " / ");
    assert_non_null(parted);
    fprintf(printed, "%.*s\n    %.*s\n    %s\n", (int)n, at, (int)(parted - line), line,
            parted + 3);
    free(line);
    chr_candidate_free(c);
}

/* The patterns of one script. */
static void print_script(const char *script) {
    chr_session_options options = {
        .modules = {chr_registry_modules(), chr_registry_count()},
        .library = chr_stdlib,
        .n_library = chr_stdlib_count
    };
    chr_session *s = chr_session_new(&options);
    for (const char *at = script; *at != '\0'; at += strcspn(at, "\n"), at += *at == '\n') {
        size_t n = pattern_length(at);
        if (n > 0)
            print_pattern(s, script, at, n);
    }
    chr_session_free(s);
}

/* The scripts of a page stand in blocks that begin with this line. */
static void print_page(const char *path, const char *opening) {
    char *page = read_whole(path);
    size_t n = strlen(opening);
    fprintf(printed, "# %s\n", path);
    for (char *p = page; (p = strstr(p, opening)) != NULL;) {
        char *end = strstr(p + n, "\n```\n");
        assert_non_null(end);
        end[1] = '\0';
        print_script(p + n);
        p = end + 4;
    }
    free(page);
}

static void print_topic(const chr_topic *topic) {
    char *script = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&script, &size);
    for (const char *p = topic->text; *p != '\0'; p += strcspn(p, "\n"), p += *p == '\n')
        if (strncmp(p, "    ", 4) == 0)
            fprintf(to, "%.*s\n", (int)strcspn(p, "\n") - 4, p + 4);
    fclose(to);
    fprintf(printed, "# help %s\n", topic->name);
    print_script(script);
    free(script);
}

static char *print_all(void) {
    char *text = NULL;
    size_t size = 0;
    printed = open_memstream(&text, &size);
    print_page("docs/language.md", "\n```\n");
    for (int i = 0; i < chr_topics_count; i++)
        print_topic(&chr_topics[i]);
    fputs("# statements\n", printed);
    for (int i = 0; i < chr_statements_count; i++)
        if (chr_statements[i].available)
            print_script(chr_statements[i].example);
    fputs("# transforms\n", printed);
    for (int i = 0; i < chr_transforms_count; i++)
        print_script(chr_transforms[i].example);
    print_page("docs/tutorial.md", "\n```chr night_bus.chr\n");
    fclose(printed);
    return text;
}

static void each_pattern_plays_what_is_said_of_it(void **state) {
    (void)state;
    char *now = print_all(), *said = read_whole("tests/unit/pattern_lines.txt");
    int line = 1;
    for (size_t i = 0; now[i] != '\0' || said[i] != '\0'; i++) {
        if (now[i] != said[i]) {
            while (i > 0 && now[i - 1] != '\n')
                i--;
            fail_msg("tests/unit/pattern_lines.txt:%d: now it is\n%.*s", line,
                     (int)strcspn(now + i, "\n"), now + i);
        }
        line += now[i] == '\n';
    }
    free(now);
    free(said);
}

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "--print") == 0) {
        char *text = print_all();
        fputs(text, stdout);
        free(text);
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_pattern_plays_what_is_said_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
