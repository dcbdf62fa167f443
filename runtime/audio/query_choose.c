/* runtime/audio/query_choose.c: rounds made of several: which of them when, and one by the other.
 * SPDX-License-Identifier: MIT */
#include "runtime/audio/query_inner.h"

void chr_query_settle(chr_query *q, uint32_t begin, uint32_t made) {
    for (uint32_t i = made; i < q->n; i++)
        q->out[begin + i - made] = q->out[i];
    q->n = begin + q->n - made;
}

/* Sorts a part of the answer and gives its end to each note as the latest end so far: then
 * something sounds at a tick if the last note that begins there or before ends later. */
static void lay_out_ends(chr_query *q, uint32_t first) {
    chr_query_sort(q->out + first, q->n - first);
    for (uint32_t i = first + 1; i < q->n; i++)
        if (q->out[i].end < q->out[i - 1].end)
            q->out[i].end = q->out[i - 1].end;
}

/* How many of the notes first..q->n-1, which are sorted, begin before a tick. */
static uint32_t begun_before(const chr_query *q, uint32_t first, int64_t tick) {
    uint32_t low = first, high = q->n;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (q->out[middle].at < tick)
            low = middle + 1;
        else
            high = middle;
    }
    return low - first;
}

/* ---- all ---- */

/* Copies of one pattern have chances of their own: an echo may be left out where its note is not.
 */
static void stacked(chr_query *q, const chr_score_node *n, int64_t from, int64_t to) {
    for (uint32_t i = 0; i < n->n; i++) {
        uint32_t begin = q->n;
        chr_query_rounds(q, chr_below(q, n, i), from, to);
        for (uint32_t k = begin; i > 0 && k < q->n; k++)
            q->out[k].id = chr_mix(q->out[k].id, i);
    }
}

/* ---- one child or the other ---- */

static void by_round(chr_query *q, const chr_score_node *n, int64_t from, int64_t to) {
    int64_t ticks = q->s->round;
    for (int64_t r = chr_floor_div(from, ticks); r * ticks < to; r++) {
        uint64_t round = chr_round_count(q, r);
        bool second = n->kind == CHR_SCORE_EVERY ? round % (uint64_t)n->a == (uint64_t)n->b
                                                 : chr_mixed_share(chr_chance(q, n, round)) < n->x;
        chr_stretch x = chr_cut((chr_stretch){from, to}, r * ticks, (r + 1) * ticks);
        chr_query_rounds(q, chr_below(q, n, second), x.from, x.to);
    }
}

static void by_part(chr_query *q, const chr_score_node *n, int64_t from, int64_t to) {
    int64_t ticks = q->s->round;
    for (int64_t r = chr_floor_div(from, ticks); r * ticks < to; r++) {
        int64_t a = n->a, b = n->b, begin = r * ticks;
        if (n->kind == CHR_SCORE_CHUNK) {
            int64_t k = (int64_t)(chr_round_count(q, r) % (uint64_t)n->a);
            k = n->b < 0 ? n->a - 1 - k : k;
            a = chr_scale(ticks, k, n->a);
            b = chr_scale(ticks, k + 1, n->a);
        }
        chr_stretch x = chr_cut((chr_stretch){from, to}, begin, begin + ticks),
                    before = chr_cut(x, begin, begin + a), in = chr_cut(x, begin + a, begin + b),
                    after = chr_cut(x, begin + b, begin + ticks);
        chr_query_rounds(q, chr_below(q, n, 0), before.from, before.to);
        chr_query_rounds(q, chr_below(q, n, 1), in.from, in.to);
        chr_query_rounds(q, chr_below(q, n, 0), after.from, after.to);
    }
}

static void by_age(chr_query *q, const chr_score_node *n, int64_t from, int64_t to) {
    chr_query_rounds(q, chr_below(q, n, 0), from, to < n->a ? to : n->a);
    chr_query_rounds(q, chr_below(q, n, 1), from > n->a ? from : n->a, to);
}

/* ---- one by the other ---- */

static void masked(chr_query *q, const chr_score_node *n, int64_t from, int64_t to) {
    const chr_score_node *second = chr_below(q, n, 1);
    uint32_t begin = q->n;
    chr_query_rounds(q, chr_below(q, n, 0), from, to);
    uint32_t open = q->n, kept = begin;
    chr_query_rounds(q, second, from - second->longest, to);
    lay_out_ends(q, open);
    for (uint32_t i = begin; i < open; i++) {
        uint32_t k = begun_before(q, open, q->out[i].at + 1);
        if (k > 0 && q->out[open + k - 1].end > q->out[i].at)
            q->out[kept++] = q->out[i];
    }
    q->n = kept;
}

/* A note of the one with the time of the other. */
static void add_struck(chr_query *q, const chr_score_node *n, uint32_t tone, uint32_t onset) {
    chr_score_note *note = chr_query_add(q);
    if (!note)
        return;
    const chr_score_note *when = &q->out[onset];
    *note = q->out[tone];
    note->at = when->at;
    note->end = when->end;
    note->level = n->b != 0 ? note->level : when->level;
    note->id = chr_mix(chr_mix(note->id, 1), when->id); /* also where both are one */
}

static void structured(chr_query *q, const chr_score_node *n, int64_t from, int64_t to) {
    const chr_score_node *first = chr_below(q, n, 0);
    int64_t back = first->longest > q->s->round ? first->longest : q->s->round;
    uint32_t begin = q->n;
    chr_query_rounds(q, chr_below(q, n, 1), from, to);
    uint32_t tones = q->n;
    chr_query_rounds(q, first, from - back, to);
    chr_query_sort(q->out + tones, q->n - tones);
    uint32_t made = q->n;
    for (uint32_t i = begin; i < tones; i++) {
        int64_t at = q->out[i].at;
        uint32_t low = tones, high = made, taken = 0;
        while (low < high) {
            uint32_t middle = (low + high) / 2;
            if (q->out[middle].at <= at)
                low = middle + 1;
            else
                high = middle;
        }
        for (uint32_t k = low; k-- > tones && q->out[k].at > at - back && taken < CHR_SCORE_CHORD;)
            if (q->out[k].end > at) {
                add_struck(q, n, k, i);
                taken++;
            }
        /* nothing sounds: what began last, if that is not too long ago */
        for (uint32_t k = low; taken == 0 && k-- > tones && q->out[k].at > at - q->s->round &&
                               q->out[k].at == q->out[low - 1].at;)
            add_struck(q, n, k, i);
    }
    chr_query_settle(q, begin, made);
}

/* A round of the first within a note of the second. */
static void squeeze_into(chr_query *q, const chr_score_node *first, int64_t round, uint32_t note,
                         int64_t from, int64_t to) {
    chr_score_note hole = q->out[note];
    int64_t ticks = q->s->round, source = round * ticks, length = hole.end - hole.at;
    uint32_t begin = q->n;
    chr_query_rounds(q, first, source, source + ticks);
    for (uint32_t i = begin; i < q->n; i++) {
        chr_score_note *x = &q->out[i];
        int64_t at = chr_scale(x->at - source, length, ticks),
                end = chr_scale(x->end - source, length, ticks);
        x->at = hole.at + at;
        x->end = hole.at + (end < length ? end : length);
        if (x->end <= x->at)
            x->end = x->at + 1;
        x->id = chr_mix(x->id, hole.id);
    }
    chr_query_keep(q, begin, from, to);
}

static void squeezed(chr_query *q, const chr_score_node *n, int64_t from, int64_t to) {
    const chr_score_node *second = chr_below(q, n, 1);
    int64_t ticks = q->s->round, round = chr_floor_div(from - second->longest, ticks);
    uint32_t begin = q->n;
    chr_query_rounds(q, second, round * ticks, to);
    chr_query_sort(q->out + begin, q->n - begin);
    uint32_t made = q->n;
    int64_t number = 0;
    for (uint32_t i = begin; i < made; i++, number++) {
        int64_t own = chr_floor_div(q->out[i].at, ticks);
        if (own != round) {
            round = own;
            number = 0;
        }
        chr_wide before = (chr_wide)chr_round_count(q, round) * n->a + number;
        if (q->out[i].end > from)
            squeeze_into(q, chr_below(q, n, 0), (int64_t)(before % q->s->most_rounds), i, from, to);
    }
    chr_query_settle(q, begin, made);
}

static void gaps_filled(chr_query *q, const chr_score_node *n, int64_t from, int64_t to) {
    const chr_score_node *first = chr_below(q, n, 0), *hit = &q->s->nodes[n->b];
    int64_t ticks = q->s->round;
    uint32_t begin = q->n;
    chr_query_rounds(q, first, from - first->longest, to + n->a);
    lay_out_ends(q, begin);
    uint32_t made = q->n;
    for (int64_t r = chr_floor_div(from, ticks); r * ticks < to; r++) {
        int64_t k = from > r * ticks ? (from - r * ticks + n->a - 1) / n->a : 0;
        for (; k * n->a < ticks && r * ticks + k * n->a < to; k++) {
            int64_t at = r * ticks + k * n->a, rest = ticks - k * n->a,
                    end = at + (n->a < rest ? n->a : rest);
            uint32_t full = q->n;
            q->n = made; /* only what was found below is looked at */
            uint32_t before = begun_before(q, begin, end);
            q->n = full;
            if (before > 0 && q->out[begin + before - 1].end > at)
                continue;
            chr_score_note *note = chr_query_add(q);
            if (!note)
                break;
            *note = (chr_score_note){
                .at = at,
                .end = end,
                .id = chr_chance(q, n, chr_mix(chr_round_count(q, r), (uint64_t)k)),
                .note = -1.0f,
                .level = (float)hit->x,
                .gate = 1.0f,
                .leaf = (uint32_t)n->b};
            for (int i = 0; i < CHR_SCORE_LOCKS; i++)
                note->locks[i] = CHR_SCORE_NO_LOCK;
        }
    }
    chr_query_settle(q, begin, made);
}

bool chr_query_choose(chr_query *q, const chr_score_node *n, int64_t from, int64_t to) {
    switch ((chr_score_kind)n->kind) {
    case CHR_SCORE_STACK:
        stacked(q, n, from, to);
        return true;
    case CHR_SCORE_EVERY:
    case CHR_SCORE_SOMEROUNDS:
        by_round(q, n, from, to);
        return true;
    case CHR_SCORE_WITHIN:
    case CHR_SCORE_CHUNK:
        by_part(q, n, from, to);
        return true;
    case CHR_SCORE_UNTIL:
        by_age(q, n, from, to);
        return true;
    case CHR_SCORE_MASK:
        masked(q, n, from, to);
        return true;
    case CHR_SCORE_STRUCT:
        structured(q, n, from, to);
        return true;
    case CHR_SCORE_SQUEEZE:
        squeezed(q, n, from, to);
        return true;
    case CHR_SCORE_FILL_GAPS:
        gaps_filled(q, n, from, to);
        return true;
    default:
        return false;
    }
}
