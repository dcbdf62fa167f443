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

typedef struct click {
    int at;
    bool high; /* the first one of a bar is another sound */
} click;

/* Plays so long and finds the clicks, which are at least `gap` samples apart. A click's first
 * sample is 0. */
static int find_clicks(chr_player *p, int samples, int gap, click *clicks, int most) {
    chr_engine *e = chr_player_engine(p);
    static float out[BLOCK * 2], left[RATE_HZ * 8];
    int n = 0, n_clicks = 0;
    for (; n + BLOCK <= samples; n += BLOCK) {
        chr_player_tend(p);
        chr_engine_render(e, out, BLOCK);
        for (int i = 0; i < BLOCK; i++)
            left[n + i] = out[2 * i];
    }
    for (int i = 2; i < n && n_clicks < most; i++) {
        if (left[i] == 0.0f || left[i - 1] != 0.0f || left[i - 2] != 0.0f)
            continue;
        float peak = 0.0f;
        for (int k = 0; k < 20; k++)
            peak = left[i + k] > peak ? left[i + k] : peak;
        assert_true(peak > 0.15f && peak < 0.3f);
        clicks[n_clicks++] = (click){i - 1 - chr_engine_latency(e), left[i + 12] < left[i + 3]};
        i += gap;
    }
    return n_clicks;
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
    /* The clock started with the first chunk, after the evaluation. */
    const int beat = RATE_HZ * 60 / 150;
    click clicks[BEATS];
    assert_int_equal(find_clicks(p, BEATS * beat, beat / 2, clicks, BEATS), BEATS);
    for (int i = 0; i < BEATS; i++) {
        assert_int_equal(clicks[i].at, i * beat);
        assert_int_equal(clicks[i].high, i % 3 == 0);
    }
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
    say(p, "melody bass: C2 <G2 Eb2>"); /* not the same in each round: the first ones */
    say(p, "roll bass");
    has(said, "bass: 2 beats, 8 notes in its first 4 rounds\n");
    has(said, "bar 1 beat 4      Eb2");
    say(p, "show bass bars 1");
    has(said, "bar 1 beat 2: G2 (m43) for 1, level 0.8   [1:18]\n");
    has(said, "bar 1 beat 4: Eb2 (m39)");
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

static void the_metronome_counts_what_the_meter_counts(void **state) {
    (void)state;
    chr_player *p = open_player(true, false);
    say(p, "metronome on\ntempo 120\nmeter 7/8\nmeter 2/2 at bar 2\nmeter 3/4 at bar 3\n"
           "tempo 240 at bar 3\ncreate kick\nsequence kick: ....\nplay");
    static const struct {
        double beat_s;
        bool high;
    } wanted[] = {
        {0,    true },
        {0.25, false},
        {0.5,  false},
        {0.75, false},
        {1,    false},
        {1.25, false},
        {1.5,  false},
        {1.75, true },
        {2.75, false},
        {3.75, true },
        {4,    false},
        {4.25, false},
        {4.5,  true }
    };
    enum { N = sizeof wanted / sizeof *wanted };
    click clicks[N];
    assert_int_equal(find_clicks(p, 5 * RATE_HZ, RATE_HZ / 8, clicks, N), N);
    for (int i = 0; i < N; i++) {
        assert_int_equal(clicks[i].at, (int)(wanted[i].beat_s * RATE_HZ));
        assert_int_equal(clicks[i].high, wanted[i].high);
    }
    chr_player_free(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_metronome_clicks_on_beats_and_is_not_recorded),
        cmocka_unit_test(the_metronome_counts_what_the_meter_counts),
        cmocka_unit_test(taps_lead_to_a_tempo),
        cmocka_unit_test(a_roll_shows_the_notes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
