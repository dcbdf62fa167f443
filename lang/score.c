/* lang/score.c: what follows from a score: how many notes it can have, how long they can be, how
 * far they can be moved. One walk from below to above. SPDX-License-Identifier: MIT */
#include "lang/score.h"

/* What is unbounded in practice is bounded here, so that no sum of bounds overflows. */
static const uint64_t MOST_NOTES = UINT32_MAX;
static const int64_t MOST_TICKS = INT64_MAX / 4;
static const double MOST_SPEED = 1e6;

static uint32_t few(uint64_t n) {
    return (uint32_t)(n < MOST_NOTES ? n : MOST_NOTES);
}

/* Both factors are below 2^33. */
static uint64_t times(uint64_t a, uint64_t b) {
    uint64_t product;
    return __builtin_mul_overflow(a, b, &product) || product > MOST_NOTES ? MOST_NOTES : product;
}

static int64_t ticks_of(double ticks) {
    return ticks < (double)MOST_TICKS ? (int64_t)ticks : MOST_TICKS;
}

/* Rounds that so many ticks after a round's beginning touch. */
static uint64_t rounds_in(const chr_score *s, int64_t ticks) {
    return (uint64_t)(ticks / s->round + (ticks % s->round != 0));
}

/* A round, and all before it in which a note may begin that is still heard in it. */
static uint64_t looked_back(const chr_score *s, const chr_score_node *below) {
    return 1 + rounds_in(s, below->longest);
}

static const chr_score_node *below(const chr_score *s, const chr_score_node *n, uint32_t i) {
    return &s->nodes[s->links[n->first + i].node];
}

/* ---- steps ---- */

static chr_score_leads leads_of(const chr_score *s, const chr_score_node *n) {
    if (n->kind == CHR_SCORE_HOLD)
        return CHR_LEADS_WHOLLY;
    uint32_t wholly = 0, partly = 0;
    for (uint32_t i = 0; i < n->n; i++) {
        wholly += below(s, n, i)->leads == CHR_LEADS_WHOLLY;
        partly += below(s, n, i)->leads != CHR_LEADS_NOT;
    }
    if (n->kind == CHR_SCORE_ROW)
        return n->n == 0 || s->links[n->first].at != 0 ? CHR_LEADS_NOT
               : wholly == n->n                        ? CHR_LEADS_WHOLLY
                                                       : below(s, n, 0)->leads != CHR_LEADS_NOT;
    return wholly ? CHR_LEADS_WHOLLY : partly ? CHR_LEADS_PARTLY : CHR_LEADS_NOT;
}

static void finish_steps(const chr_score *s, chr_score_node *n) {
    uint64_t sum = 0, greatest = 0;
    int64_t longest = n->kind == CHR_SCORE_NOTES ? n->length : 0;
    bool holds = false;
    for (uint32_t i = 0; i < n->n; i++) {
        const chr_score_node *b = below(s, n, i);
        sum = few(sum + b->most);
        greatest = b->most > greatest ? b->most : greatest;
        longest = b->longest > longest ? b->longest : longest;
        holds |= b->leads != CHR_LEADS_NOT;
    }
    n->leads = (uint8_t)leads_of(s, n);
    /* What is held inside goes on to the end of its row, and from there as its row is held. */
    n->longest = holds && longest < n->length ? n->length : longest;
    n->most = n->kind == CHR_SCORE_NOTES     ? few((uint64_t)n->b)
              : n->kind == CHR_SCORE_RATCHET ? few(times((uint64_t)n->a, greatest))
              : n->kind == CHR_SCORE_ROW || n->kind == CHR_SCORE_TOGETHER ? few(sum)
                                                                          : few(greatest);
    n->room = n->most;
    n->speed = 1.0f;
}

/* ---- rounds ---- */

typedef struct bounds {
    uint64_t most, room;
} bounds;

static bounds several(uint64_t rounds, const chr_score_node *below_it) {
    return (bounds){times(rounds, below_it->most), times(rounds, below_it->room)};
}

static uint64_t greater(uint64_t a, uint64_t b) {
    return a > b ? a : b;
}

/* Rounds of what is below a FAST that one of its own touches. */
static uint64_t fast_rounds(const chr_score_node *n) {
    return n->a % n->b == 0   ? (uint64_t)(n->a / n->b)
           : n->b % n->a == 0 ? 1
                              : (uint64_t)(n->a / n->b) + 2;
}

/* How often the first part of a round is heard in it. */
static uint64_t lingering_parts(const chr_score *s, const chr_score_node *n) {
    double part = (double)s->round * (double)n->a / (double)n->b;
    int64_t ticks = part < 1.0 ? 1 : (int64_t)part;
    return (uint64_t)((s->round + ticks - 1) / ticks);
}

/* Notes are looked up from the longest before the round on, and each becomes several. */
static bounds expanded(const chr_score *s, const chr_score_node *first, uint64_t each) {
    bounds b = several(looked_back(s, first), first);
    uint64_t made = times(b.most, each);
    return (bounds){made, greater(b.room, b.most + made)};
}

static bounds of_one(const chr_score *s, const chr_score_node *n, const chr_score_node *first) {
    switch ((chr_score_kind)n->kind) {
    case CHR_SCORE_FAST:
        return several(fast_rounds(n), first);
    case CHR_SCORE_LATER:
        return several(n->a % s->round == 0 ? 1 : 2, first);
    case CHR_SCORE_SWING:
        return several(s->round % n->a == 0 ? 1 : 3, first);
    case CHR_SCORE_PARTS:
    case CHR_SCORE_LINGER: {
        uint64_t pieces = n->kind == CHR_SCORE_LINGER         ? lingering_parts(s, n)
                          : n->b == 0 && s->round % n->a == 0 ? 1
                                                              : (uint64_t)n->a;
        return (bounds){times(pieces, first->most), times(pieces, first->most) + first->room};
    }
    case CHR_SCORE_ITER:
        return (bounds){first->most, first->most + (uint64_t)first->room};
    case CHR_SCORE_PLY:
        return expanded(s, first, (uint64_t)n->a);
    case CHR_SCORE_ARP:
        return expanded(s, first, times((uint64_t)n->b, n->a == CHR_ARP_UPDOWN ? 2 : 1));
    case CHR_SCORE_FILL_GAPS: {
        bounds b = several(looked_back(s, first) + rounds_in(s, n->a), first);
        uint64_t made = times((uint64_t)(s->round / n->a + 1), (uint64_t)s->nodes[n->b].b);
        return (bounds){made, greater(b.room, b.most + made)};
    }
    default:
        return several(1, first);
    }
}

static bounds of_two(const chr_score *s, const chr_score_node *n, const chr_score_node *first,
                     const chr_score_node *second) {
    uint64_t one = first->most, two = second->most;
    bounds b;
    switch ((chr_score_kind)n->kind) {
    case CHR_SCORE_EVERY:
    case CHR_SCORE_SOMEROUNDS:
        return (bounds){greater(one, two), greater(first->room, second->room)};
    case CHR_SCORE_MASK:
        b = several(looked_back(s, second), second);
        return (bounds){one, greater(first->room, one + b.room)};
    case CHR_SCORE_STRUCT: {
        b = several(1 + greater(1, rounds_in(s, first->longest)), first);
        uint64_t made = times(two, b.most < CHR_SCORE_CHORD ? b.most : CHR_SCORE_CHORD);
        return (bounds){made, greater(second->room, two + greater(b.room, b.most + made))};
    }
    case CHR_SCORE_SQUEEZE: {
        b = several(looked_back(s, second), second);
        uint64_t made = times(b.most, one);
        return (bounds){made, greater(b.room, b.most + made + first->room)};
    }
    default: /* WITHIN, UNTIL, CHUNK: the first, the second, the first again */
        return (bounds){one + two, one + two + greater(first->room, second->room)};
    }
}

static bounds of_all(const chr_score *s, const chr_score_node *n) {
    bounds all = {0, 0};
    for (uint32_t i = 0; i < n->n; i++) {
        const chr_score_node *b = below(s, n, i);
        all.room = greater(all.room, all.most + b->room);
        all.most = few(all.most + b->most);
    }
    return all;
}

static int64_t longest_of(const chr_score *s, const chr_score_node *n) {
    int64_t longest = 0;
    for (uint32_t i = 0; i < n->n; i++)
        if (below(s, n, i)->longest > longest)
            longest = below(s, n, i)->longest;
    const chr_score_node *last = n->n > 0 ? below(s, n, n->n - 1) : NULL;
    switch ((chr_score_kind)n->kind) {
    case CHR_SCORE_STEPS: /* and is held into the rounds that follow */
        return last->most == 0 ? 0
               : last->leads == CHR_LEADS_WHOLLY
                   ? ticks_of((double)longest + (double)s->round * (CHR_SCORE_HOLD_ROUNDS + 1))
               : last->leads == CHR_LEADS_PARTLY ? ticks_of((double)longest + (double)s->round)
                                                 : longest;
    case CHR_SCORE_FAST:
        return ticks_of((double)longest * (double)n->b / (double)n->a) + 1;
    case CHR_SCORE_SWING:
        return ticks_of((double)longest * 2.0) + 1;
    case CHR_SCORE_STRUCT:
    case CHR_SCORE_SQUEEZE:
        return last->longest;
    case CHR_SCORE_FILL_GAPS:
        return n->a;
    default:
        return longest;
    }
}

/* How far the notes are moved by this node itself. */
static void moved(const chr_score *s, const chr_score_node *n, double *early_s, double *late_s) {
    double most = n->x > 0 ? n->x : -n->x;
    switch ((chr_score_kind)n->kind) {
    case CHR_SCORE_STRUM:
        *late_s = most * (n->n > 0 ? below(s, n, 0)->most : 0);
        return;
    case CHR_SCORE_NUDGE:
        *(n->x < 0 ? early_s : late_s) = most;
        return;
    case CHR_SCORE_HUMANIZE:
        *early_s = *late_s = most;
        return;
    case CHR_SCORE_GROOVE:
        for (int64_t i = 0; i < n->a; i++) {
            double later = (double)s->grooves[n->lock + (uint64_t)i].later_s;
            *late_s = later > *late_s ? later : *late_s;
            *early_s = -later > *early_s ? -later : *early_s;
        }
        return;
    default:
        return;
    }
}

static void finish_rounds(const chr_score *s, chr_score_node *n) {
    bounds b = {0, 0};
    if (n->kind == CHR_SCORE_SQUEEZE)
        n->a = below(s, n, 1)->most;
    if (n->kind == CHR_SCORE_STACK)
        b = of_all(s, n);
    else if (n->n == 2)
        b = of_two(s, n, below(s, n, 0), below(s, n, 1));
    else if (n->n == 1)
        b = of_one(s, n, below(s, n, 0));
    n->most = few(b.most);
    n->room = few(greater(b.room, b.most));
    n->longest = longest_of(s, n);
    double early_s = 0, late_s = 0, speed = 1;
    for (uint32_t i = 0; i < n->n; i++) {
        const chr_score_node *k = below(s, n, i);
        early_s = (double)k->early_s > early_s ? (double)k->early_s : early_s;
        late_s = (double)k->late_s > late_s ? (double)k->late_s : late_s;
        speed = (double)k->speed > speed ? (double)k->speed : speed;
    }
    if (n->kind == CHR_SCORE_FAST && n->a > n->b)
        speed *= (double)n->a / (double)n->b;
    double own_early = 0, own_late = 0;
    moved(s, n, &own_early, &own_late);
    n->early_s = (float)(early_s + own_early);
    n->late_s = (float)(late_s + own_late);
    n->speed = (float)(speed < MOST_SPEED ? speed : MOST_SPEED);
}

static uint16_t depth_of(const chr_score *s, const chr_score_node *n) {
    uint16_t deepest = 0;
    for (uint32_t i = 0; i < n->n; i++)
        if (below(s, n, i)->depth > deepest)
            deepest = below(s, n, i)->depth;
    return (uint16_t)(deepest + (deepest < UINT16_MAX));
}

void chr_score_finish(chr_score *s, chr_score_node *nodes) {
    for (uint32_t i = 0; i < s->n_nodes; i++) {
        chr_score_node *n = &nodes[i];
        n->early_s = n->late_s = 0.0f;
        n->depth = depth_of(s, n);
        if (n->kind < CHR_SCORE_STEPS)
            finish_steps(s, n);
        else
            finish_rounds(s, n);
    }
    double rounds = 1e18 / (double)s->round / (double)nodes[s->root].speed;
    s->most_rounds = rounds < 1 ? 1 : rounds > 1e12 ? 1000000000000 : (int64_t)rounds;
}

uint32_t chr_score_most(const chr_score *s, int64_t rounds, uint32_t *room) {
    const chr_score_node *root = &s->nodes[s->root];
    uint64_t n = times((uint64_t)rounds, root->most), r = times((uint64_t)rounds, root->room);
    *room = (uint32_t)(r < CHR_SCORE_ROOM ? r : CHR_SCORE_ROOM);
    return (uint32_t)(n < CHR_SCORE_ROOM ? n : CHR_SCORE_ROOM);
}

bool chr_score_asks_chance(const chr_score *s) {
    for (uint32_t i = 0; i < s->n_nodes; i++)
        switch ((chr_score_kind)s->nodes[i].kind) {
        case CHR_SCORE_CHOICE:
        case CHR_SCORE_CHANCE:
        case CHR_SCORE_PARTS:
        case CHR_SCORE_SOMEROUNDS:
        case CHR_SCORE_SIFT:
        case CHR_SCORE_DEGRADE:
        case CHR_SCORE_HUMANIZE:
            return true;
        case CHR_SCORE_ARP:
            if (s->nodes[i].a == CHR_ARP_RANDOM)
                return true;
            break;
        default:
            break;
        }
    return false;
}
