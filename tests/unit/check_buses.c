/* tests/unit/check_buses.c: what enters a bus, and who is heard under mute and solo.
 * SPDX-License-Identifier: MIT */
#include "checking.h"

#define BUSES                                                                                      \
    "bus space: room > out\nbus drums: lpf 900 > out\n"                                            \
    "patch kick: tone 55 > drums\npatch hat: tone 880 > drums\npatch pad: tone 110 > out\n"        \
    "patch low: tone 55 > out\nsend pad to space 0.3\nsend low to space -20dB\n"

static void a_bus_takes_in_what_ends_in_it_and_what_is_sent(void **state) {
    (void)state;
    EXPECT(BUSES, "drums.in.kick: mul x2 labelled\n", "drums.in.all: mix of 2\n",
           "space.in.pad: mul x2 labelled\n", "  b = 0.3\n", "  b = 0.1\n",
           "space.in.all.right: mix of 2\n");
}

static void a_bus_of_one_is_that_one(void **state) {
    (void)state;
    EXPECT("patch a: tone 55 > b\nbus b: room > out", "a = #1.left #1.right\n",
           "b.room: room\n  < left #2[0]\n  < right #2[1]\n");
}

static void a_bus_without_anybody_takes_in_silence(void **state) {
    (void)state;
    EXPECT("bus b: lpf 900 > out", "b.lpf: lpf x2\n", "owner b: drones, out 0");
}

static void buses_lead_to_buses_and_are_read_by_name(void **state) {
    (void)state;
    EXPECT("bus a: lpf 900 > b\nbus b: room > out\npatch t: tone 55 > a\npatch u: a*0.5 > out\n"
           "send b to c 0.1\nbus c: lpf 90 > out",
           "b.in.a: mul", "c.in.b: mul", "a.in.t: mul", "u.mul: mul");
}

static void what_is_sent_may_move(void **state) {
    (void)state;
    EXPECT("bus b: room > out\npatch a: tone 55 > out\nsend a to b lfo(2)*0.5", "b.in.a.share.lfo",
           "b.in.a: mul x2");
}

static void a_label_is_nearer_than_a_bus(void **state) {
    (void)state;
    EXPECT("bus b: room > out\npatch a: tone 55 as b > lpf 900 > b", "owner a: drones\n",
           "b.room: room\n#");
}

static void a_circle_of_buses_needs_a_delay(void **state) {
    (void)state;
    expect_codes("bus a: in > b\nbus b: in > a\n", "E310");
    expect_codes("bus a: room > out\nsend a to a 0.5\n", "E310");
    EXPECT("bus a: in > echo 0.3 > b\nbus b: in > a\npatch t: tone 55 > a", "a.echo: echo");
    EXPECT("bus a: echo 0.3 > out\nsend a to a 0.5\n", "a.in.a: mul");
}

static void mistakes_with_buses_are_told(void **state) {
    (void)state;
    expect_codes("bus b: room > out\npatch a: tone 55 > out\nsend a to c", "E325");
    expect_codes("patch a: tone 55 > out\npatch b: tone 55 > out\nsend a to b", "E325");
    expect_codes("bus b: room > out\npatch a: tone 55 > b 0.3", "E326");
    expect_codes("bus b voices=3: room > out", "E327");
    expect_codes("bus b: lpf freq > out", "E328");
    expect_codes("bus b: room > out\npatch a: tone 55 > out\nsend a.tone to b", "E329");
    expect_codes("bus b: room > out\nsequence b: x...", "E314");
    expect_codes("bus b: room > out\npatch a: tone 55 > out\nsend a to b [0.1 0.2]", "E412");
    expect_codes("bus b: tone 55 > out", "W303");
    expect_codes("bus b: room", "W302");
}

/* ---- who is heard ---- */

/* Whether the level of an owner is on, and whether it has a way out. */
typedef struct heard {
    bool on, out;
} heard;

static heard hear(const checked *k, const char *name) {
    heard h = {true, false};
    for (uint32_t i = 0; i < k->ir->n_owners; i++)
        if (strcmp(k->ir->owners[i].name, name) == 0)
            h.out = k->ir->owners[i].n_outs > 0;
    for (uint32_t i = 0; i < k->ir->n_nodes; i++) {
        const chr_ir_node *n = &k->ir->nodes[i];
        if (strcmp(k->ir->owners[n->owner].name, name) == 0 && strcmp(n->label, "level") == 0)
            h.on = n->params[n->module->n_params - 1].value > 0.5f;
    }
    return h;
}

/* `all`: of each letter's patch: + on and out, - off, ~ on but without a way out. */
static void expect_heard(const char *text, const char *const *names, const char *all) {
    checked k = check_with(text, NULL);
    char said[32] = "";
    if (k.ir == NULL)
        fail_msg("%s\n%s", text, k.messages);
    for (int i = 0; names[i] != NULL; i++) {
        heard h = hear(&k, names[i]);
        said[i] = !h.on ? '-' : h.out ? '+' : '~';
    }
    if (strcmp(said, all) != 0)
        fail_msg("%s\nexpected %s, heard %s\n%s", text, all, said, k.printed);
    checked_free(&k);
}

static const char *const mixed[] = {"kick", "hat", "pad", "low", "drums", "space", NULL};

static void mute_silences_a_patch_or_a_bus(void **state) {
    (void)state;
    expect_heard(BUSES, mixed, "~~++++");
    expect_heard(BUSES "mute pad kick", mixed, "-~-+++");
    expect_heard(BUSES "mute drums", mixed, "~~++-+");
}

static void solo_keeps_the_buses_that_it_feeds(void **state) {
    (void)state;
    expect_heard(BUSES "solo kick", mixed, "~---+-");
    expect_heard(BUSES "solo pad", mixed, "--+--+");
    expect_heard(BUSES "solo kick pad", mixed, "~-+-++");
    expect_heard(BUSES "solo pad\nmute space", mixed, "--+---");
    expect_heard(BUSES "solo pad\nmute pad", mixed, "-----+");
}

static void a_soloed_bus_keeps_what_feeds_it(void **state) {
    (void)state;
    expect_heard(BUSES "solo drums", mixed, "~~--+-");
    expect_heard(BUSES "solo space", mixed, "--~~-+");
}

static void a_patch_that_is_not_heard_feeds_no_bus(void **state) {
    (void)state;
    static const char text[] = "bus b: room > out\npatch k: tone 55 > out\npatch p: tone 99 > "
                               "gain k > out\nsend k to b\nsend p to b\nsolo p";
    static const char *const names[] = {"k", "p", "b", NULL};
    expect_heard(text, names, "~++");
    EXPECT(text, "b.in.k: mul x2 labelled\n  a = #1.left #1.right\n#");
}

static void what_a_soloed_patch_needs_goes_on(void **state) {
    (void)state;
    static const char *const names[] = {"a", "b", "c", NULL};
    static const char text[] =
        "patch a: tone 55 > out\npatch b: tone 66\npatch c: a*0.5 + b > out\n";
    expect_heard(text, names, "+~+");
    expect_heard("patch a: tone 55 > out\npatch b: tone 66\npatch c: a*0.5 + b > out\nsolo c",
                 names, "~~+");
    expect_heard("patch a: tone 55 > out\npatch b: tone 66\npatch c: a*0.5 + b > out\nsolo a",
                 names, "+--");
    expect_heard("patch a: tone 55 > out\npatch b: tone 66\npatch c: a*0.5 + b > out\nsolo b",
                 names, "-~+");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bus_takes_in_what_ends_in_it_and_what_is_sent),
        cmocka_unit_test(a_bus_of_one_is_that_one),
        cmocka_unit_test(a_bus_without_anybody_takes_in_silence),
        cmocka_unit_test(buses_lead_to_buses_and_are_read_by_name),
        cmocka_unit_test(what_is_sent_may_move),
        cmocka_unit_test(a_label_is_nearer_than_a_bus),
        cmocka_unit_test(a_circle_of_buses_needs_a_delay),
        cmocka_unit_test(mistakes_with_buses_are_told),
        cmocka_unit_test(mute_silences_a_patch_or_a_bus),
        cmocka_unit_test(solo_keeps_the_buses_that_it_feeds),
        cmocka_unit_test(a_soloed_bus_keeps_what_feeds_it),
        cmocka_unit_test(a_patch_that_is_not_heard_feeds_no_bus),
        cmocka_unit_test(what_a_soloed_patch_needs_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
