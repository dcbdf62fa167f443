/* tests/support/take.h: a player with a journal beside it, what is heard of it, and the take
 * performed again. For tests with a RATE and a BLOCK. SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_TAKE_H
#define CHR_TESTS_TAKE_H

#include "runtime/journal.h"
#include "runtime/perform.h"
#include "tests/support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct take {
    chr_player *player;
    chr_journal *journal;
    float (*heard)[2]; /* [room] */
    size_t n, room;    /* frames */
} take;

static inline take take_begin(const char *folder, float (*heard)[2], size_t room) {
    chr_journal_options about = {.folder = folder,
                                 .program = "test",
                                 .rate_hz = RATE,
                                 .n_channels = 2,
                                 .ceiling = true,
                                 .seed = 7};
    take t = {.journal = chr_journal_new(&about), .heard = heard, .room = room};
    assert_non_null(t.journal);
    chr_player_options options = {
        .engine = {.rate_hz = RATE, .ceiling = true, .n_channels = 2},
        .seed = 7,
        .folder = folder,
        .witness = chr_journal_witness(t.journal)
    };
    t.player = chr_player_new(&options);
    assert_non_null(t.player);
    return t;
}

static inline void take_type(take *t, const char *text) {
    assert_true(chr_player_evaluate(t->player, text, strlen(text), "typed", NULL).applied);
}

/* One block. */
static inline void take_step(take *t) {
    assert_true(t->n + BLOCK <= t->room);
    chr_player_tend(t->player);
    chr_journal_tend(t->journal, t->n);
    chr_engine_render(chr_player_engine(t->player), t->heard[t->n], BLOCK);
    t->n += BLOCK;
}

/* Ends it; the journal is read under `path` from then on. */
static inline void take_end(take *t, char path[CHR_JOURNAL_PATH]) {
    snprintf(path, CHR_JOURNAL_PATH, "%s", chr_journal_path(t->journal));
    chr_player_free(t->player);
    chr_journal_close(t->journal, t->n);
}

/* The journal performed again is what was heard, bit for bit. Returns how long it is, in frames. */
static inline size_t take_performs(const take *t, const char *path) {
    char why[CHR_JOURNAL_TEXT];
    chr_journal_text text;
    if (!chr_journal_read(&text, path, why))
        fail_msg("%s", why);
    chr_perform_options options = {.program = "test"};
    chr_performance *p = chr_perform_open(&text, &options);
    assert_non_null(p);
    size_t length = chr_perform_length(p);
    assert_true(length <= t->n);
    for (size_t at = 0; at + BLOCK <= length; at += BLOCK) {
        float out[BLOCK][2];
        if (!chr_perform_render(p, out[0], BLOCK, why))
            fail_msg("%s", why);
        if (memcmp(out, t->heard[at], sizeof out) != 0)
            fail_msg("it differs in the block at %.3f s", (double)at / RATE);
    }
    assert_null(chr_perform_remark(p));
    chr_perform_close(p);
    chr_journal_text_clear(&text);
    return length;
}

#endif
