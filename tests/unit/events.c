/* tests/unit/events.c: what took effect is told with the sample at which it did, and a player tells
 * all that a journal needs. SPDX-License-Identifier: MIT */
#include "runtime/player.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* All that was told, a line each. */
static char told[65536];

static void tell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void tell(const char *format, ...) {
    size_t n = strlen(told);
    va_list args;
    va_start(args, format);
    vsnprintf(told + n, sizeof told - n, format, args);
    va_end(args);
}

static void begins(void *context, const char *text, size_t len, const char *place,
                   const char *file) {
    (void)context;
    tell("begins %.*s in %s%s\n", (int)len - 1, text, place, file ? ", a file" : "");
}

static void ended(void *context, const chr_evaluated *e) {
    (void)context;
    tell("%s, offer %d\n", !e->applied ? "refused" : e->asked ? "asked" : "applied", (int)e->offer);
}

static void was_read(void *context, const char *kind, const char *name, const char *text,
                     size_t len) {
    (void)context;
    (void)text;
    tell("%s %s, %s\n", kind, name, len > 0 ? "some" : "empty");
}

static void heard(void *context, const chr_event *h) {
    (void)context;
    static const char *const words[] = {"offer", "play", "stop", "stop now", "hush", "lost"};
    tell("%s %d at %d\n", words[h->kind], (int)h->offer, (int)h->at);
}

static chr_player *open_player(void) {
    chr_player_options options = {
        .engine = {.rate_hz = 48000, .n_channels = 2},
        .witness = { NULL, begins, ended, was_read, heard},
    };
    told[0] = '\0';
    return chr_player_new(&options);
}

static void play(chr_player *p, int chunks) {
    static float out[2 * CHR_CHUNK];
    for (int i = 0; i < chunks; i++) {
        chr_player_tend(p);
        chr_engine_render(chr_player_engine(p), out, CHR_CHUNK);
    }
    chr_player_tend(p);
}

static void type(chr_player *p, const char *text) {
    chr_player_evaluate(p, text, strlen(text), "typed", NULL);
}

static void a_witness_is_told_what_took_effect_and_when(void **state) {
    (void)state;
    chr_player *p = open_player();
    type(p, "patch saw 220 > out\n");
    play(p, 3);
    type(p, "create kick\n");
    type(p, "create hihat\n"); /* the one before was never heard */
    play(p, 1);
    type(p, "mute nobody\n");
    type(p, "list\n");
    type(p, "play\n");
    play(p, 40);
    type(p, "play\n");
    type(p, "hush\n");
    play(p, 1);
    assert_string_equal(told, "begins patch saw 220 > out in typed\napplied, offer 1\n"
                              "offer 1 at 0\n"
                              "begins create kick in typed\napplied, offer 2\n"
                              "begins create hihat in typed\napplied, offer 3\n"
                              "offer 3 at 192\n"
                              "begins mute nobody in typed\nrefused, offer 0\n"
                              "begins list in typed\nasked, offer 0\n"
                              "begins play in typed\napplied, offer 0\n"
                              "play 0 at 256\n"
                              "begins play in typed\nasked, offer 0\n"
                              "begins hush in typed\napplied, offer 4\n"
                              "offer 4 at 2816\nhush 0 at 2816\n");
    chr_player_free(p);
}

static void what_nobody_asks_for_is_counted_as_lost(void **state) {
    (void)state;
    chr_player *p = open_player();
    type(p, "patch saw 220 > out\n");
    play(p, 1);
    chr_engine *e = chr_player_engine(p);
    float out[2 * CHR_CHUNK];
    for (int i = 0; i < 300; i++) {
        chr_engine_play(e);
        chr_engine_render(e, out, CHR_CHUNK);
    }
    chr_event h;
    assert_true(chr_engine_next_event(e, &h));
    assert_int_equal(h.kind, CHR_EVENT_LOST);
    int n = 0;
    for (; chr_engine_next_event(e, &h); n++)
        assert_int_equal(h.kind, CHR_EVENT_PLAY);
    assert_int_equal(n, 256);
    chr_player_free(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_witness_is_told_what_took_effect_and_when),
        cmocka_unit_test(what_nobody_asks_for_is_counted_as_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
