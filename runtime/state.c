/* runtime/state.c: state that outlives a swap, and how a lane of it is moved.
 * SPDX-License-Identifier: MIT */
#include "runtime/state.h"

#include "lang/tuning.h"

#include <stdlib.h>
#include <string.h>

/* Rounded up so that aligned_alloc is content; cleared by hand so that every page has been touched
 * before the audio thread sees it. */
static void *touched(size_t bytes) {
    size_t rounded = (bytes + 63) & ~(size_t)63;
    void *memory = aligned_alloc(64, rounded ? rounded : 64);
    if (memory)
        memset(memory, 0, rounded ? rounded : 64);
    return memory;
}

chr_node_state *chr_node_state_new(uint32_t lanes, size_t bytes, size_t ring_rows,
                                   uint32_t columns) {
    chr_node_state *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    uint32_t rows = 0;
    if (ring_rows) {
        if (ring_rows > (size_t)1 << 30)
            goto fail;
        for (rows = 64; rows < ring_rows; rows *= 2)
            ;
    }
    *s = (chr_node_state){
        .uses = 1, .lanes = lanes, .bytes = (uint32_t)bytes, .ring_rows = rows, .columns = columns};
    s->data = touched(bytes);
    if (!s->data)
        goto fail;
    if (rows) {
        s->ring = touched((size_t)rows * columns * lanes * sizeof(float));
        if (!s->ring)
            goto fail;
    }
    return s;
fail:
    free(s->data);
    free(s);
    return NULL;
}

void chr_node_state_use(chr_node_state *s) {
    s->uses++;
}

void chr_node_state_drop(chr_node_state *s) {
    if (!s || --s->uses)
        return;
    free(s->data);
    free(s->kept);
    free(s->ring);
    free(s);
}

bool chr_node_state_lets_sleep(chr_node_state *s) {
    if (!s->kept)
        s->kept = touched(s->bytes);
    return s->kept != NULL;
}

static void copy_column(uint32_t *to, const uint32_t *from, const chr_node_state *s,
                        uint32_t lanes) {
    for (uint32_t l = 0; l < s->lanes; l++)
        for (uint32_t r = 0; lanes & 1u << l && r < s->bytes / 4 / s->lanes; r++)
            to[r * s->lanes + l] = from[r * s->lanes + l];
}

void chr_node_state_sleep(chr_node_state *s, uint32_t lanes) {
    copy_column(s->kept, s->data, s, lanes & ~s->kept_lanes);
    copy_column(s->data, s->kept, s, s->kept_lanes & ~lanes);
    s->kept_lanes = lanes;
}

/* History of a lane, of the ages first..last: 1 is the sample before the next one, which is
 * `to_now` and `from_now` in each one's own time. */
static uint32_t copy_rows(chr_node_state *to, uint32_t to_lane, uint64_t to_now,
                          const chr_node_state *from, uint32_t from_lane, uint64_t from_now,
                          uint64_t first, uint64_t last) {
    /* A row belongs to a sample, so history keeps its place whatever the length of the ring. */
    for (uint64_t age = first; age <= last; age++) {
        size_t tr = (size_t)((to_now - age) & (to->ring_rows - 1));
        size_t fr = (size_t)((from_now - age) & (from->ring_rows - 1));
        for (uint32_t c = 0; c < to->columns; c++, tr += to->ring_rows, fr += from->ring_rows)
            to->ring[tr * to->lanes + to_lane] = from->ring[fr * from->lanes + from_lane];
    }
    return first <= last ? (uint32_t)(last - first + 1) : 0;
}

static void copy_struct(chr_node_state *to, uint32_t to_lane, const chr_node_state *from,
                        uint32_t from_lane) {
    uint32_t *t = to->data;
    const uint32_t *f = from->kept_lanes & 1u << from_lane ? from->kept : from->data;
    to->kept_lanes &= ~(1u << to_lane);
    uint32_t rows = from->bytes / 4 / from->lanes;
    for (uint32_t r = 0; r < rows; r++)
        t[r * to->lanes + to_lane] = f[r * from->lanes + from_lane];
    if (from->sick & (1u << from_lane)) {
        to->sick |= 1u << to_lane;
        to->emptied[to_lane] = 0;
    }
}

/* Rows of history that both hold. */
static uint32_t shared_rows(const chr_node_state *a, const chr_node_state *b) {
    if (!a->ring || !b->ring)
        return 0;
    return a->ring_rows < b->ring_rows ? a->ring_rows : b->ring_rows;
}

/* What was written from one sample of the clock on and before another. */
static uint32_t copy_times(chr_node_state *to, uint32_t to_lane, const chr_node_state *from,
                           uint32_t from_lane, uint64_t begin, uint64_t end) {
    return begin < end ? copy_rows(to, to_lane, end - to->shift, from, from_lane, end - from->shift,
                                   1, end - begin)
                       : 0;
}

/* What was copied ahead and has become older than `from` holds: a longer ring would keep it. */
static uint32_t empty_times(chr_node_state *to, uint32_t lane, uint64_t begin, uint64_t end) {
    for (uint64_t time = begin; time < end; time++) {
        size_t row = (size_t)((time - to->shift) & (to->ring_rows - 1));
        for (uint32_t c = 0; c < to->columns; c++, row += to->ring_rows)
            to->ring[row * to->lanes + lane] = 0.0f;
    }
    return begin < end ? (uint32_t)(end - begin) : 0;
}

static uint64_t before(uint64_t clock, uint64_t samples) {
    return clock > samples ? clock - samples : 0;
}

void chr_node_state_ahead(chr_node_state *to, uint32_t to_lane, const chr_node_state *from,
                          uint32_t from_lane, uint32_t room, const _Atomic uint64_t *clock,
                          uint64_t until, chr_ahead *ahead) {
    enum { PIECE = 512 }; /* samples that are copied before the clock is looked at again */
    const uint32_t shared = shared_rows(to, from);
    uint64_t now = atomic_load_explicit(clock, memory_order_acquire);
    now = now < until ? now : until;
    if (shared < CHR_LONG_HISTORY || to->resumes)
        return; /* it is no work to speak of, or its own time is not known yet */
    bool begins = ahead->to == 0;
    /* From the oldest on, for that is written over first. */
    for (uint64_t next = ahead->to; next < now;) {
        uint64_t oldest = before(atomic_load_explicit(clock, memory_order_acquire) + room, shared);
        if (next < oldest)
            next = ahead->from = oldest;
        if (begins)
            ahead->first = next;
        begins = false;
        uint64_t end = now - next < PIECE ? now : next + PIECE;
        if (next < now)
            copy_times(to, to_lane, from, from_lane, next, end);
        next = end;
        /* What may have been written over while it was read is thrown away: in the chunk that is
         * under way, too, and in one more, for another processor's writes may be seen early. */
        atomic_thread_fence(memory_order_acquire);
        uint64_t end_of_chunk =
            atomic_load_explicit(clock, memory_order_relaxed) + 2 * (uint64_t)CHR_CHUNK;
        uint64_t lost = before(end_of_chunk, shared);
        ahead->from = lost > ahead->from ? lost : ahead->from;
    }
    ahead->to = now;
    uint64_t old = before(now, shared);
    old = old < ahead->from ? old : ahead->from;
    if (to->ring_rows > shared)
        empty_times(to, to_lane, ahead->first, old);
    ahead->first = old > ahead->first ? old : ahead->first;
}

uint32_t chr_node_state_move(chr_node_state *to, uint32_t to_lane, const chr_node_state *from,
                             uint32_t from_lane, uint64_t clock, chr_ahead ahead, uint64_t empty) {
    uint32_t shared = shared_rows(to, from), n = 0;
    copy_struct(to, to_lane, from, from_lane);
    if (!shared)
        return 0;
    const uint64_t oldest = before(clock, shared), begin = oldest > empty ? oldest : empty;
    const bool some = ahead.from < ahead.to && ahead.to > begin;
    /* Of what was copied ahead: what counts no more, and what is too old by now. */
    uint64_t good = ahead.from > oldest ? ahead.from : oldest;
    good = good > begin ? begin : good;
    if (to->ring_rows > shared)
        n = empty_times(to, to_lane, ahead.first, some ? good : ahead.to);
    if (!some)
        return n + copy_times(to, to_lane, from, from_lane, begin, clock);
    return n + copy_times(to, to_lane, from, from_lane, begin, ahead.from) +
           copy_times(to, to_lane, from, from_lane, ahead.to, clock);
}

void chr_node_state_return(chr_node_state *to, uint32_t to_lane, const chr_node_state *from,
                           uint32_t from_lane) {
    to->resumes = true;
    (void)chr_node_state_resume(to, to_lane, from, from_lane);
}

uint32_t chr_node_state_resume(chr_node_state *to, uint32_t to_lane, const chr_node_state *from,
                               uint32_t from_lane) {
    copy_struct(to, to_lane, from, from_lane);
    return copy_rows(to, to_lane, 0, from, from_lane, from->until - from->shift, 1,
                     shared_rows(to, from));
}

void chr_node_state_begin(chr_node_state *s, uint64_t clock) {
    if (s->resumes)
        s->shift = clock;
    s->resumes = false;
}

static void clear_struct(chr_node_state *s, uint32_t lane) {
    uint32_t *d = s->data;
    s->kept_lanes &= ~(1u << lane);
    for (uint32_t r = 0; r < s->bytes / 4 / s->lanes; r++)
        d[r * s->lanes + lane] = 0;
}

void chr_node_state_reset(chr_node_state *s, uint32_t lane) {
    clear_struct(s, lane);
    s->sick &= ~(1u << lane);
}

void chr_node_state_clear(chr_node_state *s, uint32_t lane) {
    clear_struct(s, lane);
    s->sick |= 1u << lane;
    s->emptied[lane] = 0;
}

bool chr_node_state_heal(chr_node_state *s, uint32_t lane) {
    enum { ROWS = 4096 }; /* a chunk */
    uint32_t from = s->emptied[lane], to = s->ring_rows - from > ROWS ? from + ROWS : s->ring_rows;
    for (uint32_t c = 0; c < s->columns; c++)
        for (size_t r = from; r < to; r++)
            s->ring[((size_t)c * s->ring_rows + r) * s->lanes + lane] = 0.0f;
    s->emptied[lane] = to;
    if (to < s->ring_rows)
        return false;
    clear_struct(s, lane);
    s->sick &= ~(1u << lane);
    return true;
}

chr_voices *chr_voices_new(const char *name) {
    chr_voices *v = calloc(1, sizeof *v);
    if (!v)
        return NULL;
    v->uses = 1;
    v->name = strdup(name);
    if (!v->name) {
        free(v);
        return NULL;
    }
    v->next_due = UINT64_MAX;
    memset(v->awake, 0xff, sizeof v->awake);
    for (int i = 0; i < CHR_MAX_VOICES; i++) {
        chr_voice *voice = &v->voice[i];
        voice->value[CHR_VOICE_FREQ] = 220.0f; /* what a patch sounds at until a note is played */
        voice->value[CHR_VOICE_NOTE] = 57.0f;
        voice->value[CHR_VOICE_VEL] = 1.0f;
        memcpy(voice->now.value, voice->value, sizeof voice->value);
        voice->closed = v->due_at[i] = UINT64_MAX;
    }
    chr_voices_number(v, 1);
    return v;
}

void chr_voices_use(chr_voices *v) {
    v->uses++;
}

void chr_voices_drop(chr_voices *v) {
    if (!v || --v->uses)
        return;
    free(v->name);
    free(v);
}

enum { FASTEST_BPM = 1000 };

/* Notes that have been asked for and not been played, at most: of the window that plays, and of
 * those from which notes are late or early, however fast the clock runs. */
static uint32_t most_pending(const chr_score *s, int64_t window, uint32_t most) {
    const chr_score_node *root = &s->nodes[s->root];
    double window_s = (double)window / (double)s->beat * 60.0 / FASTEST_BPM;
    double n = (2.0 + (double)(root->early_s + root->late_s) / window_s) * most;
    return n < CHR_SCORE_ROOM ? (uint32_t)n : CHR_SCORE_ROOM;
}

chr_pattern *chr_pattern_new(const chr_ir_pattern *source, const double *note_hz) {
    const chr_score *s = &source->score;
    uint32_t room, most;
    int64_t window = chr_score_window(s, &most, &room);
    uint32_t pending = most_pending(s, window, most);
    size_t tables = chr_score_bytes(s, false), head = (sizeof(chr_pattern) + 15) & ~(size_t)15;
    size_t asked = room * sizeof(chr_score_note), waiting = pending * sizeof(chr_pending);
    if (source->values) /* a value is what it says */
        note_hz = NULL;
    size_t tuning = note_hz ? CHR_NOTES * sizeof *note_hz : 0;
    char *memory = touched(head + tables + asked + waiting + tuning);
    if (!memory)
        return NULL;
    chr_pattern *p = (chr_pattern *)memory;
    *p = (chr_pattern){.uses = 1,
                       .score = chr_score_copy(s, false, memory + head),
                       .window = window,
                       .asked = (chr_score_note *)(memory + head + tables),
                       .pending = (chr_pending *)(memory + head + tables + asked),
                       .values = source->values,
                       .base = source->base,
                       .room_asked = room,
                       .room_pending = pending};
    if (note_hz)
        p->note_hz = memcpy(memory + head + tables + asked + waiting, note_hz, tuning);
    return p;
}

float chr_pattern_hz(const chr_pattern *p, float note) {
    return note < 0.0f ? 0.0f : (float)chr_tuned_hz(p->note_hz, (double)note);
}

void chr_pattern_use(chr_pattern *p) {
    p->uses++;
}

void chr_pattern_drop(chr_pattern *p) {
    if (p && !--p->uses)
        free(p);
}

bool chr_pattern_equal(const chr_pattern *a, const chr_pattern *b) {
    return a == b ||
           (a && b && a->values == b->values && memcmp(&a->base, &b->base, sizeof a->base) == 0 &&
            chr_score_equal(&a->score, &b->score) &&
            (a->note_hz && b->note_hz
                 ? memcmp(a->note_hz, b->note_hz, CHR_NOTES * sizeof *a->note_hz) == 0
                 : a->note_hz == b->note_hz));
}

chr_track *chr_track_new(const char *name) {
    chr_track *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->uses = 1;
    t->name = strdup(name);
    if (!t->name) {
        free(t);
        return NULL;
    }
    t->next_at = UINT64_MAX;
    return t;
}

void chr_track_use(chr_track *t) {
    t->uses++;
}

void chr_track_drop(chr_track *t) {
    if (!t || --t->uses)
        return;
    free(t->name);
    free(t);
}
