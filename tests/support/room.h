/* tests/support/room.h: a player and what is heard of it, in engine time: type, let time pass, look
 * at the samples. SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_ROOM_H
#define CHR_TESTS_ROOM_H

#include "runtime/player.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RATE = 48000, BEAT = 24000, BAR = 96000, MOST = 40 * BAR }; /* samples, at 120 bpm */

typedef struct room {
    chr_player *player;
    chr_engine *engine;
    uint64_t n, block;
    bool rare; /* it is looked at before each block, and not when the player asks for it */
    float *left;
    char said[4096];
} room;

static inline void hear(room *r, const char *text) {
    size_t n = strlen(r->said);
    snprintf(r->said + n, sizeof r->said - n, "%s\n", text);
}

static inline void on_text(void *context, const char *text) {
    hear(context, text);
}

static inline void on_diagnostics(void *context, const chr_diags *diags) {
    for (const chr_diag *d = diags->first; d; d = d->next)
        hear(context, chr_code_name(d->code));
}

static inline void open_room(room *r, uint64_t block) {
    *r = (room){.block = block};
    const chr_player_options options = {
        .engine = {.rate_hz = RATE, .n_channels = 2},
        .seed = 1,
        .listener = { .context = r,
                   .diagnostics = on_diagnostics,
                   .answer = on_text,
                   .note = on_text,
                   .trouble = on_text}
    };
    r->player = chr_player_new(&options);
    r->left = calloc(MOST, sizeof *r->left);
    assert_non_null(r->player);
    assert_non_null(r->left);
    r->engine = chr_player_engine(r->player);
}

static inline void close_room(room *r) {
    chr_player_free(r->player);
    free(r->left);
}

static inline void advance(room *r, uint64_t to) {
    static float out[2 * 4096];
    assert_true(to <= MOST);
    while (r->n < to) {
        uint64_t n = to - r->n < r->block ? to - r->n : r->block;
        chr_player_tend(r->player);
        uint64_t until = chr_player_until(r->player);
        if (!r->rare && until > r->n && until - r->n < n)
            n = until - r->n;
        chr_engine_render(r->engine, out, (int)n);
        for (uint64_t i = 0; i < n; i++)
            r->left[r->n + i] = out[2 * i];
        r->n += n;
    }
    chr_player_tend(r->player);
}

static inline void type(room *r, const char *text) {
    r->said[0] = '\0';
    chr_evaluation e = chr_player_evaluate(r->player, text, strlen(text), "typed", NULL);
    if (e.status != CHR_OK || e.n_errors > 0)
        fail_msg("%s\n%s", text, r->said);
}

/* The first sample from `from` on that differs from the one before it. */
static inline uint64_t change_after(const room *r, uint64_t from) {
    for (uint64_t i = from + 1; i < r->n; i++)
        if (r->left[i] != r->left[i - 1])
            return i;
    return 0;
}

static inline void changes_at(const room *r, uint64_t from, uint64_t sample) {
    assert_int_equal(change_after(r, from), sample);
}

static inline void near(const room *r, uint64_t at, double value) {
    double x = (double)r->left[at];
    if (!(x > value - 1e-5 && x < value + 1e-5))
        fail_msg("%g instead of %g at %llu", x, value, (unsigned long long)at);
}

/* First sample of the notes from `from` on: the gate closes a sample before it opens again. */
static inline uint64_t onset_after(const room *r, uint64_t from) {
    for (uint64_t i = from + 1; i < r->n; i++)
        if (r->left[i] > 0.5f && r->left[i - 1] < 0.5f)
            return i;
    return 0;
}

#endif
