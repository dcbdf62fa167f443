/* tests/unit/journal.c: what is played is written down, and from that made again, bit for bit;
 * what is wrong with a journal is said. SPDX-License-Identifier: MIT */
#include "runtime/journal.h"
#include "runtime/perform.h"
#include "tests/support/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { RATE = 48000, BLOCK = 48 };

static char folder[] = "/tmp/chronus-journal-XXXXXX";

static int files_in_folder(void) {
    DIR *d = opendir(folder);
    int n = 0;
    for (struct dirent *e; d && (e = readdir(d));)
        n += e->d_name[0] != '.';
    if (d)
        closedir(d);
    return n;
}

/* A session with a journal, and what was heard of it. */
typedef struct set {
    chr_journal *journal;
    chr_player *player;
    chr_engine *engine;
    float *heard; /* [room][2] */
    size_t room;
    _Atomic size_t n; /* frames */
    atomic_bool ends;
    pthread_t thread;
} set;

static set *open_set(size_t seconds, size_t max_bytes) {
    set *s = calloc(1, sizeof *s);
    chr_journal_options about = {.folder = folder,
                                 .program = "test",
                                 .rate_hz = RATE,
                                 .n_channels = 2,
                                 .ceiling = true,
                                 .seed = 7,
                                 .max_bytes = max_bytes};
    s->journal = chr_journal_new(&about);
    assert_non_null(s->journal);
    chr_player_options options = {
        .engine = {.rate_hz = RATE, .ceiling = true, .n_channels = 2},
        .seed = 7,
        .folder = folder,
        .witness = chr_journal_witness(s->journal),
    };
    s->player = chr_player_new(&options);
    assert_non_null(s->player);
    s->engine = chr_player_engine(s->player);
    s->room = seconds * RATE;
    s->heard = calloc(s->room, 2 * sizeof *s->heard);
    return s;
}

static void play(set *s, size_t frames) {
    for (size_t end = s->n + frames; s->n < end;) {
        size_t n = end - s->n < BLOCK ? end - s->n : BLOCK;
        chr_engine_render(s->engine, s->heard + 2 * s->n, (int)n);
        s->n += n;
    }
}

static void tend(set *s) {
    chr_player_tend(s->player);
    chr_journal_tend(s->journal, s->n);
}

static bool type(set *s, const char *text) {
    return chr_player_evaluate(s->player, text, strlen(text), "typed", NULL).applied;
}

/* Ends it; `path` gets the journal's name. */
static void close_set(set *s, char path[CHR_JOURNAL_PATH]) {
    tend(s);
    snprintf(path, CHR_JOURNAL_PATH, "%s", chr_journal_path(s->journal));
    chr_player_free(s->player);
    chr_journal_close(s->journal, s->n);
}

/* Frames that are the same when the journal is played again; `remarks` gets what was said. */
static size_t same_frames(const set *s, const char *path, int block, int lanes, char *remarks) {
    chr_journal_text t;
    char why[CHR_JOURNAL_TEXT];
    if (!chr_journal_read(&t, path, why))
        fail_msg("%s", why);
    chr_perform_options options = {.program = "test", .lanes = lanes};
    chr_performance *p = chr_perform_open(&t, &options);
    assert_non_null(p);
    float *out = calloc((size_t)block, 2 * sizeof *out);
    size_t same = 0, length = chr_perform_length(p);
    assert_true(length <= s->n);
    while (same < length) {
        size_t n = length - same < (size_t)block ? length - same : (size_t)block;
        if (!chr_perform_render(p, out, (int)n, why))
            fail_msg("%s", why);
        if (memcmp(out, s->heard + 2 * same, n * 2 * sizeof *out) != 0)
            break;
        same += n;
    }
    *remarks = '\0';
    for (const char *text; (text = chr_perform_remark(p));)
        snprintf(remarks + strlen(remarks), 1000 - strlen(remarks), "%s\n", text);
    free(out);
    chr_perform_close(p);
    chr_journal_text_clear(&t);
    return same;
}

static void free_set(set *s) {
    free(s->heard);
    free(s);
    empty_folder(folder);
}

/* One of many things that a player does. */
static void edit(set *s, int i) {
    static const char *const lines[] = {
        "set bass cutoff=%d",
        "melody bass: C2 C2 m%d Eb2",
        "patch pad: saw [110 110.7] > mix > lpf %d > gain -18dB > out",
        "create hihat decay=0.0%d",
        "patch pad: saw [110 165] > mix > delay 0.%d > gain -18dB > out",
        "undo",
        "mute kick",
        "unmute",
        "remove pad",
        "undo",
        "redo",
        "tempo %d",
        "nonsense %d",
        "sequence hihat: x.x(3,8)xxx%d > jux (rotate 1)",
        "next beat: mute bass",
        "in %d beats: unmute",
        "every 2 beats: set bass cutoff=%d",
        "set bass cutoff=%d over 3 beats",
        "now: sequence kick: x.x.x%dx.",
        "after 1 beat: { mute hihat }",
        "quantize 1/%d",
        "play from bar %d",
    };
    static const int numbers[] = {400, 40, 700, 3, 2, 0,   0,   0, 0, 0, 0,
                                  110, 0,  5,   0, 1, 300, 900, 2, 0, 4, 2};
    int k = (i * 5 + i / 22) % 22;
    char text[200];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(text, sizeof text, lines[k], numbers[k] + (k == 11 ? i % 40 : i % 7));
#pragma GCC diagnostic pop
    strcat(text, "\n");
    type(s, text);
}

static void begin_music(set *s) {
    assert_true(type(s, "create kick\nsequence kick: x...x...x...x.x.\ncreate bass cutoff=500\n"
                        "melody bass: C2 C2 G2 Eb2\nplay\n"));
}

static void two_hundred_edits_are_made_again(void **state) {
    (void)state;
    set *s = open_set(20, 0);
    char path[CHR_JOURNAL_PATH], remarks[1000];
    begin_music(s);
    uint32_t chance = 1;
    for (int i = 0; i < 200; i++) {
        /* The control thread comes when it comes: sometimes twice in a block, sometimes late. */
        chance = chance * 1664525u + 1013904223u;
        play(s, (chance >> 20) % 9000);
        if (chance & 1u << 19)
            tend(s);
        edit(s, i);
        if (i % 50 == 49)
            type(s, i % 100 == 49 ? "stop\n" : "play\n");
        if (i % 3 == 0)
            tend(s);
    }
    type(s, "hush\n");
    play(s, RATE / 10);
    close_set(s, path);
    assert_int_equal(same_frames(s, path, 512, 0, remarks), s->n);
    assert_string_equal(remarks, "");
    assert_int_equal(same_frames(s, path, 17, 4, remarks), s->n);
    free_set(s);
}

static void *audio(void *context) {
    set *s = context;
    const struct timespec nap = {0, 100000};
    while (!atomic_load(&s->ends) && s->n + BLOCK <= s->room) {
        play(s, BLOCK);
        nanosleep(&nap, NULL);
    }
    return NULL;
}

static void edits_from_another_thread_are_made_again(void **state) {
    (void)state;
    set *s = open_set(60, 0);
    char path[CHR_JOURNAL_PATH], remarks[1000];
    begin_music(s);
    assert_int_equal(pthread_create(&s->thread, NULL, audio, s), 0);
    const struct timespec nap = {0, 1000000};
    for (int i = 0; i < 200; i++) {
        edit(s, i);
        for (int k = 0; k < i % 5; k++) {
            tend(s);
            nanosleep(&nap, NULL);
        }
    }
    atomic_store(&s->ends, true);
    pthread_join(s->thread, NULL);
    close_set(s, path);
    size_t same = same_frames(s, path, 64, 0, remarks);
    assert_string_equal(remarks, "");
    assert_int_equal(same, s->n);
    free_set(s);
}

static void put(const char *name, const char *text) {
    char path[CHR_JOURNAL_PATH];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    fputs(text, f);
    fclose(f);
}

static void files_that_were_read_are_part_of_it(void **state) {
    (void)state;
    set *s = open_set(2, 0);
    char path[CHR_JOURNAL_PATH], remarks[1000];
    put("kit.chr", "fn double(x) = x * 2\n");
    assert_true(type(s, "import \"kit.chr\"\npatch saw double(110) > lpf 500 > out\n"));
    play(s, RATE / 2);
    put("kit.chr", "fn double(x) = x * 3\n");
    assert_true(type(s, "import \"kit.chr\"\n"));
    play(s, RATE / 2);
    put("kit.chr", "this is no Chronus\n");
    close_set(s, path);
    assert_int_equal(same_frames(s, path, 512, 0, remarks), s->n);
    free_set(s);
}

static void tunings_that_were_read_are_part_of_it(void **state) {
    (void)state;
    set *s = open_set(6, 0);
    char path[CHR_JOURNAL_PATH], remarks[1000];
    put("mine.scl", "caf\xe9\n 3\n 9/8\n 3/2\n 2/1\n");
    assert_true(type(s, "patch a: saw > gain -12dB > out\npatch b: saw A2 > gain -18dB > out\n"
                        "melody a step=1/8: C3 C#3 D3 Eb3\ntuning \"mine\"\nplay\n"));
    play(s, RATE);
    put("mine.scl", "no scale\n");
    assert_true(type(s, "now: tuning \"just\" root=D A4=432Hz\n"));
    play(s, RATE / 2);
    assert_true(type(s, "in 1/4: tuning \"equal19\" map=\"equal19\"\n"));
    for (int i = 0; i < 10; i++) {
        play(s, RATE / 10);
        tend(s);
    }
    assert_true(type(s, "tuning off\n"));
    play(s, 3 * RATE);
    close_set(s, path);
    assert_int_equal(same_frames(s, path, 512, 0, remarks), s->n);
    assert_string_equal(remarks, "");
    free_set(s);
}

/* A short session's journal, as text. */
static char *short_journal(char path[CHR_JOURNAL_PATH], size_t *len) {
    set *s = open_set(2, 0);
    assert_true(type(s, "patch \"\t\x01 \\n"
                        "\n") == false);
    assert_true(type(s, "patch saw 110 > lpf 500 > out # \xc3\xa9 \"quoted\" \\\n"));
    play(s, RATE / 4);
    tend(s);
    assert_true(type(s, "patch saw 220 > lpf 500 > out\n"));
    play(s, RATE / 4);
    close_set(s, path);
    free(s->heard);
    free(s);
    char *text = NULL;
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    text = calloc(1, 65536);
    *len = fread(text, 1, 65535, f);
    fclose(f);
    return text;
}

static void write_to(const char *path, const char *text, size_t len) {
    FILE *f = fopen(path, "w");
    fwrite(text, 1, len, f);
    fclose(f);
}

/* Cut anywhere it is read as far as it goes; with any byte changed it is never taken for good. */
static void a_damaged_journal_is_read_up_to_the_damage(void **state) {
    (void)state;
    char path[CHR_JOURNAL_PATH], why[CHR_JOURNAL_TEXT];
    size_t len;
    char *text = short_journal(path, &len);
    size_t first = (size_t)(strchr(text, '\n') - text) + 1;
    chr_journal_text t;
    assert_true(chr_journal_read(&t, path, why));
    size_t whole = t.n;
    assert_true(t.whole && !*t.damage && whole >= 6);
    assert_string_equal(chr_record_text(&t.records[1], "text", ""),
                        "patch saw 110 > lpf 500 > out # \xc3\xa9 \"quoted\" \\\n");
    chr_journal_text_clear(&t);
    for (size_t n = 0; n < len; n++) {
        write_to(path, text, n);
        bool good = chr_journal_read(&t, path, why);
        assert_int_equal(good, n >= first);
        if (!good) {
            assert_non_null(strstr(why, n == 0 ? "is empty" : "is no journal"));
            continue;
        }
        assert_true(t.n < whole && !t.whole);
        bool at_line = text[n - 1] == '\n';
        assert_int_equal(*t.damage != 0, !at_line);
        chr_journal_text_clear(&t);
    }
    for (size_t n = 0; n < len; n++) {
        char *changed = malloc(len);
        memcpy(changed, text, len);
        changed[n] ^= 4;
        write_to(path, changed, len);
        if (chr_journal_read(&t, path, why)) {
            assert_true(*t.damage && t.n < whole);
            assert_non_null(strstr(t.damage, "line "));
            chr_journal_text_clear(&t);
        } else {
            assert_true(n < first);
        }
        free(changed);
    }
    free(text);
    empty_folder(folder);
}

static void a_line_that_was_taken_out_is_missed(void **state) {
    (void)state;
    char path[CHR_JOURNAL_PATH], why[CHR_JOURNAL_TEXT];
    size_t len;
    char *text = short_journal(path, &len), *second = strchr(text, '\n') + 1,
         *third = strchr(second, '\n') + 1;
    memmove(second, third, strlen(third) + 1);
    write_to(path, text, strlen(text));
    chr_journal_text t;
    assert_true(chr_journal_read(&t, path, why));
    assert_string_equal(t.damage, "line 2 is damaged; what follows it is left out");
    assert_int_equal(t.n, 1);
    chr_journal_text_clear(&t);
    free(text);
    empty_folder(folder);
}

static void what_is_no_journal_is_refused(void **state) {
    (void)state;
    char path[CHR_JOURNAL_PATH], why[CHR_JOURNAL_TEXT];
    chr_journal_text t;
    snprintf(path, sizeof path, "%s/x.chrlog", folder);
    put("x.chrlog", "patch saw 220 > out\n");
    assert_false(chr_journal_is_one(path));
    assert_false(chr_journal_read(&t, path, why));
    assert_non_null(strstr(why, "is no journal of Chronus"));
    chr_line line = {0};
    uint32_t sum = 0;
    chr_line_begin(&line);
    chr_line_number(&line, "journal", 2);
    chr_line_end(&line, &sum);
    put("x.chrlog", line.text);
    chr_line_free(&line);
    assert_true(chr_journal_is_one(path));
    assert_false(chr_journal_read(&t, path, why));
    assert_non_null(strstr(why, "a later version of Chronus (format 2)"));
    unlink(path);
    assert_false(chr_journal_read(&t, path, why));
    assert_non_null(strstr(why, "cannot be read"));
    empty_folder(folder);
}

static void a_journal_stops_where_it_is_full(void **state) {
    (void)state;
    set *s = open_set(30, 4000);
    char path[CHR_JOURNAL_PATH], remarks[1000];
    begin_music(s);
    for (int i = 0; i < 200; i++) {
        edit(s, i);
        play(s, 480);
        tend(s);
    }
    const char *trouble = chr_journal_news(s->journal);
    assert_non_null(trouble);
    assert_non_null(strstr(trouble, "full"));
    assert_null(chr_journal_news(s->journal));
    close_set(s, path);
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    assert_in_range(about.st_size, 3000, 4000);
    size_t same = same_frames(s, path, 480, 0, remarks);
    assert_string_equal(remarks, "");
    assert_true(same > 480 && same < s->n);
    free_set(s);
}

static void a_session_without_an_evaluation_leaves_nothing(void **state) {
    (void)state;
    set *s = open_set(1, 0);
    play(s, 480);
    tend(s);
    chr_player_free(s->player);
    chr_journal_close(s->journal, s->n);
    assert_int_equal(files_in_folder(), 0);
    free_set(s);
    s = open_set(1, 0);
    assert_false(type(s, "nonsense\n"));
    assert_true(type(s, "list\n"));
    chr_player_free(s->player);
    chr_journal_close(s->journal, s->n);
    assert_int_equal(files_in_folder(), 0);
    free_set(s);
}

/* ---- sessions that are over ---- */

static void the_last_session_that_is_over_is_found(void **state) {
    (void)state;
    char path[CHR_JOURNAL_PATH], why[CHR_JOURNAL_TEXT];
    chr_journal_text t;
    assert_false(chr_journal_last(&t, folder, why));
    assert_string_equal(why, "there is no session to go on with");
    set *running = open_set(1, 0);
    assert_true(type(running, "patch saw 110 > out\n"));
    assert_false(chr_journal_last(&t, folder, why)); /* it goes on */
    assert_false(chr_journal_died(folder));
    set *s = open_set(1, 0);
    assert_true(type(s, "patch saw 220 > out\n"));
    close_set(s, path);
    assert_false(chr_journal_died(folder));
    assert_true(chr_journal_last(&t, folder, why));
    assert_string_equal(t.path, path);
    assert_null(t.doing);
    /* Nobody else takes it meanwhile. */
    chr_journal_text other;
    assert_false(chr_journal_last(&other, folder, why));
    chr_journal_text_clear(&t);
    free(s->heard);
    free(s);
    close_set(running, path);
    free_set(running);
}

/* A session whose program dies while an evaluation, or the graph that it made, is at work. */
static void a_session_that_died_says_what_it_was_doing(void **state) {
    (void)state;
    char why[CHR_JOURNAL_TEXT];
    for (int way = 0; way < 3; way++) {
        if (fork() == 0) {
            set *s = open_set(1, 0);
            type(s, "patch saw 220 > out\n");
            tend(s);
            play(s, 480);
            tend(s);
            play(s, RATE / 4);
            tend(s);
            if (way == 0) /* between two evaluations */
                _exit(0);
            chr_witness w = chr_journal_witness(s->journal);
            if (way == 1) /* in the middle of one */
                w.begins(w.context, "patch deadly\n", 13, "typed", NULL);
            else /* it was applied, and never heard */
                type(s, "patch saw 330 > out\n");
            _exit(0);
        }
        int how;
        wait(&how);
        assert_true(chr_journal_died(folder));
        chr_journal_text t;
        assert_true(chr_journal_last(&t, folder, why));
        assert_false(t.whole);
        if (way == 0)
            assert_null(t.doing);
        else
            assert_string_equal(t.doing, way == 1 ? "patch deadly\n" : "patch saw 330 > out\n");
        chr_journal_text_clear(&t);
        empty_folder(folder);
    }
}

static void old_journals_make_room(void **state) {
    (void)state;
    for (int i = 0; i < CHR_JOURNALS + 10; i++) {
        char name[64];
        snprintf(name, sizeof name, "2020-01-01-%06d-000-1.chrlog", i);
        put(name, "old\n");
    }
    char path[CHR_JOURNAL_PATH];
    set *s = open_set(1, 0);
    assert_true(type(s, "patch saw 220 > out\n"));
    close_set(s, path);
    assert_int_equal(files_in_folder(), CHR_JOURNALS + 1);
    snprintf(path, sizeof path, "%s/2020-01-01-000009-000-1.chrlog", folder);
    assert_int_not_equal(access(path, F_OK), 0);
    free_set(s);
}

static int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_hundred_edits_are_made_again),
        cmocka_unit_test(edits_from_another_thread_are_made_again),
        cmocka_unit_test(files_that_were_read_are_part_of_it),
        cmocka_unit_test(tunings_that_were_read_are_part_of_it),
        cmocka_unit_test(a_damaged_journal_is_read_up_to_the_damage),
        cmocka_unit_test(a_line_that_was_taken_out_is_missed),
        cmocka_unit_test(what_is_no_journal_is_refused),
        cmocka_unit_test(a_journal_stops_where_it_is_full),
        cmocka_unit_test(a_session_without_an_evaluation_leaves_nothing),
        cmocka_unit_test(the_last_session_that_is_over_is_found),
        cmocka_unit_test(a_session_that_died_says_what_it_was_doing),
        cmocka_unit_test(old_journals_make_room),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
