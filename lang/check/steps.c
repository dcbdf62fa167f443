/* lang/check/steps.c: steps laid out in exact time: brackets, repeats, Euclid, holds.
 * SPDX-License-Identifier: MIT */
#include "lang/check/pattern.h"

static void count_step(layout *l, chr_span span, uint32_t more) {
    checker *c = l->c;
    if (c->n_events + (uint64_t)more > MAX_EVENTS) {
        REPORT(c, E508, span, MAX_EVENTS);
        give_up(c);
    }
    c->n_events += more;
}

/* ---- modifiers ---- */

typedef struct mods {
    int ratchet, repeat;
    rational weight;
    bool accent, slide;
    int hits, over, turn; /* Euclid; over 0: none */
} mods;

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

static mods read_mods(layout *l, const chr_ast *step) {
    checker *c = l->c;
    mods m = {
        .ratchet = 1, .repeat = 1, .weight = {1, 1}
    };
    for (const chr_ast *e = step->child; e != NULL; e = e->next) {
        if (e->kind != CHR_AST_MOD)
            continue;
        switch (e->text[0]) {
        case '*':
            m.ratchet = whole(l, e, e->number);
            break;
        case '!':
            m.repeat = whole(l, e, e->number);
            break;
        case '@':
            m.weight = rational_near(e->number);
            if (!rational_ok(m.weight) || m.weight.over <= 0) {
                REPORT(c, E437, e->span, text_of(c, e->span));
                l->failed = true;
                m.weight = (rational){1, 1};
            }
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
            not_yet(c, e->span, "chance in a pattern (`?`)");
            l->failed = true;
            break;
        default:
            not_yet(c, e->span, "a parameter lock (`{ }`)");
            l->failed = true;
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

/* ---- steps ---- */

static void add_event(layout *l, chr_span span, rational at, rational end, float note,
                      float level) {
    checker *c = l->c;
    count_step(l, span, 1);
    l->slots = grown(c, l->slots, l->n, &l->room, sizeof *l->slots);
    l->slots[l->n++] = (slot){at, end, note, level, false};
}

void hold(layout *l, rational at, rational end) {
    if (l->n_last == 0) {
        if (!l->sounded && rational_compare(l->first_hold, at) == 0)
            l->first_hold = end;
        return;
    }
    if (rational_compare(l->last_end, at) != 0)
        return; /* a rest lies between: nothing sounds that could be held */
    for (uint32_t i = 0; i < l->n_last; i++)
        l->slots[l->last + i].end = end;
    l->last_end = end;
}

static void sound(layout *l, const chr_ast *step, const mods *m, const word *w, rational at,
                  rational end) {
    if (l->slide && l->n_last > 0 && rational_compare(l->last_end, at) == 0)
        for (uint32_t i = 0; i < l->n_last; i++)
            l->slots[l->last + i].slide = true;
    uint32_t first = l->n;
    float level = (float)(m->accent ? 1.0 : w->level);
    if (w->kind == WORD_HIT)
        add_event(l, step->span, at, end, -1, level);
    for (int i = 0; i < w->n; i++)
        add_event(l, step->span, at, end, (float)w->tones[i], level);
    l->last = first;
    l->n_last = l->n - first;
    l->last_end = end;
    l->slide = m->slide;
    l->sounded = true;
}

static bool read_step(layout *l, const chr_ast *step, word *w) {
    checker *c = l->c;
    if (l->grid) {
        *w = read_grid(step);
        return true;
    }
    if (!read_melody_word(c, step, &l->key, l->octave, w))
        return false;
    if (w->could_be_note) {
        l->doubtful = grown(c, l->doubtful, l->n_doubtful, &l->doubtful_room, sizeof *l->doubtful);
        l->doubtful[l->n_doubtful++] = step;
    } else if (w->kind == WORD_TONES) {
        l->n_chords += w->chord;
        l->n_notes += !w->chord;
    }
    return true;
}

/* One item once, in its own time. */
static void lay_item(layout *l, const chr_ast *item, const mods *m, const word *w, rational at,
                     rational length) {
    rational part = rational_div(length, (rational){m->ratchet, 1});
    if (!rational_ok(part))
        l->failed = true;
    for (int i = 0; i < m->ratchet && !l->failed; i++) {
        rational from = rational_add(at, rational_mul(part, (rational){i, 1})),
                 to = rational_add(from, part);
        if (!rational_ok(from) || !rational_ok(to)) {
            l->failed = true;
            break;
        }
        count_step(l, item->span, 1);
        if (item->kind == CHR_AST_STEP) {
            if (w->kind == WORD_HOLD)
                hold(l, from, to);
            else if (w->kind != WORD_REST)
                sound(l, item, m, w, from, to);
            else
                l->slide = false;
            continue;
        }
        uint32_t first = l->n;
        for (const chr_ast *s = item->child; s != NULL; s = s->next)
            if (s->kind == CHR_AST_STEPS) {
                lay_steps(l, s, from, part, nothing);
                if (s->next != NULL && s->next->kind == CHR_AST_STEPS)
                    l->slide = false;
            }
        if (m->accent)
            for (uint32_t k = first; k < l->n; k++)
                l->slots[k].level = 1;
        if (l->n > first) { /* what follows may hold everything that reaches the end */
            l->last_end = to;
            l->last = l->n;
            while (l->last > first && rational_compare(l->slots[l->last - 1].end, to) == 0)
                l->last--;
            l->n_last = l->n - l->last;
            l->slide = m->slide || l->slide;
        }
    }
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
        mods m = e->child != NULL ? read_mods(l, e)
                                  : (mods){
                                        .ratchet = 1, .repeat = 1, .weight = {1, 1}
        };
        total = rational_add(total, weight_of(&m));
        if (!rational_ok(total)) {
            l->failed = true;
            return (rational){1, 1};
        }
    }
    return total;
}

static void lay_repeats(layout *l, const chr_ast *item, rational *at, rational unit) {
    checker *c = l->c;
    mods m = item->child != NULL ? read_mods(l, item)
                                 : (mods){
                                       .ratchet = 1, .repeat = 1, .weight = {1, 1}
    };
    if (item->kind == CHR_AST_TURNS || item->kind == CHR_AST_CHOICE) {
        not_yet(c, item->span,
                item->kind == CHR_AST_TURNS ? "taking turns (`< >`)" : "a choice (`( | )`)");
        l->failed = true;
        return;
    }
    word w = {.kind = WORD_REST};
    if (item->kind == CHR_AST_STEP && !read_step(l, item, &w)) {
        l->failed = true;
        return;
    }
    rational length = rational_mul(unit, m.weight);
    int over = m.over > 0 ? m.over : 1;
    bool one = true, *hits = &one;
    if (m.over > 0) {
        count_step(l, item->span, (uint32_t)m.over);
        hits = TAKE_N(c, bool, m.over);
        euclid(c, m.hits, m.over, m.turn, hits);
    }
    for (int i = 0; i < m.repeat && !l->failed; i++)
        for (int k = 0; k < over && !l->failed; k++) {
            if (hits[k])
                lay_item(l, item, &m, &w, *at, length);
            else
                count_step(l, item->span, 1);
            *at = rational_add(*at, length);
            if (!rational_ok(*at))
                l->failed = true;
        }
}

void lay_steps(layout *l, const chr_ast *steps, rational at, rational length, rational unit) {
    checker *c = l->c;
    if (++c->depth > MAX_DEPTH) {
        REPORT(c, E510, steps->span, MAX_DEPTH);
        l->failed = true;
    }
    if (unit.over == 0) {
        rational total = total_weight(l, steps);
        unit = total.over > 0 ? rational_div(length, total) : length;
    }
    if (!rational_ok(unit) && !l->failed) {
        REPORT(c, E509, steps->span, RATIONAL_MOST);
        l->failed = true;
    }
    for (const chr_ast *e = steps->child; e != NULL; e = e->next)
        if (is_item(e)) {
            bool before = l->failed; /* mistakes in later steps are found as well */
            l->failed = false;
            lay_repeats(l, e, &at, unit);
            l->failed = l->failed || before;
        }
    c->depth--;
}
