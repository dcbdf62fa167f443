/* tests/unit/listen.c: who listens hears what is played, sample for sample, and each patch by
 * itself; a listener who does not look loses whole chunks and disturbs nobody.
 * SPDX-License-Identifier: MIT */
#include "runtime/listen.h"
#include "runtime/player.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { RATE_HZ = 48000 };

static chr_player *play(const char *text) {
    chr_player_options options = {
        .engine = {.rate_hz = RATE_HZ, .n_channels = 2, .stems = true, .ceiling = true},
    };
    chr_player *p = chr_player_new(&options);
    assert_non_null(p);
    chr_evaluation e = chr_player_evaluate(p, text, strlen(text), "test", NULL);
    assert_true(e.applied);
    return p;
}

static void render(chr_player *p, float *out, int n) {
    chr_player_tend(p);
    chr_engine_render(chr_player_engine(p), out, n);
}

static void what_is_heard_is_what_is_played(void **state) {
    (void)state;
    chr_player *p = play("patch a: saw 220 > out\npatch b: sine 330 > pan -1 > out");
    chr_engine *e = chr_player_engine(p);
    chr_tap *tap = chr_listen(e, 0.1, 8);
    assert_non_null(tap);
    float out[CHR_CHUNK * 2];
    uint64_t clock = chr_player_look(p).clock;
    for (int i = 0; i < 500; i++) {
        render(p, out, CHR_CHUNK);
        chr_heard h;
        assert_true(chr_listen_next(tap, &h));
        assert_int_equal(h.clock, clock);
        assert_int_equal(h.n_channels, 2);
        assert_int_equal(h.n_stems, 3);
        for (int k = 0; k < CHR_CHUNK; k++) {
            assert_memory_equal(&out[2 * k], &h.master[k], sizeof(float));
            assert_memory_equal(&out[2 * k + 1], &h.master[CHR_CHUNK + k], sizeof(float));
        }
        clock += CHR_CHUNK;
        bool a = false, b = false;
        for (uint32_t s = 0; s < h.n_stems; s++) {
            const float *left, *right;
            uint64_t id = chr_heard_stem(&h, s, &left, &right);
            const char *name = chr_engine_stem_name(e, id);
            assert_non_null(name);
            a |= strcmp(name, "a") == 0;
            if (strcmp(name, "b") != 0)
                continue;
            b = true;
            for (int k = 0; k < CHR_CHUNK; k++)
                assert_true(right[k] > -1e-6f && right[k] < 1e-6f);
        }
        assert_true(a && b);
        assert_false(chr_listen_next(tap, &h));
    }
    chr_listen_end(e, tap);
    render(p, out, CHR_CHUNK);
    chr_player_free(p);
}

static void who_does_not_look_loses_whole_chunks(void **state) {
    (void)state;
    chr_player *p = play("patch a: saw 220 > out");
    chr_engine *e = chr_player_engine(p);
    chr_tap *tap = chr_listen(e, 0.01, 4), *other = chr_listen(e, 1.0, 0);
    assert_non_null(tap);
    assert_non_null(other);
    static float out[4800 * 2];
    render(p, out, 4800);
    assert_true(chr_listen_lost(tap) > 50);
    assert_int_equal(chr_listen_lost(other), 0);
    chr_heard h;
    uint64_t next = 0;
    int n = 0;
    for (; chr_listen_next(tap, &h); n++, next += CHR_CHUNK)
        assert_int_equal(h.clock, next);
    assert_int_equal(n + (int)chr_listen_lost(tap), 4800 / CHR_CHUNK);
    for (n = 0; chr_listen_next(other, &h); n++)
        assert_int_equal(h.n_stems, 0);
    assert_int_equal(n, 4800 / CHR_CHUNK);
    chr_listen_end(e, tap);
    for (int i = 0; i < 8; i++)
        render(p, out, CHR_CHUNK);
    chr_player_free(p); /* frees the other one */
}

static void only_so_many_may_listen(void **state) {
    (void)state;
    chr_player *p = play("patch a: saw 220 > out");
    chr_engine *e = chr_player_engine(p);
    chr_tap *taps[CHR_TAPS];
    for (int i = 0; i < CHR_TAPS; i++)
        assert_non_null(taps[i] = chr_listen(e, 0.01, 0));
    assert_null(chr_listen(e, 0.01, 0));
    chr_listen_end(e, taps[3]);
    assert_non_null(chr_listen(e, 0.01, 0));
    chr_listen_end(e, NULL);
    chr_player_free(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_heard_is_what_is_played),
        cmocka_unit_test(who_does_not_look_loses_whole_chunks),
        cmocka_unit_test(only_so_many_may_listen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
