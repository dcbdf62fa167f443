/* tests/unit/why.c: `why` names each cause of silence, and what to do; done, it is gone.
 * SPDX-License-Identifier: MIT */
#include "runtime/player.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RATE_HZ = 48000, BLOCK = 480 };

static chr_player *player;
static char said[8192];

static void on_answer(void *context, const char *text) {
    (void)context;
    snprintf(said, sizeof said, "%s", text);
}

static int open_player(void **state) {
    (void)state;
    chr_player_options options = {
        .engine = {.rate_hz = RATE_HZ, .n_channels = 2, .stems = true, .ceiling = true},
        .listener = {.answer = on_answer    },
    };
    player = chr_player_new(&options);
    return player ? 0 : 1;
}

static int close_player(void **state) {
    (void)state;
    chr_player_free(player);
    return 0;
}

static void wait(double seconds) {
    static float out[BLOCK * 2];
    for (int n = (int)(seconds * RATE_HZ / BLOCK); n > 0; n--) {
        chr_player_tend(player);
        chr_engine_render(chr_player_engine(player), out, BLOCK);
    }
    chr_player_tend(player);
}

static void say(const char *text) {
    chr_evaluation e = chr_player_evaluate(player, text, strlen(text), "test", NULL);
    if (e.n_errors > 0 || e.status != CHR_OK)
        fail_msg("%s", text);
    wait(0.1);
}

/* Asks why bass; the answer holds these words. */
static void because(const char *words) {
    said[0] = '\0';
    say("why bass");
    for (int i = 0; i < 100 && chr_player_looks(player); i++)
        wait(0.01);
    if (!strstr(said, words))
        fail_msg("expected %s in\n%s", words, said);
}

static void no_longer(const char *words) {
    because("bass is");
    if (strstr(said, words))
        fail_msg("did not expect %s in\n%s", words, said);
}

static void it_is_heard(void **state) {
    (void)state;
    say("patch bass: saw 55 > gain 0.5 > out");
    because("bass is heard just now: peak -");
    no_longer("  - ");
}

static void muted(void **state) {
    (void)state;
    say("patch bass: saw 55 > out\nmute bass");
    because("bass is silent just now");
    because("it is muted: unmute bass");
    say("unmute bass");
    no_longer("muted");
}

static void another_is_heard_alone(void **state) {
    (void)state;
    say("patch bass: saw 55 > out\npatch lead: saw 220 > out\nsolo lead");
    because("lead is heard alone: unsolo");
    say("unsolo");
    no_longer("alone");
}

static void stopped(void **state) {
    (void)state;
    say("patch bass: saw 55 > out\nstop bass");
    because("it was stopped: play bass");
    say("play all");
    no_longer("stopped");
}

static void not_connected(void **state) {
    (void)state;
    say("patch bass: saw 55 > lpf 400");
    because("does not end in out");
    say("patch bass: saw 55 > lpf 400 > out");
    no_longer("does not end");
}

static void no_pattern_and_the_clock(void **state) {
    (void)state;
    say("create bass");
    because("it waits for notes, and has no pattern");
    say("melody bass: C2 E2 G2 C3");
    because("the clock stands: play");
    say("play");
    wait(0.5);
    no_longer("  - ");
}

static void nothing_but_rests(void **state) {
    (void)state;
    say("create bass\nmelody bass: . . . .\nplay");
    because("nothing but rests");
    say("melody bass: C2 . . .");
    no_longer("rests");
}

static void the_pattern_waits(void **state) {
    (void)state;
    say("create bass\ntempo 60\nmelody bass: C2\nplay");
    wait(1.0);
    say("melody bass: E2 E2");
    because("its new pattern begins later");
    wait(5.0);
    no_longer("begins later");
}

static void another_set_plays(void **state) {
    (void)state;
    say("create bass\nmelody bass: C2\ncreate kick\nsequence kick: x...\nplay kick");
    because("play bass");
    say("play all"); /* at the next bar */
    wait(2.5);
    no_longer("was stopped");
}

static void a_level_of_zero(void **state) {
    (void)state;
    say("patch bass: saw 55 > gain 0 > out");
    because("the level of gain is 0");
    say("set bass gain.level=-6dB");
    no_longer("level of");
}

static void its_own_gain_is_zero(void **state) {
    (void)state;
    say("patch bass: saw 55 > out\nset bass gain=0");
    because("its gain is 0: set bass gain=0dB");
    say("set bass gain=0dB");
    no_longer("its gain");
}

static void a_bus_that_gets_nothing(void **state) {
    (void)state;
    say("bus bass: lpf 400 > out\npatch lead: saw 55 > out");
    because("nothing is sent to it: send NAME to bass 30%");
    say("send lead to bass 30%");
    no_longer("nothing is sent");
    say("remove lead");
    say("patch lead: saw 55 > bass");
    no_longer("nothing is sent");
}

static void a_closed_filter(void **state) {
    (void)state;
    say("patch bass: saw 220 > lpf 20 > out");
    because("lpf lets hardly anything through: its cutoff is 20 Hz");
    say("patch bass: saw 220 > hpf 18kHz > out");
    because("hpf lets hardly anything through");
    say("patch bass: saw 220 > lpf 2kHz > out");
    no_longer("hardly");
}

static void the_volume_is_down(void **state) {
    (void)state;
    say("patch bass: saw 55 > gain -9dB > out\nvolume 0");
    because("volume of everything is down");
    say("volume -30dB");
    because("volume of everything is low");
    say("volume 0dB");
    no_longer("volume");
}

static void the_ceiling_works(void **state) {
    (void)state;
    say("patch bass: saw 55 > gain 6dB > out");
    because("the ceiling holds it down");
    say("set bass level=-12dB");
    no_longer("ceiling");
}

static void voices_are_stolen(void **state) {
    (void)state;
    say("patch bass voices=2: saw > env attack=1ms release=3 > gain -20dB > out\n"
        "melody bass step=1/8: [C2,E2,G2] [C3,E3,G3]\nplay");
    wait(1.0);
    because("were left out or cut off for others: it has 2 voices; voices=4");
}

static void a_bad_value(void **state) {
    (void)state;
    say("patch bass: saw 55 * 1e15 * 1e15 * 1e15 > lpf 400 > out");
    wait(0.2);
    while (chr_engine_next_fault(chr_player_engine(player)))
        continue;
    because("made a value that is not a number");
}

static void all_of_them_and_nobody(void **state) {
    (void)state;
    said[0] = '\0';
    say("why");
    wait(1.0);
    assert_non_null(strstr(said, "There are no patches yet"));
    say("patch bass: saw 55 > out\npatch lead: saw 220 > out\nmute lead");
    say("why");
    wait(1.0);
    assert_non_null(strstr(said, "bass is heard"));
    assert_non_null(strstr(said, "lead is silent"));
    assert_int_equal(chr_player_evaluate(player, "why nobody", 10, "test", NULL).n_errors, 1);
}

static void ask_out(const char *words) {
    said[0] = '\0';
    say("why out");
    wait(1.0);
    if (!strstr(said, words))
        fail_msg("expected %s in\n%s", words, said);
}

static void all_together(void **state) {
    (void)state;
    ask_out("There are no patches yet");
    say("volume -6dB");
    ask_out("there are no patches: ");
    say("patch bass: saw 55 > gain -12dB > out\ncreate kick\nsequence kick: x...");
    ask_out("Everything together is heard");
    ask_out("the clock stands");
    say("mute bass\nplay\nstop kick");
    wait(2.0);
    ask_out("Everything together is silent");
    ask_out("  - bass: it is muted: unmute bass");
    ask_out("  - kick: it was stopped");
    say("unmute\nvolume 0");
    ask_out("the volume of everything is down");
    say("volume 0dB");
    ask_out("Nothing holds it down");
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_player, close_player)
    const struct CMUnitTest tests[] = {
        TEST(it_is_heard),
        TEST(muted),
        TEST(another_is_heard_alone),
        TEST(stopped),
        TEST(not_connected),
        TEST(no_pattern_and_the_clock),
        TEST(nothing_but_rests),
        TEST(the_pattern_waits),
        TEST(another_set_plays),
        TEST(a_level_of_zero),
        TEST(its_own_gain_is_zero),
        TEST(a_bus_that_gets_nothing),
        TEST(a_closed_filter),
        TEST(the_volume_is_down),
        TEST(the_ceiling_works),
        TEST(voices_are_stolen),
        TEST(a_bad_value),
        TEST(all_of_them_and_nobody),
        TEST(all_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
