/* tests/breaking/out_of_memory.c: memory runs out at every allocation in turn, while a session
 * starts, evaluates, changes what plays, answers, saves, records, loads, undoes and plays. Each
 * time it is said, or what was to be done is done whole; the sound goes on as that of a session
 * that had memory enough, bit for bit; nothing is lost of the session, and nothing leaks.
 *
 *     out_of_memory            a few of each, within seconds
 *     out_of_memory all        every allocation of each example and of the scripts below
 *     out_of_memory all FILE   of one script
 *
 * The linker puts the functions of this file in place of the C library's (--wrap); within the
 * C library and the libraries of sound files memory does not run out here, but in failing.sh.
 * SPDX-License-Identifier: MIT */
#include "runtime/journal.h"
#include "runtime/perform.h"
#include "runtime/player.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- memory that runs out ---- */

static long until = -1;          /* allocations that still succeed; -1: all */
static bool for_good;            /* from then on every one fails, not that one alone */
static long refusals, asked_for; /* since it was armed; ever */

static bool refused(void) {
    asked_for++;
    if (until < 0 || (until > 0 && until--))
        return false;
    until = for_good ? 0 : -1;
    refusals++;
    return true;
}

static void arm(long n, bool all_that_follow) {
    until = n;
    for_good = all_that_follow;
    refusals = 0;
}

/* How many failed since it was armed. */
static long disarm(void) {
    until = -1;
    return refusals;
}

/* The wrapped functions and their real ones have the names that the linker gives them. */
#define WRAPPED(type, name, params, args)                                                          \
    type __real_##name params;                                                                     \
    type __wrap_##name params;                                                                     \
    type __wrap_##name params {                                                                    \
        return refused() ? NULL : __real_##name args;                                              \
    }
WRAPPED(void *, malloc, (size_t n), (n))
WRAPPED(void *, calloc, (size_t n, size_t size), (n, size))
WRAPPED(void *, realloc, (void *p, size_t n), (p, n))
WRAPPED(void *, aligned_alloc, (size_t alignment, size_t n), (alignment, n))
WRAPPED(char *, strdup, (const char *s), (s))
WRAPPED(char *, strndup, (const char *s, size_t n), (s, n))
WRAPPED(FILE *, open_memstream, (char **text, size_t *size), (text, size))
WRAPPED(DIR *, fdopendir, (int fd), (fd))

int __wrap_asprintf(char **text, const char *format, ...);
int __wrap_asprintf(char **text, const char *format, ...) {
    if (refused())
        return -1;
    va_list arguments;
    va_start(arguments, format);
    int n = vasprintf(text, format, arguments);
    va_end(arguments);
    return n;
}

/* ---- a session ---- */

enum { RATE = 48000, WHILE = 3, LONG = 30 }; /* chunks after what failed, and after what was done */

static char folder[] = "/tmp/chronus-memory-XXXXXX";
static const char *doing = "", *script;
static int wrong;

static void complain(const char *what, long n) {
    fprintf(stderr, "%s: allocation %ld: %s\n", doing, n, what);
    wrong++;
}

typedef struct world {
    chr_player *player;
    chr_journal *journal; /* or NULL */
    bool said;            /* something was, that is no answer */
    char answer[1 << 16];
} world;

static void on_diagnostics(void *context, const chr_diags *diags) {
    (void)diags;
    ((world *)context)->said = true;
}
static void on_trouble(void *context, const char *text) {
    (void)text;
    ((world *)context)->said = true;
}
static void on_answer(void *context, const char *text) {
    world *w = context;
    size_t n = strlen(w->answer);
    snprintf(w->answer + n, sizeof w->answer - n, "%s", text);
}

/* Time that does not depend on the machine. */
static uint64_t now_ns(void) CHR_NONBLOCKING {
    static uint64_t now;
    return now += 100;
}

/* False: memory was out, and nothing is left of it. */
static bool open_world(world *w, bool written, bool tried) {
    static char own[64], journals[64];
    snprintf(own, sizeof own, "%s/%s", folder, written ? "busy" : "quiet");
    snprintf(journals, sizeof journals, "%s/journals", folder);
    *w = (world){.said = false};
    if (written) {
        chr_journal_options about = {.folder = journals,
                                     .program = "test",
                                     .rate_hz = RATE,
                                     .n_channels = 2,
                                     .ceiling = true,
                                     .seed = 1};
        w->journal = chr_journal_new(&about);
        if (!w->journal)
            return false;
    }
    chr_player_options options = {
        .engine =
            {.rate_hz = RATE, .isa = "x86-64", .ceiling = true, .n_channels = 2, .stems = true},
        .seed = 1,
        .allow_save = true,
        .folder = own,
        .listener = {.context = w,
                     .diagnostics = on_diagnostics,
                     .trouble = on_trouble,
                     .answer = on_answer                                             },
        .now_ns = tried ? now_ns : NULL,
        .untimed = true,
    };
    if (w->journal)
        options.witness = chr_journal_witness(w->journal);
    w->player = chr_player_new(&options);
    if (!w->player)
        chr_journal_close(w->journal, 0);
    return w->player != NULL;
}

static void close_world(world *w) {
    chr_journal_close(w->journal, chr_engine_clock(chr_player_engine(w->player)));
    chr_player_free(w->player);
}

/* ---- two sessions: one that lacks memory, one that does not ---- */

typedef struct pair {
    world busy, quiet;
    bool tried;
    const char *done[32]; /* texts so far */
    int n_done;
} pair;

static void chunk(world *w, float out[2 * CHR_CHUNK]) {
    chr_player_tend(w->player);
    chr_engine_render(chr_player_engine(w->player), out, CHR_CHUNK);
}

static bool same_sound(pair *p, int chunks) {
    bool same = true;
    for (int k = 0; k < chunks; k++) {
        float a[2 * CHR_CHUNK], b[2 * CHR_CHUNK];
        chunk(&p->busy, a);
        chunk(&p->quiet, b);
        same = same && memcmp(a, b, sizeof a) == 0;
    }
    return same;
}

static chr_evaluation say(world *w, const char *text) {
    w->said = false;
    w->answer[0] = '\0';
    return chr_player_evaluate(w->player, text, strlen(text), "typed",
                               text == script ? "script.chr" : NULL);
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where) {
    (void)about, (void)kind;
    return where->level ? remove(path) : 0;
}

static void empty_folder(void) {
    char own[64];
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    for (int k = 0; k < 2; k++) {
        snprintf(own, sizeof own, "%s/%s", folder, k ? "busy" : "quiet");
        if (mkdir(own, 0700) != 0)
            abort();
    }
}

static void open_pair(pair *p) {
    empty_folder();
    if (!open_world(&p->busy, true, p->tried) || !open_world(&p->quiet, false, p->tried))
        abort();
    for (int i = 0; i < p->n_done; i++) {
        say(&p->busy, p->done[i]);
        say(&p->quiet, p->done[i]);
        if (!same_sound(p, LONG))
            complain("two sessions of the same text differ", -1);
    }
}

static void close_pair(pair *p) {
    close_world(&p->busy);
    close_world(&p->quiet);
}

static char *text_of(world *w) {
    char *text = chr_session_text(chr_player_session(w->player));
    if (!text)
        abort();
    return text;
}

static long n_refused, n_done_all_the_same, n_failed; /* evaluations, and allocations */

/* It was refused: nothing of the session is another, and the old sound goes on. */
static void expect_nothing(pair *p, const char *before, const chr_evaluation *e, long n) {
    n_refused++;
    if (e->status != CHR_NO_MEMORY && e->n_errors == 0)
        complain("refused, and no error", n);
    char *after = text_of(&p->busy);
    if (strcmp(before, after) != 0)
        complain("refused, and the session is another", n);
    free(after);
    if (!same_sound(p, WHILE))
        complain("refused, and the sound is another", n);
}

/* It was done without that memory: then whole. */
static void expect_all(pair *p, const char *text, long n) {
    n_done_all_the_same++;
    say(&p->quiet, text);
    char *a = text_of(&p->busy), *b = text_of(&p->quiet);
    if (strcmp(a, b) != 0)
        complain("done, and the session is not what was said", n);
    free(a);
    free(b);
    if (!p->busy.said && !strstr(p->busy.answer, "memory is out") &&
        strcmp(p->busy.answer, p->quiet.answer) != 0)
        complain("another answer, and no error", n);
    if (!same_sound(p, LONG))
        complain("done, and the sound is another", n);
}

/* Evaluates with one allocation that fails; false: it was never reached. */
static bool try_text(pair *p, const char *text, long n, bool all_that_follow) {
    char *before = text_of(&p->busy);
    arm(n, all_that_follow);
    chr_evaluation e = say(&p->busy, text);
    long failed = disarm();
    n_failed += failed;
    if (failed && !e.applied) {
        expect_nothing(p, before, &e, n);
    } else if (failed) {
        expect_all(p, text, n);
        close_pair(p); /* and begin again from before it */
        open_pair(p);
    }
    free(before);
    if (failed)
        return true;
    if (!e.applied)
        complain("with memory it is refused", n);
    expect_all(p, text, n);
    n_done_all_the_same--;
    return false;
}

/* Memory fails while it plays: nobody asked for anything, so nothing is another. */
static bool try_playing(pair *p, long n, bool all_that_follow) {
    arm(n, all_that_follow);
    bool same = true;
    for (int k = 0; k < LONG; k++) {
        float a[2 * CHR_CHUNK], b[2 * CHR_CHUNK];
        chunk(&p->busy, a);
        long left = until;
        until = -1;
        chunk(&p->quiet, b);
        until = left;
        same = same && memcmp(a, b, sizeof a) == 0;
    }
    long failed = disarm();
    n_failed += failed;
    if (!same)
        complain("while it plays the sound is another", n);
    return failed > 0;
}

/* ---- what is tried ---- */

/* After the script; each on top of those before it. */
static const char *const texts[] = {
    "play\n",
    "patch zz: saw [110 220.3] > spread > lpf 500 res=0.3 > delay 0.2 as tap > gain -20dB > out\n",
    "create zk kick\nsequence zk: x.(x|o)? [xx] <x .>{freq=80} > every 4 (rev > fast 2)\n",
    "set zz.lpf.cutoff=900 over 1 bar\n",
    "make zz darker\n",
    "list\n",
    "show zz\n",
    "graph zz\n",
    "why zz\n",
    "history\n",
    "save patch \"memory\"\n",
    "record \"memory\" stems\n",
    "at bar 2: mute zz\n",
    "undo\n",
    "redo\n",
    "stop recording\n",
    "load patch \"memory\"\n",
    "remove zz zk\n",
};
enum { TEXTS = sizeof texts / sizeof *texts };

static const char small[] =
    "tempo 150\nlet wob = lfo 2 > range 300 900\nfn twice(x) = x + x\n"
    "module thin \"A thin one\" {\n  param cut = 500 in 100..2000 log\n  in > hpf cut > "
    "twice(in)\n}\n"
    "bus room: reverb size=0.4 > out\ncreate bass cutoff=500\nmelody bass: C2 . <Eb2 G2>? Cm7\n"
    "patch tune voices=3: saw > lpf wob > env > mix > thin 400 > gain -12dB > out\n"
    "melody tune step=1/8: 1 3 5 > arp\nsend tune to room -6dB\n"
    "automate bass.cutoff: 200 at bar 1, 800 at bar 2\nat bar 2: tempo 90\nplay\n";

static bool thorough;

/* One in so many of `n` allocations is tried: all of them, or about `some`. */
static long step_for(long n, long some) {
    return thorough || n <= some ? 1 : n / some + 1;
}

/* Allocations of one text, once alone and once with all that follow; then it is done. */
static void try_each(pair *p, const char *text, long some) {
    doing = text == script ? "the script" : text;
    long before = asked_for;
    say(&p->busy, text);
    long n = asked_for - before, step = step_for(n, some);
    for (int all = 0; all < 2; all++) {
        close_pair(p);
        open_pair(p);
        long k = all;
        for (; (thorough || k < n) && try_text(p, text, k, all); k += step)
            ;
        if (!thorough && k >= n && try_text(p, text, 1L << 40, false))
            complain("it is never done", k);
    }
    p->done[p->n_done++] = text;
}

static void try_start(bool tried) {
    doing = "the start";
    bool failed = true;
    for (int all = 0; all < 2; all++, failed = true)
        for (long n = 0; failed; n++) {
            world w;
            arm(n, all);
            bool good = open_world(&w, true, tried);
            failed = disarm() > 0;
            if (good)
                close_world(&w);
            else if (!failed)
                complain("it does not start", n);
        }
}

/* What was written down is read and played again. */
static void try_journal(const char *path) {
    doing = "the journal";
    bool failed = true;
    for (int all = 0; all < 2; all++, failed = true)
        for (long n = 0; failed; n += failed && !thorough && n > 20 ? n / 4 : 1) {
            char why[CHR_JOURNAL_TEXT] = "";
            chr_journal_text text = {.lock = -1};
            const chr_perform_options options = {.program = "test"};
            float out[2 * CHR_CHUNK];
            arm(n, all);
            bool good = chr_journal_read(&text, path, why);
            chr_performance *again = good ? chr_perform_open(&text, &options) : NULL;
            for (int k = 0; again && k < 20; k++)
                good = good && chr_perform_render(again, out, CHR_CHUNK, why);
            failed = disarm() > 0;
            chr_perform_close(again);
            chr_journal_text_clear(&text);
            if (!failed && (!again || !good))
                complain(why, n);
            if (failed && !good && !why[0])
                complain("the journal cannot be played, and nobody says why", n);
        }
}

static void try_script(const char *name, const char *text, bool tried, long some) {
    long evaluations = n_refused, whole = n_done_all_the_same, allocations = n_failed;
    pair p = {.tried = tried};
    script = text;
    open_pair(&p);
    try_each(&p, text, some);
    for (int i = 0; i < TEXTS; i += thorough || some > 20 ? 1 : 5)
        try_each(&p, texts[i], some / 4 + 1);
    doing = "while it plays";
    for (long n = 0; try_playing(&p, n, n % 2); n++)
        ;
    char path[CHR_JOURNAL_PATH];
    snprintf(path, sizeof path, "%s", chr_journal_path(p.busy.journal));
    close_pair(&p);
    try_journal(path);
    printf("%s: %ld allocations failed; %ld evaluations refused, %ld done all the same\n", name,
           n_failed - allocations, n_refused - evaluations, n_done_all_the_same - whole);
    fflush(stdout);
}

static void try_file(const char *path, long some) {
    static char text[1 << 16];
    FILE *from = fopen(path, "r");
    size_t n = from ? fread(text, 1, sizeof text - 1, from) : 0;
    if (n == 0) {
        perror(path);
        exit(2);
    }
    fclose(from);
    text[n] = '\0';
    try_script(path, text, false, some);
}

int main(int argc, char **argv) {
    thorough = argc > 1 && strcmp(argv[1], "all") == 0;
    mallopt(M_MMAP_THRESHOLD, 32 << 20); /* what is given back is not asked for anew each time */
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    if (!mkdtemp(folder))
        return 2;
    if (argc > 2) {
        try_file(argv[2], 0);
    } else {
        glob_t found = {0};
        if (glob(CHRONUS_SOURCE_DIR "/examples/*.chr", 0, NULL, &found) != 0)
            return 2;
        try_start(true);
        try_script("a small script", small, true, 28);
        for (size_t i = 0; i < found.gl_pathc; i += thorough ? 1 : 24)
            try_file(found.gl_pathv[i], 12);
        globfree(&found);
    }
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    rmdir(folder);
    return wrong != 0;
}
