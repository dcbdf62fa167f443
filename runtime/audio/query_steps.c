/* runtime/audio/query_steps.c: what is laid out within a round: rows, brackets, turns, choices,
 * holds. SPDX-License-Identifier: MIT */
#include "runtime/audio/query_inner.h"

/* Where a node is asked: `count` times before it has come round, and what links led to it. */
typedef struct place {
    uint64_t count, path;
} place;

/* The i-th of what is below, as often as the node itself. */
static place through(place p, uint32_t i) {
    return (place){p.count, chr_mix(p.path, i)};
}

static uint64_t drawn(const chr_query *q, const chr_score_node *n, place p) {
    return chr_chance(q, n, chr_mix(p.path, p.count));
}

/* Which of several comes now, and as what; UINT32_MAX: none. */
static uint32_t taken(const chr_query *q, const chr_score_node *n, place *p) {
    uint32_t i = 0;
    if (n->kind == CHR_SCORE_TURNS) {
        i = (uint32_t)(p->count % n->n);
        p->count /= n->n;
    } else if (n->kind == CHR_SCORE_CHOICE) {
        i = chr_mixed_of(drawn(q, n, *p), n->n);
    } else if (!(chr_mixed_share(drawn(q, n, *p)) < n->x)) {
        return UINT32_MAX;
    }
    p->path = chr_mix(p->path, i);
    return i;
}

/* ---- holds ---- */

/* Ticks of holds that it begins with. */
static int64_t lead(const chr_query *q, const chr_score_node *n, place p);

/* Holds found among what follows one another: they reach to tick `to` of the row, and the first
 * that is not nothing but hold is number `stop`. */
typedef struct run {
    int64_t to, stop;
} run;

static run run_in_row(const chr_query *q, const chr_score_node *n, place p, uint32_t i,
                      int64_t from) {
    int64_t to = from;
    for (; i < n->n; i++) {
        const chr_score_node *b = chr_below(q, n, i);
        if (!b->leads || q->s->links[n->first + i].at != to)
            break;
        int64_t held = lead(q, b, through(p, i));
        to += held;
        if (held < b->length)
            break;
    }
    return (run){to, i};
}

static place turn_of(const chr_score_node *ratchet, place p, int64_t k) {
    return (place){p.count * (uint64_t)ratchet->a + (uint64_t)k, p.path};
}

static run run_in_ratchet(const chr_query *q, const chr_score_node *n, place p, int64_t k) {
    const chr_score_node *b = chr_below(q, n, 0);
    int64_t to = k * b->length;
    for (; b->leads && k < n->a; k++) {
        int64_t held = lead(q, b, turn_of(n, p, k));
        to += held;
        if (held < b->length)
            break;
    }
    return (run){to, k};
}

static int64_t lead(const chr_query *q, const chr_score_node *n, place p) {
    if (!n->leads)
        return 0;
    switch ((chr_score_kind)n->kind) {
    case CHR_SCORE_HOLD:
        return n->length;
    case CHR_SCORE_ROW:
        return run_in_row(q, n, p, 0, 0).to;
    case CHR_SCORE_RATCHET:
        return run_in_ratchet(q, n, p, 0).to;
    case CHR_SCORE_TOGETHER: {
        int64_t most = 0;
        for (uint32_t i = 0; i < n->n; i++) {
            int64_t held = lead(q, chr_below(q, n, i), through(p, i));
            most = held > most ? held : most;
        }
        return most;
    }
    default: {
        uint32_t i = taken(q, n, &p);
        return i == UINT32_MAX ? 0 : lead(q, chr_below(q, n, i), p);
    }
    }
}

/* ---- notes ---- */

static void sound(chr_query *q, const chr_score_node *n, int64_t at, place p, int64_t hold) {
    uint64_t id = chr_mix(chr_mix(chr_mix(q->s->seed, chr_node_number(q, n)), p.path), p.count);
    for (int64_t i = 0; i < n->b; i++) {
        chr_score_note *note = chr_query_add(q);
        if (!note)
            return;
        *note =
            (chr_score_note){.at = at,
                             .end = at + n->length + hold,
                             .id = id + (uint64_t)i,
                             .note = n->flags & CHR_SCORE_PITCHLESS ? -1.0f : q->s->tones[n->a + i],
                             .level = (float)n->x,
                             .pan = (float)n->y,
                             .gate = 1.0f,
                             .leaf = (uint32_t)chr_node_number(q, n),
                             .slide = n->flags & CHR_SCORE_SLIDE};
        note->locks[0] = n->lock;
        for (int k = 1; k < CHR_SCORE_LOCKS; k++)
            note->locks[k] = CHR_SCORE_NO_LOCK;
    }
}

/* Adds the notes of a step that begins at `at` and is held `hold` ticks beyond its end, as far as
 * they begin within `x`. */
static void lay(chr_query *q, const chr_score_node *n, int64_t at, place p, int64_t hold,
                chr_stretch x);

static void lay_row(chr_query *q, const chr_score_node *n, int64_t at, place p, int64_t hold,
                    chr_stretch x) {
    const chr_score_link *links = q->s->links + n->first;
    /* The last that begins before the stretch may reach into it. */
    uint32_t low = 0, high = n->n;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (links[middle].at < x.from - at)
            low = middle + 1;
        else
            high = middle;
    }
    run holds = {0, 0};
    for (uint32_t i = low > 0 ? low - 1 : 0; i < n->n && links[i].at < x.to - at; i++) {
        const chr_score_node *b = chr_below(q, n, i);
        int64_t end = links[i].at + b->length;
        if (i + 1 > holds.stop)
            holds = run_in_row(q, n, p, i + 1, end);
        int64_t held = holds.to > end ? holds.to - end : 0;
        if (end + held == n->length)
            held += hold;
        lay(q, b, at + links[i].at, through(p, i), held, x);
    }
}

static void lay_ratchet(chr_query *q, const chr_score_node *n, int64_t at, place p, int64_t hold,
                        chr_stretch x) {
    const chr_score_node *b = chr_below(q, n, 0);
    int64_t k = x.from > at ? (x.from - at) / b->length : 0;
    run holds = {0, 0};
    for (; k < n->a && at + k * b->length < x.to; k++) {
        int64_t end = (k + 1) * b->length;
        if (k + 1 > holds.stop)
            holds = run_in_ratchet(q, n, p, k + 1);
        int64_t held = holds.to > end ? holds.to - end : 0;
        if (end + held == n->length)
            held += hold;
        lay(q, b, at + k * b->length, turn_of(n, p, k), held, x);
    }
}

static void lay(chr_query *q, const chr_score_node *n, int64_t at, place p, int64_t hold,
                chr_stretch x) {
    if (at >= x.to || at + n->length <= x.from)
        return;
    switch ((chr_score_kind)n->kind) {
    case CHR_SCORE_NOTES:
        if (at >= x.from)
            sound(q, n, at, p, hold);
        return;
    case CHR_SCORE_ROW:
        lay_row(q, n, at, p, hold, x);
        return;
    case CHR_SCORE_RATCHET:
        lay_ratchet(q, n, at, p, hold, x);
        return;
    case CHR_SCORE_TOGETHER:
        for (uint32_t i = 0; i < n->n; i++)
            lay(q, chr_below(q, n, i), at, through(p, i), hold, x);
        return;
    case CHR_SCORE_TURNS:
    case CHR_SCORE_CHOICE:
    case CHR_SCORE_CHANCE: {
        uint32_t i = n->n > 0 ? taken(q, n, &p) : UINT32_MAX;
        if (i != UINT32_MAX)
            lay(q, chr_below(q, n, i), at, p, hold, x);
        return;
    }
    default: /* a rest, a hold */
        return;
    }
}

/* Ticks of holds with which the rounds after this one begin. */
static int64_t held_over(const chr_query *q, const chr_score_node *n, int64_t round) {
    int64_t sum = 0;
    for (int64_t k = 1; n->leads && k <= CHR_SCORE_HOLD_ROUNDS; k++) {
        int64_t more = lead(q, n, (place){chr_round_count(q, round + k), 0});
        sum += more;
        if (more < n->length)
            break;
    }
    return sum;
}

void chr_query_steps(chr_query *q, const chr_score_node *n, int64_t from, int64_t to) {
    const chr_score_node *b = chr_below(q, n, 0);
    int64_t ticks = q->s->round;
    for (int64_t r = chr_floor_div(from, ticks); r * ticks < to && b->most > 0; r++)
        lay(q, b, r * ticks, (place){chr_round_count(q, r), 0}, held_over(q, b, r),
            (chr_stretch){from, to});
}
