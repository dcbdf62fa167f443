/* tests/unit/lexer.c: words, numbers, units, signs and strings, and what cannot stand in a script.
 * SPDX-License-Identifier: MIT */
#include "tests/unit/front.h"

/* The tokens of a text, without their places. */
static void has_tokens(const char *text, const char *tokens) {
    char *printed;
    size_t n;
    FILE *to = open_memstream(&printed, &n);
    assert_non_null(to);
    chr_source source = {"test.chr", text, strlen(text), 1};
    chr_tokens_print(&source, to);
    fclose(to);
    char found[1000] = "";
    size_t used = 0;
    for (char *line = strtok(printed, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        const char *words = strchr(line, ' ');
        assert_non_null(words);
        used +=
            (size_t)snprintf(found + used, sizeof found - used, "%s%s", used > 0 ? "," : "", words);
        assert_true(used < sizeof found);
    }
    assert_string_equal(found, tokens);
    free(printed);
}

static void number_is(const char *text, double number, chr_unit unit) {
    char line[100];
    snprintf(line, sizeof line, "let x = %s", text);
    front f = front_read(line);
    assert_int_equal(f.diags.n_errors, 0);
    const chr_ast *a = f.tree->child->child->child;
    assert_int_equal(a->kind, CHR_AST_NUMBER);
    assert_int_equal(a->unit, unit);
    assert_memory_equal(&a->number, &number, sizeof number);
    front_free(&f);
}

static void numbers_have_units_in_either_case(void **state) {
    (void)state;
    number_is("3", 3, CHR_UNIT_NONE);
    number_is("0.5", 0.5, CHR_UNIT_NONE);
    number_is(".5", 0.5, CHR_UNIT_NONE);
    number_is("1e3", 1000, CHR_UNIT_NONE);
    number_is("440Hz", 440, CHR_UNIT_HZ);
    number_is("440hz", 440, CHR_UNIT_HZ);
    number_is("2.5kHz", 2500, CHR_UNIT_HZ);
    number_is("2.5KHZ", 2500, CHR_UNIT_HZ);
    number_is("10ms", 0.01, CHR_UNIT_S);
    number_is("1.5S", 1.5, CHR_UNIT_S);
    number_is("6dB", 6, CHR_UNIT_DB);
    number_is("50%", 50, CHR_UNIT_PERCENT);
    number_is("7st", 7, CHR_UNIT_ST);
    number_is("12ct", 12, CHR_UNIT_CENT);
    number_is("120bpm", 120, CHR_UNIT_BPM);
    number_is("90deg", 90, CHR_UNIT_DEG);
    number_is("2k", 2000, CHR_UNIT_NONE);
    number_is("1/16", 0.0625, CHR_UNIT_WHOLES);
    number_is("2 beats", 2, CHR_UNIT_BEATS);
    number_is("1 beat", 1, CHR_UNIT_BEATS);
    number_is("8 bars", 8, CHR_UNIT_BARS);
    number_is("1/2 bar", 0.5, CHR_UNIT_BARS);
}

static void a_stroke_between_whole_numbers_is_a_fraction_where_a_value_begins(void **state) {
    (void)state;
    has_tokens("lfo 1/4", " NAME \"lfo\", FRACTION \"1/4\" 0.25 wholes, END");
    has_tokens("[1/4,3/8]",
               " [, FRACTION \"1/4\" 0.25 wholes, ,, FRACTION \"3/8\" 0.375 wholes, ], END");
    has_tokens("a=1/4", " NAME \"a\", =, FRACTION \"1/4\" 0.25 wholes, END");
    has_tokens("a*1/4", " NAME \"a\", tight*, NUMBER \"1\" 1, tight/, NUMBER \"4\" 4, END");
    has_tokens("1/4^2", " NUMBER \"1\" 1, tight/, NUMBER \"4\" 4, tight^, NUMBER \"2\" 2, END");
    has_tokens("1/4s", " NUMBER \"1\" 1, tight/, NUMBER \"4s\" 4 s, END");
    has_tokens("1 /4", " NUMBER \"1\" 1, /, NUMBER \"4\" 4, END");
}

static void the_first_octave_and_the_last_are_notes(void **state) {
    (void)state;
    has_tokens("C-1 B9", " NOTE \"C-1\" 0, NOTE \"B9\" 131, END");
    has_tokens(
        "A4 Bb2 F#3 E#4 Cb4",
        " NOTE \"A4\" 69, NOTE \"Bb2\" 46, NOTE \"F#3\" 54, NOTE \"E#4\" 65, NOTE \"Cb4\" 59, END");
    has_tokens("a4 H4 A10 Ab A4x",
               " NAME \"a4\", NAME \"H4\", NAME \"A10\", NAME \"Ab\", NAME \"A4x\", END");
    has_tokens("C-12", " NAME \"C\", tight-, NUMBER \"12\" 12, END");
}

static void blanks_tell_a_sign_from_an_operator(void **state) {
    (void)state;
    has_tokens("a -6", " NAME \"a\", sign \"-\", NUMBER \"6\" 6, END");
    has_tokens("a - 6", " NAME \"a\", -, NUMBER \"6\" 6, END");
    has_tokens("a-6", " NAME \"a\", tight-, NUMBER \"6\" 6, END");
    has_tokens("a=-6", " NAME \"a\", =, sign \"-\", NUMBER \"6\" 6, END");
    has_tokens("a*-6", " NAME \"a\", tight*, sign \"-\", NUMBER \"6\" 6, END");
    has_tokens("a> -6, +b",
               " NAME \"a\", >, sign \"-\", NUMBER \"6\" 6, ,, sign \"+\", NAME \"b\", END");
}

static void a_comment_needs_a_blank_or_a_line_before_it(void **state) {
    (void)state;
    has_tokens("play # not this\n# nor this\nhush", " NAME \"play\", END, NAME \"hush\", END");
    has_errors("patch saw#3", "E116");
}

static void dots_part_numbers_and_join_names(void **state) {
    (void)state;
    has_tokens("1..64", " NUMBER \"1\" 1, .., NUMBER \"64\" 64, END");
    has_tokens("20Hz..2kHz", " NUMBER \"20Hz\" 20 Hz, .., NUMBER \"2kHz\" 2000 Hz, END");
    has_tokens("bass.lpf.cutoff", " PATH \"bass.lpf.cutoff\", END");
    has_errors("tempo 1.2.3", "E110");
}

static void strings_know_four_escapes(void **state) {
    (void)state;
    front f = front_read("key \"a\\\"b\\\\c\\n\\td\"");
    assert_int_equal(f.diags.n_errors, 0);
    assert_string_equal(f.tree->child->child->text, "a\"b\\c\n\td");
    front_free(&f);
    has_errors("key \"a\\q\"", "E107");
    has_errors("key \"a\nplay", "E106");
    has_errors("key \"a\\", "E106");
}

static void numbers_out_of_range_are_errors(void **state) {
    (void)state;
    has_errors("tempo 1e16", "E109");
    has_errors("tempo 1e999", "E109");
    has_errors("tempo 1/0", "E111");
    has_errors("tempo 1e16/1", "E109");
    has_errors("sequence k: x*9999999999", "E129");
    char text[2000] = "tempo ";
    memset(text + 6, '9', 1500);
    has_errors(text, "E109");
}

static void hostile_bytes_are_errors_with_a_place(void **state) {
    (void)state;
    static const char nul[] = "play\0\nhush";
    front f = front_parse(nul, sizeof nul - 1);
    chr_diags_init(&f.diags, f.arena);
    f.tree = chr_parse(&f.source, f.arena, &f.diags);
    assert_non_null(f.tree);
    assert_int_equal(f.diags.n_errors, 1);
    assert_int_equal(f.diags.first->code, CHR_E102);
    assert_int_equal(f.diags.first->span.from, 4);
    front_free(&f);
    has_errors("play \xff\xfe", "E101");
    has_errors("play \xc0\xaf", "E101");         /* overlong */
    has_errors("play \xed\xa0\x80", "E101");     /* a surrogate */
    has_errors("play \xf4\x90\x80\x80", "E101"); /* beyond Unicode */
    has_errors("key \"\xe2\x82\"", "E101");      /* cut */
    has_errors("play # \xff", "E101");
    has_errors("key \"\x1b[2J\"", "E102");
    has_errors("play\rhush", "E102");
    has_errors("sequence k: x\x01", "E102");
    has_errors("melody k: 1 \xc2\x9b 2", "E102");
}

static void typographic_characters_name_the_plain_one(void **state) {
    (void)state;
    has_errors("key \xe2\x80\x9c"
               "C minor\xe2\x80\x9d",
               "E103");
    has_errors("let x = a \xe2\x80\x93 b", "E103");
    has_errors("play\xc2\xa0kick", "E103");
    has_errors("play kick;", "E104");
    reads_as("key \"\xe2\x80\x9c;\xc2\xa0\"", "(key (string \xe2\x80\x9c;\xc2\xa0))");
    reads_as("play # \xe2\x80\x9c;\xc2\xa0", "(play)");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_units_in_either_case),
        cmocka_unit_test(a_stroke_between_whole_numbers_is_a_fraction_where_a_value_begins),
        cmocka_unit_test(the_first_octave_and_the_last_are_notes),
        cmocka_unit_test(blanks_tell_a_sign_from_an_operator),
        cmocka_unit_test(a_comment_needs_a_blank_or_a_line_before_it),
        cmocka_unit_test(dots_part_numbers_and_join_names),
        cmocka_unit_test(strings_know_four_escapes),
        cmocka_unit_test(numbers_out_of_range_are_errors),
        cmocka_unit_test(hostile_bytes_are_errors_with_a_place),
        cmocka_unit_test(typographic_characters_name_the_plain_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
