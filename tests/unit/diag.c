/* tests/unit/diag.c: what a report looks like, places as people and editors count them, the nearest
 * word, the arena. SPDX-License-Identifier: MIT */
#include "tests/unit/front.h"

static char *print(const chr_diags *d, bool json, bool colour) {
    char *text;
    size_t n;
    FILE *to = open_memstream(&text, &n);
    assert_non_null(to);
    if (json)
        chr_diags_print_json(d, to, false);
    else
        chr_diags_print(d, to, colour, 0);
    fclose(to);
    return text;
}

/* One E105 at from..to of the text looks like this. */
static void looks_like(const char *text, uint32_t from, uint32_t to, const char *wanted) {
    chr_arena *arena = chr_arena_new(0);
    chr_diags d;
    chr_diags_init(&d, arena);
    chr_source source = {"a.chr", text, strlen(text), 1};
    chr_report(&d, CHR_E105, (chr_span){&source, from, to}, "x");
    char *printed = print(&d, false, false);
    assert_string_equal(printed, wanted);
    free(printed);
    chr_arena_free(arena);
}

static void the_place_is_underlined_by_code_points(void **state) {
    (void)state;
    looks_like("patch \xc3\xa4\xc3\xb6 x\n", 6, 10,
               "a.chr:1:7: error[E105]: `x` has no meaning here\n"
               "  1 | patch \xc3\xa4\xc3\xb6 x\n"
               "    |       ^^\n");
    looks_like("a\n\tb c\r\nd", 5, 6,
               "a.chr:2:4: error[E105]: `x` has no meaning here\n"
               "  2 |  b c\n"
               "    |    ^\n");
    looks_like("ab", 2, 2,
               "a.chr:1:3: error[E105]: `x` has no meaning here\n"
               "  1 | ab\n"
               "    |   ^\n");
    looks_like("ab\ncd", 1, 5,
               "a.chr:1:2: error[E105]: `x` has no meaning here\n"
               "  1 | ab\n"
               "    |  ^\n");
    looks_like("", 0, 0,
               "a.chr:1:1: error[E105]: `x` has no meaning here\n"
               "  1 | \n"
               "    | ^\n");
}

static void nothing_reaches_the_terminal_that_could_move_its_cursor(void **state) {
    (void)state;
    looks_like("a\x1b[2J\x07\xff\xe2\x80\xae z", 1, 2,
               "a.chr:1:2: error[E105]: `x` has no meaning here\n"
               "  1 | a\\x1b[2J\\x07\\xff\\u202e z\n"
               "    |  ^^^^\n");
    chr_arena *arena = chr_arena_new(0);
    chr_diags d;
    chr_diags_init(&d, arena);
    chr_source source = {"a\x1b.chr", "x", 1, 1};
    chr_report(&d, CHR_E105, (chr_span){&source, 0, 1}, "\x1b]0;\n\x7f\xc2\x9b");
    chr_suggest(&d, "%s", "\x1b\r");
    char *printed = print(&d, false, false);
    assert_string_equal(printed, "a\\x1b.chr:1:1: error[E105]: `\\x1b]0;\\x0a\\x7f\\u009b` has no "
                                 "meaning here\n  1 | x\n    | ^\n  "
                                 "\\x1b\\x0d\n");
    free(printed);
    printed = print(&d, true, false);
    for (const char *p = printed; *p != 0; p++)
        assert_true(*p == '\n' || ((unsigned char)*p >= 0x20 && *p != 0x7f));
    free(printed);
    chr_arena_free(arena);
}

static void a_long_line_is_cut_around_the_place(void **state) {
    (void)state;
    char text[5000];
    for (size_t i = 0; i < sizeof text - 1; i++)
        text[i] = (char)('a' + i % 26);
    text[sizeof text - 1] = 0;
    chr_arena *arena = chr_arena_new(0);
    chr_diags d;
    chr_diags_init(&d, arena);
    chr_source source = {"a.chr", text, sizeof text - 1, 1};
    chr_report(&d, CHR_E105, (chr_span){&source, 3000, 3003}, "x");
    char *printed = print(&d, false, false);
    char *line = strtok(printed, "\n");
    line = strtok(NULL, "\n");
    assert_true(strlen(line) < 200);
    char *underline = strtok(NULL, "\n");
    const char *place = line + (strchr(underline, '^') - underline) +
                        2; /* the ellipsis has two bytes more than columns */
    assert_int_equal(strncmp(place, text + 3000, 3), 0);
    free(printed);
    chr_arena_free(arena);
}

static void json_counts_bytes_code_points_and_utf16(void **state) {
    (void)state;
    static const char text[] = "play\nkey \"\xf0\x9f\x8e\xb5\xc3\xa9\" \xf0\x9f\x8e\xb5 x";
    chr_source source = {"dir/a \"b\".chr", text, sizeof text - 1, 3};
    chr_arena *arena = chr_arena_new(0);
    chr_diags d;
    chr_diags_init(&d, arena);
    chr_report(&d, CHR_E105, (chr_span){&source, 18, 22}, "\"\\");
    char *printed = print(&d, true, false);
    assert_string_equal(
        printed,
        "[\n  {\"code\": \"E105\", \"severity\": \"error\", \"message\": \"`\\\"\\\\` has no "
        "meaning here\",\n"
        "   \"suggestion\": null,\n"
        "   \"file\": \"dir/a \\\"b\\\".chr\", \"line\": 4, \"column\": 10, \"length\": 1,\n"
        "   \"byte\": 18, \"byte_end\": 22, \"utf16\": 10, \"utf16_end\": 12}\n]\n");
    free(printed);
    chr_arena_free(arena);
    chr_diags none;
    arena = chr_arena_new(0);
    chr_diags_init(&none, arena);
    printed = print(&none, true, false);
    assert_string_equal(printed, "[]\n");
    free(printed);
    chr_arena_free(arena);
}

static void reports_come_in_the_order_of_their_places(void **state) {
    (void)state;
    chr_source a = {"a.chr", "one\ntwo\n", 8, 1}, b = {"b.chr", "three", 5, 1},
               later = {"a.chr", "nine", 4, 9};
    chr_arena *arena = chr_arena_new(0);
    chr_diags d;
    chr_diags_init(&d, arena);
    chr_report(&d, CHR_E105, (chr_span){&later, 0, 1}, "4");
    chr_report(&d, CHR_E105, (chr_span){&a, 4, 5}, "3");
    chr_report(&d, CHR_E105, (chr_span){&b, 0, 1}, "5");
    chr_report(&d, CHR_E105, (chr_span){&a, 0, 1}, "1");
    chr_report(&d, CHR_E105, (chr_span){&a, 0, 1}, "2");
    chr_report(&d, CHR_E105, (chr_span){0}, "6");
    char *printed = print(&d, false, false);
    const char *at = printed;
    for (char c = '1'; c <= '6'; c++) {
        char word[] = {'`', c, '`', 0};
        at = strstr(at, word);
        assert_non_null(at);
    }
    assert_non_null(strstr(printed, "a.chr:9:1: "));
    assert_non_null(strstr(printed, "\nerror[E105]: `6`"));
    free(printed);
    chr_arena_free(arena);
}

static void beyond_a_thousand_reports_are_counted(void **state) {
    (void)state;
    chr_source a = {"a.chr", "one", 3, 1};
    chr_arena *arena = chr_arena_new(0);
    chr_diags d;
    chr_diags_init(&d, arena);
    for (int i = 0; i < 1234; i++)
        chr_report(&d, CHR_E105, (chr_span){&a, 0, 1}, "x");
    chr_suggest(&d, "to nobody");
    assert_int_equal(d.n_errors, 1234);
    char *printed = print(&d, false, false);
    assert_non_null(strstr(printed, "and 234 more\n"));
    assert_null(strstr(printed, "nobody"));
    free(printed);
    chr_arena_free(arena);
}

static void colours_end_where_they_began(void **state) {
    (void)state;
    chr_source a = {"a.chr", "one", 3, 1};
    chr_arena *arena = chr_arena_new(0);
    chr_diags d;
    chr_diags_init(&d, arena);
    chr_report(&d, CHR_E105, (chr_span){&a, 0, 1}, "x");
    char *printed = print(&d, false, true);
    int on = 0;
    for (const char *p = printed; *p != 0; p++) {
        if (*p == '\x1b')
            on = strncmp(p, "\x1b[0m", 4) != 0;
        assert_false(*p == '\n' && on);
    }
    free(printed);
    chr_arena_free(arena);
}

static void the_nearest_word_is_one_slip_away(void **state) {
    (void)state;
    static const char *const words[] = {"lpf", "hpf", "delay", "reverb", "compressor", "saw", "in"};
    static const struct {
        const char *typed, *near;
    } cases[] = {
        {"lfp",        "lpf"       },
        {"rverb",      "reverb"    },
        {"reevrb",     "reverb"    },
        {"dleay",      "delay"     },
        {"compresser", "compressor"},
        {"copmresor",  "compressor"},
        {"LPF",        "lpf"       },
        {"sax",        "saw"       },
        {"kick",       NULL        },
        {"",           NULL        },
        {"x",          NULL        },
        {"i",          "in"        },
        {"verb",       NULL        },
        {"delay",      "delay"     },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *near = chr_nearest(cases[i].typed, words, 7);
        if (cases[i].near == NULL)
            assert_null(near);
        else
            assert_string_equal(near, cases[i].near);
    }
    char huge[2000];
    memset(huge, 'a', sizeof huge - 1);
    huge[sizeof huge - 1] = 0;
    assert_null(chr_nearest(huge, words, 7));
}

static void every_code_says_what_it_is(void **state) {
    (void)state;
    for (int i = 0; i < CHR_CODE_COUNT; i++) {
        const char *name = chr_code_name((chr_code)i);
        assert_int_equal(strlen(name), 4);
        static const char letters[] = "EWN";
        assert_int_equal(letters[chr_code_severity((chr_code)i)], name[0]);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(name, chr_code_name((chr_code)j));
    }
}

static void an_arena_keeps_to_its_limit(void **state) {
    (void)state;
    chr_arena *a = chr_arena_new(1000);
    char *p = chr_arena_alloc(a, 500);
    assert_non_null(p);
    assert_int_equal((uintptr_t)p % 16, 0);
    for (int i = 0; i < 500; i++)
        assert_int_equal(p[i], 0);
    assert_string_equal(chr_arena_copy(a, "abc", 2), "ab");
    assert_string_equal(chr_arena_printf(a, "%d %s", 3, "x"), "3 x");
    assert_false(chr_arena_failed(a));
    assert_null(chr_arena_alloc(a, 500));
    assert_true(chr_arena_failed(a));
    assert_null(chr_arena_alloc(a, 1));
    assert_null(chr_arena_alloc(a, SIZE_MAX));
    chr_arena_free(a);
    chr_arena_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_place_is_underlined_by_code_points),
        cmocka_unit_test(nothing_reaches_the_terminal_that_could_move_its_cursor),
        cmocka_unit_test(a_long_line_is_cut_around_the_place),
        cmocka_unit_test(json_counts_bytes_code_points_and_utf16),
        cmocka_unit_test(reports_come_in_the_order_of_their_places),
        cmocka_unit_test(beyond_a_thousand_reports_are_counted),
        cmocka_unit_test(colours_end_where_they_began),
        cmocka_unit_test(the_nearest_word_is_one_slip_away),
        cmocka_unit_test(every_code_says_what_it_is),
        cmocka_unit_test(an_arena_keeps_to_its_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
