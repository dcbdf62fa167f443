/* tests/unit/wrap.c: long lines are broken between words, and nothing is lost.
 * SPDX-License-Identifier: MIT */
#include "runtime/wrap.h"

#include "lang/answers_learn.h"
#include "lang/answers_page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *wrapped(const char *text, int columns) {
    char *out = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&out, &size);
    assert_non_null(to);
    chr_wrap(text, columns, to);
    assert_int_equal(fclose(to), 0);
    return out;
}

static void becomes(const char *text, int columns, const char *expected) {
    char *out = wrapped(text, columns);
    assert_string_equal(out, expected);
    free(out);
}

static void words_stay_whole(void **state) {
    (void)state;
    becomes("What fits stays.", 16, "What fits stays.\n");
    becomes("What fits stays.", 15, "What fits\nstays.\n");
    becomes("one two", 3, "one\n  two\n");
    becomes("indivisible", 5, "indivisible\n");
    becomes("\n\nx\n", 5, "\n\nx\n");
    becomes("any line of a pipe is as long as it is", 0,
            "any line of a pipe is as long as it is\n");
    becomes("vier \xc3\xbc\xc3\xb6\xc3\xa4\xc3\x9f.", 10,
            "vier \xc3\xbc\xc3\xb6\xc3\xa4\xc3\x9f.\n");
    becomes("\x1b[1mbold\x1b[0m text.", 10, "\x1b[1mbold\x1b[0m text.\n");
}

static void a_line_goes_on_below_what_it_belongs_to(void **state) {
    (void)state;
    becomes("  - it is muted: unmute it", 16, "  - it is muted:\n    unmute it\n");
    becomes("  kick         create kick freq=50", 31,
            "  kick         create kick\n"
            "               freq=50\n");
    becomes("lpf: A low-pass filter.", 14, "lpf: A\n  low-pass\n  filter.\n");
    becomes("    patch saw 110 > lpf 800 > out", 26, "    patch saw 110 > lpf\n      800 > out\n");
    becomes("  osc  saw|square|pulse|triangle", 20,
            "  osc  saw|square|\n       pulse|\n"
            "       triangle\n");
    becomes("                        far to the right", 24, "        far to the right\n");
}

static void prose_is_never_too_wide_to_be_read(void **state) {
    (void)state;
    char prose[300] = "", code[300] = "";
    for (int i = 0; i < 40; i++) {
        strcat(prose, i ? " words" : "Words");
        strcat(code, i ? " > lpf" : "saw");
    }
    strcat(prose, ".");
    char *out = wrapped(prose, 400);
    assert_int_equal(strcspn(out, "\n"), 95);
    free(out);
    out = wrapped(code, 400);
    assert_int_equal(strcspn(out, "\n"), strlen(code));
    free(out);
}

static void drawings_are_left_alone(void **state) {
    (void)state;
    becomes("  0.2 \xe2\xa0\x80 \xe2\xa3\x80 \xe2\xa0\x80", 5,
            "  0.2 \xe2\xa0\x80 \xe2\xa3\x80 \xe2\xa0\x80\n");
    becomes("  1 | patch saw 110", 8, "  1 | patch saw 110\n");
    becomes("    |       ^^^", 8, "    |       ^^^\n");
}

/* Whatever the width: no line is too long that could have been broken, and all words are there. */
static void check_width(const char *text, int columns) {
    char *out = wrapped(text, columns);
    const char *a = text, *b = out;
    for (;;) {
        a += strspn(a, " \n");
        b += strspn(b, " \n");
        if (!*a && !*b)
            break;
        if (*a++ != *b++)
            fail_msg("at %d columns of\n%s\nbecame\n%s", columns, text, out);
    }
    for (const char *line = out; *line;) {
        size_t len = strcspn(line, "\n"), n = 0, first = strspn(line, " ");
        for (size_t i = 0; i < len; i++)
            n += (line[i] & 0xc0) != 0x80;
        if (n > (size_t)columns && memchr(line + first, ' ', len - first))
            fail_msg("%d columns: %.*s", columns, (int)len, line);
        line += len + (line[len] == '\n');
    }
    free(out);
}

static void every_text_of_ours_fits_every_terminal(void **state) {
    (void)state;
    for (int columns = 20; columns < 100; columns += 7) {
        for (int i = 0; i < chr_topics_count; i++)
            check_width(chr_topics[i].text, columns);
        for (int i = 0; i < chr_lessons_count; i++)
            check_width(chr_lessons[i].text, columns);
        for (int i = 0; i < chr_statements_count; i++)
            check_width(chr_statements[i].doc, columns);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_stay_whole),
        cmocka_unit_test(a_line_goes_on_below_what_it_belongs_to),
        cmocka_unit_test(prose_is_never_too_wide_to_be_read),
        cmocka_unit_test(drawings_are_left_alone),
        cmocka_unit_test(every_text_of_ours_fits_every_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
