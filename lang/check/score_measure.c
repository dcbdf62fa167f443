/* lang/check/score_measure.c: whether a score can be played: how fine its ticks are, and how many
 * notes, how much room and work one page of it takes, node by node. All bounds hold for every round
 * and every chance.
 *
 * A page is a round, or as many as a beat has. A node is asked for a stretch of time; what it then
 * asks of those below is what runtime/audio/query.c does for its kind. SPDX-License-Identifier: MIT
 */
#include "lang/check/score_measure.h"

enum {
    MOST_DEPTH = 256, /* nodes from the root to a leaf: the audio thread walks them */
    MOST_NOTES = CHR_SCORE_ROOM,
    MOST_ROOM = CHR_SCORE_ROOM,
    MOST_WORK = 400000,      /* nodes and notes that are looked at for a page */
    MOST_QUESTIONS = 100000, /* different stretches that nodes are asked for */
    MOST_STARTS = 1000000,
    LEAST_ROUNDS = 100000 /* before a score may begin anew */
};
static const double MOST_REACH = 1e18; /* ticks times speed */

/* A stretch of `length` rounds that begins at a multiple of 1/`starts` rounds, 0: anywhere. */
typedef struct stretch {
    rational length;
    int64_t starts;
} stretch;

typedef struct bounds {
    uint64_t notes, room, work;
} bounds;

typedef struct answer {
    uint32_t part; /* and one more: 0 is an empty place */
    stretch asked;
    bounds bounds;
} answer;

typedef struct measuring {
    score_build *b;
    const score_facts *facts;
    answer *answers; /* a hash table */
    uint32_t n, room;
    bool too_much; /* different questions */
} measuring;

static const bounds beyond = {BOUND_MOST, BOUND_MOST, BOUND_MOST};

static stretch whole_rounds(uint64_t n) {
    return (stretch){
        {(int64_t)n, 1},
        1
    };
}

/* How many rounds it touches. */
static uint64_t touched(stretch s) {
    wide under = (wide)s.length.under * (s.starts > 0 ? s.starts : 1);
    wide over = (wide)s.length.over * (s.starts > 0 ? s.starts : 1) + under -
                (s.starts > 0 ? s.length.under : 0);
    wide n = (over + under - 1) / under;
    return n > (wide)BOUND_MOST ? BOUND_MOST : (uint64_t)n;
}

static stretch faster(stretch s, int64_t a, int64_t b) {
    int64_t starts = s.starts > 0 && s.starts <= MOST_STARTS / b
                         ? s.starts * b / common_divisor(s.starts * b, a)
                         : 0;
    return (stretch){rational_mul(s.length, rational_make(a, b)), starts};
}

static stretch shifted(stretch s, rational rounds) {
    int64_t starts = 0;
    if (s.starts > 0 && rational_ok(rounds) && rounds.under <= MOST_STARTS / s.starts)
        starts = s.starts / common_divisor(s.starts, rounds.under) * rounds.under;
    return (stretch){s.length, starts};
}

/* With what began so long before it. */
static stretch widened(const measuring *m, stretch s, rational beats) {
    return (stretch){rational_add(s.length, rational_div(beats, m->b->round)), 0};
}

static bounds ask(measuring *m, uint32_t part, stretch s);

static bounds both(bounds a, bounds b) {
    return (bounds){bounded_sum(a.notes, b.notes), bounded_sum(a.room, b.room),
                    bounded_sum(a.work, b.work)};
}

static bounds greater(bounds a, bounds b) {
    return (bounds){a.notes > b.notes ? a.notes : b.notes, a.room > b.room ? a.room : b.room,
                    a.work > b.work ? a.work : b.work};
}

/* The same n times, what it answers kept each time. */
static bounds repeated(bounds a, uint64_t n) {
    uint64_t notes = bounded_product(a.notes, n);
    return (bounds){notes, bounded_sum(notes, a.room), bounded_product(a.work, n)};
}

/* Answers `notes` from what is asked, all of which stays until then. */
static bounds made_from(bounds below, uint64_t notes) {
    return (bounds){notes, bounded_sum(below.room, notes), bounded_sum(below.work, notes)};
}

static bounds round_by_round(measuring *m, uint32_t one, uint32_t two, stretch s) {
    uint64_t n = touched(s);
    stretch each = n > 1 && s.length.over >= s.length.under ? whole_rounds(1) : s;
    return repeated(greater(ask(m, one, each), ask(m, two, each)), n);
}

static bounds squeezed(measuring *m, score_part *p, uint32_t one, uint32_t two, stretch s) {
    bounds outer = ask(m, two, widened(m, s, m->facts[two].longest)),
           a_round = ask(m, two, whole_rounds(1)), inner = ask(m, one, whole_rounds(1));
    p->a = (int64_t)(a_round.notes > 0 ? a_round.notes : 1);
    return both(outer, repeated(inner, outer.notes));
}

static bounds answer_of(measuring *m, uint32_t part, stretch s) {
    score_part *p = &m->b->parts[part];
    const score_facts *f = &m->facts[part];
    const score_branch *ways = m->b->branches + p->first;
    uint32_t one = p->n > 0 ? ways[0].part : 0, two = p->n > 1 ? ways[1].part : 0;
    uint64_t rounds = touched(s);
    switch ((chr_score_kind)p->kind) {
    case CHR_SCORE_SILENCE:
        return (bounds){0, 0, 0};
    case CHR_SCORE_STEPS: { /* how long a note is held is looked up in the rounds that follow */
        const score_facts *row = &m->facts[one];
        uint64_t looks = row->notes == 0 ? 0 : row->fills ? CHR_SCORE_HOLD_ROUNDS : row->leads;
        return repeated((bounds){row->notes, 0, bounded_product(row->work, looks + 1)}, rounds);
    }
    case CHR_SCORE_FAST:
        return ask(m, one, faster(s, p->a, p->b));
    case CHR_SCORE_LATER:
        return ask(m, one, shifted(s, rational_div(p->t, m->b->round)));
    case CHR_SCORE_SWING:
        return ask(m, one, widened(m, s, p->t));
    case CHR_SCORE_REV: { /* what ends in the mirrored stretch */
        bounds all = ask(m, one, whole_rounds(rounds));
        uint64_t ending = ask(m, one, widened(m, s, m->facts[one].longest)).notes;
        all.notes = ending < all.notes ? ending : all.notes;
        return all;
    }
    case CHR_SCORE_ITER:
        return ask(m, one, whole_rounds(rounds));
    case CHR_SCORE_PARTS: {
        stretch each = {rational_make(1, p->a), p->a};
        bounds all = repeated(ask(m, one, each), bounded_product(rounds, (uint64_t)p->a));
        if (p->b == 0) /* each part once */
            all.notes = ask(m, one, whole_rounds(rounds)).notes;
        return all;
    }
    case CHR_SCORE_LINGER: {
        stretch first = {rational_make(p->a, p->b), p->b};
        uint64_t times = (uint64_t)((p->b + p->a - 1) / p->a);
        return repeated(ask(m, one, first), bounded_product(rounds, times));
    }
    case CHR_SCORE_EVERY:
    case CHR_SCORE_SOMEROUNDS:
        return round_by_round(m, one, two, s);
    case CHR_SCORE_MASK: {
        bounds heard = ask(m, one, s), open = ask(m, two, widened(m, s, m->facts[two].longest));
        return made_from(both(heard, open), heard.notes);
    }
    case CHR_SCORE_STRUCT: {
        bounds onsets = ask(m, two, s), tones = ask(m, one, widened(m, s, m->b->round));
        return made_from(both(onsets, tones), bounded_product(onsets.notes, f->sounding));
    }
    case CHR_SCORE_SQUEEZE:
        return squeezed(m, p, one, two, s);
    case CHR_SCORE_FILL_GAPS: {
        rational steps = rational_div(rational_mul(s.length, m->b->round), p->t);
        uint64_t n = rational_ok(steps) ? (uint64_t)(steps.over / steps.under) + 2 : BOUND_MOST;
        return made_from(ask(m, one, widened(m, s, m->facts[one].longest)), n);
    }
    case CHR_SCORE_PLY: {
        bounds below = ask(m, one, widened(m, s, m->facts[one].longest));
        return made_from(below, bounded_product(below.notes, (uint64_t)p->a));
    }
    case CHR_SCORE_ARP: {
        bounds below = ask(m, one, widened(m, s, m->facts[one].longest));
        return made_from(below, bounded_product(below.notes, (uint64_t)(2 * p->b)));
    }
    default: { /* all below over the same stretch */
        bounds all = {0, 0, 0};
        for (uint32_t i = 0; i < p->n; i++)
            all = both(all, ask(m, ways[i].part, s));
        all.work = bounded_sum(all.work, all.notes);
        return all;
    }
    }
}

static answer *place_of(const measuring *m, uint32_t part, stretch s) {
    uint64_t h = part * 0x9e3779b97f4a7c15u;
    h = (h ^ (uint64_t)s.length.over) * 0xff51afd7ed558ccdu;
    h = (h ^ (uint64_t)s.length.under ^ (h >> 29)) * 0xc4ceb9fe1a85ec53u;
    h = (h ^ (uint64_t)s.starts ^ (h >> 31)) * 0x9e3779b97f4a7c15u;
    for (uint32_t i = (uint32_t)(h >> 32);; i++) {
        answer *a = &m->answers[i & (m->room - 1)];
        if (a->part == 0 ||
            (a->part == part + 1 && a->asked.length.over == s.length.over &&
             a->asked.length.under == s.length.under && a->asked.starts == s.starts))
            return a;
    }
}

static void make_room(measuring *m) {
    if (m->n * 2 < m->room)
        return;
    measuring bigger = *m;
    bigger.room = m->room > 0 ? m->room * 2 : 64;
    bigger.answers = TAKE_N(m->b->c, answer, bigger.room);
    for (uint32_t i = 0; i < m->room; i++)
        if (m->answers[i].part != 0)
            *place_of(&bigger, m->answers[i].part - 1, m->answers[i].asked) = m->answers[i];
    *m = bigger;
}

static bounds ask(measuring *m, uint32_t part, stretch s) {
    if (m->too_much || !rational_ok(s.length))
        return beyond;
    make_room(m);
    answer *known = place_of(m, part, s);
    if (known->part != 0)
        return known->bounds;
    if (++m->n > MOST_QUESTIONS) {
        m->too_much = true;
        return beyond;
    }
    *known = (answer){part + 1, s, beyond};
    bounds found = answer_of(m, part, s);
    found.room = found.room > found.notes ? found.room : found.notes;
    found.work = bounded_sum(found.work, 1);
    place_of(m, part, s)->bounds = found;
    return found;
}

/* ---- the whole ---- */

/* The ticks of a beat, so that all times of all nodes that can be asked are whole; and the greatest
 * factor that a time is multiplied by. */
static bool choose_ticks(const score_build *b, uint32_t root, const score_facts *facts,
                         int64_t *ticks, double *reach) {
    checker *c = b->c;
    double *speed = TAKE_N(c, double, b->n_parts);
    bool *reached = TAKE_N(c, bool, b->n_parts);
    reached[root] = true;
    speed[root] = 1;
    *ticks = b->round.under;
    *reach = 1;
    for (uint32_t i = root + 1; i-- > 0;) {
        const score_part *p = &b->parts[i];
        if (!reached[i])
            continue;
        if (!rational_ok(facts[i].grain) || !rational_ok(facts[i].longest))
            return false;
        int64_t unders[5] = {facts[i].grain.under, p->length.under, p->t.under, p->u.under,
                             facts[i].longest.under};
        for (int k = 0; k < 5; k++) {
            int64_t more = unders[k] / common_divisor(*ticks, unders[k]);
            if (more > RATIONAL_MOST / *ticks)
                return false;
            *ticks *= more;
        }
        if (p->kind == CHR_SCORE_FILL_GAPS)
            reached[p->b] = true;
        double own = speed[i];
        if (p->kind == CHR_SCORE_FAST) {
            double most = speed[i] * (double)(p->a > p->b ? p->a : p->b);
            *reach = most > *reach ? most : *reach;
            own = speed[i] * (double)p->a / (double)p->b;
        } else if (p->kind == CHR_SCORE_SQUEEZE) {
            own = speed[i] * (double)p->a;
        }
        for (uint32_t k = 0; k < p->n; k++) {
            uint32_t below = b->branches[p->first + k].part;
            reached[below] = true;
            speed[below] = own > speed[below] ? own : speed[below];
        }
        *reach = own > *reach ? own : *reach;
    }
    return true;
}

bool measure_score(score_build *b, uint32_t root, int64_t *ticks) {
    checker *c = b->c;
    const score_facts *facts = gather_facts(b);
    if (facts[root].depth > MOST_DEPTH) {
        REPORT(c, E522, b->span, MOST_DEPTH);
        return false;
    }
    measuring m = {.b = b, .facts = facts};
    rational page = rational_div((rational){1, 1}, b->round);
    int64_t rounds = rational_ok(page) ? (page.over + page.under - 1) / page.under : 1;
    bounds found = ask(&m, root, whole_rounds((uint64_t)rounds));
    double reach = 1;
    *ticks = 1;
    bool fits = !b->too_fine && choose_ticks(b, root, facts, ticks, &reach);
    double round = (double)b->round.over / (double)b->round.under * (double)*ticks;
    if (!fits || !(MOST_REACH / round / reach >= LEAST_ROUNDS)) {
        REPORT(c, E509, b->span, RATIONAL_MOST);
        return false;
    }
    if (found.notes > MOST_NOTES && found.notes < BOUND_MOST) {
        REPORT(c, E521, b->span, MOST_NOTES);
        return false;
    }
    if (found.notes > MOST_NOTES || found.work > MOST_WORK || found.room > MOST_ROOM ||
        m.too_much) {
        REPORT(c, E523, b->span, MOST_WORK);
        return false;
    }
    return true;
}
