/* tests/unit/check_feedback.c: the order of nodes, cycles, and limits that a stranger's script
 * meets. SPDX-License-Identifier: MIT */
#include "checking.h"

#include <time.h>

static bool is_late(const chr_module *m, int input) {
    return m->emit != NULL && input == 0;
}

static void reads_only_what_is_before(const chr_ir *ir, uint32_t i, const chr_strand *s,
                                      bool late) {
    if (s->kind != CHR_STRAND_NODE)
        return;
    const chr_ir_node *n = &ir->nodes[i], *other = &ir->nodes[s->node];
    assert_true(s->node < ir->n_nodes);
    assert_true(s->port < other->module->n_outputs);
    assert_true(s->index < other->n_instances);
    if (s->node >= i) {
        assert_true(late);
        assert_true(n->cycle != 0 && n->cycle == other->cycle);
    }
}

/* What ir.h promises to the builder of graphs. */
static void the_order_holds(const chr_ir *ir) {
    uint32_t seen[64] = {0};
    for (uint32_t i = 0; i < ir->n_nodes; i++) {
        const chr_ir_node *n = &ir->nodes[i];
        for (int k = 0; k < n->module->n_inputs; k++)
            for (uint32_t j = 0; j < n->n_sources; j++)
                reads_only_what_is_before(ir, i, &n->inputs[(uint32_t)k * n->n_sources + j],
                                          is_late(n->module, k));
        for (uint32_t j = 0; j < (uint32_t)n->module->n_params * n->n_instances; j++)
            reads_only_what_is_before(ir, i, &n->params[j], false);
        assert_true(n->cycle < 64);
        if (n->cycle != 0 && (i == 0 || ir->nodes[i - 1].cycle != n->cycle))
            assert_int_equal(seen[n->cycle]++, 0); /* contiguous */
        for (uint32_t j = 0; j < i; j++)
            if (n->owner == ir->nodes[j].owner)
                assert_string_not_equal(n->label, ir->nodes[j].label);
    }
}

static void nodes_follow_what_they_read(void **state) {
    (void)state;
    static const char *const texts[] = {
        "patch tone 110 > (in + tap*0.5) > echo 0.3 as tap > lpf 900 > out",
        "patch a: tone 110 + b*0.3 > echo 0.1 > out\npatch b: a*0.5 > lpf 300 > echo 0.1 > out",
        "patch a: b*0.3 + c > out\npatch b: c*0.5 > lpf lfo(2)*100+300 > out\npatch c: tone 110 > "
        "out",
        ("module pole(x, a=0.1) {\n  let y = x*a + prev(y)*(1-a)\n  y\n}\n"
         "patch p voices=3: tone [freq freq*2] > pole > pole a=0.2 > env > spread > room > out"),
        "patch tone 110 > (in + x*0.2 + y*0.3) > echo 0.1 as x > lpf 900 > echo 0.2 as y > out",
        "module m(x) {\n  let y = x + prev(z)\n  let z = y*0.5 + prev(y)\n  z\n}\npatch tone 110 > "
        "m > m > out",
        "patch (tone 110 + t*0.5 > echo 0.1 as t) + (tone 220 + u*0.5 > echo 0.1 as u) > out",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        checked k = check_with(texts[i], NULL);
        if (k.ir == NULL)
            fail_msg("%s\n%s", texts[i], k.messages);
        the_order_holds(k.ir);
        checked_free(&k);
    }
}

static void a_cycle_without_delay_is_named(void **state) {
    (void)state;
    checked k =
        check_with("patch tone 110 > (in + back*0.5) > lpf 900 > gain 0.5 as back > out", NULL);
    assert_null(k.ir);
    assert_non_null(strstr(k.messages, "lpf > back > lpf"));
    checked_free(&k);
    k = check_with("patch a: b > lpf 300 > out\npatch b: a > lpf 300 > out", NULL);
    assert_non_null(strstr(k.messages, "a.lpf > b.lpf"));
    checked_free(&k);
    /* only the sound passes through a delay, not its time */
    expect_codes("patch tone 110 > echo time=back*0.1 as back > out", "E310");
    expect_codes("module m { let y = y\n y }\npatch m > out", "E320");
}

static char *repeated(const char *first, const char *each, int n, const char *last) {
    char *text;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    assert_non_null(to);
    fputs(first, to);
    for (int i = 1; i <= n; i++) {
        for (const char *s = each; *s != 0; s++) {
            if (*s == '@')
                fprintf(to, "%d", i);
            else if (*s == '$')
                fprintf(to, "%d", i - 1);
            else
                fputc(*s, to);
        }
    }
    fputs(last, to);
    fclose(to);
    return text;
}

static void bombs_are_defused_in_time(void **state) {
    (void)state;
    struct bomb {
        char *text;
        const char *code;
    } bombs[] = {
        {repeated("fn f0(x) = x + 1\n",                                             "fn f@(x) = f$(f$(x))\n",     40,
         "patch tone 110 > f40 > out\n"),
         "E503"                                                                                                                                                              },
        {repeated("fn f0(x) = x + 1\n",                                             "fn f@(x) = f$(x) + f$(x)\n", 40,
         "patch tone f40(1) > out\n"),
         "E506"                                                                                                                                                              },
        {repeated("module m0 { lpf 900 }\n",                                        "module m@ { m$ > m$ }\n",    40,
         "patch tone 110 > m40 > out\n"),
         "E503"                                                                                                                                                              },
        {repeated("module m0 { lpf 900 }\n",                                        "module m@ { m$ }\n",         80,
         "patch tone 110 > m80 > out\n"),
         "E507"                                                                                                                                                              },
        {repeated("patch tone [for i in 1..1e9: i] > out\n",                        "",                           0,    ""),                                           "E502"},
        {repeated("patch tone [for i in 1..4000: [for j in 1..4000: i*j]] > out\n", "",                           0,    ""),
         "E506"                                                                                                                                                              },
        {repeated("patch p voices=1e6: tone > out\n",                               "",                           0,    ""),                                           "E501"},
        {repeated("patch p voices=256: tone [for i in 1..4000: freq*i] > out\n",    "",                           0,    ""),
         "E504"                                                                                                                                                              },
        {repeated("patch tone 110 > echo 1e6s > out\n",                             "",                           0,    ""),                                           "E505"},
        {repeated("patch p voices=256: tone > echo 9s > out\n",                     "",                           0,    ""),                                           "E505"},
        {repeated("create drum\nsequence drum: x*1000000000\n",                     "",                           0,    ""),                                           "E508"},
        {repeated("create drum\nsequence drum: x(1000000000,1000000000)\n",         "",                           0,    ""),                                           "E508"},
        {repeated("create drum\nsequence drum: .!1000000000\n",                     "",                           0,    ""),                                           "E508"},
        {repeated("create drum\nsequence drum: [x*400 x*400]*400\n",                "",                           0,    ""),                                           "E521"},
        {repeated("module m {\n",                                                   "  let v$ = v@ * 0.5\n",      500,  "  let v500 = 3\n  tone v0\n}\n"),
         "E510"                                                                                                                                                              },
        {repeated("",                                                               "let v$ = v@ * 0.5\n",        5000, "let v5000 = 3\npatch tone v0 + 100 > out\n"),
         "W402"                                                                                                                                                              },
        {repeated("",                                                               "patch p$: p@ * 0.5 > out\n", 2000, "patch p2000: tone 110 > out\n"),              NULL  },
    };
    for (size_t i = 0; i < sizeof bombs / sizeof bombs[0]; i++) {
        struct timespec start, end;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
        checked k = check_with(bombs[i].text, NULL);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
        double seconds =
            (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) * 1e-9;
        bool said = bombs[i].code == NULL;
        for (const chr_diag *d = k.diags.first; d != NULL; d = d->next)
            said = said || strcmp(chr_code_name(d->code), bombs[i].code) == 0;
        if (!said)
            fail_msg("no %s from %.200s\n%s", bombs[i].code, bombs[i].text, k.messages);
        assert_true(seconds < 5.0); /* sanitizers included; a plain build needs a tenth of it */
        checked_free(&k);
        free(bombs[i].text);
    }
}

static void a_long_script_takes_no_longer_than_it_must(void **state) {
    (void)state;
    char *text = repeated(
        "",
        "patch p@: tone 110 > lpf cutoff=400+lfo(0.2)*300 > pan 0.3 > out\nset p@ res=0.4\n"
        "sequence p@: x...x..[xx] x.x.x...\nmelody p@/m: C2 Eb2 [G2 Bb2] Cm7 _ . F2 G2\n",
        500, "");
    clock_t start = clock();
    checked k = check_with(text, NULL);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    assert_non_null(k.ir);
    assert_int_equal(k.ir->n_patterns, 1000);
    assert_true(strlen(text) > 80000);
    assert_true(seconds < 2.0); /* with sanitizers; tests/bench has the figure */
    checked_free(&k);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_follow_what_they_read),
        cmocka_unit_test(a_cycle_without_delay_is_named),
        cmocka_unit_test(bombs_are_defused_in_time),
        cmocka_unit_test(a_long_script_takes_no_longer_than_it_must),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
