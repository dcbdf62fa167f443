/* runtime/recorder.c: from a tap to WAV files.
 * SPDX-License-Identifier: MIT */
#include "runtime/recorder.h"

#include "runtime/listen.h"
#include "runtime/wave.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    TRACKS_MAX = 256, /* files at once */
    TAP_S = 8,        /* how long a disk may sleep without a loss */
    STEMS_ROOM = 64   /* patches more than there are now, for which the tap has room */
};
typedef struct track {
    uint64_t id; /* of a patch; the master is the first track */
    chr_wave wave;
} track;

struct chr_recorder {
    chr_engine *engine;
    chr_files *files;
    chr_tap *tap; /* NULL: nothing is recorded */
    char *name;
    char path[256]; /* of the whole */
    bool stems, begun;
    uint64_t begin, end; /* clock; end: UINT64_MAX until it is known */
    track *tracks;
    int n_tracks;
    const char *failed; /* why it must end, or NULL */
    char why[256];
};

chr_recorder *chr_recorder_new(chr_engine *e, chr_files *files) {
    chr_recorder *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->engine = e;
    r->files = files;
    return r;
}

/* ---- files ---- */

static void fail(chr_recorder *r, const char *why) {
    if (r->failed)
        return;
    snprintf(r->why, sizeof r->why, "%s", why);
    r->failed = r->why;
}

static void take(chr_recorder *r, track *t, const float *const *sides, uint32_t at) {
    const char *why = chr_wave_take(&t->wave, sides, at);
    if (why)
        fail(r, why);
}

/* One more file, silent up to `n` frames. NULL: `errno` tells. */
static track *open_track(chr_recorder *r, uint64_t id, const char *stem, uint32_t n_channels,
                         char path[256]) {
    if (r->n_tracks == TRACKS_MAX) {
        errno = EMFILE;
        return NULL;
    }
    track *more = realloc(r->tracks, ((size_t)r->n_tracks + 1) * sizeof *more);
    if (!more)
        return NULL;
    r->tracks = more;
    int fd = chr_files_new_recording(r->files, r->name, stem, path);
    track *t = &r->tracks[r->n_tracks];
    *t = (track){.id = id};
    if (!chr_wave_open(&t->wave, fd, (double)chr_engine_rate(r->engine), n_channels))
        return NULL;
    r->n_tracks++;
    return t;
}

/* All files to the same length, and closed. */
static void close_tracks(chr_recorder *r) {
    uint64_t longest = 0;
    for (int i = 0; i < r->n_tracks; i++)
        longest = r->tracks[i].wave.n > longest ? r->tracks[i].wave.n : longest;
    for (int i = 0; i < r->n_tracks; i++) {
        chr_wave *w = &r->tracks[i].wave;
        while (w->n < longest && !r->failed)
            take(r, &r->tracks[i], NULL, 0);
        const char *why = r->failed ? NULL : chr_wave_flush(w), *closed = chr_wave_close(w);
        if (why || closed)
            fail(r, why ? why : closed);
    }
    free(r->tracks);
    r->tracks = NULL;
    r->n_tracks = 0;
}

/* ---- what is heard ---- */

/* A chunk whose first frame is number `first` of the recording. */
static void hear(chr_recorder *r, track *t, const float *const *sides, int64_t first,
                 uint64_t length) {
    for (uint32_t i = 0; i < CHR_CHUNK && !r->failed; i++) {
        int64_t frame = first + (int64_t)i;
        if (frame < 0 || (uint64_t)frame >= length)
            continue;
        while (t->wave.n < (uint64_t)frame &&
               !r->failed) /* it was not there, or a chunk was lost */
            take(r, t, NULL, 0);
        take(r, t, sides, i);
    }
}

static track *track_of(chr_recorder *r, uint64_t id) {
    for (int i = 1; i < r->n_tracks; i++)
        if (r->tracks[i].id == id)
            return &r->tracks[i];
    const char *name = chr_engine_stem_name(r->engine, id);
    char path[256];
    if (!name || !*name || strchr(name, '.'))
        return NULL; /* what `let`s share is heard in the patches that use it; places to look at */
    track *t = open_track(r, id, name, 2, path);
    if (!t)
        fail(r, strerror(errno));
    return t;
}

static void hear_all(chr_recorder *r, const chr_heard *h) {
    if (!r->begun)
        r->begin = h->clock;
    r->begun = true;
    uint64_t length = r->end == UINT64_MAX ? UINT64_MAX : r->end > r->begin ? r->end - r->begin : 0;
    int64_t first = (int64_t)(h->clock - r->begin);
    const float *sides[64];
    for (uint32_t c = 0; c < h->n_channels && c < 64; c++)
        sides[c] = h->master + (size_t)c * CHR_CHUNK;
    hear(r, &r->tracks[0], sides, first - chr_engine_latency(r->engine), length);
    for (uint32_t i = 0; i < h->n_stems && !r->failed; i++) {
        uint64_t id = chr_heard_stem(h, i, &sides[0], &sides[1]);
        track *t = track_of(r, id);
        if (t)
            hear(r, t, sides, first, length);
    }
}

/* ---- begin and end ---- */

static void leave(chr_recorder *r) {
    chr_listen_end(r->engine, r->tap);
    r->tap = NULL;
    free(r->name);
    free(r->tracks);
    r->name = NULL;
    r->tracks = NULL;
    r->failed = NULL;
}

bool chr_recorder_begin(chr_recorder *r, const char *name, bool stems,
                        char said[CHR_RECORDER_TEXT]) {
    if (r->tap) {
        snprintf(said, CHR_RECORDER_TEXT, "%s is being recorded already: stop recording ends it",
                 r->path);
        return false;
    }
    r->stems = stems;
    r->begun = false;
    r->end = UINT64_MAX;
    r->name = strdup(name);
    if (!r->name || !open_track(r, 0, NULL, (uint32_t)chr_engine_channels(r->engine), r->path)) {
        if (r->name && errno == EEXIST)
            snprintf(said, CHR_RECORDER_TEXT,
                     "%s is there already and was left as it is: choose another name", r->path);
        else
            snprintf(said, CHR_RECORDER_TEXT, "%s cannot be recorded: %s", r->name ? r->path : name,
                     strerror(r->name ? errno : ENOMEM));
        leave(r);
        return false;
    }
    r->tap = chr_listen(r->engine, TAP_S, stems ? chr_engine_stems(r->engine) + STEMS_ROOM : 0);
    if (!r->tap) {
        snprintf(said, CHR_RECORDER_TEXT, "%s cannot be recorded: memory is out", r->path);
        close_tracks(r);
        leave(r);
        return false;
    }
    snprintf(said, CHR_RECORDER_TEXT, "recording to %s%s: stop recording ends it", r->path,
             stems ? ", each patch into a file of its own beside it" : "");
    return true;
}

bool chr_recorder_end(chr_recorder *r, char said[CHR_RECORDER_TEXT]) {
    if (r->tap && r->end == UINT64_MAX) {
        r->end = chr_engine_clock(r->engine);
        return true;
    }
    snprintf(said, CHR_RECORDER_TEXT, "nothing is being recorded");
    return false;
}

/* Closes everything, and tells about it. */
static chr_recorder_news finish(chr_recorder *r, char said[CHR_RECORDER_TEXT]) {
    double rate_hz = (double)chr_engine_rate(r->engine);
    double seconds = (double)r->tracks[0].wave.n / rate_hz;
    double lost = (double)chr_listen_lost(r->tap) * CHR_CHUNK / rate_hz;
    int n_stems = r->n_tracks - 1;
    bool by_itself = r->failed != NULL;
    close_tracks(r);
    chr_recorder_news news = r->failed ? CHR_RECORDER_TROUBLE : CHR_RECORDER_DONE;
    int n = 0;
    if (r->failed)
        n = snprintf(
            said, CHR_RECORDER_TEXT,
            "the recording has ended%s: %s; %s keeps its first %.1f s, and the music goes on",
            by_itself ? " by itself" : "", r->failed, r->path, seconds);
    else
        n = snprintf(said, CHR_RECORDER_TEXT, "recorded %.1f s to %s", seconds, r->path);
    if (n_stems > 0 && !r->failed)
        n += snprintf(said + n, CHR_RECORDER_TEXT - (size_t)n, ", and %d %s beside it", n_stems,
                      n_stems == 1 ? "patch" : "patches");
    if (lost > 0)
        snprintf(said + n, CHR_RECORDER_TEXT - (size_t)n,
                 "; %.2f s of it were lost to a slow disk and are silent", lost);
    leave(r);
    return news;
}

chr_recorder_news chr_recorder_tend(chr_recorder *r, char said[CHR_RECORDER_TEXT]) {
    if (!r->tap)
        return CHR_RECORDER_NONE;
    chr_heard h;
    bool over = false;
    while (!over && !r->failed && chr_listen_next(r->tap, &h)) {
        hear_all(r, &h);
        over = r->end != UINT64_MAX &&
               h.clock + CHR_CHUNK >= r->end + (uint64_t)chr_engine_latency(r->engine);
    }
    return over || r->failed ? finish(r, said) : CHR_RECORDER_NONE;
}

bool chr_recorder_runs(const chr_recorder *r) {
    return r->tap != NULL;
}

chr_recorder_news chr_recorder_finish(chr_recorder *r, char said[CHR_RECORDER_TEXT]) {
    chr_recorder_news news = chr_recorder_tend(r, said);
    return r->tap ? finish(r, said) : news;
}

void chr_recorder_free(chr_recorder *r) {
    char said[CHR_RECORDER_TEXT];
    if (r)
        chr_recorder_finish(r, said);
    free(r);
}
