/* runtime/listen.c: the control thread's end of a tap.
 * SPDX-License-Identifier: MIT */
#include "runtime/listen.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEAD_WORDS = sizeof(chr_tap_head) / 4,
    STEM_WORDS = sizeof(chr_tap_name) / 4 + 2 * CHR_CHUNK
};
enum { RECORDS_MIN = 8 }; /* chunks for which there is always room */

static chr_tap *listen_to(chr_engine *e, double seconds, int n_stems, bool inputs) {
    int n_channels = inputs ? chr_engine_inputs(e) : chr_engine_channels(e);
    uint64_t record =
        HEAD_WORDS + (uint64_t)n_channels * CHR_CHUNK + (uint64_t)n_stems * STEM_WORDS;
    double chunks = seconds * (double)chr_engine_rate(e) / CHR_CHUNK;
    uint64_t want = record * (uint64_t)(chunks > RECORDS_MIN ? chunks : RECORDS_MIN), size = 1;
    while (size < want)
        size *= 2;
    chr_tap *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->stems = n_stems > 0;
    t->inputs = inputs;
    t->size = size;
    t->ring = malloc(size * sizeof *t->ring);
    if (t->ring) {
        memset(t->ring, 0xff, size * sizeof *t->ring); /* the audio thread meets no new page */
        if (chr_engine_attach(e, t))
            return t;
    }
    chr_tap_free(t);
    return NULL;
}

chr_tap *chr_listen(chr_engine *e, double seconds, int n_stems) {
    return listen_to(e, seconds, n_stems, false);
}

chr_tap *chr_listen_inputs(chr_engine *e, double seconds) {
    return listen_to(e, seconds, 0, true);
}

void chr_tap_free(chr_tap *t) {
    if (!t)
        return;
    free(t->ring);
    free(t->record);
    free(t);
}

void chr_listen_end(chr_engine *e, chr_tap *tap) {
    if (tap)
        chr_engine_detach(e, tap);
}

static void get(const chr_tap *t, uint64_t at, void *words, uint64_t n) {
    uint64_t begin = at & (t->size - 1), first = t->size - begin < n ? t->size - begin : n;
    memcpy(words, t->ring + begin, first * sizeof(float));
    memcpy((float *)words + first, t->ring, (n - first) * sizeof(float));
}

bool chr_listen_next(chr_tap *t, chr_heard *heard) {
    uint64_t at = atomic_load_explicit(&t->out, memory_order_relaxed);
    if (at == atomic_load_explicit(&t->in, memory_order_acquire))
        return false;
    chr_tap_head head;
    get(t, at, &head, HEAD_WORDS);
    uint64_t n = (uint64_t)head.n_channels * CHR_CHUNK + (uint64_t)head.n_stems * STEM_WORDS;
    if (n > t->record_room) {
        float *more = realloc(t->record, n * sizeof *more);
        if (!more)
            return false;
        t->record = more;
        t->record_room = n;
    }
    get(t, at + HEAD_WORDS, t->record, n);
    atomic_store_explicit(&t->out, at + HEAD_WORDS + n, memory_order_release);
    *heard = (chr_heard){.clock = head.clock,
                         .n_channels = head.n_channels,
                         .n_stems = head.n_stems,
                         .master = t->record,
                         .stems = t->record + (size_t)head.n_channels * CHR_CHUNK};
    return true;
}

uint64_t chr_heard_stem(const chr_heard *heard, uint32_t i, const float **left,
                        const float **right) {
    const float *at = heard->stems + (size_t)i * STEM_WORDS;
    chr_tap_name name;
    memcpy(&name, at, sizeof name);
    at += sizeof name / sizeof *at;
    *left = at;
    *right = at + CHR_CHUNK;
    return name.id;
}

uint64_t chr_listen_lost(const chr_tap *tap) {
    return atomic_load_explicit(&tap->lost, memory_order_relaxed);
}
