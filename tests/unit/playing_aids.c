/* tests/unit/playing_aids.c: metronome, tap and roll, as a player uses them.
 * SPDX-License-Identifier: MIT */
#include "runtime/listen.h"
#include "runtime/player.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RATE_HZ = 48000, BLOCK = CHR_CHUNK, BEATS = 9 };

static char said[8192], note[256];

static void on_answer(void *context, const char *text) {
    (void)context;
    snprintf(said, sizeof said, "%s", text);
}
static void on_note(void *context, const char *text) {
    (void)context;
    snprintf(note, sizeof note, "%s", text);
}

static int columns = 72;
static int wide(void) {
    return columns;
}

static chr_player *open_player(bool live, bool drawn) {
    chr_player_options options = {
        .engine = {.rate_hz = RATE_HZ, .n_channels = 2, .ceiling = true},
        .live = live,
        .columns = drawn ? wide : NULL,
        .listener = {.answer = on_answer,                  .note = on_note              },
    };
    chr_player *p = chr_player_new(&options);
    assert_non_null(p);
    return p;
}

static int say(chr_player *p, const char *text) {
    said[0] = note[0] = '\0';
    return chr_player_evaluate(p, text, strlen(text), "test", NULL).n_errors;
}

static void has(const char *text, const char *words) {
    if (!strstr(text, words))
        fail_msg("expected %s in\n%s", words, text);
}

static void the_metronome_clicks_on_beats_and_is_not_recorded(void **state) {
    (void)state;
    chr_player *p = open_player(true, false);
    chr_engine *e = chr_player_engine(p);
    assert_int_equal(say(p, "metronome on"), 0);
    has(note, "metronome on");
    assert_int_equal(say(p, "tempo 150\nmeter 3/4\ncreate kick\nsequence kick: ....\nplay"), 0);
    chr_tap *tap = chr_listen(e, 8.0, 0);
    assert_non_null(tap);
    const int beat = RATE_HZ * 60 / 150, late = chr_engine_latency(e);
    static float out[BLOCK * 2], left[RATE_HZ * 4];
    int n = 0;
    for (; n + BLOCK <= BEATS * beat; n += BLOCK) {
        chr_player_tend(p);
        chr_engine_render(e, out, BLOCK);
        for (int i = 0; i < BLOCK; i++)
            left[n + i] = out[2 * i];
    }
    /* The clock started with the first chunk, after the evaluation; a click's first sample is 0. */
    int next = 0, quiet = 1000;
    for (int i = 0; i < n && next < BEATS; i++) {
        quiet = left[i] == 0.0f ? quiet + 1 : 0;
        if (i < 2 || left[i] == 0.0f || left[i - 1] != 0.0f || left[i - 2] != 0.0f)
            continue;
        assert_int_equal(i - 1 - late, next * beat);
        float peak = 0.0f; /* the first one of a bar is another sound */
        for (int k = 0; k < 20; k++)
            peak = left[i + k] > peak ? left[i + k] : peak;
        assert_true(peak > 0.15f && peak < 0.3f);
        bool high = left[i + 12] < left[i + 3];
        assert_int_equal(high, next % 3 == 0);
        next++;
        i += beat / 2;
    }
    assert_int_equal(next, BEATS);
    chr_heard h;
    while (chr_listen_next(tap, &h))
        for (int i = 0; i < 2 * CHR_CHUNK; i++)
            assert_true(h.master[i] == 0.0f);
    chr_listen_end(e, tap);
    assert_int_equal(say(p, "metronome"), 0);
    has(note, "metronome on");
    assert_int_equal(say(p, "metronome off"), 0);
    assert_int_equal(say(p, "metronome"), 0);
    has(note, "metronome off");
    chr_player_free(p);
    p = open_player(false, false);
    say(p, "metronome on");
    has(note, "where you play live");
    assert_false(chr_engine_has_metronome(chr_player_engine(p)));
    chr_player_free(p);
}

static void taps_lead_to_a_tempo(void **state) {
    (void)state;
    chr_player *p = open_player(true, false);
    say(p, "tap");
    has(note, "3 more");
    say(p, "tap");
    chr_player_free(p);
}

static void a_roll_shows_the_notes(void **state) {
    (void)state;
    chr_player *p = open_player(true, false);
    say(p, "roll");
    has(said, "The session has no patterns yet");
    say(p, "create bass\ncreate kick\nmelody bass: C2 . [G2 Eb2] C2\nsequence kick: x...X.o.");
    say(p, "roll bass");
    has(said, "bass: 4 beats, 4 notes\n");
    has(said, "bar 1 beat 1      C2   for");
    has(said, "bar 1 beat 3.5    Eb2");
    assert_null(strstr(said, "kick"));
    say(p, "roll");
    has(said, "kick: 2 beats, 3 notes\n");
    has(said, "hit");
    assert_int_equal(say(p, "roll nobody"), 1);
    say(p, "patch drone: saw 110 > out");
    say(p, "roll drone");
    has(said, "drone has no patterns yet");
    chr_player_free(p);
    p = open_player(true, true);
    say(p, "create bass\nmelody bass: C2 . [G2 Eb2] C2");
    say(p, "roll bass");
    has(said, "  G2   |");
    has(said, "|   '   '   '   ");
    chr_player_free(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_metronome_clicks_on_beats_and_is_not_recorded),
        cmocka_unit_test(taps_lead_to_a_tempo),
        cmocka_unit_test(a_roll_shows_the_notes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
