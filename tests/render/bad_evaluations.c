/* tests/render/bad_evaluations.c: 100,000 evaluations in a row that are refused, while it plays:
 * the sound is that of a session in which nobody types, to the bit, and memory stays as it is.
 * SPDX-License-Identifier: MIT */
#include "runtime/player.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SANITIZED 1
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* Sanitizers take twenty times as long, and count memory in their own way. */
enum { MANY = SANITIZED ? 3000 : 100000, IN_A_CHUNK = 50 };

static const char music[] =
    "tempo 140\n"
    "patch pad: saw [110 110.7 165] > spread > lpf 900 > delay 0.2 > gain -14dB > out\n"
    "create kick\nsequence kick: x...x...x...x...\n"
    "create bass cutoff=500\nmelody bass: C2 C2 G2 Eb2\nplay\n";

static const char *const bad[] = {
    "patch pad: saw 110 > nosuchmodule > out\n",
    "patch pad: saw 110 > lpf cutoff=10ms > out\n",
    "mute nobody\n",
    "patch pad: saw [110 220 > out\n",
    "melody bass: C2 [D2 E2\n",
    "create kick freq=\n",
    "sequence kick: x..q\n",
    "\xff\xfe\x80\n",
    "((((((((((((((((((\n",
    "patch a: b > out\npatch b: a > out\n",
    "module m { m }\npatch m > out\n",
    "set pad.lpf.nosuch=3\n",
    "remove everything\n",
    "kick\nkick\nkick\nkick\n",
    "import \"nosuchfile.chr\"\n",
    "load patch \"nosuch\"\n",
    "fn f(x) = f(x)\npatch saw f(2) > out\n",
    "tempo fast\n",
    "patch [for i in 1..1000000: saw i] > out\n",
    "patch new: saw 220 > out\npatch other: saw 330 > lpf 2kHz 3kHz 4kHz 5kHz > out\n",
};
enum { KINDS = sizeof bad / sizeof *bad };

static chr_player *open_player(void) {
    chr_player_options options = {
        .engine = {.rate_hz = 48000, .ceiling = true, .n_channels = 2}
    };
    chr_player *p = chr_player_new(&options);
    assert_non_null(p);
    assert_true(chr_player_evaluate(p, music, sizeof music - 1, "typed", NULL).applied);
    return p;
}

static void chunk(chr_player *p, float *out) {
    chr_player_tend(p);
    chr_engine_render(chr_player_engine(p), out, CHR_CHUNK);
}

static void refused_evaluations_touch_neither_sound_nor_memory(void **state) {
    (void)state;
    chr_player *quiet = open_player(), *busy = open_player();
    float a[2 * CHR_CHUNK], b[2 * CHR_CHUNK];
    size_t before = 0;
    for (int i = 0; i < MANY; i++) {
        const char *text = bad[i % KINDS];
        chr_evaluation e = chr_player_evaluate(busy, text, strlen(text), "typed", NULL);
        if (e.n_errors == 0)
            fail_msg("this is no error: %s", text);
        assert_false(e.applied);
        if (i % IN_A_CHUNK)
            continue;
        chunk(quiet, a);
        chunk(busy, b);
        if (memcmp(a, b, sizeof a) != 0)
            fail_msg("after %d bad evaluations the sound is another", i + 1);
        if (i == 20 * KINDS / IN_A_CHUNK * IN_A_CHUNK)
            before = mallinfo2().uordblks;
    }
    size_t after = mallinfo2().uordblks;
    print_message("%d evaluations; memory in use: %zu bytes, then %zu\n", MANY, before, after);
    if (!SANITIZED)
        assert_true(after <= before + 65536);
    chr_player_free(quiet);
    chr_player_free(busy);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused_evaluations_touch_neither_sound_nor_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
