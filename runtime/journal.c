/* runtime/journal.c: writes down what is played.
 * SPDX-License-Identifier: MIT */
#include "runtime/journal.h"

#include "lang/hash.h"
#include "runtime/journal_folder.h"
#include "runtime/journal_input.h"
#include "runtime/write.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ALIVE_S 2.0 /* between signs of life */
#define PROVEN_S                                                                                   \
    0.05 /* an evaluation that has been heard for so long does not kill the program                \
          */

/* A file that was read, as the journal has it already. */
typedef struct known {
    struct known *next;
    uint64_t hash;
    char name[]; /* "import kit.chr" */
} known;

struct chr_journal {
    chr_journal_options about;
    char *program, *script_folder;
    char folder[CHR_JOURNAL_PATH], path[CHR_JOURNAL_PATH], doing_path[CHR_JOURNAL_PATH];
    int fd;    /* -1: not begun, or stopped */
    int doing; /* what is being evaluated; -1: not begun */
    bool begun, stopped;
    size_t bytes;
    uint32_t sum;
    uint64_t n_evaluations;
    chr_line line;
    /* The evaluation that is under way or was the last. */
    char *text, *place, *file;
    size_t len;
    bool in_doubt;     /* it stands in the small file */
    uint64_t awaits;   /* the offer that has to be heard before it is out of doubt; 0: none */
    uint64_t heard_at; /* clock; UINT64_MAX: not yet */
    known *files;
    uint64_t fade;     /* frame; UINT64_MAX: there is none */
    uint64_t alive_at; /* clock of the last line with one */
    chr_position position;
    chr_ear *ear; /* NULL: nothing listens to the device */
    bool deaf;    /* it could not be recorded */
    char trouble[CHR_JOURNAL_TEXT], heard[CHR_JOURNAL_TEXT];
    bool told, heard_told;
};

static void forget_evaluation(chr_journal *j) {
    free(j->text);
    free(j->place);
    free(j->file);
    j->text = j->place = j->file = NULL;
}

chr_journal *chr_journal_new(const chr_journal_options *options) {
    chr_journal *j = calloc(1, sizeof *j);
    if (!j)
        return NULL;
    j->about = *options;
    j->fd = j->doing = -1;
    j->heard_at = j->fade = UINT64_MAX;
    j->program = strdup(options->program);
    /* The folder is found again from anywhere. */
    j->script_folder = realpath(options->script_folder ? options->script_folder : ".", NULL);
    if (!j->about.max_bytes)
        j->about.max_bytes = CHR_JOURNAL_BYTES;
    if (j->program)
        return j;
    free(j->script_folder);
    free(j);
    return NULL;
}

/* ---- writing ---- */

static void stop(chr_journal *j, const char *format, const char *why) {
    if (!j->stopped)
        snprintf(j->trouble, sizeof j->trouble, format, why);
    j->stopped = true;
}

static void write_line(chr_journal *j, bool last) {
    uint32_t sum = j->sum;
    chr_line_end(&j->line, &sum);
    if (j->line.failed) {
        stop(j, "%s, so what is played is written down no more", "memory is out");
        return;
    }
    if (!last && j->bytes + j->line.len + 100 > j->about.max_bytes) {
        chr_line_begin(&j->line);
        chr_line_true(&j->line, "full");
        write_line(j, true);
        stop(j, "the journal of this session is %s, so what is played is written down no more",
             "full");
        return;
    }
    if (!chr_write_all(j->fd, j->line.text, j->line.len)) {
        stop(j, "the journal could not be written (%s), so what is played is written down no more",
             strerror(errno));
        /* Half a line is no line; the next reader need not wonder about it. */
        if (ftruncate(j->fd, (off_t)j->bytes) != 0)
            return;
        return;
    }
    j->bytes += j->line.len;
    j->sum = sum;
}

/* A line is begun with its key; false: nothing is written any more. */
static bool line(chr_journal *j) {
    if (!j->begun || j->stopped)
        return false;
    chr_line_begin(&j->line);
    return true;
}

static void write_header(chr_journal *j) {
    if (!line(j))
        return;
    char moment[32];
    time_t now = time(NULL);
    struct tm day;
    strftime(moment, sizeof moment, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &day));
    chr_line_number(&j->line, "journal", CHR_JOURNAL_FORMAT);
    chr_line_text(&j->line, "program", j->program, strlen(j->program));
    chr_line_real(&j->line, "rate", j->about.rate_hz);
    chr_line_number(&j->line, "channels", (uint64_t)j->about.n_channels);
    if (j->about.ceiling)
        chr_line_true(&j->line, "ceiling");
    if (j->about.n_inputs > 0)
        chr_line_number(&j->line, "inputs", (uint64_t)j->about.n_inputs);
    chr_line_number(&j->line, "seed", j->about.seed);
    if (j->script_folder)
        chr_line_text(&j->line, "folder", j->script_folder, strlen(j->script_folder));
    chr_line_text(&j->line, "began", moment, strlen(moment));
    write_line(j, false);
}

static void begin(chr_journal *j) {
    j->begun = true;
    if (!chr_journal_folder(j->about.folder, j->folder)) {
        stop(j, "there is no folder for the journal%s, so this session is not written down", "");
        return;
    }
    chr_journal_prune(j->folder);
    j->fd = chr_journal_create(j->folder, j->path);
    if (j->fd >= 0) {
        chr_journal_beside(j->path, ".doing", j->doing_path);
        j->doing = open(j->doing_path, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    }
    if (j->fd < 0 || j->doing < 0)
        stop(j, "the journal could not be begun (%s), so this session is not written down",
             strerror(errno));
    write_header(j);
}

/* ---- what is being evaluated ---- */

static void out_of_doubt(chr_journal *j) {
    if (j->in_doubt && j->doing >= 0)
        (void)!ftruncate(j->doing, 0);
    j->in_doubt = false;
}

static void on_begins(void *context, const char *text, size_t len, const char *place,
                      const char *file) {
    chr_journal *j = context;
    if (!j->begun)
        begin(j);
    if (j->stopped)
        return;
    out_of_doubt(j);
    forget_evaluation(j);
    j->text = malloc(len + 1);
    j->place = strdup(place);
    j->file = file ? strdup(file) : NULL;
    j->len = len;
    if (!j->text || !j->place || (file && !j->file)) {
        stop(j, "%s, so what is played is written down no more", "memory is out");
        return;
    }
    memcpy(j->text, text, len);
    j->text[len] = '\0';
    j->in_doubt = true;
    j->heard_at = UINT64_MAX;
    j->awaits = 0;
    /* If it cannot be written the evaluation is done all the same. */
    (void)!pwrite(j->doing, text, len, 0);
}

static void write_when(chr_journal *j, const chr_offer_when *when) {
    static const char *const acts[] = {[CHR_CLOCK_START] = "start",
                                       [CHR_CLOCK_STOP] = "stop",
                                       [CHR_CLOCK_JUMP] = "jump",
                                       [CHR_CLOCK_HUSH] = "hush",
                                       [CHR_CLOCK_PANIC] = "panic"};
    if (when->patterns)
        chr_line_true(&j->line, "patterns");
    if (when->clock != CHR_CLOCK_GOES_ON)
        chr_line_text(&j->line, "clock", acts[when->clock], strlen(acts[when->clock]));
    if (when->clock == CHR_CLOCK_JUMP) {
        chr_line_real(&j->line, "to", when->beat);
        chr_line_real(&j->line, "moment", when->moment);
    }
}

static void write_offer(chr_journal *j, const chr_evaluated *e) {
    if (!e->offer)
        return;
    chr_line_number(&j->line, "offer", e->offer);
    write_when(j, &e->when);
}

static void write_position(chr_journal *j, const chr_position *clock) {
    if (clock->running)
        chr_line_true(&j->line, "running");
    if (clock->beat > 0)
        chr_line_real(&j->line, "position", clock->beat);
    if (clock->looped > 0)
        chr_line_real(&j->line, "looped", clock->looped);
    if (clock->jumped < 0 || clock->jumped > 0)
        chr_line_real(&j->line, "jumped", clock->jumped);
    if (clock->said_at > 0)
        chr_line_real(&j->line, "said", clock->said_at);
}

/* What waited has come by itself: no text, but all that was done before it. */
static void on_fired(void *context, double done, double beat, const chr_evaluated *e) {
    chr_journal *j = context;
    if (!line(j))
        return;
    chr_line_number(&j->line, "eval", ++j->n_evaluations);
    chr_line_real(&j->line, "fired", beat);
    chr_line_real(&j->line, "done", done);
    write_offer(j, e);
    write_position(j, &e->clock);
    write_line(j, false);
}

static void on_ended(void *context, const chr_evaluated *e) {
    chr_journal *j = context;
    if (e->applied && !e->asked && j->text && line(j)) {
        chr_line_number(&j->line, "eval", ++j->n_evaluations);
        chr_line_text(&j->line, "text", j->text, j->len);
        chr_line_text(&j->line, "place", j->place, strlen(j->place));
        if (j->file)
            chr_line_text(&j->line, "file", j->file, strlen(j->file));
        write_offer(j, e);
        write_position(j, &e->clock);
        write_line(j, false);
    }
    j->awaits = e->offer;
    if (!e->applied || !e->offer)
        out_of_doubt(j);
    forget_evaluation(j);
}

/* True if a file of that name was read before and was the same; now it is known. */
static bool know(chr_journal *j, const char *kind, const char *name, uint64_t hash) {
    size_t n = strlen(kind) + strlen(name) + 2;
    known *k = malloc(sizeof *k + n);
    if (!k)
        return false;
    snprintf(k->name, n, "%s %s", kind, name);
    k->hash = hash;
    for (known **at = &j->files; *at; at = &(*at)->next)
        if (strcmp((*at)->name, k->name) == 0) {
            bool same = (*at)->hash == hash;
            (*at)->hash = hash;
            free(k);
            return same;
        }
    k->next = j->files;
    j->files = k;
    return false;
}

/* What a script is made of is kept with it; of a recorded sound only what tells whether it is still
 * the same. */
static void on_read(void *context, const char *kind, const char *name, const char *text,
                    size_t len) {
    chr_journal *j = context;
    uint64_t hash = chr_hash_bytes(chr_hash_start, text, len);
    char digits[20];
    if (know(j, kind, name, hash) || !line(j))
        return;
    snprintf(digits, sizeof digits, "%016llx", (unsigned long long)hash);
    chr_line_text(&j->line, "read", name, strlen(name));
    chr_line_text(&j->line, "kind", kind, strlen(kind));
    chr_line_number(&j->line, "bytes", len);
    chr_line_text(&j->line, "hash", digits, 16);
    if (strcmp(kind, "sample") != 0)
        chr_line_text(&j->line, "text", text, len);
    write_line(j, false);
}

static void on_event(void *context, const chr_event *event) {
    static const char *const words[] = {[CHR_EVENT_PLAY] = "play",
                                        [CHR_EVENT_STOP] = "stop",
                                        [CHR_EVENT_STOP_NOW] = "stop now",
                                        [CHR_EVENT_HUSH] = "hush",
                                        [CHR_EVENT_PANIC] = "panic"};
    chr_journal *j = context;
    if (event->kind == CHR_EVENT_OFFER && event->offer == j->awaits)
        j->heard_at = event->at;
    if (event->kind == CHR_EVENT_LOST) {
        chr_journal_gap(j, "the program was busy elsewhere for too long", j->alive_at);
        return;
    }
    if (!line(j))
        return;
    if (event->kind == CHR_EVENT_OFFER)
        chr_line_number(&j->line, "took", event->offer);
    else
        chr_line_text(&j->line, "do", words[event->kind], strlen(words[event->kind]));
    chr_line_number(&j->line, "at", event->at);
    write_line(j, false);
    j->alive_at = event->at;
}

/* An evaluation of nothing, with fewer voices in it. */
static void on_thinned(void *context, const char *patch, uint32_t voices, const chr_evaluated *e) {
    chr_journal *j = context;
    if (!line(j))
        return;
    chr_line_text(&j->line, "thin", patch, strlen(patch));
    chr_line_number(&j->line, "voices", voices);
    if (e->offer) {
        chr_line_number(&j->line, "offer", e->offer);
        write_when(j, &e->when);
    }
    write_position(j, &e->clock);
    write_line(j, false);
}

/* ---- what the device hears ---- */

static void tell_heard(chr_journal *j, const char *format, const char *what) {
    snprintf(j->heard, sizeof j->heard, format, what);
    j->heard_told = false;
}

/* Something in the session listens to the device from the next offer on. */
static void on_hears(void *context, chr_engine *e) {
    chr_journal *j = context;
    char path[CHR_JOURNAL_PATH];
    if (j->ear || j->deaf || !j->begun || j->stopped)
        return;
    chr_journal_beside(j->path, ".input.wav", path);
    j->ear = chr_ear_begin(e, path);
    if (j->ear)
        return;
    j->deaf = true;
    tell_heard(j, "what `input` hears cannot be recorded beside the journal (%s)", strerror(errno));
    chr_journal_gap(j, "what `input` heard was not recorded", chr_engine_clock(e));
}

static void write_ear(chr_journal *j, uint64_t at) {
    char path[CHR_JOURNAL_PATH];
    chr_journal_beside(j->path, ".input.wav", path);
    const char *name = strrchr(path, '/');
    chr_journal_note(j, "input", name ? name + 1 : path, at);
    tell_heard(j, "what `input` hears is recorded beside the journal, in %.300s", path);
}

static void tend_ear(chr_journal *j) {
    uint64_t at = 0;
    const char *why = NULL;
    chr_ear_news news = CHR_EAR_NONE;
    while (j->ear && (news = chr_ear_tend(j->ear, &at, &why)) != CHR_EAR_NONE) {
        if (news == CHR_EAR_BEGAN)
            write_ear(j, at);
        else if (news == CHR_EAR_LOST)
            chr_journal_gap(j, "a part of what `input` heard was lost to a slow disk", at);
        else
            chr_journal_gap(j, "what `input` heard was recorded no more", at);
        if (news == CHR_EAR_ENDED)
            tell_heard(j, "what `input` hears is recorded no more (%s)", why);
    }
}

chr_witness chr_journal_witness(chr_journal *j) {
    return (chr_witness){.context = j,
                         .begins = on_begins,
                         .ended = on_ended,
                         .was_read = on_read,
                         .event = on_event,
                         .fired = on_fired,
                         .thinned = on_thinned,
                         .hears = on_hears};
}

void chr_journal_position(chr_journal *j, const chr_position *now) {
    j->position = *now;
}

void chr_journal_tend(chr_journal *j, uint64_t clock) {
    tend_ear(j);
    if (j->in_doubt && j->heard_at != UINT64_MAX &&
        clock > j->heard_at + (uint64_t)(PROVEN_S * j->about.rate_hz))
        out_of_doubt(j);
    if (clock < j->alive_at + (uint64_t)(ALIVE_S * j->about.rate_hz) || !line(j))
        return;
    j->alive_at = clock;
    chr_line_number(&j->line, "alive", clock);
    write_position(j, &j->position);
    write_line(j, false);
}

void chr_journal_note(chr_journal *j, const char *what, const char *text, uint64_t clock) {
    if (!line(j))
        return;
    chr_line_text(&j->line, what, text, strlen(text));
    chr_line_number(&j->line, "at", clock);
    write_line(j, false);
}

void chr_journal_gap(chr_journal *j, const char *why, uint64_t clock) {
    chr_journal_note(j, "gap", why, clock);
}

const char *chr_journal_news(chr_journal *j) {
    if (!j->told && *j->trouble) {
        j->told = true;
        return j->trouble;
    }
    if (j->heard_told || !*j->heard)
        return NULL;
    j->heard_told = true;
    return j->heard;
}

const char *chr_journal_path(const chr_journal *j) {
    return j->fd >= 0 ? j->path : NULL;
}

void chr_journal_fades(chr_journal *j, uint64_t frame) {
    j->fade = frame;
}

void chr_journal_close(chr_journal *j, uint64_t clock) {
    if (!j)
        return;
    tend_ear(j);
    chr_ear_end(j->ear);
    if (j->n_evaluations > 0 && line(j)) {
        chr_line_number(&j->line, "end", clock);
        write_position(j, &j->position);
        if (j->fade != UINT64_MAX)
            chr_line_number(&j->line, "fade", j->fade);
        write_line(j, false);
    }
    if (j->fd >= 0 && j->n_evaluations == 0)
        unlink(j->path);
    if (j->doing >= 0) {
        unlink(j->doing_path);
        close(j->doing);
    }
    if (j->fd >= 0)
        close(j->fd);
    for (known *k = j->files, *next; k; k = next) {
        next = k->next;
        free(k);
    }
    forget_evaluation(j);
    chr_line_free(&j->line);
    free(j->program);
    free(j->script_folder);
    free(j);
}
