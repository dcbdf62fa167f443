/* tests/unit/journal_input.c: what the device heard is recorded beside the journal, and heard again
 * when the take is made again, bit for bit; where it is missing, or ends too early, that is said.
 * SPDX-License-Identifier: MIT */
#include "runtime/journal.h"
#include "runtime/perform.h"
#include "tests/support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* Blocks that are no multiple of a chunk: then what is heard is a little late, and has to be so
 * again. */
enum { RATE = 48000, BLOCK = 48, LENGTH = RATE / BLOCK * BLOCK, INPUTS = 2 };

static char folder[] = "/tmp/chronus-heard-XXXXXX";
static float played[2 * LENGTH], again[2 * LENGTH];

static void say(chr_player *p, const char *text) {
    chr_evaluation e = chr_player_evaluate(p, text, strlen(text), "typed", NULL);
    assert_true(e.applied);
}

/* A second with a voice at the microphone, which is listened to from the middle on; where the
 * journal is comes to `path`, and what it had to say to `news`. */
static void play(char path[CHR_JOURNAL_PATH], char news[CHR_JOURNAL_TEXT]) {
    chr_journal_options about = {
        .folder = folder, .program = "test", .rate_hz = RATE, .n_channels = 2, .n_inputs = INPUTS};
    chr_journal *journal = chr_journal_new(&about);
    chr_player_options options = {
        .engine = {.rate_hz = RATE, .n_channels = 2, .n_inputs = INPUTS},
        .folder = folder,
        .witness = chr_journal_witness(journal),
    };
    chr_player *p = chr_player_new(&options);
    assert_non_null(p);
    uint32_t seed = 1;
    say(p, "patch saw 110 > gain -20dB > out");
    *news = '\0';
    for (int block = 0; block < LENGTH / BLOCK; block++) {
        if (block == LENGTH / BLOCK / 2)
            say(p, "patch mic: input 2 > delay 0.1 > out");
        if (block == LENGTH / BLOCK * 3 / 4)
            say(p, "patch mic: input 1 > out");
        float in[INPUTS * BLOCK];
        for (int i = 0; i < INPUTS * BLOCK; i++)
            in[i] = (float)((seed = seed * 1664525u + 1013904223u) >> 8) * 0x1p-25f;
        chr_player_tend(p);
        chr_engine_render_heard(chr_player_engine(p), in, played + 2 * BLOCK * block, BLOCK);
        chr_journal_tend(journal, chr_player_look(p).clock);
        const char *said = chr_journal_news(journal);
        if (said)
            snprintf(news, CHR_JOURNAL_TEXT, "%s", said);
    }
    chr_player_tend(p);
    const char *at = chr_journal_path(journal);
    snprintf(path, CHR_JOURNAL_PATH, "%s", at);
    chr_journal_close(journal, chr_player_look(p).clock);
    chr_player_free(p);
}

/* Plays it again; the first remark, or "". */
static void perform(const char *path, char remark[CHR_JOURNAL_TEXT]) {
    chr_journal_text t;
    char why[CHR_JOURNAL_TEXT];
    assert_true(chr_journal_read(&t, path, why));
    chr_perform_options options = {.program = "test"};
    chr_performance *p = chr_perform_open(&t, &options);
    assert_non_null(p);
    for (int at = 0; at < LENGTH; at += 100) { /* in other blocks */
        int n = LENGTH - at < 100 ? LENGTH - at : 100;
        assert_true(chr_perform_render(p, again + 2 * at, n, why));
    }
    const char *first = chr_perform_remark(p);
    snprintf(remark, CHR_JOURNAL_TEXT, "%s", first ? first : "");
    chr_perform_close(p);
    chr_journal_text_clear(&t);
}

static void wav_of(const char *path, char wav[CHR_JOURNAL_PATH]) {
    snprintf(wav, CHR_JOURNAL_PATH, "%.*s.input.wav", (int)(strlen(path) - strlen(".chrlog")),
             path);
}

static void what_was_heard_is_heard_again(void **state) {
    (void)state;
    char path[CHR_JOURNAL_PATH], wav[CHR_JOURNAL_PATH], news[CHR_JOURNAL_TEXT],
        remark[CHR_JOURNAL_TEXT];
    play(path, news);
    assert_non_null(strstr(news, ".input.wav"));
    wav_of(path, wav);
    struct stat about;
    assert_int_equal(stat(wav, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_true(about.st_size < (LENGTH / 2 + RATE / 10) * INPUTS * 4); /* from there on alone */
    perform(path, remark);
    assert_string_equal(remark, "");
    assert_memory_equal(again, played, sizeof played);
    float most = 0.0f;
    for (int i = LENGTH; i < 2 * LENGTH; i++)
        most = played[i] > most ? played[i] : most;
    assert_true(most > 0.3f); /* and not the saw alone */
    empty_folder(folder);
}

static void what_is_missing_of_it_is_said(void **state) {
    (void)state;
    char path[CHR_JOURNAL_PATH], wav[CHR_JOURNAL_PATH], news[CHR_JOURNAL_TEXT],
        remark[CHR_JOURNAL_TEXT];
    play(path, news);
    wav_of(path, wav);
    struct stat about;
    assert_int_equal(stat(wav, &about), 0);
    assert_int_equal(truncate(wav, about.st_size * 3 / 4), 0);
    perform(path, remark);
    assert_non_null(strstr(remark, "ends there"));
    /* The rest is as it was, as far as it goes. */
    assert_memory_equal(again, played, sizeof *played * LENGTH);
    assert_memory_not_equal(again, played, sizeof played);
    assert_int_equal(unlink(wav), 0);
    perform(path, remark);
    assert_non_null(strstr(remark, "cannot be read"));
    assert_memory_equal(again, played, sizeof *played * LENGTH);
    /* Something else of that name is not read. */
    assert_int_equal(symlink("/dev/zero", wav), 0);
    perform(path, remark);
    assert_non_null(strstr(remark, "cannot be read"));
    empty_folder(folder);
}

static void where_it_cannot_be_recorded_the_journal_says_from_when_on(void **state) {
    (void)state;
    char path[CHR_JOURNAL_PATH], news[CHR_JOURNAL_TEXT], remark[CHR_JOURNAL_TEXT];
    chr_journal_options about = {
        .folder = folder, .program = "test", .rate_hz = RATE, .n_channels = 2, .n_inputs = 1};
    chr_journal *journal = chr_journal_new(&about);
    chr_player_options options = {
        .engine = {.rate_hz = RATE, .n_channels = 2, .n_inputs = 1},
        .witness = chr_journal_witness(journal),
    };
    chr_player *p = chr_player_new(&options);
    assert_non_null(p);
    say(p, "patch saw 110 > gain -20dB > out");
    snprintf(path, sizeof path, "%s", chr_journal_path(journal));
    char wav[CHR_JOURNAL_PATH];
    wav_of(path, wav);
    assert_int_equal(mkdir(wav, 0700), 0); /* something is there already */
    say(p, "patch mic: input 1 > out");
    const char *said = chr_journal_news(journal);
    snprintf(news, sizeof news, "%s", said ? said : "");
    assert_non_null(strstr(news, "cannot be recorded"));
    float out[2 * CHR_CHUNK];
    for (int i = 0; i < LENGTH; i += CHR_CHUNK) {
        chr_player_tend(p);
        chr_engine_render(chr_player_engine(p), out, CHR_CHUNK);
    }
    chr_journal_close(journal, chr_player_look(p).clock);
    chr_player_free(p);
    perform(path, remark);
    assert_non_null(strstr(remark, "was not recorded at sample 0"));
    assert_int_equal(rmdir(wav), 0);
    empty_folder(folder);
}

int main(void) {
    assert_non_null(mkdtemp(folder));
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_heard_is_heard_again),
        cmocka_unit_test(what_is_missing_of_it_is_said),
        cmocka_unit_test(where_it_cannot_be_recorded_the_journal_says_from_when_on),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(folder);
    return failed;
}
