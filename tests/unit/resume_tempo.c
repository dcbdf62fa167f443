/* tests/unit/resume_tempo.c: a tempo that was typed to change slowly, and was on its way when the
 * session ended, goes on from there when the session comes back; and the new take can be performed.
 * SPDX-License-Identifier: MIT */
#include "runtime/resume.h"

#include <math.h>

enum { RATE = 8000, BLOCK = 64, FRAMES = 120 * RATE };

#include "tests/support/take.h"

static char folder[] = "/tmp/chronus-tempo-XXXXXX";

static float heard[FRAMES][2];

static take begin(void) {
    return take_begin(folder, heard, FRAMES);
}

static chr_engine_counters now(const take *t) {
    return chr_player_look(t->player);
}

/* Until so many beats have been played since it began. */
static void play_to(take *t, double beat) {
    while (now(t).beat + now(t).looped + now(t).jumped < beat)
        take_step(t);
}

static void end(take *t, char path[CHR_JOURNAL_PATH]) {
    chr_player_tend(t->player);
    const chr_engine_counters last = now(t);
    const chr_position song = {
        .running = last.running, .beat = last.beat, .looped = last.looped, .jumped = last.jumped};
    chr_journal_position(t->journal, &song);
    take_end(t, path);
}

static take resumed(const char *path) {
    char why[CHR_JOURNAL_TEXT];
    chr_journal_text former;
    assert_true(chr_journal_read(&former, path, why));
    take t = begin();
    chr_witness witness = chr_journal_witness(t.journal);
    chr_resumed r = chr_resume(t.player, &witness, &former);
    assert_true(r.plays && r.n_failed == 0);
    chr_journal_text_clear(&former);
    play_to(&t, 0.001); /* it has taken over */
    return t;
}

static void near(double x, double wanted) {
    if (fabs(x - wanted) > 0.1) /* of a block's length */
        fail_msg("%g beats a minute, wanted %g", x, wanted);
}

static void performed_alike(const take *t, const char *path) {
    assert_int_equal(take_performs(t, path), t->n);
}

#define MUSIC "patch p: saw > perc > gain 0.2 > out\nmelody p step=1/8: C3 E3 G3\nplay\n"

/* From 90 to 120 over eight bars from bar 3 on: at bar 5 it has come to 97.5. */
static void it_goes_on_from_where_it_was(void **state) {
    (void)state;
    char path[CHR_JOURNAL_PATH];
    take t = begin();
    take_type(&t, "tempo 90\n" MUSIC);
    play_to(&t, 8);
    take_type(&t, "tempo 120 over 8 bars\n");
    play_to(&t, 16);
    near(now(&t).bpm, 97.5);
    end(&t, path);
    t = resumed(path);
    near(now(&t).bpm, 97.5);
    play_to(&t, 12); /* and once more in the middle of it: 20 of 32 beats */
    near(now(&t).bpm, 108.75);
    end(&t, path);
    performed_alike(&t, path);
    t = resumed(path);
    near(now(&t).bpm, 108.75);
    play_to(&t, 6);
    near(now(&t).bpm, 114.375);
    play_to(&t, 12.5);
    assert_true(now(&t).bpm == 120.0);
    play_to(&t, 16);
    assert_true(now(&t).bpm == 120.0);
    end(&t, path);
    performed_alike(&t, path);
    t = resumed(path); /* when it is over it stays */
    assert_true(now(&t).bpm == 120.0);
    end(&t, path);
}

/* What the ramp began from is what held then and there, in a song whose tempo changes. */
static void it_began_from_the_tempo_of_its_place(void **state) {
    (void)state;
    char path[CHR_JOURNAL_PATH];
    take t = begin();
    take_type(&t, "tempo 100\ntempo 160 at bar 3\n" MUSIC);
    play_to(&t, 12);
    take_type(&t, "tempo 80 over 8 beats\n");
    play_to(&t, 16);
    near(now(&t).bpm, 120);
    take_type(&t, "now: play from bar 1\n");
    play_to(&t, 18);
    near(now(&t).bpm, 100);
    end(&t, path);
    t = resumed(path);
    near(now(&t).bpm, 100);
    play_to(&t, 2.1);
    assert_true(now(&t).bpm == 80.0);
    end(&t, path);
    performed_alike(&t, path);
}

/* One that takes over from another on its way begins where that one had come to. */
static void the_last_of_several_goes_on(void **state) {
    (void)state;
    char path[CHR_JOURNAL_PATH];
    take t = begin();
    take_type(&t, "tempo 100\n" MUSIC);
    play_to(&t, 4);
    take_type(&t, "tempo 180 over 16 beats\n");
    play_to(&t, 12);
    near(now(&t).bpm, 140);
    take_type(&t, "tempo 100 over 16 beats\n");
    play_to(&t, 20);
    double then = now(&t).bpm;
    near(then, 120);
    end(&t, path);
    t = resumed(path);
    near(now(&t).bpm, then);
    take_type(&t, "undo\n");
    play_to(&t, 0.2); /* the first of them, as long after it began: it has arrived */
    near(now(&t).bpm, 180);
    end(&t, path);
}

static int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    empty_folder(folder);
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_goes_on_from_where_it_was),
        cmocka_unit_test(it_began_from_the_tempo_of_its_place),
        cmocka_unit_test(the_last_of_several_goes_on),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
