/* runtime/journal_input.c: what the sound device hears, beside the journal and back from there.
 * SPDX-License-Identifier: MIT */
#include "runtime/journal_input.h"

#include "runtime/listen.h"
#include "runtime/wave.h"

#include <errno.h>
#include <fcntl.h>
#include <sndfile.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TAP_S 8.0 /* how long a disk may sleep without a loss */

/* ---- writing ---- */

struct chr_ear {
    chr_engine *engine;
    chr_tap *tap; /* NULL: nothing is recorded any more */
    chr_wave wave;
    bool begun, told;
    uint64_t begin; /* clock of its first frame */
    uint64_t lost;  /* clock from which on a part is missing; UINT64_MAX: none since it was told */
    const char *failed;
    char why[256];
};

chr_ear *chr_ear_begin(chr_engine *e, const char *path) {
    chr_ear *ear = calloc(1, sizeof *ear);
    if (!ear)
        return NULL;
    ear->engine = e;
    ear->lost = UINT64_MAX;
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (chr_wave_open(&ear->wave, fd, (double)chr_engine_rate(e), (uint32_t)chr_engine_inputs(e))) {
        ear->tap = chr_listen_inputs(e, TAP_S);
        if (ear->tap)
            return ear;
        chr_wave_close(&ear->wave);
        errno = ENOMEM;
    }
    if (fd >= 0) {
        int why = errno;
        unlink(path);
        errno = why;
    }
    free(ear);
    return NULL;
}

static void fail(chr_ear *ear, const char *why) {
    if (!why || ear->failed)
        return;
    snprintf(ear->why, sizeof ear->why, "%s", why);
    ear->failed = ear->why;
}

/* A chunk; silence stands for what was lost before it. */
static void hear(chr_ear *ear, const chr_heard *h) {
    const float *sides[64];
    for (uint32_t c = 0; c < h->n_channels && c < 64; c++)
        sides[c] = h->master + (size_t)c * CHR_CHUNK;
    if (!ear->begun)
        ear->begin = h->clock;
    ear->begun = true;
    uint64_t first = h->clock - ear->begin;
    if (ear->wave.n < first && ear->lost == UINT64_MAX)
        ear->lost = ear->begin + ear->wave.n;
    while (ear->wave.n < first && !ear->failed)
        fail(ear, chr_wave_take(&ear->wave, NULL, 0));
    for (uint32_t i = 0; i < CHR_CHUNK && !ear->failed; i++)
        fail(ear, chr_wave_take(&ear->wave, sides, i));
}

static void close_it(chr_ear *ear) {
    chr_listen_end(ear->engine, ear->tap);
    ear->tap = NULL;
    if (!ear->failed)
        fail(ear, chr_wave_flush(&ear->wave));
    fail(ear, chr_wave_close(&ear->wave));
}

chr_ear_news chr_ear_tend(chr_ear *ear, uint64_t *at, const char **why) {
    chr_heard h;
    while (ear->tap && !ear->failed && chr_listen_next(ear->tap, &h))
        hear(ear, &h);
    if (ear->begun && !ear->told) {
        ear->told = true;
        *at = ear->begin;
        return CHR_EAR_BEGAN;
    }
    if (ear->lost != UINT64_MAX) {
        *at = ear->lost;
        ear->lost = UINT64_MAX;
        return CHR_EAR_LOST;
    }
    if (!ear->failed || !ear->tap)
        return CHR_EAR_NONE;
    /* What is in the batch may not have come to the disk. */
    uint64_t n = ear->wave.n > CHR_WAVE_BATCH ? ear->wave.n - CHR_WAVE_BATCH : 0;
    close_it(ear);
    *at = ear->begin + n;
    *why = ear->failed;
    return CHR_EAR_ENDED;
}

void chr_ear_end(chr_ear *ear) {
    uint64_t at;
    const char *why;
    while (ear && chr_ear_tend(ear, &at, &why) != CHR_EAR_NONE)
        ;
    if (ear && ear->tap)
        close_it(ear);
    free(ear);
}

/* ---- reading ---- */

struct chr_heard_again {
    SNDFILE *file;
    uint64_t begin, n; /* clock of its first frame; frames */
    uint32_t n_channels;
};

/* A plain file of that name in the journal's folder. */
static int open_beside(const char *journal, const char *name) {
    char path[CHR_JOURNAL_PATH + 300];
    const char *slash = strrchr(journal, '/');
    if (strchr(name, '/') || strlen(name) > 255) {
        errno = ENOENT;
        return -1;
    }
    snprintf(path, sizeof path, "%.*s%s", slash ? (int)(slash - journal) + 1 : 0, journal, name);
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat about;
    if (fd < 0 || (fstat(fd, &about) == 0 && S_ISREG(about.st_mode)))
        return fd;
    close(fd);
    errno = EINVAL;
    return -1;
}

chr_heard_again *chr_heard_again_open(const chr_journal_text *t, char why[CHR_JOURNAL_TEXT],
                                      uint64_t *at) {
    const chr_record *r = NULL;
    const char *name = NULL;
    *why = '\0';
    for (size_t i = 0; i < t->n && !name; i++)
        name = chr_record_text(r = &t->records[i], "input", NULL);
    if (!name)
        return NULL;
    *at = chr_record_number(r, "at", 0);
    SF_INFO info = {0};
    int fd = open_beside(t->path, name);
    SNDFILE *file = fd >= 0 ? sf_open_fd(fd, SFM_READ, &info, SF_TRUE) : NULL;
    chr_heard_again *h = file ? calloc(1, sizeof *h) : NULL;
    uint64_t inputs = chr_record_number(&t->records[0], "inputs", 0);
    if (h && info.channels > 0 && (uint64_t)info.channels == inputs) {
        *h = (chr_heard_again){.file = file,
                               .begin = *at,
                               .n = (uint64_t)info.frames,
                               .n_channels = (uint32_t)info.channels};
        return h;
    }
    snprintf(why, CHR_JOURNAL_TEXT,
             "what `input` heard cannot be read from %.200s beside the journal", name);
    if (file)
        sf_close(file);
    else if (fd >= 0)
        close(fd);
    free(h);
    return NULL;
}

bool chr_heard_again_read(chr_heard_again *h, uint64_t clock, float *in) {
    memset(in, 0, sizeof *in * CHR_CHUNK * h->n_channels);
    if (clock < h->begin)
        return true;
    sf_count_t want = CHR_CHUNK;
    return sf_readf_float(h->file, in, want) == want;
}

void chr_heard_again_close(chr_heard_again *h) {
    if (h)
        sf_close(h->file);
    free(h);
}
