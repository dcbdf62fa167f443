/* tests/unit/recorder.c: what is recorded is what was heard, to the bit; the file is whole at any
 * moment; nothing is written over, and nothing that goes wrong stops the music.
 * SPDX-License-Identifier: MIT */
#include "runtime/player.h"

#include <setjmp.h>
#include <signal.h>
#include <sndfile.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

enum { RATE_HZ = 48000, BLOCK = 480, FRAMES_MAX = 20 * RATE_HZ };

typedef struct studio {
    char folder[64];
    chr_player *player;
    float *heard; /* interleaved */
    int n;        /* frames */
    char note[1024], trouble[1024];
} studio;

static studio s;

static void on_note(void *context, const char *text) {
    (void)context;
    snprintf(s.note, sizeof s.note, "%s", text);
}
static void on_trouble(void *context, const char *text) {
    (void)context;
    snprintf(s.trouble, sizeof s.trouble, "%s", text);
}

static int open_studio(void **state) {
    (void)state;
    s = (studio){.folder = "/tmp/chronus-recorder-XXXXXX",
                 .heard = calloc(FRAMES_MAX * 2, sizeof(float))};
    assert_non_null(s.heard);
    assert_non_null(mkdtemp(s.folder));
    chr_player_options options = {
        .engine = {.rate_hz = RATE_HZ, .n_channels = 2, .stems = true, .ceiling = true},
        .allow_save = true,
        .folder = s.folder,
        .listener = {.note = on_note,   .trouble = on_trouble                 },
    };
    s.player = chr_player_new(&options);
    assert_non_null(s.player);
    return 0;
}

static int close_studio(void **state) {
    (void)state;
    chr_player_free(s.player);
    free(s.heard);
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", s.folder);
    return system(command);
}

static int say(const char *text) {
    s.note[0] = s.trouble[0] = '\0';
    return chr_player_evaluate(s.player, text, strlen(text), "test", NULL).n_errors;
}

static void play(double seconds) {
    for (int n = (int)(seconds * RATE_HZ + 0.5); n > 0; n -= BLOCK) {
        chr_player_tend(s.player);
        chr_engine_render(chr_player_engine(s.player), s.heard + 2 * s.n, BLOCK);
        s.n += BLOCK;
    }
    chr_player_tend(s.player);
}

/* Reads FOLDER/recordings/NAME; frames, or -1. */
static int read_file(const char *name, float **frames) {
    char path[256];
    snprintf(path, sizeof path, "%s/recordings/%s", s.folder, name);
    SF_INFO info = {.format = 0};
    SNDFILE *file = sf_open(path, SFM_READ, &info);
    if (!file)
        return -1;
    assert_int_equal(info.channels, 2);
    assert_int_equal(info.samplerate, RATE_HZ);
    *frames = calloc((size_t)info.frames * 2 + 2, sizeof **frames);
    int n = (int)sf_readf_float(file, *frames, info.frames);
    assert_int_equal(n, info.frames);
    sf_close(file);
    return n;
}

static bool contains(const char *text, const char *part) {
    if (!strstr(text, part))
        print_error("expected %s in: %s\n", part, text);
    return strstr(text, part) != NULL;
}

static void a_recording_is_what_was_heard(void **state) {
    (void)state;
    say("patch a: saw 220 > lpf 900 > out");
    play(0.5);
    int from = s.n;
    assert_int_equal(say("record \"take.wav\""), 0);
    assert_true(contains(s.note, "recordings/take.wav"));
    play(1.0);
    say("set a cutoff=400");
    play(1.0);
    assert_int_equal(say("stop recording"), 0);
    play(0.1);
    assert_true(contains(s.note, "recorded 2.0 s"));
    float *x;
    int n = read_file("take.wav", &x), late = chr_engine_latency(chr_player_engine(s.player));
    assert_int_equal(n, 2 * RATE_HZ);
    assert_true(late > 0);
    assert_memory_equal(x, s.heard + 2 * (from + late), (size_t)n * 2 * sizeof(float));
    free(x);
}

static void patches_have_files_of_one_length(void **state) {
    (void)state;
    say("patch a: sine 220 > gain -12dB > out\npatch b: saw 110 > gain -12dB > out");
    play(0.2);
    say("record \"song\" stems");
    play(0.5);
    say("patch late: sine 440 > gain -12dB > out");
    play(0.5);
    say("remove b");
    play(0.5);
    say("stop recording");
    play(0.1);
    assert_true(contains(s.note, "3 patches beside it"));
    float *whole, *a, *b, *late;
    int n = read_file("song.wav", &whole);
    assert_int_equal(n, 3 * RATE_HZ / 2);
    assert_int_equal(read_file("song/a.wav", &a), n);
    assert_int_equal(read_file("song/b.wav", &b), n);
    assert_int_equal(read_file("song/late.wav", &late), n);
    float most = 0.0f;
    for (int i = 0; i < 2 * n; i++) { /* far below the ceiling the whole is the sum */
        float rest = whole[i] - (a[i] + b[i] + late[i]);
        most = rest > most ? rest : -rest > most ? -rest : most;
    }
    assert_true(most < 1e-6f);
    for (int i = 0; i < RATE_HZ / 2; i++)
        assert_true(late[2 * i] == 0.0f);
    for (int i = 11 * RATE_HZ / 10; i < n; i++)
        assert_true(b[2 * i] == 0.0f);
    free(whole);
    free(a);
    free(b);
    free(late);
}

static void nothing_is_written_over(void **state) {
    (void)state;
    say("patch a: sine 220 > out");
    say("record \"take\"");
    play(0.5);
    say("record \"other\"");
    assert_true(contains(s.trouble, "already"));
    say("stop recording");
    play(0.1);
    say("stop recording");
    assert_true(contains(s.trouble, "nothing is being recorded"));
    say("record \"take.wav\"");
    assert_true(contains(s.trouble, "is there already"));
    float *x;
    assert_int_equal(read_file("take.wav", &x), RATE_HZ / 2);
    free(x);
    assert_int_equal(say("record \"../take\""), 1);
    assert_int_equal(say("record \"a/b\""), 1);
    assert_int_equal(say("record \"\""), 1);
    assert_int_equal(say("record \".wav\""), 1);
}

static void the_file_is_whole_at_any_moment(void **state) {
    (void)state;
    say("patch a: sine 220 > out");
    say("record \"take\"");
    float *x;
    assert_int_equal(read_file("take.wav", &x), 0);
    free(x);
    play(1.0);
    int n = read_file("take.wav", &x);
    assert_true(n > RATE_HZ * 9 / 10 && n <= RATE_HZ);
    free(x);
    chr_player_free(s.player); /* the program ends */
    assert_true(contains(s.note, "recorded 1.0 s"));
    n = read_file("take.wav", &x);
    assert_true(n > RATE_HZ - BLOCK && n <= RATE_HZ);
    free(x);
    s.player = NULL;
}

static void a_full_disk_ends_the_recording_and_not_the_music(void **state) {
    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit before, small;
    getrlimit(RLIMIT_FSIZE, &before);
    say("patch a: sine 220 > out");
    say("record \"take\"");
    small = before;
    small.rlim_cur = 200000;
    setrlimit(RLIMIT_FSIZE, &small);
    s.trouble[0] = '\0';
    play(2.0);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_true(contains(s.trouble, "has ended by itself"));
    assert_true(contains(s.trouble, "the music goes on"));
    float loudest = 0.0f, *x;
    for (int i = s.n - RATE_HZ / 2; i < s.n; i++)
        loudest = s.heard[2 * i] > loudest ? s.heard[2 * i] : loudest;
    assert_true(loudest > 0.1f);
    int n = read_file("take.wav", &x);
    assert_true(n > 10000 && n < 200000 / 8);
    free(x);
    assert_int_equal(say("record \"again\""), 0);
    assert_true(contains(s.note, "again.wav"));
}

static void a_disk_that_sleeps_leaves_a_gap_and_no_shift(void **state) {
    (void)state;
    say("patch a: sine 220 > out");
    play(0.1);
    int from = s.n;
    say("record \"take\"");
    play(0.2);
    int n = 12 * RATE_HZ; /* nobody looks for so long */
    chr_engine_render(chr_player_engine(s.player), s.heard + 2 * s.n, n);
    s.n += n;
    play(1.0);
    say("stop recording");
    play(0.1);
    assert_true(contains(s.note, "were lost"));
    float *x;
    int frames = read_file("take.wav", &x), late = chr_engine_latency(chr_player_engine(s.player));
    assert_true(frames > 13 * RATE_HZ);
    assert_memory_equal(x + 2 * (frames - RATE_HZ / 2),
                        s.heard + 2 * (from + late + frames - RATE_HZ / 2),
                        RATE_HZ * sizeof(float));
    free(x);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_studio, close_studio)
    const struct CMUnitTest tests[] = {
        TEST(a_recording_is_what_was_heard),
        TEST(patches_have_files_of_one_length),
        TEST(nothing_is_written_over),
        TEST(the_file_is_whole_at_any_moment),
        TEST(a_full_disk_ends_the_recording_and_not_the_music),
        TEST(a_disk_that_sleeps_leaves_a_gap_and_no_shift),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
