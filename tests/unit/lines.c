/* tests/unit/lines.c: lines that come one by one are evaluated when they are whole.
 * SPDX-License-Identifier: MIT */
#include "lang/lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Adds the lines of `text`, and compares the evaluations that come of it: each ends with `;`, in
 * it `/` stands for the end of a line; what is still open stands last, after `...`. */
static void becomes(const char *text, const char *expected) {
    chr_lines b = {0};
    char got[2000] = "";
    while (*text) {
        size_t n = strcspn(text, "\n");
        chr_lines_state state = chr_lines_add(&b, text, n);
        if (state == CHR_LINES_ENDED || state == CHR_LINES_WHOLE) {
            if (!chr_lines_are_blank(&b)) {
                strncat(got, b.text, b.len);
                strcat(got, ";");
            }
            chr_lines_clear(&b);
            assert_false(chr_lines_are_open(&b));
        }
        if (state != CHR_LINES_ENDED)
            text += n + (text[n] == '\n');
    }
    if (chr_lines_are_open(&b)) {
        strcat(got, "...");
        strncat(got, b.text ? b.text : "", b.len);
    }
    for (char *c = got; *c; c++)
        *c = *c == '\n' ? '/' : *c;
    assert_string_equal(got, expected);
    chr_lines_free(&b);
}

static void a_whole_line_is_an_evaluation(void **state) {
    (void)state;
    becomes("tempo 120\nplay\n", "tempo 120/;play/;");
    becomes("\n  \n\t\n", "");
    becomes("sequence kick: x...\n", "sequence kick: x.../;");
    becomes("# only a comment\n", "# only a comment/;");
}

static void an_open_bracket_or_a_trailing_arrow_goes_on(void **state) {
    (void)state;
    becomes("patch saw [220\n 221] >\nlpf 900 > out\nplay\n",
            "patch saw [220/ 221] >/lpf 900 > out/;play/;");
    becomes("patch saw (220\n\nplay\n", "patch saw (220//;play/;");
    becomes("patch saw (220\n", "...patch saw (220/");
    becomes("module dark {\n  saw freq\n\n", "module dark {/  saw freq//;");
}

static void a_colon_goes_on_while_lines_are_indented(void **state) {
    (void)state;
    becomes("patch lead:\n  saw 220 >\n  out\nplay\n", "patch lead:/  saw 220 >/  out/;play/;");
    becomes("patch lead:\n\tsaw 220\n\t> out\n\nplay\n", "patch lead:/\tsaw 220/\t> out//;play/;");
    becomes("patch lead:\n  saw 220 > out\n", "...patch lead:/  saw 220 > out/");
    becomes("patch a:\n saw > out\npatch b:\n saw > out\nplay\n",
            "patch a:/ saw > out/;patch b:/ saw > out/;play/;");
    becomes("sequence kick:\nplay\n", "sequence kick:/;play/;"); /* no block: it ends a pattern */
}

static void what_is_enclosed_is_one_evaluation(void **state) {
    (void)state;
    becomes(":{\ncreate kick\n\nplay\n:}\nstop\n", "create kick//play/;stop/;");
    becomes("  :{ create kick\nplay :} \nstop\n", " create kick/play /;stop/;");
    becomes(":{ play :}\n", " play /;");
    becomes(":{\n:}\n:{\r\nplay\r\n:}\r\n", "play\r/;");
    becomes(":{\nplay\n", "...play/");
    becomes(":{\n", "...");
    becomes("play :}\n", "play :}/;"); /* nothing was opened */
}

static void lines_that_come_in_one_piece_are_one_evaluation(void **state) {
    (void)state;
    chr_lines b = {0};
    static const char piece[] = "create kick\n\nplay";
    assert_int_equal(chr_lines_add(&b, piece, sizeof piece - 1), CHR_LINES_WHOLE);
    assert_memory_equal(b.text, "create kick\n\nplay\n", b.len);
    chr_lines_free(&b);
}

static void a_bracket_that_is_never_closed_ends_some_time(void **state) {
    (void)state;
    chr_lines b = {0};
    char *line = malloc(CHR_LINES_MAX / 4);
    assert_non_null(line);
    memset(line, '(', CHR_LINES_MAX / 4);
    int n = 0;
    while (chr_lines_add(&b, line, CHR_LINES_MAX / 4) == CHR_LINES_OPEN)
        n++;
    assert_int_equal(n, 3);
    free(line);
    chr_lines_free(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_line_is_an_evaluation),
        cmocka_unit_test(an_open_bracket_or_a_trailing_arrow_goes_on),
        cmocka_unit_test(a_colon_goes_on_while_lines_are_indented),
        cmocka_unit_test(what_is_enclosed_is_one_evaluation),
        cmocka_unit_test(lines_that_come_in_one_piece_are_one_evaluation),
        cmocka_unit_test(a_bracket_that_is_never_closed_ends_some_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
