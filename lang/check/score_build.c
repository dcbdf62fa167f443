/* lang/check/score_build.c: writing a score: nodes are added from the leaves up, then all times
 * become ticks. SPDX-License-Identifier: MIT */
#include "lang/check/score_build.h"

/* Which times a node has; the others are 0. A time that could not be held is told once. */
static void settle_times(score_build *b, score_part *p) {
    static const rational zero = {0, 1};
    bool in_round = p->kind <= CHR_SCORE_STEPS,
         has_t = p->kind == CHR_SCORE_LATER || p->kind == CHR_SCORE_SWING ||
                 p->kind == CHR_SCORE_FILL_GAPS || p->kind == CHR_SCORE_WITHIN ||
                 p->kind == CHR_SCORE_UNTIL || p->kind == CHR_SCORE_GROOVE,
         has_u = p->kind == CHR_SCORE_WITHIN;
    if ((in_round && !rational_ok(p->length)) || (has_t && !rational_ok(p->t)) ||
        (has_u && !rational_ok(p->u)))
        b->too_fine = true;
    p->length = in_round && rational_ok(p->length) ? p->length : zero;
    p->t = has_t && rational_ok(p->t) ? p->t : zero;
    p->u = has_u && rational_ok(p->u) ? p->u : zero;
}

uint32_t add_part(score_build *b, score_part part, const score_branch *below, uint32_t n) {
    checker *c = b->c;
    settle_times(b, &part);
    if (c->n_events + (uint64_t)n + 1 > MAX_EVENTS) {
        REPORT(c, E508, b->span, MAX_EVENTS);
        give_up(c);
    }
    c->n_events += n + 1;
    part.first = b->n_branches;
    part.n = n;
    for (uint32_t i = 0; i < n; i++) {
        b->branches = grown(c, b->branches, b->n_branches, &b->branches_room, sizeof *b->branches);
        b->too_fine = b->too_fine || !rational_ok(below[i].at);
        b->branches[b->n_branches++] = below[i];
    }
    if (part.kind != CHR_SCORE_NOTES && part.kind != CHR_SCORE_LOCK &&
        part.kind != CHR_SCORE_GROOVE)
        part.lock = CHR_SCORE_NO_LOCK;
    b->parts = grown(c, b->parts, b->n_parts, &b->parts_room, sizeof *b->parts);
    b->parts[b->n_parts] = part;
    return b->n_parts++;
}

uint32_t add_over(score_build *b, score_part part, uint32_t below) {
    score_branch one = {
        {0, 1},
        below
    };
    return add_part(b, part, &one, 1);
}

uint32_t add_over_two(score_build *b, score_part part, uint32_t first, uint32_t second) {
    score_branch two[2] = {
        {{0, 1}, first },
        {{0, 1}, second}
    };
    return add_part(b, part, two, 2);
}

uint32_t add_place(score_build *b, chr_span span) {
    b->places = grown(b->c, b->places, b->n_places, &b->places_room, sizeof *b->places);
    b->places[b->n_places] = span;
    return b->n_places++;
}

uint32_t add_tone(score_build *b, float tone) {
    b->tones = grown(b->c, b->tones, b->n_tones, &b->tones_room, sizeof *b->tones);
    b->tones[b->n_tones] = tone;
    return b->n_tones++;
}

/* ---- finishing ---- */

static int64_t in_ticks(rational beats, int64_t ticks) {
    return beats.over * (ticks / beats.under);
}

static chr_score_node node_of(const score_part *p, int64_t ticks) {
    chr_score_node n = {.kind = p->kind,
                        .flags = p->flags,
                        .first = p->first,
                        .n = p->n,
                        .lock = p->lock,
                        .place = p->place,
                        .length = in_ticks(p->length, ticks),
                        .a = p->a,
                        .b = p->b,
                        .x = p->x,
                        .y = p->y};
    switch ((chr_score_kind)p->kind) {
    case CHR_SCORE_LATER:
    case CHR_SCORE_SWING:
    case CHR_SCORE_UNTIL:
    case CHR_SCORE_FILL_GAPS:
        n.a = in_ticks(p->t, ticks);
        break;
    case CHR_SCORE_WITHIN:
        n.a = in_ticks(p->t, ticks);
        n.b = in_ticks(p->u, ticks);
        break;
    case CHR_SCORE_GROOVE:
        n.b = in_ticks(p->t, ticks);
        break;
    default:
        break;
    }
    return n;
}

/* The new numbers of those nodes that the root can ask, one more each; 0: it is left out. */
static uint32_t *number_asked(const score_build *b, uint32_t root, uint32_t *n) {
    uint32_t *numbers = TAKE_N(b->c, uint32_t, root + 1);
    numbers[root] = 1;
    for (uint32_t i = root + 1; i-- > 0;) {
        const score_part *p = &b->parts[i];
        for (uint32_t k = 0; k < p->n && numbers[i] != 0; k++)
            numbers[b->branches[p->first + k].part] = 1;
        if (numbers[i] != 0 && p->kind == CHR_SCORE_FILL_GAPS)
            numbers[p->b] = 1;
    }
    *n = 0;
    for (uint32_t i = 0; i <= root; i++)
        if (numbers[i] != 0)
            numbers[i] = ++*n;
    return numbers;
}

bool finish_score(score_build *b, uint32_t root, chr_score *out) {
    checker *c = b->c;
    int64_t ticks;
    if (!measure_score(b, root, &ticks))
        return false;
    uint32_t n_nodes, n_links = 0;
    const uint32_t *numbers = number_asked(b, root, &n_nodes);
    chr_score_node *nodes = TAKE_N(c, chr_score_node, n_nodes);
    chr_score_link *links = TAKE_N(c, chr_score_link, b->n_branches);
    for (uint32_t i = 0; i <= root; i++) {
        const score_part *p = &b->parts[i];
        if (numbers[i] == 0)
            continue;
        chr_score_node *n = &nodes[numbers[i] - 1];
        *n = node_of(p, ticks);
        n->first = n_links;
        if (p->kind == CHR_SCORE_FILL_GAPS)
            n->b = numbers[p->b] - 1;
        for (uint32_t k = 0; k < p->n; k++) {
            const score_branch *way = &b->branches[p->first + k];
            links[n_links++] = (chr_score_link){in_ticks(way->at, ticks), numbers[way->part] - 1};
        }
    }
    *out = (chr_score){.nodes = nodes,
                       .links = links,
                       .tones = b->tones,
                       .locks = b->locks,
                       .values = b->values,
                       .grooves = b->grooves,
                       .scales = b->scales,
                       .places = b->places,
                       .n_nodes = n_nodes,
                       .n_links = n_links,
                       .n_tones = b->n_tones,
                       .n_locks = b->n_locks,
                       .n_values = b->n_values,
                       .n_grooves = b->n_grooves,
                       .n_scales = b->n_scales,
                       .n_places = b->n_places,
                       .root = n_nodes - 1,
                       .seed = b->seed,
                       .round = in_ticks(b->round, ticks),
                       .beat = ticks};
    chr_score_finish(out, nodes);
    return true;
}
