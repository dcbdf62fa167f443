/* tests/unit/thin_journal.c: a take in which the computer was late is performed with the same
 * voices at the same samples, bit for bit; and a session that comes back has as few as it had.
 * SPDX-License-Identifier: MIT */
#include "runtime/resume.h"

enum { RATE = 48000, BLOCK = 48, FRAMES = 2 * RATE };

#include "tests/support/take.h"

static char folder[] = "/tmp/chronus-thin-XXXXXX";

static float heard[FRAMES][2];

static void play(take *t, size_t frames) {
    for (size_t end = t->n + frames; t->n < end;)
        take_step(t);
    chr_player_tend(t->player);
}

static take record(char path[CHR_JOURNAL_PATH], bool until_there_is_time) {
    take t = take_begin(folder, heard, FRAMES);
    take_type(&t, "quantize off\npatch pad voices=8: saw freq > lpf 900 > vca env(release=300ms) > "
                  "mix > gain 0.1 > out\nmelody pad: [C3,E3,G3,B3,D4,F4,A4,C5]");
    take_type(&t, "play");
    play(&t, 12000);
    assert_int_equal(chr_player_thin(t.player, "pad", 4), CHR_OK);
    play(&t, 12000);
    take_type(&t, "set pad gain=0.5");
    play(&t, 6000);
    assert_int_equal(chr_player_thin(t.player, "pad", 2), CHR_OK);
    play(&t, 9600);
    take_type(&t, "undo");
    play(&t, 12000);
    if (until_there_is_time)
        assert_int_equal(chr_player_thin(t.player, "pad", 0), CHR_OK);
    play(&t, 24000);
    take_end(&t, path);
    return t;
}

static void check_performance(const take *t, const char *path, size_t least) {
    size_t length = take_performs(t, path);
    assert_true(length > least);
    double voiced = 0;
    for (size_t i = 0; i < length; i++)
        voiced += (double)heard[i][0] * (double)heard[i][0];
    assert_true(voiced > 0.01);
}

static void thinned_takes_are_performed_bit_for_bit(void **state) {
    (void)state;
    char path[CHR_JOURNAL_PATH];
    take t = record(path, true);
    check_performance(&t, path, FRAMES / 2);
}

static void who_comes_back_has_as_few_voices(void **state) {
    (void)state;
    char path[CHR_JOURNAL_PATH], why[CHR_JOURNAL_TEXT];
    record(path, false);
    chr_journal_text former;
    assert_true(chr_journal_read(&former, path, why));
    take t = take_begin(folder, heard, FRAMES);
    chr_witness witness = chr_journal_witness(t.journal);
    assert_true(chr_resume(t.player, &witness, &former).plays);
    chr_journal_text_clear(&former);
    const chr_thinned *thinned = chr_session_thinned(chr_player_session(t.player), 0);
    assert_non_null(thinned);
    assert_int_equal(thinned->voices, 2);
    play(&t, 24000);
    assert_int_equal(chr_player_thin(t.player, "pad", 0), CHR_OK);
    play(&t, 24000);
    take_end(&t, path);
    check_performance(&t, path, 24000);
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
