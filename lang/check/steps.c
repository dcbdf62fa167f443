/* lang/check/steps.c: the steps of a pattern as nodes of a score, in exact time: brackets, turns,
 * choices, chances, repeats, Euclid, holds, locks. SPDX-License-Identifier: MIT */
#include "lang/check/pattern.h"

/* What a bracket passes on to the steps in it. */
typedef struct manner {
    bool accent, slide;
    uint32_t lock;
    double level; /* that a lock sets, or -1 */
    double pan;   /* that a lock sets, or 0 */
} manner;

/* ---- modifiers ---- */

typedef struct mods {
    int ratchet, repeat;
    rational weight;
    double chance;
    bool accent, slide;
    int hits, over, turn; /* Euclid; over 0: none */
    const chr_ast *weigher, *lock;
} mods;

static const mods plain = {
    .ratchet = 1, .repeat = 1, .weight = {1, 1},
            .chance = 1
};

static int whole(layout *l, const chr_ast *mod, double x) {
    checker *c = l->c;
    if (x > MAX_EVENTS) {
        REPORT(c, E508, mod->span, MAX_EVENTS);
        l->failed = true;
        return 1;
    }
    if (!(x >= 1 && x == (double)(int)x)) {
        REPORT(c, E437, mod->span, text_of(c, mod->span));
        l->failed = true;
        return 1;
    }
    return (int)x;
}

static void read_euclid(layout *l, const chr_ast *mod, mods *m) {
    checker *c = l->c;
    double numbers[3] = {0, 0, 0};
    int n = 0;
    for (const chr_ast *e = mod->child; e != NULL && n < 3; e = e->next)
        numbers[n++] = e->number;
    if (numbers[1] > MAX_EVENTS) {
        REPORT(c, E508, mod->span, MAX_EVENTS);
        l->failed = true;
        return;
    }
    if (!(numbers[1] >= 1 && numbers[0] >= 0 && numbers[0] <= numbers[1])) {
        REPORT(c, E438, mod->span, text_of(c, mod->span));
        l->failed = true;
        return;
    }
    m->over = (int)numbers[1];
    m->hits = (int)numbers[0];
    double turn = numbers[2] - m->over * (double)(int64_t)(numbers[2] / m->over);
    m->turn = (int)turn;
}

static void read_weight(layout *l, const chr_ast *mod, mods *m) {
    checker *c = l->c;
    m->weigher = mod;
    m->weight = rational_near(mod->number);
    if (!rational_ok(m->weight) || m->weight.over <= 0) {
        REPORT(c, E437, mod->span, text_of(c, mod->span));
        l->failed = true;
        m->weight = (rational){1, 1};
    }
}

static void read_chance(layout *l, const chr_ast *mod, mods *m) {
    checker *c = l->c;
    double percent = mod->number < 0 ? 50 : mod->number;
    if (percent > 100) {
        REPORT(c, E497, mod->span, percent);
        l->failed = true;
        return;
    }
    m->chance *= percent / 100;
}

/* What an accent, a slide and a lock do, is done to notes. */
static bool is_for_notes(layout *l, const chr_ast *mod) {
    checker *c = l->c;
    char sign[2] = {mod->text[0], 0};
    if (l->knob == NULL || strchr("^~{", sign[0]) == NULL)
        return false;
    if (REPORT(c, E447, mod->span, sign[0] == '{' ? "{ }" : sign) && sign[0] == '~')
        chr_suggest(c->diags, "glide=50ms before the colon lets the knob travel to each value");
    l->failed = true;
    return true;
}

static mods read_mods(layout *l, const chr_ast *step) {
    mods m = plain;
    for (const chr_ast *e = step->child; e != NULL; e = e->next) {
        if (e->kind != CHR_AST_MOD || is_for_notes(l, e))
            continue;
        switch (e->text[0]) {
        case '*':
            m.ratchet = whole(l, e, e->number);
            break;
        case '!':
            m.repeat = whole(l, e, e->number);
            break;
        case '@':
            read_weight(l, e, &m);
            break;
        case '^':
            m.accent = true;
            break;
        case '~':
            m.slide = true;
            break;
        case '(':
            read_euclid(l, e, &m);
            break;
        case '?':
            read_chance(l, e, &m);
            break;
        default:
            m.lock = e;
            break;
        }
    }
    return m;
}

/* How many steps' time an item takes. */
static rational weight_of(const mods *m) {
    int64_t times = (int64_t)m->repeat * (m->over > 0 ? m->over : 1);
    return rational_mul(m->weight, (rational){times, 1});
}

/* The steps over which one is spread. */
static const bool *spread_hits(layout *l, const mods *m, int *over) {
    static const bool one = true;
    *over = m->over > 0 ? m->over : 1;
    if (m->over == 0)
        return &one;
    checker *c = l->c;
    if (c->n_events + (uint32_t)m->over > MAX_EVENTS) {
        REPORT(c, E508, l->b->span, MAX_EVENTS);
        give_up(c);
    }
    c->n_events += (uint32_t)m->over;
    bool *hits = TAKE_N(c, bool, m->over);
    euclid(c, m->hits, m->over, m->turn, hits);
    return hits;
}

/* ---- branches while they are collected ---- */

typedef struct branches {
    score_branch *all;
    uint32_t n, room;
} branches;

static void branch(layout *l, branches *b, rational at, uint32_t part) {
    b->all = grown(l->c, b->all, b->n, &b->room, sizeof *b->all);
    b->all[b->n++] = (score_branch){at, part};
}

static uint32_t rest(layout *l, rational length) {
    return add_part(l->b, (score_part){.kind = CHR_SCORE_REST, .length = length}, NULL, 0);
}

/* ---- steps ---- */

static uint32_t lay_manner(layout *l, const chr_ast *steps, rational length, rational unit,
                           manner how);

static bool read_step(layout *l, const chr_ast *step, word *w) {
    checker *c = l->c;
    if (l->grid) {
        *w = read_grid(step);
        return true;
    }
    if (l->knob != NULL)
        return read_value_word(l, step, w);
    if (!read_melody_word(c, step, &l->key, l->octave, w))
        return false;
    l->uses_key = l->uses_key || w->in_key;
    if (w->could_be_note) {
        l->doubtful = grown(c, l->doubtful, l->n_doubtful, &l->doubtful_room, sizeof *l->doubtful);
        l->doubtful[l->n_doubtful++] = step;
    } else if (w->kind == WORD_TONES) {
        l->n_chords += w->chord;
        l->n_notes += !w->chord;
    }
    return true;
}

static int by_height(const void *a, const void *b) {
    const int *x = a, *y = b;
    return *x - *y;
}

static uint32_t lay_word(layout *l, const chr_ast *step, rational length, manner how) {
    word w;
    if (!read_step(l, step, &w)) {
        l->failed = true;
        return NO_PART;
    }
    if (w.kind == WORD_REST)
        return NO_PART;
    if (w.kind == WORD_HOLD)
        return add_part(l->b, (score_part){.kind = CHR_SCORE_HOLD, .length = length}, NULL, 0);
    score_part p = {.kind = CHR_SCORE_NOTES,
                    .flags = how.slide ? CHR_SCORE_SLIDE : 0,
                    .length = length,
                    .b = 1,
                    .x = how.level >= 0 ? how.level
                         : how.accent   ? 1.0
                                        : w.level,
                    .y = how.pan,
                    .lock = how.lock,
                    .place = add_place(l->b, step->span)};
    if (w.kind == WORD_HIT) {
        p.flags |= CHR_SCORE_PITCHLESS;
    } else if (w.kind == WORD_VALUE) {
        p.a = (int64_t)add_tone(l->b, (float)w.value);
    } else {
        qsort(w.tones, (size_t)w.n, sizeof w.tones[0], by_height);
        p.a = (int64_t)l->b->n_tones;
        p.b = w.n;
        for (int i = 0; i < w.n; i++)
            add_tone(l->b, (float)w.tones[i]);
        if (!l->sounded)
            l->first_note = w.tones[0];
    }
    l->sounded = true;
    return add_part(l->b, p, NULL, 0);
}

/* `[a, b]` and `(a | b)`: steps beside one another, each as long as the whole. */
static uint32_t lay_beside(layout *l, const chr_ast *item, chr_score_kind kind, rational length,
                           manner how) {
    branches ways = {0};
    uint32_t n = 0;
    checker *c = l->c;
    for (const chr_ast *s = item->child; s != NULL; s = s->next) {
        if (s->kind != CHR_AST_STEPS)
            continue;
        n++;
        if (l->knob != NULL && n == 2 && kind == CHR_SCORE_TOGETHER) {
            REPORT(c, E448, s->span, text_of(c, s->span));
            l->failed = true;
        }
        uint32_t part = lay_manner(l, s, length, nothing, how);
        if (part == NO_PART && kind == CHR_SCORE_CHOICE)
            part = rest(l, length);
        if (part != NO_PART)
            branch(l, &ways, nothing, part);
    }
    if (ways.n == 0)
        return NO_PART;
    if (ways.n == 1 && (n == 1 || kind == CHR_SCORE_TOGETHER))
        return ways.all[0].part;
    return add_part(l->b, (score_part){.kind = (uint8_t)kind, .length = length}, ways.all, ways.n);
}

static uint32_t lay_item(layout *l, const chr_ast *item, const mods *m, rational length,
                         manner how);

/* `<a b>`: every step is one turn; what is repeated or lasts longer takes several. */
static uint32_t lay_turns(layout *l, const chr_ast *steps, rational length, manner how) {
    checker *c = l->c;
    branches turns = {0};
    uint32_t empty = NO_PART;
    for (const chr_ast *e = steps->child; e != NULL; e = e->next) {
        mods m = e->child != NULL ? read_mods(l, e) : plain;
        if (m.weight.under != 1) {
            REPORT(c, E437, m.weigher->span, text_of(c, m.weigher->span));
            l->failed = true;
            continue;
        }
        int over;
        const bool *hits = spread_hits(l, &m, &over);
        uint32_t part = lay_item(l, e, &m, length, how);
        if (weight_of(&m).over > MAX_EVENTS) {
            REPORT(c, E508, e->span, MAX_EVENTS);
            give_up(c);
        }
        if ((part == NO_PART || m.hits < m.over) && empty == NO_PART)
            empty = rest(l, length);
        for (int i = 0; i < m.repeat; i++)
            for (int k = 0; k < over; k++)
                for (int64_t t = 0; t < m.weight.over; t++)
                    branch(l, &turns, nothing, hits[k] && part != NO_PART ? part : empty);
    }
    if (turns.n == 0)
        return NO_PART;
    if (turns.n == 1)
        return turns.all[0].part;
    return add_part(l->b, (score_part){.kind = CHR_SCORE_TURNS, .length = length}, turns.all,
                    turns.n);
}

/* One item once, in its own time. */
static uint32_t lay_item(layout *l, const chr_ast *item, const mods *m, rational length,
                         manner how) {
    rational each = rational_div(length, (rational){m->ratchet, 1});
    manner own = {how.accent || m->accent, how.slide || m->slide, how.lock, how.level, how.pan};
    if (m->lock != NULL && !read_lock(l, m->lock, how.lock, &own.lock, &own.level, &own.pan))
        l->failed = true;
    uint32_t part = NO_PART;
    if (item->kind == CHR_AST_STEP)
        part = lay_word(l, item, each, own);
    else if (item->kind == CHR_AST_DIVIDED)
        part = lay_beside(l, item, CHR_SCORE_TOGETHER, each, own);
    else if (item->kind == CHR_AST_CHOICE)
        part = lay_beside(l, item, CHR_SCORE_CHOICE, each, own);
    else if (item->child != NULL)
        part = lay_turns(l, item->child, each, own);
    if (part != NO_PART && m->chance < 1)
        part = add_over(
            l->b, (score_part){.kind = CHR_SCORE_CHANCE, .length = each, .x = m->chance}, part);
    if (part != NO_PART && m->ratchet > 1)
        part = add_over(
            l->b, (score_part){.kind = CHR_SCORE_RATCHET, .length = length, .a = m->ratchet}, part);
    return part;
}

static bool is_item(const chr_ast *e) {
    return e->kind == CHR_AST_STEP || e->kind == CHR_AST_DIVIDED || e->kind == CHR_AST_TURNS ||
           e->kind == CHR_AST_CHOICE;
}

rational total_weight(layout *l, const chr_ast *steps) {
    rational total = nothing;
    for (const chr_ast *e = steps->child; e != NULL; e = e->next) {
        if (!is_item(e))
            continue;
        mods m = e->child != NULL ? read_mods(l, e) : plain;
        total = rational_add(total, weight_of(&m));
        if (!rational_ok(total)) {
            l->failed = true;
            return (rational){1, 1};
        }
    }
    return total;
}

/* An item in a row, as often as it is repeated: all times the same node. */
static void lay_repeats(layout *l, const chr_ast *item, branches *row, rational *at, rational unit,
                        manner how) {
    checker *c = l->c;
    mods m = item->child != NULL ? read_mods(l, item) : plain;
    int over;
    const bool *hits = spread_hits(l, &m, &over);
    rational length = rational_mul(unit, m.weight);
    if ((int64_t)m.repeat * over > MAX_EVENTS) {
        REPORT(c, E508, item->span, MAX_EVENTS);
        give_up(c);
    }
    uint32_t part = lay_item(l, item, &m, length, how);
    for (int i = 0; i < m.repeat; i++)
        for (int k = 0; k < over; k++) {
            if (hits[k] && part != NO_PART)
                branch(l, row, *at, part);
            *at = rational_add(*at, length);
            if (!rational_ok(*at)) {
                l->b->too_fine = true;
                return;
            }
        }
}

/* The item that reaches a bracket's end and slides out of it: what is held there goes along. */
static const chr_ast *last_sounding(const chr_ast *steps) {
    const chr_ast *last = NULL;
    for (const chr_ast *e = steps->child; e != NULL; e = e->next) {
        bool held = e->kind == CHR_AST_STEP && strcmp(e->text, "_") == 0;
        if (is_item(e) && !held)
            last = e;
    }
    return last;
}

static uint32_t lay_manner(layout *l, const chr_ast *steps, rational length, rational unit,
                           manner how) {
    checker *c = l->c;
    if (++c->depth > MAX_DEPTH) {
        REPORT(c, E510, steps->span, MAX_DEPTH);
        l->failed = true;
    }
    if (unit.over == 0) {
        rational total = total_weight(l, steps);
        unit = total.over > 0 ? rational_div(length, total) : length;
    }
    if (!rational_ok(unit)) {
        REPORT(c, E509, steps->span, RATIONAL_MOST);
        l->failed = true;
        unit = (rational){1, 1};
    }
    const chr_ast *last = how.slide ? last_sounding(steps) : NULL;
    branches row = {0};
    rational at = nothing;
    for (const chr_ast *e = steps->child; e != NULL; e = e->next) {
        manner own = how;
        own.slide = e == last;
        if (is_item(e) && rational_ok(at))
            lay_repeats(l, e, &row, &at, unit, own);
    }
    c->depth--;
    if (row.n == 0)
        return NO_PART;
    const score_part *only = &l->b->parts[row.all[0].part];
    if (row.n == 1 && rational_compare(only->length, length) == 0)
        return row.all[0].part;
    return add_part(l->b, (score_part){.kind = CHR_SCORE_ROW, .length = length}, row.all, row.n);
}

uint32_t lay_steps(layout *l, const chr_ast *steps, rational length, rational unit) {
    return lay_manner(l, steps, length, unit, (manner){.lock = CHR_SCORE_NO_LOCK, .level = -1});
}

static uint32_t in_rounds(layout *l, uint32_t part) {
    if (part == NO_PART)
        part = rest(l, l->b->round);
    return add_over(l->b, (score_part){.kind = CHR_SCORE_STEPS, .length = l->b->round}, part);
}

uint32_t lay_round(layout *l, const chr_ast *steps, rational unit) {
    return in_rounds(l, lay_steps(l, steps, l->b->round, unit));
}

uint32_t lay_euclid(layout *l, int hits, int over, int turn, chr_span span) {
    checker *c = l->c;
    bool *is_hit = TAKE_N(c, bool, over);
    euclid(c, hits, over, turn, is_hit);
    rational step = rational_div(l->b->round, (rational){over, 1});
    branches row = {0};
    uint32_t hit = add_part(l->b,
                            (score_part){.kind = CHR_SCORE_NOTES,
                                         .flags = CHR_SCORE_PITCHLESS,
                                         .length = step,
                                         .b = 1,
                                         .x = 0.8,
                                         .lock = CHR_SCORE_NO_LOCK,
                                         .place = add_place(l->b, span)},
                            NULL, 0);
    for (int i = 0; i < over; i++)
        if (is_hit[i])
            branch(l, &row, rational_mul(step, (rational){i, 1}), hit);
    uint32_t part =
        add_part(l->b, (score_part){.kind = CHR_SCORE_ROW, .length = l->b->round}, row.all, row.n);
    return in_rounds(l, part);
}
