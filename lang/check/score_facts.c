/* lang/check/score_facts.c: what holds of each node of a score wherever it is asked: how fine its
 * times are, how long its notes, how many of them at once. From the leaves up: whatever stands
 * below a node was added before it. SPDX-License-Identifier: MIT */
#include "lang/check/score_measure.h"

static const rational zero = {0, 1};

/* The greatest time that both are whole multiples of; 0 is a multiple of anything. */
static rational common_grain(rational a, rational b) {
    if (!rational_ok(a) || !rational_ok(b))
        return (rational){0, 0};
    wide x = (wide)a.over * b.under, y = (wide)b.over * a.under;
    x = x < 0 ? -x : x;
    y = y < 0 ? -y : y;
    while (y != 0) {
        wide rest = x % y;
        x = y;
        y = rest;
    }
    return rational_make(x, (wide)a.under * b.under);
}

static rational part_of(rational a, int64_t over, int64_t under) {
    return rational_mul(a, rational_make(over, under));
}

static rational later_of(rational a, rational b) {
    return rational_ok(a) && rational_ok(b) && rational_compare(a, b) < 0 ? b : a;
}

uint64_t bounded_sum(uint64_t a, uint64_t b) {
    return a + b < BOUND_MOST ? a + b : BOUND_MOST;
}

uint64_t bounded_product(uint64_t a, uint64_t b) {
    return a == 0 || b <= BOUND_MOST / a ? a * b : BOUND_MOST;
}

/* ---- how many notes may begin at one tick: a set of numbers, bit n for n of them ---- */

static uint64_t sizes_up_to(uint64_t n) {
    return n >= MANY_TOGETHER ? ~(uint64_t)1 : ((uint64_t)2 << n) - 2;
}

/* Those of one, of the other, or of both at once. */
static uint64_t sizes_together(uint64_t a, uint64_t b) {
    uint64_t sum = a | b;
    for (int i = 1; i <= MANY_TOGETHER; i++)
        if ((a >> i & 1) != 0)
            for (int k = 1; k <= MANY_TOGETHER; k++)
                if ((b >> k & 1) != 0)
                    sum |= (uint64_t)1 << (i + k < MANY_TOGETHER ? i + k : MANY_TOGETHER);
    return sum;
}

/* In how many parts an arpeggio may divide a note, all at once; 0: too many. */
static int64_t arp_parts(const score_part *p, uint64_t sizes) {
    int64_t all = 1;
    if ((sizes >> MANY_TOGETHER & 1) != 0)
        return 0;
    for (int n = 1; n < MANY_TOGETHER; n++) {
        if ((sizes >> n & 1) == 0)
            continue;
        int64_t slots = p->a == CHR_ARP_UPDOWN && n > 1 ? 2 * n - 2 : n;
        all *= slots / common_divisor(all, slots);
        if (all > RATIONAL_MOST)
            return 0;
    }
    return p->b <= RATIONAL_MOST / all ? all * p->b : 0;
}

/* ---- steps ---- */

static void gather_steps(const score_build *b, const score_part *p, score_facts *f,
                         const score_facts *all) {
    bool one_of = p->kind == CHR_SCORE_TURNS || p->kind == CHR_SCORE_CHOICE,
         at_once = p->kind == CHR_SCORE_TOGETHER;
    bool one_fills = false, all_fill = p->n > 0;
    f->grain = p->length;
    for (uint32_t i = 0; i < p->n; i++) {
        const score_branch *way = &b->branches[p->first + i];
        const score_facts *w = &all[way->part];
        f->grain = common_grain(common_grain(f->grain, way->at), w->grain);
        f->longest = later_of(f->longest, w->longest);
        f->notes =
            one_of ? (w->notes > f->notes ? w->notes : f->notes) : bounded_sum(f->notes, w->notes);
        f->work = one_of ? (w->work > f->work ? w->work : f->work) : bounded_sum(f->work, w->work);
        f->sizes = at_once ? sizes_together(f->sizes, w->sizes) : f->sizes | w->sizes;
        f->sounding = at_once                     ? bounded_sum(f->sounding, w->sounding)
                      : w->sounding > f->sounding ? w->sounding
                                                  : f->sounding;
        f->holds = f->holds || w->holds;
        one_fills = one_fills || w->fills;
        all_fill = all_fill && w->fills;
        f->leads = f->leads || (w->leads && (p->kind != CHR_SCORE_ROW || way->at.over == 0));
        f->depth = w->depth > f->depth ? w->depth : f->depth;
    }
    f->depth++;
    f->fills = one_of || at_once ? one_fills : all_fill;
    f->work = bounded_sum(f->work, 1);
    if (p->kind == CHR_SCORE_NOTES) {
        f->longest = p->length;
        f->notes = f->sounding = (uint64_t)p->b;
        f->sizes = (uint64_t)1 << (p->b < MANY_TOGETHER ? p->b : MANY_TOGETHER);
    } else if (p->kind == CHR_SCORE_HOLD) {
        f->holds = f->leads = f->fills = true;
    } else if (p->kind == CHR_SCORE_RATCHET) {
        f->notes = bounded_product(f->notes, (uint64_t)p->a);
        f->work = bounded_product(f->work, (uint64_t)p->a);
    }
}

/* ---- rounds ---- */

/* Times within the halves of a pair are stretched: each half by its own factor. */
static rational swung_grain(const score_part *p, rational grain) {
    rational half = part_of(p->t, 1, 2), g = common_grain(grain, half);
    return common_grain(
        common_grain(p->t, part_of(p->t, p->b, 1000)),
        common_grain(part_of(g, 2 * p->b, 1000), part_of(g, 2 * (1000 - p->b), 1000)));
}

static rational grain_of(const score_build *b, const score_part *p, const score_facts *one,
                         const score_facts *two) {
    rational g = one != NULL ? one->grain : zero;
    switch ((chr_score_kind)p->kind) {
    case CHR_SCORE_STEPS:
    case CHR_SCORE_REV:
        return common_grain(g, b->round);
    case CHR_SCORE_FAST:
        return part_of(g, p->b, p->a);
    case CHR_SCORE_LATER:
        return common_grain(g, p->t);
    case CHR_SCORE_ITER:
    case CHR_SCORE_PARTS:
        return common_grain(g, part_of(b->round, 1, p->a));
    case CHR_SCORE_LINGER:
        return common_grain(common_grain(g, b->round), part_of(b->round, p->a, p->b));
    case CHR_SCORE_SWING:
        return swung_grain(p, g);
    case CHR_SCORE_CHUNK:
        return common_grain(common_grain(g, two->grain), part_of(b->round, 1, p->a));
    case CHR_SCORE_WITHIN:
        return common_grain(common_grain(g, two->grain), common_grain(p->t, p->u));
    case CHR_SCORE_UNTIL:
        return common_grain(common_grain(g, two->grain), p->t);
    case CHR_SCORE_STRUCT:
        return common_grain(two->grain, b->round);
    case CHR_SCORE_SQUEEZE: {
        rational turns = rational_div(g, b->round);
        return common_grain(two->grain, rational_mul(turns, two->grain));
    }
    case CHR_SCORE_FILL_GAPS:
        return common_grain(p->t, b->round);
    case CHR_SCORE_PLY:
        return part_of(g, 1, p->a);
    case CHR_SCORE_ARP: {
        int64_t parts = arp_parts(p, one->sizes);
        return parts > 0 ? part_of(g, 1, parts) : (rational){0, 0};
    }
    default:
        return two != NULL ? common_grain(g, two->grain) : g;
    }
}

/* Through how many rounds a note can last, its own with them. */
static int64_t held_rounds(const score_facts *row) {
    return !row->leads ? 1 : row->fills ? CHR_SCORE_HOLD_ROUNDS + 1 : 2;
}

static rational longest_of(const score_build *b, const score_part *p, const score_facts *one,
                           const score_facts *two) {
    rational longest = one != NULL ? one->longest : zero;
    switch ((chr_score_kind)p->kind) {
    case CHR_SCORE_STEPS:
        return one->notes == 0 ? zero
               : one->holds    ? part_of(b->round, held_rounds(one), 1)
                               : longest;
    case CHR_SCORE_FAST:
        return part_of(longest, p->b, p->a);
    case CHR_SCORE_SWING:
        return rational_add(longest, p->t);
    case CHR_SCORE_STRUCT:
        return two->longest;
    case CHR_SCORE_SQUEEZE:
        return rational_mul(rational_div(longest, b->round), two->longest);
    case CHR_SCORE_FILL_GAPS:
        return p->t;
    default:
        return two != NULL ? later_of(longest, two->longest) : longest;
    }
}

static void gather_sizes(const score_part *p, score_facts *f, const score_facts *one,
                         const score_facts *two) {
    f->sizes = one != NULL ? one->sizes : 0;
    f->sounding = one != NULL ? one->sounding : 0;
    switch ((chr_score_kind)p->kind) {
    case CHR_SCORE_EVERY:
    case CHR_SCORE_SOMEROUNDS:
    case CHR_SCORE_WITHIN:
    case CHR_SCORE_UNTIL:
    case CHR_SCORE_CHUNK:
        f->sounding = bounded_sum(one->sounding, two->sounding);
        f->sizes |= two->sizes;
        break;
    case CHR_SCORE_ITER:
    case CHR_SCORE_PARTS:
    case CHR_SCORE_LINGER: /* a note may reach into the next part */
        f->sounding = bounded_product(one->sounding, 2);
        break;
    case CHR_SCORE_REV: /* what ended together begins together */
    case CHR_SCORE_SIFT:
    case CHR_SCORE_DEGRADE:
        f->sizes = sizes_up_to(one->sounding);
        break;
    case CHR_SCORE_STRUCT:
    case CHR_SCORE_SQUEEZE:
        f->sounding = bounded_product(one->sounding, two->sounding);
        f->sizes = sizes_up_to(f->sounding);
        break;
    case CHR_SCORE_FILL_GAPS:
        f->sounding = 1;
        f->sizes = 2;
        break;
    default:
        break;
    }
}

static void gather_rounds(const score_build *b, const score_part *p, score_facts *f,
                          const score_facts *all) {
    const score_facts *one = p->n > 0 ? &all[b->branches[p->first].part] : NULL,
                      *two = p->n > 1 ? &all[b->branches[p->first + 1].part] : NULL;
    if (p->kind == CHR_SCORE_STACK) {
        f->grain = f->longest = zero;
        for (uint32_t i = 0; i < p->n; i++) {
            const score_facts *w = &all[b->branches[p->first + i].part];
            f->grain = common_grain(f->grain, w->grain);
            f->longest = later_of(f->longest, w->longest);
            f->sizes = sizes_together(f->sizes, w->sizes);
            f->sounding = bounded_sum(f->sounding, w->sounding);
        }
    } else {
        f->grain = grain_of(b, p, one, two);
        f->longest = longest_of(b, p, one, two);
        gather_sizes(p, f, one, two);
    }
    for (uint32_t i = 0; i < p->n; i++) {
        int depth = all[b->branches[p->first + i].part].depth;
        f->depth = depth > f->depth ? depth : f->depth;
    }
    f->depth++;
}

score_facts *gather_facts(const score_build *b) {
    score_facts *all = TAKE_N(b->c, score_facts, b->n_parts + 1);
    for (uint32_t i = 0; i < b->n_parts; i++) {
        const score_part *p = &b->parts[i];
        score_facts *f = &all[i];
        *f = (score_facts){.grain = zero, .longest = zero};
        if (p->kind < CHR_SCORE_STEPS)
            gather_steps(b, p, f, all);
        else
            gather_rounds(b, p, f, all);
    }
    return all;
}
