/* runtime/audio/query_notes.c: rounds that change the notes from below: their pitch, level, number,
 * place and feel. SPDX-License-Identifier: MIT */
#include "runtime/audio/query_inner.h"

static float within(float x, float least, float greatest) {
    return x < least ? least : x > greatest ? greatest : x;
}

static void move_pitch(chr_score_note *note, double pitch) {
    note->note = within((float)pitch, 0.0f, 127.0f);
}

/* ---- one note by itself ---- */

static int64_t whole_pitch(float pitch) {
    return (int64_t)pitch; /* not below 0 */
}

static void move_degrees(const chr_query *q, const chr_score_node *n, chr_score_note *note) {
    const chr_score_scale *scale = &q->s->scales[n->b];
    int64_t above = whole_pitch(note->note) - scale->tonic, octave = chr_floor_div(above, 12),
            inside = above - octave * 12, degree = scale->n - 1;
    while (degree > 0 && scale->steps[degree] > inside)
        degree--;
    double rest = (double)note->note - (double)whole_pitch(note->note) +
                  (double)(inside - scale->steps[degree]);
    int64_t moved = octave * scale->n + degree + n->a;
    octave = chr_floor_div(moved, scale->n);
    move_pitch(note,
               (double)(scale->tonic + 12 * octave + scale->steps[chr_floor_mod(moved, scale->n)]) +
                   rest);
}

static void move_in_groove(const chr_query *q, const chr_score_node *n, chr_score_note *note) {
    int64_t step = chr_floor_mod(note->at, q->s->round) / n->b % n->a;
    const chr_score_groove *g = &q->s->grooves[n->lock + (uint64_t)step];
    note->later_s += g->later_s;
    note->level = within(note->level * g->level, 0.0f, 1.0f);
}

static void move_by_chance(const chr_query *q, const chr_score_node *n, chr_score_note *note) {
    uint64_t h = chr_chance(q, n, note->id);
    note->later_s += (float)(n->x * (2.0 * chr_mixed_share(h) - 1.0));
    double louder = 1.0 + n->y * (2.0 * chr_mixed_share(chr_mix(h, 1)) - 1.0);
    note->level = within(note->level * (float)louder, 0.0f, 1.0f);
}

static void add_lock(const chr_score_node *n, chr_score_note *note) {
    for (int i = 0; i < CHR_SCORE_LOCKS; i++)
        if (note->locks[i] == CHR_SCORE_NO_LOCK) {
            note->locks[i] = n->lock;
            return;
        }
}

static void change(const chr_query *q, const chr_score_node *n, chr_score_note *note) {
    bool pitched = note->note >= 0.0f;
    switch ((chr_score_kind)n->kind) {
    case CHR_SCORE_TRANSPOSE:
        if (pitched)
            move_pitch(note, (double)note->note + n->x);
        return;
    case CHR_SCORE_DEGREES:
        if (pitched)
            move_degrees(q, n, note);
        return;
    case CHR_SCORE_MIRROR:
        if (pitched)
            move_pitch(note, 2.0 * n->x - (double)note->note);
        return;
    case CHR_SCORE_LEVEL:
        note->level = within(note->level * (float)n->x, 0.0f, 1.0f);
        return;
    case CHR_SCORE_GATE:
        note->gate = (float)n->x;
        return;
    case CHR_SCORE_NUDGE:
        note->later_s += (float)n->x;
        return;
    case CHR_SCORE_HUMANIZE:
        move_by_chance(q, n, note);
        return;
    case CHR_SCORE_GROOVE:
        move_in_groove(q, n, note);
        return;
    case CHR_SCORE_PAN:
        note->pan = within(note->pan + (float)n->x, -1.0f, 1.0f);
        return;
    default:
        add_lock(n, note);
    }
}

/* ---- which notes ---- */

static bool stays(const chr_query *q, const chr_score_node *n, const chr_score_note *note) {
    if (n->kind == CHR_SCORE_DEGRADE)
        return !(chr_mixed_share(chr_chance(q, n, note->id)) < n->x);
    uint64_t h = chr_mix(chr_mix(q->s->seed, (uint64_t)n->a), note->id);
    return (chr_mixed_share(h) < n->x) == (n->b == 0);
}

static void sifted(chr_query *q, const chr_score_node *n, uint32_t begin) {
    uint32_t kept = begin;
    for (uint32_t i = begin; i < q->n; i++)
        if (stays(q, n, &q->out[i]))
            q->out[kept++] = q->out[i];
    q->n = kept;
}

/* The k-th of n parts of a note's length. */
static void add_part(chr_query *q, uint32_t source, int64_t k, int64_t n, int64_t from, int64_t to,
                     chr_score_note *like) {
    const chr_score_note *whole = &q->out[source];
    int64_t length = like->end - like->at, at = like->at + chr_scale(length, k, n),
            end = like->at + chr_scale(length, k + 1, n);
    if (at < from || at >= to)
        return;
    chr_score_note copy = *whole, *note = chr_query_add(q);
    if (!note)
        return;
    *note = copy;
    note->at = at;
    note->end = end > at ? end : at + 1;
    if (k > 0)
        note->id = chr_mix(copy.id, (uint64_t)k);
}

static void plied(chr_query *q, const chr_score_node *n, uint32_t begin, int64_t from, int64_t to) {
    uint32_t made = q->n;
    for (uint32_t i = begin; i < made; i++)
        for (int64_t k = 0; k < n->a; k++) {
            chr_score_note whole = q->out[i];
            add_part(q, i, k, n->a, from, to, &whole);
        }
    chr_query_settle(q, begin, made);
}

/* ---- notes that begin together ---- */

enum { MOST_TOGETHER = 63 }; /* as the check allows */

/* The end of the notes that begin with number i. */
static uint32_t together(const chr_query *q, uint32_t i, uint32_t end) {
    uint32_t k = i + 1;
    while (k < end && q->out[k].at == q->out[i].at)
        k++;
    return k;
}

static uint32_t in_order(const chr_score_node *n, uint32_t m, uint32_t k, const uint16_t *drawn) {
    switch ((chr_arp)n->a) {
    case CHR_ARP_DOWN:
        return m - 1 - k;
    case CHR_ARP_UPDOWN:
        return k < m ? k : 2 * m - 2 - k;
    case CHR_ARP_CONVERGE:
        return k % 2 == 0 ? k / 2 : m - 1 - k / 2;
    case CHR_ARP_RANDOM:
        return drawn[k];
    default:
        return k;
    }
}

static void arpeggio(chr_query *q, const chr_score_node *n, uint32_t begin, int64_t from,
                     int64_t to) {
    chr_query_sort(q->out + begin, q->n - begin);
    uint32_t made = q->n;
    for (uint32_t i = begin, end; i < made; i = end) {
        end = together(q, i, made);
        uint32_t m = end - i < MOST_TOGETHER ? end - i : MOST_TOGETHER,
                 once = n->a == CHR_ARP_UPDOWN && m > 1 ? 2 * m - 2 : m;
        uint16_t drawn[MOST_TOGETHER];
        for (int64_t time = 0; time < n->b; time++) {
            if (n->a == CHR_ARP_RANDOM)
                chr_permute(q, n, chr_mix(q->out[i].id, (uint64_t)time), drawn, m);
            for (uint32_t k = 0; k < once; k++) {
                uint32_t which = i + in_order(n, m, k, drawn);
                chr_score_note like = q->out[which];
                add_part(q, which, time * once + k, n->b * once, from, to, &like);
            }
        }
    }
    chr_query_settle(q, begin, made);
}

static void strummed(chr_query *q, const chr_score_node *n, uint32_t begin) {
    chr_query_sort(q->out + begin, q->n - begin);
    for (uint32_t i = begin, end; i < q->n; i = end) {
        end = together(q, i, q->n);
        for (uint32_t k = i; k < end; k++) {
            double times = n->x < 0 ? -(double)(end - 1 - k) : (double)(k - i);
            q->out[k].later_s += (float)(n->x * times);
        }
    }
}

void chr_query_notes(chr_query *q, const chr_score_node *n, int64_t from, int64_t to) {
    const chr_score_node *b = chr_below(q, n, 0);
    bool spread = n->kind == CHR_SCORE_PLY || n->kind == CHR_SCORE_ARP;
    uint32_t begin = q->n;
    chr_query_rounds(q, b, spread ? from - b->longest : from, to);
    switch ((chr_score_kind)n->kind) {
    case CHR_SCORE_PLY:
        plied(q, n, begin, from, to);
        return;
    case CHR_SCORE_ARP:
        arpeggio(q, n, begin, from, to);
        return;
    case CHR_SCORE_STRUM:
        strummed(q, n, begin);
        return;
    case CHR_SCORE_DEGRADE:
    case CHR_SCORE_SIFT:
        sifted(q, n, begin);
        return;
    default:
        for (uint32_t i = begin; i < q->n; i++)
            change(q, n, &q->out[i]);
    }
}
