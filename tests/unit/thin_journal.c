/* tests/unit/thin_journal.c: a take in which the computer was late is performed with the same
 * voices at the same samples, bit for bit; and a session that comes back has as few as it had.
 * SPDX-License-Identifier: MIT */
#include "runtime/journal.h"
#include "runtime/perform.h"
#include "runtime/resume.h"
#include "tests/support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { RATE = 48000, BLOCK = 48, FRAMES = 2 * RATE };

static char folder[] = "/tmp/chronus-thin-XXXXXX";

static float heard[FRAMES][2];
static size_t n_heard;

static void play(chr_player *p, chr_journal *j, size_t frames) {
    for (size_t end = n_heard + frames; n_heard < end; n_heard += BLOCK) {
        chr_player_tend(p);
        chr_journal_tend(j, n_heard);
        chr_engine_render(chr_player_engine(p), heard[n_heard], BLOCK);
    }
    chr_player_tend(p);
}

static void type(chr_player *p, const char *text) {
    assert_true(chr_player_evaluate(p, text, strlen(text), "typed", NULL).applied);
}

typedef struct take {
    chr_player *player;
    chr_journal *journal;
} take;

static take begin(void) {
    chr_journal_options about = {
        .folder = folder, .program = "test", .rate_hz = RATE, .n_channels = 2, .ceiling = true};
    chr_journal *j = chr_journal_new(&about);
    assert_non_null(j);
    chr_player_options options = {
        .engine = {.rate_hz = RATE, .ceiling = true, .n_channels = 2},
        .witness = chr_journal_witness(j)
    };
    chr_player *p = chr_player_new(&options);
    assert_non_null(p);
    n_heard = 0;
    return (take){p, j};
}

static void end(const take *t, char path[CHR_JOURNAL_PATH]) {
    snprintf(path, CHR_JOURNAL_PATH, "%s", chr_journal_path(t->journal));
    chr_player_free(t->player);
    chr_journal_close(t->journal, n_heard);
}

static void record(char path[CHR_JOURNAL_PATH], bool until_there_is_time) {
    take t = begin();
    chr_player *p = t.player;
    chr_journal *j = t.journal;
    type(p, "quantize off\npatch pad voices=8: saw freq > lpf 900 > vca env(release=300ms) > mix > "
            "gain 0.1 > out\nmelody pad: [C3,E3,G3,B3,D4,F4,A4,C5]");
    type(p, "play");
    play(p, j, 12000);
    assert_int_equal(chr_player_thin(p, "pad", 4), CHR_OK);
    play(p, j, 12000);
    type(p, "set pad gain=0.5");
    play(p, j, 6000);
    assert_int_equal(chr_player_thin(p, "pad", 2), CHR_OK);
    play(p, j, 9600);
    type(p, "undo");
    play(p, j, 12000);
    if (until_there_is_time)
        assert_int_equal(chr_player_thin(p, "pad", 0), CHR_OK);
    play(p, j, 24000);
    end(&t, path);
}

static void check_performance(const char *path, size_t least) {
    char why[CHR_JOURNAL_TEXT];
    chr_journal_text t;
    assert_true(chr_journal_read(&t, path, why));
    chr_perform_options options = {.program = "test"};
    chr_performance *p = chr_perform_open(&t, &options);
    assert_non_null(p);
    size_t length = chr_perform_length(p);
    assert_true(length > least && length <= n_heard);
    float voiced = 0;
    for (size_t at = 0; at + BLOCK <= length; at += BLOCK) {
        float out[BLOCK][2];
        if (!chr_perform_render(p, out[0], BLOCK, why))
            fail_msg("%s", why);
        assert_memory_equal(out, heard[at], sizeof out);
        voiced += out[0][0] * out[0][0];
    }
    assert_true(voiced > 0.01f);
    assert_null(chr_perform_remark(p));
    chr_perform_close(p);
    chr_journal_text_clear(&t);
}

static void thinned_takes_are_performed_bit_for_bit(void **state) {
    (void)state;
    char path[CHR_JOURNAL_PATH];
    record(path, true);
    check_performance(path, FRAMES / 2);
}

static void who_comes_back_has_as_few_voices(void **state) {
    (void)state;
    char path[CHR_JOURNAL_PATH], why[CHR_JOURNAL_TEXT];
    record(path, false);
    chr_journal_text former;
    assert_true(chr_journal_read(&former, path, why));
    take t = begin();
    chr_witness witness = chr_journal_witness(t.journal);
    assert_true(chr_resume(t.player, &witness, &former).plays);
    chr_journal_text_clear(&former);
    const chr_thinned *thinned = chr_session_thinned(chr_player_session(t.player), 0);
    assert_non_null(thinned);
    assert_int_equal(thinned->voices, 2);
    play(t.player, t.journal, 24000);
    assert_int_equal(chr_player_thin(t.player, "pad", 0), CHR_OK);
    play(t.player, t.journal, 24000);
    end(&t, path);
    check_performance(path, 24000);
}

static int make_folder(void **state) {
    (void)state;
    memset(strchr(folder, '\0') - 6, 'X', 6);
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    empty_folder(folder);
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(thinned_takes_are_performed_bit_for_bit, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(who_comes_back_has_as_few_voices, make_folder,
                                        remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
