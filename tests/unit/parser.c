/* tests/unit/parser.c: what sentences of the language mean, and how the parser goes on after a
 * mistake. SPDX-License-Identifier: MIT */
#include "tests/unit/front.h"

static void operators_that_touch_belong_to_the_argument(void **state) {
    (void)state;
    value_reads_as("saw freq*1.005", "(node saw (binary * (name freq) (number 1.005)))");
    value_reads_as(
        "saw 220 * 0.5 + saw 221",
        "(binary + 1 (binary * 1 (node saw (number 220)) (number 0.5)) (node saw (number 221)))");
    value_reads_as(
        "saw 2+3*4^2",
        "(node saw (binary + (number 2) (binary * (number 3) (binary ^ (number 4) (number 2)))))");
    value_reads_as("saw freq *2", "(binary * 1 (node saw (name freq)) (number 2))");
    value_reads_as("saw freq* 2", "(binary * 1 (node saw (name freq)) (number 2))");
}

static void blanks_make_no_difference_where_no_argument_is_touched(void **state) {
    (void)state;
    value_reads_as("kick*0.5 + bass",
                   "(binary + 1 (binary * (name kick) (number 0.5)) (name bass))");
    value_reads_as("a+b * c", "(binary + (name a) (binary * 1 (name b) (name c)))");
    value_reads_as("lpf cutoff=a+b * c",
                   "(node lpf (key cutoff (binary + (name a) (binary * 1 (name b) (name c)))))");
}

static void powers_group_from_the_right_and_bind_before_signs(void **state) {
    (void)state;
    value_reads_as("2^-1", "(binary ^ (number 2) (sign - (number 1)))");
    value_reads_as("-2^2", "(sign - (binary ^ (number 2) (number 2)))");
    value_reads_as("2^3^4", "(binary ^ (number 2) (binary ^ (number 3) (number 4)))");
    value_reads_as("8 - 4 - 2", "(binary - 1 (binary - 1 (number 8) (number 4)) (number 2))");
    value_reads_as("-a * b", "(binary * 1 (sign - (name a)) (name b))");
}

static void a_keyed_value_runs_to_the_next_key(void **state) {
    (void)state;
    reads_as("patch lpf cutoff=400 + 3 * a res=0.4 > out",
             "(patch (chain (node lpf (key cutoff (binary + 1 (number 400) (binary * 1 (number 3) "
             "(name a)))) (key res (number "
             "0.4))) (name out)))");
}

static void a_sign_after_a_blank_is_part_of_the_number(void **state) {
    (void)state;
    value_reads_as("gain -6dB", "(node gain (sign - (number 6)))");
    value_reads_as("a - 6", "(binary - 1 (name a) (number 6))");
    value_reads_as("a-6", "(binary - (name a) (number 6))");
    value_reads_as(
        "[1 -2 - 3, -4]",
        "(list (number 1) (binary - 1 (sign - (number 2)) (number 3)) (sign - (number 4)))");
    has_errors("let x = 3 -6", "E206");
}

static void a_parenthesis_that_touches_a_name_is_a_call(void **state) {
    (void)state;
    value_reads_as("f(x)", "(call f (chain (name x)))");
    value_reads_as("f (x)", "(node f (chain (name x)))");
    value_reads_as(
        "f(a > b, c=2, -1)",
        "(call f (chain (name a) (name b)) (key c (number 2)) (chain (sign - (number 1))))");
}

static void a_keyword_wins_where_it_can_stand_and_is_a_name_elsewhere(void **state) {
    (void)state;
    reads_as("patch play: saw > out", "(patch play (chain (name saw) (name out)))");
    reads_as("mute to", "(mute (target to))");
    reads_as("sequence kick swing=58% bars=4: x",
             "(sequence (target kick) (key swing (number 58)) (key bars (number 4)) (pattern "
             "(steps (step x))))");
    reads_as("patch delay 0.3 as tap > out",
             "(patch (chain (as tap (node delay (number 0.3))) (name out)))");
    reads_as("let at = from > to", "(let at (chain (name from) (name to)))");
    reads_as("add reverb 0.3 to bass", "(add (node reverb (number 0.3)) (name bass))");
    reads_as("help play", "(help play)");
    reads_as("arrange bar*2 at", "(arrange (name bar 2) (name at 1))");
}

static void a_path_is_set_like_a_key(void **state) {
    (void)state;
    reads_as("bass.cutoff = 800", "(set (target bass) (key cutoff (number 800)))");
    reads_as("bass.lpf.cutoff = 800 over 2 bars",
             "(set (target bass) (key lpf.cutoff (number 800)) (over (number 2)))");
}

static void a_statement_goes_on_where_something_is_missing(void **state) {
    (void)state;
    const char *wanted = "(patch a (chain (name saw) (name out)))";
    reads_as("patch a: saw >\n out", wanted);
    reads_as("patch a: saw\n  > out", wanted);
    reads_as("patch a: saw\n> out", wanted);
    reads_as("patch a:\n  saw\n  > out", wanted);
    reads_as("patch a: saw\n  # > lpf 900\n  > out", wanted);
    reads_as("patch a: (saw\n) > out", "(patch a (chain (chain (name saw)) (name out)))");
    reads_as("let x =\n3", "(let x (chain (number 3)))");
    reads_as("patch a: saw > out\r\nplay\r\n", "(patch a (chain (name saw) (name out))) (play)");
    reads_as("\xef\xbb\xbfplay", "(play)");
}

static void a_statement_ends_where_it_must(void **state) {
    (void)state;
    reads_as("patch a:\n  saw\nplay", "(patch a (chain (name saw))) (play)");
    has_errors("patch a: saw >\n\nplay", "E213");
    has_errors("patch a: (saw\nplay", "E131");
    has_errors("patch a: (saw\n\nplay", "E131");
    has_errors("patch a:\nsaw", "E204 E201");
    reads_as("sequence kick:\nplay", "(sequence (target kick)) (play)");
}

static void each_line_of_a_block_is_a_statement(void **state) {
    (void)state;
    reads_as("at bar 9: {\n  mute kick\n\n  # nothing\n  play }",
             "(when at (position 9) (mute (target kick)) (play))");
    reads_as("every 2 bars: next bar: at bar 3: stop",
             "(when every (number 2) (when next-bar (when at (position 3) (stop))))");
    reads_as("in 4 bars: { hush }", "(when in (number 4) (hush))");
}

static void a_module_holds_its_items_in_order(void **state) {
    (void)state;
    reads_as("module m(a, b=2) \"doc\" {\n  param x = 1 in 0..2 log \"x\"\n  param y = a in a|b\n  "
             "let z = x\n  z }",
             "(module m (formal a) (formal b (number 2)) (string doc) (param x (number 1) (range "
             "(number 0) (number 2)) (name log) "
             "(string x)) (param y (name a) (choices (name a) (name b))) (let z (chain (name x))) "
             "(chain (name z)))");
    has_errors("module m { let x = 3 }", "E217");
    has_errors("module m {\n  saw\n  lpf\n}", "E218");
    has_errors("module m {\n  play\n  lpf\n}", "E219");
}

static void pattern_text_has_rules_of_its_own(void **state) {
    (void)state;
    reads_as("sequence k: x | X3",
             "(sequence (target k) (pattern (steps (step x) (step X) (step 3))))");
    reads_as("sequence k: x?3",
             "(sequence (target k) (pattern (steps (step x (mod ? -1)) (step 3))))");
    reads_as("sequence k: x*3 4",
             "(sequence (target k) (pattern (steps (step x (mod * 3)) (step 4))))");
    reads_as("sequence k: x@1.5",
             "(sequence (target k) (pattern (steps (step x (mod @ 1)) (step .) (step 5))))");
    reads_as("melody k: C2@1.5", "(melody (target k) (pattern (steps (step C2 (mod @ 1.5)))))");
    reads_as("melody k: 1 #4 #note", "(melody (target k) (pattern (steps (step 1) (step #4))))");
    reads_as("melody k: <1 2> > rev", "(melody (target k) (pattern (steps (turns (steps (step 1) "
                                      "(step 2)))) (chain (name rev))))");
    reads_as(
        "sequence k: (x|.) [x,x]",
        "(sequence (target k) (pattern (steps (choice (steps (step x)) (steps (step .))) (divided "
        "(steps (step x)) (steps (step x))))))");
    reads_as("sequence k: x(3,8) (x)", "(sequence (target k) (pattern (steps (step x (mod ( "
                                       "(number 3) (number 8))) (choice (steps "
                                       "(step x))))))");
    reads_as(
        "melody k: 1{a=2 b=3 + 4}",
        "(melody (target k) (pattern (steps (step 1 (mod { (key a (number 2)) (key b (binary + 1 "
        "(number 3) (number 4))))))))");
    reads_as("at bar 3: { sequence k: x }",
             "(when at (position 3) (sequence (target k) (pattern (steps (step x)))))");
}

static void one_mistake_is_one_error(void **state) {
    (void)state;
    has_errors("pach vco > out\nplay", "E201");
    has_errors("patch saw(220) lpf 900) > out", "E132");
    has_errors("module m 3 {\n  param x 3\n  play\n}\nplay", "E203");
    has_errors("module m {\n  param x 3\n  let y 2\n  saw\n}\nplay x:", "E203 E203 E203");
    has_errors("at bar 1: {\nmute kick\n}\nplay", "E131");
    has_errors("patch \xe2\x80\x9clead\xe2\x80\x9d 3 4 > 5 5 out(", "E103 E131");
    has_errors("mute kick; mute bass; play", "E104");
    has_errors("patch (saw > ) > out\npatch saw > > out\nmute", "E213 E213 E204");
}

static void every_error_is_reported_at_once(void **state) {
    (void)state;
    has_errors("remove\nsave \"x\"\nplay\nsequence kick x...\nlet C4 = 3\n", "E204 E203 E212 E211");
}

static void a_bad_statement_bears_the_name_it_was_about(void **state) {
    (void)state;
    static const struct {
        const char *text, *name;
    } cases[] = {
        {"patch lead: saw > >",    "lead"     },
        {"patch lead > >",         ""         },
        {"sequence kick/fill: [x", "kick/fill"},
        {"melody bass: $ 1",       "bass"     },
        {"let x = ",               "x"        },
        {"fn f(x = 3",             "f"        },
        {"module soft { param }",  "soft"     },
        {"module soft { let y }",  "soft"     },
        {"at bar 3: let x = ",     "x"        },
        {"create kick freq 3",     "kick"     },
        {"bus space reverb",       "space"    },
        {"play 3",                 ""         },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        front f = front_read(cases[i].text);
        assert_true(f.diags.n_errors > 0);
        assert_non_null(f.tree->child);
        assert_int_equal(f.tree->child->kind, CHR_AST_BAD);
        assert_string_equal(f.tree->child->text, cases[i].name);
        front_free(&f);
    }
}

static void spans_cover_what_was_written(void **state) {
    (void)state;
    front f = front_read("patch a: saw 220 > lpf 900 # c\nplay  \n");
    const chr_ast *patch = f.tree->child, *chain = patch->child;
    assert_int_equal(patch->span.from, 0);
    assert_int_equal(patch->span.to, 26);
    assert_int_equal(chain->span.from, 9);
    assert_int_equal(chain->span.to, 26);
    assert_int_equal(chain->child->span.to, 16);
    assert_int_equal(patch->next->span.from, 31);
    assert_int_equal(patch->next->span.to, 35);
    front_free(&f);
}

static void nesting_is_bounded_by_an_error(void **state) {
    (void)state;
    char *text = malloc(30000);
    assert_non_null(text);
    for (int deep = 190; deep <= 10000; deep += 9810) {
        size_t n = 8;
        memcpy(text, "let x = ", n);
        memset(text + n, '(', (size_t)deep);
        text[n + (size_t)deep] = '1';
        memset(text + n + deep + 1, ')', (size_t)deep);
        text[n + 2 * (size_t)deep + 1] = 0;
        has_errors(text, deep < CHR_NESTING_MAX ? "" : "E114");
    }
    strcpy(text, "let x = 1");
    for (int i = 0; i < 1500; i++)
        strcat(text, "^2");
    has_errors(text, "E220");
    strcpy(text, "");
    for (int i = 0; i < 1500; i++)
        strcat(text, "now: ");
    has_errors(strcat(text, "play"), "E220");
    free(text);
}

static void a_prompt_knows_when_to_ask_for_another_line(void **state) {
    (void)state;
    static const char *const whole[] = {
        "play", "patch saw > out\n", "sequence kick:", "patch (saw >\n\n",       "at bar 9: play",
        "",     "module m { x }",    "key \"C minor",  "patch a: saw\n# > lpf\n"};
    static const char *const more[] = {
        "patch saw >", "patch (saw",       "at bar 9: {\n mute kick\n\n", "let x =",   "patch a:",
        "let x = 3 +", "sequence k: [x\n", "patch saw > # out",           "module m {"};
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
        assert_true(chr_source_is_complete(whole[i], strlen(whole[i])));
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++)
        assert_false(chr_source_is_complete(more[i], strlen(more[i])));
}

static void memory_that_is_out_gives_no_tree(void **state) {
    (void)state;
    static const char text[] = "patch lead voices=8: saw [220 221] * 2 > lpf cutoff=3 > "
                               "out\nsequence k: x(3,8) [x x]\nplay [\n";
    int n_trees = 0;
    for (size_t limit = 16; limit < 8000; limit += 16) {
        chr_arena *small = chr_arena_new(limit), *large = chr_arena_new(0);
        chr_diags diags;
        chr_diags_init(&diags, large);
        chr_source source = {"test.chr", text, sizeof text - 1, 1};
        n_trees += chr_parse(&source, small, &diags) != NULL;
        chr_arena_free(small);
        chr_arena_free(large);
    }
    assert_in_range(n_trees, 1, 450);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_that_touch_belong_to_the_argument),
        cmocka_unit_test(blanks_make_no_difference_where_no_argument_is_touched),
        cmocka_unit_test(powers_group_from_the_right_and_bind_before_signs),
        cmocka_unit_test(a_keyed_value_runs_to_the_next_key),
        cmocka_unit_test(a_sign_after_a_blank_is_part_of_the_number),
        cmocka_unit_test(a_parenthesis_that_touches_a_name_is_a_call),
        cmocka_unit_test(a_keyword_wins_where_it_can_stand_and_is_a_name_elsewhere),
        cmocka_unit_test(a_path_is_set_like_a_key),
        cmocka_unit_test(a_statement_goes_on_where_something_is_missing),
        cmocka_unit_test(a_statement_ends_where_it_must),
        cmocka_unit_test(each_line_of_a_block_is_a_statement),
        cmocka_unit_test(a_module_holds_its_items_in_order),
        cmocka_unit_test(pattern_text_has_rules_of_its_own),
        cmocka_unit_test(one_mistake_is_one_error),
        cmocka_unit_test(every_error_is_reported_at_once),
        cmocka_unit_test(a_bad_statement_bears_the_name_it_was_about),
        cmocka_unit_test(spans_cover_what_was_written),
        cmocka_unit_test(nesting_is_bounded_by_an_error),
        cmocka_unit_test(a_prompt_knows_when_to_ask_for_another_line),
        cmocka_unit_test(memory_that_is_out_gives_no_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
