/* runtime/audio/query_time.c: rounds whose notes come at other times than below.
 * SPDX-License-Identifier: MIT */
#include "runtime/audio/query_inner.h"

void chr_query_keep(chr_query *q, uint32_t begin, int64_t from, int64_t to) {
    uint32_t kept = begin;
    for (uint32_t i = begin; i < q->n; i++)
        if (q->out[i].at >= from && q->out[i].at < to)
            q->out[kept++] = q->out[i];
    q->n = kept;
}

static void shift(chr_query *q, uint32_t begin, int64_t by) {
    for (uint32_t i = begin; i < q->n; i++) {
        q->out[i].at += by;
        q->out[i].end += by;
    }
}

/* What stands below from `source` on, as if it stood at `at`; nothing outside `x`. */
static void move(chr_query *q, const chr_score_node *b, int64_t source, chr_stretch x, int64_t at) {
    uint32_t begin = q->n;
    chr_query_rounds(q, b, x.from - at + source, x.to - at + source);
    shift(q, begin, at - source);
}

static void faster(chr_query *q, const chr_score_node *n, int64_t from, int64_t to) {
    uint32_t begin = q->n;
    chr_query_rounds(q, chr_below(q, n, 0), -chr_scale(-from, n->a, n->b),
                     -chr_scale(-to, n->a, n->b));
    for (uint32_t i = begin; i < q->n; i++) {
        chr_score_note *note = &q->out[i];
        int64_t length = chr_scale(note->end - note->at, n->b, n->a);
        note->at = chr_scale(note->at, n->b, n->a);
        note->end = note->at + (length > 0 ? length : 1);
    }
}

static void backwards(chr_query *q, const chr_score_node *n, int64_t from, int64_t to) {
    int64_t ticks = q->s->round;
    for (int64_t r = chr_floor_div(from, ticks); r * ticks < to; r++) {
        int64_t end = (r + 1) * ticks;
        uint32_t first = q->n;
        chr_query_rounds(q, chr_below(q, n, 0), r * ticks, end);
        for (uint32_t i = first; i < q->n; i++) {
            chr_score_note *note = &q->out[i];
            int64_t last = note->end < end ? note->end : end, length = last - note->at;
            note->at = r * ticks + end - last;
            note->end = note->at + length;
        }
        chr_query_keep(q, first, from, to);
    }
}

/* Rotated by so many parts: what is passed over comes at the round's end. */
static void rotated(chr_query *q, const chr_score_node *n, int64_t from, int64_t to) {
    int64_t ticks = q->s->round;
    const chr_score_node *b = chr_below(q, n, 0);
    for (int64_t r = chr_floor_div(from, ticks); r * ticks < to; r++) {
        int64_t k = (int64_t)(chr_round_count(q, r) % (uint64_t)n->a),
                by = chr_scale(ticks, n->b < 0 && k > 0 ? n->a - k : k, n->a), begin = r * ticks,
                seam = begin + ticks - by;
        chr_stretch x = chr_cut((chr_stretch){from, to}, begin, begin + ticks);
        move(q, b, begin + by, chr_cut(x, begin, seam), begin);
        move(q, b, begin, chr_cut(x, seam, begin + ticks), seam);
    }
}

enum { MOST_PARTS = 256 }; /* as the check allows */

/* A piece from `source` on as if it stood at `at`, `length` ticks long: notes end with it. */
static void piece(chr_query *q, const chr_score_node *b, int64_t source, int64_t at, int64_t length,
                  chr_stretch x, uint64_t number) {
    uint32_t begin = q->n;
    x = chr_cut(x, at, at + length);
    if (x.from >= x.to)
        return;
    move(q, b, source, x, at);
    for (uint32_t i = begin; i < q->n; i++) {
        if (q->out[i].end > at + length)
            q->out[i].end = at + length;
        if (number > 0)
            q->out[i].id = chr_mix(q->out[i].id, number);
    }
}

static void in_parts(chr_query *q, const chr_score_node *n, int64_t from, int64_t to) {
    int64_t ticks = q->s->round;
    uint32_t count = (uint32_t)(n->a < MOST_PARTS ? n->a : MOST_PARTS);
    for (int64_t r = chr_floor_div(from, ticks); r * ticks < to; r++) {
        uint16_t order[MOST_PARTS];
        uint64_t round = chr_round_count(q, r);
        if (n->b == 0)
            chr_permute(q, n, round, order, count);
        for (uint32_t i = 0; i < count; i++) {
            uint32_t k =
                n->b == 0 ? order[i] : chr_mixed_of(chr_chance(q, n, chr_mix(round, i)), count);
            int64_t at = chr_scale(ticks, i, n->a), source = chr_scale(ticks, k, n->a),
                    length = chr_scale(ticks, i + 1, n->a) - at;
            piece(q, chr_below(q, n, 0), r * ticks + source, r * ticks + at, length,
                  (chr_stretch){from, to}, n->b == 0 ? 0 : i + 1);
        }
    }
}

static void lingering(chr_query *q, const chr_score_node *n, int64_t from, int64_t to) {
    int64_t ticks = q->s->round, length = chr_scale(ticks, n->a, n->b);
    length = length > 0 ? length : 1;
    for (int64_t r = chr_floor_div(from, ticks); r * ticks < to; r++) {
        int64_t begin = r * ticks, k = from > begin ? (from - begin) / length : 0;
        for (; k * length < ticks && begin + k * length < to; k++) {
            int64_t rest = ticks - k * length;
            piece(q, chr_below(q, n, 0), begin, begin + k * length, length < rest ? length : rest,
                  (chr_stretch){from, to}, (uint64_t)k);
        }
    }
}

/* ---- swing ---- */

static int64_t swung(const chr_score_node *n, int64_t tick) {
    int64_t pair = chr_floor_div(tick, n->a) * n->a, inside = tick - pair;
    if (2 * inside < n->a)
        return pair + chr_scale(2 * inside, n->b, 1000);
    return pair + chr_floor_div(n->a * n->b + (2 * inside - n->a) * (1000 - n->b), 1000);
}

static void swinging(chr_query *q, const chr_score_node *n, int64_t from, int64_t to) {
    uint32_t begin = q->n;
    chr_query_rounds(q, chr_below(q, n, 0), chr_floor_div(from, n->a) * n->a,
                     -chr_floor_div(-to, n->a) * n->a);
    for (uint32_t i = begin; i < q->n; i++) {
        chr_score_note *note = &q->out[i];
        int64_t end = swung(n, note->end);
        note->at = swung(n, note->at);
        note->end = end > note->at ? end : note->at + 1;
    }
    chr_query_keep(q, begin, from, to);
}

bool chr_query_time(chr_query *q, const chr_score_node *n, int64_t from, int64_t to) {
    switch ((chr_score_kind)n->kind) {
    case CHR_SCORE_FAST:
        faster(q, n, from, to);
        return true;
    case CHR_SCORE_LATER:
        move(q, chr_below(q, n, 0), 0, (chr_stretch){from, to}, n->a);
        return true;
    case CHR_SCORE_REV:
        backwards(q, n, from, to);
        return true;
    case CHR_SCORE_ITER:
        rotated(q, n, from, to);
        return true;
    case CHR_SCORE_PARTS:
        in_parts(q, n, from, to);
        return true;
    case CHR_SCORE_LINGER:
        lingering(q, n, from, to);
        return true;
    case CHR_SCORE_SWING:
        swinging(q, n, from, to);
        return true;
    default:
        return false;
    }
}
