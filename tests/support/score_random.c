/* tests/support/score_random.c: scores by chance, of all kinds of nodes.
 * SPDX-License-Identifier: MIT */
#include "tests/support/score_random.h"

typedef struct dice {
    score_maker *m;
    uint64_t state;
} dice;

/* splitmix64 (Steele, Lea and Flood 2014). */
static uint32_t roll(dice *d, uint32_t n) {
    uint64_t z = (d->state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)(((z ^ (z >> 31)) >> 32) % n);
}

static uint32_t steps(dice *d, int64_t length, int depth);

static uint32_t step(dice *d, int64_t length) {
    static const char *const words[] = {"36", "40", "43+48", "x", ".", "_", "50~", "_"};
    uint32_t node = score_step(d->m, length, words[roll(d, 8)]);
    if (d->m->nodes[node].kind == CHR_SCORE_NOTES && roll(d, 8) == 0)
        d->m->nodes[node].lock = roll(d, 2);
    return node;
}

static uint32_t row(dice *d, int64_t length, int depth) {
    uint32_t parts[8], n = 1 + roll(d, 6);
    n = (int64_t)n > length ? (uint32_t)length : n;
    int64_t left = length;
    for (uint32_t i = 0; i < n; i++) {
        int64_t part = i + 1 == n ? left : left / (n - i);
        parts[i] = steps(d, part, depth - 1);
        left -= part;
    }
    return score_row(d->m, n, parts);
}

static uint32_t steps(dice *d, int64_t length, int depth) {
    uint32_t below[4], n = 2 + roll(d, 3), kind = depth > 0 ? roll(d, 10) : 9;
    if (kind < 4)
        return row(d, length, depth);
    if (kind > 8)
        return step(d, length);
    if (kind == 8) {
        int64_t times = 2 + roll(d, 3);
        if (length % times != 0)
            return row(d, length, depth);
        below[0] = steps(d, length / times, depth - 1);
        uint32_t ratchet = score_of(d->m, CHR_SCORE_RATCHET, times, 0, 0, 1, below);
        d->m->nodes[ratchet].length = length;
        return ratchet;
    }
    static const chr_score_kind kinds[] = {CHR_SCORE_TOGETHER, CHR_SCORE_TURNS, CHR_SCORE_CHOICE,
                                           CHR_SCORE_CHANCE};
    n = kind == 7 ? 1 : n;
    for (uint32_t i = 0; i < n; i++)
        below[i] = steps(d, length, depth - 1);
    return score_of(d->m, kinds[kind - 4], 0, 0, 0.5, n, below);
}

/* a, b and x of a node, as the check would write them. */
static void set_numbers(dice *d, chr_score_node *n, int64_t round) {
    n->a = 1 + roll(d, 4);
    n->x = roll(d, 100) / 100.0;
    switch ((chr_score_kind)n->kind) {
    case CHR_SCORE_FAST:
        n->b = 1 + roll(d, 3);
        break;
    case CHR_SCORE_LATER:
        n->a = (int64_t)roll(d, 48) - 24;
        break;
    case CHR_SCORE_ITER:
    case CHR_SCORE_CHUNK:
        n->b = roll(d, 2) ? 1 : -1;
        break;
    case CHR_SCORE_PARTS:
    case CHR_SCORE_SIFT:
    case CHR_SCORE_STRUCT:
        n->b = roll(d, 2);
        break;
    case CHR_SCORE_LINGER:
        n->b = n->a + roll(d, 5);
        break;
    case CHR_SCORE_SWING:
        n->a = 2 * (1 + roll(d, 9));
        n->b = 500 + roll(d, 400);
        break;
    case CHR_SCORE_EVERY:
        n->b = roll(d, (uint32_t)n->a);
        break;
    case CHR_SCORE_WITHIN:
        n->a = roll(d, (uint32_t)round);
        n->b = n->a + roll(d, (uint32_t)(round - n->a) + 1);
        break;
    case CHR_SCORE_UNTIL:
        n->a = roll(d, 4 * (uint32_t)round);
        break;
    case CHR_SCORE_FILL_GAPS:
        n->a = 1 + roll(d, (uint32_t)round);
        n->b = 0; /* the first node is a hit */
        break;
    case CHR_SCORE_DEGREES:
        n->b = 0;
        break;
    case CHR_SCORE_ARP:
        n->a = roll(d, CHR_ARP_RANDOM + 1);
        n->b = 1 + roll(d, 2);
        break;
    case CHR_SCORE_HUMANIZE:
        n->y = 0.3;
        n->x = 0.01;
        break;
    case CHR_SCORE_GROOVE:
        n->a = 2;
        n->b = 1 + roll(d, 6);
        n->lock = 0;
        break;
    case CHR_SCORE_STRUM:
    case CHR_SCORE_NUDGE:
        n->x = n->x / 100 - 0.005;
        break;
    case CHR_SCORE_LOCK:
        n->lock = roll(d, 2);
        break;
    default:
        break;
    }
}

static uint32_t rounds(dice *d, int64_t round, int depth) {
    uint32_t below[3], n = 1;
    chr_score_kind kind =
        depth > 0
            ? (chr_score_kind)(CHR_SCORE_STEPS + roll(d, CHR_SCORE_KIND_COUNT - CHR_SCORE_STEPS))
            : CHR_SCORE_STEPS;
    switch (kind) {
    case CHR_SCORE_STEPS:
        below[0] = steps(d, round, 3);
        break;
    case CHR_SCORE_SILENCE:
        n = 0;
        break;
    case CHR_SCORE_STACK:
        n = 1 + roll(d, 3);
        break;
    case CHR_SCORE_EVERY:
    case CHR_SCORE_SOMEROUNDS:
    case CHR_SCORE_WITHIN:
    case CHR_SCORE_UNTIL:
    case CHR_SCORE_CHUNK:
    case CHR_SCORE_MASK:
    case CHR_SCORE_STRUCT:
    case CHR_SCORE_SQUEEZE:
        n = 2;
        break;
    default:
        break;
    }
    for (uint32_t i = 0; i < n && kind != CHR_SCORE_STEPS; i++)
        below[i] = i > 0 && roll(d, 3) == 0 ? below[0] : rounds(d, round, depth - 1);
    uint32_t node = score_of(d->m, kind, 0, 0, 0, n, below);
    if (kind != CHR_SCORE_STEPS)
        set_numbers(d, &d->m->nodes[node], round);
    return node;
}

uint32_t score_rounds_by_chance(score_maker *m, uint64_t seed, int64_t round, int depth) {
    static const chr_score_value values[] = {
        {0, 1.0f},
        {1, 2.0f}
    };
    static const chr_score_lock locks[] = {
        {0, 1},
        {0, 2}
    };
    static const chr_score_groove grooves[] = {
        {0.001f,  1.0f},
        {-0.002f, 0.5f}
    };
    static const chr_score_scale scale = {
        .tonic = 2, .n = 7, .steps = {0, 2, 4, 5, 7, 9, 11}
    };
    dice d = {m, seed};
    m->s.round = round;
    m->s.seed = seed;
    m->s.values = values;
    m->s.locks = locks;
    m->s.grooves = grooves;
    m->s.scales = &scale;
    m->s.n_values = m->s.n_locks = m->s.n_grooves = 2;
    m->s.n_scales = 1;
    score_step(m, 1, "x");
    return rounds(&d, round, depth);
}

const chr_score *score_by_chance(score_maker *m, uint64_t seed, int64_t round, int depth) {
    return score_end(m, score_rounds_by_chance(m, seed, round, depth));
}
