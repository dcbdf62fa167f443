/* tests/render/long_histories.c: where a delay grows longer its echoes go on, and the thread of the
 * sound copies only what was written since the change was built, however long they are.
 * SPDX-License-Identifier: MIT */
#include "runtime/player.h"
#include "runtime/state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    RATE = 48000,
    LENGTH = 4 * RATE / CHR_CHUNK * CHR_CHUNK,
    CHANGE = 2 * RATE / CHR_CHUNK * CHR_CHUNK
};

typedef struct set {
    chr_player *player;
    int at;
    float out[2 * LENGTH];
} set;

static set *begin(const char *text) {
    set *s = calloc(1, sizeof *s);
    assert_non_null(s);
    chr_player_options options = {
        .engine = {.rate_hz = RATE, .n_channels = 2}
    };
    s->player = chr_player_new(&options);
    assert_non_null(s->player);
    assert_true(chr_player_evaluate(s->player, text, strlen(text), "typed", NULL).applied);
    return s;
}

static void play_to(set *s, int end) {
    for (; s->at < end; s->at += CHR_CHUNK) {
        chr_player_tend(s->player);
        chr_engine_render(chr_player_engine(s->player), s->out + 2 * s->at, CHR_CHUNK);
    }
}

static void say(set *s, const char *text) {
    assert_true(chr_player_evaluate(s->player, text, strlen(text), "typed", NULL).applied);
}

static uint64_t copied(set *s) {
    return chr_player_look(s->player).copied;
}

static void end(set *s) {
    chr_player_free(s->player);
    free(s);
}

/* Sixteen echoes in one group become longer. */
static void grow(const char *change, uint64_t most) {
    set *s =
        begin("patch mine: noise > [for i in 1..16: delay 0.9+0.001*i] > mix > gain 0.1 > out");
    set *whole =
        begin("patch mine: noise > [for i in 1..16: delay 0.9+0.001*i] > mix > gain 0.1 > out");
    play_to(s, CHANGE);
    say(s, change);
    play_to(s, LENGTH);
    play_to(whole, LENGTH);
    assert_memory_equal(s->out, whole->out, 2 * CHANGE * sizeof(float));
    assert_memory_not_equal(s->out, whole->out, sizeof s->out);
    assert_true(copied(s) > 0);
    assert_true(copied(s) <= most);
    assert_int_equal(copied(whole), 0);
    end(s);
    end(whole);
}

static void the_audio_thread_copies_what_was_written_since(void **state) {
    (void)state;
    /* A ring of 65536 samples grows to 131072. */
    grow("patch mine: noise > [for i in 1..16: delay 1.8+0.001*i] > mix > gain 0.1 > out",
         16 * (CHR_AHEAD_ROOM + CHR_CHUNK));
}

/* Typed while everything fades, while it is emptied, and when it is empty. */
static void after_a_hush_there_is_nothing_to_copy(void **state) {
    (void)state;
    static const int later[] = {RATE / 100, RATE / 14, RATE / 9, RATE / 5};
    for (size_t i = 0; i < sizeof later / sizeof *later; i++) {
        set *s = begin("patch mine: noise > [for i in 1..16: delay 0.9+0.001*i] > mix > out");
        play_to(s, CHANGE);
        say(s, "hush");
        play_to(s, CHANGE + later[i] / CHR_CHUNK * CHR_CHUNK);
        say(s, "patch mine: noise > [for i in 1..16: delay 1.8+0.001*i] > mix > out");
        play_to(s, LENGTH);
        assert_true(copied(s) <= 16 * (CHR_AHEAD_ROOM + CHR_CHUNK));
        /* Two seconds of noise that were there before are not heard. */
        int empty = CHANGE + RATE / 9, heard = CHANGE + RATE * 85 / 100;
        for (int n = empty; n < heard; n++)
            assert_true(s->out[2 * n] == 0.0f);
        end(s);
    }
}

/* What comes out of a delay that was made longer is, once the knob has arrived, what went in before
 * the change as well. */
static void the_echoes_are_whole(void **state) {
    (void)state;
    set *s = begin("patch mine: noise > delay 0.9 > gain 0.1 > out"),
        *longer = begin("patch mine: noise > delay 1.5 > gain 0.1 > out");
    play_to(s, CHANGE);
    say(s, "patch mine: noise > delay 1.5 > gain 0.1 > out");
    play_to(s, LENGTH);
    play_to(longer, LENGTH);
    assert_true(copied(s) > 0);
    assert_true(copied(s) <= CHR_AHEAD_ROOM + CHR_CHUNK);
    int from = CHANGE + 58000; /* the head has arrived, and reads what was written before */
    assert_memory_equal(s->out + 2 * from, longer->out + 2 * from,
                        2 * (size_t)(LENGTH - from) * sizeof(float));
    end(s);
    end(longer);
}

/* ---- every sample of it ---- */

static float written(uint64_t time, uint32_t lane, uint32_t column) {
    return (float)(time * 8 + lane * 2 + column);
}

static void write_row(chr_node_state *s, uint64_t time) {
    size_t row = (size_t)(time & (s->ring_rows - 1));
    for (uint32_t c = 0; c < s->columns; c++)
        for (uint32_t l = 0; l < s->lanes; l++)
            s->ring[(c * s->ring_rows + row) * s->lanes + l] = written(time, l, c);
}

enum { AGAIN = 700 }; /* samples between two passes */

static void move_at(uint64_t ahead_at, uint64_t at, size_t from_rows, size_t to_rows) {
    chr_node_state *from = chr_node_state_new(4, 64, from_rows, 2),
                   *to = chr_node_state_new(1, 16, to_rows, 2);
    assert_true(from && to);
    uint64_t time = 0;
    for (; time < ahead_at; time++)
        write_row(from, time);
    chr_ahead ahead = {0};
    _Atomic uint64_t clock = ahead_at;
    chr_node_state_ahead(to, 0, from, 3, CHR_AHEAD_ROOM, &clock, UINT64_MAX, &ahead);
    for (; time < at; time++) {
        write_row(from, time);
        if (time == ahead_at + AGAIN) {
            clock = time + 1;
            chr_node_state_ahead(to, 0, from, 3, CHR_AHEAD_ROOM, &clock, UINT64_MAX, &ahead);
        }
    }
    uint32_t shared = to->ring_rows < from->ring_rows ? to->ring_rows : from->ring_rows;
    uint32_t n = chr_node_state_move(to, 0, from, 3, at, ahead, 0);
    if (shared < CHR_LONG_HISTORY)
        assert_true(ahead.to == 0 && n == shared);
    else if (at - ahead_at <= CHR_AHEAD_ROOM)
        assert_true(ahead.to > 0 && n <= CHR_AHEAD_ROOM);
    else
        assert_true(n <= 2 * (at - ahead_at));
    for (uint64_t age = 1; age <= to->ring_rows; age++) {
        size_t row = (size_t)((at - age) & (to->ring_rows - 1));
        for (uint32_t c = 0; c < 2; c++)
            assert_true(to->ring[c * to->ring_rows + row] ==
                        (age <= shared && age <= at ? written(at - age, 3, c) : 0.0f));
    }
    chr_node_state_drop(from);
    chr_node_state_drop(to);
}

static void every_sample_is_where_it_was(void **state) {
    (void)state;
    static const uint64_t later[] = {0, 1, 3000, CHR_AHEAD_ROOM, 10000, 40000, 200000};
    for (size_t i = 0; i < sizeof later / sizeof *later; i++) {
        move_at(100000, 100000 + later[i], 32768, 65536);
        move_at(100001, 100001 + later[i], 65536, 32768);
        move_at(100002, 100002 + later[i], 65536, 65536);
        move_at(20000, 20000 + later[i], 65536, 131072);
        move_at(99999, 99999 + later[i], 8192, 65536); /* it is no work to speak of */
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_audio_thread_copies_what_was_written_since),
        cmocka_unit_test(after_a_hush_there_is_nothing_to_copy),
        cmocka_unit_test(the_echoes_are_whole),
        cmocka_unit_test(every_sample_is_where_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
